"""Table des lecteurs, et confrontation de ce qu'une sortie dit à ce qui est diffusé."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from tests.secret.attaquant import pages, sorties
from tests.secret.attaquant.sorties import CHIFFRES, CLE, FUITE, Lecture, Vue

LECTEURS: dict[str, Callable[[Vue], Lecture]] = {
    "diffusion_delta": sorties.lire_delta,
    "diffusion_copies": sorties.lire_copies,
    "diffusion_tables": sorties.lire_tables,
    "publication_fichiers": sorties.lire_publication,
    "corrections_fichier": sorties.lire_corrections,
    "valeurs_json": sorties.lire_valeurs,
    "zone_json": sorties.lire_zone,
    "zone_exacte": sorties.lire_zone_exacte,
    "audit": sorties.lire_audit,
    "explication": sorties.lire_explication,
    "territoires_json": sorties.lire_territoires,
    "carte_fichier": sorties.lire_carte_fichier,
    "publications_json": sorties.lire_publications,
    "comparaison_json": sorties.lire_comparaison,
    "journal_json": sorties.lire_journal,
    "construction": sorties.lire_construction,
    "depots_json": sorties.lire_depots,
    "rapport_livraison": sorties.lire_construction,
    "differences_json": sorties.lire_differences,
    "proposition": sorties.lire_aide,
    "zonage": sorties.lire_zonage,
    "catalogue_fautes": sorties.lire_verifier,
    "serveur": sorties.lire_aide,
    "carte_csv": sorties.lire_csv,
    "carte_xlsx": sorties.lire_xlsx,
    "carte_svg": sorties.lire_svg,
    "carte_png": sorties.lire_png,
    "impression": pages.lire_impression,
    "vignette": sorties.lire_vignette,
    "noms_fichiers": sorties.lire_noms,
    "cellules": sorties.lire_csv,
    "modele": sorties.lire_modele,
    "bon_html": pages.lire_bon_html,
    "bon_xlsx": pages.lire_bon_xlsx,
    "fautes_xlsx": sorties.lire_construction,
    "page_carte": pages.lire_page_carte,
    "page_territoire": pages.lire_page_territoire,
    "page_methode": pages.lire_page_methode,
    "page_accueil": pages.lire_page_accueil,
    "page_atelier": pages.lire_page_atelier,
    "apercu_lien": pages.lire_apercu,
    "premiere_image": pages.lire_premiere,
    "recherche": sorties.lire_recherche,
    "refus": sorties.lire_refus,
    "service": sorties.lire_service,
}
"""Lecteur de chaque sortie inscrite."""
_SEPARATEURS = "[\u202f\u00a0 ]?"


def confronter(lecture: Lecture, diffusees: pd.DataFrame) -> list[str]:
    """Ce qu'une sortie dit de plus, ou d'autre, que la diffusion.

    Args:
        lecture: ce qu'elle a dit.
        diffusees: observations de la même publication.
    """
    fautes = [t[:200] for t in lecture.textes if t.startswith(FUITE)]
    faits = lecture.faits
    if faits is None or faits.empty:
        return fautes
    paires = faits.astype(dict.fromkeys(CLE, str)).merge(
        diffusees.astype(dict.fromkeys(CLE, str)), on=CLE, how="left", suffixes=("", "_diffuse")
    )
    lieu = paires[CLE].agg(" ".join, axis=1)
    masquees = (paires.statut_diffuse if "statut_diffuse" in paires else paires.statut) == "secret"
    demi = 0.0 if lecture.decimales is None else 0.5 * 10.0**-lecture.decimales
    for nom in (c for c in CHIFFRES if c in faits):
        lus, vrais = (paires[c].to_numpy(dtype=float, na_value=np.nan) for c in (nom, f"{nom}_diffuse"))
        dits = ~np.isnan(lus)
        de_trop = dits & masquees.to_numpy() if not nom.startswith("borne") else np.zeros(len(dits), dtype=bool)
        # La borne d'une case masquée s'arrondit vers l'extérieur : jusqu'à une unité du dernier chiffre.
        ecart = np.where(masquees, 2 * demi, demi * 1.01) + 1e-6 * np.maximum(1, np.abs(np.nan_to_num(vrais)))
        dedans = (lus - vrais) * (1 if nom == "borne_inf" else -1 if nom == "borne_sup" else 0)
        autres = dits & ~((np.abs(lus - vrais) <= ecart) & (~masquees.to_numpy() | (dedans <= 1e-6)))
        fautes += [f"{lieu[i]} : {nom} {lus[i]:g} d'une case masquée" for i in np.flatnonzero(de_trop)]
        fautes += [f"{lieu[i]} : {nom} {lus[i]:g}, diffusé {vrais[i]:g}" for i in np.flatnonzero(autres & ~de_trop)]
    return fautes


def find_canaris(lecture: Lecture, canaris: Iterable[int]) -> list[str]:
    """Nombres masqués assez grands pour être reconnus, et qu'un texte redit."""
    texte = "\n".join(lecture.textes)
    trouves = []
    for nombre in canaris:
        milliers, reste = divmod(nombre, 1000)
        # Collé à une lettre, c'est un morceau d'empreinte ou d'identifiant.
        motif = rf"(?<![\w.,/#-]){milliers}{_SEPARATEURS}{reste:03d}(?![\d.,]?\d|[a-zA-Z])"
        if lu := re.search(motif, texte):
            trouves.append(f"{nombre} dans « {texte[max(0, lu.start() - 60) : lu.end() + 40]} »")
    return trouves


def list_canaris(diffusees: list[pd.DataFrame], valeurs: Iterable[float], noms: Iterable[str]) -> list[int]:
    """Valeurs vraies d'au moins 1000 que nulle publication ne montre, ni aucun nom de lieu."""
    montres = {round(x) for d in diffusees for c in CHIFFRES for x in d[c].dropna().tolist()}
    montres |= {int(n) for nom in noms for n in re.findall(r"\d{4,}", nom)}
    return sorted({int(v) for v in valeurs if v >= 1000} - montres)
