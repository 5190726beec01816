"""Producteurs habituels, reconnus à leur nom dans un titre ou un nom de fichier."""

from __future__ import annotations

import re

_PRODUCTEURS = (
    (r"\bdrees\b", "DREES"),
    (r"\bdares\b", "Dares"),
    (r"\bfrance[ _-]travail\b", "France Travail"),
    (r"\bp[ôo]le[ _-]emploi\b", "Pôle emploi"),
    (r"\bcartosant[ée]\b|\batlasant[ée]\b", "Cartosanté (Atlasanté)"),
    (r"\bccmsa\b|\bmsa\b", "Mutualité sociale agricole (MSA)"),
    (r"\bcnaf\b|\bcaf\b", "Cnaf"),
    (r"\bcarsat\b|\bcnav\b", "Assurance retraite"),
    (r"\bcnam\b|\bameli\b", "Assurance maladie"),
    (r"\bdgfip\b|\bircom\b", "Direction générale des finances publiques (DGFiP)"),
    (r"\bdgcl\b|\bbanatic\b", "DGCL"),
    (r"\bdepp\b|[ée]ducation nationale", "Ministère de l'Éducation nationale"),
    (r"\bssmsi\b", "SSMSI"),
    (r"\bsdes\b|\brpls\b", "SDES"),
    (r"\banct\b|observatoire des territoires", "ANCT"),
    (r"\bfiness\b", "Agence du numérique en santé"),
    (r"\bla ?poste\b|hexasmal", "La Poste"),
    (r"\bign\b|admin ?express", "IGN"),
    (r"\binsee\b|\bfilo\w*|\bds_\w+|\bbase[_-](ic|cc)\b", "Insee"),
)


def guess_producteur(textes: tuple[str, ...]) -> str:
    """Producteur nommé dans un titre ou un nom de fichier ; vide si aucun ne l'est.

    Args:
        textes: titres et nom du fichier.

    Examples:
        >>> guess_producteur(("Source : DREES, enquête Aide sociale",))
        'DREES'
    """
    for texte in textes:
        plat = re.sub(r"[_.]+", " ", texte.lower())
        for motif, nom in _PRODUCTEURS:
            if re.search(motif, plat):
                return nom
    return ""
