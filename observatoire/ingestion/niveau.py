"""Un niveau d'un fichier : filtres, périodes, codes, puis lots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from observatoire.ingestion.codes import read_codes
from observatoire.ingestion.colonnes import Plan, check_colonnes, find_millesime, list_lues
from observatoire.ingestion.ecartes import report_codes
from observatoire.ingestion.horaires import COLONNES_HORAIRES
from observatoire.ingestion.lots import Lignes, build_lots, is_one_of
from observatoire.ingestion.periodes import keep_lue, parse_periode
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte, Lot
from observatoire.modeles.tables import TableLue
from observatoire.territoires.referentiel import Referentiel


@dataclass
class NiveauLu:
    """Ce qu'un niveau a donné ; ``numeros`` et ``codes`` : lignes du producteur retenues, et leur territoire."""

    anomalies: list[Anomalie] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    ecartes: list[CodeEcarte] = field(default_factory=list)
    numeros: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    codes: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))
    reconnu: dict[str, str] = field(default_factory=dict)


def read_niveau(plan: Plan, table: TableLue, referentiel: Referentiel, *, cog: str, fichier: str) -> NiveauLu:
    """Lit les lignes d'un niveau et les réduit en lots ; une faute bloquante arrête ce niveau."""
    resultat = NiveauLu()
    resultat.anomalies += check_colonnes(plan, table.donnees.column_names, fichier=fichier)
    if resultat.anomalies:
        return resultat
    masque = _filter(plan, table)
    donnees, numeros = table.donnees.filter(pa.array(masque)), table.lignes[masque]
    if not masque.all():
        resultat.anomalies.append(_tell_filtre(plan, masque, fichier))
    periodes, fautes = _read_periodes(plan, donnees, numeros, fichier)
    resultat.anomalies += fautes
    if any(a.gravite is Gravite.BLOQUANT for a in fautes):
        return resultat
    voulues = periodes != ""
    donnees, numeros, periodes = donnees.filter(pa.array(voulues)), numeros[voulues], periodes[voulues]
    lues = {plan.name(c) for c in list_lues(plan)} | set(COLONNES_HORAIRES)
    utiles = donnees.select([c for c in donnees.column_names if c in lues])
    for propre, masque in _split_millesimes(plan, periodes):
        lignes = _Lignes(utiles.filter(pa.array(masque)), numeros[masque], periodes[masque])
        _add_lots(resultat, propre, lignes, referentiel, cog=propre.millesime.cog or cog, fichier=fichier)
    return resultat


class _Lignes(NamedTuple):
    table: pa.Table
    numeros: NDArray[np.int64]
    periodes: NDArray[np.object_]


def _split_millesimes(plan: Plan, periodes: NDArray[np.object_]) -> Iterator[tuple[Plan, NDArray[np.bool_]]]:
    """Sépare les périodes dont la géographie ou les codes écartés diffèrent : chacune a ses communes."""
    groupes: dict[str, list[str]] = {}
    propres = {p: replace(plan, millesime=find_millesime(plan.source, p)) for p in pd.unique(periodes)}
    for periode, propre in propres.items():
        groupes.setdefault(f"{propre.millesime.cog} {propre.millesime.codes_ignores}", []).append(periode)
    for siennes in groupes.values():
        yield propres[siennes[0]], np.isin(periodes.astype(str), siennes)


