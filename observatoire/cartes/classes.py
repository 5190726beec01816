"""Découpage d'une série en classes : quantiles, Fisher-Jenks ou bornes fixes.

Convention, la même dans le navigateur : une classe est **fermée à droite**. Une valeur va dans la première
classe ``i`` telle que ``valeur <= bornes[i]``, sinon dans la dernière. En JavaScript :
``let i = 0; while (i < bornes.length && v > bornes[i]) i++;``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import jenkspy
import numpy as np

from observatoire.cartes.palettes import CLASSES_MAX
from observatoire.errors import CatalogueError
from observatoire.modeles.indicateurs import Classes, MethodeClasses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flottants = NDArray[np.float64]

CHIFFRES_D_UN_FLOTTANT = 15


@dataclass(frozen=True)
class Decoupage:
    """Classes d'une carte ; ``motif`` dit pourquoi elles diffèrent de ce que la fiche demandait."""

    methode: MethodeClasses
    bornes: tuple[float, ...]
    effectifs: tuple[int, ...]
    minimum: float | None
    maximum: float | None
    zeros: int = 0
    motif: str = ""

    @property
    def nombre(self) -> int:
        """Nombre de classes (0 si aucune valeur)."""
        return len(self.effectifs)

    def bornes_de(self, classe: int) -> tuple[float, float]:
        """Limites d'une classe : la première est exclue (sauf pour la classe 0), la seconde comprise."""
        if self.minimum is None or self.maximum is None:
            message = "Un découpage sans valeur n'a pas de classe."
            raise IndexError(message)
        # Une borne fixe peut tomber hors de l'étendue observée : la classe garde alors la borne déclarée.
        debut = min((self.minimum, *self.bornes[:1])) if classe == 0 else self.bornes[classe - 1]
        fin = self.bornes[classe] if classe < len(self.bornes) else max((self.maximum, *self.bornes[-1:]))
        return debut, fin


def choose_classes(valeurs: Flottants, classes: Classes, zeros_vrais: NDArray[np.bool_] | None = None) -> Decoupage:
    """Découpe une série ; les valeurs absentes (NaN) et les zéros vrais n'entrent dans aucune classe.

    Args:
        valeurs: une valeur par territoire, NaN là où il n'y en a pas.
        classes: méthode et nombre demandés par la fiche.
        zeros_vrais: zéros à mettre à part (un zéro arrondi n'en est pas un) ; par défaut, tous les
            zéros d'une série sans valeur négative, puisqu'« aucun » n'est pas « peu ».

    """
    zeros = find_zeros(valeurs) if zeros_vrais is None else zeros_vrais
    connues = np.sort(valeurs[np.isfinite(valeurs) & ~zeros])
    nombre_zeros = int(np.count_nonzero(zeros))
    if classes.methode is MethodeClasses.FIXES and classes.bornes:
        bornes, motif, methode = _check_fixes(classes.bornes), "", MethodeClasses(classes.methode)
    else:
        methode, motif = _choose_methode(classes)
        nombre, motif_nombre = _choose_nombre(connues, classes.nombre)
        bornes = round_bornes(connues, compute_bornes(connues, methode, nombre))
        perdues = nombre - len(bornes) - 1
        if connues.size and perdues > 0:
            motif_nombre = "des valeurs égales réunissent plusieurs classes"
        motif = " ; ".join(m for m in (motif, motif_nombre) if m)
    if not connues.size:
        return Decoupage(methode, (), (), None, None, nombre_zeros, "aucune valeur à classer")
    effectifs = np.bincount(find_classes(connues, bornes), minlength=len(bornes) + 1)
    return Decoupage(
        methode,
        bornes,
        tuple(effectifs.tolist()),
        float(connues[0]),
        float(connues[-1]),
        nombre_zeros,
        motif,
    )


def share_classes(
    ici: tuple[Flottants, NDArray[np.bool_]], ailleurs: tuple[Flottants, NDArray[np.bool_]], classes: Classes
) -> Decoupage:
    """Découpe deux séries ensemble ; les effectifs restent ceux de la première.

    Args:
        ici: valeurs de la carte (NaN là où il n'y en a pas), et ses zéros vrais.
        ailleurs: celles de la carte dont on partage l'échelle.
        classes: méthode et nombre demandés par la fiche.

    """
    ensemble = [np.concatenate(paire) for paire in zip(ici, ailleurs, strict=True)]
    commun = choose_classes(ensemble[0], classes, ensemble[1])
    valeurs, zeros = ici
    connues = valeurs[np.isfinite(valeurs) & ~zeros]
    effectifs = np.bincount(find_classes(connues, commun.bornes), minlength=commun.nombre)
    return replace(commun, effectifs=tuple(effectifs.tolist()), zeros=int(np.count_nonzero(zeros)))


