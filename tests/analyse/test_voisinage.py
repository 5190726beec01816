"""Voisins, parents et composants : des faits de carte, lus sur le référentiel livré."""

import time
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely

from observatoire.analyse.rattachements import Rattachements
from observatoire.analyse.territoires import Territoires
from observatoire.analyse.voisinage import (
    Lien,
    explain_sans_voisin,
    list_composants,
    list_parents,
    list_voisins,
)
from observatoire.config import RACINE_DEPOT, Espace
from observatoire.errors import TerritoireInconnuError
from observatoire.modeles.mailles import Maille
from observatoire.publication.tables import build_liens, build_territoires
from observatoire.territoires.referentiel import Referentiel

CINOR, TCO, CIREST, GRAND_PARIS = "249740119", "249740101", "249740093", "200054781"
BUDGET_MS = 20


@pytest.fixture(scope="module")
def consultation():
    """Les territoires d'une publication, sans ses valeurs : rien d'autre n'est lu ici."""
    espace = Espace(RACINE_DEPOT)
    referentiel = Referentiel(espace.referentiel)
    sans_population = pd.Series(dtype=float, index=pd.MultiIndex.from_arrays([[], []]))
    territoires = Territoires(build_territoires(referentiel, sans_population), build_liens(referentiel))
    return SimpleNamespace(espace=espace, territoires=territoires)


def noms(liens):
    return [lien.libelle for lien in liens]


def codes(liens):
    return {lien.code for lien in liens}


# --- Voisins ---------------------------------------------------------------------------------------


def test_voisins_d_une_commune(consultation):
    assert noms(list_voisins(consultation, Maille.COMMUNE, "97411")) == ["La Possession", "Sainte-Marie", "Salazie"]
    salazie = list_voisins(consultation, Maille.COMMUNE, "97421")
    assert Lien(Maille.COMMUNE, "97402", "Bras-Panon") in salazie
    assert len(salazie) == 8


def test_voisins_des_epci_de_la_reunion(consultation):
    assert codes(list_voisins(consultation, Maille.EPCI, CINOR)) == {TCO, CIREST}
    assert CINOR in codes(list_voisins(consultation, Maille.EPCI, CIREST))


@pytest.mark.parametrize(
    ("maille", "code", "attendus"),
    [
        (Maille.DEPARTEMENT, "33", ["Charente-Maritime", "Dordogne", "Landes", "Lot-et-Garonne"]),
        (Maille.DEPARTEMENT, "75", ["Hauts-de-Seine", "Seine-Saint-Denis", "Val-de-Marne"]),
        (Maille.DEPARTEMENT, "29", ["Côtes-d'Armor", "Morbihan"]),
        (Maille.DEPARTEMENT, "2A", ["Haute-Corse"]),
        (Maille.REGION, "11", [
            "Bourgogne-Franche-Comté", "Centre-Val de Loire", "Grand Est", "Hauts-de-France", "Normandie",
        ]),
        (Maille.REGION, "53", ["Normandie", "Pays de la Loire"]),
        (Maille.EPT, "200057867", ["Boucle Nord de Seine", "Est Ensemble", "Paris Terres d'Envol"]),
    ],
)  # fmt: skip
def test_voisins_faits_de_communes(consultation, maille, code, attendus):
    assert noms(list_voisins(consultation, maille, code)) == attendus


def test_detail_names_another_departement_only(consultation):
    paris = {v.libelle: v.detail for v in list_voisins(consultation, Maille.COMMUNE, "75056")}
    assert paris["Vincennes"] == "Val-de-Marne"
    assert paris["Saint-Denis"] == "Seine-Saint-Denis"
    assert set(paris.values()) == {"Hauts-de-Seine", "Seine-Saint-Denis", "Val-de-Marne"}
    # Un EPCI de la Vienne : le détail de ses voisins ne nomme que les Deux-Sèvres.
    poitiers = list_voisins(consultation, Maille.EPCI, "200069854")
    assert Lien(Maille.EPCI, "200041994", "CC Haut Val de Sèvre", "Deux-Sèvres") in poitiers
    assert {v.detail for v in poitiers} == {"", "Deux-Sèvres"}


def test_arrondissements_are_in_the_order_people_count(consultation):
    voisins = list_voisins(consultation, Maille.ARRONDISSEMENT_MUNICIPAL, "75118")
    assert noms(voisins) == [
        "Aubervilliers",
        *(f"Paris {n}e Arrondissement" for n in (9, 10, 17, 19)),
        "Saint-Denis",
        "Saint-Ouen-sur-Seine",
    ]
    assert voisins[0].maille is Maille.COMMUNE
    assert voisins[1].maille is Maille.ARRONDISSEMENT_MUNICIPAL


