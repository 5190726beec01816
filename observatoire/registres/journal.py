"""Journal : qui a fait quoi, quand, pourquoi, sur quoi. Ajout seul, chaque ligne scellée par la précédente.

L'empreinte d'une ligne couvre son contenu et l'empreinte de la ligne d'avant : changer, ôter ou glisser
une ligne rompt la chaîne. La dernière ligne est aussi notée dans un petit fichier à côté de la base, et dans
chaque publication : une fin coupée se voit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.registres.ajout_seul import forbid_changes
from observatoire.registres.base import META, NOM, Registres
from observatoire.registres.cle import NOM as NOM_CLE
from observatoire.registres.cle import is_signee, read_cle, sign

ORIGINE = "0" * 64
"""Empreinte qui précède la première ligne."""

TABLE = sa.Table(
    "journal",
    META,
    sa.Column("numero", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("quand", sa.String(40), nullable=False),
    sa.Column("auteur", sa.String(64), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("geste", sa.String(32), nullable=False),
    sa.Column("motif", sa.Text, nullable=False),
    sa.Column("depot", sa.String(64), nullable=False),
    sa.Column("publication", sa.String(64), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("precedente", sa.String(64), nullable=False),
    sa.Column("empreinte", sa.String(64), nullable=False),
)
forbid_changes(TABLE, "le journal ne se modifie pas")

_COLONNES = tuple(colonne.name for colonne in TABLE.columns)


@dataclass(frozen=True)
class Ecriture:
    """Geste à inscrire.

    Attributes:
        auteur: identifiant pseudonyme.
        role: rôle sous lequel il agit.
        geste: ``depot``, ``refus``, ``quarantaine``, ``approbation``, ``publication``, ``rejet``, ``retrait``,
            ``restauration``, ``reprise``…
        motif: pourquoi, en clair.
        depot: dépôt en cause.
        publication: publication en cause.
        sha256: empreinte du fichier en cause.
        details: compléments sans aucune valeur reçue (motifs, colonnes, nombres de lignes).
    """

    auteur: str
    role: str
    geste: str
    motif: str = ""
    depot: str = ""
    publication: str = ""
    sha256: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LigneJournal(Ecriture):
    """Geste inscrit : son numéro, sa date, et les empreintes qui l'enchaînent."""

    numero: int = 0
    quand: str = ""
    precedente: str = ORIGINE
    empreinte: str = ""


def append(registres: Registres, ecriture: Ecriture) -> LigneJournal:
    """Ajoute une ligne au journal."""
    with registres.ecriture() as connexion:
        ligne = append_in(connexion, ecriture)
    write_tete(registres, ligne)
    return ligne


def append_in(connexion: sa.Connection, ecriture: Ecriture) -> LigneJournal:
    """Ajoute une ligne dans une transaction ouverte ; appeler ensuite ``write_tete``."""
    derniere = connexion.execute(
        sa.select(TABLE.c.numero, TABLE.c.empreinte).order_by(TABLE.c.numero.desc()).limit(1)
    ).first()
    numero, precedente = (derniere.numero + 1, derniere.empreinte) if derniere else (1, ORIGINE)
    contenu = asdict(ecriture) | {
        "numero": numero,
        "quand": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "precedente": precedente,
        "details": _canonical(ecriture.details),
    }
    contenu["empreinte"] = compute_empreinte_ligne(contenu)
    connexion.execute(sa.insert(TABLE).values(**contenu))
    return _build_ligne(contenu)


def write_tete(registres: Registres, ligne: LigneJournal) -> None:
    """Note la dernière ligne à côté de la base ; écrite après elle, la tête n'est jamais en avance."""
    provisoire = registres.tete.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    with provisoire.open("w", encoding="utf-8") as flux:
        json.dump({"numero": ligne.numero, "empreinte": ligne.empreinte}, flux)
        flux.flush()
        os.fsync(flux.fileno())
    provisoire.replace(registres.tete)


def read(registres: Registres, *, depot: str = "", publication: str = "", derniers: int = 0) -> list[LigneJournal]:
    """Lit le journal, la ligne la plus ancienne d'abord.

    Args:
        registres: registres ouverts.
        depot: seulement les lignes de ce dépôt.
        publication: seulement les lignes de cette publication.
        derniers: seulement les dernières lignes, en ce nombre ; 0 : toutes.
    """
    requete = sa.select(TABLE).order_by(TABLE.c.numero.desc())
    if depot:
        requete = requete.where(TABLE.c.depot == depot)
    if publication:
        requete = requete.where(TABLE.c.publication == publication)
    if derniers:
        requete = requete.limit(derniers)
    with registres.lecture() as connexion:
        lignes = connexion.execute(requete).mappings().all()
    return [_build_ligne(dict(ligne)) for ligne in reversed(lignes)]


