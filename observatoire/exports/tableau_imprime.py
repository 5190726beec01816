"""Tableau complet d'une carte, pour le papier : serré, en colonnes, signes expliqués au pied."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from observatoire.analyse.bornes import DEDUIT, widen_bornes
from observatoire.cartes.categories import shorten_libelle
from observatoire.exports.tableau import BORNES, MIXTE
from observatoire.modeles.nombres import INSECABLE, compute_decimales, format_nombre, format_part_sur, format_unite
from observatoire.modeles.statuts import DESCRIPTIONS, Statut

if TYPE_CHECKING:
    from observatoire.exports.tableau import Tableau
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.modeles.mailles import Maille

LIGNES_MAX = 2500
"""Au-delà (les communes de France), un tableau de deux cents pages ne s'imprime pas : le fichier le remplace."""
COLONNES_LARGES, COLONNES_ETROITES = 2, 3
SIGNE_CORRIGE = "r"
"""Révisé : le chiffre a été corrigé depuis sa parution."""
_SIGNES = {description.libelle: description.signe for description in DESCRIPTIONS.values()}


def render_tableau(tableau: Tableau, indicateur: Indicateur, maille: Maille, titre: str) -> str:
    """Tableau en HTML, en deux ou trois colonnes de journal ; une phrase s'il est trop long pour le papier.

    Args:
        tableau: lignes, déjà par ordre alphabétique.
        indicateur: fiche de ce qui est montré.
        maille: niveau des lignes.
        titre: légende du tableau.
    """
    nombre = len(tableau.lignes)
    if nombre > LIGNES_MAX:
        return (
            f'<p class="note">Le tableau des {format_nombre(nombre)} {escape(maille.libelle_pluriel)} '
            "n'est pas imprimé : le télécharger au format XLSX depuis la carte.</p>"
        )
    colonnes = _make_colonnes(tableau, indicateur)
    classes = ["" if nom == "categorie" else ' class="nombre"' for nom in colonnes]
    corps = "".join(
        f'<tr><th scope="row">{escape(nom)}</th>'
        + "".join(f"<td{classe}>{escape(texte)}</td>" for classe, texte in zip(classes, textes, strict=True))
        + "</tr>"
        for nom, *textes in zip(tableau.lignes["territoire"].tolist(), *colonnes.values(), strict=True)
    )
    entetes = "".join(
        f'<th scope="col"{classe}>{escape(_name_colonne(nom, indicateur))}</th>'
        for nom, classe in zip(colonnes, classes, strict=True)
    )
    premiere = maille.libelle[0].upper() + maille.libelle[1:]
    journal = COLONNES_LARGES if len(colonnes) > 1 or tableau.en_typologie else COLONNES_ETROITES
    return (
        f'<h2 id="tableau">{escape(titre)}</h2>'
        f'<div class="colonnes" style="columns:{journal}"><table aria-labelledby="tableau">'
        f'<thead><tr><th scope="col">{escape(premiere)}</th>{entetes}</tr></thead>'
        f"<tbody>{corps}</tbody></table></div>{_explain(tableau)}"
    )


def _make_colonnes(tableau: Tableau, indicateur: Indicateur) -> dict[str, list[str]]:
    """Textes de chaque colonne ; une colonne vide n'est pas imprimée."""
    lignes = tableau.lignes
    signes = [_SIGNES[libelle] for libelle in lignes["statut"].tolist()]
    if tableau.en_typologie:
        morceaux = zip(lignes["categorie"].tolist(), lignes["remarque"].tolist(), signes, strict=True)
        colonnes = {"categorie": [_write_categorie(*m) for m in morceaux]}
    else:
        nombres = lignes[["valeur", "borne_inf", "borne_sup", "nombre", "sur"]].to_numpy(dtype=np.float64).tolist()
        decimales = [compute_decimales(indicateur.decimales, n[4] if n[4] == n[4] else None) for n in nombres]
        colonnes = {
            "valeur": [
                _write_valeur(n[0], d, f"{s} {SIGNE_CORRIGE}".strip() if code in tableau.corrections else s)
                for n, d, s, code in zip(nombres, decimales, signes, lignes["code"].tolist(), strict=True)
            ],
            "intervalle": [_write_intervalle(n[0], n[1], n[2], d) for n, d in zip(nombres, decimales, strict=True)],
            "effectif": [_write_part(n[3], n[4]) for n in nombres],
        }
    return {nom: textes for nom, textes in colonnes.items() if nom in ("valeur", "categorie") or any(textes)}


