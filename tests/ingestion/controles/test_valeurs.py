"""Contrôles des valeurs : chacun sur une faute, puis sur un fichier sain."""

import numpy as np
import pytest

from observatoire.ingestion.controles import run_controles
from observatoire.ingestion.controles.arrondis import check_arrondis
from observatoire.ingestion.controles.exemples import EXEMPLES
from observatoire.ingestion.controles.mois import check_mois
from observatoire.ingestion.controles.numerateurs import check_numerateurs
from observatoire.ingestion.controles.parts import check_parts
from observatoire.ingestion.controles.sauts import check_sauts
from observatoire.ingestion.controles.totaux import check_totaux
from observatoire.ingestion.controles.valeurs_impossibles import check_valeurs_impossibles
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.livraisons import Confidentialite
from tests.ingestion.controles.atelier import (
    build_contexte,
    build_lot,
    build_precedents,
    build_source,
    list_codes,
)
from tests.territoires.petit_referentiel import write_petit_referentiel

CODES = ["01001", "01002", "02001", "02002", "02009"]
NOMBREUX = [f"{i:05d}" for i in range(40)]


def declare(**variables):
    return build_source({nom: {"libelle": nom, "unite": "foyers", "colonne": nom} | v for nom, v in variables.items()})


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


@pytest.fixture
def check(petit):
    def joue(controle, source, codes=CODES, precedents=None, confidentialite=Confidentialite.OUVERTE, **mesures):
        lot = build_lot(codes, **mesures)
        contexte = build_contexte(petit, lot, source, precedents=precedents or {}, confidentialite=confidentialite)
        return list(controle(contexte))

    return joue


def test_valeur_negative_is_blocking_and_located(check):
    (a,) = check(check_valeurs_impossibles, declare(v={}), v=[1, -3, 4, 5, 6])
    assert (a.code, a.gravite, a.ligne, a.colonne, a.valeur) == ("valeur_negative", Gravite.BLOQUANT, 3, "v", "−3")
    assert "commune 01002, 2024" in a.message
    assert "negatif: true" in a.suggestion


def test_solde_negatif_is_accepted_when_declared(check):
    assert check(check_valeurs_impossibles, declare(v={"negatif": True}), v=[1, -3, 4, 5, 6]) == []


def test_many_faults_give_examples_then_their_count(check):
    anomalies = check(check_valeurs_impossibles, declare(v={}), codes=NOMBREUX, v=[-1] * 40)
    assert len(anomalies) == EXEMPLES + 1
    assert "40 valeurs négatives en tout" in anomalies[-1].message


def test_valeur_infinie_or_too_high_is_blocking(check):
    assert list_codes(check(check_valeurs_impossibles, declare(v={}), v=[1, np.inf, 4, 5, 6])) == ["valeur_infinie"]
    source = declare(v={"unite": "%", "additive": False, "maximum": 100})
    assert list_codes(check(check_valeurs_impossibles, source, v=[1, 120, 100, 5, np.nan])) == [
        "valeur_au_dessus_du_maximum"
    ]


def test_effectif_a_virgule_is_a_fault_only_when_rare(check):
    rares = [12.5, *range(1, 40)]
    assert list_codes(check(check_valeurs_impossibles, declare(v={}), codes=NOMBREUX, v=rares)) == [
        "effectif_non_entier"
    ]
    ponderes = [n + 0.37 for n in range(40)]
    assert check(check_valeurs_impossibles, declare(v={}), codes=NOMBREUX, v=ponderes) == []
    euros = declare(v={"unite": "euros"})
    assert check(check_valeurs_impossibles, euros, codes=NOMBREUX, v=rares) == []


def test_parts_above_100_and_fractions(check):
    part = declare(v={"unite": "%", "additive": False})
    assert list_codes(check(check_parts, part, v=[20, 130, 100, 5, np.nan])) == ["part_au_dessus_de_100"]
    assert list_codes(check(check_parts, part, codes=NOMBREUX, v=[i / 40 for i in range(40)])) == ["part_de_zero_a_un"]
    assert check(check_parts, part, codes=NOMBREUX, v=[2.0 * i for i in range(40)]) == []
    assert check(check_parts, declare(v={}), v=[200, 130, 100, 5, 1]) == []


TOTAL = {"t": {"total_de": ["a", "b"]}, "a": {}, "b": {}}


