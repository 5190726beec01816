"""Précédents : les dernières valeurs en ligne d'une source, pour dire les sauts et les territoires disparus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from observatoire.modeles.livraisons import NatureDepot
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source

if TYPE_CHECKING:
    from observatoire.ingestion.controles import Precedent

_PARTIELLES = frozenset({NatureDepot.COMPLETE, NatureDepot.CORRIGE})


def build_precedents(
    en_ligne: pd.DataFrame, source: Source, periode: str, nature: NatureDepot | None
) -> dict[tuple[str, Maille], Precedent]:
    """Dernières valeurs connues de chaque variable, à chaque niveau, avant une période.

    Rien pour un fichier qui porte lui-même ses périodes (chacune aurait son précédent), ni pour un dépôt
    partiel (tout ce qu'il ne nomme pas semblerait avoir disparu).

    Args:
        en_ligne: variables de la source en ligne (``store.schema.VARIABLES``).
        source: source du dépôt.
        periode: période du dépôt ; vide si elle se lit dans les noms de colonnes.
        nature: nature dite au dépôt.
    """
    from observatoire.ingestion.controles import Precedent

    if en_ligne.empty or nature in _PARTIELLES or (not periode and source.periode is not None):
        return {}
    # Une modalité de typologie n'a pas de saut ; un zéro rendu n'a jamais eu de ligne.
    utiles = en_ligne[(en_ligne.modalite == "") & ~((en_ligne.valeur == 0) & source.zero_si_absent)]
    groupes = utiles.groupby(["variable", "maille", "periode"], observed=True, sort=True).indices
    choisies: dict[tuple[str, str], str] = {}
    for variable, maille, trouvee in (tuple(map(str, cle)) for cle in groupes if isinstance(cle, tuple)):
        avant = choisies.get((variable, maille))
        # La plus récente d'avant ; à défaut, la même période, que le dépôt remplacerait.
        if not periode or trouvee < periode or (avant is None and trouvee == periode):
            choisies[variable, maille] = trouvee
    precedents = {}
    for (variable, maille), choisie in choisies.items():
        lignes = utiles.iloc[groupes[variable, maille, choisie]]
        codes = pd.Index(lignes.code_territoire.astype(str))
        precedents[variable, Maille(maille)] = Precedent(choisie, codes, lignes.valeur.to_numpy(dtype=float))
    return precedents
