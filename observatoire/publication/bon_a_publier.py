"""Bon à publier : ce que le partenaire lit avant que ses chiffres paraissent, tel qu'ils paraîtront.

Rien de masqué n'y est : les valeurs viennent de la même porte du secret que la publication, et l'ancien
chiffre d'une valeur qui devient masquée n'est pas redit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatoire.analyse.alignement import align_valeurs
from observatoire.analyse.consultation import COLONNES_VALEURS, Consultation, open_consultation
from observatoire.analyse.methode_niveaux import list_sources
from observatoire.analyse.methode_regles import write_formule, write_secret
from observatoire.analyse.portee import CODE_FRANCE, Reference, name_portee
from observatoire.analyse.resumes import read_valeur_lue
from observatoire.cartes.demande import CarteStatique
from observatoire.cartes.lecture import read_carte
from observatoire.cartes.phrase import write_phrase
from observatoire.cartes.preparation import read_decor
from observatoire.config import Espace
from observatoire.errors import AppelError, ConfigurationError, PublicationError
from observatoire.exports.tableau import Tableau, build_tableau
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import MAILLES_DIFFUSEES, Maille
from observatoire.modeles.nombres import format_nombre
from observatoire.modeles.statuts import DESCRIPTIONS, STATUTS_SANS_VALEUR, Statut
from observatoire.publication.actifs import add_active, list_actives, load_catalogue_actif
from observatoire.publication.comparaison import Changement
from observatoire.publication.differences import Differences, compute_differences
from observatoire.publication.recalcul import recompute
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, find_depot
from observatoire.store.publications import current_id, load_publication

if TYPE_CHECKING:
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import Source

DIFFERENCES_MONTREES = 10
MASQUE = "masqué"
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)


@dataclass(frozen=True)
class Difference:
    """Valeur qui change ; ``avant`` et ``apres`` sont des textes, jamais une valeur masquée."""

    code: str
    territoire: str
    changement: str
    avant: str
    apres: str


@dataclass(frozen=True)
class PartBon:
    """Un indicateur, tel qu'il paraîtra à un niveau et une période.

    Attributes:
        carte: carte à dessiner ; ``None`` si ce niveau n'a pas de contours.
        tableau: valeurs qui seront montrées.
        masquees: territoires dont la valeur est masquée.
        absentes: territoires sans valeur disponible.
        comptes: valeurs qui changent, par changement, à ce niveau et cette période.
        differences: les plus fortes, dix au plus.
    """

    indicateur: Indicateur
    maille: Maille
    periode: str
    phrase: str
    formule: str
    secret: tuple[str, ...]
    source: str
    carte: CarteStatique | None
    tableau: Tableau
    masquees: int
    absentes: int
    comptes: dict[Changement, int] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    @property
    def montrees(self) -> int:
        """Territoires dont une valeur sera montrée."""
        return len(self.tableau.lignes) - self.masquees - self.absentes


@dataclass(frozen=True)
class BonAPublier:
    """Feuille à faire approuver par le partenaire.

    Attributes:
        en_ligne: publication à laquelle on compare.
        refus: indicateurs qui ne paraîtront pas, et pourquoi.
        mentions: mises en garde qui accompagneront les chiffres.
    """

    observatoire: str
    depot: Depot
    source: Source
    en_ligne: str
    jour: dt.date
    territoire: str
    parts: tuple[PartBon, ...]
    refus: dict[str, str]
    mentions: tuple[str, ...]


def build_bon(
    espace: Espace,
    depot_id: str,
    *,
    observatoire: str,
    departement: str = "",
    jour: dt.date,
    progression: Callable[[str], None] | None = None,
) -> BonAPublier:
    """Prépare la feuille d'un dépôt en brouillon.

    Args:
        espace: espace de travail.
        depot_id: dépôt.
        observatoire: nom de l'observatoire.
        departement: département montré ; la France sinon.
        jour: date de la feuille.
        progression: appelée à chaque indicateur.

    Raises:
        AppelError: le dépôt n'existe pas, ou rien n'est encore publié.
        PublicationError: son brouillon n'est plus là.
    """
    if current_id(espace) is None:
        msg = "Rien n'est encore publié : lancez « observatoire construire », puis redemandez la feuille."
        raise AppelError(msg)
    depot = find_depot(open_registres(espace), depot_id)
    actives, _remplaces = add_active(espace, list_actives(espace), depot)
    catalogue = load_catalogue_actif(espace, actives)
    consultation = open_consultation(espace)
    differences = compute_differences(espace, depot.id)
    recalcul = recompute(espace, catalogue, depot, load_publication(espace))
    atelier = _Atelier(consultation, catalogue, depot, differences, observatoire, departement or None)
    parts = []
    for identifiant, periodes, observations in recalcul.observations:
        if progression:
            progression(identifiant)
        fiche = catalogue.indicateurs[identifiant]
        if (part := atelier.build(fiche, periodes, observations)) is not None:
            parts.append(part)
    source = catalogue.sources[depot.source]
    return BonAPublier(
        observatoire=observatoire,
        depot=depot,
        source=source,
        en_ligne=consultation.publication.id,
        jour=jour,
        territoire=consultation.territoires.libelle(Maille.DEPARTEMENT, departement) if departement else "France",
        parts=tuple(parts),
        refus=recalcul.refus,
        mentions=tuple(_list_mentions(catalogue, source, [p.indicateur for p in parts])),
    )


@dataclass(frozen=True)
class _Atelier:
    """Tout ce qu'il faut pour composer la part d'un indicateur."""

    consultation: Consultation
    catalogue: Catalogue
    depot: Depot
    differences: Differences
    observatoire: str
    departement: str | None

    def build(self, fiche: Indicateur, periodes: set[str], observations: pd.DataFrame) -> PartBon | None:
        # La porte a déjà été passée : seul ce qu'elle laisse entre ici.
        lues = observations
        periode = max(periodes & set(self.depot.periodes) or periodes)
        maille = self._choose_maille(lues[lues.periode == periode])
        if maille is None:
            return None
        lues = lues[lues.periode == periode]
        territoires = self.consultation.territoires.list_territoires(maille, self.departement)
        ici = lues[(lues.maille == str(maille)) & lues.code_territoire.isin(territoires.code)]
        valeurs = align_valeurs(territoires, ici.reset_index(drop=True))[COLONNES_VALEURS]
        tableau = build_tableau(fiche, valeurs)
        statuts = valeurs.drop_duplicates("code_territoire").statut
        carte, phrase = self._draw(fiche, maille, periode, valeurs, lues)
        comptes, plus_fortes = self._compare(fiche, maille, periode, frozenset(territoires.code))
        masquees = int((statuts == str(Statut.SECRET)).sum())
        return PartBon(
            indicateur=fiche,
            maille=maille,
            periode=periode,
            phrase=phrase,
            formule=write_formule(self.catalogue, fiche),
            secret=write_secret(self.catalogue.secrets[fiche.secret]),
            source=", ".join(f"{s.producteur}, {s.libelle}" for s in list_sources(self.catalogue, fiche)),
            carte=carte,
            tableau=tableau,
            masquees=masquees,
            absentes=int(statuts.isin(list(_SANS_VALEUR)).sum()) - masquees,
            comptes=comptes,
            differences=plus_fortes,
        )

    def _choose_maille(self, lues: pd.DataFrame) -> Maille | None:
        """Niveau du dépôt s'il est publié, sinon le plus fin."""
        presentes = [m for m in MAILLES_DIFFUSEES if str(m) in set(lues.maille.unique())]
        livrees = [m for m in presentes if str(m) in self.depot.mailles]
        return next(iter([*livrees, *presentes]), None)

    def _draw(
        self, fiche: Indicateur, maille: Maille, periode: str, valeurs: pd.DataFrame, lues: pd.DataFrame
    ) -> tuple[CarteStatique | None, str]:
        consultation, nom = self.consultation, name_portee(self.consultation, self.departement)
        references = tuple(self._list_references(fiche, lues))
        try:
            decor = read_decor(consultation, fiche, maille, self.departement)
        except (AppelError, ConfigurationError):
            codes = list(dict.fromkeys(valeurs.code_territoire.tolist()))
            lecture = read_carte(fiche, valeurs, codes)
            return None, write_phrase(lecture, periode, nom, references, maille, self.departement)
        lecture = read_carte(fiche, valeurs, decor.contours["code"].tolist())
        phrase = write_phrase(lecture, periode, nom, references, maille, self.departement)
        carte = CarteStatique(
            indicateur=fiche,
            maille=maille,
            periode=periode,
            territoire=nom.territoire,
            territoire_de=nom.du_territoire,
            contours=decor.contours,
            valeurs=valeurs,
            source=f"{self.catalogue.sources[fiche.source].producteur}, {self.catalogue.sources[fiche.source].libelle}",
            geographie=f"01/01/{consultation.publication.cog}",
            publication="à venir",
            observatoire=self.observatoire,
            phrase=phrase,
            reperes=tuple(
                (r.libelle, r.lue.valeur) for r in references if r.lue.montrable and r.lue.valeur is not None
            ),
            voisins=decor.voisins,
            limites=decor.limites,
            filets=decor.filets,
        )
        return carte, phrase

    def _list_references(self, fiche: Indicateur, lues: pd.DataFrame) -> Iterator[Reference]:
        if fiche.type_mesure is TypeMesure.TYPOLOGIE:
            return
        voulues = [(Maille.FRANCE, CODE_FRANCE)]
        if self.departement is not None:
            voulues.insert(0, (Maille.DEPARTEMENT, self.departement))
        for maille, code in voulues:
            trouvees = lues[(lues.maille == str(maille)) & (lues.code_territoire == code)].to_dict("records")
            for ligne in trouvees[:1]:
                libelle = self.consultation.territoires.libelle(maille, code)
                yield Reference(maille, libelle, read_valeur_lue({str(c): v for c, v in ligne.items()}))

    def _compare(
        self, fiche: Indicateur, maille: Maille, periode: str, codes: frozenset[str]
    ) -> tuple[dict[Changement, int], tuple[Difference, ...]]:
        lignes = self.differences.lignes
        if lignes.empty:
            return {}, ()
        ici = lignes[(lignes.indicateur == fiche.id) & (lignes.maille == str(maille)) & (lignes.periode == periode)]
        ici = ici[ici.code_territoire.isin(list(codes))]
        comptes = {c: int((ici.changement == str(c)).sum()) for c in Changement}
        # Ce qui n'avait rien en ligne ne se compare pas : le tableau des valeurs le montre.
        ici = ici[ici.statut_avant.astype(str) != str(Statut.NON_DISPONIBLE)]
        # Les révisions d'abord, de la plus forte à la plus faible ; puis ce qui disparaît ou change de statut.
        rangees = ici.assign(rang=ici.changement.astype(str).map({"revise": 0, "perdu": 1, "rupture": 2}).fillna(3))
        rangees = rangees.sort_values(["rang", "ampleur"], ascending=[True, False], kind="stable")
        libelle_of = self.consultation.territoires.libelle
        plus_fortes = tuple(
            Difference(
                code=str(ligne["code_territoire"]),
                territoire=libelle_of(maille, str(ligne["code_territoire"])),
                changement=Changement(str(ligne["changement"])).libelle,
                avant=write_ancienne(fiche, ligne),
                apres=write_cote(fiche, ligne["apres"], str(ligne["statut_apres"])),
            )
            for ligne in rangees.head(DIFFERENCES_MONTREES).to_dict("records")
        )
        return {c: n for c, n in comptes.items() if n}, plus_fortes


