"""Porte : rien n'atteint la diffusion sans passer ici.

Mode P (données déjà protégées à la source) : les marques et les intervalles du producteur sont propagés, rien
n'est masqué deux fois. Mode C (effectifs exacts reçus par convention) : tout ce qu'une source montre d'une
période, à tous les niveaux et par tous les indicateurs, est masqué ensemble et prouvé ; sans preuve, rien
n'est publié.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from observatoire.calculs.moteur import POPULATION, Moteur
from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.mesures.intervalles import Vecteur, bounds_of_ratio
from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut
from observatoire.secret.attaque import bound_cases
from observatoire.secret.encadrement import tighten_observations
from observatoire.secret.encadrement_livrees import Liens
from observatoire.secret.exigences import MARGE
from observatoire.secret.periodes import check_periodes
from observatoire.secret.preuve import ProtectionError
from observatoire.secret.protections import Protection
from observatoire.secret.proteger import protect_source
from observatoire.secret.rangees import Couple, Somme, list_sommes
from observatoire.secret.systeme import Booleens, Etat

CHIFFRES = ["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]
CLE = ["indicateur", "maille", "code_territoire", "periode", "modalite"]
PROTEGEABLES = frozenset(
    {TypeMesure.EFFECTIF, TypeMesure.RATIO, TypeMesure.DENSITE, TypeMesure.EVOLUTION, TypeMesure.MOYENNE}
)
"""Types de mesure que la protection sait prouver : des effectifs, des montants, leurs rapports."""
Progression = Callable[[str], None]


def find_exacts(variables: pd.DataFrame, manifestes: Mapping[str, Manifeste]) -> frozenset[Couple]:
    """Variables et périodes dont une livraison au moins porte des effectifs exacts."""
    conventions = {f for f, m in manifestes.items() if m.confidentialite is Confidentialite.CONVENTION}
    if not conventions:
        return frozenset()
    touchees = variables.loc[variables.livraison.isin(list(conventions)), ["variable", "periode"]].drop_duplicates()
    return frozenset((str(v), str(p)) for v, p in touchees.itertuples(index=False, name=None))


def check_mode(catalogue: Catalogue, indicateur: Indicateur, exacts: frozenset[Couple]) -> None:
    """Vérifie que l'indicateur peut passer la porte.

    Raises:
        PublicationError: il emploie des effectifs exacts sans règle qui les protège, ou d'une façon que l'on ne
            sait pas protéger.
    """
    employees = {v for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids) if v}
    exactes = sorted({v for v, _p in exacts} & employees)
    if not exactes:
        return
    regle = catalogue.secrets[indicateur.secret]
    if regle.mode != "C":
        msg = (
            f"« {indicateur.id} » emploie des effectifs exacts reçus par convention ({exactes[0]}), mais sa règle de "
            f"secret « {regle.id} » suppose des données déjà protégées. Donnez-lui une règle de mode C, ou livrez des "
            "données protégées par leur producteur."
        )
        raise PublicationError(msg)
    if POPULATION in exactes:
        msg = (
            f"« {indicateur.id} » : la population de référence ne peut venir d'une convention, elle pèse tout le reste."
        )
        raise PublicationError(msg)
    if not _is_protegeable(catalogue, indicateur, exactes):
        msg = (
            f"« {indicateur.id} » ({indicateur.type_mesure}) : on ne sait pas prouver qu'il ne dévoile personne à "
            "partir d'effectifs exacts. Publiez des effectifs ou leurs rapports."
        )
        raise PublicationError(msg)


def _is_protegeable(catalogue: Catalogue, indicateur: Indicateur, exactes: list[str]) -> bool:
    """Vrai si le chiffre montré est un effectif, un montant, ou un rapport dont les deux termes sont connus."""
    if indicateur.type_mesure not in PROTEGEABLES or any(catalogue.variable(v).negatif for v in exactes):
        return False
    if indicateur.type_mesure is TypeMesure.MOYENNE:
        return indicateur.poids is not None
    # Un taux livré tout fait ne dit pas sur combien de personnes il repose.
    return indicateur.type_mesure is not TypeMesure.RATIO or indicateur.denominateur is not None


def check_catalogue(catalogue: Catalogue, exacts: frozenset[Couple]) -> None:
    """Vérifie que tous les indicateurs peuvent passer la porte, avant de calculer quoi que ce soit.

    Raises:
        PublicationError: un indicateur ne le peut pas, ou deux périodes se chevauchent.
    """
    check_periodes(exacts)
    for indicateur in catalogue.indicateurs.values():
        check_mode(catalogue, indicateur, exacts)


@dataclass
class Porte:
    """Porte d'une publication.

    Attributes:
        catalogue: catalogue contrôlé.
        exacts: variables et périodes reçues par convention.
        protections: un système prouvé par source et période.
        masques: par indicateur : ``CLE``, ``masquee``, et les bornes de ses deux termes.
        liens: liens entre les chiffres des producteurs, qui encadrent ce qu'ils ont masqué ou arrondi.
        anomalies: totaux publiés qui se contredisent.
    """

    catalogue: Catalogue
    exacts: frozenset[Couple] = frozenset()
    protections: tuple[Protection, ...] = ()
    masques: dict[str, pd.DataFrame] = field(default_factory=dict)
    liens: Liens | None = None
    anomalies: list[Anomalie] = field(default_factory=list)

    @classmethod
    def open(
        cls,
        espace: Espace,
        catalogue: Catalogue,
        moteur: Moteur,
        exacts: frozenset[Couple],
        *,
        periodes: frozenset[Couple] | None = None,
        progression: Progression | None = None,
    ) -> Porte:
        """Protège et prouve tout ce que les indicateurs montrent d'effectifs exacts.

        Args:
            espace: espace de travail : ce qui y a déjà été diffusé compte.
            catalogue: catalogue contrôlé.
            moteur: moteur de calcul.
            exacts: variables et périodes reçues par convention.
            periodes: sources et périodes à protéger ; toutes par défaut.
            progression: appelée à chaque système.

        Raises:
            PublicationError: un indicateur ne peut passer, ou aucune protection n'est prouvée.
        """
        check_catalogue(catalogue, exacts)
        familles = _group_sommes(catalogue, moteur, exacts)
        protections: list[Protection] = []
        avant: dict[str, Protection] = {}
        for (source, periode), sommes in sorted(familles.items()):
            if periodes is not None and (source, periode) not in periodes:
                continue
            if progression:
                progression(f"Secret : {catalogue.sources[source].libelle}, {periode}")
            protection = protect_source(espace, catalogue, moteur, source, periode, sommes, avant.get(source))
            avant[source] = protection
            protections.append(protection)
        liens = _list_liens(protections)
        vues = [_see(p, liens[liens.systeme == rang]) for rang, p in enumerate(protections)]
        porte = cls(catalogue, exacts, tuple(vues), _list_masques(vues, liens))
        porte.liens = Liens(moteur, exacts)
        return porte

    def protect(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Fait passer la porte aux observations d'un indicateur.

        Une valeur secrète, absente ou sans objet ne garde aucun chiffre ; une valeur masquée ici garde les
        bornes que chacun peut déduire du publié.

        Raises:
            ProtectionError: une observation exacte n'a pas été éprouvée.
        """
        protegees = hide_absentes(observations)
        if protegees.empty:
            return protegees
        identifiant = str(protegees.indicateur.iloc[0])
        if not self._is_exact(identifiant):
            return self._tighten(identifiant, protegees)
        return self._mask(self.catalogue.indicateurs[identifiant], protegees)

    def clear(self) -> None:
        """Oublie ce qui ne sert qu'au calcul : la mémoire sert ensuite à écrire."""
        if self.liens is not None:
            self.liens.clear()

    def _tighten(self, identifiant: str, observations: pd.DataFrame) -> pd.DataFrame:
        """Mode P : resserre les bornes par les totaux que les producteurs publient."""
        if self.liens is None:
            return observations
        indicateur = self.catalogue.indicateurs[identifiant]
        regle = self.catalogue.secrets[indicateur.secret]
        serrees, anomalies = tighten_observations(observations, indicateur, regle, self.liens)
        self.anomalies += anomalies
        return serrees

    def _is_exact(self, identifiant: str) -> bool:
        if not self.exacts:
            return False
        indicateur = self.catalogue.indicateurs[identifiant]
        employees = {v for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids) if v}
        return bool({v for v, _p in self.exacts} & employees)

    def _mask(self, indicateur: Indicateur, observations: pd.DataFrame) -> pd.DataFrame:
        masques = self.masques.get(indicateur.id, pd.DataFrame(columns=[*CLE, "masquee"]))
        cles = pd.MultiIndex.from_frame(observations[CLE[1:]].astype(str))
        places = pd.MultiIndex.from_frame(masques[CLE[1:]].astype(str)).get_indexer(cles)
        eprouvees = places >= 0
        chiffrees = observations.valeur.notna().to_numpy()
        exactes = self._list_exactes(indicateur, observations)
        if (chiffrees & exactes & ~eprouvees).any():
            msg = f"« {indicateur.id} » : une valeur faite d'effectifs exacts n'a pas été éprouvée. Rien n'est publié."
            raise ProtectionError(msg)
        masquee = np.zeros(len(observations), dtype=bool)
        masquee[eprouvees] = masques.masquee.to_numpy(dtype=bool)[places[eprouvees]]
        sortie = observations.copy()
        bornes = _bound(indicateur, observations, masques, places)
        sortie.loc[masquee, CHIFFRES] = np.nan
        for nom, valeurs in zip(("borne_inf", "borne_sup"), bornes, strict=True):
            # + 0,0 : un zéro négatif s'écrirait « -0 ».
            sortie[nom] = np.where(masquee, valeurs + 0.0, sortie[nom])
        sortie["statut"] = _set_text(sortie.statut, masquee, str(Statut.SECRET))
        sortie["marques"] = _set_text(sortie.marques, masquee, "")
        return sortie

    def _list_exactes(self, indicateur: Indicateur, observations: pd.DataFrame) -> np.ndarray:
        """Observations dont le numérateur ou le dénominateur est exact, à cette période."""
        den = indicateur.poids or indicateur.denominateur or indicateur.numerateur
        periodes = observations.periode.astype(str)
        montree = periodes.str.split("-").str[-1] if indicateur.type_mesure is TypeMesure.EVOLUTION else periodes
        num = {p for v, p in self.exacts if v == indicateur.numerateur}
        dens = {p for v, p in self.exacts if v == den}
        return (montree.isin(list(num)) | observations.periode_denominateur.astype(str).isin(list(dens))).to_numpy()


