"""Protéger : une source à une période, du système à la preuve."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from observatoire.calculs.moteur import Moteur
from observatoire.config import Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.secret.audit import audit
from observatoire.secret.cellules import Cellules, build_cellules
from observatoire.secret.exigences import Promesses
from observatoire.secret.masque import Masque
from observatoire.secret.preuve import Preuve, prove
from observatoire.secret.primaire import Regle, strictest
from observatoire.secret.protections import Protection, list_gardees, read_passees
from observatoire.secret.rangees import COLONNES, Somme
from observatoire.secret.systeme import Booleens, Etat, Systeme
from observatoire.secret.zones_passees import read_zones_passees
from observatoire.store.socle import read_protections, read_resume

DELAI_S = 40.0
"""Temps donné à la recherche du meilleur masque d'une source à une période."""
REDUCTION = 0.2
"""Une case déjà masquée à la période d'avant ne coûte plus que cette part."""


def protect_source(
    espace: Espace,
    catalogue: Catalogue,
    moteur: Moteur,
    source: str,
    periode: str,
    sommes: Sequence[Somme],
    avant: Protection | None = None,
) -> Protection:
    """Masque et prouve tout ce qui est montré d'une source à une période.

    Args:
        espace: espace de travail : ce qui y a déjà été diffusé compte.
        catalogue: catalogue contrôlé.
        moteur: moteur de calcul.
        source: source de convention.
        periode: période des effectifs.
        sommes: tout ce que les indicateurs en montrent.
        avant: même source, période d'avant.

    Raises:
        ProtectionError: aucune protection n'a pu être prouvée.
    """
    debut = time.monotonic()
    regles = find_regles(catalogue, sommes)
    zones = read_zones_passees(espace, list(catalogue.sources[source].variables), periode)
    passees = read_passees(espace, source, periode, zones=zones)
    cellules = build_cellules(moteur, catalogue.sources[source], periode, sommes, regles, passees)
    gardees = _find_gardees(espace, cellules)
    preuve = _confirm(espace, cellules, gardees) if gardees is not None else None
    if preuve is None:
        masquees_avant = _find_masquees_avant(cellules, avant)
        preuve = prove(_discount(cellules, masquees_avant), delai_s=DELAI_S, avant=masquees_avant)
    return Protection(cellules, preuve, time.monotonic() - debut)


def find_regles(catalogue: Catalogue, sommes: Sequence[Somme]) -> dict[str, Regle]:
    """Règle de chaque variable : la plus sévère de celles des indicateurs qui la montrent."""
    indicateurs: dict[str, set[str]] = {}
    for somme in sommes:
        indicateurs.setdefault(somme.couple[0], set()).add(somme.indicateur)
        # La part et son ensemble se lisent ensemble : la même règle vaut pour les deux.
        for variable in _list_employees(catalogue.indicateurs[somme.indicateur]):
            indicateurs.setdefault(variable, set()).add(somme.indicateur)
    return {
        variable: strictest([catalogue.secrets[catalogue.indicateurs[i].secret] for i in sorted(noms)])
        for variable, noms in indicateurs.items()
    }


def _list_employees(indicateur: Indicateur) -> set[str]:
    return {v for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids) if v}


def _find_masquees_avant(cellules: Cellules, avant: Protection | None) -> Booleens | None:
    """Cases masquées à la période d'avant, retrouvées par leur territoire."""
    if avant is None:
        return None
    cle = [c for c in COLONNES if c not in {"periode", "variante"}]
    anciennes = avant.cellules.table[avant.preuve.masque.masquees]
    index = pd.MultiIndex.from_frame(anciennes[cle].astype(str))
    retrouvees = pd.MultiIndex.from_frame(cellules.table[cle].astype(str)).isin(index)
    return np.asarray(retrouvees & (cellules.systeme.etats != Etat.PUBLIEE))


def _discount(cellules: Cellules, masquees_avant: Booleens | None) -> Systeme:
    """Le même système, où masquer de nouveau coûte moins."""
    if masquees_avant is None:
        return cellules.systeme
    couts = np.where(masquees_avant, REDUCTION * cellules.systeme.couts, cellules.systeme.couts)
    return replace(cellules.systeme, couts=couts)


def _find_gardees(espace: Espace, cellules: Cellules) -> pd.DataFrame | None:
    """Cases de la dernière publication, dans l'ordre de celles-ci, si ce sont exactement les mêmes."""
    publications = list_gardees(espace)
    if not publications:
        return None
    cases = read_protections(espace, publications[-1])
    cases = cases[(cases.source == cellules.source) & (cases.periode == cellules.periode)] if len(cases) else cases
    if len(cases) != len(cellules.table):
        return None
    cle = [*COLONNES, "valeur", "seuil"]
    anciens = pd.MultiIndex.from_frame(cases[cle])
    if not anciens.is_unique:
        return None
    places = anciens.get_indexer(pd.MultiIndex.from_frame(cellules.table[cle]))
    return None if (places < 0).any() else cases.iloc[places].reset_index(drop=True)


def _confirm(espace: Espace, cellules: Cellules, gardees: pd.DataFrame) -> Preuve | None:
    """Le masque de la dernière publication, s'il tient encore : deux fois de suite, le même."""
    systeme = cellules.systeme
    systeme.check()
    masquees = gardees.masquee.to_numpy(dtype=bool)
    publiees = systeme.etats == Etat.PUBLIEE
    if (systeme.toujours_cachees & ~masquees).any() or (masquees & publiees).any():
        return None
    promesses = Promesses(gardees.plafond.to_numpy(dtype=float), gardees.plancher.to_numpy(dtype=float))
    resultat = audit(systeme, masquees, promesses)
    if not resultat.tient:
        return None
    # Le coût et l'écart au mieux sont ceux du jour où il fut trouvé.
    resume = read_resume(espace, list_gardees(espace)[-1]).get(f"{cellules.source}/{cellules.periode}", {})
    cout = float(systeme.couts[masquees & (systeme.etats == Etat.LIBRE)].sum())
    masque = Masque(
        masquees=masquees,
        promesses=promesses,
        reduites=np.zeros(0, dtype=np.intp),
        cout=cout,
        borne=cout * (1.0 - float(resume.get("ecart", 0.0))),
        optimal=bool(resume.get("optimal", False)),
        tours=0,
        coupes=0,
    )
    return Preuve(masque, resultat, masquees, 0)
