"""Lecture : de ce que les sorties montrent d'un espace à l'attaque de ses tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.analyse.consultation import Consultation, open_consultation
from tests.secret.attaquant.connaissance import COLONNES, Connaissance, Structure
from tests.secret.attaquant.verdict import attaquer

if TYPE_CHECKING:
    from tests.secret.attaquant.espaces import EspaceMonde

CHIFFRES = ["valeur", "numerateur", "denominateur"]


def read_structure(monde: EspaceMonde) -> Structure:
    """Structure publique d'un espace : communes des territoires, sommes déclarées, règles, populations."""
    consultations = [open_consultation(monde.espace, p) for p in monde.publications]
    catalogue = consultations[-1].catalogue
    fiches = {
        i.id: {
            "numerateur": i.numerateur,
            "denominateur": i.denominateur,
            "multiplicateur": i.multiplicateur,
            "evolution": str(i.type_mesure) == "evolution",
        }
        for i in catalogue.indicateurs.values()
    }
    decoupages = {
        nom: [list(d) for d in variable.decoupages]
        for source in catalogue.sources.values()
        for nom, variable in source.variables.items()
        if variable.decoupages
    }
    populations = read_copies(consultations[-1], "population")
    populations = populations[populations.maille == "commune"].set_index("code_territoire").valeur
    courant = monde.cog == consultations[-1].publication.cog
    return Structure(
        communes=monde.communes,
        membres=[_list_membres(c, monde.communes, monde.cog) for c in consultations],
        decoupages=decoupages,
        seuils=monde.seuils,
        zeros=monde.zeros,
        fiches=fiches,
        publiques={"population_municipale": populations.reindex(monde.communes).to_numpy()} if courant else {},
    )


def _list_membres(
    consultation: Consultation, communes: list[str], cog: str
) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """Communes livrées de chaque territoire, et part de chacune : une commune scindée depuis s'y partage."""
    liens = consultation.territoires.liens
    parts = _list_parts(consultation, communes, cog)
    propres = parts.assign(maille_parent="commune", code_parent=parts.vers)
    liens = liens[liens.maille_enfant == "commune"].rename(columns={"code_enfant": "vers"})
    tous = pd.concat([liens.merge(parts, on="vers"), propres])
    sommes = tous.groupby(["maille_parent", "code_parent", "de"], as_index=False).poids.sum()
    rang = {c: i for i, c in enumerate(communes)}
    return {
        (str(m), str(c)): (g.de.map(rang).to_numpy(), np.round(g.poids.to_numpy(), 12))
        for (m, c), g in sommes.groupby(["maille_parent", "code_parent"])
    }


def _list_parts(consultation: Consultation, communes: list[str], cog: str) -> pd.DataFrame:
    """Passages publics du millésime des fichiers à celui de la publication : ``de, vers, poids``."""
    parts = pd.DataFrame({"de": communes, "vers": communes, "poids": 1.0})
    if cog == consultation.publication.cog:
        return parts
    passages = pd.read_parquet(consultation.espace.referentiel / "passages.parquet")
    changees = passages[(passages.cog_de >= cog) & passages.code_de.isin(communes)]
    gardees = parts[~parts.de.isin(changees.code_de)]
    noms = {"code_de": "de", "code_vers": "vers"}
    return pd.concat([gardees, changees.rename(columns=noms)[["de", "vers", "poids"]]], ignore_index=True)


def read_copies(consultation: Consultation, indicateur: str) -> pd.DataFrame:
    """Observations publiées d'un indicateur, telles que la copie les porte."""
    dossier = consultation.espace.diffusion / "copies" / consultation.publication.id / "par_indicateur"
    chemin = dossier / f"{indicateur}.parquet"
    return pd.read_parquet(chemin) if chemin.is_file() else pd.DataFrame(columns=COLONNES)


def read_publications(monde: EspaceMonde) -> list[pd.DataFrame]:
    """Toutes les lignes des tables d'un espace, publication par publication."""
    fiches = [i for table in monde.tables for i in table.fiches]
    consultations = (open_consultation(monde.espace, p) for p in monde.publications)
    return [pd.concat([read_copies(c, i) for i in fiches], ignore_index=True) for c in consultations]


def attaquer_espace(
    monde: EspaceMonde, lus: list[pd.DataFrame], *, tables: list[str] | None = None
) -> tuple[list[str], int]:
    """Attaque toutes les tables d'un espace, toutes publications jointes.

    Args:
        monde: espace et sa vérité.
        lus: par publication, les lignes lues dans les sorties (``COLONNES``).
        tables: seulement celles-là.

    Returns:
        Fautes, et nombre de cases visées.
    """
    structure = read_structure(monde)
    fautes = [f"{nom} : chiffre d'une ligne masquée" for nom in _find_chiffrees(lus)]
    visees = 0
    for table in monde.tables:
        if tables is not None and table.nom not in tables:
            continue
        connaissance = Connaissance(structure, monde.verites, set(table.variables))
        for numero, lues in enumerate(lus):
            fautes += connaissance.learn(numero, lues[lues.indicateur.isin(table.fiches)])
        connaissance.aim_communes()
        verdict = attaquer(connaissance.savoir(), connaissance.aveugle(), connaissance.cibles())
        fautes += [f"{table.nom} : {f}" for f in verdict.fautes]
        fautes += [f"{table.nom} : {f}" for f in connaissance.check_bornes()]
        visees += verdict.cases
    return fautes, visees


def _find_chiffrees(lus: list[pd.DataFrame]) -> list[str]:
    tout = pd.concat(lus, ignore_index=True)
    fautives = tout[(tout.statut == "secret") & tout[CHIFFRES].notna().any(axis=1)]
    return (fautives.indicateur.astype(str) + " " + fautives.code_territoire.astype(str)).tolist()
