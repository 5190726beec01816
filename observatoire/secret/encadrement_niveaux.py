"""Système d'une variable : ses niveaux, ce qui les compose, et les bornes que leurs totaux laissent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from observatoire.calculs.liens import Base, Lien
from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.propagation import JEU, Booleens, Bornes, Places, Sommes, tighten_sommes
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille
from observatoire.modeles.sources import RegleSecret
from observatoire.secret.encadrement_livrees import Liens, Livrees

_ATOMES = frozenset({Maille.IRIS, Maille.COMMUNE, Maille.DEPARTEMENT, Maille.REGION})
"""Niveaux de source qui servent eux-mêmes d'unités de composition ; les autres passent par leurs communes."""


@dataclass(frozen=True)
class Groupe:
    """Territoires d'un niveau pour une variable.

    Attributes:
        maille: niveau.
        officiel: chiffres du producteur à ce niveau ; sinon sommes de ses unités.
        codes: codes des territoires.
        masquees: nombre d'unités masquées de chaque territoire.
        depart: bornes sans aucun total.
        bornes: bornes sachant les totaux.
        fiable: la géographie livrée est celle que l'on montre : le niveau peut entrer dans un total.
    """

    maille: Maille
    officiel: bool
    codes: pd.Index
    masquees: Vecteur
    depart: Bornes
    bornes: Bornes
    fiable: bool = True


class Desaccords(NamedTuple):
    """Ce que les totaux ont de contradictoire ; rien de secret n'y est dit.

    Attributes:
        totaux: territoires (niveau, code) dont le total officiel est écarté.
        unites: unités où des variables de la source se contredisent.
        majorants: des totaux dépassent la somme de leurs parties, toutes connues.
        deductibles: cases masquées que les totaux publiés donneraient à l'unité près.
    """

    totaux: tuple[tuple[Maille, str], ...] = ()
    unites: int = 0
    majorants: bool = False
    deductibles: int = 0


class Encadrees(NamedTuple):
    """Bornes d'une variable à une période : un groupe par (niveau, officiel)."""

    groupes: dict[tuple[Maille, bool], Groupe]
    desaccords: Desaccords


def bound_variable(
    liens: Liens, variable: str, periode: str, mailles: frozenset[Maille], regle: RegleSecret | None
) -> Encadrees:
    """Encadre une variable à tous les niveaux voulus, d'après tout ce que son producteur en publie."""
    cle = ("variable", variable, periode, mailles, regle.id if regle else "")
    return liens.recall(cle, lambda: _bound_variable(liens, variable, periode, mailles, regle))


def _bound_variable(
    liens: Liens, variable: str, periode: str, mailles: frozenset[Maille], regle: RegleSecret | None
) -> Encadrees:
    source = liens.find_source(variable)
    atomes = _find_atomes(liens, source.maille)
    livrees = {m: liens.read(variable, periode, m, regle) for m in liens.list_niveaux(variable, periode)}
    lues = {m: livree for m, livree in livrees.items() if livree is not None}
    groupes: list[Groupe] = []
    base = lues.get(source.maille)
    if base is not None:
        # Nos sommes aux niveaux officiels relient leurs totaux aux niveaux plus larges.
        groupes += [_make(liens, base, m, atomes, officiel=False) for m in sorted({*mailles, *lues, atomes.maille})]
    groupes += [_make(liens, lu, m, atomes, officiel=True) for m, lu in sorted(lues.items()) if m is not source.maille]
    groupes = [g for g in groupes if len(g.codes)]
    unites = sum(lu.discordes for lu in lues.values())
    if not all(lu.comptees for lu in lues.values()) or not groupes:
        return Encadrees(_index(groupes), Desaccords(unites=unites))
    egale = liens.permits_egalite(variable, periode)
    resserres, desaccords = _tighten(liens, groupes, atomes, egale=egale)
    return Encadrees(_index(resserres), desaccords._replace(unites=unites))


def _index(groupes: list[Groupe]) -> dict[tuple[Maille, bool], Groupe]:
    return {(g.maille, g.officiel): g for g in groupes}


