"""Images du README : « make captures » les écrit dans docs/captures ; sinon elles vont avec les autres."""

import os
from pathlib import Path

import pytest

from tests.navigateur.conftest import ECRAN, SORTIES, TELEPHONE
from tests.navigateur.pages import REUNION, TERRITOIRE

pytestmark = pytest.mark.navigateur

DOSSIER = Path(os.environ.get("OBSERVATOIRE_CAPTURES", SORTIES))
SALAZIE = f"{REUNION}&territoire=97421"
# Nom, adresse, écran, carte attendue.
IMAGES = {
    "accueil": ("/", ECRAN, False),
    "carte": (SALAZIE, {"largeur": 1280, "hauteur": 860}, True),
    "territoire": (TERRITOIRE, {"largeur": 1280, "hauteur": 1080}, False),
    "methode": ("/methode?indicateur=part_menages_bas_revenus", ECRAN, False),
    "telephone": (SALAZIE, TELEPHONE, True),
}


@pytest.mark.parametrize("nom", IMAGES)
def test_capture(open_onglet, capture, nom):
    adresse, taille, avec_carte = IMAGES[nom]
    onglet = open_onglet(**taille)
    onglet.open(adresse)
    if avec_carte:
        onglet.wait_drawn(24)
        onglet.wait("() => document.querySelector('.obs-fiche h2')")
    image = capture(onglet, nom, DOSSIER)
    assert image.stat().st_size > 15_000, "image presque vide"
