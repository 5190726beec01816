"""Comparer deux jeux d'observations : ce qui paraît, disparaît, change ; rien si rien ne change."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from observatoire.publication.comparaison import COLONNES, COLONNES_LUES, Changement, compare_observations


def observations(*lignes):
    """Lignes (code, valeur, statut) d'une commune en 2024."""
    table = pd.DataFrame(lignes, columns=["code_territoire", "valeur", "statut"])
    table = table.assign(maille="commune", periode="2024", modalite="", borne_inf=table.valeur, borne_sup=table.valeur)
    return table.astype({"valeur": float, "borne_inf": float, "borne_sup": float})[COLONNES_LUES]


CAS = [
    # avant, après, changement attendu
    (None, ("A", 3.0, "publie"), "gagne"),
    (("A", None, "secret"), ("A", 3.0, "publie"), "gagne"),
    (("A", 3.0, "publie"), None, "perdu"),
    (("A", 3.0, "publie"), ("A", None, "secret"), "perdu"),
    (("A", 3.0, "publie"), ("A", 4.0, "publie"), "revise"),
    (("A", 3.0, "publie"), ("A", 4.0, "estime"), "revise"),
    (("A", 3.0, "publie"), ("A", 3.0, "estime"), "rupture"),
    (("A", None, "non_disponible"), ("A", None, "secret"), "rupture"),
    (None, ("A", None, "secret"), "rupture"),
    # Une ligne absente et une ligne « non disponible » disent la même chose.
    (None, ("A", None, "non_disponible"), None),
    (("A", None, "non_disponible"), None, None),
    (("A", 3.0, "publie"), ("A", 3.0, "publie"), None),
    (("A", 0.1 + 0.2, "publie"), ("A", 0.3, "publie"), None),
    (("A", 0.0, "publie"), ("A", 0.0, "publie"), None),
    (("A", 0.0, "publie"), ("A", None, "non_disponible"), "perdu"),
]


def test_every_kind_of_change_is_named():
    for avant, apres, attendu in CAS:
        lignes = compare_observations(
            observations(*([avant] if avant else [])), observations(*([apres] if apres else [])), "i"
        )
        assert lignes.changement.tolist() == ([attendu] if attendu else []), (avant, apres)
        assert list(lignes.columns) == COLONNES


def test_bounds_alone_can_change():
    avant, apres = observations(("A", 3.0, "arrondi")), observations(("A", 3.0, "arrondi"))
    apres["borne_sup"] = 5.0
    assert compare_observations(avant, apres, "i").changement.tolist() == ["intervalle"]


def test_revisions_come_strongest_first_whatever_the_unit():
    avant = observations(("A", 1000.0, "publie"), ("B", 2.0, "publie"), ("C", 10.0, "publie"), ("D", 0.0, "publie"))
    apres = observations(("A", 1100.0, "publie"), ("B", 1.0, "publie"), ("C", -10.0, "publie"), ("D", 5.0, "publie"))
    lignes = compare_observations(avant, apres, "i")
    assert lignes.code_territoire.tolist() == ["C", "D", "B", "A"]
    assert lignes.ecart.tolist() == [-20.0, 5.0, -1.0, 100.0]
    np.testing.assert_allclose(lignes.ampleur, [2.0, 1.0, 0.5, 100 / 1100])


def test_same_code_at_two_levels_is_two_territories():
    avant = observations(("75", 1.0, "publie"))
    autre = avant.assign(maille="departement", valeur=2.0, borne_inf=2.0, borne_sup=2.0)
    lignes = compare_observations(avant, pd.concat([avant, autre], ignore_index=True), "i")
    assert lignes[["maille", "changement"]].to_numpy().tolist() == [["departement", "gagne"]]


valeurs = st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 2.5]), st.floats(-1e9, 1e9))
jeux = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(["2023", "2024"])),
    st.tuples(valeurs, st.sampled_from(["publie", "estime"]), st.sampled_from(["non_disponible", "secret"])),
)


def build(jeu):
    lignes = [(c, p, v, plein if v is not None else vide) for (c, p), (v, plein, vide) in jeu.items()]
    table = pd.DataFrame(lignes, columns=["code_territoire", "periode", "valeur", "statut"])
    table = table.assign(maille="commune", modalite="").astype({"valeur": float})
    return table.assign(borne_inf=table.valeur, borne_sup=table.valeur)[COLONNES_LUES]


@given(jeux)
def test_a_set_compared_with_itself_in_any_order_is_empty(jeu):
    table = build(jeu)
    assert compare_observations(table, table.iloc[::-1].reset_index(drop=True), "i").empty


@given(jeux, jeux)
def test_changes_are_those_of_a_plain_loop(avant, apres):
    """Oracle écrit sans tableau : chaque couple (code, période), une fois."""
    attendus = {}
    for cle in avant.keys() | apres.keys():
        (v0, p0, a0), (v1, p1, a1) = (jeu.get(cle, (None, "", "non_disponible")) for jeu in (avant, apres))
        s0, s1 = (a0 if v0 is None else p0), (a1 if v1 is None else p1)
        if v0 is None and v1 is not None:
            attendus[cle] = "gagne"
        elif v0 is not None and v1 is None:
            attendus[cle] = "perdu"
        elif v0 is not None and v1 is not None and abs(v0 - v1) > 1e-12 * max(abs(v0), abs(v1)):
            attendus[cle] = "revise"
        elif s0 != s1:
            attendus[cle] = "rupture"
    lignes = compare_observations(build(avant), build(apres), "i")
    trouves = {(r.code_territoire, r.periode): r.changement for r in lignes.itertuples()}
    assert trouves == attendus
    assert lignes.ampleur.is_monotonic_decreasing


def test_every_change_has_a_word():
    assert all(c.libelle for c in Changement)
