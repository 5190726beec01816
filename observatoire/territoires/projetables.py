"""Ce qui peut passer d'un millésime du COG à un autre : des masses, jamais des médianes."""

from __future__ import annotations

from observatoire.modeles.indicateurs import TypeMesure

_PROJETABLES = {
    TypeMesure.EFFECTIF: "par la somme",
    TypeMesure.RATIO: "numérateur et dénominateur, puis leur rapport",
    TypeMesure.DENSITE: "numérateur et dénominateur, puis leur rapport",
    TypeMesure.EVOLUTION: "départ et arrivée, puis leur rapport",
    TypeMesure.MOYENNE: "masse et poids, puis leur rapport",
    TypeMesure.ACCESSIBILITE: "masse et poids, puis leur rapport",
}
"""Comment projeter chaque type qui peut l'être."""


def can_project(type_mesure: TypeMesure) -> bool:
    """Vrai si une mesure de ce type peut être portée d'un COG à un autre.

    Une médiane, un indice ou une classe ne se partage ni ne se réunit : on reprend la valeur du
    producteur au millésime voulu, sinon elle est non disponible. Une commune dont le contour n'a pas
    changé garde la sienne.

    Examples:
        >>> can_project(TypeMesure.EFFECTIF), can_project(TypeMesure.QUANTILE)
        (True, False)
    """
    return type_mesure in _PROJETABLES


def explain_projection(type_mesure: TypeMesure) -> str:
    """Phrase qui dit comment une mesure change de millésime, ou pourquoi elle ne le peut pas."""
    if type_mesure in _PROJETABLES:
        return f"Se projette d'un millésime à l'autre : {_PROJETABLES[type_mesure]}."
    return (
        "Ne se projette pas d'un millésime à l'autre : reprise du producteur au millésime voulu, ou telle "
        "quelle là où la commune n'a pas changé de contour ; non disponible ailleurs."
    )
