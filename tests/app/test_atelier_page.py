"""Chaque étape de l'Atelier, jouée sans navigateur sur un petit espace réel."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import observatoire.app
from observatoire.app.mode import LECTURE, Mode, set_mode
from observatoire.config import NOM_VARIABLE_RACINE
from observatoire.publication.historique import list_historique, list_livraisons, read_journal
from observatoire.publication.verrou import verrou
from tests.navigateur.espace_atelier import REGLAGES, build_espace, make_csv

PAGE = Path(observatoire.app.__file__).parent / "pages" / "atelier.py"
ROLES = (
    "roles:\n  - {auteur: obs-01, role: contributeur}\n  - {auteur: obs-02, role: valideur}\n"
    "  - {auteur: obs-03, role: lecteur}\n  - {auteur: obs-04, role: valideur}\n"
)


@pytest.fixture(scope="module")
def modele(tmp_path_factory):
    return build_espace(tmp_path_factory.mktemp("atelier"))


@pytest.fixture
def petit(modele, monkeypatch):
    """L'espace publié, remis tel qu'au départ avant chaque essai qui écrit serait long : ils se suivent."""
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(modele.espace.racine))
    (modele.espace.racine / "espace.yaml").write_text(REGLAGES, "utf-8")
    set_mode(Mode(atelier=True))
    with modele.dans_sa_poche():
        yield modele
    set_mode(LECTURE)


def run(**params):
    essai = AppTest.from_file(str(PAGE), default_timeout=60)
    for nom, valeur in params.items():
        essai.query_params[nom] = valeur
    return essai.run()


def text_of(essai):
    assert not essai.exception, essai.exception
    texte = " ".join(str(e.proto.body) for e in essai.get("html"))
    return texte.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def widget(essai, genre, cle):
    return next(w for w in getattr(essai, genre) if (w.key or "").startswith(cle))


def deposit(contenu, *, essai=None, nom="demandes-2024.csv"):
    """Étape 1, jusqu'au rapport."""
    essai = essai or run()
    widget(essai, "selectbox", "atelier_source").select("local").run()
    essai.file_uploader[0].set_value((nom, contenu, "text/csv"))
    widget(essai, "text_input", "atelier_periode").set_value("2024")
    essai.run()
    return widget(essai, "button", "atelier_verifier").click().run()


def test_first_step_asks_and_says_what_is_missing(petit):
    essai = run()
    texte = text_of(essai)
    assert 'pseudonyme <strong translate="no">local</strong> (valideur)' in texte
    assert "Choisissez d’abord la source." in texte
    assert widget(essai, "button", "atelier_verifier").disabled
    assert "200 Mo au plus" in essai.file_uploader[0].label
    noms = widget(essai, "selectbox", "atelier_source").options
    assert noms[0].startswith("Nouvelle source")
    assert "Demandes de logement (Département d'essai)" in noms


@pytest.mark.parametrize("etape", ["verifier", "comparer", "publier", "source", "historique"])
def test_every_address_opens_without_a_file(petit, etape):
    assert "<h1>Atelier</h1>" in text_of(run(etape=etape))


def test_an_unknown_deposit_is_said(petit):
    assert "existe pas" in text_of(run(etape="comparer", depot="nimporte"))


def test_a_person_chooses_a_pseudonym_and_a_reader_only_reads(petit):
    (petit.espace.racine / "espace.yaml").write_text(REGLAGES + ROLES, "utf-8")
    essai = run()
    assert "Choisissez qui vous êtes" in text_of(essai)
    assert not essai.file_uploader
    widget(essai, "selectbox", "atelier_personne").select("obs-03").run()
    assert "Votre rôle permet de lire" in text_of(essai)
    assert not essai.file_uploader
    # Un brouillon ne se lit pas non plus par son adresse.
    for etape in ("comparer", "publier", "verifier", "source"):
        essai.query_params["etape"] = etape
        assert "Votre rôle permet de lire" in text_of(essai.run())
    essai.query_params["etape"] = "historique"
    assert "Publications" in text_of(essai.run())


def test_behind_a_proxy_nobody_enters_without_a_known_identity(petit):
    (petit.espace.racine / "espace.yaml").write_text(REGLAGES + ROLES, "utf-8")
    set_mode(Mode(atelier=True, en_tete="x-identite"))
    essai = run()
    assert "Identité non reçue" in text_of(essai)
    assert not essai.file_uploader


