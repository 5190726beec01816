"""Partenariat d'observation : qui a promis quoi, qui a livré quoi, et ce que l'on attend encore.

Tout vient du catalogue publié et des manifestes : une instance de lecture le montre sans aucun registre.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.analyse.methode_niveaux import list_sources
from observatoire.analyse.series import read_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.modeles.livraisons import Manifeste
    from observatoire.modeles.sources import Source

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_MOIS_PAR_AN = 12


@dataclass(frozen=True)
class LignePartenariat:
    """Engagement d'un producteur, et où il en est.

    Attributes:
        source: identifiant de la source.
        convention: titre et date de la convention, ou « Données ouvertes » ; vide si elle n'est pas déclarée.
        rythme: rythme de parution, en clair.
        attendu_mois: mois entre deux livraisons ; ``None`` si aucune autre n'est attendue.
        periode: période la plus récente livrée ; vide si rien ne l'a été.
        recue_le: jour où elle est arrivée.
        echeance: jour où la suivante est attendue, tolérance comprise.
        attente_mois: mois écoulés depuis cette échéance ; 0 avant elle.
        contact: fonction à qui écrire, jamais un nom.
    """

    source: str
    libelle: str
    producteur: str
    convention: str
    rythme: str
    attendu_mois: int | None
    periode: str
    recue_le: dt.date | None
    echeance: dt.date | None
    attente_mois: int
    contact: str
    fictif: bool = False


def list_partenariat(consultation: Consultation, aujourdhui: dt.date) -> tuple[LignePartenariat, ...]:
    """Lignes du registre, par producteur puis par source.

    Args:
        consultation: publication ouverte ; une ancienne est jugée au jour où elle a paru.
        aujourdhui: jour de lecture.
    """
    jour = consultation.choose_jour(aujourdhui)
    sources = sorted(consultation.catalogue.sources.values(), key=lambda s: (s.producteur, s.libelle))
    return tuple(describe_source(s, consultation.manifestes, jour) for s in sources)


def describe_source(source: Source, manifestes: Mapping[str, Manifeste], aujourdhui: dt.date) -> LignePartenariat:
    """Engagement d'une source, d'après sa déclaration et les manifestes de ses livraisons."""
    engagement = source.partenariat
    periode, recue = _find_derniere(source, manifestes)
    echeance = None
    if engagement.attendu_mois is not None and recue is not None:
        echeance = add_mois(recue, engagement.attendu_mois + engagement.delai_mois)
    return LignePartenariat(
        source=source.id,
        libelle=source.libelle,
        producteur=source.producteur,
        convention=engagement.convention,
        rythme=source.rythme,
        attendu_mois=engagement.attendu_mois,
        periode=periode,
        recue_le=recue,
        echeance=echeance,
        attente_mois=count_mois(echeance, aujourdhui) if echeance is not None else 0,
        contact=engagement.contact,
        fictif=source.fictif,
    )


def list_attentes(
    sources: Iterable[Source], manifestes: Mapping[str, Manifeste], aujourdhui: dt.date
) -> dict[str, int]:
    """Mois d'attente des sources dont l'échéance est passée, par source."""
    lignes = (describe_source(s, manifestes, aujourdhui) for s in sources if s.partenariat.attendu_mois)
    return {ligne.source: ligne.attente_mois for ligne in lignes if ligne.attente_mois}


def find_attente(catalogue: Catalogue, indicateur: Indicateur, attentes: Mapping[str, int]) -> int:
    """Plus longue attente des sources d'un indicateur, en mois ; 0 si aucune n'est attendue."""
    if not attentes:
        return 0
    return max((attentes.get(s.id, 0) for s in list_sources(catalogue, indicateur)), default=0)


def write_attente(mois: int) -> str:
    """« Livraison attendue depuis 3 mois » ; vide si rien n'est attendu."""
    return f"Livraison attendue depuis {mois}\u00a0mois" if mois else ""


def add_mois(jour: dt.date, mois: int) -> dt.date:
    """Même quantième, des mois plus tard ; le dernier du mois s'il n'existe pas.

    Examples:
        >>> add_mois(dt.date(2026, 1, 31), 1)
        datetime.date(2026, 2, 28)
    """
    annee, rang = divmod(jour.year * _MOIS_PAR_AN + jour.month - 1 + mois, _MOIS_PAR_AN)
    suivant = dt.date(annee + (rang + 1) // _MOIS_PAR_AN, (rang + 1) % _MOIS_PAR_AN + 1, 1)
    return dt.date(annee, rang + 1, min(jour.day, (suivant - dt.timedelta(days=1)).day))


def count_mois(echeance: dt.date, aujourdhui: dt.date) -> int:
    """Mois écoulés depuis une échéance, le mois entamé compris ; 0 avant elle.

    Examples:
        >>> echeance = dt.date(2026, 3, 10)
        >>> count_mois(echeance, echeance), count_mois(echeance, dt.date(2026, 6, 9))
        (0, 3)
    """
    if aujourdhui <= echeance:
        return 0
    mois = (aujourdhui.year - echeance.year) * _MOIS_PAR_AN + aujourdhui.month - echeance.month
    return mois + (1 if aujourdhui.day > echeance.day else 0)


def _find_derniere(source: Source, manifestes: Mapping[str, Manifeste]) -> tuple[str, dt.date | None]:
    """Période la plus récente, et le jour où elle est d'abord arrivée : la corriger n'est pas livrer la suivante."""
    periodes = {livraison.periode for livraison in source.livraisons}
    if not periodes:
        return "", None
    derniere = max(periodes, key=_rank)
    fichiers = (livraison.fichier for livraison in source.livraisons if livraison.periode == derniere)
    lues = (_read_jour(manifestes[f].date_extraction) for f in fichiers if f in manifestes)
    return derniere, min((jour for jour in lues if jour is not None), default=None)


def _rank(periode: str) -> tuple[float, str]:
    try:
        return read_date(periode), periode
    except ValueError:
        return 0.0, periode


def _read_jour(texte: str) -> dt.date | None:
    """Jour d'un manifeste ; un mois ou une année seuls valent leur premier jour."""
    trouve = _DATE.match(texte)
    if trouve is None:
        return None
    annee, mois, jour = (int(n or 1) for n in trouve.groups())
    try:
        return dt.date(annee, mois, jour)
    except ValueError:
        return None
