"""Ce que le lecteur de données déjà protégées peut légitimement savoir : juste, jamais trop, jamais faux."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from observatoire.secret.encadrement import list_liees
from tests.secret.monde_encadre import A_CHEVAL, COMMUNES, EPCI, MondeEncadre, write_pays

MASQUE_5 = {"seuil": 5, "masque_sous_seuil": True, "zeros_publies": True}


@pytest.fixture(scope="module")
def pays(tmp_path_factory):
    return {
        nom: write_pays(tmp_path_factory.mktemp("pays"), epci=epci)
        for nom, epci in (("emboites", EPCI), ("a_cheval", A_CHEVAL))
    }


@pytest.fixture
def monde(pays):
    return MondeEncadre(pays["emboites"])


def list_communes(*valeurs):
    return dict(zip(COMMUNES, valeurs, strict=True))


# --- Masquées sous un seuil ------------------------------------------------------------------------


def test_masked_under_the_threshold_are_bounded(monde):
    monde.add("foyers", list_communes(10, "s", 20, 30, 40, 50))
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (1, 4)
    assert e.bornes("epci", "A") == (11, 14), "une somme dont une part est masquée"
    assert e.bornes("commune", "01001") == (10, 10)
    sans_zero = monde.tighten("foyers", regle=MASQUE_5 | {"zeros_publies": False})
    assert sans_zero.bornes("commune", "01002") == (0, 4)


def test_masked_without_a_declared_threshold_has_no_bound(monde):
    monde.add("foyers", list_communes(10, "s", 20, 30, 40, 50))
    e = monde.tighten("foyers", regle={"seuil": 5})
    assert e.bornes("commune", "01002") == (None, None)
    assert e.bornes("epci", "A") == (10, None), "au moins ce qui est connu"


def test_published_total_bounds_what_is_masked(monde):
    monde.add("foyers", list_communes(10, "s", "s", 30, 40, 50))
    monde.add("foyers", {"01": 17, "02": 120}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert (e.bornes("commune", "01002"), e.bornes("commune", "01003")) == ((3, 4), (3, 4))
    # 17 + 120 : la région vaut 137 ; d'une somme de deux valeurs masquées, on ne dit rien à l'unité près.
    assert (e.bornes("region", "R1"), e.bornes("epci", "A")) == ((136, 138), (13, 14))
    libre = monde.tighten("foyers", regle={"seuil": 11})
    assert (libre.bornes("commune", "01002"), libre.bornes("commune", "01003")) == ((0, 7), (0, 7))


def test_a_masked_cell_is_never_given_by_subtraction(monde):
    monde.add("foyers", list_communes(10, "s", 4, 30, 40, 50))
    monde.add("foyers", {"01": 17, "02": 120}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (1, 4)
    assert e.bornes("epci", "A") == (11, 14)
    assert e.anomalies == ["secret_deductible"]


def test_une_somme_de_communes_is_not_a_masked_effectif(tmp_path):
    """Deux communes réunies, dont une masquée : la réunion n'est pas entre 1 et 4."""
    communes = {"2025": [*COMMUNES, "01009"], "2026": COMMUNES}
    passages = {("2025", "2026"): [("01009", "01002", 1.0)]}
    monde = MondeEncadre(write_pays(tmp_path, communes=communes, passages=passages))
    monde.add("foyers", {**list_communes(10, "s", 20, 30, 40, 50), "01009": 60}, cog="2025")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (61, 64)


def test_montant_is_not_an_effectif_under_the_threshold(monde):
    monde.add("montant", list_communes(1000, "s", 2000, 3000, 4000, 5000), unite="euros")
    assert monde.tighten("montant", regle=MASQUE_5).bornes("commune", "01002") == (None, None)


# --- Arrondies ---------------------------------------------------------------------------------------


def test_rounded_parts_of_a_published_total(monde):
    # 3 à 7 chacune, total exact 20 : au moins 6.
    monde.add("foyers", list_communes(5, 5, 5, 10, 10, 10), arrondi=5)
    monde.variables["foyers"]["arrondi"] = 0
    monde.add("foyers", {"01": 20, "02": 30}, maille="departement")
    monde.variables["foyers"]["arrondi"] = 5
    e = monde.tighten("foyers")
    assert e.bornes("commune", "01001", avant=True) == (3, 7)
    # La valeur montrée, 5, reste dans ses bornes.
    assert e.bornes("commune", "01001") == (5, 7)
    assert e.bornes("epci", "B") == (5, 7)
    assert e.bornes("epci", "A") == (10, 14)
    assert e.bornes("commune", "02001") == (8, 12)


