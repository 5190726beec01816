"""Corrections d'une publication : ce que valaient les chiffres qu'un dépôt « corrige » a changés."""

from __future__ import annotations

from pathlib import Path

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
from observatoire.store.publications import Publication, list_publications

_TERRITOIRE = ["indicateur", "maille", "code_territoire", "periode"]
_CORRIGES = [str(Changement.REVISE), str(Changement.PERDU)]


def hide_masquees(espace: Espace, publication: str, corrections: pd.DataFrame) -> pd.DataFrame:
    """Efface les chiffres d'une valeur masquée : les rappeler la dévoilerait.

    Masquée dans la publication qui s'écrit, ou dans une plus ancienne que l'on peut encore ouvrir ; de même si
    l'indicateur n'y paraît plus : rien ne dit alors qu'elle serait montrée.
    """
    if corrections.empty:
        return corrections
    indicateurs = sorted(corrections.indicateur.astype(str).unique())
    montres = {i for i in indicateurs if _find_copie(espace, publication, i).is_file()}
    cles = pd.MultiIndex.from_frame(corrections[_TERRITOIRE].astype(str))
    touchees = ~corrections.indicateur.astype(str).isin(montres).to_numpy()
    for identifiant in dict.fromkeys((publication, *list_publications(espace))):
        touchees |= cles.isin(_list_masquees(espace, identifiant, indicateurs))
    return corrections.assign(
        ancienne=corrections.ancienne.mask(touchees), nouvelle=corrections.nouvelle.mask(touchees)
    )


def _list_masquees(espace: Espace, publication: str, indicateurs: list[str]) -> pd.MultiIndex:
    """Territoires masqués d'une publication ; une modalité masquée les masque toutes."""
    fichiers = (_find_copie(espace, publication, i) for i in indicateurs)
    secret = [("statut", "==", str(Statut.SECRET))]
    tables = [pq.read_table(f, columns=_TERRITOIRE, filters=secret).to_pandas() for f in fichiers if f.is_file()]
    masquees = pd.concat(tables) if tables else pd.DataFrame(columns=_TERRITOIRE)
    return pd.MultiIndex.from_frame(masquees.astype(str))


def _find_copie(espace: Espace, publication: str, indicateur: str) -> Path:
    return copies_dir(espace, publication) / "par_indicateur" / f"{indicateur}.parquet"


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
