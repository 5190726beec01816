"""Consultation : une publication ouverte, lue par indicateur, par niveau, par territoire."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from observatoire.analyse.alignement import align_valeurs
from observatoire.analyse.corrections import Corrections, load_corrections
from observatoire.analyse.partenariat import find_attente, list_attentes, write_attente
from observatoire.analyse.territoires import Territoires
from observatoire.catalogue.fige import load_catalogue_fige
from observatoire.catalogue.proches import find_proche
from observatoire.config import Espace
from observatoire.errors import AppelError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.mailles import Maille
from observatoire.store.lecture import Lecteur
from observatoire.store.publications import Publication, current_id, load_publication

COLONNES_VALEURS = [
    "code_territoire", "libelle", "modalite", "valeur", "borne_inf", "borne_sup", "statut", "marques",
    "couverture", "numerateur", "denominateur", "periode_denominateur",
]  # fmt: skip


@dataclass(frozen=True)
class Consultation:
    """Publication ouverte en lecture ; immuable, elle peut être partagée entre sessions."""

    espace: Espace
    publication: Publication

    @cached_property
    def catalogue(self) -> Catalogue:
        """Catalogue tel qu'il a été publié."""
        return load_catalogue_fige(self.espace.publications / self.publication.catalogue)

    @cached_property
    def manifestes(self) -> dict[str, Manifeste]:
        """Manifeste de chaque livraison publiée."""
        chemin = self.espace.publications / f"{self.publication.id}.livraisons"
        return {f: Manifeste.model_validate(m) for f, m in json.loads(chemin.read_text("utf-8")).items()}

    @cached_property
    def territoires(self) -> Territoires:
        """Territoires publiés et leurs liens."""
        return Territoires(self._lecteur.read_table("territoires"), self._lecteur.read_table("liens"))

    @cached_property
    def ressources(self) -> pd.DataFrame:
        """Lieux publiés (``store.schema.RESSOURCES``)."""
        return self._lecteur.read_table("ressources")

    @cached_property
    def corrections(self) -> Corrections:
        """Chiffres que cette publication, ou une plus ancienne, a corrigés."""
        return load_corrections(self.espace, self.publication.id)

    @cached_property
    def _lecteur(self) -> Lecteur:
        return Lecteur(self.espace, self.publication.id)

    def find_indicateur(self, identifiant: str) -> Indicateur:
        """Fiche d'un indicateur publié.

        Raises:
            AppelError: il n'existe pas ; le message propose le plus proche.
        """
        try:
            return self.catalogue.indicateurs[identifiant]
        except KeyError:
            proche = find_proche(identifiant, self.catalogue.indicateurs)
            suite = f" Vouliez-vous dire « {proche} » ?" if proche else ""
            msg = f"L'indicateur « {identifiant} » n'existe pas dans le catalogue publié.{suite}"
            raise AppelError(msg) from None

    def list_mailles(self, indicateur: str) -> list[Maille]:
        """Niveaux où l'indicateur a au moins une valeur, du plus fin au plus large."""
        presentes = self.publication.indicateurs.get(indicateur, {})
        return [m for m in Maille if m in presentes]

    def list_periodes(self, indicateur: str, maille: Maille) -> list[str]:
        """Périodes publiées d'un indicateur à un niveau, la plus ancienne d'abord."""
        return self.publication.indicateurs.get(indicateur, {}).get(str(maille), [])

    def resolve_periode(self, indicateur: Indicateur, maille: Maille, periode: str | None = None) -> str:
        """Période demandée, ou la plus récente.

        Raises:
            AppelError: le niveau ou la période n'existent pas pour cet indicateur.
        """
        periodes = self.list_periodes(indicateur.id, maille)
        if not periodes:
            niveaux = ", ".join(self.list_mailles(indicateur.id)) or "aucun"
            msg = f"« {indicateur.id} » n'est pas publié au niveau « {maille} ». Niveaux publiés : {niveaux}."
            raise AppelError(msg)
        if periode is None:
            return periodes[-1]
        if periode not in periodes:
            msg = f"« {indicateur.id} » n'existe pas en « {periode} ». Périodes publiées : {', '.join(periodes)}."
            raise AppelError(msg)
        return periode

    def read_valeurs(
        self, indicateur: Indicateur, maille: Maille, periode: str, departement: str | None = None
    ) -> pd.DataFrame:
        """Valeurs d'un indicateur, un territoire au moins par ligne, triées par code.

        Un territoire sans observation a une ligne au statut ``non_disponible`` : l'absence se voit.

        Returns:
            Colonnes ``COLONNES_VALEURS``, et ``correction`` si un chiffre a été corrigé.
        """
        territoires = self.territoires.list_territoires(maille, departement)
        codes = territoires.code.tolist() if departement else None
        lues = self._lecteur.read_carte(indicateur.id, str(maille), periode, codes)
        valeurs = align_valeurs(territoires, lues)[COLONNES_VALEURS]
        return self._mark(valeurs, indicateur=indicateur.id, maille=str(maille), periode=periode)

    def read_valeur(self, indicateur: Indicateur, maille: Maille, periode: str, code: str) -> pd.DataFrame:
        """Valeur d'un seul territoire (plusieurs lignes pour une typologie, aucune si absente)."""
        lues = self._lecteur.read_carte(indicateur.id, str(maille), periode, [code])
        return self._mark(lues, indicateur=indicateur.id, maille=str(maille), periode=periode)

    def read_points(self, indicateur: Indicateur, periode: str, points: list[tuple[Maille, str]]) -> pd.DataFrame:
        """Valeurs de quelques territoires de niveaux différents, en une lecture (``maille`` en plus)."""
        lues = self._lecteur.read_points(indicateur.id, periode, [(str(m), c) for m, c in points])
        return self._mark(lues, indicateur=indicateur.id, periode=periode)

    def read_territoire(self, maille: Maille, code: str) -> pd.DataFrame:
        """Toutes les observations d'un territoire."""
        return self._mark(self._lecteur.read_territoire(str(maille), code))

    def read_etendues(self, maille: Maille, codes: list[str]) -> pd.DataFrame:
        """Étendue de chaque indicateur parmi des territoires d'un niveau (``Lecteur.read_etendues``)."""
        return self._lecteur.read_etendues(str(maille), codes)

    @cached_property
    def masquees(self) -> pd.DataFrame:
        """Valeurs masquées, par indicateur, niveau et période (``Lecteur.count_masquees``)."""
        return self._lecteur.count_masquees()

    def find_attente(self, indicateur: Indicateur) -> int:
        """Mois depuis lesquels une livraison d'une de ses sources est attendue ; 0 si aucune ne l'est."""
        return find_attente(self.catalogue, indicateur, self.attentes)

    @property
    def attentes(self) -> dict[str, int]:
        """Mois d'attente des sources dont l'échéance est passée (``choose_jour``)."""
        aujourdhui = read_aujourdhui()
        if aujourdhui not in self._attentes:
            jour = self.choose_jour(aujourdhui)
            self._attentes.clear()
            self._attentes[aujourdhui] = list_attentes(self.catalogue.sources.values(), self.manifestes, jour)
        return self._attentes[aujourdhui]

    def choose_jour(self, aujourdhui: dt.date) -> dt.date:
        """Jour où juger les livraisons attendues : aujourd'hui, ou celui d'une publication qui n'est plus en ligne.

        Ce qui est arrivé depuis une ancienne publication n'y est pas : elle ne peut rien en dire.
        """
        courante = current_id(self.espace) == self.publication.id
        return aujourdhui if courante else dt.datetime.fromisoformat(self.publication.date).date()

    @cached_property
    def _attentes(self) -> dict[dt.date, dict[str, int]]:
        return {}

    def _mark(self, valeurs: pd.DataFrame, **constantes: str) -> pd.DataFrame:
        return self.corrections.mark(valeurs, self.catalogue.indicateurs, **constantes)

    def describe_source(self, indicateur: Indicateur, periode: str) -> str:
        """Ligne de source d'une carte : producteur, titre, millésime, géographie."""
        return f"Source : {self.name_source(indicateur, periode)}. Géographie au 01/01/{self.publication.cog}."

    def name_source(self, indicateur: Indicateur, periode: str) -> str:
        """Producteurs, titre et millésime : « Insee, Populations légales des communes, 2023 ».

        Une livraison qui tarde y est dite : la source est écrite sous chaque carte, dans chaque fichier.
        """
        source = self.catalogue.sources[indicateur.source]
        producteurs = {
            self.catalogue.source_of(v).producteur
            for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids)
            if v
        }
        autres = sorted(producteurs - {source.producteur})
        # « revenus fiscaux localisés 2010 » dit déjà son année.
        millesime = () if source.libelle.endswith(periode) else (periode,)
        nom = ", ".join([source.producteur, *autres, source.libelle, *millesime])
        attente = write_attente(self.find_attente(indicateur))
        return f"{nom} ({attente[0].lower()}{attente[1:]})" if attente else nom


def read_aujourdhui() -> dt.date:
    """Jour de lecture."""
    return dt.datetime.now(dt.UTC).date()


def open_consultation(espace: Espace, publication: str | None = None) -> Consultation:
    """Ouvre une publication (la courante par défaut).

    Raises:
        PublicationError: aucune publication, ou identifiant inconnu.
    """
    return Consultation(espace, load_publication(espace, publication))
