"""Recherche de territoires : quelques lettres, un code postal, un sigle… et dix réponses au plus.

Ordre des réponses : code exact, nom exact, début du nom, tous les mots, faute de frappe ; puis le
département où l'on est ; puis la population.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.recherche.cles import Qualite
from observatoire.analyse.recherche.construction import build_index
from observatoire.analyse.recherche.ecriture import PETITS_MOTS, join_mots_pleins, list_mots_pleins, normalise_texte
from observatoire.analyse.recherche.index import (
    MAILLES_CHERCHEES,
    MAILLES_SECONDES,
    Entiers,
    IndexRecherche,
)
from observatoire.analyse.recherche.trouvailles import Redaction, Trouvaille
from observatoire.config import Espace
from observatoire.modeles.mailles import Maille
from observatoire.territoires.referentiel import Referentiel

LONGUEUR_MAXIMALE = 80
"""Au-delà, ce n'est plus un nom de territoire : la suite n'est pas lue."""
REPONSES_MAXIMALES = 10

_SANS_RAPPORT = 99
_DEBUT_DE_PRECISION = 3
"""Lettres à taper pour qu'un mot soit comparé au nom du département."""
_COMMUNES = frozenset({Maille.COMMUNE, Maille.COMMUNE_COM})
_GROUPEMENTS = frozenset({Maille.EPCI, Maille.EPT})
_NIVEAUX_DITS = {
    **dict.fromkeys(("commune", "ville", "mairie"), _COMMUNES),
    **dict.fromkeys(("agglo", "agglomeration", "communaute", "communes", "epci", "metropole"), _GROUPEMENTS),
    "ept": frozenset({Maille.EPT}),
    "arrondissement": frozenset({Maille.ARRONDISSEMENT, Maille.ARRONDISSEMENT_MUNICIPAL}),
    "canton": frozenset({Maille.CANTON_VILLE}),
    "departement": frozenset({Maille.DEPARTEMENT}),
    "region": frozenset({Maille.REGION}),
}
"""Mots qui disent un niveau : « canton de Pessac », « agglo de Pau »."""

_Masque = npt.NDArray[np.bool_]


