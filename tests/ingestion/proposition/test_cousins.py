"""Cousins fabriqués des fichiers réels : autres noms, départements, séparateurs, défauts de tableur."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from observatoire.ingestion.proposition import propose
from observatoire.ingestion.proposition.modele import Role, SensMarque
from observatoire.modeles.mailles import Maille


@pytest.fixture(scope="session")
def communes(referentiel) -> pd.DataFrame:
    """Communes du Finistère en 2024, dans l'ordre de leurs codes."""
    toutes = referentiel.list_territoires(Maille.COMMUNE, "2024")
    return toutes[toutes.code_departement == "29"]


def write_csv(codes, *, entete="zzz;valeur", signe=";", extra=""):
    """Une ligne par code, une valeur qui grandit."""
    corps = "\n".join(f"{code}{signe}{3 * rang + 1}{extra}" for rang, code in enumerate(codes))
    return f"{entete}\n{corps}\n"


def test_code_column_is_found_by_its_values_not_by_its_name(proposer, communes):
    table = proposer("mystere.csv", write_csv(communes.code)).principale
    assert table.territoire.colonnes == ("zzz",)
    assert table.territoire.niveau == "commune"
    assert table.territoire.departements == ("29",)


@pytest.mark.parametrize(("signe", "encodage"), [(",", "utf-8-sig"), ("\t", "cp1252"), ("|", "utf-8")])
def test_separator_and_encoding_are_reported(proposer, communes, signe, encodage):
    lignes = "\n".join(
        f"{c}{signe}{n}é{signe}{i}" for i, (c, n) in enumerate(zip(communes.code, communes.libelle, strict=True))
    )
    proposition = proposer("a.csv", f"insee{signe}nom{signe}nb\n{lignes}\n", encodage)
    assert (proposition.separateur, proposition.encodage) == (signe, encodage)
    assert proposition.principale.territoire.colonnes == ("insee",)


def test_lost_leading_zeros_are_recognised(proposer, referentiel):
    codes = referentiel.list_communes("2024")[:1500].str.lstrip("0")
    territoire = proposer("abime.csv", write_csv(codes, entete="COM;n")).principale.territoire
    assert (territoire.niveau, territoire.forme) == ("commune", "zeros_perdus")
    assert territoire.part_connue == 1


def test_moved_header_is_found(proposer, communes):
    texte = "Mon organisme;\nAllocataires par commune en 2023;\n\n" + write_csv(communes.code, entete="code;nb")
    table = proposer("export.csv", texte).principale
    assert table.lignes_entete == (4,)
    assert table.periode.periodes == ("2023",)


@pytest.mark.parametrize(
    ("ecrire", "parties"),
    [
        (lambda c: f"{c[:2]}0;{c[2:]}", (0, 2)),  # direction des impôts : « 290 »
        (lambda c: f"0{c[:2]};{c[2:]}", (1, None)),  # « 029 »
        (lambda c: f"{c[:2]};{c[2:]}", (0, None)),  # « 29 »
        (lambda c: f"{c[:2]};{int(c[2:])}", (0, None)),  # zéros de la commune perdus
    ],
)
def test_code_on_two_columns_is_put_back_together(proposer, communes, ecrire, parties):
    corps = "\n".join(f"{ecrire(code)};{rang}" for rang, code in enumerate(communes.code))
    territoire = proposer("deux.csv", f"Dép.;Commune;nb\n{corps}\n").principale.territoire
    assert (territoire.niveau, territoire.forme) == ("commune", "reparti")
    assert (territoire.parties[0].debut, territoire.parties[0].fin) == parties


@pytest.mark.parametrize("cog", ["2019", "2021", "2023", "2024"])
def test_vintage_of_a_complete_file_is_exact(proposer, referentiel, cog):
    millesime = proposer("cog.csv", write_csv(referentiel.list_communes(cog))).principale.millesime
    assert millesime.cogs == (cog,)


def test_identical_vintages_are_all_given(proposer, referentiel):
    # Aucune commune n'a changé entre 2025 et 2026.
    millesime = proposer("cog.csv", write_csv(referentiel.list_communes("2026"))).principale.millesime
    assert millesime.cogs == ("2025", "2026")


