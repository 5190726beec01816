"""Fiche d'un territoire cliqué : sa valeur, son effectif, ses références, et ce que dit son statut."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.resumes import (
    ValeurLue,
    format_valeur_lue,
    read_valeur_lue,
    write_couverture,
    write_intervalle,
    write_lecture,
    write_part_sur,
    write_statut,
)
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_periode

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.vues import VueCarte


def render_fiche(consultation: Consultation, vue: VueCarte, code: str) -> str:
    """Fiche d'un territoire de la carte."""
    indicateur, maille = vue.indicateur, Maille(vue.cle.maille)
    territoire = consultation.territoires.find(maille, code)
    lues = read_lues(vue, code)
    principale = max(lues, key=lambda lue: lue.valeur or 0.0) if lues else ValeurLue(None, "non_disponible")
    nom = name_territoire(str(territoire.libelle), territoire.type_liaison, maille)
    texte = format_valeur_lue(indicateur, principale)
    genre = "valeur" if principale.montrable and len(texte) < 16 else "valeur mots"  # noqa: PLR2004 -- place en 40 px
    part = write_part_sur(indicateur, principale, vue.unite_denominateur)
    phrases = [
        part,
        write_intervalle(indicateur, principale),
        # « n sur N » n'est dit qu'une fois.
        write_lecture(indicateur, vue.cle.periode, nom, principale, avec_effectifs=not part),
    ]
    notes = [write_statut(principale), write_couverture(principale), _write_denominateur(vue, principale)]
    return (
        f'<section class="obs-fiche" aria-live="polite" aria-label="{escape(str(territoire.libelle))}">'
        f'<p class="obs-eyebrow">{escape(maille.libelle)} · {escape(code)}</p>'
        f"<h2>{escape(str(territoire.libelle))}</h2>"
        f'<p class="{genre}">{escape(texte)}</p>'
        + "".join(f"<p>{escape(p)}</p>" for p in phrases if p)
        + _render_references(vue)
        + "".join(f'<p class="obs-note">{escape(n)}</p>' for n in notes if n)
        + "</section>"
    )


def read_lues(vue: VueCarte, code: str) -> list[ValeurLue]:
    """Valeurs d'un territoire dans la vue : une, ou une par catégorie."""
    modalites = {m.code: m.libelle for m in vue.indicateur.modalites}
    lignes = vue.valeurs[vue.valeurs.code_territoire == code]
    return [read_valeur_lue(ligne, modalites) for ligne in lignes.to_dict("records")]


def _render_references(vue: VueCarte) -> str:
    lignes = "".join(
        f"<dt>{escape(r.libelle)}</dt><dd>{escape(format_valeur_lue(vue.indicateur, r.lue))}</dd>"
        for r in vue.references
    )
    return f"<dl>{lignes}</dl>" if lignes else ""


def _write_denominateur(vue: VueCarte, lue: ValeurLue) -> str:
    """Dit l'année du dénominateur quand ce n'est pas celle du numérateur."""
    if not lue.periode_denominateur or lue.periode_denominateur == vue.cle.periode:
        return ""
    quoi = vue.unite_denominateur or "Dénominateur"
    return f"{quoi[0].upper()}{quoi[1:]}{INSECABLE}: {format_periode(lue.periode_denominateur)}."
