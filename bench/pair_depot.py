"""Le pair d'un dépôt : pandas seul, les mêmes contrôles écrits comme on les écrit d'ordinaire, et une fusion."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

MARQUES = ("s", "nd", "ns", "")


def deposit(fichier: Path, en_ligne: pd.DataFrame, codes: list[str], precedent: pd.DataFrame) -> dict[str, int]:
    """Lit, contrôle et compare un fichier ; rend les comptes de ce qui a été trouvé.

    Args:
        fichier: CSV reçu.
        en_ligne: valeurs publiées, ``code, mesure, valeur``.
        codes: codes de commune connus.
        precedent: valeurs de la période d'avant, à la même forme.
    """
    lu = pd.read_csv(fichier, sep=";", dtype=str, keep_default_na=False)
    mesures = [c for c in lu.columns if c != "code"]
    lu["code"] = lu["code"].str.strip().str.zfill(5)
    trouve = {
        "codes_inconnus": int((~lu["code"].isin(codes)).sum()),
        "manquants": int((~pd.Series(codes).isin(lu["code"])).sum()),
        "doublons": int(lu["code"].duplicated().sum()),
    }
    textes = lu[mesures].apply(lambda c: c.str.strip())
    marques = textes.isin(MARQUES)
    nettoyes = textes.apply(lambda c: c.str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", "."))
    nombres = nettoyes.apply(pd.to_numeric, errors="coerce")
    trouve["illisibles"] = int((nombres.isna() & ~marques).to_numpy().sum())
    trouve["negatifs"] = int((nombres < 0).to_numpy().sum())
    trouve["non_entiers"] = int((nombres % 1 > 0).to_numpy().sum())
    # Données individuelles : au moins les motifs de forme fixe, sur toutes les cellules.
    trouve["individuels"] = sum(
        int(
            textes[c]
            .str.fullmatch(r"[12]\d{2}(0[1-9]|1[0-2]|[2-9]\d)\w{2}\d{6}(\d{2})?|\S+@\S+\.\S+|0[1-9]\d{8}")
            .sum()
        )
        for c in mesures
    )
    long = nombres.assign(code=lu["code"]).melt(id_vars="code", var_name="mesure", value_name="valeur")
    sauts = long.merge(precedent, on=["code", "mesure"], how="left", suffixes=("", "_avant"))
    trouve["sauts"] = int(((sauts.valeur - sauts.valeur_avant).abs() > 5 * sauts.valeur_avant.abs() + 10).sum())
    diff = long.merge(en_ligne, on=["code", "mesure"], how="outer", suffixes=("", "_avant"), indicator=True)
    trouve["gagnes"] = int((diff["_merge"] == "left_only").sum())
    trouve["perdus"] = int((diff["_merge"] == "right_only").sum())
    revises = diff[(diff["_merge"] == "both") & (diff.valeur != diff.valeur_avant)]
    trouve["revises"] = len(
        revises.assign(ampleur=(revises.valeur - revises.valeur_avant).abs()).sort_values("ampleur")
    )
    return trouve
