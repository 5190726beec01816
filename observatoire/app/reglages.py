"""Réglages d'un observatoire : son nom, son département, son logo (``espace.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from observatoire.catalogue.yaml_strict import read_yaml
from observatoire.config import RACINE_DEPOT, Espace
from observatoire.errors import ConfigurationError

FICHIER = "espace.yaml"
NOM_PAR_DEFAUT = "Observatoire social territorial"
_TEXTES = ("contact", "editeur", "directeur_publication", "hebergeur", "partenariat")
_OUI, _NON = frozenset({"true", "oui", "vrai"}), frozenset({"false", "non", "faux"})
_VIDES = frozenset({"", "null", "~", "[]"})


@dataclass(frozen=True)
class Reglages:
    """Ce qu'un observatoire montre de lui-même.

    Attributes:
        nom: nom de l'en-tête, des exports, des impressions.
        departement: code du département sur lequel la carte s'ouvre ; vide, la France entière.
        logo: image de la collectivité.
        contact: adresse où signaler une erreur ; vide, celle de l'espace n'est pas donnée.
        editeur: collectivité ou organisme qui publie, avec son adresse.
        directeur_publication: fonction du directeur de la publication, jamais un nom de personne.
        hebergeur: organisme qui héberge le service, avec son adresse.
        partenariat: phrase de partenariat de l'accueil et des exports.
        exercice: vrai si l'espace sert à apprendre : chaque page porte un bandeau qui le dit.
    """

    nom: str = NOM_PAR_DEFAUT
    departement: str = ""
    logo: Path | None = None
    contact: str = ""
    editeur: str = ""
    directeur_publication: str = ""
    hebergeur: str = ""
    partenariat: str = ""
    exercice: bool = False


def load_reglages(espace: Espace) -> Reglages:
    """Lit les réglages d'un espace ; un champ absent garde sa valeur par défaut.

    Raises:
        ConfigurationError: le fichier est illisible, ou le logo qu'il nomme n'existe pas.
    """
    chemin = espace.racine / FICHIER
    if not chemin.is_file():
        chemin = RACINE_DEPOT / FICHIER
    if not chemin.is_file():
        return Reglages()
    document = read_yaml(chemin, FICHIER)
    if document.fautes or not isinstance(document.donnees, dict):
        fautes = " ; ".join(map(str, document.fautes)) or f"{FICHIER} : attendu, une clé par ligne (nom, …)."
        raise ConfigurationError(fautes)
    champs = {cle: str(v).strip() for cle, v in document.donnees.items() if isinstance(v, str)}
    champs = {cle: "" if v in _VIDES else v for cle, v in champs.items()}
    return Reglages(
        nom=champs.get("nom") or NOM_PAR_DEFAUT,
        departement=champs.get("departement", ""),
        logo=_find_logo(espace, champs.get("logo", "")),
        exercice=_read_oui(champs.get("exercice", "")),
        **{nom: champs.get(nom, "") for nom in _TEXTES},
    )


def _read_oui(mot: str) -> bool:
    """Lit un oui ou un non ; vide vaut non.

    Raises:
        ConfigurationError: le mot n'est ni l'un ni l'autre.
    """
    if mot.lower() not in {*_OUI, *_NON, ""}:
        msg = f"{FICHIER} : « exercice: {mot} » n'est ni true ni false."
        raise ConfigurationError(msg)
    return mot.lower() in _OUI


def _find_logo(espace: Espace, nom: str) -> Path | None:
    if not nom:
        return None
    chemin = espace.racine / nom
    if not chemin.is_file():
        msg = f"{FICHIER} : le logo « {nom} » n'existe pas dans l'espace. Corrigez le chemin, ou écrivez null."
        raise ConfigurationError(msg)
    return chemin
