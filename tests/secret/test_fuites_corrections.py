"""Corrections : l'ancien chiffre d'une case masquée n'est dit par aucune publication que l'on peut ouvrir."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.corrections import load_corrections
from observatoire.config import Espace
from observatoire.modeles.livraisons import NatureDepot
from observatoire.publication.corrections import hide_masquees
from observatoire.store.corrections import COLONNES, read_corrections
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import Publication, list_publications, save_publication
from tests.secret.espace_exact import FOYERS, EspaceExact

CLE = ["indicateur", "maille", "code_territoire", "periode"]


def publish(espace, identifiant, *observations):
    """Pose la copie d'une publication : indicateur, code, modalité, statut."""
    dossier = copies_dir(espace, identifiant) / "par_indicateur"
    dossier.mkdir(parents=True)
    noms = ["indicateur", "code_territoire", "modalite", "statut"]
    table = pd.DataFrame(observations, columns=noms).assign(maille="commune", periode="2024")
    for indicateur, lignes in table.groupby("indicateur"):
        pq.write_table(pa.Table.from_pandas(lignes, preserve_index=False), dossier / f"{indicateur}.parquet")
    save_publication(espace, Publication(identifiant, "2026-01-01", "2026", "0", "essai", "essai"))


def correct(*cles):
    """Corrections de 12 en 14 : indicateur, code, modalité."""
    table = pd.DataFrame(cles, columns=["indicateur", "code_territoire", "modalite"])
    constantes = {"maille": "commune", "periode": "2024", "ancienne": 12.0, "nouvelle": 14.0, "statut_ancien": "publie"}
    return table.assign(**constantes).reindex(columns=COLONNES)


def list_dites(corrections):
    """Codes dont un chiffre reste dit."""
    return corrections[corrections.ancienne.notna() | corrections.nouvelle.notna()].code_territoire.tolist()


@pytest.fixture
def espace(tmp_path):
    return Espace(tmp_path)


def test_masked_here_or_in_an_older_publication_is_never_recalled(espace):
    publish(espace, "p1", ("i", "01001", "", "publie"), ("i", "01002", "", "secret"), ("i", "01003", "", "publie"))
    publish(espace, "p2", ("i", "01001", "", "publie"), ("i", "01002", "", "publie"), ("i", "01003", "", "secret"))
    corrections = correct(("i", "01001", ""), ("i", "01002", ""), ("i", "01003", ""))
    assert list_dites(corrections) == ["01001", "01002", "01003"]
    assert list_dites(hide_masquees(espace, "p2", corrections)) == ["01001"]
    # La publication qui s'écrit n'est pas encore dans la liste : ses masques comptent déjà.
    (espace.publications / "p2.json").unlink()
    assert list_dites(hide_masquees(espace, "p2", corrections)) == ["01001"]


def test_one_masked_class_hides_all_the_classes_of_its_territory(espace):
    publish(espace, "p1", ("typo", "01001", "", "secret"), ("typo", "01002", "A", "publie"))
    assert list_dites(hide_masquees(espace, "p1", correct(("typo", "01001", "A"), ("typo", "01002", "A")))) == ["01002"]


def test_indicator_no_longer_published_tells_nothing_of_its_past(espace):
    publish(espace, "p1", ("retire", "01001", "", "publie"))
    publish(espace, "p2", ("reste", "01001", "", "publie"))
    dites = hide_masquees(espace, "p2", correct(("retire", "01001", ""), ("reste", "01001", "")))
    assert dites[dites.ancienne.notna()].indicateur.tolist() == ["reste"]


def test_every_publication_of_a_corrected_convention_stays_silent(tmp_path):
    """De bout en bout : deux corrections de suite, dont l'une fait masquer une commune qui était publiée."""
    petit = EspaceExact(tmp_path / "exact")
    petit.publier(petit.deposer_exact(FOYERS, "2024").depot.id)
    montree = next(c for c, v in petit.read_publies("2024").items() if v is not None and v > 20)
    for corrige in ({montree: 26}, {montree: 2, "97401": 4}):
        rendu = petit.deposer_exact(corrige, "2024", nature=NatureDepot.CORRIGE)
        petit.publier(rendu.depot.id)
    assert petit.read_publies("2024")[montree] is None, "l'essai n'en est un que si elle devient masquée"
    masquees = {}
    for identifiant in list_publications(petit.espace):
        chemin = copies_dir(petit.espace, identifiant) / "par_indicateur" / "aides.parquet"
        if chemin.is_file():
            lues = pd.read_parquet(chemin)
            masquees[identifiant] = set(lues.loc[lues.statut == "secret", CLE].itertuples(index=False, name=None))
    derniere = list_publications(petit.espace)[-1]
    for identifiant, siennes in masquees.items():
        corrections = read_corrections(petit.espace, identifiant)
        dites = corrections[corrections.ancienne.notna() | corrections.nouvelle.notna()]
        dites = set(dites[CLE].itertuples(index=False, name=None))
        assert not dites & siennes
        # La plus récente se tait aussi de ce qu'une plus ancienne masquait.
        assert identifiant != derniere or not dites & set().union(*masquees.values())
    # Une correction n'est connue que des publications qui la suivent.
    assert all(read_corrections(petit.espace, i).empty for i in list_publications(petit.espace)[:2])
    assert set(read_corrections(petit.espace, derniere).code_territoire) >= {montree}
    consultation = open_consultation(petit.espace)
    lot = load_corrections(petit.espace, consultation.publication.id).read_lot("aides", "commune", "2024")
    assert lot[montree].avant is None
