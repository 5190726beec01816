"""Messages d'usage en français : ce que dit la bibliothèque de commandes, traduit et complété."""

from __future__ import annotations

try:  # Typer embarque sa propre copie de Click depuis la version 0.20.
    from typer._click import exceptions
except ImportError:  # pragma: no cover -- versions plus anciennes
    from click import exceptions  # type: ignore[no-redef]


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
