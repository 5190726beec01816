"""Description du territoire choisi : codes rétablis, niveaux mêlés, Paris-Lyon-Marseille, lignes hors champ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.proposition.codes import CodesColonne, is_commune
from observatoire.ingestion.proposition.formes_codes import pad
from observatoire.ingestion.proposition.lignes import find_inconnus, find_totaux
from observatoire.ingestion.proposition.modele import Certitude, TerritoireReconnu
from observatoire.ingestion.proposition.niveau_par_ligne import NiveauParLigne
from observatoire.ingestion.proposition.nomenclature import CODES_FRANCE, VILLES_A_ARRONDISSEMENTS, Nomenclature
from observatoire.ingestion.proposition.profil import Profil
from observatoire.ingestion.proposition.territoire import ChoixTerritoire
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import PartieCode

_PEU_DE_DEPARTEMENTS = 5
_PART_SURE = 0.95
_NOMS_MAXIMUM = 150
_FORMES_RECOPIEES = ("code_et_nom", "trois_caracteres", "trois_caracteres_impots")
_CORSE = {"20A": "2A", "20B": "2B", "2A": "2A", "2B": "2B"}
_MELANGES = (Maille.CANTON_VILLE, Maille.DEPARTEMENT, Maille.REGION, Maille.EPCI)


@dataclass(frozen=True)
class TerritoireDecrit:
    """Territoire et ce qu'il faut pour la suite.

    Attributes:
        reconnu: ce qu'on propose.
        codes: codes distincts connus, sur les lignes retenues.
        cle: numéro du territoire de chaque ligne ; -1 sans code.
        lignes: lignes retenues (niveau proposé).
        totaux: lignes de total.
        profils: colonnes du code.
    """

    reconnu: TerritoireReconnu
    codes: pd.Index
    cle: NDArray[np.int64]
    lignes: NDArray[np.bool_]
    totaux: dict[str, int]
    profils: tuple[Profil, ...]


def describe_territoire(
    choix: ChoixTerritoire, profils: list[Profil], nomenclature: Nomenclature
) -> TerritoireDecrit | None:
    """Décrit le territoire choisi, ou rien si aucune colonne n'en porte.

    Args:
        choix: colonne retenue.
        profils: colonnes de la table.
        nomenclature: codes connus.
    """
    if choix.par_ligne is not None:
        return _describe_par_ligne(choix.par_ligne, nomenclature)
    if choix.reparti is not None:
        return _describe_reparti(choix)
    if choix.choisi is not None:
        return _describe_colonne(choix.choisi, profils, nomenclature, incertain=bool(choix.incertain))
    if choix.noms is not None:
        return _describe_noms(choix)
    return None


def maille_of(niveau: str) -> Maille | None:
    """Niveau géré qui porte ce nom, ou rien.

    Args:
        niveau: nom du niveau.
    """
    return Maille(niveau) if niveau in {m.value for m in Maille} else None


def _describe_colonne(
    codes: CodesColonne, profils: list[Profil], nomenclature: Nomenclature, *, incertain: bool
) -> TerritoireDecrit:
    profil = codes.profil
    voisins = [p for p in profils if p.rang != profil.rang and p.remplies and p.part_nombres < 0.5]  # noqa: PLR2004
    totaux = find_totaux(profil, codes.connus, voisins)
    meles = _find_meles(codes, nomenclature, totaux)
    inconnus = {
        t: n
        for t, n in find_inconnus(profil, codes.connus, totaux).items()
        if not meles or t not in _textes_meles(codes, nomenclature)
    }
    connus = pd.Index(codes.codes[codes.connus]).unique()
    part_hors = _part_hors_totaux(codes, totaux)
    sure = part_hors >= _PART_SURE and not incertain and (codes.confirme or part_hors == 1)
    noms = {}
    if codes.forme in _FORMES_RECOPIEES and len(profil.textes) <= _NOMS_MAXIMUM:
        noms = {t: str(c) for t, c, k in zip(profil.textes, codes.codes, codes.connus, strict=True) if k}
    reconnu = TerritoireReconnu(
        colonnes=(profil.nom,),
        niveau=codes.niveau,
        maille=maille_of(codes.niveau),
        certitude=Certitude.SUR if sure else Certitude.PROBABLE if part_hors >= 0.8 else Certitude.A_VERIFIER,  # noqa: PLR2004
        forme=codes.forme,
        part_connue=part_hors,
        sans_code=profil.vides,
        inconnus=inconnus,
        meles=meles,
        plm=_read_plm(codes.niveau, connus),
        departements=_read_departements(codes.niveau, connus),
        parties=(PartieCode(colonne=profil.nom, debut=codes.debut),) if codes.debut else (),
        corriges=_correct(codes, nomenclature) if codes.niveau == "departement" else {},
        noms=noms,
        distincts=len(connus),
    )
    lignes = profil.rows(codes.connus)
    return TerritoireDecrit(reconnu, connus, profil.indices, lignes, totaux, (profil,))


def _correct(codes: CodesColonne, nomenclature: Nomenclature) -> dict[str, str]:
    """Départements corses d'avant (« 20A », « 2a ») : une seule lecture possible."""
    trouves = {}
    for rang in np.flatnonzero(~codes.connus):
        texte = codes.profil.textes[rang]
        juste = _CORSE.get(texte.upper())
        if juste and nomenclature.knows(Maille.DEPARTEMENT, pd.Index([juste])).all():
            trouves[texte] = juste
    return trouves


