"""Classeur des fautes : chaque ligne fautive à son numéro d'origine, la cellule en cause colorée et commentée."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from observatoire.app.atelier.rapport_html import LIBELLES
from observatoire.cartes.palettes import ETATS, PANNEAU
from observatoire.exports.formules import neutralise
from observatoire.ingestion.colonnes import make_plan
from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_fichier
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.controles_nommes import name_controle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from observatoire.app.atelier.en_cours import Reponses
    from observatoire.modeles.lots import RapportLivraison
    from observatoire.modeles.sources import Source
    from observatoire.modeles.tables import TableBrute, TableLue

FEUILLE_LIGNES, FEUILLE_FAUTES = "Lignes à corriger", "Points du contrôle"
LIGNE_MAX = 1_048_576
"""Dernière ligne d'une feuille XLSX."""
LIGNES_MAX = 5_000
COLONNES_MAX = 400
LONGUEUR_MAX = 2_000
_AUTEUR = "observatoire"
_TAIRE = "(colonne non recopiée)"
_HAUTEUR_COMMENTAIRE, _LARGEUR_COMMENTAIRE = 120, 360


def write_classeur_fautes(chemin: Path, source: Source, reponses: Reponses, rapport: RapportLivraison) -> bytes:
    """Octets du classeur XLSX.

    Une colonne signalée comme personnelle n'est jamais recopiée. Un fichier en quarantaine n'a pas de classeur.

    Args:
        chemin: fichier contrôlé.
        source: sa déclaration.
        reponses: ce qu'a dit la personne.
        rapport: contrôle.
    """
    classeur = Workbook()
    feuille: Worksheet = classeur.active
    feuille.title = FEUILLE_LIGNES
    lecture_voulue = make_plan(source, reponses.periode, reponses.maille).lecture
    lecture = read_fichier(chemin, lecture=lecture_voulue)
    brute = choose_table(lecture, lecture_voulue)
    forme = find_forme(brute, lecture_voulue) if brute is not None else None
    if brute is None or forme is None:
        feuille.append(["Le fichier n’a pas pu être lu en table : voir la feuille suivante."])
    else:
        _write_lignes(feuille, brute, name_table(brute, forme), rapport.anomalies)
    _write_fautes(classeur.create_sheet(FEUILLE_FAUTES), rapport.anomalies)
    flux = io.BytesIO()
    classeur.save(flux)
    return flux.getvalue()


def _write_lignes(feuille: Worksheet, brute: TableBrute, table: TableLue, anomalies: Iterable[Anomalie]) -> None:
    par_ligne: dict[int, list[Anomalie]] = defaultdict(list)
    for anomalie in anomalies:
        if anomalie.ligne is not None and anomalie.ligne <= LIGNE_MAX and len(par_ligne) < LIGNES_MAX:
            par_ligne[anomalie.ligne].append(anomalie)
    noms = list(table.donnees.column_names)[:COLONNES_MAX]
    tus = {a.colonne for a in anomalies if a.code == "quarantaine" and a.colonne}
    muettes = {rang for rang, nom in enumerate(noms) if nom in tus}
    rangs = {int(ligne): position for position, ligne in enumerate(brute.lignes.tolist())}
    entetes = [n for n in table.forme.lignes_entete if n in rangs]
    if not entetes:
        # Un format qui porte ses noms hors des cellules : l'en-tête se pose juste au-dessus des données.
        _write_textes(feuille, max(1, table.forme.premiere_ligne - 1), noms, muettes=set(), gras=True)
    for numero in entetes:
        _write_textes(feuille, numero, _read_ligne(brute, rangs[numero]), muettes=set(), gras=True)
    for numero, fautes in sorted(par_ligne.items()):
        if numero in rangs and numero not in entetes:
            _write_textes(feuille, numero, _read_ligne(brute, rangs[numero]), muettes=muettes, gras=False)
        _mark(feuille, numero, fautes, noms)
    for rang in range(1, len(noms) + 1):
        feuille.column_dimensions[get_column_letter(rang)].width = 18
    # Les lignes sans faute sont repliées : celles qu'on voit gardent leur numéro d'origine.
    feuille.sheet_format.zeroHeight = True
    for numero in {*entetes, *par_ligne, max(1, table.forme.premiere_ligne - 1)}:
        feuille.row_dimensions[numero].hidden = False
        feuille.row_dimensions[numero].height = 15
    feuille.freeze_panes = f"A{max(entetes, default=max(1, table.forme.premiere_ligne - 1)) + 1}"


