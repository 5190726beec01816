"""Sources et partenaires : qui produit, sous quelle convention, ce qui est arrivé, ce que l'on attend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.analyse.partenariat import write_attente
from observatoire.app.composants.typographie import escape_texte
from observatoire.catalogue.fictif import TAMPON
from observatoire.modeles.nombres import format_date, format_periode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.analyse.partenariat import LignePartenariat

ANCRE, TITRE = "partenaires", "Sources et partenaires"
_COLONNES = ("Source", "Producteur", "Dernière livraison", "Prochaine", "Rythme", "Convention", "À qui écrire")
_PHRASE = (
    "Chaque source a un producteur et un rythme. Une livraison qui tarde est dite ici, et sur chaque carte qui emploie "
    "la source ; les valeurs publiées restent justes pour leur année."
)
_SANS_SUITE = "aucune attendue"


def render_partenaires(lignes: Sequence[LignePartenariat]) -> str:
    """Section de la page Méthode ; le tableau défile dans sa boîte."""
    entetes = "".join(f"<th scope=col class=texte>{nom}</th>" for nom in _COLONNES)
    corps = "".join(map(_render_ligne, lignes))
    return (
        f'<section class="obs-methode-regle" aria-labelledby="{ANCRE}"><h2 id="{ANCRE}">{TITRE}</h2>'
        f"<p>{escape_texte(_PHRASE)}</p>"
        f'<div class="obs-tableau obs-partenaires" role="region" aria-label="Tableau des sources" tabindex="0"><table>'
        f"<caption>{TITRE}</caption><thead><tr>{entetes}</tr></thead><tbody>{corps}</tbody></table></div></section>"
    )


def _render_ligne(ligne: LignePartenariat) -> str:
    nom = f"{TAMPON} · {ligne.libelle}" if ligne.fictif else ligne.libelle
    cellules = (
        escape_texte(ligne.producteur),
        escape_texte(_write_derniere(ligne)),
        _render_prochaine(ligne),
        escape_texte(ligne.rythme),
        escape_texte(ligne.convention) or _render_absent(),
        escape_texte(ligne.contact) or _render_absent(),
    )
    colonnes = "".join(f"<td class=texte>{c}</td>" for c in cellules)
    return f"<tr><th scope=row>{escape_texte(nom)}</th>{colonnes}</tr>"


def _write_derniere(ligne: LignePartenariat) -> str:
    if not ligne.periode:
        return "aucune"
    quand = format_periode(ligne.periode)
    return f"{quand}, reçue le {format_date(ligne.recue_le)}" if ligne.recue_le else quand


def _render_prochaine(ligne: LignePartenariat) -> str:
    if ligne.attente_mois:
        texte = write_attente(ligne.attente_mois).removeprefix("Livraison ")
        return f'<span class="obs-age obs-attente">{escape_texte(texte)}</span>'
    if ligne.echeance is None:
        return _SANS_SUITE
    return f"attendue avant le {format_date(ligne.echeance)}"


def _render_absent() -> str:
    return '<span class="obs-absent">à renseigner</span>'
