"""Lecture par flot d'un CSV énorme : des lots de texte, en peu de mémoire."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from observatoire.ingestion.lecteurs.refus import warn
from observatoire.ingestion.lecteurs.separateur import SANS_SEPARATEUR
from observatoire.ingestion.lecteurs.texte import count_retours, csv_options, make_grille
from observatoire.modeles.anomalies import Anomalie, Gravite

_BLOC = 8 << 20
LIGNE = "(ligne)"
"""Colonne ajoutée à chaque lot : le numéro de ligne du producteur."""


@dataclass
class _Flot:
    """Lignes mises à part, et où en est la lecture."""

    fichier: str
    separateur: str
    large: int
    anomalies: list[Anomalie]
    rangs: list[int] = field(default_factory=list)
    textes: list[str] = field(default_factory=list)
    prochaine: int = 1
    physique: int = 0

    def keep(self, ligne: pacsv.InvalidRow) -> str:
        self.rangs.append(ligne.number)
        self.textes.append(ligne.text)
        return "skip"


def iter_lots_csv(
    chemin: Path,
    *,
    noms: Sequence[str],
    colonnes: Sequence[str] = (),
    encodage: str = "utf-8",
    separateur: str = ";",
    premiere_ligne: int = 2,
    anomalies: list[Anomalie] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Lit un CSV par lots de texte ; ``read_apercu`` donne l'encodage, le séparateur et la forme.

    Args:
        chemin: fichier reçu.
        noms: nom de toutes les colonnes du fichier, dans leur ordre.
        colonnes: colonnes voulues ; vide : toutes.
        encodage: encodage du texte.
        separateur: séparateur des champs.
        premiere_ligne: première ligne de données, comptée dans le fichier.
        anomalies: reçoit les fautes de lecture ; une bloquante arrête le flot.

    Yields:
        Des lots de colonnes de texte, une cellule vide nulle, précédées du numéro de ligne (``LIGNE``).
    """
    fautes: list[Anomalie] = [] if anomalies is None else anomalies
    choisies = list(colonnes) or list(noms)
    flot = _Flot(
        chemin.name,
        separateur or SANS_SEPARATEUR,
        len(noms),
        fautes,
        prochaine=premiere_ligne,  # pyarrow compte aussi les lignes sautées
        physique=premiere_ligne,
    )
    internes, conversion = csv_options(len(noms))
    try:
        lecteur = pacsv.open_csv(
            str(chemin),
            read_options=pacsv.ReadOptions(
                column_names=internes,
                skip_rows=premiere_ligne - 1,
                block_size=_BLOC,
                encoding="utf8" if encodage in ("utf-8", "utf-8-sig") else encodage,
                use_threads=False,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=flot.separateur,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=flot.keep,
            ),
            convert_options=conversion,
        )
        for lot in lecteur:
            entier = _merge(pa.Table.from_batches([lot]), flot, dernier=False)
            yield from _project(entier, noms, choisies, flot)
        reste = _merge(pa.table({c: pa.array([], pa.string()) for c in internes}), flot, dernier=True)
        yield from _project(reste, noms, choisies, flot)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError, csv.Error, OSError):
        fautes.append(
            Anomalie(
                "lecture_interrompue",
                Gravite.BLOQUANT,
                chemin.name,
                f"la lecture s'arrête : le texte n'est pas en {encodage}, ou un guillemet n'est jamais fermé.",
                ligne=flot.physique,
                suggestion="Regardez le fichier à partir de cette ligne, ou redemandez-le au producteur.",
            )
        )


def _merge(lot: pa.Table, flot: _Flot, *, dernier: bool) -> pa.Table:
    """Remet à leur place les lignes trop courtes ou trop longues qui précèdent la fin de ce lot."""
    a_part = np.asarray(flot.rangs, dtype=np.int64)
    candidats = np.arange(flot.prochaine, flot.prochaine + lot.num_rows + len(a_part), dtype=np.int64)
    rangs = np.setdiff1d(candidats, a_part, assume_unique=True)[: lot.num_rows]
    fin = int(rangs[-1]) if len(rangs) else (2**62 if dernier else flot.prochaine - 1)
    prises = int((a_part <= fin).sum())
    flot.prochaine = max(fin if len(rangs) else 0, int(a_part[prises - 1]) if prises else 0, flot.prochaine - 1) + 1
    if not prises:
        return lot
    lues = [_split(texte, flot) for texte in flot.textes[:prises]]
    ajout = make_grille([ligne[: flot.large] for ligne in lues], flot.large)
    ordre = np.argsort(np.concatenate([rangs, a_part[:prises]]), kind="stable")
    trop = [rang for rang, ligne in zip(flot.rangs[:prises], lues, strict=True) if any(ligne[flot.large :])]
    del flot.rangs[:prises], flot.textes[:prises]
    if trop:
        message = f"{len(trop)} lignes ont plus de {flot.large} champs remplis ; ce qui dépasse n'est pas lu."
        flot.anomalies.append(
            warn("ligne_trop_longue", flot.fichier, message, suggestion="Vérifiez leurs guillemets et séparateurs.")
        )
    return pa.concat_tables([lot, ajout]).take(ordre)


def _split(texte: str, flot: _Flot) -> list[str]:
    return next(csv.reader(io.StringIO(texte, newline=""), delimiter=flot.separateur), [])


def _project(lot: pa.Table, noms: Sequence[str], choisies: Sequence[str], flot: _Flot) -> Iterator[pa.RecordBatch]:
    """Numérote les lignes, puis ne garde que les colonnes voulues."""
    if lot.num_rows == 0:
        return
    lignes = flot.physique + np.arange(lot.num_rows, dtype=np.int64)
    suite = count_retours(lot)
    lignes[1:] += np.cumsum(suite)[:-1]
    flot.physique = int(lignes[-1] + 1 + suite[-1])
    voulu: NDArray[np.int64] = lignes
    table = lot.rename_columns(list(noms)).select(choisies).add_column(0, LIGNE, pa.array(voulu))
    pleines = pc.is_valid(lot.column(0))
    for colonne in lot.columns[1:]:
        pleines = pc.or_(pleines, pc.is_valid(colonne))
    yield from table.filter(pleines).combine_chunks().to_batches()
