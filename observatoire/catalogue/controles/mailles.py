"""Niveaux publiés : jamais plus fins que les données, ni recalculés quand agréger est interdit."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.controles.variables import CHAMPS_VARIABLES
from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.modeles.indicateurs import Agregation, Indicateur
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, MAILLES_PUBLIABLES, Maille
from observatoire.modeles.sources import Source

_DEPUIS_COMMUNE = frozenset({Maille.COMMUNE, *MAILLES_DEPUIS_COMMUNE})
_ATTEIGNABLES: dict[Maille, frozenset[Maille]] = {
    Maille.CARREAU: _DEPUIS_COMMUNE,
    Maille.RECTANGLE: _DEPUIS_COMMUNE,
    Maille.IRIS: frozenset(MAILLES_PUBLIABLES),
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
            if maille not in MAILLES_PUBLIABLES:
                message = (
                    f"« mailles » : « {maille} » n'est pas un niveau publié ; permis : {', '.join(MAILLES_PUBLIABLES)}"
                )
                yield fiche.document.faute(message, "mailles", rang)
        yield from _out_of_reach(brouillon, fiche, indicateur)


def list_publiees(source: Source, variable: str) -> list[Maille]:
    """Niveaux auxquels le producteur publie lui-même une variable."""
    declaree = source.variables[variable]
    toutes = [source.maille, *(niveau.maille for niveau in source.niveaux)]
    return [m for m in toutes if not declaree.mailles or m in declaree.mailles]


def _out_of_reach(brouillon: Brouillon, fiche: Fiche[Indicateur], indicateur: Indicateur) -> Iterator[Faute]:
    sources = brouillon.variables()
    interdite = indicateur.agregation_retenue is Agregation.INTERDITE
    for champ in CHAMPS_VARIABLES:
        variable = getattr(indicateur, champ) or ""
        for fiche_source in sources.get(variable, [])[:1]:
            source = fiche_source.objet
            if source is None:
                continue
            publiees = list_publiees(source, variable)
            atteignables = set(publiees)
            if not interdite:
                atteignables.update(*(_ATTEIGNABLES.get(m, frozenset()) for m in publiees))
            trop_fines = [m for m in indicateur.mailles if m in MAILLES_PUBLIABLES and m not in atteignables]
            if trop_fines:
                message = _write_message(source, champ, trop_fines, publiees, interdite=interdite)
                yield fiche.document.faute(message, "mailles")


def _write_message(
    source: Source, champ: str, trop_fines: list[Maille], publiees: list[Maille], *, interdite: bool
) -> str:
    niveaux = ", ".join(publiees)
    if interdite:
        return (
            f"« mailles » : agréger est interdit, et « {source.id} » ne publie pas de valeur ({champ}) au niveau "
            f"« {', '.join(trop_fines)} » ; niveaux publiés : {niveaux} ; retirez-le"
        )
    return (
        f"« mailles » : « {', '.join(trop_fines)} » ne peut pas être construit depuis « {source.id} », "
        f"dont les données ({champ}) sont au niveau « {niveaux} » ; retirez-le"
    )
