"""Secret : rapport d'une publication, ce qu'il coûte, bornes d'une valeur masquée, exemple de la page."""

import itertools
import json
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.bornes import DEDUIT, find_bornees, widen_bornes
from observatoire.analyse.portrait.comparaison import compare
from observatoire.analyse.portrait.modele import Sens, TerritoireReference
from observatoire.analyse.resumes import (
    ValeurLue,
    format_valeur_lue,
    read_valeur_lue,
    write_deduction,
    write_intervalle,
    write_lecture,
    write_note_statut,
    write_statut,
)
from observatoire.analyse.secret import Cout, count_producteurs, list_couts, read_rapport, sum_preuve
from observatoire.analyse.secret_exemple import SEUIL, Genre, Systeme, build_etapes, choose_masque, deduce
from observatoire.analyse.series import build_courbe, write_evolution
from observatoire.config import Espace
from observatoire.errors import ObservatoireError, PublicationError
from observatoire.modeles.mailles import Maille
from observatoire.store.lecture import Lecteur
from tests.cartes.exemples import build_indicateur

RAPPORT = {
    "publication": "p1",
    "cases": 400,
    "masquees": 60,
    "part_cases": 0.15,
    "duree_s": 2.5,
    "regles": [
        {
            "id": "convention_k5",
            "libelle": "Convention",
            "mode": "C",
            "seuil": 5,
            "reference": "Convention de 2024",
            "indicateurs": ["a"],
        }
    ],
    "systemes": [
        {
            "source": "caf",
            "periode": periode,
            "cases": 200,
            "masquees": 30,
            "optimal": ecart == 0,
            "ecart": ecart,
            "audit": {"cases": 30, "fautes": 0, "rejouees": 4, "plafonnees": 1},
        }
        for periode, ecart in (("2024", 0.0), ("2025", 0.02))
    ],
    "indicateurs": [
        {
            "indicateur": "a",
            "maille": maille,
            "periode": periode,
            "cases": 100,
            "masquees": masquees,
            "part_population": 0.1,
        }
        for maille, periode, masquees in (("epci", "2025", 2), ("commune", "2024", 30), ("commune", "2025", 28))
    ],
}


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def espace(tmp_path):
    espace = Espace(tmp_path)
    espace.publications.mkdir(parents=True)
    return espace


def write_rapport(espace, contenu):
    texte = contenu if isinstance(contenu, str) else json.dumps(contenu)
    (espace.publications / "p1.secret").write_text(texte, "utf-8")


# --- Rapport ------------------------------------------------------------------------------------------


def test_an_old_publication_has_no_rapport(espace):
    assert read_rapport(espace, "p1") is None


def test_rapport_is_read_whole(espace):
    write_rapport(espace, RAPPORT)
    rapport = read_rapport(espace, "p1")
    assert (rapport.cases, rapport.masquees, rapport.regles[0].seuil) == (400, 60, 5)
    preuve = sum_preuve(rapport)
    assert (preuve.cases, preuve.fautes, preuve.rejouees) == (60, 0, 8)
    assert (preuve.systemes, preuve.optimaux, preuve.ecart) == (2, 1, 0.02)
    # La dernière période, du niveau le plus fin au plus large.
    assert [(c.maille, c.periode, c.part_cases) for c in list_couts(rapport)] == [
        ("commune", "2025", 0.28),
        ("epci", "2025", 0.02),
    ]


def test_rapport_may_keep_the_replayed_cells_private(espace):
    systemes = [s | {"audit": {"cases": 30, "fautes": 1}} for s in RAPPORT["systemes"]]
    write_rapport(espace, RAPPORT | {"systemes": systemes})
    preuve = sum_preuve(read_rapport(espace, "p1"))
    # Une faute n'est jamais tue : le verdict est celui du rapport, non un zéro écrit d'avance.
    assert (preuve.fautes, preuve.rejouees) == (2, None)


@pytest.mark.parametrize(
    "contenu", ["{", "[]", "77.7", json.dumps({k: v for k, v in RAPPORT.items() if k != "systemes"})]
)
def test_a_broken_rapport_is_said_without_its_content(espace, contenu):
    write_rapport(espace, contenu)
    with pytest.raises(PublicationError, match=r"illisible \(p1\.secret\)") as faute:
        read_rapport(espace, "p1")
    assert "77" not in str(faute.value)
    assert isinstance(faute.value, ObservatoireError)


