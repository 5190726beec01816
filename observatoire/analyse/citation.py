"""Texte à citer : la phrase, l'année, la source, l'adresse durable, prêts pour un courriel ou une délibération."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.modeles.nombres import INSECABLE, format_date, format_periode

if TYPE_CHECKING:
    from datetime import date


def write_citation_courte(
    phrase: str,
    periode: str,
    source: str,
    jour: date,
    *,
    observatoire: str = "",
    lien: str = "",
) -> str:
    """Texte de trois lignes au plus : la phrase et son année, la source, l'adresse.

    Args:
        phrase: phrase de lecture d'une carte ou d'un territoire ; l'année est ajoutée si elle n'y est pas.
        periode: période des valeurs (« 2021 », « 2016-2023 »).
        source: source, avec ou sans « Source : » devant (``Consultation.describe_source``).
        jour: date de la publication.
        observatoire: nom de l'observatoire.
        lien: adresse durable, publication comprise.
    """
    dite = _end(phrase.strip())
    quand = format_periode(periode)
    if dite and quand.casefold() not in dite.casefold() and periode not in dite:
        dite = f"{dite.rstrip('.')} ({quand})."
    origine = _end(source.removeprefix(f"Source{INSECABLE}:").removeprefix("Source :").strip())
    qui = f"{observatoire}, publication" if observatoire else "Publication"
    lignes = [dite, f"Source{INSECABLE}: {origine} {qui} du {format_date(jour, en_phrase=True)}.", lien]
    return "\n".join(filter(None, lignes))


def _end(texte: str) -> str:
    """Phrase close : une citation collée dans un courriel ne perd pas son point."""
    return texte if not texte or texte[-1] in ".!?…" else f"{texte}."
