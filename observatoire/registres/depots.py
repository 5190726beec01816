"""Dépôts : ce qui a été reçu, par qui, pour quelle période, et où il en est."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from observatoire.catalogue.proches import find_proche
from observatoire.errors import AppelError
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.registres.base import META, Registres
from observatoire.registres.cle import make_empreinte


class StatutDepot(StrEnum):
    """Étape d'un dépôt ; ce qui est en ligne se lit dans la publication courante, pas ici."""

    DEPOSE = "depose"
    """Écriture commencée ; un dépôt interrompu y reste jusqu'à la reprise."""
    REFUSE = "refuse"
    BROUILLON = "brouillon"
    APPROUVE = "approuve"
    PUBLIE = "publie"
    REMPLACE = "remplace"
    RETIRE = "retire"

    @property
    def libelle(self) -> str:
        """Mot montré à l'usager."""
        return _LIBELLES[self]


_LIBELLES = {
    StatutDepot.DEPOSE: "déposé",
    StatutDepot.REFUSE: "refusé",
    StatutDepot.BROUILLON: "brouillon",
    StatutDepot.APPROUVE: "approuvé",
    StatutDepot.PUBLIE: "publié",
    StatutDepot.REMPLACE: "remplacé",
    StatutDepot.RETIRE: "retiré",
}

