"""Masquer et prouver : un département, trois périodes liées, la France ; croissance à côté de ``pytauargus``.

Chaque étape tourne seule, dans son processus, dont on relève la mémoire. Le pair (``pair_secret``) reçoit, dans
le même passage, les mêmes tableaux et les mêmes exigences.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import numpy as np

from bench import pair_secret, tables_secret
from bench.arbre import run_arbre
from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, write_nombre
from observatoire.secret.audit import audit
from observatoire.secret.exigences import read_promesses
from observatoire.secret.masque import solve_masque
from observatoire.secret.preuve import prove
from observatoire.secret.systeme import Etat, Systeme

DEPARTEMENT = "68"
"""Haut-Rhin : 366 communes, 17 EPCI, 17 cantons-ou-villes qui les coupent."""
TAILLES = (100, 500, 1_000, 2_000, 5_000, 10_000, 35_000)
HAUT = 1_000.0
"""Borne publique au-dessus de chaque case, que le format du pair exige."""
SECONDES_MAX, PERIODES_MAX, FRANCE_MAX, GO_MAX = 60, 180, 1_800, 2
RAPIDE = 1_000


def time_preuve(systeme: Systeme, delai_s: float, avant: np.ndarray | None = None) -> tuple[dict[str, Any], np.ndarray]:
    """Masque et audit entier d'un système : temps, écart, masque."""
    debut = time.perf_counter()
    audits: list[float] = []
    preuve = prove(systeme, delai_s=delai_s, avant=avant, progression=lambda _part: audits.append(time.perf_counter()))
    fin = time.perf_counter()
    masquees, masque = preuve.masque.masquees, preuve.masque
    primaires = int((systeme.etats == Etat.SENSIBLE).sum())
    secondaires = int((masquees & (systeme.etats == Etat.LIBRE)).sum())
    return {
        "cases": len(systeme),
        "primaires": primaires,
        "secondaires": secondaires,
        "ratio": secondaires / max(1, primaires),
        "secondes": fin - debut,
        "audit": fin - (audits[0] if audits else fin),
        "optimal": preuve.masque.optimal,
        "ecart": masque.ecart,
        "cout": masque.cout,
        "trahies": len(preuve.audit.trahies) + len(preuve.audit.retrouvees),
        "rejouees": preuve.audit.rejouees,
    }, masquees


def run_periodes(departement: str, delai_s: float) -> list[dict[str, Any]]:
    """Trois périodes d'un département ; chacune garde, si cela coûte peu, le masque de la précédente."""
    communes = tables_secret.read_communes(departement)
    effectifs = tables_secret.draw_effectifs(communes.population_municipale.to_numpy(), 3)
    lignes, avant = [], None
    for ceux_ci in effectifs:
        systeme = tables_secret.make_departement(communes, ceux_ci).systeme
        couts = systeme if avant is None else tables_secret.discount(systeme, avant)
        garde = avant & (systeme.etats != Etat.PUBLIEE) if avant is not None else None
        ligne, masquees = time_preuve(couts, delai_s, garde)
        ligne["stables"] = None if garde is None else float((masquees & garde).sum() / max(1, garde.sum()))
        lignes.append(ligne)
        avant = masquees
    return lignes


def run_france(delai_s: float, modalites: int) -> dict[str, Any]:
    """Toutes les communes, leurs EPCI, départements et régions, d'un bloc."""
    communes = tables_secret.read_communes()
    effectifs = tables_secret.draw_effectifs(communes.population_municipale.to_numpy())[0][:, :modalites]
    return time_preuve(tables_secret.make_france(communes, effectifs).systeme, delai_s)[0] | {"modalites": modalites}


def _make_point(cases: int) -> tuple[Systeme, list[tuple[str, str]], str]:
    communes = tables_secret.read_communes()
    effectifs = tables_secret.draw_effectifs(communes.population_municipale.to_numpy())[0]
    systeme, codes, hierarchie = tables_secret.make_emboite(communes, effectifs, cases)
    return replace(systeme, sup=systeme.valeurs + HAUT), codes, hierarchie


def run_point(cases: int, qui: str, delai_s: float) -> dict[str, Any]:
    """Un point de la courbe, pour nous ou pour le pair ; son masque est jugé à nos bornes, puis aux siennes."""
    systeme, codes, hierarchie = _make_point(cases)
    mesure = {"cases": len(systeme), "primaires": int((systeme.etats == Etat.SENSIBLE).sum())}
    if qui == "observatoire":
        debut = time.perf_counter()
        masque = solve_masque(systeme, delai_s=delai_s)
        trouve = time.perf_counter()
        trahies = len(audit(systeme, masque.masquees, masque.promesses).trahies)
        fin = time.perf_counter()
        temps = {"secondes": trouve - debut, "audit": fin - trouve}
        return mesure | temps | {"cout": masque.cout, "ecart": masque.ecart, "trahies": trahies, "motif": ""}
    if qui == "OPT":
        reponse = pair_secret.solve_opt(systeme, delai_s)
    else:
        reponse = pair_secret.solve_mod(systeme, codes, hierarchie, delai_s)
    mesure |= {"secondes": reponse.secondes, "motif": reponse.motif}
    if reponse.motif:
        return mesure
    masquees = reponse.masquees
    siennes = replace(systeme, inf=np.zeros(len(systeme)))
    return mesure | {
        "cout": float(systeme.couts[masquees & (systeme.etats == Etat.LIBRE)].sum()),
        "trahies": _count_trahies(systeme, masquees),
        "trahies_a_ses_bornes": _count_trahies(siennes, masquees),
    }


