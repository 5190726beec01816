"""État de la carte ⇄ adresse : tout ce qui est montré se retrouve par un lien.

L'adresse porte toujours tous les paramètres, même ceux qui valent le choix par défaut : un lien cité
dans une délibération doit montrer la même carte quand les choix par défaut auront changé.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.methode_niveaux import explain_absence
from observatoire.cartes.mesures import has_nombre
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import Indicateur, Nature, Representation
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

FRANCE = "FR"
PARAMETRES = (
    "problematique", "nature", "indicateur", "mesure", "maille", "periode", "departement", "territoire",
    "lieux", "comparer", "tri", "page", "cherche", "publication",
)  # fmt: skip
PART, NOMBRE = "part", "nombre"
ENTRAINE = "entraine"
"""Paramètre d'une demande faite par un réglage : ce qu'il entraîne n'est pas une faute à signaler."""
_MAILLES_PREFEREES = {False: (Maille.COMMUNE, Maille.EPCI), True: (Maille.EPCI, Maille.DEPARTEMENT)}
"""Niveau ouvert d'abord, dans un département puis pour la France entière."""


@dataclass(frozen=True)
class Etat:
    """Ce que la page Carte montre."""

    problematique: str
    nature: str
    indicateur: str
    maille: str
    periode: str
    departement: str
    territoire: str = ""
    mesure: str = ""
    lieux: str = ""
    comparer: str = ""
    tri: str = ""
    page: str = ""
    cherche: str = ""
    publication: str = ""

    @property
    def departement_seul(self) -> str | None:
        """Code du département, ou ``None`` pour la France entière."""
        return None if self.departement == FRANCE else self.departement

    def to_params(self) -> dict[str, str]:
        """Paramètres d'adresse ; tous ceux qui décident de la carte sont écrits, choix par défaut compris."""
        return {nom: valeur for nom in PARAMETRES if (valeur := getattr(self, nom))}

    def make_lien(self, vers: str = "carte", /, **changes: str) -> str:
        """Adresse relative de cet état, quelques paramètres changés ; une valeur vide ôte le paramètre."""
        params = {nom: valeur for nom, valeur in (self.to_params() | changes).items() if valeur}
        return f"{vers}?{urlencode(params)}"

    @property
    def types_de_lieux(self) -> tuple[str, ...]:
        """Types de lieux à montrer sur la carte."""
        return tuple(t for t in self.lieux.split(",") if t)


