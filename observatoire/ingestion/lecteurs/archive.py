"""Archives ZIP : chaque membre lu comme un fichier, les morceaux d'un shapefile réunis."""

from __future__ import annotations

from pathlib import PurePosixPath

from observatoire.ingestion.lecteurs.contenu import ContenuLu, read_contenu
from observatoire.ingestion.lecteurs.dbf import EXTENSIONS_SHP
from observatoire.ingestion.lecteurs.formats import find_format
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import inform, refuse
from observatoire.ingestion.lecteurs.zip_sur import open_zip, read_membre
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import TableBrute

_IGNORES = ("__macosx", ".ds_store", "thumbs.db")
_ACCESSOIRES = (".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".qix", ".lock")
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".htm", ".html", ".md",
              ".qml", ".sld", ".ppt", ".pptx", ".xml")  # fmt: skip
PROFONDEUR = 1
"""Une archive peut en contenir une autre, pas davantage."""


def read_archive(
    octets: bytes, *, garde: Garde, lecture: LectureDeclaree | None, prefixe: str = "", profondeur: int = 0
) -> ContenuLu:
    """Lit toutes les tables d'une archive.

    Args:
        octets: contenu de l'archive.
        garde: limites de la lecture.
        lecture: place déclarée de la table.
        prefixe: chemin de l'archive, si elle est dans une autre.
        profondeur: nombre d'archives qui la contiennent.

    Raises:
        LectureRefusee: archive abîmée, piégée, ou sans table.
    """
    archive = open_zip(octets, garde=garde)
    membres = {
        m.filename.replace("\\", "/"): m for m in archive.infolist() if not m.is_dir() and not _is_ignore(m.filename)
    }
    contenus = {nom: read_membre(archive, membre, garde=garde) for nom, membre in membres.items()}
    tables: list[TableBrute] = []
    anomalies: list[Anomalie] = []
    encodages: list[str] = []
    separateurs: list[str] = []
    for nom, contenu in contenus.items():
        if _is_accessoire(nom, contenus):
            continue
        complet = f"{prefixe}{nom}"
        format_lu = find_format(contenu, nom)
        if format_lu == "zip":
            lu = _read_imbriquee(contenu, complet, garde=garde, lecture=lecture, profondeur=profondeur)
        elif _is_document(nom, format_lu):
            anomalies.append(inform("membre_ignore", garde.fichier, f"« {complet} » n'est pas une table : laissé."))
            continue
        else:
            lu = read_contenu(
                contenu, fichier=nom, nom=complet, garde=garde, lecture=lecture, voisins=_voisins(nom, contenus)
            )
        tables += lu.tables
        anomalies += lu.anomalies
        encodages += [lu.encodage] * bool(lu.encodage)
        separateurs += [lu.separateur] * bool(lu.separateur)
    if not tables and not prefixe:
        refuse(
            "archive_sans_table",
            garde.fichier,
            "l'archive ne contient aucun fichier de données lisible.",
            suggestion="Déposez une archive qui contient un CSV, un classeur, un JSON ou une couche géographique.",
        )
    return ContenuLu(
        "zip", tuple(tables), next(iter(encodages), ""), next(iter(separateurs), ""), anomalies=tuple(anomalies)
    )


def _read_imbriquee(
    contenu: bytes, nom: str, *, garde: Garde, lecture: LectureDeclaree | None, profondeur: int
) -> ContenuLu:
    if profondeur >= PROFONDEUR:
        refuse(
            "archive_imbriquee",
            garde.fichier,
            f"« {nom} » est une archive dans une archive, elle-même dans une archive : elle n'est pas ouverte.",
            suggestion="Sortez le fichier de données de ses archives, et déposez-le.",
        )
    return read_archive(contenu, garde=garde, lecture=lecture, prefixe=f"{nom}/", profondeur=profondeur + 1)


def _is_ignore(nom: str) -> bool:
    return any(partie.lower() in _IGNORES for partie in PurePosixPath(nom.replace("\\", "/")).parts)


def _is_document(nom: str, format_lu: str) -> bool:
    return format_lu.startswith("refuse:") or PurePosixPath(nom).suffix.lower() in _DOCUMENTS


def _racine(nom: str) -> str:
    return str(PurePosixPath(nom).with_suffix("")).lower()


def _voisins(nom: str, contenus: dict[str, bytes]) -> dict[str, bytes]:
    return {
        PurePosixPath(autre).suffix.lower(): contenu
        for autre, contenu in contenus.items()
        if _racine(autre) == _racine(nom) and PurePosixPath(autre).suffix.lower() in EXTENSIONS_SHP
    }


def _is_accessoire(nom: str, contenus: dict[str, bytes]) -> bool:
    """Vrai pour le morceau d'un shapefile dont le ``.shp`` est là : il est lu avec lui."""
    extension = PurePosixPath(nom).suffix.lower()
    if extension in _ACCESSOIRES:
        return True
    return extension == ".dbf" and any(a.lower() == f"{_racine(nom)}.shp" for a in contenus)
