"""Sur les données de départ : ce qui n'a pas de valeur n'a pas de chiffre, nulle part dans la diffusion."""

import duckdb
import pytest

from observatoire.store.publications import current_id


@pytest.fixture(scope="module")
def copies(espace_construit):
    return espace_construit.diffusion / "copies" / current_id(espace_construit)


@pytest.mark.parametrize("copie", ["par_indicateur", "par_territoire"])
def test_aucun_chiffre_without_a_value(copies, copie):
    requete = f"""
        SELECT statut IN ('secret', 'non_disponible', 'hors_champ') AS cachee,
               count(*) AS lignes,
               count(coalesce(valeur, numerateur, denominateur,
                              CASE WHEN statut <> 'secret' THEN coalesce(borne_inf, borne_sup) END)) AS chiffrees,
               count(valeur) AS valeurs
        FROM '{copies}/{copie}/*.parquet' GROUP BY ALL ORDER BY ALL
    """  # noqa: S608 -- chemins de l'essai
    montrees, cachees = duckdb.sql(requete).fetchall()
    assert (montrees[0], cachees[0]) == (False, True)
    assert montrees[3] == montrees[1] > 1_000_000
    assert cachees[2] == 0


def test_bornes_hold_every_value(copies):
    requete = f"""
        SELECT count(*) FROM '{copies}/par_indicateur/*.parquet'
        WHERE borne_inf > valeur + 1e-6 * abs(valeur) OR borne_sup < valeur - 1e-6 * abs(valeur)
           OR (statut = 'publie' AND (borne_inf IS NULL OR borne_inf <> valeur OR borne_sup <> valeur))
           OR (statut = 'partiel' AND borne_sup IS NOT NULL)
    """  # noqa: S608 -- chemins de l'essai
    assert duckdb.sql(requete).fetchall() == [(0,)]
