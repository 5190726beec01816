"""Un fichier déposé, de ses octets à ses lots : rien ne se perd, rien ne se devine, tout se dit."""

import numpy as np
import pytest

from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.ingestion.vers_socle import lots_to_variables
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.modeles.statuts import Statut
from tests.territoires.petit_referentiel import write_petit_referentiel


@pytest.fixture(scope="module")
def referentiel(tmp_path_factory):
    return write_petit_referentiel(tmp_path_factory.mktemp("referentiel"))


def build_source(variables=None, **autres):
    fiche = {
        "id": "essai",
        "libelle": "Source d'essai",
        "producteur": "Essai",
        "licence": "Licence Ouverte",
        "rythme": "annuel",
        "maille": "commune",
        "colonne_code": "code",
        "marques_secret": ["s"],
        "marques_absence": ["nd"],
        "variables": variables or {"foyers": {"libelle": "Foyers", "unite": "foyers", "colonne": "foyers"}},
    }
    return Source.model_validate(fiche | autres)


@pytest.fixture
def controle(tmp_path, referentiel):
    """Écrit un texte dans un fichier et le contrôle."""

    def controle(texte, source=None, *, nom="essai.csv", **demande):
        chemin = tmp_path / nom
        chemin.write_text(texte, encoding="utf-8")
        return read_livraison(chemin, source or build_source(), referentiel, Demande(**({"periode": "2025"} | demande)))

    return controle


def bloquants(rapport):
    return [a for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT]


def lit(rapport, variable="foyers", lot=0):
    lot = rapport.lots[lot]
    return dict(zip(lot.codes, lot.mesures[variable].valeur.tolist(), strict=True))


def statuts(rapport, variable="foyers"):
    lot = rapport.lots[0]
    return {c: list(Statut)[r] for c, r in zip(lot.codes, lot.mesures[variable].statut, strict=True)}


COMPLET = "code;foyers\n01001;10\n01002;20\n02001;1 234\n02002;4,5\n02009;0\n"


def test_fichier_sain_gives_a_lot(controle):
    rapport = controle(COMPLET)
    assert not bloquants(rapport)
    assert lit(rapport) == {"01001": 10, "01002": 20, "02001": 1234, "02002": 4.5, "02009": 0}
    assert (rapport.lignes_lues, rapport.lignes_retenues) == (5, 5)
    assert rapport.lots[0].cog == "2026"


def test_lignes_are_the_producer_s(controle):
    rapport = controle("Titre du tableau\n\ncode;foyers\n01001;10\n01002;20\n02001;3\n02002;x\n02009;5\n")
    (faute,) = bloquants(rapport)
    assert (faute.code, faute.ligne, faute.valeur, faute.colonne) == ("nombre_illisible", 7, "x", "foyers")
    assert "marques_secret" in faute.suggestion


def test_marque_and_vide_are_not_zero(controle):
    rapport = controle("code;foyers\n01001;s\n01002;nd\n02001;\n02002;0\n02009;7\n")
    assert statuts(rapport) == {
        "01001": Statut.SECRET,
        "01002": Statut.NON_DISPONIBLE,
        "02001": Statut.NON_DISPONIBLE,
        "02002": Statut.PUBLIE,
        "02009": Statut.PUBLIE,
    }
    assert np.isnan(lit(rapport)["02001"])


@pytest.mark.parametrize(("sens", "statut"), [("secret", Statut.SECRET), ("zero", Statut.PUBLIE)])
def test_vide_says_what_the_source_declares(controle, sens, statut):
    rapport = controle("code;foyers\n01001;\n01002;2\n02001;3\n", build_source(vide=sens))
    assert statuts(rapport)["01001"] is statut


def test_zeros_de_tete_are_given_back_and_told(controle):
    rapport = controle("code;foyers\n1001;10\n1002;20\n2001;3\n")
    assert set(lit(rapport)) == {"01001", "01002", "02001"}
    assert any(a.code == "zeros_rendus" and "3" in a.message for a in rapport.anomalies)


def test_code_inconnu_refuses_with_its_mass_and_line(controle):
    rapport = controle("code;foyers\n01001;10\n01999;250\n")
    (faute,) = bloquants(rapport)
    assert (faute.code, faute.ligne, faute.valeur) == ("code_inconnu", 3, "01999")
    assert "250" in faute.message
    assert "codes_corriges" in faute.suggestion


