"""Page Territoire assemblée : tête, références, sommaire, puis chaque problématique."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.analyse.portrait.questions import PORTRAIT
from observatoire.app.composants.territoire_liens import Liens
from observatoire.app.composants.territoire_mesure import Rendu
from observatoire.app.composants.territoire_question import render_contexte, render_question, render_sommaire
from observatoire.app.composants.territoire_references import PARAMETRES, render_references
from observatoire.app.composants.territoire_tete import render_fil, render_tete
from observatoire.app.preparation import make_choix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from observatoire.analyse.consultation import Consultation
    from observatoire.analyse.portrait import Portrait

VIDE = (
    "Aucun indicateur n'est publié pour ce territoire. Les données ouvertes employées ici s'arrêtent à la métropole "
    "et aux départements d'outre-mer, ou à un niveau plus large."
)


def make_rendu(consultation: Consultation, portrait: Portrait, publication: str = "") -> Rendu:
    """Ce qu'il faut pour écrire la page.

    Args:
        consultation: publication ouverte.
        portrait: portrait à montrer.
        publication: ancienne publication que nomme l'adresse, s'il y en a une.
    """
    liens = Liens(portrait.sujet, make_choix(consultation).niveaux_dessines, publication)
    params = _list_params(portrait) | {"publication": consultation.publication.id}
    return Rendu(portrait, liens, datetime.now(UTC).date(), f"territoire?{urlencode(params)}")


def render_entete(rendu: Rendu, dessin: str) -> str:
    """Fil, titre, références, sommaire ; ``data-adresse`` rend l'adresse entière de ce qui est montré."""
    portrait = rendu.portrait
    publication = {"publication": rendu.liens.publication} if rendu.liens.publication else {}
    entiere = escape(f"territoire?{urlencode(_list_params(portrait) | publication)}", quote=True)
    seul = f'<p class="obs-note">{escape(portrait.seul)}</p>' if portrait.seul and not portrait.vide else ""
    corps = (
        f'<p class="obs-vide">{VIDE}</p>'
        if portrait.vide
        else f"{render_references(portrait)}{seul}{render_sommaire(portrait)}"
    )
    return f'<div data-adresse="{entiere}">{render_fil(portrait, rendu.liens)}{render_tete(rendu, dessin)}{corps}</div>'


def render_corps(rendu: Rendu) -> Iterator[str]:
    """Une problématique par bloc ; rien quand aucune mesure n'est publiée."""
    if rendu.portrait.vide:
        return
    for question in rendu.portrait.questions:
        if question.id == PORTRAIT:
            yield render_contexte(rendu, question)
        else:
            yield render_question(rendu, question)


def _list_params(portrait: Portrait) -> dict[str, str]:
    references = zip(PARAMETRES, (r.cle for r in portrait.references), strict=False)
    return {"territoire": portrait.sujet.cle, **dict(references)}
