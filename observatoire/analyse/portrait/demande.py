"""Demande d'un portrait : le territoire que nomme une adresse, ou ce qu'il faut faire s'il n'existe pas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.territoires import parse_maille
from observatoire.analyse.voisinage import Lien
from observatoire.catalogue.proches import find_proche
from observatoire.errors import AppelError, TerritoireInconnuError
from observatoire.modeles.mailles import Maille
from observatoire.territoires.referentiel import Referentiel

QUE_FAIRE = "Chercher son nom ou son code postal, ou partir de son département."


@dataclass(frozen=True)
class Demande:
    """Territoire demandé.

    Attributes:
        lien: le territoire à montrer ; ``None`` s'il faut en choisir un.
        message: ce qui, dans l'adresse, n'a pas pu être suivi à la lettre.
        proches: territoires à proposer.
    """

    lien: Lien | None = None
    message: str = ""
    proches: tuple[Lien, ...] = ()


def read_demande(consultation: Consultation, texte: str) -> Demande:
    """Lit « commune-97411 » ; un code seul, une commune disparue ou une faute trouvent aussi leur chemin."""
    demande = texte.strip()
    if not demande:
        return Demande()
    niveau, tiret, code = demande.partition("-")
    if not tiret:
        return _search_code(consultation, demande)
    try:
        maille = parse_maille(niveau)
    except AppelError as erreur:
        return Demande(message=f"{erreur} {QUE_FAIRE}", proches=_list_codes(consultation, code))
    if maille is Maille.FRANCE:
        return Demande(_make_lien(consultation, maille, "FR"))
    return _read_niveau(consultation, maille, code)


def _read_niveau(consultation: Consultation, maille: Maille, code: str) -> Demande:
    try:
        return Demande(_make_lien(consultation, maille, code.upper()))
    except TerritoireInconnuError as erreur:
        disparue = _find_disparue(consultation, maille, code)
        if disparue is not None:
            return disparue
        proche = find_proche(code, consultation.territoires.list_territoires(maille).code)
        proches = (_make_lien(consultation, maille, proche),) if proche else ()
        return Demande(message=f"{erreur} {QUE_FAIRE}", proches=proches or _list_codes(consultation, code))


def _search_code(consultation: Consultation, code: str) -> Demande:
    """Un code sans niveau : le seul territoire qui le porte, sinon le choix entre tous."""
    trouves = _list_codes(consultation, code)
    if len(trouves) == 1:
        return Demande(trouves[0])
    if trouves:
        return Demande(message=f"Plusieurs territoires ont le code « {code} » : choisir le niveau.", proches=trouves)
    disparue = _find_disparue(consultation, Maille.COMMUNE, code)
    if disparue is not None:
        return disparue
    exemple = "Une adresse s'écrit « commune-97411 » ou « departement-974 »."
    return Demande(message=f"Aucun territoire ne s'appelle « {code} ». {exemple} {QUE_FAIRE}")


def _list_codes(consultation: Consultation, code: str) -> tuple[Lien, ...]:
    table = consultation.territoires.table
    trouves = table[table.code == code.upper()]
    return tuple(
        Lien(Maille(m), str(c), str(n)) for m, c, n in zip(trouves.maille, trouves.code, trouves.libelle, strict=True)
    )


def _find_disparue(consultation: Consultation, maille: Maille, code: str) -> Demande | None:
    """Commune d'aujourd'hui où se trouve une commune disparue."""
    if maille is not Maille.COMMUNE:
        return None
    nom, actuelle = _load_disparues(consultation.espace.referentiel).get(code.upper(), ("", ""))
    if not actuelle:
        return None
    try:
        lien = _make_lien(consultation, maille, actuelle)
    except TerritoireInconnuError:
        return None
    return Demande(lien, f"{nom} ({code.upper()}) n'est plus une commune : elle fait partie de {lien.libelle}.")


@lru_cache(maxsize=2)
def _load_disparues(dossier: Path) -> dict[str, tuple[str, str]]:
    """Nom d'une commune disparue et code de celle qui la contient, par ancien code."""
    table = Referentiel(dossier).anciennes_communes
    return {
        str(ancien): (str(nom), str(actuel))
        for ancien, nom, actuel in zip(table.code_ancien, table.libelle_ancien, table.code_commune, strict=True)
    }


def _make_lien(consultation: Consultation, maille: Maille, code: str) -> Lien:
    return Lien(maille, code, consultation.territoires.libelle(maille, code))
