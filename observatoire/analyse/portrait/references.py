"""Références d'un portrait : les territoires plus larges auxquels comparer, possibles ou non."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from observatoire.analyse.articles import NomTerritoire, name_territoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portrait.modele import ChoixReference, TerritoireReference
from observatoire.analyse.voisinage import Lien
from observatoire.modeles.mailles import Maille

NIVEAUX = (Maille.COMMUNE, Maille.EPCI, Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE)
"""Niveaux de référence, du plus proche au plus large."""
NOMBRE = 2

_SIGLE = re.compile(r"\(([A-Z][A-Z0-9'-]{2,}(?: [A-Z0-9]+)*)\)$")
"""« CA Intercommunale de la Réunion Est (CIREST) » : le sigle que l'EPCI se donne lui-même."""
_SANS_ARTICLE = frozenset({"La Réunion", "Mayotte", "Paris"})
"""Régions et départements que l'on nomme comme une île ou une ville."""
_SOUS_COMMUNE = (Maille.IRIS, Maille.ARRONDISSEMENT_MUNICIPAL)
_HORS_CHAMP = (Maille.COMMUNE_COM, Maille.COLLECTIVITE_OUTREMER)
_PREFEREES = {
    Maille.IRIS: (Maille.COMMUNE, Maille.DEPARTEMENT, Maille.EPCI, Maille.FRANCE),
    Maille.ARRONDISSEMENT_MUNICIPAL: (Maille.COMMUNE, Maille.DEPARTEMENT, Maille.EPCI, Maille.FRANCE),
    Maille.COMMUNE: (Maille.EPCI, Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE),
    Maille.DEPARTEMENT: (Maille.REGION, Maille.FRANCE),
    Maille.REGION: (Maille.FRANCE,),
}
_PREFEREES_SINON = (Maille.DEPARTEMENT, Maille.FRANCE, Maille.REGION)
_LE = {
    Maille.IRIS: "l'IRIS",
    Maille.COMMUNE: "la commune",
    Maille.ARRONDISSEMENT_MUNICIPAL: "l'arrondissement",
    Maille.EPCI: "l'EPCI",
    Maille.DEPARTEMENT: "le département",
    Maille.REGION: "la région",
    Maille.FRANCE: "la France",
}


def list_choix(
    consultation: Consultation, maille: Maille, code: str, parents: Sequence[Lien]
) -> tuple[ChoixReference, ...]:
    """Références d'un territoire, de la plus proche à la plus large ; les impossibles disent pourquoi.

    Un territoire à cheval a un choix par département : « departement-01 ».
    """
    if maille is Maille.FRANCE or maille in _HORS_CHAMP:
        return ()
    choix: list[ChoixReference] = []
    precedents = [Lien(maille, code, "")]
    for niveau in _list_niveaux(maille):
        siens = [p for p in parents if p.maille is niveau]
        if not siens:
            choix.append(
                ChoixReference(str(niveau), niveau.libelle, f"aucun {niveau.libelle} ne contient ce territoire")
            )
        for parent in siens:
            cle = str(niveau) if len(siens) == 1 else f"{niveau}-{parent.code}"
            raison = _find_identique(consultation, parent, precedents)
            choix.append(ChoixReference(cle, _write_libelle(parent), raison, parent))
        precedents += siens
    return tuple(choix)


def choose_references(
    consultation: Consultation, maille: Maille, choix: Sequence[ChoixReference], demandees: Sequence[str]
) -> tuple[tuple[TerritoireReference, ...], tuple[str, ...]]:
    """Deux références au plus : celles demandées si elles sont possibles, sinon celles d'usage à ce niveau.

    Returns:
        Les références, et un message pour chaque demande qui n'a pas pu être suivie.
    """
    possibles = {c.cle: c for c in choix if not c.raison}
    refusees = [d for d in demandees if d and d not in possibles]
    messages = tuple(_write_refus(d, choix) for d in refusees)
    retenues: list[str] = []
    for demandee in (*demandees, *("" for _ in range(NOMBRE - len(demandees))))[:NOMBRE]:
        prises = {lien.maille for r in retenues if (lien := possibles[r].lien)}
        libres = [c for c in _order_preferees(maille, choix, prises) if c not in retenues and c not in demandees]
        if demandee in possibles and demandee not in retenues:
            retenues.append(demandee)
        elif libres:
            retenues.append(libres[0])
    return tuple(_make_reference(consultation, possibles[c]) for c in retenues), messages


