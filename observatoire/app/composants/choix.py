"""Réglages de la carte : des listes qui s'enchaînent, et l'adresse qui les suit.

Deux choses peuvent changer l'état : un réglage, ou l'adresse (lien, retour du navigateur). On compare
l'adresse à la dernière que nous avons écrite : si elle diffère, c'est elle qui parle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.etat import FRANCE, PARAMETRES, Choix, Etat
from observatoire.modeles.indicateurs import Indicateur, Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation

_ECRITE = "_adresse_ecrite"
_NATURES = {
    Nature.BESOIN: "Besoins",
    Nature.RESSOURCE: "Ressources",
    Nature.CONTEXTE: "Contexte",
    Nature.ACCOMPAGNEMENT: "Accompagnement",
}
_EN_TETE = (Nature.BESOIN, Nature.RESSOURCE)


def read_etat(choix: Choix, departement_defaut: str) -> Etat:
    """État demandé par l'adresse ou par les réglages, rendu valide, et posé dans les réglages."""
    adresse = {nom: st.query_params[nom] for nom in PARAMETRES if nom in st.query_params}
    ecrite = st.session_state.get(_ECRITE)
    if ecrite is None or adresse != ecrite:
        etat = choix.resolve(adresse, departement_defaut)
    else:
        etat = choix.resolve(_read_reglages(ecrite), departement_defaut)
        # Un réglage qui en entraîne un autre n'est pas une faute de l'usager : rien à signaler.
        choix.messages.clear()
    _set_reglages(etat)
    return etat


def write_adresse(etat: Etat) -> None:
    """Écrit l'état dans l'adresse, valeurs par défaut comprises."""
    params = etat.to_params()
    if {nom: st.query_params[nom] for nom in PARAMETRES if nom in st.query_params} != params:
        st.query_params.from_dict(params)
    st.session_state[_ECRITE] = params


def choose_territoire(code: str) -> None:
    """Retient le territoire cliqué."""
    st.session_state["territoire"] = code


def _read_reglages(ecrite: dict[str, str]) -> dict[str, str]:
    voulu = {nom: st.session_state.get(nom, ecrite.get(nom, "")) for nom in PARAMETRES}
    # Changer de problématique ou de nature désigne un autre indicateur ; changer de niveau ou de
    # département oublie le territoire choisi s'il n'y est plus.
    if voulu["problematique"] != ecrite["problematique"] or voulu["nature"] != ecrite["nature"]:
        voulu["indicateur"] = ""
    if voulu["maille"] != ecrite["maille"] or voulu["departement"] != ecrite["departement"]:
        voulu["territoire"] = ""
    return {nom: valeur for nom, valeur in voulu.items() if valeur}


def _set_reglages(etat: Etat) -> None:
    for nom in PARAMETRES:
        if st.session_state.get(nom) != getattr(etat, nom):
            st.session_state[nom] = getattr(etat, nom)


def show_choix_theme(choix: Choix) -> None:
    """Problématique, puis nature : besoins et ressources au même rang."""
    problematiques = choix.problematiques()
    st.selectbox("Problématique", list(problematiques), format_func=problematiques.__getitem__, key="problematique")
    natures = choix.natures(st.session_state["problematique"])
    if st.session_state["nature"] not in natures:
        st.session_state["nature"] = str(natures[0])
    st.radio(
        "Ce que l’on regarde",
        [str(n) for n in natures],
        format_func=lambda n: _NATURES[Nature(n)],
        key="nature",
        horizontal=True,
        label_visibility="collapsed",
    )
    absentes = [_NATURES[n].lower() for n in _EN_TETE if n not in natures]
    if absentes:
        st.caption(f"Aucun indicateur de {absentes[0].rstrip('s')} recensé ici dans les données ouvertes.")


def show_choix_indicateur(choix: Choix, etat: Etat) -> None:
    """Indicateur ; celui que la source ne couvre pas ici le dit."""
    indicateurs = {i.id: i for i in choix.indicateurs(etat.problematique, etat.nature)}

    def name(identifiant: str) -> str:
        indicateur: Indicateur = indicateurs[identifiant]
        suite = "" if choix.covers(indicateur, etat.departement) else " (sans donnée ici)"
        return indicateur.libelle_court + suite

    st.selectbox("Indicateur", list(indicateurs), format_func=name, key="indicateur")


def show_choix_lieu(consultation: Consultation, choix: Choix, etat: Etat, indicateur: Indicateur) -> None:
    """Département, niveau, période."""
    departements = consultation.territoires.departements()
    noms = {FRANCE: "France entière"} | {
        code: f"{libelle} ({code})" for code, libelle in zip(departements.code, departements.libelle, strict=True)
    }
    st.selectbox("Territoire couvert", list(noms), format_func=noms.__getitem__, key="departement")
    gauche, droite = st.columns([3, 2], gap="small")
    mailles = [str(m) for m in choix.mailles(indicateur, etat.departement)] or [etat.maille]
    gauche.selectbox("Niveau", mailles, format_func=_name_maille, key="maille")
    periodes = consultation.list_periodes(indicateur.id, Maille(etat.maille))
    droite.selectbox("Année", periodes[::-1], format_func=_name_periode, key="periode")
    ecartees = choix.mailles_ecartees(indicateur, etat.departement)
    if ecartees:
        st.caption(f"Non publié pour : {', '.join(m.libelle_pluriel for m in ecartees)}.")


def show_choix_lieux(types: dict[str, str], etat: Etat) -> list[str]:
    """Lieux de ressource à montrer sur la carte."""
    if etat.departement == FRANCE:
        st.caption("Pour voir les lieux de ressource, choisir un département.")
        return []
    if not types:
        return []
    return (
        st.pills("Lieux à montrer", list(types), format_func=types.__getitem__, selection_mode="multi", key="lieux")
        or []
    )


def _name_maille(maille: str) -> str:
    nom = Maille(maille).libelle_pluriel
    return nom[0].upper() + nom[1:]


def _name_periode(periode: str) -> str:
    return format_periode(periode)
