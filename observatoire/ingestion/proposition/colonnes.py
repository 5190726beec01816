"""Rôle de chaque colonne : nombre, modalité, note, période, code, texte."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.marques import is_marque
from observatoire.ingestion.proposition.modele import ColonneReconnue, Role
from observatoire.ingestion.proposition.profil import Profil

_PART_NOMBRES = 0.8
_PEU_DE_MARQUES = 6
_MARQUE_LONGUE = 40
_PEU_DE_MODALITES = 10
_MODALITES_MONTREES = 60
_PAS = (1000, 100, 50, 10, 5)
_PART_ARRONDI = 0.995
_DISTINCTS_ARRONDI = 6
_MILLIERS = (
    ("\u202f", "espace fine insécable U+202F"),
    ("\u00a0", "espace insécable U+00A0"),
    (" ", "espace"),
    ("'", "apostrophe"),
)
_MODALITES_MAXIMUM = 400
_TOTAUX = r"(?i)^(_t|total|ensemble|tous?|toutes?|t|tout .*|toutes? .*|total .*|ensemble .*)$"
_ANNEES_MAXIMUM = 60
_NOTE_MAXIMUM = 12
_IDENTIFIANTS = frozenset(
    {"id", "num", "n", "fid", "gid", "objectid", "ogc_fid", "index", "rang", "ordre", "unnamed_0"}
)
_MESURE_SDMX = "obs_value"
_TECHNIQUES = frozenset({"unit_mult", "decimals", "obs_status", "conf_status", "freq", "obs_status_fr"})
"""Colonnes de service d'une diffusion SDMX : elles qualifient la valeur, elles ne la mesurent pas."""


def describe_colonne(profil: Profil, niveau: str, periode: str) -> ColonneReconnue:  # noqa: PLR0911 -- un rôle par sortie
    """Décrit une colonne.

    Args:
        profil: la colonne.
        niveau: niveau géographique de ses codes, vide sinon.
        periode: nom de la colonne de période.
    """
    commun = {"nom": profil.nom, "rang": profil.rang, "distincts": len(profil.valeurs), "vides": profil.vides}
    if not profil.remplies and profil.cle.startswith(_MESURE_SDMX):
        # Toutes les valeurs sont masquées ; la colonne reste celle de la mesure.
        return ColonneReconnue(role=Role.NOMBRE, **commun)  # type: ignore[arg-type]
    if not profil.remplies:
        return ColonneReconnue(role=Role.VIDE, **commun)  # type: ignore[arg-type]
    if niveau:
        return ColonneReconnue(role=Role.CODE, niveau=niveau, **commun)  # type: ignore[arg-type]
    if profil.nom == periode or _is_annee(profil):
        return ColonneReconnue(role=Role.PERIODE, **commun)  # type: ignore[arg-type]
    if profil.cle in _TECHNIQUES or is_note(profil):
        return ColonneReconnue(role=Role.NOTE, modalites=tuple(profil.textes[:_MODALITES_MONTREES]), **commun)  # type: ignore[arg-type]
    if speaks_of(profil.cle, "longitude") or speaks_of(profil.cle, "latitude"):
        return ColonneReconnue(role=Role.POSITION, **commun)  # type: ignore[arg-type]
    if is_numerique(profil):
        return _describe_nombres(profil, commun)
    if _is_identifiant(profil):
        return ColonneReconnue(role=Role.IDENTIFIANT, **commun)  # type: ignore[arg-type]
    modalites, total = _read_modalites(profil)
    role = Role.MODALITE if modalites else Role.TEXTE
    return ColonneReconnue(role=role, modalites=modalites, total=total, **commun)  # type: ignore[arg-type]


def is_note(profil: Profil) -> bool:
    """Colonne de note de qualité ou de secret : peu de petits entiers, et un nom qui le dit.

    Args:
        profil: la colonne.
    """
    return (
        speaks_of(profil.cle, "note") and len(profil.valeurs) <= _NOTE_MAXIMUM and profil.part_nombres > _PART_NOMBRES
    )


def _is_annee(profil: Profil) -> bool:
    """Autre colonne d'années (« insee_pop_millesime ») : une date, non une mesure."""
    if profil.share(profil.match(r"^(19|20)\d{2}(\.0+)?$")) >= _PART_ARRONDI:
        return len(profil.valeurs) <= _ANNEES_MAXIMUM
    return profil.cle.startswith("mill") and profil.share(profil.match(r"^\d{2}$|^NA$")) >= _PART_ARRONDI


