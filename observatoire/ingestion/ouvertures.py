"""Heures d'ouverture d'une liste de lieux déposée : les colonnes qu'on en tire à la lecture."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from observatoire.ingestion.colonnes import HORAIRES, Plan
from observatoire.ingestion.horaires import compute_ouvertures
from observatoire.modeles.tables import TableLue

_PLAGE = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?\s*(?:-|–|à|a)\s*(\d{1,2})\s*[:hH]\s*(\d{2})?")


def add_ouvertures(table: TableLue, plan: Plan) -> TableLue:
    """Ajoute à une liste de lieux les colonnes tirées de ses horaires, si la source les lit."""
    lieu = plan.source.ressource
    if lieu is None:
        return table
    if lieu.colonnes_horaires:
        table = _join_jours(table, {jour: plan.name(c) for jour, c in lieu.colonnes_horaires.items()})
    horaires = HORAIRES if lieu.colonnes_horaires else plan.name(lieu.colonne_horaires or "")
    if horaires not in table.donnees.column_names:
        return table
    lues = {v.colonne for v in plan.source.variables.values()}
    calculees = compute_ouvertures(table.donnees[horaires].to_pandas())
    donnees = table.donnees
    for nom in calculees.columns:
        if nom in lues and nom not in donnees.column_names:
            # Tout est texte jusqu'aux valeurs : un booléen s'y écrit 0 ou 1.
            texte = [None if pd.isna(v) else f"{float(v):g}" for v in calculees[nom]]
            donnees = donnees.append_column(nom, pa.array(texte, type=pa.string()))
    return replace(table, donnees=donnees)


def parse_jour(texte: str) -> list[list[str]]:
    """Plages d'un jour : « 09:00 - 12:00 / 14h - 17h30 » ; vide si rien n'est lisible.

    Examples:
        >>> parse_jour("09:00 - 12:00 / 14h - 17h30")
        [['09:00', '12:00'], ['14:00', '17:30']]
    """
    return [[f"{int(h1):02d}:{m1 or '00'}", f"{int(h2):02d}:{m2 or '00'}"] for h1, m1, h2, m2 in _PLAGE.findall(texte)]


def _join_jours(table: TableLue, colonnes: dict[str, str]) -> TableLue:
    """Réunit les colonnes de chaque jour en une seule, à la forme de l'annuaire de l'administration."""
    presentes = {jour: c for jour, c in colonnes.items() if c in table.donnees.column_names}
    par_jour = {j: table.donnees[c].to_pandas().fillna("").map(parse_jour) for j, c in presentes.items()}
    jours = pd.DataFrame(par_jour)
    textes = [
        json.dumps([[jour, jour, plages] for jour, plages in zip(jours.columns, ligne, strict=True) if plages])
        for ligne in jours.itertuples(index=False)
    ]
    return replace(table, donnees=table.donnees.append_column(HORAIRES, pa.array(textes, type=pa.string())))
