"""Observatoire de la Gironde : les chiffres publiés sont ceux des producteurs, relus dans leurs fichiers."""

from __future__ import annotations

import re
from collections import defaultdict

import pandas as pd
import pytest

from observatoire.catalogue.loader import load_catalogue
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.indicateurs import Nature, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.store.socle import list_protections, read_variables
from tests.gironde.depots import DEPARTEMENT, FICHIERS, REUNIE, SOURCES
from tests.gironde.officiels import read_feuille, read_lignes, to_nombre

pytestmark = pytest.mark.reel
CATALOGUE = load_catalogue([RACINE_DEPOT / "indicators"])
NEUFS = [i for i in CATALOGUE.indicateurs.values() if i.source in SOURCES]
CONTROLES = [
    pytest.param(i.id, c, id=f"{i.id}-{c.maille}-{c.territoire}-{c.periode}") for i in NEUFS for c in i.controles
]
CNAF = "cnaf/s_ben_com_f_gironde_et_non_localises.csv"
DARES = "france_travail/dares_defm_communales_gironde.csv"
RPLS = "sdes/parc_logements_sociaux_communes_2024.csv"
PLAUSIBLES = {
    # indicateur : bornes larges de ce qui peut se voir en Gironde, au niveau dit
    "niveau_vie_median": ("epci", 15_000, 32_000),
    "premier_decile_niveau_vie": ("epci", 8_000, 18_000),
    "rapport_interdecile": ("epci", 2, 6),
    "indice_gini": ("epci", 0.18, 0.45),
    "taux_pauvrete": ("iris", 3, 60),
    "part_prestations_sociales": ("epci", 2, 15),
    "part_minima_sociaux": ("epci", 0.5, 8),
    "part_prestations_familiales": ("epci", 0.5, 5),
    "part_prestations_logement": ("epci", 0.3, 4),
    "part_pensions_revenu": ("epci", 15, 55),
    "foyers_rsa": ("departement", 35_000, 45_000),
    "foyers_rsa_100_menages": ("epci", 1, 12),
    "montant_moyen_rsa": ("epci", 400, 700),
    "foyers_prime_activite": ("departement", 100_000, 140_000),
    "foyers_prime_activite_100_menages": ("epci", 7, 25),
    "montant_moyen_prime_activite": ("epci", 150, 250),
    "demandeurs_emploi": ("departement", 130_000, 155_000),
    "demandeurs_emploi_100_20_64_ans": ("epci", 7, 28),
    "part_demandeurs_emploi_moins_25": ("epci", 7, 20),
    "part_demandeurs_emploi_50_plus": ("epci", 18, 40),
    "part_femmes_demandeurs_emploi": ("epci", 45, 62),
    "part_jeunes_non_inseres": ("epci", 8, 30),
    "nb_france_services": ("epci", 0, 15),
    "france_services_10000_hab": ("epci", 0, 2),
    "part_habitants_commune_france_services": ("epci", 0, 100),
    "nb_allocataires_aah": ("departement", 25_000, 35_000),
    "allocataires_aah_1000_20_64_ans": ("departement", 20, 45),
    "nb_logements_sociaux": ("departement", 110_000, 120_000),
    "logements_sociaux_100_residences": ("epci", 0.5, 30),
    "part_logements_sociaux_vacants": ("departement", 0.5, 3),
    "logements_sociaux_associations_10000_hab": ("departement", 10, 60),
    "part_residences_suroccupees": ("departement", 2, 6),
    "apl_medecins": ("epci", 2, 8),
    "apl_medecins_62_ans": ("epci", 1.5, 7),
    "apl_infirmieres": ("epci", 80, 400),
    "part_habitants_faible_acces_medecin": ("epci", 0, 60),
    "nb_colleges": ("departement", 130, 140),
    "colleges_1000_moins_20_ans": ("epci", 0.05, 1.5),
    "part_colleges_ips_bas": ("departement", 5, 25),
    "nb_ecoles": ("departement", 550, 650),
    "ecoles_1000_moins_20_ans": ("epci", 0.5, 6),
    "part_ecoles_ips_bas": ("departement", 8, 30),
    "nb_bibliotheques": ("departement", 270, 290),
    "bibliotheques_10000_hab": ("epci", 0.3, 10),
    "part_habitants_commune_bibliotheque": ("epci", 20, 100),
}


