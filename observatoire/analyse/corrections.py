"""Chiffres corrigés : « corrigé le 12/03/2026, était 12,4 % », à côté du chiffre, partout où il paraît.

Elles sont gardées à côté de chaque publication (``store.corrections``) ; sans elles, rien n'a été corrigé.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.nombres import INSECABLE, format_date, format_nombre, format_valeur
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut
from observatoire.store.corrections import COLONNES, read_corrections

COLONNE = "correction"
"""Colonne de texte ajoutée aux valeurs, quand une au moins a été corrigée."""
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)
_LOT = ["indicateur", "maille", "periode"]


@dataclass(frozen=True)
class Correction:
    """Ce qu'un chiffre était avant d'être corrigé ; ``modalite`` est son ancienne catégorie, s'il en avait une."""

    corrige_le: date
    avant: float | None
    statut_avant: Statut
    modalite: str = ""
    motif: str = ""


@dataclass(frozen=True)
class Corrections:
    """Corrections d'une publication.

    Attributes:
        table: une ligne par correction (``store.corrections.COLONNES``), la dernière à la fin ; vide si rien
            n'a été corrigé.
    """

    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLONNES))

    @cached_property
    def _par_lot(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        """Lignes par indicateur, niveau et période ; d'un chiffre corrigé deux fois, la dernière l'emporte."""
        derniere = self.table.drop_duplicates([*_LOT, "code_territoire", "modalite"], keep="last")
        return {(str(i), str(m), str(p)): lot for (i, m, p), lot in derniere.groupby(_LOT, observed=True)}

    @cached_property
    def _lues(self) -> dict[tuple[str, str, str], dict[str, Correction]]:
        return {}

    def read_lot(self, indicateur: str, maille: str, periode: str) -> dict[str, Correction]:
        """Corrections d'un indicateur à un niveau et une période, par code de territoire."""
        cle = (indicateur, str(maille), periode)
        if self.table.empty or cle not in self._par_lot:
            return {}
        if cle not in self._lues:
            self._lues[cle] = _read_lot(self._par_lot[cle])
        return self._lues[cle]

    def mark(self, valeurs: pd.DataFrame, indicateurs: Mapping[str, Indicateur], **constantes: str) -> pd.DataFrame:
        """Ajoute la colonne ``correction`` si une valeur au moins a été corrigée ; sinon rend la table telle quelle.

        Args:
            valeurs: observations (``code_territoire, statut``, et ``valeur`` s'il y en a).
            indicateurs: fiches publiées.
            constantes: ``indicateur, maille, periode``, pour celles que la table n'a pas.
        """
        if self.table.empty or valeurs.empty:
            return valeurs
        codes, statuts = (valeurs[nom].to_numpy(dtype=object) for nom in ("code_territoire", "statut"))
        nombres = valeurs.get("valeur", pd.Series(np.nan, valeurs.index)).to_numpy(dtype=np.float64, na_value=np.nan)
        textes = np.full(len(valeurs), "", dtype=object)
        for (indicateur, maille, periode), rangs in _list_lots(valeurs, constantes):
            lot = self.read_lot(indicateur, maille, periode)
            fiche = indicateurs.get(indicateur)
            if not lot or fiche is None:
                continue
            textes[rangs] = [
                write_correction(fiche, lot[code], statut, nombre) if code in lot else ""
                for code, statut, nombre in zip(
                    codes[rangs].tolist(), statuts[rangs].tolist(), nombres[rangs].tolist(), strict=True
                )
            ]
        return valeurs.assign(**{COLONNE: textes}) if textes.any() else valeurs


def load_corrections(espace: Espace, publication: str) -> Corrections:
    """Lit les corrections d'une publication ; aucune si leur fichier n'existe pas."""
    return Corrections(read_corrections(espace, publication))


def write_correction(
    indicateur: Indicateur, correction: Correction, statut: str = "", valeur: float = float("nan")
) -> str:
    """« corrigé le 12/03/2026, était 12,4 % » ; vide si les deux chiffres s'écrivent pareil.

    L'ancien chiffre est tu quand la correction l'a masqué : le redire déferait le secret.

    Args:
        indicateur: fiche du chiffre.
        correction: ce qu'il était.
        statut: statut présent du chiffre.
        valeur: chiffre présent, s'il est connu.
    """
    tete = f"corrigé le {format_date(correction.corrige_le)}"
    if statut == str(Statut.SECRET):
        return tete
    if _is_same_ecrit(indicateur, correction, valeur):
        return ""
    avant = _write_avant(indicateur, correction)
    return f"{tete}, {avant}" if avant else tete


def shorten_corrections(textes: Sequence[str]) -> list[str]:
    """Garde la seule date : d'une part à un nombre, l'ancien chiffre ne se convertit pas."""
    return [texte.partition(", ")[0] for texte in textes]


def describe_corrections(
    corrections: Corrections, indicateur: Indicateur, maille: str, periode: str, lignes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any] | None]:
    """Corrections prêtes pour JSON, une par ligne de valeurs ; ``None`` si la ligne n'a pas été corrigée."""
    lot = corrections.read_lot(indicateur.id, maille, periode)
    return [
        _to_dict(indicateur, lot[ligne["code_territoire"]], ligne["statut"])
        if ligne["code_territoire"] in lot
        else None
        for ligne in lignes
    ]


