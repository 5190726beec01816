"""Zonages : les calculs, les cartes et les tables d'appui les voient comme un niveau ordinaire."""

import pandas as pd
import pytest

from observatoire.calculs.liens import Base, Rattacheur
from observatoire.cartes.fond import load_index, write_fonds
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.mailles import Maille
from observatoire.publication.tables import build_liens, build_territoires
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages import ColonnesZonage, read_zonage, with_zonages
from tests.calculs.petit_monde import PetitMonde

COLONNES = ColonnesZonage("code", "secteur", "nom")


def add_zonage(referentiel, lignes, maille=Maille.SECTEUR_MDS, cog=""):
    table = pd.DataFrame(lignes, columns=["code", "secteur", "nom"], dtype=str)
    zonage = read_zonage(table, referentiel, maille=maille, fichier="z.csv", colonnes=COLONNES, cog=cog)
    return with_zonages(referentiel, (zonage,))


@pytest.fixture
def monde(tmp_path):
    return PetitMonde(tmp_path)


def test_effectif_is_summed_by_secteur(monde):
    monde.referentiel = add_zonage(
        monde.referentiel,
        [("01001", "A", "A"), ("01002", "A", "A"), ("02001", "B", "B"), ("02002", "B", "B"), ("02009", "B", "B")],
    )
    monde.add("cas", {"01001": 1, "01002": 2, "01003": 4, "02001": 8, "02002": 16}, cog="2025")
    obtenu = monde.compute("effectif", "cas", mailles=["secteur_mds"])
    lignes = obtenu.table.set_index("code_territoire")
    # 02002, scindée entre deux communes de B, y reste exacte.
    assert lignes.valeur.to_dict() == {"A": 7.0, "B": 24.0}
    assert set(lignes.statut) == {"publie"}


def test_commune_shared_between_secteurs_gives_an_estimate_with_bounds(monde):
    monde.referentiel = add_zonage(
        monde.referentiel,
        [("01001", "A", "A"), ("01002", "A", "A"), ("01003", "B", "B"), ("02001", "B", "B"), ("02002", "B", "B")],
        cog="2025",
    )
    monde.add("cas", {"01001": 1, "01002": 20, "02001": 8, "02002": 10, "02009": 6})
    obtenu = monde.compute("effectif", "cas", mailles=["secteur_mds"])
    lignes = obtenu.table.set_index("code_territoire")
    assert lignes.valeur.to_dict() == {"A": 16.0, "B": 29.0}
    assert set(lignes.statut) == {"estime"}
    assert lignes.borne_inf.to_dict() == {"A": 1.0, "B": 24.0}
    assert lignes.borne_sup.to_dict() == {"A": 21.0, "B": 44.0}


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


def test_reel_iris_reach_a_quartier_without_their_communes(reel):
    iris = [c for c in reel.list_territoires(Maille.IRIS).code if c.startswith("97411")]
    enrichi = add_zonage(reel, [(c, "Q1", "Q") for c in iris[:10]], Maille.QPV)
    rattacheur = Rattacheur(enrichi, {})
    direct = rattacheur.find(Base(Maille.IRIS, "2023"), Maille.QPV)
    assert (len(direct.base), set(direct.poids)) == (10, {1.0})
    par_commune = rattacheur.find(Base(Maille.COMMUNE, "2026"), Maille.QPV)
    assert 0 < par_commune.poids[0] < 1


def test_reel_secteurs_are_drawn_as_unions_of_communes(reel, tmp_path):
    communes = reel.list_territoires(Maille.COMMUNE).query("code_departement == '974'")
    enrichi = add_zonage(
        reel, [(c, "NORD" if c < "97412" else "SUD", "S") for c in communes.code], Maille.TERRITOIRE_ACTION_SOCIALE
    )
    contours = reel.load_contours()
    ici = contours[contours.code.isin(communes.code)]
    fonds = write_fonds(
        ici,
        enrichi.territoires[enrichi.territoires.cog == enrichi.cog],
        enrichi.appartenances[enrichi.appartenances.cog == enrichi.cog],
        tmp_path,
    )
    assert fonds["territoire_action_sociale-974"].codes == ("NORD", "SUD")
    assert fonds["territoire_action_sociale-FR"].codes == ("NORD", "SUD")
    assert "secteur_mds-974" not in fonds
    assert load_index(tmp_path)["territoire_action_sociale-974"].octets > 500
    tables = build_territoires(enrichi, pd.Series(dtype=float, index=pd.MultiIndex.from_arrays([[], []])))
    assert tables[tables.maille == "territoire_action_sociale"].code.tolist() == ["NORD", "SUD"]
    liens = build_liens(enrichi)
    assert (liens.maille_parent == "territoire_action_sociale").sum() == 24
