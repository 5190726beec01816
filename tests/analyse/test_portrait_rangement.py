from observatoire.analyse.portrait.modele import Mesure
from observatoire.analyse.portrait.questions import align, merge_nombres
from observatoire.analyse.resumes import ValeurLue
from tests.analyse.test_series import make_indicateur


def make_mesure(identifiant, nature, *, liees=(), numerateur="", type_mesure="ratio", unite="%", periode="2021"):
    fiche = make_indicateur(
        id=identifiant, nature=nature, ressources_liees=list(liees), numerateur=numerateur or identifiant,
        type_mesure=type_mesure, unite=unite,
    )  # fmt: skip
    return Mesure(fiche, periode, (ValeurLue(1.0, "publie"),), "", "")


def ids(mesures):
    return [m.indicateur.id for m in mesures]


def test_each_need_faces_its_first_free_linked_resource():
    besoins = [
        make_mesure("b1", "besoin", liees=("r1", "r2", "absente")),
        make_mesure("b2", "besoin", liees=("r1",)),
        make_mesure("b3", "besoin"),
        make_mesure("b4", "besoin", liees=("r1", "r3")),
    ]
    ressources = [make_mesure(r, "ressource") for r in ("r0", "r1", "r2", "r3")]
    lignes, autres = align(besoins, ressources)
    assert [(ligne.besoin.indicateur.id, ids(ligne.ressources)) for ligne in lignes] == [
        ("b1", ["r1", "r2"]), ("b2", []), ("b4", ["r3"]), ("b3", []),
    ]  # fmt: skip
    assert [[i.id for i in ligne.ailleurs] for ligne in lignes] == [[], ["r1"], [], []]
    assert ids(autres) == ["r0"]


def test_part_and_count_of_the_same_people_share_a_line():
    part = make_mesure("part", "besoin", numerateur="vieux")
    indice = make_mesure("indice", "besoin", numerateur="vieux", unite="pour 100")
    nombre = make_mesure("nombre", "besoin", numerateur="vieux", type_mesure="effectif", unite="personnes")
    autre_annee = make_mesure("n2", "besoin", numerateur="vieux", type_mesure="effectif", periode="2010", unite="p")
    reunies = merge_nombres([indice, nombre, part, autre_annee])
    assert ids(reunies) == ["indice", "part", "n2"]
    assert [m.nombre.indicateur.id if m.nombre else "" for m in reunies] == ["", "nombre", ""]
    # La population, numérateur d'une densité, reste elle-même.
    densite = make_mesure("densite", "contexte", numerateur="population", type_mesure="densite", unite="hab./km²")
    population = make_mesure("population", "contexte", numerateur="population", type_mesure="effectif", unite="hab.")
    assert ids(merge_nombres([densite, population])) == ["densite", "population"]