def _find_atomes(liens: Liens, maille: Maille) -> Base:
    referentiel = liens.moteur.referentiel
    choisie = maille if maille in _ATOMES else Maille.COMMUNE
    return Base(choisie, referentiel.cog_of(choisie))


def _make(liens: Liens, livrees: Livrees, maille: Maille, atomes: Base, *, officiel: bool) -> Groupe:
    """Somme les unités livrées vers un niveau ; une part d'unité vaut de zéro à l'unité entière."""
    lien = liens.find_lien(livrees.base, maille)
    if lien is None:
        vide = Bornes(np.zeros(0), np.zeros(0))
        return Groupe(maille, officiel, pd.Index([]), np.zeros(0), vide, vide)
    codes = _list_codes(liens, atomes, maille)
    depart, bornes = (_sum(lien, b) for b in (livrees.depart, livrees.bornes))
    masquees = lien.sum(livrees.secret[lien.base])
    fiable = _is_fiable(liens, livrees.base, maille)
    groupe = Groupe(maille, officiel, lien.codes_cible, masquees, depart, bornes, fiable)
    return groupe if codes is None else _realign(groupe, codes)


def _sum(lien: Lien, bornes: Bornes) -> Bornes:
    b = lien.base
    infinie = np.isinf(bornes.sup[b])
    # Un territoire sans aucune unité n'est pas un territoire où il n'y a personne.
    ouverte = lien.any(infinie) | (np.bincount(lien.cible, minlength=len(lien.codes_cible)) == 0)
    sup = lien.sum(np.where(infinie, 0.0, bornes.sup[b]))
    return Bornes(lien.sum(np.where(lien.entier, bornes.inf[b], 0.0)), np.where(ouverte, np.inf, sup))


def _realign(groupe: Groupe, codes: pd.Index) -> Groupe:
    """Range un groupe dans l'ordre de composition ; un territoire sans unité y est inconnu."""
    if groupe.codes.equals(codes):
        return groupe
    places = groupe.codes.get_indexer(codes)
    connu = places >= 0

    def take(bornes: Bornes) -> Bornes:
        return Bornes(np.where(connu, bornes.inf[places], 0.0), np.where(connu, bornes.sup[places], np.inf))

    masquees = np.where(connu, groupe.masquees[places], 0.0)
    return replace(groupe, codes=codes, masquees=masquees, depart=take(groupe.depart), bornes=take(groupe.bornes))


def _is_fiable(liens: Liens, base: Base, maille: Maille) -> bool:
    """Faux si l'on ne peut vérifier que les territoires livrés sont encore ceux que l'on montre."""
    referentiel = liens.moteur.referentiel
    if base.maille is not maille or maille not in MAILLES_DEPUIS_COMMUNE:
        return True
    if base.cog in {referentiel.cog, referentiel.cog_of(maille)}:
        return True
    return not referentiel.list_liens(Maille.COMMUNE, maille, base.cog).empty


class _Composition(NamedTuple):
    """Territoires d'un niveau, d'après les atomes qui les composent.

    ``parent`` : territoire où chaque atome est entier, -1 sinon. ``propre`` : fait d'atomes entiers.
    """

    codes: pd.Index
    parent: Places
    propre: Booleens


def _compose(liens: Liens, atomes: Base, maille: Maille) -> _Composition | None:
    return liens.recall(("composition", atomes, maille), lambda: _build_composition(liens, atomes, maille))


def _build_composition(liens: Liens, atomes: Base, maille: Maille) -> _Composition | None:
    univers = liens.moteur.rattacheur.univers(atomes)
    if maille is atomes.maille:
        return _Composition(univers, np.arange(len(univers)), np.ones(len(univers), dtype=bool))
    lien = liens.find_lien(atomes, maille)
    if lien is None:
        return None
    parent = np.full(len(univers), -1, dtype=np.intp)
    parent[lien.base[lien.entier]] = lien.cible[lien.entier]
    # Un atome entier dans deux territoires d'un même niveau : ils se chevauchent, aucun n'est une partition.
    doubles = np.bincount(lien.base[lien.entier], minlength=len(univers)) > 1
    impropres = lien.any(~lien.entier | doubles[lien.base])
    parent[doubles] = -1
    return _Composition(lien.codes_cible, parent, ~impropres)


