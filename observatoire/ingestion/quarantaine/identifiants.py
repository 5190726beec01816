"""Identifiants de personnes ou de dossiers, annoncés par leur en-tête ou reconnus à leur forme."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.lieux import is_uai
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, PART_UNIQUE, VueTable, is_decimale

_ANNONCES = {
    Nature.ALLOCATAIRE: "allocataire",
    Nature.FRANCE_TRAVAIL: "france_travail",
    Nature.DOSSIER: "dossier",
    Nature.IDENTIFIANT_PERSONNE: "identifiant_personne",
}
_ROLE_CHIFFRE = r"^\d{6,8}\s?[A-Za-z]?$"
_SEPT_CHIFFRES_LETTRE = r"^\d{7}\s?[A-Za-z]$"
_LONGUEUR_SURE = 5
_PART_DISTINCTE = 0.4
_LIGNES_MINIMALES = 3
_SUITE = 10


def find_identifiants(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche numéros d'allocataire, de demandeur d'emploi, de dossier, et identifiants de personnes."""
    for colonne in vue.colonnes:
        motif = next((m for nature, m in _ANNONCES.items() if nature in colonne.natures), None)
        if motif and _looks_like_identifiant(colonne) and _is_compte(vue, colonne):
            continue
        if motif and _looks_like_identifiant(colonne) and not (motif == "dossier" and vue.liste_de_lieux):
            yield build_motif(motif, colonne, colonne.lignes_remplies, bloquant=True)
        elif motif is None and (lignes := _count_formes(vue, colonne)):
            yield build_motif("france_travail", colonne, lignes, bloquant=True)


def _looks_like_identifiant(colonne: Colonne) -> bool:
    """Valeurs variées, d'une longueur d'identifiant : un compte par territoire n'en est pas un."""
    if colonne.chiffres == 0 or is_decimale(colonne) or colonne.part_distincte < _PART_DISTINCTE:
        return False
    longueur = float(np.median(colonne.longueurs))
    if longueur >= _LONGUEUR_SURE:
        # Un grand compte varie de longueur ; un identifiant, presque pas.
        return bool(colonne.lettres) or float(np.percentile(colonne.longueurs, 90)) - longueur <= 1
    entiers = colonne.entiers
    suite = np.isfinite(entiers).all() and np.ptp(entiers) <= 2 * len(entiers) + _SUITE
    return bool(colonne.lettres) or bool(suite and colonne.part_distincte >= PART_UNIQUE)


def _is_compte(vue: VueTable, colonne: Colonne) -> bool:
    """Vrai pour « n allocataires » d'un tableau par territoire : un pluriel, des entiers, une ligne par territoire."""
    pluriel = any(mot.endswith("s") and len(mot) > _LONGUEUR_SURE for mot in colonne.forme.split("_"))
    return pluriel and colonne.lettres == 0 and vue.lignes_par_territoire


def _count_formes(vue: VueTable, colonne: Colonne) -> int:
    """Lignes de la forme « sept chiffres et une lettre », qui n'est pas celle d'un établissement scolaire."""
    motif = _ROLE_CHIFFRE if Nature.ROLE in colonne.natures else _SEPT_CHIFFRES_LETTRE
    formees = colonne.match(motif, longueur_min=6, longueur_max=9)
    lignes = colonne.count(formees)
    if lignes < _LIGNES_MINIMALES or colonne.share(formees) < PART_FORME or colonne.part_distincte < _PART_DISTINCTE:
        return 0
    if is_uai(colonne) or {Nature.ID_LIEU, Nature.TERRITOIRE} & colonne.natures or colonne in vue.codes:
        return 0
    return lignes
