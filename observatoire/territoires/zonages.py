"""Zonages : un découpage de l'espace, livré en liste code → secteur, devient un niveau ordinaire.

Territoires d'action sociale, secteurs de maisons des solidarités, quartiers prioritaires : la liste dit,
pour chaque commune (ou chaque IRIS), son secteur. Tout le reste — calculs, cartes, publication — le voit
comme un niveau fait de communes.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatoire.errors import AppelError
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.mailles import MAILLES_ZONAGES, Maille
from observatoire.territoires.millesimes import list_millesimes_possibles
from observatoire.territoires.passages import LIENS, compose_passages
from observatoire.territoires.rattachements import base_to_communes, compose
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages_controles import (
    TableZonage,
    check_codes,
    check_couverture,
    check_doubles,
    check_fusions,
    check_libelles,
    check_scissions,
    check_vides,
)

UNITES = (Maille.COMMUNE, Maille.IRIS)
LARGEURS = {Maille.COMMUNE: 5, Maille.IRIS: 9}


@dataclass(frozen=True)
class ColonnesZonage:
    """Colonnes d'une liste code → secteur ; sans ``libelle``, le secteur porte son code pour nom."""

    code: str
    secteur: str
    libelle: str = ""


@dataclass(frozen=True)
class Zonage:
    """Découpage lu, dans ses codes d'origine, et ce qu'il a de fautif.

    Attributes:
        maille: niveau qu'il devient (``MAILLES_ZONAGES``).
        unite: commune ou IRIS.
        cog: millésime de ses codes.
        secteurs: ``code, libelle``.
        liens: ``code_unite, code_secteur`` ; une unité a un secteur au plus.
        anomalies: fautes et points à regarder.
    """

    maille: Maille
    unite: Maille
    cog: str
    secteurs: pd.DataFrame
    liens: pd.DataFrame
    anomalies: tuple[Anomalie, ...] = ()

    @property
    def refuse(self) -> bool:
        """Vrai si une faute bloquante interdit de s'en servir."""
        return any(a.gravite is Gravite.BLOQUANT for a in self.anomalies)


def read_zonage(
    table: pd.DataFrame,
    referentiel: Referentiel,
    *,
    maille: Maille,
    fichier: str,
    colonnes: ColonnesZonage,
    cog: str = "",
    lignes: pd.Series | None = None,
) -> Zonage:
    """Lit une liste code → secteur, la contrôle, et dit ce que le COG cible en fera.

    Args:
        table: table lue, en texte.
        referentiel: référentiel territorial.
        maille: niveau que devient le découpage (``MAILLES_ZONAGES``).
        fichier: nom du fichier, pour les messages.
        colonnes: colonnes du code de commune ou d'IRIS, du secteur, de son nom.
        cog: millésime des codes ; vide : celui qui en explique le plus.
        lignes: numéro de ligne du producteur, un par ligne ; 2, 3… par défaut.

    Raises:
        AppelError: la maille n'est pas celle d'un zonage, ou une colonne n'existe pas.
    """
    _check_appel(table, maille, [colonnes.code, colonnes.secteur, *filter(None, [colonnes.libelle])])
    numeros = pd.Series(range(2, len(table) + 2)) if lignes is None else lignes.reset_index(drop=True)
    lue = pd.DataFrame(
        {"ligne": numeros, "code": _clean(table[colonnes.code]), "secteur": _clean(table[colonnes.secteur])}
    )
    lue["libelle"] = _clean(table[colonnes.libelle]) if colonnes.libelle else lue.secteur
    unite = _find_unite(lue.code, referentiel)
    lue["code"] = lue.code.str.zfill(LARGEURS[unite]).where(lue.code != "", "")
    cog = cog or _find_cog(referentiel, pd.Index(lue.code[lue.code != ""]), unite)
    connus = referentiel.list_territoires(unite, cog)
    contexte = TableZonage(lue, fichier, colonnes.code, colonnes.secteur, maille, unite, cog)
    bonnes = lue[(lue.code != "") & (lue.secteur != "")]
    bonnes = bonnes[pd.Index(connus.code).get_indexer(pd.Index(bonnes.code)) >= 0]
    liens = bonnes[["code", "secteur"]].drop_duplicates("code").set_axis(["code_unite", "code_secteur"], axis=1)
    secteurs = bonnes.drop_duplicates("secteur")[["secteur", "libelle"]].set_axis(["code", "libelle"], axis=1)
    secteurs["libelle"] = secteurs.libelle.where(secteurs.libelle != "", secteurs.code)
    zonage = Zonage(
        maille,
        unite,
        cog,
        secteurs.sort_values("code", ignore_index=True),
        liens.sort_values("code_unite", ignore_index=True),
    )
    anomalies = [
        *check_vides(contexte),
        *check_codes(contexte, referentiel, connus),
        *check_doubles(contexte),
        *check_libelles(contexte),
    ]
    if unite is Maille.COMMUNE:
        vers = to_communes(zonage, referentiel)
        anomalies += [
            *check_couverture(contexte, liens, connus),
            *check_fusions(contexte, vers, referentiel),
            *check_scissions(contexte, liens, referentiel),
        ]
    return Zonage(maille, unite, cog, zonage.secteurs, zonage.liens, tuple(anomalies))


