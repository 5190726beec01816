"""Fabrique de tables d'essai : personnes inventées au hasard d'une graine, jamais réelles."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from stdnum import luhn
from stdnum.fr import nir

from observatoire.modeles.tables import FormeTable, TableLue

PRENOMS = [
    "Marie",
    "Jean",
    "Aïssatou",
    "Kévin",
    "Noémie",
    "Hélène",
    "François",
    "Mohamed",
    "Lucie",
    "Paul",
    "Zoé",
    "Inès",
    "Théo",
    "Karim",
    "Léa",
    "Jules",
    "Chloé",
    "Rachid",
    "Sylvie",
    "Bernard",
    "Fatou",
    "Yasmine",
    "Hugo",
    "Clara",
    "Émile",
    "Odette",
    "Gérard",
    "Nadia",
    "Loïc",
    "Amandine",
]
NOMS = [
    "DUPONT",
    "MARTINEZ",
    "TRAORE",
    "LEGRAND",
    "BENALI",
    "NGUYEN",
    "LEFEBVRE",
    "MOREL",
    "CHEVALIER",
    "DIALLO",
    "GARNIER",
    "FAURE",
    "ROUSSEL",
    "BLANCHARD",
    "PEREIRA",
    "COSTA",
    "HADDAD",
    "KONE",
    "LEMOINE",
    "BARBIER",
    "RENAUDIN",
    "OLLIVIER",
    "PICHON",
    "TESSIER",
    "AUBRY",
    "VASSEUR",
    "GUYOT",
    "MALLET",
    "JACQUET",
]
RUES = "de la Gare|des Lilas|Victor Hugo|du Moulin|de l'Église|Pasteur|des Écoles|du 8 Mai 1945".split("|")  # noqa: SIM905 -- idem
COMMUNES = ("33063", "33281", "33318", "33039", "33522", "33119", "33069", "33550")


class Hasard:
    """Tirages d'une graine fixe."""

    def __init__(self, graine: int, lignes: int = 60) -> None:
        self.r = random.Random(graine)
        self.n = lignes

    def column(self, tirage) -> list[str]:
        return [tirage() for _ in range(self.n)]

    def choose(self, valeurs: Sequence[str]) -> list[str]:
        return self.column(lambda: self.r.choice(valeurs))

    def communes(self) -> list[str]:
        return self.choose(COMMUNES)

    def prenoms(self) -> list[str]:
        return self.choose(PRENOMS)

    def noms(self) -> list[str]:
        return self.choose(NOMS)

    def entiers(self, bas: int, haut: int) -> list[str]:
        return self.column(lambda: str(self.r.randint(bas, haut)))

    def chiffres(self, nombre: int, prefixe: str = "") -> list[str]:
        return self.column(lambda: prefixe + "".join(self.r.choice("0123456789") for _ in range(nombre)))

    def dates(self, forme: str = "{j:02d}/{m:02d}/{a}", debut: int = 1935, fin: int = 2005) -> list[str]:
        def tire() -> str:
            a = self.r.randint(debut, fin)
            return forme.format(j=self.r.randint(1, 28), m=self.r.randint(1, 12), a=a, aa=f"{a % 100:02d}")

        return self.column(tire)

    def corps_nir(self, corse: bool = False) -> str:
        departement = self.r.choice(["2A", "2B"]) if corse else f"{self.r.randint(1, 95):02d}".replace("20", "21")
        return (
            f"{self.r.choice('12')}{self.r.randint(0, 99):02d}{self.r.randint(1, 12):02d}{departement}"
            f"{self.r.randint(1, 600):03d}{self.r.randint(1, 600):03d}"
        )

    def nirs(self, corse: bool = False, espaces: bool = False) -> list[str]:
        def tire() -> str:
            corps = self.corps_nir(corse)
            entier = corps + nir.calc_check_digits(corps)
            return nir.format(entier) if espaces else entier

        return self.column(tire)

    def ibans(self, espaces: bool = True) -> list[str]:
        def tire() -> str:
            compte = "".join(self.r.choice("0123456789") for _ in range(23))
            cle = 98 - int(compte + "152700") % 97
            brut = f"FR{cle:02d}{compte}"
            return " ".join(brut[i : i + 4] for i in range(0, len(brut), 4)) if espaces else brut

        return self.column(tire)

    def adresses(self) -> list[str]:
        return self.column(lambda: f"{self.r.randint(1, 190)} rue {self.r.choice(RUES)}")

    def telephones(self, forme: str = "06 {} {} {} {}") -> list[str]:
        return self.column(lambda: forme.format(*(f"{self.r.randint(0, 99):02d}" for _ in range(4))))

    def courriels(self) -> list[str]:
        domaines = ("gmail.com", "orange.fr", "exemple.org")
        return self.column(lambda: f"{self.r.choice(NOMS).lower()}{self.r.randint(1, 99)}@{self.r.choice(domaines)}")

    def sirets(self) -> list[str]:
        def tire() -> str:
            corps = "".join(self.r.choice("0123456789") for _ in range(13))
            return corps + luhn.calc_check_digit(corps)

        return self.column(tire)

    def uais(self) -> list[str]:
        def tire() -> str:
            corps = f"033{self.r.randint(0, 9999):04d}"
            return corps + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(corps) % 23]

        return self.column(tire)

    def parcourt(self, valeurs: Sequence[str]) -> list[str]:
        return [valeurs[i % len(valeurs)] for i in range(self.n)]

    def communes_distinctes(self) -> list[str]:
        return [f"33{1 + i:03d}" for i in range(self.n)]


def build_table(colonnes: Mapping[str, Sequence[str | None]], nom: str = "") -> TableLue:
    table = pa.table({cle: pa.array(list(valeurs), pa.string()) for cle, valeurs in colonnes.items()})
    lignes = np.arange(2, table.num_rows + 2)
    return TableLue(nom, table, lignes, FormeTable((1,), 2, table.num_rows + 1))
