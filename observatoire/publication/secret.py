"""Secret d'une publication : rejouer sa preuve, dire à qui y a droit pourquoi une case est masquée."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.config import Espace
from observatoire.errors import TerritoireInconnuError
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut
from observatoire.publication.droits import DroitError, Role, check_droit, load_regles
from observatoire.publication.secret_cellule import Cellule, parse_cellule
from observatoire.registres.base import Registres, open_registres
from observatoire.registres.journal import Ecriture, append
from observatoire.secret.auditer import AuditSysteme, count_systemes, find_montrees, replay
from observatoire.secret.expliquer import Demande, Motif, explain
from observatoire.store.publications import load_publication

REFUS = "Cette explication est réservée aux valideurs de l'espace (« roles » dans espace.yaml)."
"""Seule réponse à qui n'y a pas droit : elle ne dépend pas de la case, qui n'est pas même cherchée."""


@dataclass(frozen=True)
class Audit:
    """Preuve rejouée d'une publication ; aucune valeur.

    Attributes:
        publication: son identifiant.
        systemes: une ligne par source et période d'effectifs exacts.
        ecarts: ce que la diffusion montre et ne devrait pas.
    """

    publication: str
    systemes: tuple[AuditSysteme, ...]
    ecarts: tuple[str, ...]

    @property
    def tient(self) -> bool:
        """Vrai si aucune case ne cède et si la diffusion suit la table privée."""
        return not self.ecarts and not any(s.fautes or s.incoherence for s in self.systemes)


@dataclass(frozen=True)
class Explication:
    """Pourquoi une case est masquée, ou ne l'est pas.

    Attributes:
        cellule: désignation complète de la case.
        libelle: indicateur.
        territoire: nom et niveau.
        periode: période mesurée.
        statut: statut publié.
        regle: règle de secret.
        reference: ce qui la fonde.
        motifs: une ligne par nombre exact employé ; aucun pour des données déjà protégées.
    """

    cellule: str
    libelle: str
    territoire: str
    periode: str
    statut: str
    regle: str
    reference: str
    motifs: tuple[Motif, ...]

    @property
    def masquee(self) -> bool:
        """Vrai si le public lit « masqué »."""
        return self.statut == Statut.SECRET

    @property
    def publiee(self) -> bool:
        """Vrai si le public lit un nombre."""
        return self.statut not in STATUTS_SANS_VALEUR

    def to_dict(self) -> dict[str, Any]:
        """Forme JSON."""
        return asdict(self) | {"masquee": self.masquee}


def count_etapes(espace: Espace, publication: str | None = None) -> int:
    """Nombre d'appels que ``auditer`` fera à sa progression."""
    return count_systemes(espace, load_publication(espace, publication).id) + 1


def auditer(espace: Espace, publication: str | None, progression: Callable[[str], None]) -> Audit:
    """Refait la preuve d'une publication depuis le socle, et vérifie que la diffusion la suit.

    Args:
        espace: espace qui porte le socle.
        publication: son identifiant ; la courante par défaut.
        progression: appelée à chaque étape avec son nom.

    Raises:
        PublicationError: publication inconnue, ou socle absent de cette machine.
    """
    consultation = open_consultation(espace, publication)
    identifiant = consultation.publication.id
    systemes = replay(espace, identifiant, consultation.catalogue, progression)
    progression("Diffusion")
    ecarts = _check_diffusion(consultation) if systemes else ()
    return Audit(identifiant, systemes, tuple(ecarts))


def expliquer(espace: Espace, cellule: str, *, auteur: str, publication: str | None = None) -> Explication:
    """Dit pourquoi une case est masquée ou non, à un valideur ; la demande est d'abord inscrite au journal.

    Args:
        espace: espace qui porte le socle.
        cellule: « indicateur:niveau:code:periode[:modalite] ».
        auteur: identifiant pseudonyme de qui demande.
        publication: publication visée ; la courante par défaut.

    Raises:
        AppelError: la case est mal désignée, ou n'existe pas.
        DroitError: l'auteur n'est pas valideur ; le message ne dit rien de la case.
    """
    registres = open_registres(espace)
    role = _check_acces(espace, registres, auteur)
    consultation = open_consultation(espace, publication)
    identifiant = consultation.publication.id
    case = parse_cellule(cellule, consultation)
    append(registres, Ecriture(auteur, str(role), "consultation", motif=str(case), publication=identifiant))
    observation = _read_observation(consultation, case)
    regle = consultation.catalogue.secrets[case.indicateur.secret]
    demandes = _list_demandes(case, str(observation.get("periode_denominateur") or ""))
    return Explication(
        cellule=str(case),
        libelle=case.indicateur.libelle,
        territoire=f"{case.libelle} ({case.maille.libelle} {case.code})",
        periode=case.periode,
        statut=str(observation["statut"]),
        regle=regle.libelle,
        reference=regle.reference,
        motifs=explain(espace, identifiant, consultation.catalogue, demandes, lambda m, c: _name(consultation, m, c)),
    )


