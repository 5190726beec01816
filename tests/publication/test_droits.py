"""Droits : qui peut quoi, et le double visa qui demande deux personnes."""

import pytest

from observatoire.config import Espace
from observatoire.errors import ConfigurationError, PublicationError
from observatoire.publication.droits import DroitError, Role, check_droit, load_regles
from observatoire.publication.historique import list_livraisons, read_journal, restore
from observatoire.publication.publier import approuver, rejeter
from observatoire.registres.depots import StatutDepot
from observatoire.store.publications import current_id
from tests.publication.petit_espace import AIDES

EQUIPE = """\
nom: Essai
double_visa: {visa}
roles:
  - {{auteur: obs-01, role: contributeur}}
  - {{auteur: obs-02, role: valideur}}
  - {{auteur: obs-03, role: valideur}}
  - {{auteur: obs-09, role: lecteur}}
"""


def write_regles(espace, texte):
    (espace.racine / "espace.yaml").write_text(texte, "utf-8")


def test_without_a_list_one_post_may_do_everything(tmp_path):
    regles = load_regles(Espace(tmp_path))
    assert regles.double_visa is False
    assert check_droit(regles, "local", Role.VALIDEUR, "publier") is Role.VALIDEUR


# auteur, rôle demandé, permis ?
@pytest.mark.parametrize(
    ("auteur", "demande", "permis"),
    [
        ("obs-01", Role.CONTRIBUTEUR, True), ("obs-01", Role.VALIDEUR, False), ("obs-02", Role.VALIDEUR, True),
        ("obs-02", Role.CONTRIBUTEUR, True), ("obs-09", Role.CONTRIBUTEUR, False),
        ("inconnu", Role.CONTRIBUTEUR, False),
    ],
)  # fmt: skip
def test_each_role_opens_its_gestures(tmp_path, auteur, demande, permis):
    espace = Espace(tmp_path)
    write_regles(espace, EQUIPE.format(visa="true"))
    regles = load_regles(espace)
    assert regles.double_visa is True
    if permis:
        check_droit(regles, auteur, demande, "publier")
    else:
        with pytest.raises(DroitError, match=r"Peuvent le faire : .*obs-02"):
            check_droit(regles, auteur, demande, "publier")


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("double_visa: peut-être", "ni true ni false"),
        ("roles: [{auteur: obs-01, role: chef}]", "le rôle « chef » n'existe pas"),
        ("roles: [{auteur: Jeanne Durand, role: valideur}]", "s'écrit {auteur: obs-01"),
        ("roles: obs-01", "attend une liste"),
        ("nom: 'x", "guillemet"),
    ],
)
def test_faulty_rules_are_explained(tmp_path, texte, message):
    write_regles(Espace(tmp_path), texte)
    with pytest.raises(ConfigurationError, match=message):
        load_regles(Espace(tmp_path))


@pytest.mark.parametrize("texte", ["", "roles: []\n", "roles: null\ndouble_visa: false\n"])
def test_empty_rules_are_a_single_post(tmp_path, texte):
    write_regles(Espace(tmp_path), texte)
    assert load_regles(Espace(tmp_path)).roles == {}


def test_double_visa_takes_two_people(petit_neuf):
    petit = petit_neuf
    write_regles(petit.espace, "double_visa: true\n")
    depot = petit.deposer(AIDES, "2024").depot
    with pytest.raises(DroitError, match="attend l'approbation d'une autre personne"):
        petit.publier(depot.id)
    with pytest.raises(DroitError, match="« obs-01 » a fait ce dépôt"):
        approuver(petit.espace, depot.id, auteur="obs-01")
    approuve = approuver(petit.espace, depot.id, auteur="obs-02", motif="vu avec la caisse")
    assert (approuve.statut, approuve.approuve_par) == (StatutDepot.APPROUVE, "obs-02")
    with pytest.raises(PublicationError, match="seul un brouillon s'approuve"):
        approuver(petit.espace, depot.id, auteur="obs-03")
    petit.publier(depot.id, auteur="obs-01")
    assert petit.read_aides("2024")["97401"] == (10, "publie")
    lignes = [(x.geste, x.auteur, x.motif) for x in read_journal(petit.espace, depot=depot.id)]
    assert lignes[-2:] == [("approbation", "obs-02", "vu avec la caisse"), ("publication", "obs-01", "essai")]


def test_roles_are_checked_before_anything_is_written(petit_neuf):
    petit = petit_neuf
    write_regles(petit.espace, EQUIPE.format(visa="false"))
    avant, courante = sorted(petit.espace.racine.rglob("*")), current_id(petit.espace)
    with pytest.raises(DroitError, match="« obs-09 » est lecteur : déposer demande le rôle contributeur"):
        petit.deposer(AIDES, "2024", auteur="obs-09")
    assert sorted(petit.espace.racine.rglob("*")) == avant
    depot = petit.deposer(AIDES, "2024", auteur="obs-01").depot
    with pytest.raises(DroitError, match="publier demande le rôle valideur"):
        petit.publier(depot.id, auteur="obs-01")
    with pytest.raises(DroitError):
        approuver(petit.espace, depot.id, auteur="obs-01")
    with pytest.raises(DroitError):
        restore(petit.espace, courante, auteur="obs-01")
    rejeter(petit.espace, depot.id, auteur="obs-01", motif="mauvais fichier")
    assert [str(d.statut) for d, _ in list_livraisons(petit.espace)] == ["refuse"]
    assert read_journal(petit.espace)[-1].role == "contributeur"
