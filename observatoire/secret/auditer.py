"""Auditer : refaire la preuve d'une publication depuis le socle, sans rien croire de ce qui en a été conclu.

Les cases et les relations gardées remontent le système ; ses valeurs sont comparées au socle, le masque et les
promesses y sont éprouvés de nouveau, et ce que la publication disait pouvoir être déduit est comparé à ce qui
se déduit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.ingestion.relecture import load_variables
from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import BornesImpossiblesError
from observatoire.modeles.catalogue import Catalogue
from observatoire.secret.audit import audit
from observatoire.secret.chantier import OCCULTE
from observatoire.secret.exigences import MARGE
from observatoire.secret.protections import rebuild
from observatoire.secret.systeme import Booleens, Etat, Systeme, SystemeIncoherentError
from observatoire.store.publications import load_publication
from observatoire.store.socle import protections_dir, read_protections

DECIMALES = 6
"""Deux nombres égaux à tant de décimales sont le même."""
CLE_CASE = ["variable", "periode", "maille", "code_territoire", "modalite"]
"""Ce qui désigne un nombre ; ses variantes ne diffèrent que par les unités qu'il somme."""


@dataclass(frozen=True)
class AuditSysteme:
    """Preuve rejouée d'une source à une période ; aucune valeur.

    Attributes:
        source: source de convention.
        periode: période des effectifs.
        cases: nombres montrés ou masqués.
        masquees: ceux qui sont masqués.
        eprouvees: cases masquées que l'attaquant a encadrées, jamais montrées comprises.
        rejouees: programmes refaits en nombres entiers.
        fautes: promesses trahies, cases retrouvées, bornes plus serrées que dites, cases à masquer qui ne le sont
            pas, valeurs qui ne sont plus celles du socle.
        incoherence: pourquoi rien n'est prouvé ; vide si le système se tient.
    """

    source: str
    periode: str
    cases: int
    masquees: int
    eprouvees: int
    rejouees: int
    fautes: int
    incoherence: str = ""


def load_cases(espace: Espace, publication: str, catalogue: Catalogue) -> pd.DataFrame:
    """Cases gardées d'une publication ; vide si elle n'emploie aucun effectif exact.

    Raises:
        PublicationError: elle en emploie, mais ses protections ne sont pas sur cette machine.
    """
    cases = read_protections(espace, publication)
    if cases.empty and not protections_dir(espace, publication).is_dir() and _needs_secret(catalogue):
        msg = (
            f"Le socle de la publication « {publication} » n'est pas sur cette machine : sa preuve ne peut y être "
            "refaite. Faites-le là où elle a été construite."
        )
        raise PublicationError(msg)
    return cases


def _needs_secret(catalogue: Catalogue) -> bool:
    return any(catalogue.secrets[i.secret].mode == "C" for i in catalogue.indicateurs.values())


def count_systemes(espace: Espace, publication: str) -> int:
    """Nombre de systèmes à éprouver."""
    cases = read_protections(espace, publication)
    return int(cases.systeme.nunique()) if len(cases) else 0


def replay(
    espace: Espace, publication: str, catalogue: Catalogue, progression: Callable[[str], None]
) -> tuple[AuditSysteme, ...]:
    """Refait la preuve de chaque système d'une publication.

    Args:
        espace: espace qui porte le socle.
        publication: publication à éprouver.
        catalogue: catalogue figé de cette publication.
        progression: appelée à chaque système avec son nom.

    Raises:
        PublicationError: les protections de cette publication ne sont pas sur cette machine.
    """
    cases = load_cases(espace, publication, catalogue)
    if cases.empty:
        return ()
    relations = read_protections(espace, publication, "relations")
    vraies = _read_socle(espace, publication, set(cases.variable) & _list_variables(catalogue))
    audits = []
    for systeme in sorted(cases.systeme.unique()):
        siennes = cases[cases.systeme == systeme].sort_values("rang", ignore_index=True)
        progression(f"{siennes.source.iloc[0]}, {siennes.periode.iloc[0]}")
        bilan, fautives = _replay(siennes, relations[relations.systeme == systeme], catalogue)
        fautives |= _find_changees(siennes, vraies)
        audits.append(replace(bilan, fautes=max(bilan.fautes, int(fautives.sum()))))
    return tuple(audits)


def _list_variables(catalogue: Catalogue) -> set[str]:
    return {v for s in catalogue.sources.values() for v in s.variables}


def _read_socle(espace: Espace, publication: str, variables: set[str]) -> pd.Series:
    """Valeurs du socle qu'employait la publication, par variable, période et unité."""
    version = load_publication(espace, publication).versions.get("variables")
    lues = load_variables(espace, version=version, variables=variables)
    unites = lues.maille.astype(str) + ":" + lues.code_territoire.astype(str)
    cles = [lues[nom].astype(str) for nom in ("variable", "periode", "modalite")]
    return pd.Series(lues.valeur.to_numpy(dtype=float), index=pd.MultiIndex.from_arrays([*cles, unites]))


