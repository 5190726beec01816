"""Prénoms courants et mots de lieux : de quoi reconnaître une personne dans une cellule, et non une école."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_LIEUX = """
saint sainte st ste sts stes sur sous les aux lez en sainte ville villeneuve mont pont bois val vallee bourg chateau
port plage cap ile iles cote rue avenue av bd boulevard place pl chemin impasse allee allees route rte quai cours square
esplanade lotissement hameau lieu dit zone za zi zac ecole ecoles primaire maternelle elementaire college lycee
universite campus institut institution bibliotheque mediatheque ludotheque mairie commune communes communaute cc ca cu
metropole agglomeration departement region france services service maison espace centre point antenne bureau poste
association amicale comite fondation federation union secours croix emmaus ccas cias cms mds utas ehpad residence foyer
foyers creche halte garderie pmi hopital hospitalier hospitaliere clinique ch chu chr polyclinique maternite cabinet
pharmacie gare stade piscine gymnase salle theatre musee cinema parc jardin quartier quartiers residence residences cite
cites citee tour secteur canton iris pays groupe scolaire prive privee public publique regie office sarl sas sa sci
mecs itep ime esat chrs cada csapa pole plateforme total ensemble nord sud est ouest
""".split()  # noqa: SIM905 -- une liste de mots se lit mieux en texte

_SEPARATEURS = r"[^a-z0-9]+"
_PROFONDEUR_MINIMALE = 2
JETONS_DE_NOM_MAX = 5


@lru_cache(maxsize=1)
def _list_prenoms() -> frozenset[str]:
    texte = resources.files(__package__).joinpath("prenoms.txt").read_text(encoding="utf-8")
    return frozenset(texte.split())


@lru_cache(maxsize=1)
def _ensembles() -> tuple[pa.Array, pa.Array]:
    return pa.array(sorted(_list_prenoms())), pa.array(sorted(set(_LIEUX)))


def has_prenom(texte: str) -> bool:
    """Vrai si le texte est fait d'un prénom courant, seul ou suivi d'un nom.

    Examples:
        >>> has_prenom("Prénom Thierry"), has_prenom("NOM")
        (True, False)
    """
    sans_accents = "".join(c for c in unicodedata.normalize("NFKD", texte.lower()) if not unicodedata.combining(c))
    jetons = sans_accents.replace("-", " ").split()
    return len(jetons) < JETONS_DE_NOM_MAX and bool(_list_prenoms() & set(jetons)) and not set(jetons) & set(_LIEUX)


class Jetons:
    """Mots de chaque valeur d'une colonne, et ce qu'ils disent : prénom, lieu, longueur.

    Attributes:
        nombre: nombre de mots de chaque valeur.
        prenom: vrai si un mot est un prénom, et qu'aucun n'est un mot de lieu.
        que_prenoms: vrai si tous les mots sont des prénoms.
        lieu: vrai si un mot est un mot de lieu ou d'établissement.
        litteral: vrai si la valeur n'a ni chiffre ni signe autre que « - ' . ».
    """

    def __init__(self, distinctes: pa.Array) -> None:
        """Découpe les valeurs, accents et casse retirés."""
        prenoms, lieux = _ensembles()
        minuscules = pc.utf8_lower(distinctes)
        if not pc.all(pc.string_is_ascii(minuscules), min_count=0).as_py():
            decomposees = pc.utf8_normalize(minuscules, form="NFKD")
            minuscules = pc.replace_substring_regex(decomposees, r"[\x{0300}-\x{036f}]", "")
        self.litteral: NDArray[np.bool_] = pc.match_substring_regex(
            minuscules, r"^[a-z'’.,\- \x{00a0}\x{202f}()/]+$"
        ).to_numpy(zero_copy_only=False)
        listes = pc.split_pattern_regex(minuscules, _SEPARATEURS)
        mots = pc.list_flatten(listes)
        parents = pc.list_parent_indices(listes).to_numpy(zero_copy_only=False)
        pleins = pc.not_equal(mots, "").to_numpy(zero_copy_only=False)
        total = len(distinctes)
        self.nombre = np.bincount(parents[pleins], minlength=total)
        trouve = pc.is_in(mots, prenoms).to_numpy(zero_copy_only=False)
        par_prenom = np.bincount(parents[trouve], minlength=total)
        place = pc.is_in(mots, lieux).to_numpy(zero_copy_only=False)
        self.lieu = np.bincount(parents[place], minlength=total) > 0
        self.prenom = (par_prenom > 0) & ~self.lieu & self.litteral
        self.que_prenoms = (par_prenom == self.nombre) & (self.nombre > 0) & self.litteral

    @property
    def nom_complet(self) -> NDArray[np.bool_]:
        """Valeurs de la forme « DUPONT Marie » : de deux à cinq mots, dont un prénom, sans mot de lieu."""
        return self.prenom & (self.nombre >= _PROFONDEUR_MINIMALE) & (self.nombre <= JETONS_DE_NOM_MAX)
