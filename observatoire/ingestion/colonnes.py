"""Colonnes d'un fichier déposé : retrouver, cette année-là, chaque colonne que la source déclare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from observatoire.catalogue.proches import find_proche
from observatoire.ingestion.horaires import COLONNES_HORAIRES
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.livraisons import COLONNE_RAPPEL
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import (
    AGREGATS_SANS_COLONNE,
    LectureDeclaree,
    MillesimeDeclare,
    NiveauDeclare,
    Source,
    VariableSource,
)

_MOTIF_ANNEE = re.compile(r"\{(aa|aaaa)\}")
_EXEMPLES = 8
HORAIRES = "horaires_reunis"
"""Colonne faite à la lecture, quand chaque jour a la sienne dans le fichier."""


@dataclass(frozen=True)
class Plan:
    """Déclaration d'une source, résolue pour un millésime et un niveau.

    Attributes:
        source: source déclarée.
        maille: niveau lu.
        niveau: déclaration propre à ce niveau, si ce n'est pas celui de la source.
        millesime: ce qui change cette année-là.
        periode: période du dépôt ; vide si le fichier la porte ligne à ligne.
    """

    source: Source
    maille: Maille
    niveau: NiveauDeclare | None
    millesime: MillesimeDeclare
    periode: str

    @property
    def lecture(self) -> LectureDeclaree:
        """Où lire la table : le niveau l'emporte, puis le millésime, puis la source."""
        return (self.niveau and self.niveau.lecture) or self.millesime.lecture or self.source.lecture

    @property
    def colonne_code(self) -> str:
        """Nom déclaré de la colonne du code, à ce niveau."""
        return (self.niveau.colonne_code if self.niveau else "") or self.source.colonne_code

    @property
    def filtres(self) -> dict[str, tuple[str, ...]]:
        """Lignes retenues à ce niveau ; le filtre du niveau remplace celui de la source, colonne par colonne."""
        return {**self.source.filtres, **(self.niveau.filtres if self.niveau else {})}

    def name(self, declaree: str) -> str:
        """Nom réel, cette année-là, d'une colonne déclarée."""
        au_niveau = self.niveau.colonnes if self.niveau else {}
        nom = au_niveau.get(declaree) or self.millesime.colonnes.get(declaree, declaree)
        return fill_annee(nom, self.periode)

    @property
    def codes_ignores(self) -> dict[str, str]:
        """Codes écartés à ce niveau, et leur raison."""
        au_niveau = self.niveau.codes_ignores if self.niveau else {}
        return {**self.source.codes_ignores, **au_niveau, **self.millesime.codes_ignores}

    @property
    def variables(self) -> dict[str, VariableSource]:
        """Variables que le producteur publie à ce niveau."""
        return {n: v for n, v in self.source.variables.items() if not v.mailles or self.maille in v.mailles}


def make_plan(source: Source, periode: str, maille: Maille | None = None) -> Plan:
    """Résout la déclaration d'une source pour une période et un niveau (celui de la source par défaut)."""
    niveau = next((n for n in source.niveaux if n.maille is maille), None) if maille is not source.maille else None
    return Plan(source, maille or source.maille, niveau, find_millesime(source, periode), periode)


def find_millesime(source: Source, periode: str) -> MillesimeDeclare:
    """Ce qui change pour une période : sa déclaration propre, sinon celle de son année, sinon rien."""
    for cle in (periode, periode[:4]):
        if cle in source.millesimes:
            return source.millesimes[cle]
    return MillesimeDeclare()


def fill_annee(nom: str, periode: str) -> str:
    """Remplace ``{aa}`` et ``{aaaa}`` par l'année d'une période.

    Examples:
        >>> fill_annee("Q2{aa}", "2019")
        'Q219'
    """
    return nom.replace("{aaaa}", periode[:4]).replace("{aa}", periode[2:4])


def guess_periode(source: Source, noms: Iterable[str]) -> str:
    """Année que disent les noms de colonnes, quand la déclaration porte ``{aa}`` ; vide sinon ou si ambiguë."""
    presents = list(noms)
    annees = set()
    au_niveau = [nom for n in source.niveaux for nom in n.colonnes.values()]
    for declaree in [*list_declarees(source), *au_niveau]:
        if not _MOTIF_ANNEE.search(declaree):
            continue
        morceaux = _MOTIF_ANNEE.split(declaree)
        # Les morceaux impairs sont les motifs d'année ; le reste est du texte littéral.
        motif = "".join(
            re.escape(m) if rang % 2 == 0 else r"(\d{4})" if m == "aaaa" else r"(\d{2})"
            for rang, m in enumerate(morceaux)
        )
        annees |= {t[1] if len(t[1]) == 4 else f"20{t[1]}" for n in presents if (t := re.fullmatch(motif, n))}  # noqa: PLR2004
    return annees.pop() if len(annees) == 1 else ""


