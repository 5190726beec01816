"""Notice d'un fichier : ce qu'il faut savoir pour le lire loin de sa page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from observatoire.analyse.methode_niveaux import list_sources
from observatoire.analyse.methode_regles import write_formule
from observatoire.modeles.nombres import INSECABLE, format_date, format_periode
from observatoire.modeles.statuts import DESCRIPTIONS, Statut

if TYPE_CHECKING:
    from observatoire.analyse.articles import NomTerritoire
    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.modeles.mailles import Maille
    from observatoire.modeles.sources import Source

CASE_VIDE = "Une case vide n'est jamais un zéro : la colonne « statut » dit pourquoi rien n'y est écrit."


class Rubrique(NamedTuple):
    """Une ligne de la notice ; ``titre`` est vide pour la suite d'une rubrique."""

    titre: str
    texte: str


@dataclass(frozen=True)
class Sujet:
    """Carte dont la notice parle.

    Attributes:
        indicateur: fiche de ce qui est montré ; en nombre, celle du compte.
        maille: niveau.
        periode: période.
        nom: territoire couvert.
        phrase: phrase de tête.
        observatoire: nom de l'observatoire.
        lien: adresse durable de la carte.
    """

    indicateur: Indicateur
    maille: Maille
    periode: str
    nom: NomTerritoire
    phrase: str = ""
    observatoire: str = ""
    lien: str = ""

    @property
    def titre(self) -> str:
        """Titre complet : libellé, niveau, territoire, période."""
        return f"{self.indicateur.libelle}, {self.maille.libelle_pluriel} {self.nom.du_territoire}, {self.quand}"

    @property
    def quand(self) -> str:
        """Période en toutes lettres."""
        return format_periode(self.periode)


def write_notice(consultation: Consultation, sujet: Sujet, statuts: tuple[Statut, ...] = ()) -> list[Rubrique]:
    """Notice complète : titre, définition, source, licence, précautions, publication, adresse, signes.

    Args:
        consultation: publication ouverte.
        sujet: carte.
        statuts: statuts présents dans le tableau, à expliquer.
    """
    indicateur, catalogue = sujet.indicateur, consultation.catalogue
    sources = list_sources(catalogue, indicateur)
    publication = consultation.publication
    jour = format_date(datetime.fromisoformat(publication.date))
    rubriques = [
        Rubrique("Titre", sujet.titre),
        Rubrique("En une phrase", sujet.phrase),
        Rubrique("Définition", indicateur.definition),
        Rubrique("Calcul", write_formule(catalogue, indicateur)),
        Rubrique("Champ", indicateur.champ),
        Rubrique("Unité", indicateur.unite),
        Rubrique("Source", consultation.describe_source(indicateur, sujet.periode).removeprefix("Source : ")),
        *_continue("Licence", [_write_licence(s) for s in sources]),
        *_continue("À savoir", _list_precautions(consultation, indicateur, sources)),
        *_continue("Signes", [CASE_VIDE, *(_explain(s) for s in statuts)]),
        Rubrique("Publication", f"{publication.id}, du {jour}"),
        Rubrique("Adresse", sujet.lien),
        Rubrique("Observatoire", sujet.observatoire),
    ]
    return [r for r in rubriques if r.texte]


def _continue(titre: str, textes: list[str]) -> list[Rubrique]:
    """Rubrique de plusieurs lignes : le titre n'est écrit qu'une fois."""
    return [Rubrique(titre if rang == 0 else "", texte) for rang, texte in enumerate(textes)]


def _write_licence(source: Source) -> str:
    adresse = f" ({source.url})" if source.url else ""
    return f"{source.producteur}, {source.libelle}{INSECABLE}: {source.licence}{adresse}"


def _list_precautions(consultation: Consultation, indicateur: Indicateur, sources: tuple[Source, ...]) -> list[str]:
    connues = consultation.catalogue.precautions
    identifiants = dict.fromkeys((*indicateur.precautions, *(p for s in sources for p in s.precautions)))
    return [f"{connues[p].libelle}. {connues[p].texte}" for p in identifiants if p in connues]


def _explain(statut: Statut) -> str:
    libelle, signe, explication = DESCRIPTIONS[statut]
    nom = f"{libelle} ({signe})" if signe else libelle
    return f"{nom[0].upper()}{nom[1:]}{INSECABLE}: {explication[0].lower()}{explication[1:]}"
