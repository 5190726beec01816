"""Histoires aléatoires de communes, écrites comme l'Insee écrit ses mouvements."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from hypothesis import strategies as st

from observatoire.territoires.mouvements import MOUVEMENTS

DEBUT = 2015


@dataclass
class Histoire:
    """Mouvements, et les communes de chaque 1er janvier."""

    communes: dict[str, list[str]]
    lignes: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def annees(self) -> list[str]:
        return sorted(self.communes)

    @property
    def mouvements(self) -> pd.DataFrame:
        lignes = [(mod, date, "COM", de, vers, de, vers) for mod, date, de, vers in self.lignes]
        return pd.DataFrame(lignes, columns=MOUVEMENTS, dtype=str)


@st.composite
def histoires(draw):
    """Deux à cinq ans de fusions, de scissions et de changements de code, parfois plusieurs par an."""
    nombre = draw(st.integers(1, 8))
    actuelles = [f"01{k:03d}" for k in range(nombre)]
    libres = iter([f"01{k:03d}" for k in range(nombre, 400)])
    histoire = Histoire({str(DEBUT): sorted(actuelles)})
    for annee in range(DEBUT + 1, DEBUT + 1 + draw(st.integers(1, 4))):
        # Quatre dates de l'année écoulée ; la dernière est le 1er janvier, dont le COG tient compte.
        for date in (f"{annee - 1}-03-01", f"{annee - 1}-06-15", f"{annee - 1}-12-31", f"{annee}-01-01"):
            sorte = draw(st.sampled_from(["rien", "rien", "fusion", "scission", "code", "absorption"]))
            draw_evenement(draw, histoire, actuelles, libres, sorte, date)
        histoire.communes[str(annee)] = sorted(actuelles)
    return histoire


def draw_evenement(draw, histoire, actuelles, libres, sorte, date):
    """Ajoute un évènement et met à jour la liste des communes."""
    choix = st.sampled_from(sorted(actuelles))
    if sorte == "fusion" and len(actuelles) > 1:
        reunies = draw(st.lists(choix, min_size=2, max_size=4, unique=True))
        siege = draw(st.sampled_from(reunies))
        histoire.lignes += [("32", date, c, siege) for c in reunies]
        actuelles[:] = [c for c in actuelles if c not in reunies] + [siege]
    elif sorte == "absorption" and len(actuelles) > 1:
        # Commune supprimée : partagée entre ses voisines.
        supprimee, *voisines = draw(st.lists(choix, min_size=2, max_size=3, unique=True))
        for voisine in voisines:
            histoire.lignes += [("30", date, supprimee, voisine), ("30", date, voisine, voisine)]
        actuelles.remove(supprimee)
    elif sorte == "scission":
        mere = draw(choix)
        filles = [next(libres) for _ in range(draw(st.integers(1, 2)))]
        histoire.lignes += [("21", date, mere, mere)] + [("21", date, mere, f) for f in filles]
        actuelles += filles
    elif sorte == "code":
        ancien, nouveau = draw(choix), next(libres)
        histoire.lignes.append(("50", date, ancien, nouveau))
        actuelles.remove(ancien)
        actuelles.append(nouveau)


def draw_populations(data, histoire: Histoire) -> pd.DataFrame:
    """Une population pour chaque commune de chaque année, zéro compris."""
    lignes = [(a, c, data.draw(st.integers(0, 5_000))) for a, codes in histoire.communes.items() for c in codes]
    return pd.DataFrame(lignes, columns=["annee", "code", "population"])
