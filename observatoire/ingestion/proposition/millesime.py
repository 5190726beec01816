"""Millésime géographique : l'année du COG qui explique le mieux les codes, ex æquo compris.

Deux indices se complètent. Un code présent doit exister cette année-là. Un code qui existe cette
année-là devrait être présent, d'autant plus que le fichier couvre presque tout son champ : c'est ce
qui distingue deux années que seules des fusions séparent.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.proposition.modele import Certitude, MillesimeReconnu
from observatoire.ingestion.proposition.nomenclature import Nomenclature
from observatoire.modeles.mailles import Maille

_SANS_EFFET = (
    "departement",
    "region",
    "france",
    "arrondissement",
    "canton_ville",
    "qpv",
    "commune_com",
    "arrondissement_municipal",
)
_COUT_INCONNU = 12.0
"""Poids d'un code inconnu : mille fois plus rare qu'un code absent par hasard, environ."""
_ECART = math.log(100)
"""Écart de vraisemblance en deçà duquel deux années sont ex æquo."""
_COUVERTURE_MAXIMALE = 0.98
_PART_ANCIENNE = 0.003
_PEU = 2
_RAPPORT = 5
_GEOGRAPHIE = re.compile(
    r"(?:g[ée]ographie|cog|d[ée]coupage|communes?\s+au|commune|iris\s+au|epci)\D{0,25}?(?:\d{2}/\d{2}/)?((?:19|20)\d{2})",
    re.IGNORECASE,
)


def find_indice(textes: list[str]) -> str:
    """Année de géographie écrite dans un titre ou un nom de colonne, s'il y en a une.

    Examples:
        >>> find_indice(["Mise en ligne le 27/09/2022       Géographie au 01/01/2022"])
        '2022'
        >>> find_indice(["Taux de pauvreté 2021"])
        ''
    """
    for texte in textes:
        trouve = _GEOGRAPHIE.search(texte)
        if trouve:
            return trouve.group(1)
    return ""


def find_millesime(
    niveau: str, codes: pd.Index, nomenclature: Nomenclature, *, indice: str = "", annees: tuple[str, ...] = ()
) -> MillesimeReconnu | None:
    """Cherche l'année du COG des codes.

    Args:
        niveau: niveau des codes.
        codes: codes distincts, rétablis.
        nomenclature: codes connus de chaque année.
        indice: année de géographie écrite dans le fichier.
        annees: années mesurées, pour choisir entre des ex æquo.
    """
    if niveau in _SANS_EFFET:
        return MillesimeReconnu(nomenclature.cogs, nomenclature.cogs[-1], sans_effet=True, indice=indice)
    if niveau == "iris":
        codes = pd.Index([c[:5] for c in codes], dtype=object).unique()
    elif niveau not in {"commune", "epci"}:
        return None
    maille = Maille.EPCI if niveau == "epci" else Maille.COMMUNE
    reference = nomenclature.niveaux[maille]
    if niveau != "epci":
        hors_champ = nomenclature.knows(Maille.ARRONDISSEMENT_MUNICIPAL, codes)
        hors_champ |= nomenclature.knows(Maille.COMMUNE_COM, codes)
        codes = codes[~hors_champ]
        if not len(codes):
            return MillesimeReconnu(nomenclature.cogs, nomenclature.cogs[-1], sans_effet=True, indice=indice)
    bits = np.arange(len(nomenclature.cogs))
    rangs = reference.find(codes)
    presents = (reference.annees[rangs[rangs >= 0], None] >> bits) & 1
    # Un code d'aucune année ne départage pas deux COG ; un code disparu dit « avant ».
    inconnus = (presents == 0).sum(axis=0)
    vraisemblances = -_COUT_INCONNU * inconnus
    if niveau != "iris":
        vraisemblances = vraisemblances + _weigh_absents(maille, codes, reference.codes, reference.annees, bits)
    avant = _find_avant(niveau, codes, rangs, inconnus, nomenclature)
    meilleurs = np.flatnonzero(vraisemblances >= vraisemblances.max() - _ECART)
    cogs = tuple(nomenclature.cogs[i] for i in meilleurs)
    par_annee = {cog: int(n) for cog, n in zip(nomenclature.cogs, inconnus, strict=True)}
    if avant:
        return MillesimeReconnu((), "", avant, inconnus=par_annee, indice=indice, certitude=Certitude.PROBABLE)
    retenu = _choose(cogs, indice, annees)
    certitude = Certitude.SUR if len(cogs) == 1 else Certitude.A_VERIFIER
    return MillesimeReconnu(cogs, retenu, inconnus=par_annee, indice=indice, certitude=certitude)


def _weigh_absents(
    maille: Maille, codes: pd.Index, tous: pd.Index, annees: NDArray[np.int64], bits: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Vraisemblance des codes absents, dans les départements que le fichier couvre."""
    if maille is Maille.EPCI:
        attendus = np.ones(len(tous), dtype=bool)
    else:
        departements = pd.Index([c[:2] for c in tous], dtype=object)
        couverts = pd.Index([c[:2] for c in codes], dtype=object).unique()
        attendus = couverts.get_indexer(departements) >= 0
    vus = codes.get_indexer(tous) >= 0
    existe = ((annees[:, None] >> bits) & 1).astype(bool) & attendus[:, None]
    nombre = existe.sum(axis=0)
    absents = (existe & ~vus[:, None]).sum(axis=0)
    couverture = min(_COUVERTURE_MAXIMALE, float((1 - absents / np.maximum(nombre, 1)).max()))
    return absents * math.log(1 - couverture) if couverture > 0 else np.zeros(len(bits))


def _find_avant(
    niveau: str, codes: pd.Index, rangs: NDArray[np.int64], inconnus: NDArray[np.int64], nomenclature: Nomenclature
) -> str:
    """Première année du référentiel, si trop de codes n'existaient plus cette année-là."""
    if niveau == "epci":
        disparus = int((rangs < 0).sum())
    else:
        disparus = int((nomenclature.anciennes.get_indexer(codes[rangs < 0]) >= 0).sum())
    # La première année du référentiel explique au moins aussi bien que les suivantes : sinon les codes
    # inconnus sont des erreurs, non une géographie ancienne.
    ancienne = inconnus[0] - inconnus.min() <= disparus / _RAPPORT
    return nomenclature.cogs[0] if ancienne and disparus > max(_PEU, _PART_ANCIENNE * len(codes)) else ""


def _choose(cogs: tuple[str, ...], indice: str, annees: tuple[str, ...]) -> str:
    """Entre ex æquo : l'année écrite dans le fichier, sinon celle qui suit la dernière année mesurée."""
    if indice in cogs:
        return indice
    if annees:
        cible = int(annees[-1][:4]) + 1
        return min(cogs, key=lambda cog: (abs(int(cog) - cible), -int(cog)))
    return cogs[-1]