def test_alphabetical_order_ignores_accents(consultation):
    communes = noms(list_composants(consultation, Maille.DEPARTEMENT, "69")[Maille.COMMUNE])
    rangs = [communes.index(nom) for nom in ("Duerne", "Écully", "Émeringes", "Fleurie")]
    assert rangs == sorted(rangs)


@pytest.mark.parametrize("maille", [Maille.EPCI, Maille.DEPARTEMENT, Maille.REGION, Maille.ARRONDISSEMENT])
def test_voisinage_is_symmetric(consultation, maille):
    tous = consultation.territoires.list_territoires(maille).code
    autour = {code: codes(list_voisins(consultation, maille, code)) for code in tous}
    assert all(code in autour[voisin] for code, voisins in autour.items() for voisin in voisins)
    assert all(code not in voisins for code, voisins in autour.items())


def test_departements_agree_with_their_dissolved_outlines(consultation):
    """Second calcul : les contours réunis par département, puis la longueur commune de leurs bords."""
    contours = Referentiel(consultation.espace.referentiel).load_contours()
    departement = contours.code.str[:2].where(~contours.code.str.startswith("97"), contours.code.str[:3])
    reunis = {c: shapely.coverage_union_all(g.to_numpy()) for c, g in contours.geometry.groupby(departement)}
    liste = list(reunis)
    geometries = shapely.boundary(list(reunis.values()))
    trouves = {c: set() for c in liste}
    for i, j in zip(*shapely.STRtree(geometries).query(geometries, predicate="intersects"), strict=True):
        if i != j and shapely.length(shapely.intersection(geometries[i], geometries[j])) > 0:
            trouves[liste[i]].add(liste[j])
    assert len(trouves) == 101
    for code, attendus in trouves.items():
        assert codes(list_voisins(consultation, Maille.DEPARTEMENT, code)) == attendus, code


@pytest.mark.parametrize(
    ("maille", "code", "phrase"),
    [
        (Maille.COMMUNE, "29083", "Aucune autre commune ne touche ce territoire par la terre."),
        (Maille.DEPARTEMENT, "973", "Aucun autre département français ne touche ce territoire par la terre."),
        (Maille.REGION, "94", "Aucune autre région française ne touche ce territoire par la terre."),
        (Maille.IRIS, "974110101", "Les voisins des IRIS ne sont pas connus : leurs contours ne sont pas livrés."),
        (Maille.FRANCE, "FR", ""),
    ],
)
def test_no_neighbour_is_said_never_invented(consultation, maille, code, phrase):
    assert list_voisins(consultation, maille, code) == []
    assert explain_sans_voisin(maille) == phrase


# --- Parents ---------------------------------------------------------------------------------------


def test_parents_from_the_widest_to_the_nearest(consultation):
    parents = list_parents(consultation, Maille.COMMUNE, "97418")
    assert [(p.maille, p.libelle) for p in parents][:4] == [
        (Maille.FRANCE, "France"),
        (Maille.REGION, "La Réunion"),
        (Maille.DEPARTEMENT, "La Réunion"),
        (Maille.EPCI, "CA Intercommunale du Nord de la Réunion (CINOR)"),
    ]
    assert [p.maille for p in parents][4:] == [Maille.CANTON_VILLE, Maille.ARRONDISSEMENT]


def test_arrondissement_municipal_has_its_commune(consultation):
    parents = list_parents(consultation, Maille.ARRONDISSEMENT_MUNICIPAL, "75118")
    assert parents[-1] == Lien(Maille.COMMUNE, "75056", "Paris")
    assert noms(parents)[:4] == ["France", "Île-de-France", "Paris", "Métropole du Grand Paris"]


def test_epci_astride_departements_says_so(consultation):
    parents = list_parents(consultation, Maille.EPCI, GRAND_PARIS)
    departements = [p for p in parents if p.maille is Maille.DEPARTEMENT]
    assert {"Paris", "Hauts-de-Seine", "Seine-Saint-Denis", "Val-de-Marne"} < set(noms(departements))
    assert {p.detail for p in departements} == {"en partie"}
    assert [p.detail for p in list_parents(consultation, Maille.EPCI, CINOR)] == ["", "", ""]


