"""Résumés : la phrase qui dit une carte, celle qui dit une valeur, et les mots d'un intervalle.

La phrase de tête donne l'étendue sans nommer le plus haut ni le plus bas : ils sont dans le tableau.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.bornes import DEDUIT, widen_bornes
from observatoire.modeles.indicateurs import Indicateur, Representation, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import (
    INSECABLE,
    compute_decimales,
    format_nombre,
    format_part_sur,
    format_periode,
    format_unite,
    format_valeur,
)
from observatoire.modeles.statuts import DESCRIPTIONS, STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AGE_A_DIRE = 5
"""Au-delà de cinq ans, l'âge de la donnée est dit à côté du titre."""
_PARENTHESE_EFFECTIFS = re.compile(r"\s*\([^()]*\{(?:numerateur|denominateur)\}[^()]*\)")
_ESPACE_AVANT_SIGNE = re.compile(r" (?=[%€;:?!])")
_ESPACE_DE_MILLIERS = re.compile(r"(?<=\d) (?=\d{3}\b)")
_SANS_CHIFFRES = frozenset(str(s) for s in (*STATUTS_SANS_VALEUR, Statut.NON_SIGNIFICATIF))


@dataclass(frozen=True)
class ValeurLue:
    """Valeur d'un territoire et tout ce qui permet de la dire.

    ``modalite`` est le libellé de la catégorie, pour une typologie ; ``correction`` dit « corrigé le …,
    était … » (``analyse.corrections``), et reste vide pour un chiffre qui n'a pas bougé.
    """

    valeur: float | None
    statut: str
    numerateur: float | None = None
    denominateur: float | None = None
    borne_inf: float | None = None
    borne_sup: float | None = None
    couverture: float = 1.0
    modalite: str = ""
    periode_denominateur: str = ""
    correction: str = ""

    @property
    def montrable(self) -> bool:
        """Vrai si un nombre (ou une catégorie) peut être écrit."""
        sans = self.statut in {str(s) for s in STATUTS_SANS_VALEUR}
        return not sans and (self.valeur is not None or bool(self.modalite))

    @property
    def bornee(self) -> bool:
        """Vrai d'une valeur masquée dont la publication dit au moins une borne."""
        masquee = self.statut == str(Statut.SECRET) and self.valeur is None
        return masquee and (self.borne_inf is not None or self.borne_sup is not None)


def read_valeur_lue(ligne: Mapping[str, object], modalites: Mapping[str, str] | None = None) -> ValeurLue:
    """Fait une valeur d'une ligne de la diffusion ; un ``nan`` devient une absence."""

    def number(nom: str) -> float | None:
        brut = ligne.get(nom)
        return float(brut) if isinstance(brut, int | float) and brut == brut else None  # noqa: PLR0124 -- nan

    modalite = str(ligne.get("modalite") or "")
    return ValeurLue(
        number("valeur"),
        str(ligne.get("statut") or Statut.NON_DISPONIBLE),
        number("numerateur"),
        number("denominateur"),
        number("borne_inf"),
        number("borne_sup"),
        number("couverture") or 0.0,
        (modalites or {}).get(modalite, modalite),
        str(ligne.get("periode_denominateur") or ""),
        read_correction(ligne),
    )


def read_correction(ligne: Mapping[Any, object]) -> str:
    """Correction d'une ligne de valeurs ; vide si elle n'en a pas."""
    correction = ligne.get("correction")
    return correction if isinstance(correction, str) else ""


def format_valeur_lue(indicateur: Indicateur, lue: ValeurLue) -> str:
    """Valeur avec son unité, catégorie, ou mots du statut quand il n'y a rien à écrire."""
    if not lue.montrable:
        return DESCRIPTIONS[Statut(lue.statut)].libelle
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return lue.modalite
    return format_valeur(lue.valeur or 0.0, indicateur.unite, indicateur.decimales, denominateur=lue.denominateur)


def write_lecture(
    indicateur: Indicateur, periode: str, nom: NomTerritoire, lue: ValeurLue, *, avec_effectifs: bool = True
) -> str:
    """Phrase de lecture d'un territoire, remplie ; vide si la valeur ne peut pas être écrite."""
    if not lue.montrable:
        return ""
    inconnus = lue.numerateur is None or ("{denominateur}" in indicateur.lecture and lue.denominateur is None)
    sans_effectifs = inconnus or not avec_effectifs
    gabarit = _PARENTHESE_EFFECTIFS.sub("", indicateur.lecture) if sans_effectifs else indicateur.lecture
    return _fill(gabarit, indicateur, periode, nom, lue)


