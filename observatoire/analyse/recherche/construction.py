"""Construction de l'index de recherche, depuis les tables d'une publication et le référentiel."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from observatoire.analyse.recherche.cles import list_cles, list_codes
from observatoire.analyse.recherche.ecriture import PETITS_MOTS, normalise_textes
from observatoire.analyse.recherche.fautes import MotsProches
from observatoire.analyse.recherche.index import (
    MAILLES_CHERCHEES,
    MAILLES_SECONDES,
    Cles,
    Entiers,
    IndexRecherche,
    Mots,
)
from observatoire.modeles.mailles import Maille


def build_index(
    territoires: pd.DataFrame, liens: pd.DataFrame, codes_postaux: pd.DataFrame, anciennes_communes: pd.DataFrame
) -> IndexRecherche:
    """Construit l'index.

    Args:
        territoires: maille, code, libelle, nature, code_departement, population.
        liens: maille_enfant, code_enfant, maille_parent, code_parent.
        codes_postaux: code_postal, code_commune.
        anciennes_communes: code_ancien, libelle_ancien, code_commune, nature.
    """
    t = _keep_cherches(territoires)
    paires = _list_departements(t, liens)
    t = _add_departement(t, paires)
    postaux = _list_codes_postaux(t, codes_postaux)
    t["codes_postaux"] = _join_codes_postaux(postaux, len(t))
    noms = _list_noms(t, anciennes_communes)
    normales = pd.Series(normalise_textes(noms.libelle.tolist()), index=noms.index, dtype=object)
    mots = _build_mots(_explode_mots(normales[noms.libelle_propre]))
    rangs = noms.territoire.to_numpy(dtype=np.int64)
    par_departement = {str(d): g.to_numpy(np.int64) for d, g in paires.groupby("departement").territoire}
    return IndexRecherche(
        territoires=t,
        noms=noms,
        territoire_du_nom=rangs,
        ordre=_rank_noms(t, rangs),
        nb_mots=np.bincount(mots.noms, minlength=len(noms)),
        rang_maille=t.rang_maille.to_numpy(dtype=np.int64)[rangs],
        cles=_build_cles(list_cles(t, noms, normales)),
        codes=_build_cles(list_codes(t, noms, normales, postaux)),
        mots=mots,
        contexte=_build_mots(_list_contexte(t, noms, paires, postaux)),
        proches=MotsProches(mots.mots),
        par_departement=par_departement,
        libelles_departements=_name_departements(t),
    )


def _keep_cherches(territoires: pd.DataFrame) -> pd.DataFrame:
    rangs = {str(m): k for k, m in enumerate(MAILLES_CHERCHEES)}
    t = territoires.assign(rang_maille=territoires.maille.map(rangs), code_departement=territoires.code_departement)
    t = t[t.rang_maille.notna()].drop_duplicates(["maille", "code"]).reset_index(drop=True)
    t["rang_maille"] = t.rang_maille.astype(int)
    t["population"] = t.population.fillna(0.0)
    t["nature"] = t.nature.fillna("")
    return t


def _name_departements(t: pd.DataFrame) -> dict[str, str]:
    siens = t[t.maille.isin([Maille.DEPARTEMENT, Maille.COLLECTIVITE_OUTREMER])]
    return dict(zip(siens.code, siens.libelle, strict=True))


def _list_departements(t: pd.DataFrame, liens: pd.DataFrame) -> pd.DataFrame:
    """Départements que touche chaque territoire : territoire (rang), departement, habitants qu'il y a."""
    directs = pd.DataFrame({"territoire": t.index, "departement": t.code_departement, "habitants": t.population})
    directs = directs.dropna(subset="departement")
    sans = t.loc[t.code_departement.isna(), ["maille", "code"]].rename_axis("territoire").reset_index()
    enfants = t.loc[t.code_departement.notna(), ["maille", "code", "code_departement", "population"]]
    # Un EPCI a les départements de ses communes, une région ceux qui la composent.
    siens = liens[liens.maille_enfant.isin([Maille.COMMUNE, Maille.DEPARTEMENT])]
    siens = siens.merge(sans, left_on=["maille_parent", "code_parent"], right_on=["maille", "code"])
    siens = siens[(siens.maille_parent != Maille.FRANCE) & _is_bon_enfant(siens)][
        ["territoire", "maille_enfant", "code_enfant"]
    ].merge(enfants, left_on=["maille_enfant", "code_enfant"], right_on=["maille", "code"])
    habitants = siens.groupby(["territoire", "code_departement"]).population.sum()
    parents = habitants.rename("habitants").rename_axis(["territoire", "departement"]).reset_index()
    tous = pd.concat([directs, parents], ignore_index=True)
    ordre = ["territoire", "habitants", "departement"]
    return tous.sort_values(ordre, ascending=[True, False, True]).reset_index(drop=True)


