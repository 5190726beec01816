"""Pièges : au moins quarante fichiers de personnes (inventées), que la quarantaine doit tous refuser."""

from __future__ import annotations

from tests.ingestion.quarantaine.fabrique import COMMUNES, NOMS, PRENOMS, Hasard, build_table


def build_pieges(graine: int) -> dict[str, tuple]:  # noqa: PLR0915 -- une table par paragraphe
    """Tables de chaque fichier piégé, par nom."""
    pieges = {}

    def add(nom, colonnes, *autres):
        pieges[nom] = tuple(build_table(c) for c in (colonnes, *autres))

    def h(lignes=60):
        return Hasard(graine * 1000 + len(pieges), lignes)

    agrege = {"codgeo": [f"33{i:03d}" for i in range(1, 41)], "nb_allocataires": [str(20 + i * 7) for i in range(40)]}

    x = h()
    add("nir_annonce", {"nir": x.nirs(), "commune": x.communes()})
    x = h()
    add("nir_sous_un_en_tete_menteur", {"code1": x.nirs(), "codgeo": x.communes(), "montant": x.entiers(100, 900)})
    x = h()
    add("nir_avec_espaces", {"reference": x.nirs(espaces=True), "codgeo": x.communes()})
    x = h()
    add("nir_corse", {"v1": x.nirs(corse=True), "depcom": x.choose(["2A004", "2B033"])})
    x = h()
    corps = x.column(x.corps_nir)
    from stdnum.fr import nir

    add("nir_cle_a_part", {"c1": corps, "c2": [nir.calc_check_digits(c) for c in corps], "codgeo": x.communes()})
    x = h()
    add("nir_sans_cle", {"identite_num": x.column(x.corps_nir), "codgeo": x.communes()})
    x = h()
    textes = x.choose(["Suivi mensuel", "Clos", "À revoir"])
    textes[17] = "assuré " + x.nirs(espaces=True)[0] + " vu ce jour"
    add(
        "nir_unique_dans_un_commentaire",
        {"codgeo": x.communes_distinctes(), "nombre": x.entiers(5, 90), "remarque": textes},
    )
    x = h()
    add("nir_devenu_nombre", {"colonne_a": [v + ".0" for v in x.nirs()], "codgeo": x.communes()})
    x = h()
    add("nom_et_prenom", {"nom": x.noms(), "prénom": x.prenoms(), "code_insee": x.communes()})
    x = h()
    add("nom_et_prenom_anglais", {"last_name": x.noms(), "first_name": x.prenoms(), "postcode": x.communes()})
    x = h()
    add(
        "nom_complet_dans_usager",
        {"usager": [f"{n} {p}" for n, p in zip(x.noms(), x.prenoms(), strict=True)], "codgeo": x.communes()},
    )
    x = h()
    add(
        "nom_complet_menteur",
        {"code1": [f"{p} {n.title()}" for n, p in zip(x.noms(), x.prenoms(), strict=True)], "codgeo": x.communes()},
    )
    x = h()
    add(
        "nom_et_prenom_menteurs",
        {"c1": [f"{n}{chr(65 + i % 26)}" for i, n in enumerate(x.noms())], "c2": x.prenoms(), "c3": x.entiers(1, 9)},
    )
    x = h()
    add("civilites", {"dossier": [f"Mme {n}" for n in x.noms()], "territoire": x.choose(["MDS Nord", "MDS Sud"])})
    x = h()
    add(
        "initiales",
        {
            "personne suivie": [f"{n} {p[0]}." for n, p in zip(x.noms(), x.prenoms(), strict=True)],
            "codgeo": x.communes(),
        },
    )
    x = h()
    add("naissance_jma", {"Date de naissance": x.dates(), "codgeo": x.communes()})
    x = h()
    add("naissance_iso", {"DDN": x.dates("{a}-{m:02d}-{j:02d}"), "codgeo": x.communes()})
    x = h()
    add("naissance_collee", {"dnais": x.dates("{a}{m:02d}{j:02d}"), "codgeo": x.communes()})
    x = h()
    add("naissance_annee_courte", {"date_naiss": x.dates("{j:02d}-{m:02d}-{aa}"), "codgeo": x.communes()})
    x = h()
    add(
        "naissance_menteuse",
        {"x1": x.dates("{a}-{m:02d}-{j:02d} 00:00:00"), "codgeo": x.communes(), "x2": x.entiers(100, 900)},
    )
    x = h()
    add("naissance_en_lettres", {"né le": x.dates("{j} mars {a}"), "codgeo": x.communes()})
    x = h()
    add("naissance_serie_tableur", {"date_naissance": x.entiers(13000, 38000), "codgeo": x.communes()})
    x = h()
    add("date_of_birth", {"dob": x.dates("{m:02d}/{j:02d}/{a}"), "zip": x.communes(), "gender": x.choose(["M", "F"])})
    x = h()
    add("adresse_et_annee", {"adresse": x.adresses(), "annee_naissance": x.entiers(1935, 2004), "codgeo": x.communes()})
    x = h()
    add("adresse_menteuse", {"info": x.adresses(), "codgeo": x.communes(), "effectif": x.entiers(1, 4)})
    x = h()
    add("courriels", {"mail": x.courriels(), "codgeo": x.communes()})
    x = h()
    add("courriels_menteurs", {"c4": x.courriels(), "codgeo": x.communes_distinctes(), "nombre": x.entiers(10, 90)})
    x = h()
    add("telephone_par_paires", {"tel": x.telephones(), "codgeo": x.communes()})
    x = h()
    add("telephone_indicatif", {"contact": x.telephones("+33 6 {} {} {} {}"), "codgeo": x.communes()})
    x = h()
    add("telephone_colle_menteur", {"code1": x.telephones("06{}{}{}{}"), "codgeo": x.communes()})
    x = h()
    add("telephone_zero_perdu", {"Téléphone": x.telephones("6{}{}{}{}"), "codgeo": x.communes()})
    x = h()
    add("iban_avec_espaces", {"iban": x.ibans(), "codgeo": x.communes()})
    x = h()
    add(
        "iban_menteur", {"ref_paiement": x.ibans(espaces=False), "codgeo": x.communes(), "montant": x.entiers(100, 900)}
    )
    x = h()
    add(
        "caf_allocataires",
        {"N° allocataire": x.chiffres(6, "1"), "sexe": x.choose(["H", "F"]), "nb_enfants": x.entiers(0, 5),
         "montant_rsa": x.entiers(200, 900), "codgeo": x.communes()},
    )  # fmt: skip
    x = h()
    add(
        "matricule_caf", {"matricule": x.chiffres(7), "commune": x.communes(), "droit": x.choose(["RSA", "AAH", "PPA"])}
    )
    x = h()
    lettres = x.choose(list("ABCDEFGHJKLMNPRSTUVWXYZ"))
    add("identifiant_france_travail", {"identifiant_france_travail": x.chiffres(7), "codgeo": x.communes()})
    add(
        "identifiant_france_travail_menteur",
        {"code1": [a + b for a, b in zip(x.chiffres(7), lettres, strict=True)], "codgeo": x.communes()},
    )
    x = h()
    add(
        "mdph_dossiers",
        {"numero_dossier": [f"MDPH33-2021-{v}" for v in x.chiffres(5)], "taux_incapacite": x.choose(["50-79", "80"]),
         "codgeo": x.communes()},
    )  # fmt: skip
    x = h()
    add(
        "ase_enfants",
        {"enfant": [f"{p} {n}" for n, p in zip(x.noms(), x.prenoms(), strict=True)], "âge": x.entiers(0, 17),
         "type_placement": x.choose(["Famille d'accueil", "MECS"]), "UTAS": x.choose(["Nord", "Sud"])},
    )  # fmt: skip
    x = h()
    add(
        "ase_sans_nom",
        {"id_enfant": [str(i) for i in range(1, 61)], "sexe": x.choose(["G", "F"]), "âge": x.entiers(0, 17),
         "date_entree": x.dates(debut=2018, fin=2023), "UTAS": x.choose(["Nord", "Sud"])},
    )  # fmt: skip
    x = h()
    add(
        "rendez_vous",
        {"id_rdv": x.chiffres(8), "date_rdv": x.dates(debut=2023, fin=2023), "heure": x.choose(["09:00", "14:30"]),
         "motif": x.choose(["RSA", "Logement"]), "presence": x.choose(["oui", "non"]),
         "MDS": x.choose(["Nord", "Sud"])},
    )  # fmt: skip
    x = h()
    add("feuille_cachee", agrege, {"nom": x.noms(), "prenom": x.prenoms(), "ddn": x.dates()})
    x = h()
    add("feuille_cachee_nir", agrege, {"c1": x.nirs(), "c2": x.communes()})
    x = h(200)
    add(
        "quasi_identifiants_effectif_un",
        {"âge": x.entiers(18, 90), "sexe": x.choose(["H", "F"]), "commune": x.communes(), "effectif": ["1"] * 200},
    )
    x = h(200)
    add(
        "quasi_identifiants_sans_effectif",
        {"age": x.entiers(18, 60), "sexe": x.choose(["1", "2"]), "commune": x.communes(),
         "situation_familiale": x.choose(["seul", "couple"]), "diplome": x.choose(["CAP", "Bac"])},
    )  # fmt: skip
    x = h()
    add(
        "foyers_revenus",
        {"id_foyer": [str(i) for i in range(1, 61)], "quotient_familial": x.entiers(100, 1800),
         "revenus": x.entiers(0, 3000), "codgeo": x.communes()},
    )  # fmt: skip
    x = h()
    add(
        "logements_geolocalises",
        {"longitude": x.column(lambda: f"{-0.6 + x.r.random() / 10:.6f}"), "codgeo": x.communes(),
         "latitude": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f}"), "prestation": x.choose(["APA", "PCH"])},
    )  # fmt: skip
    x = h()
    add(
        "points_sans_territoire",
        {
            "coord": x.column(lambda: f"{44.8 + x.r.random() / 10:.6f},{-0.6 + x.r.random() / 10:.6f}"),
            "gir": x.entiers(1, 6),
        },
    )
    x = h()
    add(
        "elus_dans_une_liste_de_lieux",
        {
            "UAI": x.uais(),
            "nom_etablissement": [f"École {i}" for i in range(60)],
            "nom": x.noms(),
            "prenom": x.prenoms(),
        },
    )
    x = h()
    add(
        "sans_en_tete", {NOMS[0]: x.noms(), PRENOMS[1]: x.prenoms(), "12/03/1984": x.dates(), COMMUNES[0]: x.communes()}
    )
    x = h()
    add("assistants_familiaux", {"Nom d'usage": x.noms(), "agrement": x.choose(["1", "2"]), "commune": x.communes()})
    x = h()
    add(
        "personnes_agees_apa",
        {
            "N° de sécurité sociale": [v[:12] + "0" + v[13:] for v in x.nirs()],
            "GIR": x.entiers(1, 4),
            "codgeo": x.communes(),
        },
    )
    x = h(3)
    add("trois_lignes", {"usager": ["DUPONT Marie", "KONE Fatou", "MOREL Paul"], "commune": x.communes()})
    return pieges
