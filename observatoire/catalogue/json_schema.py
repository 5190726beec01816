"""Schémas JSON des fiches, pour qu'un éditeur de texte complète et souligne pendant l'écriture.

``python -m observatoire.catalogue.json_schema`` les récrit dans ``indicators/_schema/``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from observatoire.config import RACINE_DEPOT
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Source

DOSSIER = RACINE_DEPOT / "indicators" / "_schema"
_MODELES: dict[str, type[BaseModel]] = {"indicateur": Indicateur, "source": Source}


def build_json_schema() -> dict[str, dict[str, Any]]:
    """Schéma JSON de chaque sorte de fiche, par nom (``indicateur``, ``source``)."""
    return {nom: _schema(modele) for nom, modele in _MODELES.items()}


def render_json_schema(nom: str) -> str:
    """Texte du fichier de schéma, tel qu'il est versé au dépôt."""
    return json.dumps(build_json_schema()[nom], ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def schema_path(nom: str, dossier: Path = DOSSIER) -> Path:
    """Chemin du fichier de schéma."""
    return dossier / f"{nom}.schema.json"


def _schema(modele: type[BaseModel]) -> dict[str, Any]:
    schema = modele.model_json_schema()
    # L'identifiant est le nom du fichier : l'écrire dans la fiche est une faute.
    schema["properties"].pop("id")
    schema["required"].remove("id")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def main() -> None:
    """Récrit les schémas du dépôt."""
    DOSSIER.mkdir(parents=True, exist_ok=True)
    for nom in _MODELES:
        schema_path(nom).write_text(render_json_schema(nom), encoding="utf-8")


if __name__ == "__main__":
    main()
