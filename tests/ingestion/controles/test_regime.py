"""Régime : des effectifs exacts n'entrent ni dans la population de référence, ni dans une liste de lieux."""

import re

import pandas as pd
import pytest

from observatoire import config
from observatoire.errors import SourceError
from observatoire.ingestion.controles.codes_inconnus import split_codes_inconnus
from observatoire.ingestion.controles.regime import check_manifeste
from observatoire.ingestion.discretion import hide_nombres
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.ingestion.projection import TexteInattenduError, project_variables
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.modeles.sources import LivraisonDeclaree, Source
from observatoire.territoires.referentiel import Referentiel

EXACTE, PROTEGEE, OUVERTE = Confidentialite.CONVENTION, Confidentialite.CONVENTION_PROTEGEE, Confidentialite.OUVERTE
COMMUN = {
    "libelle": "Source", "producteur": "Essai", "licence": "libre", "rythme": "annuel", "maille": "commune",
    "colonne_code": "code",
}  # fmt: skip
POPULATION = Source.model_validate(
    COMMUN
    | {"id": "populations", "variables": {"population_municipale": {"libelle": "P", "unite": "hab.", "colonne": "n"}}}
)
LIEUX = Source.model_validate(
    COMMUN
    | {
        "id": "lieux",
        "variables": {"nb": {"libelle": "Lieux", "unite": "lieux", "agregat": "compte"}},
        "ressource": {
            "type": "lieu", "libelle": "lieu", "libelle_pluriel": "lieux", "lettre": "L",
            "problematiques": ["habitat"], "colonne_id": "n", "colonne_nom": "n", "colonne_code_commune": "code",
        },
    }
)  # fmt: skip
FOYERS = Source.model_validate(
    COMMUN | {"id": "foyers", "variables": {"foyers": {"libelle": "Foyers", "unite": "foyers", "colonne": "n"}}}
)


@pytest.fixture(scope="module")
def referentiel():
    return Referentiel(config.RACINE_DEPOT / "data" / "referentiel")


def build_manifeste(regime):
    return Manifeste(
        source="s", fichier="f", producteur="E", titre="T", licence="L", millesime="2024", date_extraction="2025",
        sha256="0", confidentialite=regime, lignes=1,
    )  # fmt: skip


@pytest.mark.parametrize(("source", "mot"), [(POPULATION, "population de référence"), (LIEUX, "liste de lieux")])
def test_exact_counts_are_refused_where_nothing_would_mask_them(tmp_path, referentiel, source, mot):
    fichier = tmp_path / "f.csv"
    fichier.write_text("code;n\n97401;12\n97402;3\n97403;8\n", "utf-8")
    rapport = read_livraison(fichier, source, referentiel, Demande("2024", confidentialite=EXACTE, cog="2026"))
    (refus,) = [a for a in rapport.anomalies if a.code == "regime_refuse"]
    assert rapport.refusee
    assert mot in refus.message
    assert "convention_protegee" in refus.suggestion
    for regime in (OUVERTE, PROTEGEE):
        rapport = read_livraison(fichier, source, referentiel, Demande("2024", confidentialite=regime, cog="2026"))
        assert "regime_refuse" not in {a.code for a in rapport.anomalies}
    with pytest.raises(SourceError, match=f"f\\.csv.*{mot}"):
        check_manifeste(source, build_manifeste(EXACTE), "f.csv")
    check_manifeste(source, build_manifeste(PROTEGEE), "f.csv")


def test_exact_counts_are_welcome_elsewhere():
    check_manifeste(FOYERS, build_manifeste(EXACTE), "f.csv")


# --- Taire les nombres --------------------------------------------------------------------------------


FAUTES = [
    Anomalie("total_different_des_details", Gravite.A_REGARDER, "f.csv", "commune 01004, 2024 : le total vaut 3.",
             ligne=7, colonne="n", valeur="3", suggestion="Vérifiez la ligne citée.",
             territoire="commune 01004, 2024"),
    Anomalie("nombre_illisible", Gravite.BLOQUANT, "f.csv", "« 12 foyers » n'est pas un nombre.", ligne=9,
             colonne="n", valeur="12 foyers", suggestion="Ajoutez « 12 foyers » aux marques."),
    Anomalie("autre_regle", Gravite.A_REGARDER, "f.csv", "4 de trop.", valeur="4"),
]  # fmt: skip


def test_hidden_fault_keeps_its_place_and_its_gesture():
    total, illisible, inconnue = hide_nombres(FAUTES, EXACTE)
    assert str(total) == (
        "f.csv, ligne 7, colonne « n » : commune 01004, 2024 : total différent des détails. Vérifiez la ligne citée."
    )
    assert (illisible.ligne, illisible.colonne, illisible.gravite) == (9, "n", Gravite.BLOQUANT)
    assert [a.valeur for a in (total, illisible, inconnue)] == [None] * 3
    assert "12" not in str(illisible)
    # Un contrôle que nul n'a encore écrit est tu d'avance.
    assert inconnue.message == "autre regle."


def test_same_place_is_told_once_and_open_data_are_told_whole():
    assert len(hide_nombres([*FAUTES, FAUTES[0]], EXACTE)) == len(FAUTES)
    assert hide_nombres(FAUTES, PROTEGEE) == FAUTES


def test_unknown_codes_of_an_exact_file_are_named_without_their_mass():
    variables = pd.DataFrame({"variable": "foyers", "code_territoire": ["97401", "99999"], "valeur": [12.0, 3.0]})
    _connues, fautes = split_codes_inconnus(variables, pd.Index(["97401"]), nature="commune du COG 2026", fichier="f")
    assert "foyers : 3" in str(fautes[0])
    (tue,) = hide_nombres(fautes, EXACTE)
    assert tue.message == "commune du COG 2026, 99999 : code inconnu."


def test_unreadable_text_of_a_provided_file_has_a_discreet_message():
    livraison = LivraisonDeclaree(fichier="f.parquet", periode="2024")
    table = pd.DataFrame({"code": ["97401"], "n": ["12 foyers"]})
    with pytest.raises(TexteInattenduError, match="12 foyers") as erreur:
        project_variables(FOYERS, livraison, table, cog="2026")
    assert not re.search(r"\b12\b", erreur.value.discret)
    assert "marques_secret" in erreur.value.discret
