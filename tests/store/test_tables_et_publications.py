"""Tables versionnées, publications épinglées, bascule d'un seul geste."""

import json
import threading

import pandas as pd
import pyarrow as pa
import pytest

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.publication.historique import restore
from observatoire.store import socle
from observatoire.store.diffusion import copies_dir, write_observations, write_tables
from observatoire.store.lecture import Lecteur
from observatoire.store.publications import (
    Publication,
    current_id,
    list_publications,
    load_publication,
    save_publication,
    switch_publication,
)
from observatoire.store.schema import LIENS, OBSERVATIONS, VARIABLES
from observatoire.store.tables import has_table, read_table, write_table

SCHEMA = pa.schema([("code", pa.string()), ("valeur", pa.float64())])


def table(*valeurs):
    return pd.DataFrame({"code": [f"c{k}" for k in range(len(valeurs))], "valeur": valeurs})


def test_table_keeps_its_old_versions(tmp_path):
    chemin = tmp_path / "observations"
    assert not has_table(chemin)
    premiere = write_table(chemin, table(1.0, 2.0), SCHEMA, motif={"auteur": "a"})
    seconde = write_table(chemin, table(3.0), SCHEMA, motif={"auteur": "a"})
    assert (premiere, seconde) == (0, 1)
    assert read_table(chemin).valeur.tolist() == [3.0]
    assert read_table(chemin, version=premiere).valeur.tolist() == [1.0, 2.0]
    assert has_table(chemin)


def test_table_refuses_a_missing_column(tmp_path):
    with pytest.raises(KeyError):
        write_table(tmp_path / "t", table(1.0).drop(columns="valeur"), SCHEMA, motif={})


def test_nan_is_written_as_null(tmp_path):
    write_table(tmp_path / "t", table(float("nan"), 0.0), SCHEMA, motif={})
    assert read_table(tmp_path / "t", filtres=[("valeur", "=", 0.0)]).code.tolist() == ["c1"]
    assert read_table(tmp_path / "t").valeur.isna().tolist() == [True, False]


def test_socle_gives_back_its_variables(tmp_path):
    variables = pd.DataFrame(
        [dict.fromkeys(VARIABLES.names, "x") | {"valeur": 1.0, "borne_inf": 0.0, "borne_sup": 2.0}]
    )
    socle.write_variables(Espace(tmp_path), variables, motif={})
    assert socle.read_variables(Espace(tmp_path)).equals(variables[VARIABLES.names])


def build_publication(identifiant):
    return Publication(
        id=identifiant, date="2026-01-01T00:00:00+00:00", cog="2026", empreinte="e", auteur="a", motif="essai",
        versions={"observations": 3}, indicateurs={"cas": {"commune": ["2025"]}},
    )  # fmt: skip


def test_publication_is_saved_then_switched(tmp_path):
    espace = Espace(tmp_path)
    assert (current_id(espace), list_publications(espace)) == (None, [])
    for identifiant in ("20260102-b", "20260101-a"):
        save_publication(espace, build_publication(identifiant))
    assert current_id(espace) is None
    assert list_publications(espace) == ["20260101-a", "20260102-b"]
    switch_publication(espace, "20260102-b")
    assert load_publication(espace) == build_publication("20260102-b")
    assert load_publication(espace, "20260101-a").id == "20260101-a"


def test_aucune_publication_says_what_to_run(tmp_path):
    with pytest.raises(PublicationError, match=r"Aucune publication.*observatoire construire"):
        load_publication(Espace(tmp_path))


def test_publication_inconnue_names_the_known_ones(tmp_path):
    espace = Espace(tmp_path)
    save_publication(espace, build_publication("20260101-a"))
    with pytest.raises(PublicationError, match=r"« demain » n'existe pas\. Publications connues : 20260101-a"):
        switch_publication(espace, "demain")
    assert current_id(espace) is None


