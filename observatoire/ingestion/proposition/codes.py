"""Reconnaissance des codes de territoire d'une colonne, par ses valeurs plus que par son nom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.proposition.formes_codes import (
    cut_departement,
    has_luhn,
    lengths,
    pad,
    share,
    strip_departement,
)
from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.nomenclature import ANCIENNES_REGIONS, CODES_TOTAUX, Nomenclature
from observatoire.ingestion.proposition.profil import Profil
from observatoire.modeles.mailles import Maille

PART_CONNUE = 0.85
"""Part de codes connus au-delà de laquelle le nom de la colonne n'a plus à confirmer."""
PART_CONFIRMEE = 0.5
"""Part suffisante quand le nom de la colonne confirme."""
PART_ECRITE = 0.5
PART_NOMMEE = 0.8
PART_SIREN = 0.95
_PART_EPCI = 0.2
_PEU_DE_CODES = 5
_MELODI = r"^(19|20)\d{2}-([A-Z]+[0-9]*)-[0-9A-Z]+$"
_QPV = r"^Q[PN][0-9]{2}[0-9AB][0-9]{2,3}[A-Z]?$"
_UAI = r"^[0-9][0-9AB][0-9]{5}[A-Z]$"
_CODE = r"^[0-9][0-9AB]?[0-9]{0,12}(\.0+)?$"
_ANNEE = r"^(19|20)[0-9]{2}(\.0+)?$"


@dataclass(frozen=True)
class CodesColonne:
    """Codes d'une colonne, à un niveau.

    Attributes:
        profil: la colonne.
        niveau: niveau reconnu.
        forme: écriture des codes (voir ``TerritoireReconnu.forme``).
        codes: code rétabli de chaque valeur distincte.
        connus: par valeur distincte, code reconnu à ce niveau.
        debut: position où le code commence dans la valeur.
        confirme: vrai si le nom de la colonne le confirme.
    """

    profil: Profil
    niveau: str
    forme: str
    codes: pd.Index
    connus: NDArray[np.bool_]
    debut: int = 0
    confirme: bool = False

    @property
    def part(self) -> float:
        """Part des lignes remplies dont le code est reconnu."""
        return self.profil.share(self.connus)

    @property
    def distincts(self) -> int:
        """Nombre de codes distincts reconnus."""
        return int(self.connus.sum())

    @property
    def unique(self) -> bool:
        """Vrai si chaque code ne paraît que sur une ligne."""
        return self.distincts > 1 and bool((self.profil.comptes[self.connus] == 1).all())


def recognise(profil: Profil, nomenclature: Nomenclature) -> CodesColonne | None:
    """Reconnaît le niveau des codes d'une colonne, ou rien.

    Args:
        profil: la colonne.
        nomenclature: codes connus.
    """
    if not profil.remplies:
        return None
    for motif, niveau in ((_QPV, "qpv"), (_UAI, "uai")):
        choix = profil.match(motif)
        if profil.share(choix) >= PART_CONNUE:
            return CodesColonne(profil, niveau, "code", profil.codes, choix, confirme=True)
    if profil.share(profil.match(_MELODI)) >= PART_CONNUE:
        return _recognise_melodi(profil, nomenclature)
    if profil.share(profil.match(_CODE)) < PART_CONFIRMEE or profil.share(profil.match(_ANNEE)) >= PART_CONNUE:
        return None
    longueurs = lengths(profil.codes)
    trouves = (
        _recognise_neuf(profil, longueurs, nomenclature)
        or _recognise_siret(profil, longueurs)
        or _recognise_communes(profil, longueurs, nomenclature)
        or _recognise_canton(profil, longueurs, nomenclature)
        or _recognise_court(profil, longueurs, nomenclature)
    )
    return trouves or _recognise_par_nom(profil)


def is_commune(codes: pd.Index, nomenclature: Nomenclature) -> NDArray[np.bool_]:
    """Par code : commune, arrondissement municipal, commune d'outre-mer ou commune disparue."""
    connu = nomenclature.knows(Maille.COMMUNE, codes) | nomenclature.knows(Maille.ARRONDISSEMENT_MUNICIPAL, codes)
    connu |= nomenclature.knows(Maille.COMMUNE_COM, codes)
    return connu | (nomenclature.anciennes.get_indexer(codes) >= 0)


