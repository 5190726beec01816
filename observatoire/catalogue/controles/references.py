"""Renvois d'une fiche à une autre : source, problématique, règle de secret, précaution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.catalogue.proches import find_proche
from observatoire.catalogue.yaml_strict import Document


def check_references(brouillon: Brouillon) -> Iterator[Faute]:
    """Tout mot cité par une fiche est déclaré quelque part."""
    for fiche, indicateur in brouillon.bien_formes():
        yield from _unknown(fiche.document, "source", [indicateur.source], brouillon.sources, "_sources/")
        yield from _unknown(fiche.document, "secret", [indicateur.secret], brouillon.secrets, "_secret.yaml")
        yield from _unknown(
            fiche.document, "problematiques", indicateur.problematiques, brouillon.problematiques, "_themes.yaml"
        )
        yield from _unknown(
            fiche.document, "precautions", indicateur.precautions, brouillon.precautions, "_precautions.yaml"
        )
        dossier = fiche.document.fichier.split("/")[-2]
        if dossier not in indicateur.problematiques:
            message = (
                f"la fiche est rangée dans « {dossier} », absent de ses problematiques ; "
                "ajoutez-le à la liste ou déplacez le fichier"
            )
            yield fiche.document.faute(
                message, "problematiques", proche=find_proche(dossier, indicateur.problematiques)
            )
    for fiche_source in brouillon.sources.values():
        source, document = fiche_source.objet, fiche_source.document
        if source is None:
            continue
        yield from _unknown(document, "precautions", source.precautions, brouillon.precautions, "_precautions.yaml")
        if source.ressource is not None:
            themes, connus = source.ressource.problematiques, brouillon.problematiques
            yield from _unknown(document, "ressource", themes, connus, "_themes.yaml", "problematiques")


def _unknown(
    document: Document, champ: str, cites: Iterable[str], connus: Iterable[str], ou: str, sous_champ: str | None = None
) -> Iterator[Faute]:
    """Fautes des mots cités qui ne sont pas déclarés."""
    valides = sorted(connus)
    chemin = (champ, sous_champ) if sous_champ else (champ,)
    for rang, mot in enumerate(cites):
        if mot not in valides:
            proche = find_proche(mot, valides)
            suite = "" if proche else f" ; valeurs déclarées : {', '.join(valides) or 'aucune'}"
            message = f"« {chemin[-1]} » : « {mot} » n'est pas déclaré dans {ou}{suite}"
            yield document.faute(message, *chemin, rang, proche=proche)
