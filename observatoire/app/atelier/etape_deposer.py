"""Étape 1 : choisir la source, donner le fichier, dire ce qu'il ne dit pas."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.contexte import go_to, set_en_cours
from observatoire.app.atelier.documents import show_modele
from observatoire.app.atelier.en_cours import EnCours, Reponses, keep_fichier
from observatoire.app.atelier.etat import Etape, lien_vers
from observatoire.app.atelier.verification import verify_fichier
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.nombres import format_periode
from observatoire.publication.historique import list_livraisons
from observatoire.registres.depots import Depot, StatutDepot

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.modeles.sources import Source

NOUVELLE = ""
TAILLE_MAX_MO = 200
TYPES = ["csv", "txt", "tsv", "xlsx", "xlsm", "xls", "ods", "parquet", "json", "geojson", "gpkg", "zip", "gz"]
_PERIODE = re.compile(r"\d{4}(-(T[1-4]|0[1-9]|1[0-2]|\d{4}))?")
CONFIDENTIALITES = {
    Confidentialite.OUVERTE: "Données ouvertes",
    Confidentialite.CONVENTION_PROTEGEE: "Convention, déjà arrondies ou masquées par leur producteur",
    Confidentialite.CONVENTION: "Convention, effectifs exacts",
}
NATURES = {
    None: "Le reconnaître",
    NatureDepot.NOUVELLE: "Une période nouvelle",
    NatureDepot.REMPLACE: "Remplacer toute la période",
    NatureDepot.COMPLETE: "Compléter : d’autres territoires",
    NatureDepot.CORRIGE: "Corriger des chiffres faux",
}
_COMPTEUR = "atelier_rang_fichier"


def show_deposer(contexte: Contexte) -> None:
    """Montre le formulaire, et les dépôts qui attendent."""
    _show_formulaire(contexte)
    _show_attente(contexte)


def _show_formulaire(contexte: Contexte) -> None:
    sources = contexte.catalogue.sources
    noms = {NOUVELLE: "Nouvelle source : la déclarer d’après le fichier"} | {
        s.id: f"{s.libelle} ({s.producteur})" for s in sorted(sources.values(), key=lambda s: s.libelle.casefold())
    }
    rang = st.session_state.setdefault(_COMPTEUR, 0)
    with st.container(key="atelier_formulaire"):
        gauche, droite = st.columns(2, gap="large")
        with gauche:
            st.html("<h2>Le fichier</h2>")
            choisie = st.selectbox(
                "Source",
                list(noms),
                index=None,
                format_func=noms.__getitem__,
                placeholder="Choisir la source du fichier",
                key="atelier_source",
            )
            fichier = st.file_uploader(
                f"Fichier reçu ({TAILLE_MAX_MO} Mo au plus)",
                type=TYPES,
                max_upload_size=TAILLE_MAX_MO,
                key=f"atelier_fichier_{rang}",
            )
            st.html(
                '<p class="obs-note">Tel qu’il a été reçu, sans le rouvrir ni l’enregistrer : tableur, texte, couche '
                "géographique, ou l’un d’eux dans une archive. La copie de travail est effacée dès la vérification "
                "finie ; des données qui décrivent des personnes sont refusées, sans rien en garder.</p>"
            )
            place_du_geste = st.container(key="atelier_geste")
        with droite:
            st.html("<h2>Ce que le fichier ne dit pas</h2>")
            reponses = _ask(sources.get(choisie or ""), choisie or "")
            if choisie in sources:
                show_modele(contexte, choisie, reponses.periode)
    manque = _find_manque(choisie, fichier is not None, reponses)
    with place_du_geste:
        presse = st.button("Vérifier le fichier", type="primary", disabled=manque != "", key="atelier_verifier")
        if manque:
            st.html(f'<p class="obs-note" role="status">{escape(manque)}</p>')
    if presse and fichier is not None:
        en_cours = keep_fichier(fichier.name, fichier.getbuffer(), reponses)
        # Une clé neuve fait oublier à Streamlit les octets reçus : seule reste la copie de travail.
        st.session_state[_COMPTEUR] = rang + 1
        set_en_cours(en_cours)
        _leave(contexte, en_cours)


def _leave(contexte: Contexte, en_cours: EnCours) -> None:
    if not en_cours.reponses.source:
        go_to(Etape.SOURCE)
    verify_fichier(contexte, en_cours)
    go_to(Etape.VERIFIER)


def _ask(source: Source | None, identifiant: str) -> Reponses:
    periode, maille = "", None
    if source is None or (source.periode is None and source.colonne_periode_mesuree is None):
        periode = st.text_input(
            "Période des données, si le fichier ne la porte pas",
            placeholder="2024, 2024-T4 ou 2024-12",
            key="atelier_periode",
        ).strip()
    if source is not None and source.niveaux:
        niveaux = [None, source.maille, *(n.maille for n in source.niveaux)]
        maille = st.selectbox(
            "Niveau des lignes",
            niveaux,
            format_func=lambda m: m.libelle_pluriel.capitalize() if m else "Celui que le fichier porte",
            key="atelier_maille",
        )
    confidentialite = st.radio(
        "Comment ces données ont été reçues",
        list(CONFIDENTIALITES),
        format_func=CONFIDENTIALITES.__getitem__,
        key="atelier_confidentialite",
    )
    nature = st.selectbox(
        "Ce que ce fichier fait de ce qui est en ligne",
        list(NATURES),
        format_func=NATURES.__getitem__,
        key="atelier_nature",
    )
    cog = st.text_input(
        "Année de la géographie, si vous la connaissez",
        placeholder="reconnue d’après les codes",
        key="atelier_cog",
        max_chars=4,
    ).strip()
    return Reponses(identifiant, periode, maille, cog, confidentialite, nature)


def _find_manque(choisie: str | None, avec_fichier: bool, reponses: Reponses) -> str:  # noqa: FBT001 -- privée
    if choisie is None:
        return "Choisissez d’abord la source."
    if not avec_fichier:
        return "Choisissez le fichier à vérifier."
    if reponses.periode and not _PERIODE.fullmatch(reponses.periode):
        return "La période s’écrit 2024, 2024-T4 (trimestre) ou 2024-12 (mois)."
    if reponses.cog and not re.fullmatch(r"(19|20)\d\d", reponses.cog):
        return "L’année de la géographie s’écrit en quatre chiffres."
    return ""


def _show_attente(contexte: Contexte) -> None:
    """Dépôts gardés, pas encore publiés."""
    attente = [
        d for d, _ in list_livraisons(contexte.espace) if d.statut in {StatutDepot.BROUILLON, StatutDepot.APPROUVE}
    ]
    if not attente:
        return
    sources = contexte.catalogue.sources
    lignes = "".join(_render_depot(d, sources) for d in reversed(attente))
    st.html(f'<h2 class="atelier-titre">En attente de publication</h2><ul class="atelier-liste">{lignes}</ul>')


def _render_depot(depot: Depot, sources: dict[str, Source]) -> str:
    source = sources.get(depot.source)
    quand = ", ".join(format_periode(p) for p in depot.periodes)
    lien = escape(lien_vers(Etape.COMPARER, depot.id), quote=True)
    return (
        f"<li><div><strong>{escape(source.libelle if source else depot.source)}</strong>, {escape(quand)}"
        f'<span class="obs-note"> · {escape(depot.statut.libelle)}, par '
        f'<span translate="no">{escape(depot.auteur)}</span></span></div>'
        f'<a class="obs-bouton" href="{lien}">Voir ce qu’il change</a></li>'
    )
