"""Connaissance : tout ce que les publications d'un espace disent, mis en sommes d'inconnues.

Une inconnue est le compte d'une variable, d'une période, d'une commune. Si une publication le change, c'en
est une autre ; sinon la même : l'attaquant croise toutes les publications.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from tests.secret.attaquant.bornes import INFINI, Savoir, encadrer
from tests.secret.attaquant.verdict import Cibles

SECRET, EXACTS = "secret", frozenset({"publie", "partiel", "non_significatif", "hors_champ", "estime"})
GRAIN, TOLERANCE = 1e-6, 1e-3
BORNES_EPROUVEES = 40
"""Bornes dites que l'on rejoue, par table."""
COLONNES = [
    "indicateur", "maille", "code_territoire", "periode", "valeur", "borne_inf", "borne_sup", "numerateur",
    "denominateur", "statut",
]  # fmt: skip
"""Ce qu'il faut savoir d'une ligne lue."""


@dataclass(frozen=True)
class Structure:
    """Ce qui est public sans aucun chiffre.

    Attributes:
        communes: codes, dans l'ordre des vecteurs.
        membres: par publication, communes de chaque territoire et part de chacune, par niveau et code.
        decoupages: par variable, les groupes de variables dont elle est la somme.
        seuils: par variable de convention, le nombre sous lequel un compte n'est pas diffusé.
        fiches: par indicateur, ``numerateur, denominateur, multiplicateur, evolution``.
        zeros: par variable de convention, vrai si un zéro vrai est diffusé.
        publiques: par variable publique, son compte dans chaque commune, s'il est du même millésime.
    """

    communes: list[str]
    membres: list[dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]]
    decoupages: dict[str, list[list[str]]]
    seuils: dict[str, int]
    fiches: dict[str, dict]
    zeros: dict[str, bool]
    publiques: dict[str, np.ndarray] = field(default_factory=dict)


Verite = dict[tuple[str, str], np.ndarray]


Membres = tuple[np.ndarray, np.ndarray]
"""Rangs des communes d'un territoire, et part de chacune (1 : entière)."""


class _Cible(NamedTuple):
    """Somme visée ; ``bornes`` est l'intervalle que les sorties en disent, ``nan`` si elles n'en disent rien."""

    rangs: np.ndarray
    poids: np.ndarray
    seuil: int
    plancher: float
    nom: str
    montree: bool = False
    nulle: bool = False
    bornes: tuple[float, float] = (np.nan, np.nan)


