"""Modèle à remplir : le classeur que l'on envoie au service producteur, et qui revient sans retouche.

Ses lignes sont celles que la source attend (territoires, modalités, période), ses colonnes celles qu'elle
lit, sous leur nom de cette année-là.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pandas as pd

from observatoire.catalogue.proches import find_proche
from observatoire.config import Espace
from observatoire.errors import AppelError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import COLONNE_RAPPEL
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille
from observatoire.modeles.sources import AGREGATS_SANS_COLONNE, PartieCode, Source, VariableSource
from observatoire.territoires.referentiel import Referentiel

if TYPE_CHECKING:
    from observatoire.ingestion.colonnes import Plan

LIGNES_VIDES = 200
"""Lignes laissées à remplir quand on ne sait pas d'avance ce que le producteur recense (des lieux)."""
CODE, RAPPEL, FIXE, MESURE, LIBRE = "code", "rappel", "fixe", "mesure", "libre"
"""Rôles d'une colonne : remplie d'avance (code, rappel, fixe), ou à remplir (mesure, libre)."""
_VIDES = frozenset({"(vide)"})


@dataclass(frozen=True)
class ColonneModele:
    """Colonne du classeur.

    Attributes:
        nom: nom que la lecture attend.
        role: ce qu'elle est (``CODE``…).
        libelle: ce qu'elle mesure ou désigne, en clair.
        unite: ce que comptent ses nombres ; vide pour un texte.
        choix: textes permis, s'ils sont connus (modalités).
        negatif: vrai si un nombre négatif est possible.
        maximum: plus grand nombre possible, s'il y en a un.
        en_texte: vrai si la mesure est un mot (une catégorie), non un nombre.
    """

    nom: str
    role: str
    libelle: str
    unite: str = ""
    choix: tuple[str, ...] = ()
    negatif: bool = False
    maximum: float | None = None
    en_texte: bool = False


@dataclass(frozen=True)
class Modele:
    """Classeur à écrire.

    Attributes:
        lignes: une colonne par ``ColonneModele`` remplie d'avance ; les autres sont vides.
        cog: année du code officiel géographique des codes.
        regles: règles de secret des indicateurs que la source alimente, en clair.
    """

    source: Source
    periode: str
    maille: Maille
    cog: str
    departement: str
    colonnes: tuple[ColonneModele, ...]
    lignes: pd.DataFrame
    regles: tuple[str, ...]
    observatoire: str
    jour: dt.date


def build_modele(
    espace: Espace,
    catalogue: Catalogue,
    source: str,
    *,
    periode: str = "",
    departement: str = "",
    observatoire: str = "",
    jour: dt.date,
) -> Modele:
    """Prépare le modèle d'une source.

    Args:
        espace: espace de travail.
        catalogue: catalogue de l'espace.
        source: identifiant de la source.
        periode: période demandée ; nécessaire si la déclaration nomme des colonnes par année.
        departement: seulement les territoires de ce département.
        observatoire: nom de l'observatoire, écrit dans le classeur.
        jour: date du modèle.

    Raises:
        AppelError: source ou département inconnus, ou période nécessaire.
    """
    from observatoire.ingestion.colonnes import make_plan

    declaree = _find_source(catalogue, source)
    _check_periode(declaree, periode)
    principal = make_plan(declaree, periode)
    # Un fichier qui mêle plusieurs niveaux les demande tous.
    plans = [principal, *(make_plan(declaree, periode, n.maille) for n in declaree.niveaux if n.filtres)]
    referentiel = Referentiel(espace.referentiel)
    cog = principal.millesime.cog or referentiel.cog_of(declaree.maille)
    colonnes = tuple(_list_colonnes(plans, _list_categories(catalogue)))
    lignes = [_fill_lignes(plan, referentiel, cog, departement) for plan in plans]
    tout = pd.concat(lignes, ignore_index=True).reindex(columns=[c.nom for c in colonnes], fill_value="").astype(object)
    return Modele(
        source=declaree,
        periode=periode,
        maille=declaree.maille,
        cog=cog,
        departement=departement,
        colonnes=colonnes,
        lignes=tout.where(tout.notna(), ""),
        regles=tuple(_list_regles(catalogue, declaree)),
        observatoire=observatoire,
        jour=jour,
    )


def _find_source(catalogue: Catalogue, source: str) -> Source:
    if source in catalogue.sources:
        return catalogue.sources[source]
    proche = find_proche(source, catalogue.sources)
    suite = f" Vouliez-vous dire « {proche} » ?" if proche else ""
    msg = f"La source « {source} » n'est pas déclarée.{suite} Les sources sont dans indicators/_sources/."
    raise AppelError(msg)


def _check_periode(source: Source, periode: str) -> None:
    from observatoire.ingestion.colonnes import list_declarees

    noms = [*list_declarees(source), *(nom for m in source.millesimes.values() for nom in m.colonnes.values())]
    noms += [nom for n in source.niveaux for nom in n.colonnes.values()]
    if not periode and any("{aa" in nom for nom in noms):
        msg = f"Les colonnes de « {source.id} » portent l'année : donnez la période voulue (--periode 2025)."
        raise AppelError(msg)


