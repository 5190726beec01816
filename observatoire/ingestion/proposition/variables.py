"""Variables proposées : une par colonne de nombres, ou une par modalité d'une table en long."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from observatoire.catalogue.proches import normalise
from observatoire.ingestion.proposition.modele import ColonneReconnue, TableProposee

_MAXIMUM = 120
_LONGUEUR = 60
_BASE = 24
_PART = re.compile(r"(^|_)(taux|tx|part|pct|pourcentage|ratio|prop|proportion)(_|\d|$)|%")
_MESURE = re.compile(
    r"(^|_)(med\w*|mediane|moy\w*|indice|ips|apl|gini|gi|rd|[dq]\d+|quantile|decile|eq|tp\d+|score|densite|age)(_|$)"
)
_EUROS = re.compile(r"(^|_)(euros?|montants?|revenus?|mtt|indmtt|impot|depenses?)(_|$)|montant|indmtt")


@dataclass(frozen=True)
class VariableProposee:
    """Mesure proposée.

    Attributes:
        identifiant: identifiant, unique dans la déclaration.
        libelle: ce qu'elle mesure, tel qu'on peut le lire dans le fichier.
        unite: unité supposée.
        colonne: colonne (ou son gabarit) ; vide pour un comptage.
        agregat: réduction ; vide pour « unique ».
        additive: vrai si sa somme a un sens.
        arrondi: pas de l'arrondi.
        negatif: vrai si elle peut être négative.
        lue: nom de la colonne dans ce fichier, quand ``colonne`` est un gabarit.
        ou: modalités retenues.
        doutes: phrases.
    """

    identifiant: str
    libelle: str
    unite: str
    colonne: str = ""
    agregat: str = ""
    additive: bool = True
    arrondi: int = 0
    negatif: bool = False
    lue: str = ""
    ou: dict[str, str] = field(default_factory=dict)
    doutes: tuple[str, ...] = ()


def propose_variables(table: TableProposee, identifiant: str) -> tuple[VariableProposee, ...]:
    """Propose les variables d'une table.

    Args:
        table: table analysée.
        identifiant: identifiant de la source, qui préfixe ses variables.
    """
    base = identifiant[:_BASE].rstrip("_")
    vus: set[str] = set()
    if table.lieux is not None:
        return _from_lieux(table, base, vus)
    mesures = table.numeriques()
    if not mesures:
        libelle = "Lignes du fichier pour ce territoire"
        doute = "aucune colonne de nombres ; les lignes sont comptées, faute de mieux."
        return (VariableProposee(_unique(f"nb_{base}", vus), libelle, "lignes", agregat="compte", doutes=(doute,)),)
    if table.combinaisons:
        couples = [(m, c) for c in table.combinaisons for m in mesures]
        return tuple(_from_modalite(m, c, table, base, vus) for m, c in couples[:_MAXIMUM])
    return tuple(_from_colonne(m, table, base, vus) for m in mesures[:_MAXIMUM])


def _from_lieux(table: TableProposee, base: str, vus: set[str]) -> tuple[VariableProposee, ...]:
    """Le nombre de lieux, et les sommes de ce qui s'additionne d'un lieu à l'autre."""
    variables = [VariableProposee(_unique(f"nb_{base}", vus), "Lieux de la commune", "lieux", agregat="compte")]
    for colonne in table.numeriques()[:_MAXIMUM]:
        unite, additive, _ = _guess(colonne)
        if additive and not colonne.decimale:
            doute = "somme sur les lieux de la commune : a-t-elle un sens ?"
            variables.append(
                VariableProposee(
                    _unique(f"{base}_{_slug(colonne.nom)}", vus), colonne.nom, unite, colonne.nom, "somme",
                    arrondi=colonne.arrondi, negatif=colonne.negatif, lue=colonne.nom, doutes=(doute,),
                )
            )  # fmt: skip
    return tuple(variables)


def _from_colonne(colonne: ColonneReconnue, table: TableProposee, base: str, vus: set[str]) -> VariableProposee:
    gabarits = table.periode.gabarits if table.periode else {}
    gabarit = gabarits.get(colonne.nom, colonne.nom)
    sans_annee = re.sub(r"\{a+\}", "", gabarit).strip(" _") or "valeur"
    unite, additive, doutes = _guess(colonne)
    if table.periode is not None and table.periode.en_colonnes and gabarit == "{aaaa}":
        if f"{base}_valeur" in vus:
            # Les années en colonnes sont une seule mesure : le gabarit les lit toutes.
            return VariableProposee("", "", "")
        sans_annee, libelle = "valeur", " ".join(table.titre[:1]) or "Valeur de l'année"
    else:
        libelle = re.sub(r"\s+", " ", sans_annee)
    return VariableProposee(
        _unique(f"{base}_{_slug(sans_annee)}", vus), libelle, unite, gabarit, "" if _is_unique(table) else "somme",
        additive, colonne.arrondi, colonne.negatif, colonne.nom, {}, doutes,
    )  # fmt: skip


def _from_modalite(
    colonne: ColonneReconnue, combinaison: dict[str, str], table: TableProposee, base: str, vus: set[str]
) -> VariableProposee:
    totaux = {c.nom: c.total for c in table.colonnes if c.total}
    dites = {k: v for k, v in combinaison.items() if totaux.get(k) != v} or combinaison
    unite, additive, doutes = _guess(colonne)
    nom = "_".join(dites.values())
    libelle = f"{colonne.nom} ({', '.join(f'{k} : {v}' for k, v in dites.items())})"
    return VariableProposee(
        _unique(f"{base}_{_slug(colonne.nom)}_{_slug(nom)}", vus), libelle, unite, colonne.nom, "", additive,
        colonne.arrondi, colonne.negatif, colonne.nom, combinaison, doutes,
    )  # fmt: skip


def _is_unique(table: TableProposee) -> bool:
    return not any("plusieurs lignes partagent" in phrase for phrase in table.doutes_sur("variables"))


def _guess(colonne: ColonneReconnue) -> tuple[str, bool, tuple[str, ...]]:
    """Unité et additivité supposées, d'après le nom et les décimales."""
    cle = re.sub(r"[^a-z0-9%]+", "_", normalise(colonne.nom)).strip("_")
    sans_annee = re.sub(r"(?<=[a-z])(19|20)?\d{2}$", "", cle)
    if _PART.search(cle):
        return "%", False, ("taux ou part : vérifiez l'unité (%, ‰, pour 10 000).",)
    if _MESURE.search(cle) or _MESURE.search(sans_annee):
        return "à compléter", False, ("médiane, quantile, moyenne ou indice : ne s'additionne pas.",)
    if _EUROS.search(cle):
        return "euros", True, ("montant : euros ou milliers d'euros ? du mois ou de l'année ?",)
    doutes = ("des décimales : effectif pondéré, ou mesure qui ne s'additionne pas ?",) if colonne.decimale else ()
    return "à compléter", True, doutes


def _slug(texte: str) -> str:
    plat = re.sub(r"[^a-z0-9]+", "_", normalise(texte)).strip("_")
    return plat[:_LONGUEUR].strip("_") or "valeur"


def _unique(souhaite: str, vus: set[str]) -> str:
    propre = re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "_", souhaite)).strip("_")
    propre = propre if propre[:1].isalpha() else f"v_{propre}"
    candidat, rang = propre, 2
    while candidat in vus:
        candidat, rang = f"{propre}_{rang}", rang + 1
    vus.add(candidat)
    return candidat
