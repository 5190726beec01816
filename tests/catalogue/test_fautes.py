"""Une fiche fautive par règle, et les mots que son message doit porter."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from observatoire.catalogue import find_fautes, load_catalogue
from observatoire.errors import CatalogueError

VACANTS, MAIRIE, SOURCE = "habitat/part_vacants.yaml", "habitat/part_mairie.yaml", "_sources/essai.yaml"


class Cas(NamedTuple):
    """Ce qu'on abîme, et ce que le message doit dire."""

    nom: str
    fichier: str
    avant: str
    apres: str
    mots: tuple[str, ...]


CAS = [
    Cas(
        "clé inconnue",
        VACANTS,
        "unite:",
        "unité:",
        ("ligne 7", "clé inconnue « unité »", "vouliez-vous dire « unite » ?"),
    ),
    Cas("clé inconnue emboîtée", VACANTS, "frequence:", "classes: {methodes: fixes}\nfrequence:", ("« methode »",)),
    Cas(
        "clé sans voisine", VACANTS, "unite:", "zzzz: 1\nunite:", ("clé inconnue « zzzz »", "clés permises", "libelle")
    ),
    Cas("clé répétée", VACANTS, "frequence:", "unite: x\nfrequence:", ("clé répétée « unite »", "ligne 7")),
    Cas("identifiant écrit", VACANTS, "unite:", "id: autre\nunite:", ("« id » inutile", "part_vacants")),
    Cas("unité absente", VACANTS, 'unite: "%"\n', "", ("champ obligatoire absent : « unite »",)),
    Cas("champ absent", VACANTS, "champ: Ensemble des logements\n", "", ("champ obligatoire absent : « champ »",)),
    Cas("décimale à virgule", VACANTS, "multiplicateur: 100", 'multiplicateur: "0,5"', ("avec un point", "0,5")),
    Cas("polarité hors bornes", VACANTS, "polarite: -1", "polarite: -2", ("« polarite »", "plus petite", "-1")),
    Cas("libellé court trop long", VACANTS, "court: Logements", f"court: {'L' * 60}", ("trop long", "40")),
    Cas("liste attendue", VACANTS, "[habitat]", "habitat", ("« problematiques »", "une liste")),
    Cas("source inconnue", VACANTS, "source: essai", "source: essais", ("_sources/", "vouliez-vous dire « essai »")),
    Cas("variable inconnue", VACANTS, "r: logements_vacants", "r: logement_vacant", ("« logements_vacants »",)),
    Cas("dénominateur inconnu", VACANTS, "denominateur: logements", "denominateur: logement", ("« logements »",)),
    Cas("problématique inconnue", VACANTS, "[habitat]", "[habitat, habita]", ("_themes.yaml", "« habitat »")),
    Cas("problématique du dossier", VACANTS, "[habitat]", "[autre]", ("rangée dans « habitat »",)),
    Cas("secret inconnu", VACANTS, "secret: ouverte", "secret: ouvert", ("_secret.yaml", "« ouverte »")),
    Cas(
        "précaution inconnue",
        VACANTS,
        "secret:",
        "precautions: [prudance]\nsecret:",
        ("_precautions.yaml", "« prudence »"),
    ),
    Cas("ressource inconnue", VACANTS, "[part_mairie]", "[part_mairies]", ("aucun indicateur", "« part_mairie »")),
    Cas(
        "ressource qui n'en est pas une", VACANTS, "[part_mairie]", "[part_vacants]", ("nature « besoin »", "ressource")
    ),
    Cas("besoin sans ressource", VACANTS, "ressources_liees: [part_mairie]\n", "", ("« ressources_liees » manque",)),
    Cas("maille inconnue", VACANTS, "departement]", "département]", ("valeur inconnue", "« departement »")),
    Cas("maille non publiée", VACANTS, "departement]", "carreau]", ("« carreau » n'est pas un niveau publié",)),
    Cas("maille trop fine", VACANTS, "[commune,", "[iris, commune,", ("« iris »", "au niveau « commune »")),
    Cas("nature inconnue", VACANTS, "nature: besoin", "nature: besoins", ("vouliez-vous dire « besoin »",)),
    Cas("type inconnu", VACANTS, "mesure: ratio", "mesure: taux", ("type_mesure", "ratio", "moyenne")),
    Cas("ratio en symboles", VACANTS, "polarite:", "representation: symboles\npolarite:", ("seul un effectif",)),
    Cas("ratio sans dénominateur", VACANTS, "denominateur: logements\n", "", ("« denominateur » manque", "« ratio »")),
    Cas("dénominateur de trop", VACANTS, "mesure: ratio", "mesure: moyenne", ("« denominateur » ne sert pas",)),
    Cas("moyenne sans poids", MAIRIE, "poids: logements\n", "", ("« poids » manque", "« moyenne »")),
    Cas("typologie sans modalités", MAIRIE, "mesure: moyenne", "mesure: typologie", ("« modalites » manque",)),
    Cas("typologie d'un nombre", MAIRIE, "mesure: moyenne", "mesure: typologie", ("variable de catégorie",)),
    Cas("catégorie hors typologie", MAIRIE, "r: mairie_samedi", "r: zone", ("« typologie » peut la montrer",)),
    Cas("somme d'une variable non additive", VACANTS, "r: logements_vacants", "r: mairie_samedi", ("additive: false",)),
    Cas(
        "agrégation refusée",
        VACANTS,
        "polarite:",
        "agregation: moyenne_ponderee\npolarite:",
        ("refusée", "ratio_des_sommes"),
    ),
    Cas("contexte jugé", VACANTS, "nature: besoin", "nature: contexte", ("polarite: 0",)),
    Cas("ressource défavorable", MAIRIE, "polarite: 1", "polarite: -1", ("ne peut pas être défavorable",)),
    Cas("deux décimales", VACANTS, "polarite:", "decimales: 2\npolarite:", ("une décimale au plus",)),
    Cas("fixes sans bornes", VACANTS, "polarite:", "classes: {methode: fixes}\npolarite:", ("demande « bornes »",)),
    Cas("bornes sans fixes", VACANTS, "polarite:", "classes: {bornes: [1, 2]}\npolarite:", ("methode: fixes",)),
    Cas(
        "bornes à rebours", VACANTS, "polarite:", "classes: {methode: fixes, bornes: [2, 1]}\npolarite:", ("croissant",)
    ),
    Cas(
        "nombre de classes",
        VACANTS,
        "polarite:",
        "classes: {methode: fixes, nombre: 5, bornes: [1, 2]}\npolarite:",
        ("3 classes",),
    ),
    Cas("lecture, trou inconnu", VACANTS, "{valeur}", "{valeurs}", ("variable inconnue « {valeurs} »", "« valeur »")),
    Cas("lecture sans période", VACANTS, "En {periode}, ", "Alors ", ("il manque {periode}",)),
    Cas("lecture sans territoire", VACANTS, " {du_territoire}", "", ("il manque {territoire}",)),
    Cas("lecture, accolade ouverte", VACANTS, "{valeur}", "{valeur", ("accolade",)),
    Cas("lecture sans dénominateur", MAIRIE, "{valeur}", "{valeur} ({denominateur})", ("n'a pas de dénominateur",)),
    Cas("période non livrée", VACANTS, "frequence:", 'periodes: ["2022"]\nfrequence:', ("« 2022 »", "2016, 2023")),
    Cas("source sans colonne", SOURCE, "    colonne: vacants\n", "", ("variable « logements_vacants »", "« colonne »")),
    Cas(
        "compte d'une colonne",
        SOURCE,
        "    colonne: vacants",
        "    colonne: vacants\n    agregat: compte",
        ("retirez « colonne »",),
    ),
    Cas("maximum additif", SOURCE, "maximum\n    additive: false", "maximum", ("additive: false",)),
    Cas("département inconnu", SOURCE, "livraisons:", 'departements: ["1"]\nlivraisons:', ("« 1 »", "département")),
    Cas("livraison en double", SOURCE, '"2023"', '"2016"', ("« 2016 » a déjà un fichier",)),
    Cas("carreaux sans passage", SOURCE, "maille: commune", "maille: rectangle", ("« rattachement » manque",)),
    Cas(
        "niveau en double",
        SOURCE,
        "livraisons:",
        "niveaux: [{maille: epci}, {maille: epci}]\nlivraisons:",
        ("« epci » est déjà lu",),
    ),
    Cas("niveau de la source", SOURCE, "livraisons:", "niveaux: [{maille: commune}]\nlivraisons:", ("déjà lu",)),
    Cas(
        "variable d'un niveau non lu",
        SOURCE,
        "    colonne: vacants",
        "    colonne: vacants\n    mailles: [iris]",
        ("variable « logements_vacants »", "ne lit pas le niveau « iris »"),
    ),
    Cas(
        "total d'inconnues",
        SOURCE,
        "    colonne: vacants",
        "    colonne: vacants\n    total_de: [logement]",
        ("« total_de » cite « logement »", "vouliez-vous dire « logements »"),
    ),
    Cas(
        "plafond de soi-même",
        SOURCE,
        "    colonne: vacants",
        "    colonne: vacants\n    au_plus: logements_vacants",
        ("la renvoie à elle-même",),
    ),
    Cas(
        "seuil d'un comptage",
        SOURCE,
        "    colonne: vacants",
        "    agregat: compte\n    moins_de: 3",
        ("« moins_de » compare un nombre",),
    ),
    Cas("précaution d'une source", SOURCE, "[prudence]", "[prudense]", ("« prudence »",)),
    Cas("mode de secret", "_secret.yaml", "mode: P", "mode: X", ("« ouverte.mode »|« mode »", "X")),
]
"""Une règle par ligne : la fiche juste, abîmée en un seul endroit."""


