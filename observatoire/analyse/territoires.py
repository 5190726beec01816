"""Territoires publiés : retrouver, situer, lister par département."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from observatoire.analyse.rattachements import Rattachements
from observatoire.catalogue.proches import find_proche, normalise
from observatoire.errors import AppelError, TerritoireInconnuError
from observatoire.modeles.mailles import Maille


@dataclass(frozen=True)
class Territoires:
    """Territoires d'une publication.

    Attributes:
        table: ``store.schema.TERRITOIRES``.
        liens: ``store.schema.LIENS``.
    """

    table: pd.DataFrame
    liens: pd.DataFrame

    @cached_property
    def _rangs(self) -> dict[str, dict[str, int]]:
        return {}

    @cached_property
    def _listes(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    @cached_property
    def _par_maille(self) -> dict[str, pd.DataFrame]:
        groupes = self.table.sort_values("code").groupby("maille", sort=False)
        return {str(m): t.reset_index(drop=True) for m, t in groupes}

    def find(self, maille: Maille, code: str) -> pd.Series:
        """Territoire d'un niveau.

        Raises:
            TerritoireInconnuError: il n'existe pas ; le message propose le code le plus proche.
        """
        niveau = self._par_maille.get(str(maille), self.table.iloc[:0])
        if str(maille) not in self._rangs:
            # Chercher dans un index de 80 000 couples coûte une milliseconde par territoire nommé.
            self._rangs[str(maille)] = {c: rang for rang, c in enumerate(niveau.code.tolist())}
        rang = self._rangs[str(maille)].get(code)
        if rang is None:
            proche = find_proche(code, self.list_territoires(maille).code)
            suite = f" Vouliez-vous dire « {proche} » ?" if proche else ""
            msg = f"Aucun territoire de niveau « {maille.libelle} » n'a le code « {code} ».{suite}"
            raise TerritoireInconnuError(msg)
        return niveau.iloc[rang]

    def libelle(self, maille: Maille, code: str) -> str:
        """Nom d'un territoire."""
        return str(self.find(maille, code)["libelle"])

    def list_territoires(self, maille: Maille, departement: str | None = None) -> pd.DataFrame:
        """Territoires d'un niveau, triés par code, dans un département s'il est donné.

        Un territoire à cheval (EPCI) figure dans chacun des départements qu'il touche. Le tableau rendu
        est gardé en mémoire : il est à lire, jamais à changer.
        """
        tous = self._par_maille.get(str(maille), self.table.iloc[:0])
        if departement is None:
            return tous
        cle = (str(maille), departement)
        if cle not in self._listes:
            self.find(Maille.DEPARTEMENT, departement)
            retenus = tous.code.isin(self.codes_of_departement(maille, departement))
            self._listes[cle] = tous[retenus].reset_index(drop=True)
        return self._listes[cle]

    def list_codes(self, maille: Maille, departement: str | None = None) -> frozenset[str]:
        """Codes des territoires d'un niveau, dans un département s'il est donné ; gardés en mémoire."""
        cle = (str(maille), departement or "")
        if cle not in self._codes:
            self._codes[cle] = frozenset(self.list_territoires(maille, departement).code)
        return self._codes[cle]

    @cached_property
    def _codes(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    def codes_of_departement(self, maille: Maille, departement: str) -> list[str]:
        """Codes des territoires d'un niveau qui touchent un département."""
        if maille is Maille.DEPARTEMENT:
            return [departement]
        directs = self._par_maille[str(maille)]
        if directs.code_departement.notna().all():
            return directs.code[directs.code_departement == departement].tolist()
        communes = set(self.codes_of_departement(Maille.COMMUNE, departement))
        liens = self.liens_between(Maille.COMMUNE, maille)
        return sorted(set(liens.code_parent[liens.code_enfant.isin(communes)]))

    def liens_between(self, enfant: Maille, parent: Maille) -> pd.DataFrame:
        """Liens ``code_enfant, code_parent`` entre deux niveaux."""
        gardes = (self.liens.maille_enfant == enfant) & (self.liens.maille_parent == parent)
        return self.liens.loc[gardes, ["code_enfant", "code_parent"]]

    def parents_of(self, maille: Maille, code: str) -> dict[Maille, str]:
        """Territoires qui contiennent celui-ci, par niveau (un par niveau)."""
        siens = self.liens[(self.liens.maille_enfant == maille) & (self.liens.code_enfant == code)]
        return {Maille(m): c for m, c in zip(siens.maille_parent, siens.code_parent, strict=True)}

    @cached_property
    def rattachements(self) -> Rattachements:
        """Niveaux et liens par rangs, pour parcourir vite toute la France."""
        return Rattachements(self.table, self.liens)

    def departements(self) -> pd.DataFrame:
        """Départements, triés par code."""
        return self.list_territoires(Maille.DEPARTEMENT)


def parse_maille(texte: str) -> Maille:
    """Niveau géographique d'un mot de l'usager : « Communes », « département », « epci »…

    Raises:
        AppelError: aucun niveau ne porte ce nom ; le message propose le plus proche.
    """
    mot = normalise(texte)
    noms = {normalise(n): m for m in Maille for n in (str(m), m.libelle, m.libelle_pluriel)}
    if mot in noms:
        return noms[mot]
    proche = find_proche(mot, noms)
    suite = f" Vouliez-vous dire « {noms[proche]} » ?" if proche else ""
    msg = f"Le niveau « {texte} » n'existe pas. Niveaux : {', '.join(str(m) for m in Maille)}.{suite}"
    raise AppelError(msg)
