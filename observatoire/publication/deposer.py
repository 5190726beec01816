"""Déposer : contrôler un fichier reçu, puis en sceller les octets et en préparer le brouillon.

Le contrôle vient avant toute écriture. Un fichier de données individuelles ne laisse rien : ni octets, ni nom,
ni valeur ; le journal garde le motif, la colonne et le nombre de lignes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from observatoire.catalogue.proches import find_proche
from observatoire.config import Espace
from observatoire.errors import AppelError
from observatoire.modeles.livraisons import Confidentialite, Manifeste, NatureDepot
from observatoire.modeles.lots import RapportLivraison
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.publication.actifs import list_actives, load_catalogue_actif
from observatoire.publication.brouillons import has_brouillon, read_rapport, write_brouillon
from observatoire.publication.droits import Role, check_droit, load_regles
from observatoire.publication.nature import NatureDeduite, guess_nature
from observatoire.publication.precedents import build_precedents, hide_exactes
from observatoire.publication.reprise import ecrivain, inscribe
from observatoire.publication.scelle import compute_sha256, make_identifiant, prepare_scelle, seal
from observatoire.publication.verrou import read_occupant
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, StatutDepot, hide_depot, list_depots
from observatoire.registres.journal import Ecriture
from observatoire.store.publications import current_id, load_publication
from observatoire.territoires.referentiel import Referentiel

_DEJA_LA = (StatutDepot.BROUILLON, StatutDepot.APPROUVE, StatutDepot.PUBLIE)
ETAPES = ("Lecture et contrôle", "Comparaison avec ce qui est en ligne", "Scellé", "Brouillon")
"""Étapes annoncées à la progression."""


@dataclass(frozen=True)
class ResultatDepot:
    """Ce qu'un dépôt a fait.

    Attributes:
        depot: dépôt inscrit ; ``None`` pour un fichier de données individuelles, dont rien n'est gardé.
        rapport: rapport complet du contrôle (``lots`` vides si le dépôt existait déjà).
        deja_depose: vrai si ces octets étaient déjà déposés ; ``depot`` est alors l'ancien.
        raison_nature: pourquoi cette nature (nouvelle période, remplace…).
    """

    depot: Depot | None
    rapport: RapportLivraison
    deja_depose: bool = False
    raison_nature: str = ""

    @property
    def accepte(self) -> bool:
        """Vrai si un brouillon attend (ou est déjà publié)."""
        return self.depot is not None and self.depot.statut is not StatutDepot.REFUSE


@dataclass(frozen=True)
class _Controle:
    """Fichier contrôlé, avec ce qu'il faut pour le déposer."""

    source: Source
    rapport: RapportLivraison
    en_ligne: pd.DataFrame


def controler(
    espace: Espace,
    chemin: Path,
    *,
    source: str,
    periode: str | None = None,
    maille: Maille | None = None,
    cog: str = "",
    confidentialite: Confidentialite = Confidentialite.OUVERTE,
) -> RapportLivraison:
    """Lit et contrôle un fichier, sans rien écrire.

    Raises:
        AppelError: la source ou le fichier n'existe pas.
    """
    return _controler(espace, chemin, source, _Dit(periode, maille, cog, confidentialite)).rapport


@dataclass(frozen=True)
class _Dit:
    """Ce que dit la personne qui dépose."""

    periode: str | None
    maille: Maille | None
    cog: str
    confidentialite: Confidentialite
    nature: NatureDepot | None = None


