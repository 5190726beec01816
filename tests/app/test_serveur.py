import socket
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatoire.app import serveur
from observatoire.app.actifs import url_actif
from observatoire.app.enveloppe import compose_page
from observatoire.app.messages import handle_erreur
from observatoire.app.reglages import Reglages, load_reglages
from observatoire.config import Espace
from observatoire.errors import ConfigurationError


def make_client():
    # Nos routes et nos protections, sans Streamlit : il n'en existe qu'un par processus.
    arguments = serveur.make_arguments()
    return TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))


@pytest.fixture
def client(espace_servi):
    return make_client()


def test_page_is_french_and_protected(client):
    for adresse in ("/", "/carte"):
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        assert '<html lang="fr"' in reponse.text
        assert "Observatoire d&#x27;essai</title>" in reponse.text
        assert "default-src 'self'" in reponse.headers["content-security-policy"]
        assert reponse.headers["x-content-type-options"] == "nosniff"
        assert reponse.headers["referrer-policy"] == "same-origin"


def test_sante_says_which_publication_is_served(client):
    assert client.get("/sante").json() == {"etat": "pret", "publication": "essai"}


def test_sante_without_publication_is_not_ready(espace_vide):
    reponse = make_client().get("/sante")
    assert (reponse.status_code, reponse.json()["etat"]) == (503, "sans_publication")


def test_csv_is_french_and_never_writes_zero_for_a_missing_value(client):
    reponse = client.get("/telecharger/carte.csv", params={"indicateur": "part_bas_revenus", "departement": "974"})
    assert reponse.status_code == 200
    assert reponse.content.startswith(b"\xef\xbb\xbf")
    lignes = reponse.content.decode("utf-8-sig").split("\r\n")
    assert lignes[0].startswith("code;territoire;categorie;valeur;borne_inf;borne_sup;numerateur;denominateur;statut")
    assert lignes[2].startswith("97402;Bras-Panon;;35,5;34;37;355;1000;estime;")
    assert lignes[3].startswith("97403;L'Étang-Salé;;;;;;;secret;")
    assert lignes[4].startswith("97404;Le Port;;;;;;;non_disponible;")


def test_csv_of_an_unknown_indicator_is_a_plain_refusal(client):
    reponse = client.get("/telecharger/carte.csv", params={"indicateur": "rien"})
    assert reponse.status_code == 404
    assert "Téléchargement impossible" in reponse.text


def test_geometries_are_served_with_a_long_cache(client, espace_servi):
    nom = next(espace_servi.fonds.glob("commune-974-*.json")).name
    reponse = client.get(f"/statique/fonds/{nom}")
    assert reponse.status_code == 200
    assert "immutable" in reponse.headers["cache-control"]


def test_reglages_read_the_space_and_have_defaults(espace_essai, tmp_path):
    assert load_reglages(espace_essai) == Reglages("Observatoire d'essai", "974")
    (tmp_path / "espace.yaml").write_text("nom: X\nlogo: absent.png\n", "utf-8")
    with pytest.raises(ConfigurationError, match="absent"):
        load_reglages(Espace(tmp_path))


def test_a_busy_port_is_said_in_french(espace_essai):
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        with pytest.raises(ConfigurationError, match="n'est pas libre"):
            serveur.run(espace_essai, port=prise.getsockname()[1])


def test_unexpected_errors_show_an_incident_number_and_no_trace(caplog, monkeypatch):
    montres = []
    monkeypatch.setattr("observatoire.app.messages.st.html", montres.append)
    assert handle_erreur(RuntimeError("détail technique")) is True
    assert "incident n°" in montres[0]
    assert "détail technique" not in montres[0]
    assert "détail technique" in caplog.text


def test_shell_keeps_its_scripts():
    page = compose_page(Reglages("Essai & co"), "/carte")
    assert 'type="module"' in page
    assert '<html lang="fr"' in page
    assert "<title>Essai &amp; co</title>" in page
    assert '<a href="carte" aria-current=page>Carte</a>' in page
    # Nos feuilles suivent celles de Streamlit, sans quoi les siennes l'emporteraient.
    assert page.index("<body>") < page.index("/statique-app/application.css?v=")
    assert "JavaScript to run" not in page


def test_application_files_are_kept_for_ever(client):
    lien = url_actif("application.js")
    reponse = client.get(lien)
    assert reponse.status_code == 200
    assert "immutable" in reponse.headers["cache-control"]
    assert client.get("/statique-app/../serveur.py").status_code == 404
    assert client.get("/statique-app/inconnu.js").status_code == 404
    assert "--besoin5:#7A300D" in client.get(url_actif("application.css")).text


def test_an_observatory_without_logo_says_so(client):
    assert client.get("/logo").status_code == 404


def test_streamlit_scripts_travel_compressed(client):
    import streamlit

    script = compose_page(Reglages()).split('src="./')[1].split('"')[0]
    reponse = client.get(f"/{script}", headers={"Accept-Encoding": "gzip"})
    assert reponse.headers["content-encoding"] == "gzip"
    assert "immutable" in reponse.headers["cache-control"]
    assert reponse.content == (Path(streamlit.__file__).parent / "static" / script).read_bytes()
    assert "content-encoding" not in client.get(f"/{script}", headers={"Accept-Encoding": "identity"}).headers
    assert client.get("/static/js/%2e%2e/%2e%2e/serveur.py", headers={"Accept-Encoding": "gzip"}).status_code == 404
