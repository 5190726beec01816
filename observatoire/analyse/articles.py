"""Articles : nommer un territoire dans une phrase (« du Port », « à La Réunion », « en Guadeloupe »).

L'Insee donne à chaque nom un type de liaison (TNCC, 0 à 8). Il ne suffit pas : l'article fait partie
du nom d'une commune (« Le Port »), jamais de celui d'un département (« Gironde », « la Gironde ») ;
et l'on habite « à Dijon », mais « dans la Drôme », « en Seine-Maritime », « dans les Landes ».
"""

from __future__ import annotations

import re
from typing import NamedTuple

from observatoire.modeles.mailles import Maille

_ARTICLES = {2: "le ", 3: "la ", 4: "les ", 5: "l'", 6: "aux ", 7: "las ", 8: "los "}
_DU = {2: "du ", 3: "de la ", 4: "des ", 5: "de l'", 6: "d'aux ", 7: "de las ", 8: "de los "}
_A = {2: "au ", 3: "à la ", 4: "aux ", 5: "à l'", 6: "à aux ", 7: "à las ", 8: "à los "}
_DANS = {2: "dans le ", 3: "dans la ", 4: "dans les ", 5: "dans l'"}

# L'article contracté absorbe celui du nom ; les autres gardent leur capitale : « de La Rochelle ».
_CONTRACTIONS = {2: ("du ", "au "), 4: ("des ", "aux ")}
_VOYELLES = frozenset("aàâäeéèêëiîïoôöuùûüyœæ")
_A_LIEU = frozenset({"La Réunion", "Mayotte", "Paris"})
"""Îles et ville qui sont des départements : on y est « à »."""
_GROUPEMENTS = ("CA ", "CC ", "CU ", "Métropole ", "Eurométropole ", "Communauté ")
_IRIS_NUMEROTE = re.compile(r"^(.+), IRIS (\w+)$")
"""« Salazie, IRIS 0101 » se dit « l'IRIS 0101 (Salazie) »."""
_VILLES_SEULES = (Maille.COMMUNE, Maille.ARRONDISSEMENT_MUNICIPAL, Maille.COMMUNE_COM)
_AVEC_NOM_COMMUN = {
    Maille.IRIS: ("l'IRIS ", "de l'IRIS ", "dans l'IRIS "),
    Maille.ARRONDISSEMENT: ("l'arrondissement ", "de l'arrondissement ", "dans l'arrondissement "),
    Maille.EPT: ("l'établissement public ", "de l'établissement public ", "dans l'établissement public "),
}


class NomTerritoire(NamedTuple):
    """Trois façons de nommer un territoire : sujet, complément du nom, lieu."""

    territoire: str
    du_territoire: str
    a_territoire: str


def name_territoire(libelle: str, type_liaison: float | None, maille: Maille) -> NomTerritoire:
    """Nomme un territoire avec son article.

    Args:
        libelle: nom publié ; celui d'une commune porte déjà son article.
        type_liaison: type de liaison de l'Insee (TNCC) ; ``None`` ou ``nan`` si le nom n'en a pas.
        maille: niveau du territoire.
    """
    tncc = 0 if type_liaison is None or type_liaison != type_liaison else int(type_liaison)  # noqa: PLR0124 -- nan
    if maille is Maille.FRANCE:
        return NomTerritoire("la France", "de France", "en France")
    if maille in (Maille.EPCI, Maille.CANTON_VILLE):
        return _name_groupement(libelle, maille)
    if maille in _AVEC_NOM_COMMUN:
        seul, de, dans = _AVEC_NOM_COMMUN[maille]
        complement = _name_ville(libelle, tncc).du_territoire if maille is Maille.ARRONDISSEMENT else libelle
        if maille is Maille.IRIS:
            complement = _IRIS_NUMEROTE.sub(r"\2 (\1)", libelle)
        return NomTerritoire(seul + complement, de + complement, dans + complement)
    if maille in _VILLES_SEULES or libelle in _A_LIEU:
        return _name_ville(libelle, tncc)
    return _name_pays(libelle, tncc, maille)


def _name_ville(libelle: str, tncc: int) -> NomTerritoire:
    """Nom où l'article, s'il y en a un, fait partie du nom : « Le Port », « du Port », « au Port »."""
    if tncc in _CONTRACTIONS and " " in libelle:
        du, au = _CONTRACTIONS[tncc]
        reste = libelle.split(" ", 1)[1]
        return NomTerritoire(libelle, du + reste, au + reste)
    elide = tncc == 1 or (tncc == 0 and libelle[:1].lower() in _VOYELLES and not libelle.startswith("Y"))
    return NomTerritoire(libelle, ("d'" if elide else "de ") + libelle, f"à {libelle}")


def _name_pays(libelle: str, tncc: int, maille: Maille) -> NomTerritoire:
    """Nom de département ou de région : l'article est hors du nom."""
    article = _ARTICLES.get(tncc, "")
    de = _DU.get(tncc, "d'" if tncc == 1 else "de ")
    feminin_simple = maille is Maille.REGION or "-" in libelle or libelle in ("Guadeloupe", "Martinique", "Guyane")
    if tncc in (2, 4, 5) or (tncc == 3 and not feminin_simple):  # noqa: PLR2004 -- types de liaison
        return NomTerritoire(article + libelle, de + libelle, _DANS[tncc] + libelle)
    return NomTerritoire(article + libelle, de + libelle, f"en {libelle}")


def _name_groupement(libelle: str, maille: Maille) -> NomTerritoire:
    if libelle.startswith(_GROUPEMENTS):
        article = "l'" if libelle.startswith("Eurométropole") else "la "
        return NomTerritoire(article + libelle, f"de {article}{libelle}", f"dans {article}{libelle}")
    if maille is Maille.CANTON_VILLE and libelle.lower().startswith("canton"):
        nom = libelle[0].lower() + libelle[1:]
        return NomTerritoire(f"le {nom}", f"du {nom}", f"dans le {nom}")
    # « Bordeaux Métropole » et les cantons-villes se nomment comme une ville.
    return _name_ville(libelle, 0)
