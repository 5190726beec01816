"""Noms et prénoms : par les en-têtes quand ils disent vrai, par les valeurs quand ils mentent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable

_LIGNES_MINIMALES = 3
_PART_PRENOMS = 0.5
_MOTS_D_UN_NOM_COMPLET = 2
_MOTS_D_UN_NOM_MAX = 3
_PART_NOMS_COMPLETS = 0.3
_PART_CIVILITE = 0.1
_PART_LITTERALE = 0.8
_PART_NOM_DISTINCT = 0.3
_CIVILITE = (
    r"(?:^|[^A-Za-z])(?:M\.|Mme|Mlle|Mr|Monsieur|Madame|Mademoiselle|MME|MLLE)\s+[A-ZÉÈÀ][A-Za-zÉÈÀéèàêëïôç'\-]+"
)
_INITIALE = r"^(?:[A-ZÉÈÀ][A-ZÉÈÀa-zéèàêëïôç'\-]+\s+[A-Z]\.|[A-Z]\.\s?[A-ZÉÈÀ][A-ZÉÈÀa-zéèàêëïôç'\-]+)$"


def find_noms(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche nom et prénom, ensemble dans une colonne ou dans deux, et les civilités suivies d'un nom."""
    trouves: set[int] = set()
    for colonne in vue.colonnes:
        if colonne.rang not in vue.jetons:
            continue
        lignes = _count_noms_complets(vue, colonne)
        if lignes:
            trouves.add(colonne.rang)
            yield build_motif("nom_prenom", colonne, lignes, bloquant=True)
            continue
        civilites = colonne.match(_CIVILITE, longueur_min=5)
        lignes = colonne.count(civilites)
        if lignes:
            nombreuses = lignes >= _LIGNES_MINIMALES and colonne.share(civilites) >= _PART_CIVILITE
            lieux = vue.liste_de_lieux or vue.is_libelle_territoire(colonne) or Nature.ADRESSE in colonne.natures
            if nombreuses or not lieux:
                yield build_motif("civilite", colonne, lignes, bloquant=nombreuses and not lieux)
    prenoms = [c for c in vue.colonnes if c.rang in vue.jetons and c.rang not in trouves and _is_prenom(vue, c)]
    noms = [c for c in vue.colonnes if c.rang in vue.jetons and c not in prenoms and c.rang not in trouves]
    if prenoms:
        for colonne in noms:
            if _is_nom(vue, colonne):
                yield build_motif("nom_prenom", colonne, colonne.lignes_remplies, bloquant=True)


def _count_noms_complets(vue: VueTable, colonne: Colonne) -> int:
    jetons = vue.jetons[colonne.rang]
    complets = jetons.nom_complet
    litteral = colonne.share(jetons.litteral & ~jetons.lieu)
    deux_mots = colonne.share(jetons.litteral & (jetons.nombre >= _MOTS_D_UN_NOM_COMPLET) & ~jetons.lieu)
    if Nature.NOM_PERSONNE in colonne.natures and litteral >= _PART_PRENOMS:
        return colonne.lignes_remplies
    if Nature.NOM_COMPLET in colonne.natures and max(deux_mots, colonne.share(complets)) >= _PART_NOMS_COMPLETS:
        return colonne.count(jetons.litteral)
    if Nature.ROLE in colonne.natures and _is_role_nomme(
        colonne, jetons.litteral & (jetons.nombre >= _MOTS_D_UN_NOM_COMPLET) & ~jetons.lieu
    ):
        return colonne.count(jetons.litteral)
    if colonne.share(complets) < _PART_NOMS_COMPLETS or colonne.count(complets) < _LIGNES_MINIMALES:
        return _count_initiales(vue, colonne)
    if len(colonne.distinctes) < _LIGNES_MINIMALES or _is_nom_geographique(vue, colonne, complets):
        return 0
    return colonne.count(complets)


def _is_role_nomme(colonne: Colonne, deux_mots: NDArray[np.bool_]) -> bool:
    return (
        colonne.share(deux_mots) >= _PART_PRENOMS
        and colonne.part_distincte >= _PART_PRENOMS
        and colonne.lignes_remplies >= _LIGNES_MINIMALES
    )


def _count_initiales(vue: VueTable, colonne: Colonne) -> int:
    initiales = colonne.match(_INITIALE, longueur_min=4, longueur_max=40)
    lignes = colonne.count(initiales)
    if lignes < _LIGNES_MINIMALES or colonne.share(initiales) < _PART_PRENOMS:
        return 0
    return 0 if vue.is_libelle_territoire(colonne) or vue.liste_de_lieux else lignes


def _is_nom_geographique(vue: VueTable, colonne: Colonne, complets: NDArray[np.bool_]) -> bool:
    """Rues, quartiers et écoles portent des noms de personnes : ils nomment un code, ou un lieu."""
    if {Nature.NOM_TERRITOIRE, Nature.TERRITOIRE} & colonne.natures or not colonne.natures:
        if vue.is_libelle_territoire(colonne):
            return True
        if {Nature.NOM_TERRITOIRE, Nature.TERRITOIRE} & colonne.natures and colonne.forme not in {
            "nom",
            "libelle",
            "lib",
        }:
            return colonne.share(complets) < PART_FORME or (colonne.part_distincte == 1 and bool(vue.mesures))
    lieu = {Nature.NOM_LIEU, Nature.ADRESSE} & colonne.natures or colonne.natures <= {Nature.NOM, Nature.NOM_TERRITOIRE}
    return bool(lieu) and vue.liste_de_lieux


def _is_prenom(vue: VueTable, colonne: Colonne) -> bool:
    jetons = vue.jetons[colonne.rang]
    if Nature.PRENOM in colonne.natures:
        return colonne.share(jetons.litteral) >= _PART_LITTERALE
    if colonne.share(jetons.que_prenoms) < _PART_PRENOMS or len(colonne.distinctes) < _LIGNES_MINIMALES:
        return False
    return not vue.is_libelle_territoire(colonne) and not {Nature.NOM_TERRITOIRE, Nature.TERRITOIRE} & colonne.natures


def _is_nom(vue: VueTable, colonne: Colonne) -> bool:
    jetons = vue.jetons[colonne.rang]
    if colonne.share(jetons.litteral & ~jetons.lieu & (jetons.nombre <= _MOTS_D_UN_NOM_MAX)) < _PART_LITTERALE:
        return False
    if Nature.NOM in colonne.natures:
        return not any(
            c is not colonne and vue.is_libelle_territoire(colonne) and c.part_distincte == 1 for c in vue.codes
        )
    if colonne.natures or vue.is_libelle_territoire(colonne):
        return False
    return colonne.part_distincte >= _PART_NOM_DISTINCT
