"""Zones passées : ce que les zones à la demande ont déjà dit, arrondi, et que toute publication doit supposer su."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.modeles.mailles import Maille
from observatoire.registres.base import NOM, open_registres
from observatoire.registres.diffusions import Diffusion, Verdict, list_diffusions
from observatoire.secret.assemblage import Passees
from observatoire.secret.preuve import ProtectionError
from observatoire.secret.zones_systeme import bound_arrondi
from observatoire.store.socle import read_protections

ZONE = "zone"
"""Maille d'une zone à la demande, dans les systèmes."""


def read_zones_passees(espace: Espace, variables: Sequence[str], periode: str) -> Passees | None:
    """Sommes arrondies déjà données de certaines variables à une période ; ``None`` s'il n'y en a pas.

    Args:
        espace: espace de travail.
        variables: variables d'une source.
        periode: période des effectifs.

    Raises:
        ProtectionError: une zone accordée ne se retrouve plus dans le socle : on ne peut plus en tenir compte.
    """
    if not (espace.racine / NOM).is_file():
        return None
    accordees = [
        d for d in list_diffusions(open_registres(espace)) if d.verdict is Verdict.ACCORDEE and d.periode == periode
    ]
    couples = [(d, v) for d in accordees for v in d.variables if v in set(variables)]
    if not couples:
        return None
    lues = [_read_zone(espace, d, v, rang) for rang, (d, v) in enumerate(couples)]
    return Passees(
        pd.DataFrame([ligne for ligne, _membres in lues]),
        pd.concat([membres for _ligne, membres in lues], ignore_index=True),
        pd.DataFrame({c: [] for c in ("variable", "modalite", "unite", "valeur", "plafond", "plancher", "inf")}),
    )


def _read_zone(espace: Espace, zone: Diffusion, variable: str, rang: int) -> tuple[dict[str, object], pd.DataFrame]:
    cases = read_protections(espace, zone.publication)
    ici = cases[
        cases.courante & (cases.variable == variable) & (cases.periode == zone.periode) & (cases.modalite == "")
    ]
    unites = [f"{Maille.COMMUNE}:{code}" for code in zone.unites]
    atomes = ici[ici.unite.isin(unites)].drop_duplicates("unite")
    if len(atomes) < len(unites):
        msg = (
            f"La zone n° {zone.numero}, accordée sur la publication « {zone.publication} », ne se retrouve plus dans "
            "le socle : ce qu'elle a dit ne peut être pris en compte, et rien n'est publié. Restaurez "
            "« data/entrepot/socle/protections »."
        )
        raise ProtectionError(msg)
    exacte = float(atomes.valeur.sum())
    bas, haut = bound_arrondi(zone.valeurs[variable], zone.pas, entiere=exacte.is_integer())
    ligne = {
        "variable": variable, "periode": zone.periode, "modalite": "", "maille": ZONE,
        "code_territoire": str(zone.numero), "variante": f"{ZONE} {zone.numero}", "valeur": exacte,
        "inf": min(bas, exacte), "sup": max(haut, exacte), "plafond": np.nan,
        "plancher": np.nan,
    }  # fmt: skip
    membres = pd.DataFrame({"rang": np.intp(rang), "unite": atomes.unite, "valeur": atomes.valeur})
    return ligne, membres
