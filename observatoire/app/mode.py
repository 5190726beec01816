"""Mode de l'application : lecture seule, ou Atelier ; décidé au démarrage, pour tout le serveur."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from observatoire.errors import ConfigurationError

PAGE = "atelier"
"""Adresse de la page, qui n'existe que dans ce mode."""
BOUCLE_LOCALE = "127.0.0.1"
_NOMS_LOCAUX = frozenset({"localhost", "ip6-localhost"})


@dataclass(frozen=True)
class Mode:
    """Ce que le serveur permet.

    Attributes:
        atelier: vrai si l'Atelier est ouvert ; faux, l'application ne sait que lire.
        en_tete: en-tête par lequel un serveur mandataire dit qui parle ; vide : la personne le dit elle-même.
        mandataires: adresses dont cet en-tête est cru.
    """

    atelier: bool = False
    en_tete: str = ""
    mandataires: frozenset[str] = field(default=frozenset({BOUCLE_LOCALE}))


LECTURE = Mode()
_MODE = LECTURE


def set_mode(mode: Mode) -> None:
    """Pose le mode du serveur ; à appeler avant qu'il ne réponde."""
    global _MODE  # noqa: PLW0603 -- un serveur par processus, un mode par serveur
    _MODE = mode


def get_mode() -> Mode:
    """Mode du serveur : la lecture, tant que rien d'autre n'a été demandé."""
    return _MODE


def make_mode(hote: str, *, atelier: bool, en_tete: str = "", mandataires: tuple[str, ...] = ()) -> Mode:
    """Mode demandé au démarrage.

    Args:
        hote: adresse d'écoute.
        atelier: vrai pour ouvrir l'Atelier.
        en_tete: en-tête d'identité du serveur mandataire.
        mandataires: adresses de ce serveur ; la machine elle-même par défaut.

    Raises:
        ConfigurationError: l'Atelier serait ouvert à d'autres machines, ou les options se contredisent.
    """
    if not atelier:
        if en_tete or mandataires:
            msg = "« --mandataire-identite » et « --mandataire-adresse » ne servent qu'avec « --atelier »."
            raise ConfigurationError(msg)
        return LECTURE
    if mandataires and not en_tete:
        msg = "« --mandataire-adresse » demande « --mandataire-identite » : quel en-tête porte l'identité ?"
        raise ConfigurationError(msg)
    if not en_tete and not is_locale(hote):
        msg = (
            f"L'Atelier publie : il n'écoute que sur cette machine (127.0.0.1), pas sur « {hote} ». Ôtez « --hote », "
            "ou placez-le derrière un serveur mandataire qui dit qui parle : « --mandataire-identite NOM_EN_TETE »."
        )
        raise ConfigurationError(msg)
    return Mode(atelier=True, en_tete=en_tete.strip().lower(), mandataires=_read_adresses(mandataires))


def is_locale(hote: str) -> bool:
    """Vrai si cette adresse d'écoute n'est joignable que de la machine elle-même.

    Examples:
        >>> is_locale("127.0.0.1"), is_locale("::1"), is_locale("localhost"), is_locale("0.0.0.0")
        (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(hote).is_loopback
    except ValueError:
        return hote.lower() in _NOMS_LOCAUX


def _read_adresses(mandataires: tuple[str, ...]) -> frozenset[str]:
    adresses = set()
    for texte in mandataires or (BOUCLE_LOCALE,):
        try:
            adresses.add(str(ipaddress.ip_address(texte.strip())))
        except ValueError:
            msg = f"« --mandataire-adresse {texte} » n'est pas une adresse IP (« 10.0.0.4 »)."
            raise ConfigurationError(msg) from None
    return frozenset(adresses)
