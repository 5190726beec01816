"""Corrections : ce qu'un chiffre était, dit partout, sauf quand le redire déferait un secret."""

import time
from datetime import date

import pandas as pd
import pytest

from observatoire.analyse.corrections import (
    Correction,
    Corrections,
    describe_corrections,
    load_corrections,
    shorten_corrections,
    write_correction,
)
from observatoire.config import Espace
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.statuts import Statut
from observatoire.store.corrections import SCHEMA, write_corrections

JOUR = date(2026, 3, 12)
PART = Indicateur(
    id="part", libelle="Part des ménages", libelle_court="Part", definition="Définition inventée pour l'essai.",
    problematiques=["habitat"], nature="besoin", type_mesure="ratio", unite="%", numerateur="n", denominateur="d",
    champ="Ménages", source="s", mailles=["commune"], frequence="annuelle", polarite=0, secret="ouverte",
    lecture="En {periode}, {valeur} % {du_territoire}.",
)  # fmt: skip
ZONE = PART.model_copy(update={"id": "zone", "type_mesure": TypeMesure.TYPOLOGIE, "unite": "zone", "modalites": ()})


def make_table(*lignes) -> pd.DataFrame:
    noms = SCHEMA.names
    vide = {"modalite": "", "nouvelle": 1.0, "publication": "p", "depot": "d", "motif": "faute de saisie"}
    return pd.DataFrame([vide | ligne for ligne in lignes], columns=noms)


def make_ligne(code="97401", ancienne=12.4, statut="publie", jour="2026-03-12", **autres):
    return {
        "indicateur": "part", "maille": "commune", "periode": "2024", "code_territoire": code, "ancienne": ancienne,
        "statut_ancien": statut, "corrigee_le": jour,
    } | autres  # fmt: skip


def make_valeurs(*couples) -> pd.DataFrame:
    return pd.DataFrame(couples, columns=["code_territoire", "statut"])


LU = {"indicateur": "part", "maille": "commune", "periode": "2024"}


@pytest.mark.parametrize(
    ("avant", "ancien", "present", "attendu"),
    [
        (12.4, "publie", "publie", "corrigé le 12/03/2026, était 12,4\u00a0%"),
        (None, "non_disponible", "publie", "corrigé le 12/03/2026, était non disponible"),
        (None, "secret", "publie", "corrigé le 12/03/2026, était masqué"),
        (12.4, "publie", "secret", "corrigé le 12/03/2026"),  # redire l'ancien déferait le secret
        (12.4, "publie", "non_disponible", "corrigé le 12/03/2026, était 12,4\u00a0%"),
    ],
)
def test_what_is_said_of_a_corrected_figure(avant, ancien, present, attendu):
    assert write_correction(PART, Correction(JOUR, avant, Statut(ancien)), present) == attendu


def test_no_file_means_no_correction(tmp_path):
    corrections = load_corrections(Espace(tmp_path), "p")
    valeurs = make_valeurs(("97401", "publie"))
    assert corrections.mark(valeurs, {"part": PART}, **LU) is valeurs


def test_written_corrections_are_read_back(tmp_path):
    espace = Espace(tmp_path)
    nouvelles = make_table(make_ligne())
    write_corrections(espace, "p", precedente=None, depots=["d"], nouvelles=nouvelles, masquer=lambda t: t)
    marquees = load_corrections(espace, "p").mark(
        make_valeurs(("97401", "publie"), ("97402", "publie")), {"part": PART}, **LU
    )
    assert marquees.correction.tolist() == ["corrigé le 12/03/2026, était 12,4\u00a0%", ""]


def test_the_last_correction_wins():
    table = make_table(make_ligne(ancienne=10.0, jour="2026-01-01"), make_ligne(ancienne=11.0, jour="2026-02-02"))
    (texte,) = Corrections(table).mark(make_valeurs(("97401", "publie")), {"part": PART}, **LU).correction
    assert texte == "corrigé le 02/02/2026, était 11,0\u00a0%"


def test_another_period_is_not_marked():
    corrections = Corrections(make_table(make_ligne()))
    valeurs = make_valeurs(("97401", "publie"))
    assert "correction" not in corrections.mark(valeurs, {"part": PART}, **LU | {"periode": "2023"})


def test_a_mixed_table_is_marked_line_by_line():
    # Toutes les observations d'un territoire : la période et l'indicateur sont dans la table.
    table = make_valeurs(("97401", "publie"), ("97401", "publie")).assign(
        indicateur="part", maille="commune", periode=["2023", "2024"]
    )
    assert Corrections(make_table(make_ligne())).mark(table, {"part": PART}).correction.tolist()[0] == ""
    assert Corrections(make_table(make_ligne())).mark(table, {"part": PART}).correction.tolist()[1]


def test_a_category_says_what_it_was():
    lignes = [make_ligne(indicateur="zone", modalite=m, ancienne=v) for m, v in (("A", 0.0), ("B1", 100.0))]
    (texte,) = Corrections(make_table(*lignes)).mark(
        make_valeurs(("97401", "publie")), {"zone": ZONE}, **LU | {"indicateur": "zone"}
    ).correction  # fmt: skip
    assert texte == "corrigé le 12/03/2026, était «\u00a0B1\u00a0»"


def test_json_never_tells_the_old_figure_of_a_secret():
    corrections = Corrections(make_table(make_ligne(), make_ligne(code="97402", ancienne=55.5)))
    lignes = [{"code_territoire": "97401", "statut": "publie"}, {"code_territoire": "97402", "statut": "secret"}]
    publiee, secrete = describe_corrections(corrections, PART, "commune", "2024", lignes)
    assert (publiee["avant"], publiee["corrige_le"], publiee["motif"]) == (12.4, "2026-03-12", "faute de saisie")
    assert secrete["avant"] is None
    assert "55" not in str(secrete)


def test_a_number_keeps_only_the_date():
    assert shorten_corrections(["corrigé le 12/03/2026, était 12,4 %", ""]) == ["corrigé le 12/03/2026", ""]


def test_a_whole_country_is_marked_at_once():
    codes = [f"{n:05d}" for n in range(35_000)]
    table = pd.DataFrame({"code_territoire": codes, "ancienne": 1.0, "statut_ancien": "publie"}).assign(
        indicateur="part", maille="commune", periode="2024", modalite="", nouvelle=2.0, corrigee_le="2026-03-12",
        publication="p", depot="d", motif="",
    )  # fmt: skip
    corrections = Corrections(table)
    valeurs = make_valeurs(*((code, "publie") for code in codes))
    debut = time.perf_counter()
    marquees = corrections.mark(valeurs, {"part": PART}, **LU)
    assert (marquees.correction != "").all()
    assert time.perf_counter() - debut < 5


def test_a_correction_under_the_rounding_is_not_told():
    # 12,41 % devenu 12,43 % : « 12,4 %, était 12,4 % » n'apprendrait rien.
    table = make_table(make_ligne(ancienne=12.41), make_ligne(code="97402", ancienne=10.0))
    valeurs = make_valeurs(("97401", "publie"), ("97402", "publie")).assign(valeur=[12.43, 12.43])
    textes = Corrections(table).mark(valeurs, {"part": PART}, **LU).correction.tolist()
    assert textes == ["", "corrigé le 12/03/2026, était 10,0\u00a0%"]
