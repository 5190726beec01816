"""Textes de la page « Secret », un paragraphe par bloc."""

from __future__ import annotations

from textwrap import dedent

from observatoire.analyse.bornes import DEDUIT
from observatoire.modeles.statuts import Statut

SECTIONS_SECRET = {
    "masque": "Ce qui est masqué",
    "pourquoi": "Pourquoi une case ne suffit pas",
    "modes": "Deux façons de protéger",
    "cout": "Ce que cela coûte",
    "regles-secret": "Les règles",
    "preuve": "Ce qui est prouvé",
    "promesses": "Ce que nous ne promettons pas",
}
"""Sections de la page, par ancre."""
SANS_CONVENTION = "Aucune donnée reçue par convention dans cette publication"
SANS_EXACT = "Aucun effectif exact reçu par convention dans cette publication"
"""Quand des données de convention y sont, mais déjà protégées par leur producteur."""
RIEN_A_PROUVER = "L'observatoire n'a rien masqué lui-même : il n'y avait rien à prouver."
RIEN_DES_PRODUCTEURS = "Aucune valeur de cette publication n'a été masquée par son producteur."

_TEXTES = {
    "masque": f"""
    Une valeur masquée s'écrit « {Statut.SECRET.libelle} », et son signe est « {Statut.SECRET.signe} ». Il n'y a qu'un
    signe, quelle que soit la raison : dire laquelle en dirait trop.

    Elle ne se lit ni comme un zéro, ni comme un petit nombre : de grandes valeurs sont masquées parce qu'elles en
    protègent une petite. C'est pourquoi aucun nombre n'est donné à la place.

    Quand un intervalle l'accompagne, c'est {DEDUIT} : l'observatoire n'y ajoute rien.

    Un rapport est masqué dès que l'un de ses deux termes l'est : de l'autre et du rapport, on le retrouverait.
    """,
    "pourquoi": """
    Cacher les petits nombres ne suffit pas, car leurs totaux et leurs voisins sont publiés : une soustraction les rend.
    L'exemple qui suit est inventé ; les cases masquées et les intervalles y sont calculés comme dans une publication.
    """,
    "protegees": """
    Données ouvertes, ou reçues par convention mais déjà arrondies ou masquées par leur producteur. L'observatoire
    reprend ses marques et ses arrondis. Il ne masque rien de plus, et ne défait rien.
    """,
    "exactes": """
    Nombres exacts reçus par convention. Ils restent dans un magasin privé. L'observatoire masque les petits nombres,
    puis ce qu'il faut de valeurs voisines, à tous les niveaux ensemble et d'une publication à l'autre ; il choisit ce
    qui coûte le moins à la lecture. Sans preuve, rien n'est publié.
    """,
    "ensemble": """
    Les deux ne se mêlent jamais : un indicateur qui emploie un seul nombre exact est protégé tout entier.
    """,
    "regles": """
    Chaque producteur a sa règle. Elle décide de ce qui est masqué d'abord ; les valeurs voisines, masquées pour
    protéger les premières, n'ont rien de petit.
    """,
    "preuve": """
    Avant de publier, l'observatoire joue contre lui-même un lecteur qui a tout lu : tous les niveaux, tous les
    découpages, les publications précédentes. Pour chaque case masquée, il calcule le plus petit et le plus grand nombre
    possibles. Si une seule case se retrouve, rien n'est publié.
    """,
}
PROMESSES = {
    "Ce que l'on sait d'ailleurs": "Qui connaît les familles d'une petite commune en sait plus que nos tableaux.",
    "Ce qu'un autre publie": (
        "Un producteur qui diffuse lui-même une partie du même fichier peut rendre une case ; la convention doit le "
        "prévoir."
    ),
    "Un découpage que nous ignorons": (
        "La preuve porte sur les totaux, les niveaux et les zones que l'observatoire connaît."
    ),
    "Le travail des producteurs": (
        "Nous reprenons la protection qu'ils ont faite ; nous ne l'avons ni calculée, ni vérifiée."
    ),
    "Que la règle soit la bonne": "Elle vient du producteur ou de la convention ; nous prouvons qu'elle est tenue.",
}
"""Ce que la protection ne garantit pas, et pourquoi."""


def list_paragraphes(section: str) -> list[str]:
    """Paragraphes d'une section."""
    return [" ".join(bloc.split("\n")) for bloc in dedent(_TEXTES[section]).strip().split("\n\n")]