def _list_lots(
    valeurs: pd.DataFrame, constantes: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:
    """Lignes de chaque couple d'indicateur, niveau et période."""
    variables = [c for c in _LOT if c not in constantes]
    if not variables:
        yield (constantes["indicateur"], constantes["maille"], constantes["periode"]), np.arange(len(valeurs))
        return
    for cle, rangs in valeurs.groupby(variables, observed=True).indices.items():
        lus = dict(zip(variables, cle if isinstance(cle, tuple) else (cle,), strict=True)) | dict(constantes)
        yield (str(lus["indicateur"]), str(lus["maille"]), str(lus["periode"])), np.asarray(rangs)


def _read_lot(lignes: pd.DataFrame) -> dict[str, Correction]:
    """Correction de chaque territoire ; celle d'une typologie a une ligne par catégorie, la plus grande part compte."""
    une = lignes.sort_values("ancienne", ascending=False, na_position="last", kind="stable")
    une = une.drop_duplicates("code_territoire")
    champs = ("code_territoire", "corrigee_le", "ancienne", "statut_ancien", "modalite", "motif")
    return {
        str(code): Correction(
            corrige_le=date.fromisoformat(str(jour)[:10]),
            avant=float(ancienne) if ancienne == ancienne else None,  # noqa: PLR0124 -- nan
            statut_avant=Statut(str(statut)),
            modalite=str(modalite or "") if ancienne > 0 else "",
            motif=str(motif or ""),
        )
        for code, jour, ancienne, statut, modalite, motif in zip(*(une[nom].tolist() for nom in champs), strict=True)
    }


def _write_avant(indicateur: Indicateur, correction: Correction) -> str:
    if correction.statut_avant is Statut.SECRET:
        return "était masqué"
    if correction.avant is None or str(correction.statut_avant) in _SANS_VALEUR:
        return f"était {correction.statut_avant.libelle}"
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        libelles = {m.code: m.libelle for m in indicateur.modalites}
        nom = libelles.get(correction.modalite, correction.modalite)
        return f"était «{INSECABLE}{nom}{INSECABLE}»" if nom else ""
    return f"était {format_valeur(correction.avant, indicateur.unite, indicateur.decimales)}"


def _is_same_ecrit(indicateur: Indicateur, correction: Correction, valeur: float) -> bool:
    """Vrai si l'ancien et le nouveau chiffre s'écrivent pareil : « 11,7 %, était 11,7 % » n'apprend rien."""
    if correction.avant is None or not np.isfinite(valeur) or indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return False
    return format_nombre(valeur, indicateur.decimales) == format_nombre(correction.avant, indicateur.decimales)


def _to_dict(indicateur: Indicateur, correction: Correction, statut: str) -> dict[str, Any]:
    tu = statut == str(Statut.SECRET) or str(correction.statut_avant) in _SANS_VALEUR
    return {
        "corrige_le": correction.corrige_le.isoformat(),
        "avant": None if tu else correction.avant,
        "statut_avant": str(correction.statut_avant),
        "motif": correction.motif,
        "texte": write_correction(indicateur, correction, statut),
    }
