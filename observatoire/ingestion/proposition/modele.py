"""Faits reconnus dans un fichier : ce qu'on propose, avec quel degré de certitude."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from observatoire.modeles.anomalies import Anomalie
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import PartieCode


class Certitude(StrEnum):
    """Degré de certitude d'un fait."""

    SUR = "sûr"
    PROBABLE = "probable"
    A_VERIFIER = "à vérifier"


class Role(StrEnum):
    """Rôle d'une colonne."""

    CODE = "code"
    PERIODE = "période"
    NOMBRE = "nombre"
    MODALITE = "modalité"
    NOTE = "note"
    POSITION = "position"
    IDENTIFIANT = "identifiant"
    TEXTE = "texte"
    VIDE = "vide"


class SensMarque(StrEnum):
    """Ce que dit un texte trouvé là où l'on attend un nombre."""

    SECRET = "secret"  # noqa: S105 -- statut statistique, pas un mot de passe
    ABSENCE = "absence"
    NON_SIGNIFICATIF = "non significatif"
    INCONNU = "sens à préciser"


NIVEAUX_NON_GERES = {
    "bassin_de_vie": "bassin de vie",
    "zone_emploi": "zone d'emploi",
    "bassin_emploi": "bassin d'emploi",
    "unite_urbaine": "unité urbaine",
    "aire_attraction": "aire d'attraction des villes",
    "ancienne_region": "région d'avant 2016",
    "code_postal": "code postal",
    "uai": "établissement scolaire (UAI)",
    "finess": "établissement de santé ou social (FINESS)",
    "siret": "établissement (SIRET)",
    "siren": "organisme (SIREN)",
    "grand_quartier": "grand quartier",
}
"""Niveaux reconnus que l'observatoire ne publie pas : la personne choisit comment s'y rattacher."""


@dataclass(frozen=True)
class ColonneReconnue:
    """Une colonne et ce qu'on y a lu.

    Attributes:
        nom: nom dans l'en-tête.
        rang: place dans le fichier, à partir de 0.
        role: rôle reconnu.
        niveau: niveau géographique, si c'est un code (valeur de ``Maille`` ou de ``NIVEAUX_NON_GERES``).
        distincts: nombre de valeurs distinctes, cellules vides à part.
        vides: nombre de cellules vides.
        marques: textes non numériques trouvés parmi des nombres, avec leur compte.
        decimale: signe décimal rencontré (« , » ou « . ») ; vide pour des entiers.
        milliers: nom du séparateur de milliers ; vide s'il n'y en a pas.
        arrondi: pas de l'arrondi des nombres (0 : aucun).
        negatif: vrai si une valeur est négative.
        grand: plus grande valeur.
        modalites: valeurs d'une colonne de modalités, les plus fréquentes d'abord.
        total: modalité qui désigne le total, s'il y en a une.
    """

    nom: str
    rang: int
    role: Role
    niveau: str = ""
    distincts: int = 0
    vides: int = 0
    marques: dict[str, int] = field(default_factory=dict)
    decimale: str = ""
    milliers: str = ""
    arrondi: int = 0
    negatif: bool = False
    grand: float = 0.0
    modalites: tuple[str, ...] = ()
    total: str = ""


