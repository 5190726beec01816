"""Décor d'une carte de situation : le département, la commune ou la France qui entourent un territoire."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from observatoire.cartes.contours import read_contours, read_limites
from observatoire.cartes.fond import FRANCE, load_index, name_fond
from observatoire.cartes.palettes import CARTE, ENCRE, FILET, LIMITE_COMMUNE
from observatoire.cartes.projections import PROJECTIONS, ZONES_CARTON, Zone, find_zones
from observatoire.cartes.situation_phrase import Etendue
from observatoire.cartes.situation_trace import (
    DIXIEMES,
    Boite,
    Emprise,
    Repere,
    fit,
    simplify,
    write_interieures,
    write_lignes,
    write_surfaces,
)
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from observatoire.cartes.couvertures import Geometries
    from observatoire.cartes.fond import FondFichier

LARGEUR, HAUTEUR = 280, 200
_MARGE = 6
_PAGE = Boite(_MARGE, _MARGE, LARGEUR - 2 * _MARGE, HAUTEUR - 2 * _MARGE)
_COTE_CARTON, _ECART_CARTON = 35, 3
_METROPOLE = Boite(_COTE_CARTON + 4 * _MARGE, _MARGE, LARGEUR - _COTE_CARTON - 5 * _MARGE, HAUTEUR - 2 * _MARGE)

COMMUNES_MAX = 100
"""Au-delà, les limites de communes noirciraient le dessin : celles des EPCI les remplacent."""
_DECORS_GARDES = 24


class Fonds(NamedTuple):
    """Fonds d'une publication : leur dossier, et celui de leur index figé."""

    dossier: Path
    dossier_index: Path

    def find(self, maille: str, portee: str) -> FondFichier | None:
        """Fond d'un niveau dans une portée ; aucun s'il n'a pas été dessiné."""
        return _load_index(self.dossier_index).get(name_fond(maille, portee))

    def read(self, maille: str, portee: str) -> gpd.GeoDataFrame:
        """Contours d'un fond.

        Raises:
            ConfigurationError: il n'a pas été dessiné.
        """
        fond = self.find(maille, portee)
        if fond is None:
            msg = f"Le fond de carte « {name_fond(maille, portee)} » manque. Relancez « observatoire construire »."
            raise ConfigurationError(msg)
        return read_contours(self.dossier, fond)

    def read_limites(self, portee: str, sorte: str) -> Geometries:
        """Lignes de limites d'une sorte ; aucune si le fond n'a pas été dessiné."""
        fond = self.find("limites", portee)
        if fond is None:
            return np.array([], dtype=object)
        limites = read_limites(self.dossier, fond)
        return limites.geometry.to_numpy()[(limites["sorte"] == sorte).to_numpy()]


@lru_cache(maxsize=2)
def _load_index(dossier: Path) -> dict[str, FondFichier]:
    return load_index(dossier)


class DecorLocal(NamedTuple):
    """Ce qui entoure : sous le territoire, par-dessus lui, et l'étendue à laquelle il se compare."""

    repere: Repere
    dessous: str
    dessus: str
    etendue: Etendue


@lru_cache(maxsize=_DECORS_GARDES)
def build_decor_local(fonds: Fonds, maille: Maille, departements: tuple[str, ...]) -> DecorLocal:
    """Départements d'un territoire (ou commune d'un arrondissement municipal) et leurs limites fines."""
    if maille is Maille.ARRONDISSEMENT_MUNICIPAL:
        entourage = np.array([shapely.union_all(fonds.read(maille, departements[0]).geometry.to_numpy())])
    else:
        entourage = np.array([_build_surface(fonds.read_limites(d, Maille.DEPARTEMENT)) for d in departements])
    repere = fit(Emprise(*shapely.total_bounds(entourage)), _PAGE)
    pose = repere.project(entourage)
    contour = write_surfaces(simplify(pose))
    fins = "".join(_draw_fins(fonds, maille, d, repere) for d in departements)
    return DecorLocal(
        repere,
        f'<path d="{contour}" fill="{CARTE}" fill-rule="evenodd"/>{fins}',
        f'<path d="{contour}" fill="none" stroke="{ENCRE}" stroke-width="12" stroke-linejoin="round"/>',
        measure(pose),
    )


