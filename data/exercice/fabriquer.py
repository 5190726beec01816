"""Fabrique les livraisons de l'exercice : des nombres inventés, à graine fixe, sur de vraies communes.

``python data/exercice/fabriquer.py`` réécrit ``data/exercice/livraisons``, au même octet.

- ``asll_2024.csv`` : une année sans faute ;
- ``asll_2025.csv`` : la suivante, avec des fautes courantes (zéros de tête perdus, ligne répétée, code d'une
  commune disparue, mot « conf. » que la source ne connaît pas) ;
- ``asll_2025_corrige.csv`` : la même, telle que le service la renvoie ;
- ``asll_2024_rectifie.csv`` : deux chiffres de 2024 que le service rectifie après coup ;
- ``rsa_2024.csv``, ``rsa_2025.csv`` : des effectifs **exacts**, comme en donne une convention ; le secret se pose
  à la publication ;
- ``places_insertion.csv`` : une offre, ouverte, à mettre en face de ce besoin ; les deux années dans un fichier.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import yaml

ICI = Path(__file__).resolve().parent
REFERENTIEL = ICI.parent / "referentiel" / "territoires.parquet"
GRAINE = 20_260_101
DEPARTEMENT, COG = "01", "2026"
DISPARUE = ("01039", "Béon")
"""Commune réunie à une autre : son code n'existe plus."""
COLONNES = ["Code commune", "Commune", "Demandes reçues", "Accompagnements commencés"]
PAS, SEUIL, MARQUE = 5, 5, "s"
"""Effectifs arrondis à 5 ; de 1 à 4, masqués."""
REPETEE = 57
"""Rang de la ligne répétée en 2025."""
RECTIFIEES = ("01004", "01283")
"""Communes dont les chiffres de 2024 sont rectifiés."""

SITUATIONS = ("Personne seule", "Couple", "Famille monoparentale", "Autre situation")
AGES = ("Moins de 30 ans", "30 à 49 ans", "50 ans et plus")
CROISEMENT = np.array([[0.11, 0.24, 0.20], [0.02, 0.05, 0.03], [0.08, 0.21, 0.03], [0.01, 0.01, 0.01]])
"""Part inventée de chaque situation (ligne) à chaque âge (colonne) ; leur somme fait 1."""
TAUX_RSA, DISPERSION = 0.009, 0.45
"""Foyers au RSA par habitant, et son écart d'une commune à l'autre : inventés."""
RESTENT = 0.75
"""Part inventée des foyers présents d'une année à la suivante."""
SEUIL_PLACES, PART_OUVERTES, PLACES_HABITANT = 1_500, 0.5, 0.004
"""Places d'insertion : habitants qu'il faut, part des communes qui en ont, places par habitant ; inventés."""


class Envoi(NamedTuple):
    """Ce que dit le manifeste d'un fichier.

    Attributes:
        source: source du catalogue.
        titre: titre du fichier, sans « FICTIF ».
        confidentialite: régime sous lequel il est livré.
    """

    source: str
    titre: str
    confidentialite: str


ASLL = Envoi("exercice_asll", "Accompagnement social lié au logement", "convention_protegee")
RSA = Envoi("exercice_rsa", "Foyers au RSA, effectifs exacts", "convention")
PLACES = Envoi("exercice_insertion", "Places en action d'insertion", "ouverte")


def list_communes(referentiel: Path = REFERENTIEL) -> pd.DataFrame:
    """Communes du département : ``code, libelle, population``."""
    tout = pd.read_parquet(referentiel)
    voulues = (tout.maille == "commune") & (tout.cog == COG) & (tout.code_departement == DEPARTEMENT)
    communes = tout[voulues].sort_values("code").reset_index(drop=True)
    return communes[["code", "libelle"]].assign(population=communes.population_municipale.fillna(500.0))


def draw_effectifs(communes: pd.DataFrame, annee: int) -> tuple[np.ndarray, np.ndarray]:
    """Demandes et accompagnements d'une année, tirés au sort autour d'un taux inventé."""
    hasard = np.random.default_rng(GRAINE + annee)
    taux = np.clip(hasard.normal(0.011 + 0.001 * (annee - 2024), 0.003, len(communes)), 0.002, None)
    demandes = hasard.poisson(taux * communes.population.to_numpy(dtype=float))
    return demandes, hasard.binomial(demandes, 0.6)


def protect(effectifs: np.ndarray) -> list[str]:
    """Effectifs arrondis à 5, ceux de 1 à 4 remplacés par « s » : le nombre exact ne sort pas du service."""
    arrondis = PAS * np.round(effectifs / PAS).astype(int)
    masques = (effectifs > 0) & (effectifs < SEUIL)
    return [MARQUE if masque else str(n) for masque, n in zip(masques.tolist(), arrondis.tolist(), strict=True)]


def build_annee(annee: int, referentiel: Path = REFERENTIEL) -> pd.DataFrame:
    """Livraison juste d'une année."""
    communes = list_communes(referentiel)
    demandes, accompagnements = draw_effectifs(communes, annee)
    colonnes = (communes.code, communes.libelle, protect(demandes), protect(accompagnements))
    return pd.DataFrame(dict(zip(COLONNES, colonnes, strict=True)))