def deposer(  # noqa: PLR0913 -- un argument par question posée à qui dépose
    espace: Espace,
    chemin: Path,
    *,
    source: str,
    auteur: str,
    motif: str,
    periode: str | None = None,
    maille: Maille | None = None,
    cog: str = "",
    nature: NatureDepot | None = None,
    confidentialite: Confidentialite = Confidentialite.OUVERTE,
    progression: Callable[[str], None] | None = None,
) -> ResultatDepot:
    """Contrôle un fichier, le scelle et en prépare le brouillon ; rien n'est en ligne avant ``publier``.

    Args:
        espace: espace de travail.
        chemin: fichier reçu.
        source: identifiant de la source déclarée.
        auteur: identifiant pseudonyme ; son rôle se lit dans ``espace.yaml``.
        motif: raison du dépôt.
        periode: période du fichier ; à défaut, celle qu'il porte.
        maille: niveau des lignes ; à défaut, celui de la source.
        cog: année du code officiel géographique ; à défaut, reconnue.
        nature: ce que le dépôt fait de ce qui est en ligne ; à défaut, déduite et dite.
        confidentialite: régime de la livraison.
        progression: appelée à chaque étape (``ETAPES``).

    Raises:
        AppelError: la source ou le fichier n'existe pas, ou l'auteur n'est pas un identifiant.
        DroitError: l'auteur n'a pas le rôle voulu.
        EspaceOccupeError: un autre écrivain tient l'espace.
        SourceError: le fichier a changé pendant son dépôt.
    """
    avancer = progression or (lambda _etape: None)
    role = check_droit(load_regles(espace), auteur, Role.CONTRIBUTEUR, "déposer")
    if (occupant := read_occupant(espace)) is not None:
        raise occupant
    _check_fichier(chemin)
    registres = open_registres(espace)
    sha256, taille = compute_sha256(chemin), chemin.stat().st_size
    deja = list_depots(registres, source=source, sha256=sha256, statuts=_DEJA_LA)
    if (ancien := _find_deja([d for d in deja if _may_know(d, auteur, role)], periode, maille)) is not None:
        rapport = read_rapport(espace, ancien.id) if has_brouillon(espace, ancien.id) else _empty_rapport(ancien)
        return ResultatDepot(ancien, rapport, deja_depose=True)
    avancer(ETAPES[0])
    dit = _Dit(periode, maille, cog, confidentialite, nature)
    controle = _controler(espace, chemin, source, dit)
    ecriture = Ecriture(auteur=auteur, role=str(role), geste="depot", motif=motif)
    if controle.rapport.quarantaine:
        _journal_quarantaine(espace, ecriture, controle.rapport)
        return ResultatDepot(None, controle.rapport)
    from observatoire.ingestion.vers_socle import lots_to_variables

    avancer(ETAPES[1])
    lots = tuple(sorted({(lot.periode, str(lot.maille)) for lot in controle.rapport.lots}))
    variables = lots_to_variables(controle.rapport.lots, controle.source, livraison=chemin.name)
    deduite = guess_nature(lots, controle.en_ligne, variables, zero_si_absent=controle.source.zero_si_absent)
    deduite = deduite if nature is None else NatureDeduite(nature, "dite au dépôt")
    geographie = next((lot.cog for lot in controle.rapport.lots), cog)
    with ecrivain(espace, auteur=auteur, geste="dépôt"):
        pris = {d.id for d in list_depots(registres)}
        identifiant, date = make_identifiant(espace, source, sha256, pris, confidentialite)
        depot = Depot(
            id=identifiant,
            source=source,
            fichier=chemin.name,
            sha256=sha256,
            taille=taille,
            lots=lots,
            cog=geographie,
            confidentialite=confidentialite,
            nature=deduite.nature,
            auteur=auteur,
            motif=motif,
            deposee_le=date,
            statut=StatutDepot.REFUSE if controle.rapport.refusee else StatutDepot.DEPOSE,
            rapport=summarize_rapport(controle.rapport),
        )
        montre = hide_depot(espace.racine, depot)
        ecriture = replace(ecriture, depot=depot.id, sha256=montre["sha256"], details=_describe(depot, montre))
        if controle.rapport.refusee:
            inscribe(registres, replace(ecriture, geste="refus"), nouveau=depot)
            return ResultatDepot(depot, controle.rapport)
        avancer(ETAPES[2])
        prepare = prepare_scelle(espace, depot, chemin, _make_manifeste(depot, controle))
        avancer(ETAPES[3])
        # Le socle citera le fichier scellé, non le nom sous lequel il est arrivé.
        variables["livraison"] = pd.Categorical.from_codes(
            np.zeros(len(variables), np.int8), categories=pd.Index([depot.chemin])
        )
        # Inscrit avant d'être en place : un arrêt entre les deux laisse de quoi achever, ou refuser.
        inscribe(registres, replace(ecriture, geste="depot_commence"), nouveau=depot)
        write_brouillon(espace, depot.id, variables, controle.rapport)
        seal(espace, depot, prepare)
        inscribe(registres, ecriture, statuts={depot.id: StatutDepot.BROUILLON})
    return ResultatDepot(replace(depot, statut=StatutDepot.BROUILLON), controle.rapport, raison_nature=deduite.raison)


def summarize_rapport(rapport: RapportLivraison) -> dict[str, Any]:
    """Résumé d'un rapport sans aucune valeur reçue : comptes par règle, gravité et colonne."""
    comptes = Counter((a.code, str(a.gravite), a.colonne or "") for a in rapport.anomalies)
    return {
        "lignes_lues": rapport.lignes_lues,
        "lignes_retenues": rapport.lignes_retenues,
        "reconnu": dict(rapport.reconnu),
        "anomalies": [
            {"code": code, "gravite": gravite, "colonne": colonne, "nombre": nombre}
            for (code, gravite, colonne), nombre in sorted(comptes.items())
        ],
        "codes_ecartes": len(rapport.ecartes),
        "lignes_ecartees": sum(e.nombre for e in rapport.ecartes),
    }


