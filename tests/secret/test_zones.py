"""Zones exactes : rien ne s'en déduit, un refus n'apprend rien, aucune valeur ne s'échappe."""

import dataclasses
import sqlite3
import threading

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.errors import AppelError, ObservatoireError, PublicationError
from observatoire.mesures.programmation_lineaire import CalculInacheveError
from observatoire.registres import journal
from observatoire.registres.base import NOM
from observatoire.registres.diffusions import Verdict, append_diffusion, list_diffusions
from observatoire.secret import zones
from observatoire.secret.zones import MOTIF_REFUS, find_regle
from observatoire.secret.zones_public import Protegees, build_diffuse
from observatoire.secret.zones_systeme import bound_arrondi, round_somme
from tests.secret.monde_zones import (
    SEUIL,
    MondeZones,
    build_cases,
    build_catalogue,
    build_fiche,
    build_tables,
    code_of,
)

# --- Un petit monde à la main -------------------------------------------------------------------------

VALEURS = np.array([3.0, 4973.0, 6161.0, 2.0, 5, 7333, 8101, 9001])
"""Les communes 1 et 4 sont sous le seuil ; 2 et 5 sont masquées pour les protéger."""
HABITANTS = np.array([400.0, 4000, 9000, 350, 700, 8000, 9000, 9500])
NIVEAUX = {"epci": np.array(["E1"] * 3 + ["E2"] * 5), "departement": np.repeat("01", 8)}
CACHEES = {("commune", code_of(u)) for u in (1, 2, 4, 5)}


@pytest.fixture
def petit(tmp_path):
    return MondeZones(tmp_path, HABITANTS, build_tables(build_cases(VALEURS, NIVEAUX, CACHEES)))


def test_zone_accordee_is_rounded_and_inscribed(petit):
    # Les quatre communes masquées et deux publiées : rien ne s'isole.
    reponse = petit.demander([1, 2, 3, 4, 5, 6])
    assert (reponse.accordee, reponse.valeurs, reponse.pas) == (True, {"foyers_rsa": 18475.0}, 5)
    assert VALEURS[:6].sum() == 18477
    (inscrite,) = list_diffusions(petit.registres)
    assert (inscrite.valeurs, inscrite.publication, inscrite.auteur) == ({"foyers_rsa": 18475.0}, "p1", "obs-01")


@pytest.mark.parametrize("unites", [[1], [2, 3], [1, 3], [4, 6], [3, 4, 5, 6, 7, 8], [1, 2, 3, 5]])
def test_zone_that_isolates_a_masked_commune_is_refused(petit, unites):
    reponse = petit.demander(unites)
    assert (reponse.accordee, reponse.valeurs, reponse.message) == (False, {}, MOTIF_REFUS)


def test_same_zone_gives_the_same_answer_to_anyone(petit):
    premiere, seconde = (petit.demander([1, 2, 3, 4, 5, 6], auteur=a) for a in ("obs-01", "obs-02"))
    assert premiere.valeurs == seconde.valeurs
    assert {d.auteur for d in list_diffusions(petit.registres)} == {"obs-01", "obs-02"}


def test_what_others_obtained_counts(petit):
    assert petit.demander([1, 2, 3, 4, 5, 6], auteur="obs-01").accordee
    assert not petit.demander([1, 2, 3, 4, 5, 6, 7], auteur="obs-02").accordee


@pytest.mark.parametrize("controle", ["is_permise", "keeps_promesses"])
def test_both_refusals_are_alike_and_both_controls_always_run(petit, monkeypatch, controle):
    menes = []
    for nom in ("is_permise", "keeps_promesses"):
        monkeypatch.setattr(zones, nom, lambda *_a, nom=nom: menes.append(nom) or nom != controle)
    reponse = petit.demander([1, 2, 3, 4, 5, 6])
    assert menes == ["is_permise", "keeps_promesses"]
    (inscrite,) = list_diffusions(petit.registres)
    (ligne,) = journal.read(petit.registres)
    attendu = (False, {}, MOTIF_REFUS)
    assert (reponse.accordee, reponse.valeurs, reponse.message) == attendu
    assert (inscrite.verdict is Verdict.ACCORDEE, inscrite.valeurs, inscrite.motif) == attendu
    assert ligne.motif == MOTIF_REFUS


