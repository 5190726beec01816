"""Dictionnaire des textes de Streamlit, tel que le navigateur le lit."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FICHIER = Path(__file__).resolve().parents[2] / "observatoire" / "app" / "web" / "francais-mots.js"


@dataclass(frozen=True)
class Dictionnaire:
    """Parties du dictionnaire (voir francais-mots.js)."""

    partout: dict
    attributs: dict
    endroits: dict
    masquer: dict
    motifs: list

    def mots(self):
        """Textes anglais remplacés ou masqués, et ce qui les remplace."""
        tous = dict(self.partout) | self.attributs
        for mots in self.endroits.values():
            tous |= mots
        return tous

    def traductions(self):
        """Textes français du dictionnaire."""
        return [*self.mots().values(), *(re.sub(r"\{\w\d\}|\$\d", " ", texte) for _, texte in self.motifs)]

    def knows(self, texte):
        """Vrai si ce texte est remplacé ; ``${…}`` y tient la place d'un nombre ou d'une taille."""
        exemples = [texte.replace("${…}", valeur) for valeur in ("7", "7.5MB")]
        return texte in self.mots() or any(re.search(motif, e) for motif, _ in self.motifs for e in exemples)


@cache
def load_dictionnaire():
    contenu = FICHIER.read_text("utf-8")
    return Dictionnaire(**json.loads(contenu[contenu.index("/* début */") + 11 : contenu.index("/* fin */")]))
