"""Du fichier reçu à la mise en ligne, et retour : rien n'est à demi, rien n'est caché, tout est inscrit."""

import stat

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.errors import AppelError, PublicationError, SourceError
from observatoire.modeles.livraisons import NatureDepot
from observatoire.publication.brouillons import brouillons_dir, read_rapport
from observatoire.publication.comparaison import Changement
from observatoire.publication.deposer import controler, deposer
from observatoire.publication.differences import compare_publications, compute_differences
from observatoire.publication.historique import (
    list_livraisons,
    read_journal,
    verify_journal,
)
from observatoire.publication.publier import publier, publier_ensemble, rejeter, retirer
from observatoire.publication.scelle import compute_sha256, depots_dir
from observatoire.publication.verrou import EspaceOccupeError, verrou
from observatoire.registres.depots import StatutDepot
from observatoire.store.corrections import COLONNES, read_corrections
from observatoire.store.publications import current_id, list_publications, load_publication
from tests.publication.petit_espace import AIDES


@pytest.fixture
def petit(petit_neuf):
    return petit_neuf


def statuts(petit):
    return {d.id: (str(d.statut), en_ligne) for d, en_ligne in list_livraisons(petit.espace)}


def gestes(petit):
    return [x.geste for x in read_journal(petit.espace)]


def differ(petit, depot, **options):
    with petit.au_travail():
        return compute_differences(petit.espace, depot, **options)


# --- Attente ------------------------------------------------------------------------------------------


def test_indicateur_without_delivery_waits(petit):
    resultat = petit.construire(force=True)
    assert resultat.en_attente == ("aides",)
    publication = load_publication(petit.espace)
    assert publication.en_attente == ["aides"]
    assert set(publication.indicateurs) == {"demandes", "population"}
    catalogue = open_consultation(petit.espace).catalogue
    assert "aides" not in catalogue.indicateurs
    assert "aides" not in catalogue.sources
    # Reconstruire sans changement le dit encore.
    assert petit.construire().en_attente == ("aides",)


# --- Déposer ------------------------------------------------------------------------------------------


def test_deposit_seals_the_very_bytes_and_stays_invisible(petit):
    avant = current_id(petit.espace)
    resultat = petit.deposer(AIDES, "2024")
    depot = resultat.depot
    assert resultat.accepte
    assert (depot.statut, depot.nature, depot.lots) == (
        StatutDepot.BROUILLON, NatureDepot.NOUVELLE, (("2024", "commune"),),
    )  # fmt: skip
    scelle = depots_dir(petit.espace) / depot.chemin
    assert scelle.read_bytes() == (petit.base / "recus" / "aides.csv").read_bytes()
    assert compute_sha256(scelle) == depot.sha256
    assert not stat.S_IMODE(scelle.stat().st_mode) & 0o222
    assert scelle.with_suffix(".livraison.yaml").is_file()
    # Un brouillon ne change rien à ce qui est en ligne, ni à ce qu'il y aurait à construire.
    assert petit.construire().neuve is False
    assert current_id(petit.espace) == avant
    assert statuts(petit) == {depot.id: ("brouillon", False)}
    assert read_rapport(petit.espace, depot.id).lignes_retenues == len(AIDES)


def test_same_bytes_again_are_said(petit):
    premier = petit.deposer(AIDES, "2024").depot
    second = petit.deposer(AIDES, "2024")
    assert second.deja_depose
    assert second.depot == premier
    assert len(list_livraisons(petit.espace)) == 1
    # La même année dite autrement est un autre dépôt.
    assert not petit.deposer(AIDES, "2023").deja_depose


