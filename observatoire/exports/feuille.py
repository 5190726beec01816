"""Lignes d'une feuille de classeur (OOXML), écrites d'un bloc."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from observatoire.exports.formules import is_formule

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signes qu'un fichier XML ne peut pas porter."""


@dataclass(frozen=True)
class Colonne:
    """Colonne à écrire, et le rang de ses styles dans le classeur."""

    valeurs: list[Any]
    en_nombres: bool
    style: int = 0
    style_formule: int = 0
    """Style d'un texte qui ressemble à une formule."""


def write_lignes(colonnes: list[Colonne], premiere: int = 2) -> bytes:
    """Balises ``<row>`` d'une feuille ; une absence (``nan``, texte vide) n'a pas de cellule.

    Args:
        colonnes: de gauche à droite, toutes de même longueur.
        premiere: numéro de la première ligne.
    """
    cellules = [_write_colonne(c, chr(ord("A") + rang), premiere) for rang, c in enumerate(colonnes)]
    lignes = (
        f'<row r="{numero}">{"".join(ligne)}</row>'
        for numero, ligne in enumerate(zip(*cellules, strict=True), start=premiere)
    )
    return "".join(lignes).encode()


def _write_colonne(colonne: Colonne, lettre: str, premiere: int) -> Iterator[str]:
    write = _write_nombre if colonne.en_nombres else _write_texte
    return (write(colonne, f"{lettre}{numero}", v) for numero, v in enumerate(colonne.valeurs, start=premiere))


def _write_nombre(colonne: Colonne, place: str, nombre: float) -> str:
    if nombre != nombre:  # noqa: PLR0124 -- nan
        return ""
    ecrit = int(nombre) if float(nombre).is_integer() else repr(float(nombre))
    return f'<c r="{place}" s="{colonne.style}"><v>{ecrit}</v></c>'


def _write_texte(colonne: Colonne, place: str, texte: str) -> str:
    if not texte:
        return ""
    style = f' s="{colonne.style_formule}"' if is_formule(texte) else ""
    contenu = escape(_INTERDITS.sub("", texte))
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{contenu}</t></is></c>'
