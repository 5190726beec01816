"""Une zone à la demande en ligne de commande : exacte là où est le socle, lue dans la diffusion partout."""

import hashlib
import json

import pandas as pd
import pytest
import yaml

from observatoire.registres.base import open_registres
from observatoire.registres.diffusions import Verdict, list_diffusions
from observatoire.store.socle import read_protections
from tests.publication.petit_espace import FICHE_LOCALE, PetitEspace

COMMUNES = [f"974{k:02d}" for k in range(1, 25)]
# Six communes sous le seuil de 5, trois de chaque côté ; les autres portent des nombres que l'on reconnaîtrait.
PETITES = {"97402": 3, "97406": 2, "97409": 4, "97414": 1, "97421": 4, "97423": 3}
EXACTS = {c: 61014 + 7 * k for k, c in enumerate(COMMUNES)} | PETITES
NORD, SUD = ",".join(COMMUNES[:12]), ",".join(COMMUNES[12:])


class EspaceConvention(PetitEspace):
    """Le petit espace, ses demandes reçues par convention."""

    def deliver(self, _confidentialite):
        chemin = self.espace.data / "depot" / "local" / "2024" / "demandes.parquet"
        chemin.parent.mkdir(parents=True, exist_ok=True)
        valeurs = [str(v) for v in EXACTS.values()]
        pd.DataFrame({"commune": list(EXACTS), "demandes": valeurs}).to_parquet(chemin)
        manifeste = {
            "source": "local", "fichier": chemin.name, "producteur": "Département d'essai", "titre": "Demandes",
            "licence": "convention", "millesime": "2024", "millesime_geographique": "2026",
            "date_extraction": "2025-01-15", "sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(),
            "confidentialite": "convention", "lignes": len(EXACTS),
        }  # fmt: skip
        chemin.with_suffix(".livraison.yaml").write_text(yaml.safe_dump(manifeste, allow_unicode=True), "utf-8")
        self.write_fiche("demandes", FICHE_LOCALE.replace("secret: ouverte", "secret: convention"))


@pytest.fixture(scope="module")
def petit(tmp_path_factory):
    petit = EspaceConvention(tmp_path_factory.mktemp("zone"))
    petit.construire()
    return petit


def list_masquees(petit):
    cases = read_protections(petit.espace, next(iter(read_publications(petit))))
    communes = cases[(cases.maille == "commune") & cases.masquee]
    return sorted(communes.code_territoire)


def read_publications(petit):
    return [p.stem for p in petit.espace.publications.glob("*.json") if p.stem != "courante"]


def test_petits_effectifs_are_masked(petit):
    assert set(PETITES) <= set(list_masquees(petit))


def test_zone_accordee_then_its_neighbour_refused(dans, petit):
    sortie = dans("secret", "zone", "demandes", "--zone", NORD, "--auteur", "obs-01", "--json")
    contenu = json.loads(sortie.texte)
    exacte = sum(EXACTS[c] for c in COMMUNES[:12])
    assert (sortie.code, contenu["accordee"], contenu["arrondi"]) == (0, True, 5)
    assert abs(contenu["valeurs"]["demandes"] - exacte) <= 2
    assert contenu["valeurs"]["demandes"] % 5 == 0

    masquee = list_masquees(petit)[0]
    voisine = ",".join(c for c in COMMUNES[:12] if c != masquee)
    refus = dans("secret", "zone", "demandes", "--zone", voisine, "--auteur", "obs-02")
    assert refus.code == 1
    assert refus.texte.startswith("■ Zone refusée. Cette zone, rapprochée de ce qui est déjà diffusé,")
    json_refus = dans("secret", "zone", "demandes", "--zone", voisine, "--auteur", "obs-02", "--json")
    refuse = json.loads(json_refus.texte)
    assert json_refus.code == 1
    assert (refuse["accordee"], refuse["valeurs"], refuse["numerateur"], refuse["taux"]) == (False, {}, None, None)

    inscrites = list_diffusions(open_registres(petit.espace))
    assert [d.verdict for d in inscrites] == [Verdict.ACCORDEE, Verdict.REFUSEE, Verdict.REFUSEE]
    textes = (sortie.texte + refus.texte + json_refus.texte).replace(contenu["publication"], "")
    assert not [v for v in {*EXACTS.values(), exacte} if v > 100 and str(v) in textes]


