"""Tableau jumeau de la carte : un vrai tableau HTML, trié et cherché par des liens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from observatoire.analyse.bornes import DEDUIT
from observatoire.analyse.liees import RessourceLiee
from observatoire.analyse.resumes import ValeurLue, choose_unite, format_valeur_lue, read_valeur_lue, write_deduction
from observatoire.app.composants.intervalle import write_intervalle_court
from observatoire.app.composants.mentions_valeur import render_corrige
from observatoire.app.composants.tableau_ordre import (
    LIGNES_D_UN_SEUL_TENANT,
    LIGNES_PAR_PAGE,
    OrdreNoms,
    Tri,
    build_ordre_noms,
    cut_page,
    filter_lignes,
    order_lignes,
    turn_tri,
)
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode, format_unite
from observatoire.modeles.statuts import DESCRIPTIONS, STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "LIGNES_D_UN_SEUL_TENANT",
    "LIGNES_PAR_PAGE",
    "ContexteTableau",
    "OrdreNoms",
    "PageTableau",
    "Tri",
    "build_ordre_noms",
    "cut_page",
    "filter_lignes",
    "order_lignes",
    "render_tableau",
]

_A_REMARQUER = frozenset(str(s) for s in (*STATUTS_SANS_VALEUR, Statut.NON_SIGNIFICATIF, Statut.PARTIEL))
_NOTE_DEDUIT = f"intervalle d'une valeur masquée{INSECABLE}: {DEDUIT}"
_NOTE_TRI = "les valeurs non significatives sont rangées après les autres"


@dataclass(frozen=True)
class ContexteTableau:
    """Ce qui relie le tableau à la page : ses liens, sa carte, la ressource montrée à côté.

    Attributes:
        tri: ordre présent.
        lien_de: adresse qui choisit un territoire, d'après son code ; le nom n'est pas un lien sans elle.
        lien_tri: adresse qui range autrement ; les en-têtes ne sont pas des liens sans elle.
        cle_de: clé de légende d'un territoire (``LectureCarte.cle_of``).
        vue: nom de la vue (``VueCarte.nom_vue``), qui lie le tableau à la légende.
        liee: première ressource liée d'un besoin, pour les lignes de la page (``analyse.liees``).
    """

    tri: Tri = Tri.NOM
    lien_de: Callable[[str], str] | None = None
    lien_tri: Callable[[Tri], str] | None = None
    cle_de: Callable[[str], str] | None = None
    vue: str = ""
    liee: RessourceLiee | None = None


SANS_CONTEXTE = ContexteTableau()


@dataclass(frozen=True)
class PageTableau:
    """Page demandée : son HTML, sa place, et le nombre de pages."""

    html: str
    premiere: int
    derniere: int
    total: int
    page: int
    pages: int


def render_tableau(  # noqa: PLR0913 -- chaque argument est une partie du tableau, et aucun n'en groupe d'autres
    valeurs: pd.DataFrame,
    ordre: NDArray[np.intp],
    indicateur: Indicateur,
    *,
    maille: Maille,
    legende: str,
    unite_denominateur: str = "",
    page: int = 1,
    selection: str = "",
    contexte: ContexteTableau = SANS_CONTEXTE,
) -> PageTableau:
    """Rend une page du tableau.

    Args:
        valeurs: colonnes ``COLONNES_VALEURS``.
        ordre: positions des lignes, triées et filtrées.
        indicateur: fiche de ce qui est montré.
        maille: niveau des lignes.
        legende: titre du tableau, lu par un lecteur d'écran.
        unite_denominateur: ce que compte le dénominateur.
        page: page voulue, ramenée entre la première et la dernière.
        selection: code du territoire choisi.
        contexte: liens, carte jumelle, ressource liée.
    """
    tranche = cut_page(ordre, page)
    visibles = valeurs.iloc[tranche.positions]
    colonnes = _Colonnes(indicateur, visibles, unite_denominateur, contexte)
    lignes = visibles.to_dict("records")
    corps = "".join(colonnes.render(ligne, selection) for ligne in lignes)
    vue = f' data-vue="{escape(contexte.vue, quote=True)}"' if contexte.vue else ""
    html = (
        f'<div class="obs-tableau" role="region" aria-label="{escape(legende, quote=True)}" tabindex="0"{vue}><table>'
        f"<caption>{escape(legende)}</caption>"
        f"<thead><tr>{colonnes.render_entetes(maille)}</tr></thead>"
        f"<tbody>{corps}</tbody></table></div>{colonnes.render_notes(lignes)}"
    )
    premiere = tranche.debut + 1 if len(ordre) else 0
    return PageTableau(html, premiere, tranche.debut + len(lignes), len(ordre), tranche.page, tranche.pages)


class _Colonnes:
    """Colonnes d'un tableau : celles qui seraient vides sur toute la page ne sont pas montrées."""

    def __init__(
        self, indicateur: Indicateur, visibles: pd.DataFrame, unite_denominateur: str, contexte: ContexteTableau
    ) -> None:
        self.indicateur = indicateur
        self.contexte = contexte
        self.sans_unite = indicateur.model_copy(update={"unite": ""})
        self.en_typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
        self.modalites = {m.code: m.libelle for m in indicateur.modalites}
        self.unite_denominateur = unite_denominateur
        self.avec_effectifs = indicateur.denominateur is not None and bool(visibles.denominateur.notna().any())
        distinctes = (visibles.borne_inf - visibles.borne_sup).abs() > 0
        partielles = visibles.borne_inf.notna() != visibles.borne_sup.notna()
        self.avec_intervalle = bool((distinctes | partielles).any()) and not self.en_typologie
        # Le signe (e, a) suffit à une valeur écrite ; la remarque explique une case sans nombre.
        corrigees = bool((visibles.correction != "").any()) if "correction" in visibles else False
        self.avec_remarque = corrigees or bool(visibles.statut.isin(_A_REMARQUER).any())

    def render_entetes(self, maille: Maille) -> str:
        unite = choose_unite(self.indicateur)
        titre = f"{self.indicateur.libelle_court} ({unite})" if unite else self.indicateur.libelle_court
        entetes = [
            self._render_entete(maille.libelle[0].upper() + maille.libelle[1:], "nom"),
            self._render_entete("Catégorie" if self.en_typologie else titre, "valeur"),
        ]
        if self.avec_intervalle:
            entetes.append("<th scope=col class=i>Intervalle</th>")
        if self.avec_effectifs:
            sur = f"Sur ({self.unite_denominateur})" if self.unite_denominateur else "Sur"
            entetes += [self._render_entete("Nombre", "numerateur"), self._render_entete(sur, "denominateur")]
        if self.contexte.liee is not None:
            entetes.append(f"<th scope=col class=liee>{escape(_name_liee(self.contexte.liee))}</th>")
        if self.avec_remarque:
            entetes.append("<th scope=col class=r>Remarque</th>")
        return "".join(entetes)

    def _render_entete(self, texte: str, colonne: str) -> str:
        tri = self.contexte.tri
        sens = "descending" if tri.descend else "ascending"
        range_ = f' aria-sort="{sens}"' if tri.colonne == colonne else ""
        if self.en_typologie and colonne == "valeur":
            range_ += " class=texte"
        if self.contexte.lien_tri is None:
            return f"<th scope=col{range_}>{escape(texte)}</th>"
        suivant = turn_tri(colonne, tri)
        lien = escape(self.contexte.lien_tri(suivant), quote=True)
        return (
            f'<th scope=col{range_}><a href="{lien}" data-discret data-cle="tri-{colonne}" '
            f'title="Ranger par {suivant.libelle}">{escape(texte)}</a></th>'
        )

    def render(self, ligne: dict[str, object], selection: str) -> str:
        lue = read_valeur_lue(ligne, self.modalites)
        code = str(ligne["code_territoire"])
        cellules = [self._render_valeur(lue)]
        if self.avec_intervalle:
            cellules.append(
                f"<td class=i>{escape(write_intervalle_court(self.indicateur, lue, avec_unite=False))}</td>"
            )
        if self.avec_effectifs:
            cellules += [_render_nombre(lue.numerateur), _render_nombre(lue.denominateur)]
        if self.contexte.liee is not None:
            cellules.append(_render_liee(self.contexte.liee, code))
        if self.avec_remarque:
            libelle = Statut(lue.statut).libelle if lue.statut in _A_REMARQUER else ""
            remarque = " ; ".join(filter(None, (libelle, lue.correction)))
            cellules.append(f"<td class=r>{escape(remarque)}</td>")
        choisie = " aria-current=true" if selection and code == selection else ""
        cle = self.contexte.cle_de(code) if self.contexte.cle_de else ""
        classe = f' data-classe="{cle}"' if cle else ""
        return (
            f'<tr data-code="{escape(code, quote=True)}"{classe}{choisie}>'
            f"<th scope=row>{self._render_nom(code, str(ligne['libelle']))}</th>{''.join(cellules)}</tr>"
        )

    def _render_nom(self, code: str, libelle: str) -> str:
        if self.contexte.lien_de is None:
            return escape(libelle)
        lien = escape(self.contexte.lien_de(code), quote=True)
        return f'<a href="{lien}" data-discret data-cle="ligne-{escape(code, quote=True)}">{escape(libelle)}</a>'

    def _render_valeur(self, lue: ValeurLue) -> str:
        if self.en_typologie and lue.montrable:
            return f"<td class=texte>{escape(lue.modalite)}</td>"
        return _render_lue(self.sans_unite, lue)

    def render_notes(self, lignes: list[dict[str, object]]) -> str:
        """Signes employés dans la page, expliqués dessous ; et la place des valeurs non significatives."""
        statuts = {str(ligne["statut"]) for ligne in lignes}
        if self.contexte.liee is not None:
            liees = (self.contexte.liee.lues.get(str(ligne["code_territoire"])) for ligne in lignes)
            statuts |= {lue.statut if lue is not None else str(Statut.NON_DISPONIBLE) for lue in liees}
        morceaux = [
            f"<b>{escape(DESCRIPTIONS[s].signe)}</b>{INSECABLE}: {escape(DESCRIPTIONS[s].libelle)}. "
            f"{escape(DESCRIPTIONS[s].explication.rstrip('.'))}"
            for s in Statut
            if str(s) in statuts and DESCRIPTIONS[s].signe
        ]
        if any(write_deduction(self.indicateur, read_valeur_lue(ligne)) for ligne in lignes):
            morceaux.append(_NOTE_DEDUIT)
        if self.contexte.tri.colonne == "valeur" and str(Statut.NON_SIGNIFICATIF) in statuts:
            morceaux.append(_NOTE_TRI)
        return f'<p class="obs-note">{" · ".join(morceaux)}.</p>' if morceaux else ""


