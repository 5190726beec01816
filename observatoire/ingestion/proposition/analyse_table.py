"""Analyse d'une table nommée : chaque fait reconnu, avec ce dont on doute."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from observatoire.catalogue.proches import normalise
from observatoire.ingestion.proposition.colonnes import describe_colonne
from observatoire.ingestion.proposition.dimensions import find_combinaisons, find_dimensions, pair_keys
from observatoire.ingestion.proposition.doutes import explain_doutes
from observatoire.ingestion.proposition.lieux import find_lieux
from observatoire.ingestion.proposition.marques import read_marque
from observatoire.ingestion.proposition.millesime import find_indice, find_millesime
from observatoire.ingestion.proposition.modele import (
    ColonneReconnue,
    LieuxReconnus,
    MarqueReconnue,
    MillesimeReconnu,
    PeriodeReconnue,
    Role,
    TableProposee,
)
from observatoire.ingestion.proposition.nomenclature import Nomenclature
from observatoire.ingestion.proposition.periode import find_periode
from observatoire.ingestion.proposition.profil import Profil, build_profil
from observatoire.ingestion.proposition.territoire import choose_territoire
from observatoire.ingestion.proposition.territoire_decrit import TerritoireDecrit, describe_territoire
from observatoire.ingestion.proposition.vides import find_sens_vide
from observatoire.modeles.tables import TableLue

_MARQUES_MONTREES = 12
_MODALITES_CHIFFREES = 12
_CODE_MAXIMUM = 99
_CANDIDATS_DIMENSION = (Role.MODALITE, Role.TEXTE)


def analyse_table(table: TableLue, nomenclature: Nomenclature, *, fichier: str, entete_connue: bool) -> TableProposee:
    """Reconnaît les faits d'une table.

    Args:
        table: table lue et nommée.
        nomenclature: codes connus.
        fichier: nom du fichier, sans extension.
        entete_connue: vrai si le format porte lui-même les noms de colonnes.
    """
    profils = [
        build_profil(nom, rang, table.donnees.column(rang)) for rang, nom in enumerate(table.donnees.column_names)
    ]
    titre = table.forme.titre
    choix = choose_territoire(profils, nomenclature, _make_contexte(titre, table.nom, fichier))
    decrit = describe_territoire(choix, profils, nomenclature)
    codes = {p.nom for p in decrit.profils} if decrit else set()
    ailleurs = [p for p in profils if p.nom not in codes]
    periode, doutes_periode = find_periode(ailleurs, titre=titre, feuille=table.nom, fichier=fichier)
    nom_periode = periode.colonne if periode else ""
    # Un code n'est pas une période, et réciproquement : le rôle de code l'emporte.
    roles = {rang: niveau for rang, niveau in choix.roles.items() if profils[rang].nom != nom_periode}
    if decrit is not None and decrit.reconnu.forme in {"nom", "code_et_nom"}:
        roles |= {p.rang: decrit.reconnu.niveau for p in decrit.profils}
    colonnes = tuple(describe_colonne(p, roles.get(p.rang, ""), nom_periode) for p in profils)
    numeriques = [profils[c.rang] for c in colonnes if c.role is Role.NOMBRE]
    vide, raison = find_sens_vide(profils, numeriques)
    cle = decrit.reconnu.colonnes[0] if decrit else ""
    lieux = find_lieux(profils, choix.roles, cle)
    longue = _find_longue(decrit, profils, colonnes, nom_periode) if lieux is None else ([], (), 0, True)
    dimensions, combinaisons, nombre, uniques = longue
    noms_dimensions = {p.nom for p in dimensions}
    colonnes = tuple(replace(c, role=Role.MODALITE) if c.nom in noms_dimensions else c for c in colonnes)
    millesime = _find_millesime(decrit, periode, nomenclature, [*titre, table.nom, *(p.nom for p in profils)])
    proposee = TableProposee(
        nom=table.nom,
        lignes_entete=() if entete_connue else table.forme.lignes_entete,
        premiere_ligne=table.forme.premiere_ligne,
        derniere_ligne=table.forme.derniere_ligne,
        titre=titre,
        nombre_lignes=table.donnees.num_rows,
        colonnes=colonnes,
        territoire=decrit.reconnu if decrit else None,
        millesime=millesime,
        periode=periode,
        marques=_gather_marques(colonnes),
        vide=vide,
        raison_vide=raison,
        totaux=decrit.totaux if decrit else {},
        dimensions=tuple(p.nom for p in dimensions),
        combinaisons=combinaisons,
        lieux=lieux,
        filtres=decrit.reconnu.filtres if decrit else {},
        unite_ligne=_name_unite(lieux, dimensions),
    )
    return explain_doutes(
        proposee, choix.incertain, doutes_periode, combinaisons=nombre, uniques=uniques or lieux is not None
    )


def _make_contexte(titre: tuple[str, ...], feuille: str, fichier: str) -> str:
    """Titre, feuille et nom du fichier, en clé ; les deux premières lignes de titre disent le niveau."""
    mots = " ".join((*titre[:3], feuille, fichier))
    return re.sub(r"[^a-z0-9]+", "_", normalise(mots)).strip("_")


def _find_millesime(
    decrit: TerritoireDecrit | None, periode: PeriodeReconnue | None, nomenclature: Nomenclature, textes: list[str]
) -> MillesimeReconnu | None:
    if decrit is None or decrit.reconnu.forme == "nom" or not len(decrit.codes):
        return None
    annees = periode.periodes if periode else ()
    return find_millesime(decrit.reconnu.niveau, decrit.codes, nomenclature, indice=find_indice(textes), annees=annees)


def _find_longue(
    decrit: TerritoireDecrit | None, profils: list[Profil], colonnes: tuple[ColonneReconnue, ...], periode: str
) -> tuple[list[Profil], tuple[dict[str, str], ...], int, bool]:
    """Dimensions d'une table en long, et combinaisons à lire."""
    if decrit is None or not decrit.lignes.any():
        return [], (), 0, True
    temps = [p for p in profils if p.nom == periode]
    cle = _combine(decrit.cle, pair_keys(temps) if temps else None)
    fixes = {p.nom for p in decrit.profils} | {periode}
    candidats = [profils[c.rang] for c in colonnes if _is_dimension(c, fixes)]
    dimensions, uniques = find_dimensions(cle, candidats, decrit.lignes)
    if not uniques:
        # Des modalités écrites en chiffres (sexe 1 ou 2, tranche 1 à 5) passent d'abord pour des nombres.
        chiffrees = [profils[c.rang] for c in colonnes if _is_chiffree(c)]
        reunies = sorted([*candidats, *chiffrees], key=lambda p: p.rang)
        dimensions, uniques = find_dimensions(cle, reunies, decrit.lignes)
    if not uniques and not _is_presque_unique(cle, dimensions, decrit.lignes):
        return [], (), 0, False
    combinaisons, nombre = find_combinaisons(dimensions, decrit.lignes)
    return dimensions, combinaisons, nombre, uniques


