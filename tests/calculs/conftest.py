import pytest

from tests.calculs.petit_monde import PetitMonde


@pytest.fixture
def monde(tmp_path):
    return PetitMonde(tmp_path)
