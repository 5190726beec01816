"""Zonages : une liste code → secteur devient un niveau ordinaire, et ses fautes sont dites à leur ligne."""

import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT, Espace
from observatoire.errors import AppelError, ConfigurationError
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.mailles import MAILLES_ZONAGES, Maille
from observatoire.territoires.rattachements import base_to_communes, communes_to, compose, to_zonage
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages import ColonnesZonage, read_zonage, to_communes, with_zonages
from observatoire.territoires.zonages_fichiers import DOSSIER, load_zonages, open_referentiel, save_zonage
from tests.territoires.petit_referentiel import write_petit_referentiel

COLONNES = ColonnesZonage("Code Insee", "Secteur", "Nom")


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


def read(referentiel, lignes, *, cog="", maille=Maille.SECTEUR_MDS):
    table = pd.DataFrame(lignes, columns=["Code Insee", "Secteur", "Nom"], dtype=str)
    return read_zonage(table, referentiel, maille=maille, fichier="mds.csv", colonnes=COLONNES, cog=cog)


ENTIER = [
    ("01001", "A", "Ain nord"),
    ("01002", "A", "Ain nord"),
    ("02001", "B", "Aisne"),
    ("02002", "B", "Aisne"),
    ("02009", "B", "Aisne"),
]


def codes(zonage):
    return [a.code for a in zonage.anomalies]


def test_zonage_of_communes_becomes_an_ordinary_level(petit):
    zonage = read(petit, ENTIER)
    assert (zonage.unite, zonage.cog, zonage.refuse, zonage.anomalies) == (Maille.COMMUNE, "2026", False, ())
    enrichi = with_zonages(petit, (zonage,))
    secteurs = enrichi.list_territoires(Maille.SECTEUR_MDS).set_index("code")
    assert secteurs.libelle.to_dict() == {"A": "Ain nord", "B": "Aisne"}
    assert secteurs.population_municipale.to_dict() == {"A": 300.0, "B": 400.0}
    assert secteurs.code_departement.to_dict() == {"A": "01", "B": "02"}
    liens = communes_to(enrichi, Maille.SECTEUR_MDS)
    assert dict(zip(liens.code_base, liens.code_cible, strict=True)) == {c: s for c, s, _ in ENTIER}
    assert (liens.poids == 1.0).all()
    # Rien n'est écrit, et le référentiel de départ n'a pas bougé.
    assert petit.list_territoires(Maille.SECTEUR_MDS).empty


def test_old_data_reaches_the_secteur_through_its_communes(petit):
    enrichi = with_zonages(petit, (read(petit, ENTIER),))
    vers = compose(base_to_communes(enrichi, Maille.COMMUNE, "2025"), communes_to(enrichi, Maille.SECTEUR_MDS))
    # 02002, scindée en 2026, est tout entière dans B : sa valeur y est exacte.
    assert vers.set_index(["code_base", "code_cible"]).poids.to_dict() == {
        ("01001", "A"): 1.0, ("01002", "A"): 1.0, ("01003", "A"): 1.0, ("02001", "B"): 1.0, ("02002", "B"): 1.0,
    }  # fmt: skip


def test_zonage_of_an_older_cog_is_carried_to_the_target(petit):
    zonage = read(
        petit, [(c, s, s) for c, s in zip(["01001", "01002", "01003", "02001", "02002"], "AAABB", strict=True)]
    )
    assert zonage.cog == "2025"
    vers = to_communes(zonage, petit).set_index("code_base")
    assert vers.code_cible.to_dict() == {"01001": "A", "01002": "A", "02001": "B", "02002": "B", "02009": "B"}
    assert (vers.poids == 1.0).all()
    assert codes(zonage) == ["commune_scindee"]
    assert "02002 s'est scindée depuis 2025 en 02002, 02009 : toutes gardent son secteur" in str(zonage.anomalies[0])


