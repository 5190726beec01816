"""Glossaire : tout renvoi mène à un terme, et aucune écriture ne désigne deux termes."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.catalogue.proches import find_proche


def check_glossaire(brouillon: Brouillon) -> Iterator[Faute]:
    """Un terme cité existe, ne se cite pas lui-même, et ses écritures n'appartiennent qu'à lui."""
    premiers: dict[str, str] = {}
    for nom, fiche in brouillon.glossaire.items():
        terme = fiche.objet
        if terme is None:
            continue
        for rang, voisin in enumerate(terme.voir):
            chemin: tuple[str | int, ...] = (*fiche.prefixe, "voir", rang)
            if voisin == nom:
                yield fiche.document.faute(f"« voir » : « {nom} » renvoie à lui-même ; retirez ce renvoi", *chemin)
            elif voisin not in brouillon.glossaire:
                message = f"« voir » : aucun terme du glossaire ne s'appelle « {voisin} »"
                yield fiche.document.faute(message, *chemin, proche=find_proche(voisin, brouillon.glossaire))
        for forme in (terme.libelle, *terme.formes):
            premier = premiers.setdefault(forme.casefold(), nom)
            if premier != nom:
                message = f"l'écriture « {forme} » désigne déjà « {premier} » ; gardez-la dans un seul terme"
                yield fiche.document.faute(message, *fiche.prefixe, "formes")