_FAUTE_MONTREE = ("code", "gravite", "colonne")
TABLE = sa.Table(
    "depots",
    META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source", sa.String(128), nullable=False, index=True),
    sa.Column("fichier", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("taille", sa.BigInteger, nullable=False),
    sa.Column("lots", sa.Text, nullable=False),
    sa.Column("cog", sa.String(8), nullable=False),
    sa.Column("confidentialite", sa.String(32), nullable=False),
    sa.Column("nature", sa.String(16), nullable=False),
    sa.Column("auteur", sa.String(64), nullable=False),
    sa.Column("motif", sa.Text, nullable=False),
    sa.Column("deposee_le", sa.String(40), nullable=False),
    sa.Column("statut", sa.String(16), nullable=False),
    sa.Column("approuve_par", sa.String(64), nullable=False),
    sa.Column("rapport", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Depot:
    """Fichier reçu pour une source.

    Attributes:
        id: ``AAAAMMJJ-HHMMSS-<8 signes>`` ; nom de son dossier scellé. Il est public.
        source: source du catalogue.
        fichier: nom du fichier reçu.
        sha256: empreinte de ses octets.
        taille: taille en octets.
        lots: couples (période, niveau) que porte le fichier.
        cog: année du code officiel géographique des codes.
        confidentialite: régime de la livraison.
        nature: ce que le dépôt fait de ce qui est en ligne.
        auteur: identifiant pseudonyme.
        motif: raison du dépôt.
        deposee_le: date et heure (ISO 8601, UTC).
        statut: étape.
        approuve_par: auteur de l'approbation ; vide sans elle.
        rapport: résumé du contrôle, sans aucune valeur reçue.
    """

    id: str
    source: str
    fichier: str
    sha256: str
    taille: int
    lots: tuple[tuple[str, str], ...]
    cog: str
    confidentialite: Confidentialite
    nature: NatureDepot
    auteur: str
    motif: str
    deposee_le: str
    statut: StatutDepot
    approuve_par: str = ""
    rapport: dict[str, Any] = field(default_factory=dict)

    @property
    def periodes(self) -> tuple[str, ...]:
        """Périodes du fichier."""
        return tuple(dict.fromkeys(periode for periode, _maille in self.lots))

    @property
    def mailles(self) -> tuple[str, ...]:
        """Niveaux du fichier."""
        return tuple(dict.fromkeys(maille for _periode, maille in self.lots))

    @property
    def chemin(self) -> str:
        """Fichier scellé, relatif au dossier des dépôts."""
        return f"{self.source}/{self.id}/{self.fichier}"


def hide_depot(racine: Path, depot: Depot) -> dict[str, Any]:
    """Empreinte, taille et résumé d'un dépôt, tels qu'on peut les montrer.

    D'un fichier d'effectifs exacts, l'empreinte est à clé ; le nombre d'octets dirait combien de chiffres a une case
    masquée, et le nombre de lignes combien de cases sont nulles : il ne reste que les contrôles enfreints.
    """
    empreinte = make_empreinte(racine, depot.sha256, depot.confidentialite, depot.chemin)
    if depot.confidentialite is not Confidentialite.CONVENTION:
        return {"sha256": empreinte, "taille": depot.taille, "rapport": depot.rapport}
    fautes = [{cle: a[cle] for cle in _FAUTE_MONTREE if cle in a} for a in depot.rapport.get("anomalies", [])]
    return {"sha256": empreinte, "taille": None, "rapport": {"anomalies": fautes}}


def insert_depot(connexion: sa.Connection, depot: Depot) -> None:
    """Inscrit un dépôt."""
    contenu = asdict(depot) | {
        "lots": json.dumps(depot.lots),
        "rapport": json.dumps(depot.rapport, ensure_ascii=False, sort_keys=True),
    }
    connexion.execute(sa.insert(TABLE).values(**{nom: _plain(v) for nom, v in contenu.items()}))


def update_statut(
    connexion: sa.Connection, identifiant: str, statut: StatutDepot, *, approuve_par: str | None = None
) -> None:
    """Change l'étape d'un dépôt ; le journal en garde la trace, pas cette table."""
    valeurs = {"statut": str(statut)} | ({} if approuve_par is None else {"approuve_par": approuve_par})
    connexion.execute(sa.update(TABLE).where(TABLE.c.id == identifiant).values(**valeurs))


def find_depot(registres: Registres, identifiant: str) -> Depot:
    """Trouve un dépôt.

    Raises:
        AppelError: il n'existe pas ; le message propose le plus proche.
    """
    with registres.lecture() as connexion:
        ligne = connexion.execute(sa.select(TABLE).where(TABLE.c.id == identifiant)).mappings().first()
    if ligne is None:
        proche = find_proche(identifiant, [d.id for d in list_depots(registres)])
        suite = f" Vouliez-vous dire « {proche} » ?" if proche else " « livraison lister » les énumère."
        msg = f"Le dépôt « {identifiant} » n'existe pas.{suite}"
        raise AppelError(msg)
    return _build_depot(dict(ligne))


def list_depots(
    registres: Registres, *, source: str = "", sha256: str = "", statuts: tuple[StatutDepot, ...] = ()
) -> list[Depot]:
    """Dépôts, le plus ancien d'abord, limités au besoin à une source, une empreinte, des étapes."""
    requete = sa.select(TABLE).order_by(TABLE.c.id)
    if source:
        requete = requete.where(TABLE.c.source == source)
    if sha256:
        requete = requete.where(TABLE.c.sha256 == sha256)
    if statuts:
        requete = requete.where(TABLE.c.statut.in_([str(s) for s in statuts]))
    with registres.lecture() as connexion:
        return [_build_depot(dict(ligne)) for ligne in connexion.execute(requete).mappings()]


def _build_depot(ligne: dict[str, Any]) -> Depot:
    return Depot(
        **ligne
        | {
            "lots": tuple((periode, maille) for periode, maille in json.loads(ligne["lots"])),
            "rapport": json.loads(ligne["rapport"]),
            "confidentialite": Confidentialite(ligne["confidentialite"]),
            "nature": NatureDepot(ligne["nature"]),
            "statut": StatutDepot(ligne["statut"]),
        }
    )


def _plain(valeur: object) -> object:
    # Les énumérations de texte passent telles quelles dans SQLite, mais pas dans tous les pilotes.
    return str(valeur) if isinstance(valeur, StrEnum) else valeur