def messages(atelier):
    return [str(faute) for faute in find_fautes([atelier.dossier])]


def test_fiches_justes_have_no_faute(atelier):
    assert messages(atelier) == []


@pytest.mark.parametrize("cas", CAS, ids=lambda c: c.nom)
def test_each_rule_is_named(atelier, cas):
    atelier.replace(cas.fichier, cas.avant, cas.apres)
    trouvees = messages(atelier)
    complet = "\n".join(trouvees)
    assert trouvees, "aucune faute trouvée"
    for mot in cas.mots:
        assert any(variante in complet for variante in mot.split("|")), complet
    assert all(faute.startswith("indicators/") for faute in trouvees), complet


def test_message_has_its_exact_form(atelier):
    atelier.replace(VACANTS, "unite:", "unité:")
    assert "indicators/habitat/part_vacants.yaml, ligne 7 : clé inconnue « unité » ; vouliez-vous dire « unite » ?" in (
        messages(atelier)
    )


def test_effectif_is_never_in_aplats(atelier):
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: effectif\nrepresentation: aplats")
    atelier.replace(VACANTS, "denominateur: logements\n", "")
    (faute,) = messages(atelier)
    assert "un effectif ne se met jamais en aplats" in faute
    assert "representation: symboles" in faute


@pytest.mark.parametrize(
    ("periodes", "mots"),
    [
        ("", "« periodes » manque"),
        ('periodes: ["2023"]\n', "n'est pas un couple ; écrivez comme « 2016-2023 »"),
        ('periodes: ["2023-2016"]\n', "à rebours"),
        ('periodes: ["2015-2023"]\n', "ne livre pas « 2015 »"),
    ],
)
def test_evolution_needs_couples(atelier, periodes, mots):
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: evolution")
    atelier.replace(VACANTS, "denominateur: logements\n", periodes)
    assert mots in "\n".join(messages(atelier))


