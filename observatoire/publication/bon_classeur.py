"""Feuille « bon à publier » en classeur : accord, résumé, différences, valeurs qui paraîtront."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from observatoire.cartes.palettes import ENCRE, FILET, PANNEAU
from observatoire.catalogue.fictif import TAMPON
from observatoire.exports.formules import is_formule
from observatoire.modeles.nombres import format_date, format_periode
from observatoire.publication.bon_html import write_comptes, write_masques, write_reference

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from observatoire.publication.bon_a_publier import BonAPublier, PartBon

ACCORD, RESUME, DIFFERENCES, VALEURS = "Accord", "Ce qui paraitra", "Differences", "Valeurs"
_GRAS = Font(bold=True, color=ENCRE.lstrip("#"))
_FOND = PatternFill("solid", fgColor=PANNEAU.lstrip("#"))
_FILET = Border(bottom=Side("thin", color=FILET.lstrip("#")))
_COLONNES_VALEURS = ("valeur", "borne_inf", "borne_sup", "nombre", "sur")


def write_bon(bon: BonAPublier) -> bytes:
    """Octets du classeur ; aucune feuille cachée, aucune valeur masquée."""
    fictif = f"{TAMPON} · " if bon.source.fictif else ""
    classeur = Workbook()
    classeur.properties.title = f"{fictif}Bon à publier : {bon.source.libelle}"
    classeur.properties.creator = "observatoire"
    feuille: Worksheet = classeur.active
    feuille.title = ACCORD
    _write_accord(feuille, bon, fictif)
    _write_resume(classeur.create_sheet(RESUME), bon)
    _write_differences(classeur.create_sheet(DIFFERENCES), bon)
    _write_valeurs(classeur.create_sheet(VALEURS), bon)
    flux = io.BytesIO()
    classeur.save(flux)
    return flux.getvalue()


def _write_accord(feuille: Worksheet, bon: BonAPublier, fictif: str) -> None:
    lignes = [
        (f"{fictif}Bon à publier", bon.source.libelle),
        ("Observatoire", bon.observatoire),
        ("Producteur", bon.source.producteur),
        ("Période", ", ".join(format_periode(p) for p in bon.depot.periodes)),
        ("Territoire", bon.territoire),
        ("Fichier reçu", f"{bon.depot.fichier}, {write_reference(bon.depot)}"),
        ("Comparé à", f"publication {bon.en_ligne}"),
        ("Feuille du", format_date(bon.jour)),
        *(("Mention", mention) for mention in bon.mentions),
        *((f"Ne paraîtra pas : {nom}", motif) for nom, motif in bon.refus.items()),
    ]
    for ligne in lignes:
        _append(feuille, ligne)
    feuille.append([])
    premiere = feuille.max_row + 2
    for titre in ("Bon à publier (oui ou non)", "Fonction", "Date", "Remarques"):
        _append(feuille, (titre, ""))
    reponse = f"B{premiere - 1}"
    liste = DataValidation("list", formula1='"oui,non"', allow_blank=True)
    liste.add(reponse)
    feuille.add_data_validation(liste)
    for rang in range(1, feuille.max_row + 1):
        feuille.cell(rang, 1).font = _GRAS
        feuille.cell(rang, 2).alignment = Alignment(wrap_text=True, vertical="top")
        feuille.cell(rang, 2).protection = Protection(locked=rang < premiere - 1)
    feuille.column_dimensions["A"].width, feuille.column_dimensions["B"].width = 30, 90


def _write_resume(feuille: Worksheet, bon: BonAPublier) -> None:
    entetes = ("indicateur", "période", "niveau", "résumé", "montrées", "masquées", "absentes", "différences", "secret")
    _write_entetes(feuille, entetes, (44, 12, 16, 70, 11, 11, 11, 30, 44))
    for part in bon.parts:
        _append(
            feuille,
            (
                part.indicateur.libelle,
                format_periode(part.periode),
                part.maille.libelle_pluriel,
                part.phrase,
                part.montrees,
                part.masquees,
                part.absentes,
                write_comptes(part),
                write_masques(part),
            ),
        )


def _write_differences(feuille: Worksheet, bon: BonAPublier) -> None:
    _write_entetes(
        feuille, ("indicateur", "code", "territoire", "changement", "en ligne", "à venir"), (44, 10, 34, 18, 16, 16)
    )
    for part in bon.parts:
        for d in part.differences:
            _append(feuille, (part.indicateur.libelle, d.code, d.territoire, d.changement, d.avant, d.apres))


def _write_valeurs(feuille: Worksheet, bon: BonAPublier) -> None:
    entetes = (
        "indicateur", "période", "unité", "code", "territoire", "catégorie", "valeur", "de", "à", "nombre", "sur",
        "statut", "remarque",
    )  # fmt: skip
    _write_entetes(feuille, entetes, (44, 12, 18, 10, 34, 18, 12, 12, 12, 12, 12, 18, 60))
    for part in bon.parts:
        for ligne in _list_valeurs(part):
            _append(feuille, ligne)


def _list_valeurs(part: PartBon) -> Sequence[tuple[object, ...]]:
    """Lignes du tableau, une absence en case vide."""
    lignes, fiche = part.tableau.lignes, part.indicateur
    nombres = [
        [None if v != v else v for v in lignes[nom].tolist()] if nom in lignes else [None] * len(lignes)  # noqa: PLR0124
        for nom in _COLONNES_VALEURS
    ]
    categories = lignes["categorie"].tolist() if "categorie" in lignes else [""] * len(lignes)
    textes = (lignes["code"].tolist(), lignes["territoire"].tolist(), categories)
    fin = (lignes["statut"].tolist(), lignes["remarque"].tolist())
    tete = (fiche.libelle, format_periode(part.periode), fiche.unite)
    return [(*tete, *ligne) for ligne in zip(*textes, *nombres, *fin, strict=True)]


def _write_entetes(feuille: Worksheet, entetes: Sequence[str], largeurs: Sequence[int]) -> None:
    feuille.append(list(entetes))
    for rang, largeur in enumerate(largeurs, start=1):
        cellule = feuille.cell(1, rang)
        cellule.font, cellule.fill, cellule.border = _GRAS, _FOND, _FILET
        feuille.column_dimensions[cellule.column_letter].width = largeur
    feuille.freeze_panes = "A2"


def _append(feuille: Worksheet, valeurs: Sequence[object]) -> None:
    """Ajoute une ligne ; un texte qui ressemble à une formule reste un texte."""
    feuille.append([v if v != "" else None for v in valeurs])
    for rang, valeur in enumerate(valeurs, start=1):
        if isinstance(valeur, str) and is_formule(valeur):
            cellule = feuille.cell(feuille.max_row, rang)
            cellule.data_type, cellule.quotePrefix = "s", True
