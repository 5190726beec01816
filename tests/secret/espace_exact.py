"""Petit espace dont les aides au logement sont reçues par convention, en effectifs exacts."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from observatoire.cli import main
from observatoire.modeles.livraisons import Confidentialite
from observatoire.publication.deposer import ResultatDepot, deposer
from observatoire.store.publications import load_publication
from tests.publication.petit_espace import FICHE_AIDES, SOURCE_AIDES, PetitEspace, write

COMMUNES = [f"974{n:02d}" for n in range(1, 25)]
FOYERS = dict(zip(COMMUNES, [3, 20, 31, 44, 57, 0, 118, 62, 85, 91, 73, 66] * 2, strict=True))
"""Une commune sous le seuil, 97401 (et 97413) ; la porte en masque d'autres pour la protéger."""
SOURCE = SOURCE_AIDES + "      seuls: {libelle: Personnes seules, unite: foyers, colonne: seuls, au_plus: aides}\n"
CONVENTION = Confidentialite.CONVENTION


class EspaceExact(PetitEspace):
    """Espace d'essai dont une source est exacte."""

    def __init__(self, base: Path) -> None:
        """Écrit l'espace et publie ce qu'il fournit."""
        super().__init__(base)
        self.write_source(SOURCE)
        self.write_fiche("aides", FICHE_AIDES.replace("secret: ouverte", "secret: convention"))
        self.construire()

    def copy_to(self, base: Path) -> EspaceExact:
        """Copie de cet espace, que l'essai peut changer."""
        shutil.copytree(self.base, base, symlinks=True)
        copie = EspaceExact.__new__(EspaceExact)
        super(EspaceExact, copie).__init__(base, ouvrir=True)
        return copie

    def write_source(self, texte: str) -> None:
        write(self.espace.indicators / "_sources" / "aides.yaml", texte)

    def write_foyers(self, foyers: dict[str, int], seuls: dict[str, int] | None = None, nom: str = "") -> Path:
        """Écrit un fichier ; les personnes seules sont la moitié des foyers, sauf avis contraire."""
        lignes = [f"{c};{n};{(seuls or {}).get(c, n // 2)}" for c, n in foyers.items()]
        chemin = self.base / "recus" / (nom or "foyers.csv")
        chemin.parent.mkdir(exist_ok=True)
        chemin.write_text("\n".join(["commune;foyers;seuls", *lignes]) + "\n", "utf-8")
        return chemin

    def deposer_exact(
        self, foyers: dict[str, int], periode: str, *, seuls: dict[str, int] | None = None, **options: Any
    ) -> ResultatDepot:
        """Dépose des effectifs exacts."""
        voulues = {"auteur": "obs-01", "motif": "essai", "cog": "2026", "confidentialite": CONVENTION} | options
        with self.au_travail():
            chemin = self.write_foyers(foyers, seuls)
            return deposer(self.espace, chemin, source="aides", periode=periode, **voulues)

    def read_publies(self, periode: str) -> dict[str, float | None]:
        """Foyers publiés, commune par commune ; rien pour une case masquée."""
        chemin = self.espace.diffusion / "copies" / load_publication(self.espace).id / "par_indicateur/aides.parquet"
        lues = pq.read_table(chemin).to_pandas()
        siennes = lues[(lues.maille == "commune") & (lues.periode == periode)].set_index("code_territoire")
        return {c: (None if v != v else v) for c, v in siennes.valeur.items()}  # noqa: PLR0124 -- nan

    def dire(self, *arguments: object) -> tuple[int, str]:
        """Joue une commande ; rend son code et ce qu'elle écrit."""
        flux = io.StringIO()
        with self.au_travail(), redirect_stdout(flux), pytest.raises(SystemExit) as fin:
            main(["--racine", str(self.espace.racine), *map(str, arguments)])
        return int(fin.value.code or 0), flux.getvalue()


def iter_public(petit: PetitEspace) -> Iterator[tuple[Path, str]]:
    """Tout ce qu'emporte une instance de lecture : chemins, textes, tables."""
    espace = petit.espace
    for dossier in (espace.publications, espace.diffusion):
        for chemin in sorted(p for p in dossier.rglob("*") if p.is_file()):
            octets = chemin.read_bytes()
            if octets[:4] == b"PAR1":
                table = pq.read_table(chemin)
                octets = json.dumps([*map(str, table.schema.metadata or {}), table.to_pylist()], default=str).encode()
            yield chemin, f"{chemin.relative_to(espace.entrepot)}\n{octets.decode('utf-8', 'replace')}"
