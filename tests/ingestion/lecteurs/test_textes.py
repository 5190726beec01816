"""Textes : tout encodage, tout séparateur, et le numéro de ligne du producteur."""

import pytest

from observatoire.ingestion.lecteurs import Limites, choose_table, find_forme, name_table, read_fichier
from observatoire.ingestion.lecteurs import texte as module_texte
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.sources import LectureDeclaree

LIGNES = ["code;libellé;nombre", "01004;Ambérieu-en-Bugey;12,5", "33063;Bègles;1 204"]


def write(tmp_path, octets, nom="f.csv"):
    chemin = tmp_path / nom
    chemin.write_bytes(octets if isinstance(octets, bytes) else octets.encode())
    return chemin


def grille(lecture):
    (table,) = lecture.tables
    return list(zip(*(c.to_pylist() for c in table.cellules.columns), strict=True)), table.lignes.tolist()


def bloquante(lecture):
    (anomalie,) = [a for a in lecture.anomalies if a.gravite is Gravite.BLOQUANT]
    assert not lecture.tables
    assert anomalie.suggestion
    return anomalie


@pytest.mark.parametrize(
    ("encodage", "reconnu"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),  # le CSV UTF-8 d'Excel
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),  # mêmes octets, à ce texte près
        ("utf-16", "utf-16"),  # le « texte Unicode » d'Excel
        ("utf-16-le", "utf-16-le"),  # sans marque d'ordre
        ("cp850", "cp850"),  # vieilles applications
        ("mac_roman", "mac_roman"),
    ],
)
def test_encodage_is_recognised(tmp_path, encodage, reconnu):
    lecture = read_fichier(write(tmp_path, "\r\n".join(LIGNES).encode(encodage)))
    assert (lecture.format, lecture.encodage, lecture.separateur) == ("csv", reconnu, ";")
    assert grille(lecture) == (
        [("code", "libellé", "nombre"), ("01004", "Ambérieu-en-Bugey", "12,5"), ("33063", "Bègles", "1 204")],
        [1, 2, 3],
    )


def test_latin9_is_recognised_by_its_ligature(tmp_path):
    # « œ » n'existe pas en latin-1 : l'octet BD y serait « ½ ».
    lecture = read_fichier(write(tmp_path, "code;nom\n51157;Cœuvres\n".encode("iso-8859-15")))
    assert lecture.encodage == "iso-8859-15"
    assert grille(lecture)[0][1] == ("51157", "Cœuvres")


def test_octet_hors_cp1252_is_read_in_latin1(tmp_path):
    assert read_fichier(write(tmp_path, b"a;b\n1;\x81\n")).encodage in {"latin-1", "iso-8859-15", "cp850", "mac_roman"}


def test_utf8_presque_juste_keeps_its_accents(tmp_path):
    lecture = read_fichier(write(tmp_path, "é;à\n".encode() * 20 + b"\xe9;12\n"))
    assert lecture.encodage == "utf-8"
    (anomalie,) = lecture.anomalies
    assert (anomalie.code, anomalie.gravite, anomalie.ligne) == ("octets_illisibles", Gravite.A_REGARDER, 21)
    assert grille(lecture)[0][-1] == ("\ufffd", "12")


def test_encodage_declare_contredit_is_refused(tmp_path):
    chemin = write(tmp_path, "a;é\n".encode("cp1252"))
    lecture = read_fichier(chemin, lecture=LectureDeclaree(encodage="utf-8"))
    assert bloquante(lecture).code == "encodage_contredit"
    assert bloquante(read_fichier(chemin, lecture=LectureDeclaree(encodage="utf8000"))).code == "encodage_inconnu"


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
def test_separateur_is_recognised(tmp_path, separateur):
    texte = "\n".join(separateur.join(["33063", "Bègles", str(n)]) for n in range(30))
    assert read_fichier(write(tmp_path, texte)).separateur == separateur


def test_virgule_decimale_is_not_a_separateur(tmp_path):
    texte = "code;part\n" + "\n".join(f"33{n:03d};{n},5" for n in range(50))
    assert read_fichier(write(tmp_path, texte)).separateur == ";"


def test_une_seule_colonne_has_no_separateur(tmp_path):
    lecture = read_fichier(write(tmp_path, "code\n33063\n33281\n"))
    assert (lecture.separateur, grille(lecture)[0]) == ("", [("code",), ("33063",), ("33281",)])


def test_champ_sur_plusieurs_lignes_keeps_row_numbers(tmp_path):
    texte = 'code;note\r\n33063;"deux\r\nlignes"\r\n33281;x\r\n"33318";"trois\r\nlignes\r\nici"\r\n33039;y\r\n'
    cellules, lignes = grille(read_fichier(write(tmp_path, texte)))
    assert [c[0] for c in cellules] == ["code", "33063", "33281", "33318", "33039"]
    assert lignes == [1, 2, 4, 5, 8]


