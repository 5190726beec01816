"""Déclaration d'une source : ses fichiers, ses colonnes, ses variables, ses lieux."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from observatoire.modeles.indicateurs import Identifiant
from observatoire.modeles.livraisons import NatureDepot
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


VARIABLE_POPULATION = "population_municipale"
"""Variable de référence, publique : elle est montrée pour chaque territoire et pèse les communes."""
AGREGATS_SANS_COLONNE = frozenset({Agregat.COMPTE, Agregat.PRESENCE})
"""Réductions qui ne lisent aucune colonne : elles comptent des lignes."""


class Vide(StrEnum):
    """Ce que dit une cellule vide ; jamais zéro sans que la source le déclare."""

    ABSENT = "absent"
    SECRET = "secret"  # noqa: S105 -- statut statistique, pas un mot de passe
    ZERO = "zero"


class VariableSource(_Fiche):
    """Mesure brute tirée d'une colonne (ou d'un comptage de lignes).

    ``recoder`` remplace des valeurs de texte par des nombres ; ``categorie`` en fait une modalité
    (la valeur vaut alors 1 pour la modalité lue). ``additive`` : la somme a un sens (effectif).
    ``arrondi`` : pas de l'arrondi du producteur (5 pour la CNAF ; 0 : valeur exacte).
    Dans ``colonne``, ``{aa}`` et ``{aaaa}`` valent l'année de la période (« Q2{aa} » lit « Q219 » en 2019).
    """

    libelle: str
    unite: str
    colonne: str | None = None
    agregat: Agregat = Agregat.UNIQUE
    recoder: dict[str, float] = {}
    categorie: bool = False
    additive: bool = True
    arrondi: int = Field(default=0, ge=0)
    ou: dict[str, tuple[str, ...]] = {}
    """Lignes retenues : par colonne, les valeurs admises (table en long : une ligne par modalité)."""
    facteur: float = Field(default=1.0, gt=0)
    """Multiplie la valeur lue (1000 pour un fichier en milliers d'euros)."""
    vide: Vide | None = None
    """Sens d'une cellule vide pour cette variable ; celui de la source par défaut."""
    negatif: bool = False
    """Vrai : une valeur négative est possible (un solde)."""
    maximum: float | None = None
    """Plus grande valeur possible ; 100 pour une part en %."""
    total_de: tuple[Identifiant, ...] = ()
    """Variables de la même source dont celle-ci est la somme, contrôlée ligne à ligne."""
    partitions: tuple[tuple[Identifiant, ...], ...] = ()
    """Autres découpages de la même somme (par âge, par sexe…), contrôlés de même."""
    au_plus: Identifiant | None = None
    """Variable de la même source que celle-ci ne peut dépasser (une partie de ses cas)."""
    moins_de: float | None = None
    """La variable vaut 1 quand la valeur lue est sous ce seuil, 0 sinon ; une cellule vide le reste."""
    contributeurs: Identifiant | None = None
    """Montant reçu par convention : variable qui compte ses contributeurs (personnes, foyers)."""
    contributeur_max: Identifiant | None = None
    """Montant reçu par convention : variable qui donne la part du plus gros contributeur."""
    mailles: tuple[Maille, ...] = ()
    """Niveaux où le producteur publie cette variable ; vide : tous ceux de la source."""

    @property
    def decoupages(self) -> tuple[tuple[Identifiant, ...], ...]:
        """Toutes les façons déclarées d'écrire cette variable comme une somme d'autres."""
        return ((self.total_de,) if self.total_de else ()) + self.partitions


class LectureDeclaree(_Fiche):
    """Où lire la table dans le fichier ; ce qui n'est pas dit est reconnu, puis montré à qui dépose."""

    encodage: str = ""
    """utf-8, cp1252 ou latin-1."""
    separateur: str = ""
    """Séparateur des champs d'un texte."""
    membre: str = ""
    """Fichier à lire dans une archive (« *_data.csv » ; * remplace ce qui varie)."""
    feuille: str = ""
    """Feuille ou couche à lire (« Tab1* » ; * remplace ce qui varie)."""
    ligne_entete: int | None = Field(default=None, ge=1)
    """Ligne de l'en-tête, comptée comme dans le fichier ; la dernière s'il a plusieurs étages."""
    etages_entete: int = Field(default=1, ge=1, le=5)
    """Nombre de lignes d'en-tête ; leurs noms se joignent par « / »."""
    premiere_ligne: int | None = Field(default=None, ge=1)
    """Première ligne de données ; celle qui suit l'en-tête par défaut."""
    derniere_ligne: int | None = Field(default=None, ge=1)
    """Dernière ligne de données, quand un pied ne se distingue pas."""


class MillesimeDeclare(_Fiche):
    """Ce qui change une année-là : noms de colonnes, place de la table, géographie."""

    colonnes: dict[str, str] = {}
    """Nom déclaré : nom de la colonne cette année-là."""
    lecture: LectureDeclaree | None = None
    """Remplace la lecture commune."""
    cog: str = ""
    """Année du code officiel géographique des codes."""
    codes_ignores: dict[str, str] = {}
    """Codes écartés cette année-là seulement, en plus de ceux de la source."""


class PartieCode(_Fiche):
    """Morceau d'un code de territoire réparti sur plusieurs colonnes."""

    colonne: str
    debut: int = 0
    fin: int | None = None
    largeur: int = Field(default=0, ge=0)
    """Complète à gauche par des zéros jusqu'à cette largeur, avant de couper."""


class PeriodeDeclaree(_Fiche):
    """Colonne qui porte la période de chaque ligne, et sa forme."""

    colonne: str
    forme: str = "AAAA"
    """AAAA, AA, AAAA-MM, AAAAMM, AAAA-Tn, AAAATn, JJ/MM/AAAA ou AAAA-MM-JJ."""
    pas: str = "annee"
    """annee, trimestre ou mois : précision de la période retenue."""
    retenir: tuple[str, ...] = ()
    """Périodes gardées (« *-12 » : décembre seulement) ; vide : toutes."""


class NiveauDeclare(_Fiche):
    """Même source, publiée par son producteur à un autre niveau : ses chiffres officiels, non des sommes."""

    maille: Maille
    colonne_code: str = ""
    """Colonne du code à ce niveau ; celle de la source par défaut."""
    colonnes: dict[str, str] = {}
    """Nom déclaré : nom de la colonne à ce niveau, s'il change (« DISP_MED{aa} » à l'IRIS)."""
    codes_ignores: dict[str, str] = {}
    """Codes écartés à ce niveau seulement, en plus de ceux de la source."""
    filtres: dict[str, tuple[str, ...]] = {}
    """Lignes de ce niveau, si le fichier en mêle plusieurs."""
    lecture: LectureDeclaree | None = None
    """Où lire, si le fichier ou la feuille change avec le niveau."""


class Partenariat(_Fiche):
    """Engagement du producteur envers l'observatoire ; un rôle de contact, jamais une personne."""

    convention: str = ""
    """Titre et date de la convention, ou « données ouvertes »."""
    attendu_mois: int | None = Field(default=None, ge=1, le=120)
    """Mois entre deux livraisons attendues."""
    delai_mois: int = Field(default=0, ge=0, le=60)
    """Mois de tolérance avant de dire une livraison en retard."""
    contact: str = ""
    """Fonction à qui écrire (« service statistique de la Caf »), jamais un nom."""


class LivraisonDeclaree(_Fiche):
    """Fichier d'un millésime ; ``colonnes`` surcharge le nom d'une colonne cette année-là.

    ``maille``, ``cog`` et ``depot`` sont remplis pour un fichier déposé (``publication.deposer``).
    """

    fichier: str
    periode: str
    colonnes: dict[str, str] = {}
    maille: Maille | None = None
    cog: str = ""
    depot: str = ""
    nature: NatureDepot = NatureDepot.NOUVELLE


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
    colonne_position: str | None = None
    """Colonne unique « latitude,longitude », quand il n'y en a pas deux."""
    colonne_position_douteuse: str | None = None
    colonne_horaires: str | None = None
    colonnes_horaires: dict[str, str] = {}
    """Jour (lundi, mardi…) : colonne de ses horaires (« 09:00 - 12:00 / 14:00 - 17:00 »)."""
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
    """Textes qui disent une donnée absente (« nd »)."""
    marques_non_significatif: tuple[str, ...] = ()
    """Textes qui disent une valeur non significative (« ns »)."""
    vide: Vide = Vide.ABSENT
    """Sens d'une cellule vide : absente, secrète, ou zéro vrai."""
    lecture: LectureDeclaree = LectureDeclaree()
    """Où lire la table dans les fichiers déposés."""
    millesimes: dict[str, MillesimeDeclare] = {}
    """Par année (ou période), ce qui change dans le fichier."""
    niveaux: tuple[NiveauDeclare, ...] = ()
    """Autres niveaux publiés par le producteur lui-même."""
    periode: PeriodeDeclaree | None = None
    """Colonne de la période, si un fichier en contient plusieurs."""
    code_parties: tuple[PartieCode, ...] = ()
    """Morceaux du code, s'il est réparti sur plusieurs colonnes ; remplace ``colonne_code``."""
    filtres: dict[str, tuple[str, ...]] = {}
    """Lignes retenues : par colonne, les valeurs admises ; les autres sont comptées, puis laissées."""
    colonnes_ignorees: tuple[str, ...] = ()
    """Colonnes que l'on sait là et que l'on ne lit pas (« LIB* » ; « * » : toutes les autres). Une colonne
    ni lue ni ignorée arrête la livraison : un nom a peut-être changé."""
    codes_corriges: dict[str, str] = {}
    """Code lu : code juste (« 97123 » : « 97701 »)."""
    codes_ignores: dict[str, str] = {}
    """Code lu : raison de l'écarter, avec sa masse (« 975* » : outre-mer ; « (vide) » : cellule sans code ;
    « (inconnu) » : tout code que le référentiel ne connaît pas)."""
    noms_communes: dict[str, str] = {}
    """Nom lu : code de commune validé par une personne, pour un fichier sans codes."""
    partenariat: Partenariat = Partenariat()
    """Engagement du producteur : convention, rythme attendu, contact."""
    fictif: bool = False
    """Vrai : données d'exercice, marquées FICTIF partout."""
    rattachement: RattachementDeclare | None = None
    """Table de passage vers les communes, quand la source n'est pas communale."""
    livraisons: tuple[LivraisonDeclaree, ...] = ()
    """Fichiers fournis avec l'observatoire, un par période ; les fichiers déposés s'y ajoutent."""
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
    """Un effectif de 1 à ``seuil`` - 1 n'est jamais diffusé."""
    arrondi: int = Field(default=0, ge=0)
    marques: tuple[str, ...] = ()
    masque_sous_seuil: bool = False
    """Mode P : vrai si le producteur ne masque que les effectifs de 1 à ``seuil`` - 1 (aucun autre n'est
    caché pour les protéger) ; une case masquée est alors encadrée."""
    zeros_publies: bool = True
    """Mode C : un zéro vrai est diffusé ; une case masquée vaut donc au moins 1."""
    complement: bool = True
    """Mode C : ``0 < dénominateur - numérateur < seuil`` masque aussi, quand le numérateur est une part."""
    homogene: bool = False
    """Mode C : masquer « tous sont concernés » (numérateur égal au dénominateur), sujet sensible."""
    dominance: float = Field(default=0.85, gt=0, le=1)
    """Mode C, montants : part au-delà de laquelle un seul contributeur domine."""
    contributeurs_min: int = Field(default=11, ge=1)
    """Mode C, montants : nombre de contributeurs sous lequel rien n'est diffusé."""
    arrondi_zones: int = Field(default=5, ge=1)
    """Mode C : pas de l'arrondi des territoires à la demande (seconde barrière)."""
    zone_unites_min: int = Field(default=2, ge=1)
    """Mode C : nombre d'unités que doit porter toute différence entre deux territoires diffusés."""
    zone_habitants_min: int = Field(default=1000, ge=0)
    """Mode C : nombre d'habitants que doit porter toute différence entre deux territoires diffusés."""
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
