"""Tableau jumeau de la carte : un vrai tableau HTML, par pages, trié et cherché."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.resumes import ValeurLue, choose_unite, format_valeur_lue, read_valeur_lue, write_intervalle
from observatoire.catalogue.proches import normalise
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre
from observatoire.modeles.statuts import DESCRIPTIONS, STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIGNES_PAR_PAGE = 20
LIGNES_D_UN_SEUL_TENANT = 60
"""Jusqu'à ce nombre de lignes, le tableau tient en une page : un département s'y lit d'un regard."""
_A_REMARQUER = frozenset(str(s) for s in (*STATUTS_SANS_VALEUR, Statut.NON_SIGNIFICATIF, Statut.PARTIEL))


class Tri(StrEnum):
    """Ordre du tableau ; l'alphabétique est le premier : ce n'est pas un palmarès."""

    NOM = "ordre alphabétique"
    CROISSANT = "valeur croissante"
    DECROISSANT = "valeur décroissante"


@dataclass(frozen=True)
class OrdreNoms:
    """Rang alphabétique de chaque territoire d'un niveau, et son nom sans accents pour la recherche."""

    rangs: pd.Series[int]
    """Rang alphabétique, rangé par code comme les valeurs."""
    cherchables: dict[str, str]


@dataclass(frozen=True)
class PageTableau:
    """Page demandée : son HTML, sa place, et le nombre de pages."""

    html: str
    premiere: int
    derniere: int
    total: int
    page: int
    pages: int


def build_ordre_noms(consultation: Consultation, maille: Maille, departement: str) -> OrdreNoms:
    """Range les territoires d'un niveau par nom, sans tenir compte des accents ni des majuscules."""
    territoires = consultation.territoires.list_territoires(maille, None if departement == "FR" else departement)
    codes = territoires.code.tolist()
    noms = [normalise(nom) for nom in territoires.libelle.tolist()]
    ordre = sorted(range(len(codes)), key=lambda i: (noms[i], codes[i]))
    rangs = pd.Series(np.argsort(ordre), index=codes)
    return OrdreNoms(rangs, dict(zip(codes, noms, strict=True)))


def order_lignes(valeurs: pd.DataFrame, noms: OrdreNoms, tri: Tri) -> NDArray[np.intp]:
    """Positions des lignes dans l'ordre voulu ; une valeur absente vient toujours à la fin."""
    # Une ligne par territoire : les valeurs sont déjà dans l'ordre des rangs, sans correspondance à chercher.
    simple = len(valeurs) == len(noms.rangs)
    alphabetique = noms.rangs.to_numpy() if simple else noms.rangs.reindex(valeurs.code_territoire).to_numpy()
    if tri is Tri.NOM:
        return np.argsort(alphabetique, kind="stable")
    nombres = valeurs.valeur.to_numpy(dtype=float)
    cle = -nombres if tri is Tri.DECROISSANT else nombres
    # ``nan`` est rangé en dernier par numpy, dans les deux sens puisque −nan reste nan.
    return np.lexsort((alphabetique, cle))


def filter_lignes(valeurs: pd.DataFrame, ordre: NDArray[np.intp], noms: OrdreNoms, recherche: str) -> NDArray[np.intp]:
    """Garde les lignes dont le nom ou le code contient la recherche, accents et majuscules ignorés."""
    mot = normalise(recherche)
    if not mot:
        return ordre
    retenus = {code for code, nom in noms.cherchables.items() if mot in nom or code.lower().startswith(mot)}
    garde = valeurs.code_territoire.isin(retenus).to_numpy()
    return ordre[garde[ordre]]


