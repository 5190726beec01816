"""Contrat JSON des valeurs et des territoires, partagé par la ligne de commande et l'interface ouverte."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.corrections import COLONNE, describe_corrections
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille

_NOMBRES = ["valeur", "borne_inf", "borne_sup", "couverture", "numerateur", "denominateur"]


def build_valeurs_json(
    consultation: Consultation,
    indicateur: str,
    maille: Maille,
    *,
    periode: str | None = None,
    departement: str | None = None,
) -> dict[str, Any]:
    """Valeurs d'un indicateur : ``meta`` et ``valeurs`` (une ligne par territoire et modalité).

    Un chiffre corrigé, et lui seul, porte ``correction`` : ``corrige_le, avant, statut_avant, texte``.

    Raises:
        AppelError: indicateur, niveau, période ou département inconnus.
    """
    fiche = consultation.find_indicateur(indicateur)
    retenue = consultation.resolve_periode(fiche, maille, periode)
    valeurs = consultation.read_valeurs(fiche, maille, retenue, departement).drop(columns=COLONNE, errors="ignore")
    valeurs["marques"] = valeurs.marques.str.split(",").map(lambda m: [x for x in m if x])
    publication = consultation.publication
    meta = {
        "indicateur": fiche.id,
        "libelle": fiche.libelle,
        "definition": fiche.definition,
        "unite": fiche.unite,
        "nature": str(fiche.nature),
        "type_mesure": str(fiche.type_mesure),
        "polarite": fiche.polarite,
        "maille": str(maille),
        "departement": departement,
        "periode": retenue,
        "periodes": consultation.list_periodes(fiche.id, maille),
        "cog": publication.cog,
        "source": consultation.describe_source(fiche, retenue),
        "attente_mois": consultation.find_attente(fiche),
        "precautions": [consultation.catalogue.precautions[p].texte for p in fiche.precautions],
        "publication": publication.id,
        "date_publication": publication.date,
    }
    lignes = _to_records(valeurs, _NOMBRES)
    corrigees = describe_corrections(consultation.corrections, fiche, str(maille), retenue, lignes)
    for ligne, correction in zip(lignes, corrigees, strict=True):
        if correction is not None:
            ligne["correction"] = correction
    return {"meta": meta, "valeurs": lignes}


def build_territoires_json(
    consultation: Consultation, maille: Maille | None, departement: str | None = None
) -> dict[str, Any]:
    """Territoires d'un niveau (de tous les niveaux si ``maille`` est vide).

    Raises:
        AppelError: niveau sans territoire publié, ou département inconnu.
    """
    territoires = consultation.territoires
    presentes = [Maille(m) for m in territoires.table.maille.unique()]
    if maille is not None and maille not in presentes:
        msg = f"Aucun territoire de niveau « {maille} » n'est publié. Niveaux publiés : {', '.join(presentes)}."
        raise AppelError(msg)
    niveaux = [maille] if maille is not None else presentes
    lots = [territoires.list_territoires(m, departement) for m in niveaux if departement is None or _divides(m)]
    tous = pd.concat(lots, ignore_index=True)
    meta = {
        "maille": str(maille) if maille is not None else None,
        "departement": departement,
        "cog": consultation.publication.cog,
        "nombre": {str(m): int(n) for m, n in tous.maille.value_counts().items()},
        "publication": consultation.publication.id,
    }
    return {"meta": meta, "territoires": _to_records(tous, ["population"])}


def _divides(maille: Maille) -> bool:
    """Niveaux qui ont un sens à l'intérieur d'un département."""
    return maille not in {Maille.REGION, Maille.FRANCE, Maille.COMMUNE_COM, Maille.COLLECTIVITE_OUTREMER}


def _to_records(table: pd.DataFrame, nombres: list[str]) -> list[dict[str, Any]]:
    """Lignes prêtes pour JSON : une absence est ``null``, jamais zéro ni « nan »."""
    colonnes = {
        nom: [None if math.isnan(x) else x for x in table[nom].astype(float).tolist()]
        if nom in nombres
        else [None if isinstance(x, float) or x is pd.NA or x is None else x for x in table[nom].tolist()]
        for nom in table.columns
        if nom != "type_liaison"
    }
    return [dict(zip(colonnes, ligne, strict=True)) for ligne in zip(*colonnes.values(), strict=True)]