@dataclass
class Choix:
    """Choix possibles dans une publication, et l'état le plus proche de ce qui est demandé.

    Attributes:
        consultation: publication ouverte.
        niveaux_dessines: niveaux qui ont un fond de carte, dans une portée (``"FR"`` ou département).
        messages: ce qui, dans la demande, n'existe pas, et ce qui le remplace.
    """

    consultation: Consultation
    niveaux_dessines: Callable[[str], Iterable[str]]
    messages: list[str] = field(default_factory=list)

    def resolve(self, demande: Mapping[str, str], departement_defaut: str = "") -> Etat:
        """État valide le plus proche de la demande ; les écarts sont dits dans ``messages``."""
        departement = self._resolve_departement(demande.get("departement"), departement_defaut)
        indicateur = self._resolve_indicateur(demande, departement)
        problematique = demande.get("problematique", "")
        if problematique not in indicateur.problematiques:
            problematique = indicateur.problematiques[0]
        maille = self._resolve_maille(indicateur, departement, demande.get("maille"))
        periode = self._resolve_periode(indicateur, maille, demande.get("periode"))
        libres = {nom: demande.get(nom, "") for nom in ("lieux", "tri", "page", "cherche", "publication")}
        etat = Etat(problematique, str(indicateur.nature), indicateur.id, maille, periode, departement, **libres)
        if has_nombre(indicateur):
            etat = replace(etat, mesure=NOMBRE if demande.get("mesure") == NOMBRE else PART)
        etat = replace(etat, comparer=self._resolve_comparer(etat, demande.get("comparer", "")))
        if ENTRAINE in demande:
            self.messages.clear()
            if demande.get("territoire", "") not in self._codes(etat):
                return etat
        return replace(etat, territoire=self._resolve_territoire(etat, demande.get("territoire", "")))

    def problematiques(self) -> dict[str, str]:
        """Problématiques qui ont un indicateur publié, dans l'ordre des menus."""
        presentes = {p for i in self._publies() for p in i.problematiques}
        rangees = sorted(self.consultation.catalogue.problematiques.values(), key=lambda p: p.ordre)
        return {p.id: p.libelle for p in rangees if p.id in presentes}

    def natures(self, problematique: str) -> list[Nature]:
        """Natures présentes dans une problématique, besoins et ressources d'abord."""
        presentes = {i.nature for i in self._publies() if problematique in i.problematiques}
        return [n for n in Nature if n in presentes]

    def indicateurs(self, problematique: str, nature: str) -> list[Indicateur]:
        """Indicateurs d'une problématique et d'une nature, par libellé."""
        publies = {i.id for i in self._publies()}
        tous = self.consultation.catalogue.by_problematique(problematique, Nature(nature))
        return [i for i in tous if i.id in publies]

    def mailles(self, indicateur: Indicateur, departement: str) -> list[Maille]:
        """Niveaux publiés et dessinables, du plus fin au plus large."""
        dessines = set(self.niveaux_dessines(departement))
        return [m for m in self.consultation.list_mailles(indicateur.id) if str(m) in dessines]

    def niveaux(self, indicateur: Indicateur, departement: str) -> list[tuple[Maille, str]]:
        """Niveaux dessinables, du plus fin au plus large, et pourquoi celui-ci ne peut pas être choisi."""
        dessines = set(self.niveaux_dessines(departement))
        publiees = self.consultation.list_mailles(indicateur.id)
        catalogue = self.consultation.catalogue

        def reason(m: Maille) -> str:
            return "" if m in publiees else explain_absence(catalogue, indicateur, m)

        return [(m, reason(m)) for m in Maille if str(m) in dessines]

    def periodes(self, indicateur: Indicateur, maille: Maille) -> list[tuple[str, str]]:
        """Périodes de l'indicateur à tous ses niveaux, et pourquoi celle-ci manque à ce niveau."""
        publiees = self.consultation.list_periodes(indicateur.id, maille)
        toutes = {p for m in self.consultation.list_mailles(indicateur.id) for p in self._periodes_of(indicateur, m)}
        motif = f"non publiée pour les {maille.libelle_pluriel}"
        return [(p, "" if p in publiees else motif) for p in sorted(toutes)]

    def _periodes_of(self, indicateur: Indicateur, maille: Maille) -> list[str]:
        return self.consultation.list_periodes(indicateur.id, maille)

    def indicateurs_lies(
        self, indicateur: Indicateur, maille: Maille, departement: str
    ) -> list[tuple[Indicateur, str]]:
        """Ressources liées à ce besoin, ou besoins qu'éclaire cette ressource ; et la raison d'un empêchement."""
        publies = self._publies()
        lies = [i for i in publies if i.id in indicateur.ressources_liees or indicateur.id in i.ressources_liees]

        def reason(i: Indicateur) -> str:
            if maille not in self.consultation.list_mailles(i.id):
                return "non publié à ce niveau"
            return "" if self.covers(i, departement) else "sans donnée ici"

        return [(i, reason(i)) for i in lies]

    def covers(self, indicateur: Indicateur, departement: str) -> bool:
        """Vrai si la source de l'indicateur couvre ce département (ou la France entière)."""
        couverts = self.consultation.catalogue.sources[indicateur.source].departements
        return not couverts or departement in couverts

    def _publies(self) -> list[Indicateur]:
        publies = self.consultation.publication.indicateurs
        return [i for i in self.consultation.catalogue.indicateurs.values() if publies.get(i.id)]

    def _resolve_departement(self, demande: str | None, defaut: str) -> str:
        codes = self.consultation.territoires.departements().code.tolist()
        repli = defaut if defaut in codes else FRANCE
        if demande is None or demande == FRANCE or demande in codes:
            return demande or repli
        nom = "la France entière" if repli == FRANCE else f"le département {repli}"
        self.messages.append(f"Le département « {demande} » n'existe pas : la carte montre {nom}.")
        return repli

    def _resolve_indicateur(self, demande: Mapping[str, str], departement: str) -> Indicateur:
        publies = {i.id: i for i in self._publies()}
        voulu = demande.get("indicateur")
        if voulu in publies:
            return publies[voulu]
        defaut = self._choose_indicateur(demande, departement)
        if voulu:
            proche = publies.get(find_proche(voulu, publies) or "", defaut)
            self.messages.append(f"L'indicateur « {voulu} » n'est pas publié : voici « {proche.libelle_court} ».")
            return proche
        return defaut

    def _choose_indicateur(self, demande: Mapping[str, str], departement: str) -> Indicateur:
        """Premier indicateur de la problématique et de la nature voulues, couvert ici s'il se peut."""
        ordre = list(self.problematiques())
        voulue, nature = demande.get("problematique"), demande.get("nature")

        def rank(i: Indicateur) -> tuple[object, ...]:
            return (
                voulue is not None and voulue not in i.problematiques,
                nature is not None and nature != i.nature,
                not self.covers(i, departement),
                list(Nature).index(i.nature),
                i.representation_retenue is Representation.SYMBOLES,
                ordre.index(voulue)
                if voulue in i.problematiques and voulue in ordre
                else ordre.index(i.problematiques[0]),
                i.libelle,
            )

        return min(self._publies(), key=rank)

    def _resolve_maille(self, indicateur: Indicateur, departement: str, demande: str | None) -> str:
        permises = [str(m) for m in self.mailles(indicateur, departement)]
        if demande in permises:
            return demande
        preferees = [str(m) for m in _MAILLES_PREFEREES[departement == FRANCE] if str(m) in permises]
        # Rien à dessiner : on garde un niveau publié, la page dira qu'il n'a pas de carte.
        publiees = [str(m) for m in self.consultation.list_mailles(indicateur.id)]
        choisie = (preferees or permises or publiees)[0]
        if demande:
            niveau = Maille(choisie).libelle_pluriel
            connu = demande in set(Maille)
            voulu = Maille(demande).libelle_pluriel if connu else demande
            motif = "n'a pas cet indicateur ici" if connu else "n'existe pas"
            self.messages.append(f"Le niveau « {voulu} » {motif} : la carte montre les {niveau}.")
        return choisie

    def _resolve_periode(self, indicateur: Indicateur, maille: str, demande: str | None) -> str:
        periodes = self.consultation.list_periodes(indicateur.id, Maille(maille))
        if demande in periodes:
            return demande
        # La plus proche de celle demandée, pour qu'un changement d'indicateur ne fasse pas sauter l'année.
        choisie = periodes[-1] if not demande else min(reversed(periodes), key=lambda p: _ecart(p, demande))
        if demande:
            self.messages.append(
                f"« {indicateur.libelle_court} » n'existe pas pour {demande} : voici {format_periode(choisie)}."
            )
        return choisie

    def _resolve_territoire(self, etat: Etat, demande: str) -> str:
        if not demande or demande in self._codes(etat):
            return demande
        niveau = Maille(etat.maille).libelle_pluriel
        self.messages.append(f"Aucun territoire « {demande} » parmi les {niveau} de cette carte.")
        return ""

    def _codes(self, etat: Etat) -> frozenset[str]:
        return self.consultation.territoires.list_codes(Maille(etat.maille), etat.departement_seul)

    def _resolve_comparer(self, etat: Etat, demande: str) -> str:
        """Seconde carte : une autre période du même indicateur, ou un autre indicateur du même lieu."""
        if not demande:
            return ""
        sorte, _, valeur = demande.partition(":")
        maille = Maille(etat.maille)
        if sorte == "periode" and valeur != etat.periode:
            existe = valeur in self.consultation.list_periodes(etat.indicateur, maille)
        else:
            autre = sorte == "indicateur" and valeur != etat.indicateur
            existe = autre and maille in self.consultation.list_mailles(valeur)
        if existe:
            return demande
        self.messages.append("La seconde carte demandée n'existe pas à ce niveau : une seule carte est montrée.")
        return ""


def _ecart(periode: str, demandee: str) -> int:
    def year(texte: str) -> int:
        chiffres = texte[-4:] if texte[-4:].isdigit() else texte[:4]
        return int(chiffres) if chiffres.isdigit() else 0

    return abs(year(periode) - year(demandee))
