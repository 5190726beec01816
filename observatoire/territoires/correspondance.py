"""Correspondance : un fichier qui n'a que des noms de communes reçoit une table à valider.

Rien de ressemblant n'est appliqué : la personne valide, et la table validée se garde dans la
déclaration de la source. Un code postal seul n'est jamais joint : il désigne souvent plusieurs communes.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.mailles import Maille
from observatoire.territoires.noms import find_ressemblants, normalize_noms
from observatoire.territoires.referentiel import Referentiel

CORRESPONDANCE = ["nom_lu", "departement", "code", "libelle", "motif", "explication", "candidats", "valide"]
_ARRONDISSEMENT = r"^(paris|lyon|marseille)\s+0?(\d{1,2})\s*(?:er|e|eme|ieme)?(?:\s+arr(?:ondissement)?)?$"
_VILLES = {"paris": "75056", "lyon": "69123", "marseille": "13055"}


class Motif(StrEnum):
    """Pourquoi un code est proposé, ou ne l'est pas."""

    IDENTIQUE = "identique"
    NORMALISE = "normalise"
    HOMONYMES = "homonymes"
    ANCIENNE = "ancienne_commune"
    ARRONDISSEMENT = "arrondissement"
    APPROCHANT = "approchant"
    INCONNU = "inconnu"


_EXPLICATIONS = {
    Motif.IDENTIQUE: "Même nom.",
    Motif.NORMALISE: "Même nom aux accents, majuscules, tirets, article ou « St » près.",
    Motif.HOMONYMES: "Plusieurs communes portent ce nom : choisissez, ou donnez le département.",
    Motif.ANCIENNE: "Ancienne commune ou ancien nom : voici la commune actuelle ; à valider.",
    Motif.ARRONDISSEMENT: "Arrondissement municipal : voici sa commune ; à valider.",
    Motif.APPROCHANT: "Nom seulement ressemblant : rien n'est appliqué sans votre accord.",
    Motif.INCONNU: "Aucune commune de ce nom, ni de nom ressemblant.",
}
_EXACT = 2
"""Niveau d'un nom identique ; 1 : aux accents près ; 0 : à l'article près."""
_PROPOSES = ["code", "libelle", "motif", "candidats"]
_LUS = ["nom_lu", "departement", "postal", "forme", "stricte", "tenue"]
_SURS = (Motif.IDENTIQUE, Motif.NORMALISE)


def match_noms(
    referentiel: Referentiel,
    noms: pd.Series,
    *,
    departements: pd.Series | None = None,
    codes_postaux: pd.Series | None = None,
) -> pd.DataFrame:
    """Propose une commune du COG cible pour chaque nom lu ; une ligne par couple nom, département.

    Args:
        referentiel: référentiel territorial.
        noms: noms lus.
        departements: département de chaque nom (code ou nom), s'il est connu.
        codes_postaux: code postal de chaque nom : il départage des homonymes, il ne désigne jamais.

    Returns:
        ``CORRESPONDANCE`` : ``code`` vide si rien n'est proposé ; ``candidats`` (« code libellé », séparés par « ; ») ;
        ``valide`` n'est vrai que d'un nom identique, ou identique aux accents près, et sans homonyme.
    """
    lus = pd.DataFrame({"nom_lu": noms.fillna("").astype(str).str.strip()})
    lus["departement"] = _to_departements(referentiel, departements, lus.index)
    lus["postal"] = "" if codes_postaux is None else codes_postaux.fillna("").astype(str).str.strip().str.zfill(5)
    lus = lus[lus.nom_lu != ""].drop_duplicates(ignore_index=True)
    lus["forme"] = normalize_noms(lus.nom_lu)
    lus["stricte"] = lus.nom_lu.str.casefold()
    lus["tenue"] = normalize_noms(lus.nom_lu, article=True)
    actuelles = _list_actuelles(referentiel)
    candidats = _filter(_join(lus, actuelles), referentiel)
    resultat = _propose(lus, _add_rivales(lus, candidats, actuelles, referentiel), Motif.NORMALISE)
    for propose in (_propose_anciennes, _propose_arrondissements, _propose_approchants):
        inconnus = resultat.motif == Motif.INCONNU
        if inconnus.any():
            reste = propose(resultat.loc[inconnus, _LUS], actuelles, referentiel)
            resultat = pd.concat([resultat[~inconnus], reste]).sort_index()
    resultat["explication"] = resultat.motif.map(_EXPLICATIONS)
    resultat["valide"] = resultat.motif.isin(_SURS)
    uniques = resultat.drop_duplicates(["nom_lu", "departement", "code", "motif"])
    return uniques[CORRESPONDANCE].reset_index(drop=True)