# --- Ce que les producteurs ont masqué ------------------------------------------------------------------


def make_lecteur(tmp_path, lignes):
    dossier = tmp_path / "data/entrepot/diffusion/copies/p1"
    (dossier / "par_indicateur").mkdir(parents=True)
    noms = ["indicateur", "maille", "code_territoire", "periode", "modalite", "statut"]
    for nom, lot in pd.DataFrame(lignes, columns=noms).groupby("indicateur"):
        lot.to_parquet(dossier / "par_indicateur" / f"{nom}.parquet")
    territoires = pd.DataFrame(
        [("commune", "1", 700.0), ("commune", "2", 200.0), ("commune", "3", 100.0), ("iris", "1", math.nan)],
        columns=["maille", "code", "population"],
    )
    territoires.to_parquet(dossier / "territoires.parquet")
    return Lecteur(Espace(tmp_path), "p1")


def test_masked_values_are_counted_with_their_population(tmp_path):
    lecteur = make_lecteur(
        tmp_path,
        [
            ("part", "commune", "1", "2024", "", "publie"),
            ("part", "commune", "2", "2024", "", "secret"),
            ("part", "commune", "3", "2024", "", "non_disponible"),  # ni montrée, ni masquée : hors du compte
            ("part", "commune", "2", "2023", "", "secret"),
            ("part", "iris", "1", "2024", "", "secret"),
            # Une typologie a plusieurs lignes par territoire : il ne compte qu'une fois.
            ("zone", "commune", "1", "2024", "A", "publie"),
            ("zone", "commune", "1", "2024", "B", "publie"),
            ("zone", "commune", "3", "2024", "", "secret"),
            ("libre", "commune", "1", "2024", "", "publie"),
        ],
    )
    consultation = SimpleNamespace(masquees=lecteur.count_masquees())
    couts = {(c.indicateur, c.maille): c for c in count_producteurs(consultation)}
    assert set(couts) == {("part", "commune"), ("part", "iris"), ("zone", "commune")}
    assert couts["part", "commune"] == Cout("part", "commune", "2024", 2, 1, pytest.approx(200 / 900))
    assert couts["zone", "commune"] == Cout("zone", "commune", "2024", 2, 1, pytest.approx(100 / 800))
    # Sans population connue, la part n'est pas zéro : elle est inconnue.
    assert couts["part", "iris"].part_population is None


def test_what_the_observatoire_masks_is_not_counted_twice(tmp_path, espace):
    write_rapport(espace, RAPPORT)
    table = pd.DataFrame(
        [("a", "commune", "2025", 10, 5, 100.0, 50.0), ("b", "commune", "2025", 10, 5, 100.0, 50.0)],
        columns=["indicateur", "maille", "periode", "cases", "masquees", "population", "population_masquee"],
    )
    couts = count_producteurs(SimpleNamespace(masquees=table), read_rapport(espace, "p1"))
    assert [c.indicateur for c in couts] == ["b"]


def test_nothing_masked_is_an_empty_list(tmp_path):
    lecteur = make_lecteur(tmp_path, [("libre", "commune", "1", "2024", "", "publie")])
    assert count_producteurs(SimpleNamespace(masquees=lecteur.count_masquees())) == ()


# --- Bornes d'une valeur masquée --------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(0, 3))
def test_written_bounds_contain_the_deduced_ones_and_never_say_a_value(bas, etendue, decimales):
    ecrites = widen_bornes(bas, bas + etendue, decimales)
    if ecrites == (None, None):
        assert etendue <= 2 * 10**-decimales + 1e-5
        return
    assert ecrites[0] < ecrites[1]
    assert ecrites[0] <= bas + 1e-5
    assert ecrites[1] >= bas + etendue - 1e-5


