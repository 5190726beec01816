"""Dire les codes : rendus, corrigés, écartés avec leur masse, inconnus ; aucun ne disparaît en silence."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatoire.catalogue.proches import find_proche
from observatoire.ingestion.codes import VIDE, CodesLus
from observatoire.ingestion.colonnes import Plan
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_nombre
from observatoire.modeles.sources import Source
from observatoire.territoires.referentiel import Referentiel

_EXEMPLES = 20
_MASSES_DITES = 4


def report_codes(
    plan: Plan, codes: CodesLus, ecartes: list[CodeEcarte], referentiel: Referentiel, fichier: str
) -> Iterator[Anomalie]:
    """Une anomalie par code inconnu (vingt au plus), une pour ce que la déclaration écarte, une par remise en forme."""
    colonne = plan.name(plan.colonne_code)
    if codes.zeros_rendus:
        yield Anomalie(
            "zeros_rendus",
            Gravite.INFORMATION,
            fichier,
            f"{codes.zeros_rendus} code(s) avaient perdu leurs zéros de tête (passage par un tableur) : rendus.",
            colonne=colonne,
            suggestion="Rien à faire ; à l'avenir, gardez cette colonne au format texte.",
        )
    if codes.corriges:
        yield Anomalie(
            "codes_corriges",
            Gravite.INFORMATION,
            fichier,
            f"{codes.corriges} ligne(s) au code corrigé par la déclaration (codes_corriges).",
            colonne=colonne,
        )
    if codes.ex_aequo:
        yield Anomalie(
            "millesime_ex_aequo",
            Gravite.A_REGARDER if _moves(codes, referentiel) else Gravite.INFORMATION,
            fichier,
            f"les codes s'expliquent aussi bien par la géographie de {', '.join((*codes.ex_aequo, codes.cog))} ; "
            f"{codes.cog} est retenue.",
            colonne=colonne,
            suggestion=f"Si vous la connaissez, dites-la (--cog, ou millesimes dans _sources/{plan.source.id}.yaml).",
        )
    yield from _declares(ecartes, plan.source, fichier, colonne)
    yield from _inconnus(plan, codes, [e for e in ecartes if not e.declare], referentiel, fichier, colonne)


def _moves(codes: CodesLus, referentiel: Referentiel) -> bool:
    """Vrai si l'un des codes lus change de périmètre entre les géographies à égalité : le choix compte alors."""
    p = referentiel.passages
    etapes = p[(p.cog_de >= min(codes.ex_aequo)) & (p.cog_vers <= codes.cog)]
    touches = pd.Index(etapes.code_de).union(pd.Index(etapes.code_vers)).unique()
    return bool((touches.get_indexer(pd.Index(codes.codes).unique()) >= 0).any())


def write_masse(masse: dict[str, float], source: Source) -> str:
    """Écrit ce qu'un code écarté emporte : « Foyers au RSA : 1 235, Personnes couvertes : 2 300 »."""
    dites = [f"{source.variables[n].libelle} : {format_nombre(m)}" for n, m in list(masse.items())[:_MASSES_DITES] if m]
    return ", ".join(dites) + ("…" if len(masse) > _MASSES_DITES else "") if dites else "aucune masse"


def _declares(ecartes: list[CodeEcarte], source: Source, fichier: str, colonne: str) -> Iterator[Anomalie]:
    for motif in dict.fromkeys(e.motif for e in ecartes if e.declare):
        siens = [e for e in ecartes if e.declare and e.motif == motif]
        sommes = {str(c): float(m) for c, m in pd.DataFrame([e.masse for e in siens]).sum().items()}
        noms = ", ".join(e.code or VIDE for e in siens[:_EXEMPLES]) + ("…" if len(siens) > _EXEMPLES else "")
        yield Anomalie(
            "codes_ecartes",
            Gravite.INFORMATION,
            fichier,
            f"{sum(e.nombre for e in siens)} ligne(s) écartées comme déclaré ({motif}) : {noms} ; "
            f"elles portent {write_masse(sommes, source)}.",
            ligne=siens[0].lignes[0],
            colonne=colonne,
        )


def _inconnus(
    plan: Plan,
    codes: CodesLus,
    inconnus: list[CodeEcarte],
    referentiel: Referentiel,
    fichier: str,
    colonne: str,
) -> Iterator[Anomalie]:
    attendus = referentiel.list_territoires(plan.maille, codes.cog).code.tolist()
    fiche = f"_sources/{plan.source.id}.yaml"
    for ecarte in inconnus[:_EXEMPLES]:
        yield Anomalie(
            "code_inconnu",
            Gravite.BLOQUANT,
            fichier,
            f"« {ecarte.code or VIDE} » n'est pas un code de {plan.maille.libelle} de {codes.cog} "
            f"({ecarte.nombre} ligne(s) : {write_masse(ecarte.masse, plan.source)}).",
            ligne=ecarte.lignes[0],
            colonne=colonne,
            valeur=ecarte.code,
            suggestion=_advise(plan.maille, ecarte.code, codes.cog, attendus, referentiel, fiche),
        )
    if len(inconnus) > _EXEMPLES:
        yield Anomalie(
            "code_inconnu",
            Gravite.BLOQUANT,
            fichier,
            f"{len(inconnus)} codes inconnus en tout ; les {_EXEMPLES} premiers sont dits ci-dessus.",
            colonne=colonne,
            suggestion=(
                f"Est-ce le bon niveau ({plan.maille.libelle}) et la bonne géographie ({codes.cog}) ? "
                f"Sinon, déclarez « (inconnu) » dans codes_ignores de {fiche}, avec la raison."
            ),
        )


def _advise(maille: Maille, code: str, cog: str, attendus: list[str], referentiel: Referentiel, fiche: str) -> str:
    if not code:
        return f"Dites-en la raison dans codes_ignores de {fiche} : « {VIDE}: non localisés »."
    if maille is Maille.COMMUNE:
        annees = [a for a in referentiel.cogs if a != cog and code in set(referentiel.list_communes(a))]
        if annees:
            return (
                f"Ce code existe en {', '.join(annees)} : le fichier mêle-t-il deux géographies ? "
                f"Corrigez-le dans codes_corriges de {fiche}."
            )
    memes = [a for a in attendus if a[:2] == code[:2]] or attendus
    proche = find_proche(code, memes[:2000])
    indice = f" Le plus proche est « {proche} »." if proche else ""
    return f"Corrigez-le (codes_corriges) ou écartez-le en disant pourquoi (codes_ignores) dans {fiche}.{indice}"
