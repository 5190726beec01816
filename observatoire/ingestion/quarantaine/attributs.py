"""Attributs de personnes : sexe, âge, situation, dates d'un parcours, lus ligne à ligne et non en tranches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.dates import is_dates_completes
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable, is_decimale

_SEXES = pa.array(
    [
        *("h", "f", "m", "g", "1", "2", "0", "homme", "femme", "hommes", "femmes", "masculin", "feminin", "féminin"),
        *("garcon", "garçon", "fille", "monsieur", "madame", "mme", "mlle", "mr", "m."),
        *("male", "female", "man", "woman"),
    ]
)
_TOTAUX = pa.array(["total", "ensemble", "_t", "t", "tous", "toutes", "tout", "les deux", "both"])
_AGE_MAX = 115
_AGES_DISTINCTS = 5
_ANNEES = (1900, 2035)
_MODALITES_PAR_LIGNE = 0.5


def list_attributs(vue: VueTable) -> list[Colonne]:
    """Colonnes qui décrivent une personne, en-tête et valeurs d'accord, totaux absents."""
    return [
        c
        for c in vue.colonnes
        if Nature.PRENOM in c.natures or _is_sexe(c) or _is_age(c) or _is_annee_naissance(c) or _is_autre(c)
    ]


def _minuscules(colonne: Colonne) -> pa.Array:
    import pyarrow.compute as pc

    return pc.utf8_lower(colonne.distinctes)


def _is_sexe(colonne: Colonne) -> bool:
    import pyarrow.compute as pc

    if len(colonne.distinctes) > len(_SEXES):
        return False
    connues = pc.is_in(_minuscules(colonne), _SEXES).to_numpy(zero_copy_only=False)
    if not connues.all():
        return False
    # Sans en-tête qui le dise, « H » et « F » seuls : « 0 », « 1 » et « 2 » peuvent être n'importe quoi.
    return Nature.SEXE in colonne.natures or colonne.chiffres == 0


def _is_age(colonne: Colonne) -> bool:
    if Nature.AGE not in colonne.natures:
        return False
    ages = colonne.entiers
    plausibles = ((ages >= 0) & (ages <= _AGE_MAX)) | colonne.match(r"^\d{1,3} ?ans$", longueur_max=7)
    return colonne.share(plausibles) >= PART_FORME and int(plausibles.sum()) >= _AGES_DISTINCTS


def _is_annee_naissance(colonne: Colonne) -> bool:
    if not {Nature.ANNEE_NAISSANCE, Nature.DATE_NAISSANCE} & colonne.natures:
        return False
    annees = colonne.entiers
    plausibles = (annees >= _ANNEES[0]) & (annees <= _ANNEES[1])
    return colonne.share(plausibles) >= PART_FORME and int(plausibles.sum()) >= _AGES_DISTINCTS


def _is_autre(colonne: Colonne) -> bool:
    import pyarrow.compute as pc

    if Nature.ATTRIBUT not in colonne.natures or Nature.COMPTE in colonne.natures:
        return _is_compte_personnel(colonne)
    if is_decimale(colonne) or bool(np.isfinite(colonne.entiers).all()):
        return Nature.MESURE not in colonne.natures
    if is_dates_completes(colonne):
        return True
    return not pc.any(pc.is_in(_minuscules(colonne), _TOTAUX), min_count=0).as_py()


def _is_compte_personnel(colonne: Colonne) -> bool:
    if not colonne.forme.startswith(("nb_enfant", "nombre_enfant", "nombre_d_enfant", "nb_pers", "taille_")):
        return False
    return colonne.entiers.size > 0 and bool(np.nanmax(colonne.entiers, initial=0.0) <= len(_SEXES))