def test_evolution_takes_no_denominateur(atelier):
    atelier.replace(VACANTS, "type_mesure: ratio", 'type_mesure: evolution\nperiodes: ["2016-2023"]')
    (faute,) = messages(atelier)
    assert "« denominateur » ne sert pas au type_mesure « evolution »" in faute


@pytest.mark.parametrize("genre", ["quantile", "typologie"])
def test_mediane_et_classe_are_never_averaged(atelier, genre):
    atelier.replace(VACANTS, "type_mesure: ratio", f"type_mesure: {genre}\nagregation: moyenne_ponderee")
    assert "on ne fait pas la moyenne d'une médiane ou d'une classe" in "\n".join(messages(atelier))


def test_indice_averaged_needs_poids(atelier):
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: indice\nagregation: moyenne_ponderee")
    atelier.replace(VACANTS, "denominateur: logements\n", "")
    assert "un indice moyenné se pondère" in "\n".join(messages(atelier))


def test_densite_needs_denominateur(atelier):
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: densite")
    atelier.replace(VACANTS, "denominateur: logements\n", "")
    assert "« denominateur » manque pour le type_mesure « densite »" in "\n".join(messages(atelier))


def test_problematique_without_ressource_is_a_faute(atelier):
    atelier.replace(
        "_themes.yaml", "habitat:", "sante:\n  libelle: Santé\n  description: Se soigner.\n  ordre: 2\nhabitat:"
    )
    assert messages(atelier) == []  # une problématique encore vide n'est pas une faute
    atelier.replace(VACANTS, "[habitat]", "[habitat, sante]")
    (faute,) = messages(atelier)
    assert "_themes.yaml, ligne 1" in faute
    assert "« sante » montre des besoins sans aucune ressource" in faute


def test_controle_outside_of_what_is_published(atelier):
    atelier.write(
        VACANTS,
        (atelier.dossier / VACANTS).read_text("utf-8")
        + 'controles:\n  - {maille: region, territoire: "11", periode: "2020", valeur: 1, tolerance: 0}\n',
    )
    complet = "\n".join(messages(atelier))
    assert "« region » n'est pas dans « mailles »" in complet
    assert "la période « 2020 » n'est pas publiée" in complet


def without_livraisons(atelier):
    """La source attend des dépôts : elle ne fournit aucun fichier."""
    debut, suite = (atelier.dossier / SOURCE).read_text("utf-8").split("livraisons:")
    atelier.write(SOURCE, debut + "variables:" + suite.split("variables:")[1])


