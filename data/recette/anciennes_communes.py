"""Communes disparues, retrouvées par leur nom : déléguées, associées, absorbées."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import COG_CIBLE, VERSIONS, read_communes, select_actuelles
from data.recette.passages import map_anciens_codes, map_vers_cible
from data.recette.texte import normalize_nom, normalize_noms

if TYPE_CHECKING:
    from data.recette.archives import Archives

NATURES = {
    "commune-deleguee": "deleguee",
    "commune-associee": "associee",
    "ancien-code": "ancien_code",
    "commune-absorbee": "disparue",
    "commune-perimee": "disparue",
    "commune-disparue": "disparue",
}
DISPARUE = "commune-disparue"
COLONNES = ["code_ancien", "libelle_ancien", "code_commune", "nature"]


def _resolve(depart: str, etapes: dict[str, str], actuels: set[str]) -> str | None:
    """Suit les absorptions d'une commune jusqu'à une commune actuelle."""
    vus: set[str] = set()
    code: str | None = depart
    while code is not None and code not in actuels and code not in vus:
        vus.add(code)
        code = etapes.get(code)
    return code if code in actuels else None


def _choose(code: str, nom: str, choix: list[str], anciens: dict[str, str], noms: dict[str, str]) -> str:
    """Commune cible d'une ancienne commune quand une scission en offre plusieurs.

    Dans l'ordre : celle dont elle est un ancien code, celle qui porte son nom, celle
    qui garde le code de la commune mère (la première par défaut).
    """
    if anciens.get(code) in choix:
        return anciens[code]
    return next((c for c in choix if noms.get(c) == normalize_nom(nom)), choix[0])


def _read_version(
    archives: Archives,
    cog: str,
    chemins: dict[str, list[str]],
    anciens: dict[str, str],
    noms: dict[str, str],
) -> pd.DataFrame:
    """Anciennes communes nommées par une version, menées jusqu'au COG cible."""
    lignes = read_communes(archives, VERSIONS[cog])
    actuelles = select_actuelles(lignes)
    actuels = set(actuelles["code"])
    vers = lignes["chefLieu"].fillna(lignes["communeAbsorbante"])
    vers = vers.fillna(lignes["nouveauCode"])
    passees = lignes.assign(vers=vers)
    passees = passees[passees["type"].isin(list(NATURES))]
    connues = passees.dropna(subset=["vers"])
    etapes = dict(zip(connues["code"], connues["vers"], strict=True))
    disparues = actuelles[actuelles["code"].isin(list(chemins))]
    toutes = pd.concat([passees, disparues.assign(vers=disparues["code"], type=DISPARUE)])
    resolus: list[str | None] = []
    for code, nom, suite in zip(toutes["code"], toutes["nom"], toutes["vers"], strict=True):
        actuel = _resolve(suite if isinstance(suite, str) else code, etapes, actuels)
        choix = chemins.get(actuel, [actuel]) if actuel else []
        if actuel in choix:
            choix = [actuel, *sorted(set(choix) - {actuel})]
        resolus.append(_choose(code, nom, choix, anciens, noms) if choix else None)
    return pd.DataFrame(
        {
            "code_ancien": toutes["code"].to_numpy(),
            "libelle_ancien": toutes["nom"].to_numpy(),
            "code_commune": resolus,
            "nature": toutes["type"].map(NATURES).to_numpy(),
        }
    )


def build_anciennes_communes(archives: Archives, passages: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Anciennes communes rattachées, et celles qu'on n'a pas su rattacher.

    La version la plus récente qui nomme une ancienne commune l'emporte. Une commune
    rétablie, ou simplement réécrite (même code et même nom en 2026, aux accents,
    tirets et articles près), n'est pas une ancienne commune.
    """
    actuelles = select_actuelles(read_communes(archives, VERSIONS[COG_CIBLE]))
    noms = actuelles.set_index("code")["nom"]
    cles = dict(zip(noms.index.astype(str), normalize_noms(noms), strict=True))
    anciens = map_anciens_codes(actuelles)
    morceaux = [
        _read_version(archives, cog, map_vers_cible(passages, cog), anciens, cles) for cog in reversed(VERSIONS)
    ]
    table = pd.concat(morceaux, ignore_index=True)
    table["cle"] = normalize_noms(table["libelle_ancien"])
    table = table.drop_duplicates(["code_ancien", "cle"])
    table = table[table["code_ancien"].map(cles) != table["cle"]]
    perdues = table[table["code_commune"].isna()]
    return table.dropna()[COLONNES], perdues[COLONNES]
