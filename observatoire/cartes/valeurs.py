"""Valeurs d'une carte : codage positionnel compact, dans l'ordre des territoires du fond.

Chaque changement d'indicateur envoie ces seules chaînes ; le navigateur les décode, classe et peint.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import orjson
import pandas as pd

from observatoire.analyse.bornes import DEDUIT
from observatoire.cartes.bornes_codees import deduce_bornes, merge_bornes, select_bornes
from observatoire.cartes.palettes import DESSIN_MIXTE
from observatoire.modeles.nombres import agree_unite
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

LETTRES = {
    Statut.PUBLIE: "p",
    Statut.ARRONDI: "a",
    Statut.ESTIME: "e",
    Statut.PARTIEL: "r",
    Statut.NON_SIGNIFICATIF: "n",
    Statut.NON_DISPONIBLE: "d",
    Statut.HORS_CHAMP: "h",
    Statut.SECRET: "s",
}
"""Une lettre par statut, sur le fil."""
MIXTE = "mixte"
"""Classe d'un territoire qui en réunit plusieurs."""
LETTRE_ZERO = "z"
"""Zéro vrai : publié, et nul. Un zéro arrondi ou estimé n'en est pas un."""
_VIDE = -(2**62)
"""Tient la place d'une valeur absente le temps de l'écriture."""

BorneIncluse = Literal["inferieure", "superieure"]
"""Classe ``[a ; b[`` ou ``]a ; b]``."""


@dataclass(frozen=True)
class ValeursCodees:
    """Valeurs prêtes à partir.

    Attributes:
        nombre: nombre de territoires.
        decimales: les entiers de ``valeurs`` valent ``n / 10^decimales``.
        valeurs: entiers séparés par des virgules ; rien pour une valeur absente.
        statuts: lettre puis nombre de répétitions (``p312s2p5``).
        bornes_rang: écarts entre les rangs des territoires dont les bornes diffèrent de la valeur.
        bornes_inf: bornes inférieures de ces territoires ; rien si elle est inconnue.
        bornes_sup: bornes supérieures.
        exceptions_rang: écarts entre les rangs des territoires que l'arrondi ferait changer de classe.
        exceptions_classe: leur vraie classe.
    """

    nombre: int
    decimales: int
    valeurs: str
    statuts: str
    bornes_rang: str = ""
    bornes_inf: str = ""
    bornes_sup: str = ""
    exceptions_rang: str = ""
    exceptions_classe: str = ""

    def to_message(self) -> dict[str, Any]:
        """Forme envoyée au navigateur (clés d'une ou deux lettres)."""
        message: dict[str, Any] = {
            "n": self.nombre,
            "d": self.decimales,
            "v": self.valeurs,
            "s": self.statuts,
        }
        if self.bornes_rang:
            message |= {"bi": self.bornes_rang, "inf": self.bornes_inf, "sup": self.bornes_sup}
        if self.exceptions_rang:
            message |= {"ei": self.exceptions_rang, "ec": self.exceptions_classe}
        return message


def encode_valeurs(
    valeurs: ArrayLike,
    statuts: Sequence[str],
    *,
    decimales: int,
    bornes_classes: Sequence[float] = (),
    borne_incluse: BorneIncluse = "superieure",
    bornes_inf: ArrayLike | None = None,
    bornes_sup: ArrayLike | None = None,
    zeros_vrais: bool = True,
) -> ValeursCodees:
    """Code des valeurs rangées dans l'ordre du fond.

    Le navigateur classe des valeurs arrondies ; les rares territoires que l'arrondi ferait changer
    de classe sont donc nommés à part, et la légende compte bien ce que la carte montre.

    Args:
        valeurs: nombres, ``NaN`` ou ``None`` si absents.
        statuts: statut de chaque territoire.
        decimales: chiffres affichés après la virgule.
        bornes_classes: bornes internes des classes (une de moins que de classes).
        borne_incluse: celle des deux bornes d'une classe qui lui appartient.
        bornes_inf: borne inférieure de chaque valeur.
        bornes_sup: borne supérieure de chaque valeur.
        zeros_vrais: cerner les zéros publiés (faux pour une carte d'écarts).
    """
    nombres = _floats(valeurs)
    if len(nombres) != len(statuts):
        msg = f"{len(nombres)} valeurs pour {len(statuts)} statuts."
        raise ValueError(msg)
    rangs_statuts, distincts = pd.factorize(np.asarray(statuts, dtype=object))
    sans_valeur = np.array([s in STATUTS_SANS_VALEUR for s in distincts.tolist()], dtype=np.bool_)[rangs_statuts]
    lettres = np.array([LETTRES[Statut(s)] for s in distincts.tolist()])[rangs_statuts]
    inf, sup = (nombres if b is None else _floats(b) for b in (bornes_inf, bornes_sup))
    deduites = deduce_bornes(statuts, nombres, inf, sup, decimales)
    nombres = np.where(sans_valeur, np.nan, nombres)
    rangs, inf, sup = merge_bornes(select_bornes(nombres, inf, sup, sans_valeur, decimales), deduites)
    exceptions, classes = _find_exceptions(nombres, decimales, bornes_classes, borne_incluse)
    return ValeursCodees(
        nombre=len(nombres),
        decimales=decimales,
        valeurs=_join(nombres, decimales),
        statuts=_encode_lettres(lettres, nombres, zeros_vrais=zeros_vrais),
        bornes_rang=_join_ecarts(rangs),
        bornes_inf=_join(inf, decimales),
        bornes_sup=_join(sup, decimales),
        exceptions_rang=_join_ecarts(exceptions),
        exceptions_classe=",".join(map(str, classes.tolist())),
    )


