"""Mise en forme : des sommes d'un niveau aux observations, avec valeur, bornes, statut et marques."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from observatoire.mesures.formules import Encadre, compute_evolution, compute_ratio
from observatoire.mesures.statuts import COUVERTURE_MINIMALE, degrade_for_couverture
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import RANGS, Statut
from observatoire.store.schema import OBSERVATIONS

_STATUTS = pd.Index([str(s) for s in Statut])


def join_observations(morceaux: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Met bout à bout des observations sans redéplier leurs textes répétés."""
    if not morceaux:
        return OBSERVATIONS.empty_table().to_pandas()
    if len(morceaux) == 1:
        return morceaux[0]
    colonnes = {}
    for nom in OBSERVATIONS.names:
        parties = [m[nom] for m in morceaux]
        rangees = all(isinstance(p.dtype, pd.CategoricalDtype) for p in parties)
        colonnes[nom] = union_categoricals(parties) if rangees else pd.concat(parties, ignore_index=True)
    return pd.DataFrame(colonnes, copy=False)


def _constant(texte: str, nombre: int) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(np.zeros(nombre, dtype=np.int8), categories=pd.Index([texte]))


def to_observations(
    indicateur: Indicateur,
    sommes: pd.DataFrame,
    *,
    maille: Maille,
    periode: str,
    periode_denominateur: str,
    cog: str,
) -> pd.DataFrame:
    """Calcule valeur, bornes et statut des sommes d'un niveau.

    Args:
        indicateur: fiche de l'indicateur.
        sommes: sortie de ``agregation.aggregate`` et ``couverture`` (0 à 1).
        maille: niveau.
        periode: période affichée.
        periode_denominateur: période du dénominateur, vide s'il n'y en a pas.
        cog: COG de la publication.
    """
    encadre = _compute_valeur(indicateur, sommes, periode)
    rangs, marques = _compute_statuts(indicateur, sommes, encadre)
    cachee = np.isin(rangs, [RANGS[s] for s in (Statut.NON_DISPONIBLE, Statut.HORS_CHAMP, Statut.SECRET)])
    bornes = _compute_bornes(indicateur, sommes, encadre, rangs, marques)
    sans_denominateur = indicateur.denominateur is None and indicateur.type_mesure is TypeMesure.EFFECTIF
    textes = {
        "indicateur": indicateur.id,
        "maille": str(maille),
        "periode": periode,
        "cog": cog,
        "periode_denominateur": periode_denominateur,
    }
    observations = pd.DataFrame(
        {nom: _constant(texte, len(sommes)) for nom, texte in textes.items()}
        | {
            "code_territoire": sommes.code.array,
            "modalite": sommes.modalite.array,
            "valeur": _hide(encadre.valeur, cachee),
            "borne_inf": _hide(bornes.inf, cachee),
            "borne_sup": _hide(bornes.sup, cachee),
            "numerateur": _hide(sommes.num.to_numpy(), cachee),
            "denominateur": _hide(np.full(len(sommes), np.nan) if sans_denominateur else sommes.den.to_numpy(), cachee),
            "statut": pd.Categorical.from_codes(rangs, categories=_STATUTS),
            "marques": marques,
            "couverture": sommes.couverture.clip(0.0, 1.0).to_numpy(),
        }
    )
    return observations[OBSERVATIONS.names]


def _compute_valeur(indicateur: Indicateur, s: pd.DataFrame, periode: str) -> Encadre:
    num = Encadre(s.num.to_numpy(), s.num_inf.to_numpy(), s.num_sup.to_numpy())
    match indicateur.type_mesure:
        case TypeMesure.EFFECTIF:
            return Encadre(*(x * indicateur.multiplicateur for x in num))
        case TypeMesure.EVOLUTION:
            debut, fin = (int(p) for p in periode.split("-"))
            den = Encadre(s.den.to_numpy(), s.den_inf.to_numpy(), s.den_sup.to_numpy())
            return compute_evolution(den, num, np.full(len(s), float(fin - debut)))
        case TypeMesure.QUANTILE:
            return num
        case TypeMesure.INDICE | TypeMesure.RATIO if indicateur.denominateur is None and indicateur.poids is None:
            # Valeur reprise du producteur : ni somme, ni rapport à refaire.
            return num
        case _:
            den = Encadre(s.den.to_numpy(), s.den_inf.to_numpy(), s.den_sup.to_numpy())
            typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
            facteur = 100.0 if typologie else indicateur.multiplicateur
            return compute_ratio(num, den, facteur, part=typologie or indicateur.est_part)


