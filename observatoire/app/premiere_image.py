"""Première image : le titre, la phrase et la carte, dans la page même, avant que l'application ait démarré.

Sur un téléphone, l'application met quelques secondes à arriver ; ce qu'on est venu lire n'attend pas.
"""

from __future__ import annotations

import logging
import math
from html import escape
from typing import TYPE_CHECKING

from observatoire.app import cache
from observatoire.app.composants.entete_carte import render_titre
from observatoire.app.etat import Etat
from observatoire.app.preparation import make_choix
from observatoire.app.vues_page import load_vues
from observatoire.cartes.apercu import draw_apercu, load_traces
from observatoire.cartes.fond import FRANCE, name_fond
from observatoire.cartes.lecture import RANGS_ETATS, EtatCarte
from observatoire.cartes.palettes import DESSIN_MIXTE, DESSIN_NON_SIGNIFICATIF, DESSIN_SECRET, DESSIN_ZERO, PAPIER
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.vues import VueCarte

JOURNAL = logging.getLogger("observatoire.app")
TERRITOIRES_MAX = 1_300
"""Au-delà (les communes de France), le dessin serait plus long à recevoir que l'application."""
_FONDS_ETATS = {
    EtatCarte.SECRET: DESSIN_SECRET.fond,
    EtatCarte.NON_SIGNIFICATIF: DESSIN_NON_SIGNIFICATIF.fond,
    EtatCarte.ZERO: DESSIN_ZERO.fond,
    EtatCarte.MIXTE: DESSIN_MIXTE.fond,
    EtatCarte.HORS_CHAMP: PAPIER,
}


def write_premiere(chemin: str, params: Mapping[str, str]) -> str:
    """Première image d'une adresse, en HTML ; vide si l'adresse n'est pas celle d'une carte.

    Elle ne doit jamais empêcher la page de venir : une faute est inscrite au journal, et rien n'est montré.
    """
    if chemin != "/carte":
        return ""
    try:
        consultation = cache.get_consultation(params.get("publication") or None)
        etat = make_choix(consultation).resolve(params, cache.get_reglages().departement)
        vue = load_vues(consultation, etat).premiere
        return _render(vue, _draw(consultation, vue, etat), consultation.find_attente(vue.choisi))
    except (ObservatoireError, OSError, KeyError, ValueError) as erreur:
        JOURNAL.warning("Première image impossible : %s", erreur)
        return ""


def _render(vue: VueCarte, dessin: str, attente: int) -> str:
    return (
        f'<div class="obs-premiere"><h1 class="obs-titre">{render_titre(vue, attente)}</h1>'
        f'<p class="obs-phrase">{escape(vue.resume)}</p>'
        f'<div class="obs-premiere-carte">{vue.legende}{dessin}</div></div>'
    )


def _draw(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    fond = cache.get_fonds(consultation).get(name_fond(etat.maille, etat.departement))
    if fond is None or len(fond.codes) > TERRITOIRES_MAX or etat.departement == FRANCE:
        return ""
    traces = load_traces(consultation.espace.fonds / fond.fichier)
    return draw_apercu(traces, _choose_couleurs(vue), vue.resume, _measure_cercles(vue))


def _choose_couleurs(vue: VueCarte) -> dict[str, str]:
    """Couleur unie de chaque territoire : la carte y ajoutera ses trames."""
    dessin, lecture = vue.message["dessin"], vue.lecture
    palette = dessin.get("couleurs", ())
    fonds = {RANGS_ETATS[etat]: fond for etat, fond in _FONDS_ETATS.items()}
    en_classe = RANGS_ETATS[EtatCarte.CLASSE]
    couleurs = {}
    for code, rang, classe in zip(
        lecture.table.index.tolist(), lecture.etats.tolist(), lecture.table["classe"].tolist(), strict=True
    ):
        if rang == en_classe:
            couleurs[code] = "#FFFFFF" if lecture.en_symboles else palette[classe]
        elif rang in fonds:
            couleurs[code] = fonds[rang]
    return couleurs


def _measure_cercles(vue: VueCarte) -> dict[str, tuple[float, str]]:
    dessin, lecture = vue.message["dessin"], vue.lecture
    if not lecture.en_symboles or not dessin["maximum"]:
        return {}
    valeurs = zip(lecture.table.index.tolist(), lecture.table["valeur"].tolist(), strict=True)
    return {
        code: (dessin["rayon"] * math.sqrt(valeur / dessin["maximum"]), dessin["couleur"])
        for code, valeur in valeurs
        if valeur is not None and valeur > 0
    }
