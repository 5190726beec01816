"""Territoire choisi sur une carte : sa valeur, ses deux références, ses ressources liées, ses lieux."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from observatoire.analyse.articles import NomTerritoire, name_territoire
from observatoire.analyse.liees import list_liees
from observatoire.analyse.portee import CODE_FRANCE, Reference
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue
from observatoire.cartes.mesures import choose_conversion
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.vues import VueCarte

NOMBRE_DE_REFERENCES = 2
_NIVEAUX_DE_REFERENCE = {
    Maille.COMMUNE: (Maille.EPCI, Maille.DEPARTEMENT, Maille.FRANCE),
    Maille.DEPARTEMENT: (Maille.REGION, Maille.FRANCE),
    Maille.REGION: (Maille.FRANCE,),
}
_NIVEAUX_PAR_DEFAUT = (Maille.DEPARTEMENT, Maille.FRANCE)
"""Un EPCI ou un canton se compare au département de la carte, puis à la France."""


class RessourceLue(NamedTuple):
    """Ressource liée à un besoin, à sa période la plus récente dans ce territoire."""

    indicateur: Indicateur
    periode: str
    lue: ValeurLue


class LieuxComptes(NamedTuple):
    """Nombre de lieux d'un type, avec le nom qui s'accorde."""

    libelle: str
    nombre: int


@dataclass(frozen=True)
class TerritoireChoisi:
    """Ce que la page Carte dit du territoire choisi.

    ``lues`` est une valeur, ou une par catégorie, la plus grande part d'abord.
    """

    maille: Maille
    code: str
    libelle: str
    nom: NomTerritoire
    lues: tuple[ValeurLue, ...]
    references: tuple[Reference, ...]
    liees: tuple[RessourceLue, ...]
    lieux: tuple[LieuxComptes, ...]


def read_choisi(consultation: Consultation, vue: VueCarte, code: str) -> TerritoireChoisi:
    """Rassemble ce qui se dit d'un territoire choisi.

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
    """
    maille = Maille(vue.cle.maille)
    territoire = consultation.territoires.find(maille, code)
    libelle = str(territoire.libelle)
    return TerritoireChoisi(
        maille=maille,
        code=code,
        libelle=libelle,
        nom=name_territoire(libelle, territoire.type_liaison, maille),
        lues=_read_lues(vue, code),
        references=_read_references(consultation, vue, maille, code),
        liees=_read_liees(consultation, vue.choisi, maille, code),
        lieux=count_lieux(consultation, maille, code),
    )


def _read_lues(vue: VueCarte, code: str) -> tuple[ValeurLue, ...]:
    modalites = {m.code: m.libelle for m in vue.indicateur.modalites}
    lignes = vue.valeurs[vue.valeurs.code_territoire == code].to_dict("records")
    lues = [read_valeur_lue(ligne, modalites) for ligne in lignes]
    return tuple(sorted(lues, key=lambda lue: -(lue.valeur or 0.0)))


def _read_references(consultation: Consultation, vue: VueCarte, maille: Maille, code: str) -> tuple[Reference, ...]:
    """Deux territoires plus larges au plus, ceux où l'indicateur est publié cette année-là."""
    montre, periode = vue.indicateur, vue.cle.periode
    if montre.type_mesure is TypeMesure.TYPOLOGIE:
        return ()
    points = [
        (niveau, parent)
        for niveau in _NIVEAUX_DE_REFERENCE.get(maille, _NIVEAUX_PAR_DEFAUT)
        if periode in consultation.list_periodes(montre.id, niveau)
        and (parent := _find_parent(consultation, vue, maille, code, niveau))
    ]
    if not points:
        return ()
    lues = consultation.read_points(montre, periode, points)
    convert = choose_conversion(vue.choisi, montre)
    lignes = {
        (str(ligne["maille"]), str(ligne["code_territoire"])): ligne
        for ligne in (convert(lues) if convert else lues).to_dict("records")
    }
    trouvees = (
        Reference(niveau, consultation.territoires.libelle(niveau, parent), read_valeur_lue(lignes[niveau, parent]))
        for niveau, parent in points
        if (str(niveau), parent) in lignes
    )
    return tuple(r for r in trouvees if r.lue.montrable)[:NOMBRE_DE_REFERENCES]


def _find_parent(consultation: Consultation, vue: VueCarte, maille: Maille, code: str, niveau: Maille) -> str | None:
    if niveau is Maille.FRANCE:
        return CODE_FRANCE
    if maille in (Maille.COMMUNE, Maille.DEPARTEMENT):
        parents = consultation.territoires.rattachements.between(maille, niveau).list_parents(pd.Index([code]))
        return str(parents[0]) if len(parents) else None
    # Un EPCI à cheval n'a pas de département à lui : celui de la carte, s'il y en a un.
    return vue.cle.departement_seul if niveau is Maille.DEPARTEMENT else None


def _read_liees(consultation: Consultation, besoin: Indicateur, maille: Maille, code: str) -> tuple[RessourceLue, ...]:
    """Ressources liées publiées à ce niveau, dans l'ordre de la fiche ; toutes lues en une fois."""
    voulues = list_liees(consultation, besoin, maille)
    if not voulues:
        return ()
    table = consultation.read_territoire(maille, code)
    lignes = {
        (str(ligne["indicateur"]), str(ligne["periode"])): ligne
        for ligne in table[table.indicateur.isin([r.id for r, _ in voulues])].to_dict("records")
    }
    absente = ValeurLue(None, "non_disponible")
    return tuple(
        RessourceLue(r, p, read_valeur_lue(lignes[r.id, p]) if (r.id, p) in lignes else absente) for r, p in voulues
    )


def count_lieux(consultation: Consultation, maille: Maille, code: str) -> tuple[LieuxComptes, ...]:
    """Lieux de ressource d'un territoire, par type ; un type sans lieu ici n'est pas nommé.

    Un type absent ne veut pas dire « aucun » : sa source peut ne pas couvrir ce territoire.
    """
    table = consultation.ressources
    communes = pa.array(_list_communes(consultation, maille, code), pa.string())
    uniques = pc.equal(pc.fill_null(pa.array(table.doublon_de, pa.string()), ""), "")
    dedans = pc.and_(pc.is_in(pa.array(table.code_commune, pa.string()), communes), uniques)
    comptes = Counter(pc.filter(pa.array(table.type, pa.string()), dedans).to_pylist())
    declarees = (s.ressource for s in consultation.catalogue.sources.values() if s.ressource)
    return tuple(
        LieuxComptes(r.libelle_pluriel if comptes[r.type] > 1 else r.libelle, comptes[r.type])
        for r in sorted(declarees, key=lambda r: r.libelle_pluriel)
        if comptes[r.type]
    )


def _list_communes(consultation: Consultation, maille: Maille, code: str) -> list[str]:
    if maille is Maille.COMMUNE:
        return [code]
    if maille not in MAILLES_DEPUIS_COMMUNE or maille is Maille.FRANCE:
        return []
    return consultation.territoires.rattachements.between(Maille.COMMUNE, maille).list_enfants(code).tolist()
