"""Lieux d'un portrait : combien, de chaque type, dans un territoire."""

from __future__ import annotations

import pandas as pd

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portrait.modele import LieuxComptes
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille


def count_par_commune(consultation: Consultation) -> pd.DataFrame:
    """Lieux de chaque commune, doublons désignés écartés.

    Returns:
        Index ``code_commune``, une ligne par type présent : ``type, nombre, situes`` (placés sur la carte).
    """
    lieux = consultation.ressources
    communes = pd.Index(consultation.territoires.list_territoires(Maille.COMMUNE).code)
    # Les collectivités d'outre-mer sont hors du champ des indicateurs : leurs lieux ne se comptent pas en France.
    dans_le_champ = communes.get_indexer(pd.Index(lieux.code_commune)) >= 0
    uniques = lieux[(lieux.doublon_de.fillna("") == "") & dans_le_champ]
    situes = uniques.longitude.notna() & uniques.latitude.notna()
    comptes = uniques.assign(situes=situes).groupby(["code_commune", "type"], sort=False).situes.agg(["size", "sum"])
    return comptes.rename(columns={"size": "nombre", "sum": "situes"}).reset_index("type")


def count_lieux(
    consultation: Consultation, par_commune: pd.DataFrame, maille: Maille, code: str
) -> dict[str, LieuxComptes]:
    """Lieux d'un territoire par type ; vide sous la commune, où l'on ne sait pas les placer.

    Un type sans aucun lieu dans le territoire y figure, à zéro.
    """
    if maille is not Maille.COMMUNE and maille not in MAILLES_DEPUIS_COMMUNE:
        return {}
    siens = par_commune
    if maille is Maille.COMMUNE:
        siens = par_commune[par_commune.index == code]
    elif maille is not Maille.FRANCE:
        liens = consultation.territoires.liens_between(Maille.COMMUNE, maille)
        communes = pd.Index(liens.code_enfant[liens.code_parent == code])
        siens = par_commune[communes.get_indexer(par_commune.index) >= 0]
    table = siens.groupby("type")[["nombre", "situes"]].sum()
    sommes = {str(t): (int(n), int(s)) for t, n, s in table.itertuples()}
    declarees = (s.ressource for s in consultation.catalogue.sources.values() if s.ressource)
    comptes = {}
    for ressource in declarees:
        nombre, situes = sommes.get(ressource.type, (0, 0))
        libelle = ressource.libelle_pluriel if nombre > 1 else ressource.libelle
        comptes[ressource.type] = LieuxComptes(ressource.type, libelle, nombre, situes)
    return comptes
