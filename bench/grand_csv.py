"""Un CSV d'un gigaoctet, contrôlé de bout en bout (lancé dans son propre processus, pour en relever la mémoire)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script

import numpy as np

from observatoire.config import COG_CIBLE, RACINE_DEPOT
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.modeles.sources import Source
from observatoire.territoires.referentiel import Referentiel

AGES = [f"Y{a}" for a in range(0, 100, 5)] + ["_T"]
SEXES = ["F", "M", "_T"]
SOURCE = {
    "id": "grande", "libelle": "Table en long", "producteur": "Essai", "licence": "Licence Ouverte",
    "rythme": "annuel", "maille": "commune", "colonne_code": "GEO", "colonnes_ignorees": ["*"],
    "periode": {"colonne": "TIME_PERIOD", "forme": "AAAA"}, "filtres": {"SEX": ["_T"]},
    "variables": {
        f"age_{a.lower().strip('_')}": {"libelle": a, "unite": "personnes", "colonne": "OBS", "ou": {"AGE": [a]}}
        for a in ("Y0", "Y75", "_T")
    },
}  # fmt: skip


def load_referentiel() -> Referentiel:
    """Référentiel du dépôt."""
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


def write_grand(chemin: Path, octets: int) -> Path:
    """Écrit une table en long (commune × âge × sexe × année) jusqu'à la taille voulue."""
    codes = list(load_referentiel().list_communes(COG_CIBLE))
    hasard = np.random.default_rng(2026)
    with chemin.open("w", encoding="utf-8") as flux:
        flux.write("GEO;GEO_OBJECT;AGE;SEX;TIME_PERIOD;STATUT;OBS\n")
        annee = 2000
        while flux.tell() < octets:
            for age in AGES:
                for sexe in SEXES:
                    valeurs = hasard.gamma(1.0, 200.0, len(codes)).astype(int)
                    fin = f";COM;{age};{sexe};{annee};OBSERVATION_DEFINITIVE;"
                    flux.write("".join(f"{c}{fin}{v}\n" for c, v in zip(codes, valeurs.tolist(), strict=True)))
            annee += 1
    return chemin


def main() -> None:
    """Contrôle le fichier donné et imprime ce qui en a été tiré."""
    source = Source.model_validate(SOURCE)
    rapport = read_livraison(Path(sys.argv[1]), source, load_referentiel(), Demande())
    assert not rapport.refusee, rapport.anomalies[:3]
    print(rapport.lignes_lues, rapport.lignes_retenues, len(rapport.lots))


if __name__ == "__main__":
    main()