def test_only_a_masked_row_without_value_has_bounds():
    nan = np.nan
    lignes = [
        ("secret", nan, 1.0, 12.0, True),
        ("secret", nan, 1.0, nan, True),
        ("secret", nan, nan, 12.0, True),
        ("secret", nan, nan, nan, False),
        ("secret", nan, 5.0, 5.0, False),  # ce serait dire la valeur
        ("secret", 7.0, 1.0, 12.0, False),  # ligne fautive : on n'en dit rien
        ("non_disponible", nan, 1.0, 12.0, False),
        ("publie", 3.0, 1.0, 12.0, False),
    ]
    colonnes = [list(c) for c in zip(*lignes, strict=True)]
    assert find_bornees(*colonnes[:4]).tolist() == colonnes[4]
    assert find_bornees([], [], [], []).tolist() == []


EFFECTIF = build_indicateur(
    type_mesure="effectif", unite="foyers", decimales=0, denominateur=None, representation="symboles"
)
PART = build_indicateur()


@pytest.mark.parametrize(
    ("fiche", "bornes", "attendu"),
    [
        (EFFECTIF, (1.0, 12.0), "entre 1 et 12 foyers"),
        (EFFECTIF, (1.0, None), "au moins 1 foyer"),
        (EFFECTIF, (None, 12.0), "au plus 12 foyers"),
        (EFFECTIF, (5.0, 5.0), ""),
        (EFFECTIF, (None, None), ""),
        (PART, (2.31, 14.27), "entre 2,3 % et 14,3 %"),
        (PART, (12.001, 12.002), "entre 12,0 % et 12,1 %"),
        (PART, (12.0, 12.00000001), ""),
    ],
)
def test_bounds_of_a_masked_value_in_words(fiche, bornes, attendu):
    lue = ValeurLue(None, "secret", borne_inf=bornes[0], borne_sup=bornes[1])
    assert plain(write_intervalle(fiche, lue)) == attendu
    suite = f"{attendu[:1].upper()}{attendu[1:]} : {DEDUIT}." if attendu else ""
    assert plain(write_deduction(fiche, lue)) == suite
    assert not lue.montrable
    assert format_valeur_lue(fiche, lue) == "Masqué pour protéger les personnes"
    assert not re_nombre(write_statut(lue))
    assert not re_nombre(write_note_statut(lue))


def re_nombre(texte):
    return any(c.isdigit() for c in texte)


def test_a_masked_value_with_bounds_makes_neither_sentence_nor_comparison_nor_point():
    lue = read_valeur_lue({"valeur": math.nan, "statut": "secret", "borne_inf": 1.0, "borne_sup": 12.0})
    nom = NomTerritoire("La Réunion", "de La Réunion", "à La Réunion")
    assert write_lecture(PART, "2024", nom, lue) == ""
    reference = TerritoireReference("departement", Maille.DEPARTEMENT, "974", "La Réunion", "La Réunion", nom)
    publiee = ValeurLue(31.5, "publie", borne_inf=31.5, borne_sup=31.5)
    ici = compare(PART, "2024", lue, reference, publiee)
    assert (ici.sens, plain(ici.phrase)) == (Sens.SANS_CONCLUSION, "La Réunion : 31,5 %.")
    la = compare(PART, "2024", publiee, reference, lue)
    assert plain(la.phrase) == "La Réunion : masqué pour protéger les personnes."
    assert write_evolution(PART, ("2020", publiee), ("2024", lue)) == ""
    annees = {str(a): ValeurLue(float(a % 7), "publie") for a in range(2018, 2023)} | {"2020": lue}
    courbe = build_courbe(PART, [("Ici", annees)])
    assert [p.hauteur is None for p in courbe.series[0].points] == [False, False, True, False, False]


def test_a_masked_row_with_a_value_by_mistake_says_no_bound():
    lue = read_valeur_lue({"valeur": 77.7, "statut": "secret", "borne_inf": 70.0, "borne_sup": 80.0})
    assert write_deduction(PART, lue) == ""
    assert write_intervalle(PART, lue) == ""


# --- Exemple de la page -----------------------------------------------------------------------------------


