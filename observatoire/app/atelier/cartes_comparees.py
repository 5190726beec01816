"""Trois petites cartes d'une même échelle : en ligne, à venir, écart."""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.app import cache
from observatoire.cartes.apercu import Trace, draw_apercu, load_traces
from observatoire.cartes.classes import choose_classes, find_classes
from observatoire.cartes.fond import FRANCE, name_fond
from observatoire.cartes.palettes import (
    DESSIN_NON_SIGNIFICATIF,
    DESSIN_SANS_DONNEE,
    DESSIN_SECRET,
    DESSIN_ZERO,
    ECART,
    couleur_symbole,
    rampe,
)
from observatoire.modeles.indicateurs import Indicateur, Representation, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_nombre, format_unite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.atelier.etat import EtatAtelier

TERRITOIRES_MAX = 1_300
RAYON = 26
_BAISSE, _EGAL, _HAUSSE = (ECART[0], ECART[2]), ECART[3], (ECART[4], ECART[6])
_STATUTS = {"secret": DESSIN_SECRET.fond, "non_significatif": DESSIN_NON_SIGNIFICATIF.fond}


@dataclass(frozen=True)
class Comparaison:
    """Valeurs d'un niveau avant et après, territoire par territoire.

    Attributes:
        indicateur: fiche.
        maille: niveau.
        periode: période.
        departement: portée (``FR`` : la France entière).
        table: index ``code`` ; ``avant, apres, statut_avant, statut_apres``.
    """

    indicateur: Indicateur
    maille: Maille
    periode: str
    departement: str
    table: pd.DataFrame


def build_comparaison(
    consultation: Consultation, lignes: pd.DataFrame, indicateur: Indicateur, etat: EtatAtelier
) -> Comparaison | None:
    """Avant et après d'un niveau : ce qui est en ligne, et ce qu'en fait le dépôt.

    Args:
        consultation: publication en ligne.
        lignes: lignes qui changent (``comparaison.COLONNES``), de cet indicateur.
        indicateur: fiche montrée.
        etat: niveau, période et département de l'adresse, déjà valides.
    """
    maille, departement = Maille(etat.maille), "" if etat.departement == FRANCE else etat.departement
    territoires = consultation.territoires.list_territoires(maille, departement or None)
    if territoires.empty:
        return None
    vide = pd.Series(np.nan, index=territoires.code.to_numpy())
    table = pd.DataFrame({"avant": vide, "apres": vide, "statut_avant": "", "statut_apres": ""})
    if etat.periode in consultation.list_periodes(indicateur.id, maille):
        fiche = consultation.catalogue.indicateurs.get(indicateur.id, indicateur)
        valeurs = consultation.read_valeurs(fiche, maille, etat.periode, departement or None)
        valeurs = valeurs.drop_duplicates("code_territoire").set_index("code_territoire").reindex(table.index)
        table["avant"] = table["apres"] = valeurs.valeur.astype(float)
        table["statut_avant"] = table["statut_apres"] = valeurs.statut.astype(object)
    siennes = lignes[(lignes.maille == etat.maille) & (lignes.periode == etat.periode)].drop_duplicates(
        "code_territoire"
    )
    siennes = siennes[siennes.code_territoire.isin(list(table.index))]
    codes = siennes.code_territoire.to_numpy()
    for nom in ("avant", "apres"):
        table.loc[codes, nom] = siennes[nom].to_numpy(dtype=float)
        table.loc[codes, f"statut_{nom}"] = siennes[f"statut_{nom}"].astype(object).to_numpy()
    return Comparaison(indicateur, maille, etat.periode, etat.departement, table)


def render_cartes(consultation: Consultation, comparaison: Comparaison) -> str:
    """Les trois cartes et leur légende ; une phrase si ce niveau n'a pas de fond de carte."""
    fonds = cache.get_fonds(consultation)
    fond = fonds.get(name_fond(str(comparaison.maille), comparaison.departement or FRANCE))
    trop = fond is not None and len(fond.codes) > TERRITOIRES_MAX
    if fond is None or trop or comparaison.indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        raison = "ont trop de territoires pour de petites cartes" if trop else "n’ont pas de carte ici"
        return f'<p class="obs-note">Les {comparaison.maille.libelle_pluriel} {raison} ; le tableau dit tout.</p>'
    traces = load_traces(consultation.espace.fonds / fond.fichier)
    table, indicateur = comparaison.table, comparaison.indicateur
    decimales, unite = indicateur.decimales, format_unite(indicateur.unite)
    titres = ("En ligne", "À venir")
    if indicateur.representation_retenue is Representation.SYMBOLES:
        maximum = float(np.nanmax(table[["avant", "apres"]].to_numpy(), initial=0))
        dessins = [
            draw_apercu(
                traces,
                _fill_statuts(table, nom, dict.fromkeys(table.index, "#FFFFFF")),
                f"{titre} : {indicateur.libelle}",
                _measure(table[nom], maximum, couleur_symbole(indicateur.nature)),
            )
            for nom, titre in zip(("avant", "apres"), titres, strict=True)
        ]
        legende = _render_legende_symboles(indicateur, maximum, unite)
    else:
        decoupage = choose_classes(table[["avant", "apres"]].to_numpy(dtype=float).ravel(), indicateur.classes)
        couleurs = rampe(indicateur.nature, max(1, len(decoupage.bornes) + 1))
        dessins = [
            draw_apercu(
                traces, _fill_classes(table, nom, decoupage.bornes, couleurs), f"{titre} : {indicateur.libelle}", {}
            )
            for nom, titre in zip(("avant", "apres"), titres, strict=True)
        ]
        legende = _render_legende(decoupage.bornes, couleurs, decoupage.minimum, decoupage.maximum, decimales, unite)
    dessins.append(_draw_ecarts(traces, table, indicateur))
    cartes = "".join(
        f'<figure class="atelier-carte"><figcaption>{titre}</figcaption>'
        f'<img alt="{escape(f"{titre} : {indicateur.libelle}", quote=True)}" src="{_encode(dessin)}"></figure>'
        for titre, dessin in zip((*titres, "Écart"), dessins, strict=True)
    )
    return f'<div class="atelier-cartes">{cartes}</div>{legende}{_render_legende_ecarts()}'


