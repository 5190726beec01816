"""Reconstruction : ajouter au référentiel, en mémoire, des COG qui n'y sont pas embarqués."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from observatoire.territoires.historique import PREFIXES_COLLECTIVITES, build_passages, rebuild_communes
from observatoire.territoires.passages import advance
from observatoire.territoires.poids import POPULATIONS, load_populations
from observatoire.territoires.referentiel import Referentiel

EXEMPLES = 5


def extend_cogs(
    referentiel: Referentiel,
    mouvements: pd.DataFrame,
    annees: Iterable[str],
    populations: pd.DataFrame | None = None,
) -> Referentiel:
    """Ajoute des COG reconstruits par les mouvements ; les années intermédiaires viennent avec.

    Args:
        referentiel: référentiel des COG embarqués.
        mouvements: mouvements lus (``mouvements.read_mouvements``).
        annees: COG voulus, avant le premier embarqué ou entre deux.
        populations: ``annee, code, population`` de ces années, si on les a ; sans elles, une fusion
            ne se remonte pas.

    Returns:
        Un référentiel dont ``cogs``, ``territoires`` et ``passages`` comptent ces années.

    Raises:
        AppelError: une année suit le dernier COG embarqué, ou les mouvements ne mènent pas aux communes
            d'un COG embarqué (fichier trop ancien, ou incomplet).
    """
    listes = _list_communes(referentiel, mouvements, _complete_annees(referentiel, annees))
    connues = [load_populations(referentiel)] + ([populations[POPULATIONS]] if populations is not None else [])
    toutes = pd.concat(connues, ignore_index=True)
    neuves = [a for a in listes if a not in referentiel.cogs]
    passages, gardes = [], []
    for de, vers in pairwise(sorted(listes)):
        if de in referentiel.cogs and vers in referentiel.cogs:
            gardes.append((de, vers))
            continue
        etapes = build_passages(mouvements, de, vers, toutes)
        _check_arrivee(etapes, listes[de], listes[vers], vers)
        passages.append(etapes)
    embarques = referentiel.passages
    restent = pd.MultiIndex.from_frame(embarques[["cog_de", "cog_vers"]]).isin(gardes)
    elagues = referentiel.with_tables(passages=embarques[restent])
    territoires = [_to_territoires(a, listes[a], toutes) for a in neuves]
    return elagues.with_lignes(territoires=territoires, passages=passages)


def _complete_annees(referentiel: Referentiel, annees: Iterable[str]) -> list[str]:
    """Années à reconstruire : celles voulues, et toutes celles qui les séparent du COG embarqué suivant."""
    cogs = referentiel.cogs
    voulues = [a for a in annees if a not in cogs]
    tardives = [a for a in voulues if a > cogs[-1]]
    if tardives:
        msg = f"Le COG {tardives[0]} suit le dernier embarqué ({cogs[-1]}) : reconstruisez d'abord le référentiel."
        raise AppelError(msg)
    suivants = {a: min(c for c in cogs if c > a) for a in voulues}
    precedents = {a: max((c for c in cogs if c < a), default=a) for a in voulues}
    completes = {str(n) for a in voulues for n in range(int(precedents[a]), int(suivants[a])) if str(n) not in cogs}
    return sorted(completes)


def _list_communes(referentiel: Referentiel, mouvements: pd.DataFrame, neuves: list[str]) -> dict[str, pd.Index]:
    """Communes de chaque COG, embarqué ou reconstruit depuis l'embarqué le plus sûr (celui qui précède)."""
    listes = {c: referentiel.list_communes(c) for c in referentiel.cogs}
    for annee in neuves:
        avant = [c for c in referentiel.cogs if c < annee]
        depart = max(avant) if avant else referentiel.cogs[0]
        listes[annee] = rebuild_communes(mouvements, listes[depart], depart, annee)
    return listes


def _check_arrivee(etapes: pd.DataFrame, communes: pd.Index, attendues: pd.Index, cog: str) -> None:
    trajet = pd.DataFrame({"code_de": communes, "code_vers": communes, "poids": 1.0})
    for _, etape in etapes.groupby("cog_de", sort=True):
        trajet = advance(trajet, etape)
    arrivees = pd.Index(trajet.code_vers.unique())
    arrivees = arrivees[~arrivees.str.startswith(PREFIXES_COLLECTIVITES)]
    ecart = sorted(arrivees.symmetric_difference(attendues))
    if ecart:
        msg = (
            f"Les mouvements ne mènent pas aux communes du COG {cog} : {len(ecart)} code(s) en écart "
            f"({', '.join(ecart[:EXEMPLES])}). Prenez un fichier de mouvements au moins aussi récent que ce COG."
        )
        raise AppelError(msg)


def _to_territoires(annee: str, codes: pd.Index, populations: pd.DataFrame) -> pd.DataFrame:
    habitants = populations[populations.annee == annee].set_index("code").population
    departement = codes.str[:2].where(~codes.str.startswith("97"), codes.str[:3])
    return pd.DataFrame(
        {
            "cog": annee,
            "maille": str(Maille.COMMUNE),
            "code": codes,
            "libelle": codes,
            "code_departement": departement,
            "population_municipale": habitants.reindex(codes).to_numpy(dtype=float),
        }
    )