def _read_ligne(brute: TableBrute, position: int) -> list[str]:
    cellules = brute.cellules.slice(position, 1).to_pydict()
    return [str(v[0]) if v[0] is not None else "" for v in list(cellules.values())[:COLONNES_MAX]]


def _write_textes(feuille: Worksheet, numero: int, textes: list[str], *, muettes: set[int], gras: bool) -> None:
    for rang, texte in enumerate(textes):
        cellule = feuille.cell(numero, rang + 1)
        cellule.value = neutralise(_TAIRE if rang in muettes else texte[:LONGUEUR_MAX]) or None
        cellule.data_type = "s"
        cellule.number_format = "@"
        if gras:
            cellule.font = Font(bold=True)
            cellule.fill = PatternFill("solid", fgColor=_argb(PANNEAU))


def _mark(feuille: Worksheet, numero: int, fautes: list[Anomalie], noms: list[str]) -> None:
    """Colore et commente les cellules en cause ; sans colonne connue, la première."""
    par_colonne: dict[int, list[Anomalie]] = defaultdict(list)
    for faute in fautes:
        par_colonne[noms.index(faute.colonne) + 1 if faute.colonne in noms else 1].append(faute)
    for colonne, siennes in par_colonne.items():
        pire = min(siennes, key=lambda a: list(Gravite).index(a.gravite))
        cellule = feuille.cell(numero, colonne)
        cellule.fill = PatternFill("solid", fgColor=_argb(ETATS[str(pire.gravite)].fond))
        cellule.font = Font(bold=True, color=_argb(ETATS[str(pire.gravite)].encre))
        texte = "\n\n".join(_tell(a) for a in siennes)[:LONGUEUR_MAX]
        cellule.comment = Comment(texte, _AUTEUR, height=_HAUTEUR_COMMENTAIRE, width=_LARGEUR_COMMENTAIRE)


def _tell(faute: Anomalie) -> str:
    texte = f"{LIBELLES[faute.gravite][0].capitalize()} : {faute.message}"
    return f"{texte}\n{faute.suggestion}" if faute.suggestion else texte


def _write_fautes(feuille: Worksheet, anomalies: Iterable[Anomalie]) -> None:
    feuille.append(["Gravité", "Contrôle", "Ligne", "Colonne", "Valeur lue", "Constat", "Que faire"])
    for anomalie in anomalies:
        textes = [
            LIBELLES[anomalie.gravite][0], name_controle(anomalie.code), None, anomalie.colonne, anomalie.valeur,
            anomalie.message, anomalie.suggestion,
        ]  # fmt: skip
        feuille.append([neutralise(t[:LONGUEUR_MAX]) if t else None for t in textes])
        feuille.cell(feuille.max_row, 3).value = anomalie.ligne
    for cellule in feuille[1]:
        cellule.font = Font(bold=True)
        cellule.fill = PatternFill("solid", fgColor=_argb(PANNEAU))
    for lettre, largeur in zip("ABCDEFG", (16, 26, 8, 20, 20, 80, 80), strict=True):
        feuille.column_dimensions[lettre].width = largeur
    for ligne in feuille.iter_rows(min_row=2, min_col=6, max_col=7):
        for cellule in ligne:
            cellule.alignment = Alignment(wrap_text=True, vertical="top")
    feuille.freeze_panes = "A2"
    feuille.auto_filter.ref = f"A1:G{feuille.max_row}"


def _argb(couleur: str) -> str:
    return "FF" + couleur.lstrip("#")
