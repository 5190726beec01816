"""Indices tirés des noms : ils départagent, les valeurs décident."""

from __future__ import annotations

import re

_MOTS = {
    "iris": r"iris",
    "commune": r"com(m?une?s?)?(?![a-z])|insee|depcom|codgeo|numcom|municip|ville",
    "departement": r"(^|_)(dep|dept|dpt|departements?|n_dep)(_|$)|departement",
    "region": r"(^|_)(reg|regions?)(_|\d|$)|region",
    "epci": r"epci|intercommunalite|siren|groupement",
    "arrondissement": r"(^|_)(arr|arrondissements?)(_|$)|insee_arr",
    "canton_ville": r"(^|_)(can|cantons?|cv|canton_ville)(_|$)|canton",
    "code_postal": r"postal|(^|_)(cp|cpo|cpostal|codpost)(_|$)",
    "bassin_de_vie": r"bassins?_de_vie|(^|_)bv\d*(_|$)",
    "zone_emploi": r"zones?_d_emploi|zones?_emploi|(^|_)ze\d*(_|$)",
    "bassin_emploi": r"bassins?_d_?_?emploi|bassins?_emploi|(^|_)be\d{2}(_|$)",
    "unite_urbaine": r"unites?_urbaines?|(^|_)uu\d*(_|$)",
    "aire_attraction": r"aires?_d_attraction|(^|_)aav\d*(_|$)",
    "grand_quartier": r"grands?_quartiers?|grd_quart|triris",
    "finess": r"finess|(^|_)fi_e[tj](_|$)|(^|_)n?ofiness",
    "siren": r"siren",
    "note": r"(^|_)notes?(_|\d|$)|qualite_diffusion",
    "periode": r"(^|_)(an|annees?|year|periode|date|millesime|exercice|trimestre|mois|dtref\w*|time_period|anref)(_|$)"
    r"|rentree_scolaire|annee",
    "chef_lieu": r"chef_?lieu|bur_?central|cheflieu|siege",
    "libelle": r"(^|_)(lib\w*|nom\w*|libelles?|intitule|raison_sociale|denomination|ncc\w*|label)(_|$)|^lib|^nom",
    "longitude": r"(^|_)(lon|long|longitude|lng|x_wgs84|coord_x)(_|$)|longitude",
    "latitude": r"(^|_)(lat|latitude|y_wgs84|coord_y)(_|$)|latitude",
    "adresse": r"adresse|(^|_)(voie|rue|localisation)(_|$)",
    "identifiant": r"(^|_)(id|identifiant|code_?bib|numero|num|uai|finess|siret|siren|rne|n)(_|$)",
    "commune_explicite": r"commune|depcom|insee",
    "geographie": r"geo|code|insee|territoire|zone",
}
_MOTIFS = {sujet: re.compile(motif) for sujet, motif in _MOTS.items()}


def speaks_of(cle: str, sujet: str) -> bool:
    """Dit si un nom (sans accent, en minuscules, « _ » entre les mots) évoque un sujet.

    Examples:
        >>> speaks_of("code_insee_de_la_commune", "commune")
        True
        >>> speaks_of("taux", "commune")
        False
    """
    return _MOTIFS[sujet].search(cle) is not None