def test_source_without_livraisons_waits_for_its_periods(atelier):
    without_livraisons(atelier)
    controle = 'controles:\n  - {maille: commune, territoire: "01001", periode: "2020", valeur: 1, tolerance: 0}\n'
    atelier.write(VACANTS, (atelier.dossier / VACANTS).read_text("utf-8") + controle)
    atelier.replace(VACANTS, "frequence:", 'periodes: ["2020", 2021-T4]\nfrequence:')
    assert messages(atelier) == []
    atelier.replace(VACANTS, "2021-T4", "2021-T5")
    assert "« 2021-T5 » n'est pas une période" in "\n".join(messages(atelier))


def test_controle_without_livraisons_is_still_read(atelier):
    without_livraisons(atelier)
    controle = 'controles:\n  - {maille: region, territoire: "11", periode: vingt, valeur: 1, tolerance: 0}\n'
    atelier.write(VACANTS, (atelier.dossier / VACANTS).read_text("utf-8") + controle)
    complet = "\n".join(messages(atelier))
    assert "« region » n'est pas dans « mailles »" in complet
    assert "« controles » : « vingt » n'est pas une période" in complet


@pytest.mark.parametrize(
    ("periodes", "mots"), [("", "comme « 2016-2023 »"), ('periodes: ["2023-2016"]\n', "à rebours")]
)
def test_evolution_without_livraisons_keeps_its_rules(atelier, periodes, mots):
    without_livraisons(atelier)
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: evolution")
    atelier.replace(VACANTS, "denominateur: logements\n", periodes)
    assert mots in "\n".join(messages(atelier))


def test_mediane_is_published_only_where_its_producer_does(atelier):
    """Ce que l'on ne peut pas agréger n'existe qu'aux niveaux déclarés par la source."""
    atelier.replace(VACANTS, "type_mesure: ratio", "type_mesure: quantile")
    atelier.replace(VACANTS, "denominateur: logements\n", "")
    (faute,) = messages(atelier)
    assert "agréger est interdit" in faute
    assert "« departement »" in faute
    atelier.replace(SOURCE, "livraisons:", "niveaux: [{maille: departement}]\nlivraisons:")
    assert messages(atelier) == []
    atelier.replace(SOURCE, "    colonne: vacants", "    colonne: vacants\n    mailles: [departement]")
    assert "au niveau « commune »" in "\n".join(messages(atelier))


def test_variable_declared_twice(atelier):
    atelier.write("_sources/seconde.yaml", (atelier.dossier / SOURCE).read_text("utf-8"))
    complet = "\n".join(messages(atelier))
    assert "_sources/seconde.yaml" in complet
    assert "variable « logements » déjà déclarée par indicators/_sources/essai.yaml" in complet


def test_source_of_numerateur(atelier):
    texte = (
        (atelier.dossier / SOURCE)
        .read_text("utf-8")
        .replace("logements:", "autres_logements:")
        .split("  logements_")[0]
    )
    atelier.write("_sources/seconde.yaml", texte)
    atelier.replace(VACANTS, "source: essai", "source: seconde")
    assert "écrivez « source: essai »" in "\n".join(messages(atelier))


@pytest.mark.parametrize(
    ("fichier", "mots"),
    [
        ("habitat/autre.yml", "renommez le fichier en « .yaml »"),
        ("_theme.yaml", "vouliez-vous dire « _themes.yaml »"),
        ("autre.yaml", "dans le dossier de sa problématique"),
    ],
)
def test_fichier_never_read_is_said(atelier, fichier, mots):
    atelier.write(fichier, "a: 1\n")
    assert mots in "\n".join(messages(atelier))


@pytest.mark.parametrize("texte", ["", "- a\n", "bonjour\n"])
def test_fiche_without_keys(atelier, texte):
    atelier.write("habitat/vide.yaml", texte)
    assert "habitat/vide.yaml" in "\n".join(messages(atelier))


def test_all_fautes_at_once(atelier):
    atelier.replace(VACANTS, "unite:", "unité:")
    atelier.replace(MAIRIE, "poids: logements\n", "")
    atelier.replace(SOURCE, "    colonne: vacants\n", "")
    with pytest.raises(CatalogueError) as levee:
        load_catalogue([atelier.dossier])
    fichiers = {faute.split(",")[0] for faute in levee.value.fautes}
    assert fichiers == {f"indicators/{nom}" for nom in (VACANTS, MAIRIE, SOURCE)}


def test_faute_de_forme_is_not_repeated_by_who_cites_it(atelier):
    atelier.replace(SOURCE, "producteur: Insee\n", "")
    (faute,) = messages(atelier)
    assert "« producteur »" in faute


def test_source_illisible_hides_no_other_faute(atelier):
    atelier.write(SOURCE, "libelle: a : b\n")
    (faute,) = messages(atelier)
    assert "écriture illisible" in faute
