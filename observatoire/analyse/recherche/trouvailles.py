"""Réponses d'une recherche : un territoire, son niveau, son département, et ce qui le distingue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from observatoire.analyse.recherche.index import IndexRecherche
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre

_CHAMPS = ("maille", "code", "libelle", "departement", "nb_departements", "population", "codes_postaux")
_COMMUNALES = frozenset({Maille.COMMUNE, Maille.COMMUNE_COM, Maille.ARRONDISSEMENT_MUNICIPAL})


@dataclass(frozen=True)
class Trouvaille:
    """Territoire proposé.

    Attributes:
        maille: niveau.
        code: code du territoire.
        departement: code de son département (le plus peuplé s'il en touche plusieurs ; vide pour une région).
        libelle: nom actuel.
        detail: niveau, département, puis code postal ou population : « commune · La Réunion (974) · 97460 ».
        lien: adresse de sa page.
        note: ce qu'est devenu le nom tapé : « Arbignieu, aujourd'hui Arboys en Bugey » ; vide sinon.
    """

    maille: Maille
    code: str
    departement: str
    libelle: str
    detail: str
    lien: str
    note: str = ""


class Redaction:
    """Écrit les réponses d'un index."""

    def __init__(self, index: IndexRecherche) -> None:
        """Écrira les réponses de cet index."""
        self._index = index
        # Des listes : lire une case d'un tableau pandas prend cent fois plus de temps.
        self._fiches = {champ: index.territoires[champ].tolist() for champ in _CHAMPS}
        self._noms = {champ: index.noms[champ].tolist() for champ in ("libelle", "code_ancien")}

    def write(self, nom: int, tapes: frozenset[str]) -> Trouvaille:
        """Réponse qui montre un nom (rang) ; le code tapé est rappelé s'il est le sien."""
        rang = int(self._index.territoire_du_nom[nom])
        fiche = {champ: valeurs[rang] for champ, valeurs in self._fiches.items()}
        maille, code, libelle = Maille(fiche["maille"]), str(fiche["code"]), str(fiche["libelle"])
        note = ""
        if ancien := self._noms["code_ancien"][nom]:
            ancien_libelle = self._noms["libelle"][nom]
            quoi = ancien_libelle if ancien_libelle != libelle else f"Code {ancien}"
            note = f"{quoi}, aujourd'hui {libelle}"
        morceaux = ("pays" if maille is Maille.FRANCE else maille.libelle, self._situate(fiche))
        dernier = self._find_code(rang, tapes) or _write_habitants(fiche["population"])
        detail = " · ".join(m for m in (*morceaux, dernier) if m)
        lien = f"territoire?territoire={maille}-{code}"
        return Trouvaille(maille, code, str(fiche["departement"]), libelle, detail, lien, note)

    def _situate(self, fiche: Mapping[str, object]) -> str:
        """« La Réunion (974) », « 974 » pour un département, « Ain (01) et 2 autres départements » à cheval."""
        departement = str(fiche["departement"])
        if not departement or fiche["maille"] in (Maille.DEPARTEMENT, Maille.COLLECTIVITE_OUTREMER):
            return departement
        situation = f"{self._index.libelles_departements.get(departement, '')} ({departement})".strip()
        autres = int(str(fiche["nb_departements"])) - 1
        pluriel = "s" if autres > 1 else ""
        return f"{situation} et {autres} autre{pluriel} département{pluriel}" if autres > 0 else situation

    def _find_code(self, rang: int, tapes: frozenset[str]) -> str:
        """Code Insee ou postal tapé, ou le seul code postal qu'ait la commune."""
        code, postaux = self._fiches["code"][rang], self._fiches["codes_postaux"][rang].split()
        if self._fiches["maille"][rang] in _COMMUNALES and code.lower() in tapes:
            return f"code Insee {code}"
        siens = postaux if len(postaux) == 1 else [p for p in postaux if p in tapes]
        return siens[0] if siens else ""


def _write_habitants(population: object) -> str:
    nombre = float(str(population))
    return f"{format_nombre(nombre)}{INSECABLE}habitant{'s' if nombre > 1 else ''}" if nombre > 0 else ""