def to_communes(zonage: Zonage, referentiel: Referentiel) -> pd.DataFrame:
    """Secteurs de chaque commune du COG cible : ``code_base, code_cible, poids``.

    Une commune née de communes d'un même secteur y est entière (poids 1). Une commune à cheval sur
    plusieurs secteurs s'y partage selon la population ; ce qui est hors de tout secteur reste dehors.
    """
    colonnes = ["code_base", "code_cible", "poids"]
    if zonage.unite is Maille.COMMUNE:
        retour = compose_passages(referentiel, referentiel.cog, zonage.cog)[LIENS].set_axis(colonnes, axis=1)
        liens = zonage.liens.assign(poids=1.0).set_axis(colonnes, axis=1)
        return compose(retour, liens)
    aller = base_to_communes(referentiel, Maille.IRIS, zonage.cog)
    iris = referentiel.list_territoires(Maille.IRIS, zonage.cog).set_index("code").population_municipale
    masses = aller.assign(masse=aller.code_base.map(iris).fillna(0.0).clip(lower=1.0) * aller.poids)
    masses["part"] = masses.masse / masses.groupby("code_cible").masse.transform("sum")
    parts = masses[["code_cible", "code_base", "part"]].set_axis(colonnes, axis=1)
    return compose(parts, zonage.liens.assign(poids=1.0).set_axis(colonnes, axis=1))


def with_zonages(referentiel: Referentiel, zonages: tuple[Zonage, ...]) -> Referentiel:
    """Ajoute des zonages au référentiel, en mémoire : territoires, appartenances, partages.

    Une commune partagée a pour parent, dans ``appartenances`` (donc sur la carte), le secteur qui en
    tient la plus grande part ; ``partages`` garde les parts, dont se servent les calculs.

    Raises:
        AppelError: un zonage est refusé, ou deux zonages sont du même niveau.
    """
    if not zonages:
        return referentiel
    _check_zonages(zonages)
    territoires, appartenances, partages = [], [], []
    for zonage in zonages:
        vers = to_communes(zonage, referentiel)
        entieres, partagees = vers[vers.poids == 1.0], vers[vers.poids != 1.0]
        ordre = partagees.sort_values(["code_base", "poids", "code_cible"], ascending=[True, False, True])
        # Un quartier fait d'IRIS ne se dessine pas avec des communes qu'il ne couvre pas.
        principales = ordre.drop_duplicates("code_base") if zonage.unite is Maille.COMMUNE else ordre.iloc[:0]
        dessin = pd.concat([entieres, principales])
        territoires.append(_to_territoires(zonage, referentiel, vers))
        appartenances.append(_to_liens(referentiel.cog, Maille.COMMUNE, zonage.maille, dessin))
        if zonage.unite is Maille.IRIS:
            iris = zonage.liens.set_axis(["code_base", "code_cible"], axis=1)
            appartenances.append(_to_liens(zonage.cog, Maille.IRIS, zonage.maille, iris))
        partages.append(
            _to_liens(referentiel.cog, Maille.COMMUNE, zonage.maille, partagees, poids=partagees.get("poids"))
        )
    return referentiel.with_lignes(territoires=territoires, appartenances=appartenances, partages=partages)


