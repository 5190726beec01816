"""Vignette d'une carte : l'image qui l'annonce quand son lien est collé dans un message."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from observatoire.cartes.bandeau import Bandeau
from observatoire.cartes.cadre import Boite
from observatoire.cartes.cadres import draw_cadres
from observatoire.cartes.colonne import Colonne
from observatoire.cartes.demande import write_libelle, write_phrase, write_sous_titre
from observatoire.cartes.palettes import ENCRE_SECONDE
from observatoire.cartes.polices import DEMI_GRAS
from observatoire.cartes.rendu import build_figure
from observatoire.cartes.statique import read_demande
from observatoire.cartes.trace import POUCE_EN_PT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from observatoire.cartes.demande import CarteStatique
    from observatoire.cartes.lecture import LectureCarte
    from observatoire.cartes.legende import Legende

LARGEUR_PX, HAUTEUR_PX = 1200, 630
"""Taille que les messageries attendent."""
PPP = 100
MARGE = 0.4
CARTE = Boite(6.0, 0.2, 5.8, 5.9)
COLONNE = CARTE.gauche - MARGE - 0.3
TAILLES_TITRE = (32, 27, 22)
LIGNES_TITRE = 3
OCTETS_MAX = 150_000
COULEURS = (128, 64, 32, 16)
"""Nombres de couleurs essayés, du plus fidèle au plus léger."""


def render_vignette(demande: CarteStatique) -> bytes:
    """Vignette PNG de 1200 × 630 pixels, de moins de 150 ko : titre, phrase, petite carte, légende courte.

    Raises:
        AppelError: aucun contour à dessiner.
    """
    lecture, legende = read_demande(demande)
    figure = _draw(demande, lecture, legende)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]  # toile Agg
    return _compress(Image.fromarray(np.ascontiguousarray(pixels)))


def _compress(image: Image.Image) -> bytes:
    """PNG à palette : des aplats n'ont pas besoin de seize millions de couleurs."""
    contenu = b""
    for nombre in COULEURS:
        flux = io.BytesIO()
        reduite = image.quantize(nombre, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduite.save(flux, format="png", optimize=True)
        contenu = flux.getvalue()
        if len(contenu) <= OCTETS_MAX:
            break
    return contenu


def _draw(demande: CarteStatique, lecture: LectureCarte, legende: Legende) -> Figure:
    fig = build_figure((LARGEUR_PX / PPP, HAUTEUR_PX / PPP), PPP)
    draw_cadres(fig, CARTE, demande, lecture, muet=True)
    haut = (HAUTEUR_PX / PPP - MARGE) * POUCE_EN_PT
    colonne = Colonne(fig, MARGE * POUCE_EN_PT, haut, COLONNE * POUCE_EN_PT)
    if demande.observatoire:
        colonne.write(demande.observatoire, 15, couleur=ENCRE_SECONDE)
        colonne.skip(10)
    titre = write_libelle(demande.indicateur)
    taille = next((t for t in TAILLES_TITRE if colonne.count_lignes(titre, t, DEMI_GRAS) <= LIGNES_TITRE), 22)
    colonne.write(titre, taille, graisse=DEMI_GRAS)
    colonne.skip(4)
    colonne.write(write_sous_titre(demande), 17, couleur=ENCRE_SECONDE)
    colonne.skip(14)
    phrase = demande.choisi.phrase if demande.choisi else write_phrase(demande, lecture)
    bandeau = Bandeau(colonne, legende)
    pied = MARGE * POUCE_EN_PT + bandeau.hauteur
    colonne.write(phrase, 17, bas=pied + 14)
    colonne.y = pied
    bandeau.draw()
    return fig
