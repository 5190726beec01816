"""Données d'exercice : leurs indicateurs portent FICTIF partout où paraît leur nom."""

from __future__ import annotations

from dataclasses import replace

from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur

TAMPON = "FICTIF"
PHRASE = "Donnée fictive d'exercice."


def stamp_fictifs(catalogue: Catalogue) -> Catalogue:
    """Marque chaque indicateur dont une variable vient d'une source fictive.

    Le tampon est dans le nom et dans la phrase : carte, légende, tableau, export, impression et profil le
    montrent sans avoir à y penser.
    """
    fictives = {v for s in catalogue.sources.values() if s.fictif for v in s.variables}
    if not fictives:
        return catalogue
    indicateurs = {
        identifiant: _stamp(indicateur) if _uses(indicateur, fictives) else indicateur
        for identifiant, indicateur in catalogue.indicateurs.items()
    }
    return replace(catalogue, indicateurs=indicateurs)


def _uses(indicateur: Indicateur, fictives: set[str]) -> bool:
    return bool({indicateur.numerateur, indicateur.denominateur, indicateur.poids} & fictives)


def _stamp(indicateur: Indicateur) -> Indicateur:
    return indicateur.model_copy(
        update={
            "libelle": f"{TAMPON} · {indicateur.libelle}",
            "libelle_court": f"{TAMPON} · {indicateur.libelle_court}",
            "definition": f"{PHRASE} {indicateur.definition}",
            "lecture": f"{PHRASE} {indicateur.lecture}",
        }
    )
