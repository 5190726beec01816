"""Observatoire de la Gironde : ses lieux, et une carte pour chaque indicateur."""

from __future__ import annotations

import re

import pytest

from observatoire.cartes.preparation import prepare_carte
from observatoire.cartes.statique import draw_carte
from observatoire.catalogue.loader import load_catalogue
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.mailles import Maille
from tests.gironde.depots import DEPARTEMENT, SOURCES
from tests.gironde.officiels import read_lignes

pytestmark = pytest.mark.reel
NEUFS = [i for i in load_catalogue([RACINE_DEPOT / "indicators"]).indicateurs.values() if i.source in SOURCES]
EMPRISE = {"longitude": (-1.30, 0.35), "latitude": (44.15, 45.60)}
"""Cadre large de la Gironde, en degrés."""
COURRIEL_OU_TELEPHONE = re.compile(r"\S+@\S+\.\S+|(?:\+33|0)[1-9](?:[ .]?\d{2}){4}")
CARTES = [
    pytest.param(i.id, m, id=f"{i.id}-{m}") for i in NEUFS for m in i.mailles if m in {Maille.COMMUNE, Maille.EPCI}
]
SANS_CARTE = {"taux_pauvrete", "nb_allocataires_aah", "allocataires_aah_1000_20_64_ans"}
"""Leur producteur ne les donne qu'aux IRIS, sans contours ici, ou au département."""


@pytest.fixture(scope="module")
def lieux(gironde):
    """Lieux d'un type dans les communes de la Gironde."""
    tous = gironde.consultation.ressources

    def lieux(genre):
        return tous[(tous.type == genre) & tous.code_commune.str.startswith(DEPARTEMENT)]

    return lieux


@pytest.mark.parametrize(
    ("genre", "nombre", "fichier", "separateur", "colonne", "garder"),
    [
        ("france_services", 42, "anct/france_services_liste.csv", ",", "insee_com", None),
        (
            "bibliotheque",
            281,
            "culture/adresses-des-bibliotheques-publiques.csv",
            ";",
            "INSEE",
            ("type_adresse", "Bibliothèque ouverte au public"),
        ),
    ],
)
def test_lieux_are_all_there_and_in_place(gironde, lieux, genre, nombre, fichier, separateur, colonne, garder):
    """Autant de lieux que de lignes du fichier, presque tous posés dans le cadre du département."""
    lignes = read_lignes(gironde.donnees / fichier, separateur=separateur)
    attendus = [x for x in lignes if x[colonne].startswith(DEPARTEMENT) and (not garder or x[garder[0]] == garder[1])]
    trouves = lieux(genre)
    assert len(trouves) == len(attendus) == nombre
    assert trouves.id.is_unique
    for axe, (minimum, maximum) in EMPRISE.items():
        assert trouves[axe].dropna().between(minimum, maximum).mean() > 0.99
    assert trouves[["longitude", "latitude"]].notna().all(axis=1).mean() > 0.98
    assert (trouves.nom.str.len() > 3).all()
    assert (trouves.adresse.str.len() > 3).mean() > 0.9


def test_lieux_of_france_keep_their_number(gironde):
    """Aucun lieu perdu : ni dans les arrondissements de Paris, Lyon et Marseille, ni ailleurs."""
    tous = gironde.consultation.ressources
    lignes = read_lignes(gironde.donnees / "anct/france_services_liste.csv", separateur=",")
    hors_champ = [x for x in lignes if x["insee_com"].startswith(("975", "977", "978"))]
    assert (tous.type == "france_services").sum() == len(lignes) - len(hors_champ)


def test_horaires_of_france_services_are_readable(gironde, lieux):
    """Un point d'accueil montre ses jours et ses heures, tirés d'une colonne par jour."""
    lignes = {x["id_fs"]: x for x in read_lignes(gironde.donnees / "anct/france_services_liste.csv", separateur=",")}
    jours = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")
    for lieu in lieux("france_services").to_dict("records"):
        assert bool(lieu["horaires"]) == any(lignes[lieu["id"]][j] for j in jours), lieu["nom"]
    rauzan = lieux("france_services").set_index("id").horaires["195"]
    assert "samedi 9" in rauzan


@pytest.mark.parametrize("genre", ["france_services", "bibliotheque", "college"])
def test_lieux_show_no_courriel_nor_telephone(gironde, genre):
    tous = gironde.consultation.ressources
    textes = tous[tous.type == genre].select_dtypes(["object", "string"]).astype(str).agg(" ".join, axis=1)
    assert len(textes) > 40
    assert [t for t in textes if COURRIEL_OU_TELEPHONE.search(t)] == []


def test_nearly_all_indicateurs_have_a_carte():
    assert {i.id for i in NEUFS} - {c.values[0] for c in CARTES} == SANS_CARTE


@pytest.mark.parametrize(("indicateur", "maille"), CARTES)
def test_carte_of_gironde_can_be_drawn(gironde, indicateur, maille):
    """Contours, valeurs, phrase et source : la carte est prête à dessiner, avec au moins vingt territoires."""
    carte = prepare_carte(gironde.consultation, indicateur, maille, departement=DEPARTEMENT)
    assert "Gironde" in carte.territoire
    assert gironde.consultation.catalogue.sources[carte.indicateur.source].producteur in carte.source
    assert carte.valeurs.valeur.notna().sum() >= 20
    assert set(carte.contours.code) >= set(carte.valeurs.code_territoire)


@pytest.mark.parametrize(
    ("indicateur", "maille"),
    [("foyers_rsa_100_menages", Maille.COMMUNE), ("niveau_vie_median", Maille.EPCI), ("apl_medecins", Maille.EPCI)],
)
def test_carte_of_gironde_is_drawn(gironde, tmp_path, indicateur, maille):
    sortie = tmp_path / f"{indicateur}.png"
    draw_carte(prepare_carte(gironde.consultation, indicateur, maille, departement=DEPARTEMENT), sortie)
    assert sortie.stat().st_size > 20_000
