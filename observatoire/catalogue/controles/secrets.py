"""Règles de secret : chacune a sa référence et les seuls champs de son mode, et convient à ses indicateurs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.catalogue.proches import find_proche, normalise
from observatoire.modeles.indicateurs import Indicateur, Nature, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import RegleSecret

SEUIL_MINIMAL = 2
"""Sous ce seuil, une règle ne protégerait aucun effectif."""
SEUIL_SANTE = 11
"""Plus petit effectif diffusable de personnes malades ou handicapées (méthodes §9)."""
_REFERENCE_MINIMALE = 10
_PROPRES_AU_MODE_C = (
    "complement", "homogene", "dominance", "contributeurs_min", "arrondi_zones", "zone_unites_min",
    "zone_habitants_min",
)  # fmt: skip
_SANS_PROTECTION = frozenset({TypeMesure.TYPOLOGIE, TypeMesure.QUANTILE, TypeMesure.INDICE, TypeMesure.ACCESSIBILITE})
_MONTANT = re.compile(r"€|\beuros?\b", re.IGNORECASE)
_SANTE = re.compile(
    r"\b(handicap\w*|invalid\w*|aah|pch|aeeh|maladie\w*|malade\w*|affections?|ald|hospitali\w*|psychiatr\w*|"
    r"addict\w*|soins|patients?|sante)\b"
)
_PROBLEMATIQUE_SANTE = "sante"


class Reproche(NamedTuple):
    """Champ fautif, message, et mot valide le plus proche."""

    champ: str
    message: str
    proche: str | None = None


def check_secrets(brouillon: Brouillon) -> Iterator[Faute]:
    """Chaque règle tient dans son mode ; un indicateur d'effectifs exacts peut être protégé."""
    for fiche in brouillon.secrets.values():
        if fiche.objet is not None:
            for r in _check_regle(fiche.objet):
                yield fiche.document.faute(f"règle « {fiche.id} » : {r.message}", *fiche.prefixe, r.champ)
    for fiche_indicateur, indicateur in brouillon.bien_formes():
        regle = brouillon.secrets.get(indicateur.secret)
        if regle is not None and regle.objet is not None and regle.objet.mode == "C":
            for r in _check_exact(brouillon, indicateur, regle.objet):
                message = f"« {r.champ} » : {r.message}"
                yield fiche_indicateur.document.faute(message, r.champ, proche=r.proche)


def _check_regle(regle: RegleSecret) -> Iterator[Reproche]:
    """Champs d'une règle qui manquent, ou que son mode ne lirait pas."""
    if len(regle.reference.strip()) < _REFERENCE_MINIMALE:
        yield Reproche("reference", "« reference » est vide ; dites le texte ou la convention qui la fixe")
    yield from _check_mode_c(regle) if regle.mode == "C" else _check_mode_p(regle)


def _check_mode_c(regle: RegleSecret) -> Iterator[Reproche]:
    if regle.seuil < SEUIL_MINIMAL:
        yield Reproche(
            "seuil",
            "en mode C, « seuil » dit le plus petit effectif diffusable ; "
            f"écrivez {SEUIL_MINIMAL} au moins (5 ou 11 d'ordinaire)",
        )
    for champ in ("arrondi", "masque_sous_seuil"):
        if getattr(regle, champ):
            yield Reproche(
                champ,
                f"« {champ} » décrit une protection déjà faite par le producteur ; retirez-le, ou écrivez « mode: P »",
            )


