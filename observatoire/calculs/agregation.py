"""Agrégation d'un numérateur et d'un dénominateur vers un niveau, avec bornes et marques."""

from __future__ import annotations

import numpy as np
import pandas as pd

from observatoire.calculs.liens import Lien
from observatoire.calculs.unites import Booleens, Mesure, Unites
from observatoire.mesures.intervalles import Vecteur


def aggregate(unites: Unites, lien: Lien) -> pd.DataFrame:
    """Somme les unités connues vers un niveau.

    Une unité entière (poids 1) garde ses bornes ; une part d'unité vaut de 0 à l'unité entière, et sa
    valeur est une estimation. Un territoire dont toutes les parts d'une unité lui reviennent la
    retrouve entière : les rattachements composés portent alors un poids de 1.

    Returns:
        Une ligne par territoire et modalité : ``code, modalite, num, num_inf, num_sup, den, den_inf,
        den_sup, arrondi, estime, secret, hors_champ, connus``.
    """
    den = _sum_denominateur(unites, lien)
    classes = {m: mesure for m, mesure in unites.num.items() if m != ""}
    if not classes:
        return _sum_mesure(unites, unites.num[""], lien, "").assign(**den)
    # Typologie : une ligne par classe présente ; une unité sans classe ne fait pas une classe de plus.
    morceaux = [_sum_mesure(unites, mesure, lien, m).assign(**den) for m, mesure in classes.items()]
    presentes = pd.concat([m[m.connus > 0] for m in morceaux], ignore_index=True)
    vide = _inconnue(unites)
    absentes = _sum_mesure(unites, vide, lien, "").assign(**den)
    touches = lien.any(unites.present[lien.base]) & ~np.isin(
        np.arange(len(lien.codes_cible)), lien.codes_cible.get_indexer(pd.Index(presentes.code))
    )
    return pd.concat([presentes, absentes[touches]], ignore_index=True)


def _inconnue(unites: Unites) -> Mesure:
    n = len(unites.connu)
    inconnu = np.full(n, np.nan)
    marques = {
        marque: np.logical_or.reduce([m.marques[marque] for m in unites.num.values()])
        for marque in ("arrondi", "estime", "secret", "hors_champ")
    }
    return Mesure(inconnu, inconnu, inconnu, marques, unites.present)


def _sum_mesure(unites: Unites, mesure: Mesure, lien: Lien, modalite: str) -> pd.DataFrame:
    b, entier = lien.base, lien.entier
    connu = (unites.connu & mesure.connu)[b]
    manquant = (unites.present & ~unites.connu)[b]
    valeur, inf, sup = mesure.valeur[b], mesure.inf[b], mesure.sup[b]
    marques = {m: _or_denominateur(unites, mesure, m)[b] for m in mesure.marques}
    non_nul = valeur != 0 if unites.den is None else (valeur != 0) | (unites.den.valeur[b] != 0)
    connus, manquants = lien.sum(connu), lien.sum(manquant)
    rien = connus == 0
    bornes_absentes = lien.any(connu & np.isnan(inf)) | rien
    return pd.DataFrame(
        {
            "code": lien.codes_cible,
            "modalite": modalite,
            "num": _blank(lien.sum(np.where(connu, valeur * lien.poids, 0.0)), rien),
            "num_inf": _blank(lien.sum(np.where(connu & entier, np.nan_to_num(inf), 0.0)), bornes_absentes),
            "num_sup": _blank(lien.sum(np.where(connu, np.nan_to_num(sup), 0.0)), bornes_absentes),
            "arrondi": lien.any(marques["arrondi"] & connu),
            "estime": lien.any((marques["estime"] | (~entier & non_nul)) & connu),
            # Ces deux marques ne concernent que ce qui manque : une unité connue les a quittées.
            "secret": lien.any(marques["secret"] & manquant),
            "hors_champ": rien & (manquants > 0) & (lien.sum(marques["hors_champ"] & manquant) == manquants),
            "connus": connus,
        }
    )


def _sum_denominateur(unites: Unites, lien: Lien) -> dict[str, Vecteur]:
    """Somme les dénominateurs des unités connues."""
    if unites.den is None:
        vide = np.full(len(lien.codes_cible), np.nan)
        return {"den": vide, "den_inf": vide, "den_sup": vide}
    b = lien.base
    connu = unites.connu[b]
    inf = unites.den.inf[b]
    sans = ~lien.any(connu)
    bornes_absentes = lien.any(connu & np.isnan(inf)) | sans
    return {
        "den": _blank(lien.sum(np.where(connu, unites.den.valeur[b] * lien.poids, 0.0)), sans),
        "den_inf": _blank(lien.sum(np.where(connu & lien.entier, np.nan_to_num(inf), 0.0)), bornes_absentes),
        "den_sup": _blank(lien.sum(np.where(connu, np.nan_to_num(unites.den.sup[b]), 0.0)), bornes_absentes),
    }


def _or_denominateur(unites: Unites, mesure: Mesure, marque: str) -> Booleens:
    propre = mesure.marques[marque]
    return propre if unites.den is None else propre | unites.den.marques[marque]


def _blank(valeurs: Vecteur, absentes: Booleens) -> Vecteur:
    return np.where(absentes, np.nan, valeurs)
