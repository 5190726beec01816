"""Préparation d'une carte imprimée : tout ce qu'elle montre, lu dans une publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.portee import name_portee
from observatoire.analyse.resumes import (
    read_valeur_lue,
    write_deduction,
    write_intervalle,
    write_lecture,
    write_note_correction,
    write_statut,
)
from observatoire.cartes.contours import read_contours, read_limites
from observatoire.cartes.demande import CarteStatique, TerritoireChoisi
from observatoire.cartes.fond import FRANCE, FondFichier, load_index, name_fond
from observatoire.cartes.lecture import EtatCarte, LectureCarte, read_carte
from observatoire.cartes.mesures import NOMBRE, PART, has_nombre, read_mesure, read_references_mesure
from observatoire.cartes.phrase import write_phrase
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE
from observatoire.modeles.statuts import Statut

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
    mesure: str = PART,
    territoire: str = "",
    observatoire: str = "",
) -> CarteStatique:
    """Rassemble une carte à dessiner : contours, voisins, valeurs, phrase, source, repères, territoire choisi.

    Args:
        consultation: publication ouverte.
        indicateur: identifiant de l'indicateur.
        maille: niveau montré.
        departement: département couvert, la France entière sinon.
        periode: période montrée, la plus récente sinon.
        mesure: ``"part"``, ou ``"nombre"`` pour l'effectif d'une part, en symboles.
        territoire: code du territoire à cerner et à nommer.
        observatoire: nom de l'observatoire, écrit sur la carte.

    Raises:
        AppelError: indicateur, niveau, période, département ou territoire inconnus, niveau sans contours,
            nombre demandé à un indicateur qui n'en a pas.
    """
    fiche = consultation.find_indicateur(indicateur)
    nom = name_portee(consultation, departement)
    retenue = consultation.resolve_periode(fiche, maille, periode)
    decor = read_decor(consultation, fiche, maille, departement)
    check_mesure(fiche, mesure)
    montree, valeurs = read_mesure(consultation, fiche, mesure, maille, retenue, departement)
    references = read_references_mesure(consultation, fiche, montree, retenue, departement)
    lecture = read_carte(montree, valeurs, decor.contours["code"].tolist())
    return CarteStatique(
        indicateur=montree,
        maille=maille,
        periode=retenue,
        territoire=nom.territoire,
        territoire_de=nom.du_territoire,
        contours=decor.contours,
        valeurs=valeurs,
        source=consultation.name_source(montree, retenue),
        geographie=f"01/01/{consultation.publication.cog}",
        publication=consultation.publication.id,
        observatoire=observatoire,
        phrase=write_phrase(lecture, retenue, nom, references, maille, departement),
        reperes=tuple((r.libelle, r.lue.valeur) for r in references if r.lue.montrable and r.lue.valeur is not None),
        voisins=decor.voisins,
        limites=decor.limites,
        filets=decor.filets,
        choisi=_describe_choisi(consultation, lecture, maille, retenue, territoire) if territoire else None,
    )


@dataclass(frozen=True)
class Decor:
    """Contours d'une carte, et ce qui aide à s'y retrouver (``CarteStatique``)."""

    contours: gpd.GeoDataFrame
    voisins: gpd.GeoDataFrame | None
    limites: gpd.GeoDataFrame | None
    filets: gpd.GeoDataFrame | None


def read_decor(
    consultation: Consultation, indicateur: Indicateur, maille: Maille, departement: str | None = None
) -> Decor:
    """Contours d'un niveau, et leur contexte.

    Raises:
        AppelError: ce niveau n'a pas de contours ici ; le message dit où il en a.
    """
    dossier = consultation.espace.fonds
    fonds = load_index(dossier / consultation.publication.fonds)
    contours = read_contours(dossier, _find_fond(consultation, indicateur, maille, departement, fonds))
    return Decor(contours, *_read_contexte(dossier, fonds, maille, departement))


def check_mesure(indicateur: Indicateur, mesure: str) -> None:
    """Vérifie qu'une mesure peut être montrée.

    Raises:
        AppelError: mesure inconnue, ou nombre demandé à un indicateur qui n'en a pas.
    """
    if mesure not in (PART, NOMBRE):
        msg = f"La mesure « {mesure} » n'existe pas. Choisir « {PART} » ou « {NOMBRE} »."
        raise AppelError(msg)
    if mesure == NOMBRE and not has_nombre(indicateur):
        msg = f"« {indicateur.libelle_court} » n'a pas de nombre à montrer. Retirer « mesure={NOMBRE} »."
        raise AppelError(msg)


def _describe_choisi(
    consultation: Consultation, lecture: LectureCarte, maille: Maille, periode: str, code: str
) -> TerritoireChoisi:
    """Phrase du territoire choisi, ou le motif de son absence de valeur."""
    trouve = consultation.territoires.find(maille, code)
    libelle, indicateur = str(trouve.libelle), lecture.indicateur
    if code not in lecture.table.index:
        msg = f"« {libelle} » n'est pas sur cette carte. Retirer « territoire={code} », ou changer de département."
        raise AppelError(msg)
    ligne = {str(c): v for c, v in lecture.table.loc[code].items()}
    lue = read_valeur_lue(ligne, {m.code: m.libelle for m in indicateur.modalites})
    nom = name_territoire(libelle, trouve.type_liaison, maille)
    if ligne["etat"] == EtatCarte.MIXTE:
        return TerritoireChoisi(code, libelle, f"{libelle}{INSECABLE}: plusieurs catégories ({ligne['parts']}).")
    phrase, intervalle = write_lecture(indicateur, periode, nom, lue), write_intervalle(indicateur, lue)
    statut = f"Valeur estimée, {intervalle}." if intervalle and lue.statut == Statut.ESTIME else write_statut(lue)
    if not phrase:
        statut = f"{libelle}{INSECABLE}: {statut[:1].lower()}{statut[1:]}"
    suite = (write_deduction(indicateur, lue), write_note_correction(lue))
    return TerritoireChoisi(code, libelle, " ".join(filter(None, (phrase, statut, *suite))))


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
