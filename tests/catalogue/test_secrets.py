"""Règles de secret : chacune dans son mode, avec sa référence ; un indicateur exact peut être protégé."""

from __future__ import annotations

import pytest

from observatoire.catalogue import find_fautes, load_catalogue
from observatoire.catalogue.usages import find_inutilises
from observatoire.config import RACINE_DEPOT

VACANTS, SOURCE = "habitat/part_vacants.yaml", "_sources/essai.yaml"
EXACTE = """
    ouverte:
      libelle: Données ouvertes
      mode: P
      reference: Aucune personne n'y est décrite.
    convention_caf:
      libelle: Convention
      mode: C
      seuil: 5
      reference: Convention du département avec la caisse.
    convention_sante:
      libelle: Convention de santé
      mode: C
      seuil: 11
      reference: Convention du département avec la caisse.
"""


def messages(atelier):
    return [str(faute) for faute in find_fautes([atelier.dossier])]


@pytest.fixture
def exact(atelier):
    """Le petit catalogue, dont l'indicateur de besoin relève d'une convention."""
    atelier.write("_secret.yaml", EXACTE)
    atelier.replace(VACANTS, "secret: ouverte", "secret: convention_caf")
    assert messages(atelier) == []
    return atelier


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ("mode: C", ("mode C", "écrivez 2 au moins")),
        ("mode: C\n  seuil: 1", ("écrivez 2 au moins",)),
        ("mode: C\n  seuil: 5\n  arrondi: 5", ("« arrondi » décrit une protection déjà faite",)),
        (
            "mode: C\n  seuil: 5\n  masque_sous_seuil: true\n  zeros_publies: true",
            ("« masque_sous_seuil » décrit une protection déjà faite",),
        ),
        ("mode: P\n  dominance: 0.85", ("« dominance » ne sert qu'aux effectifs exacts", "« mode: C »")),
        ("mode: P\n  complement: false", ("« complement » ne sert qu'aux effectifs exacts",)),
        ("mode: P\n  zone_unites_min: 3", ("« zone_unites_min » ne sert qu'aux effectifs exacts",)),
        ("mode: P\n  zeros_publies: true", ("ne sert qu'avec « masque_sous_seuil »",)),
        ("mode: P\n  masque_sous_seuil: true\n  zeros_publies: true", ("demande « seuil »",)),
        ("mode: P\n  seuil: 5\n  masque_sous_seuil: true", ("demande « zeros_publies »",)),
        ("mode: P\n  seuils: 5", ("clé inconnue", "vouliez-vous dire « seuil »")),
    ],
)
def test_each_mode_has_its_fields(atelier, champs, mots):
    texte = f"ouverte:\n  libelle: Essai\n  {champs}\n  reference: Convention du département.\n"
    atelier.write("_secret.yaml", texte)
    complet = "\n".join(messages(atelier))
    assert "_secret.yaml, ligne" in complet
    for mot in mots:
        assert mot in complet, complet


@pytest.mark.parametrize(
    "champs",
    [
        "mode: P\n  seuil: 5\n  masque_sous_seuil: true\n  zeros_publies: false",
        "mode: C\n  seuil: 2\n  zeros_publies: false\n  homogene: true\n  dominance: 0.8\n  zone_habitants_min: 500",
    ],
)
def test_regle_juste_has_no_faute(atelier, champs):
    atelier.write("_secret.yaml", f"ouverte:\n  libelle: Essai\n  {champs}\n  reference: Convention du département.\n")
    assert messages(atelier) == []


@pytest.mark.parametrize("reference", ['""', '"   "', "voir"])
def test_regle_without_reference_is_refused(atelier, reference):
    atelier.replace("_secret.yaml", "Aucune personne n'y est décrite.", reference)
    assert any("« reference » est vide" in m for m in messages(atelier))


def test_espace_overrides_a_regle_under_the_same_checks(exact, tmp_path):
    """La convention d'un département remplace la règle du dépôt, et passe les mêmes contrôles."""
    espace = tmp_path / "departement" / "indicators"
    espace.mkdir(parents=True)
    regle = "convention_caf:\n  libelle: Caf du département\n  mode: C\n  seuil: {}\n  reference: Convention de 2026.\n"
    (espace / "_secret.yaml").write_text(regle.format(10), "utf-8")
    catalogue = load_catalogue([exact.dossier, espace])
    assert (catalogue.secrets["convention_caf"].seuil, len(catalogue.surcharges)) == (10, 1)
    (espace / "_secret.yaml").write_text(regle.format(0), "utf-8")
    (faute,) = find_fautes([exact.dossier, espace])
    assert faute.fichier == "departement/indicators/_secret.yaml"


# --- Indicateurs d'effectifs exacts ---------------------------------------------------------------------


def test_typologie_cannot_be_protected(exact):
    exact.replace(VACANTS, "type_mesure: ratio", "type_mesure: typologie\nmodalites: [{code: A, libelle: Zone A}]")
    exact.replace(VACANTS, "numerateur: logements_vacants\ndenominateur: logements\n", "numerateur: zone\n")
    exact.replace(VACANTS, "multiplicateur: 100\n", "")
    (faute,) = [m for m in messages(exact) if "type_mesure" in m]
    assert "« typologie » ne peut pas être protégé par la règle « convention_caf »" in faute
    assert "effectif, ratio, densite, evolution, moyenne" in faute


