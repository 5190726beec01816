"""Fiche d'un indicateur : tout ce qui décide d'un calcul ou d'un affichage y est déclaré."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from observatoire.modeles.mailles import Maille

Identifiant = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


VARIABLES_TERRITOIRE = ("territoire", "du_territoire", "a_territoire")
"""Trois façons de nommer le territoire : « le Port », « du Port », « au Port »."""

VARIABLES_LECTURE = (*VARIABLES_TERRITOIRE, "valeur", "numerateur", "denominateur", "periode")
"""Variables permises dans la phrase de lecture d'un indicateur."""


class Nature(StrEnum):
    """Ce que mesure l'indicateur ; choisit la rampe de couleurs."""

    BESOIN = "besoin"
    RESSOURCE = "ressource"
    CONTEXTE = "contexte"
    ACCOMPAGNEMENT = "accompagnement"


class TypeMesure(StrEnum):
    """Type de mesure ; décide de la règle d'agrégation."""

    EFFECTIF = "effectif"
    RATIO = "ratio"
    MOYENNE = "moyenne"
    DENSITE = "densite"
    EVOLUTION = "evolution"
    QUANTILE = "quantile"
    INDICE = "indice"
    ACCESSIBILITE = "accessibilite"
    TYPOLOGIE = "typologie"


class Agregation(StrEnum):
    """Règle de passage d'une maille à une maille plus large."""

    SOMME = "somme"
    RATIO_DES_SOMMES = "ratio_des_sommes"
    MOYENNE_PONDEREE = "moyenne_ponderee"
    PARTS = "parts"
    INTERDITE = "interdite"


AGREGATIONS_PERMISES: dict[TypeMesure, tuple[Agregation, ...]] = {
    TypeMesure.EFFECTIF: (Agregation.SOMME, Agregation.INTERDITE),
    TypeMesure.RATIO: (Agregation.RATIO_DES_SOMMES, Agregation.INTERDITE),
    TypeMesure.MOYENNE: (Agregation.MOYENNE_PONDEREE, Agregation.INTERDITE),
    TypeMesure.DENSITE: (Agregation.RATIO_DES_SOMMES,),
    TypeMesure.EVOLUTION: (Agregation.RATIO_DES_SOMMES,),
    TypeMesure.QUANTILE: (Agregation.INTERDITE,),
    TypeMesure.INDICE: (Agregation.INTERDITE, Agregation.MOYENNE_PONDEREE),
    TypeMesure.ACCESSIBILITE: (Agregation.MOYENNE_PONDEREE,),
    TypeMesure.TYPOLOGIE: (Agregation.PARTS,),
}
"""Règles admises par type ; la première est prise par défaut (``methodes`` §3.1)."""


class Representation(StrEnum):
    """Dessin sur la carte."""

    APLATS = "aplats"
    SYMBOLES = "symboles"


class MethodeClasses(StrEnum):
    """Méthode de découpage en classes."""

    FISHER_JENKS = "fisher_jenks"
    QUANTILES = "quantiles"
    FIXES = "fixes"


class _Fiche(BaseModel):
    # Les descriptions d'attributs passent dans le schéma JSON que lisent les éditeurs de texte.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Classes(_Fiche):
    """Découpage en classes d'une carte en aplats ; ``bornes`` internes si la méthode est ``fixes``."""

    methode: MethodeClasses = MethodeClasses.QUANTILES
    nombre: int = Field(default=5, ge=2, le=5)
    bornes: tuple[float, ...] = ()


class Modalite(_Fiche):
    """Classe d'une typologie."""

    code: str
    libelle: str


class Controle(_Fiche):
    """Valeur publiée par le producteur, que le calcul doit retrouver à ``tolerance`` près."""

    maille: Maille
    territoire: str
    periode: str
    valeur: float
    tolerance: float = Field(ge=0)
    origine: str = ""


