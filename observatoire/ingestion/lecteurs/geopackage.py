"""GeoPackages : attributs lus par SQLite, en mémoire et sans rien exécuter de ce que le fichier contient."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import NoReturn

import numpy as np

from observatoire.ingestion.lecteurs.cellules import name_colonnes, render_colonne
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import refuse
from observatoire.modeles.tables import TableBrute

_PAS = 10_000
"""Instructions SQLite entre deux contrôles du temps."""
Emprise = tuple[float, float, float, float]


def read_geopackage(octets: bytes, *, nom: str, garde: Garde) -> tuple[TableBrute, ...]:
    """Lit toutes les couches et tables d'attributs d'un GeoPackage.

    Raises:
        LectureRefusee: fichier abîmé, ou base SQLite qui n'est pas un GeoPackage.
    """
    fin = garde.debut + garde.limites.temps
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(octets)
            base.execute("PRAGMA trusted_schema = OFF")
            base.set_progress_handler(lambda: int(time.monotonic() > fin), _PAS)
            if base.execute("PRAGMA quick_check").fetchone() != ("ok",):
                _refuse(garde, "la base est abîmée")
            couches = base.execute(
                "SELECT c.table_name, s.organization_coordsys_id, upper(s.organization), min_x, min_y, max_x, max_y "
                "FROM gpkg_contents c LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id) "
                "WHERE c.data_type IN ('features', 'attributes') "
                "AND c.table_name IN (SELECT name FROM sqlite_master WHERE type = 'table') ORDER BY c.rowid"
            ).fetchall()
            tables = tuple(
                _read_couche(base, str(couche[0]), nom, garde, couche[1:3], couche[3:]) for couche in couches
            )
    except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError, OverflowError, ValueError, MemoryError):
        garde.check_temps()
        _refuse(garde, "ses couches ne se lisent pas")
    if not tables:
        _refuse(garde, "il ne contient aucune couche")
    return tables


def _read_couche(
    base: sqlite3.Connection,
    couche: str,
    nom: str,
    garde: Garde,
    systeme: tuple[object, ...],
    bornes: tuple[object, ...],
) -> TableBrute:
    cite = couche.replace('"', '""')
    colonnes = base.execute(f'PRAGMA table_info("{cite}")').fetchall()
    geometries = (
        {
            ligne[0]
            for ligne in base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", [couche])
        }
        if _has_geometries(base)
        else set()
    )
    noms = [c[1] for c in colonnes if c[1] not in geometries and "BLOB" not in str(c[2]).upper()]
    (nombre,) = base.execute(f'SELECT count(*) FROM "{cite}"').fetchone()  # noqa: S608 -- nom cité, lu dans la base
    garde.check_grille(nombre, len(noms), table=couche)
    choix = ", ".join('"' + c.replace('"', '""') + '"' for c in noms) or "NULL"
    lignes = base.execute(f'SELECT {choix} FROM "{cite}" ORDER BY rowid').fetchall()  # noqa: S608 -- idem
    cellules = name_colonnes(render_colonne(colonne) for colonne in zip(*lignes, strict=True)) if noms else None
    organisation = systeme[1]
    return TableBrute(
        f"{nom} › {couche}" if nom else couche,
        cellules if lignes and cellules is not None else name_colonnes(render_colonne([]) for _ in noms),
        np.arange(1, (len(lignes) if noms else 0) + 1, dtype=np.int64),
        entete_connue=tuple(noms),
        epsg=systeme[0] if organisation == "EPSG" and isinstance(systeme[0], int) else None,
        emprise=_read_emprise(bornes),
    )


def _has_geometries(base: sqlite3.Connection) -> bool:
    return bool(base.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").fetchone())


def _read_emprise(bornes: tuple[object, ...]) -> Emprise | None:
    if not all(isinstance(borne, int | float) for borne in bornes):
        return None
    xmin, ymin, xmax, ymax = (float(borne) for borne in bornes)  # type: ignore[arg-type]
    return (xmin, ymin, xmax, ymax)


def _refuse(garde: Garde, cause: str) -> NoReturn:
    refuse(
        "geopackage_abime",
        garde.fichier,
        f"le GeoPackage n'est pas lisible : {cause}.",
        suggestion="Refaites le téléchargement, ou redemandez la couche au producteur.",
    )
