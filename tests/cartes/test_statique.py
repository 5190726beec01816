"""Carte statique : formats, contenu, déterminisme, cartons."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.image import imread

from observatoire.cartes.demande import write_note_secret, write_phrase
from observatoire.cartes.lecture import read_carte
from observatoire.cartes.noms import find_centre, place_noms
from observatoire.cartes.projections import PROJECTIONS, Zone, find_zones, project
from observatoire.cartes.statique import draw_carte
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_contours, build_demande, build_indicateur, build_valeurs
from tests.cartes.test_legende import Lecteur

EFFECTIF = {"type_mesure": "effectif", "unite": "ménages", "decimales": 0, "denominateur": None}


@pytest.mark.parametrize(
    ("suffixe", "debut"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml"), ("html", b"<!D")]
)
def test_carte_is_written_and_repeats_to_the_byte(tmp_path: Path, suffixe: str, debut: bytes) -> None:
    une, autre = tmp_path / f"une.{suffixe}", tmp_path / f"autre.{suffixe}"
    for sortie in (une, autre):
        draw_carte(build_demande(), sortie)
    assert une.read_bytes().startswith(debut)
    assert une.read_bytes() == autre.read_bytes()


def test_png_shows_every_colour_of_the_legende(tmp_path: Path) -> None:
    draw_carte(build_demande(), tmp_path / "c.png")
    pixels = {tuple(p) for p in np.round(imread(tmp_path / "c.png")[:, :, :3].reshape(-1, 3) * 255).astype(int)[::3]}
    for attendue in ("#FFF3DC", "#7A300D", "#C4C4BF", "#FAF9F6"):
        assert tuple(int(attendue[i : i + 2], 16) for i in (1, 3, 5)) in pixels


def test_svg_has_title_and_description(tmp_path: Path) -> None:
    draw_carte(build_demande(), tmp_path / "c.svg")
    racine = ET.parse(tmp_path / "c.svg").getroot()  # noqa: S314 -- fichier que le test vient d'écrire
    espace = {"s": "http://www.w3.org/2000/svg"}
    assert racine.get("role") == "img"
    assert racine.findtext("s:title", namespaces=espace) == "Ménages à <bas> revenus · 2021"
    description = racine.findtext("s:desc", namespaces=espace) or ""
    for attendu in (
        "Selon les communes",
        "secret : Masqué pour protéger les personnes : 1",
        "Insee, Filosofi 2021",
    ):
        assert attendu in description


def test_html_is_autonomous_and_carries_its_tableau(tmp_path: Path) -> None:
    draw_carte(build_demande(), tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    lecteur = Lecteur(page)
    assert not lecteur.pile
    assert all(adresse.startswith("#") for adresse in lecteur.adresses)
    assert "<script" not in page
    assert not re.search(r"url\((?!#)", page)
    assert page.count('<th scope="row">') == 15
    for attendu in (
        "s : Masqué pour protéger les personnes",
        "n.s. : non significatif",
        "200 sur 1\u202f000",
        "Publication 2026-03-12-1",
    ):
        assert attendu in lecteur.texte


def test_tableau_never_writes_a_secret(tmp_path: Path) -> None:
    valeurs = build_valeurs([77.7, 5, 9], {0: "secret"})
    draw_carte(build_demande(valeurs=valeurs, contours=build_contours(3), reperes=()), tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "77,7" not in page
    assert "777 sur" not in page


def test_symboles_for_effectif(tmp_path: Path) -> None:
    demande = build_demande(indicateur=build_indicateur(**EFFECTIF))
    draw_carte(demande, tmp_path / "c.svg")
    draw_carte(demande, tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Surface des cercles proportionnelle" in page
    # Aucune classe d'aplat : un effectif ne se met jamais en couleur de surface.
    assert "#FFF3DC" not in page.upper()


def test_cartons_for_outre_mer(tmp_path: Path) -> None:
    morceaux = [build_contours(3), build_contours(2, 55.4, -21.2), build_contours(1, -53.0, 4.0)]
    contours = pd.concat(morceaux, ignore_index=True)
    contours["code"] = [f"{i:05d}" for i in range(len(contours))]
    assert find_zones(contours).tolist() == ["metropole"] * 3 + ["reunion"] * 2 + ["guyane"]
    draw_carte(build_demande(contours=contours), tmp_path / "c.png")


@pytest.mark.parametrize("zone", Zone)
def test_projection_keeps_distances(zone: Zone) -> None:
    ouest, sud, est, nord = PROJECTIONS[zone].emprise
    contours = build_contours(1, (ouest + est) / 2, (sud + nord) / 2)
    hauteur = np.diff(project(contours, zone).total_bounds[[1, 3]])[0]
    # Un dixième de degré de latitude mesure un peu plus de 11 km, partout.
    assert hauteur == pytest.approx(11_100, rel=0.02)


@pytest.mark.parametrize("valeurs", [[], [None, None], [5, 5, 5], [0, 0]])
def test_series_limites_are_drawn(tmp_path: Path, valeurs: list[float | None]) -> None:
    serie = build_valeurs(valeurs, {i: "non_disponible" for i, v in enumerate(valeurs) if v is None})
    if serie.empty:
        serie = build_valeurs([1.0]).iloc[:0]
    draw_carte(build_demande(valeurs=serie, contours=build_contours(3)), tmp_path / "c.png")
    assert (tmp_path / "c.png").stat().st_size


def test_voisins_and_limites_are_drawn(tmp_path: Path) -> None:
    voisins = build_contours(10, 4.5)
    draw_carte(build_demande(voisins=voisins, limites=build_contours(15)), tmp_path / "c.png")


def test_format_inconnu_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AppelError, match="png, svg, pdf, html"):
        draw_carte(build_demande(), tmp_path / "c.gif")


def test_contours_absents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AppelError, match="Aucun contour"):
        draw_carte(build_demande(contours=build_contours(0)), tmp_path / "c.png")


@pytest.mark.parametrize(
    ("valeurs", "attendue"),
    [
        ([19.7, 46.8], "Selon les communes, de 19,7\u00a0% à 46,8\u00a0%."),
        ([5, 5], "Même valeur partout : 5,0\u00a0%."),
        ([None, None], "Aucune valeur publiable pour les communes de l'Isère."),
    ],
)
def test_phrase_names_nobody(valeurs: list[float | None], attendue: str) -> None:
    statuts = {i: "secret" for i, v in enumerate(valeurs) if v is None}
    demande = build_demande(valeurs=build_valeurs(valeurs, statuts), contours=build_contours(2))
    lecture = read_carte(demande.indicateur, demande.valeurs, demande.contours["code"])
    assert write_phrase(demande, lecture) == attendue


def test_note_secret_agrees() -> None:
    assert write_note_secret(0, Maille.COMMUNE) == "Aucune valeur masquée."
    assert "personnes : 1 commune (" in write_note_secret(1, Maille.COMMUNE)
    assert "personnes : 3 communes (" in write_note_secret(3, Maille.COMMUNE)


def test_noms_never_overlap() -> None:
    surfaces = np.array([shapely.box(10 * i, 0, 10 * i + 10, 10) for i in range(6)], dtype=object)
    emprise = (0.0, 0.0, 60.0, 10.0)
    noms = place_noms([f"N{i}" for i in range(6)], surfaces, np.zeros(6), emprise, lambda _: (8.0, 3.0))
    assert len(noms) == 6
    larges = place_noms([f"N{i}" for i in range(6)], surfaces, np.zeros(6), emprise, lambda _: (14.0, 3.0))
    boites = [shapely.box(x - 7, y - 1.5, x + 7, y + 1.5) for _, (x, y) in larges]
    assert 0 < len(larges) < 6
    assert not any(shapely.intersects(a, b) for i, a in enumerate(boites) for b in boites[:i])


def test_noms_are_silent_when_too_many() -> None:
    surfaces = np.array([shapely.box(i, 0, i + 1, 1) for i in range(61)], dtype=object)
    assert place_noms(["N"] * 61, surfaces, np.zeros(61), (0, 0, 61, 1), lambda _: (0.1, 0.1)) == []


def test_centre_stays_inside_a_crescent() -> None:
    croissant = shapely.Point(0, 0).buffer(100).difference(shapely.Point(40, 0).buffer(100))
    assert shapely.contains(croissant, shapely.Point(find_centre(croissant)))
