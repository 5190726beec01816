"""Construire : d'un trait, sans effet à demi ; une faute laisse en ligne ce qui l'était."""

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.errors import CatalogueError, PublicationError, SourceError
from observatoire.modeles.mailles import Maille
from observatoire.publication.historique import list_historique, restore
from observatoire.store.publications import current_id, list_publications, load_publication
from tests.publication.petit_espace import ABSENTE, FICHE_LOCALE, NULLE, SECRETE, PetitEspace

CHIFFRES = ["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]


@pytest.fixture(scope="module")
def petit(tmp_path_factory):
    petit = PetitEspace(tmp_path_factory.mktemp("petit"))
    petit.construire()
    return petit


def read_demandes(espace, publication=None):
    consultation = open_consultation(espace, publication)
    fiche = consultation.find_indicateur("demandes")
    return consultation.read_valeurs(fiche, Maille.COMMUNE, "2024", "974").set_index("code_territoire")


def test_secret_absence_et_zero_are_three_different_things(petit):
    valeurs = read_demandes(petit.espace)
    assert valeurs.statut[[SECRETE, ABSENTE, NULLE, "97404"]].tolist() == [
        "secret", "non_disponible", "publie", "publie",
    ]  # fmt: skip
    assert valeurs.loc[[SECRETE, ABSENTE], CHIFFRES].isna().all(axis=None)
    assert valeurs.loc[NULLE, ["valeur", "borne_inf", "borne_sup", "numerateur"]].tolist() == [0, 0, 0, 0]
    assert valeurs.valeur["97404"] == 12
    # Une commune que le fichier ne nomme pas est non disponible, elle n'est ni nulle ni secrète.
    assert valeurs.statut["97411"] == "non_disponible"
    assert len(valeurs) == 24


def test_departement_trop_peu_couvert_stays_silent(petit):
    consultation = open_consultation(petit.espace)
    (departement,) = consultation.read_valeur(
        consultation.find_indicateur("demandes"), Maille.DEPARTEMENT, "2024", "974"
    ).to_dict("records")
    assert departement["statut"] == "secret"
    assert departement["couverture"] < 0.8


def test_publication_pins_its_origin(petit):
    publication = load_publication(petit.espace)
    assert (publication.cog, publication.auteur, publication.motif) == ("2026", "essais", "essai")
    assert set(publication.versions) == {"variables", "observations", "territoires", "liens", "ressources"}
    assert publication.indicateurs["demandes"]["commune"] == ["2024"]
    manifestes = open_consultation(petit.espace).manifestes
    assert manifestes["local/2024/demandes.parquet"].producteur == "Département d'essai"


def test_construire_twice_changes_nothing(petit):
    premiere = petit.construire().publication.id
    avant = list_publications(petit.espace)
    seconde = petit.construire()
    assert not seconde.neuve
    assert seconde.publication.id == premiere == current_id(petit.espace)
    assert list_publications(petit.espace) == avant


@pytest.fixture
def fiche_abimee(petit):
    petit.write_fiche("demandes", FICHE_LOCALE.replace("type_mesure: effectif", "type_mesure: effectifs"))
    yield petit
    petit.write_fiche("demandes", FICHE_LOCALE)


def test_catalogue_fautif_leaves_the_publication_online(fiche_abimee):
    avant = current_id(fiche_abimee.espace)
    with pytest.raises(CatalogueError, match=r"espace/indicators/habitat/demandes\.yaml, ligne 6 .*effectif"):
        fiche_abimee.construire()
    assert current_id(fiche_abimee.espace) == avant
    assert read_demandes(fiche_abimee.espace).valeur["97404"] == 12


def test_livraison_modifiee_leaves_the_publication_online(petit):
    avant = current_id(petit.espace)
    fichier = petit.espace.data / "depot" / "local" / "2024" / "demandes.parquet"
    octets = fichier.read_bytes()
    try:
        fichier.write_bytes(octets + b" ")
        with pytest.raises(SourceError, match="a changé depuis sa livraison"):
            petit.construire()
    finally:
        fichier.write_bytes(octets)
    assert current_id(petit.espace) == avant


def test_convention_under_an_open_rule_is_refused_at_the_door(petit):
    avant = current_id(petit.espace)
    try:
        petit.deliver("convention")
        with pytest.raises(PublicationError, match="« demandes » emploie des effectifs exacts reçus par convention"):
            petit.construire()
    finally:
        petit.deliver("ouverte")
    assert current_id(petit.espace) == avant


def test_espace_overrides_a_fiche_and_can_go_back(petit):
    ancienne = current_id(petit.espace)
    avant = read_demandes(petit.espace)
    surcharge = FICHE_LOCALE.replace("Demandes de logement social", "Habitants, selon l'espace")
    surcharge = surcharge.replace("numerateur: demandes", "numerateur: population_municipale")
    petit.write_fiche("population", surcharge.replace("source: local", "source: populations"))
    try:
        neuve = petit.construire().publication.id
    finally:
        (petit.espace.indicators / "habitat" / "population.yaml").unlink()
    catalogue = open_consultation(petit.espace).catalogue
    assert neuve != ancienne
    assert catalogue.indicateurs["population"].libelle == "Habitants, selon l'espace"
    assert catalogue.surcharges == (
        "« population » : espace/indicators/habitat/population.yaml remplace indicators/habitat/population.yaml",
    )
    # Revenir en arrière rend l'ancien catalogue et les mêmes valeurs, au bit près.
    restore(petit.espace, ancienne)
    assert [p.id for p, courante in list_historique(petit.espace) if courante] == [ancienne]
    assert open_consultation(petit.espace).catalogue.indicateurs["population"].libelle == "Population municipale"
    assert read_demandes(petit.espace).equals(avant)
