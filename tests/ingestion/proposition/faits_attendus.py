"""Faits attendus des fichiers réels, écrits à la main d'après leurs octets et leurs notices.

Par fichier : encodage, dernière ligne d'en-tête (0 : portée par le format), colonne de territoire,
niveau, millésime admissible, marques parmi les nombres, sens des cellules vides (« » : sans objet).

Le millésime admissible est la géographie que dit la notice ; quand le COG de 2020, absent du
référentiel, est le vrai, ses deux voisins le sont. Un extrait d'un département dont aucune commune
n'a changé admet toutes les années. « avant » : géographie antérieure à 2019. « sans » : sans effet.
"""

from __future__ import annotations

from typing import NamedTuple

TOUS = ("2019", "2021", "2022", "2023", "2024", "2025", "2026")
DE_2020 = ("2019", "2021")


class Attendu(NamedTuple):
    fichier: str
    encodage: str
    entete: int
    colonne: str
    niveau: str
    millesime: tuple[str, ...] | str
    marques: tuple[str, ...] = ()
    vide: str = ""


U8, BOM, L1 = "utf-8", "utf-8-sig", "latin"
ATTENDUS = (
    # Stock de 2024 ; deux codes fusionnés en 2025.
    Attendu("anct/france_services_liste.csv", U8, 1, "insee_com", "commune", ("2019", "2021", "2022", "2023", "2024")),
    Attendu("anct/qpv_occitanie.geojson", U8, 0, "code_qp", "qpv", "sans"),
    Attendu("ans/finess_structures_exemple_tronque.json", U8, 0, "adresse.cogCommune", "commune", TOUS),
    Attendu("atlasante/apl_medecins_generalistes_2023_bassins_de_vie.csv", BOM, 3, "Code", "bassin_de_vie", "sans",
            ("N/A - résultat non disponible",)),
    # Allocataires de fin 2016, IRIS de la géographie 2017 ; puis de fin 2020, géographie 2021.
    Attendu("cnaf/data_CAF_2016_IRIS.csv", BOM, 1, "CODGEO", "iris", "avant", (), "secret"),
    Attendu("cnaf/data_CAF_2020_IRIS.csv", U8, 1, "CODGEO", "iris", ("2021", "2022"), (), "secret"),
    Attendu("cnaf/data_DEMO_2020_V1_COM.csv", U8, 1, "CODGEO", "commune", DE_2020, (), "secret"),
    Attendu("cnaf/data_DEMO_2020_V1_EPCI15.csv", U8, 1, "CODGEO", "epci", "avant", (), "secret"),
    Attendu("cnaf/data_DEMO_2020_V1_EPCI19.csv", U8, 1, "CODGEO", "epci", ("2019",), (), "secret"),
    Attendu("cnaf/s_ben_com_f_gironde_et_non_localises.csv", BOM, 1, "numcomdo", "commune",
            ("2021", "2022", "2023", "2024")),
    # Vide : secret selon le producteur ; rien dans le fichier ne le dit.
    Attendu("cnam/prescriptions_33_2A_974_999.csv", BOM, 1, "departement", "departement", "sans", (), "secret"),
    # Fichier de 2020 où beaucoup de communes portent encore leur code d'avant fusion.
    Attendu("culture/adresses-des-bibliotheques-publiques.csv", U8, 1, "INSEE", "commune", "avant"),
    Attendu("dgcl/epci_composition_2014.csv", U8, 1, "insee", "commune", "avant"),
    Attendu("dgcl/perimetre-epci-a-fp_2025.csv", L1, 1, "insee", "commune", ("2025", "2026")),
    Attendu("dgfip/ircom_01_13_2A.csv", U8, 1, "Dép.+Commune", "commune", TOUS, ("n.c.",)),
    Attendu("drees/APL_inf_2021.xlsx", "", 1, "Code commune", "commune", ("2021", "2022")),
    Attendu("drees/APL_mg_2021.xlsx", "", 1, "Code commune", "commune", ("2021", "2022")),
    # « NC » : tableaux B10 et suivants ; « n » : une faute de frappe du tableau 3, à signaler.
    Attendu("drees/OARSA_2015-2018.xlsx", "", 5, "Département/territoire", "departement", "sans", ("ND", "NR", "NC")),
    Attendu("drees/annuaire_maternites.csv", BOM, 1, "COM", "commune", ("2022", "2023")),
    Attendu("drees/beneficiaires_aide_sociale_departementale_2020.xlsx", "", 6, "Code département", "departement",
            "sans", ("NR",)),
    Attendu("drees/beneficiaires_aide_sociale_series_longues_1996-2020.xlsx", "", 6, "Code département",
            "departement", "sans", ("-",)),
    Attendu("drees/minima_sociaux_donnees_departementales.xlsx", "", 3, "N° Dep", "departement", "sans",
            ("nd", "ns", "-", "n")),
    Attendu("drees/personnel_action_sociale_departementale_2014-2018.xlsx", "", 4, "Numéro de département",
            "departement", "sans", ("ND",)),
    Attendu("drees/personnel_action_sociale_departementale_2014-2020.xlsx", "", 4, "Numéro de département",
            "departement", "sans", ("ND",)),
    Attendu("education/fr-en-ips_colleges_2022.csv", U8, 1, "Code INSEE de la commune", "commune", ("2021", "2022")),
    Attendu("education/fr-en-ips_ecoles_2022.csv", U8, 1, "Code INSEE de la commune", "commune", ("2021", "2022")),
    Attendu("france_travail/Base_open_data_BMO_2024.xlsx", "", 1, "BE24", "bassin_emploi", "sans", ("*",)),
    Attendu("france_travail/dares_defm_communales_gironde.csv", BOM, 1, "Code commune", "commune", TOUS),
    Attendu("france_travail/data_DEFM2019_com.csv", U8, 1, "CODGEO", "commune", DE_2020, (), "secret"),
    Attendu("ign/adminexpress_2018_973/COMMUNE_CARTO.shp", L1, 0, "INSEE_COM", "commune", TOUS),
    Attendu("ign/adminexpress_2018_974/COMMUNE_CARTO.shp", L1, 0, "INSEE_COM", "commune", TOUS),
    Attendu("ign/adminexpress_2018_976/COMMUNE_CARTO.shp", L1, 0, "INSEE_COM", "commune", TOUS),
    Attendu("ign/iris_75/iris_75.shp", L1, 0, "CODE_IRIS", "iris", "sans"),
    Attendu("ign/martinique_mtq.gpkg", "", 0, "INSEE_COM", "commune", TOUS),
    Attendu("insee/bpe/equip-serv-particuliers-com-12.zip", "", 6, "CODGEO", "commune", "avant"),
    Attendu("insee/cog/EPCI_codes_abimes_par_Excel.csv", U8, 1, "COM", "commune", ("2021",)),
    # La lecture choisit la composition communale ; la feuille des EPCI serait juste aussi.
    Attendu("insee/cog/Intercommunalite_Metropole_au_01-01-2020.xlsx", "", 6, "CODGEO", "commune", DE_2020),
    Attendu("insee/cog/canton2019.csv", U8, 1, "can", "canton_ville", "sans"),
    Attendu("insee/cog/commune2019.csv", U8, 1, "com", "commune", ("2019",)),
    Attendu("insee/cog/commune_2021.csv", U8, 1, "COM", "commune", ("2021",)),
    Attendu("insee/cog/departement2021.csv", U8, 1, "DEP", "departement", "sans"),
    Attendu("insee/cog/iris_2021.csv", BOM, 1, "CODE_IRIS", "iris", ("2021",)),
    Attendu("insee/cog/laposte_hexasmal.csv", U8, 1, "Code_commune_INSEE", "commune", DE_2020),
    Attendu("insee/cog/mvtcommune2019.csv", U8, 1, "com_av", "commune", "avant"),
    Attendu("insee/cog/reference_IRIS_geo2023.xlsx", "", 6, "CODE_IRIS", "iris", ("2023",)),
    Attendu("insee/cog/region2021.csv", U8, 1, "REG", "region", "sans"),
    Attendu("insee/cog/table-appartenance-geo-communes-22.xlsx", "", 6, "CODGEO", "commune", ("2022",)),
    Attendu("insee/cog/v_commune_2024.csv", U8, 1, "COM", "commune", ("2024",)),
    # Filosofi : géographie de l'année qui suit les revenus (2017, 2020).
    Attendu("insee/filosofi/BASE_TD_FILO_DISP_IRIS_2016.csv", BOM, 1, "IRIS", "iris", "avant", (), "secret"),
    Attendu("insee/filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", BOM, 1, "IRIS", "iris", DE_2020, (), "secret"),
    Attendu("insee/filosofi/FILO2014_DISP_EPCI.csv", BOM, 1, "CODGEO", "epci", "avant", (), "secret"),
    Attendu("insee/filosofi/FILO2016_DISP_COM.csv", BOM, 1, "CODGEO", "commune", "avant", (), "secret"),
    Attendu("insee/filosofi/FILO2019_DISP_COM.csv", BOM, 1, "CODGEO", "commune", DE_2020, (), "secret"),
    Attendu("insee/filosofi/FILO2019_DISP_DEP.csv", BOM, 1, "CODGEO", "departement", "sans"),
    Attendu("insee/filosofi/FILO2019_DISP_EPCI.csv", BOM, 1, "CODGEO", "epci", DE_2020),
    Attendu("insee/filosofi/FILO2019_DISP_REG.csv", BOM, 1, "CODGEO", "region", "sans"),
    Attendu("insee/filosofi/data_filo18_qp_revdis.csv", U8, 1, "CODGEO", "qpv", "sans", (), "secret"),
    Attendu("insee/melodi/DD_CNA_AGREGATS_metadata.csv", U8, 1, "", "", "sans"),
    Attendu("insee/melodi/DS_BPE_2025_extrait.zip", U8, 1, "GEO", "commune", TOUS),
    Attendu("insee/melodi/DS_RP_FAMILLE_COMP_2023_extrait.zip", U8, 1, "GEO", "commune", TOUS),
    Attendu("insee/melodi/DS_RP_LOGEMENT_PRINC_2023_extrait.zip", U8, 1, "GEO", "commune", TOUS),
    Attendu("insee/melodi/DS_RP_POPULATION_COMP_2023_extrait.zip", U8, 1, "GEO", "commune", TOUS),
    Attendu("insee/melodi/api_DS_FILOSOFI_CC_COM-33318.json", U8, 0, "GEO", "commune", TOUS, (), "secret"),
    Attendu("insee/melodi/api_DS_POPULATIONS_REFERENCE_COM-44109.json", U8, 0, "GEO", "commune", TOUS),
    Attendu("insee/melodi/api_DS_POPULATIONS_REFERENCE_DEP-69.json", U8, 0, "GEO", "departement", "sans"),
    Attendu("insee/melodi/api_DS_POPULATIONS_REFERENCE_EPCI-244400404_communes.json", U8, 0, "GEO", "commune", TOUS),
    Attendu("insee/melodi/api_range_DS_EC_DECES.json", U8, 0, "", "", "sans"),
    Attendu("insee/qpv/IPRO_2019.csv", BOM, 1, "CODGEO", "qpv", "sans", (), "secret"),
    Attendu("insee/qpv/REVN_2019.csv", BOM, 1, "CODGEO", "qpv", "sans", (), "secret"),
    Attendu("insee/qpv/data_DEMO_2020_V1_QP.csv", U8, 1, "CODGEO", "qpv", "sans", (), "secret"),
    Attendu("insee/rp/base-cc-coupl-fam-men-2017-COM.CSV", U8, 1, "CODGEO", "commune_com", "sans"),
    Attendu("insee/rp/base-cc-emploi-pop-active-2016-COM.CSV", U8, 1, "CODGEO", "commune_com", "sans"),
    Attendu("insee/rp/base-ic-couples-familles-menages-2016-com.xls", "", 6, "IRIS", "iris", "sans"),
    Attendu("insee/rp/base-ic-evol-struct-pop-2016-com.xls", "", 6, "IRIS", "iris", "sans"),
    Attendu("insee/rp/base-ic-logement-2016-com.xls", "", 6, "IRIS", "iris", "sans"),
    Attendu("insee/rp/estim-pop-dep-sexe-gca-1975-2020.xls", "", 5, "Départements", "departement", "sans"),
    Attendu("insee/rp/neet_dpt_2018.csv", BOM, 1, "codgeo", "departement", "sans"),
    Attendu("insee/rp/neet_epci_2018.csv", BOM, 1, "codgeo", "epci", DE_2020),
    Attendu("insee/statistiques_locales/delinquance_communes.xlsx", "", 4, "Code", "commune", ("2023",),
            ("N/A - résultat non disponible",)),
    Attendu("insee/statistiques_locales/mixite_generationnelle_departements.xlsx", "", 4, "Code", "departement",
            "sans", ("N/A - résultat non disponible",)),
    Attendu("insee/statistiques_locales/suroccupation_logement_communes.xlsx", "", 4, "Code", "commune", ("2023",),
            ("N/A - résultat non disponible", "N/A - division par 0")),
    Attendu("insee/statistiques_locales/suroccupation_logement_departements.xlsx", "", 4, "Code", "departement",
            "sans", ("N/A - résultat non disponible",)),
    Attendu("insee/statistiques_locales/taux_pauvrete_2021_bassins_de_vie.csv", BOM, 3, "Code", "bassin_de_vie",
            "sans", ("N/A - résultat non disponible", "N/A - secret statistique")),
    Attendu("msa/COTNS_CHEF_extrait_Ain.csv", L1, 1, "Commune 2020", "commune", DE_2020,
            ("N/A - secret statistique",)),
    Attendu("sdes/parc_logements_sociaux_communes_2024.csv", BOM, 1, "DEPCOM_ARM", "commune", ("2024",), (), "secret"),
    Attendu("ssmsi/base_departementale_2025_extrait.csv", U8, 1, "Code_departement", "departement", "sans"),
    Attendu("ssmsi/donnee-dep-2023.csv", BOM, 1, "Code.département", "departement", "sans", ("NA",)),
)  # fmt: skip

SANS_TABLE = ("insee/melodi/api_vide_totalCount.json",)
"""Réponse sans observation : rien à proposer, et c'est dit."""

ANNEXES = {".dbf", ".shx", ".prj", ".cpg", ".md"}
"""Fichiers qui accompagnent une couche, ou qui décrivent les autres."""
