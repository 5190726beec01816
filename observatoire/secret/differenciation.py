"""Différenciation : la règle publique qui décide, seule, du refus d'un territoire personnalisé.

Elle n'emploie que ce que chacun sait (codes, habitants, ce qui est masqué, ce qui a déjà été diffusé) : chacun
peut la rejouer, un refus n'apprend donc rien (méthodes §1.6). Aucune valeur n'y entre.

1. *Deux à deux* : entre le territoire demandé et tout territoire déjà diffusé qui le recoupe, ce qui est dans
   l'un sans être dans l'autre est vide ou assez grand ; de même une fois ôtées les communes publiées, que
   chacun peut soustraire.
2. *Toutes ensemble* : les additions et soustractions de tout ce qui est diffusé ne donnent ni une case
   masquée, ni une réunion trop petite de communes masquées.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.sources import RegleSecret
from observatoire.secret.espace_deduit import Entiers, EspaceDeduit, build_espace, list_sommes_nulles
from observatoire.secret.systeme import Booleens


class Seuils(NamedTuple):
    """En deçà, une réunion de communes est trop petite pour être connue."""

    unites: int
    habitants: float

    def is_trop_petit(self, unites: NDArray[np.float64], habitants: Vecteur) -> Booleens:
        """Vrai là où une réunion n'est pas vide et n'atteint pas l'un des deux seuils."""
        return np.asarray((unites > 0) & ((unites < self.unites) | (habitants < self.habitants)))


def seuils_of(regle: RegleSecret) -> Seuils:
    """Seuils d'une règle de secret."""
    return Seuils(regle.zone_unites_min, float(regle.zone_habitants_min))


@dataclass(frozen=True)
class Diffuse:
    """Ce que chacun sait, pour une variable et une période ; un territoire est une ligne de 0 et de 1.

    Attributes:
        habitants: habitants de chaque unité (u,).
        masquees: unités dont la valeur n'est pas publiée (u,).
        territoires: territoires dont la valeur est diffusée (t, u) : niveaux publiés, zones accordées.
        voisins: territoires diffusés pour une variable liée à celle-ci (v, u) : sa partie, son total.
        caches: territoires dont la valeur est masquée (c, u), unités à part.
    """

    habitants: Vecteur
    masquees: Booleens
    territoires: sparse.csr_matrix
    voisins: sparse.csr_matrix
    caches: sparse.csr_matrix

    def add(self, zone: Booleens) -> Diffuse:
        """État après la diffusion d'une zone de plus."""
        ligne = sparse.csr_matrix(zone.astype(float)[None, :])
        territoires = sparse.vstack([self.territoires, ligne], format="csr")
        return Diffuse(self.habitants, self.masquees, territoires, self.voisins, self.caches)


def is_permise(zone: Booleens, diffuse: Diffuse, seuils: Seuils) -> bool:
    """Vrai si la règle publique laisse diffuser cette zone ; les deux contrôles sont toujours menés en entier."""
    petites = bool(find_recoupements(zone, diffuse, seuils).any())
    deduites = is_deductive(zone, diffuse, seuils)
    return not (petites | deduites)


def find_recoupements(zone: Booleens, diffuse: Diffuse, seuils: Seuils) -> Booleens:
    """Territoires dont la zone diffère de trop peu ; la dernière place est l'ensemble vide (la zone elle-même).

    Deux territoires qui ne se recoupent pas ne se soustraient pas.
    """
    publiees = sparse.identity(len(zone), format="csr")[np.flatnonzero(~diffuse.masquees)]
    tous = sparse.vstack([diffuse.territoires, diffuse.voisins, publiees], format="csr")
    fautifs = np.zeros(tous.shape[0] + 1, dtype=bool)
    for retenues in (np.ones(len(zone), dtype=bool), diffuse.masquees):
        poids = np.column_stack([retenues, retenues * diffuse.habitants])
        dedans = poids * zone[:, None]
        commun = tous @ dedans
        manque, exces = tous @ poids - commun, dedans.sum(axis=0) - commun
        trop_petit = seuils.is_trop_petit(*manque.T) | seuils.is_trop_petit(*exces.T)
        fautifs[:-1] |= (commun[:, 0] > 0) & trop_petit
        fautifs[-1] |= bool(seuils.is_trop_petit(*dedans.sum(axis=0)))
    return fautifs


def is_deductive(zone: Booleens, diffuse: Diffuse, seuils: Seuils) -> bool:
    """Vrai si, jointe à tout ce qui est diffusé, la zone livre ce qui ne se déduisait pas encore.

    Les unités de mêmes territoires ne se distinguent pas : elles se rangent en classes, et une somme de
    classes se cherche à la place d'une somme d'unités.
    """
    caches = np.flatnonzero(diffuse.masquees)
    if not zone[caches].any():
        return False
    lignes = sparse.vstack(
        [diffuse.territoires, diffuse.voisins, diffuse.caches, sparse.csr_matrix(zone.astype(float)[None, :])],
        format="csr",
    )[:, caches]
    propres, liees = diffuse.territoires.shape[0], diffuse.voisins.shape[0]
    colonnes, rangs = np.unique(lignes.toarray().astype(np.int64), axis=1, return_inverse=True)
    classes = np.asarray(rangs).ravel()
    tailles = np.bincount(classes).astype(float)
    habitants = np.asarray(np.bincount(classes, weights=diffuse.habitants[caches]), dtype=np.float64)
    trop_petites = np.flatnonzero(seuils.is_trop_petit(tailles, habitants) | (tailles == 1))
    masques = colonnes[propres + liees : -1]
    # Ce qui se déduisait déjà n'est pas imputé à la zone ; une variable liée compte à part, car son
    # territoire diffusé ne dit pas celui de la variable même.
    avant = build_espace(colonnes[:propres])
    trouve = False
    for connu in (avant, avant.extend(colonnes[propres : propres + liees])):
        apres = connu.add(colonnes[-1])
        reunions = _list_reunions(apres, trop_petites, tailles, habitants, seuils)
        suspectes = np.vstack([masques, reunions])
        trouve |= bool((apres.contains(suspectes) & ~connu.contains(suspectes)).any())
    return trouve


def _list_reunions(
    espace: EspaceDeduit, petites: NDArray[np.intp], tailles: Vecteur, habitants: Vecteur, seuils: Seuils
) -> Entiers:
    """Réunions trop petites qui semblent se déduire : une classe, deux ou trois.

    Une classe d'une seule unité l'est toujours : c'est une case masquée.
    """
    projection = espace.project_libertes()
    seules = petites[projection[petites] == 0][:, None]
    trouvees = [seules]
    for groupes in list_sommes_nulles(projection, petites):
        petit = seuils.is_trop_petit(tailles[groupes].sum(axis=1), habitants[groupes].sum(axis=1))
        trouvees.append(groupes[petit])
    lignes = [np.zeros((len(groupes), len(tailles)), dtype=np.int64) for groupes in trouvees]
    for ligne, groupes in zip(lignes, trouvees, strict=True):
        np.put_along_axis(ligne, groupes, 1, axis=1)
    return np.vstack(lignes)
