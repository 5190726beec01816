"""Recherche de territoires sur le référentiel réel : ce qu'une personne tape, et ce qu'elle doit trouver d'abord."""

import random
import time

import pandas as pd
import pytest

from observatoire.analyse.recherche import REPONSES_MAXIMALES, Recherche, build_index
from observatoire.analyse.recherche.ecriture import join_mots_pleins, normalise_texte, normalise_textes
from observatoire.analyse.recherche.fautes import MotsProches
from observatoire.modeles.mailles import Maille
from observatoire.publication.tables import build_liens, build_territoires
from observatoire.territoires.referentiel import Referentiel


def sum_population(referentiel, liens):
    """Population des communes, et leur somme pour tout ce qu'elles composent."""
    communes = referentiel.list_territoires(Maille.COMMUNE).set_index("code").population_municipale
    siens = liens[liens.maille_enfant == Maille.COMMUNE]
    sommes = communes.reindex(siens.code_enfant).to_numpy()
    parents = siens.assign(population=sommes).groupby(["maille_parent", "code_parent"]).population.sum()
    seules = pd.concat({str(Maille.COMMUNE): communes})
    return pd.concat([seules, parents])


@pytest.fixture(scope="session")
def recherche(depot):
    referentiel = Referentiel(depot / "data" / "referentiel")
    liens = build_liens(referentiel)
    territoires = build_territoires(referentiel, sum_population(referentiel, liens))
    debut = time.perf_counter()
    construite = Recherche(build_index(territoires, liens, referentiel.codes_postaux, referentiel.anciennes_communes))
    print(f"index construit en {time.perf_counter() - debut:.2f} s")
    return construite


def first(recherche, texte, departement=""):
    trouvees = recherche.search(texte, departement)
    return f"{trouvees[0].maille} {trouvees[0].code}" if trouvees else None


TAPES = {
    "st paul": "commune 97415",
    "97460": "commune 97415",
    "etang sale": "commune 97404",
    "CINOR": "epci 249740119",
    "cirest": "epci 249740093",
    "tco": "epci 249740101",
    "Civis": "epci 249740077",
    "casud": "epci 249740085",
    "pierrefitte sur seine": "commune 93066",
    "pierrefitte s/ seine": "commune 93066",
    "pierrefitte seine": "commune 93066",
    "arbignieu": "commune 01015",
    "saint denis": "commune 97411",
    "seine saint denis": "departement 93",
    "saint denis 93": "commune 93066",
    "saint denis la reunion": "commune 97411",
    "le port": "commune 97407",
    "port": "commune 97407",
    "reunion": "departement 974",
    "la réunion": "departement 974",
    "region reunion": "region 04",
    "gironde": "departement 33",
    "33": "departement 33",
    "2a": "departement 2A",
    "974": "departement 974",
    "11": "departement 11",
    "paris": "commune 75056",
    "paris 1": "arrondissement_municipal 75101",
    "paris 13": "arrondissement_municipal 75113",
    "paris 13e": "arrondissement_municipal 75113",
    "Paris 13ème arrondissement": "arrondissement_municipal 75113",
    "75013": "arrondissement_municipal 75113",
    "lyon": "commune 69123",
    "marseille 3": "arrondissement_municipal 13203",
    "mamoudzou": "commune 97611",
    "l'hay les roses": "commune 94038",
    "L’Haÿ-les-Roses": "commune 94038",
    "hay les roses": "commune 94038",
    "st etienne du rouvray": "commune 76575",
    "ste marie reunion": "commune 97418",
    "aix": "commune 19002",
    "aix en": "commune 13001",
    "metropole lyon": "epci 200046977",
    "grand lyon": "epci 200046977",
    "bordeaux metropole": "epci 243300316",
    "mel": "epci 200093201",
    "pays basque": "epci 200067106",
    "plaine commune": "ept 200057867",
    "paca": "region 93",
    "idf": "region 11",
    "villeurbane": "commune 69266",
    "bordaux": "commune 33063",
    "nantse": "commune 44109",
    "cergi pontoise": "epci 249500109",
    "saint-germain-en-laye": "commune 78551",
    "y": "commune 80829",
    "ajaccio": "commune 2A004",
    "2a004": "commune 2A004",
    "97411": "commune 97411",
    "97401": "commune 97401",
    "249740119": "epci 249740119",
    "249 740 119": "epci 249740119",
    "corse": "region 94",
    "orlean": "commune 45234",
    "bora bora": "commune_com 98714",
    "polynesie": "collectivite_outremer 987",
    "france": "france FR",
    "canton de pessac": "canton_ville 3399",
    "pessac 2": "canton_ville 3324",
    "saint denis en": "commune 45274",
    "larochelle": "commune 17300",
}


@pytest.mark.parametrize(("tape", "attendu"), TAPES.items())
def test_what_a_person_types_leads_to_the_right_territory(recherche, tape, attendu):
    assert first(recherche, tape) == attendu


