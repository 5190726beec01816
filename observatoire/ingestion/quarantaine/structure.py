"""Structure d'une table : lignes de personnes, ou lignes de territoires ?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from observatoire.ingestion.quarantaine.attributs import list_attributs
from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, PART_UNIQUE, VueTable, is_decimale, is_texte

SEUIL_PETIT_EFFECTIF = 5
"""Un effectif inférieur est petit : au-delà de ``PART_PETITS``, il faut peut-être poser le secret."""

PART_PETITS = 0.3

_LIGNES_MINIMALES = 5
_ATTRIBUTS_SURS = 3
_ATTRIBUTS_PAIRE = 2
_LONGUEUR_TEXTE_LIBRE = 130
_MODALITES_CODE = 12
_PART_CODE = 0.5


def find_structure(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche ce qui trahit une ligne par personne, même sans nom ni numéro."""
    if vue.lignes < _LIGNES_MINIMALES or not vue.colonnes:
        return
    if not vue.liste_de_lieux:
        yield from _find_lignes_individuelles(vue)
    if not vue.territoires:
        yield build_motif("sans_territoire", None, vue.lignes, bloquant=False)
    yield from _find_petits_effectifs(vue)


def _find_lignes_individuelles(vue: VueTable) -> Iterator[MotifQuarantaine]:
    attributs = list_attributs(vue)
    identifiants = [c for c in vue.colonnes if _is_identifiant(vue, c)]
    uns = [c for c in vue.mesures if Nature.COMPTE in c.natures and _is_constant_un(c)]
    comptees = [c for c in vue.mesures if c not in uns]
    agregee = vue.lignes_par_territoire
    modalites = [c for c in vue.colonnes if c not in vue.mesures and c not in identifiants and _is_modalite(vue, c)]
    cles = vue.count_cles(modalites)
    repetee = cles < vue.lignes
    if uns and not comptees and (attributs or (not agregee and repetee)):
        yield build_motif("effectif_un", uns[0], vue.lignes, bloquant=True)
        return
    if comptees:
        if repetee and not agregee and not identifiants:
            yield build_motif("cle_non_unique", None, vue.lignes - cles, bloquant=False)
        return
    textuels = [c for c in attributs if not is_decimale(c)]
    muettes = [c for c in vue.colonnes if c not in vue.territoires and _is_mesure_muette(c) and c not in identifiants]
    if len(textuels) >= _ATTRIBUTS_SURS:
        yield build_motif("lignes_individuelles", textuels[0], vue.lignes, bloquant=True)
    elif agregee:
        return
    elif len(attributs) >= _ATTRIBUTS_PAIRE and (repetee or identifiants or not muettes):
        yield build_motif("quasi_identifiants", attributs[0], vue.lignes, bloquant=True)
    elif identifiants and (attributs or (vue.territoires and not muettes)):
        yield build_motif("lignes_individuelles", identifiants[0], vue.lignes, bloquant=True)
    else:
        for colonne in identifiants[:1]:
            yield build_motif("colonne_presque_unique", colonne, colonne.lignes_remplies, bloquant=False)
        if not muettes:
            yield build_motif("effectif_absent", None, vue.lignes, bloquant=False)


def _is_identifiant(vue: VueTable, colonne: Colonne) -> bool:
    """Valeurs presque toutes différentes, de même allure, qui ne sont ni un territoire ni une mesure."""
    if colonne.part_distincte <= PART_UNIQUE or colonne.lignes_remplies < PART_FORME * vue.lignes:
        return False
    if colonne in vue.territoires or colonne in vue.mesures or is_decimale(colonne) or colonne.chiffres == 0:
        return False
    if colonne.longueur_max > _LONGUEUR_TEXTE_LIBRE or Nature.ATTRIBUT in colonne.natures:
        return False
    stable = float(np.percentile(colonne.longueurs, 90) - np.percentile(colonne.longueurs, 10)) <= 1
    return Nature.IDENTIFIANT in colonne.natures or (
        stable and float(np.median(colonne.longueurs)) >= _LIGNES_MINIMALES
    )


def _is_constant_un(colonne: Colonne) -> bool:
    return len(colonne.distinctes) > 0 and bool((colonne.entiers == 1).all())


def _is_modalite(vue: VueTable, colonne: Colonne) -> bool:
    return (
        colonne in vue.territoires or colonne in vue.periodes or (is_texte(colonne) or not _is_mesure_muette(colonne))
    )


def _is_mesure_muette(colonne: Colonne) -> bool:
    """Nombres variés dont l'en-tête ne dit rien : sans doute une mesure."""
    return not colonne.natures and colonne.lettres == 0 and len(colonne.distinctes) > _MODALITES_CODE


def _find_petits_effectifs(vue: VueTable) -> Iterator[MotifQuarantaine]:
    petits = pa.array([f"{n}{fin}" for n in range(1, SEUIL_PETIT_EFFECTIF) for fin in ("", ".0", ",0")])
    cases = total = 0
    for colonne in vue.colonnes:
        if colonne in vue.territoires or colonne in vue.periodes or colonne.lettres or is_decimale(colonne):
            continue
        if Nature.MESURE not in colonne.natures and (colonne.natures or len(colonne.distinctes) <= _MODALITES_CODE):
            continue
        trouves = pc.is_in(colonne.distinctes, petits).to_numpy(zero_copy_only=False)
        cases += colonne.count(trouves)
        total += colonne.lignes_remplies
    if cases > PART_PETITS * total:
        yield build_motif("petits_effectifs", None, cases, bloquant=False)