def test_personal_data_are_refused_and_nothing_remains(petit):
    lignes = [f"1{n:02d}059740112{n:03d}00;Durand;Marie;9741{n % 10};1" for n in range(60)]
    contenu = "\n".join(["numero_secu;nom;prenom;commune;demandes", *lignes]).encode()
    essai = deposit(contenu, nom="durand.csv")
    texte = text_of(essai)
    assert "il est refusé" in texte
    assert "Durand" not in texte
    assert essai.session_state["atelier_en_cours"] is None
    assert list_livraisons(petit.espace) == []
    (ligne,) = [x for x in read_journal(petit.espace) if x.geste == "quarantaine"]
    assert "urand" not in str(ligne)
    gardes = [f for f in petit.espace.racine.rglob("*") if f.is_file() and b"Durand" in f.read_bytes()]
    assert gardes == []


def test_the_whole_circuit_step_by_step(petit):
    essai = deposit(make_csv())
    texte = text_of(essai)
    assert "24 lignes lues, 2 points bloquants." in texte
    assert "Ce fichier ne peut pas encore être gardé" in texte
    # 1. Une colonne a changé de nom : la personne la désigne, l'aperçu le montre, puis c'est écrit.
    widget(essai, "selectbox", "atelier_colonne_0").select("nb demandes").run()
    assert "Ce qui sera écrit" in text_of(essai)
    widget(essai, "button", "atelier_ecrire").click().run()
    texte = text_of(essai)
    assert "23 communes lues en 2024, 1 point bloquant" in texte
    assert "emporte 220 (Demandes de logement)" in texte
    # 2. Un code n'existe pas : corrigé.
    widget(essai, "selectbox", "atelier_geste_0").select("Corriger").run()
    widget(essai, "selectbox", "atelier_juste_0").select("97411").run()
    widget(essai, "button", "atelier_ecrire").click().run()
    assert "24 communes lues en 2024" in text_of(essai)
    declaration = (petit.espace.indicators / "_sources" / "local.yaml").read_text("utf-8")
    assert "# Demandes de logement : tableau annuel du département." in declaration
    assert '"97499": "97411"' in declaration
    # 3. Gardé : scellé, invisible des lecteurs.
    widget(essai, "button", "atelier_garder").click().run()
    texte = text_of(essai)
    assert "Fichier gardé, invisible des lecteurs" in texte
    assert "1 indicateur, 24 communes, 25 profils changent." in texte
    assert "Saint-Denis" in texte
    assert texte.count("data:image/svg+xml") == 3
    ((_, en_ligne),) = list_livraisons(petit.espace)
    assert not en_ligne
    # 4. Publié, avec un motif.
    widget(essai, "button", "atelier_aller_publier").click().run()
    assert widget(essai, "button", "atelier_publier").disabled
    widget(essai, "text_input", "atelier_motif_publication").set_value("Livraison 2024").run()
    widget(essai, "button", "atelier_publier").click().run()
    texte = text_of(essai)
    assert "Les lecteurs voient désormais ces données" in texte
    assert "carte?indicateur=demandes" in texte
    assert list_livraisons(petit.espace)[0][1]
    # 5. Historique, retour en arrière.
    essai = run(etape="historique")
    texte = text_of(essai)
    assert "Chaîne vérifiée" in texte
    assert "Livraison 2024" in texte
    (avant, _), _ = list_historique(petit.espace)
    essai = run(etape="historique", retour=avant.id)
    assert "25 profils changent" in text_of(essai)
    widget(essai, "text_input", "atelier_motif_retour").set_value("Erreur").run()
    widget(essai, "button", "atelier_restaurer").click().run()
    assert "Publication remise en ligne" in text_of(essai)
    assert [p.id for p, courante in list_historique(petit.espace) if courante] == [avant.id]
    assert [x.geste for x in read_journal(petit.espace)][-1] == "restauration"


def test_names_of_communes_get_a_code_only_when_a_person_says_so(petit):
    """Suit le circuit entier : la colonne est déjà déclarée."""
    contenu = make_csv(faute="ST DENIS").replace(b"97415;", "L’Étang salé;".encode())
    essai = deposit(contenu)
    texte = text_of(essai)
    assert "Codes et noms inconnus" in texte
    gestes = [w for w in essai.selectbox if w.key.startswith("atelier_geste_")]
    assert len(gestes) == 2
    widget(essai, "selectbox", "atelier_geste_1_ST DENIS").select("Corriger").run()
    # La plus proche est proposée en tête, jamais choisie d'avance.
    juste = widget(essai, "selectbox", "atelier_juste_1")
    assert juste.value is None
    assert juste.options[0] == "97411 · Saint-Denis (le plus proche)"
    assert "Ce qui sera écrit" not in text_of(essai)
    juste.select("97411").run()
    widget(essai, "selectbox", "atelier_geste_0").select("Écarter, en disant pourquoi").run()
    widget(essai, "text_input", "atelier_raison_0").set_value("nom douteux").run()
    widget(essai, "button", "atelier_ecrire").click().run()
    declaration = (petit.espace.indicators / "_sources" / "local.yaml").read_text("utf-8")
    assert 'noms_communes:\n  ST DENIS: "97411"' in declaration
    assert "nom douteux" in declaration
    assert "23 communes lues en 2024" in text_of(essai)