def write_intervalle(indicateur: Indicateur, lue: ValeurLue) -> str:
    """« entre 12,1 % et 13,0 % » ; vide si la valeur est exacte ou si l'écart ne se verrait pas.

    D'une valeur masquée, l'intervalle déduit du publié, arrondi vers l'extérieur : « entre 1 et 12 foyers »,
    « au moins 1 foyer ».
    """
    if lue.bornee:
        return _write_bornes(indicateur, lue)
    if not lue.montrable or indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ""
    if lue.borne_inf is None or lue.borne_sup is None:
        return ""
    bas, haut = (format_valeur(b, indicateur.unite, indicateur.decimales) for b in (lue.borne_inf, lue.borne_sup))
    return f"entre {bas} et {haut}" if bas != haut else ""


def write_deduction(indicateur: Indicateur, lue: ValeurLue) -> str:
    """« Entre 1 et 12 foyers : ce que chacun peut déduire des totaux publiés. » ; vide sans borne à dire."""
    intervalle = write_intervalle(indicateur, lue) if lue.bornee else ""
    return f"{intervalle[0].upper()}{intervalle[1:]}{INSECABLE}: {DEDUIT}." if intervalle else ""


def _write_bornes(indicateur: Indicateur, lue: ValeurLue) -> str:
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ""
    bas, haut = widen_bornes(lue.borne_inf, lue.borne_sup, indicateur.decimales)
    # L'unité n'est dite qu'une fois : « entre 1 et 12 foyers », mais « entre 1,2 % et 12,4 % ».
    unite = indicateur.unite if indicateur.unite == "%" or haut is None else ""
    texte = "" if bas is None else format_valeur(bas, unite, indicateur.decimales)
    if haut is None:
        return f"au moins {texte}" if texte else ""
    fin = format_valeur(haut, indicateur.unite, indicateur.decimales)
    return f"entre {texte} et {fin}" if texte else f"au plus {fin}"


def write_part_sur(indicateur: Indicateur, lue: ValeurLue, unite: str = "") -> str:
    """« 1 234 sur 5 678 ménages » ; vide hors des parts, ou sans effectifs publiés."""
    if not indicateur.est_part or not lue.montrable or lue.numerateur is None or lue.denominateur is None:
        return ""
    return format_part_sur(lue.numerateur, lue.denominateur, unite)


def write_resume(
    indicateur: Indicateur,
    periode: str,
    nom: NomTerritoire,
    reference: ValeurLue | None,
    etendue: tuple[float, float] | None,
    maille: Maille,
    seule_sur: int = 0,
) -> str:
    """Phrase de tête d'une carte : la valeur du territoire couvert, puis l'étendue entre ses parties.

    Args:
        indicateur: fiche.
        periode: période montrée.
        nom: territoire couvert.
        reference: sa valeur, si elle est publiée.
        etendue: plus petite et plus grande valeurs montrées.
        maille: niveau de la carte.
        seule_sur: nombre de territoires de la carte, si un seul a une valeur : il n'y a pas d'étendue à dire.
    """
    selon = f"selon les {maille.libelle_pluriel}"
    if reference is not None and reference.montrable:
        tete = _fill(_PARENTHESE_EFFECTIFS.sub("", indicateur.lecture), indicateur, periode, nom, reference)
        suite = f"{INSECABLE}; {selon}, {_write_etendue(indicateur, etendue)}" if etendue and not seule_sur else ""
        # L'unité peut finir par un point d'abréviation (« hab. ») : il ferme aussi la phrase.
        return f"{(tete.rstrip('.') + suite).rstrip('.')}."
    quand = _write_quand(periode)
    if etendue is None:
        return f"{indicateur.libelle}, {quand}{INSECABLE}: aucune valeur publiée {nom.a_territoire} à ce niveau."
    if seule_sur:
        valeur = format_valeur(etendue[0], indicateur.unite, indicateur.decimales, en_phrase=True)
        ou = f"dans 1 {maille.libelle} {nom.du_territoire} sur {format_nombre(seule_sur)}"
        return f"{indicateur.libelle}, {quand}{INSECABLE}: {valeur}, {ou}."
    return (
        f"{indicateur.libelle}, {quand}{INSECABLE}: {_write_etendue(indicateur, etendue)} {selon} {nom.du_territoire}."
    )


