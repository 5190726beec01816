"""Droits : qui peut quoi dans un espace, et s'il faut deux personnes pour publier (``espace.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from observatoire.catalogue.yaml_strict import read_yaml
from observatoire.config import Espace
from observatoire.errors import AppelError, ConfigurationError, PublicationError

FICHIER = "espace.yaml"
_AUTEUR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VRAIS, _FAUX = frozenset({"true", "oui", "vrai"}), frozenset({"", "false", "non", "faux", "null", "~"})


class Role(StrEnum):
    """Rôle d'un auteur, du moins au plus permis."""

    LECTEUR = "lecteur"
    CONTRIBUTEUR = "contributeur"
    VALIDEUR = "valideur"


_RANGS = {role: rang for rang, role in enumerate(Role)}


class DroitError(PublicationError):
    """L'auteur n'a pas le rôle que ce geste demande, ou une seconde personne doit l'approuver."""


@dataclass(frozen=True)
class Regles:
    """Règles d'un espace.

    Attributes:
        roles: rôle de chaque auteur ; vide, l'espace est à un seul poste et tout y est permis.
        double_visa: vrai s'il faut deux personnes pour publier.
    """

    roles: dict[str, Role] = field(default_factory=dict)
    double_visa: bool = False

    def role_of(self, auteur: str) -> Role:
        """Rôle d'un auteur : lecteur s'il n'est pas dans la liste, valideur s'il n'y a pas de liste."""
        return self.roles.get(auteur, Role.LECTEUR) if self.roles else Role.VALIDEUR


def load_regles(espace: Espace) -> Regles:
    """Lit les règles d'un espace ; sans fichier, un seul poste et un seul visa.

    Raises:
        ConfigurationError: le fichier est illisible, ou un rôle n'existe pas.
    """
    chemin = espace.racine / FICHIER
    if not chemin.is_file():
        return Regles()
    document = read_yaml(chemin, FICHIER)
    if document.fautes or not isinstance(document.donnees, dict | None):
        fautes = " ; ".join(map(str, document.fautes)) or f"{FICHIER} : attendu, une clé par ligne (nom, …)."
        raise ConfigurationError(fautes)
    donnees = document.donnees or {}
    visa = str(donnees.get("double_visa", "")).strip().lower()
    if visa not in _VRAIS | _FAUX:
        msg = f"{FICHIER} : « double_visa: {visa} » n'est ni true ni false."
        raise ConfigurationError(msg)
    liste = donnees.get("roles", [])
    if isinstance(liste, str) and liste.strip().lower() in {*_FAUX, "[]"}:
        liste = []
    if not isinstance(liste, list):
        msg = f"{FICHIER} : « roles » attend une liste de {{auteur, role}}."
        raise ConfigurationError(msg)
    return Regles({_read_auteur(e): _read_role(e) for e in liste}, visa in _VRAIS)


def check_auteur(auteur: str) -> None:
    """Vérifie qu'un auteur est un identifiant : ni espace, ni adresse de courriel.

    Raises:
        AppelError: ce n'en est pas un.
    """
    if not _AUTEUR.fullmatch(auteur):
        msg = (
            f"L'auteur « {auteur[:64]} » n'est pas un identifiant : lettres sans accent, chiffres, « . », « _ », "
            "« - », 64 signes au plus (« obs-01 »). Un nom ou un courriel n'entre pas au journal."
        )
        raise AppelError(msg)


def check_droit(regles: Regles, auteur: str, minimum: Role, geste: str) -> Role:
    """Vérifie qu'un auteur peut faire un geste, et rend son rôle.

    Raises:
        AppelError: l'auteur n'est pas un identifiant.
        DroitError: son rôle ne suffit pas.
    """
    check_auteur(auteur)
    role = regles.role_of(auteur)
    if _RANGS[role] < _RANGS[minimum]:
        permis = ", ".join(a for a, r in regles.roles.items() if _RANGS[r] >= _RANGS[minimum]) or "personne"
        msg = (
            f"« {auteur} » est {role} : {geste} demande le rôle {minimum}. Peuvent le faire : {permis} "
            f"(« roles » dans {FICHIER})."
        )
        raise DroitError(msg)
    return role


def _read_auteur(entree: object) -> str:
    auteur = str(entree.get("auteur", "")) if isinstance(entree, dict) else ""
    if not _AUTEUR.fullmatch(auteur):
        msg = f"{FICHIER} : dans « roles », chaque ligne s'écrit {{auteur: obs-01, role: contributeur}}."
        raise ConfigurationError(msg)
    return auteur


def _read_role(entree: dict[str, object]) -> Role:
    try:
        return Role(str(entree.get("role", "")))
    except ValueError:
        msg = f"{FICHIER} : le rôle « {entree.get('role', '')} » n'existe pas. Rôles : {', '.join(Role)}."
        raise ConfigurationError(msg) from None
