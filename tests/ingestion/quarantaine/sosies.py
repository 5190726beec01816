"""Sosies : au moins quarante fichiers légitimes qui ressemblent à des personnes, et doivent tous passer."""

from __future__ import annotations

from tests.ingestion.quarantaine.fabrique import PRENOMS, Hasard, build_table

PRENOMS_DE_COMMUNES = [
    "Charles", "Marcel", "Eugénie", "Florent", "Germaine", "Maxime", "Martin", "Denis", "Clément", "Sylvain", "Félix",
    "Vincent", "Laurent", "Hilaire", "Benoît", "Blanche", "Colette", "Rémy", "Victor", "Julien",
]  # fmt: skip
QUARTIERS = [f"{p} {n}" for p in PRENOMS[:20] for n in ("Moulin", "Jaurès", "Zay")]


def build_sosies(graine: int) -> dict[str, tuple]:  # noqa: PLR0915 -- une table par paragraphe
    """Table et source (facultative) de chaque fichier légitime, par nom."""
    sosies = {}

    def add(nom, colonnes):
        sosies[nom] = build_table(colonnes)

    def h(lignes=60):
        return Hasard(graine * 1000 + 500 + len(sosies), lignes)

    def communal(x, **autres):
        return {"codgeo": x.communes_distinctes(), **autres, "nb_beneficiaires": x.entiers(5, 900)}

    x = h()
    add(
        "sirets",
        {
            "SIRET": x.sirets(),
            "raison_sociale": [f"Association {i}" for i in range(60)],
            "adresse": x.adresses(),
            "code_commune": x.communes(),
        },
    )
    x = h()
    add(
        "uai_menteur",
        {
            "code1": x.uais(),
            "nom": [f"École primaire {i}" for i in range(60)],
            "commune": x.communes(),
            "ips": x.entiers(70, 140),
        },
    )
    x = h()
    add(
        "iris",
        {
            "code_iris": [f"33063{i:04d}" for i in range(101, 161)],
            "libiris": QUARTIERS,
            "nb_menages": x.entiers(300, 2000),
        },
    )
    x = h()
    add("iris_ouest", {"c1": [f"67482{i:04d}" for i in range(101, 161)], "population": x.entiers(1500, 3000)})
    x = h()
    add(
        "indicateurs_06",
        {"codgeo": x.communes_distinctes(), "indicateur_06": x.chiffres(8, "06"), "valeur": x.entiers(10, 900)},
    )
    x = h()
    add(
        "codes_d_indicateurs_06",
        {"code_indicateur": [f"0612{i:06d}" for i in range(60)], "codgeo": x.communes(), "valeur": x.entiers(10, 900)},
    )
    x = h()
    add(
        "code_numerote_06",
        {"code1": [f"061200{i:04d}" for i in range(60)], "codgeo": x.communes(), "nombre": x.entiers(10, 900)},
    )
    x = h()
    add("montants", communal(x, montant_total=x.entiers(100000, 9999999), indmtt_rsa=x.entiers(10000, 99999)))
    x = h()
    add("grands_montants", communal(x, montant_verse=x.chiffres(9, "6")))
    x = h()
    add(
        "qpv_modalites",
        {
            "code_qp": [f"QP0330{i // 4:02d}" for i in range(60)],
            "sexe": x.parcourt(["H", "F"]),
            "tranche_age": x.parcourt(["0-24", "0-24", "25+", "25+"]),
            "effectif": x.entiers(5, 300),
        },
    )
    x = h(20)
    add(
        "communes_prenoms",
        {"code_commune": x.communes_distinctes(), "commune": PRENOMS_DE_COMMUNES, "population": x.entiers(100, 9000)},
    )
    x = h(20)
    add("communes_nom", {"CODE": x.communes_distinctes(), "Nom": PRENOMS_DE_COMMUNES, "Effectif": x.entiers(100, 9000)})
    x = h(20)
    add(
        "communes_saints",
        {
            "insee": x.communes_distinctes(),
            "libelle": [f"Saint-{p}-sur-Dordogne" for p in PRENOMS_DE_COMMUNES],
            "total": x.entiers(100, 9000),
        },
    )
    x = h()
    add(
        "quartiers_nommes",
        {
            "codgeo": [f"QP033{i:03d}" for i in range(60)],
            "libgeo": QUARTIERS,
            "taux_pauvrete": [f"{v},4" for v in x.entiers(20, 60)],
        },
    )
    x = h()
    add("quartiers_sans_code", {"quartier": QUARTIERS, "population": x.entiers(900, 5000)})
    x = h()
    add(
        "naissances_domiciliees",
        {"codgeo": x.communes_distinctes(), "naissances": x.entiers(2, 900), "annee": ["2021"] * 60},
    )
    x = h()
    add(
        "date_naissances_par_annee",
        {
            "date_naissances": [str(1990 + i % 30) for i in range(60)],
            "departement": x.parcourt(["33", "40"]),
            "nombre": x.entiers(4000, 9000),
        },
    )
    x = h()
    add(
        "naissances_par_jour",
        {
            "date_naissance": [f"2021-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(60)],
            "nombre": x.entiers(1500, 2300),
        },
    )
    x = h()
    add(
        "annee_de_naissance_agregee",
        {
            "annee_naissance": [str(1950 + i) for i in range(60)],
            "departement": ["33"] * 60,
            "effectif": x.entiers(4000, 19000),
        },
    )
    x = h()
    add(
        "prenoms_donnes",
        {"preusuel": x.prenoms(), "annais": x.entiers(1950, 2020), "dpt": ["33"] * 60, "nombre": x.entiers(3, 300)},
    )
    x = h()
    add("france_services", {
        "id_fs": [str(i) for i in range(60)], "lib_fs": [f"France services de Lieu {i}" for i in range(60)],
        "adresse": x.adresses(), "insee_com": x.communes(), "telephone": x.telephones("05 {} {} {} {}"),
        "mail": [f"franceservices{i}@mairie.exemple.fr" for i in range(60)], "h_lundi": x.choose(["09:00 - 12:00"]),
        "longitude": x.column(lambda: f"{-0.6 + x.r.random() / 10:.6f}"),
        "latitude": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f}"),
    })  # fmt: skip
    x = h()
    add(
        "bibliotheques",
        {
            "Libelle1": [f"Bibliothèque municipale {i}" for i in range(60)],
            "voie": x.adresses(),
            "INSEE": x.communes(),
            "coordonnees": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f}, {-0.6 + x.r.random() / 10:.6f}"),
            "amplitude_horaire": x.entiers(5, 40),
        },
    )
    x = h()
    add(
        "maternites",
        {
            "ANNEE": x.parcourt(["2019", "2020"]),
            "NOM_MAT": [f"CH de Ville {i // 2}" for i in range(60)],
            "FI_ET": [f"3300{i // 2:05d}" for i in range(60)],
            "COM": x.communes(),
            "ADRESSE": x.adresses(),
            "ACCTOT": x.entiers(200, 3000),
        },
    )
    x = h()
    add(
        "ecoles_aux_noms_de_personnes",
        {
            "UAI": x.uais(),
            "Nom de l'établissement": QUARTIERS,
            "Code INSEE de la commune": x.communes(),
            "IPS": x.entiers(70, 140),
        },
    )
    x = h()
    add(
        "epci",
        {
            "siren_epci": [f"2433{i:05d}" for i in range(60)],
            "nom_epci": [f"CC du Pays {i}" for i in range(60)],
            "population": x.entiers(5000, 90000),
        },
    )
    x = h()
    add(
        "codes_postaux",
        {
            "Code_commune_INSEE": x.communes_distinctes(),
            "Code_postal": x.chiffres(3, "33"),
            "coordonnees_gps": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f},{-0.6 + x.r.random() / 10:.6f}"),
        },
    )
    x = h()
    add(
        "centres_de_communes",
        {
            "insee": x.communes_distinctes(),
            "lon": x.column(lambda: f"{-0.6 + x.r.random() / 10:.6f}"),
            "lat": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f}"),
            "population": x.entiers(100, 9000),
        },
    )
    x = h()
    add(
        "carreaux",
        {
            "idcar_200m": [f"CRS3035RES200mN{2000000 + 200 * i}E{3500000 + 200 * i}" for i in range(60)],
            "x": [str(3500000 + 200 * i) for i in range(60)],
            "y": [str(2000000 + 200 * i) for i in range(60)],
            "ind": x.entiers(11, 400),
        },
    )
    x = h()
    add(
        "allocataires_comptes",
        {
            "codgeo": x.communes_distinctes(),
            "allocataires": x.entiers(5, 90000),
            "nb_dossiers": x.entiers(1, 90000),
            "nombre de demandeurs": x.entiers(1, 9000),
        },
    )
    x = h()
    add(
        "dossiers_deposes",
        {
            "commune": x.communes_distinctes(),
            "dossiers MDPH déposés": x.entiers(5, 900),
            "part_dossiers": x.entiers(1, 99),
        },
    )
    return sosies
