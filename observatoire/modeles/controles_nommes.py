"""Noms des contrôles, tels qu'une personne les lit."""

from __future__ import annotations

NOMS = {
    "archive_abimee": "archive abîmée",
    "archive_chiffree": "archive chiffrée",
    "code_inconnu": "code inconnu",
    "code_postal": "code postal",
    "codes_corriges": "codes corrigés",
    "codes_ecartes": "codes écartés",
    "colonne_absente": "colonne attendue, absente",
    "colonne_non_declaree": "colonne non déclarée",
    "communes_hors_secteur": "communes hors secteur",
    "doublon": "doublon",
    "encodage_contredit": "encodage contredit",
    "entete_introuvable": "en-tête introuvable",
    "fichier_protege": "fichier protégé",
    "format_non_lu": "format non lu",
    "guillemet_non_ferme": "guillemet non fermé",
    "ligne_repetee": "ligne répétée",
    "lignes_filtrees": "lignes laissées par un filtre",
    "millesime_ex_aequo": "millésimes possibles",
    "nombre_illisible": "nombre illisible",
    "periode_illisible": "période illisible",
    "periode_inconnue": "période inconnue",
    "quarantaine": "données personnelles",
    "table_demesuree": "table démesurée",
    "table_introuvable": "table introuvable",
    "zeros_rendus": "zéros de tête rendus",
}
_ACCENTS = {
    "a": "à", "abime": "abîmé", "demesure": "démesuré", "depasse": "dépasse", "denominateur": "dénominateur",
    "detail": "détail", "details": "détails", "entete": "en-tête", "hors": "hors", "impossibles": "impossibles",
    "inversees": "inversées", "manquants": "manquants", "meles": "mêlés", "melange": "mélange",
    "millesime": "millésime", "millesimes": "millésimes", "negatif": "négatif", "negative": "négative",
    "negatives": "négatives", "numerateur": "numérateur", "periode": "période", "precedent": "précédent",
    "repetee": "répétée", "systeme": "système", "coordonnees": "coordonnées", "annee": "année", "egal": "égal",
    "different": "différent", "superieur": "supérieur", "inferieur": "inférieur", "ecart": "écart",
}  # fmt: skip


def name_controle(code: str) -> str:
    """Nom d'un contrôle d'après son code ; un contrôle nouveau se lit déjà à peu près.

    Examples:
        >>> name_controle("zeros_rendus"), name_controle("valeur_negative")
        ('zéros de tête rendus', 'valeur négative')
    """
    return NOMS.get(code) or " ".join(_ACCENTS.get(mot, mot) for mot in code.split("_"))
