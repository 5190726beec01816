"""Codes de territoire d'un fichier : rendus à leur forme, corrigés, écartés avec leur masse, ou refusés."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.colonnes import Plan
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import PartieCode
from observatoire.territoires.passages import list_millesimes_possibles
from observatoire.territoires.referentiel import Referentiel

VIDE, INCONNU = "(vide)", "(inconnu)"
LARGEURS = {
    Maille.COMMUNE: 5,
    Maille.ARRONDISSEMENT_MUNICIPAL: 5,
    Maille.IRIS: 9,
    Maille.DEPARTEMENT: 2,
    Maille.REGION: 2,
}
"""Longueur d'un code ; plus court, il a perdu ses zéros de tête."""
_MELODI = re.compile(r"\d{4}-[A-Z_]+-(\w+)")
_DEPARTEMENT_LONG = re.compile(r"0(\d{2}|2[AB])")


@dataclass(frozen=True)
class CodesLus:
    """Codes d'un fichier, ligne à ligne.

    Attributes:
        codes: code de chaque ligne, après mise en forme et correction ; vide si la cellule l'est.
        connus: vrai si le référentiel connaît ce code, à ce niveau et dans ce COG.
        arrondissements: vrai si la ligne porte un arrondissement de Paris, Lyon ou Marseille là où l'on
            attend des communes ; ``codes`` donne alors la commune.
        motifs: par code écarté, la raison déclarée ; ``None`` s'il n'est pas déclaré.
        zeros_rendus: nombre de codes qui avaient perdu leurs zéros de tête.
        corriges: nombre de lignes dont la déclaration corrige le code.
        cog: année du code officiel géographique retenue.
        ex_aequo: autres années qui expliquent autant de codes.
    """

    codes: NDArray[np.object_]
    connus: NDArray[np.bool_]
    arrondissements: NDArray[np.bool_]
    motifs: dict[str, str | None]
    zeros_rendus: int
    corriges: int
    cog: str
    ex_aequo: tuple[str, ...] = ()


def read_codes(plan: Plan, table: pd.DataFrame, referentiel: Referentiel, *, cog: str = "") -> CodesLus:
    """Lit la colonne (ou les morceaux) du code de territoire.

    Args:
        plan: déclaration résolue.
        table: données en texte, sous les noms du fichier.
        referentiel: référentiel territorial.
        cog: année du code officiel géographique ; sinon celle de la déclaration, sinon celle qui explique
            le plus de codes.
    """
    bruts = _compose(plan, table)
    positions, uniques = pd.factorize(bruts, use_na_sentinel=False)
    lus = [str(u).strip() if isinstance(u, str) else "" for u in uniques]
    formes = [format_code(u, plan.maille) for u in lus]
    # Un fichier à noms de communes se lit par la correspondance qu'une personne a validée.
    corrections = {**plan.source.noms_communes, **plan.source.codes_corriges}
    justes = [corrections.get(u, corrections.get(f, f)) for u, f in zip(lus, formes, strict=True)]
    annee, ex_aequo = _choose_cog(plan, referentiel, justes, cog)
    parents = _arrondissements(plan.maille, referentiel)
    en_arrondissement = np.array([c in parents for c in justes], dtype=bool)
    finaux = [parents.get(c, c) for c in justes]
    attendus = pd.Index(referentiel.list_territoires(plan.maille, annee).code)
    connus = attendus.get_indexer(pd.Index(finaux, dtype=object)) >= 0
    motifs = {c: _find_motif(plan, c) for c, su in zip(finaux, connus, strict=True) if not su}
    # Un code que la déclaration écarte l'est même si le référentiel le connaît (un total, une commune hors champ).
    for rang, code in enumerate(finaux) if plan.codes_ignores else ():
        if connus[rang] and (motif := _declared_motif(plan, code)):
            motifs[code] = motif
            connus[rang] = False
    rendus = sum(f != u and f.lstrip("0") == u.lstrip("0") for u, f in zip(lus, formes, strict=True))
    a_corriger = np.array([u in corrections or f in corrections for u, f in zip(lus, formes, strict=True)], dtype=bool)
    return CodesLus(
        codes=np.array(finaux, dtype=object)[positions],
        connus=np.asarray(connus)[positions],
        arrondissements=en_arrondissement[positions],
        motifs=motifs,
        zeros_rendus=rendus,
        corriges=int(a_corriger[positions].sum()),
        cog=annee,
        ex_aequo=ex_aequo,
    )


