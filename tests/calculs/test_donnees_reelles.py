"""Sur les données de départ : oracles publiés, et mêmes sommes à tous les niveaux."""

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.catalogue.loader import load_catalogue
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.mailles import Maille

CATALOGUE = load_catalogue([RACINE_DEPOT / "indicators"])
ANNEES = ["2016", "2019", "2020", "2021", "2022", "2023"]
CONTROLES = [
    pytest.param(i, c, id=f"{i.id}-{c.maille}-{c.territoire}-{c.periode}")
    for i in CATALOGUE.indicateurs.values()
    # Les sources qui attendent un dépôt ont leurs propres essais (tests/gironde).
    if CATALOGUE.sources[i.source].livraisons
    for c in i.controles
]


@pytest.fixture(scope="module")
def ouverte(espace_construit):
    return open_consultation(espace_construit)


@pytest.fixture(scope="module")
def lit(ouverte):
    """Valeurs d'un indicateur, rangées par code de territoire."""

    def lit(indicateur, maille, periode, departement=None):
        fiche = ouverte.find_indicateur(indicateur)
        return ouverte.read_valeurs(fiche, Maille(maille), periode, departement).set_index("code_territoire")

    return lit


@pytest.mark.parametrize(("indicateur", "controle"), CONTROLES)
def test_controle_du_catalogue_is_met(ouverte, indicateur, controle):
    (ligne,) = ouverte.read_valeur(indicateur, controle.maille, controle.periode, controle.territoire).to_dict(
        "records"
    )
    assert ligne["valeur"] == pytest.approx(controle.valeur, abs=controle.tolerance), controle.origine


def test_catalogue_has_many_controles():
    assert len(CONTROLES) >= 10


def test_menages_a_bas_revenus_de_la_reunion(lit):
    reunion = lit("part_menages_bas_revenus", "departement", "2010", "974").loc["974"]
    assert (round(reunion.numerateur), round(reunion.denominateur)) == (85_910, 272_641)
    assert reunion.valeur == pytest.approx(31.5, abs=0.05)
    communes = lit("part_menages_bas_revenus", "commune", "2010", "974")
    assert communes.valeur.notna().all()
    assert communes.valeur.idxmin() == "97408"
    assert communes.valeur.idxmax() == "97421"
    assert communes.valeur["97421"] == pytest.approx(46.8, abs=0.05)
    assert lit("part_menages_bas_revenus", "commune", "2010").statut.drop(communes.index).eq("non_disponible").all()


CARROYEES = ["part_menages_bas_revenus", "revenu_declare_moyen", "part_menages_proprietaires"]


@pytest.mark.parametrize("indicateur", CARROYEES)
@pytest.mark.parametrize("maille", ["commune", "epci", "canton_ville", "arrondissement"])
def test_sommes_of_every_level_equal_the_departement(lit, indicateur, maille):
    departement = lit(indicateur, "departement", "2010", "974").loc["974"]
    parties = lit(indicateur, maille, "2010", "974")
    for role in ("numerateur", "denominateur"):
        assert parties[role].sum() == pytest.approx(departement[role], rel=1e-9)


def test_groupes_de_carreaux_are_whole_in_the_departement(lit):
    reunion = lit("nb_menages_bas_revenus", "departement", "2010", "974").loc["974"]
    assert reunion.statut == "publie"
    assert reunion.borne_inf == reunion.valeur == reunion.borne_sup
    communes = lit("nb_menages_bas_revenus", "commune", "2010", "974")
    assert (communes.borne_inf <= communes.valeur).all()
    assert (communes.valeur <= communes.borne_sup).all()


def test_population_du_recensement_de_la_reunion(lit):
    assert lit("part_65_ans_plus", "departement", "2021", "974").denominateur["974"] == 871_155
    for maille in ("iris", "commune", "epci", "arrondissement"):
        assert lit("part_65_ans_plus", maille, "2021", "974").denominateur.sum() == 871_155


@pytest.mark.parametrize("annee", ANNEES)
def test_population_nationale_is_conserved_through_the_passages(lit, depot, annee):
    livree = pd.read_parquet(depot / f"data/demarrage/insee_populations_legales/{annee}/communes.parquet")
    communes = lit("population_municipale", "commune", annee)
    assert communes.valeur.notna().all()
    assert communes.valeur.sum() == pytest.approx(float(livree.population_municipale.sum()), abs=1e-6)
    assert lit("population_municipale", "france", annee).valeur.sum() == pytest.approx(communes.valeur.sum(), abs=1e-6)


def test_commune_fusionnee_is_published_and_retablie_is_estimated(lit):
    avant = lit("population_municipale", "commune", "2016")
    assert avant.statut["49126"] == "publie"
    for retablie in ("15031", "60694", "85165", "14666"):
        ligne = avant.loc[retablie]
        assert ligne.statut == "estime"
        assert 0 == ligne.borne_inf < ligne.valeur < ligne.borne_sup
    assert lit("population_municipale", "commune", "2023").statut["15031"] == "publie"


def test_mayotte_is_absent_from_the_recensement_not_empty(lit):
    for maille, code in (("departement", "976"), ("region", "06"), ("commune", "97608")):
        ligne = lit("part_65_ans_plus", maille, "2021").loc[code]
        assert ligne.statut == "non_disponible"
        assert pd.isna(ligne[["valeur", "numerateur", "denominateur"]]).all()


def test_mayotte_has_no_evolution_but_an_estimated_population(lit):
    assert lit("evolution_annuelle_population", "departement", "2016-2023").statut["976"] == "non_disponible"
    mayotte = lit("population_municipale", "departement", "2023").loc["976"]
    assert mayotte.statut == "estime"
    assert mayotte.valeur > 250_000
    assert pd.isna(mayotte.borne_sup)


def test_mediation_numerique_is_zero_only_where_the_source_is_exhaustive(lit):
    communes = lit("nb_lieux_mediation", "commune", "2022")
    auvergne_rhone_alpes = communes.index.str[:2].isin(
        ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"]
    )
    assert (communes.statut[~auvergne_rhone_alpes] == "non_disponible").all()
    assert (communes.valeur[auvergne_rhone_alpes] == 0).sum() > 1000


def test_departement_source_stays_at_its_levels(ouverte):
    niveaux = ouverte.list_mailles("part_abstention")
    assert set(niveaux) <= {Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE}


def test_part_stays_between_zero_and_cent(ouverte, lit):
    for indicateur in ouverte.catalogue.indicateurs.values():
        if not indicateur.est_part or indicateur.type_mesure is TypeMesure.TYPOLOGIE:
            continue
        for maille in (m for m in ouverte.list_mailles(indicateur.id) if m in {Maille.EPCI, Maille.DEPARTEMENT}):
            for periode in ouverte.list_periodes(indicateur.id, maille):
                assert lit(indicateur.id, maille, periode).valeur.dropna().between(0, 100).all(), indicateur.id
