"""Déclaration d'une source : ses fichiers, ses colonnes, ses variables, ses lieux."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from observatoire.modeles.indicateurs import Identifiant
from observatoire.modeles.mailles import Maille


class _Fiche(BaseModel):
    # Les descriptions d'attributs passent dans le schéma JSON que lisent les éditeurs de texte.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Agregat(StrEnum):
    """Réduction des lignes d'un même territoire à une valeur.

    ``presence`` vaut 1 dès qu'une ligne existe, et 0 ailleurs si ``zero_si_absent``.
    """

    UNIQUE = "unique"
    COMPTE = "compte"
    SOMME = "somme"
    MAXIMUM = "maximum"
    PRESENCE = "presence"


AGREGATS_SANS_COLONNE = frozenset({Agregat.COMPTE, Agregat.PRESENCE})
"""Réductions qui ne lisent aucune colonne : elles comptent des lignes."""


class VariableSource(_Fiche):
    """Mesure brute tirée d'une colonne (ou d'un comptage de lignes).

    ``recoder`` remplace des valeurs de texte par des nombres ; ``categorie`` en fait une modalité
    (la valeur vaut alors 1 pour la modalité lue). ``additive`` : la somme a un sens (effectif).
    ``arrondi`` : pas de l'arrondi du producteur (5 pour la CNAF ; 0 : valeur exacte).
    """

    libelle: str
    unite: str
    colonne: str | None = None
    agregat: Agregat = Agregat.UNIQUE
    recoder: dict[str, float] = {}
    categorie: bool = False
    additive: bool = True
    arrondi: int = Field(default=0, ge=0)


class LivraisonDeclaree(_Fiche):
    """Fichier d'un millésime ; ``colonnes`` surcharge le nom d'une colonne cette année-là."""

    fichier: str
    periode: str
    colonnes: dict[str, str] = {}


class RattachementDeclare(_Fiche):
    """Table qui rattache l'unité de la source à des communes, par un poids de somme 1."""

    fichier: str
    colonne_enfant: str
    colonne_parent: str
    colonne_poids: str


class RessourceDeclaree(_Fiche):
    """Colonnes d'une source de lieux ; chaque ligne est une ressource à montrer sur la carte."""

    type: Identifiant
    libelle: str
    libelle_pluriel: str
    lettre: str = Field(min_length=1, max_length=1)
    problematiques: tuple[Identifiant, ...] = Field(min_length=1)
    colonne_id: str
    colonne_nom: str
    colonne_code_commune: str
    colonne_adresse: str | None = None
    colonne_longitude: str | None = None
    colonne_latitude: str | None = None
    colonne_position_douteuse: str | None = None
    colonne_horaires: str | None = None
    colonne_date_verification: str | None = None
    colonne_doublon_de: str | None = None
    date_verification: str = ""
    complements: dict[str, str] = {}


class Source(_Fiche):
    """Source d'un producteur (``indicators/_sources/<id>.yaml``).

    ``departements`` limite la source à ces départements (vide : France entière). Avec
    ``zero_si_absent``, une commune de ce champ absente du fichier vaut un zéro vrai ; sinon elle
    est non disponible.
    """

    id: Identifiant
    """Nom du fichier, sans son extension."""
    libelle: str = Field(min_length=3)
    """Nom de la source, tel qu'affiché sous une carte."""
    producteur: str = Field(min_length=2)
    """Organisme qui produit la donnée."""
    licence: str = Field(min_length=2)
    """Licence de réutilisation."""
    url: str = ""
    """Page de la source chez son producteur."""
    rythme: str = Field(min_length=3)
    """Rythme de parution, en clair."""
    maille: Maille
    """Niveau des lignes du fichier."""
    colonne_code: str = Field(min_length=1)
    """Colonne du code de territoire (du code de la commune, pour une source de lieux)."""
    colonne_periode_mesuree: str | None = None
    """Colonne de la période réellement mesurée, si elle varie d'une ligne à l'autre."""
    departements: tuple[str, ...] = ()
    """Départements couverts ; vide : France entière."""
    zero_si_absent: bool = False
    """Vrai : une commune couverte mais absente du fichier vaut zéro."""
    exclure_si_rempli: str | None = None
    """Colonne qui, remplie, écarte la ligne de tout compte (un doublon désigné, par exemple)."""
    marques_secret: tuple[str, ...] = ()
    """Textes qui, dans une cellule, disent le secret statistique (« s »)."""
    marques_absence: tuple[str, ...] = ()
    """Textes qui disent une donnée absente (« nd ») ; une cellule vide est toujours absente."""
    rattachement: RattachementDeclare | None = None
    """Table de passage vers les communes, quand la source n'est pas communale."""
    livraisons: tuple[LivraisonDeclaree, ...] = Field(min_length=1)
    """Fichiers livrés, un par période."""
    variables: dict[Identifiant, VariableSource] = Field(min_length=1)
    """Mesures brutes tirées du fichier ; chaque nom est unique dans tout le catalogue."""
    ressource: RessourceDeclaree | None = None
    """Colonnes à lire quand chaque ligne est un lieu à montrer."""
    precautions: tuple[Identifiant, ...] = ()
    """Mises en garde de ``_precautions.yaml`` valables pour toute la source."""


class RegleSecret(_Fiche):
    """Règle de secret d'un producteur (``indicators/_secret.yaml``).

    ``mode`` P : déjà protégé à la source, on propage. ``mode`` C : effectifs exacts, on protège.
    ``arrondi`` : pas de l'arrondi du producteur (0 : aucun).
    """

    id: Identifiant
    libelle: str
    mode: str = Field(pattern="^[PC]$")
    seuil: int = Field(default=0, ge=0)
    arrondi: int = Field(default=0, ge=0)
    marques: tuple[str, ...] = ()
    reference: str


class Problematique(_Fiche):
    """Entrée de lecture de l'observatoire (``indicators/_themes.yaml``)."""

    id: Identifiant
    libelle: str
    description: str
    ordre: int


class Precaution(_Fiche):
    """Mise en garde partagée par plusieurs indicateurs (``indicators/_precautions.yaml``)."""

    id: Identifiant
    libelle: str
    texte: str


class Terme(_Fiche):
    """Mot du métier expliqué en place (``indicators/_glossaire.yaml``).

    ``formes`` : autres écritures du mot dans un texte (pluriel, sigle) ; ``voir`` : termes voisins.
    """

    id: Identifiant
    libelle: str = Field(min_length=2)
    texte: str = Field(min_length=20)
    formes: tuple[str, ...] = ()
    voir: tuple[Identifiant, ...] = ()
