"""Colonnes de noms : « 01-Ain », « Ain », « Bordeaux » ; jamais rapprochées à peu près."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.proposition.codes import PART_CONNUE, CodesColonne
from observatoire.ingestion.proposition.nomenclature import Nomenclature, normalise_noms
from observatoire.ingestion.proposition.profil import Profil
from observatoire.modeles.mailles import Maille

_CODE_ET_NOM = r"^([0-9][0-9AB][0-9]?)\s*[-–:]\s*\D"
_LETTRES = r"[A-Za-zÀ-ÿ]{2}"
_MAILLES = (Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI, Maille.COMMUNE)
_MAXIMUM = 60_000
_PEU = 3


@dataclass(frozen=True)
class NomsColonne:
    """Noms d'une colonne, à un niveau.

    Attributes:
        profil: la colonne.
        maille: niveau des noms.
        connus: par valeur distincte, nom connu.
        codes: nom lu → code, quand il n'y en a qu'un.
        doubles: noms portés par plusieurs territoires.
    """

    profil: Profil
    maille: Maille
    connus: NDArray[np.bool_]
    codes: dict[str, str]
    doubles: tuple[str, ...]


def recognise_code_et_nom(profil: Profil, nomenclature: Nomenclature) -> CodesColonne | None:
    """Reconnaît « 01-Ain » : le code du département suivi de son nom.

    Args:
        profil: la colonne.
        nomenclature: codes connus.
    """
    choix = profil.match(_CODE_ET_NOM)
    if choix.sum() <= _PEU or profil.share(choix) < PART_CONNUE:
        return None
    codes = pd.Index([t.split("-")[0].split("–")[0].split(":")[0].strip() for t in profil.textes], dtype=object)
    connus = nomenclature.knows(Maille.DEPARTEMENT, codes) & choix
    if profil.share(connus) < PART_CONNUE:
        return None
    return CodesColonne(profil, Maille.DEPARTEMENT.value, "code_et_nom", codes, connus, confirme=True)


def recognise_noms(profil: Profil, nomenclature: Nomenclature) -> NomsColonne | None:
    """Reconnaît une colonne de noms de territoires, ou rien.

    Args:
        profil: la colonne.
        nomenclature: codes et noms connus.
    """
    if not _PEU <= len(profil.valeurs) <= _MAXIMUM or profil.share(profil.match(_LETTRES)) < PART_CONNUE:
        return None
    noms = pd.Index(normalise_noms(profil.textes), dtype=object)
    meilleur: NomsColonne | None = None
    for maille in _MAILLES:
        niveau = nomenclature.niveaux.get(maille)
        if niveau is None:
            continue
        recents = niveau.annees >= niveau.annees.max() if maille is not Maille.COMMUNE else niveau.annees > 0
        libelles = pd.Series(niveau.codes[recents], index=niveau.libelles[recents])
        connus = libelles.index.unique().get_indexer(noms) >= 0
        if profil.share(connus) < PART_CONNUE or (meilleur and connus.sum() <= meilleur.connus.sum()):
            continue
        uniques = libelles[~libelles.index.duplicated(keep=False)]
        rangs = uniques.index.get_indexer(noms)
        codes = {t: str(uniques.iloc[r]) for t, r in zip(profil.textes, rangs, strict=True) if r >= 0}
        doubles = tuple(t for t, connu, r in zip(profil.textes, connus, rangs, strict=True) if connu and r < 0)
        meilleur = NomsColonne(profil, maille, connus, codes, doubles)
    return meilleur


def share_paires(codes: CodesColonne, noms: Profil, nomenclature: Nomenclature, maille: Maille) -> float:
    """Part des codes dont le nom écrit sur la même ligne est bien celui de ce niveau.

    Args:
        codes: colonne des codes, lus à ce niveau.
        noms: colonne des noms.
        nomenclature: noms connus.
        maille: niveau supposé.
    """
    niveau = nomenclature.niveaux.get(maille)
    if niveau is None:
        return 0.0
    ensemble = (codes.profil.indices >= 0) & (noms.indices >= 0)
    if not ensemble.any():
        return 0.0
    paires = np.unique(np.column_stack([codes.profil.indices[ensemble], noms.indices[ensemble]]), axis=0)[:2000]
    rangs = niveau.find(codes.codes[paires[:, 0]])
    lus = normalise_noms([noms.textes[i] for i in paires[:, 1]])
    attendus = np.where(rangs >= 0, niveau.libelles[rangs], "?")
    return float((lus == attendus).mean())
