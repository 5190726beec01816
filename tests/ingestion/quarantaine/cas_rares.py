"""Cas rares : d'autres pièges et d'autres sosies, moins attendus."""

from __future__ import annotations

import hashlib

from tests.ingestion.quarantaine.fabrique import Hasard


def build_pieges_rares(graine: int) -> dict[str, dict]:
    """Colonnes de fichiers de personnes, tous à refuser."""
    x = Hasard(graine)
    hx = hash_lignes()
    return {
        "rsa": {
            "commune": x.communes(),
            "sexe": x.choose(["H", "F"]),
            "age": x.entiers(18, 65),
            "date_ouverture_droit": x.dates(debut=2018, fin=2023),
            "montant": x.entiers(100, 700),
        },
        "prenom_age": {
            "prénom": x.prenoms(),
            "age": x.entiers(0, 17),
            "commune": x.communes(),
            "type_placement": x.choose(["MECS", "AF"]),
        },
        "hash_gir": {"id_anonyme": hx, "gir": x.entiers(1, 6), "age": x.entiers(60, 100), "commune": x.communes()},
        "hash_seul": {"cle": hx, "codgeo": x.communes(), "prestation": x.choose(["RSA", "AAH"])},
        "naiss3": {
            "jour_naissance": x.entiers(1, 28),
            "mois_naissance": x.entiers(1, 12),
            "annee_naissance": x.entiers(1930, 2005),
            "commune": x.communes(),
        },
        "naiss3b": {
            "jour": x.entiers(1, 28),
            "mois": x.entiers(1, 12),
            "annee": x.entiers(1930, 2005),
            "codgeo": x.communes(),
            "gir": x.entiers(1, 6),
        },
        "libelle_noms": {
            "code": x.communes(),
            "libelle": [f"{n} {p.upper()}" for n, p in zip(x.noms(), x.prenoms(), strict=True)],
        },
        "n_de": {"N° DE": [a + "K" for a in x.chiffres(7)], "codgeo": x.communes()},
        "tel00": {"a": x.telephones("0033 6 {} {} {} {}"), "codgeo": x.communes()},
        "tel(+33)": {"a": x.telephones("(+33)6 {} {} {} {}"), "codgeo": x.communes()},
        "tel-": {"a": x.telephones("06-{}-{}-{}-{}"), "codgeo": x.communes()},
        "nir-": {
            "a": ["-".join([v[0], v[1:3], v[3:5], v[5:7], v[7:10], v[10:13], v[13:]]) for v in x.nirs()],
            "codgeo": x.communes(),
        },
        "nirpref": {"a": ["NIR" + v for v in x.nirs()], "codgeo": x.communes()},
        "adr_bourg": {"adresse": [f"Le Bourg {c}" for c in x.noms()], "code postal": x.communes()},
        "xy": {
            "x": x.entiers(400000, 430000),
            "y": x.entiers(6400000, 6430000),
            "codgeo": x.communes(),
            "gir": x.entiers(1, 6),
        },
        "nud": {"numero_unique": x.chiffres(18), "codgeo": x.communes(), "nb_pers": x.entiers(1, 6)},
        "ine": {
            "INE": [c + "B" for c in x.chiffres(10)],
            "classe": x.choose(["6e", "5e"]),
            "code_commune": x.communes(),
        },
        "age_ans": {
            "commune": x.communes(),
            "age": [v + " ans" for v in x.entiers(18, 80)],
            "sexe": x.choose(["Femme", "Homme"]),
            "csp": x.choose(["ouvrier", "cadre"]),
        },
        "age_montant": {"commune": x.communes(), "age": x.entiers(18, 80), "montant": x.entiers(100, 900)},
        "signal": {
            "date_signalement": x.dates(debut=2021, fin=2023),
            "age": x.entiers(0, 17),
            "sexe": x.choose(["F", "G"]),
            "commune": x.communes(),
            "danger": x.choose(["oui", "non"]),
        },
        "rdv_agents": {
            "date": x.dates(debut=2023, fin=2023),
            "agent": x.choose(["Marie DUPONT", "Paul KONE", "Léa MOREL"]),
            "motif": x.choose(["rsa", "apa"]),
        },
        "electeurs": {"Nom de naissance": x.noms(), "Prénoms": x.prenoms(), "Bureau": x.entiers(1, 9)},
        "un_par_commune": {
            "codgeo": x.communes_distinctes(),
            "sexe": x.choose(["H", "F"]),
            "age": x.entiers(20, 80),
            "situation_familiale": x.choose(["seul", "couple"]),
        },
        "mdph": {"N° MDPH": x.chiffres(6, "33"), "décision": x.choose(["accord", "rejet"]), "commune": x.communes()},
        "tel_ent": {"numero": x.telephones("07{}{}{}{}"), "codgeo": x.communes(), "nb": x.entiers(1, 4)},
        "nom_seul_usager": {
            "Nom usager": x.noms(),
            "Montant": x.entiers(1, 99),
            "Ville": x.choose(["Bordeaux", "Pessac"]),
        },
        "allocs": {"Num. alloc.": x.chiffres(7), "QF": x.entiers(100, 2000), "CP": x.communes()},
        "ccas": {
            "bénéficiaire": [f"M. et Mme {n}" for n in x.noms()],
            "aide": x.choose(["eau", "loyer"]),
            "montant": x.entiers(20, 300),
        },
        "inversé": {
            "c": [f"{p}.{n.lower()}" for p, n in zip(x.prenoms(), x.noms(), strict=True)],
            "d": x.communes(),
            "e": x.dates(),
        },
        "comment": {
            "codgeo": x.communes(),
            "suivi": [f"Appeler {p} {n} au {t}" for p, n, t in zip(x.prenoms(), x.noms(), x.telephones(), strict=True)],
            "nb": x.entiers(1, 9),
        },
        "elus": {
            "code_commune": x.communes_distinctes(),
            "nom_elu": x.noms(),
            "prenom_elu": x.prenoms(),
            "csp": x.choose(["a", "b"]),
        },
        "patients": {"patient_id": x.chiffres(8), "zip": x.communes(), "birth_year": x.entiers(1930, 2000)},
        "ddn_texte": {"date de naiss.": [d.replace("/", " ") for d in x.dates()], "commune": x.communes()},
        "ddn_am": {"Born": x.dates("{a}/{m:02d}/{j:02d}"), "commune": x.communes()},
        "bebes": {"date_nais_enfant": x.dates(debut=2021, fin=2023), "PMI": x.choose(["a", "b"])},
    }


