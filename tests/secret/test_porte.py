"""La porte : aucun chiffre ne sort d'une valeur secrète, absente ou sans objet."""

import numpy as np
import pandas as pd
import pytest

from observatoire.errors import PublicationError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.sources import RegleSecret, Source
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut
from observatoire.secret.porte import CHIFFRES, Porte, check_mode, find_exacts, hide_absentes
from observatoire.secret.preuve import ProtectionError


def observe(statut):
    return {"code_territoire": "01001", "statut": str(statut), **dict.fromkeys(CHIFFRES, 7.0)}


@pytest.mark.parametrize("statut", sorted(STATUTS_SANS_VALEUR))
def test_valeur_cachee_keeps_no_number(statut):
    protegee = hide_absentes(pd.DataFrame([observe(statut)]))
    assert protegee[CHIFFRES].isna().all(axis=None)
    assert protegee.statut.tolist() == [str(statut)]


@pytest.mark.parametrize("statut", sorted(set(Statut) - STATUTS_SANS_VALEUR))
def test_valeur_montrable_keeps_its_numbers(statut):
    assert (hide_absentes(pd.DataFrame([observe(statut)]))[CHIFFRES] == 7.0).all(axis=None)


def test_porte_does_not_touch_what_it_reads():
    lues = pd.DataFrame([observe("secret")])
    hide_absentes(lues)
    assert lues.valeur.tolist() == [7.0]


def test_une_ligne_cachee_does_not_hide_its_neighbour():
    protegees = hide_absentes(pd.DataFrame([observe("secret"), observe("publie")]))
    assert protegees.valeur.tolist() == pytest.approx([np.nan, 7.0], nan_ok=True)


INDICATEUR = Indicateur(
    id="essai", libelle="Essai", libelle_court="Essai", definition="Indicateur d'essai, sans plus.",
    problematiques=("habitat",), nature="contexte", type_mesure="ratio", unite="%", numerateur="cas",
    denominateur="habitants", champ="Tout", source="cas", mailles=("commune",), frequence="une fois", polarite=0,
    secret="regle", lecture="En {periode}, {valeur} {du_territoire}.",
)  # fmt: skip


def build_catalogue(mode):
    sources = {
        v: Source.model_validate(
            {
                "id": v, "libelle": "Source", "producteur": "Essai", "licence": "libre", "rythme": "annuel",
                "maille": "commune", "colonne_code": "code",
                "livraisons": [{"fichier": f"{v}.parquet", "periode": "2025"}],
                "variables": {v: {"libelle": v, "unite": "cas"}},
            }
        )
        for v in ("cas", "habitants")
    }  # fmt: skip
    regle = RegleSecret(id="regle", libelle="Règle", mode=mode, reference="essai")
    return Catalogue({"essai": INDICATEUR}, sources, {}, {"regle": regle}, {})


def build_manifestes(**confidentialites):
    return {
        f"{v}.parquet": Manifeste(
            source=v, fichier=f"{v}.parquet", producteur="Essai", titre="Essai", licence="libre", millesime="2025",
            date_extraction="2025-01-01", sha256="0", confidentialite=confidentialites.get(v, "ouverte"), lignes=1,
        )
        for v in ("cas", "habitants")
    }  # fmt: skip


VARIABLES = pd.DataFrame(
    {
        "variable": ["cas", "cas", "habitants"],
        "periode": ["2024", "2025", "2025"],
        "livraison": ["cas.parquet", "cas.parquet", "habitants.parquet"],
    }
)


def test_une_livraison_de_convention_makes_its_periods_exact():
    assert find_exacts(VARIABLES, build_manifestes(cas="convention")) == {("cas", "2024"), ("cas", "2025")}


@pytest.mark.parametrize("confidentialite", ["ouverte", "convention_protegee"])
def test_donnees_protegees_are_not_exact(confidentialite):
    assert find_exacts(VARIABLES, build_manifestes(cas=confidentialite)) == frozenset()