def _count_trahies(systeme: Systeme, masquees: np.ndarray) -> int:
    return len(audit(systeme, masquees, read_promesses(systeme)).trahies)


def _run_etape(*arguments: object) -> Any:
    """Une étape dans son processus ; sa réponse et son pic de mémoire."""
    passage = run_arbre([sys.executable, "-W", "ignore", __file__, "--etape", *map(str, arguments)])
    reponse = json.loads(passage.sortie.splitlines()[-1])
    return reponse, passage.pic_octets


def _trace_courbe(tailles: list[int], delai_s: float) -> list[dict[str, Any]]:
    points, renonce = [], set()
    for cases in tailles:
        point: dict[str, Any] = {}
        for qui in ("observatoire", "OPT", "MOD"):
            if qui in renonce:
                continue
            point[qui], octets = _run_etape("point", cases, qui, delai_s)
            point[qui]["pic_octets"] = octets
            if point[qui]["motif"]:
                renonce.add(qui)  # un plus grand tableau ne ferait pas mieux
            print(
                f"  {cases} cases, {qui} : {write_nombre(point[qui]['secondes'])} s {point[qui]['motif']}", flush=True
            )
        points.append(point)
    return points


def _judge_tout(contenu: dict[str, Any]) -> list[dict[str, Any]]:
    periodes = contenu["periodes"]
    secondes = max(p["secondes"] for p in periodes)
    objectifs = [
        judge("département, une période, masque et audit (maximum)", secondes, SECONDES_MAX, "s"),
        judge("département, trois périodes liées", sum(p["secondes"] for p in periodes), PERIODES_MAX, "s"),
        judge("département, mémoire résidente", contenu["pic_octets"]["periodes"] / 2**30, GO_MAX, "Go"),
    ]  # fmt: skip
    if contenu["france"]:
        objectifs.append(judge("France entière, masque et audit", contenu["france"]["secondes"], FRANCE_MAX, "s"))
    preuves = [*periodes, *([contenu["france"]] if contenu["france"] else [])]
    objectifs.append(judge("promesses trahies à l'audit", sum(p["trahies"] for p in preuves), 0, "case"))
    finis = [p for p in contenu["courbe"] if "OPT" in p and not p["OPT"]["motif"]]
    if finis:
        cout = max(p["observatoire"]["cout"] / p["OPT"]["cout"] for p in finis if p["OPT"]["cout"])
        dernier = finis[-1]
        temps = dernier["observatoire"]["secondes"] / dernier["OPT"]["secondes"]
        objectifs += [
            judge("coût du masque rapporté à OPT (maximum)", cout, 1.001, "fois"),
            judge(f"temps rapporté à OPT, {dernier['OPT']['cases']} cases", temps, 1, "fois"),
        ]
    return objectifs


def main(arguments: list[str] | None = None) -> None:
    """Mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--departement", default=DEPARTEMENT)
    analyseur.add_argument("--delai", type=float, default=45, help="secondes de processeur données au masque")
    analyseur.add_argument("--delai-france", type=float, default=900)
    analyseur.add_argument("--modalites-france", type=int, default=1)
    analyseur.add_argument("--delai-point", type=float, default=300, help="par point de la courbe, pour chacun")
    analyseur.add_argument("--jusqu-a", type=int, default=TAILLES[-1], help="plus grand tableau de la courbe")
    analyseur.add_argument("--sans-france", action="store_true")
    options = analyseur.parse_args(arguments)
    charge = read_charge()
    periodes, memoire = _run_etape("periodes", options.departement, options.delai)
    table = tables_secret.read_communes(options.departement)
    nombres = {"communes": len(table), "epci": table.epci.nunique(), "cantons": table.canton_ville.nunique()}
    contenu: dict[str, Any] = {
        "communes": {"code": options.departement} | nombres,
        "periodes": periodes,
        "pic_octets": {},
        "france": None,
    }
    contenu["pic_octets"]["periodes"] = memoire
    if not options.sans_france:
        contenu["france"], contenu["pic_octets"]["france"] = _run_etape(
            "france", options.delai_france, options.modalites_france
        )
    contenu["delai_point"] = options.delai_point
    contenu["courbe"] = _trace_courbe([n for n in TAILLES if n <= options.jusqu_a], options.delai_point)
    entetes = ("", "cases", "primaires", "secondaires", "secondes", "dont audit", "écart")
    lignes = [(f"période {i + 1}", p) for i, p in enumerate(periodes)]
    lignes += [("France", contenu["france"])] if contenu["france"] else []
    champs = ("cases", "primaires", "secondaires", "secondes", "audit", "ecart")
    print_tableau(entetes, [(nom, *(write_nombre(p[c]) for c in champs)) for nom, p in lignes])
    contenu["objectifs"] = _judge_tout(contenu)
    print_objectifs(contenu["objectifs"])
    save("secret", charge, contenu, rapide=options.sans_france or options.jusqu_a <= RAPIDE)


def _main_etape(nom: str, *parametres: str) -> None:
    if nom == "periodes":
        reponse: Any = run_periodes(parametres[0], float(parametres[1]))
    elif nom == "france":
        reponse = run_france(float(parametres[0]), int(parametres[1]))
    else:
        reponse = run_point(int(parametres[0]), parametres[1], float(parametres[2]))
    print(json.dumps(reponse))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--etape"]:
        _main_etape(*sys.argv[2:])
    else:
        main()
