"""Un espace ajoute des fiches au catalogue du dépôt, ou en remplace en le disant."""

from __future__ import annotations

from observatoire.catalogue import find_fautes, load_catalogue
from observatoire.catalogue.usages import find_inutilises


def test_espace_adds_and_replaces(atelier, tmp_path):
    espace = tmp_path / "departement" / "indicators" / "habitat"
    espace.mkdir(parents=True)
    fiche = (atelier.dossier / "habitat/part_vacants.yaml").read_text("utf-8")
    (espace / "part_vacants.yaml").write_text(fiche.replace("Part des logements vacants", "Vacance"), "utf-8")
    (espace / "part_vacants_bis.yaml").write_text(fiche, "utf-8")
    catalogue = load_catalogue([atelier.dossier, espace.parent])
    assert catalogue.indicateurs["part_vacants"].libelle == "Vacance"
    assert "part_vacants_bis" in catalogue.indicateurs
    (surcharge,) = catalogue.surcharges
    assert surcharge.startswith("« part_vacants » : departement/indicators/habitat/part_vacants.yaml remplace")
    assert surcharge.endswith(" indicators/habitat/part_vacants.yaml")


def test_espace_replaces_a_regle(atelier, tmp_path):
    espace = tmp_path / "departement" / "indicators"
    espace.mkdir(parents=True)
    regle = "ouverte:\n  libelle: Convention\n  mode: C\n  seuil: 11\n  reference: Convention du département.\n"
    (espace / "_secret.yaml").write_text(regle, "utf-8")
    catalogue = load_catalogue([atelier.dossier, espace])
    assert catalogue.secrets["ouverte"].seuil == 11
    assert len(catalogue.surcharges) == 1


def test_faute_of_espace_names_the_espace(atelier, tmp_path):
    espace = tmp_path / "departement" / "indicators"
    (espace / "habitat").mkdir(parents=True)
    (espace / "habitat" / "x.yaml").write_text("libelle: x\n", "utf-8")
    assert find_fautes([atelier.dossier, espace])[0].fichier == "departement/indicators/habitat/x.yaml"


def test_identifiant_in_two_dossiers_is_refused(atelier):
    atelier.write("autre/part_vacants.yaml", (atelier.dossier / "habitat/part_vacants.yaml").read_text("utf-8"))
    assert any("identifiant répété « part_vacants »" in f.message for f in find_fautes([atelier.dossier]))


def test_inutilises_are_remarks(atelier):
    remarques = find_inutilises(load_catalogue([atelier.dossier]))
    assert remarques == ["variable « zone » de la source « essai » : aucun indicateur ne s'en sert"]


def test_part_of_a_total_is_of_use(atelier):
    """Une variable qui ne sert qu'à contrôler un total n'est pas oubliée."""
    atelier.replace("_sources/essai.yaml", "    colonne: vacants", "    colonne: vacants\n    total_de: [zone]")
    assert find_inutilises(load_catalogue([atelier.dossier])) == []


def test_mots_stay_text_until_the_model(atelier):
    atelier.replace("_sources/essai.yaml", "livraisons:", 'departements: ["01", 974]\nlivraisons:')
    assert load_catalogue([atelier.dossier]).sources["essai"].departements == ("01", "974")