def test_publication_sans_donnees_is_not_restored(tmp_path):
    espace = Espace(tmp_path)
    save_publication(espace, build_publication("20260101-a"))
    with pytest.raises(PublicationError, match="Les données de la publication « 20260101-a » manquent"):
        restore(espace, "20260101-a")
    assert current_id(espace) is None


def test_bascule_is_never_seen_half_done(tmp_path):
    espace = Espace(tmp_path)
    connues = {"20260101-a", "20260102-b"}
    for identifiant in connues:
        save_publication(espace, build_publication(identifiant))
    switch_publication(espace, "20260101-a")
    vues, fini = set(), threading.Event()

    def regarde():
        while not fini.is_set():
            vues.add(current_id(espace))  # un fichier à moitié écrit lèverait une erreur JSON

    lecteur = threading.Thread(target=regarde)
    lecteur.start()
    for tour in range(150):
        switch_publication(espace, sorted(connues)[tour % 2])
    fini.set()
    lecteur.join()
    assert vues <= connues
    assert not list(espace.publications.glob("*.tmp"))
    assert json.loads((espace.publications / "courante.json").read_text("utf-8")) == {"id": "20260102-b"}


def observe(indicateur, maille, code, valeur, periode="2025"):
    return dict.fromkeys(OBSERVATIONS.names, "") | {
        "indicateur": indicateur, "maille": maille, "code_territoire": code, "periode": periode, "cog": "2026",
        "valeur": valeur, "borne_inf": valeur, "borne_sup": valeur, "numerateur": valeur, "denominateur": float("nan"),
        "statut": "publie", "couverture": 1.0,
    }  # fmt: skip


CAS = pd.DataFrame([observe("cas", "commune", "01002", 2.0), observe("cas", "commune", "01001", 1.0)])
AUTRES = pd.DataFrame([observe("autres", "commune", "01001", 0.1), observe("autres", "france", "FR", 0.3)])


@pytest.fixture
def petit(tmp_path):
    espace = Espace(tmp_path)
    write_observations(espace, [CAS, CAS.iloc[:0], AUTRES], publication="p1", motif={})
    write_tables(
        espace,
        {"liens": pd.DataFrame([["commune", "01001", "france", "FR"]], columns=LIENS.names)},
        publication="p1",
        motif={},
    )
    return espace


def test_copies_answer_by_map_and_by_territory(petit):
    lecteur = Lecteur(petit, "p1")
    carte = lecteur.read_carte("cas", "commune", "2025")
    assert list(zip(carte.code_territoire, carte.valeur, strict=True)) == [("01001", 1.0), ("01002", 2.0)]
    assert lecteur.read_carte("cas", "commune", "2025", ["01002"]).valeur.tolist() == [2.0]
    assert lecteur.read_territoire("commune", "01001").indicateur.tolist() == ["autres", "cas"]
    assert lecteur.read_territoire("france", "FR").valeur.tolist() == [0.3]
    assert lecteur.read_table("liens").code_parent.tolist() == ["FR"]


def test_ce_qui_n_existe_pas_is_empty_but_has_its_columns(petit):
    lecteur = Lecteur(petit, "p1")
    colonnes = lecteur.read_carte("cas", "commune", "2025").columns
    for vide in (lecteur.read_carte("rien", "commune", "2025"), lecteur.read_carte("cas", "commune", "1999")):
        assert vide.empty
        assert vide.columns.equals(colonnes)
    for vide in (lecteur.read_territoire("commune", "99999"), lecteur.read_territoire("commune", "01999")):
        assert vide.empty
        assert vide.columns.tolist() == OBSERVATIONS.names


def test_copies_rewritten_leave_nothing_behind(petit):
    write_observations(petit, [AUTRES], publication="p1", motif={})
    assert [p.name for p in (copies_dir(petit, "p1") / "par_indicateur").iterdir()] == ["autres.parquet"]


def test_publication_sans_copies_is_refused(petit):
    with pytest.raises(PublicationError, match="p2"):
        Lecteur(petit, "p2")
