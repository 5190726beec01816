"""Carte demandée par une adresse : chaque paramètre est vérifié avant tout calcul.

Une page remplace ce qu'elle ne comprend pas et le dit ; un fichier ne peut pas le dire : il est refusé.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.app import cache
from observatoire.app.etat import Choix
from observatoire.app.hote import read_base
from observatoire.app.preparation import make_choix
from observatoire.cartes.mesures import PART
from observatoire.cartes.preparation import check_mesure
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from observatoire.store.publications import list_publications

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat

PARAMETRES = ("indicateur", "mesure", "maille", "periode", "departement", "territoire")
"""Paramètres qui décident d'une carte ; les autres (tri, page, lieux…) ne changent pas le fichier."""
LONGUEUR_MAX = 200


@dataclass(frozen=True)
class CarteDemandee:
    """Carte d'une publication, tous ses paramètres valides et écrits."""

    consultation: Consultation
    etat: Etat
    base: str = ""
    """Adresse publique du service ; vide si elle n'est pas connue."""

    @property
    def maille(self) -> Maille:
        """Niveau."""
        return Maille(self.etat.maille)

    @property
    def mesure(self) -> str:
        """``"part"`` ou ``"nombre"``."""
        return self.etat.mesure or PART

    @property
    def params(self) -> dict[str, str]:
        """Paramètres de l'adresse durable, publication comprise."""
        ecrits = {nom: str(valeur) for nom in PARAMETRES if (valeur := getattr(self.etat, nom))}
        return ecrits | {"publication": self.consultation.publication.id}

    @property
    def lien(self) -> str:
        """Adresse durable de la carte."""
        return f"{self.base}carte?{urlencode(self.params)}"


def read_demande(demande: Request, *, dessinee: bool = True) -> CarteDemandee:
    """Carte que l'adresse d'une demande désigne (``read_params``)."""
    return read_params(demande.query_params, read_base(demande), dessinee=dessinee)


def read_params(params: Mapping[str, str], base: str = "", *, dessinee: bool = True) -> CarteDemandee:
    """Carte que des paramètres désignent ; un paramètre absent prend la valeur que lui donne la page Carte.

    Args:
        params: paramètres de l'adresse.
        base: adresse publique du service.
        dessinee: vrai s'il faut un fond de carte ; un tableau peut s'en passer.

    Raises:
        AppelError: un paramètre ne désigne rien ; le message dit lequel.
        PublicationError: rien n'est publié.
    """
    lus = {nom: str(valeur)[:LONGUEUR_MAX] for nom, valeur in params.items()}
    consultation = open_publication(lus.get("publication", ""))
    choix = make_choix(consultation)
    if not dessinee:
        choix = Choix(consultation, lambda _portee: [str(m) for m in Maille])
    voulus = {nom: lus[nom] for nom in PARAMETRES if lus.get(nom)}
    etat = choix.resolve(voulus, cache.get_reglages().departement)
    if choix.messages:
        raise AppelError(" ".join(choix.messages))
    check_mesure(consultation.find_indicateur(etat.indicateur), voulus.get("mesure", PART))
    return CarteDemandee(consultation, etat, base)


def open_publication(identifiant: str = "") -> Consultation:
    """Publication voulue, ou la courante.

    Raises:
        AppelError: elle n'existe pas.
        PublicationError: rien n'est publié.
    """
    # La liste d'abord : un identifiant inventé ne doit pas devenir un chemin.
    if identifiant and identifiant not in list_publications(cache.get_espace()):
        msg = f"La publication « {identifiant} » n'existe pas. Retirer « publication » de l'adresse pour la dernière."
        raise AppelError(msg)
    return cache.get_consultation(identifiant or None)
