"""Tables lues d'un fichier reçu : tout y est texte, avec le numéro de ligne du producteur."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from observatoire.modeles.anomalies import Anomalie


@dataclass(frozen=True)
class TableBrute:
    """Grille de textes telle que le producteur l'a écrite, titres, en-têtes et pieds compris.

    Attributes:
        nom: feuille, couche, ou fichier dans l'archive ; vide si le fichier n'a qu'une table.
        cellules: colonnes ``c0``, ``c1``… de texte ; une cellule vide ou manquante est nulle.
        lignes: numéro de ligne du producteur (1 pour la première), un par ligne de ``cellules``.
        entete_connue: noms de colonnes, quand le format les porte hors des cellules (Parquet, GeoJSON) ;
            la grille ne contient alors que des données.
        epsg: code du système de coordonnées d'une couche géographique (``None`` : sans objet ou inconnu).
        emprise: ``(xmin, ymin, xmax, ymax)`` d'une couche géographique, dans son système.
        fusions: cellules fusionnées, ``(première ligne, première colonne, dernière ligne, dernière colonne)`` ;
            lignes du producteur, colonnes comptées de zéro.
    """

    nom: str
    cellules: pa.Table
    lignes: NDArray[np.int64]
    entete_connue: tuple[str, ...] = ()
    epsg: int | None = None
    emprise: tuple[float, float, float, float] | None = None
    fusions: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class FormeTable:
    """Place de l'en-tête et des données dans une grille ; les lignes sont celles du producteur.

    Attributes:
        lignes_entete: lignes de l'en-tête, de haut en bas ; plusieurs étages se joignent par « / ».
        premiere_ligne: première ligne de données.
        derniere_ligne: dernière ligne de données ; au-delà, notes et sources.
        titre: textes placés au-dessus de l'en-tête.
    """

    lignes_entete: tuple[int, ...]
    premiere_ligne: int
    derniere_ligne: int
    titre: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableLue:
    """Table nommée : ses données seules, en texte.

    Attributes:
        nom: feuille, couche, ou fichier dans l'archive.
        donnees: colonnes de texte, nommées par l'en-tête (noms uniques, espaces de bord retirées).
        lignes: numéro de ligne du producteur, un par ligne de ``donnees``.
        forme: place de l'en-tête et des données.
    """

    nom: str
    donnees: pa.Table
    lignes: NDArray[np.int64]
    forme: FormeTable


@dataclass(frozen=True)
class Lecture:
    """Fichier lu, ou les raisons pour lesquelles il ne peut l'être.

    Attributes:
        fichier: nom du fichier, sans son chemin.
        format: ``csv, xlsx, xls, ods, parquet, json, geojson, gpkg, shp, zip`` ; vide si inconnu.
        encodage: encodage d'un texte (``utf-8``, ``utf-8-sig``, ``cp1252``, ``latin-1``) ; vide sinon.
        separateur: séparateur d'un texte ; vide sinon.
        tables: grilles lues, dans l'ordre du fichier.
        anomalies: fautes de lecture ; une seule bloquante suffit à refuser.
    """

    fichier: str
    format: str
    tables: tuple[TableBrute, ...] = ()
    encodage: str = ""
    separateur: str = ""
    anomalies: tuple[Anomalie, ...] = field(default=())