def format_code(texte: str, maille: Maille) -> str:
    """Rend à un code sa forme : zéros de tête, Corse en majuscules, préfixe des réponses de l'Insee.

    Examples:
        >>> format_code("1001", Maille.COMMUNE), format_code("2a004", Maille.COMMUNE)
        ('01001', '2A004')
        >>> format_code("2025-COM-33318", Maille.COMMUNE), format_code("001", Maille.DEPARTEMENT)
        ('33318', '01')
    """
    code = texte.strip().upper()
    if melodi := _MELODI.fullmatch(code):
        code = melodi[1]
    if maille is Maille.FRANCE:
        return "FR" if code in {"F", "FE", "FR", "FRANCE", "FRANCEENTIERE"} else code
    if maille is Maille.DEPARTEMENT and (long := _DEPARTEMENT_LONG.fullmatch(code)):
        return long[1]
    largeur = LARGEURS.get(maille, 0)
    # Un seul zéro de tête a pu se perdre (01 à 09) : « 33 » n'est pas la commune 00033.
    return code.zfill(largeur) if code.isdigit() and len(code) == largeur - 1 else code


def _compose(plan: Plan, table: pd.DataFrame) -> pd.Series:
    if not plan.source.code_parties or plan.niveau is not None:
        return table[plan.name(plan.colonne_code)]
    morceaux = [_cut(table[plan.name(p.colonne)], p) for p in plan.source.code_parties]
    tout = morceaux[0]
    for suite in morceaux[1:]:
        tout = tout.str.cat(suite)
    return tout


def _cut(colonne: pd.Series, partie: PartieCode) -> pd.Series:
    texte = colonne.astype("string").str.strip()
    if partie.largeur:
        texte = texte.str.zfill(partie.largeur)
    return texte.str.slice(partie.debut, partie.fin)


def _choose_cog(plan: Plan, referentiel: Referentiel, codes: list[str], cog: str) -> tuple[str, tuple[str, ...]]:
    declare = cog or plan.millesime.cog
    if plan.maille is Maille.IRIS:
        return referentiel.cog_iris, ()
    if declare:
        return declare, ()
    if plan.maille is not Maille.COMMUNE:
        return _best_cog(plan.maille, referentiel, codes)
    classement = list_millesimes_possibles(referentiel, pd.Index([c for c in codes if c]))
    meilleurs = classement[classement.connus == classement.connus.max()]
    meilleurs = meilleurs[meilleurs.absents == meilleurs.absents.min()].cog.tolist()
    # À égalité, le plus récent ; les autres sont dits.
    retenu = max(meilleurs)
    return retenu, tuple(sorted(set(meilleurs) - {retenu}))


def _best_cog(maille: Maille, referentiel: Referentiel, codes: list[str]) -> tuple[str, tuple[str, ...]]:
    lus = pd.Index([c for c in codes if c], dtype=object)
    comptes = {
        annee: int((pd.Index(referentiel.list_territoires(maille, annee).code).get_indexer(lus) >= 0).sum())
        for annee in referentiel.cogs
    }
    plus = max(comptes.values(), default=0)
    meilleurs = [annee for annee, n in comptes.items() if n == plus]
    if not meilleurs or plus == 0:
        return referentiel.cog, ()
    return max(meilleurs), tuple(sorted(set(meilleurs) - {max(meilleurs)}))


def _arrondissements(maille: Maille, referentiel: Referentiel) -> dict[str, str]:
    """Commune de chaque arrondissement municipal, quand on attend des communes."""
    if maille is not Maille.COMMUNE:
        return {}
    liens = referentiel.list_liens(Maille.ARRONDISSEMENT_MUNICIPAL, Maille.COMMUNE)
    return dict(zip(liens.code_enfant, liens.code_parent, strict=True))


def _declared_motif(plan: Plan, code: str) -> str | None:
    motifs = plan.codes_ignores
    if code in motifs:
        return motifs[code]
    return next((m for motif, m in motifs.items() if "*" in motif and fnmatchcase(code, motif)), None)


def _find_motif(plan: Plan, code: str) -> str | None:
    """Raison déclarée d'écarter un code que le référentiel ne connaît pas ; ``None`` s'il n'y en a pas."""
    if not code:
        return plan.codes_ignores.get(VIDE)
    return _declared_motif(plan, code) or plan.codes_ignores.get(INCONNU)
