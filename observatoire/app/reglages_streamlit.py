"""Options de Streamlit, posées par le code : elles ne dépendent ni du dossier courant ni d'un fichier.

``.streamlit/config.toml`` dit la même chose à qui lance Streamlit lui-même ; ces options l'emportent.
"""

from __future__ import annotations

from typing import Any

from observatoire.cartes.palettes import ACTION, BORD_DE_CHAMP, ENCRE, ETATS, FILET, PANNEAU, PAPIER

_TITRES = ["28px", "22px", "18px", "16px", "16px", "16px"]

OPTIONS: dict[str, Any] = {
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 200,
    "server.maxMessageSize": 50,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
    "client.disableDataExport": True,
    # Un bloc inchangé d'au moins 1 ko (feuille de style, listes) part une fois, puis par son empreinte.
    "global.minCachedMessageSize": 1_000,
    "runner.magicEnabled": False,
    "logger.hideWelcomeMessage": True,
    "theme.base": "light",
    "theme.font": "sans-serif",
    "theme.baseFontSize": 16,
    "theme.headingFontSizes": _TITRES,
    "theme.headingFontWeights": [600] * len(_TITRES),
    "theme.primaryColor": ACTION,
    "theme.backgroundColor": PAPIER,
    "theme.secondaryBackgroundColor": PANNEAU,
    "theme.textColor": ENCRE,
    "theme.linkColor": ACTION,
    "theme.linkUnderline": True,
    "theme.borderColor": BORD_DE_CHAMP,
    "theme.showWidgetBorder": True,
    "theme.dataframeBorderColor": FILET,
    "theme.baseRadius": "4px",
    "theme.buttonRadius": "4px",
}
_ETATS = {"red": "bloquant", "yellow": "a_regarder", "blue": "information", "green": "fait"}
for _couleur, _etat in _ETATS.items():
    OPTIONS[f"theme.{_couleur}Color"] = ETATS[_etat].encre
    OPTIONS[f"theme.{_couleur}BackgroundColor"] = ETATS[_etat].fond
    OPTIONS[f"theme.{_couleur}TextColor"] = ETATS[_etat].encre


def apply_options() -> None:
    """Pose les options ; une option inconnue de cette version de Streamlit est passée sans bruit."""
    from streamlit import config

    connues = config.get_config_options()
    for nom, valeur in OPTIONS.items():
        if nom in connues:
            config.set_option(nom, valeur, "observatoire")
