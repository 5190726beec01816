"""Lire 35 millions d'observations : une carte de France, un profil de commune, à côté de pandas et de DuckDB.

``Lecteur`` lit les deux copies triées de l'entrepôt ; ``pandas.read_parquet`` filtre les mêmes fichiers ;
DuckDB interroge un seul grand fichier trié par indicateur. Les appels alternent, mêmes demandes pour tous.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.synthese import PUBLICATION, Taille, ensure_synthese
from observatoire.config import Espace
from observatoire.store.diffusion import copies_dir
from observatoire.store.lecture import COLONNES_CARTE, Lecteur
from observatoire.store.schema import bucket_of

APPELS = 300
UN_PAIR_SUR = 5
"""Les pairs, lents, ne font qu'un appel sur cinq."""
MEDIANE_MAX, P95_MAX = 10, 25


@dataclass
class Course:
    """Une lecture menée par plusieurs lecteurs, et leurs durées en millisecondes."""

    nom: str
    lecteurs: dict[str, Callable[..., pd.DataFrame]]
    demandes: list[tuple[str, ...]]
    durees: dict[str, list[float]] = field(default_factory=dict)
    lignes: dict[str, set[int]] = field(default_factory=dict)

    def run(self) -> None:
        """Un tour à vide, puis les appels alternés."""
        for lire in self.lecteurs.values():
            lire(*self.demandes[0])
        for rang, demande in enumerate(self.demandes):
            for place, (nom, lire) in enumerate(self.lecteurs.items()):
                if place and rang % UN_PAIR_SUR:
                    continue
                debut = time.perf_counter()
                lues = lire(*demande)
                self.durees.setdefault(nom, []).append((time.perf_counter() - debut) * 1000)
                self.lignes.setdefault(nom, set()).add(len(lues))


def make_courses(espace: Espace, grand: Path, taille: Taille, appels: int) -> list[Course]:
    """Carte et profil, chacun par les trois lecteurs."""
    copies = copies_dir(espace, PUBLICATION)
    lecteur = Lecteur(espace, PUBLICATION)
    base = duckdb.connect(":memory:")

    def carte_pandas(indicateur: str, maille: str, periode: str) -> pd.DataFrame:
        fichier = copies / "par_indicateur" / f"{indicateur}.parquet"
        filtres = [("maille", "==", maille), ("periode", "==", periode)]
        return pd.read_parquet(fichier, columns=COLONNES_CARTE, filters=filtres)

    def carte_duckdb(*demande: str) -> pd.DataFrame:
        # Le fichier est trié : DuckDB rend les territoires dans l'ordre.
        condition = "WHERE indicateur = ? AND maille = ? AND periode = ?"
        requete = f"SELECT {', '.join(COLONNES_CARTE)} FROM read_parquet(?) {condition}"  # noqa: S608 -- écrite ici
        return base.sql(requete, params=[str(grand), *demande]).to_arrow_table().to_pandas()

    def profil_pandas(maille: str, code: str) -> pd.DataFrame:
        fichier = copies / "par_territoire" / f"{bucket_of(code)}.parquet"
        return pd.read_parquet(fichier, filters=[("code_territoire", "==", code), ("maille", "==", maille)])

    def profil_duckdb(*demande: str) -> pd.DataFrame:
        requete = "FROM read_parquet(?) WHERE maille = ? AND code_territoire = ?"
        return base.sql(requete, params=[str(grand), *demande]).to_arrow_table().to_pandas()

    hasard = random.Random(7)
    un = lecteur.read_carte("indicateur_000", "commune", "2022")
    codes = un.code_territoire.tolist()
    epci = lecteur.read_carte("indicateur_000", "epci", "2022").code_territoire.tolist()
    cartes = [
        (
            f"indicateur_{hasard.randrange(taille.indicateurs):03d}",
            "commune",
            str(2022 - hasard.randrange(taille.periodes)),
        )
        for _ in range(appels)
    ]
    lecteurs_profil = {"observatoire": lecteur.read_territoire, "pandas": profil_pandas, "DuckDB": profil_duckdb}
    return [
        Course(
            "carte des communes de France",
            {"observatoire": lecteur.read_carte, "pandas": carte_pandas, "DuckDB": carte_duckdb},
            cartes,
        ),
        Course("profil d'une commune", lecteurs_profil, [("commune", hasard.choice(codes)) for _ in range(appels)]),
        Course("profil d'un EPCI", lecteurs_profil, [("epci", hasard.choice(epci)) for _ in range(appels)]),
    ]


def main(arguments: list[str] | None = None) -> None:
    """Construit l'entrepôt s'il manque, mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--indicateurs", type=int, default=200)
    analyseur.add_argument("--communes", type=int, default=None, help="toutes par défaut")
    analyseur.add_argument("--appels", type=int, default=APPELS)
    options = analyseur.parse_args(arguments)
    taille = Taille(indicateurs=options.indicateurs, territoires=options.communes)
    espace, grand = ensure_synthese(taille)
    charge = read_charge()
    courses = make_courses(espace, grand, taille, options.appels)
    for course in courses:
        course.run()
    report(courses, charge, espace, grand, taille)


def report(courses: list[Course], charge: float | None, espace: Espace, grand: Path, taille: Taille) -> None:
    """Imprime le tableau et les objectifs, écrit le JSON."""
    resultats, lignes, objectifs = {}, [], []
    for course in courses:
        resumes = {nom: summarise(d) for nom, d in course.durees.items()}
        resultats[course.nom] = resumes
        comptes = {frozenset(n) for n in course.lignes.values()}
        assert len({min(c) for c in comptes}) == 1, f"les lecteurs ne rendent pas les mêmes lignes : {course.lignes}"
        for nom, r in resumes.items():
            fois = r["mediane"] / resumes["observatoire"]["mediane"]
            lignes.append(
                [
                    f"{course.nom}, {nom}",
                    str(r["n"]),
                    *(write_nombre(r[c]) for c in ("mediane", "p95", "max")),
                    f"× {write_nombre(fois)}",
                ]
            )
        notre = resumes["observatoire"]
        objectifs += [
            judge(f"{course.nom}, médiane", notre["mediane"], MEDIANE_MAX, "ms"),
            judge(f"{course.nom}, 95e centile", notre["p95"], P95_MAX, "ms"),
        ]
    octets = {
        "copies": sum(f.stat().st_size for f in copies_dir(espace, PUBLICATION).rglob("*.parquet")),
        "grand_fichier": grand.stat().st_size,
    }
    lignes_totales = pq.read_metadata(grand).num_rows
    print_tableau(["lecture (ms)", "appels", "médiane", "p95", "max", "rapport"], lignes)
    print_objectifs(objectifs)
    contenu = {
        "lignes": lignes_totales, "indicateurs": taille.indicateurs, "periodes": taille.periodes, "octets": octets,
        "lignes_par_carte": min(courses[0].lignes["observatoire"]),
        "millisecondes": resultats, "objectifs": objectifs,
    }  # fmt: skip
    save("lecture", charge, contenu)


if __name__ == "__main__":
    main()
