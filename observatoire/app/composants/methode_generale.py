"""Méthodes communes à tous les indicateurs : ce que le moteur fait vraiment, en phrases.

Les seuils cités sont ceux du calcul : ils viennent de ses constantes.
"""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from observatoire.app.composants.glossaire import mark_termes, render_glossaire
from observatoire.app.composants.methode_liens import TITRE_SECRET, Liens
from observatoire.app.composants.methode_signes import render_signes
from observatoire.app.composants.typographie import escape_texte
from observatoire.cartes.palettes import CLASSES_MAX
from observatoire.mesures.statuts import COUVERTURE_AFFICHEE, COUVERTURE_MINIMALE
from observatoire.modeles.nombres import DENOMINATEUR_SANS_DECIMALE, INSECABLE, format_nombre

if TYPE_CHECKING:
    from observatoire.app.composants.glossaire import Glossaire

SECTIONS = {
    "signes": "Statuts et signes",
    "classes": "Couleurs et classes",
    "geographies": "Communes d’hier et d’aujourd’hui",
    "agregation": "D’un niveau à l’autre",
    "intervalles": "Bornes et intervalles",
    "couverture": "Couverture",
    "secret": "Secret statistique",
    "refus": "Ce que l’observatoire refuse",
    "glossaire": "Glossaire",
}
"""Sections, par ancre."""

REFUS = (
    "Aucun dossier individuel : la plus petite unité est un territoire.",
    "Aucune lutte contre la fraude, aucun contrôle.",
    "Aucun ciblage de personnes ou de quartiers.",
    "Aucune prédiction, aucun score de risque.",
    "Pas de palmarès : les territoires sont rangés par ordre alphabétique, sauf si vous demandez autre chose.",
    "Pas de note globale : un territoire ne se résume pas à un nombre.",
)
SANS_GLOSSAIRE = "Cette publication est plus ancienne que le glossaire."


# Un paragraphe par bloc ; les accolades reçoivent les constantes du calcul.
_TEXTES = {
    "signes": """
    Une valeur n'est jamais un simple nombre : elle a un statut. Quand plusieurs s'appliquent, le plus fort est montré.
    Manquant n'est pas zéro ; zéro n'est pas secret ; secret n'est pas « sans objet ».

    Seul un zéro publié tel quel est dessiné comme un zéro : arrondi ou estimé, il reste une petite valeur. Dans une
    série qui descend sous zéro, zéro n'est qu'une valeur parmi d'autres.
    """,
    "classes": """
    Une carte a {classes} classes au plus : au-delà, l'œil ne les distingue plus. Elle en a moins quand il y a peu de
    territoires, ou des valeurs égales ; la légende dit alors pourquoi.

    Les classes sont calculées sur les territoires affichés, sauf quand la fiche déclare des limites fixes. La limite
    haute d'une classe est comprise. Une limite calculée est arrondie au nombre le plus rond qui laisse chaque
    territoire dans sa classe.

    Les zéros vrais, les valeurs non significatives, masquées ou absentes n'entrent dans aucune classe : elles ont leur
    dessin. La couleur dit la nature de l'indicateur (besoin, ressource, contexte), jamais un jugement.

    Un nombre se dessine en symboles proportionnels ; une part ou un taux, en surfaces colorées.
    """,
    "geographies": """
    Tout est publié dans les communes du code officiel géographique au 1er janvier {cog}. Les données plus anciennes y
    sont ramenées étape par étape, dans l'ordre des changements.

    Une fusion ou un changement de code est exact : les effectifs s'additionnent. Une commune rétablie reçoit une part
    de l'ancienne, selon la population : la valeur est dite estimée. Réunies, des communes de catégories différentes
    ne forment pas une catégorie : le territoire est mixte.

    Un taux n'est pas transporté : on transporte ce qu'il compte et ce à quoi il se rapporte, puis on divise. Une
    moyenne livrée toute faite est pondérée par la population des communes réunies.
    """,
    "agregation": """
    Une part d'un EPCI, d'un département ou de la France est le rapport de deux sommes, jamais la moyenne des parts de
    ses communes : une commune de 200 habitants n'y pèse pas autant qu'une ville.

    Une moyenne est pondérée par ce que déclare sa fiche. Une médiane ne s'agrège pas. Un nombre s'additionne et n'est
    jamais extrapolé.

    Deux années se croisent quand ce que l'on compte et ce à quoi on le rapporte ne paraissent pas ensemble : on prend
    l'année la plus proche, et la fiche le dit.

    Une part s'écrit avec une décimale au plus, et sans aucune quand elle est rapportée à moins de {sans_decimale}.
    """,
    "intervalles": """
    Quand une valeur n'est pas exacte, l'observatoire donne, s'il les connaît, la plus petite et la plus grande valeur
    possibles. Ce sont des bornes certaines, pas la marge d'erreur d'un sondage.

    Un effectif arrondi à 5 par son producteur vaut de deux de moins à deux de plus. Une commune ou un groupe de
    carreaux partagé entre deux territoires compte, dans chacun, de rien à tout. Les bornes d'un rapport viennent de
    celles de ses deux termes ; une part reste entre 0 et 100 %.

    Une valeur partielle n'a pas de borne haute : on ne sait pas ce qui manque.
    """,
    "couverture": """
    La couverture est la part du territoire que la source renseigne. Dans une commune, chaque partie compte selon
    l'effectif auquel on rapporte ou, à défaut, autant que les autres ; au-delà, chaque commune compte selon sa
    population.

    Sous {minimale}, aucune valeur n'est montrée. De {minimale} à {affichee}, un rapport est dit partiel. Un nombre est
    dit partiel dès qu'une partie manque.
    """,
    "secret": """
    Le secret statistique protège les personnes (loi n° 51-711 du 7 juin 1951). Une valeur masquée n'a ici ni chiffre,
    ni effectif : dans la carte, le tableau et les fichiers, il reste les mots « Masqué pour protéger les personnes » et
    un seul signe, quelle qu'en soit la raison. Elle ne se lit ni comme un zéro, ni comme un petit nombre.

    La plupart des données publiées sont déjà protégées par leurs producteurs : l'observatoire reprend leurs valeurs
    masquées telles quelles et n'en masque pas d'autre. Un rapport dont l'un des deux termes est masqué l'est aussi.

    Les effectifs exacts reçus par convention demandent plus : masquer aussi des valeurs voisines, pour que les valeurs
    masquées ne se déduisent pas d'un total, puis le prouver. Sans cette preuve, l'observatoire ne les publie pas.

    Une valeur masquée peut avoir des bornes : celles que chacun peut déduire des totaux publiés, jamais davantage.

    Les données reçues et les données publiées sont dans deux magasins séparés ; les pages ne lisent que le second.
    """,
}


