"""Correspondance par noms : tout est proposé avec son motif, rien de ressemblant n'est appliqué."""

from pathlib import Path

import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.modeles.anomalies import Gravite
from observatoire.territoires.correspondance import CORRESPONDANCE, keep_validees, match_noms, refuse_codes_postaux
from observatoire.territoires.noms import find_ressemblants, normalize_noms
from observatoire.territoires.passages import compose_passages
from observatoire.territoires.referentiel import Referentiel

CAS = [
    # nom lu, département, code proposé, motif, validé d'office
    ("Bordeaux", "", "33063", "identique", True),
    ("BORDEAUX", "Gironde", "33063", "identique", True),
    ("Bordeaux Cedex", "", "33063", "normalise", True),
    ("St Médard en Jalles", "33", "33449", "normalise", True),
    ("ST-MEDARD-EN-JALLES", "", "33449", "normalise", True),
    ("Hay les Roses (L')", "94", "94038", "normalise", True),
    ("Villenave d’Ornon", "", "33550", "normalise", True),
    ("Saint-Denis", "", "", "homonymes", False),
    ("Saint-Denis", "La Réunion", "97411", "identique", True),
    ("Ajaccio", "2a", "2A004", "identique", True),
    ("L'Abergement-Clémenciat", "1", "01001", "identique", True),
    ("Rochelle (La)", "17", "17300", "normalise", True),
    ("Rochelle (La)", "", "", "homonymes", False),
    # Une ancienne commune est reconnue, dite, jamais appliquée d'office.
    ("Bellegarde-sur-Valserine", "", "01033", "ancienne_commune", False),
    ("Arbignieu", "01", "01015", "ancienne_commune", False),
    # La Longeville, disparue, n'est pas Longeville, qui demeure dans le même département.
    ("La Longeville", "25", "", "homonymes", False),
    ("Longeville", "25", "25346", "identique", True),
    ("Paris 12e arrondissement", "", "75056", "arrondissement", False),
    ("LYON 03", "69", "69123", "arrondissement", False),
    ("Bordeau", "33", "33063", "approchant", False),
    ("Lormon", "33", "33249", "approchant", False),
    ("Xyzabcq", "", "", "inconnu", False),
    # Le nom existe, mais pas dans ce département.
    ("Pessac", "75", "", "inconnu", False),
]


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.fixture(scope="module")
def table(reel):
    lus = pd.DataFrame(CAS, columns=["nom", "departement", "code", "motif", "valide"])
    return match_noms(reel, lus.nom, departements=lus.departement)


@pytest.mark.parametrize("rang", range(len(CAS)), ids=[f"{c[0]}-{c[1]}" for c in CAS])
def test_nom_gets_its_code_and_reason(table, rang):
    nom, _, code, motif, valide = CAS[rang]
    ligne = table.iloc[rang]
    assert (ligne.nom_lu, ligne.code, ligne.motif, ligne.valide) == (nom, code, motif, valide)
    assert ligne.explication


def test_table_shows_candidates_and_one_line_per_name(reel, table):
    assert list(table.columns) == CORRESPONDANCE
    homonymes = table[(table.nom_lu == "Saint-Denis") & (table.departement == "")].candidats.item()
    assert homonymes == "11339 Saint-Denis ; 30247 Saint-Denis ; 93066 Saint-Denis ; 97411 Saint-Denis"
    assert table[table.nom_lu == "Pessac"].candidats.item() == "33318 Pessac"
    assert table[table.nom_lu == "La Longeville"].candidats.item().count(";") == 1
    assert len(match_noms(reel, pd.Series(["Bordeaux", "Bordeaux", "", None, "  "]))) == 1


def test_only_validated_names_enter_the_declaration(table):
    gardes = keep_validees(table)
    assert gardes["Bordeaux"] == "33063"
    assert not {"Bordeau", "Lormon", "La Longeville", "Bellegarde-sur-Valserine", "Xyzabcq"} & set(gardes)
    # La personne valide une ligne : elle y entre.
    accord = table.assign(valide=table.valide | (table.nom_lu == "Lormon"))
    assert keep_validees(accord)["Lormon"] == "33249"


