"""Qui travaille : la personne que dit le mandataire, celle qu'on choisit, ou « local » sur un poste seul."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from observatoire.app.mode import Mode
from observatoire.publication.droits import Regles, Role

LOCAL = "local"
"""Auteur d'un espace à un seul poste."""


@dataclass(frozen=True)
class Personne:
    """Personne qui travaille, sous un pseudonyme.

    Attributes:
        auteur: identifiant écrit au journal.
        role: ce qu'elle peut faire.
    """

    auteur: str
    role: Role

    @property
    def peut_deposer(self) -> bool:
        """Vrai si elle peut déposer et corriger une déclaration."""
        return self.role in {Role.CONTRIBUTEUR, Role.VALIDEUR}

    @property
    def peut_publier(self) -> bool:
        """Vrai si elle peut approuver, publier, restaurer."""
        return self.role is Role.VALIDEUR


@dataclass(frozen=True)
class Refus:
    """Pourquoi personne ne peut travailler ici, et que faire."""

    titre: str
    texte: str


def list_choix(regles: Regles, mode: Mode) -> tuple[str, ...]:
    """Pseudonymes entre lesquels choisir ; aucun si l'identité est donnée, ou si l'espace n'a qu'un poste."""
    return () if mode.en_tete else tuple(regles.roles)


def resolve_personne(
    regles: Regles, mode: Mode, entetes: Mapping[str, str], choix: str = ""
) -> Personne | Refus | None:
    """Personne qui travaille.

    Args:
        regles: rôles de l'espace.
        mode: mode du serveur.
        entetes: en-têtes de la demande, déjà débarrassés d'une identité douteuse (``mandataire``).
        choix: pseudonyme choisi dans la page.

    Returns:
        La personne ; un refus si le mandataire ne dit personne de connu ; ``None`` s'il reste à choisir.
    """
    if mode.en_tete:
        return _read_entete(regles, mode, entetes)
    if not regles.roles:
        return Personne(LOCAL, Role.VALIDEUR)
    return Personne(choix, regles.roles[choix]) if choix in regles.roles else None


def _read_entete(regles: Regles, mode: Mode, entetes: Mapping[str, str]) -> Personne | Refus:
    dits = {nom.lower(): valeur.strip() for nom, valeur in entetes.items()}
    auteur = dits.get(mode.en_tete, "")
    if not auteur:
        return Refus(
            "Identité non reçue",
            "L'Atelier attend du serveur mandataire qu'il dise qui vous êtes, et il ne l'a pas dit. Ouvrez l'Atelier "
            "par son adresse habituelle ; si le refus demeure, signalez-le à qui administre le service.",
        )
    if auteur not in regles.roles:
        return Refus(
            "Identité inconnue de cet espace",
            "Le serveur mandataire vous a reconnu, mais votre identifiant n'est pas dans la liste « roles » de "
            "espace.yaml. Demandez à y être ajouté, avec le rôle de contributeur ou de valideur.",
        )
    return Personne(auteur, regles.roles[auteur])
