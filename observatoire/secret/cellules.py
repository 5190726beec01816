"""Cellules : le système complet d'une source à une période, prêt à être protégé.

Cases du système : les rangées publiées, les unités qui ne le sont pas, les compléments (« les autres »), les
restes que le producteur ne localise pas. Relations : les niveaux, les modalités, les sommes déclarées entre
variables, et ce que d'autres publications ont déjà dit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from observatoire.calculs.moteur import Moteur
from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.sources import Source
from observatoire.secret.assemblage import Assemblage, Passees, Rangs, assemble
from observatoire.secret.chantier import Chantier, table_occultes
from observatoire.secret.complements import relate_complements
from observatoire.secret.liaisons import Registre, relate_officiels, relate_variables, relate_versions
from observatoire.secret.primaire import (
    DIFFUSABLE,
    SECONDAIRE,
    Exigences,
    Regle,
    classify_effectifs,
    classify_montants,
    promise_occultes,
)
from observatoire.secret.rangees import COLONNES, Somme, read_valeurs
from observatoire.secret.relations import cover
from observatoire.secret.systeme import Booleens, Etat, Systeme

COUT_ZERO = 100.0
"""Taire un zéro coûte autant que taire un tel effectif : on ne le fait qu'à défaut d'autre chose."""


@dataclass(frozen=True)
class Cellules:
    """Système d'une source à une période, et ce que chaque case est.

    Attributes:
        source: source de convention.
        periode: période des effectifs.
        table: une ligne par case : ``COLONNES``, ``valeur``, ``unite`` (atome), ``motif``, ``seuil``,
            ``courante`` (faux : version qu'une autre publication a montrée).
        systeme: cases et relations.
        liens: chiffres montrés : ``indicateur, maille, code_territoire, periode, modalite, role, case``.
        compositions: unités de chaque rangée : ``maille, code_territoire, variante, unites``.
    """

    source: str
    periode: str
    table: pd.DataFrame
    systeme: Systeme
    liens: pd.DataFrame
    compositions: pd.DataFrame


def build_cellules(
    moteur: Moteur,
    source: Source,
    periode: str,
    sommes: Sequence[Somme],
    regles: dict[str, Regle],
    passees: Passees | None = None,
) -> Cellules:
    """Assemble le système d'une source à une période.

    Args:
        moteur: moteur de calcul.
        source: source de convention.
        periode: période des effectifs.
        sommes: tout ce que les indicateurs en montrent.
        regles: règle de chaque variable.
        passees: ce qui en a déjà été diffusé.
    """
    assemblage = assemble(sommes, passees)
    seuil = max(r.seuil for r in regles.values())
    chantier = Chantier()
    exigences = _classify(moteur, source, assemblage, regles)
    rangs = chantier.add(_list_rangees(assemblage, exigences, passees))
    atomes = _add_atomes(chantier, assemblage, rangs, seuil, passees.promesses if passees else None)
    _relate_niveaux(chantier, assemblage, rangs, atomes)
    registre = Registre(chantier, assemblage, atomes, periode, seuil)
    relate_variables(registre, moteur, source)
    relate_versions(registre, source, passees.versions if passees else ())
    relate_officiels(registre, moteur)
    liens = assemblage.liens.rename(columns={"rangee": "case"})
    relate_complements(chantier, sommes, liens, regles)
    table = chantier.build_table()
    table["seuil"] = table.variable.map({v: r.seuil for v, r in regles.items()}).fillna(0).astype(int)
    return Cellules(
        source=source.id,
        periode=periode,
        table=table[[*COLONNES, "valeur", "unite", "motif", "seuil", "courante"]],
        systeme=_build_systeme(chantier, table),
        liens=liens,
        compositions=_list_compositions(assemblage),
    )


def _classify(moteur: Moteur, source: Source, a: Assemblage, regles: dict[str, Regle]) -> Exigences:
    """Secret primaire de chaque rangée, variable par variable."""
    nombre = len(a.rangees)
    tout = Exigences(
        np.zeros(nombre, dtype=np.int8), np.full(nombre, DIFFUSABLE, dtype=object), np.zeros(nombre),
        np.full(nombre, np.nan), np.full(nombre, np.nan),
    )  # fmt: skip
    for variable, groupe in a.rangees.groupby("variable", sort=False):
        rangs = groupe.index.to_numpy()
        valeurs = groupe.valeur.to_numpy(dtype=float)
        exigences = _classify_variable(moteur, source, a, str(variable), rangs, valeurs, regles[str(variable)])
        for champ in ("etats", "motifs", "inf", "plafond", "plancher"):
            getattr(tout, champ)[rangs] = getattr(exigences, champ)
    return tout


def _classify_variable(
    moteur: Moteur, source: Source, a: Assemblage, variable: str, rangs: Rangs, valeurs: Vecteur, regle: Regle
) -> Exigences:
    premiere, _, poids = variable.partition(" × ")
    declaree = source.variables.get(premiere)
    compte = (declaree.contributeurs if declaree else None) or poids
    if not compte:
        return classify_effectifs(valeurs, regle)
    contributeurs = _sum_autre(moteur, a, rangs, compte, np.add)
    gros = declaree.contributeur_max if declaree and not poids else None
    plus_gros = _sum_autre(moteur, a, rangs, gros, np.maximum) if gros else None
    return classify_montants(valeurs, contributeurs, plus_gros, regle)


def _sum_autre(moteur: Moteur, a: Assemblage, rangs: Rangs, variable: str, reduction: np.ufunc) -> Vecteur:
    """Une autre variable, réduite sur les mêmes unités ; inconnue : zéro contributeur n'est pas supposé."""
    sous = a.matrice[rangs]
    periode = str(a.rangees.periode.iloc[rangs[0]])
    if periode not in moteur.list_periodes(variable):
        return np.ones(len(rangs))
    bloc = moteur.read_bloc(variable, periode)
    univers, valeurs = read_valeurs(moteur, bloc, "")
    codes = pd.Index([f"{bloc.base.maille}:{code}" for code in univers])
    places = codes.get_indexer(pd.Index(a.atomes.unite))
    connues = np.where(places >= 0, np.nan_to_num(valeurs, nan=1.0)[places], 1.0)
    return np.asarray(reduction.reduceat(connues[sous.indices], sous.indptr[:-1]), dtype=np.float64)


def _table_rangees(a: Assemblage, e: Exigences) -> pd.DataFrame:
    arrondie = a.rangees.inf.notna().to_numpy()
    connue = a.rangees.connue.to_numpy(dtype=bool)
    etats = np.where(connue, Etat.PUBLIEE, np.where(arrondie, Etat.OCCULTE, e.etats)).astype(np.int8)
    seule = np.diff(a.matrice.indptr) == 1
    unites = np.full(len(a.rangees), "", dtype=object)
    premiers = a.matrice.indices[a.matrice.indptr[:-1]]
    unites[seule] = a.atomes.unite.to_numpy(dtype=object)[premiers[seule]]
    return a.rangees[[*COLONNES, "valeur"]].assign(
        inf=np.where(arrondie, a.rangees.inf, e.inf),
        sup=np.where(arrondie, a.rangees["sup"], np.inf),
        etat=etats,
        plafond=np.where(arrondie, a.rangees.plafond, np.where(connue, np.nan, e.plafond)),
        plancher=np.where(arrondie, a.rangees.plancher, np.where(connue, np.nan, e.plancher)),
        motif=e.motifs,
        unite=unites,
        courante=a.rangees.courante.to_numpy(dtype=bool),
        connue=connue,
        seuil=0,
    )


def _list_rangees(a: Assemblage, e: Exigences, passees: Passees | None) -> pd.DataFrame:
    """Rangées, compte tenu de ce que d'autres publications en ont dit."""
    rangees = _table_rangees(a, e)
    if passees is None or passees.table.empty:
        return rangees
    return _keep_masquees(_free_zeros(rangees, np.diff(a.matrice.indptr) > 1), passees)


def _free_zeros(rangees: pd.DataFrame, agregees: Booleens) -> pd.DataFrame:
    """Un zéro neuf de plusieurs unités peut se taire : il fixerait d'un coup des unités que rien n'a montrées.

    Chacun sait donc que, dans une publication reprise, un agrégat masqué peut être nul.
    """
    neufs = agregees & (rangees.valeur == 0).to_numpy() & (rangees.etat == Etat.PUBLIEE).to_numpy()
    neufs &= rangees.courante.to_numpy() & ~rangees.connue.to_numpy()
    baisses = agregees & rangees.courante.to_numpy() & rangees.inf.le(1.0).to_numpy()
    return rangees.assign(
        etat=np.where(neufs, np.int8(Etat.LIBRE), rangees.etat).astype(np.int8),
        inf=np.where(baisses, 0.0, rangees.inf),
    )


def _keep_masquees(rangees: pd.DataFrame, passees: Passees) -> pd.DataFrame:
    """Une case masquée dans une autre publication, et qui n'a pas changé, le reste : la montrer rouvrirait celle-là."""
    if passees.masquees.empty:
        return rangees
    cle = [*COLONNES, "valeur"]
    places = pd.MultiIndex.from_frame(passees.masquees[cle]).get_indexer(pd.MultiIndex.from_frame(rangees[cle]))
    masquees = (places >= 0) & (rangees.etat != Etat.PUBLIEE).to_numpy()
    gardees = masquees & (rangees.etat == Etat.LIBRE).to_numpy()
    inf = passees.masquees.inf.to_numpy(dtype=float)[places]
    return rangees.assign(
        etat=np.where(gardees, np.int8(Etat.SENSIBLE), rangees.etat).astype(np.int8),
        motif=np.where(gardees, SECONDAIRE, rangees.motif),
        inf=np.where(masquees, np.fmax(rangees.inf, inf), rangees.inf),
    )


def _add_atomes(chantier: Chantier, a: Assemblage, rangs: Rangs, seuil: int, promesses: pd.DataFrame | None) -> Rangs:
    """Case de chaque atome : la rangée qui le montre seul, sinon une case jamais montrée."""
    seules = np.flatnonzero(np.diff(a.matrice.indptr) == 1)
    atomes = np.full(len(a.atomes), -1, dtype=np.intp)
    # La première rangée qui le montre seul : sa propre maille, ou la version la plus récente.
    ordre = seules[::-1]
    atomes[a.matrice.indices[a.matrice.indptr[ordre]]] = rangs[ordre]
    caches = np.flatnonzero(atomes < 0)
    occultes = table_occultes(a.atomes.iloc[caches], str(a.rangees.periode.iloc[0]))
    effectifs = (~occultes.variable.str.contains(" × ", regex=False)).to_numpy()
    plafond, plancher = promise_occultes(occultes.valeur.to_numpy(dtype=float), seuil)
    occultes = occultes.assign(
        plafond=np.where(effectifs, plafond, np.nan), plancher=np.where(effectifs, plancher, np.nan)
    )
    if promesses is not None and len(promesses):
        # Un effectif rectifié depuis reste celui de quelqu'un : l'ancienne promesse vaut toujours.
        cle = ["variable", "modalite", "unite", "valeur"]
        occultes = occultes.merge(promesses, on=cle, how="left", suffixes=("", "_passe"))
        for nom in ("plafond", "plancher"):
            occultes[nom] = occultes[nom].fillna(occultes.pop(f"{nom}_passe"))
        # Montrée masquée, une case valait au moins 1 : chacun le sait encore.
        occultes["inf"] = np.fmax(occultes.inf, occultes.pop("inf_passe"))
    atomes[caches] = chantier.add(occultes)
    return atomes


def _relate_niveaux(chantier: Chantier, a: Assemblage, rangs: Rangs, atomes: Rangs) -> None:
    """Chaque rangée vaut la somme de ses parts ; une version par variable et modalité."""
    hauts, bas, reste_hauts, reste_atomes = cover(a.matrice)
    parties = np.concatenate([rangs[bas], atomes[reste_atomes]])
    tous = np.concatenate([hauts, reste_hauts])
    # Une rangée d'un seul atome dont elle est elle-même la case ne dit rien.
    propre = parties == rangs[tous]
    tous, parties = tous[~propre], parties[~propre]
    totaux, groupes = np.unique(tous, return_inverse=True)
    chantier.relations.add_sommes(rangs[totaux], parties, groupes.astype(np.intp))


def _build_systeme(chantier: Chantier, table: pd.DataFrame) -> Systeme:
    valeurs = table.valeur.to_numpy(dtype=float)
    return Systeme(
        valeurs=valeurs,
        inf=table.inf.to_numpy(dtype=float),
        sup=table["sup"].to_numpy(dtype=float),
        relations=chantier.relations.build(len(table)),
        etats=table.etat.to_numpy(dtype=np.int8),
        couts=np.log1p(np.where((valeurs == 0) & (table.etat == Etat.LIBRE), COUT_ZERO, valeurs)),
        plafond=table.plafond.to_numpy(dtype=float),
        plancher=table.plancher.to_numpy(dtype=float),
        entieres=np.asarray(np.abs(valeurs - np.round(valeurs)) < 1e-9),  # noqa: PLR2004 -- un nombre entier
    )


def _list_compositions(a: Assemblage) -> pd.DataFrame:
    """Unités de chaque rangée, une fois par territoire et variante."""
    cles = a.rangees[["maille", "code_territoire", "variante"]]
    premieres = np.flatnonzero(~cles.duplicated().to_numpy())
    sous = sparse.csr_matrix(a.matrice[premieres])
    unites = a.atomes.unite.to_numpy(dtype=object)
    listes = [list(unites[x]) for x in np.split(sous.indices, sous.indptr[1:-1])]
    gardees = cles.iloc[premieres]
    return gardees.assign(unites=pd.Series(listes, index=gardees.index)).reset_index(drop=True)