def list_declarees(source: Source) -> list[str]:
    """Colonnes que la source lit, sous leur nom déclaré."""
    noms = [p.colonne for p in source.code_parties] or [source.colonne_code]
    noms += [n.colonne_code for n in source.niveaux if n.colonne_code]
    for variable in source.variables.values():
        if variable.agregat not in AGREGATS_SANS_COLONNE and variable.colonne:
            noms.append(variable.colonne)
        noms += variable.ou
    noms += source.filtres
    noms += [c for n in source.niveaux for c in n.filtres]
    noms += [c for c in (source.colonne_periode_mesuree, source.exclure_si_rempli) if c]
    if source.periode:
        noms.append(source.periode.colonne)
    if source.ressource:
        lieu = source.ressource
        noms += [str(v) for c, v in lieu.model_dump().items() if c.startswith("colonne_") and v and v != HORAIRES]
        noms += [*lieu.complements, *lieu.colonnes_horaires.values()]
    return list(dict.fromkeys(noms))


def list_lues(plan: Plan) -> list[str]:
    """Colonnes déclarées dont ce niveau a besoin."""
    autres = {n.colonne_code for n in plan.source.niveaux} - {plan.colonne_code, ""}
    filtres_autres = {c for n in plan.source.niveaux for c in n.filtres} - set(plan.filtres)
    propre = {plan.source.colonne_code} if plan.niveau and plan.niveau.colonne_code else set()
    a_ce_niveau = {c for v in plan.variables.values() for c in (v.colonne, *v.ou) if c}
    ailleurs = {c for v in plan.source.variables.values() for c in (v.colonne, *v.ou) if c} - a_ce_niveau
    calculees = set(COLONNES_HORAIRES) if plan.source.ressource else set()
    autres_roles = {plan.colonne_code, *plan.filtres}
    exclues = (autres | filtres_autres | propre | calculees | ailleurs) - autres_roles
    return [c for c in list_declarees(plan.source) if c not in exclues]


def check_colonnes(plan: Plan, noms: Iterable[str], *, fichier: str) -> Iterator[Anomalie]:
    """Une colonne déclarée manque, ou une colonne du fichier n'est ni lue ni ignorée : les deux côtés sont dits."""
    presents = list(noms)
    voulus = {d: plan.name(d) for d in list_lues(plan)}
    manquants = {d: r for d, r in voulus.items() if r not in presents}
    connus = {plan.name(d) for d in list_declarees(plan.source)} | set(COLONNES_HORAIRES) | {HORAIRES}
    connus |= {COLONNE_RAPPEL}
    connus |= {fill_annee(c, plan.periode) for n in plan.source.niveaux for c in n.colonnes.values()}
    imprevus = [
        n for n in presents if n not in connus and not any(fnmatchcase(n, m) for m in plan.source.colonnes_ignorees)
    ]
    fiche = f"_sources/{plan.source.id}.yaml"
    annee = plan.periode[:4] or "AAAA"
    for declaree, reel in manquants.items():
        proche = find_proche(reel, imprevus or presents)
        indice = f" Dans le fichier, la plus proche est « {proche} »." if proche else ""
        yield Anomalie(
            code="colonne_absente",
            gravite=Gravite.BLOQUANT,
            fichier=fichier,
            colonne=reel,
            message=(
                f"la source « {plan.source.id} » attend cette colonne, et le fichier ne l'a pas. "
                f"Colonnes du fichier : {_quote(presents)}.{indice}"
            ),
            suggestion=f"Dans {fiche}, millesimes, {annee}, colonnes : « {declaree}: {proche or 'nom réel'} ».",
        )
    if imprevus:
        attendus = [r for d, r in manquants.items()] or [plan.name(d) for d in list_lues(plan)]
        yield Anomalie(
            code="colonne_non_declaree",
            gravite=Gravite.BLOQUANT,
            fichier=fichier,
            colonne=imprevus[0],
            message=(
                f"{len(imprevus)} colonne(s) que la source ne connaît pas : {_quote(imprevus)}. "
                f"{'Attendues et absentes' if manquants else 'Colonnes lues'} : {_quote(attendus)}."
            ),
            suggestion=(
                f"Un nom a-t-il changé ? Sinon, dans {fiche}, ajoutez-les à « colonnes_ignorees » "
                "(« * » pour toutes les autres)."
            ),
        )


def _quote(noms: list[str]) -> str:
    suite = "…" if len(noms) > _EXEMPLES else ""
    return ", ".join(f"« {n} »" for n in noms[:_EXEMPLES]) + suite
