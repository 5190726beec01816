"""Barre de situation : le territoire, ses deux références, l'étendue des territoires de même niveau.

Chaque repère a sa forme (disque, trait plein, trait pointillé) ; la barre est une image pour un lecteur
d'écran, dont le texte dit les mêmes nombres.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.portrait.comparaison import shorten_unite
from observatoire.analyse.portrait.modele import Sens
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_valeur
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from observatoire.analyse.portrait import Portrait
    from observatoire.analyse.portrait.modele import Mesure, TerritoireReference

_MARGE = 2.5
"""Vide aux deux bouts, en % de la largeur : un disque n'est jamais coupé."""
_ETROITE = 36.0
"""Sous cette largeur, en %, les deux bornes de l'étendue s'écrivent ensemble."""


@dataclass(frozen=True)
class _Echelle:
    """Du plus petit au plus grand nombre montré."""

    bas: float
    haut: float

    def place(self, valeur: float) -> float:
        """Place d'un nombre, en % de la largeur."""
        return _MARGE + (100 - 2 * _MARGE) * (valeur - self.bas) / (self.haut - self.bas)


def render_barre(portrait: Portrait, mesure: Mesure) -> str:
    """Barre d'une mesure ; une phrase si tous les nombres sont les mêmes, vide s'il n'y a rien à situer."""
    reperes = _list_reperes(mesure)
    if mesure.indicateur.type_mesure is TypeMesure.TYPOLOGIE or not _is_situable(mesure):
        return ""
    etendue = mesure.etendue
    nombres = [mesure.lue.valeur, *(v for _, _, v in reperes), *(etendue[:2] if etendue else ())]
    if len(nombres) == 1:
        return ""
    if min(nombres) == max(nombres):
        portee = f" pour les {etendue.territoires} {portrait.portee}" if etendue else ""
        return f'<p class="obs-note">Même valeur{escape(portee)}.</p>'
    echelle = _Echelle(min(nombres), max(nombres))
    traits = "".join(
        f'<span class="{classe}" style="left:{echelle.place(valeur):.1f}%"></span>' for classe, _, valeur in reperes
    )
    bande, bornes = _render_etendue(mesure, echelle)
    texte = _write_texte(portrait, mesure, reperes)
    return (
        f'<div class="obs-barre" role="img" aria-label="{escape(texte, quote=True)}">{bande}{traits}'
        f'<span class="ici" style="left:{echelle.place(mesure.lue.valeur):.1f}%"></span></div>{bornes}'
    )


def render_cle(portrait: Portrait) -> str:
    """Ce que veut dire chaque signe de la barre."""
    signes = [("ici", portrait.sujet.libelle)]
    signes += [(f"r{rang}", _write_nom(r)) for rang, r in enumerate(portrait.references, 1)]
    if portrait.portee:
        signes.append(("etendue", f"étendue entre les {portrait.portee}"))
    lignes = "".join(f'<li><span class="obs-signe {c}" aria-hidden="true"></span>{escape(t)}</li>' for c, t in signes)
    return f'<ul class="obs-cle" aria-label="Signes des barres">{lignes}</ul>'


def _write_nom(reference: TerritoireReference) -> str:
    """Nom entier, et niveau : une région et un département peuvent avoir le même nom."""
    return (
        reference.libelle if reference.maille is Maille.FRANCE else f"{reference.libelle}, {reference.maille.libelle}"
    )


def _is_situable(mesure: Mesure) -> bool:
    significative = Statut(mesure.lue.statut) is not Statut.NON_SIGNIFICATIF
    return mesure.lue.montrable and mesure.lue.valeur is not None and significative


def _list_reperes(mesure: Mesure) -> list[tuple[str, str, float]]:
    """Classe, nom et valeur des références qui en ont une."""
    return [
        (f"r{rang}", c.reference.court, c.lue.valeur)
        for rang, c in enumerate(mesure.comparaisons, 1)
        # Le nombre d'un ensemble plus grand écraserait l'échelle : il n'y a pas sa place.
        if c.sens is not Sens.SANS_OBJET and c.lue is not None and c.lue.montrable and c.lue.valeur is not None
    ]


def _render_etendue(mesure: Mesure, echelle: _Echelle) -> tuple[str, str]:
    """Bande grise, et ses deux bornes écrites dessous."""
    if mesure.etendue is None:
        return "", ""
    debut, fin = echelle.place(mesure.etendue.minimum), echelle.place(mesure.etendue.maximum)
    bande = f'<span class="etendue" style="left:{debut:.1f}%;width:{fin - debut:.1f}%"></span>'
    unite = shorten_unite(mesure.indicateur.unite)
    bas, haut = (escape(format_valeur(v, unite, mesure.indicateur.decimales)) for v in mesure.etendue[:2])
    if fin - debut < _ETROITE:
        cote = f"left:{debut:.1f}%" if debut < 100 - _ETROITE else f"right:{100 - fin:.1f}%"
        textes = f'<span style="{cote}">{bas} à {haut}</span>'
    else:
        textes = f'<span style="left:{debut:.1f}%">{bas}</span><span style="right:{100 - fin:.1f}%">{haut}</span>'
    return bande, f'<p class="obs-bornes" aria-hidden="true">{textes}</p>'


def _write_texte(portrait: Portrait, mesure: Mesure, reperes: list[tuple[str, str, float]]) -> str:
    nombres = [(portrait.sujet.libelle, mesure.lue.valeur), *((nom, v) for _, nom, v in reperes)]
    morceaux = [f"{nom}{INSECABLE}: {_format(mesure, v)}" for nom, v in nombres]
    if mesure.etendue is not None:
        bas, haut = (_format(mesure, v) for v in mesure.etendue[:2])
        morceaux.append(f"{mesure.etendue.territoires} {portrait.portee}{INSECABLE}: de {bas} à {haut}")
    return f"{mesure.indicateur.libelle}. {'. '.join(morceaux)}."


def _format(mesure: Mesure, valeur: float) -> str:
    return format_valeur(valeur, mesure.indicateur.unite, mesure.indicateur.decimales)
