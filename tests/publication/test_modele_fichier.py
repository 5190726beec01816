"""Modèle à remplir : envoyé, rempli, renvoyé, il se relit sans retouche."""

import datetime as dt
import io
import random

import openpyxl
import pandas as pd
import pytest
import yaml

from observatoire.catalogue.loader import load_catalogue
from observatoire.config import RACINE_DEPOT, Espace
from observatoire.errors import AppelError
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.modeles.livraisons import COLONNE_RAPPEL
from observatoire.modeles.sources import Source
from observatoire.publication.modele_classeur import AIDE, CACHEE, ENTETE_PAR_DEFAUT, write_modele
from observatoire.publication.modele_fichier import CODE, MESURE, build_modele, spell_periode
from observatoire.territoires.referentiel import Referentiel
from tests.publication.espace_exercice import EXERCICE

JOUR = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def espace():
    return Espace(EXERCICE)


@pytest.fixture(scope="module")
def catalogue(espace):
    return load_catalogue(espace.dossiers_catalogue())


@pytest.fixture(scope="module")
def referentiel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


def add_source(catalogue, texte: str):
    from dataclasses import replace

    source = Source(id="essai", **yaml.safe_load(texte))
    return replace(catalogue, sources={**catalogue.sources, "essai": source}), source


def fill(modele, tmp_path, choose) -> object:
    """Remplit les mesures d'un modèle, comme le ferait le service producteur."""
    classeur = openpyxl.load_workbook(io.BytesIO(write_modele(modele)))
    feuille = classeur.worksheets[0]
    lecture = modele.source.lecture
    premiere = lecture.premiere_ligne or (lecture.ligne_entete or ENTETE_PAR_DEFAUT) + 1
    for rang, colonne in enumerate(modele.colonnes, start=1):
        if colonne.role == MESURE:
            for pas in range(len(modele.lignes)):
                feuille.cell(premiere + pas, rang).value = choose(pas)
    chemin = tmp_path / "retour.xlsx"
    classeur.save(chemin)
    return chemin


def test_filled_model_is_read_without_touch(espace, catalogue, referentiel, tmp_path):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", observatoire="Essai", jour=JOUR)
    hasard = random.Random(7)
    valeurs = [hasard.choice(["s", 5, 10, 25, 0]) for _ in range(len(modele.lignes))]
    chemin = fill(modele, tmp_path, lambda pas: valeurs[pas])
    rapport = read_livraison(chemin, modele.source, referentiel, Demande(periode="2025"))
    assert [str(a) for a in rapport.anomalies if a.gravite == "bloquant"] == []
    (lot,) = rapport.lots
    lues = pd.Series(lot.mesures["demandes_asll"].valeur, index=lot.codes).reindex(modele.lignes["Code commune"])
    attendues = [float("nan") if v == "s" else float(v) for v in valeurs]
    pd.testing.assert_series_equal(lues.reset_index(drop=True), pd.Series(attendues), check_names=False)


def test_a_model_all_masked_is_still_read(espace, catalogue, referentiel, tmp_path):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", jour=JOUR)
    rapport = read_livraison(
        fill(modele, tmp_path, lambda _pas: "s"), modele.source, referentiel, Demande(periode="2025")
    )
    assert len(rapport.lots[0].codes) == len(modele.lignes)


def test_codes_are_texts_that_keep_their_zeros(espace, catalogue):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", jour=JOUR)
    feuille = openpyxl.load_workbook(io.BytesIO(write_modele(modele))).worksheets[0]
    premiere = feuille.cell(ENTETE_PAR_DEFAUT + 1, 1)
    assert (premiere.value, premiere.number_format, premiere.protection.locked) == ("01001", "@", True)
    assert feuille.freeze_panes == f"C{ENTETE_PAR_DEFAUT + 1}"
    assert feuille.protection.sheet


def test_only_measures_can_be_typed_and_marks_are_listed(espace, catalogue):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", jour=JOUR)
    feuille = openpyxl.load_workbook(io.BytesIO(write_modele(modele))).worksheets[0]
    libres = [
        feuille.cell(ENTETE_PAR_DEFAUT, c).value
        for c in range(1, feuille.max_column + 1)
        if not feuille.cell(ENTETE_PAR_DEFAUT + 1, c).protection.locked
    ]
    assert libres == ["Demandes reçues", "Accompagnements commencés"]
    listes = feuille.data_validations.dataValidation
    assert [v.formula1 for v in listes] == ['"s"', '"s"']
    assert "secret" in listes[0].prompt
    assert len(feuille.conditional_formatting) == 2