def hide_absentes(observations: pd.DataFrame) -> pd.DataFrame:
    """Efface tout chiffre d'une valeur absente, sans objet ou masquée par son producteur."""
    sans_valeur = observations.statut.isin([str(s) for s in STATUTS_SANS_VALEUR])
    protegees = observations.copy()
    protegees.loc[sans_valeur, CHIFFRES] = float("nan")
    return protegees


def _set_text(colonne: pd.Series, ou: np.ndarray, texte: str) -> pd.Series:
    if isinstance(colonne.dtype, pd.CategoricalDtype) and texte not in colonne.cat.categories:
        colonne = colonne.cat.add_categories([texte])
    return colonne.mask(ou, texte)


def _group_sommes(
    catalogue: Catalogue, moteur: Moteur, exacts: frozenset[Couple]
) -> dict[tuple[str, str], list[Somme]]:
    """Sommes montrées, rangées par source et période des effectifs."""
    familles: dict[tuple[str, str], list[Somme]] = {}
    exactes = {v for v, _p in exacts}
    for indicateur in catalogue.indicateurs.values():
        if not exactes & {indicateur.numerateur, indicateur.denominateur, indicateur.poids}:
            continue
        for somme in list_sommes(moteur, indicateur, exacts):
            variable = somme.couple[0].partition(" × ")[0]
            familles.setdefault((catalogue.source_of(variable).id, somme.couple[1]), []).append(somme)
    return familles


