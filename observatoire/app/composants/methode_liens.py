"""Adresses de la page Méthode : les filtres y restent, et l'ancienne publication que l'on relit aussi."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from observatoire.modeles.nombres import INSECABLE

FILTRES = ("problematique", "nature", "cherche")
PUBLICATION = "publication"
SECTION, SECRET = "section", "secret"
"""Paramètre et valeur de la page « Secret »."""
TITRE_SECRET = f"Secret{INSECABLE}: ce qui est masqué, et pourquoi"
CONNUS = (SECTION, "indicateur", *FILTRES, "fiches", PUBLICATION)


@dataclass(frozen=True)
class Liens:
    """Adresses écrites depuis celle de la page.

    Attributes:
        demande: paramètres présents.
        departement: département sur lequel ouvrir une carte ; vide, la France.
    """

    demande: Mapping[str, str] = field(default_factory=dict)
    departement: str = ""

    @property
    def filtres(self) -> dict[str, str]:
        """Filtres présents dans l'adresse."""
        return {nom: valeur for nom in FILTRES if (valeur := self.demande.get(nom, ""))}

    @property
    def ici(self) -> str:
        """Adresse de ce que montre la page, prête à écrire dans un attribut."""
        return self._write("methode", {nom: valeur for nom in CONNUS if (valeur := self.demande.get(nom))})

    def to_methode(self, params: Mapping[str, str], ancre: str = "") -> str:
        """Adresse dans la page, prête à écrire dans un attribut."""
        return self._write("methode", params) + (f"#{ancre}" if ancre else "")

    def to_secret(self, ancre: str = "") -> str:
        """Page « Secret »."""
        return self.to_methode({SECTION: SECRET}, ancre)

    def to_fiche(self, identifiant: str) -> str:
        """Fiche d'un indicateur, filtres gardés."""
        return self.to_methode({"indicateur": identifiant} | self.filtres, "fiche")

    def to_carte(self, identifiant: str) -> str:
        """Carte d'un indicateur."""
        return self._write(
            "carte", {"indicateur": identifiant} | ({"departement": self.departement} if self.departement else {})
        )

    def _write(self, page: str, params: Mapping[str, str]) -> str:
        # Une publication relue le reste d'un lien à l'autre : ses chiffres ne se mêlent pas à d'autres.
        epingle = {PUBLICATION: valeur} if (valeur := self.demande.get(PUBLICATION)) else {}
        tous = dict(params) | epingle
        return escape(f"{page}?{urlencode(tous)}" if tous else page, quote=True)
