"""Mouvements réels de l'Insee : les comptes officiels de communes, et les passages d'avant 2019."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.errors import AppelError
from observatoire.territoires.historique import list_transitions, rebuild_communes
from observatoire.territoires.mouvements import read_mouvements
from observatoire.territoires.passages import compose_passages, list_mouvements_entre
from observatoire.territoires.reconstruction import extend_cogs
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.stabilite import geographie_stable

pytestmark = pytest.mark.reel
COG = Path(__file__).resolve().parents[2] / "../shared/donnees/insee/cog"
if not COG.is_dir():
    pytest.skip("fichiers réels du COG absents", allow_module_level=True)
OFFICIELS = [
    # COG, communes de métropole et des DROM, Mayotte comprise
    ("2014", 36_681),
    ("2015", 36_658),
    ("2016", 35_885),
    ("2017", 35_416),
    ("2018", 35_357),
    ("2019", 34_970),
]
VERS_2017 = {
    # commune du COG 2017 : communes de 2014 dont elle est faite, entières
    "01015": {"01015", "01340"},
    "01033": {"01033"},
    "49092": {
        "49071", "49074", "49092", "49111", "49153", "49169", "49225", "49268", "49281", "49300", "49325", "49351",
    },
    "50129": {"50129", "50173", "50203", "50416", "50602"},
    "14654": {
        "14081", "14099", "14331", "14433", "14450", "14489", "14580", "14616", "14654", "14688", "14697",
        "14729", "14750",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.fixture(scope="module")
def mouvements():
    return read_mouvements(COG / "mvtcommune2019.csv")


@pytest.fixture(scope="module")
def etendu(reel, mouvements):
    return extend_cogs(reel, mouvements, ["2014"])


def read_communes(nom, typecom="TYPECOM", com="COM"):
    table = pd.read_csv(COG / nom, dtype=str)
    return set(table.loc[table[typecom] == "COM", com])


def test_cog_embarques_are_those_of_insee(reel):
    assert set(reel.list_communes("2019")) == read_communes("commune2019.csv", "typecom", "com")
    assert set(reel.list_communes("2021")) == read_communes("commune_2021.csv")
    assert set(reel.list_communes("2024")) == read_communes("v_commune_2024.csv")


@pytest.mark.parametrize(("cog", "nombre"), OFFICIELS)
def test_nombre_officiel_de_communes_is_found_going_back(mouvements, cog, nombre):
    communes = pd.Index(sorted(read_communes("commune2019.csv", "typecom", "com")))
    assert len(rebuild_communes(mouvements, communes, "2019", cog)) == nombre


@pytest.mark.parametrize(("cog", "nombre"), [*OFFICIELS, ("2024", 34_935), ("2026", 34_875)])
def test_2014_lands_on_the_official_number_of_communes(etendu, cog, nombre):
    passage = compose_passages(etendu, "2014", cog)
    assert passage.code_vers.nunique() == nombre
    assert set(passage.code_vers) == set(etendu.list_communes(cog))


def test_masse_is_conserved_from_2014_to_2026(etendu):
    codes = etendu.list_communes("2014")
    masses = pd.Series(np.random.default_rng(1).integers(0, 3_000, len(codes)), index=codes, dtype=float)
    for cog in etendu.cogs:
        passage = compose_passages(etendu, "2014", cog)
        projetes = passage.code_de.map(masses) * passage.poids
        assert projetes.sum() == pytest.approx(masses.sum(), abs=1e-6)
        assert np.abs(passage.groupby("code_de").poids.sum() - 1).max() < 1e-12


@pytest.mark.parametrize(("commune", "attendu"), VERS_2017.items())
def test_commune_de_2017_is_made_of_whole_communes_of_2014(etendu, commune, attendu):
    parts = compose_passages(etendu, "2014", "2017").query("code_vers == @commune")
    assert set(parts.code_de) == attendu
    assert (parts.poids == 1.0).all()


def test_saint_lucien_leaves_sigy_by_population(etendu):
    # Méthodes : poids 0,323797 avec la population de 2012 ; ici avec celle de 2016, la plus proche connue.
    parts = compose_passages(etendu, "2014", "2017").query("code_de == '76676'").set_index("code_vers")
    assert parts.poids["76601"] == pytest.approx(0.323797, abs=1e-3)
    assert parts.poids["76601"] == pytest.approx(0.324742, abs=1e-6)
    assert parts.estime.all()


@pytest.mark.parametrize(
    ("annees", "de", "vers"),
    [
        (("2013", "2014"), "14697", None),  # L'Oudon garde 14697 au 1er janvier 2014
        (("2014", "2015"), "14697", "14472"),
        (("2015", "2016"), "44060", "49160"),  # Le Fresne change de département et se réunit le même jour
        (("2016", "2017"), "02344", "51171"),  # Gernicourt passe dans la Marne le 31 décembre, se réunit le 1er janvier
        (("2017", "2018"), "49144", "44180"),  # Freigné
        (("2017", "2018"), "14513", "50592"),  # Pont-Farcy
    ],
)
def test_changement_de_code_or_departement(mouvements, annees, de, vers):
    arrivees = list_transitions(mouvements, *annees).query("code_de == @de").code_vers.tolist()
    assert arrivees == ([] if vers is None else [vers])


def test_cog_2020_needs_a_newer_file_and_says_so(reel, mouvements):
    with pytest.raises(AppelError, match="Les mouvements ne mènent pas aux communes du COG 2021"):
        extend_cogs(reel, mouvements, ["2020"])


def test_fusions_cannot_be_undone_without_populations(etendu):
    with pytest.raises(AppelError, match=r"Aucune population connue pour partager .* du COG 2018"):
        compose_passages(etendu, "2019", "2018")


def test_geographie_stable_2014_2026_is_exact(etendu):
    etapes = list_mouvements_entre(etendu, "2014", "2026")
    stable = geographie_stable(etapes, codes=etendu.list_communes("2026")).set_index("code").composante
    passage = compose_passages(etendu, "2014", "2026")
    assert (passage.code_de.map(stable) == passage.code_vers.map(stable)).all()
    # Sannerville et Troarn (Saline), réunies puis défaites : une seule composante.
    assert stable["14666"] == stable["14712"]
    assert 34_800 < stable.nunique() < 34_875


@pytest.mark.lent
@pytest.mark.skipif(os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") != "1", reason="essai long")
def test_every_cog_since_1944_is_rebuilt_forward_and_back(mouvements):
    communes = pd.Index(sorted(read_communes("commune2019.csv", "typecom", "com")))
    for annee in range(1944, 2019, 5):
        anciennes = rebuild_communes(mouvements, communes, "2019", str(annee))
        assert set(rebuild_communes(mouvements, anciennes, str(annee), "2019")) == set(communes)