def test_every_column_is_explained(espace, catalogue):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", observatoire="Essai", jour=JOUR)
    classeur = openpyxl.load_workbook(io.BytesIO(write_modele(modele)))
    lignes = {ligne[0]: ligne[1] for ligne in classeur[AIDE].iter_rows(values_only=True)}
    for attendu in (
        "Code commune",
        "Demandes reçues",
        "Secret",
        "Absence",
        "Zéro",
        "Période",
        "À qui écrire",
        "FICTIF",
    ):
        assert lignes.get(attendu), attendu
    assert "Responsable des statistiques" in lignes["À qui écrire"]
    assert "demandes" in lignes["Demandes reçues"]
    assert "22/11/2026" in lignes["Modèle du"]


def test_metadata_are_hidden_and_name_no_one(espace, catalogue):
    modele = build_modele(espace, catalogue, "exercice_asll", periode="2025", jour=JOUR)
    cachee = openpyxl.load_workbook(io.BytesIO(write_modele(modele)))[CACHEE]
    assert cachee.sheet_state == "hidden"
    dites = dict(cachee.iter_rows(values_only=True))
    assert (dites["source"], dites["periode"], dites["maille"]) == ("exercice_asll", "2025", "commune")
    assert "auteur" not in dites


def test_departement_narrows_the_rows(espace, catalogue):
    modele = build_modele(espace, catalogue, "insee_populations_legales", periode="2024", departement="974", jour=JOUR)
    codes = modele.lignes[next(c.nom for c in modele.colonnes if c.role == CODE)]
    assert len(codes) == 24
    assert set(codes.str[:3]) == {"974"}
    assert "Saint-Denis" in set(modele.lignes[COLONNE_RAPPEL])


def test_declared_place_of_the_table_is_kept(catalogue, espace, referentiel, tmp_path):
    # Feuille nommée, en-tête à la ligne 6, colonne d'une autre année : le modèle suit la déclaration.
    avec, source = add_source(
        catalogue,
        """
        {libelle: Essai, producteur: Essai, licence: Essai, rythme: annuel, maille: departement, colonne_code: DEP,
         lecture: {feuille: "Tab1*", ligne_entete: 6},
         millesimes: {"2024": {colonnes: {nb: NB_24}}},
         variables: {nb_essai: {libelle: Nombre, unite: foyers, colonne: nb}}}
        """,
    )
    modele = build_modele(espace, avec, "essai", periode="2024", jour=JOUR)
    assert [c.nom for c in modele.colonnes] == ["DEP", COLONNE_RAPPEL, "NB_24"]
    rapport = read_livraison(fill(modele, tmp_path, lambda pas: pas + 10), source, referentiel, Demande(periode="2024"))
    assert len(rapport.lots[0].codes) == 101


def test_long_tables_have_a_row_per_category(catalogue, espace, referentiel, tmp_path):
    avec, source = add_source(
        catalogue,
        """
        {libelle: Essai, producteur: Essai, licence: Essai, rythme: annuel, maille: departement, colonne_code: DEP,
         periode: {colonne: trimestre, forme: AAAATn, pas: trimestre},
         variables: {femmes_essai: {libelle: Femmes, unite: personnes, colonne: nb, ou: {sexe: [F]}},
                     hommes_essai: {libelle: Hommes, unite: personnes, colonne: nb, ou: {sexe: [H]}}}}
        """,
    )
    modele = build_modele(espace, avec, "essai", periode="2024-T4", jour=JOUR)
    assert len(modele.lignes) == 2 * 101
    assert set(modele.lignes.trimestre) == {"2024T4"}
    rapport = read_livraison(fill(modele, tmp_path, lambda pas: pas), source, referentiel, Demande())
    (lot,) = rapport.lots
    assert (lot.periode, set(lot.mesures)) == ("2024-T4", {"femmes_essai", "hommes_essai"})


