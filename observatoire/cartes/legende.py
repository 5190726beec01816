"""Légende d'une carte : ce qu'il faut lire à côté du dessin, sans rien dessiner."""

from __future__ import annotations

import math
from dataclasses import replace

from observatoire.cartes.lecture import CLES_ETATS, EtatCarte, LectureCarte
from observatoire.cartes.legende_modele import (
    SIGNE_CHOISI,
    SIGNES_REFERENCES,
    Cercle,
    ContexteLegende,
    EntreeLegende,
    Legende,
    Repere,
)
from observatoire.cartes.palettes import (
    DESSIN_HORS_CHAMP,
    DESSIN_MIXTE,
    DESSIN_NON_SIGNIFICATIF,
    DESSIN_SANS_DONNEE,
    DESSIN_SECRET,
    DESSIN_ZERO,
    LIMITE_COMMUNE,
    Dessin,
    Motif,
    rampe,
    typologie,
)
from observatoire.cartes.reperes import build_reperes, mark_territoire
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_unite, format_valeur

__all__ = [
    "DESSINS",
    "SIGNES_REFERENCES",
    "SIGNE_CHOISI",
    "Cercle",
    "ContexteLegende",
    "EntreeLegende",
    "Legende",
    "Repere",
    "build_legende",
    "choose_ronds",
    "mark_territoire",
    "write_note",
]

DECIMALES_MAX = 6

DESSINS: dict[EtatCarte, tuple[Dessin, str, str]] = {
    EtatCarte.MIXTE: (DESSIN_MIXTE, "mixte (plusieurs catégories)", "Le territoire en réunit plusieurs."),
    EtatCarte.ZERO: (DESSIN_ZERO, "zéro", "Valeur nulle, réellement observée."),
    EtatCarte.NON_SIGNIFICATIF: (
        DESSIN_NON_SIGNIFICATIF,
        "non significatif",
        "Trop peu de cas pour conclure.",
    ),
    EtatCarte.SECRET: (DESSIN_SECRET, "secret", "Masqué pour protéger les personnes."),
    EtatCarte.SANS_DONNEE: (DESSIN_SANS_DONNEE, "sans donnée", "La source ne donne pas cette valeur."),
    EtatCarte.HORS_CHAMP: (DESSIN_HORS_CHAMP, "sans objet", "La question ne se pose pas ici."),
}
REGLE_SYMBOLES = "Un nombre se dessine en symboles, jamais en surfaces colorées."
"""Dite sous toute carte d'effectifs : leur couleur ne dépendrait que de la taille du territoire."""
_DETERMINANTS = {(True, True): "des ", (True, False): "de ", (False, True): "les ", (False, False): ""}
ETATS_TOUJOURS_DITS = (EtatCarte.SECRET, EtatCarte.SANS_DONNEE)
"""Comptés même à zéro : « secret 0 » dit que rien n'a été masqué."""


def build_legende(lecture: LectureCarte, contexte: ContexteLegende) -> Legende:
    """Compose la légende d'une carte lue."""
    indicateur = lecture.indicateur
    if lecture.en_typologie:
        entrees = _build_categories(lecture)
    else:
        entrees = () if lecture.en_symboles else _build_classes(lecture)
    return Legende(
        titre=indicateur.libelle,
        unite="" if lecture.en_typologie else format_unite(indicateur.unite),
        entrees=entrees,
        etats=_build_etats(lecture),
        cercles=_build_cercles(lecture) if lecture.en_symboles else (),
        reperes=() if lecture.en_symboles or lecture.en_typologie else build_reperes(lecture, contexte),
        portee=_write_portee(lecture, contexte),
        source=f"Source : {contexte.source}{INSECABLE}· géographie au {contexte.geographie}",
        unites_comptees=contexte.maille.libelle_pluriel,
        unite_seule=contexte.maille.libelle,
        en_symboles=lecture.en_symboles,
        ordonnee=not (lecture.en_typologie or lecture.en_symboles),
        motif=lecture.decoupage.motif if entrees and not lecture.en_typologie else "",
    )


def _write_portee(lecture: LectureCarte, contexte: ContexteLegende) -> str:
    nombre = len(lecture.table)
    partagee = len(contexte.periodes) > 1
    periodes = " et ".join(contexte.periodes)
    if lecture.en_typologie:
        sujet = "catégories"
    elif lecture.en_symboles:
        echelle = f", même échelle pour {periodes}" if partagee else ""
        sujet = f"surface des cercles proportionnelle à la valeur{echelle}, sur"
    else:
        sujet = f"classes communes à {periodes}, calculées sur" if partagee else "classes calculées sur"
    pluriel = contexte.maille.libelle_pluriel if nombre > 1 else contexte.maille.libelle
    determinant = _DETERMINANTS[lecture.en_typologie, nombre > 1]
    return f"{sujet} {determinant}{format_nombre(nombre)} {pluriel} {contexte.territoire_de}"


