"""La machine d'une mesure : processeur, mémoire, charge, versions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
PAQUETS = (
    "duckdb", "pyarrow", "pandas", "numpy", "streamlit", "folium", "streamlit-folium", "playwright", "highspy",
    "pytauargus",
)  # fmt: skip


def describe_machine() -> dict[str, Any]:
    """Ce qu'il faut savoir pour comparer deux exécutions."""
    return {
        "processeur": _read_processeur(),
        "coeurs": os.cpu_count(),
        "memoire_go": round(_read_memoire() / 2**30, 1),
        "systeme": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "chromium": _run([find_chromium(), "--version"]) if find_chromium() else "",
        "versions": {paquet: _version(paquet) for paquet in PAQUETS},
        "etat_du_depot": _run(["git", "-C", str(RACINE), "describe", "--always", "--dirty"]),
    }


def find_chromium() -> str:
    """Chromium de la machine, celui des essais de navigateur ; vide s'il manque."""
    noms = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("OBSERVATOIRE_CHROMIUM") or next(filter(None, map(shutil.which, noms)), "")


def read_charge() -> float | None:
    """Charge moyenne de la dernière minute : au-delà du nombre de cœurs, une mesure ne vaut rien."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


def _read_processeur() -> str:
    infos = Path("/proc/cpuinfo")
    lignes = infos.read_text("utf-8").splitlines() if infos.is_file() else []
    return next((li.partition(":")[2].strip() for li in lignes if li.startswith("model name")), platform.machine())


def _read_memoire() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _version(paquet: str) -> str:
    try:
        return version(paquet)
    except PackageNotFoundError:
        return "absent"


def _run(commande: list[str]) -> str:
    try:
        return subprocess.run(commande, capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
