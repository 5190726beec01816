"""Écrit ``bench/RESULTATS.md`` depuis les derniers relevés (``python -m bench.rapport``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script

from bench.releve import RESULTATS, write_nombre

SORTIE = Path(__file__).resolve().parent / "RESULTATS.md"
INTRODUCTION = """# Mesures de vitesse

Écrit par `python -m bench.rapport` depuis les relevés de `bench/resultats`. `make bench` refait les relevés.
Chaque mesure qui a un pair est prise à côté de lui, dans la même exécution, en alternance.
"""


def write_rapport(dossier: Path = RESULTATS) -> str:
    """Texte du rapport ; une mesure qui n'a pas été faite n'y figure pas."""
    parties: list[str] = [INTRODUCTION]
    tous: list[dict[str, Any]] = []
    for nom, ecrire in _SECTIONS.items():
        fichier = dossier / f"{nom}.json"
        if fichier.is_file():
            releve = json.loads(fichier.read_text("utf-8"))
            tous += releve["objectifs"]
            parties += [ecrire(releve), _write_objectifs(releve["objectifs"]), _write_conditions(releve)]
    parties.insert(1, _write_bilan(tous))
    return "\n".join(parties)


def _write_bilan(objectifs: list[dict[str, Any]]) -> str:
    """Combien d'objectifs sont tenus, et lesquels ne le sont pas."""
    manques = [o for o in objectifs if not o["tenu"]]
    bilan = f"Objectifs tenus : {len(objectifs) - len(manques)} sur {len(objectifs)}."
    if not manques:
        return bilan + "\n"
    lignes = [f"- {o['nom']} : {write_nombre(o['mesure'])} ({o['objectif']})" for o in manques]
    return "\n".join([bilan + " Manqués :", "", *lignes]) + "\n"


def _write_temps(resume: dict[str, Any] | None) -> str:
    return f"{write_nombre(resume['mediane'])} ({write_nombre(resume['p95'])})" if resume else ""


def _write_carte(releve: dict[str, Any]) -> str:
    lignes = []
    for nom, cas in releve["cas"].items():
        for qui in ("observatoire", "pair"):
            if qui not in cas:
                continue
            m = cas[qui]
            temps = [_write_temps(m.get(k)) for k in ("peint", "peint_froid", "peint_chaud")]
            n, octets, fil = cas["territoires"], m["octets_ws"]["mediane"], m["octets_fil"]["mediane"]
            poids = [write_nombre(o) for o in (octets / 1000, octets / n, fil / n)]
            charge = write_nombre(cas.get("charge") or 0)
            rapport = f"× {write_nombre(cas['rapport'])}" if qui == "pair" else ""
            fois = str(m["peint"]["n"])
            lignes.append([f"{nom}, {qui}", fois, *temps, write_nombre(m["repos"]["mediane"]), *poids, rapport, charge])
    entetes = ["", "fois", "tous, s", "premier affichage, s", "déjà vu, s", "page au repos, s", "ko reçus"]
    entetes += ["octets par territoire", "sur le fil", "rapport", "charge"]
    return (
        "## Changer d'indicateur\n\n"
        "Du geste à la carte repeinte : médiane (95e centile), dans un Chromium sans écran de 1280 × 720. Le geste\n"
        "est l'évènement de la liste du navigateur pour l'application, l'appui sur la ligne pour le pair. Le pair est\n"
        "une application streamlit-folium ordinaire (`bench/pair_streamlit_folium.py`) : mêmes géométries, mêmes\n"
        "valeurs, données en cache, dessin sur toile. Ses bibliothèques viennent d'un serveur local ; le navigateur\n"
        "les garde. Octets : tout ce que le WebSocket apporte pendant le changement, page entière comprise, une\n"
        "fois décompressé ; « sur le fil » : les octets réellement passés, HTTP et compression compris.\n\n"
        + _write_tableau(entetes, lignes)
    )


