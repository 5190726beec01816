"""Projection des colonnes d'une livraison vers des variables du socle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from observatoire.errors import SourceError
from observatoire.mesures.intervalles import bounds_of_arrondi
from observatoire.modeles.sources import AGREGATS_SANS_COLONNE, Agregat, LivraisonDeclaree, Source, VariableSource
from observatoire.modeles.statuts import Statut

_REDUCTIONS = {Agregat.SOMME: "sum", Agregat.MAXIMUM: "max"}
_REDUCTIONS_SANS_COLONNE = {Agregat.COMPTE: "sum", Agregat.PRESENCE: "max"}


class TexteInattenduError(SourceError):
    """Un texte là où un nombre est attendu ; ``discret`` est le même message, sans le texte."""

    def __init__(self, message: str, discret: str) -> None:
        """Garde les deux messages."""
        self.discret = discret
        super().__init__(message)


def project_variables(source: Source, livraison: LivraisonDeclaree, table: pd.DataFrame, *, cog: str) -> pd.DataFrame:
    """Tire d'une table livrée les variables que sa source déclare.

    Returns:
        Variables aux colonnes de ``store.schema.VARIABLES``, sans ligne pour une valeur absente d'une
        source exhaustive (elle y est nulle, statut ``non_disponible``).

    Raises:
        SourceError: une colonne déclarée manque ; le message dit les deux côtés.
    """
    _check_colonnes(source, livraison, table)
    code = livraison.colonnes.get(source.colonne_code, source.colonne_code)
    utiles = table[table[code].notna() & (table[code].astype(str) != "")]
    morceaux = [
        _project_variable(source, nom, declaration, livraison, utiles, code)
        for nom, declaration in source.variables.items()
    ]
    variables = pd.concat(morceaux, ignore_index=True)
    variables["maille"] = str(source.maille)
    variables["cog"] = cog
    variables["periode"] = livraison.periode
    variables["livraison"] = livraison.fichier
    variables["periode_mesuree"] = _periodes_mesurees(source, livraison, utiles, code, variables)
    reprise = (variables.periode_mesuree != livraison.periode) & (variables.statut == Statut.PUBLIE)
    # Une mesure reprise d'une autre année vaut pour l'année affichée comme une estimation.
    variables.loc[reprise, "statut"] = str(Statut.ESTIME)
    variables.loc[reprise, ["borne_inf", "borne_sup"]] = float("nan")
    return variables


def _project_variable(
    source: Source, nom: str, declaration: VariableSource, livraison: LivraisonDeclaree, table: pd.DataFrame, code: str
) -> pd.DataFrame:
    codes = table[code].astype(str)
    modalite = pd.Series("", index=table.index)
    statut = pd.Series(str(Statut.PUBLIE), index=table.index)
    if declaration.agregat in AGREGATS_SANS_COLONNE:
        valeur = pd.Series(1.0, index=table.index)
    else:
        colonne = table[_name_colonne(declaration, nom, livraison)]
        colonne, statut = _split_marques(source, colonne)
        if declaration.categorie:
            modalite = colonne.fillna("").astype(str)
            valeur = pd.Series(1.0, index=table.index).where(modalite != "")
        elif declaration.recoder:
            valeur = _recode(colonne, declaration.recoder, nom, livraison)
        else:
            valeur = _to_nombre(colonne, nom, livraison)
    brut = pd.DataFrame({"code_territoire": codes, "modalite": modalite, "valeur": valeur, "statut": statut})
    reduit = _reduce(brut, declaration.agregat, nom, livraison)
    reduit["variable"] = nom
    absente = reduit.valeur.isna() & (reduit.statut != Statut.SECRET)
    reduit.loc[absente, "statut"] = str(Statut.NON_DISPONIBLE)
    if declaration.arrondi:
        reduit.loc[reduit.statut == Statut.PUBLIE, "statut"] = str(Statut.ARRONDI)
        reduit["borne_inf"], reduit["borne_sup"] = bounds_of_arrondi(reduit.valeur, declaration.arrondi)
    else:
        reduit["borne_inf"], reduit["borne_sup"] = reduit.valeur, reduit.valeur
    return reduit


def _name_colonne(declaration: VariableSource, nom: str, livraison: LivraisonDeclaree) -> str:
    """Nom de la colonne cette année-là."""
    declaree = declaration.colonne or nom
    return livraison.colonnes.get(declaree, declaree)


def _recode(colonne: pd.Series, table: dict[str, float], nom: str, livraison: LivraisonDeclaree) -> pd.Series:
    inconnus = sorted(set(colonne.dropna().astype(str)) - set(table) - {""})
    if inconnus:
        debut = f"{livraison.fichier} : la variable « {nom} » recode {', '.join(table)}, et lit aussi "
        lus = f"« {'», « '.join(inconnus[:5])} ». Ajoutez ces mots à « recoder »."
        raise TexteInattenduError(debut + lus, f"{debut}d'autres mots. Ajoutez-les à « recoder ».")
    return colonne.map(table).astype(float)


def _to_nombre(colonne: pd.Series, nom: str, livraison: LivraisonDeclaree) -> pd.Series:
    nombres = pd.to_numeric(colonne, errors="coerce").astype(float)
    illisibles = colonne[nombres.isna() & colonne.notna()].astype(str).unique()
    if illisibles.size:
        debut = f"{livraison.fichier} : la variable « {nom} » attend des nombres, et lit"
        geste = "Déclarez ce texte dans marques_secret ou marques_absence, ou recodez-le (recoder)."
        lus = f"« {illisibles[0]} » ({illisibles.size} texte(s) différent(s))"
        raise TexteInattenduError(f"{debut} {lus}. {geste}", f"{debut} autre chose. {geste}")
    return nombres


def _split_marques(source: Source, colonne: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Sépare les marques (secret, absence) des valeurs : une marque n'est jamais un zéro."""
    statut = pd.Series(str(Statut.PUBLIE), index=colonne.index)
    if not (source.marques_secret or source.marques_absence):
        return colonne, statut
    texte = colonne.astype("string").str.strip()
    secret = texte.isin(source.marques_secret).fillna(value=False)
    absent = texte.isin([*source.marques_absence, ""]).fillna(value=True)
    statut[secret] = str(Statut.SECRET)
    return texte.where(~(secret | absent)), statut


