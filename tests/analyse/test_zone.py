"""Zone à la demande : ce que la diffusion dit de ses communes, et rien de plus."""

import copy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.analyse.territoires import Territoires
from observatoire.analyse.zone import build_zone_json, compute_zone
from observatoire.errors import AppelError, TerritoireInconnuError
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.mailles import Maille
from observatoire.secret.porte import hide_absentes
from tests.calculs.petit_monde import HABITANTS, PetitMonde

E2 = ("01002", "02002", "02009")
TOUTES = tuple(HABITANTS)


class Publiee:
    """Ce qu'une consultation dit d'un indicateur calculé sur le petit monde."""

    def __init__(self, monde, type_mesure="effectif", numerateur="cas", **fiche):
        observations = monde.compute(type_mesure, numerateur, **fiche)
        self.table = hide_absentes(observations.table)
        self.fiche = build_fiche(type_mesure, numerateur, fiche)
        self.catalogue = SimpleNamespace(variable=lambda v: monde.sources[v].variables[v])
        self.publication = SimpleNamespace(id="p1", date="2026-01-01", cog="2026")
        territoires = pd.DataFrame({"maille": "commune", "code": list(HABITANTS), "libelle": list(HABITANTS)})
        territoires["population"] = list(map(float, HABITANTS.values()))
        self.territoires = Territoires(territoires, pd.DataFrame())

    def find_indicateur(self, _identifiant):
        return self.fiche

    def resolve_periode(self, _fiche, _maille, periode):
        return periode or "2025"

    def describe_source(self, *_arguments):
        return "Source : essai."

    def read_points(self, _fiche, periode, points):
        cles = {(str(m), c) for m, c in points}
        t = self.table[self.table.periode == periode]
        dedans = [(str(m), c) in cles for m, c in zip(t.maille, t.code_territoire, strict=True)]
        return t[np.array(dedans, dtype=bool)].astype({"statut": "str", "marques": "str", "code_territoire": "str"})

    def epci(self, code):
        t = self.table
        lignes = t[(t.maille == "epci") & (t.code_territoire == code)]
        return lignes.iloc[0] if len(lignes) else None


def build_fiche(type_mesure, numerateur, fiche):
    return Indicateur.model_validate(
        {
            "id": "essai", "libelle": "Essai", "libelle_court": "Essai", "unite": "cas", "champ": "Tout",
            "definition": "Indicateur d'essai, calculé.", "problematiques": ["habitat"], "nature": "contexte",
            "type_mesure": type_mesure, "numerateur": numerateur, "source": numerateur, "mailles": ["commune", "epci"],
            "frequence": "annuelle", "polarite": 0, "secret": "ouverte",
            "lecture": "En {periode}, {valeur} {du_territoire}.",
        }
        | fiche
    )  # fmt: skip


@pytest.fixture(scope="module")
def vierge(tmp_path_factory):
    return PetitMonde(tmp_path_factory.mktemp("monde"))


def renew(vierge):
    """Monde sans variable, sur le référentiel déjà écrit."""
    monde = copy.copy(vierge)
    monde.lignes, monde.sources = list(vierge.lignes), dict(vierge.sources)
    return monde


@pytest.fixture
def monde(vierge):
    return renew(vierge)


def test_effectif_is_the_sum_of_its_communes(monde):
    monde.add("cas", {"01001": 10, "01002": 40, "02001": 90, "02002": 6, "02009": 4})
    zone = compute_zone(Publiee(monde), "essai", ["02009", "01001", "02001", "01001"])
    assert (zone.valeur, zone.borne_inf, zone.borne_sup, zone.statut) == (104, 104, 104, "publie")
    assert (zone.codes, zone.population, zone.communes) == (("01001", "02001", "02009"), 440, {"publie": 3})


def test_ratio_is_a_ratio_of_sums_never_a_mean(monde):
    monde.add("cas", {"01001": 10, "01002": 40, "02001": 90, "02002": 6, "02009": 4})
    monde.add("logements", {"01001": 20, "01002": 400, "02001": 300, "02002": 60, "02009": 4})
    zone = compute_zone(Publiee(monde, "ratio", denominateur="logements", multiplicateur=100.0), "essai", E2)
    assert (zone.numerateur, zone.denominateur) == (50, 464)
    assert zone.valeur == pytest.approx(100 * 50 / 464)


def test_masked_commune_enters_by_nothing_but_its_published_bounds(monde):
    monde.add("cas", {"01001": 10, "01002": 40, "02001": 90, "02002": "s", "02009": 4})
    publiee = Publiee(monde)
    sans = compute_zone(publiee, "essai", E2)
    assert (sans.valeur, sans.borne_inf, sans.statut) == (44, 44, "partiel")
    assert np.isnan(sans.borne_sup)
    masquee = (publiee.table.maille == "commune") & (publiee.table.code_territoire == "02002")
    publiee.table.loc[masquee, ["borne_inf", "borne_sup"]] = [1.0, 4.0]
    avec = compute_zone(publiee, "essai", E2)
    assert (avec.valeur, avec.borne_inf, avec.borne_sup) == (44, 45, 48)


def test_mostly_masked_zone_shows_no_value(monde):
    monde.add("cas", {"01001": 10, "01002": "s", "02001": 90, "02002": 6, "02009": 4})
    zone = compute_zone(Publiee(monde), "essai", E2)
    assert zone.statut == "secret"
    assert np.isnan([zone.valeur, zone.numerateur, zone.denominateur, zone.borne_sup]).all()
    assert (zone.borne_inf, zone.communes) == (10, {"publie": 2, "secret": 1})


