"""Passages entre millésimes : la masse se conserve, on arrive aux communes exactes, jamais à peu près."""

import tempfile
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.config import RACINE_DEPOT
from observatoire.errors import AppelError, ConfigurationError
from observatoire.territoires.passages import compose_passages, list_millesimes_possibles
from observatoire.territoires.referentiel import Referentiel
from tests.territoires.petit_referentiel import write_petit_referentiel, write_referentiel

COGS = ["2019", "2021", "2022", "2023", "2024", "2025", "2026"]


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.mark.parametrize(("de", "vers"), list(product(COGS, COGS)))
def test_passage_lands_exactly_on_the_communes(reel, de, vers):
    passage = compose_passages(reel, de, vers)
    assert set(passage.code_de) == set(reel.list_communes(de))
    assert set(passage.code_vers) == set(reel.list_communes(vers))
    sommes = passage.groupby("code_de").poids.sum()
    assert np.abs(sommes - 1).max() < 1e-12
    assert not passage.duplicated(["code_de", "code_vers"]).any()


def test_commune_renommee_and_back_is_itself(reel):
    # 27676 devient 27058 en 2021, puis redevient 27676 en 2023.
    passage = compose_passages(reel, "2019", "2026").set_index("code_de")
    assert passage.code_vers["27676"] == "27676"
    assert passage.poids["27676"] == 1.0


def test_code_repris_by_another_commune_is_not_confused(reel):
    # En 2024, 60054 cède la plus grande part à 60694 et renaît ailleurs.
    parts = compose_passages(reel, "2022", "2026").query("code_de == '60054'").set_index("code_vers").poids
    assert parts.to_dict() == pytest.approx({"60054": 337 / 884, "60694": 547 / 884})


@pytest.mark.parametrize(("de", "vers"), [("2018", "2026"), ("2019", "2030")])
def test_cog_inconnu_names_the_known_ones(reel, de, vers):
    with pytest.raises(AppelError, match=r"n'est pas embarqué\. COG connus : 2019, 2021"):
        compose_passages(reel, de, vers)


def test_fusion_is_whole_and_scission_is_shared(tmp_path):
    petit = write_petit_referentiel(tmp_path)
    obtenu = [tuple(x) for x in compose_passages(petit, "2025", "2026").itertuples(index=False)]
    assert obtenu == [
        ("01001", "01001", 1.0, False),
        ("01002", "01002", 1.0, False),
        ("01003", "01002", 1.0, False),
        ("02001", "02001", 1.0, False),
        ("02002", "02002", 0.6, True),
        ("02002", "02009", 0.4, True),
    ]


@pytest.mark.parametrize("parts", [(0.35, 0.65), (0.1, 0.2, 0.7), (1 / 3, 1 / 3, 1 / 3)])
def test_scission_then_fusion_is_whole_again(tmp_path, parts):
    morceaux = [f"0100{k}" for k in range(2, 2 + len(parts))]
    petit = write_referentiel(
        tmp_path,
        {"2024": ["01001"], "2025": morceaux, "2026": ["01009"]},
        {
            ("2024", "2025"): [("01001", m, p) for m, p in zip(morceaux, parts, strict=True)],
            ("2025", "2026"): [(m, "01009", 1.0) for m in morceaux],
        },
        {"01009": "E1"},
    )
    passage = compose_passages(petit, "2024", "2026")
    assert passage.poids.tolist() == [1.0]


@st.composite
def mouvements(draw):
    """Suite de COG : à chaque étape, chaque commune va à une ou deux communes de l'année suivante."""
    annees = ["2023", "2024", "2025", "2026"][: draw(st.integers(2, 4))]
    communes = {annees[0]: [f"01{k:03d}" for k in range(draw(st.integers(1, 5)))]}
    passages = {}
    for de, vers in pairwise(annees):
        etape = []
        for code in communes[de]:
            cibles = draw(st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True))
            part = draw(st.floats(0.05, 0.95)) if len(cibles) == 2 else 1.0
            etape += [(code, f"01{k:03d}", p) for k, p in zip(cibles, (part, 1 - part), strict=False)]
        passages[de, vers] = etape
        communes[vers] = sorted({arrivee for _, arrivee, _ in etape})
    return communes, passages


@settings(derandomize=True, deadline=None, max_examples=40)
@given(mouvements(), st.data())
def test_masse_is_conserved_whatever_the_movements(cas, data):
    communes, passages = cas
    debut = min(communes)
    with tempfile.TemporaryDirectory() as dossier:
        petit = write_referentiel(Path(dossier), communes, passages, dict.fromkeys(communes[max(communes)], "E1"))
        passage = compose_passages(petit, debut, petit.cog)
    assert set(passage.code_vers) == set(communes[petit.cog])
    effectifs = pd.Series({c: data.draw(st.integers(0, 10_000)) for c in communes[debut]}, dtype=float)
    projetes = passage.code_de.map(effectifs) * passage.poids
    assert projetes.sum() == pytest.approx(effectifs.sum())
    assert passage.poids.between(0, 1).all()


@pytest.mark.parametrize("cog", ["2019", "2026"])
def test_millesime_d_un_fichier_is_found_from_its_codes(reel, cog):
    diagnostic = list_millesimes_possibles(reel, reel.list_communes(cog))
    meilleur = diagnostic.iloc[0]
    assert (meilleur.cog, meilleur.inconnus, meilleur.absents) == (cog, 0, 0)


def test_millesime_counts_unknown_and_missing_codes(tmp_path):
    petit = write_petit_referentiel(tmp_path)
    diagnostic = list_millesimes_possibles(petit, pd.Index(["01001", "01003", "99999"]))
    assert diagnostic.to_numpy().tolist() == [["2025", 2, 1, 3], ["2026", 1, 2, 4]]


def test_referentiel_incomplet_says_what_to_do(tmp_path):
    with pytest.raises(ConfigurationError, match=r"« territoires\.parquet » manque"):
        _ = Referentiel(tmp_path).territoires