@pytest.mark.parametrize("motif", ["01999", "019*", "(inconnu)"])
def test_code_ignore_is_declared_and_weighed(controle, motif):
    source = build_source(codes_ignores={motif: "hors du champ"})
    rapport = controle("code;foyers\n01001;10\n01999;250\n01999;5\n", source)
    assert not bloquants(rapport)
    (ecarte,) = rapport.ecartes
    assert (ecarte.code, ecarte.nombre, ecarte.masse, ecarte.declare) == ("01999", 2, {"foyers": 255.0}, True)
    assert any(a.code == "codes_ecartes" and "255" in a.message for a in rapport.anomalies)


def test_code_vide_is_named(controle):
    assert any("(vide)" in str(a) for a in bloquants(controle("code;foyers\n01001;10\n;250\n")))
    source = build_source(codes_ignores={"(vide)": "non localisés"})
    rapport = controle("code;foyers\n01001;10\n;250\n", source)
    assert rapport.ecartes[0].masse == {"foyers": 250.0}


def test_code_corrige_is_applied_and_told(controle):
    rapport = controle("code;foyers\n1OO1;10\n01002;2\n", build_source(codes_corriges={"1OO1": "01001"}))
    assert lit(rapport) == {"01001": 10, "01002": 2}
    assert any(a.code == "codes_corriges" for a in rapport.anomalies)


def test_total_known_elsewhere_can_be_ignored(controle):
    """Un code du référentiel que la source écarte n'entre pas, même s'il est valide."""
    rapport = controle("code;foyers\n01001;10\n01002;2\n", build_source(codes_ignores={"01002": "compté ailleurs"}))
    assert set(lit(rapport)) == {"01001"}


def test_millesime_is_recognised(controle):
    rapport = controle("code;foyers\n01001;1\n01002;2\n01003;3\n02001;4\n02002;5\n")
    assert rapport.lots[0].cog == "2025"


@pytest.mark.parametrize(
    ("autre", "gravite"),
    [
        ("02001", Gravite.INFORMATION),  # ces communes n'ont pas changé : le choix est sans effet
        ("01002", Gravite.A_REGARDER),  # celle-ci a absorbé 01003 : même code, autre commune
    ],
)
def test_ex_aequo_are_told(controle, autre, gravite):
    rapport = controle(f"code;foyers\n01001;1\n{autre};4\n")
    (dite,) = [a for a in rapport.anomalies if a.code == "millesime_ex_aequo"]
    assert "2025" in dite.message
    assert dite.gravite is gravite


def test_colonne_absente_names_both_sides(controle):
    (absente, imprevue) = bloquants(controle("code;nb_foyers\n01001;1\n"))
    assert (absente.code, absente.colonne) == ("colonne_absente", "foyers")
    assert "nb_foyers" in absente.message
    assert (imprevue.code, imprevue.colonne) == ("colonne_non_declaree", "nb_foyers")
    assert "foyers" in imprevue.message


def test_colonne_is_mapped_by_millesime(controle):
    source = build_source(millesimes={"2025": {"colonnes": {"foyers": "nb_foyers"}}})
    assert lit(controle("code;nb_foyers\n01001;1\n", source)) == {"01001": 1}
    assert bloquants(controle("code;nb_foyers\n01001;1\n", source, periode="2024"))


def test_annee_in_a_column_gives_the_period(controle):
    source = build_source({"foyers": {"libelle": "F", "unite": "f", "colonne": "F{aa}"}})
    rapport = controle("code;F19\n01001;1\n", source, periode="")
    assert rapport.lots[0].periode == "2019"


def test_periode_missing_stops(controle):
    (faute,) = bloquants(controle(COMPLET, periode=""))
    assert faute.code == "periode_inconnue"


def test_colonne_de_periode_splits_the_file(controle):
    source = build_source(periode={"colonne": "mois", "forme": "AAAA-MM", "retenir": ["*-12"]})
    rapport = controle("code;mois;foyers\n01001;2023-12;1\n01001;2024-12;2\n01001;2024-06;9\n", source, periode="")
    assert {lot.periode: lot.mesures["foyers"].valeur.tolist() for lot in rapport.lots} == {"2023": [1], "2024": [2]}


def test_mois_is_not_an_annee(controle):
    source = build_source(periode={"colonne": "mois", "forme": "AAAA"})
    (faute,) = bloquants(controle("code;mois;foyers\n01001;202412;1\n", source, periode=""))
    assert (faute.code, faute.ligne) == ("periode_illisible", 2)