class Indicateur(_Fiche):
    """Fiche d'un indicateur (``indicators/<problematique>/<id>.yaml``).

    ``numerateur``, ``denominateur`` et ``poids`` nomment des variables déclarées dans
    ``indicators/_sources/``. La valeur montrée est multipliée par ``multiplicateur``.
    Pour une ``evolution``, ``periodes`` énumère des couples ``"2016-2023"`` et la valeur est le
    taux annuel moyen, en % par an. ``lecture`` est une phrase à trous (``VARIABLES_LECTURE``) : les
    nombres y entrent écrits à la française mais sans leur unité, que la phrase porte elle-même.
    """

    id: Identifiant
    """Nom du fichier, sans son extension."""
    libelle: str = Field(min_length=3)
    """Nom complet, avec l'unité comptée (ménages, foyers, personnes)."""
    libelle_court: str = Field(min_length=2, max_length=40)
    """Nom des listes et des légendes, 40 caractères au plus."""
    definition: str = Field(min_length=20)
    """Définition exacte, que l'on peut citer : ce qui est compté, rapporté à quoi."""
    problematiques: tuple[Identifiant, ...] = Field(min_length=1)
    """Entrées de ``_themes.yaml`` où l'indicateur paraît ; celle de son dossier d'abord."""
    nature: Nature
    """Besoin, ressource, contexte ou accompagnement."""
    type_mesure: TypeMesure
    """Type de mesure : il décide de l'agrégation."""
    unite: str = Field(min_length=1)
    """Unité telle qu'affichée : %, habitants, hab./km²."""
    decimales: int = Field(default=1, ge=0, le=3)
    """Décimales affichées ; une au plus pour un pourcentage."""
    numerateur: Identifiant
    """Variable mesurée."""
    denominateur: Identifiant | None = None
    """Variable à laquelle on rapporte (ratio, densité)."""
    multiplicateur: float = Field(default=1.0, gt=0)
    """Facteur de la valeur montrée : 100 pour un pourcentage, 10000 pour 10 000 habitants."""
    poids: Identifiant | None = None
    """Variable qui pondère une moyenne ou une accessibilité."""
    champ: str = Field(min_length=3)
    """Personnes, ménages ou logements concernés, et territoires couverts."""
    source: Identifiant
    """Source du numérateur (nom d'un fichier de ``_sources/``)."""
    mailles: tuple[Maille, ...] = Field(min_length=1)
    """Niveaux géographiques publiés."""
    periodes: tuple[str, ...] = ()
    """Périodes publiées (toutes par défaut) ; couples "2016-2023" pour une évolution."""
    frequence: str = Field(min_length=3)
    """Rythme de mise à jour, en clair."""
    polarite: int = Field(ge=-1, le=1)
    """-1 : valeur haute à traiter ; 1 : valeur haute favorable ; 0 : sans jugement."""
    secret: Identifiant
    """Règle de ``_secret.yaml``."""
    agregation: Agregation | None = None
    """Règle d'agrégation ; celle du type de mesure par défaut."""
    representation: Representation | None = None
    """Dessin sur la carte : symboles pour un effectif, aplats pour le reste."""
    classes: Classes = Classes()
    """Découpage de la légende."""
    modalites: tuple[Modalite, ...] = ()
    """Classes d'une typologie, dans l'ordre de la légende."""
    min_denominateur: float | None = Field(default=None, gt=0)
    """Dénominateur sous lequel la valeur est non significative."""
    precautions: tuple[Identifiant, ...] = ()
    """Mises en garde de ``_precautions.yaml``."""
    ressources_liees: tuple[Identifiant, ...] = ()
    """Indicateurs de ressource à montrer avec ce besoin."""
    lecture: str = Field(min_length=20)
    """Phrase à trous, au passé : {territoire}, {valeur}, {periode}..."""
    controles: tuple[Controle, ...] = ()
    """Valeurs publiées par le producteur, que le calcul doit retrouver."""

    @property
    def agregation_retenue(self) -> Agregation:
        """Règle d'agrégation : la déclarée, sinon celle du type de mesure."""
        return self.agregation or AGREGATIONS_PERMISES[self.type_mesure][0]

    @property
    def representation_retenue(self) -> Representation:
        """Dessin choisi par le moteur : symboles pour un effectif, aplats pour le reste."""
        return Representation.SYMBOLES if self.type_mesure is TypeMesure.EFFECTIF else Representation.APLATS

    @property
    def est_part(self) -> bool:
        """Vrai si la valeur est une part (en %), donc bornée à [0 ; 100]."""
        return self.unite == "%" and self.type_mesure in {TypeMesure.RATIO, TypeMesure.MOYENNE}