def _list_liens(protections: list[Protection]) -> pd.DataFrame:
    """Chiffres montrés, tous systèmes réunis : leur case, si elle est masquée, et si le chiffre se voit."""
    if not protections:
        return pd.DataFrame()
    tous = pd.concat([_read_liens(p, rang) for rang, p in enumerate(protections)], ignore_index=True)
    # Un chiffre dont un seul terme est masqué ne montre pas l'autre non plus.
    groupes = tous.groupby([c for c in CLE if c != "modalite"])
    return tous.assign(visible=~groupes.masquee.transform("any"), seul=groupes.role.transform("nunique") == 1)


def _see(protection: Protection, liens: pd.DataFrame) -> Protection:
    """Retient ce que les chiffres montrent vraiment d'un système."""
    liens = liens[liens.case >= 0]
    montrees, seules = (np.unique(liens.case.to_numpy()[liens[nom].to_numpy()]) for nom in ("visible", "seul"))
    return replace(protection, montrees=montrees, seules=seules)


def _list_masques(protections: list[Protection], liens: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Masque et bornes de chaque chiffre montré, indicateur par indicateur."""
    if not protections:
        return {}
    tous = liens.drop(columns=["visible", "seul"])
    for rang, p in enumerate(protections):
        ici = (tous.systeme == rang).to_numpy()
        cases = tous.case.to_numpy()[ici]
        bas, haut, cachees = _bound_montrees(p)
        valeurs = p.cellules.systeme.valeurs[cases]
        tous.loc[ici, "bas"] = np.where(cases < 0, np.nan, np.where(cachees[cases], bas[cases], valeurs))
        tous.loc[ici, "haut"] = np.where(cases < 0, np.nan, np.where(cachees[cases], haut[cases], valeurs))
    tous = tous.drop(columns=["systeme", "case"])
    num, den = (tous[tous.role == r].drop(columns="role") for r in ("numerateur", "denominateur"))
    # Le dénominateur n'a pas de modalité : il vaut pour toutes celles du numérateur.
    cle_den = [c for c in CLE if c != "modalite"]
    joint = num.merge(den.drop(columns="modalite"), on=cle_den, how="outer", suffixes=("_num", "_den"))
    joint["modalite"] = joint.modalite.fillna("")
    joint["masquee"] = joint.masquee_num.fillna(False).astype(bool) | joint.masquee_den.fillna(False).astype(bool)
    return {str(i): g.reset_index(drop=True) for i, g in joint.groupby("indicateur", sort=False)}


def _read_liens(protection: Protection, rang: int) -> pd.DataFrame:
    liens = protection.cellules.liens
    cases = liens.case.to_numpy()
    masquee = np.where(cases >= 0, protection.preuve.masque.masquees[cases], True)
    return liens[[*CLE, "role", "case"]].assign(masquee=masquee.astype(bool), systeme=rang, bas=np.nan, haut=np.nan)


def _bound_montrees(protection: Protection) -> tuple[Vecteur, Vecteur, Booleens]:
    """Bornes que chacun déduit de ce qui est vraiment montré, et les cases qui ne le sont nulle part."""
    systeme, preuve = protection.cellules.systeme, protection.preuve
    cachees = systeme.etats != Etat.PUBLIEE
    cachees[protection.montrees] = False
    cachees |= preuve.masque.masquees
    # D'un taux masqué, on ne sait pas lequel des deux termes l'est : le seul ensemble peut encore être nul.
    ambigues = cachees & (systeme.etats != Etat.OCCULTE)
    ambigues[protection.seules] = False
    table = protection.cellules.table
    if not table.courante.all():
        # Publication reprise : un agrégat masqué peut être nul, et nul ne sait lesquels n'ont pas changé.
        ambigues |= cachees & (systeme.etats != Etat.OCCULTE) & (table.unite == "").to_numpy()
    systeme = replace(systeme, inf=np.where(ambigues, 0.0, systeme.inf))
    if (cachees == preuve.masque.masquees).all() and not ambigues.any():
        return preuve.audit.bas, preuve.audit.haut, cachees
    bas, haut = bound_cases(systeme, cachees, np.flatnonzero(cachees & (systeme.etats != Etat.OCCULTE)))
    return bas, haut, cachees


def _bound(
    indicateur: Indicateur, observations: pd.DataFrame, masques: pd.DataFrame, places: np.ndarray
) -> tuple[Vecteur, Vecteur]:
    """Bornes montrées d'une valeur masquée : ce que chacun déduit du publié, arrondi vers l'extérieur."""
    rien = np.full(len(observations), np.nan)
    if masques.empty or indicateur.type_mesure is TypeMesure.EVOLUTION or indicateur.type_mesure is TypeMesure.MOYENNE:
        return rien, rien.copy()

    def pick(nom: str) -> Vecteur:
        return np.where(places >= 0, masques[nom].to_numpy(dtype=float)[places], np.nan)

    num = np.ceil(pick("bas_num") - MARGE), np.floor(pick("haut_num") + MARGE)
    if indicateur.denominateur is None:
        return num[0] * indicateur.multiplicateur, _finite(num[1] * indicateur.multiplicateur)
    public = observations.denominateur.to_numpy(dtype=float)
    den_bas, den_haut = pick("bas_den"), pick("haut_den")
    den = (
        np.where(np.isnan(den_bas), public, np.ceil(den_bas - MARGE)),
        np.where(np.isnan(den_haut), public, np.floor(den_haut + MARGE)),
    )
    den_exact = observations.statut.astype(str).isin([str(Statut.PUBLIE), str(Statut.NON_SIGNIFICATIF)]).to_numpy()
    sans = np.isnan(den_bas) & ~den_exact
    bas, haut = bounds_of_ratio(num, (den[0], _finite(den[1])), part=indicateur.est_part)
    bas, haut = bas * indicateur.multiplicateur, haut * indicateur.multiplicateur
    # Un numérateur nul et public fait un taux nul, quel que soit l'ensemble : deux bornes égales seraient une valeur.
    sans |= bas == haut
    return np.where(sans, np.nan, bas), _finite(np.where(sans, np.nan, haut))


def _finite(valeurs: Vecteur) -> Vecteur:
    return np.where(np.isfinite(valeurs), valeurs, np.nan)
