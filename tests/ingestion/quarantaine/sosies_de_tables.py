"""Sosies par leur forme : codes techniques, séries, documentation, listes sans territoire."""

from __future__ import annotations

from datetime import date, timedelta

from tests.ingestion.quarantaine.fabrique import COMMUNES, Hasard, build_table


def build_sosies_de_tables(graine: int) -> dict[str, tuple]:
    """Table et source (facultative) de chaque fichier légitime, par nom."""
    sosies = {}

    def add(nom, colonnes):
        sosies[nom] = build_table(colonnes)

    def h(lignes=60):
        return Hasard(graine * 1000 + 700 + len(sosies), lignes)

    x = h()
    add(
        "decimales_longues",
        {"codgeo": x.communes_distinctes(), "P16_POP": x.column(lambda: f"{x.r.random() * 9000:.11f}")},
    )
    x = h()
    add(
        "identifiants_quinze_chiffres",
        {"id_objet": x.chiffres(14, "9"), "insee_com": x.communes_distinctes(), "surface": x.entiers(100, 900)},
    )
    x = h(2000)
    add(
        "codes_techniques_quinze_chiffres",
        {
            "cle": x.chiffres(14, "1"),
            "insee_com": [f"{1 + i // 900:02d}{1 + i % 900:03d}" for i in range(2000)],
            "nombre": x.entiers(100, 900),
        },
    )
    x = h()
    add(
        "series_mensuelles",
        {
            "date": [f"{2019 + i // 12}-{1 + i % 12:02d}-01" for i in range(60)],
            "departement": ["33"] * 60,
            "demandeurs": x.entiers(40000, 70000),
        },
    )
    x = h(1200)
    add(
        "series_journalieres",
        {
            "jour": [str(date(2012, 1, 1) + timedelta(days=7 * (i // 2))) for i in range(1200)],
            "dep": ["33", "40"] * 600,
            "hospitalisations": x.entiers(10, 900),
        },
    )
    x = h()
    add(
        "deciles_par_sexe_et_age",
        {
            "departement": [f"{1 + i // 12:02d}" for i in range(60)],
            "sexe": x.parcourt(["Femmes", "Hommes"]),
            "âge": [f"{15 + 5 * (i // 2 % 6)} à {19 + 5 * (i // 2 % 6)} ans" for i in range(60)],
            "taux_chomage": x.column(lambda: f"{x.r.random() * 20:.1f}".replace(".", ",")),
        },
    )
    x = h(202)
    add(
        "population_par_age",
        {
            "dep": ["33"] * 202,
            "age": [str(i // 2) for i in range(202)],
            "sexe": ["1", "2"] * 101,
            "population": x.entiers(800, 9000),
        },
    )
    x = h()
    add("presence_de_services", {"codgeo": x.communes_distinctes(), "nb_maternites": ["1"] * 60})
    x = h()
    add(
        "metiers_par_bassin",
        {
            "bassin": [f"75{i // 6:02d}" for i in range(60)],
            "metier": x.parcourt(
                ["Aides à domicile", "Agents d'entretien", "Cuisiniers", "Infirmiers", "Maçons", "Serveurs"]
            ),
            "met": x.entiers(1, 900),
        },
    )
    x = h()
    add(
        "documentation",
        {
            "Variable": [f"P21_VAR{i}" for i in range(60)],
            "Libellé": [f"Nombre de personnes de la classe {i}" for i in range(60)],
        },
    )
    x = h(8)
    add(
        "notes_avec_contact",
        {
            "Notes": [
                "Champ : France",
                "Source : producteur",
                "Contact : statistiques@exemple.gouv.fr",
                "Téléphone du service : voir le site",
                "Lecture",
                "Note 1",
                "Note 2",
                "Note 3",
            ]
        },
    )
    x = h()
    add(
        "elections",
        {
            "codgeo": x.communes_distinctes(),
            "inscrits": x.entiers(100, 9000),
            "votants": x.entiers(50, 100),
            "exprimes": x.entiers(30, 50),
        },
    )
    x = h()
    add(
        "melodi",
        {
            "GEO": [f"2024-COM-33{i:03d}" for i in range(1, 61)],
            "SEX": ["_T"] * 60,
            "AGE": ["_T"] * 60,
            "OBS_VALUE": x.entiers(100, 900),
        },
    )
    x = h()
    add(
        "zones_d_action_sociale",
        {"code": x.communes_distinctes(), "secteur": x.choose(["MDS Jean Moulin", "MDS Simone Veil"])},
    )
    x = h()
    add(
        "secteurs_par_commune",
        {"code_commune": x.communes_distinctes(), "secteur": x.choose(["Jean Moulin", "Simone Veil", "Marie Curie"])},
    )
    x = h()
    add(
        "codes_abimes",
        {
            "COM": [str(1000 + i) for i in range(1, 61)],
            "LIBGEO": [f"Commune {i}" for i in range(60)],
            "EPCI": x.choose(["200069193", "240100883"]),
        },
    )
    x = h()
    add(
        "finess_sans_nom",
        {
            "finess": [f"3307{i:05d}" for i in range(60)],
            "horaires": x.choose(["9h-12h", "14h-18h"]),
            "telephone": x.telephones("05{}{}{}{}"),
            "depcom": x.choose(COMMUNES),
        },
    )
    x = h()
    add(
        "sexe_par_commune",
        {"codgeo": [f"33{1 + i // 2:03d}" for i in range(60)], "sexe": ["H", "F"] * 30, "n": x.entiers(3, 200)},
    )
    x = h()
    add(
        "numeros_de_lignes",
        {"id": [str(i) for i in range(60)], "codgeo": x.communes_distinctes(), "taux": x.entiers(1, 99)},
    )
    return sosies
