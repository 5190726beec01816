"""Petite géographie inventée : deux départements voisins, une île, et une commune minuscule."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from observatoire.cartes.fond import FondFichier, write_fonds
from observatoire.config import COG_CIBLE

PAS = 0.05
MINUSCULE = "32009"
"""Commune de quelques centimètres : tout arrondi l'écrase."""


def make_communes() -> gpd.GeoDataFrame:
    """Quatre communes dans le 32, quatre dans le 31 à leur droite, quatre à La Réunion."""
    codes, contours = [], []
    for origine, prefixe, (x0, y0) in (("a", "32", (0.4, 43.6)), ("b", "31", (0.5, 43.6)), ("c", "974", (55.4, -21.2))):
        for k in range(4):
            x, y = x0 + (k % 2) * PAS, y0 + (k // 2) * PAS
            codes.append(f"{prefixe}{k + 1:0{5 - len(prefixe)}d}")
            contours.append(shapely.box(x, y, x + PAS, y + PAS))
        assert origine
    codes.append(MINUSCULE)
    contours.append(shapely.box(0.3, 43.5, 0.3 + 2e-7, 43.5 + 2e-7))
    return gpd.GeoDataFrame({"code": codes, "zone": "metro"}, geometry=contours, crs=4326)


def make_tables(communes: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = communes["code"].tolist()
    departements = [c[:3] if c.startswith("97") else c[:2] for c in codes]
    territoires = [
        {"maille": "commune", "code": c, "libelle": f"Commune {c}", "code_departement": d}
        for c, d in zip(codes, departements, strict=True)
    ]
    territoires += [
        {"maille": "departement", "code": d, "libelle": f"Département {d}", "code_departement": d}
        for d in sorted(set(departements))
    ]
    # Un EPCI à cheval sur les deux départements, deux autres de chaque côté, un sur l'île.
    epci = {"32002": "E1", "32004": "E1", "31001": "E1", "31003": "E1", "32001": "E2", "32003": "E2"}
    territoires += [
        {"maille": "epci", "code": e, "libelle": f"CC {e}", "code_departement": None} for e in ("E1", "E2", "E3")
    ]
    liens = [("epci", c, epci.get(c, "E3")) for c in codes if c in epci or c.startswith("974")]
    liens += [("region", c, "R") for c in codes]
    appartenances = pd.DataFrame(liens, columns=["maille_parent", "code_enfant", "code_parent"])
    return (
        pd.DataFrame(territoires).assign(cog=COG_CIBLE, population_municipale=500),
        appartenances.assign(cog=COG_CIBLE, maille_enfant="commune"),
    )


def write_synthese(dossier: Path) -> dict[str, FondFichier]:
    communes = make_communes()
    return write_fonds(communes, *make_tables(communes), dossier)