class Recherche:
    """Recherche dans les territoires d'une publication ; sans état, elle sert plusieurs fils à la fois."""

    def __init__(self, index: IndexRecherche) -> None:
        """Cherchera dans cet index."""
        self._index = index
        self._redaction = Redaction(index)
        self._niveaux_dits = {mot: self._mask_mailles(mailles) for mot, mailles in _NIVEAUX_DITS.items()}
        self._seconds = self._mask_mailles(MAILLES_SECONDES)
        self._groupements = self._mask_mailles(_GROUPEMENTS)
        self._anciens = index.noms.code_ancien.ne("").to_numpy(dtype=np.int64)

    def search(self, texte: str, departement: str = "") -> list[Trouvaille]:
        """Territoires qui répondent le mieux, dix au plus ; aucun pour un texte sans lettre ni chiffre.

        Args:
            texte: ce qu'on a tapé ; lu jusqu'à 80 signes.
            departement: code du département où l'on est, dont les territoires passent d'abord ; ignoré s'il
                n'existe pas.
        """
        normale = normalise_texte(texte[:LONGUEUR_MAXIMALE].replace("\n", " "))
        if not normale:
            return []
        mots = list_mots_pleins(normale)
        qualites = np.full(len(self._index.noms), _SANS_RAPPORT, dtype=np.int64)
        self._judge_cles(qualites, normale)
        self._judge_mots(qualites, mots)
        if (qualites == _SANS_RAPPORT).all():
            self._judge_mots(qualites, mots, tolerant=True)
        codes = frozenset([*mots, normale.replace(" ", "")])
        return [self._redaction.write(nom, codes) for nom in self._rank(qualites, departement)]

    def _judge_cles(self, qualites: Entiers, normale: str) -> None:
        """Codes, noms entiers, débuts de noms."""
        entiere, pleine = normale.replace(" ", ""), join_mots_pleins([normale])[0]
        _lower(qualites, *self._index.codes.find_exactes(entiere))
        # Un petit mot tapé compte : « le port » va d'abord aux noms qui ont l'article, « port » à tous,
        # et « aix en » n'est pas encore tout le nom.
        formes = [(entiere, 0)] if pleine == entiere else [(entiere, -2), (pleine, 0)]
        inacheve = pleine != entiere and normale.rsplit(maxsplit=1)[-1] in PETITS_MOTS
        for cle, avance in formes:
            noms, genres = self._index.cles.find_exactes(cle)
            # Le libellé d'un canton n'a pas d'article : « haÿ les roses » ne doit pas y mener d'abord.
            _lower(qualites, noms, genres + avance * ~self._seconds[noms])
            noms, genres = self._index.cles.find_debuts(cle)
            recul = 1 if inacheve and cle == entiere else Qualite.DEBUT - Qualite.NOM
            # « orléan » va à la ville avant la métropole, qui est plus peuplée.
            _lower(qualites, noms, genres + recul + avance + self._groupements[noms])

    def _judge_mots(self, qualites: Entiers, mots: list[str], *, tolerant: bool = False) -> None:
        """Tous les mots tapés, dans n'importe quel ordre, entiers ou commencés."""
        if not mots:
            return
        lettres = [m for m in mots if not any(c.isdigit() for c in m)]
        trouves = [self._find_mot(m, tolerant=tolerant) for m in mots]
        precises = [self._find_precision(m) for m in mots]
        dans_le_nom = np.logical_and.reduce([debut for _, debut in trouves])
        partout = np.logical_and.reduce(
            [debut | precise for (_, debut), precise in zip(trouves, precises, strict=True)]
        )
        # « gironde » seul ne mène pas aux communes de Gironde ; « 33 » ou « bordeaux gironde », si.
        if lettres:
            partout &= np.logical_or.reduce([d for m, (_, d) in zip(mots, trouves, strict=True) if m in lettres])
        couverts = np.sum([entier for entier, _ in trouves], axis=0) == np.maximum(self._index.nb_mots, 1)
        if tolerant:
            jugements = [(partout, Qualite.FAUTE), (partout & couverts, Qualite.FAUTE_DANS_LE_NOM)]
        else:
            jugements = [
                (partout, Qualite.PRECISE),
                (partout & couverts, Qualite.NOM_PRECISE),
                (dans_le_nom, Qualite.DEBUTS_DE_MOTS),
                (dans_le_nom & couverts, Qualite.TOUS_LES_MOTS),
            ]
        for masque, qualite in jugements:
            np.minimum(qualites, qualite + self._anciens, out=qualites, where=masque)

    def _find_mot(self, mot: str, *, tolerant: bool) -> tuple[_Masque, _Masque]:
        """Noms qui portent ce mot entier, et ceux dont un mot commence ainsi."""
        index = self._index
        entier, debut = self._mask(index.mots.find(mot)), self._mask(index.mots.find_debuts(mot))
        # Un mot qui existe est tenu pour juste.
        if tolerant and not entier.any():
            proches, debuts_proches = (np.flatnonzero(m) for m in index.proches.find_proches(mot))
            entier |= self._mask(index.mots.find_rangs(proches))
            debut |= self._mask(index.mots.find_rangs(debuts_proches))
        return entier, debut

    def _find_precision(self, mot: str) -> _Masque:
        """Noms que ce mot précise : département, code Insee ou postal commencé, niveau."""
        masque = np.zeros(len(self._index.noms), dtype=bool)
        if len(mot) >= _DEBUT_DE_PRECISION or any(c.isdigit() for c in mot):
            masque |= self._mask(self._index.contexte.find_debuts(mot))
        if mot in self._niveaux_dits:
            masque |= self._niveaux_dits[mot]
        return masque

    def _mask_mailles(self, mailles: frozenset[Maille]) -> _Masque:
        return np.isin(self._index.rang_maille, [MAILLES_CHERCHEES.index(m) for m in mailles])

    def _mask(self, noms: Entiers) -> _Masque:
        masque = np.zeros(len(self._index.noms), dtype=bool)
        masque[noms] = True
        return masque

    def _rank(self, qualites: Entiers, departement: str) -> list[int]:
        """Noms à montrer, un par territoire, du meilleur au moins bon."""
        index = self._index
        candidats = np.flatnonzero(qualites < _SANS_RAPPORT)
        ici = index.par_departement.get(departement)
        ailleurs = np.zeros(len(candidats), dtype=np.int64)
        if ici is not None:
            ailleurs = (~np.isin(index.territoire_du_nom[candidats], ici)).astype(np.int64)
        places = (qualites[candidats] * 2 + ailleurs) * len(qualites) + index.ordre[candidats]
        gardes: dict[int, int] = {}
        for nom in candidats[np.argsort(places)].tolist():
            gardes.setdefault(int(index.territoire_du_nom[nom]), nom)
            if len(gardes) == REPONSES_MAXIMALES:
                break
        return list(gardes.values())


def _lower(qualites: Entiers, noms: Entiers, nouvelles: Entiers) -> None:
    """Abaisse des qualités là où les nouvelles sont meilleures ; un nom peut venir plusieurs fois."""
    np.minimum.at(qualites, noms, nouvelles)


_VERROU = threading.Lock()


def open_recherche(espace: Espace, publication: str) -> Recherche:
    """Recherche dans une publication ; l'index est construit une fois, puis gardé.

    Raises:
        PublicationError: publication inconnue.
        ConfigurationError: le référentiel territorial est incomplet.
    """
    # Deux premières demandes en même temps ne doivent pas construire deux fois.
    with _VERROU:
        return _open(espace, publication)


@lru_cache(maxsize=2)
def _open(espace: Espace, publication: str) -> Recherche:
    publies = open_consultation(espace, publication).territoires
    referentiel = Referentiel(espace.referentiel)
    return Recherche(
        build_index(publies.table, publies.liens, referentiel.codes_postaux, referentiel.anciennes_communes)
    )
