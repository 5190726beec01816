"""Textes tabulaires (CSV, TXT) : chemin rapide par pyarrow, lignes inégales relues une à une."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from observatoire.ingestion.lecteurs.encodage import decode_texte
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import inform, refuse, warn
from observatoire.ingestion.lecteurs.separateur import SANS_SEPARATEUR, Coupe, find_coupe
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import TableBrute

_BLOC = 8 << 20
_TEMOIN = "temoin"
_CHAMP_MAXIMAL = 131_072
"""Caractères d'une cellule, comme le module ``csv`` : au-delà, un guillemet n'est pas fermé."""


@dataclass(frozen=True)
class TexteLu:
    """Grille d'un texte et ce qui a été reconnu."""

    table: TableBrute
    encodage: str
    separateur: str
    anomalies: tuple[Anomalie, ...]


@dataclass
class _Irregulieres:
    """Lignes dont le nombre de champs n'est pas celui des autres, avec leur rang (à partir de 0)."""

    rangs: list[int] = field(default_factory=list)
    textes: list[str] = field(default_factory=list)

    def keep(self, ligne: pacsv.InvalidRow) -> str:
        self.rangs.append(ligne.number - 1)
        self.textes.append(ligne.text)
        return "skip"


def read_texte(octets: bytes, *, nom: str, garde: Garde, lecture: LectureDeclaree | None = None) -> TexteLu:
    """Lit un texte tabulaire, toutes ses lignes, titres et pieds compris.

    Args:
        octets: contenu reçu.
        nom: nom de la table (vide pour un fichier seul).
        garde: limites de la lecture.
        lecture: encodage et séparateur déclarés.

    Raises:
        LectureRefusee: contenu qui n'est pas un texte, ou démesuré.
    """
    lecture = lecture or LectureDeclaree()
    texte = decode_texte(octets, garde.fichier, declare=lecture.encodage)
    coupe = find_coupe(texte.octets, declare=lecture.separateur)
    fins = texte.octets.count(b"\n") or texte.octets.count(b"\r")
    garde.check_grille(fins, coupe.colonnes, table=nom)
    anomalies = list(texte.anomalies)
    if not texte.octets.strip():
        anomalies.append(inform("fichier_vide", garde.fichier, "le fichier ne contient aucune ligne."))
        return TexteLu(TableBrute(nom, pa.table({}), np.empty(0, np.int64)), texte.encodage, "", tuple(anomalies))
    try:
        cellules, lignes = _read_rapide(texte.octets, coupe, garde)
    except pa.ArrowInvalid:
        cellules, lignes = _read_lent(texte.octets, coupe, garde)
    garde.check_grille(cellules.num_rows, cellules.num_columns, table=nom)
    garde.check_temps()
    anomalies += _check_guillemets(texte.octets, cellules, lignes, coupe, garde)
    return TexteLu(TableBrute(nom, cellules, lignes), texte.encodage, coupe.separateur, tuple(anomalies))


