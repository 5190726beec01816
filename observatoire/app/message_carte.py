"""Message d'une vue à sa carte : valeurs codées, dessin, textes de l'info-bulle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from observatoire.cartes.lecture import EtatCarte, LectureCarte
from observatoire.cartes.legende_html import RAYON_MAX_PX
from observatoire.cartes.palettes import couleur_cerne, couleur_symbole, rampe, typologie
from observatoire.cartes.valeurs import (
    dessin_aplats,
    dessin_symboles,
    dessin_typologie,
    encode_valeurs,
    make_textes,
)
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.nombres import format_unite
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    import pandas as pd


def build_message_carte(lecture: LectureCarte, fond: dict[str, Any], sous_titre: str, aria: str) -> dict[str, Any]:
    """Part de la demande à la carte qui ne dépend pas du clic.

    Args:
        lecture: ce que la carte montre.
        fond: géométries (``cartes.couche.describe_fond``).
        sous_titre: niveau, lieu et période, écrits en plein écran.
        aria: description lue par un lecteur d'écran.
    """
    indicateur, table, decoupage = lecture.indicateur, lecture.table, lecture.decoupage
    valeurs, inf, sup = (table[c].to_numpy(dtype=float, na_value=np.nan) for c in ("valeur", "borne_inf", "borne_sup"))
    if lecture.en_typologie:
        classes = table["classe"].to_numpy()
        valeurs = inf = sup = np.where(classes >= 0, classes, np.nan)
    en_aplats = not lecture.en_symboles and not lecture.en_typologie
    codees = encode_valeurs(
        valeurs,
        _read_statuts(table, valeurs),
        decimales=0 if lecture.en_typologie else indicateur.decimales,
        bornes_classes=decoupage.bornes if en_aplats else (),
        bornes_inf=inf,
        bornes_sup=sup,
        zeros_vrais=lecture.effectif(EtatCarte.ZERO) > 0,
    )
    return {
        "fond": fond,
        "valeurs": codees,
        "dessin": _choose_dessin(lecture),
        "textes": make_textes(
            indicateur.libelle_court,
            format_unite(indicateur.unite),
            indicateur.decimales,
            signe=indicateur.type_mesure is TypeMesure.EVOLUTION,
            sous_titre=sous_titre,
        )
        | ({"corrections": corrigees} if (corrigees := _list_corrections(table)) else {}),
        "aria": aria,
    }


def _list_corrections(table: pd.DataFrame) -> dict[str, str]:
    """Ce que dit l'info-bulle d'un chiffre corrigé, par rang dans la carte."""
    if "correction" not in table:
        return {}
    textes = table["correction"].tolist()
    return {str(rang): f"{t[0].upper()}{t[1:]}" for rang, t in enumerate(textes) if isinstance(t, str) and t}


def _read_statuts(table: pd.DataFrame, valeurs: np.ndarray) -> list[str]:
    """Statuts à dessiner ; un statut qui promet une valeur et n'en a pas se dessine « sans donnée »."""
    statuts = table["statut"].to_numpy(dtype=object, na_value=str(Statut.NON_DISPONIBLE))
    muets = {str(s) for s in STATUTS_SANS_VALEUR}
    vides = np.flatnonzero(np.isnan(valeurs))
    promis = [rang for rang in vides.tolist() if statuts[rang] not in muets]
    if promis:
        statuts = statuts.copy()
        statuts[promis] = str(Statut.NON_DISPONIBLE)
    return statuts.tolist()


def _choose_dessin(lecture: LectureCarte) -> dict[str, Any]:
    indicateur, decoupage = lecture.indicateur, lecture.decoupage
    if lecture.en_typologie:
        libelles = [m.libelle for m in indicateur.modalites]
        return dessin_typologie(typologie(max(1, len(libelles))), libelles, lecture.parts_mixtes)
    if lecture.en_symboles:
        return dessin_symboles(
            couleur_symbole(indicateur.nature), couleur_cerne(indicateur.nature), decoupage.maximum or 0.0, RAYON_MAX_PX
        )
    return dessin_aplats(rampe(indicateur.nature, max(1, decoupage.nombre)), decoupage.bornes)
