"""Rapport de contrôle, en HTML : la phrase, les comptes, les fautes filtrées, les codes écartés, le reconnu."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.controles import Option, render_liste
from observatoire.app.composants.typographie import escape_texte
from observatoire.cartes.palettes import ETATS
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.controles_nommes import name_controle
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.app.atelier.etat import EtatAtelier
    from observatoire.modeles.lots import CodeEcarte, RapportLivraison

PAR_PAGE = 50
_MASSES_DITES = 3
LIBELLES = {
    Gravite.BLOQUANT: ("bloquant", "bloquants"),
    Gravite.A_REGARDER: ("à regarder", "à regarder"),
    Gravite.INFORMATION: ("pour information", "pour information"),
}
_RECONNU = {
    "format": "Format", "encodage": "Encodage", "separateur": "Séparateur", "feuille": "Feuille",
    "table": "Table", "entete": "Ligne d’en-tête", "ligne_entete": "Ligne d’en-tête", "cog": "Géographie",
    "niveau": "Niveau", "cog_ex_aequo": "Autres géographies possibles", "premiere_ligne": "Première ligne",
    "derniere_ligne": "Dernière ligne",
}  # fmt: skip


def write_synthese(rapport: RapportLivraison) -> str:
    """Phrase de synthèse : « 535 communes lues, 2 points à regarder. »."""
    comptes = Counter(a.gravite for a in rapport.anomalies)
    lues = _write_lues(rapport)
    points = []
    if comptes[Gravite.BLOQUANT]:
        points.append(_count(comptes[Gravite.BLOQUANT], "point bloquant", "points bloquants"))
    if comptes[Gravite.A_REGARDER]:
        points.append(_count(comptes[Gravite.A_REGARDER], "point à regarder", "points à regarder"))
    if not points:
        points.append("rien à corriger")
    return f"{lues}, {' et '.join(points)}."


def _write_lues(rapport: RapportLivraison) -> str:
    par_maille: dict[Maille, set[str]] = {}
    for lot in rapport.lots:
        par_maille.setdefault(lot.maille, set()).update(lot.codes.tolist())
    if not par_maille:
        return _count(rapport.lignes_lues, "ligne lue", "lignes lues")
    morceaux = [_count(len(codes), m.libelle, m.libelle_pluriel) for m, codes in par_maille.items()]
    feminin = all(m in {Maille.COMMUNE, Maille.REGION, Maille.COMMUNE_COM} for m in par_maille)
    nombre = sum(len(c) for c in par_maille.values())
    accord = ("lue" if feminin else "lu") + ("s" if nombre > 1 else "")
    periodes = sorted({lot.periode for lot in rapport.lots})
    quand = f" en {format_periode(periodes[0])}" if len(periodes) == 1 else f" sur {len(periodes)} périodes"
    return f"{' et '.join(morceaux)} {accord}{quand}"


def render_synthese(rapport: RapportLivraison) -> str:
    """Phrase et comptes par gravité, chacun avec sa forme."""
    comptes = Counter(a.gravite for a in rapport.anomalies)
    jetons = "".join(
        f'<li style="color:{ETATS[str(g)].encre};background:{ETATS[str(g)].fond}">'
        f'<span aria-hidden="true">{ETATS[str(g)].forme}</span> <strong>{format_nombre(comptes[g])}</strong> '
        f"{LIBELLES[g][comptes[g] > 1]}</li>"
        for g in Gravite
        if comptes[g]
    )
    if rapport.lignes_retenues:
        justes = ETATS["fait"]
        jetons += (
            f'<li style="color:{justes.encre};background:{justes.fond}"><span aria-hidden="true">{justes.forme}</span> '
            f"<strong>{format_nombre(rapport.lignes_retenues)}</strong> "
            f"{'lignes retenues' if rapport.lignes_retenues > 1 else 'ligne retenue'} sur "
            f"{format_nombre(rapport.lignes_lues)}</li>"
        )
    return f'<p class="obs-phrase">{escape(write_synthese(rapport))}</p><ul class="atelier-jetons">{jetons}</ul>'


def filter_anomalies(anomalies: Sequence[Anomalie], etat: EtatAtelier) -> list[Anomalie]:
    """Anomalies que retiennent les filtres de l'adresse."""
    return [
        a
        for a in anomalies
        if (not etat.gravite or a.gravite == etat.gravite)
        and (not etat.controle or a.code == etat.controle)
        and (not etat.colonne or (a.colonne or "") == etat.colonne)
    ]


