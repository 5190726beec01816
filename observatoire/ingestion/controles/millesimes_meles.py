"""Millésimes mêlés : des codes qui n'ont jamais existé ensemble."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import list_codes_dits
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import Lot

_CODES_BLOQUANTS = 3


def check_millesimes_meles(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Cherche l'année du code officiel géographique qui explique tous les codes ; il doit y en avoir une."""
    for lot in contexte.lots:
        connus = contexte.list_codes(lot.maille)
        if len(connus) > 1:
            yield from _check_lot(contexte, lot, {cog: pd.Index(table.code) for cog, table in connus.items()})


def _check_lot(contexte: ContexteControle, lot: Lot, connus: dict[str, pd.Index]) -> Iterator[Anomalie]:
    ecartes = pd.Index([e.code for e in contexte.ecartes if e.code and not e.declare], dtype=object)
    codes = lot.codes.append(ecartes).unique() if len(ecartes) else lot.codes
    declare = connus.get(lot.cog)
    if declare is not None and (declare.get_indexer(codes) >= 0).all():
        return
    annees = list(connus)
    presence = np.array([connus[cog].get_indexer(codes) >= 0 for cog in annees])
    historiques = presence.any(axis=0)
    comptes = presence.sum(axis=1)
    meilleur = int(np.flatnonzero(comptes == comptes.max())[-1])
    orphelins = codes[historiques & ~presence[meilleur]]
    if orphelins.empty:
        if declare is not None and annees[meilleur] != lot.cog:
            yield _doute(
                contexte, lot, annees[meilleur], codes[~presence[annees.index(lot.cog)] & historiques].tolist()
            )
        return
    epoques = [annees[i] for i in np.flatnonzero(presence[:, codes.get_indexer(orphelins)].any(axis=1))]
    yield Anomalie(
        "millesimes_meles",
        Gravite.BLOQUANT if len(orphelins) >= _CODES_BLOQUANTS else Gravite.A_REGARDER,
        contexte.fichier,
        f"aucune année du code officiel géographique n'explique tous les codes : la meilleure est {annees[meilleur]}, "
        f"mais {len(orphelins)} code(s) n'existent qu'en {', '.join(epoques)} ({list_codes_dits(orphelins.tolist())}).",
        colonne=contexte.source.colonne_code,
        suggestion=(
            "Demandez au producteur un fichier dans une seule géographie, ou dites le code juste de chacun dans "
            "« codes_corriges »."
        ),
    )


def _doute(contexte: ContexteControle, lot: Lot, meilleur: str, codes: list[str]) -> Anomalie:
    return Anomalie(
        "millesime_douteux",
        Gravite.A_REGARDER,
        contexte.fichier,
        f"{len(codes)} code(s) n'existent pas en {lot.cog} ({list_codes_dits(codes)}) ; la géographie {meilleur} "
        "les explique tous.",
        colonne=contexte.source.colonne_code,
        suggestion=f"Déclarez la géographie de cette livraison : cog {meilleur}.",
    )
