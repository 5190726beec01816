"""Relevé d'une mesure : résumer des durées, juger un objectif, imprimer un tableau, garder un JSON."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import describe_machine, read_charge

RESULTATS = Path(os.environ.get("BENCH_RESULTATS") or Path(__file__).resolve().parent / "resultats")
"""``BENCH_RESULTATS`` désigne un autre dossier : un essai n'écrase pas la dernière mesure."""


def summarise(durees: Sequence[float]) -> dict[str, Any]:
    """Médiane, 95e centile et étendue, dans l'unité reçue."""
    rangees = sorted(durees)
    rang = max(0, -(-95 * len(rangees) // 100) - 1)  # rang le plus proche, sans interpolation
    return {
        "n": len(rangees),
        "mediane": statistics.median(rangees),
        "p95": rangees[rang],
        "min": rangees[0],
        "max": rangees[-1],
    }


def judge(nom: str, mesure: float, limite: float, unite: str, *, au_moins: bool = False) -> dict[str, Any]:
    """Compare une mesure à son objectif."""
    tenu = mesure >= limite if au_moins else mesure <= limite
    signe = "≥" if au_moins else "≤"
    return {"nom": nom, "mesure": mesure, "objectif": f"{signe} {write_nombre(limite)} {unite}", "tenu": tenu}


def write_nombre(nombre: float) -> str:
    """Trois chiffres significatifs, virgule décimale."""
    if nombre == 0:
        return "0"
    decimales = 0 if abs(nombre) >= 100 else 1 if abs(nombre) >= 10 else 2
    texte = f"{nombre:,.{decimales}f}".replace(",", " ").replace(".", ",")
    return texte.rstrip("0").rstrip(",") if "," in texte else texte


def print_tableau(entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
    """Imprime un petit tableau aligné : première colonne à gauche, les autres à droite."""
    larges = [max(len(str(li[i])) for li in (entetes, *lignes)) for i in range(len(entetes))]
    for ligne in (entetes, ["-" * n for n in larges], *lignes):
        cellules = [
            str(c).ljust(n) if i == 0 else str(c).rjust(n) for i, (c, n) in enumerate(zip(ligne, larges, strict=True))
        ]
        print("  " + "  ".join(cellules))


def print_objectifs(objectifs: Sequence[dict[str, Any]]) -> None:
    """Imprime chaque objectif, tenu ou manqué."""
    for objectif in objectifs:
        verdict = "tenu  " if objectif["tenu"] else "MANQUÉ"
        print(f"  {verdict}  {objectif['nom']} : {write_nombre(objectif['mesure'])} (objectif {objectif['objectif']})")


def save(nom: str, charge_avant: float | None, contenu: dict[str, Any], *, rapide: bool = False) -> Path:
    """Écrit ``bench/resultats/<nom>.json`` ; un essai court n'y remplace pas une mesure."""
    if rapide and "BENCH_RESULTATS" not in os.environ:
        print("  Essai court : rien n'est enregistré (BENCH_RESULTATS=dossier pour le garder).")
        return RESULTATS
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / f"{nom}.json"
    entete = {
        "mesure": nom,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "charge_avant": charge_avant,
        "charge_apres": read_charge(),
        "machine": describe_machine(),
    }
    chemin.write_text(json.dumps(_round(entete | contenu), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"  → {chemin}")
    return chemin


def _round(objet: Any) -> Any:
    if isinstance(objet, float):
        return round(objet, 4)
    if isinstance(objet, dict):
        return {cle: _round(valeur) for cle, valeur in objet.items()}
    if isinstance(objet, (list, tuple)):
        return [_round(valeur) for valeur in objet]
    return objet