def test_catalogue_gained_25_indicateurs():
    assert len(NEUFS) >= 25
    natures = [i.nature for i in NEUFS]
    assert natures.count(Nature.BESOIN) >= 15
    assert natures.count(Nature.RESSOURCE) >= 12
    assert set(PLAUSIBLES) == {i.id for i in NEUFS}


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.chemin.rsplit("/", maxsplit=1)[-1])
def test_file_is_deposited_without_faute(gironde, fichier):
    """Rien de bloquant, aucune ligne perdue sans un mot, et le projet n'en garde aucune copie."""
    rapport = gironde.rapport(fichier.chemin)
    assert not rapport.refusee
    assert [str(a) for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT] == []
    assert all(e.declare for e in rapport.ecartes)
    assert rapport.lignes_retenues > 0
    scelle = gironde.espace.data / "depot" / gironde.depot(fichier.chemin).chemin
    assert scelle.read_bytes() == (gironde.donnees / fichier.chemin).read_bytes()
    assert not scelle.is_relative_to(RACINE_DEPOT)


def test_nothing_waits_for_a_livraison(gironde):
    assert gironde.consultation.publication.en_attente == []


@pytest.mark.parametrize(("indicateur", "controle"), CONTROLES)
def test_controle_du_catalogue_is_met(gironde, indicateur, controle):
    fiche = gironde.consultation.find_indicateur(indicateur)
    (ligne,) = gironde.consultation.read_valeur(fiche, controle.maille, controle.periode, controle.territoire).to_dict(
        "records"
    )
    assert ligne["valeur"] == pytest.approx(controle.valeur, abs=controle.tolerance), controle.origine


@pytest.mark.parametrize(
    ("indicateur", "colonne"), [("foyers_rsa", "indfoy_rsa"), ("foyers_prime_activite", "indfoy_ppa")]
)
@pytest.mark.parametrize("annee", ["2020", "2021", "2022", "2023", "2024"])
def test_cnaf_sum_is_explained_by_its_arrondi(gironde, lit, indicateur, colonne, annee):
    """La somme des communes est celle du fichier ; l'arrondi, ±2 foyers par commune, la borne."""
    lignes = [x for x in read_lignes(gironde.donnees / CNAF) if x["dtreffre"] == f"{annee}-12"]
    localises = [float(x[colonne]) for x in lignes if x["numcomdo"]]
    assert all(v % 5 == 0 for v in localises)
    (departement,) = lit(indicateur, "departement", annee, DEPARTEMENT).to_dict("records")
    assert departement["valeur"] == sum(localises)
    assert departement["statut"] == "arrondi"
    # Un 0 publié vaut 0, 1 ou 2 : il ne peut que manquer de foyers, jamais en avoir trop.
    nuls = sum(v == 0 for v in localises)
    assert departement["borne_inf"] == sum(localises) - 2 * (len(localises) - nuls)
    assert departement["borne_sup"] == sum(localises) + 2 * len(localises)
    communes = lit(indicateur, "commune", annee, DEPARTEMENT)
    epci = lit(indicateur, "epci", annee, DEPARTEMENT)
    assert communes.valeur.sum() == sum(localises)
    # Trois EPCI débordent du département : leur part d'ailleurs n'est pas dans cet extrait.
    assert epci.valeur.sum() <= sum(localises)


