"""Variables de couleur de la feuille de style, produites depuis les palettes mesurées."""

from __future__ import annotations

from functools import cache

from observatoire.cartes.legende_html import STYLE_LEGENDE
from observatoire.cartes.palettes import (
    ACTION,
    BORD_DE_CHAMP,
    ENCRE,
    ENCRE_SECONDE,
    ETATS,
    FILET,
    FOCUS,
    PANNEAU,
    PAPIER,
    RAMPES,
)

_SIMPLES = {
    "papier": PAPIER,
    "panneau": PANNEAU,
    "filet": FILET,
    "champ": BORD_DE_CHAMP,
    "encre": ENCRE,
    "encre2": ENCRE_SECONDE,
    "action": ACTION,
    "focus": FOCUS,
}


@cache
def write_variables() -> str:
    """Feuille des couleurs, et celle de la légende que partagent les pages autonomes."""
    couleurs = dict(_SIMPLES)
    for nature, rampe in RAMPES.items():
        couleurs |= {f"{nature}{rang}": couleur for rang, couleur in enumerate(rampe, 1)}
    for nom, etat in ETATS.items():
        mot = nom.replace("_", "-")
        couleurs |= {f"{mot}-encre": etat.encre, f"{mot}-fond": etat.fond}
    regles = "".join(f"--{nom}:{valeur};" for nom, valeur in couleurs.items())
    return f":root{{{regles}}}\n{STYLE_LEGENDE}"