@pytest.mark.parametrize("genre", ["quantile", "indice"])
def test_valeur_without_sums_cannot_be_protected(exact, genre):
    exact.replace(VACANTS, "type_mesure: ratio", f"type_mesure: {genre}")
    exact.replace(VACANTS, "denominateur: logements\n", "")
    assert any(f"« {genre} » ne peut pas être protégé" in m for m in messages(exact))


def test_montant_asks_for_its_contributeurs(exact):
    exact.replace(SOURCE, "unite: logements\n    colonne: vacants", "unite: euros\n    colonne: vacants")
    (faute,) = messages(exact)
    assert "habitat/part_vacants.yaml" in faute
    assert "« logements_vacants » est un montant" in faute
    assert faute.endswith("vouliez-vous dire « logements » ?")
    exact.replace(SOURCE, "    colonne: vacants", "    colonne: vacants\n    contributeurs: logements")
    assert messages(exact) == []


def test_montant_of_open_data_asks_nothing(atelier):
    atelier.replace(SOURCE, "unite: logements\n    colonne: vacants", "unite: euros\n    colonne: vacants")
    assert messages(atelier) == []


@pytest.mark.parametrize("definition", ["Bénéficiaires de la PCH, en part des logements.", "Personnes handicapées."])
def test_handicap_has_a_seuil_of_eleven(exact, definition):
    exact.replace(VACANTS, "Logements vacants rapportés à l'ensemble des logements.", definition)
    (faute,) = messages(exact)
    assert "la règle « convention_caf » diffuse dès 5" in faute
    assert "règles permises : convention_sante" in faute
    exact.replace(VACANTS, "secret: convention_caf", "secret: convention_sante")
    assert messages(exact) == []


def test_sante_is_not_at_the_iris(exact):
    exact.write("_themes.yaml", "sante:\n  libelle: Santé\n  description: Se soigner ici.\n  ordre: 1\n")
    exact.replace(VACANTS, "[habitat]", "[sante]")
    exact.replace(VACANTS, "secret: convention_caf", "secret: convention_sante")
    exact.replace(VACANTS, "mailles: [commune,", "mailles: [iris, commune,")
    assert any("ne se diffusent pas à l'IRIS" in m for m in messages(exact))
    exact.replace(VACANTS, "secret: convention_sante", "secret: ouverte")
    assert not any("ne se diffusent pas" in m for m in messages(exact)), "une donnée ouverte est déjà protégée"


# --- Ce qu'une variable dit d'une autre -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ("partitions: [[logement]]", ("« partitions » cite « logement »", "vouliez-vous dire « logements »")),
        ("partitions: [[logements_vacants]]", ("« partitions » la renvoie à elle-même",)),
        ("contributeurs: logement", ("« contributeurs » cite « logement »",)),
        ("contributeur_max: logement", ("« contributeur_max » cite « logement »",)),
        ("partitions: [[logements, logements]]", ("compte « logements » deux fois",)),
        ("total_de: [logements, zone]\n    partitions: [[zone, logements]]", ("répète un découpage déjà donné",)),
    ],
)
def test_variables_citees_exist(atelier, champs, mots):
    atelier.replace(SOURCE, "    colonne: vacants", f"    colonne: vacants\n    {champs}")
    complet = "\n".join(messages(atelier))
    assert "_sources/essai.yaml, ligne" in complet
    for mot in mots:
        assert mot in complet, complet


@pytest.mark.parametrize("champ", ["partitions: [[zone]]", "contributeurs: zone", "contributeur_max: zone"])
def test_variable_citee_is_of_use(atelier, champ):
    atelier.replace(SOURCE, "    colonne: vacants", f"    colonne: vacants\n    {champ}")
    assert find_inutilises(load_catalogue([atelier.dossier])) == []


# --- Le vrai catalogue ------------------------------------------------------------------------------------


def test_each_producteur_has_its_regle():
    regles = load_catalogue([RACINE_DEPOT / "indicators"]).secrets
    producteurs = {
        "rp_precision", "filosofi", "filosofi_iris", "filosofi_carroye", "dgfip", "dgfip_ifi", "entreprises",
        "cnaf_arrondi5", "caf_protegee", "dares", "msa", "drees", "drees_fiscale", "cnam", "depp", "lovac", "carsat",
        "convention_k5", "convention_k11", "convention_caf", "convention_msa", "convention_carsat",
        "convention_fiscale", "convention_sante",
    }  # fmt: skip
    assert producteurs <= set(regles)
    assert {r.seuil for r in regles.values() if r.mode == "C"} == {5, 11}
    assert regles["convention_sante"].homogene
    for nom in ("msa", "carsat", "convention_msa", "convention_carsat"):
        assert "à confirmer" in regles[nom].reference.lower(), nom
    assert not any(r.masque_sous_seuil for r in regles.values()), "aucun producteur ne dit ne masquer que les petits"
