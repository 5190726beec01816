"""Légende courte, en bandeau : ce qu'une vignette a la place de dire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.cartes.palettes import ENCRE_SECONDE
from observatoire.cartes.polices import DEMI_GRAS

if TYPE_CHECKING:
    from observatoire.cartes.colonne import Colonne
    from observatoire.cartes.legende import Legende

CASE, TEXTE, ECART = 26.0, 13.0, 6.0
CATEGORIES_MAX = 8


class Bandeau:
    """Bandeau posé sous ``colonne.y`` ; longueurs en points."""

    def __init__(self, colonne: Colonne, legende: Legende) -> None:
        """Prépare le bandeau d'une légende."""
        self._colonne, self._legende = colonne, legende
        self._categories = () if legende.ordonnee else legende.entrees[:CATEGORIES_MAX]

    @property
    def hauteur(self) -> float:
        """Hauteur que prendra le bandeau."""
        if self._legende.ordonnee and self._legende.entrees:
            return 2 * (TEXTE + ECART) + CASE
        lignes = (len(self._categories) + 1) // 2
        return max(1, lignes) * (TEXTE + 1.5 * ECART)

    def draw(self) -> None:
        """Dessine le bandeau : classes de gauche à droite, ou catégories sur deux colonnes."""
        if self._categories:
            self._draw_categories()
        elif self._legende.entrees:
            self._draw_classes()
        elif self._legende.en_symboles:
            unite = f" ({self._legende.unite})" if self._legende.unite else ""
            self._colonne.write(f"Surface des cercles proportionnelle au nombre{unite}.", TEXTE, couleur=ENCRE_SECONDE)

    def _draw_classes(self) -> None:
        colonne, entrees = self._colonne, self._legende.entrees
        if self._legende.unite:
            colonne.put(f"En {self._legende.unite}", colonne.gauche, colonne.y - TEXTE, TEXTE, graisse=DEMI_GRAS)
        largeur = colonne.largeur / len(entrees)
        bas = colonne.y - TEXTE - ECART - CASE
        # Un libellé plus large que sa case chevaucherait le suivant : seuls les deux bouts sont alors écrits.
        tiennent = all(colonne.measure(e.libelle, TEXTE) < largeur - 4 for e in entrees)
        for rang, entree in enumerate(entrees):
            x = colonne.gauche + rang * largeur
            colonne.draw_dessin(entree.dessin, x, bas, largeur, CASE)
            if tiennent or rang in (0, len(entrees) - 1):
                bout = not tiennent and rang > 0
                place = x + largeur if bout else x
                colonne.put(entree.libelle, place, bas - TEXTE - 2, TEXTE, ha="right" if bout else "left")

    def _draw_categories(self) -> None:
        colonne = self._colonne
        for rang, entree in enumerate(self._categories):
            x = colonne.gauche + rang % 2 * colonne.largeur / 2
            y = colonne.y - (rang // 2 + 1) * (TEXTE + 1.5 * ECART)
            colonne.draw_dessin(entree.dessin, x, y, CASE, TEXTE + 2)
            colonne.put(entree.libelle, x + CASE + ECART, y + 3, TEXTE)
