"""Territoires de papier pour les essais de cartes : un damier, des valeurs inventées."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from observatoire.cartes.demande import CarteStatique
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.mailles import Maille

COTE = 0.1


def build_indicateur(**champs: Any) -> Indicateur:
    base = {
        "id": "bas_revenus",
        "libelle": "Ménages à <bas> revenus",
        "libelle_court": "Bas revenus",
        "definition": "Part des ménages à bas revenus parmi les ménages.",
        "problematiques": ("insertion",),
        "nature": "besoin",
        "type_mesure": "ratio",
        "unite": "%",
        "numerateur": "menages_bas_revenus",
        "denominateur": "menages",
        "champ": "ménages fiscaux",
        "source": "insee",
        "mailles": ("commune",),
        "frequence": "annuelle",
        "polarite": -1,
        "secret": "aucun",
        "lecture": "En {periode}, {valeur} % des ménages.",
    }
    return Indicateur(**(base | champs))


def build_contours(nombre: int, ouest: float = 5.0, sud: float = 45.0) -> gpd.GeoDataFrame:
    """Damier de cinq colonnes."""
    carres = [
        shapely.box(
            ouest + COTE * (i % 5),
            sud + COTE * (i // 5),
            ouest + COTE * (i % 5 + 1),
            sud + COTE * (i // 5 + 1),
        )
        for i in range(nombre)
    ]
    codes = [f"{i:05d}" for i in range(nombre)]
    libelles = [f"Ville-{i}" for i in range(nombre)]
    return gpd.GeoDataFrame({"code": codes, "libelle": libelles}, geometry=carres, crs=4326)


def build_valeurs(valeurs: list[float | None], statuts: dict[int, str] | None = None) -> pd.DataFrame:
    lignes = [
        {
            "code_territoire": f"{i:05d}",
            "modalite": "",
            "valeur": valeur,
            "borne_inf": valeur,
            "borne_sup": valeur,
            "statut": (statuts or {}).get(i, "publie"),
            "marques": (),
            "couverture": 1.0,
            "numerateur": None if valeur is None else valeur * 10,
            "denominateur": 1000.0,
        }
        for i, valeur in enumerate(valeurs)
    ]
    return pd.DataFrame(lignes)


def build_demande(**champs: Any) -> CarteStatique:
    statuts = {7: "secret", 8: "non_disponible", 9: "non_significatif", 10: "hors_champ"}
    valeurs: list[float | None] = [0, 20, 22, 24, 26, 28, 30, None, None, 31, None, 33, 35, 37]
    base = {
        "indicateur": build_indicateur(),
        "maille": Maille.COMMUNE,
        "periode": "2021",
        "territoire": "Isère",
        "territoire_de": "de l'Isère",
        "contours": build_contours(15),
        "valeurs": build_valeurs(valeurs, statuts),
        "source": "Insee, Filosofi 2021",
        "geographie": "01/01/2026",
        "publication": "2026-03-12-1",
        "reperes": (("Isère", 29.5),),
    }
    return CarteStatique(**(base | champs))