def test_our_own_sums_teach_nothing(monde):
    monde.add("foyers", list_communes(5, 10, 15, 20, 25, 30), arrondi=5)
    e = monde.tighten("foyers")
    assert e.apres is e.avant


def test_twenty_rounded_parts_are_known_to_forty(tmp_path):
    codes = [f"01{i:03}" for i in range(1, 21)]
    monde = MondeEncadre(write_pays(tmp_path, communes={"2026": codes}, epci=dict.fromkeys(codes, "A")))
    monde.add("foyers", dict.fromkeys(codes, 50), arrondi=5)
    e = monde.tighten("foyers")
    assert e.bornes("departement", "01") == (960, 1040)
    assert e.bornes("commune", codes[0]) == (48, 52)


def test_sex_and_total_bound_each_other(monde):
    monde.add("femmes", list_communes(5, 0, 5, 10, 10, 10), arrondi=5)
    monde.add("hommes", list_communes(5, 0, 5, 10, 10, 10), arrondi=5)
    monde.add("tous", list_communes(5, 5, 10, 20, 20, 25), arrondi=5, total_de=["femmes", "hommes"])
    e = monde.tighten("tous")
    # 3 à 7 femmes et autant d'hommes pour 3 à 7 personnes : 6 ou 7 personnes ; la valeur montrée reste dedans.
    assert e.bornes("commune", "01001") == (5, 7)
    assert e.bornes("commune", "01002") == (3, 5), "0 à 2 et 0 à 2 : au plus 4, et 5 est montré"
    assert monde.tighten("femmes").bornes("commune", "01001") == (3, 5)


def test_plafond_bounds_a_masked_part(monde):
    monde.add("logements", list_communes(8, 6, 20, 30, 40, 50))
    monde.add("vacants", list_communes("s", "s", 3, 4, 5, 6), au_plus="logements")
    e = monde.tighten("vacants", regle={"seuil": 11})
    assert (e.bornes("commune", "01001"), e.bornes("epci", "A")) == ((0, 8), (0, 14))


def test_nothing_is_learned_from_exact_counts(monde):
    """Un total reçu par convention n'est publié par personne : le lecteur ne l'a pas."""
    monde.add("logements", list_communes(8, 6, 20, 30, 40, 50))
    monde.add("vacants", list_communes("s", "s", 3, 4, 5, 6), au_plus="logements")
    e = monde.tighten("vacants", regle={"seuil": 11}, exacts=[("logements", "2025")])
    assert e.bornes("commune", "01001") == (None, None)
    assert list_liees(monde.open_moteur().catalogue, ["vacants"]) == {"vacants", "logements"}


