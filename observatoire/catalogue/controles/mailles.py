"""Niveaux publiés : jamais plus fins que les données qui servent au calcul."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.controles.variables import CHAMPS_VARIABLES
from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, MAILLES_DIFFUSEES, Maille

_DEPUIS_COMMUNE = frozenset({Maille.COMMUNE, *MAILLES_DEPUIS_COMMUNE})
_ATTEIGNABLES: dict[Maille, frozenset[Maille]] = {
    Maille.CARREAU: _DEPUIS_COMMUNE,
    Maille.RECTANGLE: _DEPUIS_COMMUNE,
    Maille.IRIS: frozenset(MAILLES_DIFFUSEES),
    Maille.COMMUNE: _DEPUIS_COMMUNE,
    Maille.ARRONDISSEMENT_MUNICIPAL: frozenset({Maille.ARRONDISSEMENT_MUNICIPAL, *_DEPUIS_COMMUNE}),
    Maille.DEPARTEMENT: frozenset({Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE}),
    Maille.REGION: frozenset({Maille.REGION, Maille.FRANCE}),
}
"""Niveaux que l'on sait construire depuis le niveau d'une source."""


def check_mailles(brouillon: Brouillon) -> Iterator[Faute]:
    """Chaque niveau demandé peut être publié, et construit depuis toutes les sources du calcul."""
    for fiche, indicateur in brouillon.bien_formes():
        for rang, maille in enumerate(indicateur.mailles):
            if maille not in MAILLES_DIFFUSEES:
                message = (
                    f"« mailles » : « {maille} » n'est pas un niveau publié ; permis : {', '.join(MAILLES_DIFFUSEES)}"
                )
                yield fiche.document.faute(message, "mailles", rang)
        yield from _too_fine(brouillon, fiche, indicateur)


def _too_fine(brouillon: Brouillon, fiche: Fiche[Indicateur], indicateur: Indicateur) -> Iterator[Faute]:
    sources = brouillon.variables()
    for champ in CHAMPS_VARIABLES:
        for fiche_source in sources.get(getattr(indicateur, champ) or "", [])[:1]:
            source = fiche_source.objet
            if source is None:
                continue
            atteignables = _ATTEIGNABLES.get(source.maille, frozenset({source.maille}))
            trop_fines = [m for m in indicateur.mailles if m in MAILLES_DIFFUSEES and m not in atteignables]
            if trop_fines:
                message = (
                    f"« mailles » : « {', '.join(trop_fines)} » ne peut pas être construit depuis « {source.id} », "
                    f"dont les données ({champ}) sont au niveau « {source.maille} » ; retirez-le"
                )
                yield fiche.document.faute(message, "mailles")