def _name_liee(liee: RessourceLiee) -> str:
    unite = choose_unite(liee.indicateur) or format_unite(liee.indicateur.unite)
    quand = format_periode(liee.periode)
    libelle = liee.indicateur.libelle_court
    # « Mairies pour 10 000 habitants (p. 10 000 hab., 2026) » dirait deux fois la même chose.
    dite = unite.lower() in libelle.lower() or (unite.startswith("p.") and "pour 1" in libelle.lower())
    return f"{libelle} ({quand})" if dite else f"{libelle} ({unite}, {quand})"


def _render_liee(liee: RessourceLiee, code: str) -> str:
    lue = liee.lues.get(code) or ValeurLue(None, str(Statut.NON_DISPONIBLE))
    return _render_lue(liee.indicateur.model_copy(update={"unite": ""}), lue, "liee")


def _render_lue(sans_unite: Indicateur, lue: ValeurLue, classe: str = "") -> str:
    """Case d'une valeur et de son signe ; une valeur non significative s'écrit en encre seconde."""
    statut = Statut(lue.statut)
    abrege = f'<abbr title="{escape(statut.libelle, quote=True)}">{escape(statut.signe)}</abbr>' if statut.signe else ""
    fragile = "ns" if statut is Statut.NON_SIGNIFICATIF and lue.montrable else ""
    classes = " ".join(c for c in (classe, fragile) if c)
    attribut = f' class="{classes}"' if classes else ""
    if not lue.montrable:
        return f"<td{attribut}>{abrege}</td>"
    suite = f"{INSECABLE}{abrege}" if abrege else ""
    # La remarque de la ligne dit la correction de la valeur ; celle d'une ressource liée n'a pas de remarque.
    corrige = render_corrige(lue) if classe == "liee" else ""
    return f"<td{attribut}>{escape(format_valeur_lue(sans_unite, lue))}{suite}{corrige}</td>"


def _render_nombre(nombre: float | None) -> str:
    return f"<td>{format_nombre(nombre) if nombre is not None else ''}</td>"