def render_anomalies(anomalies: Sequence[Anomalie], etat: EtatAtelier) -> str:
    """Filtres, table, pages."""
    retenues = filter_anomalies(anomalies, etat)
    pages = max(1, -(-len(retenues) // PAR_PAGE))
    page = min(etat.numero, pages)
    visibles = retenues[(page - 1) * PAR_PAGE : page * PAR_PAGE]
    corps = "".join(_render_ligne(a) for a in visibles)
    dit = _count(len(retenues), "point", "points")
    entetes = "".join(f"<th scope=col>{t}</th>" for t in ("Gravité", "Ligne", "Colonne", "Constat", "Que faire"))
    table = (
        f'<div class="atelier-table" role="region" aria-label="Points du contrôle" tabindex="0"><table>'
        f"<caption>{dit}</caption><thead><tr>{entetes}</tr></thead><tbody>{corps}</tbody></table></div>"
        if visibles
        else '<p class="obs-note">Aucun point ne répond à ces filtres.</p>'
    )
    return f"{_render_filtres(anomalies, etat)}{table}{_render_pages(etat, page, pages)}"


def _render_filtres(anomalies: Sequence[Anomalie], etat: EtatAtelier) -> str:
    gravites = Counter(str(a.gravite) for a in anomalies)
    codes = Counter(a.code for a in anomalies)
    colonnes = Counter(a.colonne or "" for a in anomalies)
    choix = (
        ("gravite", "Gravité", [(str(g), LIBELLES[g][1], gravites[str(g)]) for g in Gravite]),
        ("controle", "Contrôle", [(c, name_controle(c), n) for c, n in sorted(codes.items())]),
        ("colonne", "Colonne", [(c, c, n) for c, n in sorted(colonnes.items()) if c]),
    )
    listes = ""
    for nom, titre, options in choix:
        tous = Option("", "Tous" if nom == "controle" else "Toutes")
        dites = [Option(v, f"{t if nom == 'colonne' else t.capitalize()} ({n})") for v, t, n in options if n]
        listes += render_liste(nom, titre, [tous, *dites], getattr(etat, nom), ("page",))
    return f'<div class="atelier-filtres" translate="no">{listes}</div>'


def _render_ligne(anomalie: Anomalie) -> str:
    etat = ETATS[str(anomalie.gravite)]
    lue = anomalie.valeur if anomalie.valeur and anomalie.valeur not in anomalie.message else ""
    valeur = f'<code class="atelier-valeur" translate="no">{escape(lue)}</code> ' if lue else ""
    return (
        f'<tr data-code="{escape(anomalie.code, quote=True)}"><td data-titre="Gravité">'
        f'<span class="atelier-gravite" style="color:{etat.encre};background:{etat.fond}">'
        f'<span aria-hidden="true">{etat.forme}</span> {LIBELLES[anomalie.gravite][0]}</span></td>'
        f'<td data-titre="Ligne" class="atelier-nombre">{"" if anomalie.ligne is None else anomalie.ligne}</td>'
        f'<td data-titre="Colonne" translate="no">{escape(anomalie.colonne or "")}</td>'
        f'<td data-titre="Constat"><strong>{escape(name_controle(anomalie.code).capitalize())}</strong> {valeur}'
        f"<span>{escape_texte(_capitalize(anomalie.message))}</span></td>"
        f'<td data-titre="Que faire">{escape_texte(anomalie.suggestion or "")}</td></tr>'
    )


def _render_pages(etat: EtatAtelier, page: int, pages: int) -> str:
    if pages == 1:
        return ""
    liens = [
        f'<a class="obs-bouton" data-discret href="{escape(etat.make_lien(page=str(n)), quote=True)}">{texte}</a>'
        if 1 <= n <= pages
        else f'<span class="obs-bouton" aria-disabled="true">{texte}</span>'
        for n, texte in ((page - 1, "‹ Précédents"), (page + 1, "Suivants ›"))
    ]
    return (
        f'<nav class="obs-pagination" aria-label="Pages du rapport">{liens[0]}<span>Page {page} sur {pages}</span>'
        f"{liens[1]}</nav>"
    )


def render_ecartes(ecartes: Sequence[CodeEcarte], noms: dict[str, str]) -> str:
    """Codes écartés, et ce que chacun emporte."""
    if not ecartes:
        return ""
    lignes = "".join(
        f'<tr><th scope=row translate="no">{escape(e.code or "(vide)")}</th><td>{escape(e.motif)}</td>'
        f'<td class="atelier-nombre">{format_nombre(e.nombre)}</td><td>{escape(write_masse(e.masse, noms))}</td></tr>'
        for e in ecartes
    )
    entetes = "".join(f"<th scope=col>{t}</th>" for t in ("Code", "Raison", "Lignes", "Ce qu’il emporte"))
    titre = _count(len(ecartes), "code n’entre pas", "codes n’entrent pas")
    return (
        f'<details class="atelier-pli"><summary>{titre}</summary>'
        '<div class="atelier-table" role="region" aria-label="Codes écartés" tabindex="0"><table>'
        f"<thead><tr>{entetes}</tr></thead><tbody>{lignes}</tbody></table></div></details>"
    )


def write_masse(masse: dict[str, float], noms: dict[str, str]) -> str:
    """Ce qu'un code emporte : « 1 235 (Foyers allocataires) »."""
    dites = [f"{format_nombre(m)} ({noms.get(nom, nom)})" for nom, m in masse.items() if m]
    suite = " …" if len(dites) > _MASSES_DITES else ""
    return ", ".join(dites[:_MASSES_DITES]) + suite if dites else "rien"


def render_reconnu(rapport: RapportLivraison) -> str:
    """Ce que la lecture a reconnu, replié."""
    if not rapport.reconnu:
        return ""
    lignes = "".join(
        f"<div><dt>{escape(_RECONNU.get(cle, cle.replace('_', ' ').capitalize()))}</dt>"
        f'<dd translate="no">{escape(str(valeur))}</dd></div>'
        for cle, valeur in rapport.reconnu.items()
        if str(valeur)
    )
    return (
        f'<details class="atelier-pli"><summary>Ce qui a été reconnu dans le fichier</summary>'
        f'<dl class="atelier-faits">{lignes}</dl></details>'
    )


def render_quarantaine(motifs: Sequence[str]) -> str:
    """Page de refus d'un fichier qui décrit des personnes : motif, colonne, nombre de lignes ; rien d'autre."""
    liste = "".join(f'<li translate="no">{escape(m)}</li>' for m in motifs)
    etat = ETATS["bloquant"]
    return (
        f'<div class="obs-etat atelier-refus" role="alert" style="color:{etat.encre};background:{etat.fond}">'
        f'<strong><span aria-hidden="true">{etat.forme}</span> Ce fichier décrit des personnes : il est refusé</strong>'
        f"<ul>{liste}</ul></div>"
        "<p>Rien n’en a été gardé : ni le fichier, ni son nom, ni une seule de ses valeurs. Le journal ne retient "
        "que le motif, la colonne et le nombre de lignes.</p>"
        "<p>Demandez au service qui l’a produit des nombres par territoire (par commune, par exemple), sans nom, "
        "sans numéro, sans date de naissance, sans adresse ; ou ôtez ces colonnes avant de déposer, si le reste est "
        "déjà fait de nombres par territoire.</p>"
    )


def _count(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{format_nombre(nombre)}{INSECABLE}{pluriel if nombre > 1 else singulier}"


def _capitalize(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