def _controler(espace: Espace, chemin: Path, identifiant: str, dit: _Dit) -> _Controle:
    # L'ingestion lit des classeurs, des couches… : elle ne se charge que pour s'en servir.
    from observatoire.ingestion.livraison import Demande, read_livraison
    from observatoire.ingestion.relecture import load_variables

    _check_fichier(chemin)
    catalogue = load_catalogue_actif(espace, list_actives(espace))
    if identifiant not in catalogue.sources:
        proche = find_proche(identifiant, catalogue.sources)
        suite = f" Vouliez-vous dire « {proche} » ?" if proche else ""
        msg = (
            f"La source « {identifiant} » n'est pas déclarée.{suite} « livraison proposer » en rédige "
            "la déclaration d'après le fichier."
        )
        raise AppelError(msg)
    source = catalogue.sources[identifiant]
    publication = load_publication(espace) if current_id(espace) else None
    version = publication.versions.get("variables") if publication else None
    en_ligne = load_variables(espace, version=version, variables=source.variables)
    en_ligne = hide_exactes(espace, publication, en_ligne)
    demande = Demande(
        periode=dit.periode or "",
        maille=dit.maille,
        cog=dit.cog,
        confidentialite=dit.confidentialite,
        precedents=build_precedents(en_ligne, source, dit.periode or "", dit.nature),
    )
    rapport = read_livraison(chemin, source, Referentiel(espace.referentiel), demande)
    return _Controle(source, rapport, en_ligne)


def _check_fichier(chemin: Path) -> None:
    if not chemin.is_file():
        msg = f"Le fichier « {chemin.name} » n'existe pas ({chemin.parent}). Donnez le chemin d'un fichier."
        raise AppelError(msg)


def _find_deja(deja: list[Depot], periode: str | None, maille: Maille | None) -> Depot | None:
    """Dépôt des mêmes octets, pour la même période, encore utile."""
    for depot in deja:
        if (not periode or depot.periodes == (periode,)) and (maille is None or depot.mailles == (str(maille),)):
            return depot
    return None


def _may_know(ancien: Depot, auteur: str, role: Role) -> bool:
    """Vrai si l'on peut dire qu'un fichier est déjà là : d'effectifs exacts, ce serait en confirmer le contenu."""
    exacte = ancien.confidentialite is Confidentialite.CONVENTION
    return not exacte or role is Role.VALIDEUR or ancien.auteur == auteur


def _journal_quarantaine(espace: Espace, ecriture: Ecriture, rapport: RapportLivraison) -> None:
    details = {"source": rapport.source, "motifs": list(rapport.quarantaine), "lignes": rapport.lignes_lues}
    # Le motif tapé par qui dépose pourrait nommer quelqu'un : il n'est pas gardé non plus.
    refus = replace(ecriture, geste="quarantaine", motif="données individuelles : rien n'a été gardé", details=details)
    with ecrivain(espace, auteur=ecriture.auteur, geste="refus d'un dépôt") as registres:
        inscribe(registres, refus)


def _describe(depot: Depot, montre: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": depot.source,
        "nature": str(depot.nature),
        "lots": [list(lot) for lot in depot.lots],
        "cog": depot.cog,
        "confidentialite": str(depot.confidentialite),
        "taille": montre["taille"],
        "rapport": montre["rapport"],
    }


def _make_manifeste(depot: Depot, controle: _Controle) -> Manifeste:
    source = controle.source
    return Manifeste(
        source=source.id,
        fichier=depot.fichier,
        producteur=source.producteur,
        titre=source.libelle,
        licence=source.licence,
        url=source.url,
        millesime=", ".join(depot.periodes),
        millesime_geographique=depot.cog,
        date_extraction=dt.datetime.fromisoformat(depot.deposee_le).date().isoformat(),
        sha256=depot.sha256,
        confidentialite=depot.confidentialite,
        lignes=controle.rapport.lignes_lues,
        notes=("Données fictives d'exercice.",) if source.fictif else (),
    )


def _empty_rapport(depot: Depot) -> RapportLivraison:
    return RapportLivraison(
        depot.fichier,
        depot.source,
        lignes_lues=int(depot.rapport.get("lignes_lues", 0)),
        lignes_retenues=int(depot.rapport.get("lignes_retenues", 0)),
        reconnu=dict(depot.rapport.get("reconnu", {})),
    )
