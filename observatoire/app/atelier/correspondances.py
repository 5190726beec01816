"""Correspondances à établir : ce que la source attend, ce que le fichier porte, et la suggestion la plus proche."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from observatoire.app.atelier.en_cours import Reponses
from observatoire.app.atelier.yaml_edition import add_item, set_value
from observatoire.catalogue.proches import find_proche
from observatoire.ingestion.codes import VIDE
from observatoire.ingestion.colonnes import fill_annee, list_declarees, list_lues, make_plan
from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_fichier
from observatoire.modeles.lots import RapportLivraison
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.territoires.correspondance import match_noms
from observatoire.territoires.referentiel import Referentiel

_NOM = re.compile(r"[^\W\d_]{2,}")
CANDIDATS_MAX = 700
"""Territoires proposés pour un code : ceux du département, au plus ; au-delà, le code s'écrit."""


@dataclass(frozen=True)
class Colonne:
    """Colonne que la source attend et que le fichier n'a pas.

    Attributes:
        declaree: nom dans la déclaration.
        attendue: nom cherché cette année-là.
        proche: colonne du fichier qui lui ressemble le plus ; vide si aucune.
    """

    declaree: str
    attendue: str
    proche: str = ""


@dataclass(frozen=True)
class Code:
    """Code (ou nom) que le référentiel ne connaît pas.

    Attributes:
        lu: texte lu ; vide si la cellule l'était.
        nombre: nombre de lignes.
        ligne: première ligne du producteur.
        masse: ce qu'il emporte, par variable.
        proche: code valide le plus proche ; vide si aucun.
        est_nom: vrai si c'est un nom de commune plutôt qu'un code.
        explication: pourquoi cette proposition.
    """

    lu: str
    nombre: int
    ligne: int
    masse: dict[str, float]
    proche: str = ""
    est_nom: bool = False
    explication: str = ""


@dataclass(frozen=True)
class Ecarts:
    """Tout ce qu'il reste à faire correspondre.

    Attributes:
        colonnes: attendues et absentes.
        imprevues: colonnes du fichier que la source ne connaît pas.
        presentes: toutes les colonnes du fichier.
        codes: codes ou noms inconnus.
    """

    colonnes: tuple[Colonne, ...] = ()
    imprevues: tuple[str, ...] = ()
    presentes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def vides(self) -> bool:
        """Vrai s'il n'y a rien à faire correspondre."""
        return not (self.colonnes or self.imprevues or self.codes)


@dataclass(frozen=True)
class Decisions:
    """Ce que la personne a décidé.

    Attributes:
        colonnes: nom déclaré → colonne du fichier.
        ignorees: colonnes à laisser de côté.
        corriges: code lu → code juste.
        noms: nom lu → code de commune.
        ignores: code lu → raison de l'écarter.
    """

    colonnes: dict[str, str] = field(default_factory=dict)
    ignorees: tuple[str, ...] = ()
    corriges: dict[str, str] = field(default_factory=dict)
    noms: dict[str, str] = field(default_factory=dict)
    ignores: dict[str, str] = field(default_factory=dict)

    @property
    def vides(self) -> bool:
        """Vrai si rien n'est décidé."""
        return not (self.colonnes or self.ignorees or self.corriges or self.noms or self.ignores)


def read_colonnes(chemin: Path, source: Source, reponses: Reponses) -> tuple[str, ...]:
    """Noms des colonnes d'un fichier, lu comme la source le déclare ; vide s'il ne se lit pas."""
    lecture_voulue = make_plan(source, reponses.periode, reponses.maille).lecture
    lecture = read_fichier(chemin, lecture=lecture_voulue)
    brute = choose_table(lecture, lecture_voulue)
    forme = find_forme(brute, lecture_voulue) if brute is not None else None
    return tuple(name_table(brute, forme).donnees.column_names) if forme is not None else ()


