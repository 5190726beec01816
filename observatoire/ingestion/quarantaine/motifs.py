"""Motifs de quarantaine : ce qui est dit d'une table refusée, et jamais une de ses valeurs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from observatoire.ingestion.quarantaine.colonnes import Colonne


@dataclass(frozen=True)
class MotifQuarantaine:
    """Raison de refuser une table, ou de la regarder de près.

    Attributes:
        motif: identifiant stable de la règle (``nir``).
        colonne: nom de la colonne ; son rang seul, si ce nom est lui-même une valeur.
        lignes: nombre de lignes concernées.
        bloquant: vrai si la table est refusée.
        texte: phrase à montrer à qui dépose ; aucune valeur n'y figure.
    """

    motif: str
    colonne: str
    lignes: int
    bloquant: bool
    texte: str

    @property
    def personnel(self) -> bool:
        """Vrai si des personnes sont en cause ; faux pour une remarque sur la forme de la table entière."""
        return self.motif not in _MOTIFS_DE_FORME


class _Regle(NamedTuple):
    constat: str
    conseil: str


_AGREGER = "Demandez au producteur un tableau de comptes par territoire ; ce fichier n'a pas été gardé."
_RETIRER = "Cette colonne ne sera pas reprise ; demandez au producteur un fichier sans elle."

REGLES = {
    "nir": _Regle("des numéros de sécurité sociale", _AGREGER),
    "nir_sans_cle": _Regle("des numéros de la forme d'un numéro de sécurité sociale, sans leur clé", _AGREGER),
    "iban": _Regle("des numéros de compte bancaire", _AGREGER),
    "nom_prenom": _Regle("des noms et prénoms de personnes", _AGREGER),
    "civilite": _Regle("des personnes désignées par leur civilité et leur nom", _AGREGER),
    "date_naissance": _Regle("des dates de naissance complètes", _AGREGER),
    "adresse": _Regle("des adresses hors d'une liste de lieux", _AGREGER),
    "courriel": _Regle("des adresses électroniques", _AGREGER),
    "courriel_nominatif": _Regle("des adresses électroniques au nom d'une personne", _RETIRER),
    "courriel_service": _Regle("des adresses électroniques de service", _RETIRER),
    "telephone": _Regle("des numéros de téléphone", _AGREGER),
    "telephone_service": _Regle("des numéros de téléphone de service", _RETIRER),
    "allocataire": _Regle("des numéros d'allocataire", _AGREGER),
    "france_travail": _Regle("des identifiants de demandeur d'emploi", _AGREGER),
    "dossier": _Regle("des numéros de dossier", _AGREGER),
    "identifiant_personne": _Regle("des identifiants de personnes ou de foyers", _AGREGER),
    "coordonnees": _Regle("des coordonnées à moins de 100 m, hors d'une liste de lieux", _AGREGER),
    "lignes_individuelles": _Regle("une ligne par personne, sans effectif", _AGREGER),
    "effectif_un": _Regle("un effectif toujours égal à 1, donc une ligne par personne", _AGREGER),
    "quasi_identifiants": _Regle("des attributs de personnes dont les lignes se répètent, sans effectif", _AGREGER),
    "colonne_presque_unique": _Regle(
        "une valeur différente presque à chaque ligne, sans être un territoire",
        "Vérifiez que ce n'est pas un identifiant de personne.",
    ),
    "cle_non_unique": _Regle(
        "plusieurs lignes pour un même territoire, une même période et les mêmes modalités",
        "Déclarez la colonne qui les distingue, ou agrégez-les.",
    ),
    "effectif_absent": _Regle(
        "aucune colonne d'effectif ni de mesure", "Vérifiez que chaque ligne résume plusieurs personnes."
    ),
    "sans_territoire": _Regle("aucune colonne de territoire", "Indiquez la colonne du code de territoire."),
    "petits_effectifs": _Regle(
        "plus de trois cases sur dix entre 1 et 4",
        "Si ce sont des effectifs exacts, déposez le fichier comme convention : le secret y sera posé.",
    ),
    "inspection_impossible": _Regle(
        "une table qui n'a pas pu être inspectée",
        "Par prudence elle est refusée : signalez-le avec le type du fichier.",
    ),
}
"""Ce que dit chaque motif, et ce qu'il conseille."""


_MOTIFS_DE_FORME = frozenset(
    {"colonne_presque_unique", "cle_non_unique", "effectif_absent", "sans_territoire", "petits_effectifs"}
)


def build_motif(motif: str, colonne: Colonne | None, lignes: int, *, bloquant: bool) -> MotifQuarantaine:
    """Compose un motif ; son texte ne cite que la règle, la colonne et le nombre de lignes.

    Args:
        motif: clé de ``REGLES``.
        colonne: colonne en cause ; ``None`` si c'est la table entière.
        lignes: nombre de lignes concernées.
        bloquant: vrai si la table est refusée.
    """
    regle = REGLES[motif]
    nom = colonne.nom_sur if colonne is not None else ""
    lieu = f"la colonne « {nom} » contient" if nom else "la table contient"
    pluriel = "s" if lignes > 1 else ""
    texte = f"{lieu[0].upper()}{lieu[1:]} {regle.constat} ({lignes} ligne{pluriel}). {regle.conseil}"
    return MotifQuarantaine(motif=motif, colonne=nom, lignes=int(lignes), bloquant=bloquant, texte=texte)