def _build_classes(lecture: LectureCarte) -> tuple[EntreeLegende, ...]:
    decoupage, indicateur = lecture.decoupage, lecture.indicateur
    if not decoupage.nombre:
        return ()
    decimales = _choose_decimales(decoupage.bornes, indicateur.decimales)
    couleurs = rampe(indicateur.nature, decoupage.nombre)
    unite = format_unite(indicateur.unite, en_phrase=True)
    entrees = []
    for i, (couleur, effectif) in enumerate(zip(couleurs, decoupage.effectifs, strict=True)):
        bas, haut = decoupage.bornes_de(i)
        # Les bouts s'arrondissent vers l'extérieur : l'étendue écrite contient l'étendue vraie.
        bas = bas if i else _floor(bas, indicateur.decimales)
        haut = haut if i < len(decoupage.bornes) else _ceil(haut, indicateur.decimales)
        libelle = _format_intervalle(bas, haut, decimales, premiere=i == 0, vide=not effectif)
        debut = "de" if i == 0 else "plus de"
        parle = libelle if bas >= haut else f"{debut} {libelle.replace(' – ', ' à ')}"
        dessin = Dessin(couleur, LIMITE_COMMUNE, Motif.UNI)
        entrees.append(EntreeLegende(dessin, libelle, effectif, f"{parle} {unite}", str(i)))
    return tuple(entrees)


def _format_intervalle(bas: float, haut: float, decimales: int, *, premiere: bool, vide: bool) -> str:
    if bas < haut:
        return f"{_format_borne(bas, decimales)} – {_format_borne(haut, decimales)}"
    # Classe d'une seule valeur, ou classe fixe que rien n'atteint au bout de l'échelle.
    if premiere:
        return f"{_format_borne(haut, decimales)} ou moins" if vide else _format_borne(haut, decimales)
    return f"plus de {_format_borne(bas, decimales)}"


def _format_borne(valeur: float, decimales: int) -> str:
    """Écrit une borne sans zéros inutiles : « 25 », mais « 25,5 »."""
    for moins in range(decimales + 1):
        if math.isclose(round(valeur, moins), valeur, rel_tol=0, abs_tol=10**-9):
            return format_nombre(valeur, moins)
    return format_nombre(valeur, decimales)


def _choose_decimales(bornes: tuple[float, ...], decimales: int) -> int:
    """Décimales qui gardent distinctes deux bornes voisines."""
    for essai in range(decimales, DECIMALES_MAX):
        if len({format_nombre(b, essai) for b in bornes}) == len(bornes):
            return essai
    return DECIMALES_MAX


# Le petit jeu évite que 25,3, stocké 25,299999…, ne s'écrive 25,2.
_JEU = 1e-9


def _floor(valeur: float, decimales: int) -> float:
    return math.floor(valeur * 10.0**decimales + _JEU) / 10.0**decimales


def _ceil(valeur: float, decimales: int) -> float:
    return math.ceil(valeur * 10.0**decimales - _JEU) / 10.0**decimales


def _build_categories(lecture: LectureCarte) -> tuple[EntreeLegende, ...]:
    couleurs = typologie(max(1, len(lecture.indicateur.modalites)))
    seules = tuple(
        EntreeLegende(Dessin(c, LIMITE_COMMUNE, Motif.UNI), libelle, effectif, libelle, str(i))
        for i, ((libelle, effectif), c) in enumerate(zip(lecture.categories, couleurs, strict=False))
    )
    if not lecture.effectif(EtatCarte.MIXTE):
        return seules
    return (*seules, replace(_build_etat(lecture, EtatCarte.MIXTE), cle=str(len(seules))))


def _build_etats(lecture: LectureCarte) -> tuple[EntreeLegende, ...]:
    # Un territoire mixte a une valeur : il se compte avec les catégories.
    return tuple(
        _build_etat(lecture, etat)
        for etat in DESSINS
        if etat is not EtatCarte.MIXTE and (lecture.effectif(etat) or etat in ETATS_TOUJOURS_DITS)
    )


def _build_etat(lecture: LectureCarte, etat: EtatCarte) -> EntreeLegende:
    dessin, libelle, explication = DESSINS[etat]
    cle = CLES_ETATS.get(etat, "")
    return EntreeLegende(dessin, libelle, lecture.effectif(etat), f"{libelle} : {explication}", cle)


def _build_cercles(lecture: LectureCarte) -> tuple[Cercle, ...]:
    maximum = lecture.decoupage.maximum
    if maximum is None or maximum <= 0:
        return ()
    unite, decimales = lecture.indicateur.unite, lecture.indicateur.decimales
    ronds = choose_ronds(maximum)
    # L'unité n'est dite qu'une fois, sur le plus grand.
    return tuple(
        Cercle(v, format_valeur(v, unite if v == ronds[-1] else "", 0 if v >= 1 else decimales), v / maximum)
        for v in ronds
    )


def choose_ronds(maximum: float) -> tuple[float, ...]:
    """Trois valeurs rondes de cercles étalons, croissantes, sous le plus grand effectif."""
    exposant = math.floor(math.log10(maximum))
    plus_grand = next(f * 10.0**exposant for f in (5, 2, 1) if f * 10.0**exposant <= maximum * (1 + 1e-12))
    chiffre = round(plus_grand / 10.0**exposant)
    # Des surfaces de 1, 1/5 et 1/50 environ : assez d'écart pour que l'œil les ordonne.
    suite = {5: (5, 1, 0.1), 2: (2, 0.5, 0.1), 1: (1, 0.2, 0.02)}[chiffre]
    return tuple(round(f * 10.0**exposant, 6) for f in reversed(suite))


def write_note(legende: Legende) -> str:
    """Écrit la portée des classes : sur quoi elles sont calculées, quelle borne est comprise."""
    phrase = legende.portee[0].upper() + legende.portee[1:]
    bornes = f"{INSECABLE}; la borne haute est comprise" if legende.ordonnee and len(legende.entrees) > 1 else ""
    motif = f" ({legende.motif})" if legende.motif else ""
    regle = f" {REGLE_SYMBOLES}" if legende.en_symboles else ""
    return f"{phrase}{bornes}{motif}.{regle}"
