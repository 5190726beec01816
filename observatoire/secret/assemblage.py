"""Assemblage : des sommes montrées, et de celles déjà diffusées, au système d'une source et d'une période."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.secret.rangees import COLONNES, Somme, is_whole, sign_lignes

ATOME = ["variable", "modalite", "unite", "valeur"]
"""Clé d'un atome : une valeur rectifiée depuis est un autre nombre, celui que l'ancienne version montrait."""
Rangs = NDArray[np.intp]


@dataclass(frozen=True)
class Passees:
    """Rangées déjà diffusées, dans d'autres publications.

    Attributes:
        table: ``variable, periode, modalite, maille, code_territoire, variante, valeur, inf, sup`` ; ``inf`` et
            ``sup`` ne sont connus que d'une valeur restée cachée (arrondie, ou masquée), avec ``plafond`` et
            ``plancher``, ce qui en est promis.
        membres: une ligne par rangée et unité : ``rang`` (dans ``table``), ``unite``, ``valeur``.
        promesses: ce qui a été promis d'unités masquées : ``variable, modalite, unite, valeur, plafond, plancher``,
            et ``inf``, ce que chacun en savait.
        masquees: rangées masquées alors : ``COLONNES, valeur``, et ``inf``, ce que chacun en savait.
        versions: par publication, toutes ses unités : ``variable, modalite, unite, valeur``.
    """

    table: pd.DataFrame
    membres: pd.DataFrame
    promesses: pd.DataFrame
    masquees: pd.DataFrame = field(default_factory=pd.DataFrame)
    versions: tuple[pd.DataFrame, ...] = ()


@dataclass
class Assemblage:
    """Atomes et rangées d'une source à une période, réunis de toutes les sommes.

    Attributes:
        atomes: table ``ATOME`` et ``courante`` ; le rang de la ligne est le numéro de l'atome.
        rangees: table ``COLONNES`` et ``valeur, sceau`` ; ``connue``, ``courante``, ``inf``, ``sup`` pour les
            passées.
        matrice: (rangées, atomes), 0 ou 1.
        liens: ``indicateur, maille, code_territoire, periode, modalite, role, rangee`` (-1 : estimation).
    """

    atomes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ATOME))
    rangees: pd.DataFrame = field(default_factory=pd.DataFrame)
    matrice: sparse.csr_matrix = field(default_factory=lambda: sparse.csr_matrix((0, 0)))
    liens: pd.DataFrame = field(default_factory=pd.DataFrame)


def assemble(sommes: Sequence[Somme], passees: Passees | None = None) -> Assemblage:
    """Réunit des sommes d'une même source et d'une même période, et ce qui en a déjà été diffusé."""
    morceaux = [_list_membres(s, rang) for rang, s in enumerate(sommes)]
    entetes = pd.concat([_head(s, rang) for rang, s in enumerate(sommes)], ignore_index=True)
    membres = pd.concat(morceaux, ignore_index=True)
    uniques, liens = _merge(entetes)
    membres = membres.merge(
        uniques[["somme", "ligne", "rangee"]], on=["somme", "ligne"], how="inner", validate="many_to_one"
    )
    rangees = uniques.set_index("rangee").sort_index()[[*COLONNES, "valeur"]].assign(connue=False, courante=True)
    rangees = rangees.assign(
        inf=np.nan, sup=np.nan, plafond=np.nan, plancher=np.nan, sceau=_seal(membres.rangee, membres)
    ).reset_index(drop=True)
    membres = membres.assign(courante=True)
    colonnes = ["rangee", "courante", *ATOME]
    if passees is not None and len(passees.table):
        rangees, anciens = _add_passees(rangees, passees)
        membres = pd.concat([membres[colonnes], anciens.assign(courante=False)[colonnes]], ignore_index=True)
    numeros, atomes = _number_atomes(membres)
    matrice = sparse.csr_matrix(
        (np.ones(len(membres)), (membres.rangee.to_numpy(), numeros)), shape=(len(rangees), len(atomes))
    )
    return Assemblage(atomes, rangees, matrice, liens)


def _head(somme: Somme, rang: int) -> pd.DataFrame:
    """Une ligne par chiffre montré."""
    nombre = len(somme.territoires)
    entiere = is_whole(somme.matrice)
    return pd.DataFrame(
        {
            "indicateur": somme.indicateur,
            "periode_montree": somme.periode_montree,
            "role": somme.role,
            "variable": somme.couple[0],
            "periode": somme.couple[1],
            "modalite": somme.modalite,
            "maille": str(somme.maille),
            "code_territoire": np.asarray(somme.territoires, dtype=object),
            "variante": sign_lignes(somme.matrice, somme.unites) if nombre else np.zeros(0, dtype=object),
            "valeur": somme.matrice @ np.nan_to_num(somme.valeurs),
            "entiere": entiere,
            "somme": rang,
            "ligne": np.arange(nombre),
        }
    )


def _list_membres(somme: Somme, rang: int) -> pd.DataFrame:
    """Une ligne par chiffre montré et unité qui le compose."""
    lignes = np.repeat(np.arange(len(somme.territoires)), np.diff(somme.matrice.indptr))
    colonnes = somme.matrice.indices
    return pd.DataFrame(
        {
            "somme": rang,
            "ligne": lignes,
            "variable": somme.couple[0],
            "modalite": somme.modalite,
            "unite": somme.unites[colonnes],
            "valeur": np.nan_to_num(somme.valeurs)[colonnes],
        }
    )


def _merge(entetes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deux chiffres faits des mêmes unités sont la même rangée ; une estimation n'en est pas une."""
    entieres = entetes[entetes.entiere]
    rangee = entieres.groupby(COLONNES, sort=False).ngroup()
    uniques = entieres.assign(rangee=rangee).drop_duplicates("rangee")
    liens = entetes.assign(rangee=rangee.reindex(entetes.index, fill_value=-1).to_numpy())
    voulues = ["indicateur", "maille", "code_territoire", "periode_montree", "modalite", "role", "rangee"]
    return uniques, liens[voulues].rename(columns={"periode_montree": "periode"})


