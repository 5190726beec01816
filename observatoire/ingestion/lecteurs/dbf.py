"""Shapefiles : attributs du fichier DBF lus tels qu'écrits, système de coordonnées et emprise des voisins."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyproj

from observatoire.ingestion.lecteurs.cellules import name_colonnes
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import refuse, warn
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.tables import TableBrute

Voisins = Mapping[str, bytes]
"""Fichiers d'un même shapefile, par extension (« .dbf », « .prj », « .cpg »)."""

EXTENSIONS_SHP = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_ENTETE, _CHAMP, _FIN_CHAMPS = 32, 32, 0x0D
_EFFACEE = 0x2A
_SHP_ENTETE, _SHX_ENTREE = 100, 8
_PAR_DEFAUT = "latin-1"


def read_couche_shp(
    voisins: Voisins, *, nom: str, garde: Garde, declare: str = ""
) -> tuple[TableBrute, str, tuple[Anomalie, ...]]:
    """Lit les attributs d'un shapefile.

    Args:
        voisins: fichiers du shapefile, par extension.
        nom: nom de la table.
        garde: limites de la lecture.
        declare: encodage déclaré ; celui du ``.cpg``, ou latin-1 sans lui.

    Returns:
        La table, l'encodage et les anomalies.

    Raises:
        LectureRefusee: fichier abîmé, ou attributs absents.
    """
    if ".dbf" not in voisins:
        refuse(
            "shapefile_incomplet",
            garde.fichier,
            "le fichier des attributs (.dbf) manque à côté du .shp.",
            suggestion="Déposez le .zip complet : .shp, .shx, .dbf, .prj.",
        )
    encodage = declare or _find_encodage(voisins.get(".cpg", b""))
    noms, cellules, lignes = _read_dbf(voisins[".dbf"], encodage, nom, garde)
    anomalies: list[Anomalie] = []
    epsg, emprise = _find_epsg(voisins.get(".prj", b"")), None
    if ".shp" in voisins:
        emprise = _read_emprise(voisins[".shp"], garde)
        if epsg is None:
            message = "le système de coordonnées de la couche n'est pas donné (.prj absent ou inconnu)."
            anomalies.append(
                warn("projection_inconnue", garde.fichier, message, suggestion="Demandez le fichier .prj.")
            )
    if ".shx" in voisins:
        objets = (len(voisins[".shx"]) - _SHP_ENTETE) // _SHX_ENTREE
        enregistrements = struct.unpack("<I", voisins[".dbf"][4:8])[0]
        if objets != enregistrements:
            message = f"la couche a {objets} contours mais {enregistrements} lignes d'attributs."
            anomalies.append(warn("couche_incoherente", garde.fichier, message, suggestion="Redemandez la couche."))
    return (
        TableBrute(nom, cellules, lignes, entete_connue=noms, epsg=epsg, emprise=emprise),
        encodage,
        tuple(anomalies),
    )


def _refuse_abime(garde: Garde, partie: str) -> NoReturn:
    refuse(
        "shapefile_abime",
        garde.fichier,
        f"le fichier {partie} de la couche est abîmé.",
        suggestion="Refaites le téléchargement, ou redemandez la couche au producteur.",
    )


def _find_encodage(cpg: bytes) -> str:
    """Encodage dit par le ``.cpg`` (« UTF-8 », « 1252 », « ISO 8859-1 »…)."""
    dit = cpg.decode("ascii", "ignore").strip().lower().replace(" ", "").replace("_", "-")
    if not dit:
        return _PAR_DEFAUT
    dit = dit.removeprefix("ansi").removeprefix("cp").strip("-")
    if dit.isdecimal():
        return {"65001": "utf-8", "88591": "latin-1"}.get(dit, f"cp{dit}")
    return {"iso8859-1": "latin-1", "iso-8859-1": "latin-1", "utf8": "utf-8"}.get(dit, dit)


def _read_dbf(
    octets: bytes, encodage: str, nom: str, garde: Garde
) -> tuple[tuple[str, ...], pa.Table, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Découpe les enregistrements à largeur fixe, d'un bloc."""
    if len(octets) < _ENTETE + 1:
        _refuse_abime(garde, ".dbf")
    nombre, debut, taille = struct.unpack("<IHH", octets[4:12])
    champs: list[tuple[str, str, int]] = []
    place = _ENTETE
    while place < min(debut, len(octets)) and octets[place] != _FIN_CHAMPS:
        morceau = octets[place : place + _CHAMP]
        if len(morceau) < _CHAMP:
            _refuse_abime(garde, ".dbf")
        champs.append((_decode(morceau[:11].split(b"\0")[0], encodage, garde), chr(morceau[11]), morceau[16]))
        place += _CHAMP
    garde.check_grille(nombre, len(champs), table=nom)
    juste = debut > place - 1 and sum(largeur for _, _, largeur in champs) + 1 == taille
    if not champs or not juste or len(octets) < debut + nombre * taille:
        _refuse_abime(garde, ".dbf")
    grille = np.frombuffer(octets, dtype=np.uint8, count=nombre * taille, offset=debut).reshape(nombre, taille)
    if not np.isin(grille[:, 0], (0x20, _EFFACEE)).all():
        _refuse_abime(garde, ".dbf")
    gardees = grille[:, 0] != _EFFACEE
    lignes = np.flatnonzero(gardees).astype(np.int64) + 1
    colonnes, gauche = [], 1
    for _, _, largeur in champs:
        brut = np.ascontiguousarray(grille[gardees, gauche : gauche + largeur])
        colonnes.append(_read_champ(brut, largeur, encodage, garde))
        gauche += largeur
    return tuple(champ for champ, _, _ in champs), name_colonnes(colonnes), lignes


def _read_champ(
    brut: np.ndarray[tuple[int, int], np.dtype[np.uint8]], largeur: int, encodage: str, garde: Garde
) -> pa.Array:
    if largeur == 0 or len(brut) == 0:
        return pa.nulls(len(brut), pa.string())
    # Un seul décodage pour la colonne : le saut de ligne, absent d'un champ DBF, sépare les valeurs.
    textes = [
        _decode(valeur, encodage, garde).strip(" \0") or None for valeur in brut.view(f"S{largeur}").ravel().tolist()
    ]
    return pa.array(textes, pa.string())


def _decode(octets: bytes, encodage: str, garde: Garde) -> str:
    try:
        return octets.decode(encodage)
    except (UnicodeDecodeError, LookupError):
        if encodage == "utf-8":
            return octets.decode(_PAR_DEFAUT)  # .cpg mensonger : courant, et latin-1 lit tout
        refuse(
            "encodage_contredit",
            garde.fichier,
            f"les attributs de la couche ne sont pas lisibles en {encodage}.",
            suggestion="Corrigez le fichier .cpg, ou déclarez l'encodage de la source.",
        )


def _find_epsg(prj: bytes) -> int | None:
    """Code EPSG d'un ``.prj``, s'il correspond à un système connu."""
    if not prj.strip():
        return None
    try:
        code = pyproj.CRS.from_wkt(prj.decode("utf-8", "replace")).to_epsg(min_confidence=25)
    except pyproj.exceptions.CRSError:
        return None
    return int(code) if code else None


def _read_emprise(shp: bytes, garde: Garde) -> tuple[float, float, float, float] | None:
    if len(shp) < _SHP_ENTETE:
        _refuse_abime(garde, ".shp")
    xmin, ymin, xmax, ymax = struct.unpack("<4d", shp[36:68])
    emprise = (xmin, ymin, xmax, ymax)
    return emprise if np.isfinite(emprise).all() and xmin <= xmax and ymin <= ymax else None
