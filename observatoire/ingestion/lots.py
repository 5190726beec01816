"""Lots : réduire les lignes d'un fichier à une valeur par territoire, période et variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from observatoire.ingestion.codes import CodesLus
from observatoire.ingestion.colonnes import Plan
from observatoire.ingestion.valeurs import ValeursLues, list_illisibles, read_valeurs
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte, Lot, Mesures
from observatoire.modeles.sources import AGREGATS_SANS_COLONNE, Agregat, VariableSource
from observatoire.modeles.statuts import Statut

Rangs = NDArray[np.intp]
_EXEMPLES = 5
_LIGNES_DITES = 10


@dataclass
class Lignes:
    """Lignes retenues d'un fichier.

    Attributes:
        table: colonnes de texte, sous les noms du fichier.
        numeros: ligne du producteur de chaque ligne.
        codes: codes lus.
        periodes: période de chaque ligne.
        fichier: nom du fichier.
    """

    table: pa.Table
    numeros: NDArray[np.int64]
    codes: CodesLus
    periodes: NDArray[np.object_]
    fichier: str
    anomalies: list[Anomalie] = field(default_factory=list)
    masses: dict[str, dict[str, float]] = field(default_factory=dict)


def build_lots(plan: Plan, lignes: Lignes) -> tuple[list[Lot], list[CodeEcarte]]:
    """Réduit les lignes en lots ; les fautes trouvées s'ajoutent à ``lignes.anomalies``."""
    # Dans une liste de lieux, chaque ligne est un lieu : aucune ne compte double.
    doubles = _hidden_arrondissements(lignes) if plan.source.ressource is None else False
    retenues = lignes.codes.connus & ~np.asarray(doubles)
    lots = {p: _Assemblage(plan, lignes, retenues & (lignes.periodes == p), p) for p in pd.unique(lignes.periodes)}
    for nom, variable in plan.variables.items():
        masque = _select(plan, lignes.table, variable)
        valeurs = _read(plan, lignes, nom, variable, masque & retenues)
        _weigh_ecartes(lignes, nom, variable, valeurs, masque)
        for assemblage in lots.values():
            assemblage.add(nom, variable, valeurs, masque)
    return [a.to_lot() for a in lots.values() if a.mesures], _list_ecartes(lignes)


