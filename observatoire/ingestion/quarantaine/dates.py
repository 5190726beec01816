"""Dates complètes : leur forme, et ce qui distingue des naissances de dates d'événements ou de périodes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable

_MOIS = (
    r"janv\w*|f[ée]v\w*|mars|avr\w*|mai|juin|juil\w*|ao[uû]t|sept\w*|oct\w*|nov\w*|d[ée]c\w*|jan|feb\w*|apr\w*|may|jun\w*|"
    r"jul\w*|aug\w*"
)
_JOUR_PUIS_ANNEE = r"^(?P<j>\d{1,2})[/.\- ](?P<m>\d{1,2})[/.\- ](?P<a>(?:1[89]|20)\d{2}|\d{2})(?:[ T].*)?$"
_ANNEE_PUIS_JOUR = r"^(?P<a>(?:1[89]|20)\d{2})[/.\-](?P<m>\d{1,2})[/.\-](?P<j>\d{1,2})(?:[ T].*)?$"
_COLLEE_ANNEE = r"^(?P<a>19\d{2}|20[0-3]\d)(?P<m>0[1-9]|1[0-2])(?P<j>0[1-9]|[12]\d|3[01])(?:\.0)?$"
_COLLEE_JOUR = r"^(?P<j>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<a>19\d{2}|20[0-3]\d)$"
_LETTRES = rf"^(?:\w+ )?(?P<j>\d{{1,2}})(?:er)?[ \-](?P<m>{_MOIS})\.?[ \-](?P<a>(?:1[89]|20)\d{{2}}|\d{{2}})$"
_FORMES = (_JOUR_PUIS_ANNEE, _ANNEE_PUIS_JOUR, _COLLEE_ANNEE, _COLLEE_JOUR, _LETTRES)
_SERIE_TABLEUR = r"^\d{4,5}(?:\.0)?$"

_LONGUEURS = (6, 40)
_ETENDUE_ANNEES = 8
_DATES_MINIMALES = 5
_JOUR_DOMINANT = 0.2
_JOURS_DISTINCTS = 8
_LIGNES_POUR_LES_JOURS = 40
_PART_SOUS_ENTETE = 0.3
_SIECLE = 100


def match_dates(colonne: Colonne) -> NDArray[np.bool_]:
    """Valeurs distinctes qui sont des dates complètes, à leur forme."""
    trouve = np.zeros(len(colonne.distinctes), dtype=bool)
    if colonne.chiffres == 0 or colonne.longueur_max < _LONGUEURS[0] or colonne.decimale:
        return trouve
    separee = colonne.octets[[32, 45, 46, 47]].any()
    for forme in _FORMES:
        if separee or forme in {_COLLEE_ANNEE, _COLLEE_JOUR}:
            trouve |= colonne.match(forme, longueur_min=_LONGUEURS[0], longueur_max=_LONGUEURS[1])
    return trouve


def is_dates_completes(colonne: Colonne) -> bool:
    """Vrai si la colonne est faite de dates complètes."""
    return colonne.share(match_dates(colonne)) >= PART_FORME


def find_dates_naissance(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les dates de naissance, par l'en-tête et par l'allure des valeurs."""
    yield from _find_dates_reparties(vue)
    for colonne in vue.colonnes:
        annoncee = Nature.DATE_NAISSANCE in colonne.natures
        if colonne.longueur_max < _LONGUEURS[0] and not annoncee:
            continue
        dates = match_dates(colonne)
        if annoncee:
            if colonne.share(dates) < _PART_SOUS_ENTETE:
                dates |= _match_serie_tableur(colonne)
            if colonne.share(dates) >= _PART_SOUS_ENTETE and not _counts_naissances(vue):
                yield build_motif("date_naissance", colonne, colonne.count(dates), bloquant=True)
        elif (
            colonne.share(dates) >= PART_FORME
            and not vue.lignes_par_territoire
            and _looks_like_naissances(colonne, dates)
            and not vue.liste_de_lieux
        ):
            yield build_motif("date_naissance", colonne, colonne.count(dates), bloquant=True)


