"""Publications : un petit JSON qui épingle des versions, basculé d'un seul ``os.replace``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from observatoire.config import Espace
from observatoire.errors import PublicationError

COURANTE = "courante.json"


@dataclass(frozen=True)
class LivraisonActive:
    """Dépôt qu'une publication emploie ; de quoi le relire sans aucun registre.

    Attributes:
        depot: identifiant du dépôt, nom de son dossier scellé.
        source: source du catalogue.
        fichier: chemin du fichier scellé, relatif au dossier des dépôts.
        sha256: empreinte de ses octets.
        nature: ce qu'il fait de ce qui le précède (``modeles.livraisons.NatureDepot``).
        lots: couples (période, niveau) que porte le fichier.
        cog: année du code officiel géographique des codes.
    """

    depot: str
    source: str
    fichier: str
    sha256: str
    nature: str
    lots: tuple[tuple[str, str], ...]
    cog: str = ""


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
        livraisons: dépôts employés, dans l'ordre où ils s'appliquent ; vide avant les dépôts.
        en_attente: indicateurs du catalogue dont une source n'a encore rien livré.
        journal: dernière ligne du journal au moment de publier (``numero``, ``empreinte``).
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
    livraisons: list[LivraisonActive] = field(default_factory=list)
    en_attente: list[str] = field(default_factory=list)
    journal: dict[str, int | str] = field(default_factory=dict)


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
    return _build_publication(json.loads(chemin.read_text("utf-8")))


def _build_publication(contenu: dict[str, Any]) -> Publication:
    actives = contenu.pop("livraisons", [])
    livraisons = [LivraisonActive(**a | {"lots": tuple((p, m) for p, m in a["lots"])}) for a in actives]
    return Publication(**contenu, livraisons=livraisons)


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
    sync_dossier(chemin.parent)


def sync_dossier(dossier: Path) -> None:
    """Force le système à écrire le contenu d'un dossier : un fichier renommé y reste après une coupure."""
    if os.name == "nt":  # Windows n'ouvre pas un dossier ; son système de fichiers tient ce rôle
        return
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
