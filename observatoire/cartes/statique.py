"""Carte statique : une page d'atlas en PNG, SVG ou PDF, ou une page HTML autonome."""

from __future__ import annotations

import contextlib
import io
import os
import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from observatoire.cartes.cadre import (
    POUCE_EN_PT,
    Boite,
    Couches,
    Symboles,
    add_cadre,
    choose_rayon,
    draw_cadre,
    to_geometries,
)
from observatoire.cartes.colonne import MARGE_CARTOUCHE, Colonne
from observatoire.cartes.demande import (
    CarteStatique,
    write_libelle,
    write_note_secret,
    write_phrase,
    write_sous_titre,
    write_titre,
)
from observatoire.cartes.lecture import EtatCarte, LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende
from observatoire.cartes.page_html import render_page
from observatoire.cartes.palettes import ENCRE_SECONDE, PAPIER, rampe, typologie
from observatoire.cartes.polices import DEMI_GRAS
from observatoire.cartes.projections import PROJECTIONS, ZONES_CARTON, Zone, find_zones, project
from observatoire.errors import AppelError
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = ("png", "svg", "pdf", "html")
PAGE = (11.69, 8.27)
MARGE_PAGE = 0.45
COLONNE = 2.9
CARTE_PAGE = Boite(
    MARGE_PAGE + COLONNE + 0.3, MARGE_PAGE, PAGE[0] - 2 * MARGE_PAGE - COLONNE - 0.3, PAGE[1] - 2 * MARGE_PAGE
)
CARTE_SEULE = Boite(0.02, 0.02, 8.6, 7.2)
LARGEUR_CARTON, ECART_CARTON = 0.95, 0.1
PPP = 150

REGLAGES: dict[str, Any] = {
    "svg.hashsalt": "observatoire",
    # Le texte d'un SVG devient des chemins : il se dessine partout pareil ; ``desc`` le dit en clair.
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": False,
}
SANS_DATE: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": "observatoire"},
}


def draw_carte(demande: CarteStatique, sortie: Path) -> None:
    """Dessine une carte ; le format est celui du nom de fichier. Deux appels égaux donnent les mêmes octets.

    Raises:
        AppelError: format inconnu, aucun contour à dessiner, ou fichier impossible à écrire.

    """
    genre = check_sortie(sortie)
    if demande.contours.empty:
        message = f"Aucun contour pour les {demande.maille.libelle_pluriel} {demande.territoire_de}."
        raise AppelError(message)
    lecture = read_carte(demande.indicateur, demande.valeurs, demande.contours["code"])
    legende = build_legende(
        lecture,
        ContexteLegende(demande.maille, demande.territoire_de, demande.source, demande.geographie, demande.reperes),
    )
    if genre == "html":
        svg = _to_svg(
            _draw_carte_seule(demande, lecture, legende), write_titre(demande), _describe(demande, lecture, legende)
        )
        # Les cercles étalons sont dans le dessin : à côté, ils ne suivraient pas sa taille.
        contenu = render_page(demande, lecture, replace(legende, cercles=()), svg).encode()
    elif genre == "svg":
        svg = _to_svg(_draw_page(demande, lecture, legende), write_titre(demande), _describe(demande, lecture, legende))
        contenu = svg.encode()
    else:
        contenu = _render(_draw_page(demande, lecture, legende), genre, write_titre(demande))
    _write(sortie, contenu)


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
    fig = _build_figure(PAGE)
    symboles = _draw_cadres(fig, CARTE_PAGE, demande, lecture)
    colonne = Colonne(fig, MARGE_PAGE * POUCE_EN_PT, (PAGE[1] - MARGE_PAGE) * POUCE_EN_PT, COLONNE * POUCE_EN_PT)
    if demande.observatoire:
        colonne.write(demande.observatoire, 8.5, couleur=ENCRE_SECONDE)
        colonne.skip(6)
    colonne.write(write_libelle(demande.indicateur), 17, graisse=DEMI_GRAS)
    colonne.skip(4)
    colonne.write(write_sous_titre(demande), 10.5, couleur=ENCRE_SECONDE)
    colonne.skip(10)
    colonne.write(write_phrase(demande, lecture), 10.5)
    colonne.skip(16)
    colonne.draw_legende(legende, symboles)
    _write_pied(colonne, _list_notes(demande, lecture, legende))
    return fig