def test_no_exact_value_reaches_the_registers(petit, tmp_path):
    petit.demander([1, 2, 3, 4, 5, 6])
    petit.demander([2, 3])
    with sqlite3.connect(tmp_path / NOM) as base:
        texte = "\n".join(base.iterdump())
    base.close()
    sommes = {int(sum(VALEURS[list(z)])) for z in ([0, 1, 2, 3, 4, 5], [1, 2])}
    assert not [v for v in {4973, 6161, 7333, *sommes} if str(v) in texte]
    assert "18475" in texte


def test_audit_that_cannot_conclude_diffuses_nothing_and_says_nothing(petit, monkeypatch):
    def fail(*_a):
        raise CalculInacheveError("écart 4973")

    monkeypatch.setattr(zones, "keeps_promesses", fail)
    with pytest.raises(PublicationError, match="rien n'a été diffusé") as erreur:
        petit.demander([1, 2, 3, 4, 5, 6])
    assert "4973" not in str(erreur.value)
    assert erreur.value.__cause__ is None
    assert list_diffusions(petit.registres) == []


def test_small_zone_total_is_a_secret_of_its_own(tmp_path):
    # Deux bourgs où presque personne n'est concerné : 1 + 1 foyers, arrondis à 0, diraient « moins de 3 ».
    valeurs, niveaux = np.array([1.0, 1, 40, 50, 60]), {"departement": np.repeat("01", 5)}
    cachees = {("commune", code_of(u)) for u in (1, 2, 3, 4)}
    monde = MondeZones(tmp_path, np.repeat(5000.0, 5), build_tables(build_cases(valeurs, niveaux, cachees)))
    assert not monde.demander([1, 2]).accordee
    assert not monde.demander([1, 2, 3]).accordee
    assert monde.demander([1, 3]).accordee


# --- Publications antérieures, variables liées, règles ------------------------------------------------------


def test_commune_published_once_stays_known(petit):
    assert petit.demander([1, 2, 3, 4, 5, 6]).accordee
    # Avant, la commune 2 était publiée : masquée depuis, elle ne protège plus la commune 1.
    petit.publier("p0", build_tables(build_cases(VALEURS, NIVEAUX, CACHEES - {("commune", code_of(2))})))
    petit.publication = "p1"
    assert not petit.demander([1, 2, 3, 4, 5, 6, 7, 8]).accordee


def test_zone_granted_under_an_earlier_publication_counts(petit):
    assert petit.demander([1, 2, 3, 4, 5, 6]).accordee
    petit.publier("p2", build_tables(build_cases(VALEURS, NIVEAUX, CACHEES)))
    assert not petit.demander([1, 2, 3, 4, 5, 7]).accordee
    assert petit.demander([1, 2, 3, 4, 5, 6]).accordee


def test_corrected_zone_does_not_contradict_the_audit(petit):
    assert petit.demander([1, 2, 3, 4, 5, 6]).accordee
    corrigees = VALEURS + np.array([0, 0, 300, 0, 0, 0, 0, 0])
    petit.publier("p2", build_tables(build_cases(corrigees, NIVEAUX, CACHEES)))
    assert petit.demander([1, 2, 3, 4, 5, 6]).valeurs == {"foyers_rsa": 18775.0}


def test_restored_publication_is_judged_with_the_later_one(petit, monkeypatch):
    # La publication suivante, retirée depuis, avait montré la commune 2.
    petit.publier("p2", build_tables(build_cases(VALEURS, NIVEAUX, CACHEES - {("commune", code_of(2))})))
    petit.publication = "p1"
    monkeypatch.setattr(zones, "is_permise", lambda *_a: True)
    assert not petit.demander([1, 3]).accordee
    assert not petit.demander([1, 2, 3, 6]).accordee


def build_lie(dossier, facteurs, liees=(), fiches=(), **declarations):
    """Plusieurs variables, chacune un multiple de la première."""
    noms = tuple(facteurs)
    catalogue = build_catalogue(noms, (build_fiche(), *(build_fiche(n, n) for n in noms[1:]), *fiches), **declarations)
    cases = [build_cases(VALEURS * k, NIVEAUX, CACHEES, variable=v) for v, k in facteurs.items()]
    return MondeZones(dossier, HABITANTS, build_tables(*cases, liees=liees), catalogue)