def find_classes(valeurs: Flottants, bornes: tuple[float, ...]) -> NDArray[np.int64]:
    """Numéro de classe de chaque valeur, fermée à droite ; −1 sans valeur."""
    rangs = np.searchsorted(np.asarray(bornes, dtype=np.float64), valeurs, side="left")
    return np.where(np.isnan(valeurs), -1, rangs).astype(np.int64)


def find_zeros(valeurs: Flottants) -> NDArray[np.bool_]:
    """Zéros à montrer à part : aucun si la série descend sous zéro, où le zéro n'est qu'un milieu."""
    zeros: NDArray[np.bool_] = valeurs == 0
    return zeros & False if np.any(valeurs < 0) else zeros


def compute_bornes(triees: Flottants, methode: MethodeClasses, nombre: int) -> tuple[float, ...]:
    """Bornes internes, exactes, d'une série triée (quantiles ou Fisher-Jenks)."""
    if nombre <= 1:
        return ()
    if methode is MethodeClasses.FISHER_JENKS:
        brutes = np.asarray(jenkspy.jenks_breaks(triees, nombre)[1:-1], dtype=np.float64)
    else:
        brutes = np.quantile(triees, np.arange(1, nombre) / nombre)
    # Des valeurs égales peuvent donner deux fois la même borne, ou une borne qui ne sépare rien.
    coupures = np.searchsorted(triees, brutes, side="right")
    _, premieres = np.unique(coupures, return_index=True)
    return tuple(float(brutes[i]) for i in premieres if 0 < coupures[i] < triees.size)


def round_bornes(triees: Flottants, bornes: tuple[float, ...]) -> tuple[float, ...]:
    """Remplace chaque borne par le nombre le plus rond qui laisse chaque valeur dans sa classe."""
    arrondies = []
    for borne in bornes:
        coupure = int(np.searchsorted(triees, borne, side="right"))
        arrondies.append(_find_rond(float(triees[coupure - 1]), float(triees[coupure]), borne))
    return tuple(arrondies)


def _find_rond(dessous: float, dessus: float, borne: float) -> float:
    """Nombre le plus rond de ``[dessous ; dessus[``, le plus proche de la borne à rondeur égale."""
    grandeur = math.ceil(math.log10(max(abs(dessous), abs(dessus))))
    for exposant in range(grandeur, grandeur - CHIFFRES_D_UN_FLOTTANT, -1):
        for facteur in (1, 0.5):
            pas = facteur * 10.0**exposant
            if pas == 0:
                return borne
            for entier in (round(borne / pas), math.ceil(dessous / pas), math.ceil(dessus / pas) - 1):
                # ``round`` efface le bruit binaire : 3 × 0,1 s'écrit 0,3.
                candidat = round(entier * pas, max(0, 1 - exposant))
                if dessous <= candidat < dessus:
                    return candidat
    return borne


def _choose_methode(classes: Classes) -> tuple[MethodeClasses, str]:
    if classes.methode is MethodeClasses.FIXES:
        return MethodeClasses.QUANTILES, "la fiche demande des bornes fixes sans les donner : quantiles"
    return classes.methode, ""


def _choose_nombre(triees: Flottants, demande: int) -> tuple[int, str]:
    distinctes = int(np.unique(triees).size)
    # Règle de Sturges, avec le logarithme décimal : plus de classes que cela, et chacune est presque vide.
    sturges = int(1 + 3.3 * math.log10(triees.size)) if triees.size else 1
    nombre = max(1, min(demande, distinctes, sturges))
    if nombre == demande or not triees.size:
        return nombre, ""
    if distinctes <= sturges:
        return (
            nombre,
            "toutes les valeurs sont égales" if distinctes == 1 else f"{distinctes} valeurs distinctes",
        )
    return nombre, f"{triees.size} valeurs seulement"


def _check_fixes(bornes: tuple[float, ...]) -> tuple[float, ...]:
    if list(bornes) != sorted(set(bornes)):
        raise CatalogueError([f"Bornes fixes {bornes} : les ranger par ordre croissant, sans répétition."])
    if len(bornes) >= CLASSES_MAX:
        raise CatalogueError([f"Bornes fixes {bornes} : {CLASSES_MAX - 1} bornes internes au plus."])
    return bornes
