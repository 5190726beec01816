"""Nature d'un dépôt : nouvelle période, remplacement, complément ou correction, d'après ce qui est en ligne."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatoire.modeles.livraisons import NatureDepot

COUVERTURE_D_UN_REMPLACEMENT = 0.9
"""Part des territoires en ligne qu'un fichier reprend pour valoir la période entière."""
_TERRITOIRE = ["periode", "maille", "code_territoire"]
_CLE = ["variable", "periode", "maille", "code_territoire", "modalite"]


@dataclass(frozen=True)
class NatureDeduite:
    """Nature proposée, et ce qui la fonde, en clair."""

    nature: NatureDepot
    raison: str


def guess_nature(
    lots: tuple[tuple[str, str], ...], en_ligne: pd.DataFrame, nouvelles: pd.DataFrame, *, zero_si_absent: bool = False
) -> NatureDeduite:
    """Déduit la nature d'un dépôt.

    Args:
        lots: couples (période, niveau) du dépôt.
        en_ligne: variables de la source en ligne (``store.schema.VARIABLES``).
        nouvelles: variables du dépôt.
        zero_si_absent: vrai si les zéros en ligne peuvent venir de l'absence d'une ligne.
    """
    ici = np.zeros(len(en_ligne), dtype=bool)
    for periode, maille in lots:
        ici |= ((en_ligne.periode == periode) & (en_ligne.maille == maille)).to_numpy()
    if not ici.any():
        return NatureDeduite(NatureDepot.NOUVELLE, "rien n'est en ligne pour ces périodes à ce niveau")
    concernes = en_ligne[ici]
    if zero_si_absent:
        concernes = concernes[concernes.valeur != 0]
    # Les territoires d'abord : un fichier qui les reprend presque tous vaut la période entière.
    part = float((_cles(nouvelles, _TERRITOIRE).get_indexer(_cles(concernes, _TERRITOIRE)) >= 0).mean())
    if len(concernes) == 0 or part >= COUVERTURE_D_UN_REMPLACEMENT:
        dite = f"{100 * part:.0f} %".replace(".", ",") if len(concernes) else "la totalité"
        return NatureDeduite(NatureDepot.REMPLACE, f"le fichier reprend {dite} des territoires déjà en ligne")
    partielles = nouvelles.reset_index(drop=True)
    avant, apres = (pd.MultiIndex.from_frame(t[_CLE].astype(str)) for t in (concernes, partielles))
    rangs = apres.get_indexer(avant)
    repris = rangs >= 0
    ancien = concernes.valeur.to_numpy(dtype=float)[repris]
    nouveau = partielles.valeur.to_numpy(dtype=float)[rangs[repris]]
    changees = int((~((ancien == nouveau) | (np.isnan(ancien) & np.isnan(nouveau)))).sum())
    if changees:
        return NatureDeduite(
            NatureDepot.CORRIGE, f"le fichier reprend {int(repris.sum())} valeurs en ligne et en change {changees}"
        )
    ajoutees = int((avant.get_indexer(apres) < 0).sum())
    return NatureDeduite(NatureDepot.COMPLETE, f"le fichier ajoute {ajoutees} valeurs sans en changer aucune")


def _cles(variables: pd.DataFrame, colonnes: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(variables.drop_duplicates(colonnes)[colonnes].astype(str))
