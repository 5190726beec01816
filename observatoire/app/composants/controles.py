"""Contrôles natifs d'une page : listes, cases, boutons, dont le choix passe par l'adresse (``00-navigation.js``).

Une liste du navigateur sait ce que celle de Streamlit ne sait pas : un choix impossible, dit et grisé, et
sur un téléphone le sélecteur que chacun connaît.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Option:
    """Choix d'une liste.

    Attributes:
        raison: pourquoi il est impossible ; il est alors grisé.
        groupe: titre sous lequel il est rangé.
        signe: forme et lettre qu'il a sur la carte.
    """

    valeur: str
    libelle: str
    raison: str = ""
    groupe: str = ""
    signe: tuple[str, str] = ("", "")


def render_liste(nom: str, etiquette: str, options: Sequence[Option], choisie: str, oublie: Sequence[str] = ()) -> str:
    """Liste déroulante et son étiquette.

    Args:
        nom: paramètre d'adresse.
        etiquette: nom lu et montré.
        options: choix, dans l'ordre ; ceux d'un même groupe se suivent.
        choisie: valeur présente.
        oublie: paramètres que ce choix ôte de l'adresse.
    """
    corps, groupe = "", ""
    for option in options:
        if option.groupe != groupe:
            corps += ("</optgroup>" if groupe else "") + (
                f'<optgroup label="{escape(option.groupe, quote=True)}">' if option.groupe else ""
            )
            groupe = option.groupe
        corps += _render_option(option, choisie)
    corps += "</optgroup>" if groupe else ""
    return (
        f'<label class="obs-controle"><span>{escape(etiquette)}</span>'
        f'<select data-param="{nom}"{_write_oublie(oublie)} autocomplete="off">{corps}</select></label>'
    )


def _render_option(option: Option, choisie: str) -> str:
    texte = f"{option.libelle} ({option.raison})" if option.raison else option.libelle
    etats = (" disabled" if option.raison else "") + (" selected" if option.valeur == choisie else "")
    return f'<option value="{escape(option.valeur, quote=True)}"{etats}>{escape(texte)}</option>'


def render_bascule(
    nom: str, etiquette: str, options: Sequence[Option], choisie: str, oublie: Sequence[str] = ()
) -> str:
    """Choix entre deux ou trois valeurs, toutes visibles."""
    boutons = "".join(
        f'<button type="button" data-param="{nom}" data-valeur="{escape(o.valeur, quote=True)}"{_write_oublie(oublie)} '
        f'aria-pressed="{"true" if o.valeur == choisie else "false"}"'
        f'{f""" aria-disabled="true" title="{escape(o.raison, quote=True)}" """ if o.raison else ""}>'
        f"{escape(o.libelle)}</button>"
        for o in options
    )
    return f'<div class="obs-bascule" role="group" aria-label="{escape(etiquette, quote=True)}">{boutons}</div>'


def render_cases(nom: str, etiquette: str, options: Sequence[Option], cochees: Sequence[str]) -> str:
    """Cases à cocher, rassemblées dans un paramètre à virgules."""
    lignes = "".join(
        f'<label><input type="checkbox" data-param="{nom}" value="{escape(o.valeur, quote=True)}" autocomplete="off"'
        f"{' checked' if o.valeur in cochees else ''}> {_render_signe(o.signe)}{escape(o.libelle)}</label>"
        for o in options
    )
    return f'<fieldset class="obs-cases"><legend>{escape(etiquette)}</legend>{lignes}</fieldset>'


def _render_signe(signe: tuple[str, str]) -> str:
    forme, lettre = signe
    return f'<span class="obs-signe-lieu {escape(forme)}" aria-hidden="true">{escape(lettre)}</span>' if forme else ""


def render_curseur(nom: str, etiquette: str, valeurs: Sequence[str], choisie: str, lue: str) -> str:
    """Curseur sur une suite de valeurs ; ``lue`` est la valeur présente, dite à un lecteur d'écran."""
    rang = valeurs.index(choisie) if choisie in valeurs else len(valeurs) - 1
    return (
        f'<div class="obs-curseur"><input type="range" min="0" max="{len(valeurs) - 1}" step="1" value="{rang}" '
        f'data-param="{nom}" data-valeurs="{escape(",".join(valeurs), quote=True)}" autocomplete="off" '
        f'aria-label="{escape(etiquette, quote=True)}" aria-valuetext="{escape(lue, quote=True)}">'
        f'<div aria-hidden="true"><span>{escape(valeurs[0])}</span><span>{escape(valeurs[-1])}</span></div></div>'
    )


def _write_oublie(oublie: Sequence[str]) -> str:
    return f' data-oublie="{",".join(oublie)}"' if oublie else ""
