"""Vue d'une table par la quarantaine : ses colonnes, et ce que chacune y tient (territoire, période, mesure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.quarantaine.colonnes import Colonne, build_colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.prenoms import Jetons
from observatoire.modeles.sources import Source
from observatoire.modeles.tables import TableLue

PART_FORME = 0.9
"""Part des valeurs qui doivent avoir une forme pour qu'une colonne soit de cette forme."""

PART_UNIQUE = 0.95
"""Au-delà, une colonne est presque unique."""

_LETTRES_DU_TEXTE = 0.5
_ATTRIBUTS_COMPTES = (
    *("nb_enfant", "nombre_enfant", "nombre_d_enfant", "nb_pers", "taille", "quotient"),
    *("date_", "dt_", "heure", "type_"),
)
"""Débuts de noms qui décrivent une personne ou un dossier, même s'ils ressemblent à une mesure."""

_ENTIERS_COURTS = 4
_FORME_TERRITOIRE = (
    # Commune ou arrondissement, IRIS, quartier prioritaire, EPCI (SIREN de syndicat), carreau.
    r"^(?:(?:0[1-9]|[1-8]\d|9[0-5]|2[AaBb]|97[1-8])\d{2,3}|(?:0[1-9]|[1-8]\d|9[0-5]|2[AaBb]|97[1-8])\d{6,7}|"
    r"QP\d{6}|QN\d{6}\w?|2[04]\d{7}|CRS3035RES\w+|\d{4}-(?:COM|DEP|REG|EPCI|ARM|IRIS)-\w+)$"
)


