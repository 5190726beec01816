"""Encodage d'un texte : marque d'ordre, UTF-8 vérifié, puis l'encodage d'un octet le plus français."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.lecteurs.refus import refuse, warn
from observatoire.modeles.anomalies import Anomalie

_MARQUES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ECRITS_EN_FRANCAIS = "éèêëàâäîïôöùûüçœæÉÈÊËÀÂÄÎÏÔÖÙÛÜÇŒÆ’«»°²€–…\u00a0"
_D_UN_OCTET = ("cp1252", "iso-8859-15", "cp850", "mac_roman")
"""Candidats, dans l'ordre de préférence à égalité."""
_BLOC = 1 << 20
_ASCII = 128
_VALIDES_POUR_UN_ABIME = 4
"""Un texte qui a quatre fois plus de caractères UTF-8 justes que d'octets faux est de l'UTF-8 abîmé."""


@dataclass(frozen=True)
class Texte:
    """Texte en UTF-8 sans marque d'ordre, et l'encodage d'où il vient."""

    octets: bytes
    encodage: str
    anomalies: tuple[Anomalie, ...] = ()


def decode_texte(octets: bytes, fichier: str, *, declare: str = "") -> Texte:  # noqa: PLR0911 -- une par encodage
    """Rend un texte en UTF-8.

    Args:
        octets: contenu reçu.
        fichier: nom du fichier, pour les messages.
        declare: encodage déclaré ; reconnu s'il est vide.

    Returns:
        Le texte et son encodage (``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1252``, ``latin-1``…).

    Raises:
        LectureRefusee: encodage déclaré inconnu ou contredit par les octets, ou contenu qui n'est pas un texte.
    """
    marque = next(((m, nom) for m, nom in _MARQUES if octets.startswith(m)), None)
    if marque and marque[1] == "utf-8-sig":
        reste = octets[len(marque[0]) :]
        if is_utf8(reste):
            return Texte(_without_nul(reste, fichier), "utf-8-sig")
        return _repair_utf8(reste, fichier, "utf-8-sig")
    if marque:
        return _transcode(octets, marque[1], fichier, nom=marque[1])
    if declare:
        return _decode_declare(octets, fichier, declare)
    sans_marque = _guess_utf16(octets)
    if sans_marque:
        return _transcode(octets, sans_marque, fichier, nom=sans_marque)
    if is_utf8(octets):
        return Texte(_without_nul(octets, fichier), "utf-8")
    if _looks_utf8(octets):
        return _repair_utf8(octets, fichier, "utf-8")
    encodage = _guess_un_octet(_count_octets(octets))
    return _transcode(octets, encodage, fichier, nom=encodage)


def is_utf8(octets: bytes) -> bool:
    """Vrai si tout est de l'UTF-8 ; par blocs, pour ne pas doubler la mémoire."""
    decodeur = codecs.getincrementaldecoder("utf-8")()
    vue = memoryview(octets)
    try:
        for debut in range(0, len(octets), _BLOC):
            decodeur.decode(vue[debut : debut + _BLOC])
        decodeur.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decode_declare(octets: bytes, fichier: str, declare: str) -> Texte:
    try:
        codec = codecs.lookup(declare)
    except LookupError:
        refuse(
            "encodage_inconnu",
            fichier,
            f"l'encodage déclaré « {declare} » n'existe pas.",
            suggestion="Écrivez utf-8, cp1252 ou latin-1.",
        )
    if codec.name == "utf-8":
        if is_utf8(octets):
            return Texte(_without_nul(octets, fichier), "utf-8")
        refuse(
            "encodage_contredit",
            fichier,
            "la source déclare de l'UTF-8, mais le fichier contient des octets qui n'en sont pas.",
            suggestion="Essayez « cp1252 », ou retirez l'encodage de la déclaration : il sera reconnu.",
        )
    return _transcode(octets, codec.name, fichier, nom=declare.lower())


