"""Vérifier le fichier en cours : contrôle, colonnes, classeur des fautes ; et le déposer quand il est juste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.atelier.classeur_fautes import write_classeur_fautes
from observatoire.app.atelier.correspondances import read_colonnes
from observatoire.app.atelier.suivi import run_suivi
from observatoire.modeles.anomalies import Gravite
from observatoire.publication.deposer import ETAPES, ResultatDepot, controler, deposer

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.app.atelier.en_cours import EnCours
    from observatoire.app.atelier.travaux import Progression

_ETAPES = ("lecture et contrôle", "colonnes du fichier", "classeur des points à corriger")


def default_motif(fichier: str) -> str:
    """Motif d'un dépôt dont la personne n'en a pas dit."""
    return f"dépôt de {fichier}"


def verify_fichier(contexte: Contexte, en_cours: EnCours) -> None:
    """Contrôle le fichier en cours et garde le rapport avec lui ; rien n'est déposé.

    Un fichier de données individuelles est effacé aussitôt, et son refus inscrit au journal.
    """
    reponses = en_cours.reponses

    def faire(avancer: Progression) -> None:
        avancer(_ETAPES[0])
        rapport = controler(
            contexte.espace,
            en_cours.chemin,
            source=reponses.source,
            periode=reponses.periode or None,
            maille=reponses.maille,
            cog=reponses.cog,
            confidentialite=reponses.confidentialite,
        )
        en_cours.rapport, en_cours.colonnes, en_cours.classeur = rapport, (), None
        if rapport.quarantaine:
            # Le dépôt refuse à son tour, et c'est lui qui inscrit le refus, sans rien garder.
            _deposer(contexte, en_cours, "", avancer)
            return
        source = contexte.catalogue.sources[reponses.source]
        avancer(_ETAPES[1])
        en_cours.colonnes = read_colonnes(en_cours.chemin, source, reponses)
        avancer(_ETAPES[2])
        if any(a.gravite is not Gravite.INFORMATION for a in rapport.anomalies):
            en_cours.classeur = write_classeur_fautes(en_cours.chemin, source, reponses, rapport)

    cle = (str(contexte.espace.racine), "verification", str(en_cours.chemin))
    run_suivi(cle, "Vérification", faire, total=len(_ETAPES))


def depose_fichier(contexte: Contexte, en_cours: EnCours, motif: str) -> ResultatDepot:
    """Scelle le fichier en cours et en prépare le brouillon.

    Raises:
        EspaceOccupeError: un autre écrivain tient l'espace.
    """
    cle = (str(contexte.espace.racine), "depot", str(en_cours.chemin))
    return run_suivi(cle, "Dépôt", lambda avancer: _deposer(contexte, en_cours, motif, avancer), total=len(ETAPES))


def _deposer(contexte: Contexte, en_cours: EnCours, motif: str, avancer: Progression) -> ResultatDepot:
    reponses = en_cours.reponses
    return deposer(
        contexte.espace,
        en_cours.chemin,
        source=reponses.source,
        auteur=contexte.personne.auteur,
        motif=motif,
        periode=reponses.periode or None,
        maille=reponses.maille,
        cog=reponses.cog,
        nature=reponses.nature,
        confidentialite=reponses.confidentialite,
        progression=lambda etape: avancer(etape.lower()),
    )
