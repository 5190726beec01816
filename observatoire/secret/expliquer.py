"""Expliquer : pourquoi une case est masquée, ce qu'on en déduit, ce qu'elle protège ; jamais sa valeur."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.secret.attaque import Attaque
from observatoire.secret.auditer import CLE_CASE, load_cases
from observatoire.secret.chantier import OCCULTE
from observatoire.secret.exigences import MARGE, Promesses, list_fautes
from observatoire.secret.primaire import COMPLEMENT, DIFFUSABLE, DOMINANCE, FREQUENCE, SECONDAIRE
from observatoire.secret.protections import rebuild
from observatoire.secret.systeme import Booleens, Etat, Systeme
from observatoire.store.socle import read_protections

Nommer = Callable[[str, str], str]
"""Nom d'un territoire, d'après son niveau et son code."""


class Demande(NamedTuple):
    """Nombre qu'emploie une case montrée, et son rôle (numérateur, dénominateur, poids)."""

    role: str
    variable: str
    periode: str
    maille: str
    code: str
    modalite: str = ""


@dataclass(frozen=True)
class Motif:
    """Ce que la porte a décidé d'un nombre exact.

    Attributes:
        role: numérateur, dénominateur ou poids.
        variable: variable mesurée.
        libelle: son nom.
        periode: période mesurée.
        masquee: vrai si elle n'est pas diffusée.
        code: A fréquence, B dominance, C complément, D voisine, V diffusable.
        texte: ce code, en clair.
        borne_inf: le moins qu'un lecteur puisse en croire ; ``None`` si elle est diffusée.
        borne_sup: le plus qu'il puisse en croire ; ``None`` : rien ne la borne.
        promesse: ce que la porte garantit, en clair ; vide si rien n'est promis d'elle-même.
        protegees: cases qu'elle protège, nommées ; la publier les ferait retrouver.
    """

    role: str
    variable: str
    libelle: str
    periode: str
    masquee: bool
    code: str
    texte: str
    borne_inf: float | None
    borne_sup: float | None
    promesse: str
    protegees: tuple[str, ...] = ()


def explain(
    espace: Espace, publication: str, catalogue: Catalogue, demandes: Sequence[Demande], name: Nommer
) -> tuple[Motif, ...]:
    """Motifs des nombres exacts qu'emploie une case montrée ; aucun si elle n'en emploie pas.

    Args:
        espace: espace qui porte le socle.
        publication: publication visée.
        catalogue: catalogue figé de cette publication.
        demandes: nombres employés.
        name: nom d'un territoire (niveau, code).

    Raises:
        PublicationError: le socle de cette publication n'est pas sur cette machine.
    """
    cases = load_cases(espace, publication, catalogue)
    if cases.empty:
        return ()
    relations = read_protections(espace, publication, "relations")
    motifs = []
    for demande in demandes:
        voulu = dict(zip(CLE_CASE, _sort_cle(demande), strict=True))
        siennes = cases[np.logical_and.reduce([cases[nom] == mot for nom, mot in voulu.items()])]
        for systeme in siennes.systeme.unique():
            dossier = _Dossier(
                cases[cases.systeme == systeme].sort_values("rang", ignore_index=True),
                relations[relations.systeme == systeme],
                catalogue,
                name,
            )
            rangs = siennes.rang[siennes.systeme == systeme]
            motifs += [dossier.explain(int(rang), demande.role) for rang in rangs]
    return tuple(motifs)


def _sort_cle(demande: Demande) -> tuple[str, ...]:
    return (demande.variable, demande.periode, demande.maille, demande.code, demande.modalite)