# --- Ce qui n'est pas une égalité ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        {"codes_ignores": {"(vide)": "non localisés"}},
        {"millesimes": {"2025": {"codes_ignores": {"*XXX": "non localisés"}}}},
        {"filtres": {"Lieu": ["connu"]}},
        {"exclure_si_rempli": "doublon"},
    ],
)
def test_total_with_what_is_not_located_only_bounds_from_above(monde, source):
    monde.source = source
    monde.add("foyers", list_communes(10, "s", "s", 30, 40, 50))
    monde.add("foyers", {"01": 17, "02": 120}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (1, 4), "17 compte peut-être des foyers d'aucune commune"
    monde.lignes[-2]["valeur"] = monde.lignes[-2]["borne_inf"] = monde.lignes[-2]["borne_sup"] = 13
    assert monde.tighten("foyers", regle=MASQUE_5).bornes("commune", "01002") == (1, 2)


@pytest.mark.parametrize("absente", [None, "nd", "///"])
def test_missing_part_forbids_a_lower_bound(monde, absente):
    monde.add("foyers", list_communes(10, "s", absente, 30, 40, 50))
    monde.add("foyers", {"01": 13, "02": 120}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (1, 3)


def test_totals_above_their_known_parts_become_majorants(monde):
    """Un département entièrement connu dépasse ses communes : partout, le total compte autre chose."""
    monde.add("foyers", list_communes(10, "s", "s", 30, 40, 50))
    monde.add("foyers", {"01": 17, "02": 125}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert (e.bornes("commune", "01002"), e.anomalies) == ((1, 4), ["totaux_non_repartis"])


def test_contradictory_totals_keep_the_bounds(monde):
    monde.add("foyers", list_communes(10, "s", "s", 30, 40, "s"))
    monde.add("foyers", {"01": 9, "02": 72}, maille="departement")
    e = monde.tighten("foyers", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (1, 4)
    assert e.bornes("commune", "02003") == (1, 4), "2 : on ne le dit pas"
    assert e.anomalies == ["totaux_incompatibles", "secret_deductible"]


@pytest.mark.parametrize(("cog", "attendu"), [("2025", (1, 4)), ("2026", (1, 2))])
def test_total_of_an_unknown_geography_is_not_used(tmp_path, cog, attendu):
    """Un EPCI livré dans une géographie dont on ignore la composition n'est pas un total."""
    communes = {"2025": COMMUNES, "2026": COMMUNES}
    pays = write_pays(tmp_path, communes=communes, passages={("2025", "2026"): []})
    epci = pays.territoires.query("maille == 'epci'").assign(cog="2025")
    monde = MondeEncadre(pays.with_lignes(territoires=[epci]))
    monde.add("foyers", list_communes("s", "s", 4, 30, 40, 50))
    monde.add("foyers", {"A": 3}, maille="epci", cog=cog)
    assert monde.tighten("foyers", regle=MASQUE_5).bornes("commune", "01002") == attendu


def test_weighted_counts_are_left_alone(monde):
    """Des effectifs pondérés ne s'additionnent qu'à leur écriture près : rien ne s'en déduit."""
    monde.add("foyers", list_communes(10.4, "s", 20.2, 30, 40, 50))
    monde.add("foyers", {"01": 33, "02": 120}, maille="departement")
    assert monde.tighten("foyers").bornes("commune", "01002") == (None, None)


def test_mode_c_and_other_measures_are_left_alone(monde):
    monde.add("foyers", list_communes(10, "s", 20, 30, 40, 50))
    e = monde.tighten("foyers", regle=MASQUE_5 | {"mode": "C"})
    assert e.apres is e.avant
    seules = monde.tighten("foyers", regle=MASQUE_5, agregation="interdite")
    assert seules.apres is seules.avant


# --- Rapports -----------------------------------------------------------------------------------------


def test_ratio_of_a_masked_numerator(monde):
    monde.add("foyers", list_communes(10, "s", 20, 30, 40, 50))
    monde.add("menages", dict.fromkeys(COMMUNES, 200))
    e = monde.tighten("foyers", denominateur="menages", multiplicateur=100, unite="%", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (0.5, 2)
    assert e.bornes("epci", "A") == (2.75, 3.5)
    sans = monde.tighten("foyers", denominateur="menages", multiplicateur=100, unite="%", regle={"seuil": 5})
    assert sans.bornes("commune", "01002") == (None, None), "de 0 à 100 % : rien d'appris"


def test_ratio_of_rounded_counts_and_published_totals(monde):
    monde.add("foyers", list_communes(5, 5, 5, 10, 10, 10), arrondi=5)
    monde.variables["foyers"]["arrondi"] = 0
    monde.add("foyers", {"01": 19, "02": 30}, maille="departement")
    monde.variables["foyers"]["arrondi"] = 5
    monde.add("menages", dict.fromkeys(COMMUNES, 100))
    e = monde.tighten("foyers", denominateur="menages", multiplicateur=100, unite="%")
    assert e.bornes("commune", "01001", avant=True) == pytest.approx((3, 7))
    assert e.bornes("commune", "01001") == pytest.approx((5, 7))
    # Le producteur ne donne pas les ménages du département : 9 à 21 foyers, dont on sait le total, sur 300.
    assert e.bornes("departement", "01", avant=True) == pytest.approx((3, 7))
    assert e.bornes("departement", "01") == pytest.approx((5, 19 / 3))


def test_rule_says_nothing_of_another_producer(monde):
    """Le masque sous 5 d'une caisse ne vaut pas pour un dénominateur masqué par un autre producteur."""
    monde.add("foyers", list_communes(10, 12, 20, 30, 40, 50))
    for ligne in monde.lignes:
        if ligne["variable"] == "population_municipale" and ligne["code_territoire"] == "01002":
            ligne |= {"valeur": float("nan"), "borne_inf": float("nan"), "borne_sup": float("nan"), "statut": "secret"}
    e = monde.tighten("foyers", denominateur="population_municipale", multiplicateur=1000, unite="‰", regle=MASQUE_5)
    assert e.bornes("commune", "01002") == (None, None)


# --- Propriétés ---------------------------------------------------------------------------------------


def publish(verite, formes):
    """Ce que le producteur publie de chaque commune : exact, arrondi à 5 ou masqué de 1 à 4."""
    publiees, bornes = [], []
    for v, forme in zip(verite, formes, strict=True):
        masquable = forme == "s" and 0 < v < 5
        publiees.append("s" if masquable else v)
        bornes.append((1, 4) if masquable else (v, v))
    return publiees, bornes


def solve(bornes, groupes, cases):
    """Bornes exactes de sommes de communes, par ``linprog`` : n'emploie rien du moteur."""
    a = np.array([[code in codes for code in COMMUNES] for codes, _ in groupes], float)
    b = [total for _, total in groupes]
    egales = {"A_eq": a, "b_eq": b} if b else {}
    rendues = []
    for codes in cases:
        cout = np.array([code in codes for code in COMMUNES], float)
        bas, haut = (linprog(s * cout, bounds=bornes, method="highs", **egales) for s in (1, -1))
        rendues.append((bas.fun, -haut.fun))
    return rendues


@pytest.mark.parametrize(("nom", "epci"), [("emboites", EPCI), ("a_cheval", A_CHEVAL)])
@given(
    verite=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    formes=st.lists(st.sampled_from("s."), min_size=6, max_size=6),
    niveaux=st.sets(st.sampled_from(["departement", "epci", "region"])),
)
@settings(deadline=None, max_examples=12)
def test_bounds_are_those_of_an_independent_program(pays, nom, epci, verite, formes, niveaux):
    monde = MondeEncadre(pays[nom])
    publiees, bornes = publish(verite, formes)
    monde.add("foyers", list_communes(*publiees))
    parents = {"departement": {c: c[:2] for c in COMMUNES}, "epci": epci, "region": dict.fromkeys(COMMUNES, "R1")}
    groupes = []
    for niveau in sorted(niveaux):
        codes = {p: {c for c in COMMUNES if parents[niveau][c] == p} for p in sorted(set(parents[niveau].values()))}
        totaux = {
            p: sum(v for c, v in zip(COMMUNES, verite, strict=True) if c in dedans) for p, dedans in codes.items()
        }
        monde.add("foyers", totaux, maille=niveau)
        groupes += [(codes[p], totaux[p]) for p in codes]
    e = monde.tighten("foyers", regle=MASQUE_5)
    masquees = [c for c, p in zip(COMMUNES, publiees, strict=True) if p == "s"]
    for code, (bas, haut) in zip(masquees, solve(bornes, groupes, [{c} for c in masquees]), strict=True):
        dites = e.bornes("commune", code)
        assert dites[0] <= verite[COMMUNES.index(code)] <= dites[1]
        # À l'unité près, rien n'est dit de plus que la règle.
        attendues = (1, 4) if haut - bas < 1 else (bas, haut)
        assert dites == pytest.approx(attendues, abs=1e-5)
    assert set(e.anomalies) <= {"secret_deductible"}
    assert e.apres[["valeur", "statut", "numerateur"]].equals(e.avant[["valeur", "statut", "numerateur"]])


@given(
    verite=st.lists(st.integers(0, 30), min_size=6, max_size=6),
    decalage=st.integers(0, 40),
    localises=st.booleans(),
)
@settings(deadline=None, max_examples=10)
def test_truth_stays_inside_and_a_total_only_tightens(pays, verite, decalage, localises):
    """Arrondis à 5 et total exact : la vérité n'est jamais exclue, même si le total compte des non localisés."""
    arrondies = [5 * ((v + 2) // 5) for v in verite]
    monde = MondeEncadre(pays["a_cheval"])
    monde.add("foyers", list_communes(*arrondies), arrondi=5)
    libre = monde.tighten("foyers")
    monde.variables["foyers"]["arrondi"] = 0
    if not localises:
        monde.source = {"codes_ignores": {"(vide)": "non localisés"}}
    ajout = 0 if localises else decalage
    monde.add("foyers", {"01": sum(verite[:3]) + ajout, "02": sum(verite[3:]) + ajout}, maille="departement")
    monde.variables["foyers"]["arrondi"] = 5
    e = monde.tighten("foyers")
    assert e.anomalies == []
    for maille, code, vrai in [
        *(("commune", c, v) for c, v in zip(COMMUNES, verite, strict=True)),
        ("epci", "B", verite[2] + verite[3]),
        ("region", "R1", sum(verite)),
    ]:
        bas, haut = e.bornes(maille, code)
        larges = libre.bornes(maille, code)
        assert larges[0] <= bas <= vrai <= haut <= larges[1], (maille, code)
