"""Feuille de style : un atlas imprimé, pas un tableau de bord (voir le guide d'apparence)."""

from __future__ import annotations

from observatoire.cartes.legende_html import STYLE_LEGENDE
from observatoire.cartes.palettes import (
    ACTION,
    BORD_DE_CHAMP,
    ENCRE,
    ENCRE_SECONDE,
    FILET,
    FOCUS,
    PANNEAU,
    PAPIER,
    RAMPES,
)
from observatoire.modeles.indicateurs import Nature

LARGEUR_PAGE = 1280
LARGEUR_MOBILE = 640
_BESOIN, _RESSOURCE, _CONTEXTE = RAMPES[Nature.BESOIN], RAMPES[Nature.RESSOURCE], RAMPES[Nature.CONTEXTE]

_PAGE = f"""
html{{scroll-padding-top:72px}}
.stApp{{font-variant-numeric:lining-nums}}
.stMainBlockContainer{{max-width:{LARGEUR_PAGE}px;padding:72px 24px 24px;margin:0 auto}}
[data-testid=stVerticalBlock]{{gap:8px}}
h1{{font-size:28px!important;line-height:34px;padding:0!important;margin:0;letter-spacing:0}}
h2{{font-size:22px!important;line-height:28px;padding:0!important;margin:0;letter-spacing:0}}
h3{{font-size:18px!important;line-height:24px;padding:0!important;margin:0;letter-spacing:0}}
a,.stHtml a{{color:{ACTION};text-underline-offset:2px}}
:focus-visible{{outline:3px solid {FOCUS}!important;outline-offset:2px!important;box-shadow:none!important}}
.stSelectbox input:focus-visible{{outline:none!important}}
.stSelectbox [role=group]:has(:focus-visible){{outline:3px solid {FOCUS};outline-offset:2px}}
@media(prefers-reduced-motion:reduce){{*{{animation:none!important;transition:none!important}}}}
"""

# Les menus, boutons et bandeaux anglais de Streamlit : remplacés par les nôtres, ou retirés.
_HABILLAGE = f"""
[data-testid=stAppDeployButton],[data-testid=stMainMenu],[data-testid=stDecoration],
[data-testid=stStatusWidget],[data-testid=stToolbarActions],[data-testid=stHeaderActionElements],
[data-testid=stElementToolbar],[data-testid=InputInstructions],footer{{display:none!important}}
[data-testid=stHeader]{{background:{PAPIER};border-bottom:1px solid {FILET};height:56px;min-height:56px;
padding:0 max(24px,calc((100vw - {LARGEUR_PAGE}px)/2 + 24px))}}
[data-testid=stHeader] [data-testid=stToolbar]{{padding:0}}
[data-testid=stHeader] a{{min-height:44px;display:inline-flex;align-items:center;color:{ENCRE};
font-size:16px;text-decoration:none}}
[data-testid=stHeader] a:hover{{text-decoration:underline}}
[data-testid=stHeader] a[aria-current=page] span,[data-testid=stHeader] a[aria-current=page]{{font-weight:600}}
[data-testid=stTopNavLinkContainer] a{{padding:0 12px}}
[data-testid=stWidgetLabel] p,[data-testid=stWidgetLabel]{{font-size:14px;line-height:20px;color:{ENCRE_SECONDE}}}
.stSelectbox [role=group],.stTextInput input,.stTextInput [data-testid=stTextInputRootElement]{{min-height:44px;
background:#fff}}
[data-testid=stPills] button,.stPills button,[data-testid=stButtonGroup] button{{min-height:44px;background:#fff}}
.stButton button,.stDownloadButton button,[data-testid=stPopoverButton]{{min-height:44px;
background:#fff;border:1px solid {BORD_DE_CHAMP}}}
[data-testid=stRadio] label{{min-height:28px}}
[data-testid=stCaptionContainer]{{opacity:1}}
[data-testid=stCaptionContainer] p{{color:{ENCRE_SECONDE};font-size:14px;line-height:20px}}
"""

