"""Coordonnées : système, axes, signe, emprise ; vraies positions de communes converties à dessein."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from observatoire.ingestion.controles import Positions
from observatoire.ingestion.controles.coordonnees import check_coordonnees
from observatoire.modeles.anomalies import Gravite
from tests.ingestion.controles.atelier import build_contexte, build_lot
from tests.territoires.petit_referentiel import write_petit_referentiel

# Commune, longitude, latitude : Bordeaux, Saint-Denis de La Réunion, Fort-de-France, Cayenne, Mamoudzou.
LIEUX = {
    "33063": (-0.579, 44.838),
    "97411": (55.448, -20.882),
    "97209": (-61.059, 14.604),
    "97302": (-52.326, 4.937),
    "97608": (45.228, -12.781),
}
LOCAUX = {"33063": 2154, "97411": 2975, "97209": 5490, "97302": 2972, "97608": 4471}


@pytest.fixture
def check(tmp_path):
    petit = write_petit_referentiel(tmp_path)

    def joue(x, y, codes):
        positions = Positions(
            np.asarray(x, float), np.asarray(y, float), pd.Index(codes, dtype=object), np.arange(2, len(x) + 2)
        )
        return list(check_coordonnees(build_contexte(petit, build_lot(["01001"], v=[1]), positions=positions)))

    return joue


def test_true_positions_pass(check):
    x, y = zip(*LIEUX.values(), strict=True)
    assert check(x, y, list(LIEUX)) == []
    assert check(x, y, []) == []


@pytest.mark.parametrize("code", LIEUX)
def test_local_projection_is_named(check, code):
    x, y = Transformer.from_crs(4326, LOCAUX[code], always_xy=True).transform(*LIEUX[code])
    (a,) = check([x] * 4, [y] * 4, [code] * 4)
    assert (a.code, a.gravite) == ("mauvais_systeme", Gravite.BLOQUANT)
    assert f"EPSG {LOCAUX[code]}" in a.message


@pytest.mark.parametrize("code", LIEUX)
def test_swapped_axes_are_seen(check, code):
    longitude, latitude = LIEUX[code]
    (a,) = check([latitude], [longitude], [code])
    assert a.code == "axes_inverses"


def test_swapped_projected_axes_are_seen(check):
    (a,) = check([6_422_000.0] * 3, [417_000.0] * 3, ["33063"] * 3)
    assert (a.code, "axes échangés" in a.message) == ("mauvais_systeme", True)


def test_lost_sign_is_seen(check):
    (a,) = check([61.059], [14.604], ["97209"])
    assert a.code == "signe_perdu"


def test_one_wrong_point_among_many_is_only_shown(check):
    x, y = [-0.579] * 9 + [2.35], [44.838] * 9 + [48.85]
    assert check(x, y, ["33063"] * 10) == []
    (a,) = check([*x[:9], 55.4], [*y[:9], -20.9], ["33063"] * 10)
    assert (a.code, a.gravite, a.ligne) == ("hors_du_territoire", Gravite.A_REGARDER, 11)


def test_null_position_is_said_apart(check):
    (a,) = check([-0.579, 0.0, -0.5], [44.838, 0.0, 44.8], ["33063"] * 3)
    assert a.code == "position_nulle"


def test_missing_positions_are_not_faults(check):
    assert check([np.nan, -0.579], [np.nan, 44.838], ["33063"] * 2) == []
