"""Fichier en cours de vérification : dans un dossier à lui, effacé dès qu'on n'en a plus besoin."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import time
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from observatoire.modeles.lots import RapportLivraison

_INTERDITS = re.compile(r"[\x00-\x1f<>:\"/\\|?*]+")
_LONGUEUR_MAX = 120
PREFIXE = "observatoire-atelier-"
ABANDON_S = 24 * 3600
"""Âge auquel une copie de travail est celle d'un serveur mort."""
_DOSSIERS: set[Path] = set()


@dataclass(frozen=True)
class Reponses:
    """Ce que dit la personne qui dépose.

    Attributes:
        source: source choisie ; vide pour une source à déclarer.
        periode: période du fichier, s'il ne la porte pas.
        maille: niveau des lignes, s'il y a à choisir.
        cog: année du code officiel géographique ; vide : reconnue.
        confidentialite: régime de la livraison.
        nature: ce que le dépôt fait de ce qui est en ligne ; ``None`` : reconnu.
    """

    source: str = ""
    periode: str = ""
    maille: Maille | None = None
    cog: str = ""
    confidentialite: Confidentialite = Confidentialite.OUVERTE
    nature: NatureDepot | None = None


@dataclass(eq=False)
class EnCours:
    """Fichier reçu, pas encore déposé.

    Attributes:
        chemin: copie de travail ; effacée avec ``close``, ou quand la session finit.
        reponses: ce qu'a dit la personne.
        rapport: dernier contrôle ; ``None`` avant lui.
        colonnes: noms des colonnes du fichier, s'il a pu être lu.
    """

    chemin: Path
    reponses: Reponses
    rapport: RapportLivraison | None = None
    colonnes: tuple[str, ...] = ()
    classeur: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Prévoit l'effacement, même si la page se ferme sans rien dire."""
        _DOSSIERS.add(self.chemin.parent)
        self._effacer = weakref.finalize(self, _remove, self.chemin.parent)

    def close(self) -> None:
        """Efface la copie de travail."""
        self._effacer()

    @property
    def present(self) -> bool:
        """Vrai si la copie est encore là."""
        return self.chemin.is_file()


def keep_fichier(nom: str, contenu: bytes | memoryview, reponses: Reponses) -> EnCours:
    """Pose un fichier reçu dans un dossier de travail que lui seul occupe."""
    dossier = Path(tempfile.mkdtemp(prefix=PREFIXE))
    chemin = dossier / clean_nom(nom)
    chemin.write_bytes(contenu)
    return EnCours(chemin, reponses)


def purge() -> None:
    """Efface les copies de travail de ce serveur, et celles qu'un serveur mort a laissées ; à ses deux bouts."""
    for dossier in list(_DOSSIERS):
        _remove(dossier)
    for dossier in Path(tempfile.gettempdir()).glob(f"{PREFIXE}*"):
        with contextlib.suppress(OSError):  # celui d'une autre personne, ou qu'un autre serveur efface aussi
            if time.time() - dossier.stat().st_mtime > ABANDON_S:
                _remove(dossier)


def _remove(dossier: Path) -> None:
    shutil.rmtree(dossier, ignore_errors=True)
    _DOSSIERS.discard(dossier)


def clean_nom(nom: str) -> str:
    """Nom de fichier sans chemin ni signe que refuse un système.

    Examples:
        >>> clean_nom("../../etc/Caf 2024.csv"), clean_nom("..")
        ('Caf 2024.csv', 'fichier')
    """
    dernier = nom.replace("\\", "/").rsplit("/", 1)[-1]
    propre = _INTERDITS.sub("_", dernier).strip(" .")
    base, point, suffixe = propre.rpartition(".")
    return f"{base[: _LONGUEUR_MAX - len(suffixe)]}{point}{suffixe}" if propre else "fichier"
