"""Tous les fichiers réels : aucune exception, et ce qu'on sait de chacun est reconnu."""

# ruff: noqa: E501 -- une table de faits, un fichier par ligne

import re

import pytest

from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_fichier
from observatoire.modeles.anomalies import Gravite

pytestmark = pytest.mark.reel

# Fichier, format, encodage, séparateur, table choisie, lignes d'en-tête, lignes et colonnes de données, première colonne.
# fmt: off
FAITS = [
    ("anct/france_services_liste.csv", "csv", "utf-8", ",", "", (1,), 2707, 24, "id_fs"),
    ("anct/qpv_occitanie.geojson", "geojson", "utf-8", "", "", (), 105, 6, "code_qp"),
    ("ans/finess_structures_exemple_tronque.json", "json", "utf-8", "", "pmej", (), 2, 92, "informationsGeneralesPMEJ.pmSmsseId"),
    ("atlasante/apl_medecins_generalistes_2023_bassins_de_vie.csv", "csv", "utf-8-sig", ";", "", (3,), 2931, 3, "Code"),
    ("cnaf/data_CAF_2016_IRIS.csv", "csv", "utf-8-sig", ";", "", (1,), 13148, 30, "CODGEO"),
    ("cnaf/data_CAF_2020_IRIS.csv", "csv", "utf-8", ";", "", (1,), 13444, 23, "CODGEO"),
    ("cnaf/data_DEMO_2020_V1_COM.csv", "csv", "utf-8", ";", "", (1,), 791, 29, "CODGEO"),
    ("cnaf/data_DEMO_2020_V1_EPCI15.csv", "csv", "utf-8", ";", "", (1,), 396, 29, "CODGEO"),
    ("cnaf/data_DEMO_2020_V1_EPCI19.csv", "csv", "utf-8", ";", "", (1,), 361, 29, "CODGEO"),
    ("cnaf/s_ben_com_f_gironde_et_non_localises.csv", "csv", "utf-8-sig", ";", "", (1,), 2679, 7, "dtreffre"),
    ("cnam/prescriptions_33_2A_974_999.csv", "csv", "utf-8-sig", ";", "", (1,), 1116, 7, "annee"),
    ("culture/adresses-des-bibliotheques-publiques.csv", "csv", "utf-8", ";", "", (1,), 15779, 20, "Libelle1"),
    ("dgcl/epci_composition_2014.csv", "csv", "utf-8", ";", "", (1,), 36614, 12, "siren"),
    ("dgcl/perimetre-epci-a-fp_2025.csv", "csv", "cp1252", ";", "", (1,), 34871, 14, "dept"),
    ("dgfip/ircom_01_13_2A.csv", "csv", "utf-8", ";", "", (1,), 1767, 7, "Dép."),
    ("drees/APL_inf_2021.xlsx", "xlsx", "", "", "Sheet1", (1,), 34997, 5, "Code commune"),
    ("drees/APL_mg_2021.xlsx", "xlsx", "", "", "Sheet1", (1,), 34997, 7, "Code commune"),
    ("drees/OARSA_2015-2018.xlsx", "xlsx", "", "", "Tableau B1", (5,), 104, 5, "Département/territoire"),
    ("drees/annuaire_maternites.csv", "csv", "utf-8-sig", ";", "", (1,), 5444, 13, "ANNEE"),
    ("drees/beneficiaires_aide_sociale_departementale_2020.xlsx", "xlsx", "", "", "Tab1-pa", (6,), 104, 8, "Code région"),
    ("drees/beneficiaires_aide_sociale_series_longues_1996-2020.xlsx", "xlsx", "", "", "Tab1-pa", (6,), 106, 24, "Code région"),
    ("drees/minima_sociaux_donnees_departementales.xlsx", "xlsx", "", "", "Tableau 1", (3,), 104, 28, "N° Dep"),
    ("drees/personnel_action_sociale_departementale_2014-2018.xlsx", "xlsx", "", "", "eff - pers medical", (4,), 104, 7, "Numéro de département"),
    ("drees/personnel_action_sociale_departementale_2014-2020.xlsx", "xlsx", "", "", "eff - pers medical", (4,), 107, 9, "Numéro de département"),
    ("education/fr-en-ips_colleges_2022.csv", "csv", "utf-8", ";", "", (1,), 6967, 10, "Rentrée scolaire"),
    ("education/fr-en-ips_ecoles_2022.csv", "csv", "utf-8", ";", "", (1,), 32091, 10, "Rentrée scolaire"),
    ("france_travail/Base_open_data_BMO_2024.xlsx", "xlsx", "", "", "BMO_2024_open_data", (1,), 53443, 14, "annee"),
    ("france_travail/dares_defm_communales_gironde.csv", "csv", "utf-8-sig", ";", "", (1,), 3258, 12, "Date"),
    ("france_travail/data_DEFM2019_com.csv", "csv", "utf-8", ";", "", (1,), 1181, 54, "CODGEO"),
    ("ign/adminexpress_2018_973/COMMUNE_CARTO.shp", "shp", "latin-1", "", "", (), 22, 11, "ID"),
    ("ign/adminexpress_2018_974/COMMUNE_CARTO.shp", "shp", "latin-1", "", "", (), 24, 11, "ID"),
    ("ign/adminexpress_2018_976/COMMUNE_CARTO.shp", "shp", "latin-1", "", "", (), 17, 11, "ID"),
    ("ign/iris_75/iris_75.shp", "shp", "latin-1", "", "", (), 992, 2, "CODE_IRIS"),
    ("ign/martinique_mtq.gpkg", "gpkg", "", "", "points", (), 34, 8, "fid"),
    ("insee/bpe/equip-serv-particuliers-com-12.zip", "zip", "", "", "equip-serv-particuliers-com.xls › COM", (6,), 36700, 44, "CODGEO"),
    ("insee/cog/EPCI_codes_abimes_par_Excel.csv", "csv", "utf-8", ";", "", (1,), 34965, 6, "COM"),
    ("insee/cog/Intercommunalite_Metropole_au_01-01-2020.xlsx", "xlsx", "", "", "Composition_communale", (6,), 34968, 6, "CODGEO"),
    ("insee/cog/canton2019.csv", "csv", "utf-8", ",", "", (1,), 2352, 10, "can"),
    ("insee/cog/commune2019.csv", "csv", "utf-8", ",", "", (1,), 37932, 11, "typecom"),
    ("insee/cog/commune_2021.csv", "csv", "utf-8", ",", "", (1,), 37742, 12, "TYPECOM"),
    ("insee/cog/departement2021.csv", "csv", "utf-8", ",", "", (1,), 101, 7, "DEP"),
    ("insee/cog/iris_2021.csv", "csv", "utf-8-sig", ";", "", (1,), 49406, 9, "CODE_IRIS"),
    ("insee/cog/laposte_hexasmal.csv", "csv", "utf-8", ";", "", (1,), 39192, 6, "Code_commune_INSEE"),
    ("insee/cog/mvtcommune2019.csv", "csv", "utf-8", ",", "", (1,), 13157, 14, "mod"),
    ("insee/cog/reference_IRIS_geo2023.xlsx", "xlsx", "", "", "Emboitements_IRIS", (6,), 49404, 9, "CODE_IRIS"),
    ("insee/cog/region2021.csv", "csv", "utf-8", ",", "", (1,), 18, 6, "REG"),
    ("insee/cog/table-appartenance-geo-communes-22.xlsx", "xlsx", "", "", "COM", (6,), 34955, 17, "CODGEO"),
    ("insee/cog/v_commune_2024.csv", "csv", "utf-8", ",", "", (1,), 37544, 12, "TYPECOM"),
    ("insee/filosofi/BASE_TD_FILO_DISP_IRIS_2016.csv", "csv", "utf-8-sig", ";", "", (1,), 12285, 32, "IRIS"),
    ("insee/filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "csv", "utf-8-sig", ";", "", (1,), 12481, 32, "IRIS"),
    ("insee/filosofi/FILO2014_DISP_EPCI.csv", "csv", "utf-8-sig", ";", "", (1,), 2123, 29, "CODGEO"),
    ("insee/filosofi/FILO2016_DISP_COM.csv", "csv", "utf-8-sig", ";", "", (1,), 31789, 31, "CODGEO"),
    ("insee/filosofi/FILO2019_DISP_COM.csv", "csv", "utf-8-sig", ";", "", (1,), 31361, 31, "CODGEO"),
    ("insee/filosofi/FILO2019_DISP_DEP.csv", "csv", "utf-8-sig", ";", "", (1,), 98, 31, "CODGEO"),
    ("insee/filosofi/FILO2019_DISP_EPCI.csv", "csv", "utf-8-sig", ";", "", (1,), 1240, 31, "CODGEO"),
    ("insee/filosofi/FILO2019_DISP_REG.csv", "csv", "utf-8-sig", ";", "", (1,), 15, 31, "CODGEO"),
    ("insee/filosofi/data_filo18_qp_revdis.csv", "csv", "utf-8", ";", "", (1,), 1353, 27, "CODGEO"),
    ("insee/melodi/DD_CNA_AGREGATS_metadata.csv", "csv", "utf-8", ";", "", (1,), 473, 4, "COD_VAR"),
    ("insee/melodi/DS_BPE_2025_extrait.zip", "zip", "utf-8", ";", "DS_BPE_2025_data.csv", (1,), 105, 11, "GEO"),
    ("insee/melodi/DS_RP_FAMILLE_COMP_2023_extrait.zip", "zip", "utf-8", ";", "DS_RP_FAMILLE_COMP_2023_data.csv", (1,), 207, 8, "GEO"),
    ("insee/melodi/DS_RP_LOGEMENT_PRINC_2023_extrait.zip", "zip", "utf-8", ";", "DS_RP_LOGEMENT_PRINC_2023_data.csv", (1,), 360, 16, "GEO"),
    ("insee/melodi/DS_RP_POPULATION_COMP_2023_extrait.zip", "zip", "utf-8", ";", "DS_RP_POPULATION_COMP_2023_data.csv", (1,), 405, 10, "GEO"),
    ("insee/melodi/api_DS_FILOSOFI_CC_COM-33318.json", "json", "utf-8", "", "", (), 2, 8, "GEO"),
    ("insee/melodi/api_DS_POPULATIONS_REFERENCE_COM-44109.json", "json", "utf-8", "", "", (), 3, 5, "GEO"),
    ("insee/melodi/api_DS_POPULATIONS_REFERENCE_DEP-69.json", "json", "utf-8", "", "", (), 3, 5, "GEO"),
    ("insee/melodi/api_DS_POPULATIONS_REFERENCE_EPCI-244400404_communes.json", "json", "utf-8", "", "", (), 72, 5, "GEO"),
    ("insee/melodi/api_range_DS_EC_DECES.json", "json", "utf-8", "", "range.values", (), 872, 8, "code"),
    ("insee/melodi/api_vide_totalCount.json", "json", "utf-8", "", "", None, 0, 0, ""),
    ("insee/qpv/IPRO_2019.csv", "csv", "utf-8-sig", ";", "", (1,), 1346, 49, "CODGEO"),
    ("insee/qpv/REVN_2019.csv", "csv", "utf-8-sig", ";", "", (1,), 1353, 31, "CODGEO"),
    ("insee/qpv/data_DEMO_2020_V1_QP.csv", "csv", "utf-8", ";", "", (1,), 1400, 32, "CODGEO"),
    ("insee/rp/base-cc-coupl-fam-men-2017-COM.CSV", "csv", "utf-8", ";", "", (1,), 4, 81, "CODGEO"),
    ("insee/rp/base-cc-emploi-pop-active-2016-COM.CSV", "csv", "utf-8", ";", "", (1,), 4, 113, "CODGEO"),
    ("insee/rp/base-ic-couples-familles-menages-2016-com.xls", "xls", "", "", "C.O.M", (6,), 16, 68, "IRIS"),
    ("insee/rp/base-ic-evol-struct-pop-2016-com.xls", "xls", "", "", "C.O.M", (6,), 16, 80, "IRIS"),
    ("insee/rp/base-ic-logement-2016-com.xls", "xls", "", "", "C.O.M", (6,), 16, 98, "IRIS"),
    ("insee/rp/estim-pop-dep-sexe-gca-1975-2020.xls", "xls", "", "", "2020", (4, 5), 104, 20, "Départements"),
    ("insee/rp/neet_dpt_2018.csv", "csv", "utf-8-sig", ";", "", (1,), 606, 4, "codgeo"),
    ("insee/rp/neet_epci_2018.csv", "csv", "utf-8-sig", ";", "", (1,), 3762, 4, "codgeo"),
    ("insee/statistiques_locales/delinquance_communes.xlsx", "xlsx", "", "", "Data", (4,), 34945, 6, "Code"),
    ("insee/statistiques_locales/mixite_generationnelle_departements.xlsx", "xlsx", "", "", "Data", (4,), 101, 5, "Code"),
    ("insee/statistiques_locales/suroccupation_logement_communes.xlsx", "xlsx", "", "", "Data", (4,), 34945, 3, "Code"),
    ("insee/statistiques_locales/suroccupation_logement_departements.xlsx", "xlsx", "", "", "Data", (4,), 101, 3, "Code"),
    ("insee/statistiques_locales/taux_pauvrete_2021_bassins_de_vie.csv", "csv", "utf-8-sig", ";", "", (3,), 1707, 3, "Code"),
    ("msa/COTNS_CHEF_extrait_Ain.csv", "csv", "cp1252", ";", "", (1,), 73, 4, "Commune 2020"),
    ("sdes/parc_logements_sociaux_communes_2024.csv", "csv", "utf-8-sig", ",", "", (1,), 16859, 10, "DEPCOM_ARM"),
    ("ssmsi/base_departementale_2025_extrait.csv", "csv", "utf-8", ";", "", (1,), 72, 11, "Code_departement"),
    ("ssmsi/donnee-dep-2023.csv", "csv", "utf-8-sig", ";", "", (1,), 13056, 11, "classe"),
]
# fmt: on
PARTIES = (".shx", ".prj", ".cpg", ".dbf", ".md")


@pytest.mark.parametrize("fait", FAITS, ids=[fait[0] for fait in FAITS])
def test_faits_are_recognised(donnees_reelles, fait):
    fichier, format_lu, encodage, separateur, nom, entete, lignes, colonnes, premiere = fait
    lecture = read_fichier(donnees_reelles / fichier)
    assert not [a for a in lecture.anomalies if a.gravite is Gravite.BLOQUANT]
    assert (lecture.format, lecture.encodage, lecture.separateur) == (format_lu, encodage, separateur)
    table = choose_table(lecture)
    assert table.nom == nom
    forme = find_forme(table)
    assert (forme.lignes_entete if forme else None) == entete
    if forme is not None:
        lue = name_table(table, forme)
        assert (lue.donnees.num_rows, lue.donnees.num_columns) == (lignes, colonnes)
        assert lue.donnees.column_names[0] == premiere
        assert len(lue.lignes) == lignes
    for autre in lecture.tables:
        sienne = find_forme(autre)
        assert sienne is None or name_table(autre, sienne).donnees.num_columns


def test_every_file_is_in_the_table(donnees_reelles):
    presents = {
        str(c.relative_to(donnees_reelles))
        for c in donnees_reelles.rglob("*")
        if c.is_file() and c.suffix not in PARTIES
    }
    assert presents == {fait[0] for fait in FAITS}


def test_sources_agree_with_what_is_read(donnees_reelles):
    """Lignes et colonnes des textes, comptées à part et écrites dans SOURCES.md."""
    texte = (donnees_reelles / "SOURCES.md").read_text("utf-8")
    dits = re.findall(r"### `([^`]+\.csv)`.*?, (\d+) lignes × (\d+) colonnes", texte, re.IGNORECASE | re.DOTALL)
    assert len(dits) >= 50
    for fichier, lignes, colonnes in dits:
        (table,) = read_fichier(donnees_reelles / fichier).tables
        assert (fichier, table.cellules.num_rows - 1, table.cellules.num_columns) == (
            fichier,
            int(lignes),
            int(colonnes),
        )
