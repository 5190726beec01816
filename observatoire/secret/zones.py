"""Zone exacte, là où est le socle : jugée deux fois, arrondie, inscrite.

La règle publique décide d'abord, sans aucune valeur ; l'audit privé vérifie ensuite que toute case masquée
tient encore sa promesse. Les deux sont toujours menés en entier, et leurs refus se disent de la même façon :
ni le message, ni le temps ne dit lequel a refusé.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.errors import AppelError, ObservatoireError, PublicationError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Agregation, Indicateur, TypeMesure
from observatoire.modeles.sources import RegleSecret
from observatoire.registres.base import Registres
from observatoire.registres.diffusions import (
    Diffusion,
    Verdict,
    append_diffusion,
    find_derniere_accordee,
    list_diffusions,
)
from observatoire.secret.auditer import load_cases
from observatoire.secret.differenciation import Diffuse, is_permise, seuils_of
from observatoire.secret.protections import list_gardees
from observatoire.secret.zones_audit import keeps_promesses
from observatoire.secret.zones_public import Protegees, add_zones, build_diffuse, find_famille
from observatoire.secret.zones_systeme import Fondations, Somme, read_communes, round_somme
from observatoire.store.socle import read_protections

MOTIF_REFUS = (
    "Cette zone, rapprochée de ce qui est déjà diffusé, pourrait désigner un petit groupe de personnes. "
    "Réunissez d'autres communes."
)
"""Le seul motif de refus."""
_ESSAIS = 20
"""Une zone accordée à quelqu'un d'autre pendant le jugement oblige à rejuger."""


@dataclass(frozen=True)
class AccesZones:
    """Ce qu'il faut pour juger une zone.

    Attributes:
        espace: espace, avec son socle.
        registres: registres ouverts.
        catalogue: catalogue publié.
        publication: publication en ligne.
        habitants: habitants publiés, par commune.
        dossiers: indicateurs déjà préparés ; une publication ne change plus.
    """

    espace: Espace
    registres: Registres
    catalogue: Catalogue
    publication: str
    habitants: pd.Series
    dossiers: dict[tuple[str, str, tuple[str, ...]], _Dossier] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class DemandeZone:
    """Demande d'une zone exacte.

    Attributes:
        indicateur: indicateur publié.
        periode: période.
        codes: communes, triées, chacune une fois.
        auteur: identifiant pseudonyme.
        role: rôle de l'auteur, écrit au journal.
    """

    indicateur: Indicateur
    periode: str
    codes: tuple[str, ...]
    auteur: str
    role: str = ""


@dataclass(frozen=True)
class ReponseZone:
    """Réponse : accordée avec ses chiffres arrondis, ou refusée sans rien.

    Attributes:
        accordee: vrai si la zone est diffusée.
        numero: numéro au registre des diffusions.
        message: motif du refus ; vide si la zone est accordée.
        pas: pas de l'arrondi.
        valeurs: somme arrondie de chaque variable exacte.
    """

    accordee: bool
    numero: int
    message: str
    pas: int
    valeurs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Dossier:
    """Ce qu'un indicateur et une période demandent de préparer une fois.

    Attributes:
        famille: variables liées.
        regle: règle la plus sévère.
        exactes: variables exactes de l'indicateur.
        ensembles: variable que chacune ne peut dépasser.
        valeurs: valeur exacte de chaque commune, par publication et variable.
        diffuses: unités et état public de chaque variable, avant toute zone.
        fondations: systèmes de l'attaquant, avant toute zone.
    """

    famille: frozenset[str]
    regle: RegleSecret
    exactes: tuple[str, ...]
    ensembles: dict[str, str]
    valeurs: dict[tuple[str, str], dict[str, float]] = field(repr=False)
    diffuses: dict[str, tuple[pd.Index, Diffuse]] = field(repr=False)
    fondations: tuple[Fondations, ...] = field(repr=False)

    def build_somme(self, variable: str, unites: tuple[str, ...], publication: str, pas: int) -> Somme | None:
        """Somme d'une zone dans une publication ; ``None`` si ses effectifs n'y sont plus connus."""
        connues = self.valeurs.get((publication, variable), {})
        if not connues.keys() >= set(unites):
            return None
        return Somme(variable, unites, np.array([connues[u] for u in unites]), pas)


def request_zone(acces: AccesZones, demande: DemandeZone) -> ReponseZone:
    """Juge une zone, l'inscrit, et rend ses chiffres arrondis si elle est accordée.

    Raises:
        AppelError: l'indicateur ne s'y prête pas, ou une commune n'a pas de valeur reçue.
        PublicationError: le jugement n'a pu être mené ; rien n'est diffusé.
    """
    dossier = _open_dossier(acces, demande.indicateur, demande.periode)
    demandees = _build_demandees(acces, demande, dossier)
    for _essai in range(_ESSAIS):
        derniere = find_derniere_accordee(acces.registres)
        accordees = list_diffusions(
            acces.registres, variables=dossier.famille, periode=demande.periode, verdict=Verdict.ACCORDEE
        )
        permise = _judge(dossier, demandees, accordees)
        diffusion = Diffusion(
            auteur=demande.auteur,
            indicateur=demande.indicateur.id,
            variables=dossier.exactes,
            periode=demande.periode,
            publication=acces.publication,
            unites=demande.codes,
            verdict=Verdict.ACCORDEE if permise else Verdict.REFUSEE,
            valeurs={s.variable: round_somme(s.exacte, s.pas) for s in demandees} if permise else {},
            pas=dossier.regle.arrondi_zones,
            motif="" if permise else MOTIF_REFUS,
        )
        inscrite = append_diffusion(acces.registres, diffusion, derniere_accordee=derniere, role=demande.role)
        if inscrite is not None:
            return ReponseZone(permise, inscrite.numero, inscrite.motif, inscrite.pas, inscrite.valeurs)
    raise PublicationError("Trop de demandes de zones en même temps. Rien n'a été diffusé ; recommencez.")


def find_regle(catalogue: Catalogue, indicateur: Indicateur, famille: Collection[str]) -> RegleSecret:
    """Règle de la zone : la plus sévère de celles des indicateurs qui emploient les mêmes variables.

    Sans cela, un indicateur au seuil plus bas donnerait ce qu'un autre cache.
    """
    employees = [
        catalogue.secrets[i.secret]
        for i in catalogue.indicateurs.values()
        if {i.numerateur, i.denominateur, i.poids} & set(famille)
    ]
    regles = [catalogue.secrets[indicateur.secret], *(r for r in employees if r.mode == "C")]
    hautes = ("seuil", "arrondi_zones", "zone_unites_min", "zone_habitants_min", "complement")
    return regles[0].model_copy(update={nom: max(getattr(r, nom) for r in regles) for nom in hautes})


def _build_demandees(acces: AccesZones, demande: DemandeZone, dossier: _Dossier) -> list[Somme]:
    """Sommes demandées.

    Raises:
        AppelError: la zone est vide, ou une commune n'a pas de valeur reçue (cela se lit dans la diffusion).
    """
    if not demande.codes:
        raise AppelError("La zone est vide : donnez au moins un code de commune.")
    regle = dossier.regle
    connues = [dossier.valeurs[acces.publication, v] for v in dossier.exactes]
    absentes = sorted({c for x in connues for c in set(demande.codes) - x.keys()})
    if absentes:
        msg = f"La source ne donne pas toutes les communes de cette zone en {demande.periode} : {', '.join(absentes)}."
        raise AppelError(msg)
    return [
        Somme(
            variable=v,
            unites=demande.codes,
            valeurs=np.array([x[c] for c in demande.codes]),
            pas=regle.arrondi_zones,
            demandee=True,
            seuil=regle.seuil,
            seuil_reste=regle.seuil if regle.complement else 0,
            ensemble=dossier.ensembles[v],
        )
        for v, x in zip(dossier.exactes, connues, strict=True)
    ]


def _judge(dossier: _Dossier, demandees: Sequence[Somme], accordees: Sequence[Diffusion]) -> bool:
    """Les deux contrôles, toujours menés en entier."""
    publique = True
    for somme in demandees:
        unites, avant = dossier.diffuses[somme.variable]
        diffuse = add_zones(avant, unites, somme.variable, accordees)
        publique &= is_permise(np.asarray(unites.isin(somme.unites)), diffuse, seuils_of(dossier.regle))
    try:
        privee = _audit(dossier, demandees, accordees)
    except ObservatoireError:
        # Le message d'origine pourrait dépendre d'une valeur.
        msg = "L'audit de cette zone n'a pu être mené : rien n'a été diffusé. Lancez « observatoire secret auditer »."
        raise PublicationError(msg) from None
    return publique & privee


def _audit(dossier: _Dossier, demandees: Sequence[Somme], accordees: Sequence[Diffusion]) -> bool:
    """Vrai si toutes les promesses tiennent dans tous les systèmes, et si rien n'a échappé à l'audit."""
    anciennes = [
        dossier.build_somme(v, zone.unites, zone.publication, zone.pas)
        for zone in accordees
        for v in zone.variables
        if v in dossier.famille
    ]
    tient = None not in anciennes
    connues = [s for s in anciennes if s is not None]
    auditees: set[str] = set()
    for fondations in dossier.fondations:
        montage = fondations.build_montage([*connues, *demandees])
        auditees |= set(montage.demandees)
        tient &= keeps_promesses(montage)
    return tient and auditees == set(dossier.exactes)


def _open_dossier(acces: AccesZones, indicateur: Indicateur, periode: str) -> _Dossier:
    """Dossier d'un indicateur, préparé à la première demande."""
    gardees = tuple(p for p in list_gardees(acces.espace) if p != acces.publication)
    cle = (indicateur.id, periode, (acces.publication, *gardees))
    if cle not in acces.dossiers:
        acces.dossiers[cle] = _build_dossier(acces, indicateur, periode, gardees)
    return acces.dossiers[cle]


