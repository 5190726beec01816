"""Entrepôt synthétique au format réel : 200 indicateurs, 5 périodes, tous les territoires de France.

Les deux copies sont écrites par les fonctions mêmes de l'entrepôt ; seules les valeurs sont tirées au
hasard, à graine fixe. Tout tient dans deux gigaoctets : chaque fichier est découpé dans un même cube.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.machine import RACINE
from observatoire.config import COG_CIBLE, Espace
from observatoire.store import diffusion, schema
from observatoire.store.schema import OBSERVATIONS

CACHE = RACINE / ".cache" / "bench"
PUBLICATION = "synthese"
MAILLES = ("commune", "departement", "epci", "france", "region")
"""Dans l'ordre de la copie par indicateur."""
LIGNES_PAR_LOT = 1_500_000


@dataclass(frozen=True)
class Taille:
    """Dimensions de l'entrepôt."""

    indicateurs: int = 200
    periodes: int = 5
    territoires: int | None = None
    """Nombre de communes gardées ; toutes par défaut."""


class Synthese:
    """Cube de valeurs et territoires, d'où chaque fichier est découpé."""

    def __init__(self, taille: Taille) -> None:
        """Tire les valeurs."""
        self.territoires = _read_territoires(taille.territoires)
        self.indicateurs = [f"indicateur_{i:03d}" for i in range(taille.indicateurs)]
        self.periodes = [str(2023 - taille.periodes + i) for i in range(taille.periodes)]
        hasard = np.random.default_rng(20261122)
        forme = (len(self.indicateurs), len(self.periodes), len(self.territoires))
        self.valeurs = hasard.gamma(4.0, 5.0, size=forme).astype(np.float32)
        # Une part de secret et d'intervalles, comme dans une vraie publication.
        self.secrets = hasard.random(forme, dtype=np.float32) < 0.05
        self.denominateurs = np.round(hasard.lognormal(6.0, 1.3, size=forme[1:]))

    @property
    def lignes(self) -> int:
        """Nombre d'observations."""
        return self.valeurs.size

    def build(self, indicateur: np.ndarray, periode: np.ndarray, territoire: np.ndarray) -> pa.Table:
        """Table d'observations pour ces rangs, un par ligne."""
        denominateurs = self.denominateurs[periode, territoire]
        secrets = self.secrets[indicateur, periode, territoire]
        valeurs = np.round(self.valeurs[indicateur, periode, territoire].astype(float), 3)
        estimees = valeurs > 45
        nombre = len(valeurs)
        colonnes = {
            "indicateur": _take(self.indicateurs, indicateur),
            "maille": _take(self.territoires.maille.tolist(), territoire),
            "code_territoire": _take(self.territoires.code.tolist(), territoire),
            "periode": _take(self.periodes, periode),
            "modalite": _repeat("", nombre),
            "cog": _repeat(COG_CIBLE, nombre),
            "valeur": pa.array(valeurs, mask=secrets),
            "borne_inf": pa.array(np.where(estimees, valeurs * 0.9, valeurs), mask=secrets),
            "borne_sup": pa.array(np.where(estimees, valeurs * 1.1, valeurs), mask=secrets),
            "numerateur": pa.array(np.round(valeurs * denominateurs / 100), mask=secrets),
            "denominateur": pa.array(denominateurs, mask=secrets),
            "periode_denominateur": _take(self.periodes, periode),
            "statut": _take(["publie", "estime", "secret"], np.where(secrets, 2, np.where(estimees, 1, 0))),
            "marques": _repeat("", nombre),
            "couverture": pa.array(np.where(secrets, 0.0, 1.0)),
        }
        return pa.table(colonnes).cast(OBSERVATIONS)