def _part_hors_totaux(codes: CodesColonne, totaux: dict[str, int]) -> float:
    remplies = codes.profil.remplies - sum(n for t, n in totaux.items() if t in set(codes.profil.textes))
    return float(codes.profil.comptes[codes.connus].sum() / remplies) if remplies else 0.0


def _find_meles(codes: CodesColonne, nomenclature: Nomenclature, totaux: dict[str, int]) -> dict[str, int]:
    """Autres niveaux parmi les codes inconnus à celui-ci."""
    meles: dict[str, int] = {}
    inconnus = ~codes.connus
    for texte in totaux:
        if texte in codes.profil.textes:
            inconnus[codes.profil.textes.index(texte)] = False
    if codes.niveau in {"commune", "bassin_de_vie", "iris"}:
        essais = _MELANGES if codes.niveau != "iris" else (Maille.COMMUNE, *_MELANGES)
        for maille in essais:
            trouves = inconnus & nomenclature.knows(maille, codes.codes)
            if trouves.any():
                meles[maille.value] = int(codes.profil.comptes[trouves].sum())
                inconnus &= ~trouves
    elif codes.niveau == "departement":
        for maille in (Maille.COMMUNE, Maille.EPCI):
            trouves = inconnus & nomenclature.knows(maille, codes.codes)
            if trouves.any():
                meles[maille.value] = int(codes.profil.comptes[trouves].sum())
    france = ~codes.connus & codes.codes.isin(CODES_FRANCE)
    if france.any():
        meles["france"] = int(codes.profil.comptes[france].sum())
    return meles


def _textes_meles(codes: CodesColonne, nomenclature: Nomenclature) -> set[str]:
    meles = np.zeros(len(codes.codes), dtype=bool)
    for maille in (*_MELANGES, Maille.COMMUNE):
        meles |= nomenclature.knows(maille, codes.codes)
    return {codes.profil.textes[i] for i in np.flatnonzero(meles & ~codes.connus)}


def _describe_par_ligne(par_ligne: NiveauParLigne, nomenclature: Nomenclature) -> TerritoireDecrit:
    principal = par_ligne.principal
    retenues = par_ligne.types.rows(
        np.isin(np.array(par_ligne.types.textes, dtype=object), par_ligne.par_niveau[principal])
    )
    profil = par_ligne.codes.keep(retenues)
    connus = _known_at(principal, profil, nomenclature)
    codes = CodesColonne(profil, principal, "code", profil.codes, connus, confirme=True)
    autres = {
        m: {par_ligne.types.nom: valeurs}
        for niveau, valeurs in par_ligne.par_niveau.items()
        if niveau != principal and (m := maille_of(niveau)) is not None
    }
    distincts = pd.Index(profil.codes[connus]).unique()
    reconnu = TerritoireReconnu(
        colonnes=(par_ligne.codes.nom,),
        niveau=principal,
        maille=maille_of(principal),
        certitude=Certitude.SUR if codes.part >= _PART_SURE else Certitude.PROBABLE,
        part_connue=codes.part,
        sans_code=profil.vides,
        inconnus=find_inconnus(profil, connus, {}),
        meles={n: k for n, k in par_ligne.lignes.items() if n != principal},
        filtres={par_ligne.types.nom: par_ligne.par_niveau[principal]},
        niveaux=autres,
        plm=_read_plm(principal, distincts),
        departements=_read_departements(principal, distincts),
        distincts=len(distincts),
    )
    return TerritoireDecrit(
        reconnu, distincts, par_ligne.codes.indices, retenues, {}, (par_ligne.codes, par_ligne.types)
    )