def test_faulty_file_is_refused_and_not_kept(petit):
    resultat = petit.deposer({**AIDES, "99999": "3"}, "2024")
    assert not resultat.accepte
    assert resultat.depot.statut is StatutDepot.REFUSE
    assert not depots_dir(petit.espace).joinpath("aides").exists()
    assert not (brouillons_dir(petit.espace) / resultat.depot.id).exists()
    assert [a.valeur for a in resultat.rapport.anomalies if a.code == "code_inconnu"] == ["99999"]
    # Le registre garde les règles enfreintes, non les valeurs.
    assert "99999" not in str(resultat.depot.rapport)
    assert gestes(petit)[-1] == "refus"
    with petit.au_travail(), pytest.raises(PublicationError, match="refusé"):
        publier(petit.espace, resultat.depot.id, auteur="obs-02")


PERSONNES = "nom;prenom;date_naissance;nir;commune;foyers\n" + "".join(
    f"DURAND{i};Jeanne;12/03/19{50 + i};{nir};97401;1\n"
    for i, nir in enumerate(["295109912611193", "253072B07300470", "269054958815780", "253072A07300443"])
)


def test_personal_data_leave_no_trace_but_the_reason(petit):
    fichier = petit.base / "recus" / "liste_DURAND0.csv"
    fichier.parent.mkdir(exist_ok=True)
    fichier.write_text(PERSONNES, "utf-8")
    with petit.au_travail():
        resultat = deposer(
            petit.espace, fichier, source="aides", periode="2024", auteur="obs-01", motif="liste DURAND0"
        )
    assert resultat.depot is None
    assert resultat.rapport.quarantaine
    derniere = read_journal(petit.espace)[-1]
    assert derniere.geste == "quarantaine"
    assert derniere.details["motifs"]
    assert list_livraisons(petit.espace) == []
    # Ni nom, ni identifiant, ni nom de fichier, où que ce soit dans l'espace.
    interdits = [b"DURAND", b"295109912611193", b"Jeanne", b"liste_"]
    for chemin in petit.espace.racine.rglob("*"):
        if chemin.is_file():
            octets = chemin.read_bytes()
            assert not any(mot in octets for mot in interdits), chemin
            assert "DURAND" not in chemin.name


def test_jump_against_what_is_online_is_said(petit):
    petit.publier(petit.deposer(AIDES, "2023").depot.id)
    saut = petit.deposer({**AIDES, "97402": "20000"}, "2024")
    assert saut.accepte
    (anomalie,) = [a for a in saut.rapport.anomalies if a.code == "saut"]
    assert "2023" in anomalie.message
    # Un complément ne fait pas disparaître ce qu'il ne nomme pas ; un fichier entier, si.
    codes = {a.code for a in petit.deposer({"97401": "10"}, "2024", nature=NatureDepot.COMPLETE).rapport.anomalies}
    assert "territoires_disparus" not in codes
    assert "territoires_disparus" in {a.code for a in petit.deposer({"97401": "11"}, "2024").rapport.anomalies}


def test_control_writes_nothing(petit):
    avant = sorted(petit.espace.racine.rglob("*"))
    with petit.au_travail():
        rapport = controler(petit.espace, petit.write_aides(AIDES), source="aides", periode="2024", cog="2026")
    assert not rapport.refusee
    assert sorted(petit.espace.racine.rglob("*")) == avant


def test_unknown_source_and_missing_file_are_named(petit):
    with petit.au_travail():
        with pytest.raises(AppelError, match="Vouliez-vous dire « aides »"):
            controler(petit.espace, petit.write_aides(AIDES), source="aide", periode="2024")
        with pytest.raises(AppelError, match="n'existe pas"):
            deposer(petit.espace, petit.base / "rien.csv", source="aides", auteur="obs-01", motif="x")


@pytest.mark.parametrize("auteur", ["Jeanne Durand", "jeanne@exemple.fr", "", "é"])
def test_a_name_is_not_an_author(petit, auteur):
    with pytest.raises(AppelError, match="identifiant"):
        petit.deposer(AIDES, "2024", auteur=auteur)


def test_deposit_while_someone_writes_is_told_at_once(petit):
    with (
        verrou(petit.espace, auteur="obs-09", geste="publication"),
        pytest.raises(EspaceOccupeError, match="obs-09 y fait « publication »"),
    ):
        petit.deposer(AIDES, "2024")
    assert list_livraisons(petit.espace) == []


