"""Journal : ajout seul, chaîné ; changer, ôter, glisser ou couper se voit."""

import sqlite3

import pytest
import sqlalchemy as sa

from observatoire.config import Espace
from observatoire.registres import journal
from observatoire.registres.base import NOM, open_registres
from observatoire.registres.journal import Ecriture, append, read, verify


@pytest.fixture
def espace(tmp_path):
    return Espace(tmp_path)


@pytest.fixture
def registres(espace):
    registres = open_registres(espace)
    for rang in range(5):
        append(
            registres,
            Ecriture(
                "obs-01", "contributeur", "depot", f"motif n° {rang} — « été »", depot=f"d{rang}", details={"n": rang}
            ),
        )
    return registres


def alter(espace, *ordres):
    """Change la base comme le ferait quelqu'un qui la tient : sans les gardes, sans notre code."""
    with sqlite3.connect(espace.racine / NOM) as base:
        for geste in ("update", "delete"):
            base.execute(f"DROP TRIGGER journal_sans_{geste}")
        for ordre in ordres:
            base.execute(ordre)
    base.close()


def codes(anomalies):
    return [a.code for a in anomalies]


def test_lines_say_who_when_what_why(registres):
    lignes = read(registres)
    assert [x.numero for x in lignes] == [1, 2, 3, 4, 5]
    assert (lignes[2].auteur, lignes[2].role, lignes[2].geste) == ("obs-01", "contributeur", "depot")
    assert (lignes[2].motif, lignes[2].depot, lignes[2].details) == ("motif n° 2 — « été »", "d2", {"n": 2})
    assert lignes[2].quand.endswith("+00:00")
    assert lignes[3].precedente == lignes[2].empreinte
    assert [x.numero for x in read(registres, depot="d3")] == [4]
    assert [x.numero for x in read(registres, derniers=2)] == [4, 5]


def test_untouched_journal_verifies(espace, registres):
    assert verify(registres) == ()
    # Rouvert par un autre processus, il se relit et s'allonge.
    autre = open_registres(espace)
    append(autre, Ecriture("obs-02", "valideur", "approbation"))
    assert verify(registres) == ()
    assert len(read(registres)) == 6


@pytest.mark.parametrize(
    "ordre", ["UPDATE journal SET motif = 'x'", "DELETE FROM journal", "DELETE FROM journal WHERE numero = 5"]
)
def test_database_itself_refuses_to_change_a_line(registres, ordre):
    with pytest.raises(sa.exc.IntegrityError, match="le journal ne se modifie pas"), registres.ecriture() as connexion:
        connexion.exec_driver_sql(ordre)
    assert verify(registres) == ()
    assert len(read(registres)) == 5


# Chaque colonne compte : changer l'une d'elles, n'importe où, se voit.
@pytest.mark.parametrize(
    ("colonne", "valeur"),
    [
        ("quand", "2020-01-01T00:00:00+00:00"), ("auteur", "obs-99"), ("role", "valideur"), ("geste", "publication"),
        ("motif", "autre"), ("depot", "d9"), ("publication", "p9"), ("sha256", "0"), ("details", '{"n":9}'),
        ("precedente", "0" * 64), ("empreinte", "0" * 64),
    ],
)  # fmt: skip
@pytest.mark.parametrize("numero", [1, 3, 5])
def test_changed_value_is_detected(espace, registres, colonne, valeur, numero):
    if colonne == "precedente" and numero == 1:
        valeur = "1" * 64
    alter(espace, f"UPDATE journal SET {colonne} = '{valeur}' WHERE numero = {numero}")  # noqa: S608 -- cas d'essai
    assert verify(registres) != ()


def test_removed_line_is_detected(espace, registres):
    alter(espace, "DELETE FROM journal WHERE numero = 3")
    assert codes(verify(registres)) == ["journal_ligne_otee"]
    assert "il manque la ligne 3" in verify(registres)[0].message


def test_removed_first_line_is_detected(espace, registres):
    alter(espace, "DELETE FROM journal WHERE numero = 1")
    assert "journal_ligne_otee" in codes(verify(registres))


def test_removed_last_line_is_detected(espace, registres):
    alter(espace, "DELETE FROM journal WHERE numero = 5")
    assert codes(verify(registres)) == ["journal_tronque"]


def test_emptied_journal_is_detected(espace, registres):
    alter(espace, "DELETE FROM journal")
    assert codes(verify(registres)) == ["journal_tronque"]


def test_truncation_is_detected_without_the_head_file(espace, registres):
    derniere = read(registres)[-1]
    alter(espace, "DELETE FROM journal WHERE numero = 5")
    registres.tete.unlink()
    # La tête manque : c'est dit ; et la publication, qui a noté la dernière ligne, la réclame.
    assert codes(verify(registres)) == ["journal_sans_tete"]
    ancre = {"numero": derniere.numero, "empreinte": derniere.empreinte}
    assert codes(verify(registres, [ancre])) == ["journal_sans_tete", "journal_tronque"]


def test_inserted_line_is_detected(espace, registres):
    alter(
        espace,
        "UPDATE journal SET numero = numero + 100 WHERE numero > 2",
        "INSERT INTO journal SELECT 3, quand, 'intrus', role, geste, motif, depot, publication, sha256, details, "
        "precedente, empreinte FROM journal WHERE numero = 2",
        "UPDATE journal SET numero = numero - 99 WHERE numero > 100",
    )
    assert {"journal_altere", "journal_chaine_rompue"} <= set(codes(verify(registres)))


def test_rewritten_chain_is_detected_by_its_anchor(espace, registres):
    """Tout réécrire en une chaîne cohérente ne suffit pas : la tête et les publications ont noté l'ancienne."""
    ancre = {"numero": 3, "empreinte": read(registres)[2].empreinte}
    with registres.lecture() as connexion:
        lignes = [dict(x) for x in connexion.execute(sa.select(journal.TABLE).order_by("numero")).mappings()]
    ordres, precedente = [], journal.ORIGINE
    for ligne in lignes:
        ligne |= {"auteur": "intrus", "precedente": precedente}
        ligne["empreinte"] = precedente = journal.compute_empreinte_ligne(ligne)
        valeurs = "auteur = 'intrus', precedente = '{precedente}', empreinte = '{empreinte}'".format(**ligne)
        ordres.append(f"UPDATE journal SET {valeurs} WHERE numero = {ligne['numero']}")  # noqa: S608 -- cas d'essai
    alter(espace, *ordres)
    assert codes(verify(registres)) == ["journal_altere"]
    registres.tete.write_text(f'{{"numero": 5, "empreinte": "{precedente}"}}')
    assert codes(verify(registres)) == []
    assert codes(verify(registres, [ancre])) == ["journal_altere"]


def test_head_late_by_one_line_is_not_a_fault(registres):
    """Un arrêt entre la base et la tête laisse la tête en retard : rien n'a été perdu."""
    tete = registres.tete.read_text()
    append(registres, Ecriture("obs-01", "", "depot"))
    registres.tete.write_text(tete)
    assert verify(registres) == ()


def test_failed_transaction_leaves_no_line(registres):
    def echouer():
        with registres.ecriture() as connexion:
            journal.append_in(connexion, Ecriture("obs-01", "", "depot"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        echouer()
    assert len(read(registres)) == 5
    assert verify(registres) == ()


def test_empty_journal_verifies(tmp_path):
    assert verify(open_registres(Espace(tmp_path))) == ()
