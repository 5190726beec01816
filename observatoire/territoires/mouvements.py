"""Mouvements de communes publiés par l'Insee (``mvtcommune2019.csv``, ``v_mvtcommune_2024.csv``…).

Chaque ligne relie une commune d'avant à une commune d'après, à une date. Ne comptent pour un effectif
que les passages d'une commune à une commune : les noms et le sort des communes déléguées ou associées
n'y changent rien.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pandas as pd

from observatoire.errors import AppelError

MOUVEMENTS = ["mod", "date", "type", "code_de", "code_vers", "libelle_de", "libelle_vers"]
NATURES = MappingProxyType(
    {
        "10": "changement de nom",
        "20": "création",
        "21": "rétablissement",
        "30": "suppression",
        "31": "fusion simple",
        "32": "commune nouvelle",
        "33": "fusion-association",
        "34": "transformation de fusion-association",
        "35": "suppression de commune déléguée",
        "41": "changement de département",
        "50": "transfert de chef-lieu",
        "70": "transformation d'associée en déléguée",
    }
)
SANS_EFFET = frozenset({"10", "34", "35", "70"})
"""Mouvements qui ne déplacent personne d'une commune à une autre."""
TYPES = ("COM", "ARM")
"""Communes, et arrondissements municipaux à part."""
_ORDRE_DU_JOUR = MappingProxyType({"41": 0, "50": 0, "20": 1, "21": 1, "30": 1, "31": 2, "32": 2, "33": 2})
"""Le même jour, un code change, puis une commune se défait, puis se réunit."""
_ORDRE_INCONNU = 3
_COLONNES = {
    "mod": "mod",
    "date_eff": "date",
    "typecom_av": "type_de",
    "com_av": "code_de",
    "typecom_ap": "type_vers",
    "com_ap": "code_vers",
    "libelle_av": "libelle_de",
    "libelle_ap": "libelle_vers",
}
_FACULTATIVES = frozenset({"libelle_av", "libelle_ap"})
DATES_APPLIQUEES = MappingProxyType({("21", "55298", "2014-01-01"): "2015-01-01"})
"""Mouvements que l'Insee a portés au COG plus tard que leur date : par mouvement, commune d'avant, date.

Loisey-Culey (55298) devait se défaire au 1er janvier 2014 ; le COG de 2014 compte encore une commune.
"""
DEPARTS = (
    ("41", "2007-07-15", "COM", "97123", "97701", "Saint-Barthélemy", "Saint-Barthélemy"),
    ("41", "2007-07-15", "COM", "97127", "97801", "Saint-Martin", "Saint-Martin"),
)
"""Communes de Guadeloupe devenues collectivités : les fichiers de mouvements ne les disent pas."""


def read_mouvements(chemin: Path) -> pd.DataFrame:
    """Lit un fichier de mouvements de l'Insee, quels que soient son année et la casse de son en-tête.

    Returns:
        ``MOUVEMENTS`` : communes et arrondissements municipaux, dans l'ordre où les appliquer ; une
        ``date`` est celle à laquelle le COG en tient compte, au format AAAA-MM-JJ.

    Raises:
        AppelError: le fichier manque, ou n'a pas les colonnes d'un fichier de mouvements.
    """
    if not chemin.is_file():
        msg = f"Le fichier de mouvements « {chemin.name} » n'existe pas dans {chemin.parent}."
        raise AppelError(msg)
    brut = _read_textes(chemin)
    brut.columns = [str(c).strip().lower() for c in brut.columns]
    absentes = [c for c in _COLONNES if c not in brut.columns and c not in _FACULTATIVES]
    if absentes:
        msg = (
            f"« {chemin.name} » n'est pas un fichier de mouvements de communes : il lui manque "
            f"{', '.join(c.upper() for c in absentes)}. Prenez v_mvtcommune_AAAA.csv (ou mvtcommune2019.csv) "
            "dans le code officiel géographique de l'Insee."
        )
        raise AppelError(msg)
    for nom in _FACULTATIVES - set(brut.columns):
        brut[nom] = ""
    table = brut[list(_COLONNES)].rename(columns=_COLONNES)
    gardes = table.type_de.isin(TYPES) & (table.type_de == table.type_vers) & ~table["mod"].isin(SANS_EFFET)
    table = table[gardes].rename(columns={"type_de": "type"})[MOUVEMENTS]
    _check_dates(table, chemin.name)
    return _sort(pd.concat([_apply_retards(table), _list_departs(table)], ignore_index=True))


def _read_textes(chemin: Path) -> pd.DataFrame:
    octets = chemin.read_bytes()
    try:
        octets.decode("utf-8")
        encodage = "utf-8-sig"
    except UnicodeDecodeError:
        encodage = "cp1252"
    entete = octets[: octets.find(b"\n")]
    separateur = max(",;\t", key=lambda s: entete.count(s.encode()))
    return pd.read_csv(chemin, dtype=str, keep_default_na=False, encoding=encodage, sep=separateur)


def _check_dates(table: pd.DataFrame, fichier: str) -> None:
    illisibles = table.loc[~table.date.str.fullmatch(r"\d{4}-\d{2}-\d{2}"), "date"]
    if not illisibles.empty:
        msg = f"« {fichier} » : la date « {illisibles.iloc[0]} » n'est pas de la forme AAAA-MM-JJ."
        raise AppelError(msg)


def _apply_retards(table: pd.DataFrame) -> pd.DataFrame:
    cles = pd.Series(list(zip(table["mod"], table.code_de, table.date, strict=True)), index=table.index, dtype=object)
    retards = cles.map(DATES_APPLIQUEES)
    return table.assign(date=table.date.where(retards.isna(), retards))


def _list_departs(table: pd.DataFrame) -> pd.DataFrame:
    departs = pd.DataFrame(DEPARTS, columns=MOUVEMENTS)
    return departs[~departs.code_de.isin(table.code_de)]


def _sort(table: pd.DataFrame) -> pd.DataFrame:
    """Range par date puis dans l'ordre du jour, sans doublon."""
    ordre = table["mod"].map(_ORDRE_DU_JOUR).fillna(_ORDRE_INCONNU)
    return (
        table.assign(ordre=ordre)
        .sort_values(["date", "ordre", "code_de", "code_vers"], kind="stable")
        .drop_duplicates(["date", "ordre", "type", "code_de", "code_vers"])[MOUVEMENTS]
        .reset_index(drop=True)
    )


def group_by_etape(mouvements: pd.DataFrame, de: str, vers: str, type_com: str = "COM") -> list[pd.DataFrame]:
    """Mouvements entre deux COG (``de`` < ``vers``), par paquets à appliquer l'un après l'autre.

    Un COG est la situation du 1er janvier, mouvements de ce jour compris.
    """
    date = mouvements.date
    utiles = mouvements[(date > f"{de}-01-01") & (date <= f"{vers}-01-01") & (mouvements.type == type_com)]
    ordre = utiles["mod"].map(_ORDRE_DU_JOUR).fillna(_ORDRE_INCONNU)
    return [etape for _, etape in utiles.groupby([utiles.date, ordre], sort=True)]
