"""Un petit pays emboîté : six communes, trois EPCI, deux départements ; un producteur, ses niveaux."""

from __future__ import annotations

import pandas as pd

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.mesures.intervalles import bounds_of_arrondi
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import RegleSecret, Source
from observatoire.secret.encadrement import Liens, tighten_observations
from observatoire.store.schema import VARIABLES
from tests.territoires.petit_referentiel import write_referentiel

COMMUNES = ("01001", "01002", "01003", "02001", "02002", "02003")
EPCI = {"01001": "A", "01002": "A", "01003": "B", "02001": "C", "02002": "C", "02003": "C"}
A_CHEVAL = {"01001": "A", "01002": "A", "01003": "B", "02001": "B", "02002": "C", "02003": "C"}
MAILLES = ("commune", "epci", "departement", "region", "france")
MARQUES = {"s": "secret", "nd": "non_disponible", "///": "hors_champ"}


def write_pays(dossier, *, epci=EPCI, communes=None, passages=None):
    """Référentiel du petit pays, ou d'un autre."""
    return write_referentiel(dossier, communes or {"2026": COMMUNES}, passages or {}, epci)


class MondeEncadre:
    """Une source ``essai`` et ses chiffres, niveau par niveau ; ``None`` : la commune n'a pas de ligne."""

    def __init__(self, referentiel) -> None:
        self.referentiel = referentiel
        self.lignes: list[dict[str, object]] = []
        self.source: dict[str, object] = {}
        self.variables: dict[str, dict[str, object]] = {}
        for code in referentiel.list_communes(referentiel.cog):
            self._write("commune", POPULATION, code, 100)

    def add(self, variable, valeurs, *, maille="commune", periode="2025", cog="2026", **declaration) -> None:
        """Ajoute les chiffres livrés d'une variable à un niveau ; la déclaration ne se donne qu'une fois."""
        self.variables.setdefault(variable, declaration)
        arrondi = int(self.variables[variable].get("arrondi", 0))
        for code, lue in valeurs.items():
            if lue is not None:
                self._write(maille, variable, code, lue, periode, cog, arrondi)

    def _write(self, maille, variable, code, lue, periode="2025", cog="2026", arrondi=0) -> None:
        statut = MARQUES.get(lue, "arrondi" if arrondi else "publie")
        valeur = float("nan") if lue in MARQUES else float(lue)
        inf, sup = bounds_of_arrondi(valeur, arrondi) if arrondi else (valeur, valeur)
        self.lignes.append(
            {
                "variable": variable, "maille": maille, "code_territoire": code, "cog": cog, "periode": periode,
                "periode_mesuree": periode, "modalite": "", "valeur": valeur, "borne_inf": float(inf),
                "borne_sup": float(sup), "statut": statut, "livraison": "essai",
            }
        )  # fmt: skip

    def open_moteur(self) -> Moteur:
        socle = {"libelle": "Essai", "producteur": "Essai", "licence": "libre", "rythme": "annuel"}
        socle |= {"maille": "commune", "colonne_code": "code"}
        declarees = {n: {"libelle": n, "unite": "foyers"} | d for n, d in self.variables.items()}
        habitants = {POPULATION: {"libelle": "Population", "unite": "habitants"}}
        sources = {
            "essai": Source.model_validate(socle | {"id": "essai", "variables": declarees} | self.source),
            "habitants": Source.model_validate(socle | {"id": "habitants", "variables": habitants}),
        }
        catalogue = Catalogue({}, sources, {}, {}, {})
        return Moteur(catalogue, self.referentiel, pd.DataFrame(self.lignes)[VARIABLES.names], {})

    def tighten(self, numerateur, *, regle=None, exacts=(), **fiche) -> Encadre:
        """Calcule un indicateur puis resserre ses bornes."""
        indicateur = Indicateur.model_validate(
            {
                "id": "essai", "libelle": "Essai", "libelle_court": "Essai", "unite": "foyers", "champ": "Tout",
                "definition": "Indicateur d'essai, calculé.", "problematiques": ["habitat"], "nature": "contexte",
                "type_mesure": "ratio" if "denominateur" in fiche else "effectif", "numerateur": numerateur,
                "source": "essai", "mailles": MAILLES, "frequence": "annuelle", "polarite": 0, "secret": "regle",
                "lecture": "En {periode}, {valeur} {du_territoire}.",
            }
            | fiche
        )  # fmt: skip
        voulue = {"id": "regle", "libelle": "Règle", "mode": "P", "reference": "essai"} | (regle or {})
        moteur = self.open_moteur()
        avant = moteur.compute(indicateur)
        liens = Liens(moteur, frozenset(exacts))
        apres, anomalies = tighten_observations(avant, indicateur, RegleSecret.model_validate(voulue), liens)
        return Encadre(avant, apres, [a.code for a in anomalies])


class Encadre:
    """Observations avant et après."""

    def __init__(self, avant: pd.DataFrame, apres: pd.DataFrame, anomalies: list[str]) -> None:
        self.avant, self.apres, self.anomalies = avant, apres, anomalies

    def bornes(self, maille, code, *, avant=False):
        """Bornes d'un territoire ; ``None`` : aucune."""
        t = self.avant if avant else self.apres
        ligne = t[(t.maille == maille) & (t.code_territoire == code)]
        assert len(ligne) == 1, f"{len(ligne)} ligne(s) pour {maille} {code}"
        return tuple(None if pd.isna(b) else float(b) for b in ligne[["borne_inf", "borne_sup"]].iloc[0])