def test_zone_of_one_masked_commune_says_nothing(monde):
    monde.add("cas", {"01001": 10, "01002": "s", "02001": 90, "02002": 6, "02009": 4})
    contenu = build_zone_json(Publiee(monde), "essai", compute_zone(Publiee(monde), "essai", ["01002"]))
    assert contenu["valeur"] == {
        "valeur": None, "borne_inf": 0.0, "borne_sup": None, "numerateur": None, "denominateur": None,
        "couverture": 0.0, "statut": "secret", "marques": [],
    }  # fmt: skip


def test_rounded_communes_give_an_interval(monde):
    monde.add("cas", {"01001": 10, "01002": 40, "02001": 90, "02002": 5, "02009": 5}, arrondi=5)
    monde.add("logements", dict.fromkeys(TOUTES, 200))
    effectif = compute_zone(Publiee(monde), "essai", E2)
    assert (effectif.valeur, effectif.borne_inf, effectif.borne_sup, effectif.statut) == (50, 44, 56, "arrondi")
    ratio = compute_zone(Publiee(monde, "ratio", denominateur="logements", multiplicateur=100.0), "essai", E2)
    assert (ratio.valeur, ratio.borne_inf, ratio.borne_sup) == pytest.approx((50 / 6, 44 / 6, 56 / 6))


@pytest.mark.parametrize(
    ("type_mesure", "fiche"),
    [
        ("quantile", {}),
        ("indice", {}),
        ("effectif", {"agregation": "interdite"}),
        ("ratio", {"denominateur": "logements", "agregation": "interdite"}),
        ("evolution", {"periodes": ("2025-2026",)}),
    ],
)
def test_what_does_not_add_up_is_refused(monde, type_mesure, fiche):
    publiee = SimpleNamespace(find_indicateur=lambda _i: build_fiche(type_mesure, "cas", fiche))
    with pytest.raises(AppelError, match="ne s'agrège pas depuis ses communes"):
        compute_zone(publiee, "essai", E2)


def test_unknown_or_empty_zone_is_refused(monde):
    monde.add("cas", dict.fromkeys(TOUTES, 10))
    publiee = Publiee(monde)
    with pytest.raises(TerritoireInconnuError, match="n'a le code « 99999 »"):
        compute_zone(publiee, "essai", ["01001", "99999"])
    with pytest.raises(AppelError, match="La zone est vide"):
        compute_zone(publiee, "essai", [])


cellule = st.one_of(st.integers(0, 60), st.sampled_from(["s", "nd"]))


@settings(max_examples=40, deadline=None)
@given(
    cas=st.tuples(*[cellule] * 5),
    logements=st.tuples(*[st.integers(1, 90)] * 5),
    arrondis=st.tuples(st.sampled_from([0, 5]), st.sampled_from([0, 5])),
    rapport=st.booleans(),
)
def test_zone_of_an_epci_is_what_the_engine_publishes(vierge, cas, logements, arrondis, rapport):
    monde = renew(vierge)
    arrondi_cas, arrondi_logements = arrondis
    ronds = [c if isinstance(c, str) or not arrondi_cas else c - c % 5 for c in cas]
    monde.add("cas", dict(zip(TOUTES, ronds, strict=True)), arrondi=arrondi_cas)
    dens = [n - n % 5 + 5 if arrondi_logements else n for n in logements]
    monde.add("logements", dict(zip(TOUTES, dens, strict=True)), arrondi=arrondi_logements)
    declaree = monde.sources["logements"].variables["logements"].model_copy(update={"arrondi": arrondi_logements})
    monde.sources["logements"] = monde.sources["logements"].model_copy(update={"variables": {"logements": declaree}})
    fiche = {"denominateur": "logements", "multiplicateur": 100.0} if rapport else {}
    publiee = Publiee(monde, "ratio" if rapport else "effectif", "cas", **fiche)
    attendue = publiee.epci("E2")
    zone = compute_zone(publiee, "essai", E2)
    if attendue is None:
        assert zone.statut == "non_disponible"
        return
    # Une zone dit la moindre commune qui manque ; un niveau publié la passe sous 5 % de ses habitants.
    if attendue.statut == "publie" and {"secret", "non_disponible"} & set(zone.communes):
        assert (zone.statut, zone.marques) == ("partiel", ())
    else:
        assert zone.statut == attendue.statut
        assert ",".join(zone.marques) == attendue.marques
    assert zone.couverture == pytest.approx(attendue.couverture)
    obtenus = [zone.valeur, zone.numerateur, zone.denominateur]
    assert obtenus == pytest.approx([attendue.valeur, attendue.numerateur, attendue.denominateur], nan_ok=True)
    if not np.isnan(attendue.borne_inf):
        # Sans les dénominateurs exacts, l'intervalle de la zone est plus large, jamais à côté.
        assert zone.borne_inf <= attendue.borne_inf + 1e-9 or np.isnan(zone.borne_inf)
    if not np.isnan(attendue.borne_sup):
        assert zone.borne_sup >= attendue.borne_sup - 1e-9 or np.isnan(zone.borne_sup)


def test_read_points_asks_only_for_communes(monde):
    monde.add("cas", dict.fromkeys(TOUTES, 10))
    publiee = Publiee(monde)
    demandes = []
    lire = publiee.read_points
    publiee.read_points = lambda fiche, periode, points: demandes.extend(points) or lire(fiche, periode, points)
    compute_zone(publiee, "essai", E2)
    assert {m for m, _code in demandes} == {Maille.COMMUNE}
