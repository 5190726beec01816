"""Esquisse d'un département : légère, bien formée, faite des bons contours."""

from xml.etree import ElementTree as ET

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.cartes.esquisse import draw_esquisse
from observatoire.cartes.fond import load_index

# Département, et nombre de contours (anneaux) qu'on doit au moins y voir.
CAS = [("974", 24), ("33", 20), ("75", 18), ("976", 17), ("", 90)]
OCTETS_MAX = 20_000


@pytest.fixture(scope="module")
def fonds(espace_construit):
    publication = open_consultation(espace_construit).publication
    return espace_construit.fonds, load_index(espace_construit.fonds / publication.fonds)


@pytest.mark.parametrize(("departement", "contours"), CAS)
def test_departement_is_drawn(fonds, departement, contours):
    dossier, index = fonds
    svg = draw_esquisse(dossier, index, departement)
    racine = ET.fromstring(svg)  # noqa: S314 -- notre propre SVG
    interieur, bord = racine.findall("{http://www.w3.org/2000/svg}path")
    assert interieur.get("d").count("M") >= contours
    assert 1 <= bord.get("d").count("M") < contours
    assert len(svg) < OCTETS_MAX
    assert max(float(racine.get("width")), float(racine.get("height"))) == 320


def test_without_fond_nothing_is_drawn(tmp_path):
    assert draw_esquisse(tmp_path, {}, "974") == ""
    assert draw_esquisse(tmp_path, {}, "") == ""
