"""Protections : ce que le socle garde d'une publication pour prouver, expliquer et ne jamais contredire.

``cases`` : une ligne par case de chaque système : ``systeme, rang, source, variable, periode, modalite, maille,
code_territoire, variante, unite, valeur, etat, motif, seuil, masquee, montree, seule, courante, borne_inf, borne_sup,
plancher, plafond, inf, sup, cout, entiere`` (``montree`` : vrai si un chiffre la dit ; un taux dont l'autre terme est
masqué ne dit rien ; ``seule`` : vrai si un chiffre n'est fait que d'elle, masqué ou non ; ``courante`` : faux pour ce
que montrait une autre publication). ``relations`` : ``systeme, relation, rang, coefficient``. ``compositions`` : unités
de chaque chiffre montré. Tout y est exact : rien de cela ne quitte le socle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

from observatoire.config import Espace
from observatoire.secret.assemblage import Passees
from observatoire.secret.attaque import Indices
from observatoire.secret.cellules import Cellules
from observatoire.secret.chantier import OCCULTE
from observatoire.secret.exigences import Promesses
from observatoire.secret.preuve import Preuve
from observatoire.secret.primaire import DIFFUSABLE, SECONDAIRE
from observatoire.secret.rangees import COLONNES
from observatoire.secret.systeme import Etat, Systeme
from observatoire.store.publications import list_publications
from observatoire.store.socle import list_protections, read_protections, write_protections

ATOME = ["variable", "modalite", "unite"]


@dataclass(frozen=True)
class Protection:
    """Système d'une source à une période, masqué et prouvé.

    Attributes:
        cellules: cases et relations.
        preuve: masque, et son audit.
        duree_s: temps passé.
        montrees: rangs des cases qu'un chiffre dit vraiment.
        seules: rangs de celles dont un chiffre est fait, sans autre terme : masquée, chacun sait que c'est elle.
    """

    cellules: Cellules
    preuve: Preuve
    duree_s: float
    montrees: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    seules: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    @property
    def nom(self) -> str:
        """Nom du système."""
        return f"{self.cellules.source}/{self.cellules.periode}"


def list_cases(protection: Protection) -> pd.DataFrame:
    """Cases d'un système, telles que le socle les garde."""
    s, preuve = protection.cellules.systeme, protection.preuve
    masquees = preuve.masque.masquees
    primaires = (s.etats == Etat.SENSIBLE) & masquees
    motifs = np.where(primaires, protection.cellules.table.motif, np.where(masquees, SECONDAIRE, DIFFUSABLE))
    return protection.cellules.table.assign(
        systeme=protection.nom,
        rang=np.arange(len(s)),
        source=protection.cellules.source,
        etat=s.etats,
        motif=motifs,
        masquee=masquees,
        montree=np.isin(np.arange(len(s)), protection.montrees),
        seule=np.isin(np.arange(len(s)), protection.seules),
        borne_inf=preuve.audit.bas,
        borne_sup=preuve.audit.haut,
        plancher=np.where(masquees, preuve.masque.promesses.plancher, np.nan),
        plafond=np.where(masquees, preuve.masque.promesses.plafond, np.nan),
        inf=s.inf,
        sup=s.sup,
        cout=s.couts,
        entiere=s.entieres,
    )


def list_relations(protection: Protection) -> pd.DataFrame:
    """Relations d'un système, un terme par ligne."""
    termes = sparse.coo_matrix(protection.cellules.systeme.relations)
    return pd.DataFrame(
        {"systeme": protection.nom, "relation": termes.row, "rang": termes.col, "coefficient": termes.data}
    )


def rebuild(cases: pd.DataFrame, relations: pd.DataFrame) -> tuple[Systeme, np.ndarray, Promesses]:
    """Remonte un système gardé : le système, son masque et ses promesses.

    Args:
        cases: cases d'un seul système.
        relations: ses relations.
    """
    cases = cases.sort_values("rang")
    forme = (int(relations.relation.max()) + 1 if len(relations) else 0, len(cases))
    matrice = sparse.csr_matrix((relations.coefficient, (relations.relation, relations.rang)), shape=forme)
    colonnes = {
        nom: cases[nom].to_numpy(dtype=float) for nom in ("valeur", "inf", "sup", "cout", "plafond", "plancher")
    }
    systeme = Systeme(
        valeurs=colonnes["valeur"],
        inf=colonnes["inf"],
        sup=colonnes["sup"],
        relations=matrice,
        etats=cases.etat.to_numpy(dtype=np.int8),
        couts=colonnes["cout"],
        plafond=colonnes["plafond"],
        plancher=colonnes["plancher"],
        entieres=cases.entiere.to_numpy(dtype=bool),
    )
    return systeme, cases.masquee.to_numpy(dtype=bool), Promesses(colonnes["plafond"], colonnes["plancher"])


def list_gardees(espace: Espace) -> list[str]:
    """Publications menées à bout dont les protections sont gardées, les plus anciennes d'abord."""
    publiees = set(list_publications(espace))
    return [p for p in list_protections(espace) if p in publiees]


def save_protections(espace: Espace, publication: str, protections: Sequence[Protection]) -> None:
    """Garde dans le socle ce qui prouve le secret d'une publication ; rien s'il n'y avait rien d'exact."""
    if not protections:
        return
    tables = {
        "cases": pd.concat([list_cases(p) for p in protections], ignore_index=True),
        "relations": pd.concat([list_relations(p) for p in protections], ignore_index=True),
        "compositions": pd.concat([p.cellules.compositions for p in protections], ignore_index=True).drop_duplicates(
            ["maille", "code_territoire", "variante"]
        ),
    }
    write_protections(espace, publication, tables, {p.nom: summarize(p) for p in protections})


