"""Un très gros CSV, lu par morceaux, donne exactement ce que donnerait sa lecture d'un bloc."""

import numpy as np
import pytest

from observatoire.ingestion import grands
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.modeles.anomalies import Gravite
from tests.ingestion.test_livraison import build_source
from tests.territoires.petit_referentiel import write_petit_referentiel

COMMUNES = ["01001", "01002", "02001", "02002", "02009"]
VARIABLES = {
    "femmes": {"libelle": "F", "unite": "p", "colonne": "n", "ou": {"sexe": ["F"]}},
    "hommes": {"libelle": "H", "unite": "p", "colonne": "n", "ou": {"sexe": ["M"]}},
}


@pytest.fixture
def fichier(tmp_path):
    """Une table en long : cinq communes, deux sexes, et beaucoup d'âges que la source ne lit pas."""
    lignes = ["code;sexe;age;n"]
    for age in ["_T", *map(str, range(2_000))]:
        for rang, code in enumerate(COMMUNES):
            lignes += [f"{code};F;{age};{rang + 1}", f"{code};M;{age};{10 * rang}"]
    chemin = tmp_path / "long.csv"
    chemin.write_text("\n".join(lignes) + "\n", "utf-8")
    return chemin


@pytest.fixture
def referentiel(tmp_path):
    return write_petit_referentiel(tmp_path / "referentiel")


def read(fichier, referentiel, **autres):
    source = build_source(VARIABLES, filtres={"age": ["_T"]}, **autres)
    return read_livraison(fichier, source, referentiel, Demande(periode="2025"))


def test_morceaux_give_what_the_whole_gives(fichier, referentiel, monkeypatch):
    entier = read(fichier, referentiel)
    monkeypatch.setattr(grands, "SEUIL", 1_000)
    assert grands.is_grand(fichier)
    morceaux = read(fichier, referentiel)
    assert not morceaux.refusee
    assert morceaux.lignes_lues == entier.lignes_lues == 20_010
    assert morceaux.lignes_retenues == entier.lignes_retenues == 10
    for nom in VARIABLES:
        ensemble, parts = (r.lots[0].mesures[nom] for r in (entier, morceaux))
        assert np.array_equal(ensemble.valeur, parts.valeur)
        assert np.array_equal(ensemble.ligne, parts.ligne), "les lignes sont celles du producteur"


def test_personne_far_in_the_file_is_found(fichier, referentiel, monkeypatch):
    monkeypatch.setattr(grands, "SEUIL", 1_000)
    lignes = fichier.read_text("utf-8").splitlines()
    # Une colonne que la source ne lit pas, bien au-delà de l'aperçu.
    lignes = [f"{ligne};" for ligne in lignes]
    lignes[0] += "note"
    lignes[18_000] += "295109912611193"
    fichier.write_text("\n".join(lignes) + "\n", "utf-8")
    rapport = read(fichier, referentiel, colonnes_ignorees=["*"])
    assert rapport.quarantaine
    assert rapport.lots == ()
    assert "295109912611193" not in repr(rapport)


def test_colonne_absente_is_told_without_reading_everything(fichier, referentiel, monkeypatch):
    monkeypatch.setattr(grands, "SEUIL", 1_000)
    source = build_source({"enfants": {"libelle": "E", "unite": "p", "colonne": "enfants"}})
    rapport = read_livraison(fichier, source, referentiel, Demande(periode="2025"))
    codes = {a.code for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT}
    assert "colonne_absente" in codes