def test_zone_of_a_linked_variable_counts(tmp_path):
    au_plus = {"foyers_rsa": {"au_plus": "foyers"}}
    monde = build_lie(tmp_path, {"foyers_rsa": 1, "foyers": 3}, [("foyers", ["foyers_rsa"])], **au_plus)
    assert monde.demander([1, 2, 3, 4, 5, 6]).accordee
    assert not monde.demander([1, 2, 3, 4, 5, 7], indicateur="foyers").accordee
    assert monde.demander([1, 2, 3, 4, 5, 6], indicateur="foyers").accordee


def test_unlinked_variables_do_not_mix(tmp_path):
    monde = build_lie(tmp_path, {"foyers_rsa": 1, "foyers": 3})
    assert monde.demander([1, 2, 3, 4, 5, 6]).accordee
    assert monde.demander([1, 2, 3, 4, 5, 7], indicateur="foyers").accordee


def test_ratio_gives_both_rounded_sums(tmp_path):
    part = build_fiche("part", type_mesure="ratio", unite="%", denominateur="foyers", multiplicateur=100.0)
    monde = build_lie(tmp_path, {"foyers_rsa": 1, "foyers": 3}, fiches=[part])
    reponse = monde.demander([1, 2, 3, 4, 5, 6], indicateur="part")
    assert reponse.valeurs == {"foyers_rsa": 18475.0, "foyers": 55430.0}


def test_the_few_others_of_a_zone_are_a_secret_too(tmp_path):
    # Tous sont concernés, sauf trois : la zone le dirait par son numérateur et son dénominateur.
    part = build_fiche("part", type_mesure="ratio", unite="%", denominateur="foyers", multiplicateur=100.0)
    catalogue = build_catalogue(("foyers_rsa", "foyers"), (part,))
    ensembles = VALEURS + np.array([1.0, 0, 0, 2, 0, 0, 100, 100])
    cases = [build_cases(v, NIVEAUX, CACHEES, variable=n) for n, v in (("foyers_rsa", VALEURS), ("foyers", ensembles))]
    monde = MondeZones(tmp_path, HABITANTS, build_tables(*cases), catalogue)
    assert not monde.demander([1, 2, 3, 4, 5, 6], indicateur="part").accordee
    assert monde.demander([1, 2, 3, 4, 5, 6, 7, 8], indicateur="part").accordee


def test_total_published_betrays_its_part(tmp_path):
    # « foyers » = « foyers_rsa » + « autres » : une fois deux sommes connues, la troisième l'est.
    total_de = {"foyers": {"total_de": ["foyers_rsa", "autres"]}}
    facteurs, liees = {"foyers_rsa": 1, "autres": 2, "foyers": 3}, [("foyers", ["foyers_rsa", "autres"])]
    monde = build_lie(tmp_path, facteurs, liees, **total_de)
    assert monde.demander([1, 2, 3, 4, 5, 6], indicateur="autres").accordee
    assert not monde.demander([1, 2, 3, 4, 5, 7], indicateur="foyers").accordee


def test_strictest_rule_of_a_variable_applies():
    lache, severe = build_fiche("lache"), build_fiche("severe", secret="dure")
    catalogue = build_catalogue(fiches=(lache, severe))
    dure = catalogue.secrets["convention"].model_copy(update={"id": "dure", "seuil": 11, "zone_habitants_min": 5000})
    catalogue = dataclasses.replace(catalogue, secrets=catalogue.secrets | {"dure": dure})
    regle = find_regle(catalogue, lache, {"foyers_rsa"})
    assert (regle.seuil, regle.zone_habitants_min, regle.zone_unites_min) == (11, 5000, 2)
    assert find_regle(catalogue, lache, {"autre"}).seuil == SEUIL


@pytest.mark.parametrize(
    ("fiche", "declaration", "message"),
    [
        ({"type_mesure": "quantile"}, {}, "ne s'agrège pas"),
        ({"agregation": "interdite"}, {}, "ne s'agrège pas"),
        ({"numerateur": "autre"}, {}, "n'emploie aucun effectif exact"),
        ({}, {"contributeurs": "autre"}, "compte un montant"),
    ],
)
def test_what_cannot_be_given_is_said(petit, fiche, declaration, message):
    petit.catalogue = build_catalogue(("foyers_rsa", "autre"), (build_fiche("rsa", **fiche),), foyers_rsa=declaration)
    with pytest.raises(AppelError, match=message):
        petit.demander([1, 2, 3])
    assert list_diffusions(petit.registres) == []


