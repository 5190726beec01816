"""Rattachements pondérés : d'une unité de base à tous les niveaux, par un seul mécanisme.

Un IRIS appartient à une commune (poids 1) ; une commune scindée se répartit entre ses héritières ;
un groupe de carreaux à cheval se répartit selon la population de ses carreaux. Composer ces poids
jusqu'à un niveau large dit, seul, si la valeur y est exacte : le poids y vaut de nouveau 1.
"""

from __future__ import annotations

import pandas as pd

from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, MAILLES_ZONAGES, Maille
from observatoire.territoires.passages import LIENS, TOLERANCE_POIDS, compose_passages
from observatoire.territoires.referentiel import Referentiel

COLONNES = ["code_base", "code_cible", "poids"]


def identity(codes: pd.Index) -> pd.DataFrame:
    """Rattachement de chaque unité à elle-même."""
    return pd.DataFrame({"code_base": codes, "code_cible": codes, "poids": 1.0})


def compose(premier: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Enchaîne deux rattachements ; une unité sans suite est laissée de côté par la jointure."""
    suite = premier.rename(columns={"code_cible": "milieu"}).merge(
        second.rename(columns={"code_base": "milieu", "poids": "poids_suite"}), on="milieu"
    )
    suite["poids"] *= suite.poids_suite
    somme = suite.groupby(["code_base", "code_cible"], as_index=False, sort=False).agg(poids=("poids", "sum"))
    entier = (somme.poids - 1.0).abs() < TOLERANCE_POIDS
    somme.loc[entier, "poids"] = 1.0
    return somme[COLONNES]


def communes_to(referentiel: Referentiel, maille: Maille) -> pd.DataFrame:
    """Rattache les communes du COG cible à un niveau fait de communes (ou à elles-mêmes).

    Une commune que se partagent plusieurs secteurs d'un zonage y a ses parts, de somme 1 au plus.
    """
    if maille is Maille.COMMUNE:
        return identity(referentiel.list_communes(referentiel.cog))
    liens = referentiel.list_liens(Maille.COMMUNE, maille)
    entieres = pd.DataFrame({"code_base": liens.code_enfant, "code_cible": liens.code_parent, "poids": 1.0})
    p = referentiel.partages
    parts = p[(p.cog == referentiel.cog) & (p.maille_enfant == Maille.COMMUNE) & (p.maille_parent == maille)]
    if parts.empty:
        return entieres
    partagees = parts.set_axis([*parts.columns[:2], "code_base", "maille_parent", "code_cible", "poids"], axis=1)
    seules = pd.Index(partagees.code_base.unique()).get_indexer(pd.Index(entieres.code_base)) < 0
    return pd.concat([entieres[seules], partagees[COLONNES]], ignore_index=True)


def to_zonage(referentiel: Referentiel, base: Maille, cog: str, cible: Maille) -> pd.DataFrame | None:
    """Rattache des IRIS à un zonage livré en IRIS, sans passer par leurs communes ; ``None`` sinon."""
    if base is not Maille.IRIS or cible not in MAILLES_ZONAGES:
        return None
    liens = referentiel.list_liens(base, cible, cog)
    if liens.empty:
        return None
    return pd.DataFrame({"code_base": liens.code_enfant, "code_cible": liens.code_parent, "poids": 1.0})


def base_to_communes(
    referentiel: Referentiel, maille: Maille, cog: str, explicite: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Rattache les unités de base d'une source aux communes du COG cible.

    Args:
        referentiel: référentiel territorial.
        maille: niveau de la source.
        cog: millésime de ses codes.
        explicite: rattachement livré avec la source (``code_base, code_cible, poids``) vers des
            communes du même ``cog`` ; utilisé pour les groupes de carreaux.
    """
    passage = compose_passages(referentiel, cog, referentiel.cog)[LIENS].set_axis(COLONNES, axis=1)
    if explicite is not None:
        return compose(explicite, passage)
    if maille is Maille.COMMUNE:
        return passage
    liens = referentiel.list_liens(maille, Maille.COMMUNE, cog)
    vers_communes = pd.DataFrame({"code_base": liens.code_enfant, "code_cible": liens.code_parent, "poids": 1.0})
    return compose(vers_communes, passage)


def list_inchanges(referentiel: Referentiel, maille: Maille, cog: str) -> pd.Index:
    """Codes d'un niveau qui désignent le même territoire dans un COG ancien et dans le COG cible.

    Un EPCI qui a gagné ou perdu une commune n'est plus le même : une médiane ou un taux que son producteur
    lui donnait ne lui appartient plus, et ne se projette pas (méthodes §2).
    """
    codes = pd.Index(referentiel.list_territoires(maille, cog).code)
    if cog in {referentiel.cog, referentiel.cog_of(maille)} or maille not in MAILLES_DEPUIS_COMMUNE:
        return codes
    anciens = referentiel.list_liens(Maille.COMMUNE, maille, cog)
    if anciens.empty:
        return codes
    actuels = communes_to(referentiel, maille)
    departs = pd.DataFrame({"code_base": anciens.code_parent, "code_cible": anciens.code_enfant, "poids": 1.0})
    passage = compose_passages(referentiel, cog, referentiel.cog)[LIENS].set_axis(COLONNES, axis=1)
    suite = departs.rename(columns={"code_cible": "milieu"}).merge(
        passage.rename(columns={"code_base": "milieu"}), on="milieu"
    )
    avant = suite.groupby("code_base").code_cible.agg(_join)
    apres = actuels.groupby("code_cible").code_base.agg(_join)
    communs = avant.index.intersection(apres.index)
    memes = communs[(avant.loc[communs] == apres.loc[communs]).to_numpy()]
    return codes[memes.get_indexer(codes) >= 0]


def _join(codes: pd.Series) -> str:
    return " ".join(sorted(set(codes)))


NIVEAUX_LARGES = (Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE)
"""Niveaux d'une source plus large que la commune, du plus fin au plus large."""


def from_niveau_large(referentiel: Referentiel, base: Maille, cible: Maille) -> pd.DataFrame | None:
    """Rattache des départements ou des régions à un niveau plus large ; ``None`` s'il est plus fin."""
    chemin = {
        (Maille.DEPARTEMENT, Maille.REGION): [(Maille.DEPARTEMENT, Maille.REGION)],
        (Maille.DEPARTEMENT, Maille.FRANCE): [
            (Maille.DEPARTEMENT, Maille.REGION),
            (Maille.REGION, Maille.FRANCE),
        ],
        (Maille.REGION, Maille.FRANCE): [(Maille.REGION, Maille.FRANCE)],
    }.get((base, cible))
    if chemin is None:
        return None
    resultat = identity(pd.Index(referentiel.list_territoires(base).code))
    for enfant, parent in chemin:
        liens = referentiel.list_liens(enfant, parent)
        resultat = compose(
            resultat,
            pd.DataFrame({"code_base": liens.code_enfant, "code_cible": liens.code_parent, "poids": 1.0}),
        )
    return resultat


def to_arrondissements(referentiel: Referentiel, base: Maille, cog: str) -> pd.DataFrame | None:
    """Rattache des IRIS aux arrondissements de Paris, Lyon et Marseille ; ``None`` sans lien."""
    liens = referentiel.list_liens(base, Maille.ARRONDISSEMENT_MUNICIPAL, cog)
    if liens.empty:
        return None
    return pd.DataFrame({"code_base": liens.code_enfant, "code_cible": liens.code_parent, "poids": 1.0})
