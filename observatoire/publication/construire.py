"""Construire : des livraisons à une publication courante, d'une seule traite et sans effet à demi."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.catalogue.fige import save_catalogue_fige
from observatoire.catalogue.loader import load_catalogue
from observatoire.config import Espace
from observatoire.ingestion.ecriture import save_variables
from observatoire.ingestion.pipeline import Ingestion, ingest
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.publication.empreinte import compute_empreinte
from observatoire.publication.fonds import fonds_en_parallele, freeze_index
from observatoire.publication.tables import build_liens, build_territoires
from observatoire.secret.diffuser import diffuse
from observatoire.secret.porte import check_mode
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import (
    Publication,
    current_id,
    load_publication,
    save_publication,
    switch_publication,
)
from observatoire.territoires.referentiel import Referentiel

Progression = Callable[[str], None]
ETAPES_FIXES = 4
"""Étapes hors sources et indicateurs : socle, territoires, fonds de carte, publication."""


@dataclass(frozen=True)
class Resultat:
    """Ce qu'une construction a fait.

    Attributes:
        publication: publication désormais courante.
        neuve: faux si rien n'avait changé.
        anomalies: points à regarder dans les livraisons.
    """

    publication: Publication
    neuve: bool
    anomalies: tuple[Anomalie, ...]


def count_etapes(espace: Espace) -> int:
    """Nombre d'appels que ``construire`` fera à sa progression."""
    catalogue = load_catalogue(espace.dossiers_catalogue())
    return len(catalogue.sources) + len(catalogue.indicateurs) + ETAPES_FIXES


def construire(espace: Espace, progression: Progression, *, auteur: str, motif: str, force: bool = False) -> Resultat:
    """Construit l'entrepôt et bascule la publication courante ; ne fait rien si rien n'a changé.

    La publication courante n'est remplacée qu'une fois la nouvelle entièrement écrite.

    Args:
        espace: espace de travail.
        progression: appelée à chaque étape avec son nom.
        auteur: identifiant pseudonyme.
        motif: raison de la publication.
        force: reconstruit même si rien n'a changé.

    Raises:
        CatalogueError: le catalogue est fautif ; la publication courante reste en place.
        SourceError: une livraison manque ou a changé.
    """
    catalogue = load_catalogue(espace.dossiers_catalogue())
    empreinte = compute_empreinte(espace)
    if not force and (courante := _find_identique(espace, empreinte)):
        return Resultat(courante, neuve=False, anomalies=())
    referentiel = Referentiel(espace.referentiel)
    with fonds_en_parallele(espace, referentiel) as attendre_fonds:
        publication, anomalies = _construire(
            espace, catalogue, referentiel, progression, attendre_fonds, _Journal(auteur, motif, empreinte)
        )
    progression("Publication")
    save_publication(espace, publication)
    switch_publication(espace, publication.id)
    return Resultat(publication, neuve=True, anomalies=anomalies)


@dataclass(frozen=True)
class _Journal:
    auteur: str
    motif: str
    empreinte: str
    instant: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def publication(self) -> str:
        return f"{self.instant:%Y%m%d-%H%M%S}-{self.empreinte[:8]}"

    def to_dict(self) -> dict[str, str]:
        return {
            "auteur": self.auteur,
            "motif": self.motif,
            "empreinte": self.empreinte,
            "publication": self.publication,
        }


def _construire(
    espace: Espace,
    catalogue: Catalogue,
    referentiel: Referentiel,
    progression: Progression,
    attendre_fonds: Callable[[], None],
    journal: _Journal,
) -> tuple[Publication, tuple[Anomalie, ...]]:
    ingestion = ingest(espace, catalogue, referentiel, progression)
    for indicateur in catalogue.indicateurs.values():
        check_mode(catalogue, indicateur, ingestion.manifestes)
    progression("Socle")
    motif = journal.to_dict()
    versions = {"variables": save_variables(espace, ingestion.variables, motif=motif)}
    moteur = Moteur(catalogue, referentiel, ingestion.variables, ingestion.rattachements)
    # Le moteur est désormais seul à tenir les variables : il les rendra quand il aura fini.
    ingestion = replace(ingestion, variables=ingestion.variables.iloc[:0])
    periodes: dict[str, dict[str, list[str]]] = {}
    progression("Territoires")
    territoires = build_territoires(referentiel, _compute_population(moteur))
    tables = {
        "territoires": territoires,
        "liens": build_liens(referentiel),
        "ressources": ingestion.ressources,
    }

    def observations() -> Iterator[pd.DataFrame]:
        for indicateur in catalogue.indicateurs.values():
            progression(indicateur.libelle_court)
            tableau = moteur.compute(indicateur)
            periodes[indicateur.id] = _list_periodes(tableau)
            yield tableau
        moteur.clear()
        progression("Fonds de carte")
        attendre_fonds()

    versions |= diffuse(espace, observations(), tables, publication=journal.publication, motif=motif)
    identifiant = journal.publication
    fonds = freeze_index(espace, ingestion.ressources, identifiant)
    _write_annexes(espace, catalogue, ingestion, identifiant)
    publication = Publication(
        id=identifiant,
        date=journal.instant.isoformat(timespec="seconds"),
        cog=referentiel.cog,
        empreinte=journal.empreinte,
        auteur=journal.auteur,
        motif=journal.motif,
        versions=versions,
        fonds=fonds,
        catalogue=f"{identifiant}.catalogue",
        indicateurs=periodes,
    )
    return publication, ingestion.anomalies


def _compute_population(moteur: Moteur) -> pd.Series:
    """Population municipale la plus récente, par (maille, code)."""
    effectifs = (
        i
        for i in moteur.catalogue.indicateurs.values()
        if i.numerateur == POPULATION and i.type_mesure is TypeMesure.EFFECTIF
    )
    indicateur = next(effectifs, None)
    if indicateur is None:
        return pd.Series(dtype=float, index=pd.MultiIndex.from_arrays([[], []]))
    tout = moteur.compute(indicateur)
    recente = tout[tout.periode == tout.periode.max()]
    return recente.set_index(["maille", "code_territoire"]).valeur


def _list_periodes(observations: pd.DataFrame) -> dict[str, list[str]]:
    avec_valeur = observations[observations.valeur.notna() | (observations.statut == "secret")]
    groupes = avec_valeur.groupby("maille").periode.unique()
    return {str(m): sorted(p) for m, p in groupes.items()}


def _write_annexes(espace: Espace, catalogue: Catalogue, ingestion: Ingestion, identifiant: str) -> None:
    """Fige le catalogue et les manifestes à côté de la publication."""
    espace.publications.mkdir(parents=True, exist_ok=True)
    save_catalogue_fige(catalogue, espace.publications / f"{identifiant}.catalogue")
    manifestes = {f: m.model_dump(mode="json") for f, m in ingestion.manifestes.items()}
    (espace.publications / f"{identifiant}.livraisons").write_text(
        json.dumps(manifestes, ensure_ascii=False, sort_keys=True), "utf-8"
    )


def _find_identique(espace: Espace, empreinte: str) -> Publication | None:
    """Publication courante si elle vient des mêmes entrées et que ses données sont là."""
    identifiant = current_id(espace)
    if identifiant is None or not copies_dir(espace, identifiant).is_dir():
        return None
    courante = load_publication(espace)
    return courante if courante.empreinte == empreinte else None
