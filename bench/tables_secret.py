"""Tableaux du banc du secret : de vraies communes et leurs réunions, des effectifs tirés au hasard.

Chaque commune compte des personnes en quatre modalités, suivies d'une période à l'autre : la plupart
restent, quelques-unes partent, d'autres arrivent. Seuls les effectifs sont inventés (graine fixe).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bench.machine import RACINE
from observatoire.config import COG_CIBLE, Espace
from observatoire.secret.systeme import Systeme
from observatoire.territoires.referentiel import Referentiel
from tests.secret.tables import Axe, Niveau, Tableau, axe, make_tableau

GRAINE = 20_261
PARTS = (0.55, 0.25, 0.12, 0.08)
"""Part de chaque modalité : deux courantes, deux rares."""
TAUX, DISPERSION, DEPARTS = 0.03, 0.5, 0.2
RABAIS = 0.2
"""Coût d'une case déjà masquée à la période d'avant, rapporté à son coût ordinaire."""


def read_communes(departement: str | None = None) -> pd.DataFrame:
    """Communes, leur population et les territoires qui les contiennent, d'un département ou de tous."""
    referentiel = Referentiel(Espace(RACINE).referentiel)
    territoires = referentiel.territoires
    communes = territoires[(territoires.cog.astype(str) == COG_CIBLE) & (territoires.maille == "commune")]
    table = communes.set_index(communes.code.astype(str))[["population_municipale"]].astype(float)
    liens = referentiel.appartenances
    liens = liens[(liens.cog.astype(str) == COG_CIBLE) & (liens.maille_enfant == "commune")]
    for maille in ("epci", "canton_ville", "departement", "region"):
        parents = liens[liens.maille_parent == maille].drop_duplicates("code_enfant").set_index("code_enfant")
        table[maille] = parents.code_parent.reindex(table.index).astype(object)
    if departement:
        table = table[table.departement == departement]
    return table.sort_index()


def draw_effectifs(populations: np.ndarray, periodes: int = 1, graine: int = GRAINE) -> np.ndarray:
    """Effectifs (période, commune, modalité)."""
    hasard = np.random.default_rng(graine)
    forme = 1 / DISPERSION**2
    taux = np.minimum(hasard.gamma(forme, TAUX / forme, len(populations)), 0.5)
    attendus = (populations * taux)[:, None] * np.array(PARTS)
    tous = [hasard.poisson(attendus)]
    while len(tous) < periodes:
        restes = hasard.binomial(tous[-1], 1 - DEPARTS)
        tous.append(restes + hasard.poisson(attendus * DEPARTS))
    return np.stack(tous)


def make_departement(communes: pd.DataFrame, effectifs: np.ndarray) -> Tableau:
    """Communes, EPCI et cantons qui se coupent, département ; modalités et leur total."""
    epci, cantons = _number(communes.epci), _number(communes.canton_ville)
    groupes = (Niveau(epci), Niveau(cantons), Niveau(np.zeros(int(epci.max()) + 1, int), de=1))
    return make_tableau(effectifs, (Axe(len(communes), groupes), axe(effectifs.shape[1])))


def make_france(communes: pd.DataFrame, effectifs: np.ndarray) -> Tableau:
    """Communes, EPCI (à cheval ou non), départements, régions, France ; modalités, et leur total s'il y en a deux."""
    departements, regions = _number(communes.departement), _number(communes.region)
    par_departement = pd.Series(regions).groupby(departements).first().to_numpy()
    groupes = (
        Niveau(_number(communes.epci)),
        Niveau(departements),
        Niveau(par_departement, de=2),
        Niveau(np.zeros(int(regions.max()) + 1, int), de=3),
    )
    modalites = effectifs.shape[1]
    return make_tableau(effectifs, (Axe(len(communes), groupes), axe(modalites, total=modalites > 1)))


def make_emboite(
    communes: pd.DataFrame, effectifs: np.ndarray, cases: int
) -> tuple[Systeme, list[tuple[str, str]], str]:
    """Tableau d'à peu près ``cases`` cases, communes et EPCI emboîtés : tout ce que MOD sait lire.

    Returns:
        Le système, le code (territoire, modalité) de chaque case, et la hiérarchie des territoires.
    """
    ordre = np.argsort(_number(communes.epci), kind="stable")
    ordre = ordre[communes.epci.notna().to_numpy()[ordre]]
    garde = ordre[: max(4, round(cases / (effectifs.shape[1] + 1) / 1.04))]
    epci = _number(communes.epci.iloc[garde])
    groupes = (Niveau(epci), Niveau(np.zeros(int(epci.max()) + 1, int), de=1))
    tableau = make_tableau(effectifs[garde], (Axe(len(garde), groupes), axe(effectifs.shape[1])))
    membres = [[f"C{c:05d}" for c in np.flatnonzero(epci == g)] for g in range(int(epci.max()) + 1)]
    hierarchie = "".join(f"E{g:04d}\n" + "".join(f"@{c}\n" for c in dedans) for g, dedans in enumerate(membres))
    lieux = [*(f"C{c:05d}" for c in range(len(garde))), *(f"E{g:04d}" for g in range(len(membres))), "Total"]
    modalites = [*(f"M{m}" for m in range(effectifs.shape[1])), "Total"]
    return tableau.systeme, [(lieu, modalite) for lieu in lieux for modalite in modalites], hierarchie


def discount(systeme: Systeme, masquees: np.ndarray) -> Systeme:
    """Même système, où remasquer une case de la période d'avant coûte peu : le masque reste stable."""
    return replace(systeme, couts=np.where(masquees, RABAIS, 1.0) * systeme.couts)


def _number(codes: pd.Series) -> np.ndarray:
    """Numéro de chaque code ; -1 s'il manque."""
    return pd.factorize(codes, sort=True)[0].astype(int)
