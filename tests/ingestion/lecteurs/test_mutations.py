"""Un fichier abîmé est refusé, ou lu exactement comme le lit un second lecteur ; jamais une trace."""

import os
import random
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, parse_nombres, read_fichier
from observatoire.modeles.anomalies import Gravite
from tests.ingestion.lecteurs import fabrique
from tests.ingestion.lecteurs import lecteur_independant as second

LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"
MUTATIONS = 10_000 if LONGS else 300

BASES = {
    "utf8.csv": lambda h: fabrique.make_csv(h, encodage="utf-8"),
    "marque.csv": lambda h: fabrique.make_csv(h, encodage="utf-8-sig", separateur="\t"),
    "cp1252.csv": lambda h: fabrique.make_csv(h, encodage="cp1252"),
    "latin9.txt": lambda h: fabrique.make_csv(h, encodage="iso-8859-15", separateur="|"),
    "utf16.csv": lambda h: fabrique.make_csv(h, encodage="utf-16"),
    "virgules.csv": lambda h: fabrique.make_csv(h, encodage="utf-8", separateur=","),
    "guillemets.csv": lambda h: fabrique.make_csv(h, encodage="utf-8", guillemets=True),
    "classeur.xlsx": fabrique.make_xlsx,
    "classeur.ods": fabrique.make_ods_communes,
    "document.json": fabrique.make_json,
    "archive.zip": fabrique.make_archive,
}
PIQUANTS = [
    b'"',
    b";",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xa0",
    b"0",
    b"9",
    b"-",
    b"<",
    b">",
    b"&",
    b"{",
    b"]",
    b"\xef\xbb\xbf",
    b" ",
]


def mutate(octets: bytes, hasard: random.Random) -> bytes:
    """Une à quatre blessures : octet changé, inséré, ôté, morceau répété, coupé, échangé."""
    blesse = bytearray(octets)
    for _ in range(hasard.randint(1, 4)):
        if not blesse:
            break
        place = hasard.randrange(len(blesse))
        match hasard.randrange(7):
            case 0:
                blesse[place] = hasard.randrange(256)
            case 1:
                blesse[place:place] = hasard.choice(PIQUANTS)
            case 2:
                del blesse[place : place + hasard.randint(1, 8)]
            case 3:
                blesse[place:place] = blesse[place : place + hasard.randint(1, 40)]
            case 4:
                blesse[place] ^= 1 << hasard.randrange(8)
            case 5:
                blesse[place : place + 1] = hasard.choice(PIQUANTS)
            case _ if hasard.random() < 0.3:
                del blesse[place:]
    return bytes(blesse)


def respell(octets: bytes, hasard: random.Random) -> bytes:
    """Change des lettres et des chiffres seulement : un XML reste souvent bien formé, mais dit autre chose."""
    blesse = bytearray(octets)
    alphanumeriques = [rang for rang, octet in enumerate(blesse) if chr(octet).isascii() and chr(octet).isalnum()]
    for place in hasard.sample(alphanumeriques, min(len(alphanumeriques), hasard.randint(1, 3))):
        blesse[place] = ord(hasard.choice("0123456789ABCZaersnx.-+ "))
    return bytes(blesse)


def mutate_fichier(nom: str, octets: bytes, hasard: random.Random) -> bytes:
    """Blesse les octets du fichier ; une fois sur deux, ceux d'un membre, l'archive restant juste."""
    if not nom.endswith((".xlsx", ".ods", ".zip")) or hasard.random() < 0.4:
        return mutate(octets, hasard)
    membres = second.read_zip(octets)
    choisi = hasard.choice([m for m in membres if m.endswith((".xml", ".csv", ".rels"))])
    membres[choisi] = (mutate if hasard.random() < 0.3 else respell)(membres[choisi], hasard)
    return fabrique.make_zip(membres, compression=zipfile.ZIP_STORED)


def read_second(lecture, octets: bytes) -> second.Cellules:
    if lecture.format == "csv":
        return second.read_csv(octets, lecture.encodage, lecture.separateur)
    if lecture.format == "zip":
        cellules = {}
        for nom, contenu in second.read_zip(octets).items():
            if nom.endswith(".csv"):
                cellules |= second.read_csv(contenu, lecture.encodage, lecture.separateur, nom)
        return cellules
    if lecture.format == "json":
        return second.read_json(octets, lecture.encodage)
    return {"xlsx": second.read_xlsx, "ods": second.read_ods}[lecture.format](octets)