@pytest.mark.parametrize(("indicateur", "colonne"), [("foyers_rsa", "ARSAS"), ("foyers_prime_activite", "APPA")])
def test_cnaf_agrees_with_its_own_iris_file(gironde, lit, indicateur, colonne):
    """Effectifs exacts des IRIS au 31/12/2020 : leur somme tient dans l'intervalle de la commune arrondie.

    Elle ne le dépasse jamais, et l'égale à 5 % près presque partout : des foyers n'ont pas d'IRIS connu.
    """
    exacts: dict[str, list[float | None]] = defaultdict(list)
    for x in read_lignes(gironde.donnees / "cnaf/data_CAF_2020_IRIS.csv"):
        if x["CODGEO"].startswith(DEPARTEMENT):
            exacts[x["CODGEO"][:5]].append(to_nombre(x[colonne]))
    entiers = pd.Series({c: sum(n) for c, n in exacts.items() if None not in n})
    communes = lit(indicateur, "commune", "2020", DEPARTEMENT).loc[entiers.index]
    assert len(entiers) >= 15
    assert (entiers <= communes.borne_sup).all()
    assert (entiers / communes.valeur > 0.93).mean() > 0.8


def test_cnaf_says_what_it_could_not_locate(gironde):
    """Les foyers sans commune sont écartés nommément, avec leur masse, et jamais répartis."""
    lignes = [x for x in read_lignes(gironde.donnees / CNAF) if not x["numcomdo"]]
    ecartes = gironde.rapport(CNAF).ecartes
    assert {e.code for e in ecartes} == {""}
    assert sum(e.nombre for e in ecartes) == len(lignes)
    for variable, colonne in (("foyers_rsa", "indfoy_rsa"), ("montant_prime_activite", "indmtt_ppa")):
        assert sum(e.masse[variable] for e in ecartes) == sum(float(x[colonne]) for x in lignes)


def test_montant_moyen_is_a_ratio_of_sums(gironde, lit):
    lignes = [x for x in read_lignes(gironde.donnees / CNAF) if x["dtreffre"] == "2024-12" and x["numcomdo"]]
    attendu = sum(float(x["indmtt_rsa"]) for x in lignes) / sum(float(x["indfoy_rsa"]) for x in lignes)
    assert lit("montant_moyen_rsa", "departement", "2024").valeur[DEPARTEMENT] == pytest.approx(attendu)
    bordeaux = lit("montant_moyen_rsa", "commune", "2024", DEPARTEMENT).loc["33063"]
    assert bordeaux.valeur == pytest.approx(4_996_200 / 9_260)


def test_dares_series_of_bordeaux(gironde, lit):
    """Dix années de Bordeaux, par âge et par sexe, comme dans le fichier."""
    lues: dict[tuple[str, str, str], float] = {}
    for x in read_lignes(gironde.donnees / DARES):
        if x["Code commune"] == "33063":
            lues[x["Date"][:4], x["Sexe"], x["Tranche d'âge"]] = float(x["Nombre de demandeurs d'emploi"])
    annees = sorted({annee for annee, _sexe, _age in lues})
    assert annees == [str(a) for a in range(2015, 2025)]
    for annee in annees:
        total = lues[annee, "Total", "Total"]
        assert lit("demandeurs_emploi", "commune", annee, DEPARTEMENT).valeur["33063"] == total
        for indicateur, sexe, age in (
            ("part_demandeurs_emploi_moins_25", "Total", "Moins de 25 ans"),
            ("part_demandeurs_emploi_50_plus", "Total", "50 ans et plus"),
            ("part_femmes_demandeurs_emploi", "Femmes", "Total"),
        ):
            valeur = lit(indicateur, "commune", annee, DEPARTEMENT).valeur["33063"]
            assert valeur == pytest.approx(100 * lues[annee, sexe, age] / total)


def test_dares_sum_of_2024(gironde, lit):
    lignes = [
        x
        for x in read_lignes(gironde.donnees / DARES)
        if x["Date"] == "2024-T4" and x["Sexe"] == "Total" and x["Tranche d'âge"] == "Total"
    ]
    assert lit("demandeurs_emploi", "departement", "2024").valeur[DEPARTEMENT] == sum(
        float(x["Nombre de demandeurs d'emploi"]) for x in lignes
    )


