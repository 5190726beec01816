"""Un monde de poche : le petit référentiel, quelques variables écrites en une ligne, un indicateur."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.mesures.intervalles import bounds_of_arrondi
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Source
from observatoire.store.schema import VARIABLES
from tests.territoires.petit_referentiel import write_petit_referentiel

MARQUES = {"s": "secret", "nd": "non_disponible", "///": "hors_champ"}
HABITANTS = {"01001": 100, "01002": 200, "02001": 300, "02002": 60, "02009": 40}
MAILLES = ("commune", "epci", "departement", "region", "france")


class PetitMonde:
    """Variables posées une à une sur le petit référentiel (populations : ``HABITANTS``)."""

    def __init__(self, dossier: Path) -> None:
        self.referentiel = write_petit_referentiel(dossier)
        self.lignes: list[dict[str, object]] = []
        self.sources: dict[str, Source] = {}
        self.explicites: dict[str, pd.DataFrame] = {}
        self.add(POPULATION, HABITANTS)

    def add(
        self,
        variable: str,
        valeurs: Mapping[str, float | str],
        *,
        periode: str = "2025",
        cog: str = "2026",
        arrondi: int = 0,
        mesurees: Mapping[str, str] | None = None,
        maille: str = "commune",
        rattachement: pd.DataFrame | None = None,
        **declaration: object,
    ) -> None:
        """Ajoute une variable ; « s », « nd » et « /// » sont des marques, un autre texte est une classe."""
        for code, lue in valeurs.items():
            marque = MARQUES.get(lue, "") if isinstance(lue, str) else ""
            classe = lue if isinstance(lue, str) and not marque else ""
            valeur = float("nan") if marque else 1.0 if classe else float(lue)
            inf, sup = bounds_of_arrondi(valeur, arrondi) if arrondi else (valeur, valeur)
            mesuree = (mesurees or {}).get(code, periode)
            statut = marque or ("arrondi" if arrondi else "publie")
            if mesuree != periode:
                statut, inf, sup = "estime", float("nan"), float("nan")
            self.lignes.append(
                {
                    "variable": variable, "maille": maille, "code_territoire": code, "cog": cog, "periode": periode,
                    "periode_mesuree": mesuree, "modalite": classe, "valeur": valeur, "borne_inf": float(inf),
                    "borne_sup": float(sup), "statut": statut, "livraison": "essai",
                }
            )  # fmt: skip
        explicite = {"fichier": "f", "colonne_enfant": "e", "colonne_parent": "p", "colonne_poids": "w"}
        self.sources[variable] = Source.model_validate(
            {
                "id": variable, "libelle": "Source d'essai", "producteur": "Essai", "licence": "libre",
                "rythme": "annuel", "maille": maille, "colonne_code": "code",
                "rattachement": explicite if rattachement is not None else None,
                "livraisons": [{"fichier": "essai", "periode": periode}],
                "variables": {variable: {"libelle": variable, "unite": "cas", **declaration}},
            }
        )  # fmt: skip
        if rattachement is not None:
            self.explicites[variable] = rattachement

    def add_officielles(
        self, variable: str, maille: str, valeurs: Mapping[str, float], *, periode: str = "2025", cog: str = "2026"
    ) -> None:
        """Ajoute les chiffres que le producteur d'une variable donne lui-même à un autre niveau."""
        gabarit = {"periode_mesuree": periode, "modalite": "", "statut": "publie", "livraison": "essai"}
        self.lignes += [
            gabarit
            | {"variable": variable, "maille": maille, "code_territoire": code, "cog": cog, "periode": periode}
            | {"valeur": float(v), "borne_inf": float(v), "borne_sup": float(v)}
            for code, v in valeurs.items()
        ]

    def compute(self, type_mesure: str, numerateur: str, **fiche: object) -> Observations:
        """Calcule un indicateur du type voulu."""
        indicateur = Indicateur.model_validate(
            {
                "id": "essai", "libelle": "Essai", "libelle_court": "Essai", "unite": "cas", "champ": "Tout",
                "definition": "Indicateur d'essai, calculé.", "problematiques": ["habitat"], "nature": "contexte",
                "type_mesure": type_mesure, "numerateur": numerateur, "source": numerateur, "mailles": MAILLES,
                "frequence": "annuelle", "polarite": 0, "secret": "ouverte",
                "lecture": "En {periode}, {valeur} {du_territoire}.",
            }
            | fiche
        )  # fmt: skip
        catalogue = Catalogue({"essai": indicateur}, self.sources, {}, {}, {})
        variables = pd.DataFrame(self.lignes)[VARIABLES.names]
        return Observations(Moteur(catalogue, self.referentiel, variables, self.explicites).compute(indicateur))


class Observations:
    """Observations calculées, que l'on interroge par code."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def get(self, maille: str, code: str, modalite: str = "") -> pd.Series:
        t = self.table
        lues = t[(t.maille == maille) & (t.code_territoire == code) & (t.modalite == modalite)]
        assert len(lues) == 1, f"{len(lues)} ligne(s) pour {maille} {code} {modalite}"
        return lues.iloc[0]

    def valeur(self, maille: str, code: str) -> float:
        return float(self.get(maille, code).valeur)

    def statut(self, maille: str, code: str) -> str:
        return str(self.get(maille, code).statut)

    def bornes(self, maille: str, code: str) -> tuple[float, float]:
        ligne = self.get(maille, code)
        return float(ligne.borne_inf), float(ligne.borne_sup)

    def has(self, maille: str, code: str) -> bool:
        return bool(((self.table.maille == maille) & (self.table.code_territoire == code)).any())
