"""Différences, en HTML : la phrase, les chiffres clés, les plus gros changements, les profils touchés."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np

from observatoire.errors import ObservatoireError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_ecart, format_nombre, format_periode, format_unite
from observatoire.modeles.statuts import DESCRIPTIONS, Statut
from observatoire.publication.comparaison import Changement

if TYPE_CHECKING:
    import pandas as pd

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.publication.differences import Differences

CHANGEMENTS_MONTRES = 30
PROFILS_MONTRES = 24


def write_phrase(differences: Differences) -> str:
    """« 3 indicateurs, 24 communes, 26 profils changent. »."""
    if differences.vide:
        return "Rien ne change : ce fichier dit la même chose que ce qui est en ligne."
    lignes = differences.lignes
    touches = set(lignes.indicateur.astype(str)) | set(differences.nouveaux) | set(differences.retires)
    communes = int(lignes.code_territoire[lignes.maille == Maille.COMMUNE].nunique())
    profils = len(differences.territoires)
    morceaux = [_count(len(touches), "indicateur", "indicateurs")]
    if communes:
        morceaux.append(_count(communes, "commune", "communes"))
    morceaux.append(_count(profils, "profil", "profils"))
    return f"{', '.join(morceaux)} {'changent' if profils + len(touches) + communes > 1 else 'change'}."


def render_cles(differences: Differences) -> str:
    """Chiffres clés."""
    gagnes, perdus = (_count_territoires(differences.lignes, c) for c in (Changement.GAGNE, Changement.PERDU))
    cles = (
        (gagnes, "territoire gagne une valeur", "territoires gagnent une valeur"),
        (perdus, "territoire perd une valeur", "territoires perdent une valeur"),
        (differences.count(Changement.REVISE), "valeur révisée", "valeurs révisées"),
        (differences.count(Changement.RUPTURE), "statut changé", "statuts changés"),
        (len(differences.nouveaux), "indicateur nouveau", "indicateurs nouveaux"),
    )
    return (
        '<ul class="atelier-cles">'
        + "".join(
            f"<li><strong>{format_nombre(n)}</strong> <span>{pluriel if n > 1 else singulier}</span></li>"
            for n, singulier, pluriel in cles
            if n
        )
        + "</ul>"
    )


def render_refus(differences: Differences, catalogue: Catalogue) -> str:
    """Indicateurs que la porte du secret refuse."""
    if not differences.refus:
        return ""
    lignes = "".join(
        f"<li><strong>{escape(_name(catalogue, i))}</strong> : {escape(raison)}</li>"
        for i, raison in differences.refus.items()
    )
    return f'<div class="atelier-refus-secret"><h3>Non publiables en l’état</h3><ul>{lignes}</ul></div>'


def render_changements(differences: Differences, catalogue: Catalogue, consultation: Consultation | None) -> str:
    """Valeurs qui changent, de la plus forte ampleur à la plus faible."""
    lignes = differences.lignes
    if lignes.empty:
        return ""
    # Les révisions d'abord, par ampleur ; un gain ou une perte n'a pas d'ampleur.
    ordre = np.lexsort((lignes.changement.astype(str).to_numpy(), -lignes.ampleur.to_numpy(dtype=float)))
    visibles = lignes.iloc[ordre[:CHANGEMENTS_MONTRES]]
    corps = "".join(_render_changement(ligne, catalogue, consultation) for ligne in visibles.to_dict("records"))
    entetes = "".join(
        f"<th scope=col{classe}>{titre}</th>"
        for titre, classe in (
            ("Territoire", ""), ("Indicateur", ""), ("Année", ""), ("En ligne", " class=atelier-nombre"),
            ("À venir", " class=atelier-nombre"), ("Écart", " class=atelier-nombre"), ("Changement", ""),
        )
    )  # fmt: skip
    dit = f"{format_nombre(len(visibles))} plus gros changements sur {format_nombre(len(lignes))}"
    if len(visibles) == len(lignes):
        dit = _count(len(lignes), "changement", "changements")
    return (
        '<div class="atelier-table atelier-changements" role="region" aria-label="Changements" tabindex="0"><table>'
        f"<caption>{dit}</caption><thead><tr>{entetes}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def render_profils(differences: Differences, consultation: Consultation | None) -> str:
    """Territoires dont la page change."""
    profils = differences.territoires
    if profils.empty:
        return ""
    visibles = profils.head(PROFILS_MONTRES).to_dict("records")
    liens = "".join(_render_profil(ligne, consultation) for ligne in visibles)
    reste = len(profils) - len(visibles)
    suite = f"<li>et {_count(reste, 'autre', 'autres')}</li>" if reste > 0 else ""
    titre = _count(len(profils), "profil touché", "profils touchés")
    liste = f'<ul class="atelier-profils">{liens}{suite}</ul>'
    return f'<details class="atelier-pli"><summary>{titre}</summary>{liste}</details>'


def name_territoire(consultation: Consultation | None, maille: str, code: str) -> str:
    """Nom d'un territoire publié ; son code à défaut."""
    if consultation is not None:
        try:
            return consultation.territoires.libelle(Maille(maille), code) or code
        except (ObservatoireError, KeyError, ValueError):
            return code
    return code


