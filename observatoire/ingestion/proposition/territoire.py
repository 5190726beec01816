"""Choix de la colonne de territoire parmi toutes les colonnes de codes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.proposition.code_reparti import CodeReparti, find_code_reparti
from observatoire.ingestion.proposition.codes import PART_CONFIRMEE, PART_CONNUE, CodesColonne, recognise
from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.niveau_par_ligne import NiveauParLigne, find_niveau_par_ligne
from observatoire.ingestion.proposition.nomenclature import Nomenclature
from observatoire.ingestion.proposition.noms_territoires import (
    NomsColonne,
    recognise_code_et_nom,
    recognise_noms,
    share_paires,
)
from observatoire.ingestion.proposition.profil import Profil
from observatoire.modeles.mailles import Maille

FINESSE = (
    "iris", "qpv", "commune_com", "arrondissement_municipal", "commune", "bassin_de_vie", "bassin_emploi",
    "canton_ville", "zone_emploi", "unite_urbaine", "aire_attraction", "ept", "epci",
    "arrondissement", "departement", "ancienne_region", "region",
    "france",
)  # fmt: skip
"""Niveaux du plus fin au plus large ; le code le plus fin est celui des lignes."""

LIEUX = ("uai", "finess", "siret", "siren")
"""Identifiants d'établissements ou d'organismes : une ligne par lieu, rattaché par une autre colonne."""

_PART_REMPLIE = 0.3
_ZONES_NOMMEES = ("bassin_emploi", "zone_emploi", "unite_urbaine", "aire_attraction", "bassin_de_vie")


@dataclass(frozen=True)
class ChoixTerritoire:
    """Ce que les colonnes disent du territoire.

    Attributes:
        choisi: colonne retenue, si une colonne porte un code.
        reparti: code réparti sur plusieurs colonnes.
        par_ligne: colonne qui dit le niveau de chaque ligne.
        noms: colonne de noms, faute de code.
        tous: toutes les colonnes de codes.
        incertain: phrase qui dit pourquoi le choix pourrait être autre.
    """

    choisi: CodesColonne | None = None
    reparti: CodeReparti | None = None
    par_ligne: NiveauParLigne | None = None
    noms: NomsColonne | None = None
    tous: tuple[CodesColonne, ...] = ()
    incertain: str = ""
    roles: dict[int, str] = field(default_factory=dict)


def choose_territoire(profils: list[Profil], nomenclature: Nomenclature, contexte: str) -> ChoixTerritoire:
    """Choisit la colonne de territoire.

    Args:
        profils: colonnes de la table.
        nomenclature: codes connus.
        contexte: titre, feuille et nom du fichier, en clé (sans accent, « _ » entre les mots).
    """
    remplis = [p for p in profils if p.remplies >= _PART_REMPLIE * p.lignes]
    codes = [c for c in (recognise(p, nomenclature) for p in remplis) if c is not None]
    codes = [_resolve(c, profils, nomenclature, contexte) for c in codes]
    roles = {c.profil.rang: c.niveau for c in codes}
    par_ligne = find_niveau_par_ligne(profils, nomenclature)
    if par_ligne is not None:
        roles |= {par_ligne.codes.rang: "mele"}
        return ChoixTerritoire(par_ligne=par_ligne, tous=tuple(codes), roles=roles)
    geographiques = [c for c in codes if c.niveau in FINESSE and not _is_attribut(c)]
    reparti = None
    if not any(FINESSE.index(c.niveau) <= FINESSE.index("commune") for c in geographiques):
        reparti = find_code_reparti(profils, nomenclature)
    if reparti is not None:
        roles |= dict.fromkeys((p.rang for p in reparti.profils), "commune")
        return ChoixTerritoire(reparti=reparti, tous=tuple(codes), roles=roles)
    if geographiques:
        retenu, incertain = _pick(geographiques)
        return ChoixTerritoire(choisi=retenu, tous=tuple(codes), incertain=incertain, roles=roles)
    for profil in profils:
        colles = recognise_code_et_nom(profil, nomenclature)
        if colles is not None:
            return ChoixTerritoire(choisi=colles, tous=tuple(codes), roles=roles | {profil.rang: colles.niveau})
    noms = [n for n in (recognise_noms(p, nomenclature) for p in profils) if n is not None]
    if noms:
        return ChoixTerritoire(noms=max(noms, key=_rank_noms), tous=tuple(codes), roles=roles)
    autres = [c for c in codes if c.niveau not in FINESSE and c.niveau != "grand_quartier"]
    choisi = max(autres, key=lambda c: (c.distincts, -c.profil.rang), default=None)
    return ChoixTerritoire(choisi=choisi, tous=tuple(codes), roles=roles)


def _rank_noms(noms: NomsColonne) -> tuple[int, int]:
    ordre = (Maille.COMMUNE, Maille.EPCI, Maille.DEPARTEMENT, Maille.REGION)
    return (-ordre.index(noms.maille), noms.profil.remplies)


def _is_attribut(codes: CodesColonne) -> bool:
    """Chef-lieu, siège ou zone peu remplie : un attribut de la ligne, pas son territoire."""
    return speaks_of(codes.profil.cle, "chef_lieu")


def _pick(codes: list[CodesColonne]) -> tuple[CodesColonne, str]:
    """Le plus fin ; mais une colonne plus large où chaque code est seul sur sa ligne dit l'unité de la ligne."""
    lignes = max(c.profil.lignes for c in codes)
    remplis = [c for c in codes if c.profil.remplies >= PART_CONFIRMEE * lignes] or codes
    plus_fin = min(remplis, key=_rank)
    uniques = [c for c in remplis if c.unique and c.profil.remplies >= PART_CONNUE * lignes]
    if not uniques or plus_fin in uniques:
        premiers = [c for c in uniques if c.profil.rang < plus_fin.profil.rang and c.niveau != plus_fin.niveau]
        if not premiers:
            return plus_fin, ""
        uniques = premiers
    choisi = min(uniques, key=_rank)
    return choisi, (
        f"« {plus_fin.profil.nom} » porte aussi des codes (niveau {plus_fin.niveau}), "
        f"mais chaque ligne est un code différent de « {choisi.profil.nom} »."
    )


