"""Rangées : chaque chiffre publié, écrit comme la somme des unités exactes dont il est fait.

Un atome est un effectif exact d'une unité d'origine (une commune, pour une variable, une modalité et une
période). Une rangée est un chiffre qu'on publie : la somme de certains atomes. Deux indicateurs qui
montrent la même somme montrent la même rangée ; deux sommes qui diffèrent d'une seule unité sont deux
rangées, et leur différence compte comme telle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from observatoire.calculs.blocs import Bloc
from observatoire.calculs.liens import Base
from observatoire.calculs.moteur import Decomposition, Moteur
from observatoire.calculs.unites import Mesure
from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.statuts import COUVERTURE_MINIMALE
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille

ENTIER = 1e-9
"""Une part d'unité à moins de cela de l'unité est l'unité."""
COLONNES = ["variable", "periode", "modalite", "maille", "code_territoire", "variante"]
"""Clé d'une rangée ; ``variante`` est l'empreinte des unités qu'elle somme."""
Couple = tuple[str, str]
"""Variable et période."""


@dataclass(frozen=True)
class Somme:
    """Chiffres d'un rôle (numérateur ou dénominateur) d'un indicateur, à un niveau et une période.

    Attributes:
        indicateur: indicateur qui les montre.
        periode_montree: période de ses observations.
        maille: leur niveau.
        role: ``numerateur`` ou ``denominateur``.
        couple: variable sommée et sa période.
        modalite: modalité sommée.
        territoires: codes des territoires, un par ligne de ``matrice``.
        unites: codes des unités d'origine, un par colonne, précédés de leur niveau.
        matrice: part de chaque unité dans chaque territoire.
        valeurs: valeur exacte de chaque unité ; ``nan`` si elle est inconnue.
        part: le numérateur est une part de son dénominateur.
        publics: dénominateur public et exact de chaque territoire, si le numérateur en est une part.
    """

    indicateur: str
    periode_montree: str
    maille: Maille
    role: str
    couple: Couple
    modalite: str
    territoires: pd.Index
    unites: NDArray[np.object_]
    matrice: sparse.csr_matrix
    valeurs: Vecteur
    part: bool
    publics: Vecteur | None


def list_sommes(moteur: Moteur, indicateur: Indicateur, exacts: frozenset[Couple]) -> Iterator[Somme]:
    """Sommes d'effectifs exacts que montre un indicateur.

    Args:
        moteur: moteur de calcul.
        indicateur: indicateur que l'on veut publier.
        exacts: variables et périodes reçues par convention.
    """
    for d in moteur.decompose(indicateur):
        for role, variable, periode, mesures in _list_roles(indicateur, d):
            if not _is_exact(variable, periode, indicateur, d, exacts):
                continue
            for modalite, mesure in mesures.items():
                yield _build_somme(moteur, indicateur, d, role, (variable, periode), modalite, mesure)


def _list_roles(indicateur: Indicateur, d: Decomposition) -> Iterator[tuple[str, str, str, dict[str, Mesure]]]:
    if indicateur.type_mesure is TypeMesure.EVOLUTION:
        debut, fin = d.periode.split("-")
        yield "numerateur", indicateur.numerateur, fin, d.unites.num
        if d.unites.den is not None:
            yield "denominateur", indicateur.numerateur, debut, {"": d.unites.den}
        return
    poids = indicateur.poids
    nom = f"{indicateur.numerateur} × {poids}" if poids else indicateur.numerateur
    yield "numerateur", nom, d.periode, d.unites.num
    if d.unites.den is not None:
        yield "denominateur", poids or indicateur.denominateur or "", d.periode_denominateur, {"": d.unites.den}


def _is_exact(variable: str, periode: str, indicateur: Indicateur, d: Decomposition, exacts: frozenset[Couple]) -> bool:
    if " × " not in variable:
        return (variable, periode) in exacts
    poids = indicateur.poids or ""
    return (indicateur.numerateur, periode) in exacts or (poids, d.periode_denominateur) in exacts