def format_lue(valeur: object, statut: object, indicateur: Indicateur | None) -> str:
    """Valeur écrite, ou le signe de son statut."""
    nombre = float("nan") if valeur is None else float(valeur)
    if np.isnan(nombre):
        description = DESCRIPTIONS[Statut(str(statut))] if str(statut) in set(Statut) else None
        return description.signe if description else "nd"
    decimales = indicateur.decimales if indicateur is not None else 1
    return format_nombre(nombre, decimales)


def _render_changement(ligne: dict[str, object], catalogue: Catalogue, consultation: Consultation | None) -> str:
    indicateur = catalogue.indicateurs.get(str(ligne["indicateur"]))
    maille, code = str(ligne["maille"]), str(ligne["code_territoire"])
    ecart = float(ligne["ecart"])
    dit = "" if np.isnan(ecart) else _write_ecart(ecart, indicateur)
    niveau = "" if maille == Maille.COMMUNE else f' <span class="obs-note">{escape(Maille(maille).libelle)}</span>'
    unite = f' <span class="obs-note">({escape(format_unite(indicateur.unite))})</span>' if indicateur else ""
    return (
        f'<tr data-code="{escape(code, quote=True)}" data-changement="{ligne["changement"]}">'
        f'<th scope=row data-titre="Territoire">{escape(name_territoire(consultation, maille, code))}{niveau}</th>'
        f'<td data-titre="Indicateur">{escape(_name(catalogue, str(ligne["indicateur"])))}{unite}</td>'
        f'<td data-titre="Année">{escape(format_periode(str(ligne["periode"])))}</td>'
        f'<td data-titre="En ligne" class="atelier-nombre">'
        f"{escape(format_lue(ligne['avant'], ligne['statut_avant'], indicateur))}</td>"
        f'<td data-titre="À venir" class="atelier-nombre"><strong>'
        f"{escape(format_lue(ligne['apres'], ligne['statut_apres'], indicateur))}</strong></td>"
        f'<td data-titre="Écart" class="atelier-nombre">{escape(dit)}</td>'
        f'<td data-titre="Changement">{Changement(str(ligne["changement"])).libelle}</td></tr>'
    )


def _write_ecart(ecart: float, indicateur: Indicateur | None) -> str:
    if indicateur is None:
        return format_nombre(ecart, 1)
    return format_ecart(ecart, indicateur.unite, indicateur.decimales)


def _render_profil(ligne: dict[str, object], consultation: Consultation | None) -> str:
    maille, code = str(ligne["maille"]), str(ligne["code_territoire"])
    nom = escape(name_territoire(consultation, maille, code))
    compte = _count(int(ligne["valeurs"]), "valeur", "valeurs")
    lien = f"territoire?{urlencode({'territoire': f'{maille}-{code}'})}"
    return f'<li><a href="{escape(lien, quote=True)}">{nom}</a> <span class="obs-note">{compte}</span></li>'


def _count_territoires(lignes: pd.DataFrame, changement: Changement) -> int:
    siennes = lignes[lignes.changement == changement]
    return len(siennes[["maille", "code_territoire"]].astype(str).drop_duplicates())


def _name(catalogue: Catalogue, identifiant: str) -> str:
    fiche = catalogue.indicateurs.get(identifiant)
    return fiche.libelle_court if fiche else identifiant


def _count(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{format_nombre(nombre)}{INSECABLE}{pluriel if nombre > 1 else singulier}"