def _write_froid(releve: dict[str, Any]) -> str:
    lignes = [
        [f"{nom}, {qui}", _write_temps(r["secondes"]), write_nombre(r["octets"]["mediane"] / 1000)]
        for qui, etapes in releve["etapes"].items()
        for nom, r in etapes.items()
        if r
    ]
    reseau, ecran = releve["reseau"], releve["ecran"]
    return (
        "## Ouvrir une carte sur un téléphone\n\n"
        f"Communes de l'Isère, écran de {ecran['width']} × {ecran['height']}, {len(releve['essais']['observatoire'])} "
        "ouvertures sans rien en cache, serveur déjà chaud.\n"
        f"Réseau bridé par Chromium : {write_nombre(reseau['debit'] / 1e6)} Mbit/s, {reseau['aller_retour']} ms "
        "d'aller-retour par demande ; processeur non ralenti.\n"
        f"L'objectif est jugé avec {write_nombre(reseau['connexion'])} s de plus : l'ouverture de la connexion "
        "(TCP et TLS), que Chromium ne bride pas.\n"
        f"Part de la première image visible sans défiler : {write_nombre(releve['part_visible'] * 100)} % au moins. "
        "Secondes : médiane (95e centile).\n"
        "Octets reçus jusqu'à l'étape, toutes demandes comprises : compressés pour HTTP, décompressés pour le "
        "WebSocket.\n\n" + _write_tableau(["étape", "secondes", "ko reçus"], lignes)
    )


def _write_sessions(releve: dict[str, Any]) -> str:
    noms = {"carte": "carte reçue", "page": "page reçue", "repeinte": "carte repeinte"}
    lignes = []
    for qui, r in releve["resultats"].items():
        couts = [r["coeurs"]["serveur"], r["coeurs"]["navigateur"], r["serveur_par_changement"] * 1000]
        for quoi, dit in noms.items():
            if quoi in r:
                temps = [write_nombre(r[quoi][c]) for c in ("mediane", "p95", "max")]
                lignes.append([f"{qui}, {dit}", str(r[quoi]["n"]), *temps, *map(write_nombre, couts)])
    entetes = ["secondes", "changements", "médiane", "95e centile", "maximum", "cœurs pris par le serveur"]
    entetes += ["par le navigateur", "ms de processeur par changement (serveur)"]
    return (
        f"## {releve['sessions']} personnes à la fois\n\n"
        "Chacune sur les communes d'un autre département, un choix toutes les deux à quatre secondes (graine fixe)\n"
        f"pendant {write_nombre(releve['secondes'])} s, un seul serveur. « Sessions » : le dialogue de la page avec le "
        "serveur, sans navigateur, du choix\n"
        "envoyé au message reçu. « Onglets » : un seul Chromium, du geste à la carte repeinte ; ses onglets se\n"
        "partagent les cœurs du serveur, ce que de vrais visiteurs ne font pas.\n\n" + _write_tableau(entetes, lignes)
    )