def add_fautes(juste: pd.DataFrame) -> pd.DataFrame:
    """La même livraison, avec les fautes d'un fichier passé par un tableur."""
    fautive = juste.copy()
    masques = fautive.index[fautive[COLONNES[2]] == MARQUE][:3]
    fautive.loc[masques, COLONNES[2]] = "conf."
    ancienne = pd.DataFrame([[*DISPARUE, "10", "5"]], columns=COLONNES)
    fautive = pd.concat([fautive, fautive.loc[[REPETEE]], ancienne], ignore_index=True)
    return lose_zeros(fautive)


def lose_zeros(livraison: pd.DataFrame) -> pd.DataFrame:
    """Codes lus comme des nombres par un tableur : « 01004 » devient « 1004 »."""
    return livraison.assign(**{COLONNES[0]: livraison[COLONNES[0]].str.lstrip("0")})


def rectify(juste: pd.DataFrame) -> pd.DataFrame:
    """Deux lignes de la livraison, et leurs chiffres rectifiés."""
    lignes = juste[juste[COLONNES[0]].isin(list(RECTIFIEES))].copy()
    demandes = lignes[COLONNES[2]].astype(int) + 4 * PAS
    return lignes.assign(**{COLONNES[2]: demandes.astype(str)})


def draw_foyers(communes: pd.DataFrame) -> dict[int, np.ndarray]:
    """Foyers au RSA par commune, situation et âge, deux années de suite : la seconde prolonge la première."""
    hasard = np.random.default_rng([GRAINE, 2])
    taux = TAUX_RSA * hasard.lognormal(0.0, DISPERSION, len(communes))
    attendus = (taux * communes.population.to_numpy(dtype=float))[:, None, None] * CROISEMENT
    premiere = hasard.poisson(attendus)
    suivante = hasard.binomial(premiere, RESTENT) + hasard.poisson((1 - RESTENT) * attendus)
    return {2024: premiere, 2025: suivante}


def build_rsa(annee: int, referentiel: Path = REFERENTIEL) -> pd.DataFrame:
    """Livraison exacte d'une année : le total, puis les deux façons de le découper."""
    communes = list_communes(referentiel)
    foyers = draw_foyers(communes)[annee]
    colonnes = {"Code commune": communes.code, "Commune": communes.libelle, "Foyers au RSA": foyers.sum(axis=(1, 2))}
    colonnes |= dict(zip(SITUATIONS, foyers.sum(axis=2).T, strict=True))
    colonnes |= dict(zip(AGES, foyers.sum(axis=1).T, strict=True))
    return pd.DataFrame(colonnes)


def build_places(referentiel: Path = REFERENTIEL) -> pd.DataFrame:
    """Places en action d'insertion des deux années ; une commune sans ligne n'en a pas."""
    communes = list_communes(referentiel)
    grandes = communes[communes.population >= SEUIL_PLACES]
    hasard = np.random.default_rng([GRAINE, 3])
    ouvertes = grandes[hasard.random(len(grandes)) < PART_OUVERTES]
    annees = []
    for annee in (2024, 2025):
        places = np.maximum(2, hasard.poisson(ouvertes.population.to_numpy(dtype=float) * PLACES_HABITANT))
        lignes = {"Code commune": ouvertes.code, "Commune": ouvertes.libelle, "Année": annee, "Places": places}
        annees.append(pd.DataFrame(lignes))
    return pd.concat(annees, ignore_index=True)


def write_livraison(livraison: pd.DataFrame, annee: int, nom: str, dossier: Path, envoi: Envoi = ASLL) -> Path:
    """Écrit le fichier à la façon d'un tableur français, et son manifeste."""
    chemin = dossier / nom
    titre = f"FICTIF - {envoi.titre}, {annee} - aucun de ces nombres n'est vrai"
    corps = livraison.to_csv(index=False, sep=";", lineterminator="\r\n")
    chemin.write_bytes(f"{titre}\r\n\r\n{corps}".encode("cp1252"))
    manifeste = {
        "source": envoi.source,
        "fichier": nom,
        "producteur": "Service fictif",
        "titre": f"FICTIF · {envoi.titre}",
        "licence": "Convention fictive d'exercice",
        "millesime": str(annee),
        "millesime_geographique": COG,
        "date_extraction": f"{annee + 1}-03-31",
        "sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(),
        "confidentialite": envoi.confidentialite,
        "lignes": len(livraison),
        "notes": ["Données fictives d'exercice.", f"Nombres tirés au sort (graine {GRAINE})."],
    }
    texte = yaml.safe_dump(manifeste, allow_unicode=True, sort_keys=False)
    chemin.with_suffix(".livraison.yaml").write_text(texte, "utf-8")
    return chemin


def main(dossier: Path = ICI / "livraisons", referentiel: Path = REFERENTIEL) -> list[Path]:
    """Fabrique toutes les livraisons de l'exercice."""
    dossier.mkdir(parents=True, exist_ok=True)
    a_2024, a_2025 = build_annee(2024, referentiel), build_annee(2025, referentiel)
    return [
        write_livraison(a_2024, 2024, "asll_2024.csv", dossier),
        write_livraison(add_fautes(a_2025), 2025, "asll_2025.csv", dossier),
        write_livraison(lose_zeros(a_2025), 2025, "asll_2025_corrige.csv", dossier),
        write_livraison(rectify(a_2024), 2024, "asll_2024_rectifie.csv", dossier),
        write_livraison(build_rsa(2024, referentiel), 2024, "rsa_2024.csv", dossier, RSA),
        write_livraison(build_rsa(2025, referentiel), 2025, "rsa_2025.csv", dossier, RSA),
        write_livraison(build_places(referentiel), 2025, "places_insertion.csv", dossier, PLACES),
    ]


if __name__ == "__main__":
    main()