def summarize(protection: Protection) -> dict[str, object]:
    """Nombres privés d'un système : aucune valeur, mais primaires et secondaires séparés."""
    s, masque = protection.cellules.systeme, protection.preuve.masque
    reprises = (protection.cellules.table.motif == SECONDAIRE).to_numpy()
    primaires = int(((s.etats == Etat.SENSIBLE) & ~reprises).sum())
    secondaires = int((masque.masquees & ((s.etats == Etat.LIBRE) | reprises)).sum())
    return {
        "cases": int((s.etats != Etat.OCCULTE).sum()),
        "primaires": primaires,
        "secondaires": secondaires,
        "ratio": round(secondaires / primaires, 3) if primaires else 0.0,
        "optimal": masque.optimal,
        "ecart": round(masque.ecart, 4),
        "reduites": len(masque.reduites),
        "rejouees": protection.preuve.audit.rejouees,
        "reconduites": int(protection.preuve.reconduites.sum()),
        "renoncees": protection.preuve.renoncees,
        "tours": masque.tours,
        "coupes": masque.coupes,
        "duree_s": round(protection.duree_s, 2),
    }


def read_passees(
    espace: Espace, source: str, periode: str, *, sauf: str = "", zones: Passees | None = None
) -> Passees | None:
    """Ce qui a déjà été diffusé d'une source à une période, dans toutes les publications gardées.

    Args:
        espace: espace de travail.
        source: source de convention.
        periode: période des effectifs.
        sauf: publication à ne pas compter.
        zones: zones à la demande, diffusées arrondies.
    """
    morceaux = []
    for publication in list_gardees(espace):
        cases = read_protections(espace, publication)
        if publication == sauf or cases.empty:
            continue
        cases = cases[(cases.source == source) & (cases.periode == periode)]
        if len(cases):
            morceaux.append(_list_diffusees(cases, read_protections(espace, publication, "compositions")))
    if zones is not None and len(zones.table):
        morceaux.append(zones)
    return _join(morceaux) if morceaux else None


def _list_diffusees(cases: pd.DataFrame, compositions: pd.DataFrame) -> Passees:
    """Rangées publiées par une publication, leurs unités, et ce qui était promis des autres.

    Ce qu'elle tenait elle-même d'une plus ancienne se lit dans celle-là.
    """
    cases = cases[cases.courante]
    cases = cases.assign(inf=cases.inf.where(cases.seule, 0.0))
    masquees = cases[cases.masquee & (cases.maille != OCCULTE)]
    montrees = cases[cases.montree]
    rangees = montrees.assign(inf=np.nan, sup=np.nan, plafond=np.nan, plancher=np.nan)
    # Un agrégat masqué reste promis, et chacun sait encore qu'il n'était pas nul ; une unité, par ``promesses``.
    agregees = masquees[masquees.unite == ""].assign(sup=np.inf)
    rangees = pd.concat([rangees, agregees], ignore_index=True)
    atomes = cases[cases.unite != ""].drop_duplicates(ATOME)
    cle = ["maille", "code_territoire", "variante"]
    membres = rangees[[*cle, "variable", "modalite"]].assign(rang=rangees.index)
    membres = membres.merge(compositions.drop_duplicates(cle), on=cle).explode("unites", ignore_index=True)
    membres = membres.rename(columns={"unites": "unite"}).merge(atomes[[*ATOME, "valeur"]], on=ATOME)
    promises = atomes[atomes.masquee]
    return Passees(
        rangees[[*COLONNES, "valeur", "inf", "sup", "plafond", "plancher"]],
        membres[["rang", "unite", "valeur"]],
        promises[[*ATOME, "valeur", "plafond", "plancher", "inf"]],
        masquees[[*COLONNES, "valeur", "inf"]],
        (atomes[[*ATOME, "valeur"]],),
    )


def _join(morceaux: Sequence[Passees]) -> Passees:
    """Réunit plusieurs publications ; une rangée identique n'y paraît qu'une fois."""
    tables, membres, debut = [], [], 0
    for morceau in morceaux:
        tables.append(morceau.table)
        membres.append(morceau.membres.assign(rang=morceau.membres.rang + debut))
        debut += len(morceau.table)
    table = pd.concat(tables, ignore_index=True)
    tous = pd.concat(membres, ignore_index=True)
    hachages = pd.util.hash_pandas_object(tous[["unite", "valeur"]].astype({"unite": str}), index=False)
    sceaux = hachages.groupby(tous.rang.to_numpy()).sum().reindex(table.index).fillna(0)
    uniques = table.index[~table.assign(sceau=sceaux).duplicated()]
    numeros = pd.Series(np.arange(len(uniques)), index=uniques)
    gardes = tous[tous.rang.isin(uniques)]
    promesses = pd.concat([m.promesses for m in morceaux], ignore_index=True)
    return Passees(
        table.loc[uniques].reset_index(drop=True),
        gardes.assign(rang=gardes.rang.map(numeros)).reset_index(drop=True),
        promesses.groupby([*ATOME, "valeur"], as_index=False).agg(
            plafond=("plafond", "max"), plancher=("plancher", "min"), inf=("inf", "max")
        ),
        _join_masquees([m.masquees for m in morceaux if len(m.masquees)]),
        tuple(version for m in morceaux for version in m.versions),
    )


def _join_masquees(morceaux: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rangées masquées, une fois chacune, avec le plus que l'on ait dit de leur minimum."""
    if not morceaux:
        return pd.DataFrame()
    return pd.concat(morceaux, ignore_index=True).groupby([*COLONNES, "valeur"], as_index=False).agg(inf=("inf", "max"))
