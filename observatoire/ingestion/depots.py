"""Fichiers déposés : les joindre aux sources du catalogue, et les lire pour le socle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from observatoire.config import Espace
from observatoire.errors import SourceError
from observatoire.ingestion.colonnes import Plan, list_declarees, make_plan
from observatoire.ingestion.discretion import hide_nombres
from observatoire.ingestion.fichiers import Livraison, find_livraison
from observatoire.ingestion.livraison import Demande, read_livraison_et_table
from observatoire.ingestion.vers_socle import lots_to_variables
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.lots import RapportLivraison
from observatoire.modeles.sources import LivraisonDeclaree, Source
from observatoire.modeles.tables import TableLue
from observatoire.territoires.referentiel import Referentiel

_CLE = ["variable", "code_territoire"]
"""Ce qu'un dépôt redit d'un territoire remplace ce qu'il en disait, toutes catégories ensemble."""
_ENTIERES = frozenset({NatureDepot.NOUVELLE, NatureDepot.REMPLACE})
_FAUTES_DITES = 3
_PERSONNES = "Il semble porter des données individuelles."


def attach_depots(catalogue: Catalogue, depots: Mapping[str, Sequence[LivraisonDeclaree]]) -> Catalogue:
    """Ajoute à chaque source ses fichiers déposés.

    Un dépôt d'une période et d'un niveau entiers prend la place du fichier fourni pour eux.

    Args:
        catalogue: catalogue chargé.
        depots: par source, livraisons aux champs ``depot``, ``maille`` et ``nature`` remplis, les plus
            anciennes d'abord ; une source inconnue du catalogue est laissée de côté.
    """
    sources = {
        identifiant: source.model_copy(update={"livraisons": _merge(source, depots[identifiant])})
        if depots.get(identifiant)
        else source
        for identifiant, source in catalogue.sources.items()
    }
    return replace(catalogue, sources=sources)


def _merge(source: Source, depots: Sequence[LivraisonDeclaree]) -> tuple[LivraisonDeclaree, ...]:
    retenues = list(source.livraisons)
    for depot in depots:
        if depot.nature in _ENTIERES:
            cle = (depot.periode, depot.maille or source.maille)
            retenues = [r for r in retenues if (r.periode, r.maille or source.maille) != cle]
        retenues.append(depot)
    return tuple(sorted(retenues, key=lambda r: r.periode))


@dataclass
class DepotsLus:
    """Dépôts d'une source, prêts pour le socle.

    Attributes:
        variables: variables du socle.
        livraisons: par fichier, la livraison et son manifeste.
        anomalies: points à regarder.
        lieux: table des lieux du dépôt le plus récent, sous les noms déclarés.
    """

    variables: pd.DataFrame | None = None
    livraisons: dict[str, Livraison] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)
    lieux: tuple[pd.DataFrame, Livraison] | None = None


Lots = dict[tuple[str, str], pd.DataFrame]
"""Variables par période et niveau."""