class _Assemblage:
    """Lot en cours : une période, ses codes, et les mesures ajoutées une à une."""

    def __init__(self, plan: Plan, lignes: Lignes, masque: NDArray[np.bool_], periode: str) -> None:
        self.plan, self.lignes, self.periode = plan, lignes, periode
        self.rangs = np.flatnonzero(masque)
        self.positions, codes = pd.factorize(lignes.codes.codes[self.rangs])
        self.codes = pd.Index(codes)
        self.mesures: dict[str, Mesures] = {}

    def add(
        self, nom: str, variable: VariableSource, valeurs: ValeursLues | pd.Series, masque: NDArray[np.bool_]
    ) -> None:
        garde = masque[self.rangs]
        rangs, positions = self.rangs[garde], self.positions[garde]
        if isinstance(valeurs, pd.Series):
            textes = valeurs.iloc[rangs]
            for modalite in sorted(m for m in textes.dropna().unique() if m):
                self._add_modalite(f"{nom}={modalite}", (textes == modalite).to_numpy(), rangs, positions)
            return
        lues = ValeursLues(valeurs.valeur[rangs], valeurs.statut[rangs], valeurs.illisible[rangs])
        self.mesures[nom] = self._reduce(nom, variable, lues, rangs, positions)

    def _add_modalite(self, cle: str, vrais: NDArray[np.bool_], rangs: Rangs, positions: Rangs) -> None:
        valeur = np.full(len(self.codes), np.nan)
        valeur[positions[vrais]] = 1.0
        statut = np.where(np.isnan(valeur), Statut.NON_DISPONIBLE.rang, Statut.PUBLIE.rang).astype(np.uint8)
        self.mesures[cle] = Mesures(valeur, statut, self._first_lines(rangs[vrais], positions[vrais]))

    def _first_lines(self, rangs: Rangs, positions: Rangs) -> NDArray[np.int64]:
        premieres = np.zeros(len(self.codes), dtype=np.int64)
        # À rebours : la première ligne d'un code est écrite en dernier.
        premieres[positions[::-1]] = self.lignes.numeros[rangs[::-1]]
        return premieres

    def _reduce(self, nom: str, variable: VariableSource, lues: ValeursLues, rangs: Rangs, positions: Rangs) -> Mesures:
        taille = len(self.codes)
        comptes = np.bincount(positions, minlength=taille)
        agregat = variable.agregat
        en_arrondissements = self.lignes.codes.arrondissements[rangs]
        if agregat is Agregat.UNIQUE:
            self._check_uniques(nom, rangs[~en_arrondissements], positions[~en_arrondissements])
        premieres = self._first_lines(rangs, positions)
        if agregat in AGREGATS_SANS_COLONNE:
            valeur = comptes.astype(float) if agregat is Agregat.COMPTE else (comptes > 0).astype(float)
            return Mesures(valeur, np.zeros(taille, np.uint8), premieres)
        if agregat is Agregat.UNIQUE and comptes.max(initial=0) <= 1:
            valeur = np.full(taille, np.nan)
            statut = np.full(taille, Statut.NON_DISPONIBLE.rang, np.uint8)
            valeur[positions], statut[positions] = lues.valeur, lues.statut
            return Mesures(valeur, statut, premieres)
        return self._combine(variable, lues, positions, premieres, en_arrondissements)

    def _combine(
        self,
        variable: VariableSource,
        lues: ValeursLues,
        positions: Rangs,
        premieres: NDArray[np.int64],
        en_arrondissements: NDArray[np.bool_],
    ) -> Mesures:
        taille = len(self.codes)
        absente = np.isnan(lues.valeur)
        if variable.agregat is Agregat.MAXIMUM:
            valeur = np.full(taille, -np.inf)
            np.maximum.at(valeur, positions[~absente], lues.valeur[~absente])
            valeur[np.isinf(valeur)] = np.nan
        else:
            valeur = np.bincount(positions, weights=np.where(absente, 0.0, lues.valeur), minlength=taille)
        statut = np.zeros(taille, np.uint8)
        np.maximum.at(statut, positions, lues.statut)
        # Une ligne secrète ou absente rend le tout inconnu : jamais une somme tronquée prise pour un total.
        inconnus = np.bincount(positions[absente], minlength=taille) > 0
        presents = np.bincount(positions, minlength=taille) > 0
        valeur[inconnus | ~presents] = np.nan
        statut[~presents] = Statut.NON_DISPONIBLE.rang
        if not variable.additive and variable.agregat is Agregat.UNIQUE:
            # Ni une médiane ni un taux ne se somment : Paris n'a pas la somme de ses vingt arrondissements.
            plusieurs = np.bincount(positions[en_arrondissements], minlength=taille) > 0
            valeur[plusieurs] = np.nan
            statut[plusieurs] = Statut.NON_DISPONIBLE.rang
        return Mesures(valeur, statut, premieres)

    def _check_uniques(self, nom: str, rangs: Rangs, positions: Rangs) -> None:
        comptes = np.bincount(positions, minlength=len(self.codes))
        doubles = np.flatnonzero(comptes > 1)
        if not doubles.size or any(a.code == "doublon" for a in self.lignes.anomalies):
            return
        for rang in doubles[:_EXEMPLES]:
            numeros = self.lignes.numeros[rangs[positions == rang]]
            self.lignes.anomalies.append(
                Anomalie(
                    code="doublon",
                    gravite=Gravite.BLOQUANT,
                    fichier=self.lignes.fichier,
                    ligne=int(numeros[1]),
                    colonne=self.plan.name(self.plan.colonne_code),
                    valeur=str(self.codes[rang]),
                    message=(
                        f"« {self.codes[rang]} » a {comptes[rang]} lignes pour la période {self.periode} "
                        f"(lignes {', '.join(map(str, numeros[:_LIGNES_DITES]))}) : laquelle croire ?"
                    ),
                    suggestion=(
                        f"Gardez une ligne par territoire, déclarez une modalité (« ou ») pour « {nom} », ou comment "
                        "réduire (agregat : somme, compte, maximum)."
                    ),
                )
            )
        if doubles.size > _EXEMPLES:
            self.lignes.anomalies.append(
                Anomalie(
                    code="doublon",
                    gravite=Gravite.BLOQUANT,
                    fichier=self.lignes.fichier,
                    message=f"{doubles.size} territoires en tout ont plusieurs lignes pour {self.periode}.",
                    suggestion="Le fichier mêle peut-être des modalités, des totaux et des détails, ou deux niveaux.",
                )
            )

    def to_lot(self) -> Lot:
        return Lot(self.plan.maille, self.periode, self.lignes.codes.cog, self.codes, self.mesures)


