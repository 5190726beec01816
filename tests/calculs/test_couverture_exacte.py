"""Couverture : elle est publiée ; un dénominateur exact n'y pèse pas, sans quoi il s'y lirait."""

import numpy as np
import pandas as pd
import pytest

from observatoire.calculs.moteur import Moteur
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.store.schema import VARIABLES

COUPLES = frozenset({("menages", "2025")})


def read_couvertures(monde, exactes):
    """Couverture de tous les territoires, à tous les niveaux."""
    fiche = {
        "id": "essai", "libelle": "Essai", "libelle_court": "Essai", "unite": "%", "champ": "Tout",
        "definition": "Indicateur d'essai, calculé.", "problematiques": ["habitat"], "nature": "contexte",
        "type_mesure": "ratio", "numerateur": "pauvres", "denominateur": "menages", "source": "pauvres",
        "mailles": ["commune", "epci", "departement"], "frequence": "annuelle", "polarite": 0, "secret": "ouverte",
        "lecture": "En {periode}, {valeur} {du_territoire}.", "multiplicateur": 100,
    }  # fmt: skip
    indicateur = Indicateur.model_validate(fiche)
    catalogue = Catalogue({"essai": indicateur}, monde.sources, {}, {}, {})
    variables = pd.DataFrame(monde.lignes)[VARIABLES.names]
    table = Moteur(catalogue, monde.referentiel, variables, monde.explicites, exactes).compute(indicateur)
    return table.set_index(["maille", "code_territoire"]).couverture.sort_index()


def add_menages(monde, petite):
    """Deux communes réunies depuis, dont une sans numérateur : la couverture les pèse l'une contre l'autre."""
    pauvres = {"01001": 10, "01002": 40, "01003": "nd", "02001": 90, "02002": 20}
    monde.add("pauvres", pauvres, cog="2025")
    monde.add("menages", {"01001": 50, "01002": 80, "01003": petite, "02001": 200, "02002": 70}, cog="2025")


@pytest.mark.parametrize("petite", [2, 9])
def test_exact_denominator_is_not_read_in_a_coverage(tmp_path, petite):
    from tests.calculs.petit_monde import PetitMonde

    reference, monde = PetitMonde(tmp_path / "a"), PetitMonde(tmp_path / "b")
    add_menages(reference, 40)
    add_menages(monde, petite)
    assert read_couvertures(monde, COUPLES).equals(read_couvertures(reference, COUPLES))
    # Public, le même dénominateur pèse : qui lit la couverture et le total publié le retrouve.
    nues = read_couvertures(monde, frozenset())
    assert round(80 / nues["commune", "01002"] - 80) == petite
    assert not nues.equals(read_couvertures(reference, frozenset()))


def test_exact_units_weigh_as_many_inhabitants_or_one_each(monde):
    add_menages(monde, 40)
    couvertures = read_couvertures(monde, COUPLES)
    assert couvertures["commune", "01002"] == pytest.approx(1 / 2)
    # Au-delà de la commune, la population publique pèse comme toujours : (200 × 1/2 + 100) / 300 habitants.
    assert couvertures["epci", "E2"] == pytest.approx((200 / 2 + 60 + 40) / 300)


def test_exact_communes_of_today_weigh_their_public_population(monde):
    monde.add("pauvres", {"01001": 10, "01002": "nd", "02001": 90, "02002": 20, "02009": 8})
    monde.add("menages", {"01001": 50, "01002": 80, "02001": 200, "02002": 70, "02009": 12})
    couvertures = read_couvertures(monde, COUPLES)
    assert couvertures["departement", "01"] == pytest.approx(100 / 300)
    assert couvertures["epci", "E2"] == pytest.approx(100 / 300)
    assert np.isfinite(couvertures).all()