def _build_dossier(acces: AccesZones, indicateur: Indicateur, periode: str, autres: Sequence[str]) -> _Dossier:
    catalogue, espace = acces.catalogue, acces.espace
    famille = find_famille(catalogue, [v for v in (indicateur.numerateur, indicateur.denominateur) if v])
    lues = {acces.publication: load_cases(espace, acces.publication, catalogue)}
    lues |= {p: read_protections(espace, p) for p in autres}
    utiles = {p: _keep(cases, periode, famille) for p, cases in lues.items()}
    exactes = _choose_exactes(catalogue, indicateur, periode, utiles[acces.publication])
    valeurs = {(p, v): read_communes(cases, v) for p, cases in utiles.items() for v in famille}
    publics = [Protegees(utiles[p], read_protections(espace, p, "compositions")) for p in lues if len(utiles[p])]
    # Le système de la dernière publication contient ce que les précédentes ont dit ; celui de la publication
    # en ligne n'est un autre que si on l'a restaurée.
    derniere = max([p for p in lues if len(utiles[p])])
    fondations = [
        Fondations(siennes, relations[relations.systeme == nom])
        for p in dict.fromkeys([acces.publication, derniere])
        for relations in [read_protections(espace, p, "relations")]
        for nom, siennes in lues[p].groupby("systeme")
        if nom in set(utiles[p].systeme[utiles[p].variable.isin(exactes)])
    ]
    return _Dossier(
        famille=famille,
        regle=find_regle(catalogue, indicateur, famille),
        exactes=exactes,
        ensembles={v: _find_ensemble(catalogue, indicateur, v) for v in exactes},
        valeurs=valeurs,
        diffuses={v: build_diffuse(publics, acces.habitants, v) for v in exactes},
        fondations=tuple(fondations),
    )


