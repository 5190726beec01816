"""Bloc : une variable à une période, sur ses unités de base, prête à être agrégée."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatoire.calculs.liens import Base, Rattacheur
from observatoire.errors import SourceError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import Statut
from observatoire.territoires.rattachements import NIVEAUX_LARGES


@dataclass(frozen=True)
class Bloc:
    """Variable à une période.

    ``unites`` : une ligne par unité et modalité : ``code, modalite, valeur, inf, sup, arrondi, estime,
    secret, hors_champ, mesuree`` (les quatre marques sont des booléens).
    """

    variable: str
    periode: str
    base: Base
    additive: bool
    unites: pd.DataFrame


def build_bloc(variables: pd.DataFrame, *, variable: str, periode: str, base: Base, additive: bool) -> Bloc:
    """Met une variable du socle à la forme d'un bloc.

    Args:
        variables: lignes du socle de cette variable et de cette période.
        variable: nom de la variable.
        periode: période affichée.
        base: unités de base.
        additive: la somme a-t-elle un sens ?

    Raises:
        SourceError: une unité y est deux fois.
    """
    statut = variables.statut
    unites = pd.DataFrame(
        {
            "code": to_category(variables.code_territoire),
            "modalite": to_category(variables.modalite),
            "valeur": variables.valeur,
            "inf": variables.borne_inf,
            "sup": variables.borne_sup,
            "arrondi": statut == Statut.ARRONDI,
            "estime": statut == Statut.ESTIME,
            "secret": statut == Statut.SECRET,
            "hors_champ": statut == Statut.HORS_CHAMP,
            "mesuree": to_category(variables.periode_mesuree),
        }
    ).reset_index(drop=True)
    if _has_doubles(unites):
        msg = f"La variable « {variable} » a deux valeurs pour un même territoire en {periode}."
        raise SourceError(msg)
    return Bloc(variable, periode, base, additive, unites)


def to_category(textes: pd.Series) -> pd.Series:
    """Range des textes par catégories : un entier par ligne se compare, se trie et se recopie bien plus vite."""
    return textes if isinstance(textes.dtype, pd.CategoricalDtype) else textes.astype("category")


def _has_doubles(unites: pd.DataFrame) -> bool:
    cles = unites.code.cat.codes.to_numpy(dtype=np.int64) * (len(unites.modalite.cat.categories) + 1)
    cles += unites.modalite.cat.codes.to_numpy()
    return bool(len(cles)) and int(np.bincount(cles).max()) > 1


def common_base(bases: list[Base], cog_cible: str) -> Base:
    """Base la plus fine que tous les blocs peuvent atteindre.

    La leur si elle leur est commune ; sinon les communes du COG cible ; sinon le niveau le plus large.
    """
    if len(set(bases)) == 1:
        return bases[0]
    larges = [b.maille for b in bases if b.maille in NIVEAUX_LARGES]
    if larges:
        return Base(max(larges, key=NIVEAUX_LARGES.index), cog_cible)
    return Base(Maille.COMMUNE, cog_cible)


def project_bloc(bloc: Bloc, base: Base, rattacheur: Rattacheur, masses: pd.Series | None = None) -> Bloc:
    """Porte un bloc sur une autre base.

    Une variable additive est sommée selon les poids. Une variable intensive (moyenne, classe) est
    moyennée selon ``masses`` (population des unités de départ) : exacte si les unités réunies ont la
    même valeur, estimée sinon. Une part d'unité (poids < 1) donne une estimation bornée.
    """
    if bloc.base == base:
        return bloc
    lien = rattacheur.find(bloc.base, base.maille)
    if lien is None:
        msg = f"« {bloc.variable} » ({bloc.base.maille.libelle}) ne peut être portée à la {base.maille.libelle}."
        raise SourceError(msg)
    table = pd.DataFrame(
        {
            "code_base": rattacheur.univers(bloc.base)[lien.base],
            "code_cible": lien.codes_cible[lien.cible],
            "poids": lien.poids,
        }
    )
    textes = dict.fromkeys(("code", "modalite", "mesuree"), "str")
    u = bloc.unites.astype(textes).merge(table, left_on="code", right_on="code_base")
    resultat = _sum_additive(u) if bloc.additive else _average_intensive(u, masses)
    return Bloc(bloc.variable, bloc.periode, base, bloc.additive, resultat)


def _sum_additive(u: pd.DataFrame) -> pd.DataFrame:
    entier = u.poids == 1.0
    connu = u.valeur.notna()
    u = u.assign(
        valeur=u.valeur * u.poids,
        inf=u.inf.where(entier, 0.0).where(connu),
        estime=u.estime | (~entier & connu & (u.valeur != 0)),
        manquant=~connu,
        borne_absente=connu & u.inf.isna(),
    )
    groupes = u.groupby(["code_cible", "modalite"], sort=False)
    r = groupes.agg(
        valeur=("valeur", "sum"), inf=("inf", "sum"), sup=("sup", "sum"),
        arrondi=("arrondi", "any"), estime=("estime", "any"), secret=("secret", "any"),
        hors_champ=("hors_champ", "all"), mesuree=("mesuree", "min"), manquant=("manquant", "any"),
        borne_absente=("borne_absente", "any"),
    )  # fmt: skip
    # Une unité manquante rend la somme inconnue : jamais une somme tronquée prise pour un total.
    r.loc[r.manquant, ["valeur", "inf", "sup"]] = np.nan
    r.loc[r.borne_absente, ["inf", "sup"]] = np.nan
    return r.drop(columns=["manquant", "borne_absente"]).reset_index().rename(columns={"code_cible": "code"})


def _average_intensive(u: pd.DataFrame, masses: pd.Series | None) -> pd.DataFrame:
    """Moyenne pondérée des unités réunies ; une catégorie absente d'une unité y vaut zéro."""
    masse = u.code.map(masses).fillna(0.0) if masses is not None else pd.Series(1.0, index=u.index)
    u = u[u.valeur.notna()].assign(masse=(masse * u.poids).clip(lower=1e-9))
    par_unite = u.drop_duplicates(["code", "code_cible"]).groupby("code_cible", sort=False)
    total, unites = par_unite.masse.sum(), par_unite.size()
    # La part d'une commune scindée hérite de sa classe ou de sa moyenne : rien ne dit qu'elle lui ressemblait.
    partage = u.poids != 1.0
    u = u.assign(produit=u.masse * u.valeur, estime=u.estime | partage, partage=partage)
    r = u.groupby(["code_cible", "modalite"], sort=False).agg(
        produit=("produit", "sum"), minimum=("valeur", "min"), maximum=("valeur", "max"),
        presentes=("code", "nunique"), arrondi=("arrondi", "any"), estime=("estime", "any"),
        secret=("secret", "any"), hors_champ=("hors_champ", "all"), mesuree=("mesuree", "min"),
        partage=("partage", "any"),
    ).reset_index()  # fmt: skip
    r["valeur"] = r.produit / r.code_cible.map(total)
    partout = r.presentes == r.code_cible.map(unites)
    unique = partout & np.isclose(r.minimum, r.maximum, rtol=0, atol=0)
    r["valeur"] = r.maximum.where(unique, r.valeur)
    r["inf"] = r.minimum.where(partout, 0.0)
    r["sup"] = r.maximum
    # D'un morceau de commune, on sait seulement qu'il est dans l'étendue observée ailleurs.
    classes = bool((u.modalite != "").any())
    r.loc[r.partage, "inf"] = 0.0 if classes else u.valeur.min()
    r.loc[r.partage, "sup"] = 1.0 if classes else u.valeur.max()
    r["estime"] = r.estime | ~unique
    return r.rename(columns={"code_cible": "code"})[
        ["code", "modalite", "valeur", "inf", "sup", "arrondi", "estime", "secret", "hors_champ", "mesuree"]
    ]
