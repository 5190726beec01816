"""Lecture des statuts et légende."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from observatoire.cartes.lecture import EtatCarte, LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende, choose_ronds, write_note
from observatoire.cartes.legende_html import render_legende_html
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_demande, build_indicateur, build_valeurs

CONTEXTE = ContexteLegende(Maille.COMMUNE, "du département", "Insee, RP 2021", "01/01/2026", (("Isère", 29.5),))


def read_exemple() -> LectureCarte:
    demande = build_demande()
    return read_carte(demande.indicateur, demande.valeurs, demande.contours["code"])


def build_exemple() -> Legende:
    return build_legende(read_exemple(), CONTEXTE)


def test_every_territoire_has_its_etat() -> None:
    etats = read_exemple().table["etat"].tolist()
    assert etats[0] == EtatCarte.ZERO
    assert etats[7:11] == [
        EtatCarte.SECRET,
        EtatCarte.SANS_DONNEE,
        EtatCarte.NON_SIGNIFICATIF,
        EtatCarte.HORS_CHAMP,
    ]
    # Un contour sans ligne de valeurs n'est pas un zéro.
    assert etats[14] == EtatCarte.SANS_DONNEE
    assert etats.count(EtatCarte.CLASSE) == 9


def test_secret_with_value_by_mistake_is_never_classified() -> None:
    codes = pd.Series(["00000", "00001"])
    lecture = read_carte(build_indicateur(), build_valeurs([99, 5], {0: "secret"}), codes)
    assert lecture.decoupage.maximum == 5
    assert lecture.etendue == (5, 5)


@pytest.mark.parametrize("statut", ["arrondi", "estime", "partiel"])
def test_zero_qui_n_est_pas_publie_is_not_a_zero_vrai(statut: str) -> None:
    codes = pd.Series(["00000", "00001", "00002"])
    lecture = read_carte(build_indicateur(), build_valeurs([0, 5, 9], {0: statut}), codes)
    assert lecture.effectif(EtatCarte.ZERO) == 0
    assert lecture.table["classe"].tolist()[0] == 0


def test_couverture_insuffisante_is_sans_donnee() -> None:
    lecture = read_carte(build_indicateur(), build_valeurs([None], {0: "partiel"}), pd.Series(["00000"]))
    assert lecture.effectif(EtatCarte.SANS_DONNEE) == 1


def test_legende_counts_everyone() -> None:
    legende = build_exemple()
    assert sum(e.effectif for e in (*legende.entrees, *legende.etats)) == 15
    assert [e.libelle for e in legende.etats] == [
        "zéro",
        "non significatif",
        "secret",
        "sans donnée",
        "sans objet",
    ]
    assert legende.portee == "classes calculées sur les 15 communes du département"
    assert legende.source == "Source : Insee, RP 2021\u00a0· géographie au 01/01/2026"


def test_secret_et_sans_donnee_are_said_even_at_zero() -> None:
    lecture = read_carte(build_indicateur(), build_valeurs([5, 9]), pd.Series(["00000", "00001"]))
    legende = build_legende(lecture, CONTEXTE)
    assert [(e.libelle, e.effectif) for e in legende.etats] == [("secret", 0), ("sans donnée", 0)]


def test_classes_read_aloud() -> None:
    entrees = build_exemple().entrees
    assert entrees[0].lecture.startswith("de ")
    assert entrees[1].lecture.startswith("plus de ")
    assert entrees[0].libelle.split(" – ")[1] == entrees[1].libelle.split(" – ")[0]
    assert all(e.lecture.endswith("%") for e in entrees)


def test_repere_is_in_its_classe() -> None:
    legende = build_exemple()
    lecture = read_exemple()
    repere = legende.reperes[0]
    bas, haut = lecture.decoupage.bornes_de(repere.classe)
    assert bas < 29.5 <= haut
    assert 0 <= repere.part <= 1
    assert repere.texte == "29,5\u00a0%"


@pytest.mark.parametrize(
    ("maximum", "attendu"),
    [(7300, (100, 1000, 5000)), (5000, (100, 1000, 5000)), (4553, (100, 500, 2000)), (12, (0.2, 2, 10))],
)
def test_cercles_are_round(maximum: float, attendu: tuple[float, ...]) -> None:
    assert choose_ronds(maximum) == attendu


def test_cercle_surface_is_proportional() -> None:
    indicateur = build_indicateur(type_mesure="effectif", unite="ménages", decimales=0, denominateur=None)
    lecture = read_carte(indicateur, build_valeurs([5000, 10]), pd.Series(["00000", "00001"]))
    legende = build_legende(lecture, CONTEXTE)
    assert not legende.entrees
    assert "Un nombre se dessine en symboles" in write_note(legende)
    assert "symboles" not in write_note(build_exemple())
    grand, moyen = legende.cercles[2], legende.cercles[1]
    assert (grand.rayon / moyen.rayon) ** 2 == pytest.approx(grand.valeur / moyen.valeur)


class Lecteur(HTMLParser):
    """Vérifie que les balises se ferment, et ramasse le texte."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pile: list[str] = []
        self.texte = ""
        self.adresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br", "link", "img"}:
            self.pile.append(tag)
        self.adresses += [v or "" for nom, v in attrs if nom in {"src", "href", "xlink:href"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- nom imposé par HTMLParser
        self.adresses += [v or "" for nom, v in attrs if nom in {"src", "href", "xlink:href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.pile.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texte += data


def test_legende_html_is_well_formed_and_says_everything() -> None:
    legende = build_exemple()
    lecteur = Lecteur(render_legende_html(legende))
    assert not lecteur.pile
    for entree in (*legende.entrees, *legende.etats):
        assert entree.libelle in lecteur.texte
    for attendu in ("▽", "29,5\u00a0%", write_note(legende), legende.source):
        assert attendu in lecteur.texte


def test_legende_html_is_escaped() -> None:
    rendu = render_legende_html(build_exemple())
    assert "<bas>" not in rendu
    assert "&lt;bas&gt;" in rendu
