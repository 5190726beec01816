"""Couche folium de la carte : la carte locale, son fond, et le message de valeurs.

Rien ici ne connaît Streamlit : le même objet s'affiche par ``streamlit-folium`` ou s'enregistre
en page HTML.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import orjson
from folium.template import Template

from observatoire.cartes.fond import FRANCE, FondFichier, name_fond
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from observatoire.cartes.valeurs import ValeursCodees

DOSSIER_WEB = Path(__file__).parent / "web"
PREFIXE = "/statique"
SCRIPTS = (
    "leaflet.js",
    "etat.js",
    "echanges.js",
    "police.js",
    "trames.js",
    "moteur.js",
    "decodage.js",
    "calques.js",
    "formes.js",
    "lieux.js",
    "noms.js",
    "superpositions.js",
    "gestes.js",
    "bulle.js",
    "fonds.js",
    "peinture.js",
    "eclairage.js",
    "pointeur.js",
    "clavier.js",
    "cartons.js",
    "cartons_dessin.js",
    "legende.js",
    "plein_ecran.js",
    "synchro.js",
    "choix_page.js",
    "image.js",
    "carte.js",
)
"""Dans l'ordre de chargement."""
STYLES = ("leaflet.css", "carte.css")
REUNIS = {"carte-reunie.js": SCRIPTS, "carte-reunie.css": STYLES}
"""Fichiers servis en un seul : streamlit-folium les demande l'un après l'autre, un aller et retour à chaque fois."""


@cache
def read_web(fichier: str) -> bytes:
    """Contenu d'un fichier de ``cartes/web``, ou de plusieurs réunis (``REUNIS``)."""
    # Le point-virgule empêche qu'un script sans fin d'instruction appelle le suivant.
    joint = b";\n" if fichier.endswith(".js") else b"\n"
    return joint.join((DOSSIER_WEB / nom).read_bytes() for nom in REUNIS.get(fichier, (fichier,)))


@cache
def _empreinte(fichier: str) -> str:
    return hashlib.sha256(read_web(fichier)).hexdigest()[:12]


def url_web(fichier: str, prefixe: str = PREFIXE) -> str:
    """Adresse d'un fichier de ``cartes/web`` ; l'empreinte permet de le garder en cache pour toujours."""
    return f"{prefixe}/web/{fichier}?v={_empreinte(fichier)}"


def url_fond(fond: FondFichier, prefixe: str = PREFIXE) -> str:
    """Adresse d'un fichier de géométrie."""
    return f"{prefixe}/fonds/{fond.fichier}"


def _to_js(objet: Mapping[str, Any]) -> str:
    """Littéral JavaScript sûr, y compris dans une balise ``<script>``."""
    return orjson.dumps(objet).decode().replace("<", "\\u003c")


class CarteLocale(folium.Map):
    """Carte sans aucune ressource extérieure : ni tuiles, ni CDN, ni ``viewport`` qui bloque le zoom."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = window.observatoire.creerCarte({{ this.get_name()|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, prefixe: str = PREFIXE) -> None:
        """Prépare une carte vide ; ``prefixe`` est l'adresse du montage statique."""
        super().__init__(tiles=None)
        # Remplacées sur l'instance : celles de la classe pointent vers des réseaux de diffusion.
        self.default_js = [(f, url_web(f, prefixe)) for f in REUNIS if f.endswith(".js")]
        self.default_css = [(f, url_web(f, prefixe)) for f in REUNIS if f.endswith(".css")]
        self._children.clear()


class Fond(folium.MacroElement):
    """Premier état de la carte : quelles géométries charger, avant toute valeur."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.observatoire.poserFond({{ this.donnees }});
        {% endmacro %}
        """
    )

    def __init__(self, description: Mapping[str, Any]) -> None:
        """Garde la description rendue par ``describe_fond``."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Fond"
        self.donnees = _to_js(dict(description))


class Valeurs(folium.FeatureGroup):
    """Message de valeurs, à donner en ``feature_group_to_add`` : il repeint, sans recharger."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.layerGroup();
            window.observatoire.poserValeurs({{ this.donnees }});
        {% endmacro %}
        """
    )

    def __init__(self, message: Mapping[str, Any]) -> None:
        """Garde le message rendu par ``build_message``."""
        super().__init__(name="valeurs", control=False)
        self.donnees = _to_js(dict(message))


def describe_fond(fonds: Mapping[str, FondFichier], maille: str, portee: str, prefixe: str = PREFIXE) -> dict[str, Any]:
    """Géométries d'un niveau et d'une portée, avec leur contexte (voisins, limites, communes fines).

    Args:
        fonds: index des fonds.
        maille: niveau montré.
        portee: ``"FR"`` ou code de département.
        prefixe: adresse du montage statique.
    """
    fond = fonds[name_fond(maille, portee)]

    def url_of(nom: str) -> str | None:
        autre = fonds.get(name_fond(nom, portee))
        return url_fond(autre, prefixe) if autre else None

    france_communes = portee == FRANCE and maille == Maille.COMMUNE
    return {
        "url": url_fond(fond, prefixe),
        "maille": str(maille),
        "portee": portee,
        "emprise": fond.emprise,
        "limites": url_of("limites"),
        "voisins": url_of("voisins"),
        "attente": url_of(Maille.EPCI) if france_communes else None,
        "fins": url_of("fins") if france_communes else None,
        "prefixe": f"{prefixe}/fonds/",
    }


def build_message(
    fond: Mapping[str, Any],
    valeurs: ValeursCodees,
    dessin: Mapping[str, Any],
    textes: Mapping[str, Any],
    *,
    lieux: Sequence[Mapping[str, Any]] = (),
    selection: str | None = None,
    aria: str = "",
    publication: str = "",
) -> dict[str, Any]:
    """Message complet d'une carte.

    Args:
        fond: description rendue par ``describe_fond``.
        valeurs: valeurs codées, dans l'ordre du fond.
        dessin: rendu par ``dessin_aplats``, ``dessin_symboles`` ou ``dessin_typologie``.
        textes: rendu par ``make_textes``.
        lieux: lieux à montrer (``LieuxFichier.to_message``).
        selection: territoire à cerner, ``""`` pour aucun ; ``None`` garde celui que l'usager a choisi dans la carte.
        aria: description lue par un lecteur d'écran.
        publication: publication d'où viennent les valeurs ; si elle change, tout est repeint.
    """
    message = {
        "fond": dict(fond),
        "valeurs": valeurs.to_message(),
        "dessin": dict(dessin),
        "textes": dict(textes),
        "lieux": [dict(lieu) for lieu in lieux],
        "aria": aria,
        "publication": publication,
    }
    if selection is not None:
        message["selection"] = selection
    return message


def build_carte(fond: Mapping[str, Any] | None = None, prefixe: str = PREFIXE) -> CarteLocale:
    """Carte prête à afficher.

    Args:
        fond: géométries à charger d'emblée ; inutile si un message de valeurs suit, car il les nomme.
        prefixe: adresse du montage statique.
    """
    carte = CarteLocale(prefixe)
    if fond is not None:
        Fond(fond).add_to(carte)
    return carte