@dataclass(frozen=True, eq=False, repr=False)
class VueTable:
    """Table réduite à ses colonnes vues, avec ce qu'on déduit d'elles une fois pour toutes.

    Attributes:
        colonnes: colonnes qui ont au moins une valeur.
        lignes: nombre de lignes de données.
        source: déclaration de la source, si elle est connue.
    """

    colonnes: tuple[Colonne, ...]
    lignes: int
    source: Source | None

    def __repr__(self) -> str:
        """Dimensions seulement : une valeur n'a pas à paraître dans une trace."""
        return f"VueTable({len(self.colonnes)} colonnes, {self.lignes} lignes)"

    def select(self, nature: Nature) -> list[Colonne]:
        """Colonnes dont l'en-tête annonce une nature."""
        return [c for c in self.colonnes if nature in c.natures]

    @cached_property
    def liste_de_lieux(self) -> bool:
        """Vrai si chaque ligne est un lieu (école, France services…)."""
        from observatoire.ingestion.quarantaine.lieux import is_liste_de_lieux

        return is_liste_de_lieux(self)

    @cached_property
    def jetons(self) -> dict[int, Jetons]:
        """Mots des colonnes de texte, par rang."""
        return {c.rang: Jetons(c.distinctes) for c in self.colonnes if is_texte(c)}

    @cached_property
    def territoires(self) -> list[Colonne]:
        """Colonnes de territoire : celles que déclare la source, puis par leur en-tête, puis par leurs codes."""
        declaree = self.source.colonne_code if self.source else None
        trouvees = [
            c
            for c in self.colonnes
            if c.nom == declaree
            or (
                {Nature.TERRITOIRE, Nature.NOM_TERRITOIRE} & c.natures
                and not is_decimale(c)
                and not {Nature.NOM_COMPLET, Nature.NOM_PERSONNE, Nature.PRENOM} & c.natures
            )
            or self._has_forme_territoire(c)
        ]
        return [c for c in trouvees if not self._is_nom_de_personne(c)]

    @staticmethod
    def _has_forme_territoire(colonne: Colonne) -> bool:
        return (
            colonne.longueur_max > _ENTIERS_COURTS
            and not colonne.decimale
            and not colonne.natures
            and colonne.share(colonne.match(_FORME_TERRITOIRE, longueur_min=_ENTIERS_COURTS)) >= PART_UNIQUE
        )

    def _is_nom_de_personne(self, colonne: Colonne) -> bool:
        # « nom » et « raison sociale » peuvent être ceux d'un territoire, ou d'une personne : les valeurs tranchent.
        if colonne.forme not in {"nom", "libelle", "lib"} or colonne.rang not in self.jetons:
            return False
        return bool(self.select(Nature.PRENOM)) or colonne.share(self.jetons[colonne.rang].nom_complet) >= PART_FORME

    @cached_property
    def codes(self) -> list[Colonne]:
        """Colonnes de codes de territoire : des chiffres surtout, et pas un simple nom."""
        return [c for c in self.territoires if c.chiffres > c.lettres]

    @cached_property
    def periodes(self) -> list[Colonne]:
        """Colonnes de période, jamais celles d'une naissance."""
        personnelles = {Nature.DATE_NAISSANCE, Nature.ANNEE_NAISSANCE, Nature.ATTRIBUT}
        return [c for c in self.select(Nature.PERIODE) if not personnelles & c.natures]

    @cached_property
    def mesures(self) -> list[Colonne]:
        """Colonnes d'effectif ou de mesure annoncées par leur en-tête, et faites de nombres."""
        exclues = {Nature.SEXE, Nature.AGE, Nature.ANNEE_NAISSANCE, Nature.DATE_NAISSANCE}
        return [
            c
            for c in self.select(Nature.MESURE)
            if not exclues & c.natures
            and not _is_attribut_compte(c)
            and c.chiffres > c.lettres
            and not (c.lettres and c.share(c.match(r"^\w*\d[A-Za-z]|^[A-Za-z]+\w*\d")) > 1 - PART_FORME)
        ]

    @cached_property
    def lignes_par_territoire(self) -> bool:
        """Vrai si chaque ligne est un territoire (et une période) : la forme d'un tableau déjà agrégé."""
        periodes = self.periodes
        return any(
            self.count_cles([c, *periodes]) >= PART_UNIQUE * c.lignes_remplies
            for c in self.territoires
            if c.lignes_remplies >= PART_FORME * self.lignes
        )

    def count_cles(self, colonnes: Sequence[Colonne]) -> int:
        """Nombre de combinaisons distinctes de plusieurs colonnes."""
        if not colonnes:
            return 1
        return int(self.number_cles(colonnes).max(initial=-1)) + 1

    def number_cles(self, colonnes: Sequence[Colonne]) -> NDArray[np.int64]:
        """Numéro, par ligne, de la combinaison de plusieurs colonnes."""
        cles = np.zeros(self.lignes, dtype=np.int64)
        for colonne in colonnes:
            cles = cles * (len(colonne.distinctes) + 1) + colonne.rangs + 1
            if len(colonnes) > 1:
                cles = np.unique(cles, return_inverse=True)[1].astype(np.int64)
        return cles

    def is_libelle_territoire(self, colonne: Colonne) -> bool:
        """Vrai si la colonne ne fait que nommer un code de territoire de la table (un nom par code)."""
        return any(
            code is not colonne and self.count_cles([code, colonne]) <= len(code.distinctes) * 1.02 + 1
            for code in self.codes
        )


def _is_attribut_compte(colonne: Colonne) -> bool:
    return colonne.forme.startswith(_ATTRIBUTS_COMPTES)


def is_texte(colonne: Colonne) -> bool:
    """Vrai si la colonne est faite de lettres plus que de chiffres."""
    total = int(colonne.octets.sum())
    return total > 0 and colonne.lettres >= _LETTRES_DU_TEXTE * total


def is_decimale(colonne: Colonne) -> bool:
    """Vrai si la colonne est faite de nombres à décimales."""
    return colonne.a_decimales


def build_vue(table: TableLue, source: Source | None) -> VueTable:
    """Prépare une table : une seule passe d'encodage par colonne."""
    toutes = [
        build_colonne(rang, nom, valeurs)
        for rang, (nom, valeurs) in enumerate(zip(table.donnees.column_names, table.donnees.columns, strict=True), 1)
    ]
    remplies = [c for c in toutes if c.lignes_remplies]
    if any(c.has_nom_de_valeur for c in remplies):
        # L'en-tête est peut-être la première personne : aucun de ses mots ne sera cité.
        remplies = [replace(c, entete_sure=False) for c in remplies]
    return VueTable(colonnes=tuple(remplies), lignes=table.donnees.num_rows, source=source)
