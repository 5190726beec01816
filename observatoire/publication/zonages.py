"""Déposer un zonage : une liste code → secteur devient un niveau de l'espace, à la prochaine publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from observatoire.config import Espace
from observatoire.errors import AppelError
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.mailles import Maille
from observatoire.modeles.tables import TableLue
from observatoire.publication.droits import Role, check_droit, load_regles
from observatoire.publication.reprise import ecrivain, inscribe
from observatoire.publication.scelle import compute_sha256
from observatoire.registres.journal import Ecriture
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages import ColonnesZonage, Zonage, read_zonage
from observatoire.territoires.zonages_fichiers import DOSSIER, save_zonage


@dataclass(frozen=True)
class ResultatZonage:
    """Ce qu'un dépôt de zonage a donné.

    Attributes:
        zonage: découpage lu ; ``None`` si le fichier n'a pu l'être, ou décrit des personnes.
        anomalies: toutes les fautes.
        quarantaine: motifs de refus pour données individuelles.
        garde: vrai si l'espace l'a pris.
    """

    zonage: Zonage | None
    anomalies: tuple[Anomalie, ...]
    quarantaine: tuple[str, ...] = ()
    garde: bool = False


def controler_zonage(
    espace: Espace, chemin: Path, *, maille: Maille, colonnes: ColonnesZonage, cog: str = ""
) -> ResultatZonage:
    """Lit et contrôle un zonage, sans rien écrire.

    Raises:
        AppelError: le fichier ou une colonne n'existe pas, ou le niveau n'est pas celui d'un zonage.
    """
    from observatoire.ingestion.quarantaine import inspect_table

    lu = _read_table(chemin)
    if isinstance(lu, tuple):
        return ResultatZonage(None, lu)
    motifs = tuple(m.texte for m in inspect_table(lu) if m.bloquant and m.personnel)
    if motifs:
        return ResultatZonage(None, (), motifs)
    zonage = read_zonage(
        lu.donnees.to_pandas(),
        Referentiel(espace.referentiel),
        maille=maille,
        fichier=chemin.name,
        colonnes=colonnes,
        cog=cog,
        lignes=pd.Series(lu.lignes),
    )
    return ResultatZonage(zonage, zonage.anomalies)


def deposer_zonage(
    espace: Espace, chemin: Path, *, maille: Maille, colonnes: ColonnesZonage, auteur: str, motif: str, cog: str = ""
) -> ResultatZonage:
    """Contrôle un zonage et le garde ; il paraît comme un niveau à la prochaine construction.

    Raises:
        AppelError: le fichier ou une colonne n'existe pas, ou le niveau n'est pas celui d'un zonage.
        DroitError: l'auteur n'a pas le rôle voulu.
        EspaceOccupeError: un autre écrivain tient l'espace.
    """
    role = check_droit(load_regles(espace), auteur, Role.CONTRIBUTEUR, "déposer un zonage")
    resultat = controler_zonage(espace, chemin, maille=maille, colonnes=colonnes, cog=cog)
    zonage = resultat.zonage
    if zonage is None or zonage.refuse:
        return resultat
    details = {"niveau": str(maille), "secteurs": len(zonage.secteurs), "unites": len(zonage.liens), "cog": zonage.cog}
    with ecrivain(espace, auteur=auteur, geste="dépôt d'un zonage") as registres:
        save_zonage(zonage, espace.data / DOSSIER)
        inscribe(
            registres,
            Ecriture(
                auteur=auteur,
                role=str(role),
                geste="zonage",
                motif=motif,
                sha256=compute_sha256(chemin),
                details=details,
            ),
        )
    return ResultatZonage(zonage, zonage.anomalies, garde=True)


def _read_table(chemin: Path) -> TableLue | tuple[Anomalie, ...]:
    # Les lecteurs chargent des bibliothèques de tableurs : seulement pour s'en servir.
    from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_fichier

    if not chemin.is_file():
        msg = f"Le fichier « {chemin.name} » n'existe pas ({chemin.parent}). Donnez le chemin d'un fichier."
        raise AppelError(msg)
    lecture = read_fichier(chemin)
    brute = choose_table(lecture)
    forme = find_forme(brute) if brute is not None else None
    if any(a.gravite is Gravite.BLOQUANT for a in lecture.anomalies) or brute is None or forme is None:
        vide = Anomalie(
            "table_introuvable",
            Gravite.BLOQUANT,
            chemin.name,
            "aucune table de codes et de secteurs n'y a été reconnue.",
            suggestion="Donnez un CSV ou un classeur à trois colonnes : code, secteur, nom du secteur.",
        )
        return lecture.anomalies or (vide,)
    return name_table(brute, forme)
