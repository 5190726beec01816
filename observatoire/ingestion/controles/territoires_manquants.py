"""Territoires manquants : ceux du champ qu'on attendait, et ceux qui étaient là la fois d'avant."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import list_codes_dits, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import Lot

_PART_DISPARUE_BLOQUANTE = 0.5


def check_territoires_manquants(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Dit ce qui manque au champ (information), et ce qui a disparu depuis la période précédente (à regarder)."""
    for lot in contexte.lots:
        attendus = contexte.list_codes(lot.maille).get(contexte.find_cog(lot))
        if attendus is not None:
            yield from _check_champ(contexte, lot, attendus)
        yield from _check_disparus(contexte, lot, attendus)


def _check_champ(contexte: ContexteControle, lot: Lot, attendus: pd.DataFrame) -> Iterator[Anomalie]:
    source = contexte.source
    presents = lot.codes.get_indexer(pd.Index(attendus.code)) >= 0
    departements = attendus.code_departement
    constate = not source.departements
    if departements.notna().any():
        champ = departements[presents].unique() if constate else list(source.departements)
        dans_champ = departements.isin(champ).to_numpy()
    else:
        champ, dans_champ = [], presents | True
    manquants = attendus.code[dans_champ & ~presents].tolist()
    if not constate:
        vides = [d for d in source.departements if not presents[(departements == d).to_numpy()].any()]
        if vides and departements.notna().any():
            yield Anomalie(
                "departement_manquant",
                Gravite.A_REGARDER,
                contexte.fichier,
                f"aucune ligne pour {', '.join(vides)} (département), que la source déclare couvrir ({lot.periode}).",
                colonne=source.colonne_code,
                suggestion="Vérifiez que le fichier est complet, ou corrigez « departements » dans la déclaration.",
            )
    if not manquants:
        return
    total = int(dans_champ.sum())
    lieu = f" des départements présents ({len(champ)})" if constate and champ else ""
    effet = "elles vaudront zéro" if source.zero_si_absent else "ces territoires seront dits non disponibles"
    yield Anomalie(
        "territoires_manquants",
        Gravite.INFORMATION,
        contexte.fichier,
        f"{write_nombre(len(manquants))} {lot.maille.libelle_pluriel} sur {write_nombre(total)}{lieu} ne sont pas dans "
        f"le fichier pour {lot.periode} ({list_codes_dits(manquants)}) : {effet}.",
        colonne=source.colonne_code,
        suggestion="Normal pour un fichier partiel ; sinon, demandez le fichier complet.",
    )


def _check_disparus(contexte: ContexteControle, lot: Lot, attendus: pd.DataFrame | None) -> Iterator[Anomalie]:
    avant = [p for (nom, maille), p in contexte.precedents.items() if maille is lot.maille and nom in lot.mesures]
    if not avant:
        return
    anciens = avant[0].codes
    for precedent in avant[1:]:
        anciens = anciens.union(precedent.codes) if not precedent.codes.equals(anciens) else anciens
    disparus = anciens[lot.codes.get_indexer(anciens) < 0]
    if attendus is not None:
        disparus = disparus[pd.Index(attendus.code).get_indexer(disparus) >= 0]
    if disparus.empty:
        return
    part = len(disparus) / len(anciens)
    nature = "un fichier tronqué est probable" if part >= _PART_DISPARUE_BLOQUANTE else "leur absence est nouvelle"
    yield Anomalie(
        "territoires_disparus",
        Gravite.A_REGARDER,
        contexte.fichier,
        f"{write_nombre(len(disparus))} {lot.maille.libelle_pluriel} du fichier de {avant[0].periode} ne sont plus "
        f"dans celui-ci pour {lot.periode} ({list_codes_dits(sorted(disparus))}) : {nature}.",
        colonne=contexte.source.colonne_code,
        suggestion="Vérifiez auprès du producteur ; s'il ne livre qu'un complément, déposez-le comme « complete ».",
    )
