"""Tel qu'au : la publication d'un jour ; le journal relit ce qui a été fait, et dit s'il a été touché."""

import datetime as dt
import json
import sqlite3

import pytest

from observatoire.errors import AppelError
from observatoire.publication import historique
from observatoire.publication.differences import compare_publications
from observatoire.publication.historique import find_publication_at, read_journal, restore, verify_journal
from observatoire.registres.base import NOM
from observatoire.store.publications import current_id, list_publications, load_publication
from tests.publication.petit_espace import AIDES


def instant(petit, geste, rang=-1):
    """Instant d'un geste du journal, un souffle après."""
    quand = [x.quand for x in read_journal(petit.espace) if x.geste == geste][rang]
    return (dt.datetime.fromisoformat(quand) + dt.timedelta(milliseconds=1)).isoformat()


def test_as_of_follows_publications_and_restorations(petit_livre):
    petit = petit_livre
    premiere, seconde = list_publications(petit.espace)
    restore(petit.espace, premiere, auteur="obs-02")
    assert find_publication_at(petit.espace, instant(petit, "construction")).id == premiere
    assert find_publication_at(petit.espace, instant(petit, "publication")).id == seconde
    assert find_publication_at(petit.espace, instant(petit, "restauration")).id == premiere
    # Le jour même : ce qui est en ligne à sa fin.
    aujourdhui = dt.datetime.now().astimezone().date()
    assert find_publication_at(petit.espace, aujourdhui.isoformat()).id == premiere
    with pytest.raises(AppelError, match=r"Aucune publication n'était en ligne au 2020-01-01\. La première est du"):
        find_publication_at(petit.espace, "2020-01-01")
    with pytest.raises(AppelError, match="n'est pas une date"):
        find_publication_at(petit.espace, "12 mars")


def test_as_of_reads_publications_older_than_the_journal(petit_livre, monkeypatch):
    premiere, seconde = list_publications(petit_livre.espace)
    monkeypatch.setattr(historique, "read", lambda _registres: [])
    demain = dt.datetime.now().astimezone().date() + dt.timedelta(days=1)
    assert find_publication_at(petit_livre.espace, demain.isoformat()).id == seconde
    debut = dt.datetime.fromisoformat(load_publication(petit_livre.espace, premiere).date)
    assert find_publication_at(petit_livre.espace, debut.isoformat()).id == premiere


def test_two_publications_compare_both_ways(petit_livre):
    premiere, seconde = (load_publication(petit_livre.espace, p) for p in list_publications(petit_livre.espace))
    aller = compare_publications(petit_livre.espace, premiere, seconde)
    assert (aller.nouveaux, aller.retires) == (("aides",), ())
    assert set(aller.lignes.indicateur) == {"aides"}
    retour = compare_publications(petit_livre.espace, seconde, premiere)
    assert (retour.nouveaux, retour.retires) == ((), ("aides",))
    assert retour.count("perdu") == aller.count("gagne") > 0
    assert compare_publications(petit_livre.espace, seconde, seconde).vide
    assert compare_publications(petit_livre.espace, premiere, seconde, ["population"]).vide


def test_publication_anchors_the_journal(petit_livre):
    """Les dernières lignes ôtées et la tête effacée : une publication se souvient encore de la ligne d'avant elle."""
    petit = petit_livre
    petit.publier(petit.deposer(AIDES, "2024").depot.id)
    ancre = load_publication(petit.espace).journal
    assert ancre["numero"] == read_journal(petit.espace)[-2].numero
    assert verify_journal(petit.espace) == ()
    with sqlite3.connect(petit.espace.racine / NOM) as base:
        base.execute("DROP TRIGGER journal_sans_delete")
        base.execute("DELETE FROM journal WHERE numero >= ?", [ancre["numero"]])
    base.close()
    (petit.espace.racine / "registres.tete.json").unlink()
    assert {a.code for a in verify_journal(petit.espace)} == {"journal_sans_tete", "journal_tronque"}


def test_brouillon_does_not_move_what_is_to_build(petit_livre):
    petit = petit_livre
    courante = current_id(petit.espace)
    petit.deposer({"97401": "99"}, "2024")
    assert petit.construire().neuve is False
    assert current_id(petit.espace) == courante


def test_publication_written_before_deposits_still_opens(petit_livre):
    espace = petit_livre.espace
    premiere = list_publications(espace)[0]
    chemin = espace.publications / f"{premiere}.json"
    contenu = json.loads(chemin.read_text("utf-8"))
    for champ in ("livraisons", "en_attente", "journal"):
        del contenu[champ]
    chemin.write_text(json.dumps(contenu), "utf-8")
    ancienne = load_publication(espace, premiere)
    assert (ancienne.livraisons, ancienne.en_attente, ancienne.journal) == ([], [], {})
    restore(espace, premiere, auteur="obs-02")
    petit_livre.publier(petit_livre.deposer(AIDES, "2024").depot.id)
    assert petit_livre.read_aides("2024")["97401"] == (10, "publie")


def test_space_older_than_its_journal_opens_one(petit_livre):
    """Registres perdus ou pas encore là : la publication en ligne le reste, et le journal part d'elle."""
    espace = petit_livre.espace
    (espace.racine / NOM).unlink()
    (espace.racine / "registres.tete.json").unlink()
    petit_livre.deposer({"97401": "12"}, "2024")
    lignes = read_journal(espace)
    assert [x.geste for x in lignes] == ["reprise", "depot_commence", "depot"]
    assert lignes[0].publication == current_id(espace)
    # Ce que les publications avaient noté du journal perdu ne s'y retrouve plus : c'est dit.
    assert verify_journal(espace) != ()
    # Et reconstruire garde les dépôts en ligne, que la publication sait relire sans registre.
    assert [a.source for a in petit_livre.construire(force=True).publication.livraisons] == ["aides"]
    assert petit_livre.read_aides("2023")["97401"] == (10, "publie")
