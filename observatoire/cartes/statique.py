"""Carte statique : une page d'atlas en PNG, SVG ou PDF, ou une page HTML autonome."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from observatoire.cartes.cadre import Boite
from observatoire.cartes.cadres import ECART_CARTON, LARGEUR_CARTON, count_cartons, draw_cadres
from observatoire.cartes.colonne import MARGE_CARTOUCHE, Colonne
from observatoire.cartes.demande import (
    CarteStatique,
    write_libelle,
    write_notes,
    write_phrase,
    write_sous_titre,
    write_titre,
)
from observatoire.cartes.lecture import EtatCarte, LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende, mark_territoire
from observatoire.cartes.page_html import render_page
from observatoire.cartes.palettes import ENCRE_SECONDE
from observatoire.cartes.polices import DEMI_GRAS
from observatoire.cartes.rendu import build_figure, render_figure, render_svg
from observatoire.cartes.trace import POUCE_EN_PT
from observatoire.errors import AppelError

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf", "html")
PAGE = (11.69, 8.27)
MARGE_PAGE = 0.45
COLONNE = 2.9
CARTE_PAGE = Boite(
    MARGE_PAGE + COLONNE + 0.3, MARGE_PAGE, PAGE[0] - 2 * MARGE_PAGE - COLONNE - 0.3, PAGE[1] - 2 * MARGE_PAGE
)
CARTE_SEULE = Boite(0.02, 0.02, 8.6, 7.2)


def draw_carte(demande: CarteStatique, sortie: Path) -> None:
    """Dessine une carte ; le format est celui du nom de fichier. Deux appels égaux donnent les mêmes octets.

    Raises:
        AppelError: format inconnu, aucun contour à dessiner, ou fichier impossible à écrire.

    """
    genre = check_sortie(sortie)
    _write(sortie, render_carte(demande, genre))


def render_carte(demande: CarteStatique, genre: str) -> bytes:
    """Octets d'une carte, dans l'un des ``FORMATS``. Peut servir plusieurs fils d'exécution à la fois.

    Raises:
        AppelError: aucun contour à dessiner.

    """
    lecture, legende = read_demande(demande)
    if genre == "html":
        return render_page(demande, lecture, legende, render_carte_seule(demande, lecture, legende)).encode()
    figure = _draw_page(demande, lecture, mark_choisi(demande, lecture, legende))
    if genre == "svg":
        return render_svg(figure, write_titre(demande), describe(demande, lecture, legende)).encode()
    return render_figure(figure, genre, write_titre(demande))


def read_demande(demande: CarteStatique) -> tuple[LectureCarte, Legende]:
    """Ce que la carte montre, et sa légende.

    Raises:
        AppelError: aucun contour à dessiner.

    """
    if demande.contours.empty:
        message = f"Aucun contour pour les {demande.maille.libelle_pluriel} {demande.territoire_de}."
        raise AppelError(message)
    lecture = read_carte(demande.indicateur, demande.valeurs, demande.contours["code"].tolist())
    contexte = ContexteLegende(
        demande.maille, demande.territoire_de, demande.source, demande.geographie, demande.reperes
    )
    return lecture, build_legende(lecture, contexte)


def mark_choisi(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> Legende:
    """Légende avec le repère du territoire choisi, s'il y en a un."""
    choisi = demande.choisi
    return legende if choisi is None else mark_territoire(legende, lecture, choisi.code, choisi.libelle)


def render_carte_seule(
    demande: CarteStatique, lecture: LectureCarte, legende: Legende, boite: Boite = CARTE_SEULE
) -> str:
    """Carte sans titre ni légende, en SVG ; ses cercles étalons y sont : à côté, ils ne suivraient pas sa taille."""
    figure = _draw_carte_seule(demande, lecture, legende, boite)
    return render_svg(figure, write_titre(demande), describe(demande, lecture, legende))


