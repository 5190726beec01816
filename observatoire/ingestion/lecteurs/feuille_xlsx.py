"""Feuille XLSX : son étendue réelle, et un vocabulaire sans mot inconnu."""

from __future__ import annotations

import re

from observatoire.ingestion.lecteurs.limites import Garde

_CELLULE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br\s*=\s*["\']([A-Z]+)(\d+)["\'][^>]*(?<!/)>')
_COLONNE = re.compile(rb'\sr\s*=\s*["\']([A-Z]+)')
_LOINTAINE = re.compile(rb'\sr\s*=\s*["\'][A-Z]+(\d{6,})')
"""Une cellule peut se dire plus bas que la ligne qui la contient."""
_LIGNE = re.compile(rb'\sr\s*=\s*["\'](\d+)')
_BALISE = re.compile(rb"<(?:\w+:)?(\w+)")
_FEUILLE = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_GENRE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="([^"]*)"')
_TRANCHE = 16 << 20
_RECOUVREMENT = 256
_COURANTES = (
    b"<c ",
    b"</c>",
    b"<v>",
    b"</v>",
    b"<row ",
    b"</row>",
    b"<f>",
    b"</f>",
    b"<is>",
    b"</is>",
    b"<t>",
    b"</t>",
)
_CONNUES = frozenset(
    b"sheetData row c v f is t r rPr rPh phoneticPr extLst ext b i u strike sz color rFont family charset scheme "
    b"vertAlign outline shadow condense extend AlternateContent Choice Fallback".split()
)
_GENRES = (b' t="s"', b' t="str"', b' t="n"', b' t="b"', b' t="e"', b' t="inlineStr"', b' t="d"')
_GENRES_CONNUS = frozenset((b"s", b"str", b"n", b"b", b"e", b"inlineStr", b"d"))


def check_feuille(contenu: bytes, membre: str, *, garde: Garde) -> bool:
    """Contrôle une feuille ; ce qui n'en est pas une est laissé.

    Args:
        contenu: XML bien formé.
        membre: nom du membre dans le classeur.
        garde: limites de la lecture.

    Returns:
        Faux si ses données emploient un mot inconnu : une valeur y serait tue ou mal lue.

    Raises:
        LectureRefusee: une cellule égarée ferait réserver une grille immense.
    """
    if membre == "xl/workbook.xml":
        return all(b' name="' in feuille or b" name='" in feuille for feuille in _FEUILLE.findall(contenu))
    debut, fin = contenu.find(b"sheetData"), contenu.rfind(b"sheetData")
    if debut < 0 or not membre.startswith("xl/worksheets/"):
        return debut >= 0 or not membre.startswith("xl/worksheets/sheet")
    donnees = contenu[debut - 1 : fin]
    _check_etendue(donnees, membre, garde)
    # Compter des mots courants est cent fois plus rapide que les nommer un à un.
    if not _is_count(donnees, b"<", _COURANTES) and not _CONNUES.issuperset(_BALISE.findall(donnees, 1)):
        return False
    return _is_count(donnees, b' t="', _GENRES) or _GENRES_CONNUS.issuperset(_GENRE.findall(donnees))


def _is_count(donnees: bytes, tous: bytes, connus: tuple[bytes, ...]) -> bool:
    """Vrai si les mots connus suffisent à expliquer tous les autres."""
    reste = donnees.count(tous)
    for connu in connus:
        if reste == 0:
            break
        reste -= donnees.count(connu)
    return reste == 0


def _check_etendue(contenu: bytes, membre: str, garde: Garde) -> None:
    lettres: set[bytes] = set()
    lignes = 0
    for debut in range(0, len(contenu), _TRANCHE):
        tranche = contenu[debut : debut + _TRANCHE + _RECOUVREMENT]
        lettres.update(_COLONNE.findall(tranche))
        for motif in (_LIGNE, _LOINTAINE):
            lignes = max(lignes, max(map(int, motif.findall(tranche)), default=0))
    large = max(map(_rank, lettres), default=0)
    limites = garde.limites
    if lignes > limites.lignes or lignes * large > limites.cellules_tableur:
        # Des cellules seulement mises en forme ne comptent pas : on reprend une à une celles qui sont remplies.
        remplies = _CELLULE.findall(contenu)
        lignes = max((int(chiffres) for _, chiffres in remplies), default=0)
        large = max((_rank(lettre) for lettre in {lettres for lettres, _ in remplies}), default=0)
    garde.check_grille(lignes, large, table=membre, tableur=True)


def _rank(lettres: bytes) -> int:
    rang = 0
    for lettre in lettres[:8]:
        rang = rang * 26 + lettre - 64
    return rang
