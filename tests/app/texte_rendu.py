"""Texte qu'un lecteur voit dans du HTML, sans ses balises ni ce qu'elles cachent."""

from html.parser import HTMLParser


class _Texte(HTMLParser):
    def __init__(self):
        super().__init__()
        self.morceaux = []

    def handle_data(self, data):
        self.morceaux.append(data)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 -- imposé par HTMLParser
        # Un lecteur d'écran lit aussi ces attributs ; un terme porte sa définition.
        self.morceaux += [v for n, v in attrs if v and n in {"aria-label", "title", "placeholder", "data-definition"}]


def read_texte(html):
    lecteur = _Texte()
    lecteur.feed(html)
    return " ".join(" ".join(lecteur.morceaux).replace("\u00a0", " ").replace("\u202f", " ").split())