def _list_codes(liens: Liens, atomes: Base, maille: Maille) -> pd.Index | None:
    composition = _compose(liens, atomes, maille)
    return None if composition is None else composition.codes


class _Emboitement(NamedTuple):
    """Parties entières de chaque territoire large, et territoires qu'elles couvrent en entier."""

    enfant: Places
    parent: Places
    couvert: Booleens


def _nest(liens: Liens, atomes: Base, fin: Maille, large: Maille) -> _Emboitement | None:
    a, b = _compose(liens, atomes, fin), _compose(liens, atomes, large)
    if a is None or b is None:
        return None
    return liens.recall(("emboitement", atomes, fin, large), lambda: _build_emboitement(a, b))


def _build_emboitement(fin: _Composition, large: _Composition) -> _Emboitement:
    places = np.flatnonzero(fin.parent >= 0)
    f, g = fin.parent[places], large.parent[places]
    bas = np.full(len(fin.codes), len(large.codes), dtype=np.intp)
    haut = np.full(len(fin.codes), -1, dtype=np.intp)
    np.minimum.at(bas, f, g)
    np.maximum.at(haut, f, g)
    enfant = np.flatnonzero((bas == haut) & (bas >= 0) & fin.propre)
    emboites = np.zeros(len(fin.codes), dtype=bool)
    emboites[enfant] = True
    dedans = (large.parent >= 0) & (fin.parent >= 0)
    dedans[dedans] = emboites[fin.parent[dedans]]
    total = np.bincount(large.parent[large.parent >= 0], minlength=len(large.codes))
    couverts = np.bincount(large.parent[dedans], minlength=len(large.codes))
    return _Emboitement(enfant, bas[enfant], (total == couverts) & (total > 0) & large.propre)


def _tighten(liens: Liens, groupes: list[Groupe], atomes: Base, *, egale: bool) -> tuple[list[Groupe], Desaccords]:
    debuts = np.cumsum([0, *(len(g.codes) for g in groupes)])
    # Sans chiffre officiel d'un autre niveau, nos sommes n'apprennent rien : elles sont déjà faites.
    officiels = any(g.officiel for g in groupes)
    sommes = _join(_list_sommes(liens, groupes, debuts, atomes, egale=egale) if officiels else [])
    depart = _concat([g.bornes for g in groupes])
    origine = _concat([g.depart for g in groupes])
    masquees = np.concatenate([g.masquees for g in groupes])
    majorants = _find_depassements(sommes, depart)
    if majorants:
        # Le producteur compte dans ses totaux ce qu'il n'a pas situé : ils ne font plus que majorer.
        sommes = Sommes(sommes.relation, sommes.enfant, sommes.parent, sommes.egale & sommes.sure, sommes.sure)
    resserrees = tighten_sommes(sommes, depart, exactes=masquees > 0)
    bornes, points = _blur(resserrees.bornes, origine, masquees)
    seules = np.concatenate([np.full(len(g.codes), g.officiel or g.maille is atomes.maille) for g in groupes])
    ecartes = [int(p) for p in np.unique(sommes.parent[resserrees.ecartees])]
    places = np.searchsorted(debuts, ecartes, side="right") - 1
    noms = tuple(
        (groupes[g].maille, str(groupes[g].codes[p - debuts[g]])) for p, g in zip(ecartes, places, strict=True)
    )
    rendus = [
        replace(g, bornes=Bornes(bornes.inf[d:f], bornes.sup[d:f]))
        for g, d, f in zip(groupes, debuts[:-1], debuts[1:], strict=True)
    ]
    return rendus, Desaccords(noms, majorants=majorants, deductibles=int((points & seules).sum()))


