"""Niveaux et périodes d'un indicateur : ce qui est publié, ce qui ne l'est pas, et pourquoi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.mesures.statuts import COUVERTURE_MINIMALE
from observatoire.modeles.indicateurs import Agregation, Indicateur
from observatoire.modeles.mailles import MAILLES_DIFFUSEES, Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import Source

_NOMBRE_NOMME = 3
_LIEUX_UNIQUES: dict[Maille, tuple[str, frozenset[str]]] = {
    Maille.EPT: ("la métropole du Grand Paris", frozenset({"75", "91", "92", "93", "94", "95"})),
    Maille.ARRONDISSEMENT_MUNICIPAL: ("Paris, Lyon et Marseille", frozenset({"13", "69", "75"})),
}
"""Niveaux qui n'existent qu'à quelques endroits, et les départements de ces endroits."""
_RANGS = {m: rang for rang, m in enumerate(MAILLES_DIFFUSEES)}


@dataclass(frozen=True)
class NiveauxPublies:
    """Niveaux qui ont les mêmes périodes, du plus fin au plus large."""

    mailles: tuple[Maille, ...]
    periodes: tuple[str, ...]


@dataclass(frozen=True)
class NiveauAbsent:
    """Niveau où l'indicateur n'est pas publié."""

    maille: Maille
    raison: str


def list_publies(consultation: Consultation, indicateur: Indicateur) -> tuple[NiveauxPublies, ...]:
    """Niveaux publiés, réunis quand leurs périodes sont les mêmes."""
    groupes: dict[tuple[str, ...], list[Maille]] = {}
    for maille in consultation.list_mailles(indicateur.id):
        groupes.setdefault(tuple(consultation.list_periodes(indicateur.id, maille)), []).append(maille)
    return tuple(NiveauxPublies(tuple(mailles), periodes) for periodes, mailles in groupes.items())


def list_absents(consultation: Consultation, indicateur: Indicateur) -> tuple[NiveauAbsent, ...]:
    """Niveaux non publiés, avec leur raison."""
    publies = set(consultation.list_mailles(indicateur.id))
    return tuple(
        NiveauAbsent(maille, explain_absence(consultation.catalogue, indicateur, maille))
        for maille in MAILLES_DIFFUSEES
        if maille not in publies
    )


def explain_absence(catalogue: Catalogue, indicateur: Indicateur, maille: Maille) -> str:
    """Raison pour laquelle un indicateur n'a pas de valeur à un niveau, en minuscule et sans point."""
    return next(_list_raisons(list_sources(catalogue, indicateur), indicateur, maille))


def _list_raisons(sources: tuple[Source, ...], indicateur: Indicateur, maille: Maille) -> Iterator[str]:
    """Raisons qui valent pour un niveau, la plus juste d'abord ; il y en a toujours une."""
    base = find_base(sources)
    if indicateur.agregation_retenue is Agregation.INTERDITE and maille is not base:
        yield f"cette mesure ne s'agrège pas{INSECABLE}: la source la donne par {base.libelle}"
    ailleurs = _find_ailleurs(sources, maille)
    if ailleurs:
        yield f"ce niveau n'existe que pour {ailleurs}, que la source ne couvre pas"
    if maille is Maille.ARRONDISSEMENT_MUNICIPAL and base is Maille.COMMUNE:
        yield "la source donne Paris, Lyon et Marseille d'un seul tenant"
    if maille is Maille.IRIS and any(s.maille is Maille.RECTANGLE for s in sources):
        yield "les groupes de carreaux de la source se rattachent aux communes, pas aux IRIS"
    if maille is not base and _rank(maille) <= _rank(base):
        yield f"la source ne descend pas sous le niveau «{INSECABLE}{base.libelle}{INSECABLE}»"
    if maille in (Maille.FRANCE, Maille.REGION) and any(s.departements for s in sources):
        yield "la source ne couvre qu'une partie du pays"
    if maille not in indicateur.mailles:
        yield "la fiche de l'indicateur ne retient pas ce niveau"
    seuil = format_nombre(100 * COUVERTURE_MINIMALE)
    yield f"aucun territoire de ce niveau n'est couvert à {seuil}{INSECABLE}% ou plus par la source"


def list_sources(catalogue: Catalogue, indicateur: Indicateur) -> tuple[Source, ...]:
    """Sources de l'indicateur, celle de ce qui est mesuré d'abord."""
    variables = (indicateur.numerateur, indicateur.denominateur, indicateur.poids)
    sources = {s.id: s for s in (catalogue.source_of(v) for v in variables if v)}
    return tuple(sources.values())


def find_base(sources: tuple[Source, ...]) -> Maille:
    """Niveau le plus fin que toutes les sources atteignent."""
    mailles = {s.maille for s in sources}
    if len(mailles) == 1 and Maille.RECTANGLE not in mailles:
        return next(iter(mailles))
    # Des unités qui ne s'emboîtent pas (IRIS, groupes de carreaux) se rejoignent à la commune.
    return max((*mailles & set(_RANGS), Maille.COMMUNE), key=_rank)


def _find_ailleurs(sources: tuple[Source, ...], maille: Maille) -> str:
    """Seuls lieux où un niveau existe, quand la source n'en couvre aucun ; vide sinon."""
    lieux, departements = _LIEUX_UNIQUES.get(maille, ("", frozenset()))
    limitees = [set(s.departements) for s in sources if s.departements]
    return lieux if any(not limite & departements for limite in limitees) else ""


def _rank(maille: Maille) -> int:
    return _RANGS.get(maille, 0)


def join_mailles(mailles: tuple[Maille, ...]) -> str:
    """« IRIS, communes, EPCI et France »."""
    return join_noms([m.libelle_pluriel for m in mailles])


def join_noms(noms: Sequence[str]) -> str:
    """Énumère des noms : « a, b et c »."""
    return noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"


def join_periodes(periodes: tuple[str, ...]) -> str:
    """Périodes en clair, une longue suite d'années ramenée à ses bouts quand elle est sans trou."""
    annees = [int(p) for p in periodes if p.isdigit()]
    sans_trou = len(annees) == len(periodes) and annees == list(range(annees[0], annees[0] + len(annees)))
    if sans_trou and len(annees) > _NOMBRE_NOMME:
        return f"de {annees[0]} à {annees[-1]}"
    return ", ".join(format_periode(p) for p in periodes)