def _check_acces(espace: Espace, registres: Registres, auteur: str) -> Role:
    """Rôle de qui demande ; un refus s'inscrit au journal, et ne dit rien."""
    regles = load_regles(espace)
    try:
        return check_droit(regles, auteur, Role.VALIDEUR, "expliquer")
    except DroitError:
        append(registres, Ecriture(auteur, str(regles.role_of(auteur)), "consultation_refusee"))
        raise DroitError(REFUS) from None


def _list_demandes(case: Cellule, periode_denominateur: str) -> list[Demande]:
    """Nombres qu'emploie la case, et leur rôle."""
    numerateur, denominateur = _name_variables(case.indicateur)
    evolution = case.indicateur.type_mesure is TypeMesure.EVOLUTION
    fin = case.periode.split("-")[-1] if evolution else case.periode
    lieu = (str(case.maille), case.code)
    demandes = [Demande("numérateur", numerateur, fin, *lieu, case.modalite)]
    if denominateur:
        demandes.append(Demande("dénominateur", denominateur, periode_denominateur or fin, *lieu, ""))
    return demandes


def _read_observation(consultation: Consultation, case: Cellule) -> dict[str, Any]:
    lues = consultation.read_valeur(case.indicateur, case.maille, case.periode, case.code)
    siennes = lues[lues.modalite == case.modalite]
    if siennes.empty:
        return {"statut": str(Statut.NON_DISPONIBLE)}
    return dict(siennes.iloc[0])


def _name(consultation: Consultation, maille: str, code: str) -> str:
    """Nom d'un territoire, ou son code s'il n'est pas publié."""
    niveau = Maille(maille)
    try:
        return f"{consultation.territoires.libelle(niveau, code)} ({niveau.libelle})"
    except TerritoireInconnuError:
        return f"{niveau.libelle} {code}"


def _check_diffusion(consultation: Consultation) -> list[str]:
    """Nombres que la diffusion montre alors que la porte les avait masqués : il ne doit y en avoir aucun."""
    espace, identifiant = consultation.espace, consultation.publication.id
    ecarts = []
    for fiche in consultation.catalogue.indicateurs.values():
        if consultation.catalogue.secrets[fiche.secret].mode != "C":
            continue
        for maille in consultation.list_mailles(fiche.id):
            for periode in consultation.list_periodes(fiche.id, maille):
                nombres = _list_nombres(consultation, fiche, maille, periode)
                if montrees := int(find_montrees(espace, identifiant, nombres).sum()):
                    lieu = f"{fiche.id}, {maille.libelle_pluriel}, {periode}"
                    ecarts.append(f"{lieu} : nombres montrés qui devaient être masqués ({montrees}).")
    return ecarts


def _list_nombres(consultation: Consultation, fiche: Indicateur, maille: Maille, periode: str) -> pd.DataFrame:
    """Numérateurs et dénominateurs montrés, sous le nom de la case qu'ils emploient."""
    lues = consultation.read_valeurs(fiche, maille, periode)
    lieu = lues[["code_territoire"]].assign(maille=str(maille))
    numerateur, denominateur = _name_variables(fiche)
    fin, debut = (periode.split("-")[::-1] * 2)[:2] if fiche.type_mesure is TypeMesure.EVOLUTION else (periode, None)
    num = lieu.assign(variable=numerateur, periode=fin, modalite=lues.modalite, nombre=lues.numerateur)
    den = lieu.assign(
        variable=denominateur, periode=debut or lues.periode_denominateur, modalite="", nombre=lues.denominateur
    )
    return pd.concat([num, den], ignore_index=True)


def _name_variables(fiche: Indicateur) -> tuple[str, str]:
    """Cases du numérateur et du dénominateur ; une moyenne se sait par ce qu'elle pondère."""
    if fiche.poids:
        return f"{fiche.numerateur} × {fiche.poids}", fiche.poids
    evolution = fiche.type_mesure is TypeMesure.EVOLUTION
    return fiche.numerateur, fiche.numerateur if evolution else fiche.denominateur or ""