def check(chemin, octets: bytes) -> str:  # noqa: C901 -- tout ce qu'un fichier doit tenir, au même endroit
    """Refusé (le code de l'anomalie), ou lu à l'identique (« lu »)."""
    chemin.write_bytes(octets)
    lecture = read_fichier(chemin)
    bloquantes = [a for a in lecture.anomalies if a.gravite is Gravite.BLOQUANT]
    if bloquantes:
        assert not lecture.tables
        assert bloquantes[0].message
        assert bloquantes[0].suggestion
        return bloquantes[0].code
    assert lecture.tables, "ni refus ni table"
    lues, nombres = {}, {}
    for table in lecture.tables:
        for rang, colonne in enumerate(table.cellules.columns):
            nom = table.entete_connue[rang] if table.entete_connue else f"c{rang}"
            valeurs, _ = parse_nombres(colonne)
            for ligne, texte, valeur in zip(table.lignes.tolist(), colonne.to_pylist(), valeurs.tolist(), strict=True):
                if texte is not None:
                    lues[table.nom, ligne, nom] = texte
                    if valeur == valeur:  # noqa: PLR0124 -- nan
                        nombres[table.nom, ligne, nom] = valeur
    attendues = read_second(lecture, octets)
    attendus = {}
    for cle, valeur in attendues.items():
        nombre = second.as_nombre(valeur) if isinstance(valeur, str) else None if isinstance(valeur, bool) else valeur
        if nombre is not None:
            attendus[cle] = nombre
    assert set(lues) == set(attendues)
    assert nombres == attendus
    if lecture.format in ("csv", "zip"):
        assert {k: re.sub("\r\n?", "\n", v) for k, v in lues.items()} == {
            k: re.sub("\r\n?", "\n", str(v)) for k, v in attendues.items()
        }
    choisie = choose_table(lecture)
    forme = find_forme(choisie) if choisie is not None else None
    if forme is not None:
        name_table(choisie, forme)
    return "lu"


@pytest.mark.parametrize("nom", BASES)
def test_fichier_intact_is_read_exactly(tmp_path, nom):
    for graine in range(5):
        assert check(tmp_path / nom, BASES[nom](random.Random(graine))) == "lu"


def run_mutations(dossier, *, debut: int, fin: int) -> dict[str, int]:
    comptes: dict[str, int] = {}
    noms = list(BASES)
    for graine in range(debut, fin):
        hasard = random.Random(graine)
        nom = noms[graine % len(noms)]
        octets = mutate_fichier(nom, BASES[nom](hasard), hasard)
        try:
            sort = check(dossier / nom, octets)
        except Exception as faute:
            faute.add_note(f"graine {graine}, fichier {nom}")
            raise
        comptes[sort] = comptes.get(sort, 0) + 1
    return comptes


def test_fichiers_blesses_are_refused_or_read_exactly(tmp_path):
    comptes = run_mutations(tmp_path, debut=0, fin=300)
    # Un essai qui refuserait tout, ou accepterait tout, ne prouverait rien.
    assert comptes["lu"] > 60
    assert sum(comptes.values()) - comptes["lu"] > 60


@pytest.mark.lent
@pytest.mark.skipif(not LONGS, reason="effectif entier : OBSERVATOIRE_ESSAIS_LONGS=1")
def test_dix_mille_fichiers_blesses(tmp_path):
    comptes = run_mutations(tmp_path, debut=300, fin=MUTATIONS)
    print(sorted(comptes.items(), key=lambda paire: -paire[1]))
    assert comptes["lu"] > 2000


@settings(max_examples=1000 if LONGS else 60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    nom=st.sampled_from(list(BASES)),
    graine=st.integers(0, 50),
    blessures=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=6)), min_size=1, max_size=5),
)
def test_fichiers_recousus_are_refused_or_read_exactly(tmp_path, nom, graine, blessures):
    octets = BASES[nom](random.Random(graine))
    for ou, longueur, remplacement in blessures:
        place = int(ou * len(octets))
        octets = octets[:place] + remplacement + octets[place + longueur :]
    check(tmp_path / nom, octets)
