"""Chargement du catalogue : lit les dossiers, contrôle tout, puis rend un ``Catalogue`` ou toutes ses fautes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from observatoire.catalogue.controles import CONTROLES
from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.catalogue.fictif import stamp_fictifs
from observatoire.catalogue.forme import build_fiche, build_fiches
from observatoire.catalogue.proches import find_proche
from observatoire.catalogue.yaml_strict import read_yaml
from observatoire.errors import CatalogueError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Precaution, Problematique, RegleSecret, Source, Terme

M = TypeVar("M", bound=BaseModel)

_COMMUNS: dict[str, tuple[str, type[BaseModel]]] = {
    "_themes.yaml": ("problematiques", Problematique),
    "_secret.yaml": ("secrets", RegleSecret),
    "_precautions.yaml": ("precautions", Precaution),
    "_glossaire.yaml": ("glossaire", Terme),
}
_DOSSIERS_RESERVES = ("_sources", "_schema")


def load_catalogue(dossiers: Sequence[Path]) -> Catalogue:
    """Charge le catalogue ; un dossier plus loin dans la liste ajoute ou remplace des fiches.

    Args:
        dossiers: dossiers ``indicators/``, du plus général au plus particulier.

    Raises:
        CatalogueError: une fiche au moins est fautive ; toutes les fautes sont dites d'un coup.
    """
    fiches = sorted(f for d in dossiers for f in d.rglob("*.yaml"))
    etats = tuple((str(f), e.st_mtime_ns, e.st_size) for f, e in ((f, f.stat()) for f in fiches))
    return _load(tuple(dossiers), etats)


@lru_cache(maxsize=4)
def _load(dossiers: tuple[Path, ...], _etats: tuple[tuple[str, int, int], ...]) -> Catalogue:
    """Charge une fois par processus, tant qu'aucune fiche n'a changé : un dépôt le redemande à chaque étape."""
    brouillon, fautes = _read_all(dossiers)
    if fautes:
        raise CatalogueError([str(faute) for faute in fautes])
    catalogue = Catalogue(
        indicateurs=_objets(brouillon.indicateurs),
        sources=_objets(brouillon.sources),
        problematiques=_objets(brouillon.problematiques),
        secrets=_objets(brouillon.secrets),
        precautions=_objets(brouillon.precautions),
        glossaire=_objets(brouillon.glossaire),
        surcharges=tuple(brouillon.surcharges),
    )
    return stamp_fictifs(catalogue)


def find_fautes(dossiers: Sequence[Path]) -> list[Faute]:
    """Toutes les fautes du catalogue, rangées par fichier et par ligne ; aucune si tout va."""
    return _read_all(dossiers)[1]


def _objets(fiches: Mapping[str, Fiche[M]]) -> dict[str, M]:
    return {nom: fiche.objet for nom, fiche in sorted(fiches.items()) if fiche.objet is not None}


def _read_all(dossiers: Sequence[Path]) -> tuple[Brouillon, list[Faute]]:
    """Lit chaque dossier, puis contrôle l'ensemble."""
    brouillon, fautes = Brouillon(), list[Faute]()
    for rang, dossier in enumerate(dossiers):
        # Deux dossiers s'appellent « indicators » : celui de l'espace dit de quel espace il est.
        racine = dossier.name if rang == 0 else f"{dossier.parent.name}/{dossier.name}"
        fautes += _read_dossier(dossier, racine, brouillon)
    for controle in CONTROLES:
        fautes += controle(brouillon)
    return brouillon, sorted(dict.fromkeys(fautes), key=lambda f: (f.fichier, f.ligne or 0, f.message))


def _read_dossier(dossier: Path, racine: str, brouillon: Brouillon) -> list[Faute]:
    """Ajoute au brouillon les fiches d'un dossier."""
    fautes: list[Faute] = []
    for nom, (champ, modele) in _COMMUNS.items():
        if not (dossier / nom).is_file():
            continue
        document = read_yaml(dossier / nom, f"{racine}/{nom}")
        fiches, fautes_forme = build_fiches(modele, document)
        fautes += document.fautes + fautes_forme
        _add(getattr(brouillon, champ), fiches, brouillon)
    sources, fautes_sources = _read_files(dossier / "_sources", f"{racine}/_sources", Source)
    fautes += fautes_sources
    _add(brouillon.sources, sources, brouillon)
    indicateurs: dict[str, Fiche[Indicateur]] = {}
    for theme in sorted(p for p in dossier.iterdir() if p.is_dir() and p.name not in _DOSSIERS_RESERVES):
        lus, fautes_theme = _read_files(theme, f"{racine}/{theme.name}", Indicateur)
        fautes += fautes_theme + [_repeated(lus[i], indicateurs[i]) for i in lus if i in indicateurs]
        indicateurs.update(lus)
    _add(brouillon.indicateurs, indicateurs, brouillon)
    return fautes + _misplaced(dossier, racine)


def _read_files(dossier: Path, racine: str, modele: type[M]) -> tuple[dict[str, Fiche[M]], list[Faute]]:
    """Lit les fiches d'un dossier, une par fichier."""
    fiches: dict[str, Fiche[M]] = {}
    fautes: list[Faute] = []
    for chemin in sorted(dossier.glob("*.yaml")) if dossier.is_dir() else ():
        document = read_yaml(chemin, f"{racine}/{chemin.name}")
        fautes += document.fautes
        # Une écriture illisible ne laisse rien à vérifier, mais son identifiant reste connu de qui la cite.
        if document.donnees is None and document.fautes:
            fiches[chemin.stem] = Fiche(chemin.stem, document, {}, None)
            continue
        fiches[chemin.stem], fautes_forme = build_fiche(modele, chemin.stem, document.donnees, document)
        fautes += fautes_forme
    return fiches, fautes


def _add(retenues: dict[str, Fiche[M]], nouvelles: Mapping[str, Fiche[M]], brouillon: Brouillon) -> None:
    """Ajoute des fiches ; celle qui en remplace une autre est notée comme surcharge."""
    for nom, fiche in nouvelles.items():
        if nom in retenues:
            ancienne = retenues[nom].document.fichier
            brouillon.surcharges.append(f"« {nom} » : {fiche.document.fichier} remplace {ancienne}")
        retenues[nom] = fiche


def _repeated(fiche: Fiche[Indicateur], premiere: Fiche[Indicateur]) -> Faute:
    message = (
        f"identifiant répété « {fiche.id} », déjà pris par {premiere.document.fichier} ; "
        "renommez l'un des deux fichiers"
    )
    return Faute(fiche.document.fichier, message)


def _misplaced(dossier: Path, racine: str) -> list[Faute]:
    """Fichiers que rien ne lirait : une fiche oubliée passerait inaperçue."""
    fautes = []
    for chemin in sorted((*dossier.rglob("*.yml"), *dossier.glob("*.yaml"))):
        if chemin.name in _COMMUNS:
            continue
        proche = None
        message = "fichier non lu à cet endroit ; une fiche se range dans le dossier de sa problématique"
        if chemin.suffix == ".yml":
            message = "extension « .yml » non lue ; renommez le fichier en « .yaml »"
        elif chemin.name.startswith("_"):
            proche = find_proche(chemin.name, _COMMUNS)
        fautes.append(Faute(f"{racine}/{chemin.relative_to(dossier).as_posix()}", message, None, proche))
    return fautes