def _recognise_melodi(profil: Profil, nomenclature: Nomenclature) -> CodesColonne | None:
    """Code de l'API Melodi : année de géographie, type, code (« 2025-COM-33318 »)."""
    types = pd.Series([t.split("-")[1] for t in profil.textes])
    courant = types.groupby(types).size().idxmax()
    codes = pd.Index([t.split("-", 2)[2] for t in profil.textes], dtype=object)
    niveau = TYPES_MELODI.get(str(courant))
    if niveau is None:
        return None
    connus = (types == courant).to_numpy()
    if niveau in {m.value for m in nomenclature.niveaux}:
        connus = connus & nomenclature.knows(Maille(niveau), codes)
    return CodesColonne(profil, niveau, "melodi", codes, connus, debut=len(f"AAAA-{courant}-"), confirme=True)


def _recognise_neuf(profil: Profil, longueurs: NDArray[np.int64], nomenclature: Nomenclature) -> CodesColonne | None:
    """Neuf caractères : IRIS, EPCI, FINESS ou SIREN."""
    neuf = (longueurs == 9) | (longueurs == 8)  # noqa: PLR2004 -- huit : zéro de tête perdu
    if profil.share(neuf) < PART_CONNUE:
        return None
    forme = "code" if (longueurs[neuf] == 9).all() else "zeros_perdus"  # noqa: PLR2004
    codes = pad(profil.codes, 9) if forme == "zeros_perdus" else profil.codes
    cles = has_luhn(codes, 9)
    epci = nomenclature.knows(Maille.EPCI, codes) | nomenclature.knows(Maille.EPT, codes)
    locaux = np.fromiter((c[:1] == "2" for c in codes), bool, len(codes))
    numeriques = np.fromiter((c.isdigit() for c in codes), bool, len(codes)) & (lengths(codes) == 9)  # noqa: PLR2004
    part_cles = share(profil.comptes[numeriques], cles[numeriques])
    if part_cles >= PART_SIREN and share(profil.comptes, epci) >= _PART_EPCI:
        # Un EPCI disparu garde un SIREN valide : il compte comme EPCI, le millésime dira l'année.
        return CodesColonne(profil, "epci", forme, codes, epci | (cles & locaux), confirme=True)
    communes = pd.Index([c[:5] for c in codes], dtype=object)
    iris = is_commune(communes, nomenclature) & (lengths(codes) == 9)  # noqa: PLR2004
    if share(profil.comptes, iris) >= PART_CONNUE and part_cles < PART_CONFIRMEE:
        return CodesColonne(profil, "iris", forme, codes, iris, confirme=True)
    if part_cles >= PART_SIREN:
        siren = speaks_of(profil.cle, "siren") or share(profil.comptes, locaux) >= PART_CONNUE
        return CodesColonne(
            profil, "siren" if siren and not speaks_of(profil.cle, "finess") else "finess", forme, codes, cles
        )
    if speaks_of(profil.cle, "finess"):
        return CodesColonne(profil, "finess", forme, codes, neuf)
    return None


def _recognise_siret(profil: Profil, longueurs: NDArray[np.int64]) -> CodesColonne | None:
    if profil.share(longueurs == 14) < PART_CONNUE:  # noqa: PLR2004
        return None
    cles = has_luhn(profil.codes, 14)
    return (
        CodesColonne(profil, "siret", "code", profil.codes, cles) if share(profil.comptes, cles) > PART_CONNUE else None
    )


