"""Les passages d'un COG au suivant : fusions, scissions, changements de code."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import VERSIONS, read_codes, read_communes, select_actuelles

if TYPE_CHECKING:
    from data.recette.archives import Archives

COLONNES = [
    "cog_de",
    "cog_vers",
    "code_de",
    "code_vers",
    "nature",
    "poids",
    "source_poids",
]
#: Année des populations municipales portées par la version de chaque COG.
ANNEES_POPULATION = {
    "2021": "2019",
    "2022": "2020",
    "2023": "2020",
    "2024": "2022",
    "2025": "2023",
    "2026": "2023",
}


def map_anciens_codes(communes: pd.DataFrame) -> dict[str, str]:
    """Ancien code → commune actuelle, d'après ``anciensCodes``."""
    eclate = communes[["code", "anciensCodes"]].explode("anciensCodes").dropna()
    return dict(zip(eclate["anciensCodes"], eclate["code"], strict=True))


def map_delegations(lignes: pd.DataFrame) -> dict[str, str]:
    """Commune déléguée ou associée → commune chef-lieu."""
    filles = lignes[lignes["type"].isin(["commune-deleguee", "commune-associee"])]
    return dict(zip(filles["code"], filles["chefLieu"], strict=True))


def _resolve_disparues(disparues: list[str], apres: pd.DataFrame, codes_apres: set[str]) -> dict[str, str]:
    """Commune d'accueil de chaque code disparu (délégation, sinon ancien code)."""
    delegations = map_delegations(apres)
    anciens = map_anciens_codes(select_actuelles(apres))
    accueil = {code: delegations.get(code) or anciens[code] for code in disparues}
    if not set(accueil.values()) <= codes_apres:
        message = "Un code disparu mène à une commune qui n'existe pas."
        raise ValueError(message)
    return accueil


def _build_scissions(
    apparues: list[str], avant: pd.DataFrame, apres: pd.DataFrame, annee: str, cog: str
) -> list[tuple[str, str, str, float, str]]:
    """Communes rétablies : la mère se partage selon la population de chacune."""
    delegations = map_delegations(avant)
    populations = select_actuelles(apres).set_index("code")["population"]
    familles: dict[str, list[str]] = {}
    for code in apparues:
        mere = delegations[code]
        familles.setdefault(mere, [mere]).append(code)
    source = f"population municipale {annee}, communes du COG {cog}"
    lignes: list[tuple[str, str, str, float, str]] = []
    for mere, enfants in familles.items():
        parts = populations[sorted(enfants)].astype(float)
        parts /= parts.sum()
        lignes += [(mere, str(code), "scission", poids, source) for code, poids in parts.items()]
    return lignes


def build_paire(archives: Archives, de: str, vers: str) -> pd.DataFrame:
    """Passages d'un COG au suivant, contrôlés sur les deux listes réelles."""
    avant = read_communes(archives, VERSIONS[de])
    apres = read_communes(archives, VERSIONS[vers])
    codes_de, codes_vers = read_codes(archives, de), read_codes(archives, vers)
    accueil = _resolve_disparues(sorted(codes_de - codes_vers), apres, codes_vers)
    compte = pd.Series(accueil, dtype="str").value_counts()
    lignes = []
    for code, cible in accueil.items():
        seule = cible not in codes_de and compte[cible] == 1
        nature = "changement_code" if seule else "fusion"
        lignes.append((code, cible, nature, 1.0, "aucune : passage exact"))
    apparues = sorted(codes_vers - codes_de - set(accueil.values()))
    annee = ANNEES_POPULATION[vers]
    lignes += _build_scissions(apparues, avant, apres, annee, vers)
    table = pd.DataFrame(lignes, columns=COLONNES[2:]).assign(cog_de=de, cog_vers=vers)
    check_paire(table, codes_de, codes_vers)
    return table[COLONNES]


def check_paire(table: pd.DataFrame, codes_de: set[str], codes_vers: set[str]) -> None:
    """Le passage mène exactement du premier COG au second, masse conservée."""
    obtenus = (codes_de - set(table["code_de"])) | set(table["code_vers"])
    sommes = table.groupby("code_de")["poids"].sum()
    if obtenus != codes_vers or (sommes - 1).abs().gt(1e-12).any():
        message = f"Passage faux : {sorted(obtenus ^ codes_vers)}"
        raise ValueError(message)


def build_passages(archives: Archives) -> pd.DataFrame:
    """Passages de toutes les paires de COG consécutifs."""
    paires = [build_paire(archives, de, vers) for de, vers in pairwise(VERSIONS)]
    table = pd.concat([p for p in paires if len(p)], ignore_index=True)
    return table.astype({"poids": "float64"})


def map_vers_cible(passages: pd.DataFrame, cog: str) -> dict[str, list[str]]:
    """Code d'un COG → codes du COG cible, en composant les passages restants."""
    chemins: dict[str, list[str]] = {}
    for de, vers in pairwise(VERSIONS):
        if de < cog:
            continue
        pas = passages[(passages["cog_de"] == de) & (passages["cog_vers"] == vers)]
        etape: dict[str, list[str]] = {}
        for code_de, code_vers in zip(pas["code_de"], pas["code_vers"], strict=True):
            etape.setdefault(code_de, []).append(code_vers)
        for code, cibles in list(chemins.items()):
            chemins[code] = [c for cible in cibles for c in etape.get(cible, [cible])]
        for code, cibles in etape.items():
            chemins.setdefault(code, cibles)
    return chemins
