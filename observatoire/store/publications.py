"""Publications : un petit JSON qui épingle des versions, basculé d'un seul ``os.replace``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from observatoire.config import Espace
from observatoire.errors import PublicationError

COURANTE = "courante.json"


@dataclass(frozen=True)
class Publication:
    """État publié de l'observatoire.

    Attributes:
        id: identifiant (date et empreinte).
        date: date et heure de publication (ISO 8601, UTC).
        cog: millésime du COG de toutes les valeurs.
        empreinte: empreinte des entrées (catalogue, livraisons, référentiel, code).
        auteur: identifiant pseudonyme.
        motif: raison de la publication.
        versions: version de chaque table Delta.
        fonds: fichier d'index des fonds de carte, dans le dossier des fonds.
        catalogue: fichier figé du catalogue publié.
        indicateurs: par indicateur, ses périodes par maille.
    """

    id: str
    date: str
    cog: str
    empreinte: str
    auteur: str
    motif: str
    versions: dict[str, int] = field(default_factory=dict)
    fonds: str = ""
    catalogue: str = ""
    indicateurs: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def save_publication(espace: Espace, publication: Publication) -> Path:
    """Écrit une publication sans la rendre courante."""
    espace.publications.mkdir(parents=True, exist_ok=True)
    chemin = espace.publications / f"{publication.id}.json"
    _write_json(chemin, asdict(publication))
    return chemin


def switch_publication(espace: Espace, identifiant: str) -> None:
    """Rend une publication courante, d'un seul geste.

    Raises:
        PublicationError: elle n'existe pas.
    """
    load_publication(espace, identifiant)
    _write_json(espace.publications / COURANTE, {"id": identifiant})


def load_publication(espace: Espace, identifiant: str | None = None) -> Publication:
    """Lit une publication, la courante par défaut.

    Raises:
        PublicationError: aucune publication, ou identifiant inconnu.
    """
    if identifiant is None:
        pointeur = espace.publications / COURANTE
        if not pointeur.is_file():
            msg = "Aucune publication dans cet espace. Lancez « observatoire construire »."
            raise PublicationError(msg)
        identifiant = json.loads(pointeur.read_text("utf-8"))["id"]
    connues = list_publications(espace)
    # La liste plutôt que le chemin : l'identifiant vient parfois d'une adresse, et « ../x » n'en est pas un.
    if identifiant not in connues:
        msg = f"La publication « {identifiant} » n'existe pas. Publications connues : {', '.join(connues) or 'aucune'}."
        raise PublicationError(msg)
    chemin = espace.publications / f"{identifiant}.json"
    return Publication(**json.loads(chemin.read_text("utf-8")))


def list_publications(espace: Espace) -> list[str]:
    """Identifiants des publications, les plus anciennes d'abord."""
    if not espace.publications.is_dir():
        return []
    return sorted(p.stem for p in espace.publications.glob("*.json") if p.name != COURANTE)


def current_id(espace: Espace) -> str | None:
    """Identifiant de la publication courante, ou ``None``."""
    pointeur = espace.publications / COURANTE
    return str(json.loads(pointeur.read_text("utf-8"))["id"]) if pointeur.is_file() else None


def _write_json(chemin: Path, contenu: object) -> None:
    """Écrit à côté puis remplace : un lecteur ne voit jamais un fichier à moitié écrit."""
    provisoire = chemin.with_suffix(f".{os.getpid()}.tmp")
    with provisoire.open("w", encoding="utf-8") as flux:
        json.dump(contenu, flux, ensure_ascii=False, indent=1, sort_keys=True)
        flux.flush()
        os.fsync(flux.fileno())
    provisoire.replace(chemin)