def test_un_seul_depot_de_convention_is_enough():
    melees = VARIABLES.assign(livraison=["cas.parquet", "habitants.parquet", "habitants.parquet"])
    assert find_exacts(melees, build_manifestes(habitants="convention")) == {("cas", "2025"), ("habitants", "2025")}


@pytest.mark.parametrize("mode", ["P", "C"])
def test_donnees_ouvertes_pass_the_door(mode):
    check_mode(build_catalogue(mode), INDICATEUR, frozenset())


def test_effectifs_exacts_pass_under_a_c_rule():
    check_mode(build_catalogue("C"), INDICATEUR, frozenset({("cas", "2025")}))


@pytest.mark.parametrize("variable", ["cas", "habitants"])
def test_effectifs_exacts_need_a_c_rule(variable):
    with pytest.raises(
        PublicationError, match=rf"effectifs exacts reçus par convention \({variable}\).*règle de mode C"
    ):
        check_mode(build_catalogue("P"), INDICATEUR, frozenset({(variable, "2025")}))


@pytest.mark.parametrize("type_mesure", ["quantile", "indice", "typologie", "accessibilite"])
def test_un_type_sans_preuve_is_refused(type_mesure):
    indicateur = INDICATEUR.model_copy(update={"type_mesure": TypeMesure(type_mesure)})
    with pytest.raises(PublicationError, match="on ne sait pas prouver"):
        check_mode(build_catalogue("C"), indicateur, frozenset({("cas", "2025")}))


def observations(**valeurs):
    ligne = {
        "indicateur": "essai", "maille": "commune", "code_territoire": "01001", "periode": "2025", "modalite": "",
        "cog": "2026", "valeur": 10.0, "borne_inf": 10.0, "borne_sup": 10.0, "numerateur": 3.0, "denominateur": 30.0,
        "periode_denominateur": "2025", "statut": "publie", "marques": "", "couverture": 1.0,
    }  # fmt: skip
    return pd.DataFrame([ligne | valeurs])


def test_une_valeur_exacte_jamais_eprouvee_stops_everything():
    porte = Porte(build_catalogue("C"), frozenset({("cas", "2025")}))
    with pytest.raises(ProtectionError, match="n'a pas été éprouvée"):
        porte.protect(observations())


def test_une_autre_periode_de_la_meme_variable_is_not_exact():
    porte = Porte(build_catalogue("C"), frozenset({("cas", "2024")}))
    assert porte.protect(observations()).valeur.tolist() == [10.0]


MASQUE = {
    "indicateur": "essai", "maille": "commune", "code_territoire": "01001", "periode": "2025", "modalite": "",
    "masquee": True, "bas_num": 1.0, "haut_num": 6.4, "bas_den": np.nan, "haut_den": np.nan,
}  # fmt: skip


def build_porte(**masque):
    porte = Porte(build_catalogue("C"), frozenset({("cas", "2025")}))
    porte.masques = {"essai": pd.DataFrame([MASQUE | masque])}
    return porte


def test_une_valeur_masquee_keeps_only_what_anyone_can_deduce():
    protegee = build_porte().protect(observations(marques="partiel")).iloc[0]
    assert (protegee.statut, protegee.marques) == ("secret", "")
    assert protegee[["valeur", "numerateur", "denominateur"]].isna().all()
    assert (protegee.borne_inf, protegee.borne_sup) == (pytest.approx(1 / 30), pytest.approx(6 / 30))


def test_bornes_are_rounded_outwards():
    protegee = build_porte(bas_num=0.6, haut_num=6.4).protect(observations()).iloc[0]
    assert (protegee.borne_inf, protegee.borne_sup) == (pytest.approx(1 / 30), pytest.approx(6 / 30))


def test_sans_borne_haute_nothing_is_claimed():
    protegee = build_porte(haut_num=np.inf).protect(observations(denominateur=np.nan)).iloc[0]
    assert protegee[["borne_inf", "borne_sup"]].isna().all()


def test_une_valeur_eprouvee_et_publiable_is_untouched():
    attendue = observations()
    pd.testing.assert_frame_equal(build_porte(masquee=False).protect(attendue), attendue)
