"""Second lecteur, écrit à part : il ne partage aucune ligne avec celui qu'il contrôle.

Il rend les cellules remplies, ``{(table, ligne, colonne): texte ou nombre}``, ou lève ``Illisible``.
L'encodage et le séparateur qu'annonce la lecture contrôlée lui sont donnés : ce sont des choix montrés
à qui dépose ; que les octets disent bien ces nombres sous ce choix est ce qu'il vérifie.
"""

import io
import json
import re
import zipfile
import zlib
from xml.etree import ElementTree as ET

Cellules = dict[tuple[str, int, str], str | float]
_NOMBRE = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_MILLIERS = re.compile(r"[+-]?[1-9]\d{0,2}([ \u00a0\u202f'’]\d{3})+([.,]\d+)?")


class Illisible(Exception):  # noqa: N818
    """Octets que ce lecteur ne sait pas lire."""


def as_nombre(texte: str) -> float | None:
    """Nombre d'une cellule de texte, dans ses écritures courantes."""
    texte = texte.strip().replace("\u2212", "-")
    if texte.endswith("%"):
        texte = texte[:-1].rstrip()
    if _MILLIERS.fullmatch(texte):
        texte = re.sub("[ \u00a0\u202f'’]", "", texte)
    if not _NOMBRE.fullmatch(texte) or not texte.isascii():
        return None
    nombre = float(texte.replace(",", "."))
    return nombre if abs(nombre) != float("inf") else None


def read_csv(octets: bytes, encodage: str, separateur: str, table: str = "") -> Cellules:  # noqa: C901 -- un automate
    """Automate à trois états, caractère par caractère ; les lignes sont celles du fichier."""
    texte = octets.decode({"utf-8-sig": "utf-8"}.get(encodage, encodage), "replace")
    texte = texte.removeprefix("\ufeff").removesuffix("\x1a")
    cellules: Cellules = {}
    ligne, debut, colonne, champ, etat = 1, 1, 0, [], "nu"
    precedent = ""

    def finish():
        if champ:
            cellules[table, debut, f"c{colonne}"] = "".join(champ)
        champ.clear()

    for place, c in enumerate(texte):
        if c == "\n" and precedent == "\r":
            precedent = c
            if etat == "guillemets":
                champ.append(c)
            continue
        precedent = c
        if c in "\r\n":
            ligne += 1
        if etat == "guillemets":
            if c == '"':
                etat = "fermant"
            else:
                champ.append(c)
        elif etat == "fermant" and c == '"':
            champ.append(c)
            etat = "guillemets"
        elif c == separateur and separateur:
            finish()
            colonne, etat = colonne + 1, "debut"
        elif c in "\r\n":
            finish()
            colonne, etat, debut = 0, "debut", ligne
        elif c == '"' and (etat == "debut" or place == 0):
            etat = "guillemets"
        else:
            champ.append(c)
            etat = "nu"
    finish()
    return cellules


