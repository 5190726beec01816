import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.portrait.demande import read_demande


@pytest.fixture(scope="module")
def consultation(espace_construit):
    return open_consultation(espace_construit)


@pytest.mark.parametrize(
    ("texte", "maille", "code"),
    [
        ("commune-97411", "commune", "97411"),
        (" commune-97411 ", "commune", "97411"),
        ("97411", "commune", "97411"),
        ("commune-2a004", "commune", "2A004"),
        ("france-FR", "france", "FR"),
        ("france-", "france", "FR"),
        ("commune-01003", "commune", "01165"),
        ("01003", "commune", "01165"),
    ],
)
def test_address_leads_to_the_territory(consultation, texte, maille, code):
    demande = read_demande(consultation, texte)
    assert (str(demande.lien.maille), demande.lien.code) == (maille, code)
    assert bool(demande.message) == ("01003" in texte)


def test_gone_commune_is_said(consultation):
    message = read_demande(consultation, "commune-01003").message
    assert message == "Amareins (01003) n'est plus une commune : elle fait partie de Francheleins."


@pytest.mark.parametrize("texte", ["commune-97499", "lune-97411", "xyz", "commune-", "<b>-x", "epci-00000000000"])
def test_wrong_address_says_what_to_do(consultation, texte):
    demande = read_demande(consultation, texte)
    assert demande.lien is None
    assert "Chercher son nom" in demande.message


def test_wrong_code_offers_the_nearest_and_a_known_code_its_level(consultation):
    assert [p.code for p in read_demande(consultation, "commune-97499").proches]
    assert [(str(p.maille), p.code) for p in read_demande(consultation, "lune-97411").proches] == [("commune", "97411")]
    # Le département 75 et la région 75 portent le même code.
    assert {str(p.maille) for p in read_demande(consultation, "75").proches} == {"departement", "region"}
    assert read_demande(consultation, "").message == ""
