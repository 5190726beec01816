"""Colonne de texte d'une carte imprimée : titre, phrase, légende, source, de haut en bas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Circle, Polygon, Rectangle

from observatoire.cartes.legende import SIGNE_CHOISI, SIGNES_REFERENCES, write_note
from observatoire.cartes.palettes import (
    CARTE,
    ENCRE,
    ENCRE_SECONDE,
    FILET,
    LIMITE_COMMUNE,
    OPACITE_SYMBOLE,
    PAPIER,
    Dessin,
    Motif,
    couleur_cerne,
    couleur_symbole,
)
from observatoire.cartes.polices import DEMI_GRAS, NORMAL, load_police
from observatoire.cartes.trace import EPAISSEUR_MOTIF, HACHURES
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from observatoire.cartes.cadre import Symboles
    from observatoire.cartes.legende import Cercle, EntreeLegende, Legende

INTERLIGNE = 1.25
MARGE_CARTOUCHE = 6.0
LARGEUR_DESSIN, HAUTEUR_DESSIN, ECART_DESSIN = 26.0, 17.0, 6.0
_COUPURES_LIEN = "/?&=-_."


class Colonne:
    """Plume qui descend ; toutes les longueurs sont en points, l'origine en haut à gauche."""

    def __init__(self, fig: Figure, gauche: float, haut: float, largeur: float) -> None:
        """Pose la colonne ; ``gauche`` et ``haut`` en points depuis le coin bas gauche de la page."""
        page_l, page_h = (cote * 72 for cote in fig.get_size_inches())
        self._ax: Axes = fig.add_axes((0, 0, 1, 1), facecolor="none", zorder=30)
        self._ax.set(xlim=(0, page_l), ylim=(0, page_h))
        self._ax.axis("off")
        self.gauche, self.y, self.largeur = gauche, haut, largeur
        self._rendu = fig.canvas.get_renderer()  # type: ignore[attr-defined]  # toile Agg, posée par la page
        self._points_par_pixel = 72 / fig.dpi

    def skip(self, hauteur: float) -> None:
        """Laisse un blanc."""
        self.y -= hauteur

    def write(
        self, texte: str, taille: float, *, graisse: int = NORMAL, couleur: str = ENCRE, bas: float | None = None
    ) -> None:
        """Écrit un paragraphe, coupé aux espaces à la largeur de la colonne.

        ``bas`` est la hauteur à ne pas franchir : ce qui n'y tient pas est remplacé par « … ».
        """
        lignes = self._cut(texte, taille, graisse)
        tiennent = len(lignes) if bas is None else int((self.y - bas) / (taille * INTERLIGNE))
        if 0 < tiennent < len(lignes):
            lignes = [*lignes[: tiennent - 1], f"{lignes[tiennent - 1].rstrip(' ,;:.')} …"]
        for ligne in lignes[: max(tiennent, 0)]:
            self.y -= taille * INTERLIGNE
            self.put(ligne, self.gauche, self.y + taille * 0.28, taille, graisse=graisse, couleur=couleur)

    def count_lignes(self, texte: str, taille: float, graisse: int = NORMAL) -> int:
        """Nombre de lignes qu'un paragraphe prendrait."""
        return len(self._cut(texte, taille, graisse))

    def measure_paragraphe(self, texte: str, taille: float) -> float:
        """Hauteur qu'un paragraphe prendrait."""
        return self.count_lignes(texte, taille) * taille * INTERLIGNE

    def draw_legende(self, legende: Legende, symboles: Symboles | None) -> None:
        """Dessine la légende : la classe la plus forte en haut, comme sur une échelle."""
        self._write_entete(legende)
        haut = self.y
        for entree in reversed(legende.entrees) if legende.ordonnee else legende.entrees:
            self._draw_entree(entree, LARGEUR_DESSIN, 0 if legende.ordonnee else 3)
        self._draw_reperes(legende, haut)
        if symboles is not None:
            self.draw_cercles(legende.cercles, symboles)
        self.skip(8)
        for etat in legende.etats:
            self._draw_entree(etat, LARGEUR_DESSIN, 3)
        self.skip(3)
        self.write(write_note(legende), 8, couleur=ENCRE_SECONDE)

    def _write_entete(self, legende: Legende) -> None:
        self.y -= 11
        self.put(
            f"En {legende.unite}" if legende.unite else "Catégorie", self.gauche, self.y + 2, 8.5, graisse=DEMI_GRAS
        )
        if legende.entrees:
            droite = self.gauche + self.largeur
            self.put(legende.unites_comptees, droite, self.y + 2, 8.5, couleur=ENCRE_SECONDE, ha="right")
        self.skip(4)

    def _draw_entree(self, entree: EntreeLegende, largeur: float, ecart: float) -> None:
        self.y -= HAUTEUR_DESSIN
        self.draw_dessin(entree.dessin, self.gauche, self.y, largeur, HAUTEUR_DESSIN)
        milieu = self.y + HAUTEUR_DESSIN / 2
        self.put(entree.libelle, self.gauche + largeur + ECART_DESSIN + 4, milieu, 9, va="center")
        droite = self.gauche + self.largeur
        self.put(format_nombre(entree.effectif), droite, milieu, 9, couleur=ENCRE_SECONDE, ha="right", va="center")
        self.skip(ecart)

    def draw_dessin(self, dessin: Dessin, x: float, y: float, largeur: float, hauteur: float) -> None:
        """Dessine une case de légende : fond et motif."""
        case = Rectangle((x, y), largeur, hauteur, facecolor=dessin.fond, edgecolor=LIMITE_COMMUNE, linewidth=0.5)
        if dessin.motif in HACHURES:
            case.set(edgecolor=dessin.encre, hatch=HACHURES[dessin.motif])
            case.set_hatch_linewidth(EPAISSEUR_MOTIF[dessin.motif])
        elif dessin.motif is Motif.CERNE:
            case.set(edgecolor=dessin.encre, linewidth=1.1)
        elif dessin.motif is Motif.POINTILLE:
            case.set(edgecolor=dessin.encre, linestyle=(0, (2, 2)))
        self._ax.add_patch(case)

    def _draw_reperes(self, legende: Legende, haut: float) -> None:
        droite = self.gauche + LARGEUR_DESSIN
        gauche = droite + ECART_DESSIN + 4
        for repere in legende.reperes:
            # L'échelle monte : la dernière classe est en haut.
            rang = len(legende.entrees) - 1 - repere.classe
            self._draw_signe(repere.signe, droite, haut - (rang + 1 - repere.part) * HAUTEUR_DESSIN)
            self.y -= 14
            self._draw_signe(repere.signe, droite, self.y + 5)
            texte = f"{repere.libelle}{INSECABLE}: {repere.texte}"
            lignes = self._cut(texte, 9, NORMAL, self.largeur - (gauche - self.gauche))
            for numero, ligne in enumerate(lignes):
                self.put(ligne, gauche, self.y + 5 - numero * 11, 9, va="center")
            self.y -= 11 * (len(lignes) - 1)

    def _draw_signe(self, signe: str, x: float, y: float) -> None:
        """Signe d'un repère, posé contre l'échelle, qui est ici debout : ▽ s'y couche."""
        if signe == SIGNE_CHOISI:
            # À cheval sur la couleur, cerné de blanc : il ne cache pas une référence de même valeur.
            self._ax.add_patch(Circle((x - 5, y), 4, facecolor=ENCRE, edgecolor=CARTE, linewidth=1.2))
            return
        plein = ENCRE if signe == SIGNES_REFERENCES[-1] else PAPIER
        triangle = [(x, y), (x + 6, y + 3.5), (x + 6, y - 3.5)]
        self._ax.add_patch(Polygon(triangle, facecolor=plein, edgecolor=ENCRE, linewidth=0.8, joinstyle="miter"))

    def draw_cercles(self, cercles: tuple[Cercle, ...], symboles: Symboles) -> None:
        """Cercles étalons emboîtés, posés sur la même base : on compare des surfaces, pas des places."""
        cercles = tuple(c for c in cercles if not c.choisi)
        if not cercles:
            return
        grand = symboles.rayon_pt * cercles[-1].rayon
        self.skip(4)
        base = self.y - max(2 * grand, 15.0 * len(cercles))
        x = self.gauche + grand + 1
        fond, cerne = couleur_symbole(symboles.nature), couleur_cerne(symboles.nature)
        for rang, cercle in enumerate(reversed(cercles)):
            rayon = symboles.rayon_pt * cercle.rayon
            centre = (x, base + rayon)
            self._ax.add_patch(Circle(centre, rayon, facecolor=fond, alpha=OPACITE_SYMBOLE, linewidth=0))
            self._ax.add_patch(Circle(centre, rayon, facecolor="none", edgecolor=cerne, linewidth=0.75))
            y = self.y - 7.5 - rang * max(15.0, (self.y - base - 15) / max(1, len(cercles) - 1))
            droite = self.gauche + 2 * grand + 14
            self._ax.plot([x, droite - 3], [base + 2 * rayon, y], color=ENCRE_SECONDE, linewidth=0.5)
            self.put(cercle.libelle, droite, y, 9, va="center")
        self.y = base - 4

    def draw_etalons(self, cercles: tuple[Cercle, ...], symboles: Symboles) -> None:
        """Pose les cercles étalons dans un cartouche, sur la carte même : ils changent de taille avec elle."""
        cercles = tuple(c for c in cercles if not c.choisi)
        if not cercles:
            return
        grand = symboles.rayon_pt * cercles[-1].rayon
        hauteur = max(2 * grand, 15.0 * len(cercles)) + 2 * MARGE_CARTOUCHE
        largeur = 2 * grand + 14 + max(self.measure(c.libelle, 9) for c in cercles) + 2 * MARGE_CARTOUCHE
        bas = self.gauche - MARGE_CARTOUCHE, self.y
        self._ax.add_patch(Rectangle(bas, largeur, hauteur, facecolor=CARTE, edgecolor=FILET, linewidth=0.8))
        self.y += hauteur - MARGE_CARTOUCHE + 4
        self.draw_cercles(cercles, symboles)

    def put(
        self,
        texte: str,
        x: float,
        y: float,
        taille: float,
        *,
        graisse: int = NORMAL,
        couleur: str = ENCRE,
        ha: str = "left",
        va: str = "baseline",
    ) -> None:
        """Écrit une ligne, en points depuis le coin bas gauche de la page."""
        police = load_police(graisse)
        self._ax.text(x, y, texte, fontproperties=police, fontsize=taille, color=couleur, ha=ha, va=va)

    def measure(self, texte: str, taille: float, graisse: int = NORMAL) -> float:
        """Largeur d'une ligne."""
        police = load_police(graisse).copy()
        police.set_size(taille)
        largeur: float = self._rendu.get_text_width_height_descent(texte, police, ismath=False)[0]
        return largeur * self._points_par_pixel

    def _cut(self, texte: str, taille: float, graisse: int, largeur: float | None = None) -> list[str]:
        lignes = [""]
        place = largeur or self.largeur
        # Seule l'espace ordinaire coupe : « 31,5 % » et « 871 155 » restent d'un tenant.
        for mot in texte.split(" "):
            essai = f"{lignes[-1]} {mot}".strip(" ")
            if self.measure(essai, taille, graisse) <= place:
                lignes[-1] = essai
                continue
            morceaux = self._cut_mot(mot, taille, graisse, place)
            lignes = [*filter(None, lignes), *morceaux]
        return lignes

    def _cut_mot(self, mot: str, taille: float, graisse: int, place: float) -> list[str]:
        """Coupe un mot plus large que la colonne (une adresse), si possible après un séparateur."""
        morceaux = []
        while self.measure(mot, taille, graisse) > place and len(mot) > 1:
            essais = range(len(mot) - 1, 0, -1)
            tient = next((n for n in essais if self.measure(mot[:n], taille, graisse) <= place), 1)
            coupe = max(mot.rfind(signe, 0, tient) + 1 for signe in _COUPURES_LIEN)
            # Une coupure trop tôt laisserait une ligne presque vide.
            coupe = coupe if coupe > tient // 2 else tient
            morceaux.append(mot[:coupe])
            mot = mot[coupe:]
        return [*morceaux, mot]
