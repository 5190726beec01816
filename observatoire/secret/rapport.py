"""Rapport : ce qui est public de la protection d'une publication, archivé avec elle. Aucune valeur.

Le partage entre secret primaire et secondaire n'y est pas : sur peu de cases, il désignerait lesquelles.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.secret.porte import Porte
from observatoire.secret.protections import Protection
from observatoire.secret.systeme import Etat


def build_rapport(espace: Espace, publication: str, porte: Porte, territoires: pd.DataFrame) -> None:
    """Écrit ``publications/<publication>.secret`` ; rien si la publication n'a rien d'exact.

    Args:
        espace: espace de travail.
        publication: identifiant de la publication.
        porte: porte ouverte pour elle.
        territoires: territoires et leur population.
    """
    if not porte.protections:
        return
    systemes = [_tell_systeme(p) for p in porte.protections]
    montrees = pd.concat(list(porte.masques.values()), ignore_index=True)
    cases, masquees = (sum(int(str(s[nom])) for s in systemes) for nom in ("cases", "masquees"))
    contenu = {
        "publication": publication,
        "cases": cases,
        "masquees": masquees,
        "part_cases": round(masquees / cases, 4) if cases else 0.0,
        "regles": _list_regles(porte),
        "systemes": systemes,
        "indicateurs": _list_indicateurs(montrees, territoires),
    }
    espace.publications.mkdir(parents=True, exist_ok=True)
    (espace.publications / f"{publication}.secret").write_text(
        json.dumps(contenu, ensure_ascii=False, sort_keys=True), "utf-8"
    )


def _tell_systeme(protection: Protection) -> dict[str, object]:
    s, masque = protection.cellules.systeme, protection.preuve.masque
    montrees = s.etats != Etat.OCCULTE
    return {
        "source": protection.cellules.source,
        "periode": protection.cellules.periode,
        "cases": int(montrees.sum()),
        "masquees": int((masque.masquees & montrees).sum()),
        "optimal": masque.optimal,
        # Un écart fin dépend des valeurs masquées : deux décimales suffisent à le juger.
        "ecart": round(float(np.ceil(masque.ecart * 100) / 100), 2),
        "audit": {"cases": int((masque.masquees & montrees).sum()), "fautes": 0},
    }


def _list_regles(porte: Porte) -> list[dict[str, object]]:
    exactes = set(porte.masques)
    regles: dict[str, list[str]] = {}
    for identifiant in sorted(exactes):
        regles.setdefault(porte.catalogue.indicateurs[identifiant].secret, []).append(identifiant)
    return [
        {
            "id": r.id,
            "libelle": r.libelle,
            "mode": r.mode,
            "seuil": r.seuil,
            "reference": r.reference,
            "indicateurs": noms,
        }
        for r, noms in ((porte.catalogue.secrets[i], noms) for i, noms in regles.items())
    ]


def _list_indicateurs(montrees: pd.DataFrame, territoires: pd.DataFrame) -> list[dict[str, object]]:
    """Part des cases et de la population masquées, par indicateur, niveau et période."""
    population = territoires[["maille", "code", "population"]].rename(columns={"code": "code_territoire"})
    population = population.assign(maille=population.maille.astype(str))
    lignes = montrees.drop_duplicates(["indicateur", "maille", "periode", "code_territoire", "modalite"])
    lignes = lignes.merge(population, on=["maille", "code_territoire"], how="left")
    lignes["masquees_hab"] = lignes.population.where(lignes.masquee, 0.0)
    groupes = lignes.groupby(["indicateur", "maille", "periode"], sort=True)
    table = groupes.agg(
        cases=("masquee", "size"),
        masquees=("masquee", "sum"),
        touchee=("masquees_hab", "sum"),
        tous=("population", "sum"),
    ).reset_index()
    # Sans population connue à ce niveau, la part ne l'est pas non plus.
    part = np.divide(table.touchee, table.tous, out=np.full(len(table), np.nan), where=table.tous.to_numpy() > 0)
    table["part_population"] = np.round(part, 4)
    return [dict(r) for r in json.loads(table.drop(columns=["touchee", "tous"]).to_json(orient="records"))]
