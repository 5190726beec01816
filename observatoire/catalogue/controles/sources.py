"""Fiche d'une source : colonnes, réduction des lignes, livraisons et champ géographique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import AGREGATS_SANS_COLONNE, Agregat, Source, VariableSource

_DEPARTEMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6]")
_NON_ADDITIFS = frozenset({Agregat.MAXIMUM, Agregat.PRESENCE})
_MAILLES_A_RATTACHER = frozenset({Maille.CARREAU, Maille.RECTANGLE})


def check_sources(brouillon: Brouillon) -> Iterator[Faute]:
    """Chaque source dit où lire, comment réduire les lignes, et quels départements elle couvre."""
    for fiche in brouillon.sources.values():
        if fiche.objet is None:
            continue
        for chemin, message in (*_fichier(fiche.objet), *_variables(fiche.objet)):
            yield fiche.document.faute(message, *chemin)


def _fichier(source: Source) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for rang, code in enumerate(source.departements):
        if not _DEPARTEMENT.fullmatch(code):
            message = f"« departements » : « {code} » n'est pas un code de département (01, 2A, 974)"
            yield ("departements", rang), message
    periodes = [livraison.periode for livraison in source.livraisons]
    for rang, periode in enumerate(periodes):
        if periode in periodes[:rang]:
            message = f"« livraisons » : la période « {periode} » a déjà un fichier ; gardez-en un seul"
            yield ("livraisons", rang), message
    if source.maille in _MAILLES_A_RATTACHER and source.rattachement is None:
        yield (
            ("maille",),
            f"« rattachement » manque : au niveau « {source.maille} », il faut une table de passage vers les communes",
        )


def _variables(source: Source) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for nom, variable in source.variables.items():
        for message in _variable(nom, variable):
            yield ("variables", nom), message


def _variable(nom: str, variable: VariableSource) -> Iterator[str]:
    sans_colonne = variable.agregat in AGREGATS_SANS_COLONNE
    if not sans_colonne and variable.colonne is None:
        yield f"variable « {nom} » : il manque « colonne », le nom de la colonne à lire"
    if sans_colonne and variable.colonne is not None:
        yield f"variable « {nom} » : « agregat: {variable.agregat} » compte des lignes ; retirez « colonne »"
    if variable.agregat in _NON_ADDITIFS and variable.additive:
        yield f"variable « {nom} » : « agregat: {variable.agregat} » ne s'additionne pas ; écrivez « additive: false »"
    if variable.categorie and variable.recoder:
        yield f"variable « {nom} » : « categorie » garde le texte, « recoder » le change en nombre ; choisissez"
