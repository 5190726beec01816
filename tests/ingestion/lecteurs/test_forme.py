"""Place de l'en-tête et des données : titres, étages, codes sous les libellés, notes en pied."""

import pytest

from observatoire.ingestion.lecteurs import find_forme, name_table, read_fichier
from observatoire.modeles.sources import LectureDeclaree


def brute(tmp_path, *lignes):
    chemin = tmp_path / "f.csv"
    chemin.write_text("\n".join(lignes) + "\n", "utf-8")
    return read_fichier(chemin).tables[0]


def communes(nombre, *, colonnes=1):
    return [
        f"33{rang:03d};Commune {'abcdefghij'[rang % 10]};" + ";".join([f"{rang},5"] * colonnes)
        for rang in range(nombre)
    ]


def resume(table, lecture=None):
    forme = find_forme(table, lecture)
    return (forme.lignes_entete, forme.premiere_ligne, forme.derniere_ligne) if forme else None


CAS = {
    "ordinaire": ([], ["code;nom;n"], [], ((1,), 2, 31)),
    "titres au-dessus": (["Revenus 2021;;", ";;", "Source Insee;;"], ["code;nom;n"], [], ((4,), 5, 34)),
    # L'Insee : libellés longs, puis codes techniques ; l'en-tête est la ligne des codes.
    "codes sous les libellés": (
        ["Titre;;"],
        ["Code de la commune;Nom de la commune;Nombre", "CODGEO;LIBGEO;P21_POP"],
        [],
        ((3,), 4, 33),
    ),
    # Les exports de statistiques locales : codes d'indicateurs, puis l'en-tête.
    "codes sur l'en-tête": (
        ["Taux;;", "Découpage : communes;;"],
        [";;IND_5", "Code;Libellé;Taux de pauvreté"],
        [],
        ((4,), 5, 34),
    ),
    "unités sous l'en-tête": ([], ["code;nom;part", ";;(en %)"], [], ((1,), 3, 32)),
    "notes en pied": (
        [],
        ["code;nom;n"],
        [";;", "Source : Insee, 2021;;", "(1) Données provisoires.;;"],
        ((1,), 2, 31),
    ),
    "phrase en pied": ([], ["code;nom;n"], ["Ces chiffres sont arrondis à la dizaine.;;"], ((1,), 2, 31)),
}


@pytest.mark.parametrize("cas", CAS)
def test_forme_is_found(tmp_path, cas):
    titres, entete, pied, attendu = CAS[cas]
    assert resume(brute(tmp_path, *titres, *entete, *communes(30), *pied)) == attendu


def test_titre_is_kept(tmp_path):
    forme = find_forme(brute(tmp_path, "Revenus 2021;;", "Source Insee;;", "code;nom;n", *communes(5)))
    assert forme.titre == ("Revenus 2021", "Source Insee")


def test_etages_are_joined(tmp_path):
    donnees = communes(20, colonnes=4)
    table = brute(tmp_path, ";;2019;;2020;", "code;nom;hommes;femmes;hommes;femmes", *donnees)
    forme = find_forme(table)
    assert forme.lignes_entete == (1, 2)
    assert name_table(table, forme).donnees.column_names == [
        "code", "nom", "2019 / hommes", "2019 / femmes", "2020 / hommes", "2020 / femmes",
    ]  # fmt: skip


def test_annees_en_colonnes_are_an_entete(tmp_path):
    table = brute(tmp_path, "dep;nom;2018;2019;2020", *communes(20, colonnes=3))
    assert resume(table) == ((1,), 2, 21)


@pytest.mark.parametrize("marque", ["s", "nd", "N/A - secret statistique", "", "*", "-"])
def test_premieres_lignes_secretes_are_data(tmp_path, marque):
    secretes = [f"3300{rang};Commune;{marque};{marque};{marque};{marque}" for rang in range(6)]
    table = brute(tmp_path, "code;nom;a;b;c;d", *secretes, *communes(20, colonnes=4), *secretes)
    assert resume(table) == ((1,), 2, 33)


def test_lignes_de_total_stay_in_the_data(tmp_path):
    table = brute(tmp_path, "code;nom;n", *communes(20), ";France entière;1234", "TOTAL;;1234")
    assert resume(table) == ((1,), 2, 23)


def test_second_tableau_below_is_another_table(tmp_path):
    entete = "code;nom;n"
    table = brute(tmp_path, entete, *communes(20), ";;", "Par région;;", entete, "75;Nouvelle-Aquitaine;3")
    assert resume(table) == ((1,), 2, 21)


def test_entete_repete_without_a_break_does_not_cut(tmp_path):
    # Deux exports mis bout à bout : rien ne se perd, la ligne en trop se verra au contrôle.
    table = brute(tmp_path, "code;nom;n", *communes(10), "code;nom;n", *communes(10))
    assert resume(table) == ((1,), 2, 22)


def test_tout_en_texte(tmp_path):
    table = brute(tmp_path, "nom;type;statut", "Bègles;commune;ville", "Cenon;commune;ville", "Pessac;commune;bourg")
    assert resume(table) == ((1,), 2, 4)


def test_declaration_wins(tmp_path):
    table = brute(tmp_path, "x;y;z", "a;b;c", "code;nom;n", *communes(20), "1;2;3")
    declaree = LectureDeclaree(ligne_entete=3, etages_entete=2, premiere_ligne=6, derniere_ligne=10)
    assert resume(table, declaree) == ((2, 3), 6, 10)
    lue = name_table(table, find_forme(table, declaree))
    assert lue.donnees.column_names == ["a / code", "b / nom", "c / n"]
    assert lue.lignes.tolist() == [6, 7, 8, 9, 10]


def test_ligne_declaree_hors_du_fichier(tmp_path):
    assert find_forme(brute(tmp_path, "a;b", "1;2"), LectureDeclaree(ligne_entete=50)) is None


def test_noms_are_unique_and_trimmed(tmp_path):
    table = brute(tmp_path, " code ;Total;Total ;", *["33063; 4 ;5;6"] * 5)
    lue = name_table(table, find_forme(table))
    assert lue.donnees.column_names == ["code", "Total", "Total (2)", "colonne 4"]
    assert lue.donnees.column("Total")[0].as_py() == "4"


def test_lignes_blanches_are_dropped_but_numbers_stay(tmp_path):
    table = brute(tmp_path, "code;n", "33063;4", ";", " ; ", "33281;5")
    lue = name_table(table, find_forme(table))
    assert (lue.donnees.to_pydict(), lue.lignes.tolist()) == ({"code": ["33063", "33281"], "n": ["4", "5"]}, [2, 5])
