"""Toutes les cartes du catalogue, sur les données de départ : aucune ne se contredit."""

from __future__ import annotations

import numpy as np
import pytest

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.app.vues import CleVue, VueCarte, build_vue
from observatoire.cartes.fond import FondFichier, load_index
from observatoire.cartes.mesures import derive_nombre, has_nombre, read_mesure
from observatoire.cartes.valeurs import decode_valeurs
from observatoire.config import Espace
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR

NIVEAUX = ((Maille.COMMUNE, "974"), (Maille.COMMUNE, "38"), (Maille.EPCI, "FR"), (Maille.DEPARTEMENT, "FR"))


@pytest.fixture(scope="module")
def consultation(espace_construit: Espace) -> Consultation:
    return open_consultation(espace_construit)


@pytest.fixture(scope="module")
def fonds(espace_construit: Espace, consultation: Consultation) -> dict[str, FondFichier]:
    return load_index(espace_construit.fonds / consultation.publication.fonds)


def build_all(consultation: Consultation, fonds: dict[str, FondFichier]) -> list[VueCarte]:
    return [
        build_vue(consultation, CleVue(i.id, str(maille), periodes[-1], portee, mesure), fonds)
        for i in consultation.catalogue.indicateurs.values()
        for maille, portee in NIVEAUX
        if (periodes := consultation.list_periodes(i.id, maille))
        for mesure in (("part", "nombre") if has_nombre(i) else ("part",))
    ]


@pytest.fixture(scope="module")
def vues(consultation: Consultation, fonds: dict[str, FondFichier]) -> list[VueCarte]:
    return build_all(consultation, fonds)


def test_every_map_counts_its_territories_once(vues: list[VueCarte]) -> None:
    assert len(vues) > 200
    for vue in vues:
        legende, lecture = vue.base_legende, vue.lecture
        comptes = sum(e.effectif for e in (*legende.entrees, *legende.etats))
        symboles = sum(lecture.cle_of(c) == "v" for c in lecture.table.index)
        assert comptes + symboles == len(lecture.table), vue.cle


def test_legend_and_map_put_each_territory_in_the_same_state(vues: list[VueCarte]) -> None:
    for vue in vues:
        _, lettres = decode_valeurs(vue.message["valeurs"])
        cles = [vue.lecture.cle_of(c) for c in vue.lecture.table.index]
        etats = [cle if cle.isalpha() and cle != "v" else "" for cle in cles]
        assert etats == [lettre if lettre in "sdnzh" else "" for lettre in lettres], vue.cle


def test_non_significant_values_are_in_no_class_nor_range(vues: list[VueCarte]) -> None:
    fragiles = 0
    for vue in vues:
        masque = (vue.valeurs.statut == "non_significatif").to_numpy(dtype=bool)
        fragiles += int(masque.sum())
        if not masque.any() or vue.lecture.etendue is None:
            continue
        montrees = vue.valeurs.valeur[~masque].dropna()
        assert vue.lecture.etendue == (montrees.min(), montrees.max()), vue.cle
        assert all(vue.lecture.cle_of(c) == "n" for c in vue.valeurs.code_territoire[masque])
    assert fragiles > 500


def test_every_number_map_says_how_many(vues: list[VueCarte]) -> None:
    nombres = [v for v in vues if v.cle.mesure == "nombre"]
    assert len(nombres) > 80
    for vue in nombres:
        assert vue.lecture.en_symboles, vue.cle
        assert vue.indicateur.decimales == 0
        assert not (vue.valeurs.statut == "non_significatif").any(), vue.cle
        assert "%" not in vue.resume, vue.resume


def test_derived_number_agrees_with_the_published_count(consultation: Consultation) -> None:
    """Même nombre, et un intervalle qui contient celui du compte publié."""
    verifies = 0
    for part in consultation.catalogue.indicateurs.values():
        for maille, portee in NIVEAUX if has_nombre(part) else ():
            periodes = consultation.list_periodes(part.id, maille)
            if not periodes:
                continue
            departement = None if portee == "FR" else portee
            compte, publies = read_mesure(consultation, part, "nombre", maille, periodes[-1], departement)
            if compte.id == part.id or part.type_mesure is TypeMesure.MOYENNE:
                continue
            valeurs = consultation.read_valeurs(part, maille, periodes[-1], departement)
            _, deduits = derive_nombre(consultation, part, valeurs)
            communs = deduits.valeur.notna().to_numpy() & publies.valeur.notna().to_numpy()
            verifies += int(communs.sum())
            ici, la = deduits[communs], publies[communs]
            np.testing.assert_allclose(ici.valeur, la.valeur, rtol=1e-9)
            jeu = 1e-6 * la.valeur.to_numpy()
            # Une borne inconnue n'exclut rien.
            basses = ici.borne_inf.fillna(0.0).to_numpy()
            assert (basses <= la.borne_inf.fillna(np.inf).to_numpy() + jeu).all(), part.id
            hautes = ici.borne_sup.fillna(np.inf).to_numpy()
            assert (hautes >= la.borne_sup.fillna(0.0).to_numpy() - jeu).all(), part.id
    assert verifies > 5_000


def test_number_never_shows_what_the_part_masks(consultation: Consultation) -> None:
    caches = {str(s) for s in STATUTS_SANS_VALEUR}
    for part in consultation.catalogue.indicateurs.values():
        if not has_nombre(part) or Maille.COMMUNE not in consultation.list_mailles(part.id):
            continue
        periode = consultation.list_periodes(part.id, Maille.COMMUNE)[-1]
        valeurs = consultation.read_valeurs(part, Maille.COMMUNE, periode, "38")
        _, deduits = derive_nombre(consultation, part, valeurs)
        masques = valeurs.statut.isin(caches)
        assert deduits.valeur[masques].isna().all(), part.id
        assert deduits.statut[masques].tolist() == valeurs.statut[masques].tolist()
