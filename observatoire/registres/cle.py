"""Empreintes à clé : ce qu'on montre d'un fichier d'effectifs exacts ne permet pas d'en essayer le contenu.

La forme d'un fichier reçu par convention est connue (c'est le modèle envoyé), et presque toutes ses cases sont
publiées : qui en aurait le SHA-256 essaierait les quelques cases masquées jusqu'à le retrouver. Ce qui sort du
privé porte donc un HMAC-SHA-256, dont la clé reste à côté des registres et n'est jamais copiée ailleurs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from pathlib import Path

from observatoire.errors import ConfigurationError
from observatoire.modeles.livraisons import Confidentialite, Manifeste

NOM = "registres.cle"
"""Fichier de la clé, à la racine de l'espace, lisible de son seul propriétaire."""
PREFIXE = "hmac:"
"""Début d'une empreinte à clé : nul ne la prendra pour le SHA-256 d'un fichier."""
TAILLE = 32
_LONGUEUR = 56
"""Signes gardés d'un HMAC (224 bits) : avec le préfixe, il tient à la place d'un SHA-256."""
_DROITS = 0o600


def read_cle(racine: Path) -> bytes | None:
    """Clé d'un espace ; ``None`` s'il n'en a pas encore.

    Raises:
        ConfigurationError: elle est tronquée.
    """
    chemin = racine / NOM
    if not chemin.is_file():
        return None
    cle = chemin.read_bytes()
    if len(cle) != TAILLE:
        msg = f"La clé des empreintes ({NOM}) est abîmée. Restaurez sa copie : elle va avec celle des registres."
        raise ConfigurationError(msg)
    return cle


def open_cle(racine: Path) -> bytes:
    """Clé d'un espace, tirée au hasard au premier besoin ; deux écrivains ensemble prennent la même.

    Raises:
        ConfigurationError: elle est tronquée.
    """
    if (cle := read_cle(racine)) is not None:
        return cle
    provisoire = racine / f".{NOM}.{os.getpid()}-{threading.get_ident()}"
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _DROITS)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            flux.write(secrets.token_bytes(TAILLE))
            flux.flush()
            os.fsync(flux.fileno())
        _put(provisoire, racine / NOM)
    finally:
        provisoire.unlink(missing_ok=True)
    return read_cle(racine) or open_cle(racine)


def _put(provisoire: Path, final: Path) -> None:
    """Pose la clé d'un seul geste, sans jamais remplacer celle qu'un autre écrivain vient de poser."""
    try:
        final.hardlink_to(provisoire)
    except FileExistsError:
        return
    except OSError:  # un disque sans liens
        if not final.exists():
            provisoire.replace(final)


def sign(cle: bytes, texte: str) -> str:
    """Empreinte à clé d'un texte.

    Examples:
        >>> sign(b"cle", "abc")[:13], len(sign(b"cle", "abc"))
        ('hmac:989979cd', 61)
    """
    return PREFIXE + hmac.new(cle, texte.encode(), hashlib.sha256).hexdigest()[:_LONGUEUR]


def is_signee(empreinte: str) -> bool:
    """Vrai pour une empreinte à clé."""
    return empreinte.startswith(PREFIXE)


def make_empreinte(racine: Path, sha256: str, confidentialite: Confidentialite, chemin: str) -> str:
    """Empreinte d'un fichier reçu, telle qu'on peut la montrer : à clé si ses effectifs sont exacts.

    Le chemin du fichier y entre : deux dépôts des mêmes octets ont deux empreintes, et déposer un fichier inventé
    n'apprend pas s'il est celui d'un autre.

    Args:
        racine: dossier de l'espace.
        sha256: empreinte des octets.
        confidentialite: régime de la livraison.
        chemin: chemin du fichier, relatif au dossier des livraisons.
    """
    if confidentialite is not Confidentialite.CONVENTION:
        return sha256
    return sign(open_cle(racine), f"fichier:{chemin}:{sha256}")


def hide_manifeste(racine: Path, manifeste: Manifeste, chemin: str) -> Manifeste:
    """Manifeste tel qu'on le publie : ni empreinte nue, ni nombre de lignes d'un fichier d'effectifs exacts."""
    if manifeste.confidentialite is not Confidentialite.CONVENTION:
        return manifeste
    empreinte = make_empreinte(racine, manifeste.sha256, manifeste.confidentialite, chemin)
    return manifeste.model_copy(update={"sha256": empreinte, "lignes": None, "paquets": ()})