def test_fusion_between_secteurs_is_shared_and_said(petit):
    zonage = read(
        petit, [("01001", "A", "A"), ("01002", "A", "A"), ("01003", "B", "B"), ("02001", "B", "B")], cog="2025"
    )
    (fusion,) = [a for a in zonage.anomalies if a.code == "fusion_entre_secteurs"]
    assert fusion.gravite is Gravite.A_REGARDER
    assert "(« A » 75%, « B » 25%)" in fusion.message
    assert "ces secteurs n'ont plus de valeur exacte" in fusion.message
    assert "la carte la dessine dans « A »" in fusion.message
    enrichi = with_zonages(petit, (zonage,))
    parts = communes_to(enrichi, Maille.SECTEUR_MDS).query("code_base == '01002'").set_index("code_cible").poids
    assert parts.to_dict() == {"A": 0.75, "B": 0.25}
    dessin = enrichi.list_liens(Maille.COMMUNE, Maille.SECTEUR_MDS)
    assert dessin[dessin.code_enfant == "01002"].code_parent.tolist() == ["A"]
    assert not dessin.duplicated("code_enfant").any()
    # 02002 n'est dans aucun secteur : elle reste dehors, et c'est dit.
    assert "02002" not in set(dessin.code_enfant)


def test_fusion_partly_outside_any_secteur_is_said(petit):
    zonage = read(petit, [("01001", "A", "A"), ("01002", "A", "A")], cog="2025")
    (fusion,) = [a for a in zonage.anomalies if a.code == "fusion_entre_secteurs"]
    assert "« A » 75%, hors secteur 25%" in fusion.message
    enrichi = with_zonages(petit, (zonage,))
    assert enrichi.list_territoires(Maille.SECTEUR_MDS).population_municipale.tolist() == [250.0]


FAUTES = [
    # lignes en trop, codes d'anomalie, ligne dite, refus
    ([("01002", "B", "Aisne")], "unite_dans_deux_secteurs", 3, True),
    ([("99999", "A", "Ain nord")], "code_inconnu", 7, True),
    ([("01003", "A", "Ain nord")], "code_inconnu", 7, True),
    ([("", "C", "Vide")], "secteur_vide", 7, False),
    ([("01001", "A", "Ain nord")], "ligne_repetee", 7, False),
    ([("02001", "B", "Aisne sud")], "secteur_deux_noms", 7, False),
]


@pytest.mark.parametrize(("lignes", "faute", "ligne", "refuse"), FAUTES)
def test_faute_is_said_at_its_line(petit, lignes, faute, ligne, refuse):
    zonage = read(petit, [*ENTIER, *lignes])
    (trouvee,) = [a for a in zonage.anomalies if a.code == faute]
    assert (trouvee.ligne, trouvee.fichier, zonage.refuse) == (ligne, "mds.csv", refuse)
    if refuse:
        with pytest.raises(AppelError, match="est refusé"):
            with_zonages(petit, (zonage,))


def test_code_of_another_cog_says_which(petit):
    zonage = read(petit, [*ENTIER, ("01003", "A", "Ain nord")])
    assert "C'est « 01003 » aux COG 2025 à 2025 : la liste mêle des millésimes." in str(zonage.anomalies[0])


def test_commune_without_secteur_is_left_outside(petit):
    zonage = read(petit, [*ENTIER[:4], ("02009", "", "")])
    assert codes(zonage) == ["unite_sans_secteur", "communes_hors_secteur"]
    assert "02009" not in set(zonage.liens.code_unite)
    assert not zonage.refuse


def test_empty_table_is_refused(petit):
    assert codes(read(petit, [("", "", "")])) == ["zonage_vide"]
    assert read(petit, []).refuse


@pytest.mark.parametrize(
    ("maille", "colonnes", "message"),
    [
        (Maille.EPCI, COLONNES, "n'est pas un niveau de zonage ; permis : territoire_action_sociale"),
        (Maille.QPV, ColonnesZonage("Commune", "Secteur"), "Colonne absente : Commune"),
    ],
)
def test_wrong_call_is_refused(petit, maille, colonnes, message):
    table = pd.DataFrame({"Code Insee": ["01001"], "Secteur": ["A"], "Nom": ["A"]})
    with pytest.raises(AppelError, match=message):
        read_zonage(table, petit, maille=maille, fichier="f.csv", colonnes=colonnes)


def test_two_zonages_of_a_level_are_refused(petit):
    zonage = read(petit, ENTIER)
    with pytest.raises(AppelError, match="Deux zonages du même niveau : secteur_mds"):
        with_zonages(petit, (zonage, zonage))
    assert with_zonages(petit, ()) is petit


def test_reel_lost_zeros_are_given_back(reel):
    communes = reel.list_territoires(Maille.COMMUNE).query("code_departement == '01'")
    lignes = [(c.lstrip("0"), c[2], f"Secteur {c[2]}") for c in communes.code]
    zonage = read(reel, lignes, maille=Maille.TERRITOIRE_ACTION_SOCIALE)
    assert (zonage.refuse, zonage.anomalies, len(zonage.liens)) == (False, (), len(communes))


