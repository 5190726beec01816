"""Fiche d'un indicateur, en HTML : ce qu'il mesure, comment il est fait, d'où il vient, ce qu'il ne dit pas."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.methode_niveaux import join_mailles, join_noms, join_periodes
from observatoire.app.composants.glossaire import mark_termes, render_terme
from observatoire.app.composants.typographie import escape_texte
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.nombres import INSECABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.analyse.methode import FicheMethode, Lien, SourceFiche
    from observatoire.analyse.methode_preuves import ControleLu
    from observatoire.app.composants.glossaire import Glossaire
    from observatoire.app.composants.methode_liens import Liens
    from observatoire.modeles.indicateurs import Indicateur

NATURES = {
    Nature.BESOIN: "Besoin",
    Nature.RESSOURCE: "Ressource",
    Nature.CONTEXTE: "Contexte",
    Nature.ACCOMPAGNEMENT: "Accompagnement",
}


def render_fiche_methode(fiche: FicheMethode, glossaire: Glossaire, liens: Liens, *, ouverte: bool) -> str:
    """Fiche complète.

    Args:
        fiche: fiche composée.
        glossaire: termes de la publication montrée.
        liens: adresses à écrire.
        ouverte: vrai pour la fiche en tête de page, faux pour une fiche de la liste entière.
    """
    indicateur, vus = fiche.indicateur, set[str]()
    plusieurs = len(fiche.sources) > 1
    lignes = [
        ("Définition", f"<p>{mark_termes(glossaire, indicateur.definition, vus)}</p>"),
        ("Champ", f"<p>{mark_termes(glossaire, indicateur.champ, vus)}</p>"),
        ("Formule", f'<p class="formule">{mark_termes(glossaire, fiche.formule, vus)}</p>'),
        ("Sens de lecture", f"<p>{escape_texte(fiche.sens)}</p>"),
        ("Se lit", f"<p>{escape_texte(f'« {fiche.exemple} »')}</p>" if fiche.exemple else ""),
        ("Publié", _render_niveaux(fiche)),
        ("Non publié", _render_absents(fiche)),
        ("D’un niveau à l’autre", f"<p>{escape_texte(fiche.agregation)}</p>"),
        ("Sources" if plusieurs else "Source", "".join(_render_source(s, plusieurs=plusieurs) for s in fiche.sources)),
        ("Mise à jour", f"<p>{escape_texte(indicateur.frequence[0].upper() + indicateur.frequence[1:])}.</p>"),
        (render_terme(glossaire, "secret_statistique", "Secret"), _render_liste(fiche.secret)),
        (render_terme(glossaire, "non_significatif", "Seuil"), _render_phrase(fiche.seuil)),
        ("Sur la carte", f"<p>{escape_texte(fiche.dessin)}</p>"),
        ("Précautions", _render_precautions(fiche.precautions, glossaire, vus)),
        ("Limites", _render_liste(fiche.limites)),
        ("Ressources liées", _render_liens(fiche.ressources, liens)),
        ("Besoins que cela éclaire", _render_liens(fiche.besoins, liens)),
        ("Contrôles", _render_controles(fiche.controles)),
    ]
    corps = "".join(f"<div><dt>{titre}</dt><dd>{texte}</dd></div>" for titre, texte in lignes if texte)
    ancre = "fiche" if ouverte else f"fiche-{indicateur.id}"
    niveau = "h2" if ouverte else "h3"
    return (
        f'<article class="obs-methode-fiche {indicateur.nature}" id="{ancre}" aria-labelledby="{ancre}-titre">'
        f"{_render_surtitre(fiche, liens)}"
        f'<{niveau} id="{ancre}-titre" tabindex="-1"{" data-cle=fiche" if ouverte else ""}>'
        f"{escape_texte(indicateur.libelle)}</{niveau}>"
        f'<p class="obs-methode-actions">{_render_actions(indicateur, liens, ouverte=ouverte)}</p>'
        f"<dl>{corps}</dl></article>"
    )


def _render_surtitre(fiche: FicheMethode, liens: Liens) -> str:
    themes = ", ".join(
        f'<a href="{liens.to_methode({"problematique": p.id}, "indicateurs")}">{escape_texte(p.libelle)}</a>'
        for p in fiche.problematiques
    )
    nature = NATURES[fiche.indicateur.nature]
    return f'<p class="obs-eyebrow"><span class="obs-nature {fiche.indicateur.nature}">{nature}</span> {themes}</p>'


def _render_actions(indicateur: Indicateur, liens: Liens, *, ouverte: bool) -> str:
    carte = f'<a class="obs-lien" href="{liens.to_carte(indicateur.id)}">Voir la carte</a>'
    retour = f'<a class="obs-lien" href="{liens.to_methode({}, "indicateurs")}">Tous les indicateurs</a>'
    return carte + (retour if ouverte else "")


def _render_niveaux(fiche: FicheMethode) -> str:
    if not fiche.niveaux:
        return "<p>Aucune valeur n’est publiée.</p>"
    return _render_liste([f"{join_mailles(n.mailles)} : {join_periodes(n.periodes)}" for n in fiche.niveaux])


def _render_absents(fiche: FicheMethode) -> str:
    """Niveaux non publiés, réunis quand leur raison est la même."""
    raisons: dict[str, list[str]] = {}
    for absent in fiche.niveaux_absents:
        raisons.setdefault(absent.raison, []).append(absent.maille.libelle_pluriel)
    return _render_liste([f"{join_noms(noms)} : {raison}" for raison, noms in raisons.items()])


def _render_source(source: SourceFiche, *, plusieurs: bool) -> str:
    nom = escape_texte(source.libelle)
    if source.url:
        nom = f'<a href="{escape(source.url, quote=True)}" rel="noopener" target="_blank">{nom}</a>'
    annees = join_periodes(source.annees)
    details = [
        f"{'année' if len(source.annees) == 1 else 'années'} {annees}",
        f"géographie du code officiel {join_periodes(source.geographies)}" if source.geographies else "",
        f"parution : {source.rythme}",
        source.licence,
    ]
    # Les rôles ne servent qu'à départager plusieurs sources.
    roles = f" ({', '.join(source.roles)})" if plusieurs else ""
    suite = " ; ".join(d for d in details if d)
    return f"<p>{escape_texte(source.producteur)}, {nom}{escape_texte(roles)}<br>{escape_texte(suite)}.</p>"


def _render_phrase(phrase: str) -> str:
    return f"<p>{escape_texte(phrase)}</p>" if phrase else ""


def _render_liste(phrases: Sequence[str]) -> str:
    """Liste à puces ; une phrase seule se passe de puce."""
    if len(phrases) < 2:  # noqa: PLR2004 -- une liste commence à deux
        return "".join(map(_render_phrase, phrases))
    return f"<ul>{''.join(f'<li>{escape_texte(p)}</li>' for p in phrases)}</ul>"


def _render_precautions(precautions: tuple[tuple[str, str], ...], glossaire: Glossaire, vus: set[str]) -> str:
    lignes = "".join(
        f"<li><strong>{escape_texte(titre)}.</strong> {mark_termes(glossaire, texte, vus)}</li>"
        for titre, texte in precautions
    )
    return f"<ul>{lignes}</ul>" if lignes else ""


def _render_liens(cites: tuple[Lien, ...], liens: Liens) -> str:
    lignes = "".join(
        f'<li><a data-cle="fiche" href="{liens.to_fiche(cite.id)}">{escape_texte(cite.libelle)}</a></li>'
        for cite in cites
    )
    return f"<ul>{lignes}</ul>" if lignes else ""


def _render_controles(controles: tuple[ControleLu, ...]) -> str:
    """Valeurs confrontées, réunies quand leur origine est la même."""
    origines: dict[str, list[ControleLu]] = {}
    for controle in controles:
        origines.setdefault(controle.origine, []).append(controle)
    return "".join(
        f'<ul class="obs-controles">{"".join(map(_render_controle, lus))}</ul>'
        + (f'<p class="obs-note">Origine{INSECABLE}: {escape_texte(origine)}.</p>' if origine else "")
        for origine, lus in origines.items()
    )


def _render_controle(controle: ControleLu) -> str:
    genre, forme = ("fait", "✓") if controle.retrouve else ("a-regarder", "▲")
    phrase = escape_texte(f"{controle.attendu} : {controle.verdict}.")
    return f'<li class="{genre}"><span aria-hidden="true">{forme}</span> {phrase}</li>'