def _add_passees(rangees: pd.DataFrame, passees: Passees) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ajoute ce qui a été diffusé ; la même rangée, à la même valeur, devient une rangée déjà connue."""
    cle = [*COLONNES, "valeur", "sceau"]
    table = passees.table.reset_index(drop=True)
    table = table.assign(sceau=_seal(passees.membres.rang, passees.membres).reindex(table.index).fillna(0))
    exactes = table.inf.isna()
    place = pd.MultiIndex.from_frame(rangees[cle]).get_indexer(pd.MultiIndex.from_frame(table[cle]))
    memes = (place >= 0) & exactes.to_numpy()
    rangees = rangees.copy()
    rangees.loc[place[memes], "connue"] = True
    # Une rangée masquée alors et encore montrée : la rangée d'aujourd'hui en tient lieu.
    autres = table[~memes & ~((place >= 0) & np.isinf(table["sup"].to_numpy(dtype=float)))]
    numeros = pd.Series(np.arange(len(rangees), len(rangees) + len(autres)), index=autres.index)
    anciens = passees.membres[passees.membres.rang.isin(autres.index)]
    anciens = anciens.assign(rangee=anciens.rang.map(numeros))
    anciens = anciens.merge(autres[["variable", "modalite"]], left_on="rang", right_index=True)
    # Une valeur arrondie ou masquée reste inconnue, mais bornée.
    ajout = autres[[*COLONNES, "valeur", "inf", "sup", "plafond", "plancher"]].assign(
        connue=autres.inf.isna(), courante=False
    )
    return pd.concat([rangees, ajout], ignore_index=True), anciens


def _seal(rangs: pd.Series, membres: pd.DataFrame) -> pd.Series:
    """Empreinte de ce que somme chaque rangée : ses unités et leurs valeurs."""
    hachages = pd.util.hash_pandas_object(membres[["unite", "valeur"]].astype({"unite": str}), index=False)
    return hachages.groupby(rangs.to_numpy()).sum().astype("uint64")


def _number_atomes(membres: pd.DataFrame) -> tuple[Rangs, pd.DataFrame]:
    numeros: Rangs = membres.groupby(ATOME, sort=False, dropna=False).ngroup().to_numpy().astype(np.intp)
    # Les membres d'aujourd'hui précèdent ceux d'hier : le premier dit si l'atome est encore d'actualité.
    atomes = membres[[*ATOME, "courante"]].assign(numero=numeros).drop_duplicates("numero").sort_values("numero")
    return numeros, atomes[[*ATOME, "courante"]].reset_index(drop=True)


def find_atome(
    atomes: pd.DataFrame, variable: str, modalite: str, unites: NDArray[np.object_], valeurs: Vecteur
) -> Rangs:
    """Numéro de chaque atome ; -1 s'il n'est pas dans la table."""
    ici = atomes[(atomes.variable == variable) & (atomes.modalite == modalite)]
    index = pd.MultiIndex.from_arrays([ici.unite.astype(str), ici.valeur])
    places = index.get_indexer(pd.MultiIndex.from_arrays([unites.astype(str), valeurs]))
    numeros = ici.index.to_numpy()
    return np.where(places >= 0, numeros[places], -1) if len(numeros) else np.full(len(unites), -1, dtype=np.intp)