class _Dossier:
    """Un système gardé, et de quoi nommer ses cases."""

    def __init__(self, cases: pd.DataFrame, relations: pd.DataFrame, catalogue: Catalogue, name: Nommer) -> None:
        self._cases = cases
        self._catalogue = catalogue
        self._name = name
        self._systeme, self._masquees, self._promesses = rebuild(cases, relations)

    def explain(self, rang: int, role: str) -> Motif:
        """Motif d'une case."""
        case = self._cases.iloc[rang]
        masquee, code = bool(case.masquee), str(case.motif)
        voisine = masquee and code == SECONDAIRE
        protegees = tuple(self._describe(i) for i in self._find_protegees(rang)) if voisine else ()
        return Motif(
            role=role,
            variable=str(case.variable),
            libelle=self._label(str(case.variable)),
            periode=str(case.periode),
            masquee=masquee,
            code=code,
            texte=_tell_motif(code, int(case.seuil), seule=voisine and not protegees),
            borne_inf=_finite(np.ceil(case.borne_inf - MARGE)) if masquee else None,
            borne_sup=_finite(np.floor(case.borne_sup + MARGE)) if masquee else None,
            promesse=_tell_promesse(case.plafond) if masquee else "",
            protegees=protegees,
        )

    def _find_protegees(self, rang: int) -> list[int]:
        """Cases sensibles dont la promesse ne tiendrait plus si celle-ci était publiée."""
        ici, _place = Attaque(self._systeme, self._masquees).find_composante(rang)
        sans = self._masquees.copy()
        sans[rang] = False
        voisines = np.isin(np.arange(len(sans)), ici.cases) & _find_sensibles(self._systeme, self._promesses)
        promesses = self._promesses.keep(voisines)
        attaque = Attaque(self._systeme, sans)
        # La composante se scinde parfois en plusieurs une fois la case publiée.
        vues: set[int] = set()
        trouvees: set[int] = set()
        for case in np.flatnonzero(voisines & sans):
            if case in vues:
                continue
            composante, _place = attaque.find_composante(int(case))
            vues |= set(composante.cases.tolist())
            trouvees |= {faute.case for faute in list_fautes(composante, promesses)}
        return sorted(trouvees - {rang})

    def _describe(self, rang: int) -> str:
        """Nom d'une case : « Foyers au RSA, Ambléon (commune) »."""
        case = self._cases.iloc[rang]
        maille, code = str(case.maille), str(case.code_territoire)
        if maille == OCCULTE:
            maille, _, code = code.partition(":")
        return f"{self._label(str(case.variable))}, {self._name(maille, code)}"

    def _label(self, variable: str) -> str:
        """Libellé d'une variable ; « les autres que… » pour un complément."""
        nom, _, suite = variable.partition(" : ")
        declarees = {v: d.libelle for s in self._catalogue.sources.values() for v, d in s.variables.items()}
        libelle = declarees.get(nom, nom)
        return f"{suite} que « {libelle} »" if suite else libelle


def _find_sensibles(systeme: Systeme, promesses: Promesses) -> Booleens:
    """Cases que la règle protège pour elles-mêmes, compléments compris."""
    sensibles = systeme.etats == Etat.SENSIBLE
    return np.asarray(sensibles | ((systeme.etats == Etat.OCCULTE) & ~np.isnan(promesses.plafond)))


def _tell_motif(code: str, seuil: int, *, seule: bool) -> str:
    textes = {
        FREQUENCE: f"petit nombre, de 1 à {seuil - 1}" if seuil > 1 else "petit nombre",
        DOMINANCE: "un seul contributeur domine, ou ils sont trop peu",
        COMPLEMENT: "complément : tous sauf quelques-uns, ou tous, sont concernés",
        SECONDAIRE: "voisine de cases protégées, que l'on retrouverait si elle était publiée",
        DIFFUSABLE: "diffusable : la publier ne dévoile rien",
    }
    if seule:
        return "voisine de cases protégées : masquée avec d'autres, ou parce qu'elle l'était déjà"
    return textes.get(code, code)


def _tell_promesse(plafond: float) -> str:
    return "" if np.isnan(plafond) else f"un lecteur doit pouvoir croire à {plafond:g} au moins"


def _finite(valeur: float) -> float | None:
    return float(valeur) if np.isfinite(valeur) else None
