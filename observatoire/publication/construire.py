"""Construire : des livraisons à une publication courante, d'une seule traite et sans effet à demi."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.calculs.niveaux import attach_zonages
from observatoire.catalogue.fige import save_catalogue_fige
from observatoire.config import Espace
from observatoire.ingestion.ecriture import save_variables
from observatoire.ingestion.pipeline import Ingestion, ingest
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.publication.actifs import list_actives, load_catalogue_actif
from observatoire.publication.attente import list_variables, split_en_attente
from observatoire.publication.corrections import hide_masquees, list_corrections
from observatoire.publication.droits import Role, check_droit, load_regles
from observatoire.publication.empreinte import compute_empreinte
from observatoire.publication.fonds import fonds_en_parallele, freeze_index
from observatoire.publication.reprise import ecrivain, inscribe_publication
from observatoire.publication.tables import build_liens, build_territoires
from observatoire.registres.base import Registres
from observatoire.registres.cle import hide_manifeste
from observatoire.registres.depots import Depot, StatutDepot
from observatoire.registres.journal import Ecriture, hide_ancre, read
from observatoire.secret.diffuser import diffuse
from observatoire.secret.porte import Porte, check_catalogue, find_exacts
from observatoire.store.corrections import COLONNES, write_corrections
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import (
    LivraisonActive,
    Publication,
    current_id,
    list_publications,
    load_publication,
    save_publication,
    switch_publication,
)
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages_fichiers import open_referentiel

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
        en_attente: indicateurs dont une source n'a encore rien livré.
    """

    publication: Publication
    neuve: bool
    anomalies: tuple[Anomalie, ...]
    en_attente: tuple[str, ...] = ()


@dataclass(frozen=True)
class Auteur:
    """Qui publie, pourquoi et quand ; ``ecriture`` est la ligne de journal à inscrire."""

    ecriture: Ecriture
    instant: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


def count_etapes(espace: Espace) -> int:
    """Nombre d'appels que ``construire`` fera à sa progression."""
    catalogue, _attente = split_en_attente(load_catalogue_actif(espace, list_actives(espace)))
    return len(catalogue.sources) + len(catalogue.indicateurs) + ETAPES_FIXES


def construire(espace: Espace, progression: Progression, *, auteur: str, motif: str, force: bool = False) -> Resultat:
    """Construit l'entrepôt et bascule la publication courante ; ne fait rien si rien n'a changé.

    Les dépôts de la publication courante restent employés ; un brouillon ne change rien. La publication
    courante n'est remplacée qu'une fois la nouvelle entièrement écrite.

    Args:
        espace: espace de travail.
        progression: appelée à chaque étape avec son nom.
        auteur: identifiant pseudonyme.
        motif: raison de la publication.
        force: reconstruit même si rien n'a changé.

    Raises:
        CatalogueError: le catalogue est fautif ; la publication courante reste en place.
        DroitError: l'auteur n'a pas le rôle voulu.
        EspaceOccupeError: un autre écrivain tient l'espace.
        SourceError: une livraison manque ou a changé.
    """
    # Charger d'abord : une fiche fautive se dit, même si rien d'autre n'a changé.
    actives = list_actives(espace)
    load_catalogue_actif(espace, actives)
    if not force and (courante := _find_identique(espace, compute_empreinte(espace, actives))):
        return Resultat(courante, neuve=False, anomalies=(), en_attente=tuple(courante.en_attente))
    role = check_droit(load_regles(espace), auteur, Role.VALIDEUR, "construire")
    with ecrivain(espace, auteur=auteur, geste="construction") as registres:
        ecriture = Ecriture(auteur, str(role), "construction", motif)
        return build_et_basculer(espace, registres, progression, Auteur(ecriture), list_actives(espace))


def build_et_basculer(
    espace: Espace,
    registres: Registres,
    progression: Progression,
    auteur: Auteur,
    actives: Sequence[LivraisonActive],
    *,
    depots: Sequence[Depot] = (),
    remplaces: Sequence[str] = (),
    retires: Sequence[str] = (),
) -> Resultat:
    """Construit une publication avec ces dépôts, la met en ligne, l'inscrit ; à appeler sous le verrou.

    Args:
        espace: espace de travail.
        registres: registres ouverts.
        progression: appelée à chaque étape avec son nom.
        auteur: qui publie, et la ligne de journal à inscrire.
        actives: dépôts à employer, dans l'ordre.
        depots: dépôts que l'on publie : leurs corrections sont gardées.
        remplaces: dépôts qu'il remplace.
        retires: dépôts que l'on retire.
    """
    catalogue, attente = split_en_attente(load_catalogue_actif(espace, actives))
    referentiel = open_referentiel(espace)
    catalogue = attach_zonages(catalogue, referentiel)
    journal = _Journal.open(espace, registres, auteur, actives)
    with fonds_en_parallele(espace, referentiel) as attendre_fonds:
        publication, anomalies = _construire(espace, catalogue, referentiel, progression, attendre_fonds, journal)
    publication = replace(publication, en_attente=list(attente))
    progression("Publication")
    precedente = load_publication(espace) if current_id(espace) else None
    nouvelles = [_list_corrections(espace, catalogue, d, precedente, publication, auteur) for d in depots]
    write_corrections(
        espace,
        publication.id,
        precedente=precedente.id if precedente else None,
        depots=[a.depot for a in actives],
        nouvelles=pd.concat(nouvelles) if nouvelles else pd.DataFrame(columns=COLONNES),
        masquer=lambda corrections: hide_masquees(espace, publication.id, corrections),
    )
    save_publication(espace, publication)
    switch_publication(espace, publication.id)
    sortis = dict.fromkeys(remplaces, StatutDepot.REMPLACE) | dict.fromkeys(retires, StatutDepot.RETIRE)
    inscribe_publication(registres, publication, auteur.ecriture, sortis)
    return Resultat(publication, neuve=True, anomalies=anomalies, en_attente=attente)


