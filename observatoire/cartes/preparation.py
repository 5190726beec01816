"""Préparation d'une carte imprimée : tout ce qu'elle montre, lu dans une publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from observatoire.analyse.portee import name_portee, read_references
from observatoire.cartes.contours import read_contours, read_limites
from observatoire.cartes.demande import CarteStatique
from observatoire.cartes.fond import FRANCE, FondFichier, load_index, name_fond
from observatoire.cartes.lecture import read_carte
from observatoire.cartes.phrase import write_phrase
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.indicateurs import Indicateur


def prepare_carte(
    consultation: Consultation,
    indicateur: str,
    maille: Maille,
    *,
    departement: str | None = None,
    periode: str | None = None,
    observatoire: str = "",
) -> CarteStatique:
    """Rassemble une carte à dessiner : contours, voisins, valeurs, phrase, source, repères.

    Args:
        consultation: publication ouverte.
        indicateur: identifiant de l'indicateur.
        maille: niveau montré.
        departement: département couvert, la France entière sinon.
        periode: période montrée, la plus récente sinon.
        observatoire: nom de l'observatoire, écrit sur la carte.

    Raises:
        AppelError: indicateur, niveau, période ou département inconnus, ou niveau sans contours.
    """
    fiche = consultation.find_indicateur(indicateur)
    nom = name_portee(consultation, departement)
    retenue = consultation.resolve_periode(fiche, maille, periode)
    dossier = consultation.espace.fonds
    fonds = load_index(dossier / consultation.publication.fonds)
    contours = read_contours(dossier, _find_fond(consultation, fiche, maille, departement, fonds))
    valeurs = consultation.read_valeurs(fiche, maille, retenue, departement)
    references = read_references(consultation, fiche, retenue, departement)
    lecture = read_carte(fiche, valeurs, contours["code"])
    voisins, limites, filets = _read_contexte(dossier, fonds, maille, departement)
    return CarteStatique(
        indicateur=fiche,
        maille=maille,
        periode=retenue,
        territoire=nom.territoire,
        territoire_de=nom.du_territoire,
        contours=contours,
        valeurs=valeurs,
        source=consultation.name_source(fiche, retenue),
        geographie=f"01/01/{consultation.publication.cog}",
        publication=consultation.publication.id,
        observatoire=observatoire,
        phrase=write_phrase(lecture, retenue, nom, references, maille, departement),
        reperes=tuple((r.libelle, r.lue.valeur) for r in references if r.lue.montrable and r.lue.valeur is not None),
        voisins=voisins,
        limites=limites,
        filets=filets,
    )


def _find_fond(
    consultation: Consultation,
    indicateur: Indicateur,
    maille: Maille,
    departement: str | None,
    fonds: Mapping[str, FondFichier],
) -> FondFichier:
    portee = departement or FRANCE
    fond = fonds.get(name_fond(maille, portee))
    if fond is not None:
        return fond
    ou = "à l'échelle de la France" if departement is None else f"dans le département « {departement} »"
    portees = sorted(f.portee for f in fonds.values() if f.maille == maille)
    if portees == [FRANCE]:
        suite = "Retirez --departement pour la carte de France."
    elif portees:
        suite = f"Départements où ce niveau se dessine : {', '.join(p for p in portees if p != FRANCE)}."
    else:
        publiees = consultation.list_mailles(indicateur.id)
        dessinees = ", ".join(m for m in publiees if name_fond(m, portee) in fonds) or "aucun"
        suite = f"Niveaux à choisir : {dessinees}. Les valeurs se lisent par « observatoire valeurs »."
    msg = f"Pas de carte au niveau « {maille} » {ou} : ses contours n'y sont pas. {suite}"
    raise AppelError(msg)


def _read_contexte(
    dossier: Path, fonds: Mapping[str, FondFichier], maille: Maille, departement: str | None
) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None, gpd.GeoDataFrame | None]:
    """Voisins, limite du territoire couvert, et filets qui aident à s'y retrouver."""
    portee = departement or FRANCE
    proches = fonds.get(name_fond("voisins", portee))
    voisins = _read_voisins(dossier, fonds, proches, departement) if proches else None
    lignes = read_limites(dossier, fonds[name_fond("limites", portee)])
    if departement is None:
        filet = Maille.REGION if maille in (Maille.DEPARTEMENT, Maille.REGION) else Maille.DEPARTEMENT
        surface = read_contours(dossier, fonds[name_fond(Maille.REGION, FRANCE)])
        return voisins, surface, lignes[lignes["sorte"] == filet]
    if maille is Maille.COMMUNE:
        # Les limites d'EPCI sont un contexte des communes ; elles brouilleraient un autre découpage.
        return voisins, None, lignes[lignes["sorte"] == Maille.EPCI]
    communes = read_contours(dossier, fonds[name_fond(Maille.COMMUNE, portee)])
    if maille is Maille.ARRONDISSEMENT_MUNICIPAL:
        # Une ville seule : ses voisines sont dans le département, et son contour suffit.
        return communes, None, None
    # Un EPCI à cheval déborde du département : la limite reste celle des communes de celui-ci.
    return voisins, communes, None


def _read_voisins(
    dossier: Path, fonds: Mapping[str, FondFichier], proches: FondFichier, departement: str | None
) -> gpd.GeoDataFrame:
    """Communes voisines, sur le fond des autres départements : le cadre est plein jusqu'au bord."""
    departements = read_contours(dossier, fonds[name_fond(Maille.DEPARTEMENT, FRANCE)])
    autres = departements[departements["code"] != departement]
    return pd.concat([autres, read_contours(dossier, proches)], ignore_index=True)