def find_ecarts(
    source: Source, reponses: Reponses, presentes: Sequence[str], rapport: RapportLivraison, referentiel: Referentiel
) -> Ecarts:
    """Correspondances à établir pour qu'un fichier passe."""
    plan = make_plan(source, reponses.periode, reponses.maille)
    voulues = {d: plan.name(d) for d in list_lues(plan)}
    manquantes = {d: nom for d, nom in voulues.items() if nom not in presentes} if presentes else {}
    connues = set(voulues.values()) | {plan.name(d) for d in list_declarees(source)}
    connues |= {fill_annee(c, plan.periode) for n in source.niveaux for c in n.colonnes.values()}
    imprevues = tuple(
        n for n in presentes if n not in connues and not any(fnmatchcase(n, m) for m in source.colonnes_ignorees)
    )
    colonnes = tuple(Colonne(d, nom, find_proche(nom, imprevues or presentes) or "") for d, nom in manquantes.items())
    codes = tuple(_list_codes(plan.maille, rapport, referentiel))
    return Ecarts(colonnes, imprevues, tuple(presentes), codes)


def list_candidats(code: str, maille: Maille, referentiel: Referentiel, proche: str = "") -> dict[str, str]:
    """Territoires entre lesquels choisir le code juste : ceux du même département, nommés."""
    territoires = referentiel.list_territoires(maille)
    if len(territoires) > CANDIDATS_MAX:
        repere = proche or code
        prefixe = repere[:3] if repere[:2] in {"97", "98"} else repere[:2]
        territoires = territoires[territoires.code.str.startswith(prefixe)] if prefixe else territoires.iloc[:0]
    return dict(zip(territoires.code, territoires.libelle, strict=True))


def apply_decisions(texte: str, decisions: Decisions, *, annee: str) -> str:
    """Déclaration où les décisions sont écrites, le reste inchangé.

    Args:
        texte: déclaration YAML.
        decisions: ce que la personne a décidé.
        annee: année du fichier : un nom de colonne ne vaut que pour elle.
    """
    for declaree, reelle in decisions.colonnes.items():
        texte = set_value(texte, ("millesimes", annee, "colonnes", declaree), reelle)
    if decisions.ignorees:
        texte = add_item(texte, "colonnes_ignorees", decisions.ignorees)
    for cle, table in (
        ("codes_corriges", decisions.corriges),
        ("noms_communes", decisions.noms),
        ("codes_ignores", decisions.ignores),
    ):
        for lu, ecrit in table.items():
            texte = set_value(texte, (cle, lu or VIDE), ecrit)
    return texte


def _list_codes(maille: Maille, rapport: RapportLivraison, referentiel: Referentiel) -> Iterable[Code]:
    inconnus = [e for e in rapport.ecartes if not e.declare]
    noms = [e.code for e in inconnus if maille is Maille.COMMUNE and _is_nom(e.code)]
    proposes = _match(noms, referentiel)
    connus = referentiel.list_territoires(maille).code.tolist() if inconnus else []
    for ecarte in inconnus:
        est_nom = ecarte.code in proposes
        proche, explication = proposes.get(ecarte.code, ("", ""))
        if not est_nom and ecarte.code:
            memes = [c for c in connus if c[:2] == ecarte.code[:2]] or connus[:2000]
            proche = find_proche(ecarte.code, memes) or ""
        yield Code(
            ecarte.code, ecarte.nombre, ecarte.lignes[0] if ecarte.lignes else 0, ecarte.masse, proche, est_nom,
            explication,
        )  # fmt: skip


def _is_nom(code: str) -> bool:
    return bool(_NOM.search(code)) and not re.fullmatch(r"[0-9][0-9AB]\w{3}", code)


def _match(noms: list[str], referentiel: Referentiel) -> dict[str, tuple[str, str]]:
    if not noms:
        return {}
    table = match_noms(referentiel, pd.Series(noms, dtype=str)).drop_duplicates("nom_lu")
    return {str(r.nom_lu): (str(r.code), str(r.explication)) for r in table.itertuples()}