def enumerate_tableaux(systeme, masquees):
    """Attaquant à part : essaie tous les entiers, et garde ceux dont les sommes tombent juste."""
    cachees = sorted(masquees)
    plafond = max(systeme.valeurs[total] for _, total in systeme.relations)
    possibles = []
    for essai in itertools.product(range(1, plafond + 1), repeat=len(cachees) - 1):
        valeurs = list(systeme.valeurs)
        for rang, valeur in zip(cachees, essai, strict=False):
            valeurs[rang] = valeur
        # La dernière case se déduit d'une relation qui la contient.
        parties, total = next(r for r in systeme.relations if cachees[-1] in r[0])
        valeurs[cachees[-1]] = valeurs[total] - sum(valeurs[i] for i in parties if i != cachees[-1])
        justes = all(sum(valeurs[i] for i in p) == valeurs[t] for p, t in systeme.relations)
        if justes and valeurs[cachees[-1]] >= 1:
            possibles.append([valeurs[i] for i in cachees])
    return dict(
        zip(cachees, zip(np.min(possibles, 0).tolist(), np.max(possibles, 0).tolist(), strict=True), strict=True)
    )


RENVERSE = Systeme((3, 41, 18, 62), (((0, 1, 2), 3),))
PETIT = Systeme((3, 18, 41, 62), (((0, 1, 2), 3),))
# Deux lignes, deux colonnes : 3 4 | 6 5, tous les totaux montrés.
CROISE = Systeme((3, 4, 6, 5, 7, 11, 9, 9, 18), (((0, 1), 4), ((2, 3), 5), ((0, 2), 6), ((1, 3), 7), ((4, 5), 8)))


@pytest.mark.parametrize(
    ("systeme", "masque"), [(PETIT, {0}), (PETIT, {0, 1}), (PETIT, {0, 1, 2}), (CROISE, {0, 1}), (CROISE, {0, 1, 2, 3})]
)
def test_intervals_are_those_of_an_exhaustive_search(systeme, masque):
    deduits = deduce(systeme, frozenset(masque))
    for rang, bornes in enumerate_tableaux(systeme, masque).items():
        assert deduits[rang] == pytest.approx(bornes)
    for rang in set(range(len(systeme.valeurs))) - masque:
        assert deduits[rang] == (systeme.valeurs[rang], systeme.valeurs[rang])


@pytest.mark.parametrize("systeme", [PETIT, RENVERSE, CROISE])
def test_chosen_masque_is_the_cheapest_and_each_of_its_cells_is_needed(systeme):
    def is_protegee(masque):
        bas, haut = deduce(systeme, frozenset(masque))[0]
        return haut >= SEUIL - 1e-6 and bas <= systeme.valeurs[0] - 1 + 1e-6

    def cost(masque):
        return sum(math.log1p(systeme.valeurs[i]) for i in masque)

    choisi = choose_masque(systeme, 0)
    assert is_protegee(choisi)
    assert not any(is_protegee(choisi - {case}) for case in choisi - {0})
    libres = set(range(len(systeme.valeurs))) - systeme.totaux - {0}
    tous = ({0, *autres} for n in range(len(libres) + 1) for autres in itertools.combinations(libres, n))
    assert min(cost(m) for m in tous if is_protegee(m)) == pytest.approx(cost(choisi))


def test_a_cell_already_seen_cannot_hide_anything():
    assert choose_masque(PETIT, 0) == {0, 1}
    assert choose_masque(PETIT, 0, connues=frozenset({1})) == {0, 2}
    with pytest.raises(LookupError):
        choose_masque(PETIT, 0, connues=frozenset({1, 2}))


def test_example_tells_the_story_it_announces():
    etapes = {e.cle: e for e in build_etapes()}
    assert list(etapes) == ["recu", "une_case", "deux_cases", "croisement", "ensemble", "hier", "garde"]
    for cle in ("une_case", "croisement", "hier"):
        genres = {c.genre for ligne in etapes[cle].cases for c in ligne}
        assert Genre.RETROUVEE in genres, cle
        assert "on la retrouve" in etapes[cle].titre
    for cle in ("deux_cases", "ensemble", "garde"):
        cases = [c for ligne in etapes[cle].cases for c in ligne]
        assert not [c for c in cases if c.genre is Genre.RETROUVEE], cle
        premiere = cases[0]
        assert premiere.bas <= 2
        assert premiere.haut >= SEUIL
        # La phrase cite l'intervalle que le dessin montre.
        assert f"de {premiere.bas} à {premiere.haut} foyers" in etapes[cle].phrase
    # Les totaux d'une grille tombent juste : le lecteur peut refaire l'addition.
    recu = [c[0].bas for c in etapes["recu"].cases]
    assert sum(recu[:-1]) == recu[-1]
