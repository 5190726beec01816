"""Publier un dépôt : l'approuver, reconstruire avec lui, basculer ; ou le rejeter, ou le retirer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from observatoire.config import Espace
from observatoire.errors import AppelError, PublicationError, SourceError
from observatoire.modeles.livraisons import Confidentialite
from observatoire.publication.actifs import add_active, build_active, list_actives
from observatoire.publication.brouillons import remove_brouillon
from observatoire.publication.construire import Auteur, Resultat, build_et_basculer
from observatoire.publication.droits import DroitError, Regles, Role, check_droit, load_regles
from observatoire.publication.reprise import ecrivain, inscribe
from observatoire.publication.scelle import is_sealed
from observatoire.registres.base import Registres
from observatoire.registres.cle import make_empreinte
from observatoire.registres.depots import Depot, StatutDepot, find_depot
from observatoire.registres.journal import Ecriture, read
from observatoire.store.publications import LivraisonActive


def approuver(espace: Espace, depot_id: str, *, auteur: str, motif: str = "") -> Depot:
    """Approuve un brouillon ; avec le double visa, l'auteur n'est pas celui du dépôt.

    Raises:
        AppelError: le dépôt n'existe pas.
        DroitError: rôle insuffisant, ou même personne.
        PublicationError: ce n'est pas un brouillon.
    """
    regles = load_regles(espace)
    role = check_droit(regles, auteur, Role.VALIDEUR, "approuver")
    with ecrivain(espace, auteur=auteur, geste="approbation") as registres:
        depot = find_depot(registres, depot_id)
        if depot.statut is not StatutDepot.BROUILLON:
            msg = f"Le dépôt « {depot.id} » est {depot.statut.libelle} : seul un brouillon s'approuve."
            raise PublicationError(msg)
        if regles.double_visa and auteur == depot.auteur:
            msg = f"« {auteur} » a fait ce dépôt : le double visa demande l'approbation d'une autre personne."
            raise DroitError(msg)
        ecriture = _ecriture(espace, auteur, role, "approbation", motif, depot)
        inscribe(registres, ecriture, statuts={depot.id: StatutDepot.APPROUVE}, approuve_par=auteur)
    return replace(depot, statut=StatutDepot.APPROUVE, approuve_par=auteur)


def publier(
    espace: Espace,
    depot_id: str,
    *,
    auteur: str,
    motif: str = "",
    progression: Callable[[str], None] | None = None,
) -> Resultat:
    """Reconstruit avec ce dépôt, puis bascule ; la publication en ligne reste entière jusqu'à ce geste.

    Args:
        espace: espace de travail.
        depot_id: dépôt en brouillon (approuvé si l'espace le demande), ou déjà publié mais plus en ligne.
        auteur: identifiant pseudonyme.
        motif: raison de la publication ; celle du dépôt par défaut.
        progression: appelée à chaque étape (``construire.count_etapes`` en donne le nombre).

    Raises:
        AppelError: le dépôt n'existe pas.
        DroitError: rôle insuffisant, ou approbation manquante.
        PublicationError: le dépôt est refusé ou déjà en ligne, ou la porte du secret le refuse.
        SourceError: ses octets scellés manquent ou ont changé.
    """
    return publier_ensemble(espace, [depot_id], auteur=auteur, motif=motif, progression=progression)


def publier_ensemble(
    espace: Espace,
    depot_ids: Sequence[str],
    *,
    auteur: str,
    motif: str = "",
    progression: Callable[[str], None] | None = None,
) -> Resultat:
    """Publie plusieurs dépôts d'un seul geste : une construction, une bascule, une ligne de journal par dépôt.

    Args:
        espace: espace de travail.
        depot_ids: dépôts à publier, dans l'ordre ; le dernier a le dernier mot.
        auteur: identifiant pseudonyme.
        motif: raison de la publication ; celle de chaque dépôt par défaut.
        progression: appelée à chaque étape.

    Raises:
        AppelError: aucun dépôt n'est nommé, ou l'un d'eux n'existe pas.
        DroitError: rôle insuffisant, ou approbation manquante.
        PublicationError: un dépôt est refusé ou déjà en ligne, ou la porte du secret le refuse.
        SourceError: des octets scellés manquent ou ont changé.
    """
    if not depot_ids:
        msg = "Aucun dépôt à publier. « livraison lister » énumère ceux qui attendent."
        raise AppelError(msg)
    regles = load_regles(espace)
    role = check_droit(regles, auteur, Role.VALIDEUR, "publier")
    with ecrivain(espace, auteur=auteur, geste="publication") as registres:
        actives, ecritures, depots = list_actives(espace), list[Ecriture](), list[Depot]()
        sortis: list[str] = []
        for depot in (find_depot(registres, identifiant) for identifiant in dict.fromkeys(depot_ids)):
            _check_publiable(espace, depot, actives, regles)
            actives, remplaces = add_active(espace, actives, depot)
            details = {"remplace": remplaces, "nature": str(depot.nature)}
            ecritures.append(
                replace(_ecriture(espace, auteur, role, "publication", motif or depot.motif, depot), details=details)
            )
            depots.append(depot)
            sortis += remplaces
        resultat = build_et_basculer(
            espace,
            registres,
            progression or (lambda _etape: None),
            Auteur(ecritures[-1]),
            actives,
            depots=depots,
            remplaces=sortis,
        )
        # La mise en ligne est inscrite avec le dernier dépôt ; les autres suivent, dans la même publication.
        for ecriture in ecritures[:-1]:
            inscribe(registres, replace(ecriture, publication=resultat.publication.id))
        return resultat


def rejeter(espace: Espace, depot_id: str, *, auteur: str, motif: str) -> Depot:
    """Rejette un brouillon : il ne sera pas publié ; les octets scellés et le journal restent.

    Raises:
        AppelError: le dépôt n'existe pas.
        DroitError: rôle insuffisant.
        PublicationError: ce n'est ni un brouillon ni un dépôt approuvé.
    """
    role = check_droit(load_regles(espace), auteur, Role.CONTRIBUTEUR, "rejeter")
    with ecrivain(espace, auteur=auteur, geste="rejet") as registres:
        depot = find_depot(registres, depot_id)
        if depot.statut not in {StatutDepot.BROUILLON, StatutDepot.APPROUVE}:
            msg = f"Le dépôt « {depot.id} » est {depot.statut.libelle} : seul un brouillon se rejette."
            raise PublicationError(msg)
        inscribe(
            registres, _ecriture(espace, auteur, role, "rejet", motif, depot), statuts={depot.id: StatutDepot.REFUSE}
        )
        remove_brouillon(espace, depot.id)
    return replace(depot, statut=StatutDepot.REFUSE)


def retirer(
    espace: Espace, depot_id: str, *, auteur: str, motif: str, progression: Callable[[str], None] | None = None
) -> Resultat:
    """Reconstruit sans ce dépôt, et remet ceux qu'il avait remplacés.

    Raises:
        AppelError: le dépôt n'existe pas.
        DroitError: rôle insuffisant.
        PublicationError: il n'est pas en ligne.
    """
    role = check_droit(load_regles(espace), auteur, Role.VALIDEUR, "retirer")
    with ecrivain(espace, auteur=auteur, geste="retrait") as registres:
        depot = find_depot(registres, depot_id)
        avant = list_actives(espace)
        if depot.id not in {a.depot for a in avant}:
            msg = f"Le dépôt « {depot.id} » n'est pas en ligne : il n'y a rien à retirer."
            raise PublicationError(msg)
        actives = _without(espace, registres, avant, depot)
        return build_et_basculer(
            espace,
            registres,
            progression or (lambda _etape: None),
            Auteur(_ecriture(espace, auteur, role, "retrait", motif, depot)),
            actives,
            retires=[depot.id],
        )


def _check_publiable(espace: Espace, depot: Depot, actives: Sequence[LivraisonActive], regles: Regles) -> None:
    if depot.id in {a.depot for a in actives}:
        msg = f"Le dépôt « {depot.id} » est déjà en ligne : il n'y a rien à publier."
        raise PublicationError(msg)
    if depot.statut in {StatutDepot.REFUSE, StatutDepot.DEPOSE}:
        msg = f"Le dépôt « {depot.id} » est {depot.statut.libelle} : il ne peut être publié. Déposez-le de nouveau."
        raise PublicationError(msg)
    if regles.double_visa and depot.approuve_par in {"", depot.auteur}:
        msg = (
            f"Le dépôt « {depot.id} », fait par « {depot.auteur} », attend l'approbation d'une autre personne "
            "(livraison approuver) : l'espace demande un double visa."
        )
        raise DroitError(msg)
    if depot.confidentialite is Confidentialite.CONVENTION and f"-{depot.sha256[:8]}" in depot.id:
        # Un dépôt d'avant les empreintes à clé : son identifiant, public, aiderait à essayer son contenu.
        msg = (
            f"Le dépôt « {depot.id} » porte dans son nom un morceau de l'empreinte d'un fichier d'effectifs exacts : "
            "il ne peut être publié. Rejetez-le (livraison rejeter), puis déposez de nouveau le fichier."
        )
        raise PublicationError(msg)
    if not is_sealed(espace, depot):
        msg = f"Les octets scellés du dépôt « {depot.id} » manquent ou ont changé. Restaurez leur copie, ou redéposez."
        raise SourceError(msg)


def _without(
    espace: Espace, registres: Registres, actives: Sequence[LivraisonActive], depot: Depot
) -> list[LivraisonActive]:
    """Dépôts actifs, ceux que ce dépôt avait remplacés à sa place."""
    publiees = [x for x in read(registres, depot=depot.id) if x.geste == "publication"]
    remplaces = publiees[-1].details.get("remplace", []) if publiees else []
    presents = {a.depot for a in actives}
    rendus = [build_active(espace, find_depot(registres, r)) for r in remplaces if r not in presents]
    resultat: list[LivraisonActive] = []
    for active in actives:
        resultat += rendus if active.depot == depot.id else [active]
    return resultat


def _ecriture(espace: Espace, auteur: str, role: Role, geste: str, motif: str, depot: Depot) -> Ecriture:
    empreinte = make_empreinte(espace.racine, depot.sha256, depot.confidentialite, depot.chemin)
    return Ecriture(auteur, str(role), geste, motif, depot=depot.id, sha256=empreinte)
