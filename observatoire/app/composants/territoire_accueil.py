"""Page Territoire sans territoire : chercher, ou partir d'un département."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.catalogue.proches import normalise
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.analyse.consultation import Consultation
    from observatoire.analyse.voisinage import Lien


def render_accueil(consultation: Consultation, proches: Sequence[Lien] = (), publication: str = "") -> str:
    """Recherche, territoires proches de la demande s'il y en a, puis la France, ses régions et ses départements.

    Args:
        consultation: publication ouverte.
        proches: territoires à proposer à la place de celui qui n'existe pas.
        publication: ancienne publication relue, s'il y en a une.
    """
    suite = f"&publication={publication}" if publication else ""
    propositions = "".join(f"<li>{_render(p.maille, p.code, p.libelle, p.maille.libelle, suite)}</li>" for p in proches)
    proposees = f'<h2>Peut-être</h2><ul class="obs-pastilles">{propositions}</ul>' if propositions else ""
    return (
        '<h1>Quel territoire ?</h1><div class="obs-quel" data-recherche data-vers="territoire"></div>'
        f"{proposees}{_render_liste(consultation, Maille.DEPARTEMENT, 'Départements', suite)}"
        f"{_render_liste(consultation, Maille.REGION, 'France et régions', suite)}"
    )


def _render_liste(consultation: Consultation, maille: Maille, titre: str, suite: str) -> str:
    table = consultation.territoires.list_territoires(maille)
    noms = sorted(zip(table.libelle, table.code, strict=True), key=lambda t: normalise(t[0]))
    france = f"<li>{_render(Maille.FRANCE, 'FR', 'France', '', suite)}</li>" if maille is Maille.REGION else ""
    lignes = "".join(
        f"<li>{_render(maille, code, nom, code if maille is Maille.DEPARTEMENT else '', suite)}</li>"
        for nom, code in noms
    )
    return f'<h2>{titre}</h2><ul class="obs-liste-territoires">{france}{lignes}</ul>'


def _render(maille: Maille, code: str, nom: str, detail: str, suite: str) -> str:
    precision = f' <span class="obs-detail">{escape(detail)}</span>' if detail else ""
    adresse = escape(f"territoire?territoire={maille}-{code}{suite}", quote=True)
    return f'<a href="{adresse}">{escape(nom)}{precision}</a>'