def _reduce(brut: pd.DataFrame, agregat: Agregat, nom: str, livraison: LivraisonDeclaree) -> pd.DataFrame:
    cle = ["code_territoire", "modalite"]
    if agregat is Agregat.UNIQUE:
        doubles = brut.code_territoire[brut.duplicated("code_territoire")].unique()
        if doubles.size:
            msg = (
                f"{livraison.fichier} : la variable « {nom} » a plusieurs lignes pour "
                f"{', '.join(doubles[:5])}{'…' if doubles.size > 5 else ''}. "  # noqa: PLR2004 -- cinq exemples
                "Déclarez comment les réduire (agregat: somme, compte ou maximum)."
            )
            raise SourceError(msg)
        return brut.reset_index(drop=True)
    if agregat in AGREGATS_SANS_COLONNE:
        comptees = brut.groupby(cle, as_index=False)["valeur"].agg(_REDUCTIONS_SANS_COLONNE[agregat])
        return pd.DataFrame(comptees).assign(statut=str(Statut.PUBLIE))
    marquees = brut.assign(absente=brut.valeur.isna(), secrete=brut.statut == Statut.SECRET)
    reduit = marquees.groupby(cle, as_index=False).agg(
        valeur=("valeur", _REDUCTIONS[agregat]), absente=("absente", "any"), secrete=("secrete", "any")
    )
    # Une ligne secrète ou absente rend le tout inconnu : jamais une somme tronquée prise pour un total.
    reduit["valeur"] = reduit.valeur.mask(reduit.absente)
    reduit["statut"] = np.where(reduit.secrete, str(Statut.SECRET), str(Statut.PUBLIE))
    return reduit.drop(columns=["absente", "secrete"])


def _periodes_mesurees(
    source: Source, livraison: LivraisonDeclaree, table: pd.DataFrame, code: str, variables: pd.DataFrame
) -> pd.Series:
    if source.colonne_periode_mesuree is None:
        return pd.Series(livraison.periode, index=variables.index)
    par_code = table.drop_duplicates(code).set_index(code)[source.colonne_periode_mesuree].astype(str)
    return variables.code_territoire.map(par_code)


def _check_colonnes(source: Source, livraison: LivraisonDeclaree, table: pd.DataFrame) -> None:
    reelles = {livraison.colonnes.get(source.colonne_code, source.colonne_code)}
    reelles |= {
        _name_colonne(d, nom, livraison)
        for nom, d in source.variables.items()
        if d.agregat not in AGREGATS_SANS_COLONNE
    }
    if source.colonne_periode_mesuree:
        reelles.add(source.colonne_periode_mesuree)
    absentes = sorted(reelles - set(table.columns))
    if absentes:
        msg = (
            f"{livraison.fichier} : colonnes absentes : {', '.join(absentes)}. "
            f"Colonnes du fichier : {', '.join(map(str, table.columns))}. "
            f"Corrigez « colonnes » dans _sources/{source.id}.yaml."
        )
        raise SourceError(msg)