def _is_dimension(colonne: ColonneReconnue, fixes: set[str]) -> bool:
    return colonne.nom not in fixes and (colonne.role in _CANDIDATS_DIMENSION and bool(colonne.modalites))


def _is_chiffree(colonne: ColonneReconnue) -> bool:
    return (
        colonne.role is Role.NOMBRE
        and 1 < colonne.distincts <= _MODALITES_CHIFFREES
        and not (colonne.vides or colonne.decimale or colonne.marques or colonne.negatif)
        and colonne.grand <= _CODE_MAXIMUM
    )


def _is_presque_unique(cle: NDArray[np.int64], dimensions: list[Profil], lignes: NDArray[np.bool_]) -> bool:
    if not dimensions:
        return False
    ensemble = _combine(cle, pair_keys(dimensions))[lignes]
    return len(np.unique(ensemble)) >= 0.9 * len(ensemble)


def _combine(cle: NDArray[np.int64], autre: NDArray[np.int64] | None) -> NDArray[np.int64]:
    return cle if autre is None else cle * (int(autre.max(initial=0)) + 1) + autre


def _gather_marques(colonnes: tuple[ColonneReconnue, ...]) -> tuple[MarqueReconnue, ...]:
    """Marques de toutes les colonnes de nombres, les plus fréquentes d'abord."""
    comptes: Counter[str] = Counter()
    for colonne in colonnes:
        comptes.update(colonne.marques)
    return tuple(read_marque(texte, nombre) for texte, nombre in comptes.most_common(_MARQUES_MONTREES))


def _name_unite(lieux: LieuxReconnus | None, dimensions: list[Profil]) -> str:
    if lieux is not None:
        return "lieu"
    return "modalité" if dimensions else "territoire"
