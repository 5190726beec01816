"""Coordonnées dans le mauvais système, ou axes inversés : elles sortent de l'emprise du territoire attendu."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.controles.contexte import ContexteControle, Positions
from observatoire.ingestion.controles.emprises import EMPRISES, list_zones
from observatoire.ingestion.controles.exemples import EXEMPLES, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite

_PART_BLOQUANTE = 0.5
_PART_EXPLIQUEE = 0.8
_EXAMINES = 400

SYSTEMES = {
    2154: "Lambert-93",
    2975: "UTM 40 Sud (La Réunion)",
    5490: "UTM 20 Nord (Antilles)",
    2972: "UTM 22 Nord (Guyane)",
    4471: "UTM 38 Sud (Mayotte)",
    27572: "Lambert II étendu",
    3857: "Mercator du web",
    3035: "Lambert européen",
}
"""Systèmes essayés quand des coordonnées ne sont pas en degrés, du plus au moins courant."""


def check_coordonnees(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare chaque point à l'emprise de son territoire, et cherche le système qui l'y ramènerait."""
    positions = contexte.positions
    if positions is None or not len(positions.longitude):
        return
    zones = list_zones(positions)
    remplis = np.isfinite(positions.longitude) & np.isfinite(positions.latitude)
    dehors = remplis & ~_are_dans(positions.longitude, positions.latitude, zones)
    rangs = np.flatnonzero(dehors)
    if not len(rangs):
        return
    part = len(rangs) / int(remplis.sum())
    nuls = rangs[(positions.longitude[rangs] == 0) & (positions.latitude[rangs] == 0)]
    restants = rangs[(positions.longitude[rangs] != 0) | (positions.latitude[rangs] != 0)]
    if len(nuls):
        yield _report(
            contexte, positions, nuls, "position_nulle", Gravite.A_REGARDER,
            "point(s) en 0, 0 : la position manque, elle n'est pas au large du Ghana",
            "Laissez la cellule vide quand la position est inconnue.",
        )  # fmt: skip
    if not len(restants):
        return
    code, cause, conseil = _explain(positions, restants, zones)
    gravite = Gravite.BLOQUANT if part >= _PART_BLOQUANTE else Gravite.A_REGARDER
    yield _report(
        contexte, positions, restants, code, gravite, f"point(s) hors du territoire attendu : {cause}", conseil
    )


def _are_dans(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], zones: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Points dans l'emprise de leur zone ; sans zone connue, dans l'une quelconque."""
    boites = np.array(list(EMPRISES.values()))
    with np.errstate(invalid="ignore"):
        toutes = (
            (longitude[:, None] >= boites[:, 0]) & (latitude[:, None] >= boites[:, 1])
            & (longitude[:, None] <= boites[:, 2]) & (latitude[:, None] <= boites[:, 3])
        )  # fmt: skip
    choisie = toutes[np.arange(len(zones)), np.maximum(zones, 0)]
    return np.where(zones >= 0, choisie, toutes.any(axis=1))


def _explain(positions: Positions, rangs: NDArray[np.intp], zones: NDArray[np.int64]) -> tuple[str, str, str]:
    pris = rangs[np.linspace(0, len(rangs) - 1, min(len(rangs), _EXAMINES)).astype(int)]
    x, y, zone = positions.longitude[pris], positions.latitude[pris], zones[pris]
    if _are_dans(y, x, zone).mean() >= _PART_EXPLIQUEE:
        return (
            "axes_inverses",
            "latitude et longitude sont échangées",
            "Échangez les deux colonnes dans la déclaration (colonne_longitude, colonne_latitude).",
        )
    if _are_dans(-x, y, zone).mean() >= _PART_EXPLIQUEE or _are_dans(x, -y, zone).mean() >= _PART_EXPLIQUEE:
        return ("signe_perdu", "le signe moins d'une coordonnée est perdu", "Rendez son signe à la coordonnée.")
    if np.abs(x).max() > 180 or np.abs(y).max() > 90:  # noqa: PLR2004 -- bornes des degrés
        for epsg, nom in SYSTEMES.items():
            for inverse in (False, True):
                if _transforme_dans(epsg, y if inverse else x, x if inverse else y, zone):
                    suite = ", axes échangés" if inverse else ""
                    return (
                        "mauvais_systeme",
                        f"elles semblent être en {nom} (EPSG {epsg}{suite}), et non en degrés",
                        f"Convertissez-les en longitude et latitude (WGS 84) depuis l'EPSG {epsg}.",
                    )
        return ("mauvais_systeme", "elles ne sont pas en degrés", "Demandez au producteur le système de coordonnées.")
    return (
        "hors_du_territoire",
        "le code de commune ou la position est faux",
        "Vérifiez l'adresse et le code de commune.",
    )


def _transforme_dans(epsg: int, x: NDArray[np.float64], y: NDArray[np.float64], zones: NDArray[np.int64]) -> bool:
    from pyproj import Transformer

    longitude, latitude = Transformer.from_crs(epsg, 4326, always_xy=True).transform(x, y)
    return bool(_are_dans(np.asarray(longitude), np.asarray(latitude), zones).mean() >= _PART_EXPLIQUEE)


def _report(
    contexte: ContexteControle,
    positions: Positions,
    rangs: NDArray[np.intp],
    code: str,
    gravite: Gravite,
    cause: str,
    conseil: str,
) -> Anomalie:
    ressource = contexte.source.ressource
    lignes = ", ".join(str(int(ligne)) for ligne in positions.lignes[rangs[:EXEMPLES]])
    premier = rangs[0]
    return Anomalie(
        code,
        gravite,
        contexte.fichier,
        f"{write_nombre(len(rangs))} {cause} (ligne(s) {lignes}{'…' if len(rangs) > EXEMPLES else ''}).",
        ligne=int(positions.lignes[premier]),
        colonne=ressource.colonne_longitude if ressource is not None else None,
        valeur=f"{write_nombre(positions.longitude[premier])} ; {write_nombre(positions.latitude[premier])}",
        suggestion=conseil,
    )
