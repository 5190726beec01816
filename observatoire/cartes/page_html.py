"""Page HTML autonome d'une carte : titre, phrase, légende, carte et tableau jumeau, sans rien d'extérieur."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from observatoire.analyse.resumes import choose_unite, read_correction, read_valeur_lue, write_deduction
from observatoire.cartes.demande import write_note_secret, write_phrase, write_sous_titre, write_titre
from observatoire.cartes.lecture import EtatCarte
from observatoire.cartes.legende_html import STYLE_LEGENDE, render_legende_html
from observatoire.cartes.palettes import (
    CARTE,
    ENCRE,
    ENCRE_SECONDE,
    FILET,
    FOCUS,
    PAPIER,
    couleur_cerne,
    couleur_symbole,
)
from observatoire.modeles.nombres import compute_decimales, format_nombre, format_part_sur
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    import pandas as pd

    from observatoire.cartes.demande import CarteStatique
    from observatoire.cartes.lecture import LectureCarte
    from observatoire.cartes.legende import Legende
    from observatoire.modeles.indicateurs import Indicateur

ENTETE_EFFECTIF = '<th scope="col" class="nombre">Effectif</th>'
REMARQUE = '<td class="remarque">{}</td>'
STYLE = f"""
body{{margin:0;background:{PAPIER};color:{ENCRE};
font:16px/24px "Source Sans 3","Source Sans Pro",system-ui,sans-serif}}
main{{max-width:1232px;margin:0 auto;padding:24px}}
h1{{font-size:28px;line-height:34px;font-weight:600;margin:0 0 4px}}
h2{{font-size:22px;line-height:28px;font-weight:600;margin:32px 0 8px}}
.sous-titre,.note{{color:{ENCRE_SECONDE};margin:0 0 8px}}.note{{font-size:14px;line-height:20px}}
.phrase{{max-width:68ch;margin:0 0 16px}}
figure{{margin:16px 0}}figure svg{{display:block;width:100%;height:auto;max-height:85vh}}
.defile{{overflow-x:auto}}.defile:focus-visible{{outline:3px solid {FOCUS};outline-offset:2px}}
table{{border-collapse:collapse;width:100%;background:{CARTE};font-variant-numeric:tabular-nums}}
caption{{text-align:left;padding:4px 0;color:{ENCRE_SECONDE}}}
th,td{{padding:4px 12px;border-bottom:1px solid {FILET};text-align:left;font-weight:400}}
thead th{{font-weight:600;vertical-align:bottom}}
.nombre{{text-align:right}}td.nombre{{white-space:nowrap}}
@media(max-width:640px){{main{{padding:16px}}h1{{font-size:22px;line-height:28px}}
th,td{{padding:4px 6px}}}}
@media print{{@page{{size:A4;margin:12mm}}main{{padding:0}}tr{{break-inside:avoid}}}}
"""


def render_page(demande: CarteStatique, lecture: LectureCarte, legende: Legende, svg: str) -> str:
    """Rend la page ; ``svg`` est la carte seule."""
    nature = demande.indicateur.nature
    titre = write_titre(demande)
    # Ni prologue XML ni DOCTYPE au milieu d'une page HTML.
    dessin = re.sub(r"^.*?(?=<svg )", "", svg, count=1, flags=re.DOTALL)
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(titre)} — {escape(demande.territoire)}</title>
<style>{STYLE}{STYLE_LEGENDE}</style>
</head>
<body>
<main>
<h1>{escape(titre)}</h1>
<p class="sous-titre">{escape(write_sous_titre(demande))}</p>
<p class="phrase">{escape(write_phrase(demande, lecture))}</p>{_render_choisi(demande)}
{render_legende_html(legende, couleurs_cercle=(couleur_symbole(nature), couleur_cerne(nature)), cercles_ailleurs=True)}
<figure>
{dessin}
</figure>
<p class="note">{escape(write_note_secret(lecture.effectif(EtatCarte.SECRET), demande.maille))}
Champ : {escape(demande.indicateur.champ)}. Publication {escape(demande.publication)}.
{escape(demande.observatoire)} {escape(demande.lien)}</p>
<h2 id="tableau">Tableau</h2>
{render_tableau(demande, lecture)}
</main>
</body>
</html>
"""


def _render_choisi(demande: CarteStatique) -> str:
    return f'<p class="phrase"><b>{escape(demande.choisi.phrase)}</b></p>' if demande.choisi else ""