def _list_corrections(
    espace: Espace,
    catalogue: Catalogue,
    depot: Depot,
    precedente: Publication | None,
    publication: Publication,
    auteur: Auteur,
) -> pd.DataFrame:
    touches = {i for i in catalogue.indicateurs if _is_fed(catalogue, i, depot.source)}
    motif = auteur.ecriture.motif
    return list_corrections(espace, depot, precedente, publication, indicateurs=touches, motif=motif)


def _is_fed(catalogue: Catalogue, indicateur: str, source: str) -> bool:
    variables = list_variables(catalogue.indicateurs[indicateur])
    return any(catalogue.source_of(v).id == source for v in variables)


@dataclass(frozen=True)
class _Journal:
    """Ce qu'une publication retient d'elle-même, décidé avant de construire."""

    auteur: str
    motif: str
    empreinte: str
    instant: dt.datetime
    publication: str
    actives: list[LivraisonActive]
    derniere: dict[str, int | str]

    @classmethod
    def open(cls, espace: Espace, registres: Registres, auteur: Auteur, actives: Sequence[LivraisonActive]) -> _Journal:
        empreinte = compute_empreinte(espace, actives)
        lignes = read(registres, derniers=1)
        derniere: dict[str, int | str] = (
            {"numero": lignes[0].numero, "empreinte": hide_ancre(registres, lignes[0].empreinte)} if lignes else {}
        )
        return cls(
            auteur=auteur.ecriture.auteur,
            motif=auteur.ecriture.motif,
            empreinte=empreinte,
            instant=auteur.instant,
            publication=_make_identifiant(espace, auteur.instant, empreinte),
            actives=list(actives),
            derniere=derniere,
        )

    def to_dict(self) -> dict[str, str]:
        return {
            "auteur": self.auteur,
            "motif": self.motif,
            "empreinte": self.empreinte,
            "publication": self.publication,
        }


def _make_identifiant(espace: Espace, instant: dt.datetime, empreinte: str) -> str:
    """Identifiant unique, rangé après tous les autres : deux publications d'une même seconde se suivent."""
    derniere = max(list_publications(espace), default="")
    while (date := f"{instant:%Y%m%d-%H%M%S}") <= derniere[: len("AAAAMMJJ-HHMMSS")]:
        instant += dt.timedelta(seconds=1)
    return f"{date}-{empreinte[:8]}"


def _construire(
    espace: Espace,
    catalogue: Catalogue,
    referentiel: Referentiel,
    progression: Progression,
    attendre_fonds: Callable[[], None],
    journal: _Journal,
) -> tuple[Publication, tuple[Anomalie, ...]]:
    ingestion = ingest(espace, catalogue, referentiel, progression)
    exacts = find_exacts(ingestion.variables, ingestion.manifestes)
    check_catalogue(catalogue, exacts)
    progression("Socle")
    motif = journal.to_dict()
    versions = {"variables": save_variables(espace, ingestion.variables, motif=motif)}
    moteur = Moteur(catalogue, referentiel, ingestion.variables, ingestion.rattachements, exacts)
    # Le moteur est désormais seul à tenir les variables : il les rendra quand il aura fini.
    ingestion = replace(ingestion, variables=ingestion.variables.iloc[:0])
    # Tout ce qui est exact se protège d'un bloc, avant d'écrire quoi que ce soit.
    porte = Porte.open(espace, catalogue, moteur, exacts, progression=progression if exacts else None)
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
        porte.clear()
        progression("Fonds de carte")
        attendre_fonds()

    versions |= diffuse(espace, observations(), tables, porte=porte, publication=journal.publication, motif=motif)
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
        livraisons=journal.actives,
        journal=journal.derniere,
    )
    return publication, (*ingestion.anomalies, *porte.anomalies)


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
    recente = tout[tout.periode == max(tout.periode.unique(), default="")]
    return recente.set_index(["maille", "code_territoire"]).valeur


def _list_periodes(observations: pd.DataFrame) -> dict[str, list[str]]:
    avec_valeur = observations[observations.valeur.notna() | (observations.statut == "secret")]
    groupes = avec_valeur.groupby("maille", observed=True).periode.unique()
    return {str(m): sorted(p) for m, p in groupes.items()}


def _write_annexes(espace: Espace, catalogue: Catalogue, ingestion: Ingestion, identifiant: str) -> None:
    """Fige à côté de la publication le catalogue, et les manifestes tels qu'on peut les montrer."""
    espace.publications.mkdir(parents=True, exist_ok=True)
    save_catalogue_fige(catalogue, espace.publications / f"{identifiant}.catalogue")
    publics = {f: hide_manifeste(espace.racine, m, f) for f, m in ingestion.manifestes.items()}
    manifestes = {f: m.model_dump(mode="json") for f, m in publics.items()}
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
