"""Régime d'une livraison : des effectifs exacts n'entrent pas là où rien ne les masquerait."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.errors import SourceError
from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.discretion import REGIME_REFUSE
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.modeles.sources import VARIABLE_POPULATION, Source

_SUGGESTION = (
    "Déposez des données ouvertes, ou déjà protégées par leur producteur (ouverte, convention_protegee) ; sinon, "
    "demandez-lui ce qu'il peut publier."
)


def check_regime(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Refuse une convention sur la population de référence, ou sur une liste de lieux."""
    if refus := _refuse(contexte.source, contexte.confidentialite):
        yield Anomalie(REGIME_REFUSE, Gravite.BLOQUANT, contexte.fichier, refus, suggestion=_SUGGESTION)


def check_manifeste(source: Source, manifeste: Manifeste, fichier: str) -> None:
    """Comme ``check_regime``, pour un fichier fourni avec l'espace.

    Raises:
        SourceError: cette source ne peut pas recevoir d'effectifs exacts.
    """
    if refus := _refuse(source, manifeste.confidentialite):
        msg = f"« {fichier} » : {refus} {_SUGGESTION}"
        raise SourceError(msg)


def _refuse(source: Source, confidentialite: Confidentialite) -> str:
    if confidentialite is not Confidentialite.CONVENTION:
        return ""
    if VARIABLE_POPULATION in source.variables:
        return (
            f"« {source.id} » donne la population de référence, montrée pour chaque territoire et qui pèse toutes les "
            "couvertures : elle est publique, et ne se reçoit pas par convention."
        )
    if source.ressource is not None:
        return (
            f"« {source.id} » est une liste de lieux, montrés un par un (nom, adresse, commune) : rien ne les "
            "masquerait, elle ne se reçoit pas par convention."
        )
    return ""