def test_fichier_of_codes_and_rights(dans, petit, tmp_path):
    fichier = tmp_path / "sud.txt"
    fichier.write_text("# communes du sud\n" + SUD.replace(",", "\n") + "\n97413  # répétée\n", "utf-8")
    sortie = dans("secret", "zone", "demandes", "--zone", f"@{fichier}", "--auteur", "obs-03")
    assert "12 communes" in sortie.texte or sortie.code == 1
    (petit.espace.racine / "espace.yaml").write_text("roles:\n  - {auteur: obs-04, role: contributeur}\n", "utf-8")
    try:
        refus = dans("secret", "zone", "demandes", "--zone", SUD, "--auteur", "obs-04")
    finally:
        (petit.espace.racine / "espace.yaml").unlink()
    assert refus.code == 1
    assert "diffuser une zone demande le rôle valideur" in refus.erreur


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("secret", "zone", "population", "--zone", NORD, "--auteur", "a"), 2, "n'emploie aucun effectif exact"),
        (("secret", "zone", "demandes", "--zone", "97401,99999", "--auteur", "a"), 2, "n'a le code « 99999 »"),
        (("secret", "zone", "demandes", "--zone", " , ", "--auteur", "a"), 2, "--zone ne donne aucun code"),
        (("secret", "zone", "demandes", "--zone", "@absent.txt", "--auteur", "a"), 2, "ne se lit pas"),
        (("secret", "zone", "demandes", "--zone", NORD, "--auteur", "jean dupont"), 2, "n'est pas un identifiant"),
        (("secret", "zone", "demandes", "--zone", NORD), 2, "il manque « --auteur »"),
        (("valeurs", "-i", "demandes"), 2, "Il manque « --maille »"),
        (("valeurs", "-i", "demandes", "-m", "commune", "--zone", NORD), 2, "elle va sans --maille"),
    ],
)
def test_faulty_calls_are_explained(dans, arguments, code, message):
    sortie = dans(*arguments)
    assert (sortie.code, message in sortie.erreur) == (code, True), sortie.erreur


def test_valeurs_zone_says_only_what_is_published(dans, petit):
    masquees = list_masquees(petit)
    sortie = dans("valeurs", "-i", "demandes", "--zone", NORD, "--json")
    contenu = json.loads(sortie.texte)
    assert sortie.code == 0
    assert contenu["zone"]["communes"]["secret"] == len(set(masquees) & set(COMMUNES[:12]))
    publiees = sum(EXACTS[c] for c in COMMUNES[:12] if c not in masquees)
    assert contenu["valeur"]["valeur"] in (None, publiees)
    assert contenu["valeur"]["borne_inf"] >= publiees
    seule = json.loads(dans("valeurs", "-i", "demandes", "--zone", masquees[0], "--json").texte)["valeur"]
    assert (seule["statut"], seule["valeur"], seule["numerateur"]) == ("secret", None, None)
    # Les bornes d'une commune masquée sont celles que la diffusion en montre.
    assert seule["borne_inf"] < EXACTS[masquees[0]] < seule["borne_sup"]
    assert "Masqué pour protéger les personnes" in dans("valeurs", "-i", "demandes", "--zone", masquees[0]).texte


def test_next_publication_takes_the_zone_into_account(petit):
    registres = open_registres(petit.espace)
    assert list_diffusions(registres, verdict=Verdict.ACCORDEE)
    petit.write_fiche(
        "demandes", FICHE_LOCALE.replace("secret: ouverte", "secret: convention").replace("en cours au", "vues au")
    )
    petit.construire()
    derniere = max(read_publications(petit))
    cases = read_protections(petit.espace, derniere)
    zones = cases[cases.maille == "zone"]
    assert len(zones) == len(list_diffusions(registres, verdict=Verdict.ACCORDEE))
    assert zones.masquee.all()