def test_total_different_des_details_is_reported_largest_first(check):
    anomalies = check(check_totaux, declare(**TOTAL), t=[10, 20, 30, 40, 51], a=[4, 5, 6, 7, 8], b=[6, 15, 27, 33, 43])
    assert [a.ligne for a in anomalies] == [4]
    assert "le total vaut 30, la somme de ses 2 détails 33" in anomalies[0].message
    assert check(check_totaux, declare(**TOTAL), t=[10] * 5, a=[4] * 5, b=[6] * 5) == []


def test_total_is_compared_within_the_rounding_of_its_producer(check):
    arrondi = {nom: v | {"arrondi": 5} for nom, v in TOTAL.items()}
    assert check(check_totaux, declare(**arrondi), t=[15] * 5, a=[10] * 5, b=[10] * 5) == []
    assert check(check_totaux, declare(**arrondi), t=[10] * 5, a=[10] * 5, b=[10] * 5)


def test_total_with_a_masked_detail_only_has_an_upper_bound(check):
    masque = [np.nan] * 5
    assert check(check_totaux, declare(**TOTAL), t=[10] * 5, a=masque, b=[6] * 5) == []
    assert len(check(check_totaux, declare(**TOTAL), t=[10] * 5, a=masque, b=[6, 6, 6, 6, 11])) == 1


def test_each_decoupage_of_a_total_is_compared(check):
    """Par sexe et par âge : un découpage juste n'excuse pas l'autre, et le message dit lequel."""
    deux = declare(t={"total_de": ["a", "b"], "partitions": [["c", "d"]]}, a={}, b={}, c={}, d={})
    justes = {"t": [10] * 5, "a": [4] * 5, "b": [6] * 5}
    assert check(check_totaux, deux, **justes, c=[3] * 5, d=[7] * 5) == []
    (a,) = check(check_totaux, deux, **justes, c=[3, 3, 5, 3, 3], d=[7] * 5)
    assert (a.code, a.ligne) == ("total_different_des_details", 4)
    assert "la somme de c + d 12" in a.message
    seules = declare(t={"partitions": [["c", "d"]]}, c={}, d={})
    (b,) = check(check_totaux, seules, t=[10] * 5, c=[3, 3, 5, 3, 3], d=[7] * 5)
    assert "la somme de ses 2 détails 12" in b.message
    masque = [float("nan")] * 5
    assert check(check_totaux, deux, **justes, c=masque, d=[7] * 5) == []


def test_total_wrong_everywhere_is_blocking(check):
    anomalies = check(check_totaux, declare(**TOTAL), t=[10] * 5, a=[40] * 5, b=[6] * 5)
    assert {a.gravite for a in anomalies} == {Gravite.BLOQUANT}


def test_numerateur_above_denominateur(check):
    source = declare(n={"au_plus": "d"}, d={})
    (a,) = check(check_numerateurs, source, n=[1, 2, 9, 4, 5], d=[5, 5, 5, 5, 5])
    assert (a.code, a.ligne, a.gravite) == ("partie_plus_grande_que_le_tout", 4, Gravite.A_REGARDER)
    assert check(check_numerateurs, source, n=[1, 2, np.nan, 4, 5], d=[5, 5, 1, 5, np.nan]) == []
    arrondi = declare(n={"au_plus": "d", "arrondi": 5}, d={"arrondi": 5})
    assert check(check_numerateurs, arrondi, n=[10] * 5, d=[5] * 5) == []


def test_petits_effectifs_of_a_protected_delivery_block_without_being_cited(check):
    protegee = Confidentialite.CONVENTION_PROTEGEE
    (a,) = check(check_arrondis, declare(v={}), v=[0, 3, 10, 4, 15], confidentialite=protegee)
    assert (a.code, a.gravite, a.valeur) == ("petits_effectifs_non_proteges", Gravite.BLOQUANT, None)
    assert "ligne(s) 3, 5" in a.message
    assert check(check_arrondis, declare(v={}), v=[0, 5, 10, 20, 15], confidentialite=protegee) == []
    assert check(check_arrondis, declare(v={}), v=[0, 3, 10, 4, 15]) == []
    assert check(check_arrondis, declare(v={"unite": "euros"}), v=[0, 3, 10, 4, 15], confidentialite=protegee) == []