_TEXTES = f"""
.obs-eyebrow,.obs-note,.obs-source{{font-size:14px;line-height:20px;color:{ENCRE_SECONDE};margin:0}}
.obs-note{{max-width:68ch}}
.obs-titre{{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 12px;margin:0}}
.obs-titre .unite{{font-weight:400;color:{ENCRE_SECONDE};font-size:18px;line-height:24px}}
.obs-age{{font-weight:400;font-size:14px;line-height:20px;border:1px solid {BORD_DE_CHAMP};border-radius:4px;
padding:1px 8px;white-space:nowrap;color:{ENCRE}}}
.obs-phrase{{font-size:18px;line-height:26px;margin:4px 0 4px;max-width:none}}
.obs-etat{{border-radius:4px;padding:12px 16px;font-size:16px;line-height:24px;max-width:68ch}}
.obs-etat p{{margin:4px 0 0}}
.obs-fiche{{border-top:2px solid {ENCRE};padding-top:8px;font-variant-numeric:tabular-nums lining-nums}}
.obs-fiche h2{{font-size:18px!important;line-height:24px}}
.obs-fiche .valeur{{font-size:40px;line-height:44px;font-weight:600;margin:4px 0}}
.obs-fiche .valeur.mots{{font-size:22px;line-height:28px}}
.obs-fiche p{{margin:4px 0;font-size:16px;line-height:24px}}
.obs-fiche dl{{display:grid;grid-template-columns:1fr auto;gap:2px 12px;margin:8px 0 0;font-size:14px;line-height:20px}}
.obs-fiche dl,.obs-fiche dt,.obs-fiche dd{{padding:0}}
.obs-fiche dt{{margin:0;color:{ENCRE_SECONDE}}}.obs-fiche dd{{margin:0;text-align:right}}
.obs-fiche .obs-note{{font-size:14px;line-height:20px}}
"""

_TABLEAU = f"""
.obs-tableau{{overflow-x:auto;border-top:2px solid {ENCRE}}}
.obs-tableau table{{border-collapse:collapse;width:100%;font-size:16px;line-height:24px;
font-variant-numeric:tabular-nums lining-nums;margin:0}}
.obs-tableau caption{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
.obs-tableau th,.obs-tableau td{{padding:4px 12px 4px 0;border:0;border-bottom:1px solid {FILET};text-align:right;
vertical-align:baseline;white-space:nowrap}}
.obs-tableau thead th{{font-size:14px;line-height:20px;font-weight:600;color:{ENCRE_SECONDE};white-space:normal}}
.obs-tableau th:first-child{{text-align:left;font-weight:400;white-space:normal}}
.obs-tableau thead th:first-child{{font-weight:600}}
.obs-tableau .texte,.obs-tableau td:last-child.texte{{text-align:left}}
.obs-tableau tr[aria-current] th,.obs-tableau tr[aria-current] td{{background:{PANNEAU};font-weight:600}}
.obs-tableau abbr{{text-decoration:none;color:{ENCRE_SECONDE}}}
.obs-lien{{display:inline-flex;align-items:center;min-height:44px}}
"""

