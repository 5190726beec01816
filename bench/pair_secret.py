"""Le pair du moteur de secret : ``pytauargus`` 0.6 (Tau-Argus sur HiGHS), sur les mêmes systèmes.

OPT et l'audit lisent le format « JJ » de Tau-Argus : chaque case y porte sa valeur, son coût, ses bornes
publiques et ses niveaux de protection, et toute relation linéaire y entre. Les deux moteurs reçoivent donc
les mêmes exigences, case par case. MOD ne lit qu'un tableau hiérarchique, et pose ses propres bornes.

Chaque appel se fait dans un autre processus et un dossier jetable : le code natif écrit ses journaux là où
il est lancé, et peut s'arrêter net.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from observatoire.secret.systeme import Etat, Systeme

LETTRES = {Etat.LIBRE: "s", Etat.PUBLIEE: "z", Etat.SENSIBLE: "u", Etat.OCCULTE: "m"}
MARGE_S = 30.0
"""Au-delà du délai demandé, on n'attend plus le pair que ce temps-là."""
ECHELLE = 1000
"""Les coûts du pair sont entiers."""


@dataclass(frozen=True)
class Reponse:
    """Ce que le pair a répondu ; ``motif`` vide si tout va bien."""

    motif: str
    secondes: float
    resultat: Any = None

    @property
    def masquees(self) -> np.ndarray:
        """Masque (n,) du pair."""
        return np.asarray(self.resultat, dtype=bool)


def write_jj(systeme: Systeme, chemin: Path, masquees: np.ndarray | None = None) -> Path:
    """Écrit un système au format JJ ; les cases de ``masquees`` y sont déjà masquées.

    Raises:
        ValueError: une case masquable n'a pas de borne haute, que ce format exige.
    """
    s = systeme
    publiees = s.etats == Etat.PUBLIEE
    if not np.isfinite(s.sup[~publiees]).all():
        msg = "le format JJ veut une borne haute à toute case masquable"
        raise ValueError(msg)
    lettres = np.array([LETTRES[Etat(e)] for e in s.etats])
    if masquees is not None:
        lettres[masquees & (s.etats == Etat.LIBRE)] = "m"
    bas, haut = np.where(publiees, s.valeurs, s.inf), np.where(publiees, s.valeurs, s.sup)
    hausse = np.nan_to_num(np.maximum(s.plafond - s.valeurs, 0.0))
    baisse = np.nan_to_num(np.maximum(s.valeurs - s.plancher, 0.0))
    couts = np.maximum(1, np.round(s.couts * ECHELLE)).astype(int)
    lignes = ["0", str(len(s))]
    lignes += [
        f"{i} {s.valeurs[i]:.6g} {couts[i]} {lettres[i]} {bas[i]:.6g} {haut[i]:.6g} {baisse[i]:.3f} {hausse[i]:.3f} 0"
        for i in range(len(s))
    ]
    m = s.relations
    lignes.append(str(m.shape[0]))
    for rang in range(m.shape[0]):
        debut, fin = m.indptr[rang], m.indptr[rang + 1]
        termes = " ".join(f"{c} ({int(v)})" for c, v in zip(m.indices[debut:fin], m.data[debut:fin], strict=True))
        lignes.append(f"0 {fin - debut} : {termes} ")
    chemin.write_text("\n".join(lignes) + "\n", "ascii")
    return chemin


def solve_opt(systeme: Systeme, delai_s: float = 60) -> Reponse:
    """Masque optimal du pair (OPT)."""
    with tempfile.TemporaryDirectory(prefix="pair-secret-") as dossier:
        write_jj(systeme, Path(dossier) / "table.jj")
        reponse = _call(dossier, "opt", delai_s)
    if reponse.motif:
        return reponse
    masquees = systeme.toujours_cachees.copy()
    masquees[reponse.resultat] = True
    return Reponse("", reponse.secondes, masquees)


def bound(systeme: Systeme, masquees: np.ndarray, delai_s: float = 60) -> Reponse:
    """Intervalles ``{case: (bas, haut)}`` que l'audit du pair trouve pour un masque."""
    with tempfile.TemporaryDirectory(prefix="pair-secret-") as dossier:
        write_jj(systeme, Path(dossier) / "table.jj", masquees)
        reponse = _call(dossier, "audit", delai_s)
    if reponse.motif:
        return reponse
    return Reponse("", reponse.secondes, {int(c): (bas, haut) for c, bas, haut in reponse.resultat})