def test_the_same_bytes_are_not_deposited_twice(petit):
    """Suit le circuit entier : la déclaration est déjà juste."""
    essai = deposit(make_csv().replace(b"220", b"221"))
    widget(essai, "button", "atelier_garder").click().run()
    assert "Fichier gardé" in text_of(essai)
    essai = deposit(make_csv().replace(b"220", b"221"), essai=run())
    widget(essai, "button", "atelier_garder").click().run()
    assert "Ce fichier avait déjà été déposé" in text_of(essai)


def test_a_second_writer_is_told_who_writes(petit):
    essai = deposit(make_csv().replace(b"220", b"222"))
    with verrou(petit.espace, auteur="obs-09", geste="publication"):
        widget(essai, "button", "atelier_garder").click().run()
        texte = text_of(essai)
    assert "obs-09 y fait « publication »" in texte
    widget(essai, "button", "atelier_garder").click().run()
    assert "Fichier gardé" in text_of(essai)


def test_double_visa_asks_another_person(petit):
    (petit.espace.racine / "espace.yaml").write_text(REGLAGES + ROLES + "double_visa: true\n", "utf-8")
    essai = run()
    widget(essai, "selectbox", "atelier_personne").select("obs-02").run()
    essai = deposit(make_csv().replace(b"220", b"223"), essai=essai)
    widget(essai, "button", "atelier_garder").click().run()
    widget(essai, "button", "atelier_aller_publier").click().run()
    texte = text_of(essai)
    assert "En attente d’une autre personne" in texte
    assert 'Peuvent approuver</dt><dd><span translate="no">obs-04' in texte
    depot = essai.query_params["depot"]
    essai = run(etape="publier", depot=depot[0] if isinstance(depot, list) else depot)
    widget(essai, "selectbox", "atelier_personne").select("obs-04").run()
    widget(essai, "button", "atelier_approuver").click().run()
    texte = text_of(essai)
    assert 'Approuvé par</dt><dd><span translate="no">obs-04' in texte
    assert widget(essai, "button", "atelier_publier")


def test_a_draft_is_rejected_with_its_reason(petit):
    essai = deposit(make_csv().replace(b"220", b"224"))
    widget(essai, "button", "atelier_garder").click().run()
    widget(essai, "text_input", "atelier_motif_rejet").set_value("mauvaise année").run()
    widget(essai, "button", "atelier_rejeter").click().run()
    assert "Dépôt rejeté" in text_of(essai)
    assert read_journal(petit.espace)[-1].motif == "mauvaise année"


def test_a_new_source_starts_from_a_proposal_checked_line_by_line(petit):
    contenu = "code;effectif\n" + "".join(f"974{n:02d};{n * 10}\n" for n in range(1, 25))
    essai = run()
    widget(essai, "selectbox", "atelier_source").select("").run()
    essai.file_uploader[0].set_value(("nouvelle.csv", contenu.encode(), "text/csv"))
    widget(essai, "text_input", "atelier_periode").set_value("2024")
    essai.run()
    widget(essai, "button", "atelier_verifier").click().run()
    assert "Déclarer une source nouvelle" in text_of(essai)
    ebauche = widget(essai, "text_area", "atelier_declaration").value
    assert "colonne_code: code" in ebauche
    assert "cette ligne reste à compléter" in text_of(essai)
    # Une faute est dite à sa ligne.
    fautive = ebauche.replace("maille: commune", "maille: comune")
    widget(essai, "text_area", "atelier_declaration").set_value(fautive).run()
    ligne = next(n for n, texte in enumerate(fautive.splitlines(), 1) if texte.startswith("maille:"))
    assert f"<strong>Ligne {ligne} : </strong>" in text_of(essai)
    assert not [b for b in essai.button if b.key == "atelier_ecrire_source"]
    juste = re.sub("à compléter", "annuel", ebauche, flags=re.IGNORECASE)
    widget(essai, "text_area", "atelier_declaration").set_value(juste).run()
    assert "La déclaration est juste." in text_of(essai)
    widget(essai, "button", "atelier_ecrire_source").click().run()
    texte = text_of(essai)
    assert "Source déclarée" in texte
    assert "24 communes lues en 2024" in texte
    assert read_journal(petit.espace)[-1].geste == "declaration"
