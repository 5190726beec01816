"""Fiche du territoire choisi dans la page Carte : sa valeur, sa courbe, ce qu'on en copie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.citation import write_citation_courte
from observatoire.analyse.portrait.releves import read_releve
from observatoire.analyse.resumes import write_lecture
from observatoire.analyse.series import PERIODES_D_UNE_COURBE, build_courbe
from observatoire.app.composants.courbe import render_courbe
from observatoire.app.composants.entete_carte import read_jour
from observatoire.app.composants.fiche import ContexteFiche, render_fiche
from observatoire.app.composants.fiche_lecture import read_choisi
from observatoire.app.etat import FRANCE, NOMBRE
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte


def show_fiche(consultation: Consultation, vue: VueCarte, etat: Etat) -> None:
    """Montre la fiche, ou l'invitation à choisir un territoire."""
    if not etat.territoire:
        st.html('<p class="obs-note">Toucher un territoire, ou le choisir dans le tableau, pour lire sa valeur.</p>')
        return
    contexte = ContexteFiche(
        lien_de=lambda identifiant: etat.make_lien(indicateur=identifiant, problematique="", nature="", comparer=""),
        copie=_write_copie(consultation, vue, etat),
        lien=etat.make_lien(publication=consultation.publication.id),
        courbe=_render_courbe(consultation, vue, etat),
    )
    st.html(render_fiche(consultation, vue, etat.territoire, contexte))


def _write_copie(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    """Phrase du territoire, année, source et date ; vide s'il n'y a pas de valeur à citer."""
    choisi = read_choisi(consultation, vue, etat.territoire)
    if not choisi.lues:
        return ""
    territoire = consultation.territoires.find(Maille(etat.maille), etat.territoire)
    nom = name_territoire(str(territoire.libelle), territoire.type_liaison, Maille(etat.maille))
    phrase = write_lecture(vue.indicateur, etat.periode, nom, choisi.lues[0])
    source = vue.source.removeprefix("Source : ")
    return write_citation_courte(phrase, etat.periode, source, read_jour(consultation)) if phrase else ""


def _render_courbe(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    """Courbe du territoire et de son département ; vide sous trois périodes, ou pour un compte dérivé d'une part."""
    maille, identifiant = Maille(etat.maille), vue.choisi.id
    if etat.mesure == NOMBRE or len(consultation.list_periodes(identifiant, maille)) < PERIODES_D_UNE_COURBE:
        return ""
    lieux = [(maille, etat.territoire)]
    if etat.departement != FRANCE and maille is not Maille.DEPARTEMENT:
        lieux.append((Maille.DEPARTEMENT, etat.departement))
    territoires = [
        (consultation.territoires.libelle(m, code), read_releve(consultation, m, code).series(identifiant))
        for m, code in lieux
    ]
    # Paris est aussi son département : une seconde courbe redirait la première.
    if len(territoires) > 1 and territoires[0][0] == territoires[1][0]:
        territoires.pop()
    courbe = build_courbe(vue.choisi, territoires)
    return render_courbe(courbe, f"fiche-{identifiant}") if courbe else ""