def _list_categories(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Catégories que les fiches connaissent, par variable."""
    return {i.numerateur: tuple(m.code for m in i.modalites) for i in catalogue.indicateurs.values() if i.modalites}


def _list_colonnes(plans: list[Plan], categories: Mapping[str, tuple[str, ...]]) -> Iterator[ColonneModele]:
    """Colonnes du classeur : codes, rappel du nom, puis les autres dans l'ordre de la déclaration."""
    from observatoire.ingestion.colonnes import list_lues

    source, vues = plans[0].source, set[str]()
    codes = [nom for plan in plans for nom in _name_codes(plan)]
    for nom in dict.fromkeys(codes):
        vues.add(nom)
        yield ColonneModele(nom, CODE, f"Code : {plans[0].maille.libelle}")
    if source.ressource is None:
        yield ColonneModele(COLONNE_RAPPEL, RAPPEL, "Nom du territoire, pour s'y retrouver ; il n'est pas lu")
    for plan in plans:
        for declaree in list_lues(plan):
            nom = plan.name(declaree)
            if nom not in vues:
                vues.add(nom)
                yield _describe_colonne(plan, declaree, nom, categories)


def _name_codes(plan: Plan) -> list[str]:
    parties = plan.source.code_parties if plan.niveau is None else ()
    return [plan.name(p.colonne) for p in parties] or [plan.name(plan.colonne_code)]


def _describe_colonne(plan: Plan, declaree: str, nom: str, categories: Mapping[str, tuple[str, ...]]) -> ColonneModele:
    source = plan.source
    portees = {
        n: v for n, v in plan.variables.items() if v.colonne == declaree and v.agregat not in AGREGATS_SANS_COLONNE
    }
    if portees:
        return _describe_mesure(nom, portees, categories)
    if source.periode is not None and declaree == source.periode.colonne:
        return ColonneModele(nom, FIXE if plan.periode else LIBRE, f"Période, écrite {source.periode.forme}")
    fixes = dict.fromkeys(plan.filtres, "Lignes retenues")
    fixes |= dict.fromkeys((c for v in source.variables.values() for c in v.ou), "Modalité de la ligne")
    libres = {
        source.colonne_periode_mesuree: "Année mesurée, si elle diffère de la période demandée",
        source.exclure_si_rempli: "Remplie, elle écarte la ligne de tout compte",
    }
    if declaree in fixes:
        return ColonneModele(nom, FIXE, fixes[declaree])
    return ColonneModele(nom, LIBRE, libres.get(declaree, nom.replace("_", " ")))


def _describe_mesure(
    nom: str, portees: Mapping[str, VariableSource], categories: Mapping[str, tuple[str, ...]]
) -> ColonneModele:
    variables = list(portees.values())
    libelles = dict.fromkeys(v.libelle for v in variables)
    en_texte = any(v.categorie or v.recoder for v in variables)
    permis = [m for v in variables for m in v.recoder]
    permis += [m for n, v in portees.items() if v.categorie for m in categories.get(n, ())]
    return ColonneModele(
        nom,
        MESURE,
        " ; ".join(libelles),
        "" if en_texte else variables[0].unite,
        tuple(dict.fromkeys(permis)),
        negatif=any(v.negatif for v in variables),
        maximum=max((v.maximum for v in variables if v.maximum is not None), default=None),
        en_texte=en_texte,
    )


def _fill_lignes(plan: Plan, referentiel: Referentiel, cog: str, departement: str) -> pd.DataFrame:
    """Lignes attendues d'un niveau : un territoire, et autant de lignes que de modalités."""
    source = plan.source
    if source.ressource is not None or all(v.agregat in AGREGATS_SANS_COLONNE for v in plan.variables.values()):
        return pd.DataFrame({"": [""] * LIGNES_VIDES})
    territoires = list_attendus(plan, referentiel, cog, departement)
    lignes = pd.DataFrame({COLONNE_RAPPEL: territoires.libelle.to_numpy()}).assign(
        **_spell_codes(plan, territoires.code)
    )
    fixes = {plan.name(c): v[0] for c, v in plan.filtres.items() if v and v[0] not in _VIDES}
    if source.periode is not None and plan.periode:
        fixes[plan.name(source.periode.colonne)] = spell_periode(plan.periode, source.periode.forme)
    lignes = lignes.assign(**fixes)
    modalites = pd.DataFrame(_list_modalites(plan))
    return lignes.merge(modalites, how="cross") if len(modalites.columns) else lignes


def list_attendus(plan: Plan, referentiel: Referentiel, cog: str, departement: str = "") -> pd.DataFrame:
    """Territoires qu'une source doit livrer à un niveau (``code, libelle``), triés par code.

    Raises:
        AppelError: le département n'existe pas, ou ce niveau n'est pas au référentiel.
    """
    voulus = (departement,) if departement else plan.source.departements
    # Un niveau qui n'existe pas dans ce millésime (IRIS) a le sien.
    annee = cog if plan.maille in (Maille.COMMUNE, *MAILLES_DEPUIS_COMMUNE) else referentiel.cog_of(plan.maille)
    tous = referentiel.list_territoires(plan.maille, annee)
    if tous.empty:
        msg = (
            f"Le référentiel n'a pas de territoire de niveau « {plan.maille.libelle} » en {annee} : sans eux, pas de "
            f"modèle à remplir pour « {plan.source.id} »."
        )
        raise AppelError(msg)
    if voulus:
        connus = set(referentiel.list_territoires(Maille.DEPARTEMENT).code)
        if inconnus := sorted(set(voulus) - connus):
            msg = f"Le département « {inconnus[0]} » n'existe pas. Écrivez son code, par exemple 974 ou 2A."
            raise AppelError(msg)
        tous = tous[_is_in_departements(tous, plan.maille, referentiel, voulus)]
    ignores = tous.code.map(lambda code: any(fnmatchcase(code, motif) for motif in plan.codes_ignores)).astype(bool)
    return tous.loc[~ignores, ["code", "libelle"]].reset_index(drop=True)


def _is_in_departements(
    tous: pd.DataFrame, maille: Maille, referentiel: Referentiel, departements: tuple[str, ...]
) -> pd.Series:
    if maille is Maille.DEPARTEMENT:
        return tous.code.isin(list(departements))
    if tous.code_departement.notna().all():
        return tous.code_departement.isin(list(departements))
    communes = referentiel.list_territoires(Maille.COMMUNE)
    siennes = communes.code[communes.code_departement.isin(list(departements))]
    if maille is Maille.IRIS:
        liens = referentiel.list_liens(Maille.IRIS, Maille.COMMUNE)
        return tous.code.isin(liens.code_enfant[liens.code_parent.isin(siennes)])
    liens = referentiel.list_liens(Maille.COMMUNE, maille)
    return tous.code.isin(liens.code_parent[liens.code_enfant.isin(siennes)])


def _spell_codes(plan: Plan, codes: pd.Series) -> dict[str, list[str]]:
    """Code écrit dans sa colonne, ou réparti entre ses morceaux."""
    parties = plan.source.code_parties if plan.niveau is None else ()
    if not parties:
        return {plan.name(plan.colonne_code): codes.tolist()}
    rendus, debut = dict[str, list[str]](), 0
    for partie in parties:
        longueur = _measure_partie(partie, codes, debut, dernier=partie is parties[-1])
        morceau = codes.str.slice(debut, debut + longueur)
        rendus[plan.name(partie.colonne)] = ("0" * partie.debut + morceau).tolist()
        debut += longueur
    return rendus


def _measure_partie(partie: PartieCode, codes: pd.Series, debut: int, *, dernier: bool) -> int:
    entier = int(codes.str.len().max()) if len(codes) else 0
    if dernier:
        return max(entier - debut, 0)
    fin = partie.fin if partie.fin is not None else partie.largeur
    return max(fin - partie.debut, 0)


def _list_modalites(plan: Plan) -> list[dict[str, str]]:
    """Modalités d'une table en long : une ligne par combinaison déclarée."""
    combinaisons = [{plan.name(c): v[0] for c, v in variable.ou.items()} for variable in plan.variables.values()]
    return list({tuple(sorted(c.items())): c for c in combinaisons if c}.values())


def spell_periode(periode: str, forme: str) -> str:
    """Écrit une période comme la source l'attend ; telle quelle si la forme ne s'en déduit pas.

    Examples:
        >>> spell_periode("2024-12", "AAAAMM"), spell_periode("2024-T4", "Tn AAAA"), spell_periode("2024", "AAAA-AAAA")
        ('202412', 'T4 2024', '2024-2025')
    """
    annee, _, reste = periode.partition("-")
    mois = reste if reste.isdigit() else f"{int(reste[1:]) * 3:02d}" if reste.startswith("T") else "12"
    trimestre = reste[1:] if reste.startswith("T") else str((int(mois) + 2) // 3)
    formes = {
        "AAAA": annee,
        "AA": annee[2:],
        "AAAA-AAAA": f"{annee}-{int(annee) + 1}" if annee.isdigit() else periode,
        "AAAA-MM": f"{annee}-{mois}",
        "AAAAMM": f"{annee}{mois}",
        "AAAA-Tn": f"{annee}-T{trimestre}",
        "AAAATn": f"{annee}T{trimestre}",
        "Tn AAAA": f"T{trimestre} {annee}",
        "JJ/MM/AAAA": f"01/{mois}/{annee}",
        "AAAA-MM-JJ": f"{annee}-{mois}-01",
    }
    return formes.get(forme, periode)


def _list_regles(catalogue: Catalogue, source: Source) -> Iterator[str]:
    """Règles de secret des indicateurs que la source alimente."""
    employees = dict.fromkeys(
        i.secret
        for i in catalogue.indicateurs.values()
        if {i.numerateur, i.denominateur, i.poids} & set(source.variables) and i.secret in catalogue.secrets
    )
    for identifiant in employees:
        regle = catalogue.secrets[identifiant]
        yield f"{regle.libelle}. {regle.reference}"