_ACCUEIL = f"""
.obs-portail{{display:grid;grid-template-columns:7fr 5fr;gap:48px;align-items:start;padding:24px 0 32px}}
.obs-portail h1{{font-size:40px!important;line-height:46px;max-width:16ch}}
.obs-portail p{{font-size:18px;line-height:28px;max-width:60ch;margin:16px 0 0}}
.obs-portail dl{{margin:0;padding:0;border-top:2px solid {ENCRE};font-variant-numeric:tabular-nums lining-nums}}
.obs-portail dl div{{display:grid;grid-template-columns:96px 1fr;gap:16px;margin:0;padding:8px 0;
border-bottom:1px solid {FILET};align-items:baseline}}
.obs-portail dt,.obs-portail dd{{margin:0;padding:0}}
.obs-portail dt{{grid-column:2;grid-row:1;font-size:16px;line-height:24px}}
.obs-portail dd{{grid-column:1;grid-row:1;font-size:24px;line-height:28px;font-weight:600;text-align:right}}
.obs-action{{display:inline-flex;align-items:center;min-height:48px;padding:0 24px;margin-top:24px;background:{ACTION};
color:#fff!important;border-radius:4px;text-decoration:none!important;font-weight:600}}
.obs-action:hover{{background:#083F56}}
.obs-section{{border-top:1px solid {FILET};padding:24px 0 8px}}
.obs-themes{{width:100%;border-collapse:collapse;margin:16px 0 0;font-size:16px;line-height:24px}}
.obs-themes th,.obs-themes td{{border:0;border-bottom:1px solid {FILET};padding:12px 16px 12px 0;text-align:left;
vertical-align:baseline}}
.obs-themes thead th{{font-size:14px;line-height:20px;color:{ENCRE_SECONDE};padding:4px 16px 4px 0;font-weight:600}}
.obs-themes th[scope=row]{{font-weight:600;width:22%}}
.obs-themes td:nth-child(2){{color:{ENCRE_SECONDE};padding-right:32px}}
.obs-themes .n{{width:17%;white-space:nowrap}}
.obs-themes .n a{{display:inline-block;padding:10px 0;margin:-10px 0}}
.obs-themes .n a::before{{content:"";display:inline-block;width:12px;height:20px;margin-right:8px;vertical-align:-4px;
border:1px solid #6B7178}}
.obs-themes .besoin a::before{{background:{_BESOIN[2]}}}
.obs-themes .ressource a::before{{background:{_RESSOURCE[2]}}}
.obs-themes .contexte a::before{{background:{_CONTEXTE[2]}}}
.obs-trois{{display:grid;grid-template-columns:repeat(3,1fr);gap:32px;margin:16px 0 0}}
.obs-trois h3{{margin:0 0 8px}}.obs-trois p{{margin:0 0 8px;font-size:16px;line-height:24px;max-width:68ch}}
.obs-refus{{columns:2;column-gap:48px;margin:16px 0 0;padding:0 0 0 1.2em}}
.obs-refus li{{margin:0 0 8px;break-inside:avoid;font-size:16px;line-height:24px}}
.obs-sources{{width:100%;border-collapse:collapse;font-size:14px;line-height:20px;margin:12px 0 0}}
.obs-sources th,.obs-sources td{{border:0;border-bottom:1px solid {FILET};padding:6px 16px 6px 0;text-align:left;
font-weight:400;vertical-align:baseline}}
.obs-sources thead th{{font-weight:600;color:{ENCRE_SECONDE}}}
.obs-pied{{border-top:1px solid {FILET};margin-top:32px;padding:12px 0 0;font-size:14px;line-height:20px;
color:{ENCRE_SECONDE};display:flex;flex-wrap:wrap;gap:4px 8px}}
.obs-pied span:not(:last-child)::after{{content:" ·"}}
"""

_CARTE = """
.st-key-legende .legende{display:grid;grid-template-columns:auto 1fr;column-gap:32px;align-items:end}
.st-key-legende .legende:has(.categories){display:block}
.st-key-legende .legende .unite{display:none}
.st-key-legende .legende .reperes,.st-key-legende .legende .etats{grid-column:2;align-self:end}
.st-key-legende .legende .classes{grid-row:span 3}
/* La portée des classes et la source sont redites sous la carte : au-dessus, elles la repousseraient. */
.st-key-legende .legende>p:nth-last-of-type(-n+2){display:none}
.st-key-nav_mobile{display:none}
.st-key-carte_corps>[data-testid=stLayoutWrapper]>[data-testid=stHorizontalBlock],
.st-key-carte_corps [data-testid=stHorizontalBlock]:first-of-type{align-items:flex-start}
.st-key-reglages{gap:8px}
iframe[title="streamlit_folium.st_folium"]{background:#fff;outline:1px solid #D9D5CC;outline-offset:-1px}
.st-key-pagination [data-testid=stHorizontalBlock]{align-items:center}
"""

