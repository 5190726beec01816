"""Recalculer les seuls indicateurs qu'un dépôt touche, comme le ferait une publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.calculs.niveaux import attach_zonages
from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.livraisons import NatureDepot
from observatoire.publication.actifs import ENTIERES
from observatoire.publication.attente import list_variables, split_en_attente
from observatoire.publication.brouillons import read_variables_brouillon
from observatoire.publication.comparaison import join_categories
from observatoire.registres.depots import Depot
from observatoire.secret.porte import Porte, check_mode, find_exacts
from observatoire.secret.rangees import Couple
from observatoire.store.publications import Publication
from observatoire.store.schema import VARIABLES
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages_fichiers import open_referentiel

_TEXTES = [champ.name for champ in VARIABLES if pa.types.is_string(champ.type)]


@dataclass(frozen=True)
class Recalcul:
    """Ce que deviendraient les indicateurs touchés.

    Attributes:
        observations: par indicateur, ses périodes touchées et ses observations protégées (calculées au fil).
        refus: indicateurs que la porte du secret refuse, et pourquoi.
    """

    observations: Iterator[tuple[str, set[str], pd.DataFrame]]
    refus: dict[str, str]


def recompute(espace: Espace, catalogue: Catalogue, depot: Depot, publication: Publication | None) -> Recalcul:
    """Prépare le recalcul des indicateurs qu'un dépôt en brouillon touche.

    Args:
        espace: espace de travail.
        catalogue: catalogue auquel les dépôts actifs, celui-ci compris, sont joints.
        depot: dépôt en brouillon.
        publication: publication en ligne.

    Raises:
        PublicationError: le brouillon n'est plus là.
    """
    from observatoire.ingestion.relecture import load_variables, read_rattachements

    nouvelles = read_variables_brouillon(espace, depot.id)
    complet, _attente = split_en_attente(catalogue)
    complet = attach_zonages(complet, open_referentiel(espace))
    touchees = set(nouvelles.variable.unique())
    # La population pèse tout : couvertures et passages de géographie en dépendent.
    tout = POPULATION in touchees
    indicateurs = [i for i in complet.indicateurs.values() if tout or touchees & list_variables(i)]
    utiles = {POPULATION} | {v for i in indicateurs for v in list_variables(i)}
    version = publication.versions.get("variables") if publication else None
    avant = load_variables(espace, version=version, variables=utiles)
    referentiel = open_referentiel(espace)
    variables = _apply(avant, nouvelles, depot, complet, referentiel)
    exacts = _find_exacts(espace, complet, indicateurs, variables)
    refus, permis = _pass_porte(complet, indicateurs, exacts)
    touche = replace(complet, indicateurs={i.id: i for i in permis})
    sources = {complet.source_of(v).id for i in permis for v in list_variables(i)}
    moteur = Moteur(touche, referentiel, variables, read_rattachements(espace, complet, sources), exacts)
    try:
        porte = Porte.open(espace, touche, moteur, exacts)
    except PublicationError as erreur:
        # Sans preuve, ce qui emploie des effectifs exacts n'est pas comparé : le motif est dit à la place.
        exactes = {v for v, _p in exacts}
        refus |= {i.id: str(erreur) for i in permis if exactes & list_variables(i)}
        permis, porte = [i for i in permis if i.id not in refus], Porte(touche)
    return Recalcul(_compute(permis, moteur, porte, avant, nouvelles), refus)


def _compute(
    indicateurs: list[Indicateur], moteur: Moteur, porte: Porte, avant: pd.DataFrame, nouvelles: pd.DataFrame
) -> Iterator[tuple[str, set[str], pd.DataFrame]]:
    changes = _list_couples(nouvelles)
    anciennes: dict[str, list[str]] = {}
    for variable, periode in sorted(_list_couples(avant)):
        anciennes.setdefault(variable, []).append(periode)
    tout = any(variable == POPULATION for variable, _periode in changes)
    for indicateur in indicateurs:
        periodes = indicateur.periodes or tuple(moteur.list_periodes(indicateur.numerateur))
        if not tout:
            periodes = tuple(p for p in periodes if _is_touched(indicateur, p, moteur, anciennes, changes))
        if periodes:
            limite = indicateur.model_copy(update={"periodes": periodes})
            yield indicateur.id, set(periodes), porte.protect(moteur.compute(limite))


def _is_touched(
    indicateur: Indicateur,
    periode: str,
    moteur: Moteur,
    anciennes: dict[str, list[str]],
    changes: set[tuple[str, str]],
) -> bool:
    """Vrai si une période d'un indicateur emploie une mesure changée, ou une autre période qu'avant."""
    if indicateur.type_mesure is TypeMesure.EVOLUTION:
        return any((indicateur.numerateur, p) in changes for p in periode.split("-"))
    if (indicateur.numerateur, periode) in changes:
        return True
    for variable in list_variables(indicateur) - {indicateur.numerateur}:
        proche = nearest(moteur.list_periodes(variable), periode)
        if (variable, proche) in changes or proche != nearest(anciennes.get(variable, []), periode):
            return True
    return False


def nearest(periodes: list[str], periode: str) -> str:
    """Période la plus proche, la plus ancienne à égalité : celle que prend le moteur pour un dénominateur."""
    return min(periodes, key=lambda p: (abs(int(p[:4]) - int(periode[:4])), p), default="")


def _list_couples(variables: pd.DataFrame) -> set[tuple[str, str]]:
    uniques = variables[["variable", "periode"]].drop_duplicates()
    return {(str(v), str(p)) for v, p in uniques.itertuples(index=False, name=None)}


def _apply(
    avant: pd.DataFrame, nouvelles: pd.DataFrame, depot: Depot, catalogue: Catalogue, referentiel: Referentiel
) -> pd.DataFrame:
    """Applique un dépôt aux variables en ligne, comme le fera l'ingestion."""
    from observatoire.ingestion.depots import combine_depots
    from observatoire.ingestion.pipeline import complete_depots

    source = catalogue.sources[depot.source]
    siennes = avant.variable.isin(list(source.variables)).to_numpy()
    reprises = np.zeros(len(avant), dtype=bool)
    morceaux = []
    for periode, maille in depot.lots:
        ici = siennes & (avant.periode == periode).to_numpy() & (avant.maille == maille).to_numpy()
        choisies = nouvelles
        if len(depot.lots) > 1:
            choisies = nouvelles[(nouvelles.periode == periode) & (nouvelles.maille == maille)]
        if depot.nature not in ENTIERES:
            choisies = combine_depots(avant[ici] if ici.any() else None, choisies, NatureDepot(depot.nature))
        elif source.zero_si_absent:
            choisies = complete_depots(referentiel, choisies, source)
        reprises |= ici
        morceaux.append(choisies)
    gardees = [avant[~reprises]] if not reprises.all() else []
    return join_categories([*gardees, *(m.astype(dict.fromkeys(_TEXTES, "category")) for m in morceaux)])


def _find_exacts(
    espace: Espace, catalogue: Catalogue, indicateurs: list[Indicateur], variables: pd.DataFrame
) -> frozenset[Couple]:
    from observatoire.ingestion.relecture import read_manifestes

    sources = {catalogue.source_of(v).id for i in indicateurs for v in list_variables(i)}
    return find_exacts(variables, read_manifestes(espace, catalogue, sources))


def _pass_porte(
    catalogue: Catalogue, indicateurs: list[Indicateur], exacts: frozenset[Couple]
) -> tuple[dict[str, str], list[Indicateur]]:
    refus: dict[str, str] = {}
    for indicateur in indicateurs:
        try:
            check_mode(catalogue, indicateur, exacts)
        except PublicationError as erreur:
            refus[indicateur.id] = str(erreur)
    return refus, [i for i in indicateurs if i.id not in refus]
