"""Feuille « bon à publier » en HTML : autonome, imprimable, lisible au lecteur d'écran."""

from __future__ import annotations

import re
from html import escape

from observatoire.cartes.cadre import Boite
from observatoire.cartes.cadres import compute_forme, count_cartons
from observatoire.cartes.demande import CarteStatique
from observatoire.cartes.legende_html import render_legende_html
from observatoire.cartes.palettes import ACTION, BORD_DE_CHAMP, PANNEAU, couleur_cerne, couleur_symbole
from observatoire.cartes.statique import read_demande, render_carte_seule
from observatoire.catalogue.fictif import TAMPON
from observatoire.exports.impression_style import write_style
from observatoire.exports.motifs_svg import draw_motifs
from observatoire.exports.tableau_imprime import render_tableau
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.nombres import INSECABLE, format_date, format_nombre, format_periode
from observatoire.publication.bon_a_publier import BonAPublier, PartBon
from observatoire.publication.comparaison import Changement
from observatoire.registres.depots import Depot

_MOTS = {
    Changement.GAGNE: "nouvelles",
    Changement.PERDU: "retirées",
    Changement.REVISE: "révisées",
    Changement.RUPTURE: "de statut changé",
    Changement.INTERVALLE: "d'intervalle changé",
}
"""Ce qui arrive aux valeurs, au pluriel : ce sont des comptes."""
LARGEUR, HAUTEUR_MIN, HAUTEUR_MAX = 7.3, 3.0, 5.2
"""Carte sur le papier, en pouces."""
_REGIMES = {
    Confidentialite.OUVERTE: "données ouvertes",
    Confidentialite.CONVENTION: "convention, effectifs exacts",
    Confidentialite.CONVENTION_PROTEGEE: "convention, déjà arrondies ou masquées par le producteur",
}
_NATURES = {
    NatureDepot.NOUVELLE: "une période nouvelle",
    NatureDepot.REMPLACE: "remplace la période entière",
    NatureDepot.COMPLETE: "complète une période déjà publiée",
    NatureDepot.CORRIGE: "corrige des chiffres déjà publiés",
}
_STYLE = f"""
.part{{break-before:page}}.part:first-of-type{{break-before:auto}}
.fiche{{display:grid;grid-template-columns:max-content 1fr;gap:1mm 5mm;margin:3mm 0}}
.fiche dt{{font-weight:600}}.fiche dd{{margin:0}}
.accord{{border:1px solid {BORD_DE_CHAMP};padding:4mm;margin:5mm 0 0;break-inside:avoid}}
.accord legend{{font-weight:600;font-size:11pt;padding:0 2mm}}
.accord p{{margin:2.5mm 0}}
.accord input[type=checkbox]{{width:18px;height:18px;vertical-align:-4px;accent-color:{ACTION}}}
.accord input[type=text],.accord textarea{{font:inherit;width:100%;padding:1.5mm;border:1px solid {BORD_DE_CHAMP};
border-radius:4px;background:#FFFFFF}}
.masques{{background:{PANNEAU};padding:2mm 3mm;margin:2mm 0}}
ul{{margin:1mm 0;padding-left:5mm}}
@media(max-width:640px){{.fiche{{grid-template-columns:1fr}}.fiche dd{{margin-bottom:2mm}}}}
"""


