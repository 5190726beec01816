"""Corrections d'une publication : ce que valaient les chiffres qu'un dépôt « corrige » a changés."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq

from observatoire.config import Espace
from observatoire.modeles.livraisons import NatureDepot
from observatoire.modeles.statuts import Statut
from observatoire.publication.comparaison import Changement
from observatoire.publication.differences import compare_publications
from observatoire.registres.depots import Depot
from observatoire.store.corrections import COLONNES
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import Publication

_CLE = ["indicateur", "maille", "code_territoire", "periode", "modalite"]
_CORRIGES = [str(Changement.REVISE), str(Changement.PERDU)]


def hide_masquees(espace: Espace, publication: str, corrections: pd.DataFrame) -> pd.DataFrame:
    """Efface l'ancien chiffre d'une valeur que la publication masque : le rappeler la dévoilerait."""
    if corrections.empty:
        return corrections
    dossier = copies_dir(espace, publication) / "par_indicateur"
    fichiers = [dossier / f"{i}.parquet" for i in corrections.indicateur.unique()]
    tables = [pq.read_table(f, columns=[*_CLE, "statut"]).to_pandas() for f in fichiers if f.is_file()]
    publiees = pd.concat(tables) if tables else pd.DataFrame(columns=[*_CLE, "statut"])
    masquees = publiees.loc[publiees.statut == Statut.SECRET, _CLE].astype(str)
    touchees = pd.MultiIndex.from_frame(corrections[_CLE].astype(str)).isin(pd.MultiIndex.from_frame(masquees))
    return corrections.assign(
        ancienne=corrections.ancienne.mask(touchees), nouvelle=corrections.nouvelle.mask(touchees)
    )


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