def render_tableau(
    valeurs: pd.DataFrame,
    ordre: NDArray[np.intp],
    indicateur: Indicateur,
    *,
    maille: Maille,
    legende: str,
    unite_denominateur: str = "",
    page: int = 1,
    selection: str = "",
) -> PageTableau:
    """Rend une page du tableau.

    Args:
        valeurs: colonnes ``COLONNES_VALEURS``.
        ordre: positions des lignes, triées et filtrées.
        indicateur: fiche.
        maille: niveau des lignes.
        legende: titre du tableau, lu par un lecteur d'écran.
        unite_denominateur: ce que compte le dénominateur.
        page: page voulue, ramenée entre la première et la dernière.
        selection: code du territoire choisi.
    """
    total = len(ordre)
    taille = LIGNES_D_UN_SEUL_TENANT if total <= LIGNES_D_UN_SEUL_TENANT else LIGNES_PAR_PAGE
    pages = max(1, -(-total // taille))
    page = min(max(1, page), pages)
    debut = (page - 1) * taille
    visibles = valeurs.iloc[ordre[debut : debut + taille]]
    colonnes = _Colonnes(indicateur, visibles, unite_denominateur)
    lignes = [ligne for ligne in visibles.to_dict("records")]  # noqa: C416 -- une copie par page
    corps = "".join(colonnes.render(ligne, selection) for ligne in lignes)
    signes = _render_signes({str(ligne["statut"]) for ligne in lignes})
    nom = maille.libelle[0].upper() + maille.libelle[1:]
    html = (
        f'<div class="obs-tableau" role="region" aria-label="{escape(legende)}" tabindex="0"><table>'
        f"<caption>{escape(legende)}</caption>"
        f"<thead><tr><th scope=col>{escape(nom)}</th>{colonnes.render_entetes()}</tr></thead>"
        f"<tbody>{corps}</tbody></table></div>{signes}"
    )
    return PageTableau(html, debut + 1 if total else 0, debut + len(lignes), total, page, pages)


class _Colonnes:
    """Colonnes d'un tableau : celles qui seraient vides sur toute la page ne sont pas montrées."""

    def __init__(self, indicateur: Indicateur, visibles: pd.DataFrame, unite_denominateur: str) -> None:
        self.indicateur = indicateur
        self.en_typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
        self.modalites = {m.code: m.libelle for m in indicateur.modalites}
        self.unite_denominateur = unite_denominateur
        self.avec_effectifs = indicateur.denominateur is not None and bool(visibles.denominateur.notna().any())
        distinctes = (visibles.borne_inf - visibles.borne_sup).abs() > 0
        self.avec_intervalle = bool(distinctes.any()) and not self.en_typologie
        # Le signe (e, a) suffit à une valeur écrite ; la remarque explique une case sans nombre.
        self.avec_remarque = bool(visibles.statut.isin(_A_REMARQUER).any())

    def render_entetes(self) -> str:
        unite = choose_unite(self.indicateur)
        titre = f"{self.indicateur.libelle_court} ({unite})" if unite else self.indicateur.libelle_court
        premiere = "Catégorie" if self.en_typologie else titre
        noms = [("", premiere)]
        if self.avec_intervalle:
            noms.append(("i", "Intervalle"))
        if self.avec_effectifs:
            noms += [("", "Nombre"), ("", f"Sur ({self.unite_denominateur})" if self.unite_denominateur else "Sur")]
        if self.avec_remarque:
            noms.append(("r", "Remarque"))
        return "".join(f'<th scope=col class="{c}">{escape(n)}</th>' for c, n in noms)

    def render(self, ligne: dict[str, object], selection: str) -> str:
        lue = read_valeur_lue(ligne, self.modalites)
        cellules = [self._render_valeur(lue)]
        if self.avec_intervalle:
            cellules.append(f"<td class=i>{escape(write_intervalle(self.indicateur, lue))}</td>")
        if self.avec_effectifs:
            cellules += [_render_nombre(lue.numerateur), _render_nombre(lue.denominateur)]
        if self.avec_remarque:
            libelle = Statut(lue.statut).libelle if lue.statut in _A_REMARQUER else ""
            cellules.append(f"<td class=r>{escape(libelle)}</td>")
        choisie = " aria-current=true" if selection and ligne["code_territoire"] == selection else ""
        return f"<tr{choisie}><th scope=row>{escape(str(ligne['libelle']))}</th>{''.join(cellules)}</tr>"

    def _render_valeur(self, lue: ValeurLue) -> str:
        statut = Statut(lue.statut)
        if not lue.montrable:
            return f'<td><abbr title="{escape(statut.libelle)}">{escape(statut.signe)}</abbr></td>'
        if self.en_typologie:
            return f"<td class=texte>{escape(lue.modalite)}</td>"
        sans_unite = self.indicateur.model_copy(update={"unite": ""})
        marque = (
            f'{INSECABLE}<abbr title="{escape(statut.libelle)}">{escape(statut.signe)}</abbr>' if statut.signe else ""
        )
        return f"<td>{escape(format_valeur_lue(sans_unite, lue))}{marque}</td>"


def _render_nombre(nombre: float | None) -> str:
    return f"<td>{format_nombre(nombre) if nombre is not None else ''}</td>"


def _render_signes(statuts: set[str]) -> str:
    """Signes employés dans la page, expliqués dessous."""
    presents = [DESCRIPTIONS[s] for s in Statut if str(s) in statuts and DESCRIPTIONS[s].signe]
    if not presents:
        return ""
    morceaux = " · ".join(
        f"<b>{escape(d.signe)}</b>{INSECABLE}: {escape(d.libelle)}. {escape(d.explication)}" for d in presents
    )
    return f'<p class="obs-note">{morceaux}</p>'
