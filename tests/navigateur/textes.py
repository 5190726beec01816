"""Tout ce qu'une page donne à lire, et les mots anglais qui s'y trouveraient."""

import re
from functools import cache
from pathlib import Path

from tests.app.dictionnaire import load_dictionnaire
from tests.app.textes_streamlit import list_textes

ATTRIBUTS = [
    "aria-label", "title", "placeholder", "alt", "label", "summary", "aria-description", "aria-valuetext",
    "aria-roledescription",
]  # fmt: skip
# Textes et attributs, cachés compris : un lecteur d'écran ou un agrandissement peut les faire paraître. Les noms
# d'icônes (ligatures) se dessinent et sont tus ; le code et les identifiants se marquent translate="no".
LIRE = """(attributs) => {
  const lus = [];
  const tus = "script,style,noscript,template,[data-testid=stIconMaterial],[translate=no]";
  const parcours = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (parcours.nextNode()) {
    const noeud = parcours.currentNode;
    const element = noeud.nodeType === Node.TEXT_NODE ? noeud.parentElement : noeud;
    if (element.closest(tus)) continue;
    if (noeud.nodeType === Node.TEXT_NODE) { lus.push(noeud.nodeValue); continue; }
    attributs.forEach((nom) => lus.push(element.getAttribute(nom) || ""));
    for (const rang of ["::before", "::after"]) {
      const contenu = getComputedStyle(element, rang).content;
      if (contenu.startsWith('"')) lus.push(contenu.slice(1, -1));
    }
  }
  lus.push(document.title);
  return [...new Set(lus.map((t) => t.trim()).filter(Boolean))];
}"""
_MOT = re.compile(r"[A-Za-zÀ-ÿ’']+")

# Mots courants de l'anglais ; mots qui, en toutes lettres, sont aussi français (« page », « sort », « go »).
_ANGLAIS, _COMMUNS = (Path(__file__).parent / nom for nom in ("mots_anglais.txt", "mots_communs.txt"))


@cache
def list_mots_anglais():
    """Mots courants de l'anglais, et ceux des textes de Streamlit, moins ceux qui sont aussi français."""
    francais = {m for texte in load_dictionnaire().traductions() for m in split_mots(texte)}
    streamlit = {m for texte in list_textes() for m in split_mots(texte.replace("${…}", " ")) if len(m) > 2}
    return frozenset((_read(_ANGLAIS) | streamlit) - _read(_COMMUNS) - francais)


def _read(fichier):
    return set(fichier.read_text("utf-8").split())


def split_mots(texte):
    """Mots en minuscules ; l'élision française (« l'index ») est coupée."""
    return [m for brut in _MOT.findall(texte) for m in re.split("[’']", brut.lower()) if m]


def read_textes(page):
    """Tous les textes de la page et de ses cadres."""
    textes = []
    for cadre in page.frames:
        textes += cadre.evaluate(LIRE, ATTRIBUTS)
    return list(dict.fromkeys(textes))


def find_anglais(textes, noms_propres=()):
    """Textes où se lit un mot anglais, avec ces mots ; un nom propre qui en contient un est excusé."""
    mots_anglais = list_mots_anglais()
    fautes = {}
    for texte in textes:
        nu = texte
        for nom in noms_propres:
            nu = nu.replace(nom, " ")
        trouves = sorted({m for m in split_mots(nu) if m in mots_anglais})
        if trouves:
            fautes[texte[:120]] = trouves
    return fautes
