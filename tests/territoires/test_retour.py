"""Remonter le temps : une scission se réunit sans erreur, une fusion se partage par la population, et se dit."""

import numpy as np
import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.errors import AppelError
from observatoire.territoires.passages import compose_passages
from observatoire.territoires.poids import compute_parts, load_populations
from observatoire.territoires.referentiel import Referentiel
from tests.territoires.petit_referentiel import write_petit_referentiel, write_referentiel


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


def test_fusion_remontee_is_shared_by_population_and_scission_is_whole(petit):
    obtenu = [tuple(x) for x in compose_passages(petit, "2026", "2025").itertuples(index=False)]
    assert obtenu == [
        ("01001", "01001", 1.0, False),
        ("01002", "01002", 0.75, True),
        ("01002", "01003", 0.25, True),
        ("02001", "02001", 1.0, False),
        ("02002", "02002", 1.0, False),
        ("02009", "02002", 1.0, False),
    ]


def test_fusion_then_back_keeps_the_mass_and_the_whole_commune(petit):
    avant = pd.Series({"01001": 7.0, "01002": 11.0, "01003": 4.0, "02001": 5.0, "02002": 1.0})
    aller, retour = compose_passages(petit, "2025", "2026"), compose_passages(petit, "2026", "2025")
    milieu = (aller.code_de.map(avant) * aller.poids).groupby(aller.code_vers).sum()
    fin = (retour.code_de.map(milieu) * retour.poids).groupby(retour.code_vers).sum()
    assert fin.sum() == avant.sum()
    # La fusion est exacte à l'aller ; ses communes retrouvent leur somme, non leur valeur.
    assert fin["01002"] + fin["01003"] == 15.0
    assert fin[["01001", "02001", "02002"]].tolist() == [7.0, 5.0, 1.0]


def test_fusion_sans_population_is_refused_rather_than_shared_equally(tmp_path):
    muet = write_referentiel(
        tmp_path,
        {"2025": ["01001", "01002"], "2026": ["01001"]},
        {("2025", "2026"): [("01002", "01001", 1.0)]},
        {"01001": "E1"},
    )
    assert compose_passages(muet, "2025", "2026").poids.tolist() == [1.0, 1.0]
    with pytest.raises(AppelError, match=r"Aucune population connue pour partager 1 commune.*01001, 01002"):
        compose_passages(muet, "2026", "2025")


def test_commune_without_inhabitants_is_not_taken_for_exact(tmp_path):
    vide = write_referentiel(
        tmp_path,
        {"2025": ["01001", "01002"], "2026": ["01001"]},
        {("2025", "2026"): [("01002", "01001", 1.0)]},
        {"01001": "E1"},
        {"2025": {"01001": 999, "01002": 0}},
    )
    retour = compose_passages(vide, "2026", "2025")
    assert retour.poids.tolist() == [0.999, 0.001]
    assert retour.estime.all()


def test_reel_60054_and_85084_are_never_shared_equally(reel):
    # 60054 change de code et renaît ailleurs ; 85084 perd deux communes : la population décide.
    aller = compose_passages(reel, "2023", "2024").query("code_de in ['60054', '85084']")
    assert aller.poids.round(6).tolist() == [0.381222, 0.618778, 0.724277, 0.133941, 0.141782]
    assert aller.estime.all()
    retour = compose_passages(reel, "2024", "2023").query("code_vers in ['60054', '85084']")
    assert (retour.poids == 1.0).all()
    assert len(retour) == 5


def test_reel_aller_retour_conserves_every_departement(reel):
    habitants = reel.list_territoires("commune", "2026").set_index("code").population_municipale
    retour = compose_passages(reel, "2026", "2019")
    anciens = (retour.code_de.map(habitants) * retour.poids).groupby(retour.code_vers).sum()
    aller = compose_passages(reel, "2019", "2026")
    revenus = (aller.code_de.map(anciens) * aller.poids).groupby(aller.code_vers).sum()
    departement = reel.list_territoires("commune", "2026").set_index("code").code_departement
    attendu, obtenu = habitants.groupby(departement).sum(), revenus.groupby(departement).sum()
    assert np.abs(obtenu - attendu).max() < 1e-6
    assert revenus.sum() == pytest.approx(68_350_798, abs=1e-6)


def test_reel_2019_to_2026_conserves_every_departement(reel):
    # 49126, 14581… : 2019 → 2026 ne fait changer de département qu'aux communes que l'Insee y a déplacées.
    communes = reel.list_territoires("commune", "2019").set_index("code")
    habitants = communes.population_municipale.fillna(0)
    passage = compose_passages(reel, "2019", "2026")
    masses = passage.code_de.map(habitants) * passage.poids
    depart = habitants.groupby(communes.code_departement).sum()
    cible = reel.list_territoires("commune", "2026").set_index("code").code_departement
    arrivee = masses.groupby(passage.code_vers.map(cible)).sum()
    assert set(passage.code_vers) == set(cible.index)
    ecarts = (arrivee - depart).round(6)
    assert ecarts[ecarts != 0].to_dict() == {}


def test_populations_of_a_fresh_fusion_count_all_its_communes(reel):
    # Au COG 2023, le paquet ne donne que le chef-lieu des communes nées cette année-là.
    populations = load_populations(reel).set_index(["annee", "code"]).population
    officielle = reel.list_territoires("commune", "2023").set_index("code").population_municipale
    assert (officielle["01138"], populations["2023", "01138"]) == (2_987, 3_426)
    assert populations["2023"].sum() == populations["2022"].sum() == 67_418_672
    assert officielle.sum() == 67_415_394


@pytest.mark.parametrize(
    ("annee", "cote", "attendu"),
    [
        ("2020", "apres", "2021"),  # 2019 et 2021 sont à égale distance : celui d'après
        ("2020", "avant", "2019"),
        ("2026", "apres", "2021"),  # 2024 ne donne pas les deux communes
    ],
)
def test_parts_are_read_in_the_nearest_census_that_knows_them_all(annee, cote, attendu):
    populations = pd.DataFrame(
        [("2019", "A", 10), ("2019", "B", 30), ("2021", "A", 20), ("2021", "B", 20), ("2024", "A", 40)],
        columns=["annee", "code", "population"],
    )
    familles = pd.DataFrame({"famille": ["F", "F"], "code": ["A", "B"]})
    assert set(compute_parts(familles, populations, annee, cote=cote).recensement) == {attendu}
