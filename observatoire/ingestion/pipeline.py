"""Chaîne d'ingestion : chaque livraison déclarée devient des variables et des lieux."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from observatoire.config import Espace
from observatoire.errors import SourceError
from observatoire.ingestion.controles import complete_zeros, split_codes_inconnus
from observatoire.ingestion.controles.regime import check_manifeste
from observatoire.ingestion.depots import DepotsLus, Lots, read_depots
from observatoire.ingestion.discretion import hide_nombres
from observatoire.ingestion.fichiers import Livraison, find_livraison, read_table_livree
from observatoire.ingestion.horaires import compute_ouvertures
from observatoire.ingestion.projection import TexteInattenduError, project_variables
from observatoire.ingestion.ressources import build_ressources
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.modeles.sources import LivraisonDeclaree, RattachementDeclare, Source
from observatoire.store.schema import RESSOURCES, VARIABLES
from observatoire.territoires.referentiel import Referentiel


@dataclass(frozen=True)
class Ingestion:
    """Résultat de l'ingestion.

    Attributes:
        variables: variables du socle (``store.schema.VARIABLES``).
        ressources: lieux (``store.schema.RESSOURCES``).
        rattachements: par source qui en livre un, ``code_base, code_cible, poids`` vers ses communes.
        manifestes: par fichier livré.
        anomalies: fautes de données constatées.
    """

    variables: pd.DataFrame
    ressources: pd.DataFrame
    rattachements: dict[str, pd.DataFrame]
    manifestes: dict[str, Manifeste]
    anomalies: tuple[Anomalie, ...]


def ingest(
    espace: Espace, catalogue: Catalogue, referentiel: Referentiel, progression: Callable[[str], None]
) -> Ingestion:
    """Lit toutes les livraisons des sources du catalogue.

    Raises:
        SourceError: un fichier manque, a changé, ou n'a pas les colonnes déclarées.
    """
    variables: list[pd.DataFrame] = []
    ressources: list[pd.DataFrame] = []
    rattachements: dict[str, pd.DataFrame] = {}
    manifestes: dict[str, Manifeste] = {}
    anomalies: list[Anomalie] = []
    for source in catalogue.sources.values():
        progression(source.libelle)
        if source.rattachement:
            rattachements[source.id] = read_rattachement(espace, source.rattachement)
        lieux: tuple[pd.DataFrame, Livraison] | None = None
        fournies: Lots = {}
        for declaree in (d for d in source.livraisons if not d.depot):
            livraison = find_livraison(espace, declaree.fichier)
            check_manifeste(source, livraison.manifeste, declaree.fichier)
            manifestes[declaree.fichier] = livraison.manifeste
            table = _prepare(source, livraison)
            projetees, fautes = _ingest_livraison(
                source, declaree, livraison, table, referentiel, rattachements.get(source.id)
            )
            fournies[declaree.periode, str(source.maille)] = projetees
            anomalies += fautes
            lieux = (table, livraison)
        if not any(d.depot for d in source.livraisons):
            variables += fournies.values()
            deposes = DepotsLus()
        else:
            deposes = read_depots(espace, source, referentiel, fournies)
        manifestes |= {fichier: livraison.manifeste for fichier, livraison in deposes.livraisons.items()}
        anomalies += deposes.anomalies
        if deposes.variables is not None:
            variables.append(complete_depots(referentiel, deposes.variables, source))
        if source.ressource and (montres := deposes.lieux or lieux):
            # Les lieux montrés sont ceux du millésime le plus récent (dernier livré).
            ressources.append(build_ressources(source, source.ressource, montres[0], montres[1].manifeste))
    return Ingestion(
        variables=_compact(pd.concat(variables, ignore_index=True)[VARIABLES.names]),
        ressources=pd.concat(ressources, ignore_index=True)[RESSOURCES.names]
        if ressources
        else RESSOURCES.empty_table().to_pandas(),
        rattachements=rattachements,
        manifestes=manifestes,
        anomalies=tuple(anomalies),
    )


def _compact(variables: pd.DataFrame) -> pd.DataFrame:
    """Range en catégories les textes répétés d'un million de lignes : trois fois moins de mémoire."""
    repetees = [c for c in VARIABLES.names if variables[c].dtype.kind != "f" and c != "code_territoire"]
    return variables.astype(dict.fromkeys(repetees, "category"))


def _prepare(source: Source, livraison: Livraison) -> pd.DataFrame:
    table = read_table_livree(livraison)
    if source.ressource and source.ressource.colonne_horaires:
        table = table.join(compute_ouvertures(table[source.ressource.colonne_horaires]))
    return table


def _ingest_livraison(
    source: Source,
    declaree: LivraisonDeclaree,
    livraison: Livraison,
    table: pd.DataFrame,
    referentiel: Referentiel,
    rattachement: pd.DataFrame | None,
) -> tuple[pd.DataFrame, list[Anomalie]]:
    cog = livraison.manifeste.millesime_geographique or referentiel.cog
    if source.exclure_si_rempli:
        table = table[table[source.exclure_si_rempli].fillna("").astype(str) == ""]
    regime = livraison.manifeste.confidentialite
    try:
        projetees = project_variables(source, declaree, table, cog=cog)
    except TexteInattenduError as erreur:
        raise SourceError(erreur.discret if regime is Confidentialite.CONVENTION else str(erreur)) from None
    if rattachement is not None:
        attendus, nature = pd.Index(rattachement.code_base.unique()), "sans rattachement à une commune"
    else:
        attendus = pd.Index(referentiel.list_territoires(source.maille, cog).code)
        nature = f"{source.maille.libelle} du COG {cog}"
    connues, anomalies = split_codes_inconnus(projetees, attendus, nature=nature, fichier=declaree.fichier)
    return complete_zeros(referentiel, connues, source, cog=cog), hide_nombres(anomalies, regime)


def complete_depots(referentiel: Referentiel, variables: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Zéros vrais d'une source exhaustive, période par période : chacune a sa géographie."""
    propres = variables.maille == str(source.maille)
    morceaux = [variables[~propres]]
    for _periode, siennes in variables[propres].groupby("periode", observed=True):
        morceaux.append(complete_zeros(referentiel, siennes, source, cog=str(siennes.cog.iloc[0])))
    return pd.concat(morceaux, ignore_index=True)


def read_rattachement(espace: Espace, declare: RattachementDeclare) -> pd.DataFrame:
    """Lit le rattachement livré avec une source : ``code_base, code_cible, poids``.

    Raises:
        SourceError: le fichier manque, a changé, ou est reçu par convention : ses poids se lisent dans les résultats.
    """
    livraison = find_livraison(espace, declare.fichier)
    if livraison.manifeste.confidentialite is Confidentialite.CONVENTION:
        msg = (
            f"« {declare.fichier} » est un rattachement : ses poids se retrouvent dans les chiffres publiés, et ne "
            "peuvent être des effectifs reçus par convention. Rattachez par des poids publics (la population)."
        )
        raise SourceError(msg)
    table = read_table_livree(livraison)
    colonnes = {
        declare.colonne_enfant: "code_base",
        declare.colonne_parent: "code_cible",
        declare.colonne_poids: "poids",
    }
    return (
        table.rename(columns=colonnes).groupby(["code_base", "code_cible"], as_index=False).agg(poids=("poids", "sum"))
    )
