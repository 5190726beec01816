"""Messages d'usage en français : ce que dit la bibliothèque de commandes, traduit et complété."""

from __future__ import annotations

import re

from typer._click import exceptions
from typer._click.core import Context
from typer.core import TyperCommand, TyperGroup

AIDE_EN_FRANCAIS = (
    (r"\bUsage:", "Usage :"),
    (r"\bOptions:", "Options :"),
    (r"\bCommands:", "Commandes :"),
    (r"\bArguments:", "Arguments :"),
    (r"\[OPTIONS\]", "[OPTIONS]"),
    (r"\bCOMMAND \[ARGS\]\.\.\.", "COMMANDE …"),
    (r"\[required\]", "[obligatoire]"),
    (r"\[default: ", "[par défaut : "),
    (r"<str>", "<mot>"),
    (r"<int>", "<nombre>"),
    (r"<int range>", "<nombre>"),
    (r"<path>", "<fichier>"),
    (r"Show this message and exit\.", "Affiche cette aide."),
)
"""Mots que la bibliothèque de commandes écrit en anglais dans une aide."""


def translate_aide(aide: str) -> str:
    """Met en français les mots fixes d'une aide."""
    for motif, texte in AIDE_EN_FRANCAIS:
        aide = re.sub(motif, texte, aide)
    return aide


class CommandeFrancaise(TyperCommand):
    """Commande dont l'aide est en français."""

    def get_help(self, ctx: Context) -> str:
        """Aide traduite."""
        return translate_aide(super().get_help(ctx))


class GroupeFrancais(TyperGroup):
    """Groupe dont l'aide est en français, et les commandes dans l'ordre d'emploi."""

    def get_help(self, ctx: Context) -> str:
        """Aide traduite."""
        return translate_aide(super().get_help(ctx))

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 -- signature de Click
        """Commandes dans l'ordre de leur déclaration."""
        return list(self.commands)


def explain_usage(erreur: Exception) -> str | None:
    """Message en français d'une faute d'appel, ou ``None`` si ce n'en est pas une."""
    if not isinstance(erreur, exceptions.ClickException):
        return None
    if isinstance(erreur, exceptions.NoSuchOption):
        proches = f" Vouliez-vous dire « {erreur.possibilities[0]} » ?" if erreur.possibilities else ""
        texte = f"l'option « {erreur.option_name} » n'existe pas.{proches}"
    elif isinstance(erreur, exceptions.MissingParameter):
        texte = f"il manque « {_name_parametre(erreur)} »."
    elif isinstance(erreur, exceptions.BadParameter):
        texte = f"la valeur donnée à « {_name_parametre(erreur)} » ne convient pas."
    else:
        brut = erreur.format_message()
        texte = brut.replace("No such command", "cette commande n'existe pas :").replace(
            "Got unexpected extra argument", "argument en trop"
        )
    contexte = getattr(erreur, "ctx", None)
    chemin = contexte.command_path if contexte is not None else "observatoire"
    return f"Erreur : {texte}\nAide : {chemin} --aide"


def _name_parametre(erreur: exceptions.BadParameter) -> str:
    """Nom de l'option en cause, telle qu'on la tape."""
    options = getattr(erreur.param, "opts", None) or [getattr(erreur.param, "name", "") or ""]
    return str(options[0])