def _known_at(niveau: str, profil: Profil, nomenclature: Nomenclature) -> NDArray[np.bool_]:
    if niveau == "commune":
        return is_commune(profil.codes, nomenclature)
    maille = maille_of(niveau)
    return nomenclature.knows(maille, profil.codes) if maille else np.ones(len(profil.codes), dtype=bool)


def _describe_reparti(choix: ChoixTerritoire) -> TerritoireDecrit:
    reparti = choix.reparti
    assert reparti is not None  # noqa: S101 -- vérifié par l'appelant
    connus = pd.Index(reparti.codes[reparti.connus]).unique()
    part = float(reparti.comptes[reparti.connus].sum() / max(reparti.comptes.sum(), 1))
    rangs = np.flatnonzero(~reparti.connus)[:10]
    reconnu = TerritoireReconnu(
        colonnes=tuple(p.nom for p in reparti.profils),
        niveau=Maille.COMMUNE.value,
        maille=Maille.COMMUNE,
        certitude=Certitude.SUR if part >= _PART_SURE else Certitude.PROBABLE,
        forme="reparti",
        parties=reparti.parties,
        part_connue=part,
        sans_code=int((reparti.paires < 0).sum()),
        inconnus={str(reparti.codes[i]): int(reparti.comptes[i]) for i in rangs},
        plm=_read_plm("commune", connus),
        departements=_read_departements("commune", connus),
        distincts=len(connus),
    )
    lignes = np.append(reparti.connus, False)[reparti.paires]
    return TerritoireDecrit(reconnu, connus, reparti.paires, lignes, {}, reparti.profils)


def _describe_noms(choix: ChoixTerritoire) -> TerritoireDecrit:
    noms = choix.noms
    assert noms is not None  # noqa: S101 -- vérifié par l'appelant
    totaux = find_totaux(noms.profil, noms.connus, [])
    connus = pd.Index(list(noms.codes.values())).unique()
    reconnu = TerritoireReconnu(
        colonnes=(noms.profil.nom,),
        niveau=noms.maille.value,
        maille=noms.maille,
        certitude=Certitude.A_VERIFIER,
        forme="nom",
        part_connue=noms.profil.share(noms.connus),
        sans_code=noms.profil.vides,
        inconnus=find_inconnus(noms.profil, noms.connus, totaux),
        departements=(),
        noms=noms.codes if noms.maille is not Maille.COMMUNE else {},
        distincts=len(connus),
    )
    return TerritoireDecrit(reconnu, connus, noms.profil.indices, noms.profil.rows(noms.connus), totaux, (noms.profil,))


def _read_plm(niveau: str, codes: pd.Index) -> str:
    """Paris, Lyon et Marseille : par commune, par arrondissement, ou les deux."""
    if niveau not in {"commune", "arrondissement_municipal"}:
        return ""
    communes = codes.isin(VILLES_A_ARRONDISSEMENTS).any()
    arrondissements = any(
        (c[:3] == "751" and c != "75056") or c[:4] == "6938" or (c[:3] == "132" and c != "13055") for c in codes
    )
    if communes and arrondissements:
        return "les deux"
    return "communes" if communes else "arrondissements" if arrondissements else ""


def _read_departements(niveau: str, codes: pd.Index) -> tuple[str, ...]:
    """Départements couverts, s'il y en a peu."""
    if niveau not in {"commune", "iris", "arrondissement_municipal", "departement"} or not len(codes):
        return ()
    if niveau == "departement":
        trouves = sorted(set(pad(codes, 2)))
    else:
        trouves = sorted({c[:3] if c[:2] == "97" else c[:2] for c in codes})
    return tuple(trouves) if len(trouves) <= _PEU_DE_DEPARTEMENTS else ()
