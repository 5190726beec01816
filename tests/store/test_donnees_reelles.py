"""Sur l'espace construit : les copies disent la même chose que la table, à tous les lecteurs à la fois."""

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from observatoire.store.lecture import Lecteur
from observatoire.store.publications import load_publication
from observatoire.store.schema import OBSERVATIONS
from observatoire.store.tables import read_table

CLE = ["indicateur", "maille", "code_territoire", "periode", "modalite"]


@pytest.fixture(scope="module")
def publication(espace_construit):
    return load_publication(espace_construit)


@pytest.fixture(scope="module")
def lecteur(espace_construit, publication):
    return Lecteur(espace_construit, publication.id)


def arrange(lignes):
    """Mêmes colonnes, mêmes lignes dans le même ordre."""
    return lignes[OBSERVATIONS.names].sort_values(CLE, ignore_index=True).fillna(float("nan"))


@pytest.mark.parametrize("indicateur", ["part_menages_bas_revenus", "zone_abc"])
def test_copie_par_indicateur_equals_the_delta_table(espace_construit, publication, lecteur, indicateur):
    delta = read_table(
        espace_construit.diffusion / "observations",
        version=publication.versions["observations"],
        filtres=[("indicateur", "=", indicateur)],
    )
    copie = pd.concat(
        [
            lecteur.read_carte(indicateur, maille, periode).assign(
                indicateur=indicateur, maille=maille, periode=periode, cog=publication.cog
            )
            for maille, periodes in publication.indicateurs[indicateur].items()
            for periode in periodes
        ]
    )
    pd.testing.assert_frame_equal(arrange(delta), arrange(copie), check_dtype=False, check_exact=True)


@pytest.mark.parametrize(("maille", "code"), [("commune", "97411"), ("departement", "974"), ("france", "FR")])
def test_copie_par_territoire_equals_the_delta_table(espace_construit, publication, lecteur, maille, code):
    delta = read_table(
        espace_construit.diffusion / "observations",
        version=publication.versions["observations"],
        filtres=[("code_territoire", "=", code), ("maille", "=", maille)],
    )
    copie = lecteur.read_territoire(maille, code)
    assert len(copie) > 10
    pd.testing.assert_frame_equal(arrange(delta), arrange(copie), check_dtype=False, check_exact=True)


@pytest.mark.parametrize("carte", [("population_municipale", "commune", "2023"), ("zone_abc", "epci", "2024")])
def test_carte_is_sorted_by_code(lecteur, carte):
    lue = lecteur.read_carte(*carte)
    assert len(lue) > 1000
    assert lue.equals(lue.sort_values(["code_territoire", "modalite"], ignore_index=True))


def test_lecteur_serves_several_threads_at_once(lecteur):
    demandes = [("part_65_ans_plus", "departement", "2021"), ("population_municipale", "epci", "2023")] * 8
    attendu = {d: lecteur.read_carte(*d) for d in set(demandes)}
    with ThreadPoolExecutor(8) as equipe:
        lues = list(equipe.map(lambda d: lecteur.read_carte(*d), demandes))
    assert all(lue.equals(attendu[d]) for d, lue in zip(demandes, lues, strict=True))
    assert not any(lue.empty for lue in lues)
