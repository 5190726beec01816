"""Une livraison est un fichier, son manifeste et son empreinte ; qu'un des trois manque, on le dit."""

import hashlib

import pandas as pd
import pytest
import yaml

from observatoire.config import Espace
from observatoire.errors import SourceError
from observatoire.ingestion.fichiers import find_livraison, read_table_livree

FICHIER = "essai/2025/communes.parquet"


def deliver(racine, **surcharge):
    chemin = racine / "data" / "depot" / FICHIER
    chemin.parent.mkdir(parents=True)
    pd.DataFrame({"code": ["01001"], "n": [4]}).to_parquet(chemin)
    manifeste = {
        "source": "essai",
        "fichier": chemin.name,
        "producteur": "Essai",
        "titre": "Livraison d'essai",
        "licence": "Licence Ouverte",
        "millesime": "2025",
        "millesime_geographique": "2026",
        "date_extraction": "2026-01-02",
        "sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(),
        "confidentialite": "ouverte",
        "lignes": 1,
    }
    chemin.with_suffix(".livraison.yaml").write_text(yaml.safe_dump(manifeste | surcharge), "utf-8")
    return chemin


def test_livraison_intacte_is_read(tmp_path):
    deliver(tmp_path)
    livraison = find_livraison(Espace(tmp_path), FICHIER)
    assert livraison.manifeste.millesime_geographique == "2026"
    assert read_table_livree(livraison).to_dict("list") == {"code": ["01001"], "n": [4]}


def test_fichier_modifie_is_refused(tmp_path):
    chemin = deliver(tmp_path)
    pd.DataFrame({"code": ["01001"], "n": [5]}).to_parquet(chemin)
    with pytest.raises(SourceError, match=r"« communes\.parquet » a changé depuis sa livraison : empreinte"):
        find_livraison(Espace(tmp_path), FICHIER)


def test_fichier_absent_says_where_it_was_looked_for(tmp_path):
    (tmp_path / "data" / "depot").mkdir(parents=True)
    with pytest.raises(SourceError, match="manque") as faute:
        find_livraison(Espace(tmp_path), FICHIER)
    assert str(tmp_path / "data" / "depot") in str(faute.value)
    assert "Déposez-le" in str(faute.value)


def test_manifeste_absent_is_said(tmp_path):
    deliver(tmp_path).with_suffix(".livraison.yaml").unlink()
    with pytest.raises(SourceError, match=r"n'a pas de manifeste : « communes\.livraison\.yaml »"):
        find_livraison(Espace(tmp_path), FICHIER)


def test_manifeste_faux_names_its_fields(tmp_path):
    deliver(tmp_path, confidentialite="secrète", lignes="beaucoup")
    with pytest.raises(SourceError, match=r"Champs en cause : confidentialite, lignes"):
        find_livraison(Espace(tmp_path), FICHIER)
