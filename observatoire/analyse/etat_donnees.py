"""État des données d'une publication : ce qu'elle contient, d'où cela vient, de quelle année."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.analyse.lacunes import find_annees, list_lacunes
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import MAILLES_DIFFUSEES, Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation


@dataclass(frozen=True)
class PartProblematique:
    """Problématique et nombre de ses indicateurs, par nature."""

    id: str
    libelle: str
    description: str
    effectifs: dict[Nature, int]


@dataclass(frozen=True)
class PartSource:
    """Source employée : son producteur, ses millésimes, sa licence."""

    libelle: str
    producteur: str
    periodes: tuple[str, ...]
    licence: str
    url: str


@dataclass(frozen=True)
class EtatDonnees:
    """Contenu d'une publication.

    Attributes:
        date: date de publication (ISO 8601).
        territoires: nombre de territoires par niveau, du plus fin au plus large.
        annees: année de la donnée la plus ancienne et de la plus récente ; vides sans donnée.
        lacunes: ce qui manque, en phrases.
    """

    publication: str
    date: str
    cog: str
    indicateurs: dict[Nature, int]
    territoires: dict[Maille, int]
    lieux: int
    problematiques: tuple[PartProblematique, ...]
    sources: tuple[PartSource, ...]
    annees: tuple[str, str] = ("", "")
    lacunes: tuple[str, ...] = ()


def describe_donnees(consultation: Consultation) -> EtatDonnees:
    """Compte ce que contient une publication."""
    publication, catalogue = consultation.publication, consultation.catalogue
    publies = [i for i in catalogue.indicateurs.values() if publication.indicateurs.get(i.id)]
    variables = {v for i in publies for v in (i.numerateur, i.denominateur, i.poids) if v}
    comptes = consultation.territoires.table.groupby("maille").size()
    return EtatDonnees(
        publication=publication.id,
        date=publication.date,
        cog=publication.cog,
        indicateurs={n: sum(i.nature is n for i in publies) for n in Nature},
        territoires={m: int(comptes[str(m)]) for m in MAILLES_DIFFUSEES if str(m) in comptes.index},
        lieux=len(consultation.ressources),
        problematiques=tuple(
            PartProblematique(
                p.id,
                p.libelle,
                p.description,
                {n: sum(i.nature is n and p.id in i.problematiques for i in publies) for n in Nature},
            )
            for p in sorted(catalogue.problematiques.values(), key=lambda p: p.ordre)
        ),
        sources=tuple(
            PartSource(s.libelle, s.producteur, tuple(dict.fromkeys(v.periode for v in s.livraisons)), s.licence, s.url)
            for s in sorted(catalogue.sources.values(), key=lambda s: (s.producteur, s.libelle))
            if variables & set(s.variables)
        ),
        annees=find_annees(publication.indicateurs),
        lacunes=list_lacunes(consultation, publies),
    )