class Connaissance:
    """Assemble les faits lus et vise les cases qu'ils cachent.

    La vérité ne sert qu'à savoir quelles inconnues sont restées les mêmes, et à juger à la fin.
    """

    def __init__(self, structure: Structure, verites: list[Verite], variables: set[str]) -> None:
        """Numérote les inconnues de quelques variables."""
        self.structure = structure
        self.verites = [{cle: v for cle, v in verite.items() if cle[0] in variables} for verite in verites]
        self.rangs: list[dict[tuple[str, str], np.ndarray]] = []
        numerotees: list[float] = []
        for numero, verite in enumerate(self.verites):
            self.rangs.append({cle: self._number(numero, cle, valeurs, numerotees) for cle, valeurs in verite.items()})
        self._lignes: list[tuple[np.ndarray, np.ndarray, float, float]] = []
        self._bornes: list[tuple[np.ndarray, np.ndarray, float, float]] = []
        self._cibles: list[_Cible] = []
        self._publiees: set[tuple[int, ...]] = set()
        self._vraies = np.array(numerotees)
        for numero in range(len(verites)):
            self._link(numero)

    def _number(self, numero: int, cle: tuple[str, str], valeurs: np.ndarray, numerotees: list[float]) -> np.ndarray:
        rangs = np.full(len(valeurs), -1)
        for place in np.flatnonzero(~np.isnan(valeurs)).tolist():
            avant = next(
                (r[cle][place] for r, v in zip(self.rangs[::-1], self.verites[:numero][::-1], strict=True)
                 if cle in v and v[cle][place] == valeurs[place]), None,
            )  # fmt: skip
            if avant is None:
                avant = len(numerotees)
                numerotees.append(float(valeurs[place]))
            rangs[place] = avant
        return rangs

    def _link(self, numero: int) -> None:
        """Sommes déclarées, commune par commune."""
        for (variable, periode), rangs in self.rangs[numero].items():
            for parts in self.structure.decoupages.get(variable, []):
                autres = [self.rangs[numero].get((p, periode)) for p in parts]
                if any(a is None for a in autres):
                    continue
                for place in np.flatnonzero(rangs >= 0).tolist():
                    if all(a[place] >= 0 for a in autres):
                        colonnes = np.array([rangs[place], *(a[place] for a in autres)])
                        poids = np.r_[1.0, -np.ones(len(autres))]
                        self._lignes.append((colonnes, poids, 0.0, 0.0))

    def learn(self, numero: int, faits: pd.DataFrame) -> list[str]:
        """Retient les lignes lues d'une publication ; rend les fautes qui sautent aux yeux."""
        fautes = []
        for ligne in faits[COLONNES].itertuples(index=False):
            fiche = self.structure.fiches[ligne.indicateur]
            membres = self.structure.membres[numero].get((ligne.maille, ligne.code_territoire))
            if membres is None or ligne.statut not in {SECRET, *EXACTS}:
                continue
            if fiche["evolution"]:
                fautes += self._learn_evolution(numero, ligne, fiche, membres)
            elif fiche["denominateur"]:
                fautes += self._learn_ratio(numero, ligne, fiche, membres)
            else:
                fautes += self._learn_effectif(numero, ligne, fiche, membres)
        return fautes

    def _learn_effectif(self, numero: int, ligne, fiche: dict, membres: Membres) -> list[str]:
        rangs = self._find(numero, fiche["numerateur"], ligne.periode, membres)
        gardes = rangs >= 0
        if ligne.statut == SECRET:
            return self._hide(
                numero, rangs[gardes], membres[1][gardes], fiche, ligne, (ligne.borne_inf, ligne.borne_sup)
            )
        return self._see(rangs[gardes], membres[1][gardes], ligne.valeur, ligne)

    def _find(self, numero: int, variable: str, periode: str, membres: Membres) -> np.ndarray:
        """Inconnue de chaque commune d'un territoire ; -1 si elle n'est pas livrée."""
        rangs = self.rangs[numero].get((variable, periode))
        return np.full(len(membres[0]), -1) if rangs is None else rangs[membres[0]]

    def _learn_evolution(self, numero: int, ligne, fiche: dict, membres: Membres) -> list[str]:
        """Départ et arrivée, sur les communes connues aux deux dates."""
        avant, apres = (self._find(numero, fiche["numerateur"], p, membres) for p in ligne.periode.split("-"))
        gardes = (avant >= 0) & (apres >= 0)
        if ligne.statut == SECRET:
            return []
        return self._see_rapport(apres[gardes], avant[gardes], membres[1][gardes], ligne)

    def _learn_ratio(self, numero: int, ligne, fiche: dict, membres: Membres) -> list[str]:
        num = self._find(numero, fiche["numerateur"], ligne.periode, membres)
        if (fiche["denominateur"], ligne.periode) not in self.rangs[numero]:
            return self._learn_rapporte(numero, num, ligne, fiche, membres)
        den = self._find(numero, fiche["denominateur"], ligne.periode, membres)
        gardes = (num >= 0) & (den >= 0)
        rangs, totaux, parts = num[gardes], den[gardes], membres[1][gardes]
        if ligne.statut != SECRET:
            return self._see_rapport(rangs, totaux, parts, ligne)
        if not len(rangs) or (parts != 1).any():
            return []
        # De cette ligne seule, on ne sait pas lequel des deux est masqué ; le complément se protège aussi.
        k = self.structure.seuils[fiche["numerateur"]]
        self._cibles.append(_Cible(np.r_[totaux, rangs], np.r_[parts, -parts], k, 0.0, f"complément {_name(ligne)}"))
        return self._bound(rangs, totaux, ligne, fiche)

    def _see_rapport(self, num: np.ndarray, den: np.ndarray, parts: np.ndarray, ligne) -> list[str]:
        if ligne.statut == "hors_champ":
            return self._see(den, parts, 0.0, ligne)
        return self._see(num, parts, ligne.numerateur, ligne) + self._see(den, parts, ligne.denominateur, ligne)

    def _learn_rapporte(self, numero: int, rangs: np.ndarray, ligne, fiche: dict, membres: Membres) -> list[str]:
        """Rapport à un nombre public : il redonne le compte."""
        gardes = rangs >= 0
        rangs, (communes, parts) = rangs[gardes], (m[gardes] for m in membres)
        if fiche["denominateur"] not in self.structure.publiques:
            if ligne.statut == SECRET:
                return self._hide(numero, rangs, parts, fiche, ligne, (np.nan, np.nan))
            return self._see(rangs, parts, ligne.numerateur, ligne)
        population = float(self.structure.publiques[fiche["denominateur"]][communes] @ parts)
        facteur = population / fiche["multiplicateur"]
        if ligne.statut == SECRET:
            bornes = ligne.borne_inf * facteur, ligne.borne_sup * facteur
            return self._hide(numero, rangs, parts, fiche, ligne, bornes)
        return self._see(rangs, parts, ligne.valeur * facteur, ligne) + self._see(rangs, parts, ligne.numerateur, ligne)

    def _see(self, rangs: np.ndarray, poids: np.ndarray, valeur: float, ligne) -> list[str]:
        """Une somme publiée ; un chiffre faux est une faute de la publication, ou de la lecture."""
        if not len(rangs):
            return []
        if np.isnan(valeur):
            return [] if ligne.statut == "hors_champ" else [f"{_name(ligne)} : statut {ligne.statut} sans chiffre"]
        vraie = float(poids @ self._vraies[rangs])
        if abs(vraie - valeur) > GRAIN * max(1.0, abs(vraie)):
            return [f"{_name(ligne)} : publié {valeur:g}, vérité {vraie:g}"]
        # Un compte est entier ; la part d'une commune scindée ne l'est pas.
        dite = float(np.rint(valeur)) if np.all(poids == 1) else valeur
        self._lignes.append((rangs, poids, dite, dite))
        self._publiees.add(_sign(rangs))
        return []

    def _hide(
        self, numero: int, rangs: np.ndarray, parts: np.ndarray, fiche: dict, ligne, bornes: tuple[float, float]
    ) -> list[str]:
        """Une somme masquée : elle vaut au moins 1 si les zéros sont publiés, et tient dans les bornes dites."""
        variable = fiche["numerateur"]
        # Dans une publication reprise, un agrégat nul peut être masqué lui aussi.
        zeros = self.structure.zeros[variable] and (numero == 0 or len(rangs) == 1)
        if not len(rangs):
            return []
        if np.all(parts == 1):
            if zeros:
                self._lignes.append((rangs, parts, 1.0, INFINI))
            k = self.structure.seuils[variable]
            self._cibles.append(
                _Cible(rangs, parts, k, float(zeros), _name(ligne), True, not self.structure.zeros[variable], bornes)
            )
        return self._keep_bornes(rangs, parts, bornes, ligne)

    def _bound(self, rangs: np.ndarray, totaux: np.ndarray, ligne, fiche: dict) -> list[str]:
        """Bornes d'un rapport masqué : ``num >= inf * den`` et ``num <= sup * den``."""
        fautes = []
        for borne, sens in ((ligne.borne_inf, 1.0), (ligne.borne_sup, -1.0)):
            part = borne / fiche["multiplicateur"]
            poids = sens * np.r_[np.ones(len(rangs)), -part * np.ones(len(totaux))]
            fautes += self._keep_bornes(np.r_[rangs, totaux], poids, (0.0 if part == part else np.nan, np.nan), ligne)  # noqa: PLR0124
        return fautes

    def _keep_bornes(self, rangs: np.ndarray, poids: np.ndarray, bornes: tuple[float, float], ligne) -> list[str]:
        if np.isnan(bornes).all():
            return []
        bas, haut = np.nan_to_num(bornes[0], nan=-INFINI), np.nan_to_num(bornes[1], nan=INFINI, posinf=INFINI)
        vraie = float(poids @ self._vraies[rangs])
        if not bas - GRAIN * max(1, abs(bas)) <= vraie <= haut + GRAIN * max(1, abs(haut)):
            return [f"{_name(ligne)} : bornes [{bas:g} ; {haut:g}], vérité {vraie:g}"]
        self._bornes.append((rangs, poids, bas - GRAIN, haut + GRAIN))
        return []

    def learn_zones(self, numero: int, vue, zones: list[tuple[tuple[str, ...], float, float]]) -> None:
        """Retient l'intervalle dit d'une réunion de communes ; une zone arrondie est un intervalle."""
        fiche = self.structure.fiches[vue.indicateur]
        if fiche["denominateur"]:
            return
        place = {c: i for i, c in enumerate(self.structure.communes)}
        for codes, bas, haut in zones:
            rangs = self.rangs[numero][fiche["numerateur"], vue.periode][[place[c] for c in codes]]
            rangs = rangs[rangs >= 0]
            bornes = np.nan_to_num(bas, nan=0.0), np.nan_to_num(haut, nan=INFINI)
            self._lignes.append((rangs, np.ones(len(rangs)), *map(float, bornes)))

    def aim_communes(self) -> None:
        """Vise aussi chaque compte de commune, montré ou non : qui en déduit un a percé le secret."""
        vues = {int(c.rangs[0]) for c in self._cibles if len(c.rangs) == 1}
        for numero, par_cle in enumerate(self.rangs):
            for (variable, periode), rangs in par_cle.items():
                k = self.structure.seuils[variable]
                for place in np.flatnonzero(rangs >= 0).tolist():
                    rang = int(rangs[place])
                    if rang not in vues and 0 < self._vraies[rang] < k:
                        vues.add(rang)
                        nom = f"publication {numero + 1}, {variable} {periode} {self.structure.communes[place]}"
                        self._cibles.append(_Cible(np.array([rang]), np.ones(1), k, 0.0, nom))

    def savoir(self, *, bornes: bool = True) -> Savoir:
        """Programme que l'attaquant résout ; ``bornes`` : y compris les intervalles que les sorties disent."""
        return self._assemble(self._lignes + (self._bornes if bornes else []))

    def aveugle(self) -> Savoir:
        """Ce qu'il resterait si tout compte non nul était masqué : nul masque ne défend mieux."""
        lignes = []
        for rangs, poids, mini, maxi in self._lignes:
            structure, vraie = (poids < 0).any(), float(poids @ self._vraies[rangs])
            garde = structure or (vraie < GRAIN and maxi < GRAIN) or mini < maxi
            lignes.append((rangs, poids, mini, maxi) if garde else (rangs, poids, 1.0, INFINI))
        return self._assemble(lignes)

    def _assemble(self, lignes: list[tuple[np.ndarray, np.ndarray, float, float]]) -> Savoir:
        n = len(self._vraies)
        sommes = _stack([ligne[:2] for ligne in lignes], n)
        return Savoir(np.zeros(n), np.full(n, INFINI), sommes, *(np.array([x[i] for x in lignes]) for i in (2, 3)))

    def cibles(self) -> Cibles:
        """Tout ce qui est visé."""
        sommes = _stack([c[:2] for c in self._cibles], len(self._vraies))
        return Cibles(
            sommes=sommes,
            valeurs=np.asarray(sommes @ self._vraies),
            seuils=np.array([c.seuil for c in self._cibles], dtype=float),
            planchers=np.array([c.plancher for c in self._cibles]),
            noms=tuple(c.nom for c in self._cibles),
            # Une somme qu'une autre publication montre n'a plus à se cacher (si elle n'est pas petite).
            montrees=np.array([c.montree and _sign(c.rangs) not in self._publiees for c in self._cibles], dtype=bool),
            nulles=np.array([c.nulle for c in self._cibles], dtype=bool),
            temoin=self._vraies,
        )

    def check_bornes(self, nombre: int = BORNES_EPROUVEES) -> list[str]:
        """Bornes dites plus serrées que ce que l'attaquant trouve sans elles, en nombres réels.

        Args:
            nombre: cases éprouvées, prises au hasard parmi toutes.
        """
        dites = [i for i, c in enumerate(self._cibles) if not np.isnan(c.bornes).all()]
        dites = np.random.default_rng(len(dites)).permutation(dites)[:nombre].tolist()
        if not dites:
            return []
        cibles = self.cibles()
        vu = encadrer(self.savoir(bornes=False), cibles.sommes[dites], entier=False)
        fautes = []
        for rang, place in enumerate(dites):
            bas, haut = self._cibles[place].bornes
            # Un compte est entier : arrondir vers l'intérieur n'apprend rien à personne.
            if (
                bas > np.ceil(vu.bas[rang] - TOLERANCE) + TOLERANCE
                or haut < np.floor(vu.haut[rang] + TOLERANCE) - TOLERANCE
            ):
                fautes.append(
                    f"{cibles.noms[place]} : bornes dites [{bas:g} ; {haut:g}], "
                    f"déduites [{vu.bas[rang]:g} ; {vu.haut[rang]:g}]"
                )
        return fautes


def _sign(rangs: np.ndarray) -> tuple[int, ...]:
    return tuple(sorted(rangs.tolist()))


def _stack(lignes: list[tuple[np.ndarray, np.ndarray]], n: int) -> sparse.csr_matrix:
    longueurs = [len(r) for r, _ in lignes]
    colonnes = np.concatenate([r for r, _ in lignes]) if lignes else np.zeros(0, dtype=int)
    poids = np.concatenate([p for _, p in lignes]) if lignes else np.zeros(0)
    pile = sparse.csr_matrix((poids, colonnes, np.r_[0, np.cumsum(longueurs)]), shape=(len(lignes), n))
    pile.eliminate_zeros()
    return pile


def _name(ligne) -> str:
    return f"{ligne.indicateur} {ligne.periode} {ligne.maille} {ligne.code_territoire}"
