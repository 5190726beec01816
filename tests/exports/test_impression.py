"""Page A4 d'une carte : complète, autonome, sans menus ; et son vrai PDF."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from observatoire.cartes.demande import CarteStatique, TerritoireChoisi
from observatoire.exports import tableau_imprime
from observatoire.exports.impression import Habillage, is_paysage, render_impression
from observatoire.exports.impression_style import write_style
from tests.cartes.exemples import build_contours, build_demande, build_indicateur, build_valeurs

HABILLAGE = Habillage(logo="data:image/png;base64,AAAA", retour="carte?x=1&y=2", partenariat="Avec la Caf & l'État.")
LIEN = "https://obs.exemple.fr/carte?indicateur=bas_revenus&publication=2026-03-12-1"


def make_demande(**champs: Any) -> CarteStatique:
    demande = build_demande(observatoire="Observatoire de l'Isère", lien=LIEN, **champs)
    noms = dict(zip(demande.contours["code"], demande.contours["libelle"], strict=True))
    valeurs = demande.valeurs.assign(libelle=[noms.get(c, c) for c in demande.valeurs["code_territoire"]])
    return replace(demande, valeurs=valeurs)


def make_grande(nombre: int) -> CarteStatique:
    """Carte de ``nombre`` territoires."""
    return make_demande(contours=build_contours(nombre), valeurs=build_valeurs([20 + i / 10 for i in range(nombre)]))


class Lecteur(HTMLParser):
    """Textes et adresses d'une page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.adresses: list[str] = []
        self.textes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.adresses += [v or "" for nom, v in attrs if nom in ("href", "src", "xlink:href")]

    def handle_data(self, data: str) -> None:
        self.textes.append(data)

    @property
    def texte(self) -> str:
        return " ".join(" ".join(self.textes).split())


def test_page_says_everything_a_sheet_needs() -> None:
    page = render_impression(make_demande(), HABILLAGE)
    texte = Lecteur(page).texte
    for attendu in (
        "Observatoire de l'Isère",
        "Ménages à <bas> revenus",
        "Communes de l'Isère · 2021",
        "Insee, Filosofi 2021",
        "Publication 2026-03-12-1",
        LIEN,
        "Masqué pour protéger les personnes : 1 commune (secret statistique).",
        "Champ : ménages fiscaux.",
        "Avec la Caf & l'État.",
        "s : Masqué pour protéger les personnes. Secret statistique ; à ne lire",
        "n.s. : non significatif.",
        "200 sur 1 000",
    ):
        assert attendu in texte, attendu


def test_tableau_is_complete_and_alphabetical() -> None:
    page = render_impression(make_demande(), HABILLAGE)
    noms = re.findall(r'<th scope="row">([^<]*)</th>', page)
    # La quinzième commune n'a aucune ligne de valeurs : elle est sur la carte, pas dans la publication.
    assert noms == sorted(f"Ville-{i}" for i in range(14))
    assert page.count("<thead>") == 1
    assert "table-header-group" in page


def test_page_is_autonomous_and_scriptless() -> None:
    page = render_impression(make_demande(), HABILLAGE)
    adresses = [a for a in Lecteur(page).adresses if not a.startswith("#")]
    assert adresses == ["carte?x=1&y=2", "data:image/png;base64,AAAA"]
    assert "<script" not in page
    assert not re.search(r"url\((?!#|\")", page)
    assert "size:A4 portrait" in page
    assert page.count("<button") == 1


def test_legend_patterns_are_drawn_with_lines() -> None:
    page = render_impression(make_demande(), HABILLAGE)
    legende = page[page.index('<section class="legende"') :]
    assert "repeating-linear-gradient" not in legende
    assert legende.count('<svg class="dessin"') >= 3


def test_counts_are_drawn_with_their_scale() -> None:
    fiche = build_indicateur(type_mesure="effectif", denominateur=None, unite="ménages", decimales=0)
    page = render_impression(make_demande(indicateur=fiche), HABILLAGE)
    assert "Aucune valeur à montrer" not in page
    assert "Cercles étalons" in page


def test_a_wide_territory_is_printed_on_its_side() -> None:
    large = make_demande(contours=build_contours(5), valeurs=build_valeurs([1, 2, 3, 4, 5]))
    assert is_paysage(large)
    assert "size:A4 landscape" in render_impression(large, HABILLAGE)
    assert not is_paysage(make_demande())


def test_the_chosen_territory_is_said() -> None:
    choisi = TerritoireChoisi("00003", "Ville-3", "En 2021, 24 % des ménages de Ville-3.")
    assert "En 2021, 24 % des ménages de Ville-3." in render_impression(make_demande(choisi=choisi), HABILLAGE)


def test_too_many_rows_are_left_to_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tableau_imprime, "LIGNES_MAX", 10)
    page = render_impression(make_demande(), HABILLAGE)
    assert "<tbody>" not in page
    assert "Le tableau des 14 communes n'est pas imprimé" in Lecteur(page).texte


def test_names_cannot_escape_the_style_sheet() -> None:
    hostile = '</style><script>alert(1)</script>";}*{display:none'
    assert "<" not in write_style(hostile)
    page = render_impression(replace(make_demande(), observatoire=hostile, publication=hostile), HABILLAGE)
    assert "<script" not in page


def test_same_page_twice() -> None:
    assert render_impression(make_demande(), HABILLAGE) == render_impression(make_demande(), HABILLAGE)


@pytest.fixture(scope="module")
def pdf_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Nombre de feuilles qu'imprime Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("Chromium manque : apt-get install chromium")
    from playwright.sync_api import sync_playwright

    dossier: Path = tmp_path_factory.mktemp("pdf")
    with sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def print_page(html: str) -> bytes:
            (dossier / "page.html").write_text(html, encoding="utf-8")
            page = navigateur.new_page()
            page.goto(f"file://{dossier / 'page.html'}")
            contenu = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
            page.close()
            return contenu

        yield print_page
        navigateur.close()


def count_feuilles(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.navigateur
def test_a_small_departement_fits_on_one_sheet(pdf_of: Any) -> None:
    assert count_feuilles(pdf_of(render_impression(make_grande(24), HABILLAGE))) == 1


@pytest.mark.navigateur
def test_a_long_table_flows_on_the_next_sheets(pdf_of: Any) -> None:
    feuilles = count_feuilles(pdf_of(render_impression(make_grande(300), HABILLAGE)))
    # Deux colonnes d'une soixantaine de lignes : trois ou quatre feuilles, ni une seule coupée ni vingt.
    assert 3 <= feuilles <= 4


@pytest.mark.navigateur
def test_a_wide_sheet_is_on_its_side(pdf_of: Any) -> None:
    large = make_demande(contours=build_contours(5), valeurs=build_valeurs([1, 2, 3, 4, 5]))
    cadre = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf_of(render_impression(large, HABILLAGE)))
    assert cadre is not None
    assert float(cadre[1]) > float(cadre[2])
