"""État de la carte ⇄ adresse : tout ce qui est montré se retrouve par un lien.

L'adresse porte toujours tous les paramètres, même ceux qui valent le choix par défaut : un lien cité
dans une délibération doit montrer la même carte quand les choix par défaut auront changé.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from observatoire.analyse.consultation import Consultation
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import Indicateur, Nature, Representation
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

FRANCE = "FR"
PARAMETRES = ("problematique", "nature", "indicateur", "maille", "periode", "departement", "territoire")
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

    @property
    def departement_seul(self) -> str | None:
        """Code du département, ou ``None`` pour la France entière."""
        return None if self.departement == FRANCE else self.departement

    def to_params(self) -> dict[str, str]:
        """Paramètres d'adresse, tous écrits ; le territoire seulement s'il y en a un."""
        return {nom: valeur for nom in PARAMETRES if (valeur := getattr(self, nom))}


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
        etat = Etat(problematique, str(indicateur.nature), indicateur.id, maille, periode, departement)
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

    def mailles_ecartees(self, indicateur: Indicateur, departement: str) -> list[Maille]:
        """Niveaux dessinables où l'indicateur n'est pas publié."""
        publiees = set(self.consultation.list_mailles(indicateur.id))
        return [m for m in Maille if str(m) in set(self.niveaux_dessines(departement)) - publiees]

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
        if not demande:
            return ""
        codes = self.consultation.territoires.list_territoires(Maille(etat.maille), etat.departement_seul).code
        if (codes == demande).any():
            return demande
        niveau = Maille(etat.maille).libelle_pluriel
        self.messages.append(f"Aucun territoire « {demande} » parmi les {niveau} de cette carte.")
        return ""


def _ecart(periode: str, demandee: str) -> int:
    def year(texte: str) -> int:
        chiffres = texte[-4:] if texte[-4:].isdigit() else texte[:4]
        return int(chiffres) if chiffres.isdigit() else 0

    return abs(year(periode) - year(demandee))