def read_depots(espace: Espace, source: Source, referentiel: Referentiel, fournies: Lots | None = None) -> DepotsLus:
    """Lit tous les fichiers déposés d'une source, chacun une fois, et les combine à ceux qui sont fournis.

    Args:
        espace: espace de travail.
        source: source déclarée, ses dépôts joints.
        referentiel: référentiel territorial.
        fournies: variables des fichiers fournis avec l'observatoire ; un dépôt les complète ou les corrige.

    Raises:
        SourceError: un fichier manque, a changé, ou ne passe plus les contrôles.
    """
    lus = DepotsLus()
    # Dans l'ordre des dépôts : le dernier a le dernier mot.
    deposees = sorted((d for d in source.livraisons if d.depot), key=lambda d: d.depot)
    tableaux: Lots = dict(fournies or {})
    for fichier in dict.fromkeys(d.fichier for d in deposees):
        siennes = [d for d in deposees if d.fichier == fichier]
        livraison = find_livraison(espace, fichier)
        lus.livraisons[fichier] = livraison
        rapport, table = read_livraison_et_table(
            livraison.chemin, source, referentiel, make_demande(source, siennes, livraison)
        )
        regime = livraison.manifeste.confidentialite
        if rapport.refusee:
            raise SourceError(_tell_refus(fichier, rapport, regime))
        lus.anomalies += hide_nombres((a for a in rapport.anomalies if a.gravite is Gravite.A_REGARDER), regime)
        variables = lots_to_variables(rapport.lots, source, livraison=fichier)
        for declaree in siennes:
            maille = str(declaree.maille or source.maille)
            choisies = variables[(variables.periode == declaree.periode) & (variables.maille == maille)]
            cle = (declaree.periode, maille)
            tableaux[cle] = combine_depots(tableaux.get(cle), choisies, declaree.nature)
        if source.ressource and table is not None:
            lus.lieux = (_rename(table, make_plan(source, siennes[-1].periode)), livraison)
    if tableaux:
        lus.variables = pd.concat(list(tableaux.values()), ignore_index=True)
    return lus


def make_demande(source: Source, declarees: Sequence[LivraisonDeclaree], livraison: Livraison) -> Demande:
    """Ce qu'on demande à la lecture d'un fichier déposé, d'après ce que son dépôt a retenu."""
    mailles = {d.maille for d in declarees}
    periodes = {d.periode for d in declarees}
    return Demande(
        # Un fichier qui porte ses périodes les dit lui-même ; de même pour ses niveaux.
        periode=next(iter(periodes)) if source.periode is None and len(periodes) == 1 else "",
        maille=next(iter(mailles)) if len(mailles) == 1 else None,
        cog=livraison.manifeste.millesime_geographique,
        confidentialite=livraison.manifeste.confidentialite,
    )


def combine_depots(avant: pd.DataFrame | None, apres: pd.DataFrame, nature: NatureDepot) -> pd.DataFrame:
    """Combine deux dépôts d'une même période et d'un même niveau.

    Compléter n'ajoute que ce qui manquait ; corriger l'emporte sur ce qu'il nomme ; sinon tout est remplacé.
    """
    if avant is None or nature in _ENTIERES:
        return apres
    premier, second = (avant, apres) if nature is NatureDepot.COMPLETE else (apres, avant)
    cles = pd.MultiIndex.from_frame(premier[_CLE].astype(str))
    nouvelles = cles.get_indexer(pd.MultiIndex.from_frame(second[_CLE].astype(str))) < 0
    return pd.concat([premier, second[nouvelles]], ignore_index=True)


def list_livraisons(rapport: RapportLivraison) -> list[tuple[str, str]]:
    """Couples (période, niveau) que porte un fichier contrôlé."""
    return sorted({(lot.periode, str(lot.maille)) for lot in rapport.lots})


def _rename(table: TableLue, plan: Plan) -> pd.DataFrame:
    """Table des lieux sous les noms déclarés, telle que ``build_ressources`` la lit."""
    noms = {plan.name(declaree): declaree for declaree in list_declarees(plan.source)}
    return table.donnees.to_pandas().rename(columns=noms)


def _tell_refus(fichier: str, rapport: RapportLivraison, regime: Confidentialite) -> str:
    bloquantes = (a for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT)
    fautes: Iterable[str] = map(str, hide_nombres(bloquantes, regime))
    motifs = rapport.quarantaine
    if motifs and regime is Confidentialite.CONVENTION:
        motifs = (_PERSONNES,)
    dites = [*motifs, *fautes][:_FAUTES_DITES]
    return (
        f"Le fichier déposé « {fichier} » ne passe plus les contrôles : {' '.join(dites)} "
        "Sa déclaration a-t-elle changé depuis son dépôt ? Corrigez-la, ou retirez ce dépôt."
    )
