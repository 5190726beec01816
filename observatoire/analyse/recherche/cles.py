"""Clés de recherche : toutes les façons d'appeler un territoire, et ce que vaut chacune.

Une qualité est un entier : plus il est petit, plus la réponse est haute.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import pandas as pd

from observatoire.analyse.recherche.ecriture import (
    join_initiales,
    join_mots,
    join_mots_pleins,
    normalise_textes,
)
from observatoire.modeles.mailles import Maille


class Qualite(IntEnum):
    """Ce que vaut une réponse, de la plus sûre à la plus lointaine.

    Les écarts laissent la place de nuancer : un nom d'usage, un article tapé.
    """

    CODE_POSTAL_PRECIS = 0
    CODE = 2
    AUTRE_CODE_POSTAL = 3
    ANCIEN_CODE = 4
    NOM = 10
    NOM_D_USAGE = 12
    ANCIEN_NOM = 14
    SIGLE = 16
    DEBUT = 20
    INITIALES = 28
    TOUS_LES_MOTS = 30
    DEBUTS_DE_MOTS = 32
    NOM_PRECISE = 40
    PRECISE = 44
    FAUTE_DANS_LE_NOM = 50
    FAUTE = 60


NOMS_D_USAGE = {
    (Maille.EPCI, "200046977"): ("Grand Lyon",),
    (Maille.REGION, "84"): ("Aura",),
    (Maille.REGION, "93"): ("Région Sud", "Paca"),
}
"""Noms que tout le monde emploie, et que le libellé officiel ne contient pas."""

_GENRES = r"^(?:ca|cc|cu|metropole|eurometropole) "
_PARENTHESES = r"\s*\([^)]*\)"
_SIGLE_COURT = 3
_SIGLES_CONNUS = (Maille.REGION, Maille.EPT)


def list_cles(t: pd.DataFrame, noms: pd.DataFrame, normales: pd.Series) -> pd.DataFrame:
    """Clés qu'on peut taper en partie : cle, nom (rang), qualite si on la tape en entier.

    Args:
        t: territoires de l'index.
        noms: noms de l'index.
        normales: forme normale de chaque nom.
    """
    ancien = np.where(noms.code_ancien != "", Qualite.ANCIEN_NOM, Qualite.NOM)
    propres = noms.libelle_propre.to_numpy(dtype=bool)
    complets = _make_cles(normales[propres], ancien[propres])
    groupes = t[t.maille.isin([Maille.EPCI, Maille.EPT])]
    hors_sigle = _normalise(groupes.libelle.str.replace(_PARENTHESES, "", regex=True))
    nus = hors_sigle.str.replace(_GENRES, "", regex=True)
    sigles = _normalise(groupes.libelle.str.extract(r"\(([^)]*)\)", expand=False).dropna())
    arrondissements = t[t.maille == Maille.ARRONDISSEMENT_MUNICIPAL]
    courts = _normalise(arrondissements.libelle.str.replace(r"(?i)\s*arrondissement$", "", regex=True))
    usages = _normalise(_list_usages(t))
    return pd.concat(
        [
            complets,
            _make_cles(hors_sigle, Qualite.NOM),
            _make_cles(sigles, Qualite.NOM),
            _make_cles(courts, Qualite.NOM),
            _make_cles(usages, Qualite.NOM_D_USAGE),
            _make_cles(nus, Qualite.NOM_D_USAGE),
        ],
        ignore_index=True,
    )


def list_codes(t: pd.DataFrame, noms: pd.DataFrame, normales: pd.Series, postaux: pd.DataFrame) -> pd.DataFrame:
    """Codes et initiales, à taper en entier : cle, nom, qualite.

    Un code de région, de canton ou d'arrondissement n'y est pas : « 11 » est l'Aude, « 97401 » Les Avirons.
    Un code postal est souvent le code Insee d'une autre commune (33350 : Castillon-la-Bataille et Rauzan) ;
    la plus peuplée des deux passe devant, puis les autres communes du code postal. « 75013 » est un
    arrondissement avant d'être Paris.
    """
    sans_code = [Maille.REGION, Maille.ARRONDISSEMENT, Maille.CANTON_VILLE, Maille.FRANCE]
    codes = t.code[~t.maille.isin(sans_code)].str.lower()
    anciens = noms.code_ancien[noms.code_ancien != ""].str.lower()
    precis = t.maille.eq(Maille.ARRONDISSEMENT_MUNICIPAL).to_numpy()[postaux.territoire]
    peuplees = postaux.assign(population=t.population.to_numpy()[postaux.territoire])
    principales = peuplees.groupby("code_postal").population.transform("max") == peuplees.population
    qualites = np.where(principales, Qualite.CODE, Qualite.AUTRE_CODE_POSTAL)
    qualites = np.where(precis, Qualite.CODE_POSTAL_PRECIS, qualites)
    codes_postaux = pd.DataFrame(
        {"cle": postaux.code_postal.to_numpy(), "nom": postaux.territoire.to_numpy(), "qualite": qualites}
    )
    tous = [_make_frame(codes, Qualite.CODE), _make_frame(anciens, Qualite.ANCIEN_CODE), codes_postaux]
    return pd.concat([*tous, _list_initiales(t, normales)], ignore_index=True)


def _list_initiales(t: pd.DataFrame, normales: pd.Series) -> pd.DataFrame:
    """Initiales des groupements et des régions, avec et sans le genre, avec et sans les petits mots."""
    groupes = t[t.maille.isin([Maille.EPCI, *_SIGLES_CONNUS])]
    connu = groupes.maille.isin(_SIGLES_CONNUS) | groupes.nature.str.startswith("MET")
    qualite = pd.Series(np.where(connu, Qualite.SIGLE, Qualite.INITIALES), index=groupes.index)
    complets = normales[groupes.index]
    lots = []
    for formes in (complets, complets.str.replace(_GENRES, "", regex=True)):
        sans_petits = formes.str.replace(r"\b(?:au|aux|d|de|des|du|en|et|l|la|le|les)\b ?", "", regex=True)
        for mots in (formes, sans_petits):
            sigles = pd.Series(join_initiales(mots.tolist()), index=groupes.index, dtype=object)
            lots.append(pd.DataFrame({"cle": sigles, "nom": groupes.index, "qualite": qualite}))
    tous = pd.concat(lots, ignore_index=True)
    return tous[tous.cle.str.len() >= _SIGLE_COURT]


def _list_usages(t: pd.DataFrame) -> pd.Series:
    cles = pd.Series(t.index, index=pd.MultiIndex.from_arrays([t.maille, t.code]))
    presents = [(cles[m, c], nom) for (m, c), noms in NOMS_D_USAGE.items() if (m, c) in cles.index for nom in noms]
    return pd.Series([nom for _, nom in presents], index=[rang for rang, _ in presents], dtype=object)


def _normalise(libelles: pd.Series) -> pd.Series:
    return pd.Series(normalise_textes(libelles.tolist()), index=libelles.index, dtype=object)


def _make_cles(normales: pd.Series, qualite: Qualite | np.ndarray) -> pd.DataFrame:
    """Deux formes collées par nom : entière, et sans les petits mots."""
    textes = normales.tolist()
    entieres = pd.Series(join_mots(textes), index=normales.index, dtype=object)
    pleines = pd.Series(join_mots_pleins(textes), index=normales.index, dtype=object)
    return pd.concat([_make_frame(entieres, qualite), _make_frame(pleines, qualite)], ignore_index=True)


def _make_frame(cles: pd.Series, qualite: Qualite | np.ndarray) -> pd.DataFrame:
    valeurs = qualite if isinstance(qualite, np.ndarray) else int(qualite)
    return pd.DataFrame({"cle": cles.to_numpy(dtype=object), "nom": cles.index.to_numpy(), "qualite": valeurs})
