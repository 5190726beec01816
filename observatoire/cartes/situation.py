"""Carte de situation : où est un territoire, en un petit dessin vectoriel posé dans la page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import shapely

from observatoire.analyse.articles import NomTerritoire, name_territoire
from observatoire.analyse.voisinage import list_parents
from observatoire.cartes.fond import FRANCE
from observatoire.cartes.palettes import ACTION, CARTE, ENCRE
from observatoire.cartes.projections import Zone, find_zones
from observatoire.cartes.situation_decor import (
    HAUTEUR,
    LARGEUR,
    Fonds,
    build_decor_france,
    build_decor_local,
    measure,
)
from observatoire.cartes.situation_phrase import find_direction, join_noms
from observatoire.cartes.situation_trace import DIXIEMES, write_cible
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.analyse.voisinage import Lien
    from observatoire.cartes.couvertures import Geometries

PETIT = 12 * DIXIEMES
"""Un territoire plus petit que 12 pixels est cerclé : une île, une ville de petite couronne."""
_EN_FRANCE = (Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE)
_SANS_CONTOUR = (Maille.COMMUNE_COM, Maille.COLLECTIVITE_OUTREMER, Maille.CARREAU, Maille.RECTANGLE)


def draw_situation(consultation: Consultation, maille: Maille, code: str) -> str:
    """Dessine un territoire dans ce qui l'entoure : SVG autonome, à poser dans la page.

    Une commune, un EPCI, un canton sont dans leur département (ou leurs départements) ; un arrondissement
    municipal dans sa commune ; un département ou une région dans la France, l'outre-mer en cartons. Le
    contour des IRIS n'est pas livré : leur commune est dessinée, et le texte le dit.

    Returns:
        SVG de 280 × 200 pixels, ou un texte vide si aucun contour n'est livré pour ce territoire.

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
        ConfigurationError: un fond de carte manque.
    """
    nom = _name(consultation, maille, code)
    if maille in _SANS_CONTOUR:
        return ""
    parents = list_parents(consultation, maille, code)
    fonds = Fonds(consultation.espace.fonds, consultation.espace.fonds / consultation.publication.fonds)
    if maille is Maille.IRIS:
        commune = next(p for p in parents if p.maille is Maille.COMMUNE)
        nom_commune = _name(consultation, Maille.COMMUNE, commune.code)
        dessin, phrase = _draw_commune(consultation, fonds, commune.code, parents)
        libelle = consultation.territoires.libelle(maille, code)
        phrase = f"{libelle}{phrase}. Le contour des IRIS n'est pas livré : le dessin montre la commune."
        return _write_svg(f"{maille}-{code}", nom_commune, phrase, dessin)
    if maille in _EN_FRANCE:
        dessin, phrase = _draw_en_france(fonds, maille, code)
    elif maille is Maille.COMMUNE:
        dessin, phrase = _draw_commune(consultation, fonds, code, parents)
    else:
        dessin, phrase = _draw_localement(consultation, fonds, maille, code, parents)
    sujet = nom.territoire[0].upper() + nom.territoire[1:]
    return _write_svg(f"{maille}-{code}", nom, f"{sujet}{phrase}.", dessin)


def _draw_commune(consultation: Consultation, fonds: Fonds, code: str, parents: list[Lien]) -> tuple[str, str]:
    departement = next(p.code for p in parents if p.maille is Maille.DEPARTEMENT)
    fond = fonds.find(Maille.COMMUNE, departement)
    if fond is not None and len(fond.codes) == 1:
        # Paris est à elle seule son département : elle se situe dans la France.
        return _draw_en_france(fonds, Maille.DEPARTEMENT, departement)
    return _draw_localement(consultation, fonds, Maille.COMMUNE, code, parents)


def _draw_localement(
    consultation: Consultation, fonds: Fonds, maille: Maille, code: str, parents: list[Lien]
) -> tuple[str, str]:
    """Territoire dans son département, ses départements, ou sa commune : le dessin, puis où il est."""
    departements = [p for p in parents if p.maille is Maille.DEPARTEMENT]
    contours = fonds.read(maille, departements[0].code)
    ici = contours.geometry.to_numpy()[(contours["code"] == code).to_numpy()]
    if not len(ici):
        return "", ""
    decor = build_decor_local(fonds, maille, tuple(p.code for p in departements))
    cible = decor.repere.project(ici)
    dessin = decor.dessous + _draw_cible(cible) + decor.dessus + _draw_cercle(cible)
    if len(departements) > 1:
        noms = [_name(consultation, p.maille, p.code).territoire for p in departements]
        return dessin, f", à cheval sur {join_noms(noms)}"
    entourant = parents[-1] if maille is Maille.ARRONDISSEMENT_MUNICIPAL else departements[0]
    autour = _name(consultation, entourant.maille, entourant.code)
    direction = find_direction(measure(cible), decor.etendue)
    return dessin, f", {direction} {autour.du_territoire}" if direction else f", {autour.a_territoire}"


def _draw_en_france(fonds: Fonds, maille: Maille, code: str) -> tuple[str, str]:
    """Département, région ou pays, dans la France : le dessin, puis où il est."""
    niveau = Maille.DEPARTEMENT if maille is Maille.DEPARTEMENT else Maille.REGION
    decor = build_decor_france(fonds, niveau)
    if maille is Maille.FRANCE:
        phrase = f" : la métropole et {len(decor.reperes) - 1} départements d'outre-mer, chacun à son échelle"
        return decor.draw(ACTION), phrase
    contours = fonds.read(niveau, FRANCE)
    retenu = contours[(contours["code"] == code).to_numpy()]
    if retenu.empty:
        return "", ""
    zone = Zone(find_zones(retenu)[0])
    cible = decor.reperes[zone].project(retenu.geometry.to_numpy())
    dessin = decor.draw() + _draw_cible(cible) + _draw_cercle(cible)
    if zone is not Zone.METROPOLE:
        return dessin, f", {maille.libelle} d'outre-mer"
    return dessin, f", {find_direction(measure(cible), decor.metropole)} de la France métropolitaine"


def _name(consultation: Consultation, maille: Maille, code: str) -> NomTerritoire:
    ligne = consultation.territoires.find(maille, code)
    return name_territoire(str(ligne.libelle), ligne.type_liaison, maille)


def _draw_cible(cible: Geometries) -> str:
    return f'<path d="{write_cible(cible)}" fill="{ACTION}" fill-rule="evenodd" stroke="{ACTION}" stroke-width="8"/>'


def _draw_cercle(cible: Geometries) -> str:
    """Cercle autour d'un territoire trop petit pour être vu ; un halo le détache du fond."""
    ouest, haut, est, bas = shapely.total_bounds(cible)
    if max(est - ouest, bas - haut) >= PETIT:
        return ""
    place = f'cx="{round((ouest + est) / 2)}" cy="{round((haut + bas) / 2)}" r="{9 * DIXIEMES}" fill="none"'
    return f'<circle {place} stroke="{CARTE}" stroke-width="40"/><circle {place} stroke="{ENCRE}" stroke-width="16"/>'


def _write_svg(cle: str, nom: NomTerritoire, phrase: str, dessin: str) -> str:
    if not dessin:
        return ""
    # Deux cartes peuvent être dans la même page : les identifiants portent le territoire.
    titre, description = f"situation-{cle}-titre", f"situation-{cle}-texte"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="obs-situation" role="img" '
        f'aria-labelledby="{titre}" aria-describedby="{description}" '
        f'viewBox="0 0 {LARGEUR} {HAUTEUR}" width="{LARGEUR}" height="{HAUTEUR}">'
        f'<title id="{titre}">Situation {escape(nom.du_territoire, quote=False)}</title>'
        f'<desc id="{description}">{escape(phrase, quote=False)}</desc>'
        f'<g transform="scale({1 / DIXIEMES})">{dessin}</g></svg>'
    )
