"""Vue : tout ce qu'une carte montre (phrase, légende, valeurs codées, tableau), calculé une fois par clé."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portee import Reference, name_portee, read_references
from observatoire.cartes.categories import reduce_categories
from observatoire.cartes.couche import describe_fond
from observatoire.cartes.fond import FRANCE, FondFichier, name_fond
from observatoire.cartes.lecture import LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende, write_note
from observatoire.cartes.legende_html import RAYON_MAX_PX, render_legende_html
from observatoire.cartes.palettes import couleur_cerne, couleur_symbole, rampe, typologie
from observatoire.cartes.phrase import write_phrase
from observatoire.cartes.valeurs import (
    dessin_aplats,
    dessin_symboles,
    dessin_typologie,
    encode_valeurs,
    make_textes,
)
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_unite
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class CleVue(NamedTuple):
    """Ce qui désigne une vue dans une publication ; ``departement`` vaut ``"FR"`` pour la France entière."""

    indicateur: str
    maille: str
    periode: str
    departement: str

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
    cle: CleVue
    nom: NomTerritoire
    resume: str
    legende: str
    source: str
    source_html: str
    """Source et portée des classes, à écrire sous la carte."""
    message: dict[str, Any]
    valeurs: pd.DataFrame
    references: tuple[Reference, ...]
    unite_denominateur: str


def build_vue(consultation: Consultation, cle: CleVue, fonds: Mapping[str, FondFichier]) -> VueCarte:
    """Calcule une vue.

    Args:
        consultation: publication ouverte.
        cle: vue voulue, déjà vérifiée (``etat.Choix.resolve``).
        fonds: index des fonds de carte.
    """
    indicateur = consultation.find_indicateur(cle.indicateur)
    maille = Maille(cle.maille)
    valeurs = consultation.read_valeurs(indicateur, maille, cle.periode, cle.departement_seul)
    departement = cle.departement_seul
    references = read_references(consultation, indicateur, cle.periode, departement)
    nom = name_portee(consultation, departement)
    fond = fonds.get(name_fond(cle.maille, cle.departement))
    codes = fond.codes if fond is not None else tuple(dict.fromkeys(valeurs.code_territoire))
    lecture = read_carte(indicateur, valeurs, codes)
    source = consultation.describe_source(indicateur, cle.periode)
    resume = write_phrase(lecture, cle.periode, nom, references, maille, departement)
    legende = _build_legende(consultation, lecture, cle, nom, references)
    couleurs = (couleur_symbole(indicateur.nature), couleur_cerne(indicateur.nature))
    return VueCarte(
        indicateur=indicateur,
        cle=cle,
        nom=nom,
        resume=resume,
        legende=render_legende_html(legende, couleurs_cercle=couleurs),
        source_html=f"{escape(legende.source)}<br>{escape(write_note(legende))}",
        source=source,
        message=_build_message(lecture, describe_fond(fonds, cle.maille, cle.departement), resume) if fond else {},
        valeurs=_name_mixtes(reduce_categories(indicateur, valeurs)) if lecture.en_typologie else valeurs,
        references=references,
        unite_denominateur=_unite_of(consultation, indicateur),
    )


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
    indicateur = lecture.indicateur
    source = consultation.describe_source(indicateur, cle.periode)
    contexte = ContexteLegende(
        maille=Maille(cle.maille),
        territoire_de=nom.du_territoire,
        source=source.removeprefix("Source : ").split(". Géographie")[0],
        geographie=f"01/01/{consultation.publication.cog}",
        reperes=tuple((r.libelle, r.lue.valeur) for r in references if r.lue.montrable and r.lue.valeur is not None),
    )
    return build_legende(lecture, contexte)


def _build_message(lecture: LectureCarte, fond: dict[str, Any], aria: str) -> dict[str, Any]:
    indicateur, table, decoupage = lecture.indicateur, lecture.table, lecture.decoupage
    valeurs = table["classe"].where(table["classe"] >= 0) if lecture.en_typologie else table["valeur"]
    statuts = table["statut"].astype(object).where(table["statut"].notna(), str(Statut.NON_DISPONIBLE))
    # Un statut qui promet une valeur et n'en a pas se dessine « sans donnée ».
    promis = valeurs.isna() & ~statuts.isin([str(s) for s in STATUTS_SANS_VALEUR])
    statuts = statuts.mask(promis, str(Statut.NON_DISPONIBLE))
    en_aplats = not lecture.en_symboles and not lecture.en_typologie
    codees = encode_valeurs(
        valeurs.to_numpy(dtype=float, na_value=float("nan")),
        statuts.tolist(),
        decimales=0 if lecture.en_typologie else indicateur.decimales,
        bornes_classes=decoupage.bornes if en_aplats else (),
        bornes_inf=None if lecture.en_typologie else table["borne_inf"].to_numpy(dtype=float),
        bornes_sup=None if lecture.en_typologie else table["borne_sup"].to_numpy(dtype=float),
        zeros_vrais=not lecture.en_typologie and not bool((valeurs < 0).any()),
    )
    return {
        "fond": fond,
        "valeurs": codees,
        "dessin": _choose_dessin(lecture),
        "textes": make_textes(
            indicateur.libelle_court,
            format_unite(indicateur.unite),
            indicateur.decimales,
            signe=indicateur.type_mesure is TypeMesure.EVOLUTION,
        ),
        "aria": aria,
    }


def _choose_dessin(lecture: LectureCarte) -> dict[str, Any]:
    indicateur, decoupage = lecture.indicateur, lecture.decoupage
    if lecture.en_typologie:
        libelles = [m.libelle for m in indicateur.modalites]
        return dessin_typologie(typologie(max(1, len(libelles))), libelles, lecture.parts_mixtes)
    if lecture.en_symboles:
        return dessin_symboles(
            couleur_symbole(indicateur.nature), couleur_cerne(indicateur.nature), decoupage.maximum or 0.0, RAYON_MAX_PX
        )
    return dessin_aplats(rampe(indicateur.nature, max(1, decoupage.nombre)), decoupage.bornes)


def _unite_of(consultation: Consultation, indicateur: Indicateur) -> str:
    """Ce que compte le dénominateur : « ménages », « habitants »."""
    if indicateur.type_mesure is TypeMesure.EFFECTIF or indicateur.type_mesure is TypeMesure.EVOLUTION:
        return ""
    variable = indicateur.denominateur or indicateur.poids
    return consultation.catalogue.variable(variable).unite if variable else "habitants"
