"""Adresses que donne une page Territoire : un autre territoire, la carte d'un indicateur, sa méthode."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from observatoire.analyse.portrait.modele import Mesure, Sujet
    from observatoire.analyse.voisinage import Lien
    from observatoire.modeles.indicateurs import Indicateur

FRANCE = "FR"
_EN_FRANCE = (Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE)


@dataclass(frozen=True)
class Liens:
    """Fabrique d'adresses relatives, échappées pour un attribut.

    Attributes:
        niveaux: niveaux qui ont un fond de carte, dans une portée (``"FR"`` ou un département).
        publication: ancienne publication relue, s'il y en a une ; tous les liens la gardent.
    """

    sujet: Sujet
    niveaux: Callable[[str], Iterable[str]]
    publication: str = ""

    def make_territoire(self, lien: Lien) -> str:
        """Page d'un autre territoire."""
        return self._make("territoire", {"territoire": f"{lien.maille}-{lien.code}"})

    def make_methode(self, indicateur: Indicateur) -> str:
        """Définition et règle d'un indicateur."""
        return self._make("methode", {"indicateur": indicateur.id})

    def make_carte(self, mesure: Mesure, problematique: str) -> str:
        """Carte d'un indicateur, au niveau du territoire, ce territoire choisi."""
        return self._make("carte", self._describe(mesure, problematique) | self._place(self._choose_portee()))

    def make_carte_de(self, indicateur: Indicateur, problematique: str) -> str:
        """Carte d'un indicateur qui n'est pas publié à ce niveau : la page choisit le plus proche."""
        params = {"problematique": problematique, "nature": str(indicateur.nature), "indicateur": indicateur.id}
        return self._make("carte", params | {"departement": self._choose_departement() or FRANCE})

    def make_carte_generale(self) -> str:
        """Carte autour du territoire, sans indicateur imposé."""
        departement = self._choose_departement()
        if self.sujet.maille is Maille.DEPARTEMENT:
            return self._make("carte", {"departement": departement})
        return self._make("carte", self._place(departement or FRANCE))

    def make_carte_lieux(self, mesure: Mesure, problematique: str, type_lieu: str) -> str:
        """Carte où sont montrés les lieux d'un type ; vide hors d'un département, où ils ne se dessinent pas."""
        departement = self._choose_departement()
        if not departement:
            return ""
        params = self._describe(mesure, problematique) | {"departement": departement}
        if self.sujet.maille is not Maille.DEPARTEMENT:
            params |= self._place(departement)
        return self._make("carte", params | {"lieux": type_lieu})

    def _describe(self, mesure: Mesure, problematique: str) -> dict[str, str]:
        indicateur = mesure.indicateur
        return {
            "problematique": problematique,
            "nature": str(indicateur.nature),
            "indicateur": indicateur.id,
            "periode": mesure.periode,
        }

    def _place(self, portee: str) -> dict[str, str]:
        """Portée de la carte, et le territoire choisi s'il y est dessiné."""
        if str(self.sujet.maille) not in set(self.niveaux(portee)):
            return {"departement": portee}
        return {"departement": portee, "maille": str(self.sujet.maille), "territoire": self.sujet.code}

    def _choose_portee(self) -> str:
        return FRANCE if self.sujet.maille in _EN_FRANCE else self._choose_departement() or FRANCE

    def _choose_departement(self) -> str:
        """Département où montrer le territoire : le sien, le principal s'il est à cheval ; aucun au-dessus."""
        if self.sujet.maille in (Maille.REGION, Maille.FRANCE) or not self.sujet.departements:
            return ""
        return self.sujet.departements[0]

    def _make(self, page: str, params: dict[str, str]) -> str:
        tous = params | ({"publication": self.publication} if self.publication else {})
        return escape(f"{page}?{urlencode(tous)}", quote=True)
