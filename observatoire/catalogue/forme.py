"""Forme d'une fiche : le modèle Pydantic la vérifie, chaque erreur devient une faute en français."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Fiche
from observatoire.catalogue.proches import find_proche
from observatoire.catalogue.yaml_strict import Document

M = TypeVar("M", bound=BaseModel)

_ORDRE = "attendu : une liste, un élément par ligne précédé de « - », ou entre crochets"
_PHRASES = {
    "int_parsing": "attendu : un nombre entier",
    "int_type": "attendu : un nombre entier",
    "int_from_float": "attendu : un nombre entier",
    "float_parsing": "attendu : un nombre, avec un point pour la décimale (0.05)",
    "float_type": "attendu : un nombre, avec un point pour la décimale (0.05)",
    "bool_parsing": "attendu : true (vrai) ou false (faux)",
    "string_type": "attendu : un texte",
    "tuple_type": _ORDRE,
    "list_type": _ORDRE,
    "dict_type": "attendu : un tableau de clés et de valeurs",
    "model_type": "attendu : un tableau de clés et de valeurs",
    "string_pattern_mismatch": (
        "attendu : des minuscules sans accent, chiffres et « _ », en commençant par une lettre"
    ),
    "greater_than_equal": "la plus petite valeur permise est {ge}",
    "less_than_equal": "la plus grande valeur permise est {le}",
    "greater_than": "la valeur doit dépasser {gt}",
    "string_too_short": "texte trop court, il faut au moins {min_length} caractères",
    "string_too_long": "texte trop long, il faut au plus {max_length} caractères",
    "too_short": "liste trop courte, il faut au moins {min_length} élément(s)",
}


def build_fiche(
    modele: type[M],
    identifiant: str,
    brut: Any,  # noqa: ANN401 -- ce que le YAML contient, quel qu'il soit
    document: Document,
    prefixe: tuple[str, ...] = (),
) -> tuple[Fiche[M], list[Faute]]:
    """Construit une fiche, et rend ses fautes de forme.

    Args:
        modele: modèle attendu.
        identifiant: nom de la fiche ; il n'est jamais écrit dedans.
        brut: données lues.
        document: document d'où elles viennent.
        prefixe: chemin de la fiche dans ce document.
    """
    if not isinstance(brut, dict):
        vide = Fiche[M](identifiant, document, {}, None, prefixe)
        quoi = "fiche vide" if brut in (None, "") else "fiche mal formée"
        return vide, [document.faute(f"{quoi} : attendu, une clé par ligne (libelle, …)", *prefixe)]
    fautes = []
    if "id" in brut:
        message = f"clé « id » inutile : l'identifiant est « {identifiant} » ; retirez la ligne"
        fautes.append(document.faute(message, *prefixe, "id"))
    donnees = {**brut, "id": identifiant}
    try:
        objet: M | None = modele.model_validate(donnees)
    except ValidationError as erreur:
        objet = None
        fautes += [_translate(detail, modele, document, prefixe) for detail in erreur.errors()]
    return Fiche(identifiant, document, brut, objet, prefixe), fautes


def _translate(detail: ErrorDetails, modele: type[BaseModel], document: Document, prefixe: tuple[str, ...]) -> Faute:
    """Écrit une erreur de Pydantic en français, à sa ligne, avec le mot valide le plus proche."""
    # « [key] » est ajouté par Pydantic quand c'est une clé de dictionnaire qui est refusée.
    chemin = (*prefixe, *(pas for pas in detail["loc"] if pas != "[key]"))
    cle = ".".join(str(pas) for pas in chemin[len(prefixe) :])
    genre, contexte = detail["type"], detail.get("ctx", {})
    if genre == "missing":
        return document.faute(f"champ obligatoire absent : « {cle} » ; ajoutez-le", *chemin[:-1])
    if genre == "extra_forbidden":
        valides = _fields_at(modele, detail["loc"][:-1])
        proche = find_proche(str(chemin[-1]), valides)
        suite = "" if proche else f" ; clés permises : {', '.join(sorted(valides))}"
        return document.faute(f"clé inconnue « {chemin[-1]} »{suite}", *chemin, proche=proche)
    if genre == "enum":
        permis = [mot.strip(" '") for mot in str(contexte["expected"]).replace(" or ", ",").split(",")]
        proche = find_proche(str(detail["input"]), permis)
        suite = "" if proche else f" ; valeurs permises : {', '.join(permis)}"
        return document.faute(f"« {cle} » : valeur inconnue « {detail['input']} »{suite}", *chemin, proche=proche)
    phrase = _PHRASES.get(genre, detail["msg"]).format_map({k: _plain(v) for k, v in contexte.items()})
    lu = f" ; lu : « {detail['input']} »" if isinstance(detail["input"], str) else ""
    return document.faute(f"« {cle} » : {phrase}{lu}", *chemin)


def _plain(valeur: Any) -> str:  # noqa: ANN401 -- bornes de tout type, mises en texte
    return f"{valeur:g}" if isinstance(valeur, float) else str(valeur)


def _fields_at(modele: type[BaseModel], chemin: tuple[str | int, ...]) -> set[str]:
    """Clés permises à un endroit de la fiche, en suivant les modèles emboîtés."""
    courant: type[BaseModel] = modele
    for pas in chemin:
        champ = courant.model_fields.get(str(pas))
        emboite = _nested(champ.annotation) if champ else None
        courant = emboite or courant
    return set(courant.model_fields) - {"id"}


def _nested(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- une annotation de type
    """Modèle contenu dans une annotation (``tuple[Controle, ...]``, ``dict[str, X]``, ``X | None``)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for partie in getattr(annotation, "__args__", ()):
        trouve = _nested(partie)
        if trouve is not None:
            return trouve
    return None


def build_fiches(modele: type[M], document: Document) -> tuple[Mapping[str, Fiche[M]], list[Faute]]:
    """Construit les fiches d'un fichier commun (``_themes.yaml``) : une par clé de premier niveau."""
    fiches: dict[str, Fiche[M]] = {}
    fautes: list[Faute] = []
    if document.donnees is None:
        return fiches, fautes
    if not isinstance(document.donnees, dict):
        return fiches, [document.faute("attendu : un identifiant par clé de premier niveau")]
    for identifiant, brut in document.donnees.items():
        fiche, siennes = build_fiche(modele, identifiant, brut, document, (identifiant,))
        fiches[identifiant] = fiche
        fautes += siennes
    return fiches, fautes