def encode_typologie(classes: Sequence[str | None], statuts: Sequence[str], modalites: Sequence[str]) -> ValeursCodees:
    """Code une typologie : la valeur est le rang de la classe dans ``modalites``, leur nombre pour ``MIXTE``."""
    rangs = {code: rang for rang, code in enumerate((*modalites, MIXTE))}
    valeurs = [np.nan if c is None or c not in rangs else rangs[c] for c in classes]
    return encode_valeurs(valeurs, statuts, decimales=0, zeros_vrais=False)


def decode_valeurs(codees: ValeursCodees) -> tuple[NDArray[np.float64], list[str]]:
    """Valeurs et lettres de statut, telles que le navigateur les lira."""
    echelle = 10**codees.decimales
    textes = codees.valeurs.split(",") if codees.nombre else []
    valeurs = np.array([np.nan if t == "" else int(t) / echelle for t in textes], dtype=float)
    lettres: list[str] = []
    repetition = ""
    for signe in codees.statuts + " ":
        if signe.isdigit():
            repetition += signe
            continue
        if repetition:
            lettres.extend(lettres[-1:] * (int(repetition) - 1))
            repetition = ""
        lettres.append(signe)
    return valeurs, lettres[:-1]


def classify(
    valeurs: ArrayLike, bornes_classes: Sequence[float], borne_incluse: BorneIncluse = "superieure"
) -> NDArray[np.intp]:
    """Rang de classe de chaque valeur (``-1`` si elle est absente), comme le fait le navigateur."""
    nombres = _floats(valeurs)
    cote: Literal["left", "right"] = "left" if borne_incluse == "superieure" else "right"
    classes = np.searchsorted(np.asarray(bornes_classes, dtype=float), nombres, side=cote)
    return np.where(np.isnan(nombres), -1, classes).astype(np.intp)


