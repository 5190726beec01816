"""Tables d'essai d'un espace réel : variables croisées, marges déclarées, fiches, fichiers, corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from tests.secret.attaquant.mondes import TOUT, tirer_effectifs

PERIODES = ("2023", "2024")
REGLES = {"conv5": (5, True), "conv11": (11, True), "conv3": (3, True), "muette": (5, False)}
"""Règles de secret de l'espace : leur seuil, et si un zéro vrai est diffusé."""
NIVEAUX = ("commune", "epci", "canton_ville", "arrondissement", "departement", "region", "france")
ABSENT = "nd"
LETTRES = "abc"


@dataclass
class Table:
    """Une table liée : territoire × une ou deux classifications croisées × deux périodes.

    Attributes:
        nom: préfixe de ses variables.
        source: source qui la livre.
        dimensions: nombre de modalités de chaque classification.
        valeurs: par variable et période, une valeur par commune (``nan`` : pas livrée).
        fiches: indicateurs, par identifiant.
    """

    nom: str
    source: str
    dimensions: tuple[int, ...]
    valeurs: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    fiches: dict[str, dict] = field(default_factory=dict)

    @property
    def marges(self) -> list[tuple[int, ...]]:
        """Croisements, totaux compris."""
        return list(product(*([TOUT, *range(n)] for n in self.dimensions)))

    def nommer(self, marge: tuple[int, ...]) -> str:
        """Variable d'un croisement : « t3_a0b1 » ; « t3 » pour le total."""
        morceaux = [f"{LETTRES[d]}{m}" for d, m in enumerate(marge) if m != TOUT]
        return f"{self.nom}_{''.join(morceaux)}" if morceaux else self.nom

    @property
    def variables(self) -> list[str]:
        """Noms de toutes les variables."""
        return [self.nommer(m) for m in self.marges]

    def list_decoupages(self, marge: tuple[int, ...]) -> list[list[str]]:
        """Sommes qui redonnent un croisement, une par classification laissée entière."""
        return [
            [self.nommer((*marge[:d], m, *marge[d + 1 :])) for m in range(n)]
            for d, n in enumerate(self.dimensions)
            if marge[d] == TOUT
        ]

    def declare(self) -> dict[str, dict]:
        """Déclaration de ses variables, pour ``_sources``."""
        declarees = {}
        for marge in self.marges:
            nom = self.nommer(marge)
            declarees[nom] = {"libelle": f"Compte {nom}", "unite": "foyers", "colonne": nom}
            decoupages = self.list_decoupages(marge)
            if decoupages:
                declarees[nom]["total_de"] = decoupages[0]
            if len(decoupages) > 1:
                declarees[nom]["partitions"] = decoupages[1:]
        return declarees

    def fill(self, periode: str, fines: dict[tuple[int, ...], np.ndarray]) -> None:
        """Pose les croisements fins d'une période et en tire les marges."""
        for marge in self.marges:
            siennes = [v for f, v in fines.items() if all(m in (TOUT, x) for m, x in zip(marge, f, strict=True))]
            self.valeurs[self.nommer(marge), periode] = np.sum(siennes, axis=0)

    @property
    def fines(self) -> list[tuple[int, ...]]:
        """Croisements les plus fins."""
        return list(product(*(range(n) for n in self.dimensions)))


def tirer_table(hasard: np.random.Generator, nom: str, source: str, communes: int) -> Table:
    """Table remplie aux deux périodes ; des communes peuvent n'être pas livrées."""
    dimensions = tuple(int(n) for n in hasard.integers(2, 4, size=hasard.choice(3, p=[0.35, 0.45, 0.2])))
    if len(dimensions) == 2:
        dimensions = (2, int(hasard.integers(2, 4)))
    table = Table(nom, source, dimensions)
    premieres = {f: tirer_effectifs(hasard, communes) for f in table.fines}
    secondes = {f: _faire_bouger(hasard, v) for f, v in premieres.items()}
    for periode, fines in zip(PERIODES, (premieres, secondes), strict=True):
        trous = hasard.random(communes) < (0.08 if hasard.random() < 0.15 else 0.0)
        table.fill(periode, {f: np.where(trous, np.nan, v) for f, v in fines.items()})
        if table.dimensions and hasard.random() < 0.1:
            # Un total qui n'est pas livré partout : une part y est connue, son ensemble non.
            table.valeurs[nom, periode][hasard.integers(communes)] = np.nan
    _tirer_fiches(hasard, table)
    return table


def _faire_bouger(hasard: np.random.Generator, valeurs: np.ndarray) -> np.ndarray:
    """Valeurs de l'année suivante : un bon nombre n'a pas changé."""
    memes = hasard.random(len(valeurs)) < 0.4
    voisines = np.maximum(0, valeurs + hasard.integers(-3, 4, len(valeurs)))
    return np.where(
        memes, valeurs, np.where(hasard.random(len(valeurs)) < 0.8, voisines, tirer_effectifs(hasard, len(valeurs)))
    )


def _tirer_fiches(hasard: np.random.Generator, table: Table) -> None:
    """Un indicateur par variable, ou presque ; des parts, des rapports à la population, des évolutions."""
    niveaux = _tirer_niveaux(hasard)
    for marge in table.marges:
        nom, total = table.nommer(marge), marge == table.marges[0]
        if not total and hasard.random() < 0.2:
            continue
        propres = niveaux if hasard.random() < 0.8 else _tirer_niveaux(hasard)
        fiche = {"numerateur": nom, "mailles": propres}
        # Deux indicateurs d'une même source n'ont pas toujours la même règle : la plus sévère vaut pour la case.
        if hasard.random() < 0.08:
            fiche["secret"] = "conv11"
        effectif = {"type_mesure": "effectif", "unite": "foyers", "decimales": 0}
        table.fiches[f"i_{nom}"] = fiche | effectif
        tirage = hasard.random()
        rapport = fiche | {"type_mesure": "ratio", "multiplicateur": 100, "unite": "%"}
        if tirage < 0.2 and not total:
            table.fiches[f"p_{nom}"] = rapport | {"denominateur": table.nom}
        elif tirage > 0.94:
            rapport |= {"unite": "pour 1 000", "multiplicateur": 1000, "denominateur": "population_municipale"}
            table.fiches[f"h_{nom}"] = rapport
        elif tirage > 0.88:
            evolution = {"type_mesure": "evolution", "unite": "% par an", "periodes": ["-".join(PERIODES)]}
            table.fiches[f"e_{nom}"] = fiche | evolution


def _tirer_niveaux(hasard: np.random.Generator) -> list[str]:
    choisis = ["commune", *(n for n in NIVEAUX[1:] if hasard.random() < 0.55)]
    return choisis[1:] if len(choisis) > 2 and hasard.random() < 0.1 else choisis


def corriger(hasard: np.random.Generator, table: Table, periode: str, communes: np.ndarray) -> dict[str, np.ndarray]:
    """Refait les croisements fins de quelques communes ; rend les nouvelles valeurs de toutes les variables."""
    copie = Table(table.nom, table.source, table.dimensions)
    fines = {f: table.valeurs[table.nommer(f), periode].copy() for f in table.fines}
    for valeurs in fines.values():
        valeurs[communes] = tirer_effectifs(hasard, len(communes))
    copie.fill(periode, fines)
    rendues = {v: table.valeurs[v, periode].copy() for v in table.variables}
    for variable, valeurs in rendues.items():
        valeurs[communes] = copie.valeurs[variable, periode][communes]
    return rendues
