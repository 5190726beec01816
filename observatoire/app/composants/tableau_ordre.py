"""Ordre du tableau jumeau : tri, recherche, pages ; seules des positions de lignes circulent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from observatoire.analyse.consultation import Consultation
from observatoire.catalogue.proches import normalise
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIGNES_PAR_PAGE = 20
LIGNES_D_UN_SEUL_TENANT = 60
"""Jusqu'à ce nombre de lignes, le tableau tient en une page : un département s'y lit d'un regard."""


class Tri(StrEnum):
    """Ordre du tableau, tel qu'écrit dans l'adresse ; l'alphabétique est le premier : ce n'est pas un palmarès."""

    NOM = "nom"
    NOM_INVERSE = "nom-inverse"
    DECROISSANT = "valeur-decroissante"
    CROISSANT = "valeur-croissante"
    NOMBRE_DECROISSANT = "nombre-decroissant"
    NOMBRE_CROISSANT = "nombre-croissant"
    SUR_DECROISSANT = "sur-decroissant"
    SUR_CROISSANT = "sur-croissant"

    @property
    def libelle(self) -> str:
        """Ordre en clair : « ordre alphabétique », « valeur décroissante »."""
        return _TRIS[self].libelle

    @property
    def colonne(self) -> str:
        """Colonne triée : ``nom``, ``valeur``, ``numerateur`` ou ``denominateur``."""
        return _TRIS[self].colonne

    @property
    def descend(self) -> bool:
        """Vrai du plus grand au plus petit (de Z à A pour un nom)."""
        return self in _DESCENDENT


class _DescriptionTri(NamedTuple):
    colonne: str
    libelle: str


_TRIS = {
    Tri.NOM: _DescriptionTri("nom", "ordre alphabétique"),
    Tri.NOM_INVERSE: _DescriptionTri("nom", "ordre alphabétique inverse"),
    Tri.DECROISSANT: _DescriptionTri("valeur", "valeur décroissante"),
    Tri.CROISSANT: _DescriptionTri("valeur", "valeur croissante"),
    Tri.NOMBRE_DECROISSANT: _DescriptionTri("numerateur", "nombre décroissant"),
    Tri.NOMBRE_CROISSANT: _DescriptionTri("numerateur", "nombre croissant"),
    Tri.SUR_DECROISSANT: _DescriptionTri("denominateur", "total décroissant"),
    Tri.SUR_CROISSANT: _DescriptionTri("denominateur", "total croissant"),
}
_DESCENDENT = frozenset({Tri.NOM_INVERSE, Tri.DECROISSANT, Tri.NOMBRE_DECROISSANT, Tri.SUR_DECROISSANT})


def turn_tri(colonne: str, present: Tri) -> Tri:
    """Tri que demande un clic sur un en-tête : de A à Z, ou du plus grand au plus petit ; puis l'inverse."""
    premier, second = (t for t in Tri if t.colonne == colonne)
    return second if present is premier else premier


@dataclass(frozen=True)
class OrdreNoms:
    """Rang alphabétique de chaque territoire d'un niveau, et son nom sans accents pour la recherche."""

    rangs: pd.Series[int]
    """Rang alphabétique, rangé par code comme les valeurs."""
    cherchables: dict[str, str]


def build_ordre_noms(consultation: Consultation, maille: Maille, departement: str) -> OrdreNoms:
    """Range les territoires d'un niveau par nom, sans tenir compte des accents ni des majuscules."""
    territoires = consultation.territoires.list_territoires(maille, None if departement == "FR" else departement)
    codes = territoires.code.tolist()
    noms = [normalise(nom) for nom in territoires.libelle.tolist()]
    ordre = sorted(range(len(codes)), key=lambda i: (noms[i], codes[i]))
    rangs = pd.Series(np.argsort(ordre), index=codes)
    return OrdreNoms(rangs, dict(zip(codes, noms, strict=True)))


def order_lignes(valeurs: pd.DataFrame, noms: OrdreNoms, tri: Tri) -> NDArray[np.intp]:
    """Positions des lignes dans l'ordre voulu.

    Une valeur absente vient toujours à la fin ; une valeur non significative juste avant, car sa place
    parmi les autres ne voudrait rien dire. À égalité, l'alphabet.
    """
    # Une ligne par territoire : les valeurs sont déjà dans l'ordre des rangs, sans correspondance à chercher.
    simple = len(valeurs) == len(noms.rangs)
    alphabetique = noms.rangs.to_numpy() if simple else noms.rangs.reindex(valeurs.code_territoire).to_numpy()
    if tri.colonne == "nom":
        return np.argsort(-alphabetique if tri.descend else alphabetique, kind="stable")
    nombres = _read_cle(valeurs, tri)
    # ``nan`` est rangé en dernier par numpy, dans les deux sens puisque −nan reste nan.
    cle = -nombres if tri.descend else nombres
    groupes = np.isnan(nombres) * 2
    if tri.colonne == "valeur":
        groupes = np.where((valeurs.statut == str(Statut.NON_SIGNIFICATIF)) & (groupes == 0), 1, groupes)
    return np.lexsort((alphabetique, cle, groupes))


def _read_cle(valeurs: pd.DataFrame, tri: Tri) -> NDArray[np.float64]:
    textes = valeurs.modalite
    if tri.colonne != "valeur" or not (textes != "").any():
        return valeurs[tri.colonne].to_numpy(dtype=np.float64, na_value=np.nan)
    # Une catégorie se range par son nom.
    rangs, _ = pd.factorize(textes, sort=True)
    return np.where(textes == "", np.nan, rangs.astype(np.float64))


def filter_lignes(valeurs: pd.DataFrame, ordre: NDArray[np.intp], noms: OrdreNoms, recherche: str) -> NDArray[np.intp]:
    """Garde les lignes dont le nom ou le code contient la recherche, accents et majuscules ignorés."""
    mot = normalise(recherche)
    if not mot:
        return ordre
    retenus = {code for code, nom in noms.cherchables.items() if mot in nom or code.lower().startswith(mot)}
    codes = valeurs.code_territoire.tolist()
    garde = np.fromiter((code in retenus for code in codes), dtype=np.bool_, count=len(codes))
    return ordre[garde[ordre]]


class Tranche(NamedTuple):
    """Page du tableau : rang de sa première ligne (0 au début), positions montrées, place parmi les pages."""

    debut: int
    positions: NDArray[np.intp]
    page: int
    pages: int


def cut_page(ordre: NDArray[np.intp], page: int = 1) -> Tranche:
    """Coupe la page voulue, ramenée entre la première et la dernière."""
    total = len(ordre)
    taille = LIGNES_D_UN_SEUL_TENANT if total <= LIGNES_D_UN_SEUL_TENANT else LIGNES_PAR_PAGE
    pages = max(1, -(-total // taille))
    page = min(max(1, page), pages)
    debut = (page - 1) * taille
    return Tranche(debut, ordre[debut : debut + taille], page, pages)
