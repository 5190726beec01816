"""Classeurs : nombres sans « .0 » parasite, lignes de la feuille, fusions, et feuilles piégées."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from observatoire.ingestion.lecteurs import Limites, choose_table, find_forme, name_table, read_fichier
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.sources import LectureDeclaree
from tests.ingestion.lecteurs.fabrique import make_ods, make_zip


def save(tmp_path, classeur, nom="f.xlsx"):
    chemin = tmp_path / nom
    classeur.save(chemin)
    return chemin


def rewrite(chemin, membre, change):
    """Réécrit un membre d'un classeur, l'archive restant juste."""
    with zipfile.ZipFile(chemin) as archive:
        membres = {nom: archive.read(nom) for nom in archive.namelist()}
    membres[membre] = change(membres[membre])
    chemin.write_bytes(make_zip(membres))
    return chemin


def code_bloquant(lecture):
    assert not lecture.tables
    return next(a.code for a in lecture.anomalies if a.gravite is Gravite.BLOQUANT)


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (1001.0, "1001"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        ("01001", "01001"),
        (" s ", " s "),
        (True, "VRAI"),
        (dt.date(2024, 12, 31), "2024-12-31"),
        (dt.datetime(2024, 12, 31, 8, 30), "2024-12-31 08:30:00"),  # noqa: DTZ001 -- un tableur ignore les fuseaux
        (None, None),
        (33_063_000_000_017, "33063000000017"),
    ],
)
def test_cellule_is_rendered_as_text(tmp_path, valeur, texte):
    classeur = openpyxl.Workbook()
    classeur.active.append(["x", valeur])
    table = read_fichier(save(tmp_path, classeur)).tables[0]
    lu = table.cellules.column("c1")[0].as_py() if table.cellules.num_columns > 1 else None
    assert lu == texte


def test_erreurs_de_tableur_are_empty_and_told(tmp_path):
    classeur = openpyxl.Workbook()
    classeur.active.append(["code", "n"])
    classeur.active.append(["33063", "#N/A"])
    classeur.active["B2"].data_type = "e"
    lecture = read_fichier(save(tmp_path, classeur))
    assert [(a.code, a.gravite) for a in lecture.anomalies] == [("erreur_de_tableur", Gravite.INFORMATION)]
    assert lecture.tables[0].cellules.column("c1").to_pylist() == ["n", None]


def test_lignes_et_colonnes_vides_keep_their_place(tmp_path):
    classeur = openpyxl.Workbook()
    classeur.active["C4"] = "code"
    classeur.active["D4"] = "n"
    classeur.active["C7"] = "33063"
    classeur.active["D7"] = 4
    brute = read_fichier(save(tmp_path, classeur)).tables[0]
    assert brute.lignes.tolist() == [1, 2, 3, 4, 5, 6, 7]
    lue = name_table(brute, find_forme(brute))
    assert (lue.donnees.to_pylist(), lue.lignes.tolist()) == ([{"code": "33063", "n": "4"}], [7])


def test_entete_fusionne_names_every_column(tmp_path):
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.append(["Personnel par département"])
    feuille.append(["Département", "2019", None, "2020", None])
    feuille.append([None, "Effectif", "ETP", "Effectif", "ETP"])
    for rang in range(1, 9):
        feuille.append([f"{rang:02d}", rang * 10, rang * 9.5, rang * 11, rang * 10.5])
    feuille.append(["Source : essai"])
    for fusion in ("A2:A3", "B2:C2", "D2:E2", "A1:E1"):
        feuille.merge_cells(fusion)
    brute = read_fichier(save(tmp_path, classeur)).tables[0]
    forme = find_forme(brute)
    assert (forme.lignes_entete, forme.premiere_ligne, forme.derniere_ligne) == ((2, 3), 4, 11)
    assert forme.titre == ("Personnel par département",)
    assert name_table(brute, forme).donnees.column_names == [
        "Département", "2019 / Effectif", "2019 / ETP", "2020 / Effectif", "2020 / ETP",
    ]  # fmt: skip


def test_libelle_fusionne_fills_its_rows_but_never_a_measure(tmp_path):
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    for ligne in (["dep", "commune", "n"], ["Gironde", "33063", 4], [None, "33281", None], ["Landes", "40088", 7]):
        feuille.append(ligne)
    feuille.merge_cells("A2:A3")
    feuille.merge_cells("C2:C3")
    brute = read_fichier(save(tmp_path, classeur)).tables[0]
    donnees = name_table(brute, find_forme(brute)).donnees.to_pydict()
    assert donnees["dep"] == ["Gironde", "Gironde", "Landes"]
    assert donnees["n"] == ["4", None, "7"]


def test_dimension_menteuse_is_ignored(tmp_path):
    classeur = openpyxl.Workbook()
    for rang in range(5):
        classeur.active.append([rang, rang])
    chemin = rewrite(
        save(tmp_path, classeur), "xl/worksheets/sheet1.xml", lambda x: x.replace(b'ref="A1:B5"', b'ref="A1"')
    )
    assert read_fichier(chemin).tables[0].cellules.shape == (5, 2)


def test_lignes_seulement_mises_en_forme_do_not_count(tmp_path):
    # Un million de lignes déclarées, trois écrites.
    classeur = openpyxl.Workbook()
    for rang in range(3):
        classeur.active.append([rang, rang])
    chemin = rewrite(
        save(tmp_path, classeur),
        "xl/worksheets/sheet1.xml",
        lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
    )
    assert read_fichier(chemin).tables[0].cellules.shape == (3, 2)


@pytest.mark.parametrize("egaree", ["XFD1048576", "ZZ999999"])
def test_cellule_egaree_is_refused_before_it_fills_memory(tmp_path, egaree):
    classeur = openpyxl.Workbook()
    classeur.active["A1"] = 1
    classeur.active[egaree] = 2
    assert code_bloquant(read_fichier(save(tmp_path, classeur))) == "table_demesuree"


@pytest.mark.parametrize(
    "egaree",
    [b"<c r='XFD1048576'><v>1</v></c>", b'<c r = "XFD1048576"><v>1</v></c>', b'<c r="XFD1048576"><v>1</v></c>'],
)
def test_cellule_egaree_is_seen_whatever_its_writing(tmp_path, egaree):
    # Dans la ligne 1, une cellule se dit à la dernière ligne.
    classeur = openpyxl.Workbook()
    classeur.active["A1"] = 1
    chemin = rewrite(
        save(tmp_path, classeur), "xl/worksheets/sheet1.xml", lambda x: x.replace(b"</row>", egaree + b"</row>")
    )
    assert code_bloquant(read_fichier(chemin)) == "table_demesuree"


def test_xml_explosif_is_refused(tmp_path):
    bombe = b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;&a;">]>'
    chemin = rewrite(
        save(tmp_path, openpyxl.Workbook()),
        "xl/workbook.xml",
        lambda x: x.replace(b"<workbook", bombe + b"<workbook", 1),
    )
    assert code_bloquant(read_fichier(chemin)) == "classeur_abime"


def test_classeur_qui_grossit_trop_is_refused(tmp_path):
    classeur = openpyxl.Workbook()
    for rang in range(2000):
        classeur.active.append(["x"] * 20 + [rang])
    assert (
        code_bloquant(read_fichier(save(tmp_path, classeur), limites=Limites(developpe=10_000))) == "archive_explosive"
    )


def test_classeur_coupe_is_refused(tmp_path):
    chemin = save(tmp_path, openpyxl.Workbook())
    chemin.write_bytes(chemin.read_bytes()[:-200])
    assert code_bloquant(read_fichier(chemin)) == "archive_abimee"
    chemin.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert code_bloquant(read_fichier(chemin)) == "classeur_abime"


def test_ods_repetitions_are_expanded(tmp_path):
    repetee = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="7"/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.5"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    chemin = tmp_path / "f.ods"
    chemin.write_bytes(make_ods([["code", "a", "b"]], brut=repetee))
    lecture = read_fichier(chemin)
    assert lecture.format == "ods"
    assert lecture.tables[0].cellules.to_pydict() == {
        "c0": ["code", "7", "7"], "c1": ["a", "1.5", "1.5"], "c2": ["b", "1.5", "1.5"],
    }  # fmt: skip


def test_ods_bombe_is_refused(tmp_path):
    bombe = (
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
        "</table:table-row>"
    )
    chemin = tmp_path / "f.ods"
    chemin.write_bytes(make_ods([], brut=bombe))
    assert code_bloquant(read_fichier(chemin)) == "table_demesuree"


def test_feuille_de_donnees_is_chosen_over_its_documentation(tmp_path):
    classeur = openpyxl.Workbook()
    classeur.active.title = "Sommaire"
    for rang in range(300):
        classeur.active.append([f"ligne {rang}", "texte", "texte"])
    donnees = classeur.create_sheet("Tab1 - RSA")
    donnees.append(["code", "n"])
    for rang in range(20):
        donnees.append([f"33{rang:03d}", rang])
    documentation = classeur.create_sheet("Documentation")
    documentation.append(["mot", "sens"])
    lecture = read_fichier(save(tmp_path, classeur))
    assert choose_table(lecture).nom == "Tab1 - RSA"
    assert choose_table(lecture, LectureDeclaree(feuille="docu*")).nom == "Documentation"
    assert choose_table(lecture, LectureDeclaree(feuille="absente*")) is None


def test_classeur_dans_une_archive_names_member_and_sheet(tmp_path):
    tampon = io.BytesIO()
    classeur = openpyxl.Workbook()
    classeur.active.append(["code", "n"])
    classeur.save(tampon)
    chemin = tmp_path / "f.zip"
    chemin.write_bytes(make_zip({"dossier/equip.xlsx": tampon.getvalue()}))
    lecture = read_fichier(chemin)
    assert [t.nom for t in lecture.tables] == ["dossier/equip.xlsx › Sheet"]
    assert choose_table(lecture, LectureDeclaree(membre="equip*.xlsx", feuille="sheet")) is lecture.tables[0]