def keep_validees(correspondance: pd.DataFrame) -> dict[str, str]:
    """Noms dont la correspondance est validée, et leur code : ce que garde la déclaration de la source."""
    bonnes = correspondance[correspondance.valide.astype(bool) & (correspondance.code != "")]
    return dict(zip(bonnes.nom_lu, bonnes.code, strict=True))


def refuse_codes_postaux(
    referentiel: Referentiel, valeurs: pd.Series, *, fichier: str, colonne: str
) -> Anomalie | None:
    """Refuse une colonne de codes postaux présentée comme des codes de communes.

    Returns:
        Une anomalie bloquante si la colonne se lit mieux comme des codes postaux ; ``None`` sinon.
    """
    lus = pd.Index(valeurs.dropna().astype(str).str.strip().str.zfill(5).unique())
    lus = lus[lus != "00000"]
    postaux = referentiel.codes_postaux
    communes = pd.Index(referentiel.territoires.code[referentiel.territoires.maille == Maille.COMMUNE].unique())
    connus_postaux = pd.Index(postaux.code_postal.unique()).get_indexer(lus) >= 0
    connus_communes = communes.get_indexer(lus) >= 0
    if connus_postaux.sum() <= connus_communes.sum():
        return None
    par_code = postaux[postaux.code_postal.isin(lus)].groupby("code_postal").code_commune.nunique()
    plusieurs = par_code[par_code > 1].sort_values(ascending=False)
    exemple = f" « {plusieurs.index[0]} » est celui de {plusieurs.iloc[0]} communes." if not plusieurs.empty else ""
    return Anomalie(
        code="code_postal",
        gravite=Gravite.BLOQUANT,
        fichier=fichier,
        colonne=colonne,
        message=(
            f"cette colonne porte des codes postaux ({int(connus_postaux.sum())} sur {len(lus)}), pas des codes "
            f"de communes : un code postal seul ne désigne pas une commune.{exemple}"
        ),
        suggestion="Demandez au producteur le code Insee des communes, ou leur nom à côté du code postal.",
    )


def _to_departements(referentiel: Referentiel, departements: pd.Series | None, index: pd.Index) -> pd.Series:
    """Codes de départements, d'un code (« 1 », « 01 », « 2a ») ou d'un nom."""
    if departements is None:
        return pd.Series("", index=index, dtype=str)
    connus = referentiel.list_territoires(Maille.DEPARTEMENT)
    par_nom = dict(zip(normalize_noms(connus.libelle), connus.code, strict=True))
    lus = departements.fillna("").astype(str).str.strip()
    codes = lus.str.upper().str.zfill(2).where(lus != "", "")
    return codes.where(codes.isin([*connus.code, ""]), normalize_noms(lus).map(par_nom).fillna(""))


def _list_actuelles(referentiel: Referentiel) -> pd.DataFrame:
    t = referentiel.list_territoires(Maille.COMMUNE)[["code", "libelle", "code_departement"]]
    t = t.rename(columns={"code_departement": "dep"})
    return _add_formes(t, t.libelle)


def _list_anciennes(referentiel: Referentiel, actuelles: pd.DataFrame) -> pd.DataFrame:
    """Noms d'anciennes communes, et noms d'hier des communes d'aujourd'hui."""
    a = referentiel.anciennes_communes
    disparues = pd.DataFrame({"code": a.code_commune, "nom": a.libelle_ancien})
    t = referentiel.territoires
    hier = t.loc[(t.maille == Maille.COMMUNE) & (t.cog != referentiel.cog), ["code", "libelle"]].drop_duplicates()
    noms = pd.concat([disparues, hier.rename(columns={"libelle": "nom"})], ignore_index=True)
    noms = noms.merge(actuelles[["code", "libelle", "dep"]], on="code").drop_duplicates(["code", "nom"])
    return _add_formes(noms, noms.nom).drop(columns="nom")


def _add_formes(table: pd.DataFrame, noms: pd.Series) -> pd.DataFrame:
    """Forme souple (sans article), forme tenue (article gardé), forme stricte (à la casse près)."""
    return table.assign(
        forme=normalize_noms(noms), tenue_connue=normalize_noms(noms, article=True), stricte_connue=noms.str.casefold()
    )


def _join(lus: pd.DataFrame, connues: pd.DataFrame) -> pd.DataFrame:
    """Communes de même nom, dans le département s'il est dit."""
    c = lus.reset_index(names="rang").merge(connues, on="forme")
    c = c[(c.departement == "") | (c.departement == c.dep)]
    niveau = (c.tenue == c.tenue_connue).astype(int).mask(c.stricte == c.stricte_connue, _EXACT)
    return (
        c.assign(niveau=niveau)
        .sort_values(["rang", "niveau"], ascending=[True, False])
        .drop_duplicates(["rang", "code"])
    )