def write_ancienne(fiche: Indicateur, ligne: Mapping[Any, Any]) -> str:
    """Ancien chiffre d'une valeur qui change ; tu si elle devient masquée : le redire déferait le secret."""
    if str(ligne["statut_apres"]) == str(Statut.SECRET):
        return ""
    return write_cote(fiche, ligne["avant"], str(ligne["statut_avant"]))


def write_cote(fiche: Indicateur, valeur: object, statut: str) -> str:
    """Valeur d'un côté d'une différence, ou le mot de son statut."""
    if statut == str(Statut.SECRET):
        return MASQUE
    if statut in _SANS_VALEUR or not isinstance(valeur, int | float) or valeur != valeur:  # noqa: PLR0124 -- nan
        return DESCRIPTIONS[Statut(statut)].libelle if statut in _SANS_VALEUR else ""
    decimales = 0 if fiche.type_mesure is TypeMesure.TYPOLOGIE else fiche.decimales
    return format_nombre(float(valeur), decimales)


def find_part(bon: BonAPublier, indicateur: str) -> PartBon:
    """Part d'un indicateur.

    Raises:
        PublicationError: le dépôt ne le touche pas.
    """
    for part in bon.parts:
        if part.indicateur.id == indicateur:
            return part
    msg = f"Le dépôt « {bon.depot.id} » ne change pas « {indicateur} »."
    raise PublicationError(msg)


def _list_mentions(catalogue: Catalogue, source: Source, indicateurs: list[Indicateur]) -> Iterator[str]:
    """Mises en garde de la source et des indicateurs, une fois chacune."""
    identifiants = dict.fromkeys((*source.precautions, *(p for i in indicateurs for p in i.precautions)))
    for identifiant in identifiants:
        if identifiant in catalogue.precautions:
            precaution = catalogue.precautions[identifiant]
            yield f"{precaution.libelle}. {precaution.texte}"