def _is_bon_enfant(liens: pd.DataFrame) -> pd.Series:
    """Une région se lit par ses départements, tout autre territoire par ses communes."""
    voulu = liens.maille_parent.map({str(Maille.REGION): str(Maille.DEPARTEMENT)}).fillna(str(Maille.COMMUNE))
    return liens.maille_enfant == voulu


def _add_departement(t: pd.DataFrame, paires: pd.DataFrame) -> pd.DataFrame:
    par_territoire = paires.groupby("territoire").departement
    principal = par_territoire.first().reindex(t.index).fillna("")
    # Une région n'est dans aucun département, même si elle n'en a qu'un.
    hors = t.maille.isin([Maille.REGION, Maille.FRANCE])
    return t.assign(
        departement=principal.where(~hors, ""),
        nb_departements=par_territoire.size().reindex(t.index).fillna(0).astype(int),
    )


def _list_codes_postaux(t: pd.DataFrame, codes_postaux: pd.DataFrame) -> pd.DataFrame:
    """Codes postaux des communes, et celui de chaque arrondissement de Paris, Lyon et Marseille."""
    communes = t[t.maille.isin([Maille.COMMUNE, Maille.COMMUNE_COM])].rename_axis("territoire").reset_index()
    siens = codes_postaux.merge(communes[["territoire", "code"]], left_on="code_commune", right_on="code")
    numeros = t[t.maille == Maille.ARRONDISSEMENT_MUNICIPAL]
    # « Lyon 3e » est 69003 : le département, puis le numéro sur trois chiffres.
    numero = numeros.libelle.str.extract(r"\b(\d{1,2})(?:er|e)\b", expand=False).str.zfill(3)
    arrondissements = pd.DataFrame({"territoire": numeros.index, "code_postal": numeros.code_departement + numero})
    tous = pd.concat([siens[["territoire", "code_postal"]], arrondissements.dropna()], ignore_index=True)
    return tous.drop_duplicates().sort_values(["territoire", "code_postal"]).reset_index(drop=True)


def _join_codes_postaux(postaux: pd.DataFrame, n: int) -> list[str]:
    # Les lignes sont triées : couper une liste à ses bornes évite d'ouvrir un groupe par commune.
    codes, bornes = postaux.code_postal.tolist(), np.searchsorted(postaux.territoire, np.arange(n + 1)).tolist()
    return [" ".join(codes[debut:fin]) for debut, fin in pairwise(bornes)]


def _list_noms(t: pd.DataFrame, anciennes: pd.DataFrame) -> pd.DataFrame:
    """Noms : ceux des territoires d'abord, dans leur ordre, puis ceux des communes disparues.

    ``libelle_propre`` est faux quand l'ancienne commune porte le nom de l'actuelle : seul son code compte.
    """
    actuels = pd.DataFrame({"territoire": t.index, "libelle": t.libelle, "code_ancien": "", "libelle_propre": True})
    communes = t.loc[t.maille == Maille.COMMUNE, ["code", "libelle"]].rename_axis("territoire").reset_index()
    liees = anciennes.merge(communes, left_on="code_commune", right_on="code")
    anciens = pd.DataFrame(
        {
            "territoire": liees.territoire,
            "libelle": liees.libelle_ancien,
            "code_ancien": liees.code_ancien,
            "libelle_propre": liees.libelle_ancien != liees.libelle,
        }
    )
    utiles = anciens.libelle_propre | (liees.code_ancien != liees.code_commune)
    return pd.concat([actuels, anciens[utiles]], ignore_index=True)