# --- Différences, publication ----------------------------------------------------------------------------


def test_new_period_is_compared_then_published(petit):
    depot = petit.deposer(AIDES, "2024").depot
    differences = differ(petit, depot.id)
    assert differences.nouveaux == differences.recalcules == ("aides",)
    communes = differences.lignes[differences.lignes.maille == "commune"].set_index("code_territoire")
    assert communes.apres[["97401", "97403", "97406"]].tolist() == [10, 30, 0]
    assert communes.changement["97401"] == Changement.GAGNE
    assert communes.statut_apres["97404"] == "secret"
    assert set(differences.territoires.code_territoire) >= {"97401", "97404"}

    resultat = petit.publier(depot.id)
    assert resultat.en_attente == ()
    assert petit.read_aides("2024") == {
        "97401": (10, "publie"), "97402": (20, "publie"), "97403": (30, "publie"),
        "97404": (None, "secret"), "97405": (None, "non_disponible"), "97406": (0, "publie"),
    }  # fmt: skip
    publication = load_publication(petit.espace)
    assert [(a.depot, a.sha256) for a in publication.livraisons] == [(depot.id, depot.sha256)]
    assert statuts(petit) == {depot.id: ("publie", True)}
    manifeste = open_consultation(petit.espace).manifestes[depot.chemin]
    assert (manifeste.producteur, manifeste.millesime) == ("Caisse d'essai", "2024")
    assert gestes(petit) == ["construction", "depot_commence", "depot", "publication"]
    assert verify_journal(petit.espace) == ()
    # Construire de nouveau garde le dépôt, et ne refait rien.
    assert petit.construire().neuve is False
    assert petit.construire(force=True).publication.livraisons == publication.livraisons


def test_difference_of_what_is_online_with_itself_is_empty(petit):
    premier = petit.deposer(AIDES, "2024").depot
    petit.publier(premier.id)
    # Les mêmes nombres sous d'autres octets : un fichier neuf, aucune différence.
    second = petit.deposer(dict(reversed(AIDES.items())), "2024").depot
    assert second.id != premier.id
    assert second.nature is NatureDepot.REMPLACE
    differences = differ(petit, second.id)
    assert differences.vide
    assert differences.recalcules == ("aides",)
    avant = petit.read_aides("2024")
    petit.publier(second.id)
    assert petit.read_aides("2024") == avant
    assert statuts(petit) == {premier.id: ("remplace", False), second.id: ("publie", True)}


def test_predicted_differences_are_those_of_the_publication(petit):
    """Oracle : le brouillon annonce exactement ce que la publication change ensuite."""
    petit.publier(petit.deposer(AIDES, "2024").depot.id)
    ancienne = load_publication(petit.espace)
    depot = petit.deposer(
        {"97401": "11", "97402": "20", "97403": "s", "97404": "4", "97405": "nd", "97406": "0"}, "2024"
    ).depot
    annoncees = differ(petit, depot.id)
    petit.publier(depot.id)
    constatees = compare_publications(petit.espace, ancienne, load_publication(petit.espace))
    cle = ["indicateur", "maille", "periode", "code_territoire", "changement"]
    tri = [
        d.lignes.astype(dict.fromkeys(cle, str)).sort_values(cle, ignore_index=True) for d in (annoncees, constatees)
    ]
    assert tri[0].equals(tri[1].astype(tri[0].dtypes))
    communes = annoncees.lignes[annoncees.lignes.maille == "commune"].set_index("code_territoire").changement
    assert communes.to_dict() == {"97401": "revise", "97403": "perdu", "97404": "gagne"}
    assert annoncees.revisions.code_territoire.tolist()[0] == "97401"