def _encode(svg: str) -> str:
    """Dessin en image : les pages n'acceptent pas de dessin vectoriel dans leur texte."""
    seul = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return "data:image/svg+xml;base64," + b64encode(seul.encode()).decode()


def _draw_ecarts(traces: tuple[Trace, ...], table: pd.DataFrame, indicateur: Indicateur) -> str:
    ecarts = table.apres - table.avant
    couleurs = _fill_ecarts(table.index, ecarts.to_numpy(dtype=float))
    titre = f"Écart : {indicateur.libelle}"
    if indicateur.representation_retenue is not Representation.SYMBOLES:
        return draw_apercu(traces, couleurs, titre, {})
    # L'écart d'un nombre est un nombre : un cercle, jamais un aplat.
    maximum = float(ecarts.abs().max())
    cercles = {c: (r, couleurs[c]) for c, (r, _) in _measure(ecarts.abs(), maximum, "").items()}
    return draw_apercu(traces, dict.fromkeys(table.index, "#FFFFFF"), titre, cercles)


def _fill_statuts(table: pd.DataFrame, nom: str, couleurs: Mapping[str, str]) -> dict[str, str]:
    statuts = table[f"statut_{nom}"]
    remplies = dict(couleurs)
    remplies |= {code: _STATUTS[s] for code, s in statuts.items() if s in _STATUTS}
    sans = table.index[table[nom].isna() & ~statuts.isin(list(_STATUTS))]
    return remplies | dict.fromkeys(sans, DESSIN_SANS_DONNEE.fond)


def _fill_classes(
    table: pd.DataFrame, nom: str, bornes: tuple[float, ...], couleurs: tuple[str, ...]
) -> dict[str, str]:
    valeurs = table[nom].to_numpy(dtype=float)
    classes = find_classes(valeurs, bornes)
    remplies = {c: couleurs[k] for c, k in zip(table.index, classes, strict=True) if k >= 0}
    remplies |= dict.fromkeys(table.index[valeurs == 0], DESSIN_ZERO.fond)
    return _fill_statuts(table, nom, remplies)


def _fill_ecarts(codes: pd.Index, ecarts: NDArray[np.float64]) -> dict[str, str]:
    forts = np.nanquantile(np.abs(ecarts[ecarts != 0]), 0.5) if np.any(np.nan_to_num(ecarts) != 0) else math.inf
    couleurs = {}
    for code, ecart in zip(codes, ecarts.tolist(), strict=True):
        if math.isnan(ecart):
            continue
        palette = _BAISSE if ecart < 0 else tuple(reversed(_HAUSSE))
        couleurs[code] = _EGAL if ecart == 0 else palette[0 if abs(ecart) > forts else 1]
    return couleurs


def _measure(valeurs: pd.Series, maximum: float, couleur: str) -> dict[str, tuple[float, str]]:
    return {
        str(code): (max(2.0, RAYON * math.sqrt(v / maximum)), couleur)
        for code, v in valeurs.items()
        if maximum > 0 and not math.isnan(v) and v > 0
    }


def _render_legende(
    bornes: tuple[float, ...],
    couleurs: tuple[str, ...],
    minimum: float | None,
    maximum: float | None,
    decimales: int,
    unite: str,
) -> str:
    if minimum is None or maximum is None:
        return '<p class="obs-note">Aucune valeur à classer.</p>'
    limites = [minimum, *bornes, maximum]
    cases = "".join(
        f'<li><span style="background:{couleur}"></span>{format_nombre(bas, decimales)} à '
        f"{format_nombre(haut, decimales)}</li>"
        for couleur, bas, haut in zip(couleurs, limites[:-1], limites[1:], strict=True)
    )
    cases += f'<li><span style="background:{DESSIN_SANS_DONNEE.fond}"></span>sans donnée</li>'
    return f'<ul class="atelier-legende" aria-label="Classes des deux premières cartes ({escape(unite)})">{cases}</ul>'


def _render_legende_symboles(indicateur: Indicateur, maximum: float, unite: str) -> str:
    return (
        f'<p class="obs-note">La surface de chaque cercle suit la valeur ; le plus grand vaut '
        f"{format_nombre(maximum, indicateur.decimales)} {escape(unite)}, sur les deux cartes.</p>"
    )


def _render_legende_ecarts() -> str:
    cases = "".join(
        f'<li><span style="background:{couleur}"></span>{texte}</li>'
        for couleur, texte in (
            (_BAISSE[0], "− forte baisse"), (_BAISSE[1], "− baisse"), (_EGAL, "semblable"),
            (_HAUSSE[0], "+ hausse"), (_HAUSSE[1], "+ forte hausse"),
        )
    )  # fmt: skip
    return f'<ul class="atelier-legende" aria-label="Couleurs de la carte des écarts">{cases}</ul>'
