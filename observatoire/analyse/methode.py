"""Méthode : tout ce qu'il faut dire d'un indicateur publié, sans aucune balise.

Chaque fiche est tirée du catalogue et de la publication : rien n'y est écrit à la main.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.analyse.methode_niveaux import (
    NiveauAbsent,
    NiveauxPublies,
    list_absents,
    list_publies,
    list_sources,
)
from observatoire.analyse.methode_preuves import ControleLu, check_controles, read_periode_denominateur, write_exemple
from observatoire.analyse.methode_regles import (
    lower_initiale,
    write_absence,
    write_agregation,
    write_dessin,
    write_formule,
    write_secret,
    write_sens,
    write_seuil,
)
from observatoire.analyse.resumes import write_age
from observatoire.catalogue.proches import normalise
from observatoire.modeles.indicateurs import Indicateur, Nature, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode

if TYPE_CHECKING:
    from datetime import date

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.sources import Source

_NOMBRE_NOMME = 4


@dataclass(frozen=True)
class SourceFiche:
    """Source d'un indicateur.

    Attributes:
        roles: ce qu'elle donne : mesure, dénominateur, pondération.
        annees: années livrées.
        geographies: millésimes du code officiel géographique de ses fichiers, s'ils sont connus.
    """

    libelle: str
    producteur: str
    roles: tuple[str, ...]
    licence: str
    url: str
    annees: tuple[str, ...]
    geographies: tuple[str, ...]
    rythme: str


@dataclass(frozen=True)
class Lien:
    """Indicateur cité par un autre."""

    id: str
    libelle: str


@dataclass(frozen=True)
class FicheMethode:
    """Fiche complète d'un indicateur ; tous les textes sont prêts à lire."""

    indicateur: Indicateur
    problematiques: tuple[Lien, ...]
    formule: str
    sens: str
    agregation: str
    niveaux: tuple[NiveauxPublies, ...]
    niveaux_absents: tuple[NiveauAbsent, ...]
    sources: tuple[SourceFiche, ...]
    secret: tuple[str, ...]
    seuil: str
    dessin: str
    precautions: tuple[tuple[str, str], ...]
    limites: tuple[str, ...]
    ressources: tuple[Lien, ...]
    besoins: tuple[Lien, ...]
    controles: tuple[ControleLu, ...]
    exemple: str


@dataclass(frozen=True)
class GroupeMethode:
    """Indicateurs rangés sous une problématique, par libellé."""

    id: str
    libelle: str
    indicateurs: tuple[Indicateur, ...]


def build_fiche_methode(
    consultation: Consultation, identifiant: str, aujourdhui: date, departement: str = ""
) -> FicheMethode:
    """Compose la fiche d'un indicateur.

    Args:
        consultation: publication ouverte.
        identifiant: indicateur voulu.
        aujourdhui: jour de lecture, pour dire l'âge de la donnée.
        departement: territoire sur lequel lire la phrase d'exemple, s'il a une valeur.

    Raises:
        AppelError: l'indicateur n'existe pas ; le message propose le plus proche.
    """
    catalogue, indicateur = consultation.catalogue, consultation.find_indicateur(identifiant)
    sources = list_sources(catalogue, indicateur)
    precautions = dict.fromkeys((*indicateur.precautions, *(p for s in sources for p in s.precautions)))
    return FicheMethode(
        indicateur=indicateur,
        problematiques=tuple(Lien(p, catalogue.problematiques[p].libelle) for p in indicateur.problematiques),
        formule=write_formule(catalogue, indicateur),
        sens=write_sens(indicateur),
        agregation=write_agregation(catalogue, indicateur),
        niveaux=list_publies(consultation, indicateur),
        niveaux_absents=list_absents(consultation, indicateur),
        sources=tuple(_describe_source(consultation, indicateur, s) for s in sources),
        secret=write_secret(catalogue.secrets[indicateur.secret]),
        seuil=write_seuil(catalogue, indicateur),
        dessin=write_dessin(indicateur),
        precautions=tuple((catalogue.precautions[p].libelle, catalogue.precautions[p].texte) for p in precautions),
        limites=_list_limites(consultation, indicateur, sources, aujourdhui, departement),
        ressources=tuple(_link(catalogue.indicateurs[r]) for r in indicateur.ressources_liees),
        besoins=tuple(_link(i) for i in catalogue.indicateurs.values() if indicateur.id in i.ressources_liees),
        controles=check_controles(consultation, indicateur),
        exemple=write_exemple(consultation, indicateur, departement),
    )


