"""Quarantaine : tous les pièges sont refusés, tous les sosies passent, et rien d'une cellule n'est répété."""

import os
from functools import cache

import pyarrow as pa
import pytest

from observatoire.ingestion.quarantaine import inspect_table, inspection
from observatoire.modeles.sources import Source
from tests.ingestion.controles.atelier import build_source
from tests.ingestion.quarantaine.cas_rares import build_pieges_rares as build_pieges_inattendus
from tests.ingestion.quarantaine.cas_rares import build_sosies_rares as build_sosies_inattendus
from tests.ingestion.quarantaine.fabrique import Hasard, build_table
from tests.ingestion.quarantaine.pieges import build_pieges as build_pieges_courants
from tests.ingestion.quarantaine.sosies import build_sosies as build_sosies_de_lieux
from tests.ingestion.quarantaine.sosies_de_tables import build_sosies_de_tables

LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"
GRAINES = range(1, 41) if LONGS else range(1, 4)


build_pieges_rares = cache(build_pieges_inattendus)
build_sosies_rares = cache(build_sosies_inattendus)


@cache
def build_pieges(graine):
    return build_pieges_courants(graine)


@cache
def build_sosies(graine):
    return build_sosies_de_lieux(graine) | build_sosies_de_tables(graine)


PIEGES = build_pieges(1)
SOSIES = build_sosies(1)
COMMUNES = ["33063", "33281", "33318", "33039"]


def list_bloquants(table, source=None):
    return [m.motif for m in inspect_table(table, source=source) if m.bloquant]


def test_the_sets_are_large_enough():
    assert len(PIEGES) >= 40
    assert len(SOSIES) >= 40


@pytest.mark.parametrize("nom", PIEGES)
def test_piege_is_refused(nom):
    for graine in GRAINES:
        motifs = [motif for table in build_pieges(graine)[nom] for motif in list_bloquants(table)]
        assert motifs, graine
        assert "inspection_impossible" not in motifs


@pytest.mark.parametrize("nom", SOSIES)
def test_sosie_passes(nom):
    for graine in GRAINES:
        assert list_bloquants(build_sosies(graine)[nom]) == [], graine


@pytest.mark.parametrize("nom", build_pieges_rares(1))
def test_rare_piege_is_refused(nom):
    for graine in GRAINES:
        motifs = list_bloquants(build_table(build_pieges_rares(graine)[nom]))
        assert motifs, graine
        assert "inspection_impossible" not in motifs


@pytest.mark.parametrize("nom", build_sosies_rares(1))
def test_rare_sosie_passes(nom):
    for graine in GRAINES:
        assert list_bloquants(build_table(build_sosies_rares(graine)[nom])) == [], graine


@pytest.mark.parametrize("nom", PIEGES)
def test_no_cell_is_repeated(nom):
    """Ni le texte, ni le nom de colonne, ni l'écriture technique d'un motif ne contient une valeur."""
    for table in PIEGES[nom]:
        motifs = inspect_table(table)
        dit = " ".join(repr(m) + m.texte + m.colonne for m in motifs)
        entetes = " ".join(table.donnees.column_names) if nom != "sans_en_tete" else ""
        valeurs = {v for c in table.donnees.columns for v in c.to_pylist() if v and len(v) > 3}
        assert [v for v in valeurs if v in dit and v not in entetes] == []


def test_first_person_taken_for_a_header_is_not_cited():
    motifs = inspect_table(PIEGES["sans_en_tete"][0])
    assert {m.colonne for m in motifs if m.bloquant} == {"colonne n° 1", "colonne n° 3"}


@pytest.mark.parametrize("numero", ["295109912611193", "253072B07300470", "253072A07300443", "269054958815780"])
@pytest.mark.parametrize("forme", ["{}", "'{}", "n° {} (clé comprise)", "{}.0", " {} "])
def test_valid_nir_is_found_wherever_it_is(numero, forme):
    colonnes = {"codgeo": COMMUNES, "valeur": ["12", forme.format(numero), "15", "16"]}
    if "." in forme and not numero.isdigit():
        pytest.skip("un numéro corse n'est jamais lu comme un nombre")
    (motif,) = [m for m in inspect_table(build_table(colonnes)) if m.bloquant]
    assert (motif.motif, motif.colonne, motif.lignes) == ("nir", "valeur", 1)


