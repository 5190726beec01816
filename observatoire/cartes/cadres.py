"""Cadres d'une carte imprimée : la métropole ou le département, et les cartons d'outre-mer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from observatoire.cartes.cadre import Boite, Couches, Symboles, add_cadre, choose_rayon, draw_cadre, to_geometries
from observatoire.cartes.lecture import RANGS_ETATS, EtatCarte
from observatoire.cartes.palettes import PAPIER, rampe, typologie
from observatoire.cartes.projections import PROJECTIONS, ZONES_CARTON, Zone, find_zones, project
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from observatoire.cartes.demande import CarteStatique
    from observatoire.cartes.lecture import LectureCarte

LARGEUR_CARTON, ECART_CARTON = 0.95, 0.1


def draw_cadres(
    fig: Figure, boite: Boite, demande: CarteStatique, lecture: LectureCarte, *, muet: bool = False
) -> Symboles | None:
    """Dessine le cadre principal et, s'il y en a, les cartons ; rend l'échelle commune des symboles.

    Args:
        fig: page.
        boite: place de l'ensemble.
        demande: carte à dessiner.
        lecture: ce qu'elle montre.
        muet: ni noms ni échelle, et des cartons plus étroits (vignette).
    """
    zones = find_zones(demande.contours)
    presentes = [zone for zone in (Zone.METROPOLE, *ZONES_CARTON) if (zones == zone.value).any()]
    principale, cartons = presentes[0], presentes[1:]
    ecart = ECART_CARTON / 2 if muet else ECART_CARTON
    largeur = (boite.hauteur - 4 * ecart) / len(ZONES_CARTON) * 0.8 if muet else LARGEUR_CARTON
    decalage = largeur + ecart if cartons else 0.0
    grand = Boite(boite.gauche + decalage, boite.bas, boite.largeur - decalage, boite.hauteur)
    couches = _build_couches(demande, lecture, zones == principale.value, principale)
    symboles = None
    if lecture.en_symboles:
        maximum = lecture.decoupage.maximum or 1.0
        symboles = Symboles(maximum, choose_rayon(couches, grand), demande.indicateur.nature)
    draw_cadre(add_cadre(fig, grand), couches, grand, symboles, muet=muet)
    for zone, place in zip(cartons, _place_cartons(boite, len(cartons), largeur, ecart), strict=True):
        retenus = _build_couches(demande, lecture, zones == zone.value, zone)
        titre = "" if muet else PROJECTIONS[zone].libelle
        draw_cadre(add_cadre(fig, place), retenus, place, symboles, titre, muet=muet)
    return symboles


def count_cartons(demande: CarteStatique) -> int:
    """Nombre de cartons d'outre-mer."""
    return len(set(find_zones(demande.contours).tolist())) - 1


def compute_forme(demande: CarteStatique) -> float:
    """Hauteur du cadre principal rapportée à sa largeur : 1 pour un carré, moins pour un territoire large."""
    zones = find_zones(demande.contours)
    presentes = [zone for zone in (Zone.METROPOLE, *ZONES_CARTON) if (zones == zone.value).any()]
    ouest, sud, est, nord = project(demande.contours[zones == presentes[0].value], presentes[0]).total_bounds
    return float((nord - sud) / (est - ouest)) if est > ouest else 1.0


def _place_cartons(boite: Boite, nombre: int, largeur: float, ecart: float) -> Iterator[Boite]:
    """Colonne de cartons, à gauche, du haut vers le bas."""
    hauteur = (boite.hauteur - (len(ZONES_CARTON) - 1) * ecart) / len(ZONES_CARTON)
    for rang in range(nombre):
        bas = boite.bas + boite.hauteur - (rang + 1) * hauteur - rang * ecart
        yield Boite(boite.gauche, bas, largeur, hauteur)


def _build_couches(demande: CarteStatique, lecture: LectureCarte, retenus: NDArray[np.bool_], zone: Zone) -> Couches:
    contours = project(demande.contours[retenus], zone)
    table, etats = lecture.table[retenus], lecture.etats[retenus]
    couleurs = np.array([*_choose_couleurs(lecture), PAPIER])
    classes = table["classe"].to_numpy()
    # Hors classe, la couleur n'est pas lue : le papier, dernier de la liste.
    rangs = np.where((classes >= 0) & (classes < len(couleurs) - 1), classes, len(couleurs) - 1)
    montrees = etats == RANGS_ETATS[EtatCarte.CLASSE]
    valeurs = table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    limites = _project_contexte(demande.limites, zone)
    return Couches(
        geometries=to_geometries(contours),
        noms=[str(nom) for nom in contours["libelle"].tolist()],
        etats=[*map(list(EtatCarte).__getitem__, etats.tolist())],
        fonds=couleurs[rangs].tolist(),
        valeurs=np.where(montrees, valeurs, np.nan),
        voisins=_project_contexte(demande.voisins, zone),
        limites=limites if limites is not None and len(limites) else None,
        filets=_project_contexte(demande.filets, zone),
        larges=demande.maille in MAILLES_DEPUIS_COMMUNE,
        choisi=_find_choisi(demande, retenus),
    )


def _project_contexte(couche: gpd.GeoDataFrame | None, zone: Zone) -> NDArray[np.object_] | None:
    """Part d'une couche de contexte qui est dans une zone."""
    if couche is None:
        return None
    return to_geometries(project(couche[find_zones(couche) == zone.value], zone))


def _find_choisi(demande: CarteStatique, retenus: NDArray[np.bool_]) -> int | None:
    rang = demande.rang_choisi
    if rang is None or not retenus[rang]:
        return None
    return int(np.count_nonzero(retenus[:rang]))


def _choose_couleurs(lecture: LectureCarte) -> tuple[str, ...]:
    if lecture.en_typologie:
        return typologie(max(1, len(lecture.indicateur.modalites)))
    return rampe(lecture.indicateur.nature, max(1, lecture.decoupage.nombre))
