"""Fonds de carte : les géométries, écrites une fois comme fichiers statiques au nom haché."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from observatoire.cartes.actifs import Actif, write_actif
from observatoire.cartes.couvertures import (
    PROJECTION_METROPOLE,
    departement_of,
    dissolve,
    extract_interieures,
    extract_pourtour,
    find_voisins,
    load_couvertures,
    merge_couvertures,
    simplify_all,
    split_by,
)
from observatoire.cartes.geojson import (
    encode_limites,
    encode_territoires,
    find_emprise,
    find_points,
    round_coordonnees,
)
from observatoire.config import COG_CIBLE
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import MAILLES_ZONAGES, Maille

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from observatoire.cartes.couvertures import Couverture, Geometries, Textes
    from observatoire.cartes.geojson import Points

FRANCE = "FR"
NOM_INDEX = "index.json"
TOLERANCE_FINE = 60.0
"""Mètres ; la source n'est pas plus fine."""
TOLERANCE_MOYENNE = 400.0
TOLERANCE_BASSE = 1100.0
DECIMALES_FINES, DECIMALES_MOYENNES, DECIMALES_BASSES = 4, 3, 3
DISTANCE_VOISINS = 12_000.0

MAILLES_REUNIES = (Maille.EPCI, Maille.EPT, Maille.CANTON_VILLE, Maille.ARRONDISSEMENT, *MAILLES_ZONAGES)
"""Niveaux faits de communes, dessinés aussi dans chaque département."""
MAILLES_FRANCE = (*MAILLES_REUNIES, Maille.DEPARTEMENT, Maille.REGION)

Emprise = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class FondFichier:
    """Fichier de géométrie d'un niveau, dans une portée (``"FR"`` ou un département).

    ``codes`` est l'ordre des territoires dans le fichier : celui des valeurs envoyées à la carte.
    """

    fichier: str
    maille: str
    portee: str
    codes: tuple[str, ...]
    emprise: Emprise
    octets: int
    octets_gz: int


def name_fond(maille: str, portee: str) -> str:
    """Clé d'un fond dans l'index : ``commune-974``, ``epci-FR``, ``voisins-33``, ``limites-33``."""
    return f"{maille}-{portee}"


def write_fonds(
    communes: gpd.GeoDataFrame,
    territoires: pd.DataFrame,
    appartenances: pd.DataFrame,
    dossier: Path,
    progression: Callable[[str], None] = lambda _: None,
    *,
    arrondissements_municipaux: gpd.GeoDataFrame | None = None,
) -> dict[str, FondFichier]:
    """Écrit tous les fonds, de chaque département et de la France entière, et leur index.

    Args:
        communes: contours (``code``, ``geometry``, EPSG:4326).
        territoires: ``cog, maille, code, libelle, code_departement, population_municipale``.
        appartenances: ``cog, maille_enfant, code_enfant, maille_parent, code_parent``.
        dossier: dossier des fonds (créé s'il manque).
        progression: reçoit une phrase à chaque étape.
        arrondissements_municipaux: contours de ceux de Paris, Lyon et Marseille.

    Raises:
        ConfigurationError: aucun contour.
    """
    if communes.empty:
        msg = "Aucun contour de commune : lancez d'abord la construction du référentiel."
        raise ConfigurationError(msg)
    dossier.mkdir(parents=True, exist_ok=True)
    noms = _Noms(territoires, appartenances)
    with ThreadPoolExecutor(max_workers=2) as equipe:
        atelier = _Atelier(dossier, noms, equipe)
        progression("Fonds de carte : simplification des contours")
        fines = simplify_all(load_couvertures(communes), TOLERANCE_FINE)
        # Chaque niveau part du précédent, déjà allégé : c'est trois fois plus court.
        moyennes = simplify_all(fines, TOLERANCE_MOYENNE)
        basses = simplify_all(moyennes, TOLERANCE_BASSE)
        progression("Fonds de carte : France entière")
        points = _write_france(atelier, basses, moyennes)
        progression("Fonds de carte : départements")
        _write_departements(atelier, fines, points, _voisins(basses))
        if arrondissements_municipaux is not None and not arrondissements_municipaux.empty:
            _write_municipaux(atelier, arrondissements_municipaux)
        fonds = atelier.collect()
    _write_fins(fonds, dossier)
    write_index(fonds, dossier)
    progression(f"Fonds de carte : {len(fonds)} fichiers")
    return fonds


