"""Documents JSON : réponse de l'API Melodi, JSON tabulaire, GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from observatoire.ingestion.lecteurs.cellules import name_colonnes, render_colonne
from observatoire.ingestion.lecteurs.encodage import decode_texte
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import inform, refuse
from observatoire.ingestion.lecteurs.texte import make_grille
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.tables import TableBrute

Objet = dict[str, Any]
_WGS84 = 4326
_LISTE_A_PLAT = 10
"""Une liste d'objets plus longue devient une table à part, plutôt qu'une colonne par élément."""


class _CleRepeteeError(ValueError):
    """Une clé écrite deux fois dans un objet : l'une des deux valeurs serait perdue."""


def read_json(octets: bytes, *, nom: str, garde: Garde) -> tuple[tuple[TableBrute, ...], str, tuple[Anomalie, ...]]:
    """Lit un JSON : observations Melodi, liste d'objets, ou objet qui contient des listes d'objets.

    Returns:
        Les tables, l'encodage et les anomalies.

    Raises:
        LectureRefusee: JSON abîmé, ou sans table.
    """
    document, encodage, anomalies = _load(octets, garde)
    if isinstance(document, dict) and isinstance(document.get("observations"), list):
        observations = document["observations"]
        if not observations:
            vide = inform("aucune_observation", garde.fichier, "le document ne contient aucune observation.")
            return ((_make_table(nom, [], garde),), encodage, (*anomalies, vide))
        if all(map(_is_observation, observations)):
            return ((_make_table(nom, list(map(_flatten_observation, observations)), garde),), encodage, anomalies)
    tables = tuple(_find_tables(document, nom, garde))
    if not tables:
        refuse(
            "json_sans_table",
            garde.fichier,
            "le document JSON ne contient pas de liste d'objets à lire comme une table.",
            suggestion="Demandez les données sous forme de liste d'objets, ou en CSV.",
        )
    if all(table.cellules.num_rows == 0 for table in tables):
        anomalies = (*anomalies, inform("aucune_observation", garde.fichier, "le document ne contient aucun objet."))
    return tables, encodage, anomalies


def read_geojson(octets: bytes, *, nom: str, garde: Garde) -> tuple[tuple[TableBrute, ...], str, tuple[Anomalie, ...]]:
    """Lit les attributs d'un GeoJSON, son système de coordonnées et son emprise.

    Returns:
        Les tables (une), l'encodage et les anomalies.

    Raises:
        LectureRefusee: JSON abîmé, ou qui n'est pas une collection d'objets géographiques.
    """
    document, encodage, anomalies = _load(octets, garde)
    objets = document.get("features") if isinstance(document, dict) else None
    if not isinstance(objets, list) or not all(isinstance(objet, dict) for objet in objets):
        return read_json(octets, nom=nom, garde=garde)
    lignes = [dict(_flatten(objet.get("properties") or {})) for objet in objets]
    table = _make_table(nom, lignes, garde)
    emprise = _find_emprise(objets)
    geo = TableBrute(
        nom, table.cellules, table.lignes, table.entete_connue, epsg=_find_epsg(document.get("crs")), emprise=emprise
    )
    return (geo,), encodage, anomalies


def _load(octets: bytes, garde: Garde) -> tuple[Any, str, tuple[Anomalie, ...]]:
    texte = decode_texte(octets, garde.fichier)
    try:
        # Les nombres restent dans l'écriture du producteur : « 327734.0 », « 0.10 ».
        document = json.loads(
            texte.octets,
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constante,
            object_pairs_hook=_make_objet,
        )
    except _CleRepeteeError as faute:
        refuse(
            "json_abime",
            garde.fichier,
            f"une clé est écrite deux fois dans le même objet (« {faute} ») : une de ses valeurs serait perdue.",
            suggestion="Redemandez le fichier au producteur.",
        )
    except (ValueError, RecursionError) as faute:
        refuse(
            "json_abime",
            garde.fichier,
            "le document JSON est abîmé : il ne respecte pas la forme JSON.",
            ligne=getattr(faute, "lineno", None),
            suggestion="Refaites le téléchargement, ou redemandez le fichier au producteur.",
        )
    garde.check_temps()
    return document, texte.encodage, texte.anomalies


def _refuse_constante(constante: str) -> None:
    raise ValueError(constante)


def _make_objet(paires: list[tuple[str, Any]]) -> Objet:
    objet = dict(paires)
    if len(objet) != len(paires):
        cles = [cle for cle, _ in paires]
        raise _CleRepeteeError(next(cle for cle in cles if cles.count(cle) > 1))
    return objet


def _is_observation(observation: object) -> bool:
    return isinstance(observation, dict) and isinstance(observation.get("dimensions"), dict)


def _flatten_observation(observation: Objet) -> Objet:
    """Dimensions, mesures (une mesure vide « {} » reste vide), attributs : une colonne chacun."""
    mesures = {
        nom: (mesure.get("value") if isinstance(mesure, dict) else mesure)
        for nom, mesure in (observation.get("measures") or {}).items()
    }
    return {**observation["dimensions"], **mesures, **(observation.get("attributes") or {})}


