"""Corrections d'une publication : ce que valaient les chiffres qu'un dépôt « corrige » a changés."""

from __future__ import annotations

import pandas as pd

from observatoire.config import Espace
from observatoire.modeles.livraisons import NatureDepot
from observatoire.publication.comparaison import Changement
from observatoire.publication.differences import compare_publications
from observatoire.registres.depots import Depot
from observatoire.store.corrections import COLONNES
from observatoire.store.publications import Publication

_CORRIGES = [str(Changement.REVISE), str(Changement.PERDU)]


def list_corrections(
    espace: Espace,
    depot: Depot | None,
    avant: Publication | None,
    apres: Publication,
    *,
    indicateurs: set[str],
    motif: str,
) -> pd.DataFrame:
    """Valeurs en ligne qu'un dépôt a corrigées (``store.corrections.COLONNES``) ; aucune s'il ne corrige pas.

    Args:
        espace: espace de travail.
        depot: dépôt publié, s'il y en a un.
        avant: publication en ligne.
        apres: publication écrite, pas encore en ligne.
        indicateurs: indicateurs que la source du dépôt alimente.
        motif: raison de la correction, telle qu'on la montrera.
    """
    if depot is None or depot.nature is not NatureDepot.CORRIGE or avant is None:
        return pd.DataFrame(columns=COLONNES)
    lignes = compare_publications(espace, avant, apres, indicateurs).lignes
    lignes = lignes[lignes.changement.isin(_CORRIGES)]
    corrections = lignes.rename(columns={"avant": "ancienne", "statut_avant": "statut_ancien", "apres": "nouvelle"})
    return corrections.assign(corrigee_le=apres.date[:10], publication=apres.id, depot=depot.id, motif=motif)[
        COLONNES
    ].astype({"indicateur": str, "maille": str, "periode": str, "modalite": str, "statut_ancien": str})
