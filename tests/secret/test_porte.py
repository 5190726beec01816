"""La porte : aucun chiffre ne sort d'une valeur secrète, absente ou sans objet."""

import numpy as np
import pandas as pd
import pytest

from observatoire.errors import PublicationError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.sources import RegleSecret, Source
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut
from observatoire.secret.porte import CHIFFRES, check_mode, protect


def observe(statut):
    return {"code_territoire": "01001", "statut": str(statut), **dict.fromkeys(CHIFFRES, 7.0)}


@pytest.mark.parametrize("statut", sorted(STATUTS_SANS_VALEUR))
def test_valeur_cachee_keeps_no_number(statut):
    protegee = protect(pd.DataFrame([observe(statut)]))
    assert protegee[CHIFFRES].isna().all(axis=None)
    assert protegee.statut.tolist() == [str(statut)]


@pytest.mark.parametrize("statut", sorted(set(Statut) - STATUTS_SANS_VALEUR))
def test_valeur_montrable_keeps_its_numbers(statut):
    assert (protect(pd.DataFrame([observe(statut)]))[CHIFFRES] == 7.0).all(axis=None)


def test_porte_does_not_touch_what_it_reads():
    lues = pd.DataFrame([observe("secret")])
    protect(lues)
    assert lues.valeur.tolist() == [7.0]


def test_une_ligne_cachee_does_not_hide_its_neighbour():
    protegees = protect(pd.DataFrame([observe("secret"), observe("publie")]))
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


def test_donnees_ouvertes_pass_the_door():
    check_mode(build_catalogue("P"), INDICATEUR, build_manifestes())


@pytest.mark.parametrize("variable", ["cas", "habitants"])
def test_livraison_de_convention_is_refused(variable):
    with pytest.raises(PublicationError, match=rf"livraison {variable}\.parquet.*sans protection prouvée"):
        check_mode(build_catalogue("P"), INDICATEUR, build_manifestes(**{variable: "convention"}))


def test_regle_de_mode_c_is_refused():
    with pytest.raises(PublicationError, match=r"relève d'une convention \(règle de secret « regle »\)"):
        check_mode(build_catalogue("C"), INDICATEUR, build_manifestes())
