"""Contrat de la ligne de commande (CONCEPTION §7) sur l'espace construit."""

import json

import pytest

META_MINIMALE = {"indicateur", "libelle", "unite", "maille", "periode", "cog", "source", "publication"}
CLES = {
    "code_territoire", "libelle", "modalite", "valeur", "borne_inf", "borne_sup", "statut", "marques", "couverture",
    "numerateur", "denominateur",
}  # fmt: skip


@pytest.fixture
def dans(lance, espace_construit):
    return lambda *arguments: lance("--racine", espace_construit.racine, *arguments)


@pytest.fixture
def lit(dans):
    def lit(*arguments):
        sortie = dans(*arguments, "--json")
        assert (sortie.code, sortie.erreur) == (0, "")
        return json.loads(sortie.texte, parse_constant=pytest.fail)  # ni NaN ni Infinity

    return lit


def test_valeurs_follow_the_contract(lit):
    contenu = lit(
        "valeurs", "--indicateur", "part_menages_bas_revenus", "--maille", "commune", "--departement", "974",
        "--periode", "2010",
    )  # fmt: skip
    assert set(contenu) == {"meta", "valeurs"}
    assert set(contenu["meta"]) >= META_MINIMALE
    assert (contenu["meta"]["cog"], contenu["meta"]["periode"], contenu["meta"]["unite"]) == ("2026", "2010", "%")
    assert contenu["meta"]["source"].startswith("Source : Insee")
    valeurs = contenu["valeurs"]
    assert [v["code_territoire"] for v in valeurs] == [f"974{k:02d}" for k in range(1, 25)]
    # Une clé de plus que le contrat : la période du dénominateur, que rien d'autre ne dit.
    assert set(valeurs[0]) == CLES | {"periode_denominateur"}
    port = valeurs[7 - 1]
    assert (port["libelle"], port["marques"], port["couverture"]) == ("Le Port", [], 1.0)
    for v in valeurs:
        assert v["borne_inf"] <= v["valeur"] <= v["borne_sup"]


def test_typologie_has_one_line_per_class(lit):
    zones = lit("valeurs", "-i", "zone_abc", "-m", "epci", "-d", "974")["valeurs"]
    for code in {v["code_territoire"] for v in zones}:
        parts = [v["valeur"] for v in zones if v["code_territoire"] == code]
        assert sum(parts) == pytest.approx(100)


def test_valeurs_in_a_table(dans):
    sortie = dans("valeurs", "-i", "part_menages_bas_revenus", "-m", "département", "-d", "974")
    assert sortie.code == 0
    assert "La Réunion" in sortie.texte
    assert "31,5\N{NO-BREAK SPACE}%" in sortie.texte


FAUTES = [
    (
        ["-i", "part_menage_bas_revenu", "-m", "commune"],
        "« part_menage_bas_revenu » n'existe pas",
        "part_menages_bas_revenus",
    ),
    (["-i", "zone_abc", "-m", "comune"], "Le niveau « comune » n'existe pas", "commune"),
    (["-i", "zone_abc", "-m", "iris"], "n'est pas publié au niveau « iris »", "Niveaux publiés : commune"),
    (["-i", "zone_abc", "-m", "commune", "-p", "1999"], "n'existe pas en « 1999 »", "Périodes publiées : 2024"),
    (["-i", "zone_abc", "-m", "commune", "-d", "999"], "Aucun territoire de niveau « département »", "« 999 »"),
]


@pytest.mark.parametrize(("arguments", "message", "aide"), FAUTES)
def test_appel_inconnu_says_what_exists(dans, arguments, message, aide):
    sortie = dans("valeurs", *arguments)
    assert (sortie.code, sortie.texte) == (2, "")
    assert message in sortie.erreur
    assert aide in sortie.erreur


NOMBRES = {
    "commune": 34_875, "arrondissement_municipal": 45, "departement": 101, "region": 18, "epci": 1_255, "ept": 11,
    "commune_com": 94, "france": 1,
}  # fmt: skip


@pytest.mark.parametrize(("maille", "nombre"), NOMBRES.items())
def test_nombre_de_territoires(lit, maille, nombre):
    contenu = lit("territoires", "--maille", maille)
    assert set(contenu) == {"meta", "territoires"}
    assert len(contenu["territoires"]) == contenu["meta"]["nombre"][maille] == nombre
    assert {"maille", "code", "libelle"} <= set(contenu["territoires"][0])
    assert {t["maille"] for t in contenu["territoires"]} == {maille}
    assert len({t["code"] for t in contenu["territoires"]}) == nombre


def test_communes_des_collectivites_are_apart(lit):
    communes = {t["code"] for t in lit("territoires", "-m", "commune")["territoires"]}
    collectivites = {t["code"] for t in lit("territoires", "-m", "commune_com")["territoires"]}
    assert not communes & collectivites
    assert {c[:3] for c in collectivites} <= {"975", "977", "978", "986", "987", "988", "984", "989"}


def test_tous_les_territoires_at_once(lit):
    nombre = lit("territoires")["meta"]["nombre"]
    assert {m: nombre[m] for m in NOMBRES} == NOMBRES


def test_territoires_d_un_departement(lit):
    assert len(lit("territoires", "-m", "commune", "-d", "974")["territoires"]) == 24
    assert len(lit("territoires", "-m", "epci", "-d", "974")["territoires"]) == 5


def test_epci_a_cheval_is_in_each_of_its_departements(lit):
    # CA Redon Agglomération touche l'Ille-et-Vilaine, la Loire-Atlantique et le Morbihan.
    for departement in ("35", "44", "56"):
        codes = [t["code"] for t in lit("territoires", "-m", "epci", "-d", departement)["territoires"]]
        assert "243500741" in codes


def test_publication_du_moment_is_listed(lit, espace_construit):
    publications = lit("publication", "lister")["publications"]
    assert [p["courante"] for p in publications].count(True) == 1
    assert all(p["cog"] == "2026" for p in publications)