def render_bon(bon: BonAPublier) -> str:
    """Page autonome : ni script, ni ressource extérieure."""
    fictif = f"{TAMPON} · " if bon.source.fictif else ""
    titre = f"{fictif}Bon à publier : {bon.source.libelle}"
    pied = f"{bon.observatoire} · bon à publier du {format_date(bon.jour)}".strip(" ·")
    parts = "".join(_render_part(rang, part) for rang, part in enumerate(bon.parts, start=1))
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(titre)} — {escape(bon.observatoire)}</title>
<style>{write_style(pied)}{_STYLE}</style>
</head>
<body>
<main>
<header><p class="nom">{escape(bon.observatoire)}</p>
<h1>{escape(titre)}</h1>
<p class="sous-titre">{escape(_write_sous_titre(bon))}</p></header>
<p class="phrase">Voici, avant qu'ils paraissent, les chiffres tirés de votre livraison, tels qu'ils seront lus.
Ce qui est masqué l'est aussi sur cette feuille.</p>
{_render_fiche(bon)}
{_render_sommaire(bon)}
{_render_mentions(bon)}
{_render_accord()}
{parts}
</main>
</body>
</html>
"""


def _write_sous_titre(bon: BonAPublier) -> str:
    quand = ", ".join(format_periode(p) for p in bon.depot.periodes)
    return f"{quand} · {bon.territoire} · feuille du {format_date(bon.jour)}"


def _render_fiche(bon: BonAPublier) -> str:
    depot = bon.depot
    lignes = {
        "Producteur": bon.source.producteur,
        "Source": bon.source.libelle,
        "Période": ", ".join(format_periode(p) for p in depot.periodes),
        "Fichier reçu": f"{depot.fichier}, {write_reference(depot)}",
        "Régime": _REGIMES[depot.confidentialite],
        "Cette livraison": _NATURES[depot.nature],
        "Géographie": f"codes officiels au 1er janvier {depot.cog}" if depot.cog else "",
        "Licence": bon.source.licence,
        "Comparée à": f"publication {bon.en_ligne}",
    }
    corps = "".join(f"<dt>{nom}</dt><dd>{escape(texte)}</dd>" for nom, texte in lignes.items() if texte)
    return f'<dl class="fiche">{corps}</dl>'


def write_reference(depot: Depot) -> str:
    """Ce qui désigne le fichier reçu : son empreinte ; d'effectifs exacts, son dépôt, car elle aiderait à l'essayer."""
    if depot.confidentialite is Confidentialite.CONVENTION:
        return f"dépôt {depot.id}"
    return f"empreinte {depot.sha256[:12]}"


def _render_sommaire(bon: BonAPublier) -> str:
    """Ce qui paraîtra, indicateur par indicateur, et ce qui ne paraîtra pas."""
    lignes = "".join(
        f'<tr><th scope="row"><a href="#part-{rang}">{escape(p.indicateur.libelle)}</a></th>'
        f"<td>{escape(p.maille.libelle_pluriel)}</td>"
        f'<td class="nombre">{format_nombre(p.montrees)}</td><td class="nombre">{format_nombre(p.masquees)}</td>'
        f'<td class="nombre">{format_nombre(p.absentes)}</td><td>{escape(write_comptes(p))}</td></tr>'
        for rang, p in enumerate(bon.parts, start=1)
    )
    refus = "".join(
        f'<p class="masques">Ne paraîtra pas : {escape(identifiant)}. {escape(motif)}</p>'
        for identifiant, motif in bon.refus.items()
    )
    return (
        '<h2 id="resume">Ce qui paraîtra</h2><table aria-labelledby="resume"><thead><tr>'
        '<th scope="col">Indicateur</th><th scope="col">Niveau</th><th scope="col" class="nombre">Montrées</th>'
        '<th scope="col" class="nombre">Masquées</th><th scope="col" class="nombre">Absentes</th>'
        f'<th scope="col">Par rapport à ce qui est en ligne</th></tr></thead><tbody>{lignes}</tbody></table>{refus}'
    )


def write_comptes(part: PartBon) -> str:
    """« 12 révisées, 3 nouvelles » ; « rien ne change » si c'est le cas."""
    return ", ".join(f"{format_nombre(n)} {_MOTS[c]}" for c, n in part.comptes.items()) or "rien ne change"


def _render_mentions(bon: BonAPublier) -> str:
    if not bon.mentions:
        return ""
    lignes = "".join(f"<li>{escape(m)}</li>" for m in bon.mentions)
    return f"<h2>Mentions qui accompagneront ces chiffres</h2><ul>{lignes}</ul>"


def _render_accord() -> str:
    """Cases à cocher, à l'écran ou sur le papier ; une fonction, jamais un nom."""
    return (
        '<fieldset class="accord"><legend>Accord du producteur</legend>'
        '<p><input type="checkbox" id="accord-oui"> <label for="accord-oui">Bon à publier</label></p>'
        '<p><input type="checkbox" id="accord-reserve"> '
        '<label for="accord-reserve">À corriger avant de publier (dire quoi ci-dessous)</label></p>'
        '<p><label for="accord-fonction">Fonction de la personne qui donne l\'accord</label>'
        '<input type="text" id="accord-fonction" autocomplete="off"></p>'
        '<p><label for="accord-date">Date</label><input type="text" id="accord-date" autocomplete="off"></p>'
        '<p><label for="accord-remarques">Remarques</label><textarea id="accord-remarques" rows="4"></textarea></p>'
        "</fieldset>"
    )