def _blur(bornes: Bornes, origine: Bornes, masquees: Vecteur) -> tuple[Bornes, Booleens]:
    """Rend flou ce que des soustractions diraient à l'unité près : le producteur l'a masqué.

    Une unité masquée seule reprend ses bornes d'origine ; une somme de plusieurs s'élargit d'une unité.

    Returns:
        Les bornes à dire, et les cases qu'une soustraction donnerait, alors qu'elles cachent quelqu'un.
    """
    nets = (masquees > 0) & (bornes.sup - bornes.inf < 1.0 - JEU) & (origine.sup - origine.inf >= 1.0 - JEU)
    seule = masquees <= 1
    bas = np.where(seule, origine.inf, np.maximum(origine.inf, bornes.inf - 1.0))
    haut = np.where(seule, origine.sup, np.minimum(origine.sup, bornes.sup + 1.0))
    # Un total nul, lui, ne cache personne.
    vides = np.isinf(origine.sup) & (bornes.sup <= origine.inf + JEU)
    return Bornes(np.where(nets, bas, bornes.inf), np.where(nets, haut, bornes.sup)), nets & seule & ~vides


def _concat(bornes: list[Bornes]) -> Bornes:
    return Bornes(np.concatenate([b.inf for b in bornes]), np.concatenate([b.sup for b in bornes]))


def _list_sommes(liens: Liens, groupes: list[Groupe], debuts: Places, atomes: Base, *, egale: bool) -> list[Sommes]:
    """Relations entre niveaux : sommes de nos atomes, puis totaux officiels de leurs parties."""
    sommes = []
    for large, debut_large in zip(groupes, debuts, strict=False):
        for fin, debut_fin in zip(groupes, debuts, strict=False):
            if not _relates(fin, large, atomes):
                continue
            emboitement = _nest(liens, atomes, fin.maille, large.maille)
            if emboitement is None or not len(emboitement.enfant):
                continue
            # Un total national compte, ou non, l'outre-mer : il ne fait que majorer.
            stricte = not large.officiel or (egale and large.maille is not Maille.FRANCE)
            presents, relation = np.unique(emboitement.parent, return_inverse=True)
            # Nos sommes ne sont vraies que complètes ; un total majore même une partie de ses parts.
            gardes = emboitement.couvert[presents] | large.officiel
            somme = Sommes(
                relation.astype(np.intp),
                emboitement.enfant + debut_fin,
                presents + debut_large,
                emboitement.couvert[presents] & stricte,
                np.full(len(presents), not large.officiel),
            )
            sommes.append(somme.keep(np.asarray(gardes, dtype=np.bool_)))
    return sommes


def _relates(fin: Groupe, large: Groupe, atomes: Base) -> bool:
    """Vrai si le premier groupe peut faire les parties du second."""
    if fin is large or not (fin.fiable and large.fiable):
        return False
    if fin.maille is large.maille:
        return large.officiel
    if fin.officiel and not large.officiel:
        return False
    return fin.maille is atomes.maille or len(fin.codes) > len(large.codes)


def _join(sommes: list[Sommes]) -> Sommes:
    vides = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=bool)
    if not sommes:
        return Sommes(vides[0], vides[0], vides[0], vides[1], vides[1])
    decalages = np.cumsum([0, *(len(s.parent) for s in sommes)])
    return Sommes(
        np.concatenate([s.relation + d for s, d in zip(sommes, decalages, strict=False)]),
        np.concatenate([s.enfant for s in sommes]),
        np.concatenate([s.parent for s in sommes]),
        np.concatenate([s.egale for s in sommes]),
        np.concatenate([s.sure for s in sommes]),
    )


def _find_depassements(sommes: Sommes, bornes: Bornes) -> bool:
    """Vrai si un total officiel dépasse sûrement la somme de ses parties, toutes connues."""
    douteuses = sommes.egale & ~sommes.sure
    if not douteuses.any():
        return False
    infinie = np.isinf(bornes.sup[sommes.enfant])
    nombre = len(sommes.parent)
    ouvertes = np.bincount(sommes.relation, weights=infinie, minlength=nombre) > 0
    somme = np.bincount(sommes.relation, weights=np.where(infinie, 0.0, bornes.sup[sommes.enfant]), minlength=nombre)
    return bool((douteuses & ~ouvertes & (bornes.inf[sommes.parent] > somme + JEU * (1.0 + somme))).any())