def _check_mode_p(regle: RegleSecret) -> Iterator[Reproche]:
    for champ in _PROPRES_AU_MODE_C:
        if champ in regle.model_fields_set:
            yield Reproche(
                champ,
                f"« {champ} » ne sert qu'aux effectifs exacts, que l'observatoire protège lui-même ; "
                "retirez-le, ou écrivez « mode: C »",
            )
    dit = "zeros_publies" in regle.model_fields_set
    if not regle.masque_sous_seuil:
        if dit:
            yield Reproche(
                "zeros_publies",
                "en mode P, « zeros_publies » ne sert qu'avec « masque_sous_seuil » ; "
                "retirez-le, ou écrivez « mode: C »",
            )
        return
    if regle.seuil < SEUIL_MINIMAL:
        yield Reproche("masque_sous_seuil", "« masque_sous_seuil » demande « seuil », le plus petit effectif montré")
    if not dit:
        yield Reproche(
            "masque_sous_seuil",
            "« masque_sous_seuil » demande « zeros_publies » : true si le producteur montre ses zéros, "
            "false si une valeur masquée peut valoir zéro",
        )


def _check_exact(brouillon: Brouillon, indicateur: Indicateur, regle: RegleSecret) -> Iterator[Reproche]:
    """Ce qui empêche de protéger un indicateur d'effectifs exacts."""
    if indicateur.type_mesure in _SANS_PROTECTION:
        yield Reproche(
            "type_mesure",
            f"« {indicateur.type_mesure} » ne peut pas être protégé par la règle « {regle.id} » (mode C) : une classe, "
            "une médiane ou un indice ne s'additionne pas, rien n'y serait prouvé ; permis : effectif, ratio, densite, "
            "evolution, moyenne ; sinon, demandez au producteur des valeurs déjà protégées, et une règle de mode P",
        )
    yield from _check_montants(brouillon, indicateur, regle)
    if is_sante(indicateur):
        yield from _check_sante(brouillon, indicateur, regle)


def _check_sante(brouillon: Brouillon, indicateur: Indicateur, regle: RegleSecret) -> Iterator[Reproche]:
    if regle.seuil < SEUIL_SANTE:
        regles = [f.objet for f in brouillon.secrets.values() if f.objet is not None and f.objet.mode == "C"]
        assez = [r.id for r in regles if r.seuil >= SEUIL_SANTE]
        yield Reproche(
            "secret",
            f"la règle « {regle.id} » diffuse dès {regle.seuil} ; pour la santé ou le handicap, le seuil est "
            f"{SEUIL_SANTE} au moins ; règles permises : {', '.join(assez) or 'aucune, ajoutez-en une'}",
            find_proche(indicateur.secret, assez),
        )
    if Maille.IRIS in indicateur.mailles:
        yield Reproche(
            "mailles",
            "des effectifs exacts de santé ou de handicap ne se diffusent pas à l'IRIS ; retirez « iris »",
        )


def is_sante(indicateur: Indicateur) -> bool:
    """Vrai si l'indicateur compte des personnes malades ou handicapées, d'après son thème ou ses mots."""
    if indicateur.nature is Nature.RESSOURCE:
        return False
    mots = " ".join(normalise(t).replace("_", " ") for t in (indicateur.libelle, indicateur.definition))
    return _PROBLEMATIQUE_SANTE in indicateur.problematiques or bool(_SANTE.search(mots))


def _check_montants(brouillon: Brouillon, indicateur: Indicateur, regle: RegleSecret) -> Iterator[Reproche]:
    fiche = brouillon.sources.get(indicateur.source)
    source = fiche.objet if fiche is not None else None
    if source is None:
        return
    for champ in ("numerateur", "denominateur", "poids"):
        nom = getattr(indicateur, champ)
        variable = source.variables.get(nom) if nom else None
        if variable is None or not _MONTANT.search(variable.unite) or variable.contributeurs is not None:
            continue
        comptes = [n for n, v in source.variables.items() if v.additive and not _MONTANT.search(v.unite)]
        yield Reproche(
            champ,
            f"« {nom} » est un montant sous la règle « {regle.id} » (mode C) : sans le nombre de ceux qui le "
            "composent, rien ne dit qu'un seul n'en fait l'essentiel ; dites-le par « contributeurs » dans "
            f"_sources/{source.id}.yaml",
            find_proche(nom, comptes),
        )