def _recognise_communes(  # noqa: PLR0911 -- une sortie par niveau écarté
    profil: Profil, longueurs: NDArray[np.int64], nomenclature: Nomenclature
) -> CodesColonne | None:
    """Cinq caractères, ou quatre quand un tableur a perdu le zéro : commune ou code postal."""
    cinq = longueurs == 5  # noqa: PLR2004
    quatre = longueurs == 4  # noqa: PLR2004
    if profil.share(cinq | quatre) < PART_CONFIRMEE or profil.a_decimales:
        return None
    zeros_gardes = any(c[0] == "0" for c in profil.codes[cinq | quatre])
    codes, forme = profil.codes, "code"
    if quatre.any() and not zeros_gardes:
        codes, forme = pad(profil.codes, 5), "zeros_perdus"
    connus = is_commune(codes, nomenclature)
    part = share(profil.comptes, connus)
    if forme == "zeros_perdus" and not (quatre & connus).any():
        forme = "code"
    postaux = nomenclature.codes_postaux.get_indexer(codes) >= 0
    part_postaux = share(profil.comptes, postaux)
    postal = speaks_of(profil.cle, "code_postal")
    if part < PART_CONNUE and part_postaux > part and (postal or part_postaux >= PART_CONNUE):
        return CodesColonne(profil, "code_postal", forme, codes, postaux, confirme=postal)
    if postal and part_postaux >= PART_CONFIRMEE:
        return CodesColonne(profil, "code_postal", forme, codes, postaux, confirme=True)
    ecrit = zeros_gardes or bool((cinq & _has_corse(codes)).any())
    confirme = ecrit or _is_confirmed(profil, "commune")
    # Un nom ne suffit pas : « insee_log » compte des logements, et cinq chiffres font souvent une commune.
    if part < (PART_ECRITE if ecrit else PART_NOMMEE) or not _is_enough(part, int(connus.sum()), confirme):
        return None
    for niveau in ("bassin_de_vie", "unite_urbaine"):
        if speaks_of(profil.cle, niveau):
            return CodesColonne(profil, niveau, forme, codes, connus, confirme=True)
    if speaks_of(profil.cle, "canton_ville") and not speaks_of(profil.cle, "commune"):
        return None
    return CodesColonne(profil, _refine_commune(codes[connus], nomenclature), forme, codes, connus, confirme=confirme)


def _refine_commune(codes: pd.Index, nomenclature: Nomenclature) -> str:
    """Communes, arrondissements municipaux seuls, ou communes d'outre-mer seules."""
    for maille in (Maille.COMMUNE_COM, Maille.ARRONDISSEMENT_MUNICIPAL):
        if nomenclature.knows(maille, codes).all():
            return maille.value
    return Maille.COMMUNE.value


def _recognise_canton(profil: Profil, longueurs: NDArray[np.int64], nomenclature: Nomenclature) -> CodesColonne | None:
    quatre = (longueurs == 4) | (longueurs == 5)  # noqa: PLR2004
    if profil.share(quatre) < PART_CONNUE:
        return None
    connus = nomenclature.knows(Maille.CANTON_VILLE, profil.codes)
    zeros = any(c[0] == "0" for c in profil.codes[quatre])
    confirme = speaks_of(profil.cle, "canton_ville") or zeros
    autre = any(speaks_of(profil.cle, n) for n in ("zone_emploi", "unite_urbaine", "bassin_de_vie", "bassin_emploi"))
    # Les cantons de 2015 et les « cantons ou villes » partagent leurs codes, aux villes près.
    if autre or not confirme or share(profil.comptes, connus) < PART_CONNUE:
        return None
    return CodesColonne(profil, Maille.CANTON_VILLE.value, "code", profil.codes, connus, confirme=True)


def _recognise_court(profil: Profil, longueurs: NDArray[np.int64], nomenclature: Nomenclature) -> CodesColonne | None:
    """Une à quatre positions : département, région, arrondissement."""
    if profil.share(longueurs <= 4) < PART_CONNUE or profil.a_decimales:  # noqa: PLR2004
        return None
    if any(speaks_of(profil.cle, n) for n in _ZONES) or speaks_of(profil.cle, "periode"):
        return None
    if speaks_of(profil.cle, "arrondissement"):
        connus = nomenclature.knows(Maille.ARRONDISSEMENT, profil.codes)
        if share(profil.comptes, connus) >= PART_CONFIRMEE:
            return CodesColonne(profil, Maille.ARRONDISSEMENT.value, "code", profil.codes, connus, confirme=True)
        return None
    candidats = [*_try_regions(profil, nomenclature), *_try_departements(profil, nomenclature)]
    if not candidats:
        return None
    return max(candidats, key=lambda c: (c.confirme, round(c.part, 3), c.niveau == "region", c.forme == "code"))