def ensure_synthese(taille: Taille, dossier: Path = CACHE) -> tuple[Espace, Path]:
    """Espace synthétique et grand fichier unique ; écrits une fois, gardés ensuite."""
    # La façon d'écrire fait partie du nom : une disposition changée refait l'entrepôt.
    code = b"".join(Path(m.__file__).read_bytes() for m in (diffusion, schema))
    nom = f"synthese-{taille.indicateurs}x{taille.periodes}x{taille.territoires or 'FR'}"
    racine = dossier / f"{nom}-{hashlib.sha256(code).hexdigest()[:8]}"
    espace = Espace(racine)
    copies = diffusion.copies_dir(espace, PUBLICATION)
    grand = racine / "grand.parquet"
    if not (racine / "fini").is_file():
        for ancienne in dossier.glob(f"{nom}-*"):
            shutil.rmtree(ancienne, ignore_errors=True)
        synthese = Synthese(taille)
        print(f"  Entrepôt synthétique : {synthese.lignes:,} lignes".replace(",", " "))
        _write_par_indicateur(synthese, copies / "par_indicateur", grand)
        _write_par_territoire(synthese, copies / "par_territoire")
        (racine / "fini").touch()
    return espace, grand


def _write_par_indicateur(synthese: Synthese, dossier: Path, grand: Path) -> None:
    dossier.mkdir(parents=True)
    territoires = synthese.territoires
    # Ordre de la copie : maille, période, code.
    rangs = [
        (p, territoires.index[territoires.maille == maille].to_numpy())
        for maille in MAILLES
        for p in range(len(synthese.periodes))
    ]
    periode = np.concatenate([np.full(len(r), p) for p, r in rangs])
    territoire = np.concatenate([r for _, r in rangs])
    with pq.ParquetWriter(grand, OBSERVATIONS, compression="zstd") as ecrivain:
        for i, nom in enumerate(synthese.indicateurs):
            table = synthese.build(np.full(len(periode), i), periode, territoire)
            diffusion.write_copie(table, dossier / f"{nom}.parquet")
            ecrivain.write_table(table)
            _show("par indicateur", i + 1, len(synthese.indicateurs))


def _write_par_territoire(synthese: Synthese, dossier: Path) -> None:
    seaux = synthese.territoires.code.map(schema.bucket_of)
    par_territoire = len(synthese.indicateurs) * len(synthese.periodes)
    lot: list[np.ndarray] = []
    groupes = list(synthese.territoires.groupby(seaux).groups.values())
    for fait, groupe in enumerate(groupes, start=1):
        lot.append(groupe.to_numpy())
        if fait < len(groupes) and sum(map(len, lot)) * par_territoire < LIGNES_PAR_LOT:
            continue
        territoires = np.concatenate(lot)
        ind, per, ter = np.meshgrid(
            np.arange(len(synthese.indicateurs)), np.arange(len(synthese.periodes)), territoires, indexing="ij"
        )
        table = synthese.build(ind.ravel(), per.ravel(), ter.ravel())
        diffusion._write_par_territoire([table], dossier)  # noqa: SLF001 -- la disposition même de l'entrepôt
        lot = []
        _show("par territoire", fait, len(groupes))


def _read_territoires(communes: int | None) -> pd.DataFrame:
    territoires = pd.read_parquet(Espace(RACINE).referentiel / "territoires.parquet", columns=["cog", "maille", "code"])
    actuels = territoires[(territoires.cog.astype(str) == COG_CIBLE) & territoires.maille.isin(MAILLES)]
    territoires = actuels.drop_duplicates().sort_values(["maille", "code"])
    if communes is not None:
        garde = (territoires.maille != "commune") | (territoires.groupby("maille").cumcount() < communes)
        territoires = territoires[garde]
    return territoires.reset_index(drop=True)


def _take(valeurs: list[str], rangs: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(rangs, pa.int32()), pa.array(valeurs)).cast(pa.string())


def _repeat(texte: str, nombre: int) -> pa.Array:
    return pa.repeat(pa.scalar(texte), nombre)


def _show(quoi: str, fait: int, total: int) -> None:
    if sys.stdout.isatty() or fait % 50 == 0 or fait == total:
        print(f"\r  {quoi} : {fait}/{total}   ", end="" if fait < total else "\n", flush=True)