@pytest.mark.parametrize(
    ("tape", "departement", "attendu"),
    [
        ("saint denis", "974", "commune 97411"),
        ("saint denis", "93", "commune 93066"),
        ("saint denis", "11", "commune 11339"),
        ("saint denis", "FR", "commune 97411"),
        ("saint denis", "inconnu", "commune 97411"),
        ("st paul", "60", "commune 60591"),
        ("port", "09", "commune 09231"),
        ("sainte marie", "972", "commune 97228"),
        ("vienne", "38", "commune 38544"),
    ],
)
def test_the_departement_on_screen_comes_first(recherche, tape, departement, attendu):
    assert first(recherche, tape, departement) == attendu


def test_an_exact_name_elsewhere_comes_before_a_longer_name_here(recherche):
    assert first(recherche, "le port", "13") == "commune 97407"


def test_the_best_known_aix_is_second(recherche):
    assert [t.code for t in recherche.search("aix")[:3]] == ["19002", "13001", "73008"]


def test_namesakes_each_show_their_departement(recherche):
    communes = [t for t in recherche.search("saint denis") if t.libelle == "Saint-Denis" and t.maille == Maille.COMMUNE]
    assert [t.departement for t in communes] == ["974", "93", "11", "30"]
    assert communes[0].detail.startswith("commune · La Réunion (974) · 155")
    assert communes[2].detail == "commune · Aude (11) · 11310"
    assert len({t.detail for t in communes}) == 4


def test_a_former_commune_says_what_it_became(recherche):
    disparue = recherche.search("arbignieu")[0]
    assert (disparue.libelle, disparue.note) == ("Arboys en Bugey", "Arbignieu, aujourd'hui Arboys en Bugey")
    absorbee = recherche.search("pierrefitte sur seine")[0]
    assert (absorbee.code, absorbee.note) == ("93066", "Pierrefitte-sur-Seine, aujourd'hui Saint-Denis")
    assert recherche.search("78512")[0].note == "Code 78512, aujourd'hui La Queue-en-Brie"
    assert recherche.search("Arboys en Bugey")[0].note == ""


def test_details_say_level_departement_and_what_helps(recherche):
    assert recherche.search("97460")[0].detail == "commune · La Réunion (974) · 97460"
    assert recherche.search("marseille 3")[0].detail == "arrondissement municipal · Bouches-du-Rhône (13) · 13003"
    assert recherche.search("gironde")[0].detail.startswith("département · 33 · 1\u202f")
    assert recherche.search("corse")[0].detail.startswith("région · ")
    a_cheval = recherche.search("metropole du grand paris")[0]
    assert a_cheval.detail.startswith("EPCI · Paris (75) et ")
    assert "autres départements" in a_cheval.detail
    assert (a_cheval.departement, a_cheval.lien) == ("75", "territoire?territoire=epci-200054781")


def test_a_group_across_two_departements_is_here_in_both(recherche):
    index = recherche._index
    rang = index.territoires.query("maille == 'epci' and code == '200054781'").index[0]
    assert all(rang in index.par_departement[d] for d in ("75", "92", "93", "94"))
    assert rang not in index.par_departement["974"]


def test_postcode_started_lists_its_communes_by_population(recherche):
    communes = [t.libelle for t in recherche.search("974") if t.maille == Maille.COMMUNE]
    assert communes[:2] == ["Saint-Denis", "Saint-Paul"]


def test_a_departement_name_alone_does_not_list_its_communes(recherche):
    assert "Bordeaux" not in [t.libelle for t in recherche.search("gironde")]
    assert first(recherche, "bordeaux gironde") == "commune 33063"


def test_every_name_finds_itself(recherche):
    """Mille noms au hasard et tous les EPCI, tapés sans accent ni signe, dans leur département."""
    t = recherche._index.territoires
    communes = t[t.maille == "commune"].sample(1000, random_state=3)
    choisis = pd.concat([communes, t[t.maille.isin(["epci", "ept", "departement"])]])
    perdus = []
    for code, libelle, departement in zip(choisis.code, choisis.libelle, choisis.departement, strict=True):
        codes = [x.code for x in recherche.search(normalise_texte(libelle), departement)[:2]]
        if code not in codes:
            perdus.append((code, libelle, codes))
    assert perdus == []


def test_every_code_finds_its_commune(recherche):
    """Un code postal est souvent le code Insee d'une autre commune : les deux sont montrés, et se disent."""
    t = recherche._index.territoires
    communes = t[(t.maille == "commune") & (t.codes_postaux != "")].sample(500, random_state=5)
    for code, postaux in zip(communes.code, communes.codes_postaux, strict=True):
        par_insee = next(x for x in recherche.search(code) if x.code == code)
        assert par_insee.detail.endswith(f" · code Insee {code}")
        postal = postaux.split()[0]
        details = [x.detail.rsplit(" · ", 1)[1] for x in recherche.search(postal) if not x.note]
        assert set(details) <= {postal, f"code Insee {postal}"}
        assert postal in details