def align_valeurs(tableau: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Range des valeurs dans l'ordre d'un fond ; un territoire absent est « non disponible ».

    Args:
        tableau: ``code_territoire, valeur, statut``, et si possible ``borne_inf, borne_sup``.
        codes: ordre du fond (``FondFichier.codes``).
    """
    range_ = tableau.drop_duplicates("code_territoire").set_index("code_territoire").reindex(list(codes))
    range_["statut"] = range_["statut"].astype(object).where(range_["statut"].notna(), Statut.NON_DISPONIBLE.value)
    for colonne in ("borne_inf", "borne_sup"):
        if colonne not in range_:
            range_[colonne] = range_["valeur"]
    return range_


def compute_rayons(valeurs_legende: Sequence[float], maximum: float, rayon_maximal: float) -> list[float]:
    """Rayons (px) des cercles de légende : la surface, pas le rayon, suit la valeur."""
    if maximum <= 0:
        return [0.0 for _ in valeurs_legende]
    return [round(rayon_maximal * float(np.sqrt(max(v, 0) / maximum)), 2) for v in valeurs_legende]


def dessin_aplats(
    couleurs: Sequence[str], bornes_classes: Sequence[float], borne_incluse: BorneIncluse = "superieure"
) -> dict[str, Any]:
    """Aplats par classe : ``len(couleurs) == len(bornes_classes) + 1``."""
    if len(couleurs) != len(bornes_classes) + 1:
        msg = f"{len(couleurs)} couleurs pour {len(bornes_classes)} bornes internes."
        raise ValueError(msg)
    return {
        "type": "aplats",
        "couleurs": list(couleurs),
        "bornes": [float(b) for b in bornes_classes],
        "incluse": borne_incluse,
    }


def dessin_symboles(couleur: str, cerne: str, maximum: float, rayon_maximal: float = 30) -> dict[str, Any]:
    """Cercles proportionnels : ``couleur`` à 75 %, ``cerne`` de 1 px."""
    return {
        "type": "symboles",
        "couleur": couleur,
        "cerne": cerne,
        "maximum": float(maximum),
        "rayon": rayon_maximal,
    }


def dessin_typologie(
    couleurs: Sequence[str], libelles: Sequence[str], parts: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """Une couleur et un libellé par classe de la typologie, puis la classe « mixte ».

    Args:
        couleurs: une par classe.
        libelles: un par classe.
        parts: classes des territoires mixtes (« A 60 %, C 40 % »), par rang dans le fond.
    """
    return {
        "type": "typologie",
        "couleurs": [*couleurs, DESSIN_MIXTE.fond],
        "libelles": [*libelles, "Mixte"],
        "mixte": len(libelles),
        "parts": {str(rang): texte for rang, texte in (parts or {}).items()},
    }


def make_textes(titre: str, unite: str, decimales: int, *, signe: bool = False, sous_titre: str = "") -> dict[str, Any]:
    """Textes de l'info-bulle et de la légende en plein écran.

    Args:
        titre: libellé de l'indicateur.
        unite: unité écrite après les valeurs.
        decimales: chiffres après la virgule.
        signe: écrire le « + » (écarts et évolutions).
        sous_titre: niveau, territoire et période (« Communes de La Réunion · 2010 »).
    """
    suite = f"\u00a0{unite}" if unite else ""
    statuts: Mapping[str, str] = {
        "a": "valeur arrondie par le producteur",
        "e": "valeur estimée",
        "r": "valeur partielle : une partie du territoire manque",
        "n": "non significatif : trop peu de cas pour conclure",
        "d": "donnée non disponible",
        "h": "sans objet ici",
        "s": Statut.SECRET.libelle,
    }
    return {
        "titre": titre,
        "sous_titre": sous_titre,
        "unite": suite,
        "singulier": f"\u00a0{agree_unite(unite, 1)}" if unite else "",
        "decimales": decimales,
        "signe": signe,
        "intervalle": "entre {inf} et {sup}",
        "minimum": "au moins {inf}",
        "maximum": "au plus {sup}",
        "deduit": DEDUIT,
        "statuts": dict(statuts),
    }


def _floats(valeurs: ArrayLike) -> NDArray[np.float64]:
    brut = np.asarray(valeurs)
    if brut.dtype.kind == "f":
        return brut.astype(np.float64, copy=False)
    return np.array([np.nan if v is None or math.isnan(v) else float(v) for v in brut.tolist()], dtype=float)


def _find_exceptions(
    nombres: NDArray[np.float64], decimales: int, bornes: Sequence[float], incluse: BorneIncluse
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Territoires que l'arrondi ferait changer de classe : leurs rangs, et leur vraie classe."""
    if not len(bornes):
        return np.array([], dtype=np.intp), np.array([], dtype=np.intp)
    exactes = classify(nombres, bornes, incluse)
    rangs = np.flatnonzero(classify(np.round(nombres, decimales), bornes, incluse) != exactes)
    return rangs, exactes[rangs]


def _join_ecarts(rangs: NDArray[np.intp]) -> str:
    return ",".join(map(str, np.diff(rangs, prepend=0).tolist()))


def _join(nombres: NDArray[np.float64], decimales: int) -> str:
    absents = np.isnan(nombres)
    entiers = np.rint(np.where(absents, 0, nombres) * 10.0**decimales).astype(np.int64)
    entiers[absents] = _VIDE
    # Écrire 35 000 nombres un par un coûte dix fois plus.
    ecrits = orjson.dumps(entiers, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
    return ecrits.replace(str(_VIDE).encode(), b"").decode()


def _encode_lettres(lettres: NDArray[np.str_], nombres: NDArray[np.float64], *, zeros_vrais: bool) -> str:
    """Lettres des statuts, par suites."""
    if not len(lettres):
        return ""
    if zeros_vrais:
        lettres = np.where((nombres == 0) & (lettres == LETTRES[Statut.PUBLIE]), LETTRE_ZERO, lettres)
    debuts = np.flatnonzero(np.r_[True, lettres[1:] != lettres[:-1]])
    longueurs = np.diff(np.r_[debuts, len(lettres)])
    suites = zip(lettres[debuts].tolist(), longueurs.tolist(), strict=True)
    return "".join(lettre if n == 1 else f"{lettre}{n}" for lettre, n in suites)
