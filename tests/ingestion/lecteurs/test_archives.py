"""Archives : chaque membre est une table, et rien de piégé n'est ouvert."""

import io
import zipfile

import pytest

from observatoire.ingestion.lecteurs import Limites, choose_table, read_fichier
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.sources import LectureDeclaree
from tests.ingestion.lecteurs.fabrique import make_zip

CSV = b"code;n\n33063;4\n"


def read(tmp_path, octets, **options):
    chemin = tmp_path / "f.zip"
    chemin.write_bytes(octets)
    return read_fichier(chemin, **options)


def test_tables_are_named_by_their_member(tmp_path):
    membres = {"a/DS_data.csv": CSV, "a/DS_metadata.csv": b"COD;LIB\n" + b"x;y\n" * 50, "lisez-moi.pdf": b"%PDF-",
               "__MACOSX/a/._DS_data.csv": b"rien"}  # fmt: skip
    lecture = read(tmp_path, make_zip(membres))
    assert (lecture.format, lecture.encodage, lecture.separateur) == ("zip", "utf-8", ";")
    assert [t.nom for t in lecture.tables] == ["a/DS_data.csv", "a/DS_metadata.csv"]
    assert [(a.code, a.gravite) for a in lecture.anomalies] == [("membre_ignore", Gravite.INFORMATION)]
    assert choose_table(lecture).nom == "a/DS_data.csv"
    assert choose_table(lecture, LectureDeclaree(membre="*_metadata.csv")).nom == "a/DS_metadata.csv"


def test_une_archive_dans_une_archive_is_read_but_no_deeper(tmp_path):
    une = make_zip({"communes.csv": CSV})
    deux = make_zip({"2024.zip": une})
    assert [t.nom for t in read(tmp_path, deux).tables] == ["2024.zip/communes.csv"]
    assert [a.code for a in read(tmp_path, make_zip({"tout.zip": deux})).anomalies] == ["archive_imbriquee"]


def chiffree():
    octets = bytearray(make_zip({"f.csv": CSV}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        octets[octets.find(signature) + place] |= 1
    return bytes(octets)


def double():
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("f.csv", CSV)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("f.csv", b"code;n\n33063;5\n")
    return tampon.getvalue()


def corrompue():
    octets = bytearray(make_zip({"f.csv": CSV}, compression=zipfile.ZIP_STORED))
    octets[octets.find(b"33063")] = ord("9")  # la somme de contrôle ne correspond plus
    return bytes(octets)


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (make_zip({"../ailleurs.csv": CSV}), "chemin_suspect"),
        (make_zip({"/etc/f.csv": CSV}), "chemin_suspect"),
        (make_zip({"C:\\f.csv": CSV}), "chemin_suspect"),
        (make_zip({"a\\..\\..\\f.csv": CSV}), "chemin_suspect"),
        (make_zip({"lisez-moi.pdf": b"%PDF-"}), "archive_sans_table"),
        (make_zip({}), "archive_sans_table"),
        (make_zip({"f.csv": CSV})[:-10], "archive_abimee"),
        (corrompue(), "archive_abimee"),
        (chiffree(), "archive_chiffree"),
    ],
)
def test_archive_piegee_is_refused(tmp_path, octets, code):
    lecture = read(tmp_path, octets)
    assert [a.code for a in lecture.anomalies] == [code]
    assert lecture.anomalies[0].gravite is Gravite.BLOQUANT
    assert lecture.anomalies[0].suggestion
    assert lecture.tables == ()


def test_bombe_is_refused_before_it_is_open(tmp_path):
    bombe = make_zip({"f.csv": b"a;b\n" + b"0;0\n" * 17_000_000})
    assert len(bombe) < 100_000
    assert [a.code for a in read(tmp_path, bombe).anomalies] == ["archive_explosive"]


def test_deux_membres_du_meme_nom_are_refused(tmp_path):
    assert [a.code for a in read(tmp_path, double()).anomalies] == ["archive_abimee"]


@pytest.mark.parametrize(
    ("limites", "code"),
    [(Limites(membres=3), "archive_trop_de_membres"), (Limites(developpe=1000), "archive_explosive")],
)
def test_gardes(tmp_path, limites, code):
    lecture = read(tmp_path, make_zip({f"{n}.csv": CSV * 100 for n in range(5)}), limites=limites)
    assert [a.code for a in lecture.anomalies] == [code]
