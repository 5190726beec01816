"""Adresses postales : refusées, sauf dans une liste de lieux."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import VueTable, is_texte

_VOIE = (
    r"(?:rue|avenue|av\.?|ave|bd\.?|bld|boulevard|place|pl\.?|chemin|che|ch\.|impasse|imp\.?|all[ée]es?|all\.?|route|rte|quai|"
    r"cours|square|sq\.?|esplanade|passage|sentier|ruelle|lotissement|lot\.?|r[ée]sidence|r[ée]s\.?|faubourg|fg|"
    r"mont[ée]e|villa|clos|hameau|lieu[ -]dit|street|road)"
)
_NUMEROTEE = rf"(?i)(?:^|[^0-9])\d{{1,4}}\s*(?:bis|ter|quater|[a-d])?\s*,?\s+{_VOIE}\s+\S"
_SANS_NUMERO = rf"(?i)^{_VOIE}\s+\S"
_LONGUEUR = 8
_LIGNES_MINIMALES = 3
_PART_MINIMALE = 0.1
_PART_DISTINCTE = 0.3


def find_adresses(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les voies numérotées, et les voies sans numéro sous un en-tête d'adresse."""
    for colonne in vue.colonnes:
        if colonne.longueur_max < _LONGUEUR or colonne.lettres < _LONGUEUR:
            continue
        annonce = Nature.ADRESSE in colonne.natures and Nature.COURRIEL not in colonne.natures
        voies = colonne.match(_NUMEROTEE, longueur_min=_LONGUEUR)
        if annonce:
            voies |= colonne.match(_SANS_NUMERO, longueur_min=_LONGUEUR)
            if is_texte(colonne) and colonne.part_distincte >= _PART_DISTINCTE:
                # « Le Bourg », « Résidence B » : sous cet en-tête, un texte varié est une adresse.
                voies |= True
        lignes = colonne.count(voies)
        assez = lignes >= _LIGNES_MINIMALES or colonne.share(voies) >= _PART_MINIMALE
        if not lignes or not (assez or annonce):
            continue
        if vue.liste_de_lieux or (not annonce and vue.is_libelle_territoire(colonne)):
            continue
        yield build_motif("adresse", colonne, lignes, bloquant=True)
