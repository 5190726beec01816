"""Le vrai catalogue du dépôt : chaque fiche, chaque mot montré à l'usager."""

from __future__ import annotations

import json
import re

import pytest

from observatoire.catalogue import find_fautes, load_catalogue
from observatoire.catalogue.json_schema import build_json_schema, render_json_schema, schema_path
from observatoire.catalogue.usages import find_inutilises
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.indicateurs import VARIABLES_LECTURE, Nature, TypeMesure

DOSSIER = RACINE_DEPOT / "indicators"
FICHES = sorted(p for p in DOSSIER.glob("*/*.yaml") if not p.parent.name.startswith("_"))
SOURCES = sorted((DOSSIER / "_sources").glob("*.yaml"))
EXIGES = [
    "population_municipale",
    "densite_population",
    "evolution_annuelle_population",
    "part_65_ans_plus",
    "indice_vieillissement",
    "part_logements_vacants",
    "part_menages_bas_revenus",
    "mairies_10000_hab",
    "heures_ouverture_mairie_10000_hab",
]
# Mots qu'on n'écrit pas à l'usager (APPARENCE §6) ; « taux de pauvreté » est réservé au seuil de 60 %.
INTERDITS = re.compile(
    r"\b(assistés?|cas|cibles?|portefeuilles?|placés?|chômeurs?|population à problèmes|poches? de pauvreté|"
    r"zones? sensibles?|déserts?|pires?|meilleure?s?|retards?|mailles?|socle|polarité|aplats?|datasets?|uploads?|"
    r"troisième âge|personnes défavorisées)\b",
    re.IGNORECASE,
)
TAUX_DE_PAUVRETE = re.compile(r"\btaux de pauvreté\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue([DOSSIER])


def test_catalogue_has_no_faute():
    assert [str(faute) for faute in find_fautes([DOSSIER])] == []


def test_catalogue_is_wide_enough(catalogue):
    natures = [i.nature for i in catalogue.indicateurs.values()]
    assert len(natures) >= 36
    assert natures.count(Nature.RESSOURCE) >= 8
    assert set(EXIGES) <= set(catalogue.indicateurs)


@pytest.mark.parametrize("chemin", FICHES, ids=lambda p: p.stem)
def test_each_fiche(catalogue, chemin):
    indicateur = catalogue.indicateurs[chemin.stem]
    assert chemin.parent.name == indicateur.problematiques[0]
    assert indicateur.unite
    for variable in (indicateur.numerateur, indicateur.denominateur, indicateur.poids):
        assert variable is None or catalogue.variable(variable)
    assert catalogue.source_of(indicateur.numerateur).id == indicateur.source
    assert indicateur.lecture.format(**dict.fromkeys(VARIABLES_LECTURE, "x")).endswith(".")
    assert indicateur.definition.endswith(".")
    if indicateur.type_mesure is TypeMesure.RATIO and indicateur.unite == "%":
        assert "{numerateur}" in indicateur.lecture, "une part dit son « n sur N »"
        assert "{denominateur}" in indicateur.lecture, "une part dit son « n sur N »"


@pytest.mark.parametrize("chemin", [*FICHES, *SOURCES], ids=lambda p: p.stem)
def test_each_fiche_names_its_schema(chemin):
    sorte = "source" if chemin in SOURCES else "indicateur"
    premiere = chemin.read_text("utf-8").splitlines()[0]
    assert premiere == f"# yaml-language-server: $schema=../_schema/{sorte}.schema.json"


@pytest.mark.parametrize("nom", ["indicateur", "source"])
def test_schema_is_up_to_date(nom):
    ecrit = schema_path(nom).read_text("utf-8")
    assert ecrit == render_json_schema(nom), "à refaire : python -m observatoire.catalogue.json_schema"
    assert "id" not in json.loads(ecrit)["properties"]


def test_schema_describes_each_key():
    for schema in build_json_schema().values():
        muettes = [
            cle for cle, valeur in schema["properties"].items() if not ("description" in valeur or "$ref" in valeur)
        ]
        assert muettes == []


def test_problematique_with_besoin_shows_ressource(catalogue):
    for problematique in catalogue.problematiques:
        if catalogue.by_problematique(problematique, Nature.BESOIN):
            assert catalogue.by_problematique(problematique, Nature.RESSOURCE), problematique
        assert catalogue.by_problematique(problematique), f"« {problematique} » est vide"


def test_nothing_is_declared_for_nothing(catalogue):
    assert find_inutilises(catalogue) == []


def test_libelles_are_unique(catalogue):
    libelles = [i.libelle for i in catalogue.indicateurs.values()]
    courts = [i.libelle_court for i in catalogue.indicateurs.values()]
    assert len(set(libelles)) == len(libelles)
    assert len(set(courts)) == len(courts)


def textes_montres(catalogue):
    """Textes que lit l'usager, avec le nom de leur fiche."""
    for i in catalogue.indicateurs.values():
        textes = [i.libelle, i.libelle_court, i.definition, i.champ, i.lecture, i.unite, i.frequence]
        yield i.id, [*textes, *(m.libelle for m in i.modalites), *(c.origine for c in i.controles)]
    for s in catalogue.sources.values():
        yield s.id, [s.libelle, s.producteur, s.rythme, *(v.libelle for v in s.variables.values())]
    for p in catalogue.problematiques.values():
        yield p.id, [p.libelle, p.description]
    for p in catalogue.precautions.values():
        yield p.id, [p.libelle, p.texte]
    for r in catalogue.secrets.values():
        yield r.id, [r.libelle, r.reference]
    for t in catalogue.glossaire.values():
        yield t.id, [t.libelle, t.texte, *t.formes]


def test_mots_a_ne_pas_dire_are_absent(catalogue):
    trouves = {
        nom: m.group() for nom, textes in textes_montres(catalogue) for t in textes if (m := INTERDITS.search(t))
    }
    assert trouves == {}


def test_taux_de_pauvrete_is_said_only_of_its_seuil(catalogue):
    """Le mot est réservé au seuil de 60 % du niveau de vie médian, et le texte qui l'emploie le dit."""
    par_nom: dict[str, list[str]] = {}
    for nom, textes in textes_montres(catalogue):
        par_nom.setdefault(nom, []).extend(textes)
    emplois = {nom for nom, textes in par_nom.items() if any(TAUX_DE_PAUVRETE.search(t) for t in textes)}
    assert emplois
    assert [nom for nom in emplois if "60\u00a0%" not in " ".join(par_nom[nom])] == []


def test_signs_are_never_cut_off(catalogue):
    """Devant « % », « € » et dans les guillemets, l'espace est insécable."""
    fautifs = [nom for nom, textes in textes_montres(catalogue) for t in textes if re.search(r" [%€»]|« ", t)]
    assert fautifs == []
    # « {valeur} » vient sans unité : une phrase de part écrit elle-même son « % ».
    for i in catalogue.indicateurs.values():
        if i.unite == "%":
            assert "{valeur}\u00a0%" in i.lecture, i.id


def test_livraisons_are_in_the_depot(catalogue):
    """Chaque fichier déclaré existe, avec les colonnes déclarées."""
    parquet = pytest.importorskip("pyarrow.parquet")
    calculees = {"heures_hebdomadaires", "ouvre_samedi", "ouvre_soir", "ouvre_samedi_ou_soir"}
    for source in catalogue.sources.values():
        voulues = {v.colonne for v in source.variables.values() if v.colonne} - calculees
        voulues |= {source.colonne_code, source.colonne_periode_mesuree, source.exclure_si_rempli} - {None}
        if source.ressource is not None:
            champs = source.ressource.model_dump()
            voulues |= {v for k, v in champs.items() if k.startswith("colonne_") and v}
            voulues |= set(source.ressource.complements)
        for livraison in source.livraisons:
            bases = [RACINE_DEPOT / "data" / "demarrage", RACINE_DEPOT / "data"]
            chemin = next((b / livraison.fichier for b in bases if (b / livraison.fichier).is_file()), None)
            assert chemin is not None, livraison.fichier
            colonnes = set(parquet.read_schema(chemin).names)
            assert voulues <= colonnes, (source.id, livraison.periode, voulues - colonnes)