class _Noms:
    """Libellés, départements et parents du COG cible, prêts à consulter."""

    def __init__(self, territoires: pd.DataFrame, appartenances: pd.DataFrame) -> None:
        territoires = _at_cog(territoires)
        self.libelles = {
            str(m): dict(zip(t["code"], t["libelle"], strict=True))
            for m, t in territoires.groupby("maille", sort=False)
        }
        self.departements = {
            str(m): {c: str(d) for c, d in zip(t["code"], t["code_departement"], strict=True) if isinstance(d, str)}
            for m, t in territoires.groupby("maille", sort=False)
        }
        communes = territoires[territoires["maille"] == Maille.COMMUNE]
        peuplees = communes[communes["population_municipale"].notna()]
        self.habitants = dict(zip(peuplees["code"], peuplees["population_municipale"].astype(int), strict=True))
        liens = _at_cog(appartenances)
        liens = liens[liens["maille_enfant"] == Maille.COMMUNE]
        self._parents = {
            str(m): dict(zip(t["code_enfant"], t["code_parent"], strict=True))
            for m, t in liens.groupby("maille_parent", sort=False)
        }

    def parents(self, maille: str, communes: Textes) -> Textes:
        """Parent de chaque commune à ce niveau ; vide si elle n'en a pas."""
        connus = self._parents.get(maille, {})
        if maille == Maille.DEPARTEMENT:
            return np.array([departement_of(c) for c in communes], dtype=str)
        return np.array([connus.get(c, "") for c in communes.tolist()], dtype=str)


def _at_cog(tableau: pd.DataFrame) -> pd.DataFrame:
    return tableau[tableau["cog"].astype(str) == COG_CIBLE]


@dataclass(frozen=True)
class _Lot:
    """Territoires d'un fond : codes croissants, contours, points d'ancrage."""

    codes: Textes
    contours: Geometries
    points: Points | None

    def take(self, rangs: NDArray[np.intp]) -> _Lot:
        points = None if self.points is None else [self.points[i] for i in rangs]
        return _Lot(self.codes[rangs], self.contours[rangs], points)


class _Atelier:
    """Encode et écrit les fonds pendant que la suite se calcule (shapely et gzip libèrent Python)."""

    def __init__(self, dossier: Path, noms: _Noms, equipe: ThreadPoolExecutor) -> None:
        self.noms = noms
        self._dossier = dossier
        self._equipe = equipe
        self._ecrits: dict[str, tuple[str, str, tuple[str, ...], Emprise, Future[Actif]]] = {}

    def add(self, maille: str, portee: str, lot: _Lot, decimales: int) -> None:
        """Ajoute un fond de territoires ; contours déjà arrondis. ``voisins`` : des communes."""
        vraie = Maille.COMMUNE if maille == "voisins" else maille
        libelles, departements = self.noms.libelles.get(vraie, {}), self.noms.departements.get(vraie, {})
        habitants = self.noms.habitants if vraie == Maille.COMMUNE else {}
        self._add(
            maille,
            portee,
            tuple(lot.codes.tolist()),
            find_emprise(lot.contours),
            lambda: encode_territoires(
                lot.codes, lot.contours, lot.points, libelles, departements, habitants, decimales
            ),
        )

    def add_limites(self, portee: str, limites: Mapping[str, Any], emprise: Emprise, decimales: int) -> None:
        """Ajoute un fond de limites."""
        self._add("limites", portee, (), emprise, lambda: encode_limites(limites, decimales))

    def _add(
        self, maille: str, portee: str, codes: tuple[str, ...], emprise: Emprise, encode: Callable[[], bytes]
    ) -> None:
        cle = name_fond(maille, portee)
        futur = self._equipe.submit(lambda: write_actif(self._dossier, cle, encode()))
        self._ecrits[cle] = (maille, portee, codes, emprise, futur)

    def collect(self) -> dict[str, FondFichier]:
        """Attend la fin des écritures."""
        fonds = {}
        for cle, (maille, portee, codes, emprise, futur) in self._ecrits.items():
            actif = futur.result()
            fonds[cle] = FondFichier(actif.fichier, maille, portee, codes, emprise, actif.octets, actif.octets_gz)
        return fonds


def _voisins(basses: list[Couverture]) -> dict[str, Textes]:
    """Communes voisines de chaque département de métropole (les autres sont des îles, ou seuls)."""
    for couverture in basses:
        if couverture.epsg == PROJECTION_METROPOLE:
            return find_voisins(couverture, DISTANCE_VOISINS)
    return {}


def _write_france(atelier: _Atelier, basses: list[Couverture], moyennes: list[Couverture]) -> Points:
    """Fonds nationaux ; rend le point d'ancrage de chaque commune."""
    codes, contours = merge_couvertures(basses)
    contours = round_coordonnees(contours, DECIMALES_BASSES)
    # Sans points : à cette échelle le navigateur prend le centre de l'emprise, et le fichier maigrit.
    atelier.add(Maille.COMMUNE, FRANCE, _Lot(codes, contours, None), DECIMALES_BASSES)
    codes, contours = merge_couvertures(moyennes)
    limites = {}
    for maille in MAILLES_FRANCE:
        codes_reunis, reunis = dissolve(atelier.noms.parents(maille, codes), contours)
        if not len(codes_reunis):
            continue
        if maille in (Maille.DEPARTEMENT, Maille.REGION):
            limites[str(maille)] = extract_interieures(reunis)
            limites["cote"] = extract_pourtour(reunis)
        reunis = round_coordonnees(reunis, DECIMALES_MOYENNES)
        atelier.add(maille, FRANCE, _Lot(codes_reunis, reunis, find_points(reunis)), DECIMALES_MOYENNES)
    atelier.add_limites(FRANCE, limites, find_emprise(contours), DECIMALES_MOYENNES)
    return find_points(contours)


