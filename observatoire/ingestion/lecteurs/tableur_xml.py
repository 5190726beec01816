"""Garde des classeurs XLSX et ODS : ce sont des archives de XML, lues en entier avant d'être crues."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from observatoire.ingestion.lecteurs.feuille_ods import EtendueOds
from observatoire.ingestion.lecteurs.feuille_xlsx import check_feuille
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import refuse
from observatoire.ingestion.lecteurs.zip_sur import open_zip, read_membre

_ERREURS = (b' t="e"', b'calcext:value-type="error"')


def check_tableur(octets: bytes, *, format_lu: str, garde: Garde) -> int:
    """Vérifie l'archive (tailles, sommes de contrôle) et son XML (bien formé, sans entité piégée).

    Args:
        octets: contenu du classeur.
        format_lu: ``xlsx`` ou ``ods``.
        garde: limites de la lecture.

    Returns:
        Nombre de cellules en erreur de tableur (#N/A…).

    Raises:
        LectureRefusee: archive ou XML abîmé, piégé ou démesuré.
    """
    archive = open_zip(octets, garde=garde)
    erreurs = 0
    for membre in archive.infolist():
        contenu = read_membre(archive, membre, garde=garde)
        nom = membre.filename
        if not nom.lower().endswith((".xml", ".rels")):
            continue
        etendue = EtendueOds(garde) if format_lu == "ods" and nom == "content.xml" else None
        _check_xml(contenu, nom, garde, etendue)
        if etendue is not None and etendue.inconnu:
            refuse_xml(nom, garde)
        if format_lu == "xlsx" and not check_feuille(contenu, nom, garde=garde):
            refuse_xml(nom, garde)
        erreurs += sum(map(contenu.count, _ERREURS))
    return erreurs


def _check_xml(contenu: bytes, membre: str, garde: Garde, etendue: EtendueOds | None) -> None:
    analyseur = expat.ParserCreate(namespace_separator=" ")
    analyseur.StartDoctypeDeclHandler = lambda *_: refuse_xml(membre, garde)
    if etendue is not None:
        analyseur.StartElementHandler = etendue.open
        analyseur.EndElementHandler = etendue.close
    try:
        analyseur.Parse(contenu, True)
    except (expat.ExpatError, ValueError, LookupError):
        refuse_xml(membre, garde)


def refuse_xml(membre: str, garde: Garde) -> NoReturn:
    """Refuse un classeur dont un XML est abîmé ou déclare des entités."""
    refuse(
        "classeur_abime",
        garde.fichier,
        f"le contenu du classeur est abîmé ou piégé (« {membre} »).",
        suggestion="Ouvrez-le dans un tableur et enregistrez-le de nouveau, ou redemandez-le au producteur.",
    )