def test_codes_of_another_time_are_said_older(proposer, referentiel):
    anciennes = referentiel.anciennes_communes.query("nature == 'disparue'").code_ancien[:200]
    codes = [*referentiel.list_communes("2019")[:5000], *sorted(set(anciennes))]
    assert proposer("vieux.csv", write_csv(codes)).principale.millesime.avant == "2019"


def test_regions_and_departements_share_codes_but_names_tell(proposer, referentiel):
    regions = referentiel.list_territoires(Maille.REGION, "2024")
    corps = "\n".join(f"{r.code};{r.libelle};{i}" for i, r in enumerate(regions.itertuples()))
    assert proposer("x.csv", f"code;nom;nb\n{corps}\n").principale.territoire.niveau == "region"


@pytest.mark.parametrize("ecrire", [lambda c: c, lambda c: c.zfill(3), lambda c: c.lstrip("0")])
def test_departements_in_every_writing(proposer, referentiel, ecrire):
    codes = referentiel.list_territoires(Maille.DEPARTEMENT, "2024").code.map(ecrire)
    territoire = proposer("d.csv", write_csv(codes, entete="code_departement;nb")).principale.territoire
    assert (territoire.niveau, territoire.part_connue) == ("departement", 1)


def test_code_and_name_together_are_recopied(proposer, referentiel):
    departements = referentiel.list_territoires(Maille.DEPARTEMENT, "2024")
    territoire = proposer("e.csv", write_csv(departements.code + "-" + departements.libelle)).principale.territoire
    assert territoire.forme == "code_et_nom"
    assert territoire.noms["2A-Corse-du-Sud"] == "2A"


def test_names_alone_are_never_joined_silently(proposer, communes):
    proposition = proposer("noms.csv", write_csv(communes.libelle.str.upper(), entete="ville;nb"))
    territoire = proposition.principale.territoire
    assert (territoire.niveau, territoire.forme, territoire.noms) == ("commune", "nom", {})
    assert any("correspondance" in phrase for phrase in proposition.doutes)


def test_postcodes_alone_are_never_joined(proposer, referentiel):
    postaux = referentiel.codes_postaux.code_postal.drop_duplicates()[3000:3400]
    proposition = proposer("cp.csv", write_csv(postaux, entete="cp;nb"))
    territoire = proposition.principale.territoire
    assert (territoire.niveau, territoire.maille) == ("code_postal", None)
    assert any("codes postaux" in phrase for phrase in proposition.doutes)


def test_paris_by_both_levels_is_a_risk_of_double_count(proposer, communes):
    codes = [*communes.code, "75056", *(f"751{n:02d}" for n in range(1, 21))]
    proposition = proposer("plm.csv", write_csv(codes))
    assert proposition.principale.territoire.plm == "les deux"
    assert any("double compte" in phrase for phrase in proposition.doutes)


def test_marks_are_told_apart_and_counted(proposer, communes):
    valeurs = ["s"] * 12 + ["nd"] * 7 + ["ns"] * 5 + ["bidule"] * 2 + [str(n) for n in range(len(communes) - 26)]
    corps = "\n".join(f"{c};{v}" for c, v in zip(communes.code, valeurs, strict=True))
    marques = {m.texte: (m.sens, m.nombre) for m in proposer("m.csv", f"insee;nb\n{corps}\n").principale.marques}
    assert marques == {
        "s": (SensMarque.SECRET, 12),
        "nd": (SensMarque.ABSENCE, 7),
        "ns": (SensMarque.NON_SIGNIFICATIF, 5),
        "bidule": (SensMarque.INCONNU, 2),
    }


