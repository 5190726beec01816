"""Feuille de style de la page A4."""

from __future__ import annotations

from observatoire.cartes.legende_html import STYLE_LEGENDE
from observatoire.cartes.palettes import ACTION, BORD_DE_CHAMP, CARTE, ENCRE, ENCRE_SECONDE, FILET, FOCUS, PANNEAU

_STYLE = f"""
*{{box-sizing:border-box}}
html{{font-size:13px;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
body{{margin:0;background:{PANNEAU};color:{ENCRE};
font:9.5pt/1.35 "Source Sans 3","Source Sans Pro",system-ui,sans-serif}}
main{{background:{CARTE};margin:0 auto 24px;padding:14mm 12mm;max-width:210mm;border:1px solid {FILET}}}
h1{{font-size:17pt;line-height:1.2;font-weight:600;margin:0}}
h2{{font-size:10.5pt;line-height:1.3;font-weight:600;margin:4mm 0 1mm;break-after:avoid}}
p{{margin:0}}
.nom{{display:flex;align-items:center;gap:3mm;color:{ENCRE_SECONDE};margin-bottom:1.5mm}}
.nom img{{height:11mm;width:auto;max-width:50mm}}
.sous-titre,.note,footer{{color:{ENCRE_SECONDE}}}
.phrase{{margin-top:1.5mm;max-width:170mm}}
.choisie{{font-weight:600}}
figure{{margin:3mm 0 2mm}}
figure svg{{display:block;width:100%;height:auto}}
.carte{{break-inside:avoid}}
.legende{{font-size:8.5pt;line-height:1.3}}
svg.dessin{{border:0!important}}
.colonnes{{column-gap:6mm}}
table{{border-collapse:collapse;width:100%;font-size:8pt;line-height:1.3;font-variant-numeric:tabular-nums}}
th,td{{padding:.4mm 1.2mm;border-bottom:.5pt solid {FILET};text-align:left;font-weight:400;vertical-align:top}}
th:first-child{{padding-left:0}}
thead{{display:table-header-group}}
thead th{{font-weight:600;vertical-align:bottom;border-bottom:.75pt solid {ENCRE}}}
tr{{break-inside:avoid}}
.nombre{{text-align:right}}
td.nombre{{white-space:nowrap}}
.note,footer{{font-size:8pt;line-height:1.35}}
.signes{{margin-top:1mm}}
footer{{margin-top:3mm;padding-top:1.5mm;border-top:.5pt solid {FILET};break-inside:avoid}}
footer p+p{{margin-top:1mm}}
.lien{{overflow-wrap:anywhere}}
.barre{{display:flex;gap:16px;align-items:center;justify-content:center;padding:12px;font-size:16px}}
.barre button{{font:inherit;min-height:44px;padding:0 20px;border:1px solid {ACTION};border-radius:4px;
background:{ACTION};color:{CARTE};cursor:pointer}}
.barre a{{color:{ACTION};padding:10px 4px;text-underline-offset:2px}}
.barre :focus-visible{{outline:3px solid {FOCUS};outline-offset:2px}}
@media screen and (max-width:640px){{main{{padding:16px;border:0}}.colonnes{{columns:1!important}}
html{{font-size:16px}}
table{{font-size:14px}}.note,footer,.legende{{font-size:14px}}body{{font-size:16px}}}}
@media print{{body{{background:none}}.barre{{display:none}}main{{padding:0;margin:0;border:0;max-width:none}}}}
"""
_STYLE_PAYSAGE = f"""
main{{max-width:297mm}}
.carte{{display:flex;gap:6mm;align-items:flex-start}}
.carte figure{{flex:0 0 168mm}}
.explique{{flex:1;min-width:0;border-left:1px solid {BORD_DE_CHAMP};padding-left:4mm;margin-top:3mm}}
.legende .corps{{display:block}}
@media screen and (max-width:900px){{.carte{{display:block}}}}
"""


def write_style(pied: str, police: str = "", *, paysage: bool = False) -> str:
    """Feuille complète.

    Args:
        pied: texte au bas de chaque feuille.
        police: adresse de la police, ou vide.
        paysage: vrai pour une feuille couchée.
    """
    caracteres = (
        f'@font-face{{font-family:"Source Sans 3";src:url("{_quote(police)}") format("woff2");font-weight:200 900}}'
    )
    # Les navigateurs qui ne connaissent pas ces marges passent : la source et l'adresse sont aussi dans la page.
    feuille = (
        f"@page{{size:A4 {'landscape' if paysage else 'portrait'};margin:12mm 12mm 16mm;"
        f'@bottom-left{{content:"{_quote(pied)}";font:8pt "Source Sans 3",sans-serif;color:{ENCRE_SECONDE}}}'
        f'@bottom-right{{content:counter(page) " / " counter(pages);font:8pt "Source Sans 3",sans-serif;'
        f"color:{ENCRE_SECONDE}}}}}"
    )
    styles = (caracteres if police else "", feuille, STYLE_LEGENDE, _STYLE, _STYLE_PAYSAGE if paysage else "")
    return "".join(styles)


def _quote(texte: str) -> str:
    """Texte d'une chaîne CSS, sans rien qui puisse la fermer, ni fermer la balise ``style``."""
    return "".join(c if c.isalnum() or c in " .,:;·/-_?=&%()" else f"\\{ord(c):x} " for c in texte)