def solve_mod(systeme: Systeme, codes: list[tuple[str, str]], territoires: str, delai_s: float = 60) -> Reponse:
    """Masque du pair en mode modulaire (MOD, le défaut de l'Insee).

    Args:
        systeme: un tableau hiérarchique, case par case.
        codes: code du territoire et de la modalité de chaque case, ``Total`` compris.
        territoires: hiérarchie des territoires, un par ligne, « @ » par degré.
        delai_s: temps donné.
    """
    statuts = {Etat.LIBRE: "S", Etat.PUBLIEE: "P", Etat.SENSIBLE: "U"}
    s = systeme
    hausse = np.nan_to_num(np.maximum(s.plafond - s.valeurs, 0.0))
    baisse = np.nan_to_num(np.maximum(s.valeurs - s.plancher, 0.0))
    lignes = []
    for i, (territoire, modalite) in enumerate(codes):
        if s.valeurs[i] > 0:  # une case vide ne se livre pas
            statut = statuts[Etat(s.etats[i])]
            cout = max(1, round(s.couts[i] * ECHELLE))
            niveaux = f"{baisse[i]:.3f};{hausse[i]:.3f}"
            lignes.append(f"{territoire};{modalite};{s.valeurs[i]:.0f};{s.valeurs[i]:.0f};{cout};{statut};{niveaux}")
    with tempfile.TemporaryDirectory(prefix="pair-secret-") as dossier:
        base = Path(dossier)
        (base / "table.tab").write_text("\n".join(lignes) + "\n", "ascii")
        (base / "territoires.hrc").write_text(territoires, "ascii")
        (base / "table.rda").write_text(_RDA, "ascii")
        (base / "lot.arb").write_text(_LOT.format(secondes=max(1, int(delai_s))), "ascii")
        reponse = _call(dossier, "mod", delai_s)
    if reponse.motif:
        return reponse
    caches = {tuple(code) for code in reponse.resultat}
    return Reponse("", reponse.secondes, np.array([code in caches for code in codes]))


_RDA = """<SEPARATOR> ";"
<SAFE> "S"
<UNSAFE> "U"
<PROTECT> "P"
TERRITOIRE
  <RECODABLE>
  <TOTCODE> "Total"
  <HIERARCHICAL>
  <HIERCODELIST> "territoires.hrc"
  <HIERLEADSTRING> "@"
MODALITE
  <RECODABLE>
  <TOTCODE> "Total"
VALEUR
  <NUMERIC>
  <DECIMALS> 0
EFFECTIF
  <FREQUENCY>
COUT
  <NUMERIC> <COST>
STATUT
  <STATUS>
BAISSE
  <NUMERIC> <LOWERPL>
  <DECIMALS> 3
HAUSSE
  <NUMERIC> <UPPERPL>
  <DECIMALS> 3
"""
_LOT = """<OPENTABLEDATA> "table.tab"
<OPENMETADATA> "table.rda"
<SPECIFYTABLE> "TERRITOIRE""MODALITE"|"VALEUR"||"COUT"
<SAFETYRULE> MAN(20)
<READTABLE>
<SUPPRESS> MOD(1,{secondes},0,0,0)
<WRITETABLE> (1,5,SO+,"sortie.tab")
"""


def _call(dossier: str, methode: str, delai_s: float) -> Reponse:
    commande = [sys.executable, str(Path(__file__).resolve()), methode, str(delai_s)]
    debut = time.perf_counter()
    try:
        fini = subprocess.run(commande, cwd=dossier, capture_output=True, timeout=delai_s + MARGE_S, check=False)
    except subprocess.TimeoutExpired:
        return Reponse(f"interrompu après {delai_s + MARGE_S:.0f} s", time.perf_counter() - debut)
    sortie = Path(dossier) / "reponse.json"
    if fini.returncode or not sortie.is_file():
        fin = fini.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["sans message"]
        return Reponse(f"arrêté net (code {fini.returncode}) : {fin[0]}", time.perf_counter() - debut)
    return Reponse(**json.loads(sortie.read_text("utf-8")))


def _run(methode: str, delai_s: float) -> dict[str, Any]:
    """Dans le processus du pair : la méthode, chronométrée seule."""
    from pytauargus._tauargus import HiTaSCtrl, audit_jj

    debut = time.perf_counter()
    if methode == "audit":
        lignes = audit_jj("table.jj")
        secondes = time.perf_counter() - debut
        return {"motif": "", "secondes": secondes, "resultat": [(r["cell"], r["min"], r["max"]) for r in lignes]}
    if methode == "opt":
        moteur = HiTaSCtrl()
        code = moteur.full_jj(in_file_jj="table.jj", out_file="sortie.txt", max_time=max(1, int(delai_s)))
        secondes = time.perf_counter() - debut
        if code:
            return {"motif": f"code {code} : {moteur.error_string(code)}", "secondes": secondes, "resultat": None}
        cases = [int(x) for x in Path("sortie.txt").read_text("ascii").split()]
        return {"motif": "", "secondes": secondes, "resultat": cases}
    from pytauargus.engine import run_batch
    from pytauargus.result import parse_simple_tab

    run_batch("lot.arb")
    secondes = time.perf_counter() - debut
    lignes = parse_simple_tab("sortie.tab", ["TERRITOIRE", "MODALITE"], "VALEUR")
    caches = [(r["TERRITOIRE"], r["MODALITE"]) for r in lignes if r["status"] in ("U", "M")]
    return {"motif": "", "secondes": secondes, "resultat": caches}


if __name__ == "__main__":
    Path("reponse.json").write_text(json.dumps(_run(sys.argv[1], float(sys.argv[2]))), "utf-8")