def test_doublon_is_refused_with_its_lines(controle):
    (faute,) = bloquants(controle("code;foyers\n01001;1\n01002;2\n01001;3\n"))
    assert (faute.code, faute.valeur, faute.ligne) == ("doublon", "01001", 4)
    assert "2, 4" in faute.message


def test_somme_is_unknown_when_a_part_is(controle):
    source = build_source({"foyers": {"libelle": "F", "unite": "f", "colonne": "foyers", "agregat": "somme"}})
    rapport = controle("code;foyers\n01001;1\n01001;2\n01002;5\n01002;s\n02001;4\n02001;nd\n", source)
    assert lit(rapport)["01001"] == 3
    assert np.isnan(lit(rapport)["01002"])
    assert statuts(rapport) == {"01001": Statut.PUBLIE, "01002": Statut.SECRET, "02001": Statut.NON_DISPONIBLE}


def test_table_en_long_is_read_by_modalite(controle):
    variables = {
        "femmes": {"libelle": "F", "unite": "p", "colonne": "n", "ou": {"sexe": ["F"]}},
        "tous": {"libelle": "T", "unite": "p", "colonne": "n", "ou": {"sexe": ["_T"]}},
    }
    source = build_source(variables)
    rapport = controle("code;sexe;n\n01001;F;4\n01001;_T;9\n01002;F;1\n01002;_T;2\n", source)
    assert lit(rapport, "femmes") == {"01001": 4, "01002": 1}
    assert lit(rapport, "tous") == {"01001": 9, "01002": 2}


def test_filtre_counts_what_it_leaves(controle):
    rapport = controle("code;niveau;foyers\n01001;COM;1\n01;DEP;9\n", build_source(filtres={"niveau": ["COM"]}))
    assert lit(rapport) == {"01001": 1}
    assert any(a.code == "lignes_filtrees" and a.message.startswith("1 ligne(s)") for a in rapport.anomalies)


def test_two_levels_in_one_file_make_two_lots(controle):
    source = build_source(
        filtres={"niveau": ["COM"]}, niveaux=[{"maille": "departement", "filtres": {"niveau": ["DEP"]}}]
    )
    rapport = controle("code;niveau;foyers\n01001;COM;1\n01;DEP;9\n", source)
    assert [(lot.maille, lot.mesures["foyers"].valeur.tolist()) for lot in rapport.lots] == [
        (Maille.COMMUNE, [1]),
        (Maille.DEPARTEMENT, [9]),
    ]


def test_code_in_two_columns_is_joined(controle):
    source = build_source(code_parties=[{"colonne": "dep", "fin": 2}, {"colonne": "com", "largeur": 3}])
    assert set(lit(controle("dep;com;foyers\n010;1;5\n020;009;6\n", source))) == {"01001", "02009"}


def test_colonne_ignoree_passes(controle):
    rapport = controle("code;libelle;foyers\n01001;Un;1\n", build_source(colonnes_ignorees=["lib*"]))
    assert not bloquants(rapport)


def test_arrondi_gives_bounds(controle):
    source = build_source({"foyers": {"libelle": "F", "unite": "f", "colonne": "foyers", "arrondi": 5}})
    variables = lots_to_variables(controle("code;foyers\n01001;10\n01002;0\n", source).lots, source, livraison="x")
    lues = variables.set_index("code_territoire")
    assert lues.loc["01001", ["borne_inf", "borne_sup", "statut"]].tolist() == [8, 12, "arrondi"]
    assert lues.loc["01002", ["borne_inf", "borne_sup"]].tolist() == [0, 2]


def test_categorie_makes_a_modalite_per_class(controle):
    source = build_source({"zone": {"libelle": "Z", "unite": "z", "colonne": "zone", "categorie": True}})
    rapport = controle("code;zone\n01001;A\n01002;B\n02001;A\n", source)
    variables = lots_to_variables(rapport.lots, source, livraison="x")
    assert variables[["code_territoire", "modalite"]].to_numpy().tolist() == [
        ["01001", "A"],
        ["02001", "A"],
        ["01002", "B"],
    ]