def test_kept_differences_are_recomputed_when_the_online_changes(petit):
    depot = petit.deposer(AIDES, "2024").depot
    premieres = differ(petit, depot.id)
    assert differ(petit, depot.id).lignes.equals(premieres.lignes)
    petit.publier(petit.deposer(dict.fromkeys(AIDES, "1"), "2024", nature=NatureDepot.NOUVELLE).depot.id)
    secondes = differ(petit, depot.id)
    assert secondes.avant == current_id(petit.espace) != premieres.avant
    assert secondes.count(Changement.REVISE) > premieres.count(Changement.REVISE)


def test_complement_adds_without_touching(petit):
    petit.publier(petit.deposer({"97401": "10", "97402": "20"}, "2024").depot.id)
    resultat = petit.deposer({"97403": "30"}, "2024")
    assert resultat.depot.nature is NatureDepot.COMPLETE
    assert "ajoute 1 valeur" in resultat.raison_nature
    petit.publier(resultat.depot.id)
    lues = petit.read_aides("2024")
    assert [lues[c][0] for c in ("97401", "97402", "97403")] == [10, 20, 30]
    assert len(load_publication(petit.espace).livraisons) == 2


def test_correction_remembers_what_was_published(petit):
    petit.publier(petit.deposer(AIDES, "2024").depot.id)
    assert read_corrections(petit.espace, current_id(petit.espace)).empty
    resultat = petit.deposer({"97402": "25"}, "2024", motif="erreur de la caisse")
    assert resultat.depot.nature is NatureDepot.CORRIGE
    petit.publier(resultat.depot.id)
    lues = petit.read_aides("2024")
    assert (lues["97401"], lues["97402"]) == ((10, "publie"), (25, "publie"))
    courante = load_publication(petit.espace)
    corrections = read_corrections(petit.espace, courante.id, "aides")
    assert list(corrections.columns) == COLONNES
    commune = corrections[corrections.maille == "commune"].to_dict("records")
    assert commune == [
        {
            "indicateur": "aides", "maille": "commune", "code_territoire": "97402", "periode": "2024", "modalite": "",
            "ancienne": 20.0, "statut_ancien": "publie", "nouvelle": 25.0, "corrigee_le": courante.date[:10],
            "publication": courante.id, "depot": resultat.depot.id, "motif": "erreur de la caisse",
        }
    ]  # fmt: skip
    # D'une publication à l'autre, la correction reste dite ; son dépôt retiré, elle n'a plus lieu d'être.
    petit.publier(petit.deposer(AIDES, "2023").depot.id)
    assert read_corrections(petit.espace, current_id(petit.espace)).equals(corrections)
    with petit.au_travail():
        retirer(petit.espace, resultat.depot.id, auteur="obs-02", motif="correction fausse")
    assert petit.read_aides("2024")["97402"] == (20, "publie")
    assert read_corrections(petit.espace, current_id(petit.espace)).empty


def test_correction_of_a_value_now_masked_tells_nothing_of_it(petit):
    """Corriger, puis masquer : l'ancien chiffre d'une valeur masquée la dévoilerait."""
    petit.publier(petit.deposer(AIDES, "2024").depot.id)
    petit.publier(petit.deposer({"97402": "25"}, "2024", nature=NatureDepot.CORRIGE).depot.id)
    petit.publier(petit.deposer({"97402": "s", "97403": "31"}, "2024", nature=NatureDepot.CORRIGE).depot.id)
    assert petit.read_aides("2024")["97402"] == (None, "secret")
    corrections = read_corrections(petit.espace, current_id(petit.espace), "aides")
    communes = corrections[corrections.maille == "commune"]
    chiffres = communes.set_index("code_territoire")[["ancienne", "nouvelle"]]
    assert chiffres.loc[["97402"]].isna().all().all(), "ni celle-ci, ni la correction d'avant"
    assert chiffres.loc["97403"].tolist() == [30, 31]


