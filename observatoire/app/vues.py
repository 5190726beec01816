"""Vue : tout ce qu'une carte montre (phrase, légende, valeurs codées, tableau), calculé une fois par clé."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portee import Reference, name_portee
from observatoire.app.message_carte import build_message_carte
from observatoire.cartes.categories import reduce_categories
from observatoire.cartes.couche import describe_fond
from observatoire.cartes.fond import FRANCE, FondFichier, name_fond
from observatoire.cartes.lecture import LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende, write_note
from observatoire.cartes.legende_html import render_legende_html
from observatoire.cartes.mesures import PART, read_mesure, read_references_mesure
from observatoire.cartes.palettes import couleur_cerne, couleur_symbole
from observatoire.cartes.phrase import write_phrase
from observatoire.cartes.reperes import mark_territoire
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class CleVue(NamedTuple):
    """Ce qui désigne une vue dans une publication ; ``departement`` vaut ``"FR"`` pour la France entière.

    ``mesure`` vaut ``"part"`` ou ``"nombre"`` ; ``classes_avec`` est la période dont la carte partage
    les classes, vide si elle a les siennes.
    """

    indicateur: str
    maille: str
    periode: str
    departement: str
    mesure: str = PART
    classes_avec: str = ""

    @property
    def departement_seul(self) -> str | None:
        """Code du département, ou ``None`` pour la France entière."""
        return None if self.departement == FRANCE else self.departement


@dataclass(frozen=True)
class VueCarte:
    """Vue prête à montrer ; ``message`` est la part de la demande à la carte qui ne dépend pas du clic.

    ``message`` est vide quand ce niveau n'a pas de fond de carte : le tableau reste.
    """

    indicateur: Indicateur
    """Fiche de ce qui est montré : en nombre, celle du compte."""
    choisi: Indicateur
    """Indicateur demandé par la clé."""
    cle: CleVue
    nom: NomTerritoire
    resume: str
    base_legende: Legende
    """Légende sans le repère du territoire choisi (``render_legende``)."""
    lecture: LectureCarte
    source: str
    source_html: str
    """Source et portée des classes, à écrire sous la carte."""
    message: dict[str, Any]
    valeurs: pd.DataFrame
    references: tuple[Reference, ...]
    unite_denominateur: str

    @property
    def legende(self) -> str:
        """Légende sans territoire choisi."""
        return render_legende(self)

    @property
    def nom_vue(self) -> str:
        """Nom de la vue, qui lie sa légende à sa carte et à son tableau."""
        return "|".join(self.cle)


def build_vue(consultation: Consultation, cle: CleVue, fonds: Mapping[str, FondFichier]) -> VueCarte:
    """Calcule une vue.

    Args:
        consultation: publication ouverte.
        cle: vue voulue, déjà vérifiée (``etat.Choix.resolve``).
        fonds: index des fonds de carte.
    """
    choisi = consultation.find_indicateur(cle.indicateur)
    maille, departement = Maille(cle.maille), cle.departement_seul
    indicateur, valeurs = read_mesure(consultation, choisi, cle.mesure, maille, cle.periode, departement)
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        valeurs = reduce_categories(indicateur, valeurs)
    references = read_references_mesure(consultation, choisi, indicateur, cle.periode, departement)
    nom = name_portee(consultation, departement)
    fond = fonds.get(name_fond(cle.maille, cle.departement))
    codes = fond.codes if fond is not None else tuple(dict.fromkeys(valeurs.code_territoire.tolist()))
    lecture = read_carte(indicateur, valeurs, codes, _read_partagees(consultation, choisi, cle))
    resume = write_phrase(lecture, cle.periode, nom, references, maille, departement)
    legende = _build_legende(consultation, lecture, cle, nom, references)
    return VueCarte(
        indicateur=indicateur,
        choisi=choisi,
        cle=cle,
        nom=nom,
        resume=resume,
        base_legende=legende,
        lecture=lecture,
        source_html=f"{escape(legende.source)}<br>{escape(write_note(legende))}",
        source=consultation.describe_source(indicateur, cle.periode),
        message=_build_message(lecture, legende, fonds, cle, nom, resume) if fond else {},
        valeurs=_name_mixtes(valeurs) if lecture.en_typologie else valeurs,
        references=references,
        unite_denominateur=_unite_of(consultation, indicateur),
    )


def render_legende(vue: VueCarte, territoire: str = "", libelle: str = "") -> str:
    """Légende d'une vue, avec le repère du territoire choisi ; assez légère pour suivre chaque clic.

    Args:
        vue: vue montrée.
        territoire: code du territoire choisi, ou vide.
        libelle: son nom.
    """
    legende = vue.base_legende
    if territoire:
        legende = mark_territoire(legende, vue.lecture, territoire, libelle or territoire)
    nature = vue.indicateur.nature
    couleurs = (couleur_symbole(nature), couleur_cerne(nature))
    return render_legende_html(legende, couleurs_cercle=couleurs, cliquable=bool(vue.message), vue=vue.nom_vue)


def _build_message(
    lecture: LectureCarte,
    legende: Legende,
    fonds: Mapping[str, FondFichier],
    cle: CleVue,
    nom: NomTerritoire,
    aria: str,
) -> dict[str, Any]:
    pluriel = Maille(cle.maille).libelle_pluriel
    sous_titre = f"{pluriel[0].upper()}{pluriel[1:]} {nom.du_territoire}, {format_periode(cle.periode)}"
    message = build_message_carte(lecture, describe_fond(fonds, cle.maille, cle.departement), sous_titre, aria)
    # Les mêmes mots dans la légende de la page et dans celle du plein écran.
    message["textes"]["classes"] = [e.libelle for e in legende.entrees]
    return message


def _read_partagees(consultation: Consultation, choisi: Indicateur, cle: CleVue) -> pd.DataFrame | None:
    """Valeurs de la période dont la carte partage les classes."""
    maille = Maille(cle.maille)
    if not cle.classes_avec or cle.classes_avec not in consultation.list_periodes(choisi.id, maille):
        return None
    _, valeurs = read_mesure(consultation, choisi, cle.mesure, maille, cle.classes_avec, cle.departement_seul)
    return valeurs


def _name_mixtes(categories: pd.DataFrame) -> pd.DataFrame:
    """Écrit les parts d'un territoire mixte à la place de sa catégorie : jamais la plus peuplée seule."""
    return categories.assign(modalite=categories.modalite.where(~categories.mixte, "mixte (" + categories.parts + ")"))


def _build_legende(
    consultation: Consultation,
    lecture: LectureCarte,
    cle: CleVue,
    nom: NomTerritoire,
    references: tuple[Reference, ...],
) -> Legende:
    source = consultation.describe_source(lecture.indicateur, cle.periode)
    periodes = sorted({cle.periode, cle.classes_avec or cle.periode})
    contexte = ContexteLegende(
        maille=Maille(cle.maille),
        territoire_de=nom.du_territoire,
        source=source.removeprefix("Source : ").split(". Géographie")[0],
        geographie=f"01/01/{consultation.publication.cog}",
        reperes=tuple((r.libelle, r.lue.valeur) for r in references if r.lue.montrable and r.lue.valeur is not None),
        periodes=tuple(format_periode(p) for p in periodes),
    )
    return build_legende(lecture, contexte)


def _unite_of(consultation: Consultation, indicateur: Indicateur) -> str:
    """Ce que compte le dénominateur : « ménages », « habitants »."""
    if indicateur.type_mesure is TypeMesure.EFFECTIF or indicateur.type_mesure is TypeMesure.EVOLUTION:
        return ""
    variable = indicateur.denominateur or indicateur.poids
    return consultation.catalogue.variable(variable).unite if variable else "habitants"