def list_groupes(
    consultation: Consultation, *, problematique: str = "", nature: str = "", cherche: str = ""
) -> tuple[GroupeMethode, ...]:
    """Indicateurs du catalogue par problématique, filtrés.

    Sans problématique choisie, chacun est rangé sous sa première : il n'est listé qu'une fois.

    Args:
        consultation: publication ouverte.
        problematique: problématique à garder seule.
        nature: nature à garder seule.
        cherche: mots qui doivent tous se trouver dans la fiche ou le nom de ses sources.
    """
    catalogue = consultation.catalogue
    mots = normalise(cherche).split("_")
    groupes = []
    for theme in sorted(catalogue.problematiques.values(), key=lambda p: p.ordre):
        if problematique and theme.id != problematique:
            continue
        gardes = tuple(
            i
            for i in catalogue.by_problematique(theme.id, Nature(nature) if nature in set(Nature) else None)
            if (problematique or i.problematiques[0] == theme.id) and _has_mots(consultation, i, mots)
        )
        if gardes:
            groupes.append(GroupeMethode(theme.id, theme.libelle, gardes))
    return tuple(groupes)


def _has_mots(consultation: Consultation, indicateur: Indicateur, mots: list[str]) -> bool:
    sources = list_sources(consultation.catalogue, indicateur)
    textes = (indicateur.libelle, indicateur.libelle_court, indicateur.definition, indicateur.champ)
    noms = (f"{s.libelle} {s.producteur}" for s in sources)
    texte = normalise(" ".join((*textes, *noms)))
    return all(mot in texte for mot in mots)


def _link(indicateur: Indicateur) -> Lien:
    return Lien(indicateur.id, indicateur.libelle)


def _describe_source(consultation: Consultation, indicateur: Indicateur, source: Source) -> SourceFiche:
    noms = ("mesure", "dénominateur", "pondération")
    variables = (indicateur.numerateur, indicateur.denominateur, indicateur.poids)
    manifestes = (consultation.manifestes.get(livraison.fichier) for livraison in source.livraisons)
    return SourceFiche(
        libelle=source.libelle,
        producteur=source.producteur,
        roles=tuple(nom for nom, v in zip(noms, variables, strict=True) if v and v in source.variables),
        licence=source.licence,
        url=source.url,
        annees=tuple(dict.fromkeys(livraison.periode for livraison in source.livraisons)),
        geographies=tuple(
            sorted({m.millesime_geographique for m in manifestes if m is not None and m.millesime_geographique})
        ),
        rythme=source.rythme,
    )


def _list_limites(
    consultation: Consultation,
    indicateur: Indicateur,
    sources: tuple[Source, ...],
    aujourdhui: date,
    departement: str,
) -> tuple[str, ...]:
    periodes = sorted(
        {p for m in consultation.list_mailles(indicateur.id) for p in consultation.list_periodes(indicateur.id, m)}
    )
    limites = [_write_couverts(consultation, s) for s in sources if s.departements]
    if not periodes:
        limites.append("Aucune valeur n'est publiée : la fiche existe, ses données manquent.")
    elif len(periodes) == 1 and indicateur.type_mesure is not TypeMesure.EVOLUTION:
        limites.append(
            f"Une seule période est publiée ({format_periode(periodes[0])}){INSECABLE}: rien n'est dit de l'évolution."
        )
    if periodes and write_age(periodes[-1], aujourdhui):
        annee = int(periodes[-1][-4:]) if periodes[-1][-4:].isdigit() else int(periodes[-1][:4])
        limites.append(
            f"La donnée la plus récente a {format_nombre(aujourdhui.year - annee)} ans : elle ne décrit pas l'état "
            "présent."
        )
    mesuree, autre = read_periode_denominateur(consultation, indicateur, departement)
    if autre and autre != mesuree and indicateur.type_mesure is not TypeMesure.EVOLUTION:
        variable = indicateur.denominateur or indicateur.poids
        quoi = lower_initiale(consultation.catalogue.variable(variable).libelle) if variable else "dénominateur"
        limites.append(
            f"Deux périodes : {format_periode(mesuree)} pour la mesure, {format_periode(autre)} pour «{INSECABLE}"
            f"{quoi}{INSECABLE}»."
        )
    limites.append(write_absence(consultation.catalogue, indicateur))
    return tuple(limites)


def _write_couverts(consultation: Consultation, source: Source) -> str:
    codes = set(consultation.territoires.departements().code)
    noms = [consultation.territoires.libelle(Maille.DEPARTEMENT, c) for c in source.departements if c in codes]
    liste = ", ".join(noms[:_NOMBRE_NOMME]) + ("…" if len(noms) > _NOMBRE_NOMME else "")
    nombre = len(source.departements)
    quoi = f"{format_nombre(nombre)} départements ({liste})" if nombre > 1 else liste or source.departements[0]
    return f"La source ne couvre que {quoi} : ailleurs, la carte dit « sans donnée »."
