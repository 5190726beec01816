"""Demande d'une carte statique : tout ce que le dessin reçoit, et la phrase qui le résume."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.modeles.nombres import FINE_INSECABLE, format_periode, format_valeur

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from observatoire.cartes.lecture import LectureCarte
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.modeles.mailles import Maille


_ESPACE_DE_MILLIERS = re.compile(r"(?<=\d) (?=\d{3}\b)")


@dataclass(frozen=True)
class TerritoireChoisi:
    """Territoire cerné et nommé sur la carte, et ce qu'on en dit."""

    code: str
    libelle: str
    phrase: str
    """« En 2010, 46,8 % des ménages de Salazie… », ou pourquoi rien n'est écrit."""


@dataclass(frozen=True)
class CarteStatique:
    """Carte à dessiner ; les contours sont en EPSG:4326, colonnes ``code``, ``libelle``, ``geometry``."""

    indicateur: Indicateur
    maille: Maille
    periode: str
    territoire: str
    """Nom du territoire couvert : « La Réunion »."""
    territoire_de: str
    """Le même, avec son article contracté : « de La Réunion »."""
    contours: gpd.GeoDataFrame
    valeurs: pd.DataFrame
    """Colonnes de ``valeurs --json``, plus ``libelle``."""
    source: str
    geographie: str
    """Date du code officiel géographique : « 01/01/2026 »."""
    publication: str
    observatoire: str = ""
    phrase: str = ""
    """Phrase de tête ; à défaut, l'étendue entre les territoires."""
    reperes: tuple[tuple[str, float], ...] = ()
    """Valeurs de référence : ``(("La Réunion", 31.5),)``."""
    voisins: gpd.GeoDataFrame | None = None
    limites: gpd.GeoDataFrame | None = None
    """Surface couverte, cernée d'un trait fort ; à défaut, celle des contours."""
    filets: gpd.GeoDataFrame | None = None
    """Lignes qui aident à s'y retrouver : EPCI d'un département, départements de France."""
    choisi: TerritoireChoisi | None = None
    lien: str = ""
    """Adresse durable de la carte, écrite en clair : une image circule sans sa page."""

    @property
    def rang_choisi(self) -> int | None:
        """Rang du territoire choisi parmi les contours ; ``None`` s'il n'est pas dessiné."""
        if self.choisi is None:
            return None
        rangs = self.contours.index[self.contours["code"] == self.choisi.code]
        return int(self.contours.index.get_loc(rangs[0])) if len(rangs) else None


def write_libelle(indicateur: Indicateur) -> str:
    """Libellé dont les nombres ne se coupent pas : « pour 10 000 habitants »."""
    return _ESPACE_DE_MILLIERS.sub(FINE_INSECABLE, indicateur.libelle)


def write_titre(demande: CarteStatique) -> str:
    """Titre complet : libellé et période."""
    return f"{write_libelle(demande.indicateur)} · {format_periode(demande.periode)}"


def write_sous_titre(demande: CarteStatique) -> str:
    """Niveau, territoire et période."""
    pluriel = demande.maille.libelle_pluriel
    return f"{pluriel[0].upper()}{pluriel[1:]} {demande.territoire_de} · {format_periode(demande.periode)}"


def write_phrase(demande: CarteStatique, lecture: LectureCarte) -> str:
    """Phrase de tête : l'étendue, sans nommer le plus haut ni le plus bas."""
    if demande.phrase:
        return demande.phrase
    indicateur, etendue = demande.indicateur, lecture.etendue
    if etendue is None:
        return f"Aucune valeur publiable pour les {demande.maille.libelle_pluriel} {demande.territoire_de}."
    if lecture.en_typologie:
        return f"{len(indicateur.modalites)} catégories ; le tableau dit celle de chaque territoire."
    # « de 19,7 % à 46,8 % », mais « de 12 à 340 ménages » : un mot ne se répète pas.
    unite = indicateur.unite
    unite_basse = unite if len(unite) == 1 or etendue[0] == etendue[1] else ""
    bas = format_valeur(etendue[0], unite_basse, indicateur.decimales, en_phrase=True)
    haut = format_valeur(etendue[1], unite, indicateur.decimales, en_phrase=True)
    pluriel = demande.maille.libelle_pluriel
    if bas == haut:
        return f"Même valeur partout : {haut}."
    return f"Selon les {pluriel}, de {bas} à {haut}."


def write_notes(demande: CarteStatique, source: str, secrets: int) -> list[str]:
    """Notes du pied d'une carte : secret, champ, source, publication, adresse."""
    notes = [
        write_note_secret(secrets, demande.maille),
        *filter(None, [write_note_corrections(demande)]),
        f"Champ : {demande.indicateur.champ}.",
        f"{source}.",
        f"Publication {demande.publication}.",
    ]
    return [*notes, demande.lien] if demande.lien else notes


def write_note_corrections(demande: CarteStatique) -> str:
    """« 3 chiffres corrigés depuis leur parution. » ; vide s'il n'y en a pas."""
    textes = demande.valeurs.get("correction", ())
    nombre = sum(1 for t in textes if isinstance(t, str) and t)
    if not nombre:
        return ""
    quoi = "chiffres corrigés depuis leur parution" if nombre > 1 else "chiffre corrigé depuis sa parution"
    return f"{nombre} {quoi} : le tableau dit lesquels."


def write_note_secret(nombre: int, maille: Maille) -> str:
    """Note de secret, toujours dans l'image : une carte circule sans sa page."""
    if not nombre:
        return "Aucune valeur masquée."
    nom = maille.libelle_pluriel if nombre > 1 else maille.libelle
    return f"Masqué pour protéger les personnes : {nombre} {nom} (secret statistique)."