def describe(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> str:
    """Dit la carte sans la voir : niveau, phrase, territoire choisi, effectif de chaque classe, source."""
    entrees = (*legende.entrees, *legende.etats)
    classes = " ; ".join(f"{e.lecture.rstrip('.')} : {e.effectif}" for e in entrees)
    phrases = [write_phrase(demande, lecture), demande.choisi.phrase if demande.choisi else ""]
    etalons = ", ".join(c.libelle for c in legende.cercles)
    etalons = f" Cercles étalons : {etalons}." if etalons else ""
    compte = f"Nombre de {legende.unites_comptees} : {classes}."
    dit = " ".join(filter(None, phrases))
    return f"{write_sous_titre(demande)}. {dit} {compte}{etalons} {legende.source}."


def check_sortie(sortie: Path) -> str:
    """Format d'un fichier à écrire, vérifié avant tout calcul.

    Raises:
        AppelError: format inconnu, ou dossier absent.

    """
    genre = sortie.suffix.lower().lstrip(".")
    if genre not in FORMATS:
        quoi = f"Format « {genre} » inconnu pour {sortie.name}" if genre else f"« {sortie.name} » n'a pas d'extension"
        message = f"{quoi} : choisir {', '.join(FORMATS)}."
        raise AppelError(message)
    if sortie.is_dir():
        message = f"« {sortie} » est un dossier : donnez le nom d'un fichier, par exemple « carte.{genre} »."
        raise AppelError(message)
    if not sortie.parent.is_dir():
        message = f"Le dossier « {sortie.parent} » n'existe pas : créez-le, ou choisissez un autre endroit."
        raise AppelError(message)
    return genre


def _write(sortie: Path, contenu: bytes) -> None:
    """Écrit à côté puis remplace : la carte d'avant reste entière si l'écriture échoue."""
    provisoire = sortie.with_name(f".{sortie.name}.{os.getpid()}.tmp")
    try:
        provisoire.write_bytes(contenu)
        provisoire.replace(sortie)
    except OSError as erreur:
        with contextlib.suppress(OSError):
            provisoire.unlink(missing_ok=True)
        message = (
            f"Impossible d'écrire « {sortie} » ({erreur.strerror}) : "
            "vérifiez les droits du dossier et la place sur le disque, ou choisissez un autre endroit."
        )
        raise AppelError(message) from erreur


def _draw_page(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> Figure:
    fig = build_figure(PAGE)
    symboles = draw_cadres(fig, CARTE_PAGE, demande, lecture)
    colonne = Colonne(fig, MARGE_PAGE * POUCE_EN_PT, (PAGE[1] - MARGE_PAGE) * POUCE_EN_PT, COLONNE * POUCE_EN_PT)
    if demande.observatoire:
        colonne.write(demande.observatoire, 8.5, couleur=ENCRE_SECONDE)
        colonne.skip(6)
    colonne.write(write_libelle(demande.indicateur), 17, graisse=DEMI_GRAS)
    colonne.skip(4)
    colonne.write(write_sous_titre(demande), 10.5, couleur=ENCRE_SECONDE)
    colonne.skip(10)
    colonne.write(write_phrase(demande, lecture), 10.5)
    if demande.choisi is not None:
        colonne.skip(6)
        colonne.write(demande.choisi.phrase, 10.5, graisse=DEMI_GRAS)
    colonne.skip(16)
    colonne.draw_legende(legende, symboles)
    _write_pied(colonne, write_notes(demande, legende.source, lecture.effectif(EtatCarte.SECRET)))
    return fig


def _write_pied(colonne: Colonne, notes: list[str]) -> None:
    """Écrit les notes au pied de la colonne, ou sous la légende si elle descend jusque-là."""
    hauteur = sum(colonne.measure_paragraphe(note, 8) + 2 for note in notes)
    colonne.y = min(colonne.y - 8, MARGE_PAGE * POUCE_EN_PT + hauteur)
    for note in notes:
        colonne.write(note, 8, couleur=ENCRE_SECONDE)
        colonne.skip(2)


def _draw_carte_seule(demande: CarteStatique, lecture: LectureCarte, legende: Legende, boite: Boite) -> Figure:
    fig = build_figure((boite.largeur + 2 * boite.gauche, boite.hauteur + 2 * boite.bas))
    symboles = draw_cadres(fig, boite, demande, lecture)
    if symboles is not None:
        gauche = boite.gauche * POUCE_EN_PT + 2 * MARGE_CARTOUCHE
        if count_cartons(demande):
            gauche += (LARGEUR_CARTON + ECART_CARTON) * POUCE_EN_PT
        colonne = Colonne(fig, gauche, boite.bas * POUCE_EN_PT + MARGE_CARTOUCHE, COLONNE * POUCE_EN_PT)
        colonne.draw_etalons(legende.cercles, symboles)
    return fig