def render_tableau(demande: CarteStatique, lecture: LectureCarte) -> str:
    """Tableau jumeau de la carte, par ordre alphabétique."""
    indicateur = demande.indicateur
    # Un effectif et une catégorie n'ont pas de « n sur N » : pas de colonne vide.
    effectifs = lecture.table.reindex(columns=["numerateur", "denominateur"]).notna().all(axis=1)
    avec_part = not lecture.en_typologie and bool(effectifs.any())
    classe = "" if lecture.en_typologie else ' class="nombre"'
    libelles = dict(zip(demande.contours["code"], demande.contours["libelle"], strict=True))
    lignes, signes = [], set()
    for code, ligne in sorted(lecture.table.iterrows(), key=lambda cl: _strip_accents(str(libelles[cl[0]]))):
        valeur, remarque, signe = _write_valeur(indicateur, ligne)
        signes |= {signe} if signe else set()
        effectif = f'<td class="nombre">{escape(_write_part(ligne))}</td>' if avec_part else ""
        lignes.append(
            f'<tr><th scope="row">{escape(str(libelles[code]))}</th><td>{escape(str(code))}</td>'
            f"<td{classe}>{escape(valeur)}</td>{effectif}{REMARQUE.format(escape(remarque))}</tr>"
        )
    corps, titre_remarque = "".join(lignes), '<th scope="col">Remarque</th>'
    if corps.count(REMARQUE.format("")) == len(lignes):
        corps, titre_remarque = corps.replace(REMARQUE.format(""), ""), ""
    nom = demande.maille.libelle
    entetes = (
        f'<th scope="col">{escape(nom[0].upper() + nom[1:])}</th><th scope="col">Code</th>'
        f'<th scope="col"{classe}>{escape(_write_entete(indicateur))}</th>'
        f"{ENTETE_EFFECTIF if avec_part else ''}{titre_remarque}"
    )
    return (
        '<div class="defile" tabindex="0" role="region" aria-labelledby="tableau"><table>'
        f"<caption>{escape(write_titre(demande))}, par ordre alphabétique</caption>"
        f"<thead><tr>{entetes}</tr></thead><tbody>{corps}</tbody></table></div>{_explain(signes)}"
    )


def _write_entete(indicateur: Indicateur) -> str:
    unite = choose_unite(indicateur)
    return f"{indicateur.libelle_court} ({unite})" if unite else indicateur.libelle_court


def _write_valeur(indicateur: Indicateur, ligne: pd.Series) -> tuple[str, str, Statut | None]:
    """Valeur, remarque et statut à expliquer d'une ligne."""
    if not isinstance(ligne["statut"], str):
        return Statut.NON_DISPONIBLE.signe, Statut.NON_DISPONIBLE.libelle, Statut.NON_DISPONIBLE
    statut = Statut(ligne["statut"])
    remarque = "" if statut is Statut.PUBLIE else statut.libelle
    if correction := read_correction(ligne.to_dict()):
        remarque = f"{remarque} ; {correction}" if remarque else correction
    retenu = None if statut is Statut.PUBLIE else statut
    valeur = _to_float(ligne["valeur"])
    # Le statut l'emporte : une valeur reçue par erreur avec « secret » ne s'écrit pas.
    if statut in STATUTS_SANS_VALEUR or not np.isfinite(valeur):
        deduite = write_deduction(indicateur, read_valeur_lue({str(c): v for c, v in ligne.items()}))
        remarque = " ; ".join(filter(None, (remarque, deduite.removesuffix("."))))
        return statut.signe or Statut.NON_DISPONIBLE.signe, remarque, retenu
    if ligne["etat"] == EtatCarte.MIXTE:
        parts = str(ligne["parts"])
        return "mixte", f"{parts} ; {remarque}" if remarque else parts, retenu
    if indicateur.modalites:
        noms = {m.code: m.libelle for m in indicateur.modalites}
        return noms.get(str(ligne["modalite"]), str(ligne["modalite"])), remarque, retenu
    denominateur = _to_float(ligne.get("denominateur", np.nan))
    decimales = compute_decimales(indicateur.decimales, denominateur if np.isfinite(denominateur) else None)
    texte = format_nombre(valeur, decimales)
    bornes = _to_float(ligne.get("borne_inf", np.nan)), _to_float(ligne.get("borne_sup", np.nan))
    if all(np.isfinite(bornes)) and bornes[0] < bornes[1]:
        bas, haut = (format_nombre(b, decimales) for b in bornes)
        remarque = f"{remarque} ; entre {bas} et {haut}" if remarque else f"entre {bas} et {haut}"
    return f"{texte} {statut.signe}".rstrip(), remarque, retenu


def _write_part(ligne: pd.Series) -> str:
    if not isinstance(ligne["statut"], str) or Statut(ligne["statut"]) in STATUTS_SANS_VALEUR:
        return ""
    numerateur = _to_float(ligne.get("numerateur", np.nan))
    denominateur = _to_float(ligne.get("denominateur", np.nan))
    return format_part_sur(numerateur, denominateur) if np.isfinite(numerateur) and np.isfinite(denominateur) else ""


def _explain(signes: set[Statut]) -> str:
    textes = " · ".join(f"{s.signe} : {s.libelle}" for s in sorted(signes, key=lambda s: s.rang))
    return f'<p class="note">{escape(textes)}</p>' if textes else ""


def _to_float(valeur: object) -> float:
    """Lit un nombre d'une ligne où les manques peuvent être ``None``, ``NA`` ou NaN."""
    try:
        return float(valeur)  # type: ignore[arg-type]  # ``NA`` et ``None`` lèvent, c'est voulu
    except TypeError:
        return float("nan")


def _strip_accents(texte: str) -> str:
    """Clé de tri : « Étang-Salé » se range à E."""
    return "".join(c for c in unicodedata.normalize("NFD", texte) if not unicodedata.combining(c)).casefold()
