"""Fichiers d'une carte : images, classeur, CSV. Rien n'est préparé tant que personne ne les demande."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

from observatoire.analyse.portee import name_portee
from observatoire.app import cache
from observatoire.app.cache_images import get_cache, make_cle
from observatoire.cartes.lecture import read_carte
from observatoire.cartes.mesures import NOMBRE, read_mesure, read_references_mesure
from observatoire.cartes.phrase import write_phrase
from observatoire.cartes.preparation import prepare_carte
from observatoire.cartes.statique import render_carte
from observatoire.exports.csv_francais import write_csv
from observatoire.exports.noms_fichiers import name_fichier
from observatoire.exports.notice import Sujet, write_notice
from observatoire.exports.tableau import build_tableau
from observatoire.exports.tableur import write_classeur
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from observatoire.app.demandes import CarteDemandee
    from observatoire.cartes.demande import CarteStatique
    from observatoire.modeles.indicateurs import Indicateur

FORMATS = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""Extension et type de chaque fichier."""


def build_fichier(carte: CarteDemandee, genre: str) -> bytes:
    """Contenu d'un fichier (``FORMATS``), gardé sur le disque.

    Raises:
        AppelError: la carte ne peut pas être dessinée.
        TropDeDemandesError: trop de fichiers sont en préparation.
    """
    return keep(carte, f"carte.{genre}", lambda: _produce(carte, genre))


def _produce(carte: CarteDemandee, genre: str) -> bytes:
    if genre == "xlsx":
        return _build_classeur(carte)
    return _build_csv(carte) if genre == "csv" else render_carte(prepare(carte), genre)


def keep(carte: CarteDemandee, nom: str, produce: Callable[[], bytes]) -> bytes:
    """Rend un fichier d'une carte, du disque s'il y est déjà.

    Args:
        carte: carte vérifiée.
        nom: nature du fichier, « carte.png ».
        produce: le calcule.
    """
    return get_cache(carte.consultation.espace).get(make_cle_carte(carte, nom), nom.rpartition(".")[2], produce)


def make_cle_carte(carte: CarteDemandee, nom: str) -> str:
    """Empreinte de tout ce dont un fichier dépend : carte, publication, adresse, nom et logo de l'observatoire."""
    reglages = cache.get_reglages()
    logo = reglages.logo.stat().st_mtime_ns if reglages.logo else 0
    attentes = carte.consultation.attentes
    return make_cle({"nom": nom, "lien": carte.lien, "reglages": asdict(reglages), "logo": logo, "attentes": attentes})


def prepare(carte: CarteDemandee) -> CarteStatique:
    """Carte prête à dessiner, avec le nom de l'observatoire et son adresse durable.

    Raises:
        AppelError: ce niveau n'a pas de contours ici.
    """
    etat = carte.etat
    demande = prepare_carte(
        carte.consultation,
        etat.indicateur,
        carte.maille,
        departement=etat.departement_seul,
        periode=etat.periode,
        mesure=carte.mesure,
        territoire=etat.territoire,
        observatoire=cache.get_reglages().nom,
    )
    return replace(demande, lien=carte.lien if carte.base else "")


def name_carte(carte: CarteDemandee, genre: str) -> str:
    """Nom du fichier : ce qu'il montre, sans aucune valeur."""
    etat, consultation = carte.etat, carte.consultation
    indicateur = consultation.find_indicateur(etat.indicateur)
    nom = name_portee(consultation, etat.departement_seul).territoire
    choisi = consultation.territoires.libelle(carte.maille, etat.territoire) if etat.territoire else ""
    mesure = NOMBRE if carte.mesure == NOMBRE else ""
    return name_fichier(
        (indicateur.libelle_court, mesure, carte.maille.libelle_pluriel, nom, choisi, etat.periode), genre
    )


def _read(carte: CarteDemandee) -> tuple[Indicateur, pd.DataFrame]:
    etat, consultation = carte.etat, carte.consultation
    indicateur = consultation.find_indicateur(etat.indicateur)
    return read_mesure(consultation, indicateur, carte.mesure, carte.maille, etat.periode, etat.departement_seul)


def _build_csv(carte: CarteDemandee) -> bytes:
    indicateur, valeurs = _read(carte)
    notes = {
        "indicateur": indicateur.libelle,
        "unite": indicateur.unite,
        "periode": format_periode(carte.etat.periode),
        "source": carte.consultation.describe_source(indicateur, carte.etat.periode),
        "publication": carte.consultation.publication.id,
    }
    return write_csv(valeurs, notes).encode()


def _build_classeur(carte: CarteDemandee) -> bytes:
    consultation = carte.consultation
    indicateur, valeurs = _read(carte)
    sujet = Sujet(
        indicateur=indicateur,
        maille=carte.maille,
        periode=carte.etat.periode,
        nom=name_portee(consultation, carte.etat.departement_seul),
        phrase=_write_phrase(carte, indicateur, valeurs),
        observatoire=cache.get_reglages().nom,
        lien=carte.lien if carte.base else "",
    )
    tableau = build_tableau(indicateur, valeurs)
    notice = write_notice(consultation, sujet, tableau.statuts)
    return write_classeur(tableau, indicateur, notice, datetime.fromisoformat(consultation.publication.date))


def _write_phrase(carte: CarteDemandee, indicateur: Indicateur, valeurs: pd.DataFrame) -> str:
    """Phrase de tête de la carte, sans la dessiner."""
    etat, consultation = carte.etat, carte.consultation
    choisi = consultation.find_indicateur(etat.indicateur)
    references = read_references_mesure(consultation, choisi, indicateur, etat.periode, etat.departement_seul)
    codes = list(dict.fromkeys(valeurs["code_territoire"].tolist()))
    lecture = read_carte(indicateur, valeurs, codes)
    nom = name_portee(consultation, etat.departement_seul)
    return write_phrase(lecture, etat.periode, nom, references, carte.maille, etat.departement_seul)
