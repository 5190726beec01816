"""Écrit ``bench/RESULTATS.md`` depuis les derniers relevés (``python -m bench.rapport``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.releve import RESULTATS, write_nombre

SORTIE = Path(__file__).resolve().parent / "RESULTATS.md"
INTRODUCTION = """# Mesures de vitesse

Écrit par `python -m bench.rapport` depuis les relevés de `bench/resultats`. `make bench` refait les relevés.
Chaque mesure est prise à côté de ses pairs, dans la même exécution, en alternance.
"""


def write_rapport(dossier: Path = RESULTATS) -> str:
    """Texte du rapport ; une mesure qui n'a pas été faite n'y figure pas."""
    parties = [INTRODUCTION]
    for nom, ecrire in (("carte", _write_carte), ("lecture", _write_lecture), ("construire", _write_construire)):
        fichier = dossier / f"{nom}.json"
        if fichier.is_file():
            releve = json.loads(fichier.read_text("utf-8"))
            parties += [ecrire(releve), _write_objectifs(releve["objectifs"]), _write_conditions(releve)]
    return "\n".join(parties)


def _write_carte(releve: dict[str, Any]) -> str:
    lignes = []
    for nom, cas in releve["cas"].items():
        for qui in ("observatoire", "pair"):
            if qui not in cas:
                continue
            m = cas[qui]
            temps = [
                f"{write_nombre(m[k]['mediane'])} ({write_nombre(m[k]['p95'])})" for k in ("peint_froid", "peint_chaud")
            ]
            n, octets, fil = cas["territoires"], m["octets_ws"]["mediane"], m["octets_fil"]["mediane"]
            poids = [write_nombre(o) for o in (octets / 1000, octets / n, fil / n)]
            charge = write_nombre(cas.get("charge") or 0)
            rapport = f"× {write_nombre(cas['rapport'])}" if qui == "pair" else ""
            lignes.append([f"{nom}, {qui}", *temps, write_nombre(m["repos"]["mediane"]), *poids, rapport, charge])
    entetes = ["", "premier affichage, s", "déjà vu, s", "page au repos, s", "ko reçus", "octets par territoire"]
    entetes += ["sur le fil", "rapport", "charge"]
    return (
        "## Changer d'indicateur\n\n"
        "Du premier appui sur la ligne de la liste à la carte repeinte : médiane (95e centile), dans un Chromium sans\n"
        "écran de 1280 × 720. Le pair est une application streamlit-folium ordinaire\n"
        "(`bench/pair_streamlit_folium.py`) : mêmes géométries, mêmes valeurs, données en cache, dessin sur toile.\n"
        "Ses bibliothèques viennent d'un serveur local que le navigateur met en cache. Octets : tout ce que le\n"
        "WebSocket apporte pendant le changement, page entière comprise, une fois décompressé ; « sur le fil » : les\n"
        "octets réellement passés, HTTP et compression compris.\n\n" + _write_tableau(entetes, lignes)
    )


def _write_lecture(releve: dict[str, Any]) -> str:
    lignes = []
    for course, resumes in releve["millisecondes"].items():
        for qui, r in resumes.items():
            fois = r["mediane"] / resumes["observatoire"]["mediane"]
            temps = [write_nombre(r[c]) for c in ("mediane", "p95", "max")]
            lignes.append(
                [f"{course}, {qui}", str(r["n"]), *temps, "" if qui == "observatoire" else f"× {write_nombre(fois)}"]
            )
    octets = releve["octets"]
    return (
        "## Lire l'entrepôt\n\n"
        f"Entrepôt synthétique de {write_nombre(releve['lignes'] / 1e6)} millions d'observations\n"
        f"({releve['indicateurs']} indicateurs, {releve['periodes']} périodes), écrit par le code de l'entrepôt :\n"
        f"{write_nombre(octets['copies'] / 1e6)} Mo pour les deux copies. pandas filtre les mêmes fichiers ;\n"
        "DuckDB lit un seul grand fichier trié par indicateur. Millisecondes ; fichiers en cache.\n\n"
        + _write_tableau(["", "appels", "médiane", "95e centile", "maximum", "rapport"], lignes)
    )


def _write_construire(releve: dict[str, Any]) -> str:
    lignes = [
        [nom, str(r["n"]), write_nombre(r["mediane"]), write_nombre(r["max"])] for nom, r in releve["secondes"].items()
    ]
    construction, plancher = (write_nombre(releve["pic_octets"][c] / 2**30) for c in ("construction", "plancher"))
    return (
        "## Construire et démarrer\n\n"
        + _write_tableau(["secondes", "fois", "médiane", "maximum"], lignes)
        + f"\nPic de mémoire résidente de la construction, sur {releve['processus']} processus : "
        f"{construction} Go (lire seulement : {plancher} Go).\n"
    )


def _write_objectifs(objectifs: list[dict[str, Any]]) -> str:
    lignes = [
        [o["nom"], write_nombre(o["mesure"]), o["objectif"], "tenu" if o["tenu"] else "**manqué**"] for o in objectifs
    ]
    return _write_tableau(["objectif", "mesuré", "visé", ""], lignes)


def _write_conditions(releve: dict[str, Any]) -> str:
    machine = releve["machine"]
    versions = ", ".join(f"{paquet} {version}" for paquet, version in machine["versions"].items())
    charge = " puis ".join(write_nombre(c) for c in (releve["charge_avant"], releve["charge_apres"]) if c is not None)
    return (
        f"Le {releve['date'][:16].replace('T', ' à ')} (UTC), dépôt {machine['etat_du_depot']}. "
        f"{machine['processeur']}, {machine['coeurs']} cœurs, {write_nombre(machine['memoire_go'])} Go, "
        f"{machine['systeme']}. "
        f"Charge avant et après : {charge}. {machine['chromium']}, Python {machine['python']}, {versions}.\n"
    )


def _write_tableau(entetes: list[str], lignes: list[list[str]]) -> str:
    droite = ["---"] + ["---:"] * (len(entetes) - 1)
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in (entetes, droite, *lignes)) + "\n"


if __name__ == "__main__":
    SORTIE.write_text(write_rapport(), "utf-8")
    print(f"→ {SORTIE}")