def _try_departements(profil: Profil, nomenclature: Nomenclature) -> list[CodesColonne]:
    zeros = profil.a_zero_de_tete or bool(_has_corse(profil.codes).any())
    nomme = speaks_of(profil.cle, "departement")
    hors_totaux = np.where(profil.codes.isin(CODES_TOTAUX), 0, profil.comptes)
    essais = []
    for forme, codes in (
        ("code", profil.codes),
        ("zeros_perdus", pad(profil.codes, 2)),
        ("trois_caracteres", strip_departement(profil.codes)),
        ("trois_caracteres_impots", cut_departement(profil.codes)),
    ):
        if forme == "trois_caracteres_impots" and not (nomme and (lengths(profil.codes) == 3).all()):  # noqa: PLR2004
            continue
        connus = nomenclature.knows(Maille.DEPARTEMENT, codes) | nomenclature.knows(Maille.COLLECTIVITE_OUTREMER, codes)
        part = share(hors_totaux, connus)
        if not _is_enough(part, int(connus.sum()), nomme or zeros):
            continue
        geographique = speaks_of(profil.cle, "geographie")
        if not (nomme or (zeros and part >= PART_CONNUE) or (geographique and connus.sum() > _PEU_DE_CODES)):
            continue
        essais.append(CodesColonne(profil, Maille.DEPARTEMENT.value, forme, codes, connus, confirme=nomme))
    return essais


def _try_regions(profil: Profil, nomenclature: Nomenclature) -> list[CodesColonne]:
    nomme = speaks_of(profil.cle, "region")
    essais = []
    for forme, codes in (("code", profil.codes), ("zeros_perdus", pad(profil.codes, 2))):
        actuelles = nomenclature.knows(Maille.REGION, codes)
        anciennes = pd.Index(ANCIENNES_REGIONS).get_indexer(codes) >= 0
        part_actuelles, part_anciennes = share(profil.comptes, actuelles), share(profil.comptes, anciennes)
        tout_region = bool(actuelles.all()) and int(actuelles.sum()) > _PEU_DE_CODES and profil.a_zero_de_tete
        if not (nomme or tout_region):
            continue
        if part_anciennes > part_actuelles and part_anciennes >= PART_CONNUE:
            essais.append(CodesColonne(profil, "ancienne_region", forme, codes, anciennes, confirme=nomme))
        elif part_actuelles >= PART_CONFIRMEE:
            essais.append(CodesColonne(profil, Maille.REGION.value, forme, codes, actuelles, confirme=nomme))
    return essais


_ZONES = (
    "zone_emploi",
    "bassin_emploi",
    "aire_attraction",
    "unite_urbaine",
    "bassin_de_vie",
    "grand_quartier",
    "code_postal",
)


def _recognise_par_nom(profil: Profil) -> CodesColonne | None:
    """Zonages dont les codes ne sont pas au référentiel : seul le nom de la colonne les désigne."""
    if profil.a_decimales or speaks_of(profil.cle, "libelle"):
        return None
    for niveau in _ZONES:
        if speaks_of(profil.cle, niveau):
            return CodesColonne(profil, niveau, "code", profil.codes, np.ones(len(profil.codes), bool), confirme=True)
    return None


def _is_confirmed(profil: Profil, sujet: str) -> bool:
    return speaks_of(profil.cle, sujet) or speaks_of(profil.cle, "geographie")


def _is_enough(part: float, distincts: int, confirme: bool) -> bool:  # noqa: FBT001 -- seuil selon la confirmation
    if confirme:
        return part >= PART_CONFIRMEE and distincts > 0
    return part >= PART_CONNUE and distincts >= _PEU_DE_CODES


def _has_corse(codes: pd.Index) -> NDArray[np.bool_]:
    return np.fromiter((c[:2] in {"2A", "2B"} for c in codes), bool, len(codes))


TYPES_MELODI = {
    "COM": "commune", "ARM": "arrondissement_municipal", "EPCI": "epci", "EPT": "ept", "DEP": "departement",
    "REG": "region", "FRANCE": "france", "IRIS": "iris", "ARR": "arrondissement", "CV": "canton_ville",
    "CANTON": "canton_ville", "CAN": "canton_ville", "QPV": "qpv", "QP": "qpv", "AAV": "aire_attraction",
    "UU": "unite_urbaine", "ZE": "zone_emploi", "BV": "bassin_de_vie",
    "AAV2020": "aire_attraction", "UU2020": "unite_urbaine", "ZE2020": "zone_emploi", "BV2022": "bassin_de_vie",
    "BV2012": "bassin_de_vie",
}  # fmt: skip
"""Types d'objet géographique de l'Insee, et le niveau qu'ils désignent."""
