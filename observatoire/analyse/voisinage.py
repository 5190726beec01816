"""Voisinage : ce qui touche un territoire, ce qui le contient, ce qui le compose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.rattachements import Rattachements
from observatoire.catalogue.proches import normalise
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille
from observatoire.territoires.referentiel import Referentiel

MAILLES_PARENTES = (
    Maille.FRANCE,
    Maille.COLLECTIVITE_OUTREMER,
    Maille.REGION,
    Maille.DEPARTEMENT,
    Maille.EPCI,
    Maille.EPT,
    Maille.CANTON_VILLE,
    Maille.ARRONDISSEMENT,
    Maille.COMMUNE,
    Maille.ARRONDISSEMENT_MUNICIPAL,
)
"""Ordre du fil territorial, du plus large au plus proche."""

_PARENTS_DES_REUNIES = {
    Maille.EPCI: (Maille.FRANCE, Maille.REGION, Maille.DEPARTEMENT),
    # Un établissement public territorial est une part de sa métropole.
    Maille.EPT: (Maille.FRANCE, Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI),
    Maille.CANTON_VILLE: (Maille.FRANCE, Maille.REGION, Maille.DEPARTEMENT),
    Maille.ARRONDISSEMENT: (Maille.FRANCE, Maille.REGION, Maille.DEPARTEMENT),
}
"""Niveaux sans lien direct vers le haut : il se déduit de leurs communes."""

_COMPOSANTS = {
    Maille.FRANCE: (Maille.REGION, Maille.DEPARTEMENT),
    Maille.REGION: (Maille.DEPARTEMENT,),
    Maille.DEPARTEMENT: (Maille.EPCI, Maille.COMMUNE),
    Maille.EPCI: (Maille.COMMUNE,),
    Maille.EPT: (Maille.COMMUNE,),
    Maille.CANTON_VILLE: (Maille.COMMUNE,),
    Maille.ARRONDISSEMENT: (Maille.COMMUNE,),
    Maille.COMMUNE: (Maille.ARRONDISSEMENT_MUNICIPAL, Maille.IRIS),
    Maille.ARRONDISSEMENT_MUNICIPAL: (Maille.IRIS,),
    Maille.COLLECTIVITE_OUTREMER: (Maille.COMMUNE_COM,),
}
_MAILLES_TRACEES = (Maille.COMMUNE, Maille.ARRONDISSEMENT_MUNICIPAL, *MAILLES_DEPUIS_COMMUNE)
_EN_PARTIE = "en partie"


class Lien(NamedTuple):
    """Territoire lié à un autre.

    ``detail`` complète le nom : le département, s'il n'est pas celui du territoire de départ ; ou
    « en partie », pour un parent qui ne le contient pas tout entier.
    """

    maille: Maille
    code: str
    libelle: str
    detail: str = ""


def list_voisins(consultation: Consultation, maille: Maille, code: str) -> list[Lien]:
    """Territoires du même niveau qui partagent un segment de limite, par ordre alphabétique.

    Ceux d'un niveau fait de communes se touchent par leurs communes, limites de département comprises.
    Un arrondissement municipal touche aussi des communes. Une île, la France et un IRIS (dont le contour
    n'est pas livré) n'ont pas de voisin : ``explain_sans_voisin`` le dit.

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
    """
    consultation.territoires.find(maille, code)
    if maille not in _MAILLES_TRACEES or maille is Maille.FRANCE:
        return []
    rattachements = consultation.territoires.rattachements
    contacts = _load_contacts(consultation.espace.referentiel)
    reference = _find_departement(rattachements, maille, code)
    if maille is Maille.ARRONDISSEMENT_MUNICIPAL:
        autour = contacts.around(pd.Index([code]))
        # Un arrondissement et une commune n'ont jamais le même code : chacun se retrouve à son niveau.
        semblables = _build_liens(rattachements, maille, autour, reference)
        return _order([*semblables, *_build_liens(rattachements, Maille.COMMUNE, autour, reference)])
    if maille is Maille.COMMUNE:
        return _order(_build_liens(rattachements, maille, contacts.around(pd.Index([code])), reference))
    rangs = rattachements.between(Maille.COMMUNE, maille)
    autour = rangs.list_parents(contacts.around(rangs.list_enfants(code)))
    return _order(_build_liens(rattachements, maille, autour, reference))


def explain_sans_voisin(maille: Maille) -> str:
    """Phrase à écrire quand ``list_voisins`` ne rend rien (vide pour la France).

    Elle ne parle que de ce que le référentiel connaît : la Guyane touche le Brésil, aucun département français.
    """
    if maille is Maille.FRANCE:
        return ""
    if maille not in _MAILLES_TRACEES:
        return f"Les voisins des {maille.libelle_pluriel} ne sont pas connus : leurs contours ne sont pas livrés."
    sujet = {
        Maille.COMMUNE: "Aucune autre commune",
        Maille.DEPARTEMENT: "Aucun autre département français",
        Maille.REGION: "Aucune autre région française",
    }.get(maille, f"Aucun autre {maille.libelle}")
    return f"{sujet} ne touche ce territoire par la terre."


def list_parents(consultation: Consultation, maille: Maille, code: str) -> list[Lien]:
    """Territoires qui contiennent celui-ci, dans l'ordre de ``MAILLES_PARENTES`` : la France d'abord.

    Un EPCI à cheval a plusieurs départements, celui où il a le plus de communes d'abord ; chacun porte le
    détail « en partie ».

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
    """
    consultation.territoires.find(maille, code)
    rattachements = consultation.territoires.rattachements
    if maille in _PARENTS_DES_REUNIES:
        communes = rattachements.between(Maille.COMMUNE, maille).list_enfants(code)
        trouves = {
            m: rattachements.between(Maille.COMMUNE, m).list_parents(communes).tolist()
            for m in _PARENTS_DES_REUNIES[maille]
        }
    else:
        trouves = _climb(consultation, maille, code)
    return [
        lien._replace(detail=_EN_PARTIE if len(codes) > 1 else "")
        for parente in MAILLES_PARENTES
        if (codes := trouves.get(parente, []))
        for lien in _build_liens(rattachements, parente, pd.Index(codes))
    ]


def list_composants(consultation: Consultation, maille: Maille, code: str) -> dict[Maille, list[Lien]]:
    """Territoires qui composent celui-ci, par niveau et par ordre alphabétique.

    France → régions et départements ; région → départements ; département → EPCI (même en partie) et
    communes ; EPCI, EPT, canton, arrondissement → communes ; commune → arrondissements municipaux, ou IRIS
    à défaut. Une commune d'un seul IRIS n'est pas découpée. Un niveau sans territoire est absent.

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
    """
    consultation.territoires.find(maille, code)
    rattachements = consultation.territoires.rattachements
    reference = _find_departement(rattachements, maille, code)
    composants: dict[Maille, list[Lien]] = {}
    for enfant in _COMPOSANTS.get(maille, ()):
        codes = _list_enfants(consultation, maille, code, enfant)
        # Un seul IRIS est la commune elle-même.
        if len(codes) > (enfant is Maille.IRIS) and Maille.ARRONDISSEMENT_MUNICIPAL not in composants:
            composants[enfant] = _order(_build_liens(rattachements, enfant, codes, reference))
    return composants


@dataclass(frozen=True)
class _Contacts:
    """Paires de territoires qui se touchent, en rangs dans ``codes``."""

    codes: pd.Index
    a: NDArray[np.intp]
    b: NDArray[np.intp]

    def around(self, dedans: pd.Index) -> pd.Index:
        """Codes qui touchent au moins un de ceux-ci, sans eux."""
        ici = np.zeros(len(self.codes), dtype=bool)
        rangs = self.codes.get_indexer(dedans)
        ici[rangs[rangs >= 0]] = True
        # De part et d'autre de la limite : exactement un bout de la paire est dedans.
        de_a, de_b = ici[self.a], ici[self.b]
        return self.codes[np.unique(np.concatenate([self.b[de_a & ~de_b], self.a[de_b & ~de_a]]))]


@lru_cache(maxsize=2)
def _load_contacts(dossier: Path) -> _Contacts:
    paires = Referentiel(dossier).contiguites
    bouts = pd.concat([paires.code_a, paires.code_b]).to_numpy(dtype=object)
    rangs, codes = pd.factorize(bouts)
    return _Contacts(pd.Index(codes), rangs[: len(paires)], rangs[len(paires) :])


@lru_cache(maxsize=2)
def _load_disparues(dossier: Path) -> dict[str, str]:
    """Commune actuelle de chaque commune disparue."""
    anciennes = Referentiel(dossier).anciennes_communes
    return dict(zip(anciennes.code_ancien, anciennes.code_commune, strict=True))


def _climb(consultation: Consultation, maille: Maille, code: str) -> dict[Maille, list[str]]:
    """Parents directs, puis ceux de la commune, du département ou de la région qui contiennent."""
    rattachements = consultation.territoires.rattachements
    trouves = {maille: [code]}
    for etape in (maille, Maille.COMMUNE, Maille.DEPARTEMENT, Maille.REGION):
        if etape not in trouves:
            continue
        for parente in MAILLES_PARENTES:
            codes = rattachements.between(etape, parente).list_parents(pd.Index(trouves[etape])).tolist()
            if codes:
                trouves.setdefault(parente, _resolve(consultation, codes) if parente is Maille.COMMUNE else codes)
    return {m: codes for m, codes in trouves.items() if m is not maille}


def _resolve(consultation: Consultation, communes: list[str]) -> list[str]:
    """Communes actuelles : les IRIS sont d'un millésime plus ancien, leur commune a pu disparaître."""
    actuelles = consultation.territoires.rattachements.niveau(Maille.COMMUNE).codes
    disparues = _load_disparues(consultation.espace.referentiel)
    return [c if c in actuelles else disparues.get(c, c) for c in communes]


def _list_enfants(consultation: Consultation, maille: Maille, code: str, enfant: Maille) -> pd.Index:
    """Codes des territoires d'un niveau qui composent celui-ci."""
    rattachements = consultation.territoires.rattachements
    if maille is Maille.FRANCE:
        return rattachements.niveau(enfant).codes
    if enfant is Maille.EPCI:
        communes = rattachements.between(Maille.COMMUNE, maille).list_enfants(code)
        return rattachements.between(Maille.COMMUNE, Maille.EPCI).list_parents(communes)
    rangs = rattachements.between(enfant, maille)
    codes = rangs.list_enfants(code)
    if enfant is Maille.IRIS and maille is Maille.COMMUNE:
        absorbees = [a for a, c in _load_disparues(consultation.espace.referentiel).items() if c == code != a]
        for absorbee in absorbees:
            if _resolve(consultation, [absorbee]) == [code]:
                codes = codes.append(rangs.list_enfants(absorbee))
    return codes


def _find_departement(rattachements: Rattachements, maille: Maille, code: str) -> str | None:
    """Département d'un territoire (le principal s'il est à cheval) ; ``None`` à partir de ce niveau."""
    if maille in (Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE):
        return None
    return _find_departements(rattachements, maille, pd.Index([code]))[0]


def _find_departements(rattachements: Rattachements, maille: Maille, codes: pd.Index) -> list[str | None]:
    """Département de chaque territoire : celui où un EPCI ou un EPT a le plus de communes."""
    niveau = rattachements.niveau(maille)
    if maille not in (Maille.EPCI, Maille.EPT):
        return niveau.departements[niveau.codes.get_indexer(codes)].tolist()
    rangs = rattachements.between(Maille.COMMUNE, maille)
    departements = rattachements.between(Maille.COMMUNE, Maille.DEPARTEMENT)
    return [departements.list_parents(rangs.list_enfants(c))[0] for c in codes]


def _build_liens(
    rattachements: Rattachements, maille: Maille, codes: pd.Index, reference: str | None = None
) -> list[Lien]:
    """Liens vers ceux de ces codes qui sont de ce niveau, dans leur ordre.

    Avec un département de référence, le détail nomme le leur s'il est autre.
    """
    niveau = rattachements.niveau(maille)
    ou = niveau.codes.get_indexer(codes)
    codes = codes[ou >= 0]
    details: Iterable[str] = [""] * len(codes)
    if reference is not None:
        departements = rattachements.niveau(Maille.DEPARTEMENT)
        noms = dict(zip(departements.codes, departements.libelles, strict=True))
        siens = _find_departements(rattachements, maille, codes)
        details = ["" if d is None or d == reference else noms.get(d, "") for d in siens]
    return [Lien(maille, *lien) for lien in zip(codes, niveau.libelles[ou[ou >= 0]], details, strict=True)]


def _order(liens: list[Lien]) -> list[Lien]:
    """Ordre alphabétique sans accents ni ligatures (Œuilly à O), nombres compris (9e avant 10e)."""

    def rang(lien: Lien) -> tuple[str, str]:
        lisible = normalise(lien.libelle.replace("Œ", "Oe").replace("œ", "oe"))
        return re.sub(r"\d+", lambda n: n[0].zfill(6), lisible), lien.code

    return sorted(liens, key=rang)
