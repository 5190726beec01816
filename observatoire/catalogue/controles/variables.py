"""Variables citées par un indicateur : elles existent, viennent de sa source et s'additionnent s'il le faut."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import Agregation, Indicateur, TypeMesure
from observatoire.modeles.sources import VariableSource

CHAMPS_VARIABLES = ("numerateur", "denominateur", "poids")
"""Champs d'une fiche qui nomment une variable."""

_SOMMES = frozenset({Agregation.SOMME, Agregation.RATIO_DES_SOMMES})


def check_variables(brouillon: Brouillon) -> Iterator[Faute]:
    """Chaque variable citée est déclarée une seule fois, et convient à l'usage qui en est fait."""
    sources_par_variable = brouillon.variables()
    # Une source illisible cache ses variables : sa faute est dite, celles qui en découlent se taisent.
    illisible = any(not fiche.brut for fiche in brouillon.sources.values())
    yield from _declared_twice(sources_par_variable)
    for fiche, indicateur in brouillon.bien_formes():
        for champ in CHAMPS_VARIABLES:
            variable = getattr(indicateur, champ)
            if variable is None:
                continue
            sources = sources_par_variable.get(variable)
            if sources is None and illisible:
                continue
            if sources is None:
                message = f"« {champ} » : aucune source ne déclare la variable « {variable} »"
                yield fiche.document.faute(message, champ, proche=find_proche(variable, sources_par_variable))
                continue
            if champ == "numerateur" and indicateur.source in brouillon.sources:
                yield from _other_source(fiche, indicateur, sources[0])
            if sources[0].objet is not None:
                yield from _unfit(fiche, indicateur, champ, sources[0].objet.variables[variable])


def _declared_twice(sources_par_variable: dict[str, list[Fiche]]) -> Iterator[Faute]:  # type: ignore[type-arg]
    for variable, sources in sources_par_variable.items():
        for seconde in sources[1:]:
            premiere = sources[0].document.fichier
            message = f"variable « {variable} » déjà déclarée par {premiere} ; renommez l'une des deux"
            yield seconde.document.faute(message, "variables", variable)


def _other_source(fiche: Fiche[Indicateur], indicateur: Indicateur, source: Fiche) -> Iterator[Faute]:  # type: ignore[type-arg]
    if source.id != indicateur.source:
        message = (
            f"« source » : la variable « {indicateur.numerateur} » vient de la source « {source.id} », "
            f"pas de « {indicateur.source} » ; écrivez « source: {source.id} »"
        )
        yield fiche.document.faute(message, "source")


def _unfit(fiche: Fiche[Indicateur], indicateur: Indicateur, champ: str, variable: VariableSource) -> Iterator[Faute]:
    """Variable de catégorie hors d'une typologie, ou non additive dans une somme."""
    nom, typologie = getattr(indicateur, champ), indicateur.type_mesure is TypeMesure.TYPOLOGIE
    if champ == "numerateur" and typologie != variable.categorie:
        message = (
            f"« numerateur » : une typologie lit une variable de catégorie, et « {nom} » n'en est pas une"
            if typologie
            else f"« numerateur » : « {nom} » est une catégorie ; seul le type_mesure « typologie » peut la montrer"
        )
        yield fiche.document.faute(message, "numerateur")
    sommee = champ != "numerateur" or indicateur.agregation_retenue in _SOMMES
    if sommee and not typologie and not variable.additive:
        message = (
            f"« {champ} » : « {nom} » ne s'additionne pas (additive: false), "
            f"or l'agrégation « {indicateur.agregation_retenue} » en fait une somme"
        )
        yield fiche.document.faute(message, champ)
