"""Classeurs XLSX, XLS et ODS, feuille par feuille, par calamine."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from observatoire.ingestion.lecteurs.cellules import name_colonnes, render_colonne
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import LectureRefusee, inform, refuse
from observatoire.ingestion.lecteurs.tableur_xml import check_tableur
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.tables import TableBrute

_LOT = 20_000


@dataclass(frozen=True)
class ClasseurLu:
    """Feuilles d'un classeur, dans leur ordre."""

    tables: tuple[TableBrute, ...]
    anomalies: tuple[Anomalie, ...]


def read_classeur(octets: bytes, *, format_lu: str, nom: str, garde: Garde) -> ClasseurLu:
    """Lit toutes les feuilles de calcul d'un classeur.

    Args:
        octets: contenu reçu.
        format_lu: ``xlsx``, ``xls`` ou ``ods``.
        nom: début du nom des tables (le membre d'une archive ; vide pour un fichier seul).
        garde: limites de la lecture.

    Raises:
        LectureRefusee: classeur abîmé, protégé ou démesuré.
    """
    anomalies: list[Anomalie] = []
    if format_lu != "xls":
        erreurs = check_tableur(octets, format_lu=format_lu, garde=garde)
        if erreurs:
            message = f"{erreurs} cellules contiennent une erreur de tableur (#N/A, #DIV/0!…) ; elles sont lues vides."
            anomalies.append(inform("erreur_de_tableur", garde.fichier, message))
    tables = []
    try:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        for fiche in classeur.sheets_metadata:
            if fiche.typ is not SheetTypeEnum.WorkSheet:
                continue
            feuille = classeur.get_sheet_by_name(fiche.name)
            tables.append(_read_feuille(feuille, nom=f"{nom} › {fiche.name}" if nom else fiche.name, garde=garde))
            garde.check_temps()
    except LectureRefusee:
        raise
    except PasswordError:
        refuse(
            "fichier_protege",
            garde.fichier,
            "le classeur est protégé par un mot de passe.",
            suggestion="Demandez-le sans mot de passe, ou enregistrez-le de nouveau sans protection.",
        )
    except BaseException as faute:
        # Une faute interne de la bibliothèque (« PanicException ») n'hérite pas d'Exception.
        if not isinstance(faute, Exception) and type(faute).__name__ != "PanicException":
            raise
        refuse_abime(garde.fichier)
    return ClasseurLu(tuple(tables), tuple(anomalies))


def refuse_abime(fichier: str) -> NoReturn:
    """Refuse un classeur que rien ne sait ouvrir."""
    refuse(
        "classeur_abime",
        fichier,
        "le classeur est abîmé : ses feuilles ne se lisent pas.",
        suggestion="Ouvrez-le dans un tableur et enregistrez-le de nouveau, ou redemandez-le au producteur.",
    )


def _read_feuille(feuille: CalamineSheet, *, nom: str, garde: Garde) -> TableBrute:
    if feuille.start is None:
        return TableBrute(nom, pa.table({}), np.empty(0, np.int64))
    haut, gauche = feuille.start
    garde.check_grille(haut + feuille.height, gauche + feuille.width, table=nom, tableur=True)
    lots: list[pa.Table] = []
    lignes = feuille.iter_rows()
    while lot := list(itertools.islice(lignes, _LOT)):
        # calamine rend les lignes vides du haut, pas les colonnes vides de gauche : leur place compte.
        vides = [pa.nulls(len(lot), pa.string())] * gauche
        lots.append(name_colonnes([*vides, *(render_colonne(colonne) for colonne in zip(*lot, strict=True))]))
        garde.check_temps()
    cellules = pa.concat_tables(lots) if lots else pa.table({})
    fusions = tuple((h + 1, g, b + 1, d) for (h, g), (b, d) in feuille.merged_cell_ranges or ())
    return TableBrute(nom, cellules, np.arange(1, cellules.num_rows + 1, dtype=np.int64), fusions=fusions)
