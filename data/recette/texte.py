"""Textes : noms ramenés à une forme comparable, données personnelles retirées."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ABREGES = {"ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "LEZ": "LES"}


def normalize_nom(nom: str) -> str:
    """Nom en capitales sans accent, CEDEX, article ni ponctuation, SAINT en entier."""
    texte = unicodedata.normalize("NFKD", nom.replace("œ", "oe").replace("Œ", "OE"))
    texte = "".join(c for c in texte if not unicodedata.combining(c)).upper()
    texte = re.sub(r"\bCEDEX\b.*$", "", texte)
    texte = re.sub(r"\b\d+\s*(?:E|ER|EME)?(?:\s+ARRONDISSEMENT)?\b", " ", texte)
    mots = re.sub(r"[^A-Z]+", " ", texte).split()
    mots = [_ABREGES.get(mot, mot) for mot in mots]
    if len(mots) > 1 and mots[0] in {"LE", "LA", "LES", "L"}:
        mots = mots[1:]
    return " ".join(mots)


def normalize_noms(noms: pd.Series) -> pd.Series:
    """Forme comparable de chaque nom."""
    uniques = {nom: normalize_nom(nom) for nom in noms.dropna().unique()}
    return noms.map(uniques)


def clean_texte(textes: pd.Series) -> pd.Series:
    """Blancs réduits, lignes jointes par une virgule, texte vide pour un manque."""
    propres = textes.fillna("").str.strip().str.replace(r"\s*\n\s*", ", ", regex=True)
    return propres.str.replace(r"[ \t\u00a0]+", " ", regex=True).astype("str")


def build_nom_mairie(noms: pd.Series, liaisons: pd.Series) -> pd.Series:
    """« Mairie de X », avec la bonne préposition (du, des, d')."""
    mairie = "Mairie de " + noms
    mairie = mairie.mask(liaisons == 1, "Mairie d'" + noms)
    for article, contracte in (("Le ", "du "), ("Les ", "des ")):
        debut = noms.str.startswith(article)
        reste = noms.str.slice(len(article))
        mairie = mairie.mask(debut, "Mairie " + contracte + reste)
    return mairie