def _render_part(rang: int, part: PartBon) -> str:
    titre = f"{part.indicateur.libelle}, {format_periode(part.periode)}"
    secret = "".join(f"<li>{escape(t)}</li>" for t in (write_masques(part), *part.secret))
    return (
        f'<section class="part" aria-labelledby="part-{rang}"><h2 id="part-{rang}">{escape(titre)}</h2>'
        f'<p class="phrase">{escape(part.phrase)}</p>{_render_carte(part)}'
        f'<div class="masques"><ul>{secret}</ul></div>'
        f'<dl class="fiche"><dt>Définition</dt><dd>{escape(part.indicateur.definition)}</dd>'
        f"<dt>Calcul</dt><dd>{escape(part.formule)}</dd><dt>Source</dt><dd>{escape(part.source)}</dd></dl>"
        f"{_render_differences(rang, part)}"
        f"{_render_valeurs(rang, part)}</section>"
    )


def write_masques(part: PartBon) -> str:
    """Nombre de valeurs masquées, sans rien dire d'elles."""
    if not part.masquees:
        return "Aucune valeur n'est masquée."
    nom = part.maille.libelle_pluriel if part.masquees > 1 else part.maille.libelle
    return f"Masqué pour protéger les personnes{INSECABLE}: {format_nombre(part.masquees)} {nom}."


def _render_carte(part: PartBon) -> str:
    if part.carte is None:
        return '<p class="note">Ce niveau n\'a pas de fond de carte : les valeurs sont dans le tableau.</p>'
    lecture, legende = read_demande(part.carte)
    svg = render_carte_seule(part.carte, lecture, legende, _choose_boite(part.carte))
    # Ni prologue XML ni DOCTYPE au milieu d'une page HTML.
    dessin = re.sub(r"^.*?(?=<svg )", "", svg, count=1, flags=re.DOTALL)
    nature = part.indicateur.nature
    couleurs = (couleur_symbole(nature), couleur_cerne(nature))
    texte = render_legende_html(legende, couleurs_cercle=couleurs, cercles_ailleurs=True)
    texte = draw_motifs(texte, (*legende.entrees, *legende.etats))
    return f'<div class="carte"><figure>\n{dessin}\n</figure><div class="explique">{texte}</div></div>'


def _choose_boite(carte: CarteStatique) -> Boite:
    voulue = HAUTEUR_MAX if count_cartons(carte) else compute_forme(carte) * LARGEUR
    return Boite(0.02, 0.02, LARGEUR - 0.04, min(max(voulue, HAUTEUR_MIN), HAUTEUR_MAX))


def _render_differences(rang: int, part: PartBon) -> str:
    if not part.differences:
        nouvelle = "Rien n'était en ligne pour cette période : tout y est nouveau."
        phrase = nouvelle if part.comptes else "Rien ne change par rapport à ce qui est en ligne."
        return f'<p class="note">{phrase}</p>'
    lignes = "".join(
        f'<tr><th scope="row">{escape(d.territoire)}</th><td>{escape(d.changement)}</td>'
        f'<td class="nombre">{escape(d.avant)}</td><td class="nombre">{escape(d.apres)}</td></tr>'
        for d in part.differences
    )
    titre = f"Principales différences ({write_comptes(part)})"
    return (
        f'<h3 id="differences-{rang}">{escape(titre)}</h3><table aria-labelledby="differences-{rang}"><thead><tr>'
        '<th scope="col">Territoire</th><th scope="col">Changement</th><th scope="col" class="nombre">En ligne</th>'
        f'<th scope="col" class="nombre">À venir</th></tr></thead><tbody>{lignes}</tbody></table>'
    )


def _render_valeurs(rang: int, part: PartBon) -> str:
    titre = f"Valeurs, {part.maille.libelle_pluriel}, par ordre alphabétique"
    html = render_tableau(part.tableau, part.indicateur, part.maille, titre)
    # Plusieurs tableaux dans une page : chacun son ancre.
    html = html.replace('id="tableau"', f'id="tableau-{rang}"').replace('by="tableau"', f'by="tableau-{rang}"')
    return html.replace("<h2 ", "<h3 ").replace("</h2>", "</h3>")
