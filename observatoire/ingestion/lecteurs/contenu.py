"""Lire un contenu selon son format : le même aiguillage pour un fichier et pour un membre d'archive."""

from __future__ import annotations

from dataclasses import dataclass, field

from observatoire.ingestion.lecteurs.classeur import read_classeur
from observatoire.ingestion.lecteurs.dbf import Voisins, read_couche_shp
from observatoire.ingestion.lecteurs.documents import read_geojson, read_json
from observatoire.ingestion.lecteurs.formats import find_format
from observatoire.ingestion.lecteurs.geopackage import read_geopackage
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.parquet import read_parquet
from observatoire.ingestion.lecteurs.refus import refuse
from observatoire.ingestion.lecteurs.texte import read_texte
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import TableBrute

_CONSEIL = (
    "Ouvrez-le et enregistrez-le au format XLSX ou CSV, ou demandez au producteur ses données plutôt qu'un document."
)


FORMATS_LUS = frozenset(("csv", "xlsx", "xls", "ods", "parquet", "json", "geojson", "gpkg", "shp", "dbf"))


@dataclass(frozen=True)
class ContenuLu:
    """Tables d'un contenu, et ce qui a été reconnu."""

    format: str
    tables: tuple[TableBrute, ...] = ()
    encodage: str = ""
    separateur: str = ""
    anomalies: tuple[Anomalie, ...] = field(default=())


def read_contenu(
    octets: bytes, *, fichier: str, nom: str, garde: Garde, lecture: LectureDeclaree | None, voisins: Voisins
) -> ContenuLu:
    """Lit un contenu qui n'est pas une archive.

    Args:
        octets: contenu.
        fichier: nom du fichier ou du membre, avec son extension.
        nom: nom des tables (le membre d'une archive ; vide pour un fichier seul).
        garde: limites de la lecture.
        lecture: place déclarée de la table.
        voisins: fichiers posés à côté, par extension (ceux d'un shapefile).

    Raises:
        LectureRefusee: contenu illisible, démesuré ou d'un format qui n'est pas lu.
    """
    format_lu = find_format(octets, fichier)
    if format_lu not in FORMATS_LUS:
        noms = {"html": "une page web enregistrée sous un autre nom", "xml": "un document XML", "zip": "une archive"}
        clair = noms.get(format_lu, format_lu.removeprefix("refuse: "))
        message = f"« {fichier} » est {clair} : ce format n'est pas lu."
        refuse("format_non_lu", garde.fichier, message, suggestion=_CONSEIL)
    if format_lu == "csv":
        lu = read_texte(octets, nom=nom, garde=garde, lecture=lecture)
        return ContenuLu("csv", (lu.table,), lu.encodage, lu.separateur, lu.anomalies)
    if format_lu in ("xlsx", "xls", "ods"):
        classeur = read_classeur(octets, format_lu=format_lu, nom=nom, garde=garde)
        return ContenuLu(format_lu, classeur.tables, anomalies=classeur.anomalies)
    if format_lu == "parquet":
        return ContenuLu("parquet", (read_parquet(octets, nom=nom, garde=garde),))
    if format_lu in ("json", "geojson"):
        lire = read_geojson if format_lu == "geojson" else read_json
        tables, encodage, anomalies = lire(octets, nom=nom, garde=garde)
        return ContenuLu(format_lu, tables, encodage, anomalies=anomalies)
    if format_lu == "gpkg":
        return ContenuLu("gpkg", read_geopackage(octets, nom=nom, garde=garde))
    table, encodage, anomalies = read_couche_shp(
        {**voisins, f".{format_lu}": octets}, nom=nom, garde=garde, declare=lecture.encodage if lecture else ""
    )
    return ContenuLu("shp", (table,), encodage, anomalies=anomalies)
