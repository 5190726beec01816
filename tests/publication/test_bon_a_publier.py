"""Bon à publier : tout ce qui paraîtra, rien de ce qui est masqué."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from observatoire.modeles.livraisons import Confidentialite
from observatoire.modeles.statuts import Statut
from observatoire.publication import bon_a_publier
from observatoire.publication.bon_a_publier import build_bon, write_ancienne, write_cote
from observatoire.publication.bon_classeur import write_bon
from observatoire.publication.bon_html import render_bon
from observatoire.publication.construire import construire
from observatoire.publication.deposer import deposer
from tests.publication.espace_exercice import PROTEGEE, SOURCE, au_travail, make_espace_exercice

JOUR = dt.date(2026, 11, 22)
CACHE = 7_351_924_681.0
"""Valeur qui ne doit sortir nulle part."""


@pytest.fixture(scope="module")
def exercice(tmp_path_factory):
    """Espace d'exercice construit, et son premier brouillon."""
    espace = make_espace_exercice(tmp_path_factory.mktemp("bon"))
    with au_travail(espace):
        construire(espace, lambda _etape: None, auteur="essais", motif="essai")
        resultat = deposer(
            espace, espace.racine / "livraisons" / "asll_2024.csv", source=SOURCE, periode="2024", auteur="essais",
            motif="essai", confidentialite=Confidentialite(PROTEGEE),
        )  # fmt: skip
    assert resultat.accepte, resultat.rapport.anomalies
    return espace, resultat.depot


@pytest.fixture(scope="module")
def bon(exercice):
    espace, depot = exercice
    with au_travail(espace):
        return build_bon(espace, depot.id, observatoire="Observatoire d'essai", departement="01", jour=JOUR)


def list_textes(classeur: bytes) -> str:
    """Tout ce qu'un classeur contient, propriétés comprises."""
    with zipfile.ZipFile(io.BytesIO(classeur)) as archive:
        return "\n".join(archive.read(nom).decode("utf-8", "replace") for nom in archive.namelist())


def test_sheet_shows_each_indicator_as_it_will_appear(bon):
    assert {p.indicateur.id for p in bon.parts} == {"exercice_demandes_asll", "exercice_accompagnements_asll"}
    (part,) = [p for p in bon.parts if p.indicateur.id == "exercice_demandes_asll"]
    assert (str(part.maille), part.periode) == ("commune", "2024")
    assert part.montrees + part.masquees + part.absentes == len(part.tableau.lignes) == 391
    assert part.masquees > 50
    page = render_bon(bon)
    for attendu in ("FICTIF", "Service fictif", "2024", "Bon à publier", "Ain", "Masqué pour protéger les personnes"):
        assert attendu in page, attendu


def test_html_stands_alone_and_is_accessible(bon):
    page = render_bon(bon)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="fr">' in page
    assert not re.search(r"<script|<link|src=\"http|url\(\"?http", page)
    assert page.count("<h1>") == 1
    identifiants = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiants) == len(set(identifiants))
    for champ in re.findall(r'<(?:input|textarea)[^>]*id="([^"]+)"', page):
        assert f'for="{champ}"' in page
    assert 'scope="col"' in page


def test_workbook_has_no_hidden_sheet_and_asks_for_an_agreement(bon):
    classeur = openpyxl.load_workbook(io.BytesIO(write_bon(bon)))
    assert [f.sheet_state for f in classeur] == ["visible"] * 4
    accord = {ligne[0]: ligne[1] for ligne in classeur["Accord"].iter_rows(max_col=2, values_only=True)}
    assert "Bon à publier (oui ou non)" in accord
    assert "FICTIF" in str(classeur.properties.title)
    valeurs = list(classeur["Valeurs"].iter_rows(min_row=2, values_only=True))
    masquees = [ligne for ligne in valeurs if ligne[11] == Statut.SECRET.libelle]
    assert masquees
    assert all(v is None for ligne in masquees for v in ligne[6:11])


def test_no_masked_value_goes_out(exercice, bon, monkeypatch):
    """Des chiffres glissés sous un statut secret, en amont de la porte, ne sortent nulle part."""
    espace, depot = exercice

    def recompute_bavard(*arguments):
        recalcul = VRAI(*arguments)
        return replace(recalcul, observations=_gossip(recalcul.observations))

    VRAI = bon_a_publier.recompute  # noqa: N806
    monkeypatch.setattr(bon_a_publier, "recompute", recompute_bavard)
    with au_travail(espace):
        bavard = build_bon(espace, depot.id, observatoire="Essai", departement="01", jour=JOUR)
    page, classeur = render_bon(bavard), list_textes(write_bon(bavard))
    for texte in (page, classeur):
        nus = re.sub(r"[\s\u00a0\u202f]", "", texte)
        assert "7351924681" not in nus
        assert "7351924" not in nus
    # L'essai lui-même voit : une valeur publiée, elle, est bien là.
    publiee = next(v for v in bavard.parts[0].tableau.lignes.valeur.tolist() if np.isfinite(v))
    assert str(round(publiee))[:1] in page


def _gossip(observations):
    for identifiant, periodes, tableau in observations:
        secretes = tableau.statut == str(Statut.SECRET)
        bavardes = tableau.copy()
        bavardes.loc[secretes, ["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]] = CACHE
        yield identifiant, periodes, bavardes


def test_a_value_that_becomes_masked_is_not_told_again(bon):
    fiche = next(p.indicateur for p in bon.parts if p.indicateur.decimales)
    ligne = {"avant": 12.0, "statut_avant": "publie", "apres": float("nan"), "statut_apres": "secret"}
    assert write_ancienne(fiche, ligne) == ""
    assert write_cote(fiche, ligne["apres"], "secret") == "masqué"
    assert write_ancienne(fiche, ligne | {"apres": 3.0, "statut_apres": "publie"}) == "12,0"


def test_differences_are_counted_for_what_is_shown(bon):
    (part,) = [p for p in bon.parts if p.indicateur.id == "exercice_accompagnements_asll"]
    # Rien n'était en ligne : tout ce qui se montre est gagné.
    assert sum(part.comptes.values()) >= part.montrees
    assert len(part.differences) <= 10


def test_formulas_stay_texts(bon):
    piege = replace(bon, observatoire='=HYPERLINK("http://x")')
    cellule = openpyxl.load_workbook(io.BytesIO(write_bon(piege)))["Accord"]["B2"]
    assert (cellule.value, cellule.data_type) == ('=HYPERLINK("http://x")', "s")


def test_sheet_needs_something_published(tmp_path):
    from observatoire.errors import AppelError

    espace = make_espace_exercice(tmp_path)
    with au_travail(espace), pytest.raises(AppelError, match="construire"):
        build_bon(espace, "x", observatoire="", jour=JOUR)


def test_map_is_drawn_when_there_is_a_background(bon):
    from tests.cartes.exemples import build_demande

    carte = build_demande()
    page = render_bon(replace(bon, parts=(replace(bon.parts[0], carte=carte),)))
    assert "<svg " in page
    assert 'role="img"' in page