def test_nir_with_a_wrong_key_alone_passes():
    assert list_bloquants(build_table({"codgeo": COMMUNES, "valeur": ["12", "295109912611199", "15", "16"]})) == []


def test_exception_never_carries_a_cell(monkeypatch):
    def tombe(vue):
        raise pa.ArrowInvalid("Failed to parse string: '295109912611193' " + repr(vue))

    monkeypatch.setattr(inspection, "DETECTEURS", (tombe,))
    (motif,) = inspect_table(PIEGES["nir_annonce"][0])
    assert (motif.motif, motif.bloquant) == ("inspection_impossible", True)
    assert "295109912611193" not in repr(motif)


def test_seen_table_and_columns_hide_their_cells():
    from observatoire.ingestion.quarantaine.vue import build_vue

    vue = build_vue(PIEGES["nom_et_prenom"][0], None)
    assert repr(vue) == "VueTable(3 colonnes, 60 lignes)"
    assert repr(vue.colonnes[0]) == "Colonne('nom')"


def declare_ressource() -> Source:
    return build_source(
        colonne_code="commune",
        ressource={
            "type": "accueil", "libelle": "accueil", "libelle_pluriel": "accueils", "lettre": "A",
            "problematiques": ["sante"], "colonne_id": "cle", "colonne_nom": "libelle",
            "colonne_code_commune": "commune",
        },
    )  # fmt: skip


def test_source_of_places_keeps_its_addresses_but_not_its_people():
    x = Hasard(7)
    lieux = {
        "cle": x.chiffres(6, "1"),
        "libelle": x.choose(["A", "B"]),
        "commune": x.communes(),
        "adresse": x.adresses(),
    }
    assert list_bloquants(build_table(lieux)) != []
    assert list_bloquants(build_table(lieux), declare_ressource()) == []
    elus = lieux | {"nom": x.noms(), "prenom": x.prenoms()}
    assert list_bloquants(build_table(elus), declare_ressource()) == ["nom_prenom"]
    assert "date_naissance" in list_bloquants(build_table(lieux | {"ddn": x.dates()}), declare_ressource())
    assert "nir" in list_bloquants(build_table(lieux | {"c": x.nirs()}), declare_ressource())


def test_phones_and_named_mails_of_places_are_shown_without_refusing():
    x = Hasard(8)
    lieux = {
        "id_fs": x.chiffres(5), "lib_fs": [f"France services {i}" for i in range(60)], "h_lundi": x.choose(["9h-12h"]),
        "commune": x.communes(), "tel": x.telephones("05 {} {} {} {}"), "mail": ["marie.martin@exemple.fr"] * 60,
    }  # fmt: skip
    motifs = inspect_table(build_table(lieux))
    assert {(m.motif, m.bloquant) for m in motifs} == {("courriel_nominatif", False), ("telephone_service", False)}


def test_many_small_counts_ask_for_the_convention_regime():
    x = Hasard(9)
    table = {"codgeo": x.communes_distinctes(), "nb_beneficiaires": x.entiers(0, 8)}
    assert [(m.motif, m.bloquant) for m in inspect_table(build_table(table))] == [("petits_effectifs", False)]


def test_table_without_territory_is_shown():
    table = build_table({"mesure": ["a", "b", "c", "d", "e"], "valeur": ["10", "22", "30", "41", "50"]})
    assert [(m.motif, m.bloquant, m.personnel) for m in inspect_table(table)] == [("sans_territoire", False, False)]


@pytest.mark.parametrize("colonnes", [{}, {"a": []}, {"a": [None, None]}, {"a": ["", " "]}, {"": ["x"]}])
def test_empty_tables_pass(colonnes):
    assert list_bloquants(build_table(colonnes)) == []


def test_blocking_reasons_come_first():
    motifs = inspect_table(PIEGES["iban_menteur"][0])
    assert [m.bloquant for m in motifs] == sorted((m.bloquant for m in motifs), reverse=True)