def test_split_codes_are_prefilled(catalogue, espace, referentiel, tmp_path):
    avec, source = add_source(
        catalogue,
        """
        {libelle: Essai, producteur: Essai, licence: Essai, rythme: annuel, maille: commune, colonne_code: code,
         departements: ["01"],
         code_parties: [{colonne: dep, largeur: 3, debut: 1}, {colonne: com, largeur: 3}],
         variables: {nb_essai: {libelle: Nombre, unite: foyers, colonne: nb}}}
        """,
    )
    modele = build_modele(espace, avec, "essai", periode="2024", jour=JOUR)
    assert modele.lignes.loc[0, ["dep", "com"]].tolist() == ["001", "001"]
    rapport = read_livraison(fill(modele, tmp_path, lambda pas: pas), source, referentiel, Demande(periode="2024"))
    assert sorted(rapport.lots[0].codes)[:2] == ["01001", "01002"]


@pytest.mark.parametrize(
    ("source", "options", "mot"),
    [
        ("exercice_asl", {}, "exercice_asll"),  # le plus proche est proposé
        ("exercice_asll", {"departement": "999"}, "999"),
        ("insee_carroyage", {"periode": "2010"}, "référentiel"),  # pas de liste de carreaux
    ],
)
def test_an_impossible_model_says_why(espace, catalogue, source, options, mot):
    with pytest.raises(AppelError, match=mot):
        build_modele(espace, catalogue, source, jour=JOUR, **options)


def test_periods_are_spelled_as_the_source_wants():
    assert spell_periode("2024", "AA") == "24"
    assert spell_periode("2024-12", "JJ/MM/AAAA") == "01/12/2024"
    assert spell_periode("2024-T2", "AAAA-MM") == "2024-06"


def test_a_long_list_of_categories_is_not_written_in_the_cell(catalogue, espace):
    # Un tableur refuse d'ouvrir un classeur dont une liste dépasse 255 signes.
    mots = ", ".join(f"'categorie numero {n}': {n}" for n in range(40))
    avec, _source = add_source(
        catalogue,
        f"""
        {{libelle: Essai, producteur: Essai, licence: Essai, rythme: annuel, maille: departement, colonne_code: DEP,
         variables: {{type_essai: {{libelle: Type, unite: type, colonne: type, recoder: {{{mots}}}}}}}}}
        """,
    )
    contenu = write_modele(build_modele(espace, avec, "essai", periode="2024", jour=JOUR))
    (validation,) = openpyxl.load_workbook(io.BytesIO(contenu)).worksheets[0].data_validations.dataValidation
    assert validation.formula1 is None
    assert "categorie numero 0" in validation.prompt


def test_checks_between_columns_are_explained(catalogue, espace):
    avec, _source = add_source(
        catalogue,
        """
        {libelle: Essai, producteur: Essai, licence: Essai, rythme: annuel, maille: departement, colonne_code: DEP,
         variables: {tout_essai: {libelle: Foyers, unite: foyers, colonne: tout, total_de: [seuls_essai],
                                  partitions: [[jeunes_essai]]},
                     jeunes_essai: {libelle: Jeunes, unite: foyers, colonne: jeunes},
                     seuls_essai: {libelle: Personnes seules, unite: foyers, colonne: seuls, au_plus: tout_essai}}}
        """,
    )
    contenu = write_modele(build_modele(espace, avec, "essai", periode="2024", jour=JOUR))
    aide = openpyxl.load_workbook(io.BytesIO(contenu))[AIDE]
    textes = [ligne[1] for ligne in aide.iter_rows(values_only=True) if ligne[0] == "Vérifié"]
    assert textes == [
        "Foyers : somme de Personnes seules.",
        "Foyers : somme de Jeunes.",
        "Personnes seules : au plus Foyers.",
    ]


def test_command_writes_a_workbook_or_says_why_not(tmp_path, monkeypatch, capsys):
    from observatoire.cli import main

    monkeypatch.setenv("OBSERVATOIRE_RACINE", str(EXERCICE))
    monkeypatch.chdir(tmp_path)
    for sortie, code in (("modele.xlsx", 0), ("modele.pdf", 2), ("absent/modele.xlsx", 2)):
        with pytest.raises(SystemExit) as fin:
            main(["livraison", "modele", "exercice_asll", "-p", "2025", "-o", sortie])
        assert fin.value.code == code
    assert "391 lignes, 2 colonnes" in capsys.readouterr().out
    assert (tmp_path / "modele.xlsx").stat().st_size > 0