def test_code_postal_settles_homonyms_but_never_names_a_commune(reel):
    noms, postaux = pd.Series(["Saint-Denis", "Saint-Denis", "Nom inventé zzz"]), pd.Series(["97400", "99999", "33000"])
    table = match_noms(reel, noms, codes_postaux=postaux)
    assert table.code.tolist() == ["97411", "", ""]
    assert table.motif.tolist() == ["identique", "homonymes", "inconnu"]


def test_codes_postaux_alone_are_refused(reel):
    anomalie = refuse_codes_postaux(
        reel, pd.Series(["33000", "33400", "1000", "51300", None]), fichier="f.csv", colonne="CP"
    )
    assert anomalie.gravite is Gravite.BLOQUANT
    assert "un code postal seul ne désigne pas une commune. « 51300 » est celui de 46 communes." in str(anomalie)
    assert "code Insee" in str(anomalie)


def test_codes_of_communes_are_not_taken_for_postal_codes(reel):
    assert refuse_codes_postaux(reel, pd.Series(["33063", "33318", "1004"]), fichier="f.csv", colonne="code") is None


@pytest.mark.parametrize(
    ("nom", "forme"),
    [
        ("Bellegarde s/ Valserine", "bellegarde sur valserine"),
        ("STE-FOY-LA-GRANDE", "sainte foy la grande"),
        ("L’Île-d’Yeu", "ile d yeu"),
        ("Œuilly", "oeuilly"),
        ("Les Abymes", "abymes"),
        ("Lesparre-Médoc", "lesparre medoc"),  # « Les » n'y est pas un article
        ("Lyon  3e", "lyon 3e"),
        ("", ""),
    ],
)
def test_forme_comparable(nom, forme):
    assert normalize_noms(pd.Series([nom])).tolist() == [forme]


def test_ressemblants_come_closest_first_or_not_at_all():
    connus = pd.Series(["bordeaux", "bourdeau", "lormont"])
    assert find_ressemblants(pd.Series(["bordeau", "zzz"]), connus) == [[0, 1], []]
    assert find_ressemblants(pd.Series(["bordeau"]), pd.Series([], dtype=str)) == [[]]


HEXASMAL = Path(__file__).resolve().parents[2] / "../shared/donnees/insee/cog/laposte_hexasmal.csv"


@pytest.mark.reel
@pytest.mark.skipif(not HEXASMAL.is_file(), reason="base des codes postaux absente")
def test_reel_names_of_la_poste_are_never_joined_wrongly(reel):
    poste = pd.read_csv(HEXASMAL, sep=";", dtype=str)
    metropole = poste[~poste.Code_commune_INSEE.str.startswith(("975", "977", "978", "98"))]
    departement = metropole.Code_commune_INSEE.str[:2].where(
        ~metropole.Code_commune_INSEE.str.startswith("97"), metropole.Code_commune_INSEE.str[:3]
    )
    table = match_noms(reel, metropole.Nom_commune, departements=departement, codes_postaux=metropole.Code_postal)
    cles = metropole.assign(departement=departement).rename(columns={"Nom_commune": "nom_lu"})
    joint = table[table.valide].merge(cles, on=["nom_lu", "departement"])
    # Une commune scindée depuis a plusieurs héritières : son nom y est celui de l'une d'elles.
    passage = compose_passages(reel, "2019", "2026").query("not estime").set_index("code_de").code_vers
    vrais = joint.Code_commune_INSEE.map(passage)
    faux = joint[(vrais != joint.code) & vrais.notna()]
    assert table.valide.mean() > 0.98
    assert faux[["nom_lu", "Code_commune_INSEE", "code"]].to_numpy().tolist() == []
    assert refuse_codes_postaux(reel, poste.Code_postal, fichier=HEXASMAL.name, colonne="Code_postal") is not None
    assert refuse_codes_postaux(reel, poste.Code_commune_INSEE, fichier=HEXASMAL.name, colonne="Code") is None
