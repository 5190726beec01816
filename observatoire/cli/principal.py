"""Application en ligne de commande : options communes, codes de sortie, messages d'erreur.

Sortie 0 : tout va. 1 : les données sont en cause. 2 : l'appel l'est.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from observatoire.cli import app as commande_app
from observatoire.cli import carte, construire, livraison, publication, secret, territoires, valeurs, verifier
from observatoire.cli.contexte import ouvrir_contexte
from observatoire.cli.francais import CommandeFrancaise, GroupeFrancais, explain_usage
from observatoire.errors import AppelError, ConfigurationError, ObservatoireError

SORTIE_DONNEES = 1
SORTIE_APPEL = 2
ERREURS_D_APPEL = (AppelError, ConfigurationError)


application = typer.Typer(
    cls=GroupeFrancais,
    name="observatoire",
    help="Observatoire social territorial : besoins et ressources des territoires, à égalité.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help", "--aide"]},
)


@application.callback()
def _options(
    ctx: typer.Context,
    racine: Annotated[
        str | None, typer.Option("--racine", help="Dossier de l'espace (sinon OBSERVATOIRE_RACINE, sinon le dépôt).")
    ] = None,
) -> None:
    ctx.obj = ouvrir_contexte(racine)


application.command("construire", cls=CommandeFrancaise)(construire.construire)
application.command("app", cls=CommandeFrancaise)(commande_app.servir)
application.command("verifier", cls=CommandeFrancaise)(verifier.verifier)
application.command("valeurs", cls=CommandeFrancaise)(valeurs.valeurs)
application.command("territoires", cls=CommandeFrancaise)(territoires.territoires)
application.command("carte", cls=CommandeFrancaise)(carte.carte)
application.add_typer(livraison.groupe, name="livraison")
application.add_typer(publication.groupe, name="publication")
application.add_typer(secret.groupe, name="secret")


def main(arguments: list[str] | None = None) -> None:
    """Exécute la ligne de commande et sort avec son code ; aucune trace Python n'est montrée."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s : %(message)s")
    try:
        code = application(args=arguments, standalone_mode=False)
    except ObservatoireError as erreur:
        typer.echo(f"Erreur : {erreur}", err=True)
        sys.exit(SORTIE_APPEL if isinstance(erreur, ERREURS_D_APPEL) else SORTIE_DONNEES)
    except typer.Abort:
        typer.echo("Interrompu.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as erreur:
        message = explain_usage(erreur)
        if message is None:
            raise
        typer.echo(message, err=True)
        sys.exit(SORTIE_APPEL)
    sys.exit(code if isinstance(code, int) else 0)
