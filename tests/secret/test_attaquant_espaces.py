"""L'attaquant contre de vraies publications : tables livrées par convention, lues par les sorties, republiées."""

import os

import numpy as np
import pytest

from tests.secret.attaquant.espaces import creer
from tests.secret.attaquant.lecture import attaquer_espace, read_publications

LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"
GRAINES, TABLES = (range(250), 8) if LONGS else ((3,), 5)
"""2 000 tables dans la suite longue ; un espace sur trois est republié."""
DELAIS_S = (0.2, 1.0)
"""Un masque trouvé trop vite doit tenir aussi bien que le meilleur."""
LIEUX = ("reunion", "cheval")


@pytest.mark.parametrize("graine", GRAINES)
def test_no_count_is_recovered_from_a_space(graine, tmp_path):
    hasard = np.random.default_rng(graine)
    monde = creer(tmp_path / "monde", graine, tables=TABLES, lieu=LIEUX[graine % 2])
    monde.delai_s = DELAIS_S[graine % len(DELAIS_S)]
    monde.construire()
    if graine % 3 == 0:
        monde.republier(hasard)
    fautes, visees = attaquer_espace(monde, read_publications(monde))
    assert visees > 10 * TABLES
    assert fautes == []
