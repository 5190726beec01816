"""Proposer une déclaration : lire un fichier inconnu, et dire ce qu'on y reconnaît."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from observatoire.catalogue.proches import normalise
from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_fichier
from observatoire.ingestion.proposition.analyse_table import analyse_table
from observatoire.ingestion.proposition.modele import Proposition, TableProposee
from observatoire.ingestion.proposition.nomenclature import load_nomenclature
from observatoire.ingestion.quarantaine import inspect_table
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import Lecture, TableLue
from observatoire.territoires.referentiel import Referentiel


def propose(chemin: Path, referentiel: Referentiel, *, lecture: LectureDeclaree | None = None) -> Proposition:
    """Lit un fichier inconnu et dit ce qu'on y reconnaît.

    Args:
        chemin: fichier reçu (ou dossier d'un shapefile).
        referentiel: référentiel territorial.
        lecture: ce qu'on sait déjà de sa lecture.

    Returns:
        Les faits reconnus ; un fichier illisible, ou de données individuelles, porte les raisons du refus.
    """
    lu = read_fichier(chemin, lecture=lecture)
    base = Proposition(
        fichier=lu.fichier,
        format=lu.format,
        encodage=lu.encodage,
        separateur=lu.separateur,
        identifiant=make_identifiant(chemin.stem),
        anomalies=lu.anomalies,
    )
    if not lu.tables:
        return _explain_vide(base)
    nommees, laissees = _name_tables(lu, lecture)
    # Le fichier entier est refusé si une seule de ses tables décrit des personnes : rien d'autre n'en est dit.
    motifs = [m.texte for table in nommees for m in inspect_table(table) if m.bloquant]
    if motifs:
        return replace(base, quarantaine=tuple(dict.fromkeys(motifs)))
    if not nommees:
        return _explain_vide(replace(base, autres_tables=tuple(laissees)))
    nomenclature = load_nomenclature(referentiel)
    connues = {t.nom for t in lu.tables if t.entete_connue}
    tables = [analyse_table(t, nomenclature, fichier=chemin.stem, entete_connue=t.nom in connues) for t in nommees]
    principale = choose_table(lu, lecture)
    rangees = sorted(tables, key=lambda t: _rank(t, principale.nom if principale else ""))
    utiles = tuple(t for t in rangees if t.territoire is not None or t is rangees[0])
    autres = tuple(t.nom for t in rangees if t not in utiles)
    return replace(base, tables=utiles, autres_tables=(*autres, *laissees), doutes=_gather(utiles, len(tables)))


def _explain_vide(base: Proposition) -> Proposition:
    """Dit qu'il n'y a rien à proposer, si la lecture ne l'a pas déjà dit."""
    if any(a.gravite is Gravite.BLOQUANT for a in base.anomalies):
        return base
    message = "le fichier se lit, mais ne contient aucune table de données."
    suggestion = "Vérifiez que le producteur a bien rempli ce fichier, ou demandez-lui l'export complet."
    vide = Anomalie("aucune_table", Gravite.BLOQUANT, base.fichier, message, suggestion=suggestion)
    return replace(base, anomalies=(*base.anomalies, vide))


def _name_tables(lu: Lecture, lecture: LectureDeclaree | None) -> tuple[list[TableLue], list[str]]:
    nommees, laissees = [], []
    for brute in lu.tables:
        forme = find_forme(brute, lecture)
        table = name_table(brute, forme) if forme is not None else None
        if table is None or not table.donnees.num_rows or not table.donnees.num_columns:
            laissees.append(brute.nom)
        else:
            nommees.append(table)
    return nommees, laissees


def _rank(table: TableProposee, principale: str) -> tuple[int, bool, int]:
    """Un niveau géré d'abord, puis la table que la lecture choisit, puis la plus longue."""
    territoire = table.territoire
    gere = territoire is not None and territoire.maille is not None
    return (int(territoire is None) + int(not gere), table.nom != principale, -table.nombre_lignes)


def _gather(tables: tuple[TableProposee, ...], nombre: int) -> tuple[str, ...]:
    doutes = [phrase for _, phrase in tables[0].doutes]
    if len(tables) > 1:
        noms = ", ".join(f"« {t.nom} »" for t in tables[1:6])
        suite = f" et {len(tables) - 6} autres" if len(tables) > 6 else ""  # noqa: PLR2004
        doutes.insert(0, f"le fichier a {nombre} tables ; « {tables[0].nom} » est proposée. Voyez aussi {noms}{suite}.")
    return tuple(doutes)


def make_identifiant(nom: str) -> str:
    """Identifiant tiré d'un nom de fichier : minuscules, sans accent, sans année.

    Args:
        nom: nom du fichier, sans extension.

    Examples:
        >>> make_identifiant("FILO2019_DISP_COM")
        'filo_disp_com'
    """
    plat = re.sub(r"[^a-z0-9]+", "_", normalise(nom))
    sans_annee = re.sub(r"(19|20)\d{2}", "", plat)
    propre = re.sub(r"_+", "_", sans_annee).strip("_")
    propre = re.sub(r"^[^a-z]+", "", propre)
    return propre or "source_a_nommer"