def _keep(cases: pd.DataFrame, periode: str, famille: frozenset[str]) -> pd.DataFrame:
    return cases[(cases.periode == periode) & cases.variable.isin(list(famille))] if len(cases) else cases


def _find_ensemble(catalogue: Catalogue, indicateur: Indicateur, variable: str) -> str:
    """Variable que celle-ci ne peut dépasser ; vide s'il n'y en a pas."""
    if indicateur.est_part and variable == indicateur.numerateur:
        return indicateur.denominateur or ""
    return catalogue.variable(variable).au_plus or ""


def _choose_exactes(
    catalogue: Catalogue, indicateur: Indicateur, periode: str, courante: pd.DataFrame
) -> tuple[str, ...]:
    """Variables exactes dont la zone demande la somme.

    Raises:
        AppelError: une somme n'a pas de sens, ne se protège pas à la demande, ou n'a rien d'exact.
    """
    permis = {TypeMesure.EFFECTIF, TypeMesure.RATIO, TypeMesure.DENSITE}
    if indicateur.type_mesure not in permis or indicateur.agregation_retenue is Agregation.INTERDITE:
        msg = f"« {indicateur.id} » ({indicateur.type_mesure}) ne s'agrège pas : il n'y a pas de zone à la demande."
        raise AppelError(msg)
    voulues = (indicateur.numerateur, indicateur.denominateur)
    exactes = tuple(v for v in voulues if v and len(read_communes(courante, v)))
    if not exactes:
        msg = (
            f"« {indicateur.id} » n'emploie aucun effectif exact par commune en {periode} : sa valeur dans une zone se "
            f"lit dans la diffusion (« observatoire valeurs -i {indicateur.id} --zone … »)."
        )
        raise AppelError(msg)
    declarees = [catalogue.variable(v) for v in exactes]
    if any(d.contributeurs or d.contributeur_max or d.negatif for d in declarees):
        msg = f"« {indicateur.id} » compte un montant : il ne se donne pas dans une zone à la demande."
        raise AppelError(msg)
    return exactes