def test_iris_of_a_merged_commune_leads_to_the_living_one(consultation):
    # Haut Valromey a absorbé, après 2023, la commune de cet IRIS.
    parents = list_parents(consultation, Maille.IRIS, "013300000")
    assert parents[-1] == Lien(Maille.COMMUNE, "01187", "Haut Valromey")
    siens = list_composants(consultation, Maille.COMMUNE, "01187")[Maille.IRIS]
    assert {"013300000", "011870000"} <= codes(siens)


def test_france_has_no_parent_and_a_commune_d_outre_mer_its_collectivite(consultation):
    assert list_parents(consultation, Maille.FRANCE, "FR") == []
    assert noms(list_parents(consultation, Maille.COMMUNE_COM, "97502")) == ["Saint-Pierre-et-Miquelon"]


# --- Composants ------------------------------------------------------------------------------------


def test_composants_of_each_level(consultation):
    epci = list_composants(consultation, Maille.EPCI, CINOR)
    assert {m: noms(c) for m, c in epci.items()} == {
        Maille.COMMUNE: ["Saint-Denis", "Sainte-Marie", "Sainte-Suzanne"],
    }
    reunion = list_composants(consultation, Maille.DEPARTEMENT, "974")
    assert {m: len(c) for m, c in reunion.items()} == {Maille.EPCI: 5, Maille.COMMUNE: 24}
    region = list_composants(consultation, Maille.REGION, "53")
    assert noms(region[Maille.DEPARTEMENT]) == ["Côtes-d'Armor", "Finistère", "Ille-et-Vilaine", "Morbihan"]
    france = list_composants(consultation, Maille.FRANCE, "FR")
    assert {m: len(c) for m, c in france.items()} == {Maille.REGION: 18, Maille.DEPARTEMENT: 101}


def test_commune_has_arrondissements_or_iris_or_nothing(consultation):
    assert {m: len(c) for m, c in list_composants(consultation, Maille.COMMUNE, "75056").items()} == {
        Maille.ARRONDISSEMENT_MUNICIPAL: 20,
    }
    assert len(list_composants(consultation, Maille.COMMUNE, "97421")[Maille.IRIS]) == 8
    # Un seul IRIS : la commune n'est pas découpée.
    assert list_composants(consultation, Maille.COMMUNE, "29083") == {}
    assert list_composants(consultation, Maille.IRIS, "974110101") == {}


def test_composants_go_back_to_their_parent(consultation):
    for enfant in list_composants(consultation, Maille.DEPARTEMENT, "33")[Maille.COMMUNE][:50]:
        assert "33" in codes(list_parents(consultation, Maille.COMMUNE, enfant.code))


def test_territoire_inconnu_is_refused(consultation):
    for lire in (list_voisins, list_parents, list_composants):
        with pytest.raises(TerritoireInconnuError):
            lire(consultation, Maille.COMMUNE, "97499")


def test_everything_is_read_quickly_once_warm(consultation):
    demandes = [
        (Maille.COMMUNE, "97411"),
        (Maille.EPCI, GRAND_PARIS),
        (Maille.DEPARTEMENT, "33"),
        (Maille.REGION, "75"),
    ]
    for lire in (list_voisins, list_parents, list_composants):
        for demande in demandes:
            durees = []
            for _ in range(4):
                debut = time.perf_counter()
                lire(consultation, *demande)
                durees.append((time.perf_counter() - debut) * 1000)
            assert min(durees[1:]) < BUDGET_MS, (lire.__name__, demande, durees)


# --- Rangs -----------------------------------------------------------------------------------------


def test_unknown_parent_has_no_child_even_when_orphans_exist():
    table = pd.DataFrame(
        [("commune", c, c, "01") for c in ("01001", "01002", "01003")],
        columns=["maille", "code", "libelle", "code_departement"],
    )
    liens = pd.DataFrame(
        [("commune", "01003", "epci", "E1"), ("commune", "01001", "epci", "E2")],
        columns=["maille_enfant", "code_enfant", "maille_parent", "code_parent"],
    )
    rangs = Rattachements(table, liens).between(Maille.COMMUNE, Maille.EPCI)
    assert rangs.list_enfants("E1").tolist() == ["01003"]
    assert rangs.list_enfants("E9").tolist() == []
    assert rangs.list_parents(pd.Index(["01001", "01002", "01003", "99"])).tolist() == ["E1", "E2"]
    assert Rattachements(table, liens).between(Maille.COMMUNE, Maille.REGION).list_enfants("11").tolist() == []