def test_reel_arrondissement_municipal_is_explained(reel):
    zonage = read(reel, [("33063", "A", "A"), ("75112", "B", "B")])
    assert "C'est un arrondissement municipal : donnez la commune, ou la liste de ses IRIS." in str(zonage.anomalies[0])


@pytest.fixture(scope="module")
def quartiers(reel):
    iris = [c for c in reel.list_territoires(Maille.IRIS).code if c.startswith("33063")]
    lignes = [(c, "Q1" if n % 2 else "Q2", f"Quartier {n % 2}") for n, c in enumerate(iris[:60])]
    return read(reel, lignes, maille=Maille.QPV)


def test_reel_zonage_of_iris_links_iris_directly(reel, quartiers):
    assert (quartiers.unite, quartiers.cog, quartiers.anomalies) == (Maille.IRIS, "2023", ())
    enrichi = with_zonages(reel, (quartiers,))
    directs = to_zonage(enrichi, Maille.IRIS, "2023", Maille.QPV)
    assert len(directs) == 60
    assert (directs.poids == 1.0).all()
    assert to_zonage(enrichi, Maille.COMMUNE, "2026", Maille.QPV) is None
    assert to_zonage(enrichi, Maille.IRIS, "2023", Maille.EPCI) is None


def test_reel_commune_is_shared_between_quartiers_by_population(reel, quartiers):
    enrichi = with_zonages(reel, (quartiers,))
    parts = communes_to(enrichi, Maille.QPV)
    iris = reel.list_territoires(Maille.IRIS).set_index("code").population_municipale
    bordeaux = iris[iris.index.str.startswith("33063")]
    dedans = bordeaux[quartiers.liens.code_unite].sum() / bordeaux.sum()
    assert set(parts.code_base) == {"33063"}
    assert parts.poids.sum() == pytest.approx(dedans, abs=1e-6)
    assert (parts.poids < 1).all()
    # Un quartier n'est pas fait de communes entières : la carte ne le dessine pas avec elles.
    assert enrichi.list_liens(Maille.COMMUNE, Maille.QPV).empty


def test_other_levels_are_untouched(reel, quartiers):
    enrichi = with_zonages(reel, (quartiers,))
    for maille in (Maille.EPCI, Maille.DEPARTEMENT):
        pd.testing.assert_frame_equal(communes_to(enrichi, maille), communes_to(reel, maille))
    assert enrichi.cogs == reel.cogs
    assert len(MAILLES_ZONAGES) == 4


def test_zonage_is_kept_and_reopened_with_the_espace(petit, tmp_path, monkeypatch):
    espace = Espace(tmp_path / "espace")
    monkeypatch.setitem(espace.__dict__, "referentiel", petit.dossier)
    ancien = [("01001", "A", "Ain"), ("01002", "A", "Ain"), ("01003", "B", "É ; « b »"), ("02001", "B", "É ; « b »")]
    zonage = read(petit, ancien, cog="2025")
    chemin = save_zonage(zonage, espace.data / DOSSIER)
    assert chemin.name == "secteur_mds.csv"
    ouvert = open_referentiel(espace)
    attendu = with_zonages(petit, (zonage,))
    for nom in ("territoires", "appartenances", "partages"):
        pd.testing.assert_frame_equal(getattr(ouvert, nom), getattr(attendu, nom))
    # Récrire le même zonage donne les mêmes octets.
    octets = chemin.read_bytes()
    save_zonage(load_zonages(espace.data / DOSSIER, petit)[0], espace.data / DOSSIER)
    assert chemin.read_bytes() == octets


def test_espace_without_zonage_is_the_plain_referentiel(tmp_path):
    assert load_zonages(tmp_path / "rien", Referentiel(tmp_path)) == ()


def test_refused_zonage_is_not_kept(petit, tmp_path):
    with pytest.raises(ConfigurationError, match="porte une faute bloquante"):
        save_zonage(read(petit, [("99999", "A", "A")]), tmp_path)


@pytest.mark.parametrize("contenu", ["a;b\n1;2\n", "cog;unite;code;secteur;libelle\n2026;commune;99999;A;A\n"])
def test_damaged_zonage_says_what_to_do(petit, tmp_path, contenu):
    (tmp_path / "qpv.csv").write_text(contenu, "utf-8")
    with pytest.raises(ConfigurationError, match=r"« qpv\.csv »"):
        load_zonages(tmp_path, petit)
