"""Espaces d'essai : vraies communes, vraie chaîne de publication, tables aléatoires livrées par convention."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatoire import config
from observatoire.config import Espace
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.mailles import Maille
from observatoire.publication import construire as chaine
from observatoire.publication import empreinte, fonds, zonages
from observatoire.publication.construire import Resultat
from observatoire.publication.deposer import deposer
from observatoire.publication.publier import publier_ensemble, retirer
from observatoire.territoires.zonages import ColonnesZonage
from tests.secret.attaquant.fichiers import (
    COG,
    NEES,
    find_regle,
    spell,
    write_communs,
    write_referentiel,
    write_source,
    write_tables,
)
from tests.secret.attaquant.tables import PERIODES, REGLES, Table, corriger, tirer_table

REGLAGES = 'nom: Observatoire d’essai\ndepartement: "{departement}"\n'


@dataclass
class EspaceMonde:
    """Espace d'essai et sa vérité.

    Attributes:
        base: dossier.
        graine: ce qui le refait à l'identique.
        communes: codes, triés.
        tables: tables de convention.
        verites: par publication, les valeurs vraies (variable, période) de chaque commune.
        publications: identifiants, dans l'ordre.
        comptes_rendus: ce que les constructions et les publications ont dit.
        dessine: faux pour se passer des fonds de carte.
        cog: millésime des fichiers livrés.
        delai_s: temps donné à chaque masque : court, il vient de la réparation ; long, il est le meilleur.
        omises: par source et période, communes que le premier fichier n'a pas.
    """

    base: Path
    graine: int
    communes: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    verites: list[dict[tuple[str, str], np.ndarray]] = field(default_factory=list)
    publications: list[str] = field(default_factory=list)
    comptes_rendus: list[str] = field(default_factory=list)
    dessine: bool = False
    cog: str = COG
    delai_s: float = 1.0
    omises: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    _deposes: list[tuple[str, dict[tuple[str, str], np.ndarray]]] = field(default_factory=list)

    @property
    def espace(self) -> Espace:
        """Espace de travail."""
        return Espace(self.base / "espace")

    @property
    def seuils(self) -> dict[str, int]:
        """Seuil de chaque variable de convention : le plus sévère des indicateurs qui l'emploient."""
        return {v: max(k for k, _zeros in regles) for v, regles in self._regles.items()}

    @property
    def zeros(self) -> dict[str, bool]:
        """Vrai, par variable, si un zéro vrai est diffusé."""
        return {v: all(zeros for _k, zeros in regles) for v, regles in self._regles.items()}

    @property
    def _regles(self) -> dict[str, list[tuple[int, bool]]]:
        regles: dict[str, list[tuple[int, bool]]] = {v: [] for t in self.tables for v in t.variables}
        for table in self.tables:
            for fiche in table.fiches.values():
                regle = REGLES[fiche.get("secret", find_regle(table.source))]
                for variable in {fiche["numerateur"], fiche.get("denominateur")} & set(regles):
                    regles[variable].append(regle)
            for variable in table.variables:
                # Nul indicateur ne la montre : la règle de sa source.
                regles[variable] = regles[variable] or [REGLES[find_regle(table.source)]]
        return regles

    def construire(self) -> None:
        """Publie tout ce qui est fourni."""
        with self.au_travail():
            resultat = chaine.construire(self.espace, lambda _e: None, auteur="essais", motif="essai", force=True)
        self._retenir(resultat)

    def republier(self, hasard: np.random.Generator) -> None:
        """Corrige des chiffres, redécoupe un zonage, et publie de nouveau."""
        with self.au_travail():
            self.zoner(hasard)
            sources = sorted({t.source for t in self.tables})
            depots = [d for d in (self._deposer(hasard, source) for source in sources) if d]
            if depots:
                resultat = publier_ensemble(self.espace, depots, auteur="essais", motif="essai")
            else:
                resultat = chaine.construire(self.espace, lambda _e: None, auteur="essais", motif="essai", force=True)
        self._retenir(resultat)

    def retirer(self) -> None:
        """Retire le dernier dépôt : les chiffres d'avant reviennent."""
        depot, avant = self._deposes.pop()
        with self.au_travail():
            resultat = retirer(self.espace, depot, auteur="essais", motif="essai")
        for table in self.tables:
            table.valeurs |= {cle: v.copy() for cle, v in avant.items() if cle[0] in table.variables}
        self._retenir(resultat)

    def attendre(self, hasard: np.random.Generator) -> str:
        """Dépose une correction sans la publier ; rend le dépôt."""
        verites = {id(t): {cle: v.copy() for cle, v in t.valeurs.items()} for t in self.tables}
        with self.au_travail():
            depot = ""
            while not depot:
                depot = self._deposer(hasard, self.tables[0].source)
        for table in self.tables:
            table.valeurs = verites[id(table)]
        return depot

    def zoner(self, hasard: np.random.Generator) -> None:
        """Dépose un zonage : des secteurs quelconques, et des communes qui n'en ont pas."""
        secteurs = hasard.integers(0, 5, len(self.communes))
        lignes = [f"{c};s{s}" for c, s in zip(self.communes, secteurs.tolist(), strict=True) if s]
        fichier = self.base / "zonage.csv"
        fichier.write_text("\n".join(["code;secteur", *lignes]) + "\n", "utf-8")
        zonages.deposer_zonage(
            self.espace, fichier, maille=Maille.SECTEUR, colonnes=ColonnesZonage("code", "secteur"), cog=COG,
            auteur="essais", motif="essai",
        )  # fmt: skip

    def _retenir(self, resultat: Resultat) -> None:
        self.publications.append(resultat.publication.id)
        self.comptes_rendus += [str(a) for a in resultat.anomalies]
        self.verites.append({cle: v.copy() for t in self.tables for cle, v in t.valeurs.items()})

    def _deposer(self, hasard: np.random.Generator, source: str) -> str:
        """Dépose la correction d'une période, ou les communes qui manquaient ; rien, parfois."""
        siennes = [t for t in self.tables if t.source == source]
        periode = str(hasard.choice(PERIODES))
        omises = np.array(self.omises.pop((source, periode), ()), dtype=int)
        touchees = np.flatnonzero(hasard.random(len(self.communes)) < hasard.choice([0.1, 0.4]))
        touchees = omises if len(omises) else touchees
        if not len(omises) and (hasard.random() < 0.25 or not len(touchees)):
            return ""
        avant = {(v, periode): t.valeurs[v, periode].copy() for t in siennes for v in t.variables}
        for table in siennes:
            livrees = touchees
            if not len(omises):
                connues = ~np.isnan([table.valeurs[v, periode][touchees] for v in table.variables]).any(axis=0)
                livrees = touchees[connues]
            for variable, valeurs in corriger(hasard, table, periode, livrees).items():
                table.valeurs[variable, periode] = valeurs
        fichier = self.base / f"{source}_{periode}_{len(self.publications)}.csv"
        colonnes = {"commune": [self.communes[i] for i in touchees]}
        colonnes |= {v: spell(t.valeurs[v, periode][touchees]) for t in siennes for v in t.variables}
        pd.DataFrame(colonnes).to_csv(fichier, sep=";", index=False)
        rendu = deposer(
            self.espace, fichier, source=source, auteur="essais", motif="essai", periode=periode, cog=self.cog,
            nature=NatureDepot.COMPLETE if len(omises) else NatureDepot.CORRIGE,
            confidentialite=Confidentialite.CONVENTION,
        )  # fmt: skip
        assert rendu.accepte, [*map(str, rendu.rapport.anomalies), *rendu.rapport.quarantaine]
        self._deposes.append((rendu.depot.id, avant))
        return rendu.depot.id

    @contextmanager
    def au_travail(self) -> Iterator[None]:
        """Le dépôt de poche tient lieu de dépôt ; les fonds de carte ne sont dessinés que s'il le faut."""

        @contextmanager
        def fonds_sur_place(espace: Espace, referentiel: object) -> Iterator[object]:
            if self.dessine:
                espace.fonds.mkdir(parents=True, exist_ok=True)
                fonds.draw_fonds(espace, referentiel.cog)
            yield lambda: None

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(config, "RACINE_DEPOT", self.base / "depot")
            patch.setattr("observatoire.secret.proteger.DELAI_S", self.delai_s)
            patch.setattr(empreinte, "PAQUET", self.base / "depot" / "indicators")
            patch.setattr(chaine, "fonds_en_parallele", fonds_sur_place)
            if not self.dessine:
                patch.setattr(chaine, "freeze_index", lambda *_arguments: "")
            yield