def _find_dates_reparties(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Jour, mois et année de naissance dans trois colonnes."""
    if vue.mesures and vue.lignes_par_territoire:
        return
    jours = [c for c in vue.colonnes if _is_entre(c, ("jour", "jj", "day"), 1, 31)]
    mois = [c for c in vue.colonnes if _is_entre(c, ("mois", "mm", "month"), 1, 12)]
    annees = [c for c in vue.colonnes if _is_entre(c, ("annee", "an", "aaaa", "year"), 1880, 2035)]
    for colonne in annees:
        annonce = any("nais" in c.forme or "birth" in c.forme for c in [colonne, *jours, *mois])
        etendue = float(np.ptp(colonne.entiers[np.isfinite(colonne.entiers)]))
        if jours and mois and etendue >= _ETENDUE_ANNEES and (annonce or not vue.mesures):
            yield build_motif("date_naissance", colonne, colonne.lignes_remplies, bloquant=True)


def _is_entre(colonne: Colonne, mots: tuple[str, ...], bas: int, haut: int) -> bool:
    if not set(mots) & set(colonne.forme.split("_")):
        return False
    return colonne.share((colonne.entiers >= bas) & (colonne.entiers <= haut)) >= PART_FORME


def _match_serie_tableur(colonne: Colonne) -> NDArray[np.bool_]:
    # Un tableur garde une date comme un nombre de jours : cinq chiffres sous un en-tête de date complète.
    if "annee" in colonne.forme or not colonne.forme.startswith(("date", "dt", "ddn", "dn", "dob", "birth", "ne")):
        return np.zeros(len(colonne.distinctes), dtype=bool)
    series = colonne.match(_SERIE_TABLEUR, longueur_max=7)
    return (
        series if colonne.share(series & (colonne.longueurs >= len("10000"))) >= _PART_SOUS_ENTETE else series & False
    )


def _counts_naissances(vue: VueTable) -> bool:
    # État civil agrégé : un compte par jour, qui dépasse largement un.
    return any(
        Nature.COMPTE in c.natures and np.isfinite(c.entiers).any() and np.nanmedian(c.entiers) > _DATES_MINIMALES
        for c in vue.mesures
    )


def _looks_like_naissances(colonne: Colonne, dates: NDArray[np.bool_]) -> bool:
    """Dates nombreuses, étalées sur des années, sans jour dominant ni retour régulier."""
    if int(dates.sum()) < _DATES_MINIMALES:
        return False
    jours, annees = _split_dates(colonne.distinctes.filter(pa.array(dates)))
    poids = colonne.nombres[dates]
    if annees.max() - annees.min() < _ETENDUE_ANNEES:
        return False
    par_jour = np.bincount(jours, weights=poids, minlength=32)
    if poids.sum() >= _LIGNES_POUR_LES_JOURS:
        etalees = par_jour.max() <= _JOUR_DOMINANT * par_jour.sum() and (par_jour > 0).sum() >= _JOURS_DISTINCTS
    else:
        etalees = par_jour.max() <= max(2.0, par_jour.sum() / 3)
    regulieres = poids.max() > 1 and poids.min() == poids.max()
    return bool(etalees and not regulieres)


def _split_dates(textes: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    jours = np.zeros(len(textes), dtype=np.int64)
    annees = np.zeros(len(textes), dtype=np.int64)
    for forme in _FORMES:
        morceaux = pc.extract_regex(textes, forme)
        pris = pc.is_valid(morceaux).to_numpy(zero_copy_only=False) & (annees == 0)
        if pris.any():
            gardes = morceaux.filter(pa.array(pris))
            jours[pris] = pc.cast(pc.struct_field(gardes, "j"), pa.int64()).to_numpy(zero_copy_only=False)
            lues = pc.cast(pc.struct_field(gardes, "a"), pa.int64()).to_numpy(zero_copy_only=False)
            annees[pris] = np.where(lues < _SIECLE, lues + np.where(lues > _SIECLE * 0.3, 1900, 2000), lues)
    return np.minimum(jours, 31), annees