def build_sosies_rares(graine: int) -> dict[str, dict]:
    """Colonnes de fichiers légitimes, tous à laisser passer."""
    x = Hasard(graine)
    hx = hash_lignes()
    return {
        "creches": {
            "nom": [f"Crèche {c.title()} {i}" for i, c in enumerate(x.noms())],
            "adresse": x.adresses(),
            "commune": x.communes(),
            "capacite": x.entiers(10, 60),
            "tel": x.telephones("05 {} {} {} {}"),
        },
        "lieux2": {
            "nom_structure": [f"Les Lutins {i}" for i in range(60)],
            "adresse": x.adresses(),
            "capacité": x.entiers(10, 60),
            "code_insee": x.communes(),
        },
        "ehpad": {
            "finess": [f"3307{i:05d}" for i in range(60)],
            "rs": [f"EHPAD {c}" for c in x.noms()],
            "tel": x.telephones("05{}{}{}{}"),
            "mail": [f"contact{i}@ehpad.fr" for i in range(60)],
            "adresse": x.adresses(),
        },
        "dep_sexe_age_montant": {
            "dep": x.parcourt(["33", "40", "47"]),
            "sexe": [["H", "F"][i // 3 % 2] for i in range(60)],
            "age": [str(60 + i // 6) for i in range(60)],
            "montant_moyen": x.entiers(300, 500),
        },
        "wide": {
            "codgeo": x.communes_distinctes(),
            "revenu_median": x.entiers(15000, 30000),
            "salaire_moyen": x.entiers(1500, 3000),
            "nb_enfants": x.entiers(50, 3000),
        },
        "wide_qf": {
            "codgeo": x.communes_distinctes(),
            "qf_moyen": x.entiers(500, 900),
            "ressources": x.entiers(500, 900),
        },
        "canton": {
            "CAN": [f"33{i:02d}" for i in range(60)],
            "Nom canton": [f"Canton {i}" for i in range(60)],
            "Bénéficiaires APA": x.entiers(10, 900),
            "GIR 1": x.entiers(1, 50),
            "GIR 2": x.entiers(5, 90),
        },
        "rsa_mois": {
            "mois": [f"2023-{1 + i % 12:02d}" for i in range(60)],
            "MDS": [f"MDS {i // 12}" for i in range(60)],
            "entrées": x.entiers(5, 90),
            "sorties": x.entiers(5, 90),
        },
        "motifs": {
            "UTAS": x.parcourt(["Nord", "Sud", "Est"]),
            "motif": [f"motif {i // 3}" for i in range(60)],
            "nombre": x.entiers(1, 90),
        },
        "type_placement": {
            "departement": ["33"] * 60,
            "type_placement": [f"type {i}" for i in range(60)],
            "enfants": x.entiers(5, 900),
        },
        "iris_names": {
            "IRIS": [f"33063{i:04d}" for i in range(101, 161)],
            "LIBIRIS": [f"{p} {n.title()}" for p, n in zip(x.prenoms(), x.noms(), strict=True)],
            "MEN": x.entiers(100, 900),
        },
        "pop_age_mun": {
            "COM": [f"33{1 + i // 20:03d}" for i in range(60)],
            "AGED": [str(i % 20 * 5) for i in range(60)],
            "SEXE": ["1"] * 60,
            "NB": x.entiers(3, 90),
        },
        "apl": {
            "Code commune INSEE": x.communes_distinctes(),
            "Commune": [f"Ville {i}" for i in range(60)],
            "APL aux médecins": [f"{v},3" for v in x.entiers(1, 5)],
        },
        "delais": {
            "mds": x.parcourt(["MDS A", "MDS B"]),
            "annee": [str(2010 + i // 2) for i in range(60)],
            "delai moyen rdv": x.entiers(5, 40),
            "rdv honorés": x.entiers(50, 400),
        },
        "demandeurs": {
            "Commune": [f"{33000 + i}" for i in range(60)],
            "Sexe": ["Hommes", "Femmes"] * 30,
            "Age": ["<25", "25-49", "50+"] * 20,
            "Nombre de demandeurs d'emploi": x.entiers(5, 900),
        },
        "communes_ids": {"id": hx, "insee": x.communes_distinctes(), "population": x.entiers(100, 9000)},
        "bat": {
            "id_lieu": hx,
            "nom": [f"Salle {i}" for i in range(60)],
            "lat": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f}"),
            "lon": x.column(lambda: f"{-0.8 + x.r.random() / 10:.6f}"),
            "commune": x.communes(),
        },
        "dossiers": {
            "codgeo": x.communes_distinctes(),
            "n_dossiers": x.entiers(1, 4000),
            "N. allocataires": x.entiers(5, 30000),
        },
        "gros": {"codgeo": x.communes_distinctes(), "numero dossiers surendettement": x.entiers(10000, 99999)},
        "qpv": {
            "QPV": [f"QN033{i:02d}M" for i in range(60)],
            "Nom du QPV": [f"{p} {n.title()}" for p, n in zip(x.prenoms(), x.noms(), strict=True)],
            "pop": x.entiers(1000, 9000),
        },
        "bv_dep": {
            "Département": ["Gironde", "Landes", "Dordogne"] * 20,
            "Année": [str(2000 + i // 3) for i in range(60)],
            "Valeur": x.entiers(10, 99),
        },
    }


def hash_lignes():
    return [hashlib.sha256(str(i).encode()).hexdigest() for i in range(60)]