@dataclass(frozen=True)
class TerritoireReconnu:
    """Colonne du code de territoire.

    Attributes:
        colonnes: une colonne ; deux si le code est réparti (département, commune).
        niveau: niveau des lignes (valeur de ``Maille`` ou de ``NIVEAUX_NON_GERES``).
        maille: niveau géré correspondant, ou ``None``.
        certitude: confiance dans la colonne et le niveau.
        forme: écriture des codes : ``code``, ``zeros_perdus``, ``reparti``, ``trois_caracteres``,
            ``code_et_nom``, ``melodi`` (« 2025-COM-33318 »), ``nom`` (aucun code).
        part_connue: part des lignes codées dont le code est connu du référentiel.
        sans_code: lignes dont la cellule est vide.
        inconnus: codes non reconnus (dix au plus) et leur nombre de lignes.
        meles: autres niveaux trouvés dans la même colonne, avec leur nombre de lignes.
        filtres: lignes du niveau proposé, quand une autre colonne dit le niveau de chaque ligne.
        niveaux: valeurs de cette autre colonne pour chaque autre niveau géré.
        plm: « communes », « arrondissements » ou « les deux » pour Paris, Lyon et Marseille ; vide sinon.
        departements: départements couverts, s'ils sont peu nombreux ; vide : France entière.
        parties: morceaux du code, s'il est réparti ou précédé d'autre chose.
        corriges: code lu → code juste, quand la faute est certaine (« 20A » → « 2A »).
        noms: nom ou code lu → code, pour les formes ``nom`` et ``code_et_nom``.
        distincts: nombre de codes distincts.
    """

    colonnes: tuple[str, ...]
    niveau: str
    maille: Maille | None
    certitude: Certitude
    forme: str = "code"
    part_connue: float = 1.0
    sans_code: int = 0
    inconnus: dict[str, int] = field(default_factory=dict)
    meles: dict[str, int] = field(default_factory=dict)
    filtres: dict[str, tuple[str, ...]] = field(default_factory=dict)
    niveaux: dict[Maille, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    plm: str = ""
    departements: tuple[str, ...] = ()
    parties: tuple[PartieCode, ...] = ()
    corriges: dict[str, str] = field(default_factory=dict)
    noms: dict[str, str] = field(default_factory=dict)
    distincts: int = 0


@dataclass(frozen=True)
class MillesimeReconnu:
    """Année du COG des codes.

    Attributes:
        cogs: années qui expliquent également les codes, de la plus ancienne à la plus récente.
        retenu: celle qu'on propose ; vide si aucune n'a de sens.
        avant: année en deçà de laquelle les codes semblent écrits (« 2019 ») ; vide sinon.
        sans_effet: vrai si tous les millésimes se valent à ce niveau (départements, régions).
        inconnus: par année, nombre de codes distincts inconnus cette année-là.
        indice: année de géographie écrite dans le fichier (« Géographie au 01/01/2022 »).
        certitude: confiance.
    """

    cogs: tuple[str, ...]
    retenu: str
    avant: str = ""
    sans_effet: bool = False
    inconnus: dict[str, int] = field(default_factory=dict)
    indice: str = ""
    certitude: Certitude = Certitude.SUR


@dataclass(frozen=True)
class PeriodeReconnue:
    """Période mesurée.

    Attributes:
        periodes: périodes trouvées, triées.
        colonne: colonne qui la porte ; vide si elle vient d'ailleurs.
        forme: forme de la colonne (« AAAA-MM »…).
        pas: annee, trimestre ou mois.
        origine: d'où elle vient, en clair (« colonne », « nom du fichier »…).
        gabarits: par colonne, son nom où l'année est remplacée par ``{aa}`` ou ``{aaaa}``.
        en_colonnes: vrai si les années sont des colonnes.
        certitude: confiance.
    """

    periodes: tuple[str, ...]
    colonne: str = ""
    forme: str = ""
    pas: str = "annee"
    origine: str = ""
    gabarits: dict[str, str] = field(default_factory=dict)
    en_colonnes: bool = False
    certitude: Certitude = Certitude.SUR


@dataclass(frozen=True)
class MarqueReconnue:
    """Texte trouvé dans des colonnes de nombres.

    Attributes:
        texte: texte, tel que lu.
        sens: ce qu'il veut dire.
        nombre: nombre de cellules.
        certitude: confiance dans le sens.
    """

    texte: str
    sens: SensMarque
    nombre: int
    certitude: Certitude


@dataclass(frozen=True)
class LieuxReconnus:
    """Colonnes d'un fichier de lieux : une ligne par établissement ou par service."""

    colonne_id: str = ""
    colonne_nom: str = ""
    colonne_adresse: str = ""
    colonne_longitude: str = ""
    colonne_latitude: str = ""
    colonne_position: str = ""


@dataclass(frozen=True)
class TableProposee:
    """Une table du fichier et ses faits.

    Attributes:
        nom: feuille, couche ou membre d'archive ; vide s'il n'y en a qu'une.
        lignes_entete: lignes de l'en-tête, comptées comme dans le fichier ; vide : noms portés par le format.
        premiere_ligne: première ligne de données.
        derniere_ligne: dernière ligne de données.
        titre: textes au-dessus de l'en-tête.
        nombre_lignes: lignes de données.
        colonnes: toutes les colonnes.
        territoire: colonne du code de territoire, si elle est reconnue.
        millesime: millésime géographique, s'il a un sens.
        periode: période, si elle est reconnue.
        marques: textes trouvés parmi les nombres.
        vide: sens proposé d'une cellule vide (absent, secret).
        raison_vide: pourquoi.
        totaux: lignes de total par code ou libellé, avec leur nombre.
        dimensions: colonnes de modalités qui distinguent les lignes d'un même territoire.
        combinaisons: modalités à lire ensemble, une par mesure, pour une table en long.
        lieux: colonnes d'une table de lieux, ou ``None``.
        filtres: lignes à retenir (« TYPECOM » : « COM »).
        unite_ligne: ce qu'est une ligne : territoire, lieu ou modalité.
        doutes: phrases, par sujet (« territoire », « periode »…).
    """

    nom: str
    lignes_entete: tuple[int, ...]
    premiere_ligne: int
    derniere_ligne: int
    titre: tuple[str, ...]
    nombre_lignes: int
    colonnes: tuple[ColonneReconnue, ...]
    territoire: TerritoireReconnu | None = None
    millesime: MillesimeReconnu | None = None
    periode: PeriodeReconnue | None = None
    marques: tuple[MarqueReconnue, ...] = ()
    vide: str = "absent"
    raison_vide: str = ""
    totaux: dict[str, int] = field(default_factory=dict)
    dimensions: tuple[str, ...] = ()
    combinaisons: tuple[dict[str, str], ...] = ()
    lieux: LieuxReconnus | None = None
    filtres: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unite_ligne: str = "territoire"
    doutes: tuple[tuple[str, str], ...] = ()

    def numeriques(self) -> tuple[ColonneReconnue, ...]:
        """Colonnes de nombres, dans l'ordre du fichier."""
        return tuple(c for c in self.colonnes if c.role is Role.NOMBRE)

    def doutes_sur(self, sujet: str) -> tuple[str, ...]:
        """Doutes d'un sujet."""
        return tuple(phrase for s, phrase in self.doutes if s == sujet)


@dataclass(frozen=True)
class Proposition:
    """Ce qu'on propose pour un fichier.

    Attributes:
        fichier: nom du fichier.
        format: format reconnu.
        encodage: encodage d'un texte ; vide sinon.
        separateur: séparateur d'un texte ; vide sinon.
        identifiant: identifiant proposé de la source.
        tables: tables utiles, la principale d'abord.
        autres_tables: tables laissées (sommaires, notes), par leur nom.
        anomalies: fautes de lecture.
        quarantaine: motifs de refus pour données individuelles, sans aucune valeur.
        doutes: ce dont on n'est pas sûr, en phrases.
    """

    fichier: str
    format: str
    encodage: str = ""
    separateur: str = ""
    identifiant: str = ""
    tables: tuple[TableProposee, ...] = ()
    autres_tables: tuple[str, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    quarantaine: tuple[str, ...] = ()
    doutes: tuple[str, ...] = ()

    @property
    def principale(self) -> TableProposee | None:
        """Table proposée ; ``None`` si rien ne se lit."""
        return self.tables[0] if self.tables else None

    @property
    def marques(self) -> tuple[MarqueReconnue, ...]:
        """Marques de toutes les tables utiles : un classeur emploie les mêmes partout."""
        toutes: dict[str, MarqueReconnue] = {}
        for table in self.tables:
            for marque in table.marques:
                vue = toutes.get(marque.texte)
                toutes[marque.texte] = replace(marque, nombre=marque.nombre + (vue.nombre if vue else 0))
        return tuple(sorted(toutes.values(), key=lambda m: -m.nombre))

    @property
    def refusee(self) -> bool:
        """Vrai si le fichier est illisible, ou contient des données individuelles."""
        return bool(self.quarantaine) or not self.tables
