"""Compléments : « les autres » d'une part, que son ensemble et elle suffisent à compter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from observatoire.secret.chantier import Chantier, table_occultes
from observatoire.secret.primaire import COMPLEMENT, DIFFUSABLE, Regle, promise_complements
from observatoire.secret.rangees import Somme
from observatoire.secret.systeme import Etat

CLE = ["indicateur", "maille", "code_territoire", "periode"]


def relate_complements(
    chantier: Chantier, sommes: Sequence[Somme], liens: pd.DataFrame, regles: dict[str, Regle]
) -> None:
    """Ajoute ``ensemble = part + autres`` à chaque part montrée, et ce qu'on promet des autres.

    L'ensemble est une case exacte, ou un nombre public ; dans ce second cas, une part dont les autres sont
    trop peu doit elle-même être masquée.
    """
    parts = [s for s in sommes if s.part]
    if not parts:
        return
    couples = _list_couples(parts, liens).drop_duplicates(["part", "ensemble", "public"])
    if couples.empty:
        return
    valeurs = pd.concat([t.valeur for t in chantier.tables if len(t)], ignore_index=True).to_numpy(dtype=float)
    couples["valeur_part"] = valeurs[couples.part.to_numpy()]
    exact = (couples.ensemble >= 0).to_numpy()
    couples["valeur_ensemble"] = np.where(exact, valeurs[couples.ensemble.to_numpy()], couples.public)
    couples["autres"] = couples.valeur_ensemble - couples.valeur_part
    for variable, groupe in couples[couples.autres >= 0].groupby("variable", sort=False):
        _relate(chantier, groupe.reset_index(drop=True), regles[str(variable)])


def _list_couples(parts: Sequence[Somme], liens: pd.DataFrame) -> pd.DataFrame:
    """Part et ensemble de chaque chiffre : cases (-1 : ensemble public) et nombre public."""
    morceaux = []
    for s in parts:
        publics = np.full(len(s.territoires), np.nan) if s.publics is None else s.publics
        morceaux.append(
            pd.DataFrame(
                {
                    "indicateur": s.indicateur, "maille": str(s.maille), "periode": s.periode_montree,
                    "code_territoire": np.asarray(s.territoires, dtype=object), "variable": s.couple[0],
                    "periode_mesuree": s.couple[1], "modalite": s.modalite, "public": publics,
                }
            )
        )  # fmt: skip
    tous = pd.concat(morceaux, ignore_index=True)
    numerateurs = liens[(liens.role == "numerateur") & (liens.case >= 0)]
    denominateurs = liens[liens.role == "denominateur"]
    couples = tous.merge(numerateurs[[*CLE, "modalite", "case"]], on=[*CLE, "modalite"]).rename(
        columns={"case": "part"}
    )
    couples = couples.merge(denominateurs[[*CLE, "case"]], on=CLE, how="left").rename(columns={"case": "ensemble"})
    couples["ensemble"] = couples.ensemble.fillna(-1).astype(int)
    # Un ensemble exact n'est pas public : c'est sa case qui compte.
    couples["public"] = couples.public.mask(couples.ensemble >= 0)
    return couples[(couples.ensemble >= 0) | couples.public.notna()].reset_index(drop=True)


def _relate(chantier: Chantier, couples: pd.DataFrame, regle: Regle) -> None:
    autres, ensembles = couples.autres.to_numpy(dtype=float), couples.valeur_ensemble.to_numpy(dtype=float)
    plafond = promise_complements(autres, ensembles, couples.valeur_part.to_numpy(dtype=float), regle)
    unites = couples.maille + ":" + couples.code_territoire
    nom = couples.variable + " : autres"
    table = table_occultes(
        pd.DataFrame({"variable": nom, "modalite": couples.modalite, "unite": unites, "valeur": autres}),
        str(couples.periode_mesuree.iloc[0]),
    )
    promis = ~np.isnan(plafond)
    table = table.assign(
        plafond=plafond,
        plancher=np.where(promis, np.maximum(1.0, autres - 1.0), np.nan),
        motif=np.where(promis, COMPLEMENT, DIFFUSABLE),
    )
    cases = chantier.add(table)
    public = (couples.ensemble < 0).to_numpy()
    totaux = couples.ensemble.to_numpy().copy()
    if public.any():
        connus = table_occultes(
            pd.DataFrame(
                {"variable": nom[public] + " : ensemble", "modalite": "", "unite": unites[public],
                 "valeur": ensembles[public]}
            ),
            str(couples.periode_mesuree.iloc[0]),
        )  # fmt: skip
        totaux[public] = chantier.add(connus.assign(etat=np.int8(Etat.PUBLIEE)))
        chantier.impose(couples.part.to_numpy()[public & promis], COMPLEMENT)
    rangs = np.arange(len(couples))
    chantier.relations.add_sommes(
        totaux, np.concatenate([couples.part.to_numpy(), cases]), np.concatenate([rangs, rangs])
    )
