"""Horaires d'ouverture des mairies : du texte du producteur à des mesures hebdomadaires.

Format de l'annuaire de l'administration (DILA) : une liste de ``[jour début, jour fin, plages]``,
chaque plage étant ``[ouverture, fermeture]`` en ``HH:MM:SS``. Un texte vide ou « [] » veut dire que
l'horaire n'est pas connu, non que la mairie est toujours fermée.
"""

from __future__ import annotations

import functools
import json

import pandas as pd

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
FIN_DE_JOURNEE = 18.0
"""Heure au-delà de laquelle on dit « ouvert le soir »."""

COLONNES_HORAIRES = ("heures_hebdomadaires", "ouvre_samedi", "ouvre_soir", "ouvre_samedi_ou_soir")


def expand_horaires(textes: pd.Series) -> pd.DataFrame:
    """Déplie les horaires en une ligne par lieu, jour et plage.

    Returns:
        ``lieu`` (indice d'origine), ``jour`` (0 = lundi), ``debut``, ``fin`` (heures décimales). Les
        plages illisibles ou dont la fin précède le début sont absentes.
    """
    connus = textes[textes.fillna("").str.strip().str.len() > len("[]")]
    lignes = connus.map(_parse).explode().dropna()
    if lignes.empty:
        return pd.DataFrame({"lieu": [], "jour": [], "debut": [], "fin": []})
    plages = pd.DataFrame(lignes.tolist(), columns=["jour", "debut", "fin"], index=lignes.index)
    plages = plages[plages.fin > plages.debut]
    return plages.rename_axis("lieu").reset_index()


def compute_ouvertures(textes: pd.Series) -> pd.DataFrame:
    """Mesure l'ouverture hebdomadaire de chaque lieu.

    Deux plages qui se recouvrent le même jour ne comptent qu'une fois.

    Returns:
        Un tableau au même indice : ``heures_hebdomadaires`` (heures), ``ouvre_samedi``, ``ouvre_soir``
        (après 18 h), ``ouvre_samedi_ou_soir`` (1, 0) ; ``nan`` si l'horaire n'est pas connu.
    """
    plages = _merge_recouvrements(expand_horaires(textes))
    resultat = pd.DataFrame(float("nan"), index=textes.index, columns=list(COLONNES_HORAIRES))
    if plages.empty:
        return resultat
    par_lieu = plages.groupby("lieu")
    resultat["heures_hebdomadaires"] = (plages.fin - plages.debut).groupby(plages.lieu).sum()
    resultat["ouvre_samedi"] = (plages.jour == JOURS.index("samedi")).groupby(plages.lieu).max().astype(float)
    resultat["ouvre_soir"] = (par_lieu.fin.max() > FIN_DE_JOURNEE).astype(float)
    resultat["ouvre_samedi_ou_soir"] = resultat[["ouvre_samedi", "ouvre_soir"]].max(axis=1)
    return resultat


def summarize_horaires(textes: pd.Series) -> pd.Series:
    """Résume des horaires en une ligne lisible (« lundi au mardi 9 h-12 h ; samedi 9 h-11 h 30 »).

    Les jours voisins de mêmes horaires sont réunis ; un horaire inconnu donne un texte vide.
    """
    plages = expand_horaires(textes)
    if plages.empty:
        return pd.Series("", index=textes.index)
    triees = plages.sort_values(["lieu", "jour", "debut"])
    triees["texte"] = triees.debut.map(_format_heure) + "-" + triees.fin.map(_format_heure)
    jours = triees.groupby(["lieu", "jour"], sort=True).texte.agg(" et ".join).reset_index()
    precedent = jours.shift()
    suite = (jours.lieu == precedent.lieu) & (jours.jour == precedent.jour + 1) & (jours.texte == precedent.texte)
    blocs = jours.groupby((~suite).cumsum()).agg(
        lieu=("lieu", "first"), debut=("jour", "first"), fin=("jour", "last"), texte=("texte", "first")
    )
    noms = pd.Series(JOURS)
    premier, dernier = blocs.debut.map(noms), blocs.fin.map(noms)
    etiquette = premier.where(blocs.debut == blocs.fin, premier + " au " + dernier)
    lignes = (etiquette + " " + blocs.texte).groupby(blocs.lieu).agg(" ; ".join)
    return lignes.reindex(textes.index).fillna("")


def _parse(texte: str) -> list[tuple[int, float, float]]:
    """Plages d'un texte ; aucune s'il est illisible, fût-ce en partie : un horaire tronqué serait faux."""
    plages = []
    try:
        for debut, fin, heures in json.loads(texte):
            for jour in range(JOURS.index(debut), JOURS.index(fin) + 1):
                plages += [(jour, _to_heure(ouverture), _to_heure(fermeture)) for ouverture, fermeture in heures]
    except (ValueError, TypeError, AttributeError):
        return []
    return plages


def _to_heure(texte: str) -> float:
    heures, minutes, *_ = texte.split(":")
    return int(heures) + int(minutes) / 60.0


@functools.cache
def _format_heure(heure: float) -> str:
    minutes = round(heure * 60)
    return f"{minutes // 60} h" + (f" {minutes % 60:02d}" if minutes % 60 else "")


def _merge_recouvrements(plages: pd.DataFrame) -> pd.DataFrame:
    if plages.empty:
        return plages
    triees = plages.sort_values(["lieu", "jour", "debut"], ignore_index=True)
    jour = triees.groupby(["lieu", "jour"])
    fin_precedente = jour.fin.cummax().groupby([triees.lieu, triees.jour]).shift()
    bloc = (triees.debut > fin_precedente.fillna(-1.0)).cumsum()
    return triees.groupby(["lieu", "jour", bloc], as_index=False).agg(debut=("debut", "min"), fin=("fin", "max"))