def _find_changees(cases: pd.DataFrame, vraies: pd.Series) -> Booleens:
    """Nombres d'une seule unité qui ne sont pas ceux du socle ; ce qui était déjà connu peut dater d'avant."""
    effectifs = cases.etat.isin([Etat.LIBRE, Etat.SENSIBLE]) & (cases.unite != "") & (cases.maille != OCCULTE)
    cles = pd.MultiIndex.from_frame(cases[["variable", "periode", "modalite", "unite"]].astype(str))
    dites = pd.MultiIndex.from_arrays([cles, cases.valeur.round(DECIMALES)])
    connues = pd.MultiIndex.from_arrays([vraies.index, vraies.round(DECIMALES)])
    return np.asarray(effectifs & cles.isin(vraies.index) & ~dites.isin(connues))


def _replay(cases: pd.DataFrame, relations: pd.DataFrame, catalogue: Catalogue) -> tuple[AuditSysteme, Booleens]:
    """Preuve d'un système, et ses cases fautives."""
    systeme, masquees, promesses = rebuild(cases, relations)
    montrees = (cases.maille != OCCULTE).to_numpy()
    fautives = np.zeros(len(systeme), dtype=bool)
    bilan = AuditSysteme(
        source=str(cases.source.iloc[0]),
        periode=str(cases.periode.iloc[0]),
        cases=int(montrees.sum()),
        masquees=int((masquees & montrees).sum()),
        eprouvees=int(masquees.sum()),
        rejouees=0,
        fautes=0,
    )
    try:
        systeme.check()
        resultat = audit(systeme, masquees, promesses)
    except (SystemeIncoherentError, BornesImpossiblesError):
        # Le message d'origine cite un écart entre deux nombres exacts : il ne sort pas d'ici.
        texte = "les cases gardées ne vérifient plus leurs relations : rien n'y est prouvé"
        return replace(bilan, fautes=1, incoherence=texte), fautives
    fautives[resultat.trahies] = True
    fautives[resultat.retrouvees] = True
    fautives |= _find_serrees(cases, masquees, resultat.bas, resultat.haut)
    fautives |= _find_oubliees(systeme, cases, masquees, _find_effectifs(cases, catalogue))
    return replace(bilan, rejouees=resultat.rejouees), fautives


def _find_serrees(cases: pd.DataFrame, masquees: Booleens, bas: Vecteur, haut: Vecteur) -> Booleens:
    """Cases dont un lecteur déduit plus que la publication ne le disait."""
    dites_bas, dites_haut = cases.borne_inf.to_numpy(dtype=float), cases.borne_sup.to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        return np.asarray(masquees & ((bas > dites_bas + MARGE) | (haut < dites_haut - MARGE)))


def _find_effectifs(cases: pd.DataFrame, catalogue: Catalogue) -> Booleens:
    """Cases qui comptent des unités : le seuil ne dit rien d'un montant."""
    montants = {v for s in catalogue.sources.values() for v, d in s.variables.items() if d.contributeurs}
    return np.asarray(~cases.variable.isin(montants) & ~cases.variable.str.contains(" × ", regex=False))


def _find_oubliees(systeme: Systeme, cases: pd.DataFrame, masquees: Booleens, effectifs: Booleens) -> Booleens:
    """Cases qui devaient être masquées et ne le sont pas : sensibles, ou petites sans être déjà connues de tous."""
    valeurs, seuils = systeme.valeurs, cases.seuil.to_numpy(dtype=float)
    petites = effectifs & (valeurs > 0) & (valeurs < seuils) & (systeme.etats != Etat.PUBLIEE)
    return np.asarray((systeme.toujours_cachees | petites) & ~masquees)


def find_montrees(espace: Espace, publication: str, nombres: pd.DataFrame) -> Booleens:
    """Nombres montrés que la publication n'avait pas le droit de montrer.

    Args:
        espace: espace qui porte le socle.
        publication: publication éprouvée.
        nombres: ``CLE_CASE`` et ``nombre``, tels que la diffusion les montre.

    Returns:
        Vrai là où le nombre n'est celui d'aucune case diffusable, alors que sa clé est celle d'effectifs exacts.
    """
    cases = read_protections(espace, publication)
    connues = _index(cases[CLE_CASE])
    permises = cases[~cases.masquee.astype(bool)]
    lisibles = _index(permises[CLE_CASE].assign(nombre=permises.valeur.round(DECIMALES)))
    voulues = _index(nombres[CLE_CASE].assign(nombre=nombres.nombre.astype(float).round(DECIMALES)))
    chiffres = nombres.nombre.notna().to_numpy()
    return np.asarray(chiffres & _index(nombres[CLE_CASE]).isin(connues) & ~voulues.isin(lisibles))


def _index(table: pd.DataFrame) -> pd.MultiIndex:
    textes = {nom: table[nom].astype(str) for nom in CLE_CASE}
    return pd.MultiIndex.from_frame(table.assign(**textes))