def _write_recherche(releve: dict[str, Any]) -> str:
    lignes = [
        [nom, str(r["n"]), *(write_nombre(r[c]) for c in ("mediane", "p95", "max"))]
        for nom, r in releve["millisecondes"].items()
    ]
    return (
        "## Chercher un territoire\n\n"
        f"{releve['recherches']} recherches tapées lettre à lettre ({releve['frappes']} demandes), en millisecondes. "
        "« Bout en bout » : par HTTP.\n"
        "pandas filtre les libellés qui contiennent le texte ; il ne comprend ni code, ni sigle, ni faute.\n"
        f"Construction de l'index : {write_nombre(releve['secondes']['mediane'])} s.\n\n"
        + _write_tableau(["", "demandes", "médiane", "95e centile", "maximum"], lignes)
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


def _write_depot(releve: dict[str, Any]) -> str:
    lignes = [
        [nom, str(r["n"]), write_nombre(r["mediane"]), write_nombre(r["max"])] for nom, r in releve["secondes"].items()
    ]
    return (
        "## Déposer un fichier\n\n"
        "35 000 communes × 50 colonnes, dont 2 % de valeurs révisées, contre une période déjà en ligne ; cinquante\n"
        "indicateurs recalculés. Le pair cherche les mêmes fautes, et les mêmes données individuelles, avec pandas.\n\n"
        + _write_tableau(["secondes", "fois", "médiane", "maximum"], lignes)
    )


def _write_secret(releve: dict[str, Any]) -> str:
    preuves = [(f"département, période {i + 1}", p) for i, p in enumerate(releve["periodes"])]
    preuves += [("France entière", releve["france"])] if releve["france"] else []
    lignes = []
    for nom, p in preuves:
        comptes = [write_nombre(p[c]) for c in ("cases", "primaires", "secondaires", "ratio", "secondes", "audit")]
        preuve = "optimum prouvé" if p["optimal"] else f"à {write_nombre(100 * p['ecart'])} % au plus"
        lignes.append([nom, *comptes, preuve, write_nombre(p["rejouees"])])
    entetes = [
        "",
        "cases",
        "primaires",
        "secondaires",
        "rapport",
        "secondes",
        "dont audit",
        "masque",
        "rejouées en entiers",
    ]
    communes = releve["communes"]
    return (
        "## Masquer et prouver\n\n"
        f"Département {communes['code']} : {communes['communes']} communes, {communes['epci']} EPCI, "
        f"{communes['cantons']} cantons-ou-villes qui les coupent, quatre modalités et leur total. France : communes,\n"
        f"EPCI, départements, régions, d'un bloc{_tell_modalites(releve['france'])}. Populations réelles, effectifs\n"
        "inventés, seuil de 5, zéros publiés. Chaque période liée garde le masque de la précédente tant que cela\n"
        "coûte peu : c'est ce qui l'écarte du moins coûteux. L'audit encadre toutes les cases masquées.\n\n"
        + _write_tableau(entetes, lignes)
    ) + _write_courbe(releve)


def _tell_modalites(france: dict[str, Any] | None) -> str:
    return f" ({france['modalites']} modalité(s))" if france else " (non mesurée)"


def _write_courbe(releve: dict[str, Any]) -> str:
    """Croissance, nous et le pair sur les mêmes tableaux ; ce qui n'a pas fini est dit."""
    lignes = []
    for point in releve["courbe"]:
        nous = point["observatoire"]
        ligne = [write_nombre(nous["cases"]), write_nombre(nous["primaires"])]
        for qui in ("observatoire", "OPT", "MOD"):
            m = point.get(qui)
            if m is None or m["motif"]:
                ligne += ["pas de masque" if m else "non tenté", ""]
                continue
            ecart = f" à {write_nombre(100 * m['ecart'])} %" if m.get("ecart") else ""
            ligne += [write_nombre(m["secondes"]), write_nombre(m["cout"]) + ecart]
        mod = point.get("MOD", {})
        lignes.append([*ligne, write_nombre(nous["audit"]), str(mod.get("trahies", ""))])
    entetes = ["cases", "primaires", "secondes", "coût", "OPT, s", "coût", "MOD, s", "coût", "notre audit, s"]
    entetes += ["promesses trahies par MOD"]
    return (
        "\nÀ côté, `pytauargus` 0.6 (Tau-Argus sur HiGHS) reçoit les mêmes tableaux (communes et EPCI emboîtés) et\n"
        "les mêmes exigences, case par case ; MOD, modulaire, croit qu'une case masquée peut valoir zéro, et promet\n"
        f"donc moins. Délai : {write_nombre(releve['delai_point'])} s par point ; au-delà du premier échec, un moteur "
        "n'est plus tenté.\n\n" + _write_tableau(entetes, lignes)
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


_SECTIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "carte": _write_carte,
    "froid": _write_froid,
    "sessions": _write_sessions,
    "recherche": _write_recherche,
    "lecture": _write_lecture,
    "construire": _write_construire,
    "depot": _write_depot,
    "secret": _write_secret,
}

if __name__ == "__main__":
    SORTIE.write_text(write_rapport(), "utf-8")
    print(f"→ {SORTIE}")
