"""Différences : ce qu'un dépôt changerait à ce qui est en ligne, sans rien publier.

Seuls les indicateurs que le dépôt touche, et leurs seules périodes touchées, sont recalculés, par le même
moteur et la même porte du secret que la publication. Le résultat est gardé avec le brouillon.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
import pyarrow.parquet as pq

from observatoire.catalogue.fige import dump_catalogue
from observatoire.config import Espace
from observatoire.publication.actifs import add_active, list_actives, load_catalogue_actif
from observatoire.publication.brouillons import brouillons_dir
from observatoire.publication.comparaison import COLONNES_LUES, Changement, compare_observations, join_lignes
from observatoire.publication.recalcul import recompute
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, find_depot
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import Publication, current_id, load_publication

_LIGNES, _FICHE = "differences.parquet", "differences.json"
_TEXTES_LUS = [c for c in COLONNES_LUES if c not in {"valeur", "borne_inf", "borne_sup"}]


@dataclass(frozen=True)
class Differences:
    """Différences entre deux états publiés, ou entre un brouillon et ce qui est en ligne.

    Attributes:
        avant: publication de départ ; vide s'il n'y en a pas.
        apres: dépôt, ou publication d'arrivée.
        lignes: une ligne par valeur qui change (``comparaison.COLONNES``).
        recalcules: indicateurs comparés.
        nouveaux: indicateurs que la publication de départ n'a pas.
        retires: indicateurs que celle d'arrivée n'a plus.
        refus: indicateurs que la porte du secret refuse, et pourquoi.
    """

    avant: str
    apres: str
    lignes: pd.DataFrame
    recalcules: tuple[str, ...] = ()
    nouveaux: tuple[str, ...] = ()
    retires: tuple[str, ...] = ()
    refus: dict[str, str] = field(default_factory=dict)

    @property
    def vide(self) -> bool:
        """Vrai si rien ne change."""
        return self.lignes.empty and not (self.nouveaux or self.retires or self.refus)

    @cached_property
    def resume(self) -> pd.DataFrame:
        """Par indicateur, niveau et période : ``gagne, perdu, revise, rupture, intervalle`` et ``ampleur_max``."""
        cle = ["indicateur", "maille", "periode"]
        noms = [str(c) for c in Changement]
        if self.lignes.empty:
            return pd.DataFrame(columns=[*cle, *noms, "ampleur_max"])
        marques = {nom: self.lignes.changement == nom for nom in noms}
        ampleur = self.lignes.ampleur.where(marques[Changement.REVISE], 0.0)
        compte = self.lignes[cle].assign(**marques, ampleur_max=ampleur)
        sommes = dict.fromkeys(noms, "sum") | {"ampleur_max": "max"}
        return compte.groupby(cle, observed=True).agg(sommes).reset_index()

    @cached_property
    def territoires(self) -> pd.DataFrame:
        """Profils touchés : ``maille, code_territoire, indicateurs, valeurs``, les plus touchés d'abord."""
        if self.lignes.empty:
            return pd.DataFrame(columns=["maille", "code_territoire", "indicateurs", "valeurs"])
        groupes = self.lignes.groupby(["maille", "code_territoire"], observed=True)
        comptes = groupes.agg(indicateurs=("indicateur", "nunique"), valeurs=("indicateur", "size")).reset_index()
        return comptes.sort_values(["indicateurs", "valeurs"], ascending=False, kind="stable", ignore_index=True)

    @property
    def revisions(self) -> pd.DataFrame:
        """Valeurs révisées, de la plus forte ampleur à la plus faible."""
        return self.lignes[self.lignes.changement == Changement.REVISE].reset_index(drop=True)

    def count(self, changement: Changement) -> int:
        """Nombre de valeurs d'un changement."""
        return int((self.lignes.changement == changement).sum())

    def to_dict(self, limite: int = 0) -> dict[str, object]:
        """Valeurs simples, prêtes pour JSON ; ``limite`` lignes au plus (0 : toutes)."""
        lignes = self.lignes.head(limite) if limite else self.lignes
        return {
            "avant": self.avant,
            "apres": self.apres,
            "vide": self.vide,
            "comptes": {str(c): self.count(c) for c in Changement},
            "recalcules": list(self.recalcules),
            "nouveaux": list(self.nouveaux),
            "retires": list(self.retires),
            "refus": self.refus,
            "territoires": len(self.territoires),
            "resume": json.loads(self.resume.to_json(orient="records")),
            "lignes": json.loads(lignes.to_json(orient="records")),
        }