def test_rpls_keeps_its_totals(gironde, lit):
    """Logements sociaux : même somme que le fichier à la commune, au département et en France."""
    lignes = read_lignes(gironde.donnees / RPLS, separateur=",")
    par_departement: dict[str, int] = defaultdict(int)
    for x in lignes:
        code = x["DEPCOM_ARM"]
        par_departement[code[:3] if code.startswith("97") else code[:2]] += int(x["nb_ls"])
    departements = lit("nb_logements_sociaux", "departement", "2024").valeur
    assert departements.to_dict() == dict(par_departement)
    assert lit("nb_logements_sociaux", "france", "2024").valeur["FR"] == sum(par_departement.values())
    communes = lit("nb_logements_sociaux", "commune", "2024", DEPARTEMENT)
    absentes = communes.drop([x["DEPCOM_ARM"] for x in lignes if x["DEPCOM_ARM"] in communes.index])
    assert len(absentes) > 200
    assert set(absentes.valeur) == {0}


def test_rpls_masks_up_to_ten_logements(gironde, lit):
    lignes = read_lignes(gironde.donnees / RPLS, separateur=",")
    masquees = [x["DEPCOM_ARM"] for x in lignes if x["DEPCOM_ARM"].startswith(DEPARTEMENT) and not x["nb_vacants"]]
    vacants = lit("part_logements_sociaux_vacants", "commune", "2024", DEPARTEMENT)
    assert len(masquees) > 50
    assert set(vacants.loc[masquees].statut) == {"secret"}
    connues = [x for x in lignes if x["DEPCOM_ARM"].startswith(DEPARTEMENT) and x["nb_vacants"]]
    attendu = 100 * sum(int(x["nb_vacants"]) for x in connues) / sum(int(x["nb_ls"]) for x in connues)
    assert lit("part_logements_sociaux_vacants", "departement", "2024").valeur[DEPARTEMENT] == pytest.approx(attendu)


@pytest.mark.parametrize(
    ("indicateur", "fichier", "colonne"),
    [
        ("apl_medecins", "drees/APL_mg_2021.xlsx", 3),
        ("apl_medecins_62_ans", "drees/APL_mg_2021.xlsx", 5),
        ("apl_infirmieres", "drees/APL_inf_2021.xlsx", 3),
    ],
)
def test_apl_is_weighted_by_its_population(gironde, lit, indicateur, fichier, colonne):
    """Au-dessus de la commune : moyenne pondérée par les habitants standardisés, comme le fait la Drees."""
    lignes = [x for x in read_feuille(gironde.donnees / fichier, "Sheet1", 2) if x[0].startswith(DEPARTEMENT)]
    communes = lit(indicateur, "commune", "2021", DEPARTEMENT).valeur
    inchangees = [x for x in lignes if x[0] not in {REUNIE, "33409"}]
    assert {x[0]: communes[x[0]] for x in inchangees} == pytest.approx({x[0]: float(x[colonne]) for x in inchangees})
    masse = sum(float(x[-1]) for x in lignes)
    attendu = sum(float(x[colonne]) * float(x[-1]) for x in lignes) / masse
    assert lit(indicateur, "departement", "2021").valeur[DEPARTEMENT] == pytest.approx(attendu, rel=1e-4)


def test_faible_acces_counts_the_communes_below_the_threshold(gironde, lit):
    lignes = [x for x in read_feuille(gironde.donnees / "drees/APL_mg_2021.xlsx", "Sheet1", 2) if x[0][:2] == "33"]
    faibles = {x[0] for x in lignes if float(x[4]) < 2.5} - {REUNIE, "33409"}
    communes = lit("part_habitants_faible_acces_medecin", "commune", "2021", DEPARTEMENT).valeur.drop(REUNIE)
    assert set(communes[communes == 100].index) == faibles
    assert set(communes[communes != 100]) == {0}


