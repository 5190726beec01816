"""Fichiers calculés à la demande (images, classeurs, pages à imprimer), gardés sur le disque, dans une limite.

Une même demande n'est calculée qu'une fois, même si dix personnes la font ensemble ; deux calculs au plus
avancent à la fois, et une file courte attend derrière : au-delà, le serveur le dit plutôt que de s'étouffer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import threading
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from observatoire.config import Espace

DOSSIER = "images"
OCTETS_MAX = 256 * 1024 * 1024
FICHIERS_MAX = 2000
EN_MEME_TEMPS = 2
EN_ATTENTE = 10
"""Demandes qui attendent leur tour ou le résultat d'une autre ; chacune retient un fil du serveur."""
ATTENTE_MAX = 60.0
"""Secondes."""
_PROVISOIRE = ".tmp"
_VERSION_DU_CACHE = 1
_PAQUETS_DU_DESSIN = ("analyse", "cartes", "exports", "modeles")


class TropDeDemandesError(ObservatoireError):
    """Trop de fichiers sont déjà en préparation."""

    def __init__(self) -> None:
        """Écrit le message de l'usager."""
        super().__init__("Beaucoup de cartes sont demandées en ce moment. Réessayer dans une minute.")


class CacheImages:
    """Fichiers gardés dans un dossier, les moins récemment servis ôtés d'abord."""

    def __init__(self, dossier: Path, octets_max: int = OCTETS_MAX, fichiers_max: int = FICHIERS_MAX) -> None:
        """Prépare le cache ; le dossier est créé à la première écriture."""
        self.dossier = dossier
        self._octets_max, self._fichiers_max = octets_max, fichiers_max
        self._en_cours: dict[str, Future[bytes]] = {}
        self._verrou = threading.Lock()
        self._places = threading.BoundedSemaphore(EN_MEME_TEMPS)
        self._attente = threading.BoundedSemaphore(EN_MEME_TEMPS + EN_ATTENTE)

    def get(self, cle: str, genre: str, produce: Callable[[], bytes]) -> bytes:
        """Contenu d'un fichier, lu sur le disque ou calculé.

        Args:
            cle: empreinte de tout ce dont le contenu dépend (``make_cle``).
            genre: extension.
            produce: calcule le contenu ; une erreur n'est pas gardée.

        Raises:
            TropDeDemandesError: la file est pleine, ou l'attente trop longue.
        """
        nom = f"{cle}.{genre}"
        garde = self._read(nom)
        if garde is not None:
            return garde
        if not self._attente.acquire(blocking=False):
            raise TropDeDemandesError
        try:
            return self._share(nom, produce)
        finally:
            self._attente.release()

    def _share(self, nom: str, produce: Callable[[], bytes]) -> bytes:
        """Calcule, ou attend celui qui calcule déjà la même chose."""
        with self._verrou:
            futur = self._en_cours.get(nom)
            premier = futur is None
            if futur is None:
                futur = self._en_cours[nom] = Future()
        if not premier:
            try:
                return futur.result(timeout=ATTENTE_MAX)
            except TimeoutError:
                raise TropDeDemandesError from None
        try:
            futur.set_result(self._produce(nom, produce))
        except BaseException as erreur:
            futur.set_exception(erreur)
            raise
        finally:
            with self._verrou:
                del self._en_cours[nom]
        return futur.result()

    def _produce(self, nom: str, produce: Callable[[], bytes]) -> bytes:
        # Un autre vient peut-être de l'écrire, entre la lecture et l'entrée dans la file.
        garde = self._read(nom)
        if garde is not None:
            return garde
        if not self._places.acquire(timeout=ATTENTE_MAX):
            raise TropDeDemandesError
        try:
            contenu = produce()
        finally:
            self._places.release()
        # Un disque plein ou en lecture seule n'empêche pas de répondre.
        with contextlib.suppress(OSError):
            self._write(nom, contenu)
        return contenu

    def _read(self, nom: str) -> bytes | None:
        chemin = self.dossier / nom
        try:
            contenu = chemin.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(chemin)
        return contenu

    def _write(self, nom: str, contenu: bytes) -> None:
        """Écrit à côté puis remplace : personne ne lit un fichier à moitié écrit."""
        self.dossier.mkdir(parents=True, exist_ok=True)
        descripteur, provisoire = tempfile.mkstemp(dir=self.dossier, suffix=_PROVISOIRE)
        try:
            with os.fdopen(descripteur, "wb") as flux:
                flux.write(contenu)
            Path(provisoire).replace(self.dossier / nom)
        except OSError:
            Path(provisoire).unlink(missing_ok=True)
            raise
        self._trim()

    def _trim(self) -> None:
        """Ôte les fichiers les moins récemment servis, tant que le cache dépasse sa limite."""
        fichiers = sorted(self._list(), reverse=True)
        octets = 0
        for rang, (_, taille, chemin) in enumerate(fichiers):
            octets += taille
            if octets > self._octets_max or rang >= self._fichiers_max:
                Path(chemin).unlink(missing_ok=True)

    def _list(self) -> Iterator[tuple[float, int, str]]:
        """Date de dernier service, taille et chemin de chaque fichier."""
        for entree in os.scandir(self.dossier):
            with contextlib.suppress(OSError):
                if entree.is_file(follow_symlinks=False) and not entree.name.endswith(_PROVISOIRE):
                    fiche = entree.stat()
                    yield fiche.st_mtime, fiche.st_size, entree.path


def make_cle(elements: Mapping[str, object]) -> str:
    """Empreinte d'une demande et du code qui y répond : une version nouvelle ne sert pas une image ancienne."""
    entree = json.dumps([_VERSION_DU_CACHE, _hash_code(), elements], sort_keys=True, default=str)
    return hashlib.sha256(entree.encode()).hexdigest()[:32]


def get_cache(espace: Espace) -> CacheImages:
    """Cache d'un espace, gardé tant que le serveur tourne."""
    return _open_cache(espace.entrepot)


@cache
def _open_cache(entrepot: Path) -> CacheImages:
    dossier = entrepot / DOSSIER
    return CacheImages(dossier if _is_writable(dossier) else _make_dossier_temporaire())


def _is_writable(dossier: Path) -> bool:
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=dossier):
            return True
    except OSError:
        return False


@cache
def _make_dossier_temporaire() -> Path:
    # Gardé tant que le processus vit : le dossier et son contenu s'effacent avec lui.
    dossier = tempfile.TemporaryDirectory(prefix="observatoire-images-", ignore_cleanup_errors=True)
    _DOSSIERS_TEMPORAIRES.append(dossier)
    return Path(dossier.name)


_DOSSIERS_TEMPORAIRES: list[tempfile.TemporaryDirectory[str]] = []


@cache
def _hash_code() -> str:
    """Empreinte du code qui dessine et écrit."""
    racine = Path(__file__).resolve().parent.parent
    empreinte = hashlib.sha256()
    for paquet in _PAQUETS_DU_DESSIN:
        for fichier in sorted((racine / paquet).rglob("*.py")):
            empreinte.update(fichier.read_bytes())
    return empreinte.hexdigest()
