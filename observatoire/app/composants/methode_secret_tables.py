"""Tableaux de la page « Secret » : ce que le secret coûte, ses règles, sa preuve."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from observatoire.app.composants.typographie import escape_texte
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from observatoire.analyse.secret import Cout, RapportSecret
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import RegleSecret

_ENTETES_REGLES = ("Règle", "Ce qui est masqué d’abord", "Référence", "Indicateurs")
_MINIMUM = 0.1
"""Plus petite part écrite, en % : en dessous, « 0,0 % » dirait qu'il n'y a rien."""


def render_tableau(titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[str]], *, nombres: int = 0) -> str:
    """Tableau qui défile dans sa boîte ; ``nombres`` : colonnes finales alignées à droite, déjà du HTML."""
    debut_nombres = len(entetes) - nombres
    tetes = "".join(
        f"<th scope=col{'' if rang >= debut_nombres else ' class=texte'}>{nom}</th>" for rang, nom in enumerate(entetes)
    )
    corps = "".join(
        f"<tr><th scope=row>{premiere}</th>"
        + "".join(
            f"<td{'' if rang >= debut_nombres else ' class=texte'}>{cellule}</td>"
            for rang, cellule in enumerate(suite, start=1)
        )
        + "</tr>"
        for premiere, *suite in lignes
    )
    return (
        f'<div class="obs-tableau obs-secret-tableau" role="region" aria-label="{titre}" tabindex="0"><table>'
        f"<caption>{titre}</caption><thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def render_couts(couts: Sequence[Cout], catalogue: Catalogue, titre: str) -> str:
    """Parts de cases et de population masquées, par indicateur et niveau ; l'indicateur n'est dit qu'une fois."""
    lignes, precedent = [], ""
    for cout in sorted(couts, key=lambda c: _name_indicateur(catalogue, c.indicateur)):
        nom = _name_indicateur(catalogue, cout.indicateur)
        lignes.append(
            (
                escape_texte(nom)
                if cout.indicateur != precedent
                else f'<span class="obs-lu">{escape_texte(nom)}</span>',
                escape_texte(name_maille(cout.maille)),
                escape_texte(format_periode(cout.periode)),
                f"{format_nombre(cout.masquees)} sur {format_nombre(cout.cases)}",
                write_part(cout.part_cases),
                "non connue" if cout.part_population is None else write_part(cout.part_population),
            )
        )
        precedent = cout.indicateur
    entetes = ("Indicateur", "Niveau", "Période", "Masquées", "Part des valeurs", "Part des habitants")
    return render_tableau(titre, entetes, lignes, nombres=3)


def render_regles(catalogue: Catalogue) -> str:
    """Règles des données déjà protégées, celles qu'un indicateur emploie."""
    emplois = Counter(indicateur.secret for indicateur in catalogue.indicateurs.values())
    regles = (r for r in catalogue.secrets.values() if r.mode == "P" and emplois[r.id])
    lignes = [_write_regle(r.libelle, write_masque(r), r.reference, emplois[r.id]) for r in regles]
    return render_tableau("Règles des données déjà protégées", _ENTETES_REGLES, sorted(lignes), nombres=1)


def render_appliquees(rapport: RapportSecret, catalogue: Catalogue) -> str:
    """Règles que l'observatoire a appliquées lui-même, telles que le rapport les garde."""
    lignes = []
    for regle in rapport.regles:
        declaree = catalogue.secrets.get(regle.id)
        quoi = write_masque(declaree) if declaree is not None and declaree.mode == "C" else _write_seuil(regle.seuil)
        lignes.append(_write_regle(regle.libelle, quoi, regle.reference, len(regle.indicateurs)))
    return render_tableau("Règles des effectifs exacts", _ENTETES_REGLES, sorted(lignes), nombres=1)


def _write_regle(libelle: str, quoi: str, reference: str, indicateurs: int) -> tuple[str, ...]:
    return escape_texte(libelle), escape_texte(quoi), escape_texte(reference), format_nombre(indicateurs)


def _write_seuil(seuil: int) -> str:
    return f"Un effectif de 1 à {format_nombre(seuil - 1)}."


def render_systemes(rapport: RapportSecret, catalogue: Catalogue) -> str:
    """Tables protégées ensemble, et le verdict de chacune."""
    lignes = (
        (
            escape_texte(catalogue.sources[s.source].libelle if s.source in catalogue.sources else s.source),
            escape_texte(format_periode(s.periode)),
            "prouvé le moins coûteux" if s.optimal else f"au plus {write_part(s.ecart)} du coût évitable",
            format_nombre(s.cases),
            format_nombre(s.masquees),
            format_nombre(s.audit.cases),
            format_nombre(s.audit.fautes),
        )
        for s in sorted(rapport.systemes, key=lambda s: (s.source, s.periode))
    )
    entetes = ("Source", "Période", "Masque", "Cases", "Masquées", "Éprouvées", "Retrouvées")
    return render_tableau("Tables protégées ensemble", entetes, lignes, nombres=4)


def write_masque(regle: RegleSecret) -> str:
    """Ce qu'une règle masque d'abord : « Un effectif de 1 à 4 ; … »."""
    morceaux = _list_effectifs(regle) + (_list_montants(regle) if regle.mode == "C" else [])
    if regle.arrondi:
        debut = "tout est arrondi" if morceaux else "rien, mais tout est arrondi"
        morceaux.append(f"{debut} au multiple de {format_nombre(regle.arrondi)}")
    texte = " ; ".join(morceaux) or "rien"
    return f"{texte[0].upper()}{texte[1:]}."


def _list_effectifs(regle: RegleSecret) -> list[str]:
    if regle.seuil <= 1:
        return []
    petits = "1" if regle.seuil == 2 else f"1 à {format_nombre(regle.seuil - 1)}"  # noqa: PLR2004 -- de 1 à 1
    morceaux = [f"un effectif de {petits}"]
    if regle.mode == "C" and regle.complement:
        morceaux.append(f"une part qui concerne tous les autres sauf {petits}")
    if regle.mode == "C" and regle.homogene:
        morceaux.append("une part qui concerne tout le monde")
    return morceaux


def _list_montants(regle: RegleSecret) -> list[str]:
    nombre, part = format_nombre(regle.contributeurs_min - 1), format_nombre(100 * regle.dominance)
    return [f"un montant versé à {nombre} bénéficiaires ou moins, ou dont un seul reçoit plus de {part} %"]


def write_part(part: float) -> str:
    """« 12,4 % » ; une part infime ne s'écrit pas zéro."""
    pourcent = 100 * part
    if 0 < pourcent < _MINIMUM:
        return f"moins de {format_nombre(_MINIMUM, 1)}{INSECABLE}%"
    return f"{format_nombre(pourcent, 1)}{INSECABLE}%"


def name_maille(maille: str) -> str:
    """Nom d'un niveau, au pluriel."""
    return Maille(maille).libelle_pluriel if maille in set(Maille) else maille


def _name_indicateur(catalogue: Catalogue, identifiant: str) -> str:
    return catalogue.indicateurs[identifiant].libelle if identifiant in catalogue.indicateurs else identifiant