def test_commune_without_value_is_named(petit):
    with pytest.raises(AppelError, match="ne donne pas toutes les communes de cette zone en 2025 : 00099"):
        petit.demander([1, 2, 99])
    with pytest.raises(AppelError, match="La zone est vide"):
        petit.demander([])


# --- Simultanéité --------------------------------------------------------------------------------------------


def test_zone_granted_during_the_judgement_is_judged_again(petit, monkeypatch):
    # Un autre usager obtient {1..6} entre le jugement de {1..5, 7} et son inscription.
    attente = [[1, 2, 3, 4, 5, 6]]

    def append(registres, diffusion, **options):
        if attente:
            assert petit.demander(attente.pop(), auteur="obs-02").accordee
        return append_diffusion(registres, diffusion, **options)

    monkeypatch.setattr(zones, "append_diffusion", append)
    assert not petit.demander([1, 2, 3, 4, 5, 6, 7]).accordee
    assert [d.auteur for d in list_diffusions(petit.registres, verdict=Verdict.ACCORDEE)] == ["obs-02"]


def test_two_users_at_once_cannot_both_obtain_what_subtracts(petit):
    obtenues, fautes = [], []

    def demander(unites, auteur):
        try:
            obtenues.append(petit.demander(unites, auteur=auteur).accordee)
        except ObservatoireError as erreur:  # pragma: no cover -- dirait pourquoi
            fautes.append(erreur)

    voulues = ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7])
    fils = [threading.Thread(target=demander, args=(z, f"obs-{k}")) for k, z in enumerate(voulues)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert fautes == []
    assert sorted(obtenues) == [False, True]


# --- Arrondi ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.integers(1, 20))
def test_rounding_says_exactly_what_it_says(valeur, pas):
    arrondie = round_somme(float(valeur), pas)
    bas, haut = bound_arrondi(arrondie, pas, entiere=True)
    assert arrondie % pas == 0
    assert bas <= valeur <= haut
    compatibles = [v for v in range(max(0, valeur - 2 * pas), valeur + 2 * pas) if round_somme(v, pas) == arrondie]
    assert (bas, haut) == (min(compatibles), max(compatibles))


def test_rounding_to_5_is_plus_or_minus_2():
    assert [round_somme(v, 5) for v in (0, 2, 3, 7, 8, 12.4)] == [0, 0, 5, 5, 10, 10]
    assert bound_arrondi(35.0, 5, entiere=True) == (33.0, 37.0)
    assert bound_arrondi(0.0, 5, entiere=True) == (0.0, 2.0)


# --- Ce qui est public se lit sans erreur -------------------------------------------------------------------------


def test_unit_without_a_commune_stays_unknown():
    # Le canton réunit la commune 1 et une unité qu'aucune commune ne montre : il ne livre pas la commune 1.
    tables = build_tables(build_cases(np.array([3.0, 40, 50]), {"canton_ville": np.repeat("C", 3)}, set()))
    cases = tables["cases"][tables["cases"].code_territoire != code_of(2)]
    cases = cases.assign(masquee=cases.maille == "commune")
    unites, diffuse = build_diffuse([Protegees(cases, tables["compositions"])], pd.Series(dtype=float), "foyers_rsa")
    assert list(unites) == [code_of(1), code_of(3), f"commune:{code_of(2)}"]
    assert diffuse.masquees.all()
    assert diffuse.territoires.toarray().tolist() == [[1.0, 1.0, 1.0]]


def test_commune_made_of_several_units_is_not_given(petit):
    tables = build_tables(build_cases(VALEURS, NIVEAUX, CACHEES))
    fusionnee = tables["cases"].code_territoire == code_of(3)
    tables["cases"].loc[fusionnee, "unite"] = ""
    petit.publier("p2", tables)
    with pytest.raises(AppelError, match=f"ne donne pas toutes les communes de cette zone en 2025 : {code_of(3)}"):
        petit.demander([1, 2, 3, 4, 5, 6])