def test_facteur_and_seuil(controle):
    variables = {
        "montant": {"libelle": "M", "unite": "€", "colonne": "k", "facteur": 1000},
        "faible": {"libelle": "F", "unite": "oui", "colonne": "k", "moins_de": 2.5, "additive": False},
    }
    rapport = controle("code;k\n01001;1,5\n01002;3\n", build_source(variables))
    assert lit(rapport, "montant") == {"01001": 1500, "01002": 3000}
    assert lit(rapport, "faible") == {"01001": 1, "01002": 0}


def test_millesime_has_its_own_geography_and_exclusions(controle):
    """Deux années dans un fichier, deux géographies : la commune disparue n'existe que dans la première."""
    source = build_source(
        periode={"colonne": "an", "forme": "AAAA"},
        millesimes={"2024": {"cog": "2025"}, "2025": {"cog": "2026", "codes_ignores": {"01003": "réunie à 01002"}}},
    )
    texte = "code;an;foyers\n01001;2024;1\n01003;2024;3\n01001;2025;2\n01003;2025;9\n"
    rapport = controle(texte, source, periode="")
    assert not bloquants(rapport)
    assert {lot.periode: (lot.cog, list(lot.codes)) for lot in rapport.lots} == {
        "2024": ("2025", ["01001", "01003"]),
        "2025": ("2026", ["01001"]),
    }
    assert [(e.code, e.masse) for e in rapport.ecartes] == [("01003", {"foyers": 9.0})]


def test_column_of_a_level_has_its_own_name(controle):
    source = build_source(
        {"mediane": {"libelle": "M", "unite": "€", "colonne": "Q2{aa}", "additive": False}},
        niveaux=[{"maille": "departement", "colonne_code": "dep", "colonnes": {"Q2{aa}": "MED{aa}"}}],
    )
    rapport = controle("dep;MED19\n01;21 000\n02;19 500\n", source, periode="", maille=Maille.DEPARTEMENT)
    assert not bloquants(rapport)
    (lot,) = rapport.lots
    assert (lot.maille, lot.periode, lot.mesures["mediane"].valeur.tolist()) == (
        Maille.DEPARTEMENT,
        "2019",
        [21_000, 19_500],
    )


def test_variable_of_another_level_is_not_expected(controle):
    source = build_source(
        {
            "foyers": {"libelle": "F", "unite": "f", "colonne": "foyers"},
            "taux": {"libelle": "T", "unite": "%", "colonne": "taux", "mailles": ["iris"], "additive": False},
        }
    )
    rapport = controle(COMPLET, source)
    assert not bloquants(rapport)
    assert list(rapport.lots[0].mesures) == ["foyers"]


def test_noms_de_communes_need_a_validated_table(controle):
    source = build_source(colonne_code="commune")
    assert any(a.code == "code_inconnu" for a in bloquants(controle("commune;foyers\nBourg;1\n", source)))
    validee = build_source(colonne_code="commune", noms_communes={"Bourg": "01001"})
    assert lit(controle("commune;foyers\nBourg;1\n", validee)) == {"01001": 1}


HORAIRES = {
    "ressource": {
        "type": "guichet", "libelle": "guichet", "libelle_pluriel": "guichets", "lettre": "G",
        "problematiques": ["essai"], "colonne_id": "id", "colonne_nom": "nom", "colonne_code_commune": "code",
        "colonnes_horaires": {"lundi": "lun", "samedi": "sam"},
    },
}  # fmt: skip


def test_heures_of_each_day_give_the_week(controle):
    variables = {
        "heures": {"libelle": "H", "unite": "h", "colonne": "heures_hebdomadaires", "agregat": "somme"},
        "lieux": {"libelle": "L", "unite": "lieux", "agregat": "compte"},
    }
    texte = (
        "id;nom;code;lun;sam\n1;Mairie annexe;01001;09:00 - 12:00 / 14h - 17h30;\n"
        "2;Relais du bourg;01001;9h-12h;\n3;Point accueil;01002;sur rendez-vous;\n"
    )
    rapport = controle(texte, build_source(variables, **HORAIRES))
    assert not bloquants(rapport)
    assert lit(rapport, "lieux") == {"01001": 2, "01002": 1}
    assert lit(rapport, "heures")["01001"] == 9.5
    assert np.isnan(lit(rapport, "heures")["01002"]), "un horaire illisible est inconnu, non nul"


def test_liste_de_lieux_vide_is_told_not_crashed(controle):
    rapport = controle("id;nom;code;lun;sam\n", build_source(**HORAIRES))
    assert rapport.lots == ()
