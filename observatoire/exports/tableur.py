"""Classeur XLSX d'une carte : une feuille de valeurs typées, une feuille pour les lire."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from observatoire.cartes.palettes import ENCRE, FILET, PANNEAU
from observatoire.exports.feuille import Colonne, write_lignes
from observatoire.exports.formules import is_formule
from observatoire.exports.tableau import NOMBRES
from observatoire.modeles.nombres import format_unite

if TYPE_CHECKING:
    from datetime import datetime

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from observatoire.exports.notice import Rubrique
    from observatoire.exports.tableau import Tableau
    from observatoire.modeles.indicateurs import Indicateur

FEUILLE_VALEURS, FEUILLE_LECTURE = "Valeurs", "Lire"
LARGEURS = {"code": 12, "territoire": 36, "categorie": 28, "statut": 38, "remarque": 60}
LARGEUR_NOMBRE, LARGEUR_TITRE, LARGEUR_TEXTE = 14, 18, 110
_ENTETES = {
    "code": "code", "territoire": "territoire", "categorie": "catégorie", "borne_inf": "intervalle : de",
    "borne_sup": "intervalle : à", "nombre": "nombre", "sur": "sur", "statut": "statut", "remarque": "remarque",
}  # fmt: skip
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_PREMIERE_FEUILLE, _PROPRIETES = "xl/worksheets/sheet1.xml", "docProps/core.xml"


def write_classeur(tableau: Tableau, indicateur: Indicateur, notice: list[Rubrique], jour: datetime) -> bytes:
    """Octets du classeur ; deux appels égaux donnent les mêmes octets.

    Les nombres sont des nombres, au format qui s'affiche à la française dans un tableur français ; les codes
    restent des textes (« 01001 »). Un territoire sans valeur a une case vide et son statut.

    Args:
        tableau: lignes à écrire.
        indicateur: fiche de ce qui est montré.
        notice: feuille « Lire ».
        jour: date de la publication, qui est celle du fichier.
    """
    classeur = Workbook()
    classeur.properties.title = notice[0].texte if notice else indicateur.libelle
    classeur.properties.creator = "observatoire"
    feuille: Worksheet = classeur.active
    feuille.title = FEUILLE_VALEURS
    colonnes = _prepare_valeurs(feuille, tableau, indicateur)
    _write_notice(classeur.create_sheet(FEUILLE_LECTURE), notice)
    flux = io.BytesIO()
    classeur.save(flux)
    return _finish(flux.getvalue(), write_lignes(colonnes), _write_reference(tableau), jour)


def write_entetes(tableau: Tableau, indicateur: Indicateur) -> list[str]:
    """Titres des colonnes ; celui de la valeur porte son unité."""
    unite = format_unite(indicateur.unite)
    valeur = f"valeur ({unite})" if unite else "valeur"
    return [valeur if nom == "valeur" else _ENTETES[nom] for nom in tableau.lignes.columns]


def _prepare_valeurs(feuille: Worksheet, tableau: Tableau, indicateur: Indicateur) -> list[Colonne]:
    """Met en place l'en-tête, les largeurs, le filtre ; rend les colonnes à écrire et leurs styles."""
    noms = list(tableau.lignes.columns)
    feuille.append([_make_entete(feuille, titre) for titre in write_entetes(tableau, indicateur)])
    for rang, nom in enumerate(noms):
        feuille.column_dimensions[chr(ord("A") + rang)].width = LARGEURS.get(nom, LARGEUR_NOMBRE)
    feuille.freeze_panes = "C2"
    feuille.auto_filter.ref = _write_reference(tableau)
    formule = WriteOnlyCell(feuille, value="")
    # L'apostrophe du tableur : le texte qui suit n'est jamais une formule, même retouché puis enregistré.
    formule.quotePrefix = True
    return [
        Colonne(
            tableau.lignes[nom].tolist(),
            en_nombres=nom in NOMBRES,
            style=_style_of(feuille, _choose_format(nom, indicateur.decimales)) if nom in NOMBRES else 0,
            style_formule=formule.style_id,
        )
        for nom in noms
    ]


def _style_of(feuille: Worksheet, forme: str) -> int:
    """Rang d'un format de nombre parmi les styles du classeur."""
    cellule = WriteOnlyCell(feuille, value=0)
    cellule.number_format = forme
    return int(cellule.style_id)


def _choose_format(nom: str, decimales: int) -> str:
    """Format d'affichage. Il s'écrit à l'américaine ; un tableur français y met l'espace et la virgule."""
    compte = nom in ("nombre", "sur") or not decimales
    return "#,##0" if compte else f"#,##0.{'0' * decimales}"


def _write_reference(tableau: Tableau) -> str:
    """Étendue de la feuille, en-tête compris : « A1:I25 »."""
    return f"A1:{chr(ord('A') + len(tableau.lignes.columns) - 1)}{len(tableau.lignes) + 1}"


def _make_entete(feuille: Worksheet, titre: str) -> Cell:
    cellule = WriteOnlyCell(feuille, value=titre)
    cellule.font = Font(bold=True, color=ENCRE.lstrip("#"))
    cellule.fill = PatternFill("solid", fgColor=PANNEAU.lstrip("#"))
    cellule.border = Border(bottom=Side("thin", color=FILET.lstrip("#")))
    cellule.alignment = Alignment(vertical="center", wrap_text=True)
    return cellule


def _write_notice(feuille: Worksheet, notice: list[Rubrique]) -> None:
    feuille.column_dimensions["A"].width = LARGEUR_TITRE
    feuille.column_dimensions["B"].width = LARGEUR_TEXTE
    for rang, rubrique in enumerate(notice, start=1):
        titre, texte = feuille.cell(rang, 1, rubrique.titre or None), feuille.cell(rang, 2)
        titre.font = Font(bold=True)
        texte.value = rubrique.texte
        if is_formule(rubrique.texte):
            texte.data_type, texte.quotePrefix = "s", True
        titre.alignment = texte.alignment = Alignment(vertical="top", wrap_text=True)


def _finish(contenu: bytes, lignes: bytes, reference: str, jour: datetime) -> bytes:
    """Glisse les lignes dans la première feuille, et la date de la publication à la place de l'heure.

    openpyxl met six secondes à écrire trente mille lignes, une à une : ici elles sont déjà prêtes.
    """
    iso = f"{jour:%Y-%m-%dT%H:%M:%SZ}".encode()
    flux = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as lu, zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            brut = lu.read(nom)
            if nom == _PROPRIETES:
                brut = _DATES.sub(rb"\g<1>" + iso + rb"\g<2>", brut)
            elif nom == _PREMIERE_FEUILLE:
                brut = brut.replace(b"</sheetData>", lignes + b"</sheetData>", 1)
                brut = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{reference}"'.encode(), brut, count=1)
            piece = zipfile.ZipInfo(nom, date_time=jour.timetuple()[:6])
            piece.compress_type, piece.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            ecrit.writestr(piece, brut)
    return flux.getvalue()