def _build_somme(
    moteur: Moteur, indicateur: Indicateur, d: Decomposition, role: str, couple: Couple, modalite: str, mesure: Mesure
) -> Somme:
    base, lien = d.unites.base, d.lien
    univers = moteur.rattacheur.univers(base)
    connu = d.unites.connu & mesure.connu
    poids = np.where(connu[lien.base], lien.poids, 0.0)
    forme = (len(lien.codes_cible), len(univers))
    matrice = sparse.csr_matrix((poids, (lien.cible, lien.base)), shape=forme)
    codes, valeurs = np.asarray(univers, dtype=object), mesure.valeur
    publics = _sum_publics(indicateur, d, role, connu)
    niveau = base.maille
    if not d.officiel and " × " not in couple[0]:
        origine = moteur.read_bloc(*couple)
        if origine.base != base and origine.additive:
            matrice, codes, valeurs = _go_back(moteur, origine, base, matrice, modalite)
            niveau = origine.base.maille
    matrice.eliminate_zeros()
    # Trop peu couvert, un territoire n'est pas montré : sa somme n'est connue de personne.
    montres = d.couverture >= COUVERTURE_MINIMALE
    remplies = np.flatnonzero((np.diff(matrice.indptr) > 0) & montres)
    return Somme(
        indicateur=indicateur.id,
        periode_montree=d.periode,
        maille=d.maille,
        role=role,
        couple=couple,
        modalite=modalite,
        territoires=pd.Index(lien.codes_cible)[remplies],
        unites=np.asarray([f"{niveau}:{code}" for code in codes], dtype=object),
        matrice=sparse.csr_matrix(matrice[remplies]),
        valeurs=valeurs,
        part=role == "numerateur" and indicateur.est_part and not indicateur.poids,
        publics=None if publics is None else publics[remplies],
    )


def _sum_publics(indicateur: Indicateur, d: Decomposition, role: str, connu: NDArray[np.bool_]) -> Vecteur | None:
    """Dénominateur de chaque territoire, quand le numérateur en est une part et que chacun le connaît exactement."""
    den = d.unites.den
    if role != "numerateur" or den is None or not indicateur.est_part or indicateur.poids:
        return None
    flous = (den.marques["arrondi"] | den.marques["estime"])[d.lien.base] & connu[d.lien.base]
    sommes = d.lien.sum(np.where(connu[d.lien.base], np.nan_to_num(den.valeur)[d.lien.base] * d.lien.poids, 0.0))
    return np.where(d.lien.any(flous), np.nan, sommes)


def _go_back(
    moteur: Moteur, origine: Bloc, base: Base, matrice: sparse.csr_matrix, modalite: str
) -> tuple[sparse.csr_matrix, NDArray[np.object_], Vecteur]:
    """Réécrit des sommes d'unités projetées comme des sommes d'unités d'origine : ce sont elles, les secrets."""
    univers, valeurs = read_valeurs(moteur, origine, modalite)
    lien = moteur.rattacheur.find(origine.base, base.maille)
    if lien is None:
        return matrice[:, :0], np.asarray(univers, dtype=object), valeurs
    cible = moteur.rattacheur.univers(base).get_indexer(lien.codes_cible)
    passage = sparse.csr_matrix((lien.poids, (cible[lien.cible], lien.base)), shape=(matrice.shape[1], len(univers)))
    return sparse.csr_matrix(matrice @ passage), np.asarray(univers, dtype=object), valeurs


def read_valeurs(moteur: Moteur, bloc: Bloc, modalite: str) -> tuple[pd.Index, Vecteur]:
    """Valeurs d'une variable sur ses unités d'origine : leurs codes, et ``nan`` là où elle est inconnue."""
    univers = moteur.rattacheur.univers(bloc.base)
    ici = bloc.unites[bloc.unites.modalite == modalite]
    places = univers.get_indexer(pd.Index(ici.code.astype("str")))
    valeurs = np.full(len(univers), np.nan)
    valeurs[places[places >= 0]] = ici.valeur.to_numpy(dtype=float)[places >= 0]
    return univers, valeurs


def is_whole(matrice: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Lignes faites d'unités entières ; les autres ne sont que des estimations."""
    ecarts = np.abs(matrice.data - 1.0) > ENTIER
    fautes = np.add.reduceat(ecarts, matrice.indptr[:-1]) if len(matrice.data) else np.zeros(matrice.shape[0])
    return np.asarray(fautes == 0)


def sign_lignes(matrice: sparse.csr_matrix, unites: NDArray[np.object_]) -> NDArray[np.object_]:
    """Empreinte des unités de chaque ligne, indépendante de leur ordre (somme de hachages, modulo 2^64)."""
    hachages = np.array(
        [int.from_bytes(hashlib.blake2b(u.encode(), digest_size=8).digest(), "big") for u in unites], dtype=np.uint64
    )
    sommes = np.add.reduceat(hachages[matrice.indices], matrice.indptr[:-1])
    return np.array([f"{int(s):016x}" for s in sommes], dtype=object)
