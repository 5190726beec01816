"""Propriétés des passages, sur des histoires de communes tirées au hasard."""

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.territoires.historique import build_passages, rebuild_communes
from observatoire.territoires.passages import advance
from observatoire.territoires.stabilite import geographie_stable
from tests.territoires.mouvements_aleatoires import draw_populations, histoires

EXEMPLES = 1_000 if os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1" else 12
reglages = settings(derandomize=True, deadline=None, max_examples=EXEMPLES)


def compose(codes, passages):
    """Compose des étapes depuis une liste de communes."""
    trajet = pd.DataFrame({"code_de": codes, "code_vers": codes, "poids": 1.0})
    for _, etape in passages.groupby(passages.cog_de, sort=False):
        trajet = advance(trajet, etape)
    return trajet


def chain(premier, second):
    """Compose deux trajets complets."""
    suite = premier.merge(second, left_on="code_vers", right_on="code_de", suffixes=("", "_suite"))
    suite["poids"] *= suite.poids_suite
    return suite.groupby(["code_de", "code_vers_suite"]).poids.sum()


@reglages
@given(histoires())
def test_listes_are_rebuilt_both_ways(histoire):
    annees = histoire.annees
    for debut, fin in ((annees[0], annees[-1]), (annees[-1], annees[0])):
        codes = pd.Index(histoire.communes[debut])
        assert rebuild_communes(histoire.mouvements, codes, debut, fin).tolist() == histoire.communes[fin]


@reglages
@given(histoires(), st.data())
def test_masse_is_conserved_to_the_unit_both_ways(histoire, data):
    annees, populations = histoire.annees, draw_populations(data, histoire)
    for de, vers in ((annees[0], annees[-1]), (annees[-1], annees[0])):
        passages = build_passages(histoire.mouvements, de, vers, populations)
        trajet = compose(histoire.communes[de], passages)
        masses = populations[populations.annee == de].set_index("code").population
        projetes = trajet.code_de.map(masses) * trajet.poids
        assert round(projetes.sum()) == masses.sum()
        assert projetes.sum() == pytest.approx(masses.sum(), abs=1e-6)
        assert np.abs(trajet.groupby("code_de").poids.sum() - 1).max() < 1e-9
        assert (trajet.poids > 0).all()
        assert set(trajet.code_vers) == set(histoire.communes[vers])


@reglages
@given(histoires(), st.data())
def test_composition_is_associative(histoire, data):
    annees, populations = histoire.annees, draw_populations(data, histoire)
    milieu = data.draw(st.sampled_from(annees))
    for de, vers in ((annees[0], annees[-1]), (annees[-1], annees[0])):
        direct = compose(histoire.communes[de], build_passages(histoire.mouvements, de, vers, populations))
        premier = compose(histoire.communes[de], build_passages(histoire.mouvements, de, milieu, populations))
        second = compose(histoire.communes[milieu], build_passages(histoire.mouvements, milieu, vers, populations))
        attendu = direct.set_index(["code_de", "code_vers"]).poids.sort_index()
        obtenu = chain(premier, second).sort_index()
        assert obtenu.index.tolist() == attendu.index.tolist()
        assert obtenu.to_numpy() == pytest.approx(attendu.to_numpy(), abs=1e-9)


@reglages
@given(histoires(), st.data())
def test_fusion_is_exact_and_every_part_is_marked(histoire, data):
    annees, populations = histoire.annees, draw_populations(data, histoire)
    passages = build_passages(histoire.mouvements, annees[0], annees[-1], populations)
    assert (passages.poids[passages.nature != "scission"] == 1.0).all()
    assert passages.estime.equals(passages.poids != 1.0)
    assert (passages.nature[passages.estime] == "scission").all()


@reglages
@given(histoires(), st.data())
def test_composantes_stables_keep_their_mass_exactly(histoire, data):
    annees, populations = histoire.annees, draw_populations(data, histoire)
    passages = build_passages(histoire.mouvements, annees[0], annees[-1], populations)
    tous = pd.Index(sorted({c for codes in histoire.communes.values() for c in codes}))
    stable = geographie_stable(passages, codes=tous).set_index("code").composante
    assert set(stable.index) == set(tous)
    for de, vers in ((annees[0], annees[-1]), (annees[-1], annees[0])):
        trajet = compose(histoire.communes[de], build_passages(histoire.mouvements, de, vers, populations))
        # Aucune masse ne sort d'une composante, dans un sens comme dans l'autre : rien à estimer.
        assert (trajet.code_de.map(stable) == trajet.code_vers.map(stable)).all()


@reglages
@given(histoires(), st.data())
def test_composantes_do_not_depend_on_order_and_only_grow(histoire, data):
    annees, populations = histoire.annees, draw_populations(data, histoire)
    passages = build_passages(histoire.mouvements, annees[0], annees[-1], populations)
    melange = passages.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(geographie_stable(melange), geographie_stable(passages))
    etapes = [e for _, e in passages.groupby("cog_de")]
    if etapes:
        debut = geographie_stable(etapes[0]).set_index("code").composante
        entier = geographie_stable(*etapes).set_index("code").composante
        # Deux codes réunis par les premières années le restent.
        assert debut.groupby(debut).apply(lambda g: entier[g.index].nunique()).eq(1).all()