def _list_niveaux(maille: Maille) -> list[Maille]:
    if maille in _SOUS_COMMUNE:
        return list(NIVEAUX)
    if maille in NIVEAUX:
        return list(NIVEAUX[NIVEAUX.index(maille) + 1 :])
    return [Maille.EPCI, *NIVEAUX[2:]] if maille is Maille.EPT else list(NIVEAUX[2:])


def _write_libelle(lien: Lien) -> str:
    return lien.libelle if lien.maille is Maille.FRANCE else f"{lien.libelle}, {lien.maille.libelle}"


def _find_identique(consultation: Consultation, parent: Lien, precedents: Sequence[Lien]) -> str:
    """« la commune est le département » quand le parent est le même territoire sous un autre nom.

    L'un est dans l'autre : la même population, non nulle, dit que c'est le même. Un IRIS n'a pas de
    population légale ; celui d'une commune non découpée se reconnaît à son code.
    """
    for precedent in precedents:
        if precedent.maille is Maille.IRIS:
            identique = parent.maille is Maille.COMMUNE and precedent.code == f"{parent.code}0000"
        else:
            la, ici = (consultation.territoires.find(t.maille, t.code).population for t in (parent, precedent))
            identique = bool(la == ici and la > 0)
        if identique:
            return f"{_LE.get(precedent.maille, precedent.maille.libelle)} est {_LE[parent.maille]}"
    return ""


def _order_preferees(maille: Maille, choix: Sequence[ChoixReference], prises: AbstractSet[Maille]) -> list[str]:
    """Clés possibles, celles d'usage à ce niveau d'abord ; un niveau déjà pris vient à la fin."""
    ordre = list(dict.fromkeys((*_PREFEREES.get(maille, _PREFEREES_SINON), *NIVEAUX)))
    possibles = [(c.lien.maille, c.cle) for c in choix if not c.raison and c.lien is not None]
    rangees = sorted(possibles, key=lambda p: (p[0] in prises, ordre.index(p[0])))
    return [cle for _, cle in rangees]


def _write_refus(demandee: str, choix: Sequence[ChoixReference]) -> str:
    connu = next((c for c in choix if c.cle == demandee), None)
    motif = connu.raison if connu else "ce n'est pas un niveau plus large de ce territoire"
    return f"La référence « {demandee} » ne peut pas être prise : {motif}. Celle d'usage la remplace."


def _make_reference(consultation: Consultation, choix: ChoixReference) -> TerritoireReference:
    lien = choix.lien
    if lien is None:
        msg = f"La référence « {choix.cle} » n'a pas de territoire."
        raise ValueError(msg)
    ligne = consultation.territoires.find(lien.maille, lien.code)
    nom = name_territoire(lien.libelle, ligne.type_liaison, lien.maille)
    sigle = _SIGLE.search(lien.libelle)
    court = sigle[1] if sigle else lien.libelle
    if sigle and nom.territoire.startswith("la "):
        nom = _name_feminin(court)
    elif nom.territoire == lien.libelle and lien.libelle not in _SANS_ARTICLE:
        nom = _name_sans_article(nom, lien)
    return TerritoireReference(choix.cle, lien.maille, lien.code, lien.libelle, court, nom)


def _name_sans_article(nom: NomTerritoire, lien: Lien) -> NomTerritoire:
    """« la région Bretagne », « le département d'Ille-et-Vilaine » : leur nom seul ne fait pas un sujet."""
    if lien.maille is Maille.REGION:
        return _name_feminin(f"région {lien.libelle}")
    if lien.maille is Maille.DEPARTEMENT:
        complement = nom.du_territoire
        return NomTerritoire(f"le département {complement}", f"du département {complement}", nom.a_territoire)
    return nom


def _name_feminin(nom: str) -> NomTerritoire:
    return NomTerritoire(f"la {nom}", f"de la {nom}", f"dans la {nom}")