def _to_territoires(zonage: Zonage, referentiel: Referentiel, vers: pd.DataFrame) -> pd.DataFrame:
    """Secteurs, avec leur population et leur département (vide s'ils en touchent plusieurs)."""
    communes = referentiel.list_territoires(Maille.COMMUNE).set_index("code")
    parts = vers.assign(
        habitants=vers.code_base.map(communes.population_municipale) * vers.poids,
        dep=vers.code_base.map(communes.code_departement),
    ).groupby("code_cible")
    s = zonage.secteurs
    departement = parts.dep.min()
    seul = departement == parts.dep.max()
    return pd.DataFrame(
        {
            "cog": referentiel.cog,
            "maille": str(zonage.maille),
            "code": s.code,
            "libelle": s.libelle,
            "code_departement": s.code.map(departement.where(seul)),
            "population_municipale": s.code.map(parts.habitants.sum()).astype(float).round(),
        }
    )


def _to_liens(cog: str, enfant: Maille, parent: Maille, liens: pd.DataFrame, **plus: object) -> pd.DataFrame:
    """Liens ``code_base, code_cible`` à la forme des appartenances (et des partages, avec ``poids``)."""
    return pd.DataFrame(
        {
            "cog": cog,
            "maille_enfant": str(enfant),
            "code_enfant": liens.code_base,
            "maille_parent": str(parent),
            "code_parent": liens.code_cible,
            **plus,
        }
    )


def _clean(colonne: pd.Series) -> pd.Series:
    return colonne.fillna("").astype(str).str.replace("\u00a0", " ").str.strip().reset_index(drop=True)


def _find_unite(codes: pd.Series, referentiel: Referentiel) -> Maille:
    """Commune ou IRIS : celui dont les codes, zéros rendus, sont le plus souvent reconnus."""
    lus = codes[codes != ""]
    connus = {}
    for unite in UNITES:
        t = referentiel.territoires
        attendus = pd.Index(t.code[t.maille == unite].unique())
        connus[unite] = int((attendus.get_indexer(pd.Index(lus.str.zfill(LARGEURS[unite]))) >= 0).sum())
    return max(UNITES, key=lambda u: connus[u])


def _find_cog(referentiel: Referentiel, codes: pd.Index, unite: Maille) -> str:
    if unite is Maille.IRIS:
        return referentiel.cog_iris
    return str(
        list_millesimes_possibles(referentiel, codes.unique(), unite).sort_values(["connus", "cog"]).cog.iloc[-1]
    )


def _check_appel(table: pd.DataFrame, maille: Maille, colonnes: list[str]) -> None:
    if maille not in MAILLES_ZONAGES:
        msg = f"« {maille} » n'est pas un niveau de zonage ; permis : {', '.join(MAILLES_ZONAGES)}."
        raise AppelError(msg)
    absentes = [c for c in colonnes if c not in table.columns]
    if absentes:
        msg = f"Colonne absente : {', '.join(absentes)}. Colonnes du fichier : {', '.join(map(str, table.columns))}."
        raise AppelError(msg)


def _check_zonages(zonages: tuple[Zonage, ...]) -> None:
    mailles = [z.maille for z in zonages]
    doubles = sorted({m for m in mailles if mailles.count(m) > 1})
    if doubles:
        msg = f"Deux zonages du même niveau : {', '.join(doubles)}. Un niveau n'a qu'un découpage."
        raise AppelError(msg)
    refuses = [z for z in zonages if z.refuse]
    if refuses:
        fautes = [str(a) for a in refuses[0].anomalies if a.gravite is Gravite.BLOQUANT]
        msg = f"Le zonage « {refuses[0].maille.libelle} » est refusé : {fautes[0]}"
        raise AppelError(msg)
