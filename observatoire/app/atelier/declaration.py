"""Déclaration d'une source : la lire où elle est, la vérifier avant de l'écrire, l'écrire dans l'espace."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.loader import find_fautes
from observatoire.config import Espace
from observatoire.errors import AppelError, ConfigurationError
from observatoire.publication.droits import Role, check_droit, load_regles
from observatoire.publication.reprise import ecrivain
from observatoire.registres.journal import Ecriture, append
from observatoire.store.publications import sync_dossier

DOSSIER = "_sources"
_IDENTIFIANT = re.compile(r"[a-z][a-z0-9_]{1,79}")


@dataclass(frozen=True)
class Declaration:
    """Texte d'une déclaration.

    Attributes:
        source: identifiant.
        texte: YAML ; vide pour une source nouvelle.
        dans_espace: vrai si l'espace a la sienne ; sinon, c'est celle de l'observatoire commun.
    """

    source: str
    texte: str
    dans_espace: bool


def read_declaration(espace: Espace, source: str) -> Declaration:
    """Déclaration d'une source : celle de l'espace s'il en a une, sinon la commune ; vide si elle est nouvelle."""
    for dossier in reversed(espace.dossiers_catalogue()):
        chemin = dossier / DOSSIER / f"{source}.yaml"
        if chemin.is_file():
            return Declaration(source, chemin.read_text("utf-8"), dossier == espace.indicators)
    return Declaration(source, "", dans_espace=False)


def check_identifiant(source: str) -> None:
    """Vérifie qu'un identifiant peut nommer une source, donc un fichier.

    Raises:
        AppelError: il ne le peut pas.
    """
    if not _IDENTIFIANT.fullmatch(source):
        msg = (
            f"« {source[:80]} » ne peut pas nommer une source : des minuscules sans accent, des chiffres et « _ », "
            "en commençant par une lettre (« caf_allocataires »)."
        )
        raise AppelError(msg)


def check_texte(espace: Espace, source: str, texte: str) -> list[Faute]:
    """Fautes que ce texte introduirait dans le catalogue ; celles qui y sont déjà ne sont pas comptées."""
    check_identifiant(source)
    dossiers = espace.dossiers_catalogue()
    avant = {(f.fichier, f.message) for f in find_fautes(dossiers)}
    with tempfile.TemporaryDirectory(prefix="observatoire-declaration-") as provisoire:
        essai = Path(provisoire) / "indicators"
        (essai / DOSSIER).mkdir(parents=True)
        (essai / DOSSIER / f"{source}.yaml").write_text(texte, "utf-8")
        fautes = find_fautes([*dossiers, essai])
        marque = f"{essai.parent.name}/{essai.name}/"
    nettes = [Faute(f.fichier.replace(marque, ""), f.message.replace(marque, ""), f.ligne, f.proche) for f in fautes]
    # La faute d'une fiche commune que ce texte remplace n'est plus une faute.
    return [f for f in nettes if (f.fichier, f.message) not in avant]


def list_changements(avant: str, apres: str) -> Iterator[tuple[str, int, str]]:
    """Lignes ôtées et ajoutées : signe (− ou +), numéro de ligne, texte."""
    anciennes, nouvelles = avant.splitlines(), apres.splitlines()
    for geste, a1, a2, b1, b2 in difflib.SequenceMatcher(a=anciennes, b=nouvelles, autojunk=False).get_opcodes():
        if geste != "equal":
            yield from (("−", n + 1, anciennes[n]) for n in range(a1, a2))
            yield from (("+", n + 1, nouvelles[n]) for n in range(b1, b2))


def write_declaration(espace: Espace, source: str, texte: str, *, auteur: str, motif: str) -> Path:
    """Écrit une déclaration dans l'espace, d'un seul geste, et l'inscrit au journal.

    Raises:
        ConfigurationError: le texte porte des fautes ; rien n'est écrit.
        DroitError: l'auteur n'a pas le rôle voulu.
        EspaceOccupeError: un autre écrivain tient l'espace.
    """
    role = check_droit(load_regles(espace), auteur, Role.CONTRIBUTEUR, "changer une déclaration")
    fautes = check_texte(espace, source, texte)
    if fautes:
        raise ConfigurationError("\n".join(str(f) for f in fautes))
    chemin = espace.indicators / DOSSIER / f"{source}.yaml"
    # Une publication en cours lit les fiches : on ne les change pas sous elle.
    with ecrivain(espace, auteur=auteur, geste="changement d'une déclaration") as registres:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        provisoire = chemin.with_suffix(f".{os.getpid()}.tmp")
        with provisoire.open("w", encoding="utf-8", newline="\n") as flux:
            flux.write(texte if texte.endswith("\n") else texte + "\n")
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(chemin)
        sync_dossier(chemin.parent)
        append(registres, Ecriture(auteur, str(role), "declaration", motif, details={"source": source}))
    return chemin
