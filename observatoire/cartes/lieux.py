"""Lieux de ressources : un fichier statique par type et par département."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from observatoire.cartes.actifs import write_actif
from observatoire.cartes.couche import PREFIXE
from observatoire.cartes.couvertures import departement_of
from observatoire.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOM_INDEX = "index-lieux.json"
FORMES = ("disque", "carre", "losange", "triangle")
"""Formes des signes (cartes/web/formes.js) : avec la lettre, elles distinguent deux types sans la couleur."""
EXACT, DOUTEUX, ANCIEN = 0, 1, 2
"""Troisième champ du disque : plein, creux parce que mal placé, creux parce que non vérifié."""


@dataclass(frozen=True)
class LieuxFichier:
    """Fichier des lieux d'un type dans un département."""

    fichier: str
    type: str
    departement: str
    nombre: int
    octets: int
    octets_gz: int

    def to_message(self, lettre: str, libelle: str, forme: str = FORMES[0], prefixe: str = PREFIXE) -> dict[str, str]:
        """Demande d'affichage, à mettre dans ``build_message(lieux=[...])`` ; ``forme`` est l'une de ``FORMES``."""
        return {"url": f"{prefixe}/fonds/{self.fichier}", "lettre": lettre, "libelle": libelle, "forme": forme}


def write_lieux(ressources: pd.DataFrame, dossier: Path) -> dict[str, LieuxFichier]:
    """Écrit les lieux et leur index ; un lieu sans position n'est pas écrit.

    Args:
        ressources: ``id, type, nom, longitude, latitude, code_commune``, et si possible ``adresse,
            horaires, position_douteuse, ancienne``.
        dossier: dossier des fonds.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    places = ressources[ressources["longitude"].notna() & ressources["latitude"].notna()]
    departements = places["code_commune"].map(departement_of)
    lieux = {}
    for (type_, departement), groupe in places.groupby([places["type"], departements], sort=True):
        nom = name_lieux(str(type_), str(departement))
        contenu = orjson.dumps({"lieux": [_encode_lieu(ligne) for ligne in _rows(groupe)]})
        actif = write_actif(dossier, f"lieux-{nom}", contenu)
        lieux[nom] = LieuxFichier(
            actif.fichier, str(type_), str(departement), len(groupe), actif.octets, actif.octets_gz
        )
    _write_index(lieux, dossier)
    return lieux


def name_lieux(type_: str, departement: str) -> str:
    """Clé d'un fichier de lieux dans l'index : ``mairie-974``."""
    return f"{type_}-{departement}"


def load_index_lieux(dossier: Path) -> dict[str, LieuxFichier]:
    """Lit l'index des lieux.

    Raises:
        ConfigurationError: aucun index dans ce dossier.
    """
    cible = dossier / NOM_INDEX
    if not cible.is_file():
        msg = f"Aucun lieu dans « {dossier} ». Lancez « observatoire construire »."
        raise ConfigurationError(msg)
    return {nom: LieuxFichier(**brut) for nom, brut in orjson.loads(cible.read_bytes()).items()}


def _rows(groupe: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in ligne.items()} for ligne in groupe.sort_values("id").to_dict("records")]


def _encode_lieu(ligne: dict[str, Any]) -> list[Any]:
    """``[id, nom, lon, lat, code_commune, état, adresse, horaires]`` ; 5 décimales valent 1 m."""
    etat = DOUTEUX if _vrai(ligne, "position_douteuse") else ANCIEN if _vrai(ligne, "ancienne") else EXACT
    return [
        str(ligne["id"]),
        str(ligne["nom"]),
        round(float(ligne["longitude"]), 5),
        round(float(ligne["latitude"]), 5),
        str(ligne["code_commune"]),
        etat,
        _texte(ligne, "adresse"),
        _texte(ligne, "horaires"),
    ]


def _texte(ligne: Mapping[str, Any], colonne: str) -> str:
    valeur = ligne.get(colonne)
    return "" if valeur is None or pd.isna(valeur) else str(valeur)


def _vrai(ligne: Mapping[str, Any], colonne: str) -> bool:
    valeur = ligne.get(colonne)
    return False if valeur is None or pd.isna(valeur) else bool(valeur)


def _write_index(lieux: Mapping[str, LieuxFichier], dossier: Path) -> None:
    provisoire = dossier / f".{NOM_INDEX}.tmp"
    provisoire.write_bytes(orjson.dumps({nom: asdict(f) for nom, f in sorted(lieux.items())}))
    provisoire.replace(dossier / NOM_INDEX)