_MOBILE = f"""
@media(max-width:{LARGEUR_MOBILE}px){{
.stMainBlockContainer{{padding:64px 16px 16px}}
[data-testid=stHeader]{{padding:0 16px}}
h1{{font-size:24px!important;line-height:30px}}
.obs-titre .unite{{font-size:16px}}
.obs-phrase{{font-size:16px;line-height:24px}}
.obs-portail{{grid-template-columns:1fr;gap:24px;padding:8px 0 24px}}
.obs-portail h1{{font-size:32px!important;line-height:38px}}
.obs-trois{{grid-template-columns:1fr;gap:16px}}
.obs-refus{{columns:1}}
.obs-themes thead{{position:absolute;clip-path:inset(50%)}}
.obs-themes,.obs-themes tbody{{display:block}}
.obs-themes tr{{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid {FILET};padding:8px 0}}
.obs-themes th[scope=row],.obs-themes td:nth-child(2){{grid-column:1/-1;width:auto;border:0;padding:4px 0}}
.obs-themes .n{{border:0;padding:8px 0;width:auto}}
.obs-sources td:nth-child(n+4),.obs-sources th:nth-child(n+4){{display:none}}
.obs-tableau .i,.obs-tableau .r{{display:none}}
.st-key-legende .legende{{display:block}}
.obs-tableau table{{font-size:14px;line-height:20px}}
.legende .classes li{{width:20%!important;min-width:0}}
.st-key-carte_corps [data-testid=stColumn] [data-testid=stHorizontalBlock]{{flex-wrap:nowrap}}
.st-key-carte_corps [data-testid=stColumn] [data-testid=stColumn]{{display:block!important;min-width:0!important;
flex:1 1 0!important;order:0!important}}
/* Au téléphone : indicateur, carte, valeur du territoire, puis le reste des réglages. */
.st-key-carte_corps [data-testid=stColumn]:first-child,
.st-key-carte_corps [data-testid=stColumn]:first-child>[data-testid=stVerticalBlock]{{display:contents}}
.st-key-carte_corps [data-testid=stColumn]:last-child{{order:1}}
.st-key-carte_corps [data-testid=stLayoutWrapper]:has(>.st-key-choix_indicateur){{order:0;width:100%}}
.st-key-carte_corps [data-testid=stLayoutWrapper]:has(>.st-key-fiche){{order:2;width:100%}}
.st-key-carte_corps [data-testid=stLayoutWrapper]:has(>.st-key-reglages),
.st-key-carte_corps [data-testid=stLayoutWrapper]:has(>.st-key-reglages_theme){{order:3;width:100%}}
}}
"""

_ETROIT = """
@media(max-width:768px){
[data-testid=stExpandSidebarButton],[data-testid=stSidebar]{display:none!important}
.st-key-nav_mobile{display:flex;position:fixed;top:0;right:8px;height:56px;z-index:999991;width:auto!important;gap:0!important;
align-items:center}
.st-key-nav_mobile a{min-height:44px;padding:0 8px}
[data-testid=stHeader]::before{max-width:calc(100vw - 190px)!important}
}
"""

_IMPRESSION = """
@media print{
@page{size:A4;margin:14mm}
[data-testid=stHeader],.st-key-reglages,.st-key-reglages_theme,.st-key-choix_indicateur,.st-key-outils_tableau,
.st-key-pagination,.obs-action{display:none!important}
.stMainBlockContainer{padding:0;max-width:none}
.stApp,.stMain{background:#fff;position:static!important;overflow:visible!important;height:auto!important}
.obs-tableau{overflow:visible}.obs-tableau tr{break-inside:avoid}
}
"""


def write_style() -> str:
    """Feuille entière, à poser une fois par page."""
    regles = (_PAGE, _HABILLAGE, _TEXTES, _TABLEAU, _ACCUEIL, _CARTE, STYLE_LEGENDE, _ETROIT, _MOBILE, _IMPRESSION)
    return f"<style>{''.join(regles)}</style>"