def _write_departements(
    atelier: _Atelier, fines: list[Couverture], points: Points, voisins: Mapping[str, Textes]
) -> None:
    codes, contours = merge_couvertures(fines)
    communes = _Lot(codes, round_coordonnees(contours, DECIMALES_FINES), points)
    parents = {m: atelier.noms.parents(m, codes) for m in MAILLES_REUNIES}
    lots = {m: lot for m, p in parents.items() if len((lot := _dissolve_lot(p, contours)).codes)}
    for departement, rangs in split_by(np.array([departement_of(c) for c in codes], dtype=str)):
        atelier.add(Maille.COMMUNE, departement, communes.take(rangs), DECIMALES_FINES)
        if departement in voisins:
            ici = np.flatnonzero(np.isin(codes, voisins[departement]))
            atelier.add("voisins", departement, communes.take(ici), DECIMALES_FINES)
        for maille, lot in lots.items():
            ici = np.flatnonzero(np.isin(lot.codes, parents[maille][rangs]))
            if len(ici):
                atelier.add(maille, departement, lot.take(ici), DECIMALES_FINES)
        limites = {
            str(Maille.EPCI): extract_interieures(dissolve(parents[Maille.EPCI][rangs], contours[rangs])[1]),
            str(Maille.DEPARTEMENT): extract_pourtour(contours[rangs]),
        }
        atelier.add_limites(departement, limites, find_emprise(contours[rangs]), DECIMALES_FINES)


def _dissolve_lot(parents: Textes, contours: Geometries) -> _Lot:
    codes, reunis = dissolve(parents, contours)
    if not len(codes):
        return _Lot(codes, reunis, [])
    reunis = round_coordonnees(reunis, DECIMALES_FINES)
    return _Lot(codes, reunis, find_points(reunis))


def _write_municipaux(atelier: _Atelier, contours: gpd.GeoDataFrame) -> None:
    """Arrondissements de Paris, Lyon et Marseille, chacun dans son département."""
    codes, fins = merge_couvertures(simplify_all(load_couvertures(contours), TOLERANCE_FINE / 4))
    fins = round_coordonnees(fins, DECIMALES_FINES)
    lot = _Lot(codes, fins, find_points(fins))
    for departement, rangs in split_by(np.array([departement_of(c) for c in codes], dtype=str)):
        atelier.add(Maille.ARRONDISSEMENT_MUNICIPAL, departement, lot.take(rangs), DECIMALES_FINES)


def _write_fins(fonds: dict[str, FondFichier], dossier: Path) -> None:
    """Sommaire des communes fines : la carte de France y trouve quel fichier charger, et où."""
    fins = {
        f.portee: {
            "fichier": f.fichier,
            "limites": fonds[name_fond("limites", f.portee)].fichier,
            "emprise": f.emprise,
        }
        for cle, f in sorted(fonds.items())
        if cle == name_fond(Maille.COMMUNE, f.portee) and f.portee != FRANCE
    }
    actif = write_actif(dossier, name_fond("fins", FRANCE), orjson.dumps(fins))
    emprise = fonds[name_fond(Maille.COMMUNE, FRANCE)].emprise
    fonds[name_fond("fins", FRANCE)] = FondFichier(
        actif.fichier, "fins", FRANCE, (), emprise, actif.octets, actif.octets_gz
    )


def write_index(fonds: Mapping[str, FondFichier], dossier: Path) -> Path:
    """Écrit l'index des fonds ; les anciens fichiers restent, une ancienne publication s'en sert."""
    cible = dossier / NOM_INDEX
    provisoire = dossier / f".{NOM_INDEX}.tmp"
    provisoire.write_bytes(orjson.dumps({"fonds": {cle: asdict(f) for cle, f in sorted(fonds.items())}}))
    provisoire.replace(cible)
    return cible


def load_index(dossier: Path) -> dict[str, FondFichier]:
    """Lit l'index des fonds.

    Raises:
        ConfigurationError: aucun index dans ce dossier.
    """
    cible = dossier / NOM_INDEX
    if not cible.is_file():
        msg = f"Aucun fond de carte dans « {dossier} ». Lancez « observatoire construire »."
        raise ConfigurationError(msg)
    brut = orjson.loads(cible.read_bytes())["fonds"]
    return {cle: _load_fond(f) for cle, f in brut.items()}


def _load_fond(brut: dict[str, Any]) -> FondFichier:
    (sud, ouest), (nord, est) = brut["emprise"]
    return FondFichier(**{**brut, "codes": tuple(brut["codes"]), "emprise": ((sud, ouest), (nord, est))})
