"""Vingt onglets d'un même Chromium : chacun change d'indicateur à son rythme et note quand sa carte est repeinte."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from bench.sessions_directes import PAUSE

ATTENTE = 120
PRETE = """(() => {
  const o = document.querySelector('iframe[src*="streamlit_folium"]')?.contentWindow?.observatoire;
  return Boolean(o?.carte && o.peintures > 0 && document.querySelector('.obs-pied'));
})()"""
# La page mène elle-même ses gestes : vingt onglets pilotés de l'extérieur mesureraient le pilote.
VISITEUR = """([gestes, secondes]) => {
  const carte = () => document.querySelector('iframe[src*="streamlit_folium"]').contentWindow;
  const heure = (w, t) => w.performance.timeOrigin + t;
  const releve = (window.releve = { durees: [], perdus: 0, visible: document.visibilityState });
  const pause = (ms) => new Promise((suite) => setTimeout(suite, ms));
  (async () => {
    const fin = performance.now() + secondes * 1000;
    for (const [attente, indicateur, libelle] of gestes) {
      await pause(attente * 1000);
      if (performance.now() > fin) break;
      const liste = document.querySelector('select[data-param="indicateur"]');
      const avant = carte().observatoire.peintures;
      liste.value = indicateur;
      if (liste.value !== indicateur) { releve.perdus++; continue; }
      const debut = heure(window, performance.now());
      liste.dispatchEvent(new Event("change", { bubbles: true }));
      const limite = performance.now() + 30000;
      const peinte = () => {
        const { observatoire } = carte();
        return observatoire.peintures > avant && observatoire.etat.textes.titre === libelle;
      };
      while (!peinte() && performance.now() < limite) await pause(30);
      if (peinte()) releve.durees.push((heure(carte(), carte().observatoire.dernierePeinture) - debut) / 1000);
      else releve.perdus++;
    }
    releve.fini = true;
  })();
}"""


def run_onglets(
    navigateur: Any,
    base: str,
    recherches: list[dict[str, str]],
    libelles: dict[str, str],
    secondes: float,
    graine: int,
    partir: Callable[[], None],
) -> tuple[list[float], int]:
    """Ouvre un onglet par session, les laisse vivre, et rend les durées et le nombre de changements sans réponse.

    Raises:
        RuntimeError: un onglet n'est pas tenu pour visible ; ses images seraient suspendues.
    """
    pages = [_open(navigateur, f"{base}/carte?{next(iter(r.values()))}") for r in recherches]
    for page in pages:
        page.wait_for_function(PRETE, timeout=ATTENTE * 1000)
    partir()
    for i, (page, recherche) in enumerate(zip(pages, recherches, strict=True)):
        gestes = _draw_gestes(list(recherche), libelles, secondes, random.Random(graine + i))
        page.evaluate(VISITEUR, [gestes, secondes])
    for page in pages:
        page.wait_for_function("window.releve.fini", timeout=(secondes + ATTENTE) * 1000, polling=1000)
    # Les onglets restent ouverts : fermés, leurs processus emporteraient le compte de ce qu'ils ont pris.
    releves = [page.evaluate("window.releve") for page in pages]
    if any(r["visible"] != "visible" for r in releves):
        msg = "Un onglet était tenu pour caché : Chromium y suspend les images."
        raise RuntimeError(msg)
    return [d for r in releves for d in r["durees"]], sum(r["perdus"] for r in releves)


def _open(navigateur: Any, adresse: str) -> Any:
    page = navigateur.new_context(viewport={"width": 1280, "height": 720}, locale="fr-FR").new_page()
    page.goto(adresse, wait_until="commit", timeout=ATTENTE * 1000)
    return page


def _draw_gestes(
    identifiants: list[str], libelles: dict[str, str], secondes: float, hasard: random.Random
) -> list[list[Any]]:
    """Suite de gestes : secondes d'attente, indicateur, libellé que la carte portera."""
    gestes, courant = [], identifiants[0]
    for _ in range(int(secondes / PAUSE[0]) + 1):
        attente = hasard.uniform(*PAUSE)
        courant = hasard.choice([i for i in identifiants if i != courant])
        gestes.append([attente, courant, libelles[courant]])
    return gestes