def test_lignes_inegales_are_kept_at_their_place(tmp_path):
    texte = "Titre du fichier\n\ncode;a;b\n01;1;2\n02;1\n03;1;2;3;;\n04;1;2\nSource : essai\n"
    cellules, lignes = grille(read_fichier(write(tmp_path, texte)))
    assert lignes == [1, 2, 3, 4, 5, 6, 7, 8]
    assert cellules[0] == ("Titre du fichier", None, None, None, None, None)
    assert cellules[1] == (None,) * 6
    assert cellules[4] == ("02", "1", None, None, None, None)
    assert cellules[5] == ("03", "1", "2", "3", None, None)


def test_traine_de_separateurs_makes_no_column(tmp_path):
    lecture = read_fichier(write(tmp_path, "code;n;;;\n" + "33063;1;;;\n" * 5))
    brute = choose_table(lecture)
    assert name_table(brute, find_forme(brute)).donnees.column_names == ["code", "n"]


def test_guillemets_partiels_and_doubles(tmp_path):
    texte = 'typecom,nom\nCOM,"L\'Abergement, ""le grand"""\nCOM,Bègles\n'
    assert grille(read_fichier(write(tmp_path, texte)))[0][1] == ("COM", 'L\'Abergement, "le grand"')


def test_guillemet_jamais_ferme_is_refused_at_its_row(tmp_path):
    anomalie = bloquante(read_fichier(write(tmp_path, 'a;b\n1;2\n"3;4\n5;6\n7;8\n')))
    assert (anomalie.code, anomalie.ligne) == ("guillemet_non_ferme", 3)


def test_lignes_avalees_by_two_quotes_are_shown(tmp_path):
    lecture = read_fichier(write(tmp_path, 'a;b\n1;2\n"3;4\n5;6\n7";8\n' + "9;9\n" * 5))
    (anomalie,) = lecture.anomalies
    assert (anomalie.code, anomalie.ligne, anomalie.gravite) == ("guillemets_suspects", 3, Gravite.A_REGARDER)


def test_ligne_enorme_falls_back_to_the_slow_reader(tmp_path, monkeypatch):
    # Une ligne plus longue que le bloc de pyarrow : tout est relu par le module csv, au même résultat.
    monkeypatch.setattr(module_texte, "_BLOC", 1 << 16)
    texte = 'a;b\n1;"x\ny"\n2;' + "z" * 100_000 + "\n3;4;5\n"
    cellules, lignes = grille(read_fichier(write(tmp_path, texte)))
    assert lignes == [1, 2, 4, 5]
    assert cellules[1] == ("1", "x\ny", None)
    assert cellules[3] == ("3", "4", "5")


def test_vieux_retours_chariot(tmp_path):
    assert grille(read_fichier(write(tmp_path, b"a;b\r1;2\r3;4\r"))) == (
        [("a", "b"), ("1", "2"), ("3", "4")],
        [1, 2, 3],
    )


@pytest.mark.parametrize("octets", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n"])
def test_fichier_vide_is_said(tmp_path, octets):
    lecture = read_fichier(write(tmp_path, octets))
    assert [a.code for a in lecture.anomalies] == ["fichier_vide"]
    assert find_forme(lecture.tables[0]) is None


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"a;b\n1;\x00\n", "fichier_binaire"),
        (b"%PDF-1.7 ...", "format_non_lu"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "format_non_lu"),  # « export Excel » d'un portail
        (b"<?xml version='1.0'?><Workbook/>", "format_non_lu"),
        (b"\x1f\x8b\x08rien", "format_non_lu"),
    ],
)
def test_ce_qui_n_est_pas_une_table_is_refused(tmp_path, octets, code):
    assert bloquante(read_fichier(write(tmp_path, octets, "export.xls"))).code == code


def test_fichier_absent_is_an_anomalie(tmp_path):
    assert bloquante(read_fichier(tmp_path / "absent.csv")).code == "fichier_inaccessible"


@pytest.mark.parametrize(
    ("limites", "code"),
    [
        (Limites(taille=10), "fichier_trop_gros"),
        (Limites(lignes=20), "table_demesuree"),
        (Limites(colonnes=2), "table_demesuree"),
        (Limites(cellules=100), "table_demesuree"),
        (Limites(temps=-1), "lecture_trop_longue"),
    ],
)
def test_gardes(tmp_path, limites, code):
    anomalie = bloquante(read_fichier(write(tmp_path, "a;b;c\n" * 50), limites=limites))
    assert anomalie.code == code
    assert anomalie.fichier == "f.csv"
