"""Ce dont un portrait est fait : territoire, références, mesures, lignes, questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.resumes import ValeurLue
from observatoire.analyse.series import Courbe
from observatoire.analyse.situation import Etendue
from observatoire.analyse.voisinage import Lien
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Precaution
from observatoire.modeles.statuts import Statut


class Sens(StrEnum):
    """Résultat d'une comparaison à une référence."""

    PLUS = "plus"
    MOINS = "moins"
    PROCHE = "proche"
    NON_DIFFERENT = "non_different"
    SANS_CONCLUSION = "sans_conclusion"
    SANS_VALEUR = "sans_valeur"
    SANS_OBJET = "sans_objet"


@dataclass(frozen=True)
class Sujet:
    """Territoire du portrait.

    Attributes:
        departements: codes des départements qu'il touche, le principal d'abord ; vide pour la France.
        population: habitants ; ``annee_population`` est vide si elle n'est pas connue.
        population_estimee: vrai si une part de ce compte est reprise d'une autre année.
    """

    maille: Maille
    code: str
    libelle: str
    nom: NomTerritoire
    departements: tuple[str, ...]
    population: float | None
    annee_population: str
    population_estimee: bool = False

    @property
    def cle(self) -> str:
        """Nom du territoire dans une adresse : « commune-97411 »."""
        return f"{self.maille}-{self.code}"


@dataclass(frozen=True)
class TerritoireReference:
    """Territoire plus large auquel on compare.

    Attributes:
        cle: son nom dans l'adresse.
        court: son sigle s'il en a un (« CIREST »), employé après que le nom entier a été lu.
        nom: façons de le nommer en phrase, par son sigle s'il en a un.
    """

    cle: str
    maille: Maille
    code: str
    libelle: str
    court: str
    nom: NomTerritoire


@dataclass(frozen=True)
class ChoixReference:
    """Référence possible, ou la raison qui l'empêche."""

    cle: str
    libelle: str
    raison: str = ""
    lien: Lien | None = None


@dataclass(frozen=True)
class Comparaison:
    """Valeur d'une référence, et ce que l'on peut en dire ; ``phrase`` est vide s'il n'y a rien à comparer."""

    reference: TerritoireReference
    lue: ValeurLue | None
    sens: Sens
    phrase: str


@dataclass(frozen=True)
class LieuxComptes:
    """Lieux de ressource d'un territoire ; ``situes`` : ceux qui ont une place sur la carte."""

    type: str
    libelle: str
    nombre: int
    situes: int


@dataclass(frozen=True)
class Mesure:
    """Un indicateur pour le territoire, à sa période la plus récente.

    Attributes:
        lues: sa valeur ; plusieurs pour un territoire de plusieurs catégories.
        marques: statuts plus faibles que celui de la valeur.
        phrase: phrase de lecture remplie, sans les effectifs quand ``part_sur`` les dit.
        part_sur: « 980 sur 2 091 ménages ».
        nombre: indicateur qui compte le même numérateur, montré sur la même ligne.
        attente: mois depuis lesquels une livraison de ses sources est attendue.
    """

    indicateur: Indicateur
    periode: str
    lues: tuple[ValeurLue, ...]
    unite_denominateur: str
    source: str
    phrase: str = ""
    part_sur: str = ""
    marques: tuple[Statut, ...] = ()
    comparaisons: tuple[Comparaison, ...] = ()
    etendue: Etendue | None = None
    courbe: Courbe | None = None
    evolution: str = ""
    lieux: LieuxComptes | None = None
    nombre: Mesure | None = None
    attente: int = 0

    @property
    def lue(self) -> ValeurLue:
        """Valeur, ou première catégorie."""
        return self.lues[0]


@dataclass(frozen=True)
class Ligne:
    """Un besoin et les ressources en face.

    ``ailleurs`` : ressources liées à ce besoin, mais déjà montrées plus haut.
    """

    besoin: Mesure
    ressources: tuple[Mesure, ...] = ()
    ailleurs: tuple[Indicateur, ...] = ()


@dataclass(frozen=True)
class NonPublie:
    """Indicateur absent de ce territoire, et pourquoi."""

    indicateur: Indicateur
    raison: str


@dataclass(frozen=True)
class Question:
    """Problématique d'un portrait.

    Attributes:
        lignes: besoins, chacun avec les ressources qui lui sont liées.
        autres_ressources: ressources qu'aucun besoin montré n'appelle.
        reperes: contexte et accompagnement, montrés à part.
    """

    id: str
    libelle: str
    description: str
    lignes: tuple[Ligne, ...] = ()
    autres_ressources: tuple[Mesure, ...] = ()
    reperes: tuple[Mesure, ...] = ()
    non_publies: tuple[NonPublie, ...] = ()
    precautions: tuple[Precaution, ...] = ()

    @property
    def mesures(self) -> tuple[Mesure, ...]:
        """Toutes les mesures montrées, dans l'ordre de lecture."""
        lignes = (m for ligne in self.lignes for m in (ligne.besoin, *ligne.ressources))
        return (*lignes, *self.autres_ressources, *self.reperes)

    def has(self, nature: Nature) -> bool:
        """Vrai si une mesure de cette nature est montrée."""
        return any(m.indicateur.nature is nature for m in self.mesures)


@dataclass(frozen=True)
class Portrait:
    """Portrait d'un territoire.

    Attributes:
        parents: du plus large au plus proche.
        composants: par niveau.
        sans_voisin: phrase qui le dit, si ``voisins`` est vide.
        choix: références possibles et impossibles, de la plus proche à la plus large.
        references: celles retenues, deux au plus.
        portee: « communes de La Réunion » : où les étendues sont prises ; vide s'il est seul.
        seul: phrase qui le dit.
        messages: ce qui, dans la demande, n'a pas pu être suivi.
    """

    sujet: Sujet
    catalogue: Catalogue
    parents: tuple[Lien, ...]
    composants: dict[Maille, list[Lien]]
    voisins: tuple[Lien, ...]
    sans_voisin: str
    choix: tuple[ChoixReference, ...]
    references: tuple[TerritoireReference, ...]
    questions: tuple[Question, ...]
    portee: str = ""
    seul: str = ""
    messages: tuple[str, ...] = field(default=())

    @property
    def vide(self) -> bool:
        """Vrai si rien n'est publié pour ce territoire."""
        return not any(q.mesures for q in self.questions)
