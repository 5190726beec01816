"""Un zonage déposé devient un niveau : ses valeurs se publient, se lisent, et l'espace sans zonage n'en sait rien."""

import json

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.config import COG_CIBLE
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from observatoire.publication.historique import read_journal
from observatoire.publication.zonages import controler_zonage, deposer_zonage
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages import ColonnesZonage
from tests.publication.petit_espace import PetitEspace

COLONNES = ColonnesZonage("code", "secteur", "nom")
NIVEAU = Maille.TERRITOIRE_ACTION_SOCIALE


@pytest.fixture
def communes(petit_neuf):
    territoires = Referentiel(petit_neuf.espace.referentiel).list_territoires(Maille.COMMUNE, COG_CIBLE)
    return territoires[territoires.code_departement == "974"]


def write_zonage(petit, lignes):
    chemin = petit.base / "recus" / "secteurs.csv"
    chemin.parent.mkdir(exist_ok=True)
    chemin.write_text("\n".join(["code;secteur;nom", *lignes]) + "\n", "utf-8")
    return chemin


def two_secteurs(codes):
    return [f"{c};{'N' if c < '97412' else 'S'};{'Nord' if c < '97412' else 'Sud'}" for c in codes]


def deposit(petit, chemin):
    with petit.au_travail():
        return deposer_zonage(
            petit.espace, chemin, maille=NIVEAU, colonnes=COLONNES, auteur="obs-01", motif="carte des équipes"
        )


def test_secteurs_are_published_as_a_level(petit_neuf, communes):
    avant = open_consultation(petit_neuf.espace)
    assert NIVEAU not in avant.find_indicateur("population").mailles
    resultat = deposit(petit_neuf, write_zonage(petit_neuf, two_secteurs(communes.code)))
    assert resultat.garde
    assert len(resultat.zonage.secteurs) == 2
    petit_neuf.construire()
    consultation = open_consultation(petit_neuf.espace)
    fiche = consultation.find_indicateur("population")
    lues = consultation.read_valeurs(fiche, NIVEAU, "2023").set_index("code_territoire")
    assert set(lues.index) == {"N", "S"}
    assert lues.libelle.to_dict() == {"N": "Nord", "S": "Sud"}
    # Les deux secteurs font le département, à l'habitant près.
    departement = consultation.read_valeurs(fiche, Maille.DEPARTEMENT, "2023", "974").valeur.iloc[0]
    assert lues.valeur.sum() == departement
    (inscrit,) = [x for x in read_journal(petit_neuf.espace) if x.geste == "zonage"]
    assert (inscrit.auteur, inscrit.motif, inscrit.details["secteurs"]) == ("obs-01", "carte des équipes", 2)


def test_commune_in_two_secteurs_is_refused_and_nothing_is_kept(petit_neuf, communes):
    lignes = [*two_secteurs(communes.code), f"{communes.code.iloc[0]};S;Sud"]
    resultat = deposit(petit_neuf, write_zonage(petit_neuf, lignes))
    assert not resultat.garde
    assert any(communes.code.iloc[0] in str(a) for a in resultat.anomalies)
    assert not (petit_neuf.espace.data / "zonages").exists()
    assert [x for x in read_journal(petit_neuf.espace) if x.geste == "zonage"] == []


def test_people_in_a_zonage_are_refused_without_a_trace(petit_neuf, communes):
    lignes = [f"{c};N;295109912611193" for c in communes.code]
    resultat = controler_zonage(petit_neuf.espace, write_zonage(petit_neuf, lignes), maille=NIVEAU, colonnes=COLONNES)
    assert resultat.quarantaine
    assert "295109912611193" not in repr(resultat)


def test_unknown_column_names_those_of_the_file(petit_neuf, communes):
    chemin = write_zonage(petit_neuf, two_secteurs(communes.code))
    with pytest.raises(AppelError, match="Colonnes du fichier : code, secteur, nom"):
        controler_zonage(petit_neuf.espace, chemin, maille=NIVEAU, colonnes=ColonnesZonage("insee", "secteur"))


def test_command_tells_what_it_did(petit_neuf, communes, capsys):
    from observatoire.cli import main

    chemin = write_zonage(petit_neuf, two_secteurs(communes.code))
    arguments = ["--racine", str(petit_neuf.espace.racine), "livraison", "zonage", str(chemin), "--libelle", "nom"]
    with petit_neuf.au_travail():
        with pytest.raises(SystemExit) as fin:
            main([*arguments, "--niveau", str(NIVEAU), "--json"])
        lu = json.loads(capsys.readouterr().out)
        assert (fin.value.code or 0, lu["garde"], lu["secteurs"]) == (0, True, 2)
        with pytest.raises(SystemExit) as fin:
            main([*arguments, "--niveau", "canton"])
    assert fin.value.code == 2
    assert "secteur_mds" in capsys.readouterr().err
    assert PetitEspace(petit_neuf.base, ouvrir=True).espace.data.joinpath("zonages").is_dir()