def is_numerique(profil: Profil) -> bool:
    """Dit si une colonne porte des nombres, quelques textes (marques) mis à part.

    Args:
        profil: la colonne.
    """
    if profil.a_zero_de_tete or not profil.est_nombre.any():
        # Une colonne entièrement masquée reste une colonne de nombres : on ne peut le dire d'ici.
        return False
    nombres = profil.est_nombre
    if len(profil.valeurs) <= _MODALITES_MAXIMUM and profil.match(_TOTAUX).any():
        # « 1, 2, 3, total » : des modalités codées, non une mesure.
        return False
    autres = int((~nombres).sum())
    if not autres:
        return not _is_code_nomme(profil)
    textes = [profil.textes[i] for i in np.flatnonzero(~nombres)] if autres <= _PEU_DE_MARQUES else []
    if textes and all(is_marque(t) for t in textes):
        return True
    return profil.part_nombres >= _PART_NOMBRES and not _is_code_nomme(profil)


def read_total(profil: Profil) -> str:
    """Modalité qui désigne le total d'une colonne, ou rien.

    Args:
        profil: la colonne.
    """
    if len(profil.valeurs) > _MODALITES_MAXIMUM:
        return ""
    choix = np.flatnonzero(profil.match(_TOTAUX))
    noms = sorted((profil.textes[i] for i in choix), key=len)
    return noms[0] if noms and len(profil.valeurs) > 1 else ""


def _is_code_nomme(profil: Profil) -> bool:
    return profil.cle.startswith(("code", "cod_", "id_", "num_", "numero")) or profil.cle in _IDENTIFIANTS


def _is_identifiant(profil: Profil) -> bool:
    if profil.remplies < profil.lignes * 0.9 or len(profil.valeurs) < profil.remplies * 0.98:
        return False
    return _is_code_nomme(profil) or (speaks_of(profil.cle, "identifiant") and not speaks_of(profil.cle, "libelle"))


def _read_modalites(profil: Profil) -> tuple[tuple[str, ...], str]:
    if len(profil.valeurs) > _MODALITES_MAXIMUM or len(profil.valeurs) > max(_PEU_DE_MODALITES, profil.remplies * 0.5):
        return (), ""
    ordre = np.argsort(-profil.comptes, kind="stable")[:_MODALITES_MONTREES]
    return tuple(profil.textes[i] for i in ordre), read_total(profil)


def _describe_nombres(profil: Profil, commun: dict[str, object]) -> ColonneReconnue:
    nombres = profil.est_nombre
    marques = {profil.textes[i]: int(profil.comptes[i]) for i in np.flatnonzero(~nombres)}
    decimale = "," if profil.match(r"\d,\d").any() else "." if profil.match(r"\d\.\d*[1-9]").any() else ""
    milliers = next((nom for signe, nom in _MILLIERS if profil.match(rf"\d{signe}\d").any()), "")
    valeurs = profil.nombres[nombres]
    return ColonneReconnue(
        role=Role.NOMBRE,
        marques=_most_frequent(marques),
        decimale=decimale,
        milliers=milliers,
        arrondi=_read_arrondi(valeurs, profil.comptes[nombres]),
        negatif=bool((valeurs < 0).any()),
        grand=float(valeurs.max(initial=0)),
        **commun,  # type: ignore[arg-type]
    )


def _most_frequent(marques: dict[str, int]) -> dict[str, int]:
    return dict(sorted(marques.items(), key=lambda m: -m[1])[:20])


def _read_arrondi(valeurs: NDArray[np.float64], comptes: NDArray[np.int64]) -> int:
    """Plus grand pas dont presque toutes les valeurs sont multiples (0 : aucun)."""
    entiers = np.abs(valeurs) > 0
    if entiers.sum() < _DISTINCTS_ARRONDI or (valeurs[entiers] % 1 != 0).any():
        return 0
    poids = comptes[entiers]
    for pas in _PAS:
        if poids[valeurs[entiers] % pas == 0].sum() >= _PART_ARRONDI * poids.sum():
            return pas
    return 0
