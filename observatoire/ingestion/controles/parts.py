"""Parts au-dessus de 100 %."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle, is_part
from observatoire.ingestion.controles.exemples import EXEMPLES, Faute, find_colonne, report_fautes, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite

_ENTIER = 100.0
_VALEURS_MINIMALES = 20

_FAUTE = Faute(
    "part_au_dessus_de_100",
    Gravite.A_REGARDER,
    "parts au-dessus de 100 %",
    "Vérifiez l'unité ; si c'est bien une part, déclarez « maximum: 100 » et corrigez la cellule.",
)


def check_parts(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Cherche les parts supérieures à 100 %, et celles qui semblent écrites de 0 à 1."""
    for lot, nom, variable, mesures in contexte.iter_mesures():
        if not is_part(variable) or variable.maximum is not None:
            continue
        valeurs = mesures.valeur
        hautes = np.flatnonzero((valeurs > _ENTIER) & np.isfinite(valeurs))
        ordre = hautes[np.argsort(-valeurs[hautes], kind="stable")]
        messages = [f"{write_nombre(v)} % : une part ne dépasse pas 100 %." for v in valeurs[ordre[:EXEMPLES]]]
        yield from report_fautes(contexte, _FAUTE, lot, nom, ordre, messages)
        finies = valeurs[np.isfinite(valeurs)]
        if len(finies) >= _VALEURS_MINIMALES and 0 < finies.max() <= 1:
            yield Anomalie(
                "part_de_zero_a_un",
                Gravite.A_REGARDER,
                contexte.fichier,
                f"toutes les parts de {lot.periode} sont entre 0 et 1 : elles ne semblent pas écrites en %.",
                colonne=find_colonne(contexte, nom),
                suggestion="Déclarez « facteur: 100 » pour cette variable.",
            )