def _find_tables(document: object, nom: str, garde: Garde) -> Iterator[TableBrute]:
    if isinstance(document, list):
        yield from _read_liste(document, nom, garde)
    elif isinstance(document, dict):
        if colonnes := _as_colonnes(document):
            yield _make_table(
                nom, [dict(zip(colonnes, r, strict=True)) for r in zip(*colonnes.values(), strict=True)], garde
            )
            return
        for cle, valeur in document.items():
            if isinstance(valeur, list):
                yield from _read_liste(valeur, f"{nom} › {cle}" if nom else cle, garde)


def _read_liste(liste: list[Any], nom: str, garde: Garde) -> Iterator[TableBrute]:
    """Table d'une liste d'objets, suivie des tables des longues listes que ces objets contiennent."""
    if liste and all(isinstance(element, dict) for element in liste):
        a_part: dict[str, list[Any]] = {}
        yield _make_table(nom, [dict(_flatten(objet, a_part)) for objet in liste], garde)
        for chemin, elements in a_part.items():
            yield from _read_liste(elements, f"{nom}.{chemin}" if nom else chemin, garde)
    elif liste and all(isinstance(element, list) for element in liste):
        large = max(map(len, liste), default=0)
        garde.check_grille(len(liste), large, table=nom)
        cellules = make_grille([[_texte(v) for v in ligne] for ligne in liste], large)
        yield TableBrute(nom, cellules, np.arange(1, len(liste) + 1, dtype=np.int64))
    elif not liste and not nom:
        yield _make_table(nom, [], garde)


def _as_colonnes(document: Objet) -> dict[str, list[Any]]:
    """Objet de colonnes : des listes de scalaires, toutes de même longueur."""
    listes = {cle: valeur for cle, valeur in document.items() if isinstance(valeur, list)}
    longueurs = {len(valeur) for valeur in listes.values()}
    simple = all(not isinstance(v, dict | list) for valeur in listes.values() for v in valeur)
    return listes if len(listes) == len(document) > 1 and len(longueurs) == 1 and simple else {}


def _flatten(objet: Mapping[str, Any], a_part: dict[str, list[Any]] | None = None) -> Iterator[tuple[str, Any]]:
    """Chemins pointés d'un objet imbriqué : « adresse.commune », « adresse[2].commune »."""
    pile: list[tuple[str, Any]] = [(cle, valeur) for cle, valeur in reversed(list(objet.items()))]
    while pile:
        chemin, valeur = pile.pop()
        if isinstance(valeur, dict):
            pile += [(f"{chemin}.{cle}", v) for cle, v in reversed(list(valeur.items()))]
        elif isinstance(valeur, list):
            if a_part is not None and len(valeur) > _LISTE_A_PLAT and all(isinstance(v, dict) for v in valeur):
                a_part.setdefault(chemin, []).extend(valeur)
            elif any(isinstance(v, dict | list) for v in valeur):
                pile += [(chemin if r == 0 else f"{chemin}[{r + 1}]", v) for r, v in reversed(list(enumerate(valeur)))]
            else:
                yield chemin, ", ".join(t for t in map(_texte, valeur) if t)
        else:
            yield chemin, valeur


def _texte(valeur: object) -> str | None:
    if valeur is None or isinstance(valeur, str):
        return valeur or None
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    return json.dumps(valeur, ensure_ascii=False)


def _make_table(nom: str, lignes: Sequence[Objet], garde: Garde) -> TableBrute:
    noms = list(dict.fromkeys(cle for ligne in lignes for cle in ligne))
    garde.check_grille(len(lignes), len(noms), table=nom)
    colonnes: Iterable[pa.Array] = (render_colonne([_texte(ligne.get(cle)) for ligne in lignes]) for cle in noms)
    return TableBrute(nom, name_colonnes(colonnes), np.arange(1, len(lignes) + 1, dtype=np.int64), tuple(noms))


def _find_epsg(crs: object) -> int | None:
    """Code EPSG de la clé ``crs`` ; sans elle, un GeoJSON est en longitude et latitude."""
    if crs is None:
        return _WGS84
    nom = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if "CRS84" in nom.upper():
        return _WGS84
    code = nom.rpartition(":")[2]
    return int(code) if "EPSG" in nom.upper() and code.isdecimal() and len(code) < 7 else None  # noqa: PLR2004


def _find_emprise(objets: Sequence[Objet]) -> tuple[float, float, float, float] | None:
    """Emprise des coordonnées, lues dans les géométries et non dans un ``bbox`` parfois faux."""
    points: list[tuple[Any, Any]] = []
    pile: list[Any] = [objet.get("geometry") for objet in objets]
    while pile:
        element = pile.pop()
        if isinstance(element, dict):
            pile += [element.get("coordinates"), *(element.get("geometries") or ())]
        elif isinstance(element, list) and element:
            if isinstance(element[0], str) and len(element) > 1:
                points.append((element[0], element[1]))
            else:
                pile += element
    try:
        xy = np.array(points, dtype=np.float64)
    except (ValueError, TypeError):
        return None
    if not len(xy) or not np.isfinite(xy).all():
        return None
    (xmin, ymin), (xmax, ymax) = xy.min(axis=0), xy.max(axis=0)
    return float(xmin), float(ymin), float(xmax), float(ymax)
