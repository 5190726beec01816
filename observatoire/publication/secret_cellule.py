"""Case désignée par l'usager : « indicateur:niveau:code:période », chaque mot contrôlé dans une publication."""

from __future__ import annotations

from dataclasses import dataclass

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.territoires import parse_maille
from observatoire.catalogue.proches import find_proche
from observatoire.errors import AppelError
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.mailles import Maille

SEPARATEUR = ":"
FORME = SEPARATEUR.join(("indicateur", "niveau", "code", "periode"))
PARTIES_MIN, PARTIES_MAX = 4, 5


@dataclass(frozen=True)
class Cellule:
    """Case d'une publication.

    Attributes:
        indicateur: fiche publiée.
        maille: niveau.
        code: code du territoire.
        libelle: nom du territoire.
        periode: période publiée.
        modalite: classe, pour une typologie.
    """

    indicateur: Indicateur
    maille: Maille
    code: str
    libelle: str
    periode: str
    modalite: str = ""

    def __str__(self) -> str:
        """Désignation complète, telle qu'on la tape."""
        parties = [self.indicateur.id, str(self.maille), self.code, self.periode, self.modalite]
        return SEPARATEUR.join(p for p in parties if p)


def parse_cellule(texte: str, consultation: Consultation) -> Cellule:
    """Retrouve la case désignée.

    Args:
        texte: « nb_foyers:commune:01004:2024 », et « :modalite » pour une typologie.
        consultation: publication où la chercher.

    Raises:
        AppelError: la désignation est mal formée, ou l'un de ses mots n'existe pas ; le plus proche est proposé.
    """
    parties = [p.strip() for p in texte.split(SEPARATEUR)]
    if not PARTIES_MIN <= len(parties) <= PARTIES_MAX or not all(parties[:PARTIES_MIN]):
        msg = f"« {texte} » ne désigne pas une case. {_explain_forme(parties, consultation)}"
        raise AppelError(msg)
    nom, niveau, code, periode = parties[:PARTIES_MIN]
    fiche = consultation.find_indicateur(nom)
    maille = parse_maille(niveau)
    periodes = consultation.list_periodes(fiche.id, maille)
    proche = find_proche(periode, periodes)
    if periodes and periode not in periodes and proche:
        msg = f"« {fiche.id} » n'existe pas en « {periode} ». Vouliez-vous dire « {proche} » ?"
        raise AppelError(msg)
    consultation.resolve_periode(fiche, maille, periode)
    territoire = consultation.territoires.find(
        maille, _complete_code(code, consultation.territoires.list_codes(maille))
    )
    modalite = parties[PARTIES_MIN] if len(parties) == PARTIES_MAX else ""
    _check_modalite(fiche, modalite)
    return Cellule(fiche, maille, str(territoire["code"]), str(territoire["libelle"]), periode, modalite)


def _complete_code(code: str, connus: frozenset[str]) -> str:
    """Le code, ses zéros de tête rendus s'ils manquent seuls."""
    largeur = max(map(len, connus), default=0)
    return code if code in connus or code.zfill(largeur) not in connus else code.zfill(largeur)


def _explain_forme(parties: list[str], consultation: Consultation) -> str:
    """Comment l'écrire, avec un exemple qui existe ; l'indicateur le plus proche de ce qui a été tapé."""
    publies = consultation.publication.indicateurs
    nom = parties[0] if parties[0] in publies else find_proche(parties[0], publies) or next(iter(publies), "")
    forme = f"Écrivez « {FORME} » (et « :modalite » pour une typologie)"
    for maille, periodes in publies.get(nom, {}).items():
        codes = consultation.territoires.list_territoires(Maille(maille)).code
        if periodes and len(codes):
            return f"{forme}, comme « {SEPARATEUR.join((nom, maille, str(codes.iloc[0]), periodes[-1]))} »."
    return f"{forme}."


def _check_modalite(fiche: Indicateur, modalite: str) -> None:
    permises = [m.code for m in fiche.modalites]
    if modalite in permises or (not modalite and not permises):
        return
    if not permises:
        msg = f"« {fiche.id} » n'a pas de modalités : retirez « {SEPARATEUR}{modalite} »."
        raise AppelError(msg)
    proche = find_proche(modalite, permises)
    suite = f" Vouliez-vous dire « {proche} » ?" if proche else ""
    msg = f"« {fiche.id} » demande une de ses modalités : {', '.join(permises)}.{suite}"
    raise AppelError(msg)
