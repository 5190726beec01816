"""Page « Secret » de Méthode : à un partenaire, ce qui est masqué, pourquoi, ce que cela coûte, ce qui est prouvé."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from observatoire.analyse.secret import count_producteurs, list_couts, read_rapport, sum_preuve
from observatoire.app.composants.glossaire import mark_termes
from observatoire.app.composants.methode_liens import Liens
from observatoire.app.composants.methode_secret_dessin import render_dessins
from observatoire.app.composants.methode_secret_tables import (
    render_appliquees,
    render_couts,
    render_regles,
    render_systemes,
    write_part,
)
from observatoire.app.composants.methode_secret_textes import (
    PROMESSES,
    RIEN_A_PROUVER,
    RIEN_DES_PRODUCTEURS,
    SANS_CONVENTION,
    SANS_EXACT,
    SECTIONS_SECRET,
    list_paragraphes,
)
from observatoire.app.composants.methode_sommaire import render_sommaire
from observatoire.app.composants.typographie import escape_texte
from observatoire.errors import PublicationError
from observatoire.modeles.livraisons import Confidentialite
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from collections.abc import Mapping

    from observatoire.analyse.consultation import Consultation
    from observatoire.analyse.secret import RapportSecret
    from observatoire.app.composants.glossaire import Glossaire


@dataclass
class _Textes:
    """Textes de la page ; un terme n'est expliqué qu'à sa première écriture."""

    glossaire: Glossaire
    vus: set[str] = field(default_factory=set)

    def render(self, section: str) -> str:
        return "".join(f"<p>{mark_termes(self.glossaire, t, self.vus)}</p>" for t in list_paragraphes(section))


def render_secret(consultation: Consultation, demande: Mapping[str, str], departement: str = "") -> str:
    """Page entière.

    Args:
        consultation: publication ouverte.
        demande: paramètres de l'adresse.
        departement: département de l'observatoire.
    """
    liens, textes = Liens(demande, departement), _Textes(consultation.catalogue.glossaire)
    lu = _read(consultation)
    corps = {
        "masque": textes.render("masque"),
        "pourquoi": textes.render("pourquoi") + render_dessins(),
        "modes": _render_modes(consultation, lu, textes),
        "cout": _render_cout(consultation, lu),
        "regles-secret": _render_regles(consultation, lu, textes),
        "preuve": textes.render("preuve") + _render_preuve(consultation, lu),
        "promesses": _render_promesses(),
    }
    sections = "".join(
        f'<section class="obs-methode-regle" aria-labelledby="{ancre}"><h2 id="{ancre}">{titre}</h2>{corps[ancre]}'
        "</section>"
        for ancre, titre in SECTIONS_SECRET.items()
    )
    return (
        f'<div class="obs-methode obs-secret" data-adresse="{liens.ici}">'
        f"{render_sommaire(consultation.catalogue, liens, SECTIONS_SECRET)}"
        f'<div class="obs-methode-corps"><p class="obs-eyebrow"><a href="{liens.to_methode({})}">Méthode</a></p>'
        "<h1>Secret</h1>"
        "<p class=obs-phrase>Ce que l’observatoire masque pour protéger les personnes, pourquoi, et ce que cela coûte."
        f"</p>{sections}</div></div>"
    )


@dataclass(frozen=True)
class _Lu:
    """Rapport de la publication ; sans lui, ``absence`` dit en HTML pourquoi (rien à protéger, ou illisible)."""

    rapport: RapportSecret | None
    absence: str = ""
    illisible: bool = False


def _read(consultation: Consultation) -> _Lu:
    try:
        rapport = read_rapport(consultation.espace, consultation.publication.id)
    except PublicationError as erreur:
        return _Lu(None, f'<p class="obs-absent" role="alert">▲ {escape_texte(str(erreur))}</p>', illisible=True)
    protegees = (m.confidentialite is Confidentialite.CONVENTION_PROTEGEE for m in consultation.manifestes.values())
    return _Lu(rapport, f"<p>{escape_texte(SANS_EXACT if any(protegees) else SANS_CONVENTION)}.</p>")


def _render_promesses() -> str:
    lignes = "".join(
        f"<li><strong>{escape_texte(t)}.</strong> {escape_texte(raison)}</li>" for t, raison in PROMESSES.items()
    )
    return f"<ul>{lignes}</ul>"


def _render_modes(consultation: Consultation, lu: _Lu, textes: _Textes) -> str:
    exacts = len({c.indicateur for c in lu.rapport.indicateurs}) if lu.rapport is not None else 0
    proteges = len(consultation.publication.indicateurs) - exacts
    corps = "".join(
        f"<div><dt>{titre}</dt><dd>{textes.render(section)}{'' if lu.illisible else _render_compte(nombre)}</dd></div>"
        for titre, section, nombre in (
            ("Déjà protégé", "protegees", proteges),
            ("Effectifs exacts", "exactes", exacts),
        )
    )
    return f'<dl class="obs-secret-modes">{corps}</dl>{textes.render("ensemble")}'


def _render_compte(nombre: int) -> str:
    return f'<p class="obs-note">Dans cette publication{INSECABLE}: {_count(nombre)}.</p>'


def _count(nombre: int) -> str:
    return _agree(nombre, "indicateur", "indicateurs") if nombre else "aucun indicateur"


def _agree(nombre: int, un: str, plusieurs: str) -> str:
    return f"{format_nombre(nombre)}{INSECABLE}{plusieurs if nombre > 1 else un}"


def _render_cout(consultation: Consultation, lu: _Lu) -> str:
    catalogue, rapport = consultation.catalogue, lu.rapport
    propre = lu.absence
    if rapport is not None:
        part = rapport.masquees / rapport.cases if rapport.cases else 0.0
        phrase = (
            f"Masqué par l'observatoire, toutes périodes et tous niveaux réunis : {format_nombre(rapport.masquees)} "
            f"sur {_agree(rapport.cases, 'case', 'cases')}, soit {write_part(part)}."
        )
        titre = "Masqué par l’observatoire, à la dernière période"
        propre = f"<p>{escape_texte(phrase)}</p>{render_couts(list_couts(rapport), catalogue, titre)}"
    producteurs = count_producteurs(consultation, rapport)
    if not producteurs:
        return propre + ("" if lu.illisible else f"<p>{escape_texte(RIEN_DES_PRODUCTEURS)}</p>")
    nombre = len({c.indicateur for c in producteurs})
    qui = "ont des valeurs masquées par leur producteur" if nombre > 1 else "a des valeurs masquées par son producteur"
    suite = f"{_count(nombre)} {qui}{'. Les autres n’en ont aucune' if rapport is None else ''}."
    titre = "Valeurs masquées par les producteurs, à la dernière période"
    if lu.illisible:
        # Sans rapport, on ne sait plus qui a masqué quoi.
        suite, titre = "Valeurs masquées, comptées dans ce qui est publié.", "Valeurs masquées, à la dernière période"
    return f"{propre}<p>{escape_texte(suite)}</p>{render_couts(producteurs, catalogue, titre)}"


def _render_regles(consultation: Consultation, lu: _Lu, textes: _Textes) -> str:
    catalogue = consultation.catalogue
    exactes = lu.absence if lu.rapport is None else render_appliquees(lu.rapport, catalogue)
    return (
        f"{textes.render('regles')}<h3>Effectifs exacts</h3>{exactes}"
        f"<h3>Déjà protégé par le producteur</h3>{render_regles(catalogue)}"
    )


def _render_preuve(consultation: Consultation, lu: _Lu) -> str:
    if lu.rapport is None:
        return lu.absence + ("" if lu.illisible else f"<p>{escape_texte(RIEN_A_PROUVER)}</p>")
    preuve = sum_preuve(lu.rapport)
    genre, forme = ("a-regarder", "▲") if preuve.fautes else ("fait", "✓")
    eprouvees = _agree(preuve.cases, "case masquée éprouvée", "cases masquées éprouvées")
    verdict = f"{eprouvees}, {_agree(preuve.fautes, 'retrouvée', 'retrouvées')}."
    lignes = [f'<li class="{genre}"><span aria-hidden="true">{forme}</span> {escape_texte(verdict)}</li>']
    if (cachees := preuve.cases - lu.rapport.masquees) > 0:
        dont = _agree(cachees, "n'est montrée", "ne sont montrées").replace(INSECABLE, " ")
        lignes.append(
            f"<li>{escape_texte(f'Dont {dont} nulle part : des restes que donneraient des différences.')}</li>"
        )
    if preuve.rejouees is not None:
        refaites = _agree(preuve.rejouees, "refaite en nombres entiers", "refaites en nombres entiers")
        lignes.append(f"<li>{refaites}, au plus près de la limite.</li>")
    lignes.append(f"<li>{_write_optimum(preuve.systemes, preuve.optimaux, preuve.ecart)}</li>")
    return f'<ul class="obs-controles">{"".join(lignes)}</ul>{render_systemes(lu.rapport, consultation.catalogue)}'


def _write_optimum(systemes: int, optimaux: int, ecart: float) -> str:
    if optimaux == systemes:
        return "Partout, aucun masque moins coûteux ne protégerait autant : c’est prouvé."
    reste = f"{format_nombre(optimaux)} sur {format_nombre(systemes)}"
    return (
        f"Masque prouvé le moins coûteux{INSECABLE}: {reste}. Ailleurs, au plus {write_part(ecart)} du coût évitable."
    )
