"""Appeler la ligne de commande dans le processus d'essai, et lire ce qu'elle dit."""

from typing import NamedTuple

import pytest

from observatoire.cli import main


class Sortie(NamedTuple):
    code: int
    texte: str
    erreur: str


@pytest.fixture
def lance(capsys):
    """Lance une commande et rend son code, sa sortie et ses messages ; une trace Python échoue."""

    def lance(*arguments):
        with pytest.raises(SystemExit) as fin:
            main([str(a) for a in arguments])
        lu = capsys.readouterr()
        assert "Traceback" not in lu.out + lu.err
        return Sortie(fin.value.code or 0, lu.out, lu.err)

    return lance


@pytest.fixture
def dans(lance, petit):
    """Lance une commande dans l'espace ``petit`` du module."""

    def dans(*arguments):
        with petit.au_travail():
            return lance("--racine", petit.espace.racine, *arguments)

    return dans
