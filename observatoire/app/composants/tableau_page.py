"""Tableau jumeau dans la page : titre, recherche, pages ; tout passe par l'adresse."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.analyse.liees import read_liee
from observatoire.app import cache
from observatoire.app.composants.tableau import (
    ContexteTableau,
    PageTableau,
    Tri,
    cut_page,
    filter_lignes,
    order_lignes,
    render_tableau,
)
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_nombre, format_periode

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte


def show_tableau(consultation: Consultation, vue: VueCarte, etat: Etat) -> None:
    """Montre le tableau d'une vue."""
    maille = Maille(etat.maille)
    noms = cache.get_ordre_noms(consultation, etat.maille, etat.departement)
    tri = Tri(etat.tri) if etat.tri in set(Tri) else Tri.NOM
    rangs = filter_lignes(vue.valeurs, order_lignes(vue.valeurs, noms, tri), noms, etat.cherche)
    quand = format_periode(vue.cle.periode)
    legende = f"{vue.indicateur.libelle}, {quand} : {maille.libelle_pluriel} {vue.nom.du_territoire}"
    numero = int(etat.page) if etat.page.isdigit() else 1
    montres = vue.valeurs.code_territoire.iloc[cut_page(rangs, numero).positions].tolist()
    besoin = vue.choisi.nature is Nature.BESOIN
    page = render_tableau(
        vue.valeurs,
        rangs,
        vue.indicateur,
        maille=maille,
        legende=legende,
        unite_denominateur=vue.unite_denominateur,
        page=numero,
        selection=etat.territoire,
        contexte=ContexteTableau(
            tri=tri,
            lien_de=lambda code: etat.make_lien(territoire=code),
            lien_tri=lambda voulu: etat.make_lien(tri="" if voulu is Tri.NOM else str(voulu), page=""),
            cle_de=vue.lecture.cle_of,
            vue=vue.nom_vue,
            liee=read_liee(consultation, vue.choisi, maille, montres) if besoin else None,
        ),
    )
    st.html(_render_outils(etat, page, tri, maille))
    st.html(page.html)
    if page.pages > 1:
        st.html(_render_pagination(etat, page))


def _render_outils(etat: Etat, page: PageTableau, tri: Tri, maille: Maille) -> str:
    quoi = maille.libelle_pluriel if page.total > 1 else maille.libelle
    return (
        '<div class="obs-outils"><div><h2 id="tableau">Tableau</h2>'
        f'<p class="obs-note">{format_nombre(page.total)} {escape(quoi)} · {escape(tri.libelle)}</p></div>'
        '<label class="obs-controle"><span>Chercher dans le tableau</span>'
        f'<input type="search" data-param="cherche" data-oublie="page" value="{escape(etat.cherche, quote=True)}" '
        'placeholder="nom ou code" autocomplete="off"></label></div>'
    )


def _render_pagination(etat: Etat, page: PageTableau) -> str:
    place = f"Lignes {format_nombre(page.premiere)} à {format_nombre(page.derniere)} sur {format_nombre(page.total)}"
    avant = _render_pas(etat, "‹ Précédentes", page.page - 1, possible=page.page > 1)
    apres = _render_pas(etat, "Suivantes ›", page.page + 1, possible=page.page < page.pages)
    return f'<nav class="obs-pagination" aria-label="Pages du tableau">{avant}<span>{place}</span>{apres}</nav>'


def _render_pas(etat: Etat, texte: str, vers: int, *, possible: bool) -> str:
    if not possible:
        return f'<span class="obs-bouton" aria-disabled="true">{texte}</span>'
    lien = escape(etat.make_lien(page=str(vers)), quote=True)
    return f'<a class="obs-bouton" data-discret data-cle="page-{texte[:2].strip()}" href="{lien}">{texte}</a>'