@pytest.mark.parametrize("rang", ["colleges", "ecoles"])
def test_ips_counts_etablissements(gironde, lit, rang):
    lignes = [
        x
        for x in read_lignes(gironde.donnees / f"education/fr-en-ips_{rang}_2022.csv")
        if x["Code INSEE de la commune"].startswith(DEPARTEMENT)
    ]
    bas = sum(float(x["IPS"]) < 93 for x in lignes)
    assert lit(f"nb_{rang}", "departement", "2021").valeur[DEPARTEMENT] == len(lignes)
    (part,) = lit(f"part_{rang}_ips_bas", "departement", "2021", DEPARTEMENT).to_dict("records")
    assert (part["numerateur"], part["denominateur"]) == (bas, len(lignes))
    # Le seuil est bien celui d'un quart des établissements de France, comme le dit la fiche.
    france = [x for x in read_lignes(gironde.donnees / f"education/fr-en-ips_{rang}_2022.csv") if x["IPS"]]
    assert sum(float(x["IPS"]) < 93 for x in france) / len(france) == pytest.approx(0.25, abs=0.01)


def test_aah_keeps_each_departement(gironde, lit):
    lignes = read_feuille(gironde.donnees / "drees/minima_sociaux_donnees_departementales.xlsx", "Tableau 1", 4)
    officiels = {re.sub(r"^20([AB])$", r"2\1", x[1]): float(x[-1]) for x in lignes if x[1] and x[-1]}
    assert len(officiels) == 101
    assert lit("nb_allocataires_aah", "departement", "2019").valeur.to_dict() == officiels


@pytest.mark.parametrize("indicateur", PLAUSIBLES)
def test_valeurs_are_plausible_in_gironde(gironde, lit, indicateur):
    maille, minimum, maximum = PLAUSIBLES[indicateur]
    derniere = gironde.consultation.list_periodes(indicateur, Maille(maille))[-1]
    valeurs = lit(indicateur, maille, derniere, DEPARTEMENT).valeur.dropna()
    assert len(valeurs) >= {"departement": 1, "epci": 28, "iris": 200}[maille]
    assert valeurs.between(minimum, maximum).all(), valeurs.describe()


@pytest.mark.parametrize("besoin", [i.id for i in NEUFS if i.nature is Nature.BESOIN])
def test_besoin_is_shown_with_a_ressource_of_its_theme(gironde, besoin):
    """Chaque besoin mène à une ressource de la même problématique, publiée en Gironde."""
    consultation = gironde.consultation
    fiche = consultation.find_indicateur(besoin)
    liees = [consultation.catalogue.indicateurs[r] for r in fiche.ressources_liees]
    memes = [r for r in liees if set(r.problematiques) & set(fiche.problematiques)]
    assert memes, "aucune ressource liée ne partage sa problématique"
    for ressource in memes:
        periode = consultation.list_periodes(ressource.id, Maille.EPCI)[-1]
        valeurs = consultation.read_valeurs(ressource, Maille.EPCI, periode, DEPARTEMENT)
        assert valeurs.valeur.notna().mean() > 0.8, ressource.id


def test_open_data_is_not_masked_twice(gironde):
    """Toute valeur qu'un producteur donne se lit telle quelle ; ce qu'il a masqué, lui seul l'a masqué."""
    variables = read_variables(gironde.espace)
    assert list_protections(gironde.espace) == []
    eprouvees = 0
    for fiche in (i for i in NEUFS if i.type_mesure is TypeMesure.EFFECTIF and Maille.COMMUNE in i.mailles):
        livrees = variables[(variables.variable == fiche.numerateur) & (variables.maille == "commune")]
        periode = str(livrees.periode.max())
        livrees = livrees[livrees.periode == periode].set_index("code_territoire")
        lues = gironde.consultation.read_valeurs(fiche, Maille.COMMUNE, periode).set_index("code_territoire")
        communes = lues.index.intersection(livrees.index)
        donnees = livrees.valeur.reindex(communes).notna()
        assert not (lues.statut.reindex(communes)[donnees] == "secret").any(), fiche.id
        masquees = livrees.statut.reindex(communes) == "secret"
        assert (lues.statut.reindex(communes)[masquees] == "secret").all(), fiche.id
        eprouvees += int(donnees.sum())
    assert eprouvees > 1_000
