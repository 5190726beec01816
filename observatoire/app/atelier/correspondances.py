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
PART_D_UN_DEPARTEMENT = 0.8
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
        candidats: autres codes possibles (communes de même nom), les plus probables d'abord.
    """

    lu: str
    nombre: int
    ligne: int
    masse: dict[str, float]
    proche: str = ""
    est_nom: bool = False
    explication: str = ""
    candidats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ecarts:
    """Tout ce qu'il reste à faire correspondre.

    Attributes:
        colonnes: attendues et absentes.
        imprevues: colonnes du fichier que la source ne connaît pas.
        presentes: toutes les colonnes du fichier.
        codes: codes ou noms inconnus.
        departement: département du fichier, s'il n'en couvre qu'un ; vide sinon.
    """

    colonnes: tuple[Colonne, ...] = ()
    imprevues: tuple[str, ...] = ()
    presentes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    departement: str = ""

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
    departement = find_departement(source, rapport)
    codes = tuple(_list_codes(plan.maille, rapport, referentiel, departement))
    return Ecarts(colonnes, imprevues, tuple(presentes), codes, departement)


def find_departement(source: Source, rapport: RapportLivraison) -> str:
    """Département d'un fichier qui n'en couvre qu'un : celui de la source, sinon celui de presque tous ses codes."""
    if len(source.departements) == 1:
        return source.departements[0]
    codes = pd.Series([str(c) for lot in rapport.lots for c in lot.codes], dtype=str)
    if codes.empty:
        return ""
    parts = codes.map(_prefix).value_counts(normalize=True)
    return str(parts.index[0]) if parts.iloc[0] >= PART_D_UN_DEPARTEMENT else ""


def list_candidats(code: Code, maille: Maille, referentiel: Referentiel, departement: str = "") -> dict[str, str]:
    """Territoires entre lesquels choisir le code juste : le plus proche, ses homonymes, puis ceux du département."""
    territoires = referentiel.list_territoires(maille)
    noms = dict(zip(territoires.code, territoires.libelle, strict=True))
    premiers = [c for c in (code.proche, *code.candidats) if c in noms]
    if len(noms) > CANDIDATS_MAX:
        prefixe = _prefix(code.proche) or departement or ("" if code.est_nom else _prefix(code.lu))
        voisins = [c for c in noms if prefixe and c.startswith(prefixe)]
    else:
        voisins = list(noms)
    return {c: noms[c] for c in dict.fromkeys([*premiers, *voisins])}


def _prefix(code: str) -> str:
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


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


def _list_codes(
    maille: Maille, rapport: RapportLivraison, referentiel: Referentiel, departement: str
) -> Iterable[Code]:
    inconnus = [e for e in rapport.ecartes if not e.declare]
    noms = [e.code for e in inconnus if maille is Maille.COMMUNE and _is_nom(e.code)]
    proposes = _match(noms, referentiel, departement)
    connus = referentiel.list_territoires(maille).code.tolist() if inconnus else []
    for ecarte in inconnus:
        est_nom = ecarte.code in proposes
        proche, explication, candidats = proposes.get(ecarte.code, ("", "", ()))
        if not est_nom and ecarte.code:
            memes = [c for c in connus if c[:2] == ecarte.code[:2]] or connus[:2000]
            proche = find_proche(ecarte.code, memes) or ""
        yield Code(
            ecarte.code, ecarte.nombre, ecarte.lignes[0] if ecarte.lignes else 0, ecarte.masse, proche, est_nom,
            explication, candidats,
        )  # fmt: skip


def _is_nom(code: str) -> bool:
    return bool(_NOM.search(code)) and not re.fullmatch(r"[0-9][0-9AB]\w{3}", code)


def _match(noms: list[str], referentiel: Referentiel, departement: str) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    if not noms:
        return {}
    departements = pd.Series([departement] * len(noms), dtype=str) if departement else None
    table = match_noms(referentiel, pd.Series(noms, dtype=str), departements=departements).drop_duplicates("nom_lu")
    return {
        str(r.nom_lu): (
            str(r.code),
            str(r.explication),
            # « 97411 Saint-Denis ; 93066 Saint-Denis » : le code est le premier mot.
            tuple(c.split(" ", 1)[0] for c in str(r.candidats).split(" ; ") if c),
        )
        for r in table.itertuples()
    }
