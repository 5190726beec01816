"""Diffusions : ce qui a été diffusé hors publication, zone par zone. Ajout seul, tous usagers confondus.

Une zone accordée garde ses unités et ses chiffres arrondis, qui sont publics ; un refus garde la demande,
sans aucun chiffre ni cause précise. Chaque inscription est scellée par une ligne du journal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from observatoire.errors import ObservatoireError
from observatoire.registres.ajout_seul import forbid_changes
from observatoire.registres.base import META, Registres
from observatoire.registres.journal import Ecriture, append_in, write_tete

TABLE = sa.Table(
    "diffusions",
    META,
    sa.Column("numero", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("quand", sa.String(40), nullable=False),
    sa.Column("auteur", sa.String(64), nullable=False),
    sa.Column("indicateur", sa.String(128), nullable=False),
    sa.Column("variables", sa.Text, nullable=False),
    sa.Column("periode", sa.String(32), nullable=False),
    sa.Column("publication", sa.String(64), nullable=False),
    sa.Column("unites", sa.Text, nullable=False),
    sa.Column("valeurs", sa.Text, nullable=False),
    sa.Column("pas", sa.Integer, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("motif", sa.Text, nullable=False),
)
forbid_changes(TABLE, "une diffusion ne se modifie pas")
_JSON = ("variables", "unites", "valeurs")


class DiffusionInvalideError(ObservatoireError):
    """Inscription refusée : elle porterait plus, ou moins, que ce qui est public."""


class Verdict(StrEnum):
    """Suite donnée à une demande."""

    ACCORDEE = "accordee"
    REFUSEE = "refusee"


@dataclass(frozen=True)
class Diffusion:
    """Demande d'une zone, et ce qui en a été diffusé.

    Attributes:
        auteur: identifiant pseudonyme.
        indicateur: indicateur demandé.
        variables: variables exactes dont la somme est (ou serait) diffusée.
        periode: période.
        publication: publication en ligne au moment de la demande.
        unites: codes des communes de la zone, triés.
        verdict: accordée ou refusée.
        valeurs: somme arrondie de chaque variable ; vide pour un refus.
        pas: pas de l'arrondi.
        motif: cause, générique, d'un refus ; vide sinon.
        numero: rang de l'inscription ; 0 avant elle.
        quand: date et heure (ISO 8601, UTC).
    """

    auteur: str
    indicateur: str
    variables: tuple[str, ...]
    periode: str
    publication: str
    unites: tuple[str, ...]
    verdict: Verdict
    valeurs: dict[str, float] = field(default_factory=dict)
    pas: int = 5
    motif: str = ""
    numero: int = 0
    quand: str = ""


def append_diffusion(
    registres: Registres, diffusion: Diffusion, *, derniere_accordee: int, role: str
) -> Diffusion | None:
    """Inscrit une demande et sa suite, si rien d'autre n'a été accordé depuis le jugement.

    Args:
        registres: registres ouverts.
        diffusion: demande jugée.
        derniere_accordee: numéro de la dernière zone accordée que le jugement connaissait ; 0 sans zone.
        role: rôle de l'auteur, écrit au journal.

    Returns:
        L'inscription, numérotée et datée ; ``None`` si une zone a été accordée entre-temps : il faut rejuger.

    Raises:
        DiffusionInvalideError: un refus porte un chiffre, ou un chiffre n'est pas arrondi.
    """
    check_diffusion(diffusion)
    with registres.ecriture() as connexion:
        if diffusion.verdict is Verdict.ACCORDEE and _last(connexion, accordee=True) != derniere_accordee:
            return None
        quand = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        inscrite = replace(diffusion, numero=_last(connexion) + 1, quand=quand)
        connexion.execute(sa.insert(TABLE).values(**_write(inscrite)))
        details = {"diffusion": inscrite.numero, "verdict": str(inscrite.verdict), "indicateur": inscrite.indicateur}
        ecriture = Ecriture(
            auteur=inscrite.auteur,
            role=role,
            geste="zone",
            motif=inscrite.motif,
            publication=inscrite.publication,
            details=details | {"empreinte": compute_empreinte(inscrite)},
        )
        ligne = append_in(connexion, ecriture)
    write_tete(registres, ligne)
    return inscrite


def check_diffusion(diffusion: Diffusion) -> None:
    """Vérifie qu'une inscription ne porte que ce qui est public ; le message ne dit aucun chiffre.

    Raises:
        DiffusionInvalideError: un refus porte un chiffre, ou un chiffre n'est pas arrondi.
    """
    if diffusion.verdict is Verdict.REFUSEE and diffusion.valeurs:
        raise DiffusionInvalideError("Un refus s'inscrit sans aucun chiffre.")
    if diffusion.verdict is Verdict.ACCORDEE:
        if set(diffusion.valeurs) != set(diffusion.variables):
            raise DiffusionInvalideError("Une zone accordée porte un chiffre par variable, et aucun autre.")
        if any(v % diffusion.pas for v in diffusion.valeurs.values()):
            raise DiffusionInvalideError("Un chiffre diffusé hors publication est arrondi ; celui-ci ne l'est pas.")
    if list(diffusion.unites) != sorted(set(diffusion.unites)):
        raise DiffusionInvalideError("Les communes d'une zone s'inscrivent triées, chacune une fois.")


def list_diffusions(
    registres: Registres,
    *,
    variables: Collection[str] = (),
    periode: str = "",
    verdict: Verdict | None = None,
    auteur: str = "",
) -> list[Diffusion]:
    """Diffusions inscrites, la plus ancienne d'abord.

    Args:
        registres: registres ouverts.
        variables: seulement celles qui portent l'une de ces variables.
        periode: seulement cette période.
        verdict: seulement les accordées, ou les refusées.
        auteur: seulement cet auteur.
    """
    requete = sa.select(TABLE).order_by(TABLE.c.numero)
    if periode:
        requete = requete.where(TABLE.c.periode == periode)
    if verdict:
        requete = requete.where(TABLE.c.verdict == str(verdict))
    if auteur:
        requete = requete.where(TABLE.c.auteur == auteur)
    with registres.lecture() as connexion:
        lues = [_read(dict(ligne)) for ligne in connexion.execute(requete).mappings()]
    voulues = set(variables)
    return [d for d in lues if not voulues or voulues & set(d.variables)]


def find_derniere_accordee(registres: Registres) -> int:
    """Numéro de la dernière zone accordée ; 0 sans zone."""
    with registres.lecture() as connexion:
        return _last(connexion, accordee=True)


def compute_empreinte(diffusion: Diffusion) -> str:
    """Empreinte d'une inscription, que le journal garde."""
    texte = json.dumps(_write(diffusion), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(texte.encode()).hexdigest()


def _last(connexion: sa.Connection, *, accordee: bool = False) -> int:
    requete = sa.select(sa.func.max(TABLE.c.numero))
    if accordee:
        requete = requete.where(TABLE.c.verdict == str(Verdict.ACCORDEE))
    return int(connexion.execute(requete).scalar() or 0)


def _write(diffusion: Diffusion) -> dict[str, Any]:
    contenu = asdict(diffusion) | {"verdict": str(diffusion.verdict)}
    return contenu | {nom: json.dumps(contenu[nom], ensure_ascii=False, sort_keys=True) for nom in _JSON}


def _read(ligne: dict[str, Any]) -> Diffusion:
    lus = {nom: json.loads(ligne[nom]) for nom in _JSON}
    lus |= {nom: tuple(lus[nom]) for nom in ("variables", "unites")}
    return Diffusion(**ligne | lus | {"verdict": Verdict(ligne["verdict"])})
