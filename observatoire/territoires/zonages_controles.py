"""Contrôles d'un zonage : chaque faute est une anomalie, à sa ligne."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.mailles import Maille
from observatoire.territoires.passages import TOLERANCE_POIDS, compose_passages
from observatoire.territoires.referentiel import Referentiel

EXEMPLES = 5
_LIGNES_DITES = 100
"""Au-delà, les anomalies d'une même sorte sont seulement comptées."""


@dataclass(frozen=True)
class TableZonage:
    """Table lue d'un zonage : ``ligne, code, secteur, libelle``, et ce qu'on en sait."""

    lue: pd.DataFrame
    fichier: str
    colonne_code: str
    colonne_secteur: str
    maille: Maille
    unite: Maille
    cog: str

    def anomalie(self, code: str, gravite: Gravite, message: str, **details: object) -> Anomalie:
        """Anomalie de ce fichier ; ``ligne`` y est un entier, s'il est donné."""
        ligne = details.pop("ligne", None)
        textes = {nom: str(valeur) for nom, valeur in details.items() if valeur is not None}
        numero = int(str(ligne)) if ligne is not None else None
        return Anomalie(code, gravite, self.fichier, message, ligne=numero, **textes)


def check_vides(t: TableZonage) -> Iterator[Anomalie]:
    """Unité sans secteur, secteur sans unité, table vide."""
    sans_secteur = t.lue[(t.lue.code != "") & (t.lue.secteur == "")]
    if not sans_secteur.empty:
        yield t.anomalie(
            "unite_sans_secteur",
            Gravite.A_REGARDER,
            f"{len(sans_secteur)} code(s) n'ont pas de secteur ({_cite(sans_secteur.code)}) : ils resteront dehors.",
            ligne=sans_secteur.ligne.iloc[0],
            colonne=t.colonne_secteur,
            suggestion="Complétez le secteur, ou retirez ces lignes si c'est voulu.",
        )
    remplis = set(t.lue.secteur[t.lue.code != ""])
    for secteur, groupe in t.lue[(t.lue.code == "") & (t.lue.secteur != "")].groupby("secteur"):
        if secteur not in remplis:
            yield t.anomalie(
                "secteur_vide",
                Gravite.A_REGARDER,
                f"le secteur « {secteur} » n'a aucune {t.unite.libelle} : il n'aura ni contour ni valeur.",
                ligne=groupe.ligne.iloc[0],
                colonne=t.colonne_code,
                valeur=secteur,
                suggestion="Donnez-lui ses communes, ou retirez-le.",
            )
    if not ((t.lue.code != "") & (t.lue.secteur != "")).any():
        yield t.anomalie(
            "zonage_vide",
            Gravite.BLOQUANT,
            "aucune ligne ne donne à la fois un code et un secteur.",
            suggestion="Vérifiez les colonnes du code et du secteur.",
        )


def check_codes(t: TableZonage, referentiel: Referentiel, connus: pd.DataFrame) -> Iterator[Anomalie]:
    """Code inconnu dans le COG du zonage, avec ce qu'il est ailleurs ou le code le plus proche."""
    lus = t.lue[t.lue.code != ""]
    inconnus = lus[pd.Index(connus.code).get_indexer(pd.Index(lus.code)) < 0]
    libelles = connus.set_index("code").libelle
    for ligne, code in inconnus[["ligne", "code"]].head(_LIGNES_DITES).itertuples(index=False):
        yield t.anomalie(
            "code_inconnu",
            Gravite.BLOQUANT,
            f"« {code} » n'est pas le code d'une {t.unite.libelle} du COG {t.cog}.",
            ligne=ligne,
            colonne=t.colonne_code,
            valeur=code,
            suggestion=_explain_inconnu(code, t, referentiel, libelles),
        )
    if len(inconnus) > _LIGNES_DITES:
        yield t.anomalie(
            "code_inconnu",
            Gravite.BLOQUANT,
            f"et {len(inconnus) - _LIGNES_DITES} autres codes inconnus du COG {t.cog}.",
            colonne=t.colonne_code,
        )


def _explain_inconnu(code: str, t: TableZonage, referentiel: Referentiel, libelles: pd.Series) -> str:
    territoires = referentiel.territoires
    ailleurs = territoires[territoires.code == code]
    communes = ailleurs[ailleurs.maille == Maille.COMMUNE]
    if t.unite is Maille.COMMUNE and not communes.empty:
        cogs = sorted(communes.cog)
        return f"C'est « {communes.libelle.iloc[-1]} » aux COG {cogs[0]} à {cogs[-1]} : la liste mêle des millésimes."
    if Maille.ARRONDISSEMENT_MUNICIPAL in set(ailleurs.maille):
        return "C'est un arrondissement municipal : donnez la commune, ou la liste de ses IRIS."
    proches = difflib.get_close_matches(code, libelles.index[libelles.index.str.startswith(code[:2])], n=1)
    return f"Le plus proche : {proches[0]} {libelles[proches[0]]}." if proches else "Corrigez ou retirez ce code."


