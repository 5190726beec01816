"""État de l'Atelier : l'adresse dit l'étape, le dépôt, et ce qu'on regarde."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import urlencode

from observatoire.app.mode import PAGE


class Etape(StrEnum):
    """Étape ou vue de l'Atelier."""

    DEPOSER = "deposer"
    VERIFIER = "verifier"
    COMPARER = "comparer"
    PUBLIER = "publier"
    SOURCE = "source"
    HISTORIQUE = "historique"
    PARTENARIAT = "partenariat"


CIRCUIT = {
    Etape.DEPOSER: "Déposer",
    Etape.VERIFIER: "Vérifier",
    Etape.COMPARER: "Comparer",
    Etape.PUBLIER: "Publier",
}
"""Étapes d'une mise à jour, dans l'ordre."""
_LONGUEUR_MAX = 200


@dataclass(frozen=True)
class EtatAtelier:
    """Ce que la page montre.

    Attributes:
        etape: étape ou vue.
        depot: dépôt en cause (comparer, publier).
        retour: publication à laquelle on songe à revenir (historique).
        gravite, controle, colonne, page: filtres du rapport.
        indicateur, maille, periode, departement: carte comparée.
        journal: vrai (« tout ») pour le journal entier.
    """

    etape: Etape = Etape.DEPOSER
    depot: str = ""
    retour: str = ""
    gravite: str = ""
    controle: str = ""
    colonne: str = ""
    page: str = ""
    indicateur: str = ""
    maille: str = ""
    periode: str = ""
    departement: str = ""
    journal: str = ""

    @property
    def numero(self) -> int:
        """Page du rapport, comptée de 1."""
        return max(1, int(self.page)) if self.page.isdigit() else 1

    def make_lien(self, **changes: str) -> str:
        """Adresse relative de cet état, quelques paramètres changés."""
        voulu = replace(self, **changes)
        params = {f.name: str(getattr(voulu, f.name)) for f in fields(voulu) if getattr(voulu, f.name)}
        if params.get("etape") == Etape.DEPOSER:
            del params["etape"]
        return f"{PAGE}?{urlencode(params)}" if params else PAGE


def read_etat(params: Mapping[str, str]) -> EtatAtelier:
    """État que disent les paramètres de l'adresse ; une étape inconnue vaut la première."""
    lus = {f.name: str(params.get(f.name, ""))[:_LONGUEUR_MAX] for f in fields(EtatAtelier)}
    etape = Etape(lus["etape"]) if lus["etape"] in set(Etape) else Etape.DEPOSER
    return EtatAtelier(**lus | {"etape": etape})


def lien_vers(etape: Etape, depot: str = "") -> str:
    """Adresse d'une étape."""
    return EtatAtelier(etape=etape, depot=depot).make_lien()
