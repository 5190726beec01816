"""Archives ZIP ouvertes en mémoire, sans jamais rien écrire sur le disque ni croire leurs tailles."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NoReturn

from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import refuse

_CHIFFRE = 0x1
_MORCEAU = 1 << 20
FAUTES_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""Ce que lève ``zipfile`` sur des octets abîmés : toutes disent la même chose."""


def open_zip(octets: bytes, *, garde: Garde) -> zipfile.ZipFile:
    """Ouvre une archive et contrôle la liste de ses membres.

    Raises:
        LectureRefusee: archive abîmée, chiffrée, piégée ou trop fournie.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        membres = archive.infolist()
    except (*FAUTES_ZIP, UnicodeDecodeError, IndexError, KeyError):
        refuse_zip(garde)
    garde.add_membres(len(membres))
    noms = [membre.filename for membre in membres]
    if len(set(noms)) != len(noms):
        refuse_zip(garde, "deux fichiers y portent le même nom")
    for membre in membres:
        _check_chemin(membre, garde)
        if membre.flag_bits & _CHIFFRE:
            refuse(
                "archive_chiffree",
                garde.fichier,
                f"« {membre.filename} » est protégé par un mot de passe.",
                suggestion="Demandez l'archive sans mot de passe.",
            )
    return archive


def read_membre(archive: zipfile.ZipFile, membre: zipfile.ZipInfo, *, garde: Garde) -> bytes:
    """Décompresse un membre en comptant ses octets réels, somme de contrôle vérifiée.

    Raises:
        LectureRefusee: membre abîmé ou explosif.
    """
    morceaux: list[bytes] = []
    taille = 0
    try:
        with archive.open(membre) as flux:
            while morceau := flux.read(_MORCEAU):
                morceaux.append(morceau)
                taille += len(morceau)
                garde.add_developpe(len(morceau))
                garde.check_taux(taille, compresse=membre.compress_size, membre=membre.filename)
    except (*FAUTES_ZIP, UnicodeDecodeError):
        refuse_zip(garde, f"« {membre.filename} » ne se décompresse pas")
    return b"".join(morceaux)


def refuse_zip(garde: Garde, cause: str = "sa liste de fichiers est illisible") -> NoReturn:
    """Refuse une archive abîmée."""
    refuse(
        "archive_abimee",
        garde.fichier,
        f"l'archive est abîmée : {cause}.",
        suggestion="Refaites le téléchargement, ou redemandez le fichier au producteur.",
    )


def _check_chemin(membre: zipfile.ZipInfo, garde: Garde) -> None:
    chemin = PurePosixPath(membre.filename.replace("\\", "/"))
    if chemin.is_absolute() or ".." in chemin.parts or ":" in membre.filename[:3]:
        refuse(
            "chemin_suspect",
            garde.fichier,
            f"l'archive veut écrire hors de son dossier (« {membre.filename} »).",
            suggestion="Demandez au producteur une archive ordinaire.",
        )