def creer(
    base: Path, graine: int, *, tables: int, lieu: str = "reunion", sources: int = 4, dessine: bool = False
) -> EspaceMonde:
    """Écrit un espace de ``tables`` tables aléatoires, prêt à construire."""
    hasard = np.random.default_rng(graine)
    monde = EspaceMonde(base, graine, dessine=dessine)
    monde.cog = "2023" if lieu in NEES else COG
    publiees = write_referentiel(monde.espace.data / "referentiel", lieu)
    monde.communes = [c for c in publiees if c not in NEES.get(lieu, ())]
    departement = "974" if lieu == "reunion" else monde.communes[-1][:2]
    (monde.espace.racine / "espace.yaml").write_text(REGLAGES.format(departement=departement), "utf-8")
    write_communs(base / "depot", publiees)
    noms = [f"s{n}_{list(REGLES)[n % len(REGLES)]}" for n in range(min(sources, tables))]
    monde.tables = [tirer_table(hasard, f"t{n}", noms[n % len(noms)], len(monde.communes)) for n in range(tables)]
    for nom in noms:
        siennes = [t for t in monde.tables if t.source == nom]
        write_source(monde.espace.indicators, nom, siennes)
        for periode in PERIODES:
            omises = (
                tuple(hasard.choice(len(monde.communes), 2, replace=False).tolist()) if hasard.random() < 0.2 else ()
            )
            if omises:
                monde.omises[nom, periode] = omises
                for valeurs in (v for t in siennes for c, v in t.valeurs.items() if c[1] == periode):
                    valeurs[list(omises)] = np.nan
            chemin = monde.espace.data / "depot" / nom / periode / "tables.parquet"
            write_tables(chemin, monde.communes, siennes, monde.cog, omises)
    with monde.au_travail():
        monde.zoner(hasard)
    return monde
