"""Périodes qui se chevauchent."""

import pytest

from observatoire.errors import PublicationError
from observatoire.secret.periodes import bound_mois, check_periodes


@pytest.mark.parametrize(
    ("periode", "mois"),
    [("2024", 12), ("2024-T3", 3), ("2024-S2", 6), ("2024-12", 1), ("2024-12-31", 1), ("2022-2024", 36), ("hier", 0)],
)
def test_une_periode_lasts_so_many_months(periode, mois):
    debut, fin = bound_mois(periode)
    assert fin - debut + 1 == mois


@pytest.mark.parametrize(
    ("avant", "apres"),
    [("2024", "2024-T1"), ("2022-2024", "2023-2025"), ("2024-S1", "2024-T2"), ("2024-T1", "2024-03")],
)
def test_deux_cumuls_qui_se_chevauchent_are_refused(avant, apres):
    with pytest.raises(PublicationError, match="se chevauchent"):
        check_periodes({("foyers", apres), ("foyers", avant)})


def test_des_periodes_disjointes_pass():
    check_periodes({("foyers", "2023"), ("foyers", "2024"), ("autres", "2024-T1"), ("autres", "2024-T2")})