def compute_differences(
    espace: Espace, depot_id: str, *, progression: Callable[[str], None] | None = None, force: bool = False
) -> Differences:
    """Compare un dépôt à ce qui est en ligne ; gardé, le résultat n'est refait que si l'un des deux a changé.

    Args:
        espace: espace de travail.
        depot_id: dépôt en brouillon.
        progression: appelée à chaque indicateur recalculé.
        force: recalcule même si le résultat gardé vaut encore.

    Raises:
        AppelError: le dépôt n'existe pas.
        PublicationError: son brouillon n'est plus là.
    """
    depot = find_depot(open_registres(espace), depot_id)
    publication = load_publication(espace) if current_id(espace) else None
    actives, _remplaces = add_active(espace, list_actives(espace), depot)
    catalogue = load_catalogue_actif(espace, actives)
    empreinte = hashlib.sha256(json.dumps(dump_catalogue(catalogue), sort_keys=True).encode()).hexdigest()
    cle = {"avant": publication.id if publication else "", "catalogue": empreinte}
    if not force and (gardees := _read_gardees(espace, depot, cle)):
        return gardees
    recalcul = recompute(espace, catalogue, depot, publication)
    morceaux, recalcules, nouveaux = [], [], []
    for indicateur, periodes, observations in recalcul.observations:
        if progression:
            progression(indicateur)
        recalcules.append(indicateur)
        if publication is None or indicateur not in publication.indicateurs:
            nouveaux.append(indicateur)
        avant = read_observations(espace, publication, indicateur, periodes)
        morceaux.append(compare_observations(avant, observations, indicateur))
    differences = Differences(
        avant=cle["avant"],
        apres=depot.id,
        lignes=join_lignes(morceaux),
        recalcules=tuple(recalcules),
        nouveaux=tuple(nouveaux),
        refus=recalcul.refus,
    )
    _keep(espace, depot, differences, cle)
    return differences


def compare_publications(
    espace: Espace, avant: Publication, apres: Publication, indicateurs: Collection[str] | None = None
) -> Differences:
    """Compare deux publications, valeur par valeur.

    Args:
        espace: espace de travail.
        avant: publication de départ.
        apres: publication d'arrivée.
        indicateurs: seulement ceux-là ; tous par défaut.
    """
    voulus = set(avant.indicateurs) | set(apres.indicateurs)
    voulus = voulus & set(indicateurs) if indicateurs is not None else voulus
    morceaux = [
        compare_observations(
            read_observations(espace, avant, indicateur), read_observations(espace, apres, indicateur), indicateur
        )
        for indicateur in sorted(voulus)
    ]
    return Differences(
        avant=avant.id,
        apres=apres.id,
        lignes=join_lignes(morceaux),
        recalcules=tuple(sorted(voulus)),
        nouveaux=tuple(sorted(voulus - set(avant.indicateurs))),
        retires=tuple(sorted(voulus - set(apres.indicateurs))),
    )


def read_observations(
    espace: Espace, publication: Publication | None, indicateur: str, periodes: Collection[str] | None = None
) -> pd.DataFrame:
    """Observations publiées d'un indicateur (``COLONNES_LUES``), à certaines périodes ou à toutes."""
    if publication is None:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in COLONNES_LUES})
    chemin = copies_dir(espace, publication.id) / "par_indicateur" / f"{indicateur}.parquet"
    if not chemin.is_file():
        return pd.DataFrame({c: pd.Series(dtype=object) for c in COLONNES_LUES})
    filtres = [("periode", "in", sorted(periodes))] if periodes is not None else None
    return pq.read_table(chemin, columns=COLONNES_LUES, filters=filtres, read_dictionary=_TEXTES_LUS).to_pandas()


def _keep(espace: Espace, depot: Depot, differences: Differences, cle: dict[str, str]) -> None:
    dossier = brouillons_dir(espace) / depot.id
    if not dossier.is_dir():
        return
    differences.lignes.to_parquet(dossier / _LIGNES)
    fiche = {
        "cle": cle,
        "recalcules": differences.recalcules,
        "nouveaux": differences.nouveaux,
        "refus": differences.refus,
    }
    (dossier / _FICHE).write_text(json.dumps(fiche, ensure_ascii=False), "utf-8")


def _read_gardees(espace: Espace, depot: Depot, cle: dict[str, str]) -> Differences | None:
    dossier = brouillons_dir(espace) / depot.id
    try:
        fiche = json.loads((dossier / _FICHE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if fiche["cle"] != cle:
        return None
    return Differences(
        avant=cle["avant"],
        apres=depot.id,
        lignes=pd.read_parquet(dossier / _LIGNES),
        recalcules=tuple(fiche["recalcules"]),
        nouveaux=tuple(fiche["nouveaux"]),
        refus=fiche["refus"],
    )