def hide_ancre(registres: Registres, empreinte: str) -> str:
    """Empreinte d'une ligne, telle qu'une publication la note : à clé dès que l'espace a une clé.

    Celle d'une ligne couvre, de proche en proche, tout ce que le journal dit des dépôts.
    """
    cle = read_cle(registres.tete.parent)
    return empreinte if cle is None else sign(cle, f"journal:{empreinte}")


def verify(registres: Registres, ancres: Iterable[dict[str, Any]] = ()) -> tuple[Anomalie, ...]:
    """Vérifie la chaîne : altération, suppression, insertion, fin coupée.

    Args:
        registres: registres ouverts.
        ancres: lignes notées ailleurs (``numero``, ``empreinte`` : ``Publication.journal``), en plus de la tête.

    Returns:
        Aucune anomalie si tout le journal est tel qu'il a été écrit.
    """
    with registres.lecture() as connexion:
        lignes = [dict(x) for x in connexion.execute(sa.select(TABLE).order_by(TABLE.c.numero)).mappings()]
    fautes = list(_check_chaine(lignes))
    connues = {ligne["numero"]: ligne["empreinte"] for ligne in lignes}
    tete = _read_tete(registres.tete)
    if tete is None and lignes:
        fautes.append(_faute("journal_sans_tete", "la tête du journal manque : une fin coupée ne se verrait pas.", 0))
    for ancre in (*((tete,) if tete else ()), *ancres):
        numero, empreinte = int(ancre["numero"]), str(ancre["empreinte"])
        if numero and numero not in connues:
            texte = f"la ligne {numero} a été écrite et n'est plus là : la fin du journal a été coupée."
            fautes.append(_faute("journal_tronque", texte, numero))
        elif numero and is_signee(empreinte) and read_cle(registres.tete.parent) is None:
            texte = f"la ligne {numero} notée dans une publication ne peut être comparée : la clé ({NOM_CLE}) manque."
            fautes.append(_faute("journal_sans_cle", texte, numero))
        elif numero and empreinte not in {connues[numero], hide_ancre(registres, connues[numero])}:
            texte = f"la ligne {numero} n'est plus celle qui a été notée à côté du journal."
            fautes.append(_faute("journal_altere", texte, numero))
    return tuple(dict.fromkeys(fautes))


def compute_empreinte_ligne(ligne: dict[str, Any]) -> str:
    """Empreinte d'une ligne : tout son contenu, celle de la précédente comprise."""
    contenu = {nom: ligne[nom] for nom in _COLONNES if nom != "empreinte"}
    return hashlib.sha256(_canonical(contenu).encode()).hexdigest()


def _check_chaine(lignes: list[dict[str, Any]]) -> Iterator[Anomalie]:
    precedente, attendu = ORIGINE, 1
    for ligne in lignes:
        numero = ligne["numero"]
        if numero != attendu:
            trou = f"{attendu}" if numero == attendu + 1 else f"{attendu} à {numero - 1}"
            yield _faute("journal_ligne_otee", f"il manque la ligne {trou}.", numero)
        elif ligne["precedente"] != precedente:
            texte = f"la ligne {numero} ne suit pas celle qui la précède : une ligne a été changée ou glissée."
            yield _faute("journal_chaine_rompue", texte, numero)
        if compute_empreinte_ligne(ligne) != ligne["empreinte"]:
            yield _faute("journal_altere", f"la ligne {numero} a été changée après son écriture.", numero)
        precedente, attendu = ligne["empreinte"], numero + 1


def _faute(code: str, message: str, numero: int) -> Anomalie:
    return Anomalie(
        code=code,
        gravite=Gravite.BLOQUANT,
        fichier=NOM,
        ligne=numero or None,
        message=message,
        suggestion="Comparez avec la dernière copie des registres ; les dépôts scellés disent ce qui a été reçu.",
    )


def _read_tete(chemin: Path) -> dict[str, Any] | None:
    try:
        tete = json.loads(chemin.read_text("utf-8"))
        return {"numero": int(tete["numero"]), "empreinte": str(tete["empreinte"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _build_ligne(contenu: dict[str, Any]) -> LigneJournal:
    return LigneJournal(**contenu | {"details": json.loads(contenu["details"])})


def _canonical(contenu: object) -> str:
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
