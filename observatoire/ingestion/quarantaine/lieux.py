"""Liste de lieux : écoles, France services, maternités… dont les adresses ne sont pas celles de personnes."""

from __future__ import annotations

from stdnum import luhn

from observatoire.ingestion.quarantaine.attributs import list_attributs
from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable, is_texte

_SIGNAUX = 2
_ATTRIBUTS_MAX = 1
_PART_LIEU = 0.6
_PART_MOTS_DE_LIEU = 0.4
_CHIFFRES_SIRET = 14
_EXAMINES_SIRET = 200
_NOMS_NEUTRES = frozenset({"nom", "libelle", "lib", "raison_sociale"})
_LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"


def is_liste_de_lieux(vue: VueTable) -> bool:
    """Vrai si chaque ligne est un lieu : identifiant, nom ou horaires d'établissement, presque uniques.

    Une source qui déclare des ressources est une liste de lieux ; une table qui porte plusieurs
    attributs de personnes n'en est jamais une.
    """
    if vue.source is not None and vue.source.ressource is not None:
        return True
    if len(list_attributs(vue)) > _ATTRIBUTS_MAX:
        return False
    reperes = [c for c in vue.colonnes if is_uai(c) or _is_siret(c)]
    annonces = [c for nature in (Nature.ID_LIEU, Nature.NOM_LIEU) for c in vue.select(nature)]
    nommees = [c for c in vue.colonnes if _is_nom_de_lieu(vue, c)]
    signaux = len(reperes) + _SIGNAUX * len(nommees)
    signaux += sum(bool(vue.select(n)) for n in (Nature.ID_LIEU, Nature.NOM_LIEU, Nature.HORAIRES))
    candidates = {c.rang: c for c in [*reperes, *annonces, *nommees]}.values()
    return signaux >= _SIGNAUX and any(
        vue.count_cles([c, *vue.periodes]) >= _PART_LIEU * vue.lignes for c in candidates
    )


def is_uai(colonne: Colonne) -> bool:
    """Vrai si la colonne est faite d'identifiants d'établissements scolaires, lettre de contrôle comprise."""
    formees = colonne.match(r"^\d{7}[A-Za-z]$", longueur_min=8, longueur_max=8)
    if colonne.share(formees) < PART_FORME:
        return False
    valeurs = colonne.take(formees)
    justes = sum(_LETTRES_UAI[int(v[:7]) % len(_LETTRES_UAI)] == v[7].upper() for v in valeurs)
    return justes >= PART_FORME * len(valeurs)


def _is_siret(colonne: Colonne) -> bool:
    formees = colonne.match(r"^\d{14}$", longueur_min=_CHIFFRES_SIRET, longueur_max=_CHIFFRES_SIRET)
    if colonne.share(formees) < PART_FORME:
        return False
    valeurs = colonne.take(formees)[:_EXAMINES_SIRET]
    return sum(luhn.is_valid(v) for v in valeurs) >= PART_FORME * len(valeurs)


def _is_nom_de_lieu(vue: VueTable, colonne: Colonne) -> bool:
    if not is_texte(colonne) or Nature.ADRESSE in colonne.natures:
        return False
    if Nature.NOM_TERRITOIRE in colonne.natures and colonne.forme not in _NOMS_NEUTRES:
        return False
    # « 12 rue de la Gare » a des mots de lieu, mais c'est une adresse.
    if colonne.share(colonne.match(r"^\d")) > 1 - _PART_LIEU:
        return False
    return colonne.part_distincte > _PART_LIEU and colonne.share(vue.jetons[colonne.rang].lieu) >= _PART_MOTS_DE_LIEU