def _rank_noms(t: pd.DataFrame, rangs: Entiers) -> Entiers:
    second = t.maille.isin(MAILLES_SECONDES)
    tri = t.assign(second=second, moins=-t.population).sort_values(["second", "moins", "rang_maille", "code"])
    place = np.empty(len(t), dtype=np.int64)
    place[tri.index.to_numpy()] = np.arange(len(t))
    # Un nom actuel (rang plus petit) passe devant un ancien nom du même territoire.
    return np.argsort(np.lexsort((np.arange(len(rangs)), place[rangs])))


def _explode_mots(normales: pd.Series) -> pd.Series:
    """Un mot par ligne, sans les petits, l'index disant le nom ; un nom qui n'a que de petits mots les garde."""
    mots = normales.str.split().explode().dropna()
    petits = mots.isin(PETITS_MOTS)
    garde = ~petits | petits.groupby(level=0).transform("all")
    return mots[garde]


def _list_contexte(t: pd.DataFrame, noms: pd.DataFrame, paires: pd.DataFrame, postaux: pd.DataFrame) -> pd.Series:
    """Ce qui précise un nom : code et nom de ses départements, code Insee, codes postaux."""
    libelles = _name_departements(t)
    normales = pd.Series(normalise_textes(list(libelles.values())), index=list(libelles), dtype=object)
    # Une région n'est pas « dans » ses départements : « 33 » ne doit pas mener à toute une région.
    siens = paires[t.maille.ne(Maille.REGION).to_numpy()[paires.territoire]]
    departements = pd.Series(siens.departement.str.lower().to_numpy(), index=siens.territoire)
    mots_departement = _explode_mots(normales)
    decrits = siens.merge(mots_departement.rename("mot"), left_on="departement", right_index=True)
    communes = t.index[t.maille.isin([Maille.COMMUNE, Maille.ARRONDISSEMENT_MUNICIPAL, Maille.COMMUNE_COM])]
    par_territoire = pd.concat(
        [
            departements,
            pd.Series(decrits.mot.to_numpy(), index=decrits.territoire),
            t.code[communes].str.lower(),
            postaux.set_index("territoire").code_postal,
        ]
    )
    liens = noms.reset_index(names="nom")[["nom", "territoire"]]
    ensemble = liens.merge(par_territoire.rename("mot"), left_on="territoire", right_index=True)
    return pd.Series(ensemble.mot.to_numpy(dtype=object), index=ensemble.nom)


def _build_mots(mots: pd.Series) -> Mots:
    """Range des mots (un par ligne, l'index disant le nom) par ordre alphabétique."""
    rangs, uniques = pd.factorize(mots.to_numpy(dtype=object), sort=True)
    # Un seul entier par couple (mot, nom) : trier des couples prend dix fois plus de temps.
    base = int(mots.index.max()) + 1
    couples = np.unique(rangs.astype(np.int64) * base + mots.index.to_numpy(dtype=np.int64))
    bornes = np.searchsorted(couples, np.arange(len(uniques) + 1) * base)
    return Mots([str(m) for m in uniques], bornes.astype(np.int64), couples % base)


def _build_cles(cles: pd.DataFrame) -> Cles:
    """Trie des clés (cle, nom, qualite) ; vides et répétitions ôtées, la meilleure qualité gardée."""
    utiles = cles[cles.cle != ""].sort_values(["cle", "qualite", "nom"]).drop_duplicates(["cle", "nom"])
    return Cles(utiles.cle.tolist(), utiles.nom.to_numpy(dtype=np.int64), utiles.qualite.to_numpy(dtype=np.int64))