def _build_surface(bords: Geometries) -> shapely.Geometry:
    # L'arrondi peut replier une limite sur elle-même : l'union la coupe là où elle se croise.
    return shapely.build_area(shapely.union_all(bords))


def _draw_fins(fonds: Fonds, maille: Maille, departement: str, repere: Repere) -> str:
    """Limites fines d'un département : celles du niveau montré, ou des EPCI s'il y a trop de communes."""
    fond = fonds.find(maille, departement)
    if maille is Maille.EPCI or fond is None or len(fond.codes) > COMMUNES_MAX:
        epci = repere.project(fonds.read_limites(departement, Maille.EPCI))
        chemin = write_lignes(shapely.simplify(epci, DIXIEMES / 2))
    else:
        chemin = write_interieures(simplify(repere.project(read_contours(fonds.dossier, fond).geometry.to_numpy())))
    return f'<path d="{chemin}" fill="none" stroke="{LIMITE_COMMUNE}" stroke-width="5"/>' if chemin else ""


class DecorFrance(NamedTuple):
    """France dessinée : un repère et un chemin par zone, et l'étendue de la métropole."""

    reperes: dict[Zone, Repere]
    chemins: dict[Zone, str]
    metropole: Etendue

    def draw(self, remplissage: str = CARTE) -> str:
        """Cartons et surfaces ; chaque zone dit son nom au survol."""
        boites = _place_zones()
        cadres = [_draw_carton(boites[zone]) for zone in self.chemins if zone is not Zone.METROPOLE]
        zones = [
            f"<g><title>{PROJECTIONS[zone].libelle}</title>"
            f'<path d="{chemin}" fill="{remplissage}" fill-rule="evenodd" stroke="{LIMITE_COMMUNE}" '
            f'stroke-width="5" stroke-linejoin="round"/></g>'
            for zone, chemin in self.chemins.items()
        ]
        return "".join([*cadres, *zones])


@lru_cache(maxsize=4)
def build_decor_france(fonds: Fonds, niveau: Maille) -> DecorFrance:
    """France entière, découpée en régions ou en départements, chaque morceau d'outre-mer en carton."""
    contours = fonds.read(niveau, FRANCE)
    zones = find_zones(contours)
    reperes, chemins = {}, {}
    metropole = Etendue(0, 0, 0)
    for zone, boite in _place_zones().items():
        ici = contours.geometry.to_numpy()[zones == zone.value]
        if not len(ici):
            continue
        reperes[zone] = fit(Emprise(*shapely.total_bounds(ici)), boite)
        pose = reperes[zone].project(ici)
        chemins[zone] = write_surfaces(simplify(pose))
        if zone is Zone.METROPOLE:
            metropole = measure(pose)
    return DecorFrance(reperes, chemins, metropole)


def _place_zones() -> dict[Zone, Boite]:
    """Place de chaque zone : les cartons en colonne à gauche, la métropole dans le reste."""
    pas = _COTE_CARTON + _ECART_CARTON
    haut = (HAUTEUR - len(ZONES_CARTON) * pas + _ECART_CARTON) / 2
    boites = {
        zone: Boite(_MARGE + 2, haut + rang * pas + 2, _COTE_CARTON - 4, _COTE_CARTON - 4)
        for rang, zone in enumerate(ZONES_CARTON)
    }
    return boites | {Zone.METROPOLE: _METROPOLE}


def _draw_carton(boite: Boite) -> str:
    x, y, cote = (round(DIXIEMES * v) for v in (boite.x - 2, boite.y - 2, _COTE_CARTON))
    return f'<rect x="{x}" y="{y}" width="{cote}" height="{cote}" fill="none" stroke="{FILET}" stroke-width="10"/>'


def measure(geometries: Geometries) -> Etendue:
    """Centre de gravité et surface d'un ensemble de contours projetés."""
    surfaces = shapely.area(geometries)
    centres = shapely.get_coordinates(shapely.centroid(geometries))
    x, y = np.average(centres, axis=0, weights=surfaces if surfaces.sum() else None)
    return Etendue(float(x), float(y), float(surfaces.sum()))
