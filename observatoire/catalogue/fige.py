"""Catalogue figé : la copie exacte du catalogue qu'une publication a employé."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Precaution, Problematique, RegleSecret, Source, Terme

_RUBRIQUES: dict[str, type[BaseModel]] = {
    "indicateurs": Indicateur,
    "sources": Source,
    "problematiques": Problematique,
    "secrets": RegleSecret,
    "precautions": Precaution,
    "glossaire": Terme,
}
_AJOUTEES = frozenset({"glossaire"})
"""Rubriques que les premières publications n'ont pas : leur absence se lit « vide »."""


def dump_catalogue(catalogue: Catalogue) -> dict[str, object]:
    """Traduit un catalogue en valeurs simples, prêtes pour JSON."""
    contenu: dict[str, object] = {
        rubrique: {i: fiche.model_dump(mode="json") for i, fiche in getattr(catalogue, rubrique).items()}
        for rubrique in _RUBRIQUES
    }
    return contenu | {"surcharges": list(catalogue.surcharges)}


def save_catalogue_fige(catalogue: Catalogue, chemin: Path) -> None:
    """Écrit un catalogue figé."""
    chemin.write_text(json.dumps(dump_catalogue(catalogue), ensure_ascii=False, sort_keys=True), "utf-8")


def load_catalogue_fige(chemin: Path) -> Catalogue:
    """Relit un catalogue figé."""
    contenu = json.loads(chemin.read_text("utf-8"))
    rubriques: dict[str, Any] = {
        rubrique: {i: modele.model_validate(f) for i, f in contenu[rubrique].items()}
        for rubrique, modele in _RUBRIQUES.items()
        if rubrique in contenu or rubrique not in _AJOUTEES
    }
    return Catalogue(**rubriques, surcharges=tuple(contenu["surcharges"]))
