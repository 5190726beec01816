"""Format d'un fichier d'après ses premiers octets ; son extension ne départage que les textes."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from observatoire.ingestion.lecteurs.zip_sur import FAUTES_ZIP

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"\x00\x00\x27\x0a", "shp"),
)
REFUSES = (
    (b"%PDF", "un document PDF"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"7z\xbc\xaf\x27\x1c", "une archive 7z"),
    (b"Rar!", "une archive RAR"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"{\\rtf", "un document RTF"),
)
"""Formats reconnus mais non lus, et leur nom pour le message."""
_PAGES = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")


def find_format(octets: bytes, nom: str) -> str:  # noqa: PLR0911 -- une sortie par format
    """Reconnaît un format.

    Args:
        octets: contenu reçu.
        nom: nom du fichier, dont l'extension départage les textes.

    Returns:
        ``csv, xlsx, xls, ods, parquet, json, geojson, gpkg, shp, dbf, zip``, ou ``html``, ``xml``,
        « refuse: … » pour ce qui n'est pas lu.
    """
    extension = PurePath(nom).suffix.lower()
    for signature, format_lu in _SIGNATURES:
        if octets.startswith(signature):
            return _find_zip(octets) if format_lu == "zip" else format_lu
    for signature, clair in REFUSES:
        if octets.startswith(signature):
            return f"refuse: {clair}"
    if extension == ".dbf":
        return "dbf"
    debut = octets[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if any(debut.startswith(page) for page in _PAGES):
        return "html"
    if debut.startswith(b"<?xml"):
        return "xml"
    if extension in (".json", ".geojson") or (debut[:1] in (b"{", b"[") and extension not in (".csv", ".txt", ".tsv")):
        return "geojson" if b'"featurecollection"' in octets[:65536].lower() else "json"
    return "csv"


def _find_zip(octets: bytes) -> str:
    """Distingue un classeur d'une archive ordinaire ; abîmé, c'est une archive, que son lecteur refusera."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        noms = set(archive.namelist())
        if "content.xml" in noms and "mimetype" in noms:
            return "ods"
    except (*FAUTES_ZIP, UnicodeDecodeError, IndexError, KeyError):
        return "zip"
    if "[Content_Types].xml" in noms and any(nom.startswith("xl/") for nom in noms):
        return "xlsx"
    return "zip"