def _select(plan: Plan, table: pa.Table, variable: VariableSource) -> NDArray[np.bool_]:
    """Lignes d'une variable, dans une table en long."""
    masque = np.ones(table.num_rows, dtype=bool)
    for colonne, admises in variable.ou.items():
        masque &= is_one_of(table, plan.name(colonne), admises)
    return masque


def is_one_of(table: pa.Table, colonne: str, admises: tuple[str, ...]) -> NDArray[np.bool_]:
    """Vrai pour les lignes dont la cellule est une des valeurs admises (« (vide) » : cellule vide)."""
    serie = table[colonne].to_pandas().astype("string").str.strip().fillna("")
    voulues = pd.Index(["" if v == "(vide)" else v for v in admises], dtype=object)
    return np.asarray(voulues.get_indexer(pd.Index(serie, dtype=object)) >= 0)


def _read(
    plan: Plan, lignes: Lignes, nom: str, variable: VariableSource, masque: NDArray[np.bool_]
) -> ValeursLues | pd.Series:
    nombre = lignes.table.num_rows
    if variable.agregat in AGREGATS_SANS_COLONNE:
        return ValeursLues(np.ones(nombre), np.zeros(nombre, np.uint8), np.zeros(nombre, bool))
    reel = plan.name(variable.colonne or nom)
    colonne = lignes.table[reel]
    if variable.categorie:
        return colonne.to_pandas().astype("string").str.strip()
    lues = read_valeurs(colonne, plan.source, variable)
    # Un texte sur une ligne écartée (une note de pied, un total) n'est pas une faute de cette variable.
    fautives = ValeursLues(lues.valeur, lues.statut, lues.illisible & masque)
    fiche = f"_sources/{plan.source.id}.yaml"
    lignes.anomalies += list_illisibles(
        colonne, fautives, lignes.numeros, fichier=lignes.fichier, nom=reel, fiche=fiche
    )
    return lues


def _hidden_arrondissements(lignes: Lignes) -> NDArray[np.bool_]:
    """Arrondissements à laisser de côté, parce que leur commune a sa propre ligne dans la même période."""
    en_arrondissement = lignes.codes.arrondissements
    if not en_arrondissement.any():
        return en_arrondissement
    cles = pd.MultiIndex.from_arrays([lignes.codes.codes, lignes.periodes])
    communes = cles[~en_arrondissement & lignes.codes.connus].unique()
    doubles = en_arrondissement & (communes.get_indexer(cles) >= 0)
    if doubles.any():
        message = (
            f"{int(doubles.sum())} ligne(s) d'arrondissements municipaux laissées de côté : leur commune "
            "(Paris, Lyon ou Marseille) a sa propre ligne, les additionner compterait deux fois."
        )
        code = "arrondissements_en_double"
    else:
        message = (
            f"{int(en_arrondissement.sum())} ligne(s) d'arrondissements municipaux : leurs effectifs sont "
            "additionnés pour Paris, Lyon et Marseille ; leurs taux et médianes ne le sont pas."
        )
        code = "arrondissements_reunis"
    lignes.anomalies.append(
        Anomalie(code, Gravite.INFORMATION, lignes.fichier, message, suggestion="Rien à faire si c'est attendu.")
    )
    return doubles


def _weigh_ecartes(
    lignes: Lignes, nom: str, variable: VariableSource, valeurs: ValeursLues | pd.Series, masque: NDArray[np.bool_]
) -> None:
    """Pèse ce que chaque code écarté emporte, pour les variables qui s'additionnent."""
    dehors = np.flatnonzero(~lignes.codes.connus & masque)
    if not dehors.size or isinstance(valeurs, pd.Series) or not variable.additive:
        return
    masses = pd.Series(valeurs.valeur[dehors]).groupby(lignes.codes.codes[dehors]).sum()
    for code, masse in masses.items():
        lignes.masses.setdefault(str(code), {})[nom] = float(masse)


def _list_ecartes(lignes: Lignes) -> list[CodeEcarte]:
    return list(_iter_ecartes(lignes))


def _iter_ecartes(lignes: Lignes) -> Iterator[CodeEcarte]:
    dehors = np.flatnonzero(~lignes.codes.connus)
    groupes = pd.Series(lignes.numeros[dehors]).groupby(lignes.codes.codes[dehors])
    for code, numeros in groupes:
        motif = lignes.codes.motifs.get(str(code))
        yield CodeEcarte(
            code=str(code),
            motif=motif or "code inconnu du référentiel",
            lignes=tuple(int(n) for n in numeros.iloc[:_LIGNES_DITES]),
            nombre=len(numeros),
            masse=lignes.masses.get(str(code), {}),
            declare=motif is not None,
        )
