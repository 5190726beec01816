"""Mauvais niveau : des codes qui sont ceux d'un autre découpage que celui qui est déclaré."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import Lot
from observatoire.modeles.mailles import MAILLES_DIFFUSEES, Maille

_PART_RECONNUE = 0.5
_COUVERTURE_AUTRE = 0.8
_RAPPORT_COUVERTURE = 3.0
_CODES_MINIMAUX = 5


def check_niveau(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare les codes aux autres niveaux : ceux qui y sont, et ce qu'ils en couvrent."""
    for lot in contexte.lots:
        yield from _check_inconnus(contexte, lot)
        yield from _check_couverture(contexte, lot)


def _check_inconnus(contexte: ContexteControle, lot: Lot) -> Iterator[Anomalie]:
    connus = _index(contexte, lot.maille, contexte.find_cog(lot))
    codes = pd.Index([*lot.codes, *(e.code for e in contexte.ecartes if e.code and not e.declare)]).unique()
    inconnus = codes[connus.get_indexer(codes) < 0] if len(connus) else codes[:0]
    if inconnus.empty:
        return
    reconnus = {
        m: (_index(contexte, m).get_indexer(inconnus) >= 0).sum() for m in MAILLES_DIFFUSEES if m is not lot.maille
    }
    maille, nombre = max(reconnus.items(), key=lambda paire: paire[1])
    if nombre < _PART_RECONNUE * len(inconnus):
        return
    majorite = len(inconnus) > _PART_RECONNUE * len(codes)
    yield Anomalie(
        "mauvais_niveau",
        Gravite.BLOQUANT if majorite else Gravite.A_REGARDER,
        contexte.fichier,
        f"{nombre} code(s) ne sont pas ceux de {lot.maille.libelle_pluriel} mais de {maille.libelle_pluriel} "
        f"(par exemple {inconnus[0]}).",
        colonne=contexte.source.colonne_code,
        suggestion=(
            f"Déclarez « maille: {maille} »."
            if majorite
            else f"Deux niveaux sont mêlés : séparez-les par « filtres », et déclarez {maille} dans « niveaux »."
        ),
    )


def _check_couverture(contexte: ContexteControle, lot: Lot) -> Iterator[Anomalie]:
    """Des codes valables aux deux niveaux : ils couvrent presque tout l'un, et bien peu de l'autre."""
    if len(lot.codes) < _CODES_MINIMAUX or contexte.source.departements:
        return
    declare = _index(contexte, lot.maille, contexte.find_cog(lot))
    if declare.empty:
        return
    couverture = len(lot.codes) / len(declare)
    for maille in MAILLES_DIFFUSEES:
        autre = _index(contexte, maille)
        if maille is lot.maille or len(autre) < _CODES_MINIMAUX or (autre.get_indexer(lot.codes) < 0).any():
            continue
        ailleurs = len(lot.codes) / len(autre)
        if ailleurs >= _COUVERTURE_AUTRE and ailleurs >= _RAPPORT_COUVERTURE * couverture:
            yield Anomalie(
                "niveau_douteux",
                Gravite.A_REGARDER,
                contexte.fichier,
                f"ces {len(lot.codes)} codes sont presque tous les {maille.libelle_pluriel}, et peu de "
                f"{lot.maille.libelle_pluriel} : les mêmes chiffres désignent les deux.",
                colonne=contexte.source.colonne_code,
                suggestion=f"Vérifiez un nom ; si ce sont des {maille.libelle_pluriel}, déclarez « maille: {maille} ».",
            )


def _index(contexte: ContexteControle, maille: Maille, cog: str = "") -> pd.Index:
    connus = contexte.list_codes(maille)
    if not connus:
        return pd.Index([], dtype=object)
    return pd.Index(connus[cog if cog in connus else max(connus)].code)