def _filter(candidats: pd.DataFrame, referentiel: Referentiel) -> pd.DataFrame:
    """Le nom exact l'emporte sur le nom normalisé, puis le code postal départage des homonymes."""
    c = candidats[candidats.niveau == candidats.groupby("rang").niveau.transform("max")]
    postaux = referentiel.codes_postaux
    couples = pd.MultiIndex.from_frame(postaux[["code_postal", "code_commune"]])
    juste = couples.unique().get_indexer(pd.MultiIndex.from_frame(c[["postal", "code"]])) >= 0
    c = c.assign(juste=juste)
    aide = c.groupby("rang").juste.transform("any")
    return c[~aide | c.juste]


def _add_rivales(
    lus: pd.DataFrame, candidats: pd.DataFrame, actuelles: pd.DataFrame, referentiel: Referentiel
) -> pd.DataFrame:
    """Joint les anciennes communes dont le nom, article compris, répond mieux que celui d'une actuelle.

    « La Longeville », disparue, n'est pas « Longeville », qui demeure dans le même département.
    """
    faibles = lus.loc[candidats.rang[candidats.niveau == 0].unique()]
    if faibles.empty:
        return candidats
    anciennes = _join(faibles, _list_anciennes(referentiel, actuelles))
    return pd.concat([candidats, anciennes[anciennes.niveau > 0]]).drop_duplicates(["rang", "code"])


def _propose(lus: pd.DataFrame, candidats: pd.DataFrame, motif: Motif) -> pd.DataFrame:
    """Une ligne par nom : la commune s'il n'y en a qu'une, sinon ses homonymes, sinon rien."""
    c = candidats.assign(texte=candidats.code + " " + candidats.libelle)
    par_nom = c.groupby("rang").agg(
        code=("code", "first"), libelle=("libelle", "first"), nombre=("code", "size"),
        niveau=("niveau", "max"), candidats=("texte", " ; ".join),
    )  # fmt: skip
    r = lus.join(par_nom)
    r["motif"] = pd.Series(str(motif), index=r.index, dtype=object)
    if motif is Motif.NORMALISE:
        r.loc[r.niveau == _EXACT, "motif"] = str(Motif.IDENTIQUE)
    plusieurs = r.nombre > 1
    r.loc[plusieurs, "motif"] = str(Motif.HOMONYMES)
    r.loc[plusieurs, ["code", "libelle"]] = ""
    r.loc[r.nombre.isna(), "motif"] = str(Motif.INCONNU)
    r["code"], r["libelle"] = r.code.fillna(""), r.libelle.fillna("")
    r["candidats"] = r.candidats.fillna("")
    return r.drop(columns=["nombre", "niveau"])


def _propose_anciennes(lus: pd.DataFrame, actuelles: pd.DataFrame, referentiel: Referentiel) -> pd.DataFrame:
    return _propose(lus, _join(lus, _list_anciennes(referentiel, actuelles)), Motif.ANCIENNE)


def _propose_arrondissements(lus: pd.DataFrame, actuelles: pd.DataFrame, _: Referentiel) -> pd.DataFrame:
    villes = lus.forme.str.extract(_ARRONDISSEMENT)[0].map(_VILLES).fillna("")
    reperes = pd.DataFrame({"rang": lus.index, "code": villes}).merge(actuelles[["code", "libelle"]], on="code")
    return _propose(lus, reperes.assign(niveau=0), Motif.ARRONDISSEMENT)


def _propose_approchants(lus: pd.DataFrame, actuelles: pd.DataFrame, _: Referentiel) -> pd.DataFrame:
    """Communes de nom ressemblant, la plus proche d'abord ; dans le département s'il est dit."""
    r = lus.assign(code="", libelle="", motif=str(Motif.INCONNU), candidats="")
    for departement, groupe in lus.groupby("departement"):
        connues = actuelles if departement == "" else actuelles[actuelles.dep == departement]
        for rang, trouves in zip(groupe.index, find_ressemblants(groupe.forme, connues.forme), strict=True):
            if trouves:
                p = connues.iloc[trouves]
                textes = " ; ".join(p.code + " " + p.libelle)
                r.loc[rang, _PROPOSES] = [p.code.iloc[0], p.libelle.iloc[0], str(Motif.APPROCHANT), textes]
    # Rien dans ce département : les communes de ce nom ailleurs aident à voir une erreur de département.
    ailleurs = r[(r.motif == Motif.INCONNU) & (r.departement != "")].assign(departement="")
    par_nom = _propose(ailleurs[_LUS], _join(ailleurs[_LUS], actuelles), Motif.NORMALISE)
    r.loc[par_nom.index, "candidats"] = par_nom.candidats
    return r