def _add_lots(
    resultat: NiveauLu, plan: Plan, lues: _Lignes, referentiel: Referentiel, *, cog: str, fichier: str
) -> None:
    codes = read_codes(plan, _code_frame(plan, lues.table), referentiel, cog=cog)
    lignes = Lignes(lues.table, lues.numeros, codes, lues.periodes, fichier)
    lots, ecartes = build_lots(plan, lignes)
    resultat.lots += lots
    resultat.ecartes += ecartes
    resultat.anomalies += [*lignes.anomalies, *report_codes(plan, codes, ecartes, referentiel, fichier)]
    resultat.numeros = np.concatenate([resultat.numeros, lues.numeros[codes.connus]])
    resultat.codes = np.concatenate([resultat.codes, codes.codes[codes.connus]])
    resultat.reconnu |= {"niveau": plan.maille.libelle}
    for cle, valeur in (("cog", codes.cog), ("cog_ex_aequo", ", ".join(codes.ex_aequo))):
        dites = [v for v in resultat.reconnu.get(cle, "").split(", ") if v]
        if valeur:
            resultat.reconnu[cle] = ", ".join(dict.fromkeys([*dites, valeur]))


def _code_frame(plan: Plan, table: pa.Table) -> pd.DataFrame:
    """Les seules colonnes du code, en pandas."""
    parties = plan.source.code_parties if plan.niveau is None else ()
    noms = [plan.name(p.colonne) for p in parties] or [plan.name(plan.colonne_code)]
    return table.select(list(dict.fromkeys(noms))).to_pandas()


def _filter(plan: Plan, table: TableLue) -> NDArray[np.bool_]:
    masque = np.ones(table.donnees.num_rows, dtype=bool)
    for colonne, admises in plan.filtres.items():
        masque &= is_one_of(table.donnees, plan.name(colonne), admises)
    if plan.source.exclure_si_rempli:
        masque &= is_one_of(table.donnees, plan.name(plan.source.exclure_si_rempli), ("(vide)",))
    return masque


def _tell_filtre(plan: Plan, masque: NDArray[np.bool_], fichier: str) -> Anomalie:
    return Anomalie(
        "lignes_filtrees",
        Gravite.INFORMATION,
        fichier,
        f"{int((~masque).sum())} ligne(s) laissées par les filtres de la source ({', '.join(plan.filtres)}), "
        f"{int(masque.sum())} lues au niveau {plan.maille.libelle}.",
        suggestion="Rien à faire si c'est attendu.",
    )


def _read_periodes(
    plan: Plan, donnees: pa.Table, numeros: NDArray[np.int64], fichier: str
) -> tuple[NDArray[np.object_], list[Anomalie]]:
    """Période de chaque ligne ; vide pour celles que la source ne retient pas."""
    declaree = plan.source.periode
    if declaree is None:
        if not plan.periode:
            return np.array([], dtype=object), [_no_periode(plan, fichier)]
        return np.full(donnees.num_rows, plan.periode, dtype=object), []
    textes = donnees[plan.name(declaree.colonne)].to_pandas().astype("string").fillna("")
    positions, uniques = pd.factorize(textes)
    traduites = [parse_periode(str(u), declaree) if keep_lue(str(u), declaree) else "" for u in uniques]
    fautes = [
        Anomalie(
            "periode_illisible",
            Gravite.BLOQUANT,
            fichier,
            f"« {u} » n'a pas la forme {declaree.forme} attendue pour une période "
            f"({int((positions == rang).sum())} ligne(s)).",
            ligne=int(numeros[np.argmax(positions == rang)]),
            colonne=plan.name(declaree.colonne),
            valeur=str(u)[:40],
            suggestion=f"Corrigez « periode / forme » dans _sources/{plan.source.id}.yaml, ou le fichier.",
        )
        for rang, (u, t) in enumerate(zip(uniques, traduites, strict=True))
        if t is None
    ]
    return np.array(traduites, dtype=object)[positions], fautes


def _no_periode(plan: Plan, fichier: str) -> Anomalie:
    return Anomalie(
        "periode_inconnue",
        Gravite.BLOQUANT,
        fichier,
        "le fichier ne dit pas de quelle année il parle, et le dépôt non plus.",
        suggestion=(
            "Donnez la période (--periode 2024), ou déclarez la colonne qui la porte "
            f"(« periode ») dans _sources/{plan.source.id}.yaml."
        ),
    )
