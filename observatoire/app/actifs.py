"""Scripts et feuilles de style de l'application : tout ``app/web``, réuni en deux fichiers liés dans la page."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from observatoire.app import adresses
from observatoire.app.variables_css import write_variables

DOSSIER = Path(__file__).parent / "web"
FEUILLE, SCRIPT = "application.css", "application.js"


@cache
def read_actif(nom: str) -> bytes | None:
    """Contenu de ``application.css`` ou ``application.js`` ; ``None`` pour tout autre nom.

    Deux fichiers plutôt que vingt : chaque demande coûte un aller et retour sur un téléphone.
    """
    if nom not in (FEUILLE, SCRIPT):
        return None
    sources = sorted(DOSSIER.glob(f"*{Path(nom).suffix}"))
    morceaux = [f.read_text("utf-8") for f in sources]
    if nom == FEUILLE:
        morceaux.insert(0, write_variables())
    # Le point-virgule empêche qu'un script sans fin de ligne appelle le suivant.
    return (";\n" if nom == SCRIPT else "\n").join(morceaux).encode()


def url_actif(nom: str) -> str:
    """Adresse d'un fichier ; l'empreinte permet de le garder en cache pour toujours."""
    contenu = read_actif(nom)
    if contenu is None:
        msg = f"Fichier d'application inconnu : {nom}"
        raise KeyError(msg)
    return f"{adresses.ACTIFS}/{nom}?v={hashlib.sha256(contenu).hexdigest()[:12]}"


@cache
def write_liens() -> tuple[str, str]:
    """Balises de la feuille et du script."""
    return f'<link rel="stylesheet" href="{url_actif(FEUILLE)}">', f'<script src="{url_actif(SCRIPT)}"></script>'
