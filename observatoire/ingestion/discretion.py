"""Taire les nombres d'un fichier d'effectifs exacts : un message de publication n'est pas lu de lui seul.

Qui a déposé le fichier en lit les fautes avec leurs nombres, en le contrôlant. Une construction, une publication, une
erreur ne redisent que le contrôle, le fichier, la ligne, la colonne, le territoire et le geste.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.controles_nommes import name_controle
from observatoire.modeles.livraisons import Confidentialite

REGIME_REFUSE = "regime_refuse"
_SANS_NOMBRE = frozenset({REGIME_REFUSE, "colonne_absente", "colonne_non_declaree"})
"""Contrôles dont le message ne cite que la déclaration et les noms des colonnes."""
_CHIFFRE = re.compile(r"\d")
_GESTE = "Contrôlez de nouveau le fichier reçu (livraison controler) : son rapport en dira les nombres."


def hide_nombres(anomalies: Iterable[Anomalie], confidentialite: Confidentialite) -> list[Anomalie]:
    """Anomalies telles qu'on peut les redire hors du dépôt ; celles d'un autre régime sont rendues telles quelles."""
    if confidentialite is not Confidentialite.CONVENTION:
        return list(anomalies)
    # Plusieurs fautes d'un même endroit se disent alors pareil : une fois suffit.
    return list(dict.fromkeys(map(_hide, anomalies)))


def _hide(anomalie: Anomalie) -> Anomalie:
    if anomalie.code in _SANS_NOMBRE:
        return replace(anomalie, valeur=None)
    lieu = f"{anomalie.territoire} : " if anomalie.territoire else ""
    sans_nombre = anomalie.suggestion and not _CHIFFRE.search(anomalie.suggestion)
    return replace(
        anomalie,
        valeur=None,
        message=f"{lieu}{name_controle(anomalie.code)}.",
        suggestion=anomalie.suggestion if sans_nombre else _GESTE,
    )
