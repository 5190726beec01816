"""Clé des empreintes : tirée une fois, lisible d'un seul, jamais remplacée ; ce qu'elle signe ne s'essaie pas."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from observatoire.config import Espace
from observatoire.errors import ConfigurationError
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.registres import cle
from observatoire.registres.base import open_registres
from observatoire.registres.cle import NOM, hide_manifeste, make_empreinte, open_cle, read_cle
from observatoire.registres.journal import Ecriture, append, hide_ancre, verify

SHA = hashlib.sha256(b"commune;foyers\n97401;3\n").hexdigest()
EXACTE, OUVERTE = Confidentialite.CONVENTION, Confidentialite.OUVERTE


def test_key_is_drawn_once_and_read_by_its_owner_only(tmp_path):
    assert read_cle(tmp_path) is None
    premiere = open_cle(tmp_path)
    assert (len(premiere), open_cle(tmp_path)) == (32, premiere)
    assert stat.S_IMODE((tmp_path / NOM).stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [NOM]
    (tmp_path / "autre").mkdir()
    assert open_cle(tmp_path / "autre") != premiere


def test_writers_together_take_the_same_key(tmp_path):
    with ThreadPoolExecutor(16) as fils:
        assert len(set(fils.map(lambda _rang: open_cle(tmp_path), range(64)))) == 1


def test_disk_without_links_still_gets_its_key(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    monkeypatch.setattr(cle.Path, "hardlink_to", refuse)
    assert open_cle(tmp_path) == read_cle(tmp_path)


def test_damaged_key_is_said_and_never_replaced(tmp_path):
    (tmp_path / NOM).write_bytes(b"court")
    with pytest.raises(ConfigurationError, match="Restaurez sa copie"):
        open_cle(tmp_path)
    assert (tmp_path / NOM).read_bytes() == b"court"


@pytest.mark.parametrize("regime", [OUVERTE, Confidentialite.CONVENTION_PROTEGEE])
def test_public_file_keeps_its_own_fingerprint_and_needs_no_key(tmp_path, regime):
    assert make_empreinte(tmp_path, SHA, regime, "a/b.csv") == SHA
    assert read_cle(tmp_path) is None


def test_exact_file_shows_a_keyed_fingerprint(tmp_path):
    montree = make_empreinte(tmp_path, SHA, EXACTE, "a/1/b.csv")
    assert montree == make_empreinte(tmp_path, SHA, EXACTE, "a/1/b.csv")
    assert SHA[:8] not in montree
    assert len(montree) <= 64, "il tient dans les colonnes des registres"
    # Les mêmes octets déposés par un autre n'ont pas la même : un essai ne se confirme pas.
    assert montree != make_empreinte(tmp_path, SHA, EXACTE, "a/2/b.csv")


def test_shown_manifest_tells_neither_bytes_nor_rows(tmp_path):
    prive = Manifeste(
        source="s", fichier="f.csv", producteur="Caisse", titre="Foyers", licence="convention", millesime="2024",
        millesime_geographique="2026", date_extraction="2025-01-01", sha256=SHA, confidentialite=EXACTE, lignes=391,
        paquets=[{"registre": "r", "nom": "n", "version": "1", "fichier": "f", "sha256": SHA}],
    )  # fmt: skip
    public = hide_manifeste(tmp_path, prive, "s/f.csv")
    assert SHA[:8] not in public.model_dump_json()
    assert (public.lignes, public.paquets) == (None, ())
    assert public.date_extraction == prive.date_extraction
    ouvert = prive.model_copy(update={"confidentialite": OUVERTE})
    assert hide_manifeste(tmp_path, ouvert, "s/f.csv") is ouvert


def test_anchor_noted_in_a_publication_is_keyed_and_still_verifies(tmp_path):
    registres = open_registres(Espace(tmp_path))
    lignes = [append(registres, Ecriture("obs-01", "valideur", "depot", details={"n": n})) for n in range(3)]
    nue = {"numero": 1, "empreinte": hide_ancre(registres, lignes[0].empreinte)}
    assert nue["empreinte"] == lignes[0].empreinte, "sans fichier exact, rien n'est à cacher"
    open_cle(tmp_path)
    signee = {"numero": 2, "empreinte": hide_ancre(registres, lignes[1].empreinte)}
    assert lignes[1].empreinte[:8] not in signee["empreinte"]
    assert verify(registres, [nue, signee]) == ()
    fausse = signee | {"numero": 3}
    assert [f.code for f in verify(registres, [fausse])] == ["journal_altere"]
    (tmp_path / NOM).unlink()
    assert [f.code for f in verify(registres, [signee])] == ["journal_sans_cle"]
    assert read_cle(tmp_path) is None, "vérifier ne crée pas de clé"