def read_zip(octets: bytes) -> dict[str, bytes]:
    """Membres d'une archive, sommes de contrôle vérifiées."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return {m.filename: archive.read(m) for m in archive.infolist() if not m.is_dir()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
        NotImplementedError,
        IndexError,
        KeyError,
    ) as faute:
        raise Illisible(str(faute)) from faute


def _xml(octets: bytes) -> ET.Element:
    try:
        return ET.fromstring(octets)  # noqa: S314 -- octets fabriqués par l'essai
    except (ET.ParseError, ValueError, LookupError) as faute:
        raise Illisible(str(faute)) from faute


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribut(element: ET.Element, nom: str) -> str | None:
    return next((v for cle, v in element.attrib.items() if cle.rpartition("}")[2] == nom), None)


def read_xlsx(octets: bytes) -> Cellules:
    """Feuilles dans l'ordre du classeur, chaînes partagées, cellules à leur adresse."""
    membres = read_zip(octets)
    try:
        liens = {_attribut(e, "Id"): _attribut(e, "Target") for e in _xml(membres["xl/_rels/workbook.xml.rels"])}
        feuilles = [e for e in _xml(membres["xl/workbook.xml"]).iter() if _local(e) == "sheet"]
        chaines = [
            "".join(t.text or "" for t in e.iter() if _local(t) == "t")
            for e in (_xml(membres["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in membres else ())
            if _local(e) == "si"
        ]
        cellules: Cellules = {}
        for feuille in feuilles:
            cible = str(liens[next(v for cle, v in feuille.attrib.items() if cle.endswith("}id"))])
            chemin = cible.removeprefix("/") if cible.startswith("/") else f"xl/{cible}"
            for c in (e for e in _xml(membres[chemin]).iter() if _local(e) == "c"):
                lettres, chiffres = re.fullmatch(r"([A-Z]+)([0-9]+)", c.attrib["r"]).groups()
                rang = 0
                for lettre in lettres:
                    rang = rang * 26 + ord(lettre) - 64
                valeur = _valeur_xlsx(c, chaines)
                if valeur not in (None, ""):
                    cellules[feuille.attrib["name"], int(chiffres), f"c{rang - 1}"] = valeur
    except (KeyError, AttributeError, ValueError, IndexError, StopIteration) as faute:
        raise Illisible(str(faute)) from faute
    return cellules


def _valeur_xlsx(c: ET.Element, chaines: list[str]) -> str | float | None:
    genre = c.attrib.get("t", "n")
    v = next((e.text for e in c if _local(e) == "v"), None)
    if genre == "inlineStr":
        return "".join(e.text or "" for e in c.iter() if _local(e) == "t")
    if v is None or genre == "e":
        return None
    if genre == "s":
        return chaines[int(v)]
    if genre in ("str", "d"):
        return v
    if genre == "b":
        return "VRAI" if v.strip() in ("1", "true") else "FAUX"
    return float(v)


def read_ods(octets: bytes) -> Cellules:
    """Lignes et cellules d'un ODS, répétitions développées."""
    cellules: Cellules = {}
    contenu = read_zip(octets).get("content.xml")
    if contenu is None:
        raise Illisible("content.xml absent")
    try:
        for table in (e for e in _xml(contenu).iter() if _local(e) == "table"):
            ligne = 1
            for rangee in (e for e in table.iter() if _local(e) == "table-row"):
                repetees = int(_attribut(rangee, "number-rows-repeated") or 1)
                for rang in range(min(repetees, 1000)):
                    colonne = 0
                    for cellule in (e for e in rangee if _local(e) in ("table-cell", "covered-table-cell")):
                        fois = int(_attribut(cellule, "number-columns-repeated") or 1)
                        valeur = _valeur_ods(cellule)
                        for k in range(min(fois, 1000)):
                            if valeur not in (None, ""):
                                cellules[_attribut(table, "name") or "", ligne + rang, f"c{colonne + k}"] = valeur
                        colonne += fois
                ligne += repetees
    except ValueError as faute:
        raise Illisible(str(faute)) from faute
    return cellules


def _valeur_ods(cellule: ET.Element) -> str | float | None:
    genre = _attribut(cellule, "value-type")
    if genre in ("float", "currency", "percentage"):
        return float(_attribut(cellule, "value") or "x")
    if genre == "boolean":
        return "VRAI" if _attribut(cellule, "boolean-value") == "true" else "FAUX"
    return "\n".join("".join(p.itertext()) for p in cellule if _local(p) == "p")


def read_json(octets: bytes, encodage: str) -> Cellules:
    """Liste d'objets, seule ou sous la première clé qui en porte une ; ou observations Melodi."""
    try:
        texte = octets.decode({"utf-8-sig": "utf-8"}.get(encodage, encodage), "replace")
        document = json.loads(texte.removeprefix("\ufeff").removesuffix("\x1a"))
    except (ValueError, RecursionError) as faute:
        raise Illisible(str(faute)) from faute
    cellules: Cellules = {}
    listes = (
        {"": document} if isinstance(document, list) else {k: v for k, v in document.items() if isinstance(v, list)}
    )
    for cle, liste in listes.items():
        melodi = (
            cle == "observations"
            and liste
            and all(isinstance(o, dict) and isinstance(o.get("dimensions"), dict) for o in liste)
        )
        for rang, objet in enumerate(liste, 1):
            plat: dict[str, object] = {}
            if melodi:
                plat |= objet["dimensions"]
                mesures = objet.get("measures") or {}
                plat |= {k: (v.get("value") if isinstance(v, dict) else v) for k, v in mesures.items()}
                plat |= objet.get("attributes") or {}
            elif isinstance(objet, dict):
                _aplatit("", objet, plat)
            for nom, valeur in plat.items():
                if valeur not in (None, "") and not isinstance(valeur, (dict, list)):
                    cellules["" if melodi else cle, rang, nom] = (
                        valeur if isinstance(valeur, (str, bool)) else float(valeur)
                    )
    return cellules


def _aplatit(prefixe: str, objet: dict, plat: dict[str, object]) -> None:
    for cle, valeur in objet.items():
        if isinstance(valeur, dict):
            _aplatit(f"{prefixe}{cle}.", valeur, plat)
        else:
            plat[f"{prefixe}{cle}"] = valeur
