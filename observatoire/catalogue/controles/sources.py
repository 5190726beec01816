"""Fiche d'une source : colonnes, réduction des lignes, livraisons et champ géographique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.catalogue.proches import find_proche
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
        for chemin, message in (*_fichier(fiche.objet), *_niveaux(fiche.objet), *_variables(fiche.objet)):
            yield fiche.document.faute(message, *chemin)
        for chemin, message, proche in _voisines(fiche.objet):
            yield fiche.document.faute(message, *chemin, proche=proche)


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


def _niveaux(source: Source) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Chaque niveau du producteur n'est déclaré qu'une fois, et une variable n'en cite pas d'autre."""
    declares = [source.maille]
    for rang, niveau in enumerate(source.niveaux):
        if niveau.maille in declares:
            message = f"« niveaux » : « {niveau.maille} » est déjà lu par cette source ; gardez-le une seule fois"
            yield ("niveaux", rang, "maille"), message
        declares.append(niveau.maille)
    for nom, variable in source.variables.items():
        for rang, maille in enumerate(variable.mailles):
            if maille not in declares:
                message = (
                    f"variable « {nom} » : la source ne lit pas le niveau « {maille} » ; déclarés : "
                    f"{', '.join(declares)} ; ajoutez-le à « niveaux » ou retirez-le"
                )
                yield ("variables", nom, "mailles", rang), message


_Voisine = tuple[tuple[str | int, ...], str]
"""Chemin d'un champ dans la fiche, et variable qu'il cite."""


def _voisines(source: Source) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    """Variables de la même source citées par un total, un plafond ou les contributeurs d'un montant."""
    for nom, variable in source.variables.items():
        for chemin, cite in _list_citees(variable):
            champ, ou = chemin[0], ("variables", nom, *chemin)
            if cite == nom:
                yield ou, f"variable « {nom} » : « {champ} » la renvoie à elle-même", None
            elif cite not in source.variables:
                message = f"variable « {nom} » : « {champ} » cite « {cite} », que cette source ne déclare pas"
                yield ou, message, find_proche(cite, source.variables)
        yield from _decoupages(nom, variable)


def _list_citees(variable: VariableSource) -> Iterator[_Voisine]:
    yield from ((("total_de",), partie) for partie in variable.total_de)
    for rang, parties in enumerate(variable.partitions):
        yield from ((("partitions", rang), partie) for partie in parties)
    for champ in ("au_plus", "contributeurs", "contributeur_max"):
        cite = getattr(variable, champ)
        if cite is not None:
            yield (champ,), cite


def _decoupages(nom: str, variable: VariableSource) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    """Un découpage ne compte pas deux fois la même part, et ne se répète pas."""
    connus: list[frozenset[str]] = []
    chemins: list[tuple[str | int, ...]] = [("total_de",)] if variable.total_de else []
    chemins += [("partitions", rang) for rang in range(len(variable.partitions))]
    for chemin, parties in zip(chemins, variable.decoupages, strict=True):
        ou = ("variables", nom, *chemin)
        deux_fois = next((p for p in parties if parties.count(p) > 1), None)
        if deux_fois is not None:
            yield (
                ou,
                f"variable « {nom} » : « {chemin[0]} » compte « {deux_fois} » deux fois ; gardez-la une fois",
                None,
            )
        if frozenset(parties) in connus:
            yield ou, f"variable « {nom} » : « {chemin[0]} » répète un découpage déjà donné ; retirez-le", None
        connus.append(frozenset(parties))


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
    if variable.moins_de is not None and (sans_colonne or variable.categorie or variable.recoder):
        yield f"variable « {nom} » : « moins_de » compare un nombre lu dans une colonne ; retirez-le"
    if variable.categorie and variable.recoder:
        yield f"variable « {nom} » : « categorie » garde le texte, « recoder » le change en nombre ; choisissez"