def _transcode(octets: bytes, codec: str, fichier: str, *, nom: str) -> Texte:
    try:
        texte = octets.decode(codec)
    except UnicodeDecodeError as faute:
        refuse(
            "encodage_contredit",
            fichier,
            f"le fichier n'est pas lisible en {nom} : octet {faute.start + 1} invalide.",
            suggestion="Enregistrez-le de nouveau en UTF-8.",
        )
    return Texte(_without_nul(texte.encode("utf-8", "replace"), fichier), nom)


def _repair_utf8(octets: bytes, fichier: str, encodage: str) -> Texte:
    """Garde un UTF-8 presque juste, les octets faux rendus visibles : le reste n'est pas défiguré."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as faute:
        ligne = octets.count(b"\n", 0, faute.start) + 1
    texte = octets.decode("utf-8", "replace").encode("utf-8")
    message = "des octets ne sont pas de l'UTF-8 ; ils sont remplacés par « \ufffd », sans toucher au reste."
    anomalie = warn(
        "octets_illisibles",
        fichier,
        message,
        ligne=ligne,
        suggestion="Comparez cette ligne avec l'original, ou redemandez le fichier.",
    )
    return Texte(_without_nul(texte, fichier), encodage, (anomalie,))


def _without_nul(octets: bytes, fichier: str) -> bytes:
    if b"\0" in octets:
        refuse(
            "fichier_binaire",
            fichier,
            "le fichier contient des octets nuls : ce n'est pas un texte, ou il est abîmé.",
            suggestion="Redemandez-le au producteur en CSV ou en XLSX.",
        )
    return octets.removesuffix(b"\x1a")  # fin de fichier des vieux exports MS-DOS


def _guess_utf16(octets: bytes) -> str:
    """Reconnaît un UTF-16 sans marque : un octet sur deux y est nul."""
    tete = np.frombuffer(octets[: 4096 // 2 * 2], dtype=np.uint8)
    paires = len(tete) // 2
    if paires == 0:
        return ""
    nuls = [int((tete[rang::2] == 0).sum()) for rang in (0, 1)]
    if nuls[1] > paires * 0.4 and nuls[0] < paires * 0.1:
        return "utf-16-le"
    if nuls[0] > paires * 0.4 and nuls[1] < paires * 0.1:
        return "utf-16-be"
    return ""


def _count_octets(octets: bytes) -> NDArray[np.int64]:
    """Nombre d'octets de chaque valeur non ASCII."""
    compte = np.zeros(256, dtype=np.int64)
    vue = np.frombuffer(octets, dtype=np.uint8)
    for debut in range(0, len(vue), _BLOC):
        bloc = vue[debut : debut + _BLOC]
        compte += np.bincount(bloc[bloc >= _ASCII], minlength=256)
    return compte


def _looks_utf8(octets: bytes) -> bool:
    texte = octets[: 64 * _BLOC].decode("utf-8", "replace")
    faux = texte.count("\ufffd")
    justes = len(texte) - sum(map(texte.count, map(chr, range(_ASCII)))) - faux if faux else 0
    return justes > _VALIDES_POUR_UN_ABIME * faux


def _guess_un_octet(compte: NDArray[np.int64]) -> str:
    """Encodage dans lequel ces octets s'écrivent le plus en français."""
    presents = [int(octet) for octet in np.flatnonzero(compte)]
    notes: dict[str, int] = {}
    for codec in _D_UN_OCTET:
        try:
            lettres = {octet: bytes([octet]).decode(codec) for octet in presents}
        except UnicodeDecodeError:
            continue
        notes[codec] = sum(int(compte[o]) * (1 if c in _ECRITS_EN_FRANCAIS else -1) for o, c in lettres.items())
    meilleur = max(notes, key=lambda codec: notes[codec])
    if meilleur != "cp1252" and "cp1252" not in notes and notes[meilleur] <= 0:
        return "latin-1"
    return meilleur
