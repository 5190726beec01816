"""Sens des cellules vides : une note de secret, ou des vides qui frappent les petits territoires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.proposition.colonnes import is_note
from observatoire.ingestion.proposition.profil import Profil

_PART_VIDES = (0.0, 0.995)
_LIEN = 0.8
_ECART_TAILLE = 2.5
_MINIMUM = 30
_CONFIDENTIEL = "conf_status"
_STATUT = "obs_status"
_CODES_CONFIDENTIELS = ("C", "N", "S", "D")


def find_sens_vide(profils: list[Profil], numeriques: list[Profil]) -> tuple[str, str]:
    """Sens probable d'une cellule vide, et pourquoi.

    Args:
        profils: toutes les colonnes.
        numeriques: colonnes de nombres.

    Returns:
        « secret » ou « absent », et une phrase.
    """
    for profil in profils:
        if profil.cle == _CONFIDENTIEL and profil.codes.isin(_CODES_CONFIDENTIELS).any():
            return "secret", f"« {profil.nom} » marque des valeurs confidentielles."
        if profil.cle == _STATUT and profil.codes.isin(("O", "C")).any() and any(p.vides for p in numeriques):
            return "secret", f"« {profil.nom} » vaut O (valeur non diffusée) là où la mesure est vide."
    trouees = [p for p in numeriques if _PART_VIDES[0] < p.vides / max(p.lignes, 1) < _PART_VIDES[1]]
    if not trouees:
        return "absent", ""
    notes = [p for p in profils if is_note(p)]
    for note in notes:
        phrase = _explain_note(note, trouees)
        if phrase:
            return "secret", phrase
    sens, phrase = _explain_taille(numeriques, trouees)
    if sens == "absent" and notes:
        return (
            "secret",
            f"« {notes[0].nom} » est une note de qualité ou de secret ; la notice dira ce que valent les vides.",
        )
    return sens, phrase


def _explain_note(note: Profil, trouees: list[Profil]) -> str:
    """Une note non nulle accompagne-t-elle les cellules vides ?"""
    marquees = note.rows(~np.isin(note.nombres, [0.0]))
    if not marquees.any():
        return ""
    vides = np.zeros(note.lignes, dtype=np.int64)
    for profil in trouees:
        vides += profil.indices < 0
    touchees = vides > 0
    avec = touchees[marquees].mean()
    sans = touchees[~marquees].mean() if (~marquees).any() else 0.0
    if avec >= _LIEN and avec > sans:
        return f"les cellules vides accompagnent les notes non nulles de « {note.nom} »."
    return ""


def _explain_taille(numeriques: list[Profil], trouees: list[Profil]) -> tuple[str, str]:
    """Les lignes trouées sont-elles les plus petites ?"""
    tailles = [p for p in numeriques if p.vides == 0 and _is_effectif(p)]
    if not tailles:
        return "absent", ""
    taille = tailles[0]
    valeurs = np.nan_to_num(_values(taille))
    for profil in sorted(trouees, key=lambda p: -p.vides):
        vides = profil.indices < 0
        if min(vides.sum(), (~vides).sum()) < _MINIMUM:
            continue
        petits, grands = np.median(valeurs[vides]), np.median(valeurs[~vides])
        if grands >= _ECART_TAILLE * max(petits, 1) and np.quantile(valeurs[vides], 0.9) < grands:
            return "secret", f"les cellules vides sont celles des plus petits territoires (selon « {taille.nom} »)."
    return "absent", ""


def _is_effectif(profil: Profil) -> bool:
    lus = profil.nombres[profil.est_nombre]
    return bool(len(lus) > _MINIMUM and (lus >= 0).all() and lus.max() > 1000)  # noqa: PLR2004


def _values(profil: Profil) -> NDArray[np.float64]:
    return np.append(profil.nombres, np.nan)[profil.indices]