def test_several_deposits_go_online_together(petit):
    depots = [petit.deposer(AIDES, annee).depot for annee in ("2022", "2023", "2024")]
    avant = list_publications(petit.espace)
    with petit.au_travail():
        resultat = publier_ensemble(petit.espace, [d.id for d in depots], auteur="obs-02", motif="trois années")
        with pytest.raises(AppelError, match="Aucun dépôt"):
            publier_ensemble(petit.espace, [], auteur="obs-02")
    assert list_publications(petit.espace) == [*avant, resultat.publication.id], "une seule publication"
    assert [petit.read_aides(annee)["97401"] for annee in ("2022", "2023", "2024")] == [(10, "publie")] * 3
    assert {d for d, (_statut, en_ligne) in statuts(petit).items() if en_ligne} == {d.id for d in depots}
    inscrites = [x for x in read_journal(petit.espace) if x.geste == "publication"]
    assert {x.depot for x in inscrites} == {d.id for d in depots}
    assert {x.publication for x in inscrites} == {resultat.publication.id}
    assert verify_journal(petit.espace) == ()


def test_nothing_goes_online_if_one_of_them_cannot(petit):
    bon, rejete = (petit.deposer(AIDES, annee).depot for annee in ("2023", "2024"))
    avant = current_id(petit.espace)
    with petit.au_travail():
        rejeter(petit.espace, rejete.id, auteur="obs-02", motif="mauvaise année")
        with pytest.raises(PublicationError, match="ne peut être publié"):
            publier_ensemble(petit.espace, [bon.id, rejete.id], auteur="obs-02")
    assert current_id(petit.espace) == avant


def test_deposit_completes_a_provided_period(petit):
    """Une période fournie avec l'observatoire se complète et se corrige comme une autre."""
    avant = petit.read_local()
    resultat = petit.deposer_local({"97404": "13", "97405": "7"}, nature=NatureDepot.CORRIGE)
    petit.publier(resultat.depot.id)
    lues = petit.read_local()
    assert (lues["97404"], lues["97405"]) == (13, 7)
    assert {c: v for c, v in lues.items() if c not in {"97404", "97405"}} == {
        c: v for c, v in avant.items() if c not in {"97404", "97405"}
    }


def test_withdrawing_brings_back_what_was_replaced(petit):
    premier = petit.deposer(AIDES, "2024").depot
    petit.publier(premier.id)
    avant = petit.read_aides("2024")
    second = petit.deposer(dict.fromkeys(AIDES, "7"), "2024").depot
    petit.publier(second.id)
    with petit.au_travail():
        retirer(petit.espace, second.id, auteur="obs-02", motif="mauvais fichier")
        with pytest.raises(PublicationError, match="n'est pas en ligne"):
            retirer(petit.espace, second.id, auteur="obs-02", motif="encore")
    assert petit.read_aides("2024") == avant
    assert statuts(petit) == {premier.id: ("publie", True), second.id: ("retire", False)}


def test_rejected_draft_stays_sealed_and_off(petit):
    depot = petit.deposer(AIDES, "2024").depot
    with petit.au_travail():
        rejeter(petit.espace, depot.id, auteur="obs-02", motif="mauvaise année")
        with pytest.raises(PublicationError, match="ne peut être publié"):
            publier(petit.espace, depot.id, auteur="obs-02")
    assert (depots_dir(petit.espace) / depot.chemin).is_file()
    assert not (brouillons_dir(petit.espace) / depot.id).exists()
    assert petit.deposer(AIDES, "2024").deja_depose is False


def test_altered_seal_is_refused(petit):
    depot = petit.deposer(AIDES, "2024").depot
    avant = current_id(petit.espace)
    scelle = depots_dir(petit.espace) / depot.chemin
    scelle.chmod(0o600)
    scelle.write_bytes(scelle.read_bytes().replace(b"10", b"99"))
    with pytest.raises(SourceError, match="scellés"):
        petit.publier(depot.id)
    assert current_id(petit.espace) == avant


def test_published_twice_is_said(petit):
    depot = petit.deposer(AIDES, "2024").depot
    petit.publier(depot.id)
    with pytest.raises(PublicationError, match="déjà en ligne"):
        petit.publier(depot.id)