def test_postcode_and_insee_code_alike_put_the_larger_first(recherche):
    trouvees = recherche.search("33350")
    assert [(t.libelle, t.detail) for t in trouvees[:2]] == [
        ("Castillon-la-Bataille", "commune · Gironde (33) · 33350"),
        ("Rauzan", "commune · Gironde (33) · code Insee 33350"),
    ]
    assert len(trouvees) == 10
    assert [t.libelle for t in recherche.search("97411")] == ["Saint-Denis", "Saint-Paul"]


@pytest.mark.parametrize(
    "texte",
    ["", "   ", "\n\t", "...", "'", "-", "*", ".*", "(((", "[a-z", "\\", "%_", "\0", "é" * 10_000, "a " * 5_000,
     "9" * 10_000, "<script>alert(1)</script>", "'; DROP TABLE territoires;--", "東京", "\u202e\u0301", "ﷺ" * 80],
)  # fmt: skip
def test_hostile_text_is_answered_calmly(recherche, texte):
    debut = time.perf_counter()
    trouvees = recherche.search(texte, texte)
    assert len(trouvees) <= REPONSES_MAXIMALES
    assert time.perf_counter() - debut < 1


@pytest.mark.parametrize("texte", ["", "   ", "...", "東京", "*"])
def test_nothing_typed_finds_nothing(recherche, texte):
    assert recherche.search(texte) == []


def test_never_more_than_ten_never_twice_the_same_always_the_same_order(recherche):
    for texte in ("s", "a", "saint", "1", "2", "97", "de", "la", "communaute", "beaumont", *TAPES):
        trouvees = recherche.search(texte)
        assert len(trouvees) <= 10
        assert len({(t.maille, t.code) for t in trouvees}) == len(trouvees)
        assert recherche.search(texte) == trouvees
    assert len(recherche.search("saint")) == 10


def test_answers_do_not_depend_on_the_order_of_rows(recherche, depot):
    referentiel = Referentiel(depot / "data" / "referentiel")
    liens = build_liens(referentiel)
    territoires = build_territoires(referentiel, sum_population(referentiel, liens))
    melees = (
        x.sample(frac=1, random_state=1)
        for x in (territoires, liens, referentiel.codes_postaux, referentiel.anciennes_communes)
    )
    autre = Recherche(build_index(*melees))
    for texte in ("saint denis", "beaumont", "97", "pont", "montpelier", "grand", "974"):
        assert autre.search(texte) == recherche.search(texte)


def test_writing_is_folded():
    assert normalise_texte("  L'HAŸ-les-Roses ") == "l hay les roses"
    assert normalise_texte("Œuilly s/ Marne") == "oeuilly sur marne"
    assert normalise_texte("Ste-Foy, St-Ouen, 13ème") == "sainte foy saint ouen 13"
    assert normalise_textes(["Le Port", "Y", "...", "a\nb"]) == ["le port", "y", "", "a b"]
    assert join_mots_pleins(["le port", "saint denis sur sarthon", "les", ""]) == [
        "port",
        "saintdenissarthon",
        "les",
        "",
    ]


def differs_by_one(mot, tape):
    """Oracle : une lettre en trop, en moins, changée, ou deux voisines interverties."""
    if len(mot) == len(tape):
        ecarts = [k for k in range(len(mot)) if mot[k] != tape[k]]
        croise = len(ecarts) == 2 and ecarts[1] == ecarts[0] + 1
        croise = croise and mot[ecarts[0]] == tape[ecarts[1]] and mot[ecarts[1]] == tape[ecarts[0]]
        return len(ecarts) == 1 or croise
    court, long = sorted((mot, tape), key=len)
    return len(long) == len(court) + 1 and any(long[:k] + long[k + 1 :] == court for k in range(len(long)))


def test_one_letter_wrong_is_found_and_no_more():
    hasard = random.Random(11)
    lettres = "abcde"
    mots = sorted({"".join(hasard.choices(lettres, k=hasard.randint(4, 8))) for _ in range(3000)})
    proches = MotsProches(mots)
    for _ in range(60):
        tape = "".join(hasard.choices(lettres, k=hasard.randint(5, 8)))
        entiers, debuts = proches.find_proches(tape)
        attendus = {m for m in mots if differs_by_one(m, tape)}
        assert {m for m, oui in zip(mots, entiers, strict=True) if oui and m != tape} == attendus
        commences = {m for m in mots if any(differs_by_one(m[:k], tape) for k in range(len(m) + 1))}
        assert {m for m, oui in zip(mots, debuts, strict=True) if oui and not m.startswith(tape)} == {
            m for m in commences if not m.startswith(tape)
        }


def test_short_words_are_not_guessed():
    entiers, debuts = MotsProches(["pau", "eu", "paul"]).find_proches("paul")
    assert not entiers.any()
    assert not debuts.any()
