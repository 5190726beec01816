"""Contrôler un fichier déposé : de ses octets à un rapport et à des lots, sans rien écrire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from observatoire.ingestion.controles import ContexteControle, Positions, run_controles
from observatoire.ingestion.demande import Demande
from observatoire.ingestion.niveau import read_niveau
from observatoire.ingestion.ouvertures import add_ouvertures
from observatoire.ingestion.positions import read_positions
from observatoire.ingestion.table_a_lire import Ouverture, open_table
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte, Lot, RapportLivraison
from observatoire.modeles.sources import Source
from observatoire.modeles.tables import TableLue
from observatoire.territoires.referentiel import Referentiel

__all__ = ["Demande", "read_livraison", "read_livraison_et_table"]

_RANGS_GRAVITE = {Gravite.BLOQUANT: 0, Gravite.A_REGARDER: 1, Gravite.INFORMATION: 2}


def read_livraison(
    chemin: Path, source: Source, referentiel: Referentiel, demande: Demande | None = None
) -> RapportLivraison:
    """Lit, contrôle et met en lots un fichier, selon la déclaration de sa source.

    Rien n'est écrit ; un fichier illisible ou fautif donne un rapport, jamais une exception.
    """
    voulu = demande or Demande()
    rapport, _table = read_livraison_et_table(chemin, source, referentiel, voulu)
    return rapport


def read_livraison_et_table(
    chemin: Path, source: Source, referentiel: Referentiel, demande: Demande
) -> tuple[RapportLivraison, TableLue | None]:
    """Comme ``read_livraison``, en rendant aussi les lignes retenues de la table (pour les lieux)."""
    ouverte = open_table(chemin, source, demande)
    if ouverte.table is None:
        refus = RapportLivraison(
            chemin.name, source.id, anomalies=_sort(ouverte.anomalies), quarantaine=ouverte.quarantaine
        )
        return refus, None
    table = add_ouvertures(ouverte.table, ouverte.plans[0])
    anomalies = list(ouverte.anomalies)
    lots, ecartes = list[Lot](), list[CodeEcarte]()
    numeros = [np.empty(0, dtype=np.int64)]
    positions: Positions | None = None
    reconnu = _describe(ouverte, table)
    for plan in ouverte.plans:
        lus = read_niveau(plan, table, referentiel, cog=demande.cog, fichier=chemin.name)
        anomalies += lus.anomalies
        lots += lus.lots
        ecartes += lus.ecartes
        numeros.append(lus.numeros)
        reconnu |= lus.reconnu
        positions = positions or read_positions(plan, table, lus.numeros, lus.codes)
    if not any(a.gravite is Gravite.BLOQUANT for a in anomalies):
        contexte = ContexteControle(
            fichier=chemin.name,
            source=source,
            lots=tuple(lots),
            referentiel=referentiel,
            precedents=demande.precedents,
            confidentialite=demande.confidentialite,
            positions=positions,
            ecartes=tuple(ecartes),
        )
        anomalies += run_controles(contexte)
    retenues = np.concatenate(numeros)
    rapport = RapportLivraison(
        fichier=chemin.name,
        source=source.id,
        lots=tuple(lots),
        anomalies=_sort(anomalies),
        ecartes=tuple(ecartes),
        lignes_lues=ouverte.lignes,
        lignes_retenues=len(retenues),
        reconnu=reconnu,
    )
    gardees = np.isin(table.lignes, retenues)
    return rapport, replace(table, donnees=table.donnees.filter(pa.array(gardees)), lignes=table.lignes[gardees])


def _sort(anomalies: list[Anomalie]) -> tuple[Anomalie, ...]:
    return tuple(sorted(anomalies, key=lambda a: (_RANGS_GRAVITE[a.gravite], a.ligne or 0)))


def _describe(ouverte: Ouverture, table: TableLue) -> dict[str, str]:
    """Ce que la lecture a reconnu, pour que la personne le vérifie."""
    lecture = ouverte.lecture
    dit = {
        "format": lecture.format,
        "encodage": lecture.encodage,
        "separateur": {"\t": "tabulation"}.get(lecture.separateur, lecture.separateur),
        "feuille": table.nom,
        "entete": ", ".join(map(str, table.forme.lignes_entete)),
        "donnees": f"lignes {table.forme.premiere_ligne} à {table.forme.derniere_ligne}",
    }
    return {cle: valeur for cle, valeur in dit.items() if valeur}
