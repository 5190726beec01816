"""Lire un fichier reçu, quel que soit son format : toujours une ``Lecture``, jamais une exception."""

from __future__ import annotations

import codecs
from pathlib import Path

from observatoire.ingestion.lecteurs.archive import read_archive
from observatoire.ingestion.lecteurs.contenu import ContenuLu, read_contenu
from observatoire.ingestion.lecteurs.dbf import EXTENSIONS_SHP
from observatoire.ingestion.lecteurs.formats import find_format
from observatoire.ingestion.lecteurs.limites import LIMITES, Garde, Limites
from observatoire.ingestion.lecteurs.refus import LectureRefusee, refuse
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import Lecture

_APERCU = 8 << 20
_COUPES = 20
"""Lignes ôtées de la fin d'un aperçu, tant qu'elles laissent un guillemet ouvert."""


def read_fichier(chemin: Path, *, limites: Limites = LIMITES, lecture: LectureDeclaree | None = None) -> Lecture:
    """Lit toutes les tables d'un fichier, en texte, avec les numéros de ligne de son producteur.

    Args:
        chemin: fichier reçu, ou dossier d'un shapefile.
        limites: tailles à ne pas dépasser.
        lecture: encodage et séparateur déclarés par la source.

    Returns:
        La lecture ; un fichier abîmé, piégé ou illisible y porte une anomalie bloquante et aucune table.
    """
    garde = Garde(chemin.name, limites)
    format_lu = ""
    try:
        if chemin.is_dir():
            chemin = _find_shp(chemin, garde)
        garde.check_taille(chemin.stat().st_size)
        octets = chemin.read_bytes()
        format_lu = find_format(octets, chemin.name)
        if format_lu == "zip":
            lu = read_archive(octets, garde=garde, lecture=lecture)
        else:
            voisins = _read_voisins(chemin, garde) if format_lu in ("shp", "dbf") else {}
            lu = read_contenu(octets, fichier=chemin.name, nom="", garde=garde, lecture=lecture, voisins=voisins)
    except LectureRefusee as refus:
        return Lecture(garde.fichier, _clair(format_lu), anomalies=(refus.anomalie,))
    except OSError as faute:
        message = f"le fichier n'est pas lisible ({(faute.strerror or 'accès impossible').lower()})."
        return _refused(garde.fichier, "fichier_inaccessible", message)
    except MemoryError:
        return _refused(garde.fichier, "fichier_trop_gros", "le fichier demande plus de mémoire que la machine n'en a.")
    return _make_lecture(garde.fichier, lu)


def read_apercu(chemin: Path, *, octets: int = _APERCU, lecture: LectureDeclaree | None = None) -> Lecture:
    """Lit le début d'un texte trop gros pour être lu d'un bloc (sa suite se lit par ``iter_lots_csv``).

    Args:
        chemin: fichier reçu.
        octets: longueur lue, coupée à la dernière ligne entière.
        lecture: encodage et séparateur déclarés.

    Returns:
        La lecture du début ; celle du fichier entier s'il est plus court, ou n'est pas un texte.
    """
    try:
        with chemin.open("rb") as flux:
            debut = flux.read(octets + 1)
    except OSError:
        return read_fichier(chemin, lecture=lecture)
    if len(debut) <= octets or find_format(debut, chemin.name) != "csv":
        return read_fichier(chemin, lecture=lecture)
    lue = Lecture(chemin.name, "csv")
    for _ in range(_COUPES):
        debut = _cut(debut)
        garde = Garde(chemin.name, LIMITES)
        try:
            lu = read_contenu(debut, fichier=chemin.name, nom="", garde=garde, lecture=lecture, voisins={})
            return _make_lecture(chemin.name, lu)
        except LectureRefusee as refus:
            lue = Lecture(chemin.name, "csv", anomalies=(refus.anomalie,))
            if refus.anomalie.code != "guillemet_non_ferme":
                break
    return lue


def _cut(debut: bytes) -> bytes:
    """Coupe à la fin de l'avant-dernière ligne : la dernière est incomplète, ou dans un champ à plusieurs lignes."""
    if debut.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        texte = debut[: len(debut) // 2 * 2].decode("utf-16", "ignore").rstrip("\r\n")
        return (texte[: texte.rfind("\n") + 1] or texte).encode("utf-16")
    coupe = debut.rstrip(b"\r\n")
    return coupe[: coupe.rfind(b"\n") + 1] or debut


def _make_lecture(fichier: str, lu: ContenuLu) -> Lecture:
    return Lecture(fichier, lu.format, lu.tables, lu.encodage, lu.separateur, lu.anomalies)


def _clair(format_lu: str) -> str:
    return "" if format_lu in ("html", "xml") or format_lu.startswith("refuse:") else format_lu.replace("dbf", "shp")


def _refused(fichier: str, code: str, message: str) -> Lecture:
    suggestion = "Vérifiez que le fichier existe encore, et déposez-le de nouveau."
    return Lecture(fichier, "", anomalies=(Anomalie(code, Gravite.BLOQUANT, fichier, message, suggestion=suggestion),))


def _find_shp(dossier: Path, garde: Garde) -> Path:
    couches = sorted(c for c in dossier.iterdir() if c.suffix.lower() == ".shp")
    if len(couches) != 1:
        refuse(
            "dossier_sans_couche",
            garde.fichier,
            f"le dossier contient {len(couches)} fichiers .shp ; il en faut un.",
            suggestion="Déposez un fichier, ou un dossier qui contient un seul shapefile.",
        )
    return couches[0]


def _read_voisins(chemin: Path, garde: Garde) -> dict[str, bytes]:
    voisins = {}
    for voisin in chemin.parent.iterdir():
        if voisin.stem.lower() == chemin.stem.lower() and voisin.suffix.lower() in EXTENSIONS_SHP and voisin.is_file():
            garde.check_taille(voisin.stat().st_size)
            voisins[voisin.suffix.lower()] = voisin.read_bytes()
    return voisins