def check_doubles(t: TableZonage) -> Iterator[Anomalie]:
    """Unité dans deux secteurs (refus), ou répétée (dit)."""
    lus = t.lue[(t.lue.code != "") & (t.lue.secteur != "")]
    nombre = lus.groupby("code").secteur.transform("nunique")
    for code, groupe in lus[nombre > 1].groupby("code"):
        secteurs = " et ".join(f"« {s} »" for s in groupe.secteur.unique())
        yield t.anomalie(
            "unite_dans_deux_secteurs",
            Gravite.BLOQUANT,
            f"« {code} » est dans {secteurs} (lignes {', '.join(map(str, groupe.ligne))}).",
            ligne=groupe.ligne.iloc[0],
            colonne=t.colonne_secteur,
            valeur=code,
            suggestion="Gardez un seul secteur ; s'il se partage vraiment, livrez le zonage par IRIS.",
        )
    repetes = lus[lus.duplicated(["code", "secteur"])]
    if not repetes.empty:
        yield t.anomalie(
            "ligne_repetee",
            Gravite.INFORMATION,
            f"{len(repetes)} ligne(s) répètent un code déjà donné au même secteur ({_cite(repetes.code)}).",
            ligne=repetes.ligne.iloc[0],
            colonne=t.colonne_code,
        )


def check_libelles(t: TableZonage) -> Iterator[Anomalie]:
    """Secteur de plusieurs noms."""
    lus = t.lue[(t.lue.secteur != "") & (t.lue.libelle != "")]
    for secteur, groupe in lus.groupby("secteur"):
        noms = groupe.libelle.unique()
        if len(noms) > 1:
            autre = groupe[groupe.libelle != noms[0]].iloc[0]
            yield t.anomalie(
                "secteur_deux_noms",
                Gravite.A_REGARDER,
                f"le secteur « {secteur} » a {len(noms)} noms : {', '.join(f'« {n} »' for n in noms[:EXEMPLES])}.",
                ligne=autre.ligne,
                colonne=t.colonne_secteur,
                valeur=secteur,
                suggestion=f"« {noms[0]} » est retenu.",
            )


def check_couverture(t: TableZonage, liens: pd.DataFrame, connus: pd.DataFrame) -> Iterator[Anomalie]:
    """Communes oubliées d'un département que le zonage couvre presque."""
    dedans = pd.Index(liens.code_unite).get_indexer(pd.Index(connus.code)) >= 0
    c = connus.assign(dedans=dedans)
    for departement, groupe in c.groupby("code_departement"):
        oubliees = groupe[~groupe.dedans]
        if groupe.dedans.mean() > 1 / 2 and not oubliees.empty:
            noms = _cite(oubliees.code + " " + oubliees.libelle)
            yield t.anomalie(
                "communes_hors_secteur",
                Gravite.A_REGARDER,
                f"{len(oubliees)} commune(s) du département {departement} ne sont dans aucun secteur : {noms}.",
                colonne=t.colonne_code,
                suggestion="Ajoutez-les, ou confirmez qu'elles sont hors du découpage.",
            )


def check_fusions(t: TableZonage, vers: pd.DataFrame, referentiel: Referentiel) -> Iterator[Anomalie]:
    """Commune du COG cible née de communes de secteurs différents."""
    libelles = referentiel.list_territoires(Maille.COMMUNE).set_index("code").libelle
    for code, groupe in vers[vers.poids != 1.0].groupby("code_base"):
        parts = groupe.sort_values("poids", ascending=False)
        dites = ", ".join(f"« {s} » {p:.0%}" for s, p in zip(parts.code_cible, parts.poids, strict=True))
        dehors = 1.0 - float(parts.poids.sum())
        dites += f", hors secteur {dehors:.0%}" if dehors > TOLERANCE_POIDS else ""
        yield t.anomalie(
            "fusion_entre_secteurs",
            Gravite.A_REGARDER,
            f"{code} {libelles.get(code, '')} réunit depuis {t.cog} des communes de secteurs différents ({dites}). "
            "Ses chiffres s'y partagent selon la population : ces secteurs n'ont plus de valeur exacte, et la "
            f"carte la dessine dans « {parts.code_cible.iloc[0]} ».",
            colonne=t.colonne_code,
            valeur=code,
            suggestion=f"Demandez le découpage au COG {referentiel.cog}, où cette commune n'a qu'un secteur.",
        )


def check_scissions(t: TableZonage, liens: pd.DataFrame, referentiel: Referentiel) -> Iterator[Anomalie]:
    """Commune du zonage scindée depuis : ses héritières gardent son secteur."""
    passage = compose_passages(referentiel, t.cog, referentiel.cog)
    coupees = passage[passage.estime & (pd.Index(liens.code_unite).get_indexer(pd.Index(passage.code_de)) >= 0)]
    for code, groupe in coupees.groupby("code_de"):
        yield t.anomalie(
            "commune_scindee",
            Gravite.INFORMATION,
            f"{code} s'est scindée depuis {t.cog} en {', '.join(groupe.code_vers)} : toutes gardent son secteur.",
            colonne=t.colonne_code,
            valeur=code,
        )


def _cite(valeurs: pd.Series) -> str:
    suite = "…" if len(valeurs) > EXEMPLES else ""
    return ", ".join(str(v) for v in valeurs.head(EXEMPLES)) + suite