def _write_categorie(categorie: str, remarque: str, signe: str) -> str:
    if categorie == MIXTE:
        return f"{MIXTE}{INSECABLE}: {remarque}"
    return f"{shorten_libelle(categorie)} {signe}".strip()


def _write_valeur(valeur: float, decimales: int, signe: str) -> str:
    if valeur != valeur:  # noqa: PLR0124 -- nan
        return signe or DESCRIPTIONS[Statut.NON_DISPONIBLE].signe
    return f"{format_nombre(valeur, decimales)} {signe}".rstrip()


def _write_intervalle(valeur: float, bas: float, haut: float, decimales: int) -> str:
    if valeur != valeur:  # noqa: PLR0124 -- nan : une valeur masquée, et ce qui s'en déduit
        return _write_deduit(bas, haut, decimales)
    if bas != bas or haut != haut:  # noqa: PLR0124 -- nan
        return ""
    textes = format_nombre(bas, decimales), format_nombre(haut, decimales)
    return "" if textes[0] == textes[1] else " – ".join(textes)


def _write_deduit(bas: float, haut: float, decimales: int) -> str:
    debut, fin = ("" if b is None else format_nombre(b, decimales) for b in widen_bornes(bas, haut, decimales))
    if debut and fin:
        return f"{debut} – {fin}"
    return f"au moins {debut}" if debut else f"au plus {fin}" if fin else ""


def _write_part(nombre: float, sur: float) -> str:
    if nombre != nombre or sur != sur:  # noqa: PLR0124 -- nan
        return ""
    return format_part_sur(nombre, sur)


def _name_colonne(nom: str, indicateur: Indicateur) -> str:
    unite = format_unite(indicateur.unite)
    noms = {
        "valeur": f"En{INSECABLE}{unite}" if unite else "Valeur",
        "intervalle": "Intervalle",
        "effectif": "n sur N",
        "categorie": "Catégorie",
    }
    return noms[nom]


def _explain(tableau: Tableau) -> str:
    """Signes employés, expliqués ; rien si toutes les valeurs sont publiées telles quelles."""
    textes = [
        f"{s.signe} : {s.libelle}. {DESCRIPTIONS[s].explication}" for s in tableau.statuts if DESCRIPTIONS[s].signe
    ]
    if _has_deduites(tableau):
        textes.append(f"Intervalle d'une valeur masquée : {DEDUIT}.")
    note = f'<p class="note signes">{escape(" · ".join(textes))}</p>' if textes else ""
    return note + _list_corrections(tableau)


def _has_deduites(tableau: Tableau) -> bool:
    """Vrai si une valeur masquée a des bornes."""
    if tableau.en_typologie:
        return False
    lignes = tableau.lignes
    return bool((lignes["valeur"].isna() & lignes[[*BORNES]].notna().any(axis=1)).any())


def _list_corrections(tableau: Tableau) -> str:
    """Chiffres corrigés, territoire par territoire, dans l'ordre du tableau."""
    if not tableau.corrections:
        return ""
    couples = zip(tableau.lignes["code"].tolist(), tableau.lignes["territoire"].tolist(), strict=True)
    textes = [f"{nom}{INSECABLE}: {tableau.corrections[code]}" for code, nom in couples if code in tableau.corrections]
    return f'<p class="note signes">{SIGNE_CORRIGE} : chiffre corrigé. {escape(" ; ".join(textes))}.</p>'
