"""Construction d'un portrait : lire le territoire, ses références, sa situation, puis ranger par question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portrait.lieux import count_lieux, count_par_commune
from observatoire.analyse.portrait.mesures import Dossier
from observatoire.analyse.portrait.modele import Portrait, Sujet
from observatoire.analyse.portrait.questions import build_questions
from observatoire.analyse.portrait.references import choose_references, list_choix
from observatoire.analyse.portrait.releves import Releve, read_releve
from observatoire.analyse.situation import Situation, read_situation
from observatoire.analyse.voisinage import Lien, explain_sans_voisin, list_composants, list_parents, list_voisins
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

POPULATION, POPULATION_RECENSEE = "population_municipale", "population_rp"
"""Indicateur de la population légale ; variable de celle du recensement, pour un niveau qui n'a pas la première."""
_SITUES_EN_FRANCE = (Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE)


def build_portrait(
    consultation: Consultation,
    maille: Maille,
    code: str,
    references: Sequence[str] = (),
    *,
    lire_situation: Callable[[Maille, str | None], Situation] | None = None,
    lieux_par_commune: pd.DataFrame | None = None,
) -> Portrait:
    """Portrait d'un territoire.

    Args:
        consultation: publication ouverte.
        maille: niveau.
        code: code du territoire.
        references: clés des références demandées (« departement », « france ») ; celles d'usage sinon.
        lire_situation: lecture gardée en mémoire de ``read_situation``.
        lieux_par_commune: ``count_par_commune``, gardé en mémoire.

    Raises:
        TerritoireInconnuError: le territoire n'existe pas.
    """
    parents = list_parents(consultation, maille, code)
    releve = read_releve(consultation, maille, code)
    sujet = _describe_sujet(consultation, maille, code, parents, releve)
    choix = list_choix(consultation, maille, code, parents)
    retenues, messages = choose_references(consultation, maille, choix, references)
    situation = (lire_situation or (lambda m, d: read_situation(consultation, m, d)))(maille, choose_portee(sujet))
    par_commune = count_par_commune(consultation) if lieux_par_commune is None else lieux_par_commune
    dossier = Dossier(
        consultation,
        sujet,
        releve,
        tuple((r, read_releve(consultation, r.maille, r.code)) for r in retenues),
        situation,
        count_lieux(consultation, par_commune, maille, code),
    )
    voisins = list_voisins(consultation, maille, code)
    return Portrait(
        sujet,
        consultation.catalogue,
        tuple(parents),
        list_composants(consultation, maille, code),
        tuple(voisins),
        "" if voisins else explain_sans_voisin(maille),
        choix,
        retenues,
        build_questions(dossier),
        situation.portee,
        situation.seul,
        messages,
    )


def choose_portee(sujet: Sujet) -> str | None:
    """Département parmi les territoires duquel situer ; ``None`` : la France.

    Un territoire à cheval se situe parmi ceux de la France : aucun de ses départements ne le contient.
    """
    seul = len(sujet.departements) == 1 and sujet.maille not in _SITUES_EN_FRANCE
    return sujet.departements[0] if seul else None


def _describe_sujet(
    consultation: Consultation, maille: Maille, code: str, parents: Sequence[Lien], releve: Releve
) -> Sujet:
    ligne = consultation.territoires.find(maille, code)
    libelle = str(ligne.libelle)
    nom = name_territoire(libelle, ligne.type_liaison, maille)
    departements = _list_departements(consultation, maille, code, parents)
    population, annee, estimee = _find_population(consultation, releve, float(ligne.population))
    return Sujet(maille, code, libelle, nom, departements, population, annee, estimee)


def _list_departements(
    consultation: Consultation, maille: Maille, code: str, parents: Sequence[Lien]
) -> tuple[str, ...]:
    territoires = consultation.territoires
    if maille is Maille.FRANCE:
        return tuple(territoires.departements().code)
    if maille is Maille.REGION:
        liens = territoires.liens_between(Maille.DEPARTEMENT, Maille.REGION)
        return tuple(sorted(liens.code_enfant[liens.code_parent == code]))
    if maille is Maille.DEPARTEMENT:
        return (code,)
    return tuple(p.code for p in parents if p.maille is Maille.DEPARTEMENT)


def _find_population(consultation: Consultation, releve: Releve, listee: float) -> tuple[float | None, str, bool]:
    """Population la plus récente, son année, si elle est estimée ; au recensement, sans population légale."""
    legales = [(p, v) for p, v in releve.series(POPULATION).items() if v.montrable]
    if legales:
        periode, lue = legales[-1]
        return lue.valeur, periode, Statut(lue.statut) is Statut.ESTIME
    catalogue = consultation.catalogue.indicateurs
    recensees = (
        (lue.denominateur, lue.periode_denominateur or periode, False)
        for i, par_periode in releve.lues.items()
        if catalogue[i].denominateur == POPULATION_RECENSEE
        for periode, (lue, *_) in par_periode.items()
        if lue.denominateur is not None
    )
    return next(recensees, (listee if listee == listee else None, "", False))  # noqa: PLR0124 -- nan
