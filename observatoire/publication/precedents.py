"""Précédents : les dernières valeurs en ligne d'une source, pour dire les sauts et les territoires disparus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq

from observatoire.catalogue.fige import load_catalogue_fige
from observatoire.config import Espace
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.modeles.statuts import Statut
from observatoire.store.diffusion import copies_dir
from observatoire.store.publications import Publication

if TYPE_CHECKING:
    from observatoire.ingestion.controles import Precedent

_CLE = ["variable", "periode", "maille", "code_territoire"]
_COLONNES = [
    "maille", "code_territoire", "modalite", "periode", "periode_denominateur", "numerateur", "denominateur", "statut",
]  # fmt: skip
_DECIMALES = 6
_PARTIELLES = frozenset({NatureDepot.COMPLETE, NatureDepot.CORRIGE})


def hide_exactes(espace: Espace, publication: Publication | None, en_ligne: pd.DataFrame) -> pd.DataFrame:
    """Variables en ligne telles que chacun peut les lire : d'effectifs exacts, ne reste que ce qui est publié.

    Tout ce qu'on dit à qui contrôle un fichier (un saut, une nature déduite) se compare à ces valeurs : comparer au
    socle ferait retrouver une case masquée, en essayant un nombre après l'autre.

    Args:
        espace: espace de travail.
        publication: publication en ligne.
        en_ligne: variables d'une source (``store.schema.VARIABLES``).
    """
    if publication is None or en_ligne.empty:
        return en_ligne
    annexe = espace.publications / f"{publication.id}.livraisons"
    # Une livraison dont on ne sait rien est tenue pour exacte.
    manifestes = json.loads(annexe.read_text("utf-8")) if annexe.is_file() else {}
    nues = {f for f, m in manifestes.items() if m["confidentialite"] != Confidentialite.CONVENTION}
    exactes = en_ligne.variable[~en_ligne.livraison.isin(nues)].unique()
    touchees = en_ligne.variable.isin(exactes).to_numpy()
    if not touchees.any():
        return en_ligne
    lues = en_ligne[touchees]
    cles = pd.MultiIndex.from_arrays([*(lues[nom].astype(str) for nom in _CLE), lues.valeur.round(_DECIMALES)])
    publiees = cles.isin(_list_publiees(espace, publication, set(exactes.astype(str))))
    masquees = touchees.copy()
    masquees[touchees] = ~publiees | (lues.modalite != "").to_numpy()
    chiffres = ["valeur", "borne_inf", "borne_sup"]
    return en_ligne.assign(**{nom: en_ligne[nom].mask(masquees) for nom in chiffres})


def _list_publiees(espace: Espace, publication: Publication, exactes: set[str]) -> pd.MultiIndex:
    """Effectifs que la publication montre : variable, période, niveau, code, nombre."""
    catalogue = load_catalogue_fige(espace.publications / publication.catalogue)
    morceaux = [pd.DataFrame(columns=[*_CLE, "valeur"])]
    for fiche in catalogue.indicateurs.values():
        roles = [
            (fiche.numerateur, "numerateur", "periode"),
            (fiche.denominateur, "denominateur", "periode_denominateur"),
        ]
        siens = [role for role in roles if role[0] in exactes]
        chemin = copies_dir(espace, publication.id) / "par_indicateur" / f"{fiche.id}.parquet"
        if not siens or not chemin.is_file():
            continue
        lues = pq.read_table(chemin, columns=_COLONNES).to_pandas()
        lues = lues[(lues.statut == str(Statut.PUBLIE)).to_numpy() & (lues.modalite == "").to_numpy()]
        for variable, nombre, periode in siens:
            noms = {periode: "periode", nombre: "valeur"}
            siennes = lues[["maille", "code_territoire", periode, nombre]].rename(columns=noms)
            morceaux.append(siennes.assign(variable=variable).dropna(subset=["valeur"]))
    tout = pd.concat([m for m in morceaux if len(m)] or morceaux[:1])
    nombres = tout.valeur.astype(float).round(_DECIMALES)
    return pd.MultiIndex.from_arrays([*(tout[nom].astype(str) for nom in _CLE), nombres])


def build_precedents(
    en_ligne: pd.DataFrame, source: Source, periode: str, nature: NatureDepot | None
) -> dict[tuple[str, Maille], Precedent]:
    """Dernières valeurs connues de chaque variable, à chaque niveau, avant une période.

    Rien pour un fichier qui porte lui-même ses périodes (chacune aurait son précédent), ni pour un dépôt
    partiel (tout ce qu'il ne nomme pas semblerait avoir disparu).

    Args:
        en_ligne: variables de la source en ligne, telles que chacun peut les lire (``hide_exactes``).
        source: source du dépôt.
        periode: période du dépôt ; vide si elle se lit dans les noms de colonnes.
        nature: nature dite au dépôt.
    """
    from observatoire.ingestion.controles import Precedent

    if en_ligne.empty or nature in _PARTIELLES or (not periode and source.periode is not None):
        return {}
    # Une modalité de typologie n'a pas de saut ; un zéro rendu n'a jamais eu de ligne.
    utiles = en_ligne[(en_ligne.modalite == "") & ~((en_ligne.valeur == 0) & source.zero_si_absent)]
    groupes = utiles.groupby(["variable", "maille", "periode"], observed=True, sort=True).indices
    choisies: dict[tuple[str, str], str] = {}
    for variable, maille, trouvee in (tuple(map(str, cle)) for cle in groupes if isinstance(cle, tuple)):
        avant = choisies.get((variable, maille))
        # La plus récente d'avant ; à défaut, la même période, que le dépôt remplacerait.
        if not periode or trouvee < periode or (avant is None and trouvee == periode):
            choisies[variable, maille] = trouvee
    precedents = {}
    for (variable, maille), choisie in choisies.items():
        lignes = utiles.iloc[groupes[variable, maille, choisie]]
        codes = pd.Index(lignes.code_territoire.astype(str))
        precedents[variable, Maille(maille)] = Precedent(choisie, codes, lignes.valeur.to_numpy(dtype=float))
    return precedents