def render_generales(glossaire: Glossaire, cog: str, liens: Liens | None = None) -> str:
    """Toutes les sections.

    Args:
        glossaire: termes de la publication montrée.
        cog: millésime du code officiel géographique de cette publication.
        liens: adresses à écrire.
    """
    vus: set[str] = set()
    corps = {ancre: _render_texte(ancre, cog, glossaire, vus) for ancre in _TEXTES}
    secret = (liens or Liens()).to_secret()
    corps["secret"] += (
        f'<p><a href="{secret}">{TITRE_SECRET}</a>, avec un dessin, ce que cela coûte et ce qui est prouvé.</p>'
    )
    corps["signes"] += render_signes(glossaire)
    corps["refus"] = f'<ul class="obs-refus">{"".join(f"<li>{escape_texte(r)}</li>" for r in REFUS)}</ul>'
    corps["glossaire"] = render_glossaire(glossaire) or f"<p>{SANS_GLOSSAIRE}</p>"
    return "".join(
        f'<section class="obs-methode-regle" aria-labelledby="{ancre}"><h2 id="{ancre}">{titre}</h2>{corps[ancre]}'
        "</section>"
        for ancre, titre in SECTIONS.items()
    )


def _render_texte(ancre: str, cog: str, glossaire: Glossaire, vus: set[str]) -> str:
    texte = dedent(_TEXTES[ancre]).format(
        classes=format_nombre(CLASSES_MAX),
        cog=cog,
        sans_decimale=format_nombre(DENOMINATEUR_SANS_DECIMALE),
        minimale=_percent(COUVERTURE_MINIMALE),
        affichee=_percent(COUVERTURE_AFFICHEE),
    )
    blocs = (" ".join(bloc.split("\n")) for bloc in texte.strip().split("\n\n"))
    return "".join(f"<p>{mark_termes(glossaire, bloc, vus)}</p>" for bloc in blocs)


def _percent(part: float) -> str:
    return f"{format_nombre(100 * part)}{INSECABLE}%"
