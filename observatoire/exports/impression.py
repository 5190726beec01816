"""Page A4 d'une carte : la carte en traits, sa légende, son tableau complet, sa source, sans aucun menu."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from observatoire.cartes.cadre import Boite
from observatoire.cartes.cadres import compute_forme, count_cartons
from observatoire.cartes.demande import write_libelle, write_note_secret, write_phrase, write_sous_titre, write_titre
from observatoire.cartes.lecture import EtatCarte
from observatoire.cartes.legende_html import render_legende_html
from observatoire.cartes.palettes import couleur_cerne, couleur_symbole
from observatoire.cartes.statique import mark_choisi, read_demande, render_carte_seule
from observatoire.exports.impression_style import write_style
from observatoire.exports.motifs_svg import draw_motifs
from observatoire.exports.tableau import build_tableau
from observatoire.exports.tableau_imprime import render_tableau

if TYPE_CHECKING:
    from observatoire.cartes.demande import CarteStatique

LARGEUR_PORTRAIT, LARGEUR_PAYSAGE = 7.32, 6.6
"""Largeur de la carte sur le papier, en pouces : elle est dessinée à sa vraie taille, un point y est un point."""
HAUTEUR_PORTRAIT, HAUTEUR_PAYSAGE = (3.2, 5.4), (3.2, 5.0)
"""Hauteurs permises."""
FEUILLE_MM, HABILLAGE_MM, LIGNE_MM, LIGNE_LONGUE_MM = 269.0, 112.0, 4.4, 7.4
"""Hauteur utile d'une feuille ; part du titre, de la légende et du pied ; hauteur d'une ligne de tableau, simple
ou double (une catégorie et ses parts)."""
POUCE_MM = 25.4
FORME_PAYSAGE = 0.62
"""Un territoire plus large que cela tient mieux sur une feuille couchée."""
BORD = 0.02


@dataclass(frozen=True)
class Habillage:
    """Ce que la page reçoit de l'observatoire.

    Attributes:
        logo: image, en adresse ``data:`` ; vide sans logo.
        police: adresse de la police de l'écran ; vide, celle du système.
        retour: adresse de la carte, pour y revenir.
        partenariat: phrase de partenariat.
    """

    logo: str = ""
    police: str = ""
    retour: str = ""
    partenariat: str = ""


def render_impression(demande: CarteStatique, habillage: Habillage) -> str:
    """Page autonome, prête à imprimer.

    Raises:
        AppelError: aucun contour à dessiner.
    """
    lecture, legende = read_demande(demande)
    paysage = is_paysage(demande)
    svg = render_carte_seule(demande, lecture, legende, _choose_boite(demande, paysage=paysage))
    nature, titre = demande.indicateur.nature, write_titre(demande)
    marquee = mark_choisi(demande, lecture, legende)
    couleurs = (couleur_symbole(nature), couleur_cerne(nature))
    legende_html = render_legende_html(marquee, couleurs_cercle=couleurs, cercles_ailleurs=True)
    legende_html = draw_motifs(legende_html, (*marquee.entrees, *marquee.etats))
    tableau = build_tableau(demande.indicateur, demande.valeurs)
    # Ni prologue XML ni DOCTYPE au milieu d'une page HTML.
    dessin = re.sub(r"^.*?(?=<svg )", "", svg, count=1, flags=re.DOTALL)
    choisi = f'<p class="phrase choisie">{escape(demande.choisi.phrase)}</p>' if demande.choisi else ""
    pied = f"{demande.observatoire} · publication {demande.publication}".strip(" ·")
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(titre)} — {escape(demande.territoire)}</title>
<style>{write_style(pied, habillage.police, paysage=paysage)}</style>
</head>
<body>
{_render_barre(habillage)}
<main>
<header>{_render_nom(demande, habillage)}
<h1>{escape(write_libelle(demande.indicateur))}</h1>
<p class="sous-titre">{escape(write_sous_titre(demande))}</p>
<p class="phrase">{escape(write_phrase(demande, lecture))}</p>{choisi}</header>
<section class="carte">
<figure>
{dessin}
</figure>
<div class="explique">{legende_html}</div>
</section>
{render_tableau(tableau, demande.indicateur, demande.maille, f"{write_sous_titre(demande)}, par ordre alphabétique")}
<footer>
<p>{escape(write_note_secret(lecture.effectif(EtatCarte.SECRET), demande.maille))}
Champ : {escape(demande.indicateur.champ)}. {escape(habillage.partenariat)}</p>
<p>Publication {escape(demande.publication)}. <span class="lien">{escape(demande.lien)}</span></p>
</footer>
</main>
</body>
</html>
"""


def is_paysage(demande: CarteStatique) -> bool:
    """Vrai si la carte tient mieux sur une feuille couchée."""
    return not count_cartons(demande) and compute_forme(demande) < FORME_PAYSAGE


def _choose_boite(demande: CarteStatique, *, paysage: bool) -> Boite:
    largeur = LARGEUR_PAYSAGE if paysage else LARGEUR_PORTRAIT
    minimum, maximum = HAUTEUR_PAYSAGE if paysage else HAUTEUR_PORTRAIT
    # Si le tableau est assez court, la carte lui laisse la place de finir sur la même feuille.
    ligne = LIGNE_LONGUE_MM if demande.indicateur.modalites else LIGNE_MM
    reste = (FEUILLE_MM - HABILLAGE_MM - ligne * math.ceil(len(demande.contours) / 2)) / POUCE_MM
    if not paysage and reste >= minimum:
        maximum = min(maximum, reste)
    # Les cartons d'outre-mer demandent toute la hauteur.
    voulue = maximum if count_cartons(demande) else compute_forme(demande) * largeur
    return Boite(BORD, BORD, largeur - 2 * BORD, min(max(voulue, minimum), maximum))


def _render_nom(demande: CarteStatique, habillage: Habillage) -> str:
    logo = f'<img src="{escape(habillage.logo, quote=True)}" alt="">' if habillage.logo else ""
    return f'<p class="nom">{logo}{escape(demande.observatoire)}</p>' if logo or demande.observatoire else ""


def _render_barre(habillage: Habillage) -> str:
    """Boutons de l'écran, absents du papier."""
    retour = f'<a href="{escape(habillage.retour, quote=True)}">Revenir à la carte</a>' if habillage.retour else ""
    bouton = '<button type="button" onclick="print()">Imprimer</button>'
    return f'<nav class="barre" aria-label="Impression">{bouton}{retour}</nav>'