def write_resume_typologie(
    indicateur: Indicateur,
    periode: str,
    nom: NomTerritoire,
    effectifs: Sequence[tuple[str, int]],
    maille: Maille,
    mixtes: int = 0,
) -> str:
    """Phrase de tête d'une carte de catégories : combien de territoires dans chacune, ou dans plusieurs."""
    connus = [(libelle, n) for libelle, n in effectifs if n]
    quand = _write_quand(periode)
    if not connus and not mixtes:
        return f"{indicateur.libelle}, {quand}{INSECABLE}: aucune valeur publiée {nom.a_territoire} à ce niveau."
    morceaux = [f"{format_nombre(n)} en «{INSECABLE}{libelle}{INSECABLE}»" for libelle, n in connus]
    if mixtes:
        morceaux.append(f"{format_nombre(mixtes)} mixte{'s' if mixtes > 1 else ''} (plusieurs catégories)")
    liste = ", ".join(morceaux[:-1]) + (" et " if len(morceaux) > 1 else "") + morceaux[-1]
    total = sum(n for _, n in connus) + mixtes
    quoi = maille.libelle_pluriel if total > 1 else maille.libelle
    return f"{indicateur.libelle}, {quand}{INSECABLE}: {format_nombre(total)} {quoi} {nom.du_territoire}, dont {liste}."


def write_age(periode: str, aujourdhui: date) -> str:
    """« donnée de 2010 » quand elle a plus de cinq ans ; vide sinon."""
    annees = [int(a) for a in re.findall(r"\d{4}", periode)]
    if not annees or aujourdhui.year - annees[-1] <= AGE_A_DIRE:
        return ""
    return f"donnée de {annees[-1]}"


def choose_unite(indicateur: Indicateur) -> str:
    """Unité à écrire à côté du libellé ; vide quand le libellé la dit déjà (« Nombre de mairies »)."""
    unite = format_unite(indicateur.unite)
    libelles = f"{indicateur.libelle} {indicateur.libelle_court}".lower()
    dite = unite.lower() in libelles or (unite.startswith("p.") and "pour 1" in libelles)
    return "" if dite or indicateur.type_mesure is TypeMesure.TYPOLOGIE else unite


def write_statut(lue: ValeurLue) -> str:
    """Explication du statut, si la valeur n'est pas simplement publiée."""
    statut = Statut(lue.statut)
    if statut is Statut.PUBLIE:
        return ""
    libelle, _, explication = DESCRIPTIONS[statut]
    if statut is Statut.SECRET:
        return f"{libelle}. {explication}"
    return f"{libelle[0].upper()}{libelle[1:]}{INSECABLE}: {explication[0].lower()}{explication[1:]}"


def write_note_statut(lue: ValeurLue) -> str:
    """Explication du statut, sous une valeur dont il est déjà le mot : une valeur masquée ne le répète pas."""
    return DESCRIPTIONS[Statut.SECRET].explication if lue.statut == str(Statut.SECRET) else write_statut(lue)


def write_note_correction(lue: ValeurLue) -> str:
    """« Chiffre corrigé le 12/03/2026, était 12,4 %. » ; vide s'il ne l'a pas été."""
    return f"Chiffre {lue.correction}." if lue.correction else ""


def write_couverture(lue: ValeurLue) -> str:
    """Part du territoire couverte par la source, si elle n'est pas entière."""
    if not lue.montrable or not 0 < lue.couverture < 1:
        return ""
    part = min(99.0, round(100 * lue.couverture))
    return f"La source couvre {format_nombre(part)}{INSECABLE}% de ce territoire."


def _write_etendue(indicateur: Indicateur, etendue: tuple[float, float]) -> str:
    bas, haut = (format_valeur(v, indicateur.unite, indicateur.decimales, en_phrase=True) for v in etendue)
    if bas == haut:
        return f"partout {bas}"
    # L'unité longue n'est dite qu'une fois : « de 1,2 à 3,4 habitants par logement ».
    court = indicateur.unite == "%" or indicateur.representation_retenue is Representation.SYMBOLES
    bas = bas if court and indicateur.unite == "%" else format_nombre(etendue[0], indicateur.decimales)
    return f"de {bas} à {haut}"


def _write_quand(periode: str) -> str:
    texte = format_periode(periode)
    return texte if texte.startswith("de ") else f"en {texte}"


def _fill(gabarit: str, indicateur: Indicateur, periode: str, nom: NomTerritoire, lue: ValeurLue) -> str:
    decimales = compute_decimales(indicateur.decimales, lue.denominateur)
    texte = _ESPACE_DE_MILLIERS.sub("\u202f", _ESPACE_AVANT_SIGNE.sub(INSECABLE, gabarit))
    valeur = (
        lue.modalite if indicateur.type_mesure is TypeMesure.TYPOLOGIE else format_nombre(lue.valeur or 0.0, decimales)
    )
    rempli = texte.format(
        periode=format_periode(periode),
        valeur=valeur,
        numerateur=format_nombre(lue.numerateur) if lue.numerateur is not None else "",
        denominateur=format_nombre(lue.denominateur) if lue.denominateur is not None else "",
        **nom._asdict(),
    ).strip()
    return rempli[0].upper() + rempli[1:]