def csv_options(colonnes: int) -> tuple[list[str], pacsv.ConvertOptions]:
    """Noms ``c0``… et conversion en texte seul, cellules vides nulles."""
    noms = [f"c{rang}" for rang in range(colonnes)]
    options = pacsv.ConvertOptions(
        column_types=dict.fromkeys(noms, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    return noms, options


def _read_rapide(octets: bytes, coupe: Coupe, garde: Garde) -> tuple[pa.Table, NDArray[np.int64]]:
    noms, conversion = csv_options(coupe.colonnes)
    irregulieres = _Irregulieres()
    table = pacsv.read_csv(
        pa.py_buffer(octets),
        # Un seul fil : pyarrow ne dit le rang des lignes écartées qu'à cette condition.
        read_options=pacsv.ReadOptions(column_names=noms, use_threads=False, block_size=_BLOC),
        parse_options=pacsv.ParseOptions(
            delimiter=coupe.separateur or SANS_SEPARATEUR,
            newlines_in_values=b'"' in octets,
            ignore_empty_lines=False,
            invalid_row_handler=irregulieres.keep,
        ),
        convert_options=conversion,
    )
    if irregulieres.rangs:
        table = _insert_irregulieres(table, irregulieres, coupe, garde)
    return table, _lines_of(octets, table)


def _insert_irregulieres(table: pa.Table, mises_a_part: _Irregulieres, coupe: Coupe, garde: Garde) -> pa.Table:
    """Remet à leur rang les lignes trop courtes ou trop longues."""
    lues = [_split(texte, coupe, garde) for texte in mises_a_part.textes]
    large = max(table.num_columns, *map(len, lues))
    garde.check_grille(table.num_rows + len(lues), large)
    for rang in range(table.num_columns, large):
        table = table.append_column(f"c{rang}", pa.nulls(table.num_rows, pa.string()))
    ajout = make_grille(lues, large)
    rangs = np.asarray(mises_a_part.rangs, dtype=np.int64)
    place = np.empty(table.num_rows + len(rangs), dtype=np.int64)
    reguliere = np.ones(len(place), dtype=bool)
    reguliere[rangs] = False
    place[reguliere] = np.arange(table.num_rows)
    place[rangs] = table.num_rows + np.arange(len(rangs))
    return pa.concat_tables([table, ajout]).take(place)


def _split(texte: str, coupe: Coupe, garde: Garde) -> list[str]:
    return next(_Lignes(texte, coupe, garde), [])


class _Lignes:
    """Lignes d'un texte par le module ``csv``, une faute de coupe devenant un refus."""

    def __init__(self, texte: str, coupe: Coupe, garde: Garde) -> None:
        self._lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=coupe.separateur or SANS_SEPARATEUR)
        self._fichier = garde.fichier
        self.debut = 1

    def __iter__(self) -> _Lignes:
        return self

    def __next__(self) -> list[str]:
        debut = self._lecteur.line_num + 1
        try:
            ligne = next(self._lecteur)
        except csv.Error:
            refuse(
                "champ_demesure",
                self._fichier,
                f"une cellule dépasse {_CHAMP_MAXIMAL} caractères : un guillemet n'est sans doute pas fermé.",
                ligne=debut,
                suggestion="Fermez ce guillemet, ou retirez-le.",
            )
        self.debut = debut
        return ligne


def make_grille(lignes: Sequence[Sequence[str | None]], large: int) -> pa.Table:
    """Grille de textes ``c0``… depuis des lignes inégales ; une cellule vide est nulle."""
    colonnes = itertools.islice(
        itertools.chain(itertools.zip_longest(*lignes), itertools.repeat((None,) * len(lignes))), large
    )
    return pa.table(
        {f"c{rang}": pa.array([v or None for v in colonne], pa.string()) for rang, colonne in enumerate(colonnes)}
    )


def _read_lent(octets: bytes, coupe: Coupe, garde: Garde) -> tuple[pa.Table, NDArray[np.int64]]:
    """Relit tout par le module ``csv``, quand pyarrow renonce (une ligne plus longue que son bloc)."""
    lecteur = _Lignes(octets.decode("utf-8"), coupe, garde)
    lues: list[list[str]] = []
    debuts: list[int] = []
    for ligne in lecteur:
        lues.append(ligne)
        debuts.append(lecteur.debut)
        if len(lues) % 10_000 == 0:
            garde.check_temps()
    large = max(map(len, lues), default=0)
    garde.check_grille(len(lues), large)
    return make_grille(lues, large), np.asarray(debuts, dtype=np.int64)


def _lines_of(octets: bytes, table: pa.Table) -> NDArray[np.int64]:
    """Ligne physique où commence chaque ligne de la table : un champ peut contenir des retours à la ligne."""
    debuts = np.arange(1, table.num_rows + 1, dtype=np.int64)
    if b'"' not in octets:
        return debuts
    debuts[1:] += np.cumsum(count_retours(table))[:-1]
    return debuts


def count_retours(table: pa.Table) -> NDArray[np.int64]:
    """Retours à la ligne contenus dans les cellules de chaque ligne."""
    suite = np.zeros(table.num_rows, dtype=np.int64)
    for colonne in table.columns:
        # Un premier regard sur les octets : presque aucune colonne n'en contient.
        avec = pc.fill_null(pc.or_(pc.match_substring(colonne, "\n"), pc.match_substring(colonne, "\r")), False)
        if pc.any(avec).as_py():
            retours = pc.count_substring_regex(colonne, "\r\n|\n|\r")
            suite += np.asarray(pc.fill_null(retours, 0).to_numpy(), dtype=np.int64)
    return suite


def _check_guillemets(
    octets: bytes, table: pa.Table, lignes: NDArray[np.int64], coupe: Coupe, garde: Garde
) -> list[Anomalie]:
    """Un guillemet jamais fermé avale les lignes suivantes : on le refuse, ou on le montre."""
    if b'"' not in octets:
        return []
    _check_fermeture(octets, lignes, coupe, garde)
    if coupe.colonnes <= 1 or not coupe.separateur:
        return []
    for colonne in table.columns:
        avale = pc.fill_null(pc.match_substring_regex(colonne, "[\r\n]"), False)
        if not pc.any(avale).as_py():
            continue
        separes = pc.fill_null(pc.count_substring(colonne, coupe.separateur), 0)
        suspect = pc.and_(avale, pc.greater_equal(separes, coupe.colonnes - 1))
        if pc.any(suspect).as_py():
            message = "une cellule entre guillemets contient plusieurs lignes et autant de séparateurs qu'une ligne."
            return [
                warn(
                    "guillemets_suspects",
                    garde.fichier,
                    message,
                    ligne=int(lignes[pc.index(suspect, True).as_py()]),
                    suggestion="Vérifiez que des lignes n'ont pas été avalées par un guillemet en trop.",
                )
            ]
    return []


def _check_fermeture(octets: bytes, lignes: NDArray[np.int64], coupe: Coupe, garde: Garde) -> None:
    """Relit la dernière ligne suivie d'un témoin : s'il est avalé, un guillemet est resté ouvert."""
    fin_de_ligne = b"\n" if b"\n" in octets else b"\r"
    total = octets.count(fin_de_ligne) + 1
    # Des retours chariot isolés brouillent le compte : on relit alors tout.
    seuls = fin_de_ligne == b"\n" and octets.count(b"\r") != octets.count(b"\r\n")
    debut = -1 if seuls else len(octets)
    for _ in range(0 if seuls else total - int(lignes[-1]) + 1):
        debut = octets.rfind(fin_de_ligne, 0, debut)
        if debut < 0:
            break
    lecteur = _Lignes(f"{octets[debut + 1 :].decode('utf-8')}\n{_TEMOIN}", coupe, garde)
    lues = list(lecteur)
    if lues[-1] != [_TEMOIN]:
        refuse(
            "guillemet_non_ferme",
            garde.fichier,
            "un guillemet ouvert n'est jamais refermé : les lignes qui suivent seraient avalées.",
            ligne=int(lignes[-1]),
            suggestion="Fermez ce guillemet, ou retirez-le.",
        )