def test_arrondi_announced_is_verified(check):
    source = declare(v={"arrondi": 5})
    assert list_codes(check(check_arrondis, source, v=[0, 5, 12, 20, np.nan])) == ["arrondi_non_respecte"]
    assert check(check_arrondis, source, v=[0, 5, 10, 20, np.nan]) == []
    milliers = declare(v={"arrondi": 5, "facteur": 1000})
    assert check(check_arrondis, milliers, v=[5000, 10000, 0, 15000, 20000]) == []


def test_sauts_are_never_blocking_and_sorted_by_size(check):
    avant = [1000 + 10 * i for i in range(40)]
    apres = [v * 1.02 for v in avant]
    apres[7], apres[11] = avant[7] * 3, avant[11] * 9
    anomalies = check(
        check_sauts, declare(v={}), codes=NOMBREUX, v=apres, precedents=build_precedents(NOMBREUX, v=avant)
    )
    assert [(a.ligne, a.gravite) for a in anomalies] == [(13, Gravite.A_REGARDER), (9, Gravite.A_REGARDER)]
    assert "1\u202f110 en 2023, 9\u202f990 maintenant (+800 %)" in anomalies[0].message


def test_small_counts_and_common_growth_are_not_jumps(check):
    petits = [i % 7 for i in range(40)]
    bouges = [(i * 3) % 7 for i in range(40)]
    precedents = build_precedents(NOMBREUX, v=petits)
    assert check(check_sauts, declare(v={}), codes=NOMBREUX, v=bouges, precedents=precedents) == []
    avant = [1000 + 10 * i for i in range(40)]
    precedents = build_precedents(NOMBREUX, v=avant)
    assert check(check_sauts, declare(v={}), codes=NOMBREUX, v=[v * 1.1 for v in avant], precedents=precedents) == []
    assert check(check_sauts, declare(v={}), codes=NOMBREUX, v=avant, precedents=precedents) == []


def test_change_of_unit_is_a_general_jump(check):
    avant = [1000 + 10 * i for i in range(40)]
    precedents = build_precedents(NOMBREUX, v=avant)
    milliers = check(check_sauts, declare(v={}), codes=NOMBREUX, v=[v / 1000 for v in avant], precedents=precedents)
    assert list_codes(milliers) == ["saut_general"]


@pytest.mark.parametrize(
    ("periode", "proche"),
    [("202412", "2024-12"), ("12/2024", "2024-12"), ("2024M03", "2024-03"), ("T4 2024", "2024-T4")],
)
def test_month_written_as_a_year_is_blocking(petit, periode, proche):
    (a,) = check_mois(build_contexte(petit, build_lot(CODES, periode=periode, v=[1] * 5)))
    assert (a.code, a.gravite) == ("mois_pour_annee", Gravite.BLOQUANT)
    assert proche in a.suggestion


@pytest.mark.parametrize("periode", ["2024", "2024-12", "2024-T4", "2024-S1"])
def test_known_periods_pass(petit, periode):
    assert list(check_mois(build_contexte(petit, build_lot(CODES, periode=periode, v=[1] * 5)))) == []


def test_unknown_period_is_shown(petit):
    (a,) = check_mois(build_contexte(petit, build_lot(CODES, periode="fin d'année", v=[1] * 5)))
    assert (a.code, a.gravite) == ("periode_inconnue", Gravite.A_REGARDER)


def test_monthly_values_after_yearly_ones_are_seen(check):
    avant = [1200 + 12 * i for i in range(40)]
    precedents = build_precedents(NOMBREUX, v=avant)
    mensuelles = check(check_mois, declare(v={}), codes=NOMBREUX, v=[v / 12 for v in avant], precedents=precedents)
    assert list_codes(mensuelles) == ["mois_pour_annee"]
    assert "douze fois plus petites" in mensuelles[0].message
    assert check(check_mois, declare(v={}), codes=NOMBREUX, v=[v / 5 for v in avant], precedents=precedents) == []


def test_healthy_delivery_says_nothing(petit):
    lot = build_lot(CODES, t=[10] * 5, a=[4] * 5, b=[6] * 5)
    precedents = build_precedents(CODES, t=[11] * 5, a=[4] * 5, b=[7] * 5)
    assert run_controles(build_contexte(petit, lot, declare(**TOTAL), precedents=precedents)) == ()