def _compute_statuts(
    indicateur: Indicateur, s: pd.DataFrame, encadre: Encadre
) -> tuple[NDArray[np.int8], NDArray[np.object_]]:
    """Statut le plus fort, et marques plus faibles jointes par des virgules."""
    effectif = indicateur.type_mesure is TypeMesure.EFFECTIF
    couverture = s.couverture.to_numpy()
    presents: dict[Statut, NDArray[np.bool_]] = {
        Statut.ARRONDI: s.arrondi.to_numpy(dtype=bool),
        Statut.ESTIME: s.estime.to_numpy(dtype=bool),
    }
    degrade = degrade_for_couverture(np.zeros(len(s), dtype=np.int8), couverture, effectif=effectif)
    presents[Statut.PARTIEL] = degrade == Statut.PARTIEL.rang
    if indicateur.min_denominateur is not None:
        den = s.den.to_numpy()
        presents[Statut.NON_SIGNIFICATIF] = ~np.isnan(den) & (den < indicateur.min_denominateur)
    sans_valeur = np.isnan(encadre.valeur) | (couverture < COUVERTURE_MINIMALE)
    secret, hors_champ = s.secret.to_numpy(dtype=bool), s.hors_champ.to_numpy(dtype=bool)
    # Un dénominateur connu et nul n'est pas une donnée manquante : la question ne se pose pas.
    den_nul = (s.den.to_numpy() == 0) & (s.connus.to_numpy() > 0) if not effectif else np.zeros(len(s), dtype=bool)
    presents[Statut.NON_DISPONIBLE] = sans_valeur
    presents[Statut.HORS_CHAMP] = sans_valeur & (hors_champ | (den_nul & (couverture >= COUVERTURE_MINIMALE)))
    presents[Statut.SECRET] = sans_valeur & secret
    rangs = np.zeros(len(s), dtype=np.int8)
    for statut, vrai in presents.items():
        rangs = np.where(vrai, np.maximum(rangs, statut.rang), rangs).astype(np.int8)
    marques = np.full(len(s), "", dtype=object)
    for statut in (Statut.ARRONDI, Statut.ESTIME, Statut.PARTIEL):
        plus_faible = presents[statut] & (rangs > statut.rang) & ~sans_valeur
        if not plus_faible.any():
            continue
        marques = np.where(plus_faible, marques + np.where(marques == "", "", ",") + str(statut), marques)
    return rangs, marques


def _compute_bornes(
    indicateur: Indicateur,
    s: pd.DataFrame,
    encadre: Encadre,
    rangs: NDArray[np.int8],
    marques: NDArray[np.object_],
) -> Encadre:
    """Bornes de l'encadré : la valeur même si elle est exacte, rien de ce que la part manquante peut changer."""
    exacte = np.isin(rangs, [RANGS[Statut.PUBLIE], RANGS[Statut.NON_SIGNIFICATIF]]) & ~_has(s)
    inf = np.where(exacte, encadre.valeur, encadre.inf)
    sup = np.where(exacte, encadre.valeur, encadre.sup)
    partielle = rangs == RANGS[Statut.PARTIEL]
    if (marques != "").any():
        partielle |= pd.Series(marques).str.contains(str(Statut.PARTIEL)).to_numpy(dtype=bool)
    # Ce qui manque ne peut qu'ajouter à un effectif ; il peut tirer un rapport dans les deux sens.
    inf_inconnue = partielle & (indicateur.type_mesure is not TypeMesure.EFFECTIF)
    return Encadre(encadre.valeur, _hide(inf, inf_inconnue), _hide(sup, partielle))


def _has(s: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(s.arrondi | s.estime, dtype=bool)


def _hide(valeurs: NDArray[np.float64], cachee: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(cachee, np.nan, valeurs)