@pytest.mark.parametrize(
    ("valeurs", "forme", "periodes"),
    [
        (("21", "22"), "AA", ("2021", "2022")),
        (("2021", "2022"), "AAAA", ("2021", "2022")),
        (("2021-12", "2022-12"), "AAAA-MM", ("2021-12", "2022-12")),
        (("2021-T1", "2021-T4"), "AAAA-Tn", ("2021-T1", "2021-T4")),
        (("T1 2021", "T4 2021"), "Tn AAAA", ("2021-T1", "2021-T4")),
        (("31/12/2021", "31/12/2022"), "JJ/MM/AAAA", ("2021-12", "2022-12")),
    ],
)
def test_every_writing_of_a_period(proposer, communes, valeurs, forme, periodes):
    corps = "\n".join(f"{c};{v};{i}" for v in valeurs for i, c in enumerate(communes.code))
    periode = proposer("p.csv", f"insee;date;nb\n{corps}\n").principale.periode
    assert (periode.colonne, periode.forme, periode.periodes) == ("date", forme, periodes)


def test_december_of_each_year_is_not_the_year(proposer, communes):
    corps = "\n".join(f"{c};{a}-12;{i}" for a in (2021, 2022) for i, c in enumerate(communes.code))
    proposition = proposer("caf.csv", f"insee;dtref;nb\n{corps}\n")
    assert proposition.principale.periode.pas == "mois"
    assert any("non de l'année" in phrase for phrase in proposition.doutes)


def test_year_in_column_names_becomes_a_template(proposer, communes):
    corps = "\n".join(f"{c};{i};{i};{i}" for i, c in enumerate(communes.code))
    periode = proposer("f.csv", f"CODGEO;NBMEN22;Q222;D122\n{corps}\n").principale.periode
    assert periode.periodes == ("2022",)
    assert periode.gabarits["Q222"] == "Q2{aa}"


def test_total_rows_and_rows_without_code_are_counted(proposer, communes):
    texte = write_csv([*communes.code, "Ensemble", "", ""], entete="insee;nb")
    table = proposer("t.csv", texte).principale
    assert table.totaux == {"Ensemble": 1}
    assert table.territoire.sans_code == 2


def test_rounding_to_five_is_recognised(proposer, communes):
    corps = "\n".join(f"{c};{5 * i}" for i, c in enumerate(communes.code))
    (colonne,) = proposer("r.csv", f"insee;nb\n{corps}\n").principale.numeriques()
    assert colonne.arrondi == 5


def test_years_and_small_numbers_are_never_territories(proposer):
    corps = "\n".join(f"{2000 + i % 20};{i % 95 + 1};{i % 18}" for i in range(400))
    table = proposer("rien.csv", f"annee;age;enfants\n{corps}\n").principale
    assert table is None or table.territoire is None


def test_long_table_gives_one_measure_per_modality(proposer, communes):
    corps = "\n".join(f"{c};{s};{i}" for i, c in enumerate(communes.code) for s in ("Femmes", "Hommes", "Total"))
    table = proposer("long.csv", f"insee;sexe;nb\n{corps}\n").principale
    assert table.dimensions == ("sexe",)
    assert table.combinaisons[0]["sexe"] == "Total"
    assert {c.role for c in table.colonnes if c.nom == "sexe"} == {Role.MODALITE}


def test_places_are_tied_to_their_commune(proposer, communes):
    corps = "\n".join(
        f"{i};Maison {i};{i} rue des Lilas;{c};48.{i:04d};-4.{i:04d}" for i, c in enumerate(communes.code)
    )
    table = proposer("lieux.csv", f"id;nom;adresse;code_insee;latitude;longitude\n{corps}\n").principale
    assert table.unite_ligne == "lieu"
    assert table.lieux.colonne_latitude == "latitude"
    assert table.territoire.colonnes == ("code_insee",)


def test_thirty_five_thousand_rows_take_less_than_three_seconds(referentiel, tmp_path: Path):
    codes = referentiel.list_communes("2024")
    corps = "\n".join(f"{c};" + ";".join(str(i * k % 977) for k in range(1, 11)) for i, c in enumerate(codes))
    chemin = tmp_path / "grand.csv"
    chemin.write_text("insee;" + ";".join(f"v{k}" for k in range(1, 11)) + "\n" + corps, encoding="utf-8")
    propose(chemin, referentiel)  # le référentiel se lit une fois
    # Temps de calcul de ce seul processus : les autres essais ne le ralentissent pas.
    debut = time.process_time()
    propose(chemin, referentiel)
    assert time.process_time() - debut <= 3
