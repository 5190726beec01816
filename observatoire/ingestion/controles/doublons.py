"""Doublons : deux lignes pour un même territoire, une même période et les mêmes modalités."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import EXEMPLES, list_codes_dits
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import Agregat

_SUGGESTION = (
    "Supprimez la ligne en trop, ou déclarez ce qui les distingue : une colonne dans « ou » ou « filtres », "
    "ou l'agrégat « somme » si elles s'ajoutent."
)


def check_doublons(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Cherche les codes répétés d'un lot, et les lignes répétées de la table quand aucune réduction n'est déclarée."""
    for lot in contexte.lots:
        if not lot.codes.is_unique:
            repetes = sorted(set(lot.codes[lot.codes.duplicated()]))
            yield Anomalie(
                "doublon",
                Gravite.BLOQUANT,
                contexte.fichier,
                f"{len(repetes)} {lot.maille.libelle_pluriel} ont deux valeurs pour {lot.periode} : "
                f"{list_codes_dits(repetes)}.",
                colonne=contexte.source.colonne_code,
                suggestion=_SUGGESTION,
            )
    yield from _check_table(contexte)


def _check_table(contexte: ContexteControle) -> Iterator[Anomalie]:
    table, source = contexte.table, contexte.source
    if table is None or source.code_parties or any(v.agregat is not Agregat.UNIQUE for v in source.variables.values()):
        return
    modalites = [colonne for variable in source.variables.values() for colonne in variable.ou]
    filtres = [colonne for niveau in source.niveaux for colonne in niveau.filtres]
    periode = [source.periode.colonne] if source.periode else []
    cles = list(dict.fromkeys([source.colonne_code, *periode, *source.filtres, *filtres, *modalites]))
    presentes = [cle for cle in cles if cle in table.donnees.column_names]
    if source.colonne_code not in presentes:
        return
    lignes = table.donnees.select(presentes).to_pandas()
    pleines = lignes[source.colonne_code].notna().to_numpy()
    rangs = np.flatnonzero(lignes.duplicated(keep="first").to_numpy() & pleines)
    for rang in rangs[:EXEMPLES]:
        valeurs = ", ".join(f"{cle} « {lignes[cle].iloc[rang]} »" for cle in presentes)
        yield Anomalie(
            "doublon",
            Gravite.BLOQUANT,
            contexte.fichier,
            f"cette ligne répète une ligne plus haute ({valeurs}).",
            ligne=int(table.lignes[rang]),
            colonne=source.colonne_code,
            valeur=str(lignes[source.colonne_code].iloc[rang]),
            suggestion=_SUGGESTION,
        )
    if len(rangs) > EXEMPLES:
        yield Anomalie(
            "doublon",
            Gravite.BLOQUANT,
            contexte.fichier,
            f"{len(rangs)} lignes répétées en tout ; les {EXEMPLES} premières sont citées.",
            colonne=source.colonne_code,
            suggestion=_SUGGESTION,
        )