def _write_pied(colonne: Colonne, notes: list[str]) -> None:
    """Écrit les notes au pied de la colonne, ou sous la légende si elle descend jusque-là."""
    hauteur = sum(colonne.measure_paragraphe(note, 8) + 2 for note in notes)
    colonne.y = min(colonne.y - 8, MARGE_PAGE * POUCE_EN_PT + hauteur)
    for note in notes:
        colonne.write(note, 8, couleur=ENCRE_SECONDE)
        colonne.skip(2)


def _list_notes(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> list[str]:
    return [
        write_note_secret(lecture.effectif(EtatCarte.SECRET), demande.maille),
        f"Champ : {demande.indicateur.champ}.",
        f"{legende.source}.",
        f"Publication {demande.publication}.",
    ]


def _draw_carte_seule(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> Figure:
    fig = _build_figure((CARTE_SEULE.largeur + 0.04, CARTE_SEULE.hauteur + 0.04))
    symboles = _draw_cadres(fig, CARTE_SEULE, demande, lecture)
    if symboles is not None:
        gauche = CARTE_SEULE.gauche * POUCE_EN_PT + 2 * MARGE_CARTOUCHE
        if len(set(find_zones(demande.contours))) > 1:
            gauche += (LARGEUR_CARTON + ECART_CARTON) * POUCE_EN_PT
        colonne = Colonne(fig, gauche, CARTE_SEULE.bas * POUCE_EN_PT + MARGE_CARTOUCHE, COLONNE * POUCE_EN_PT)
        colonne.draw_etalons(legende.cercles, symboles)
    return fig


def _draw_cadres(fig: Figure, boite: Boite, demande: CarteStatique, lecture: LectureCarte) -> Symboles | None:
    """Dessine le cadre principal et, s'il y en a, les cartons ; rend l'échelle commune des symboles."""
    zones = find_zones(demande.contours)
    presentes = [zone for zone in (Zone.METROPOLE, *ZONES_CARTON) if (zones == zone.value).any()]
    principale, cartons = presentes[0], presentes[1:]
    if cartons:
        decalage = LARGEUR_CARTON + ECART_CARTON
        grand = Boite(boite.gauche + decalage, boite.bas, boite.largeur - decalage, boite.hauteur)
    else:
        grand = boite
    couches = _build_couches(demande, lecture, zones == principale.value, principale)
    symboles = None
    if lecture.en_symboles:
        maximum = lecture.decoupage.maximum or 1.0
        symboles = Symboles(maximum, choose_rayon(couches, grand), demande.indicateur.nature)
    draw_cadre(add_cadre(fig, grand), couches, grand, symboles)
    for zone, place in zip(cartons, _place_cartons(boite, len(cartons)), strict=True):
        retenus = _build_couches(demande, lecture, zones == zone.value, zone)
        draw_cadre(add_cadre(fig, place), retenus, place, symboles, PROJECTIONS[zone].libelle)
    return symboles


def _place_cartons(boite: Boite, nombre: int) -> Iterator[Boite]:
    """Colonne de cartons, à gauche, du haut vers le bas."""
    hauteur = (boite.hauteur - 4 * ECART_CARTON) / 5
    for rang in range(nombre):
        bas = boite.bas + boite.hauteur - (rang + 1) * hauteur - rang * ECART_CARTON
        yield Boite(boite.gauche, bas, LARGEUR_CARTON, hauteur)


def _build_couches(demande: CarteStatique, lecture: LectureCarte, retenus: np.ndarray, zone: Zone) -> Couches:
    contours = project(demande.contours[retenus], zone)
    table = lecture.table[retenus]
    voisins = limites = filets = None
    if demande.voisins is not None:
        proches = demande.voisins[find_zones(demande.voisins) == zone.value]
        voisins = to_geometries(project(proches, zone))
    if demande.limites is not None:
        bords = demande.limites[find_zones(demande.limites) == zone.value]
        limites = to_geometries(project(bords, zone))
    if limites is not None and not len(limites):
        limites = None
    if demande.filets is not None:
        lignes = demande.filets[find_zones(demande.filets) == zone.value]
        filets = to_geometries(project(lignes, zone))
    couleurs = _choose_couleurs(lecture)
    montrees = table["etat"] == EtatCarte.CLASSE
    return Couches(
        geometries=to_geometries(contours),
        noms=[str(nom) for nom in contours["libelle"]],
        etats=[EtatCarte(e) for e in table["etat"]],
        fonds=[couleurs[int(c)] if 0 <= int(c) < len(couleurs) else PAPIER for c in table["classe"]],
        valeurs=np.where(montrees, table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan), np.nan),
        voisins=voisins,
        limites=limites,
        filets=filets,
        larges=demande.maille in MAILLES_DEPUIS_COMMUNE,
    )


def _choose_couleurs(lecture: LectureCarte) -> tuple[str, ...]:
    if lecture.en_typologie:
        return typologie(max(1, len(lecture.indicateur.modalites)))
    return rampe(lecture.indicateur.nature, max(1, lecture.decoupage.nombre))


def _build_figure(taille: tuple[float, float]) -> Figure:
    fig = Figure(figsize=taille, dpi=PPP, facecolor=PAPIER)
    FigureCanvasAgg(fig)
    return fig


def _render(fig: Figure, genre: str, titre: str = "") -> bytes:
    flux = io.BytesIO()
    titres = {"Title": titre} if titre else {}
    with mpl.rc_context(REGLAGES):  # type: ignore[arg-type]  # clés exactes : matplotlib les veut en littéraux
        fig.savefig(flux, format=genre, dpi=PPP, metadata=SANS_DATE[genre] | titres)
    return flux.getvalue()


def _to_svg(fig: Figure, titre: str, description: str) -> str:
    """SVG autonome, avec titre et description lus par un lecteur d'écran."""
    brut = _render(fig, "svg").decode()
    brut = re.sub(r"\s*<metadata>.*?</metadata>", "", brut, flags=re.DOTALL)
    # Deux décimales suffisent : un centième de point ne se voit pas, et le fichier perd le tiers de son poids.
    brut = re.sub(r'(?<= d=")[^"]+', lambda m: re.sub(r"(\.\d\d)\d+", r"\1", m[0]), brut)
    lu = f'<title id="carte-titre">{escape(titre)}</title>\n <desc id="carte-desc">{escape(description)}</desc>'
    return re.sub(
        r"<svg ([^>]*)>",
        lambda m: f'<svg role="img" aria-labelledby="carte-titre carte-desc" {m[1]}>\n {lu}',
        brut,
        count=1,
    )


def _describe(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> str:
    """Dit la carte sans la voir : niveau, phrase, effectif de chaque classe, source."""
    entrees = (*legende.entrees, *legende.etats)
    classes = " ; ".join(f"{e.lecture.rstrip('.')} : {e.effectif}" for e in entrees)
    phrase = write_phrase(demande, lecture)
    etalons = ", ".join(c.libelle for c in legende.cercles)
    etalons = f" Cercles étalons : {etalons}." if etalons else ""
    compte = f"Nombre de {legende.unites_comptees} : {classes}."
    return f"{write_sous_titre(demande)}. {phrase} {compte}{etalons} {legende.source}."
