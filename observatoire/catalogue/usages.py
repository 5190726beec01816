"""Ce que le catalogue déclare sans s'en servir : une remarque, pas une faute."""

from __future__ import annotations

from observatoire.modeles.catalogue import Catalogue


def find_inutilises(catalogue: Catalogue) -> list[str]:
    """Variables et précautions qu'aucune fiche ne cite, en clair et par ordre alphabétique."""
    fiches = catalogue.indicateurs.values()
    variables = {v for i in fiches for v in (i.numerateur, i.denominateur, i.poids) if v is not None}
    # Une variable peut ne servir qu'à une autre : partie d'un total, plafond, contributeurs d'un montant.
    for source in catalogue.sources.values():
        for declaree in source.variables.values():
            variables.update(*declaree.decoupages)
            liees = (declaree.au_plus, declaree.contributeurs, declaree.contributeur_max)
            variables.update(nom for nom in liees if nom is not None)
    precautions = {p for i in fiches for p in i.precautions}
    precautions |= {p for source in catalogue.sources.values() for p in source.precautions}
    remarques = [
        f"variable « {nom} » de la source « {source.id} » : aucun indicateur ne s'en sert"
        for source in catalogue.sources.values()
        for nom in source.variables
        if nom not in variables
    ]
    remarques += [
        f"précaution « {nom} » : aucune fiche ne la cite" for nom in catalogue.precautions if nom not in precautions
    ]
    return sorted(remarques)