def _rank(codes: CodesColonne) -> tuple[int, bool, int, int]:
    return (FINESSE.index(codes.niveau), not codes.confirme, -codes.distincts, codes.profil.rang)


def _resolve(codes: CodesColonne, profils: list[Profil], nomenclature: Nomenclature, contexte: str) -> CodesColonne:
    """Départage deux niveaux qui partagent leurs codes, par les noms écrits à côté, puis par le titre."""
    if codes.niveau in {"departement", "region"} and codes.forme in {"code", "zeros_perdus"}:
        return _resolve_region(codes, profils, nomenclature, contexte)
    if codes.niveau == "commune" and codes.forme == "code":
        for zone in _ZONES_NOMMEES:
            if speaks_of(contexte, zone) and not speaks_of(codes.profil.cle, "commune_explicite"):
                return CodesColonne(codes.profil, zone, codes.forme, codes.codes, codes.connus, confirme=True)
    return codes


def _resolve_region(
    codes: CodesColonne, profils: list[Profil], nomenclature: Nomenclature, contexte: str
) -> CodesColonne:
    niveaux = {m: nomenclature.knows(m, codes.codes) for m in (Maille.REGION, Maille.DEPARTEMENT)}
    if not niveaux[Maille.REGION][codes.connus].all() or speaks_of(codes.profil.cle, "departement"):
        return codes
    voisins = [p for p in profils if abs(p.rang - codes.profil.rang) <= 2 and p.part_nombres < PART_CONFIRMEE]  # noqa: PLR2004
    for voisin in voisins:
        parts = {m: share_paires(codes, voisin, nomenclature, m) for m in niveaux}
        if max(parts.values()) >= PART_CONFIRMEE and parts[Maille.REGION] != parts[Maille.DEPARTEMENT]:
            return _as(codes, max(parts, key=lambda m: parts[m]), niveaux)
    if speaks_of(codes.profil.cle, "region"):
        return _as(codes, Maille.REGION, niveaux)
    if speaks_of(contexte, "region") != speaks_of(contexte, "departement"):
        return _as(codes, Maille.REGION if speaks_of(contexte, "region") else Maille.DEPARTEMENT, niveaux)
    return codes


def _as(codes: CodesColonne, maille: Maille, niveaux: dict[Maille, NDArray[np.bool_]]) -> CodesColonne:
    if codes.niveau == maille:
        return codes
    return CodesColonne(codes.profil, maille.value, codes.forme, codes.codes, niveaux[maille], confirme=codes.confirme)
