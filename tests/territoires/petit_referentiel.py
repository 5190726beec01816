"""Un référentiel de poche : deux départements, deux EPCI, une fusion, une scission.

COG 2025                    COG 2026                    EPCI
01001 ─────────────────────► 01001                      E1 (à cheval sur 01 et 02)
01002 ──┐
01003 ──┴ fusion ──────────► 01002                      E2
02001 ─────────────────────► 02001                      E1
02002 ─── scission ────┬ 0,6► 02002                     E2
                       └ 0,4► 02009                     E2
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from observatoire.territoires.referentiel import Referentiel

COMMUNES = {
    "2025": ["01001", "01002", "01003", "02001", "02002"],
    "2026": ["01001", "01002", "02001", "02002", "02009"],
}
POPULATIONS = {
    "2025": {"01001": 100, "01002": 150, "01003": 50, "02001": 300, "02002": 100},
    "2026": {"01001": 100, "01002": 200, "02001": 300, "02002": 60, "02009": 40},
}
EPCI = {"01001": "E1", "02001": "E1", "01002": "E2", "02002": "E2", "02009": "E2"}
PASSAGES = [
    # de, vers, poids
    ("01002", "01002", 1.0),
    ("01003", "01002", 1.0),
    ("02002", "02002", 0.6),
    ("02002", "02009", 0.4),
]


def write_petit_referentiel(dossier: Path) -> Referentiel:
    """Écrit le référentiel de poche et l'ouvre sur son COG 2026."""
    return write_referentiel(dossier, COMMUNES, {("2025", "2026"): PASSAGES}, EPCI, POPULATIONS)


def write_referentiel(
    dossier: Path,
    communes: Mapping[str, Sequence[str]],
    passages: Mapping[tuple[str, str], Sequence[tuple[str, str, float]]],
    epci: Mapping[str, str],
    populations: Mapping[str, Mapping[str, int]] | None = None,
) -> Referentiel:
    """Écrit trois petits fichiers Parquet et ouvre le référentiel sur son dernier COG.

    Le département d'une commune est donné par les deux premiers signes de son code ; tous sont dans la
    région R1, donc en France.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    cible = max(communes)
    parents = {
        "epci": dict(epci),
        "departement": {c: c[:2] for c in communes[cible]},
        "region": dict.fromkeys(communes[cible], "R1"),
        "france": dict.fromkeys(communes[cible], "FR"),
    }
    territoires = [(cog, "commune", c, c[:2]) for cog, codes in communes.items() for c in codes]
    for maille, liens in parents.items():
        territoires += [(cible, maille, code, None) for code in sorted(set(liens.values()))]
    appartenances = [(cible, "commune", e, maille, p) for maille, liens in parents.items() for e, p in liens.items()]
    departements = sorted({c[:2] for c in communes[cible]})
    appartenances += [(cible, "departement", d, "region", "R1") for d in departements]
    appartenances.append((cible, "region", "R1", "france", "FR"))
    lignes = [(de, vers, *passage, "essai") for (de, vers), liste in passages.items() for passage in liste]

    table = pd.DataFrame(territoires, columns=["cog", "maille", "code", "code_departement"])
    table["libelle"] = table.code
    habitants = {(cog, "commune", c): n for cog, liste in (populations or {}).items() for c, n in liste.items()}
    cles = zip(table.cog, table.maille, table.code, strict=True)
    table["population_municipale"] = [float(habitants.get(cle, float("nan"))) for cle in cles]
    table.to_parquet(dossier / "territoires.parquet")
    pd.DataFrame(
        appartenances, columns=["cog", "maille_enfant", "code_enfant", "maille_parent", "code_parent"]
    ).to_parquet(dossier / "appartenances.parquet")
    pd.DataFrame(lignes, columns=["cog_de", "cog_vers", "code_de", "code_vers", "poids", "nature"]).to_parquet(
        dossier / "passages.parquet"
    )
    return Referentiel(dossier, cible)
