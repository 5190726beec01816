"""Lecture stricte du YAML : tout reste texte, aucune clé répétée, chaque clé garde sa ligne.

Un YAML ordinaire lit ``01004`` comme 516, ``NO`` comme faux et laisse la seconde d'une clé répétée
effacer la première : des codes de territoire et des réglages seraient changés sans bruit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from observatoire.catalogue.fautes import Faute

Chemin = tuple[str | int, ...]

_EXPLICATIONS = (
    ("mapping values are not allowed", "un « : » suivi d'une espace coupe un texte ; mettez ce texte entre guillemets"),
    ("could not find expected ':'", "il manque « : » après une clé, ou un texte long doit commencer par « >- »"),
    (
        "cannot start any token",
        "une tabulation ou un signe réservé commence un mot ; mettez des espaces, ou des guillemets",
    ),
    ("expected <block end>", "le retrait de cette ligne ne suit pas celui des précédentes"),
    ("expected ',' or", "une liste ou des accolades ne sont pas fermées"),
    ("while scanning a quoted", "un guillemet n'est pas fermé"),
    ("unexpected end of stream", "un guillemet n'est pas fermé"),
    ("expected a single document", "un seul document par fichier : retirez la ligne « --- » en trop"),
    ("unacceptable character", "le fichier contient un caractère qui n'est pas du texte ; enregistrez-le en UTF-8"),
)


@dataclass
class Document:
    """Fiche lue : ses données, la ligne de chaque clé, et les fautes d'écriture.

    Attributes:
        fichier: chemin montré dans les messages.
        donnees: contenu, où tout scalaire est du texte.
        lignes: ligne de chaque chemin de clés, comme ``("classes", "bornes", 0)``.
        fautes: fautes trouvées à la lecture.
    """

    fichier: str
    donnees: Any = None
    lignes: dict[Chemin, int] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)

    def line_of(self, *chemin: str | int) -> int | None:
        """Ligne d'un chemin, ou celle du plus proche parent qui en a une."""
        while chemin and chemin not in self.lignes:
            chemin = chemin[:-1]
        return self.lignes.get(chemin)

    def faute(self, message: str, *chemin: str | int, proche: str | None = None) -> Faute:
        """Construit une faute à la ligne d'un chemin."""
        return Faute(self.fichier, message, self.line_of(*chemin), proche)


class ChargeurStrict(yaml.BaseLoader):
    """Chargeur sans conversion de type, qui refuse les renvois (``*nom``).

    Un renvoi cache d'où vient une valeur, et peut boucler sur lui-même.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose un nœud, sauf si c'est un renvoi."""
        if self.check_event(yaml.events.AliasEvent):
            evenement = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "un renvoi (« * ») n'est pas permis ; recopiez la valeur", evenement.start_mark
            )
        return super().compose_node(parent, index)


def read_yaml(chemin: Path, fichier: str | None = None) -> Document:
    """Lit une fiche ; les fautes d'écriture sont rendues dans le document, jamais levées."""
    document = Document(fichier or str(chemin))
    try:
        texte = chemin.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        document.fautes.append(Faute(document.fichier, "le fichier n'est pas en UTF-8 ; enregistrez-le en UTF-8"))
        return document
    return parse_yaml(texte, document)


def parse_yaml(texte: str, document: Document) -> Document:
    """Lit un texte YAML dans ``document``."""
    try:
        chargeur = ChargeurStrict(texte)
        racine = chargeur.get_single_node()
    except yaml.MarkedYAMLError as erreur:
        marque = erreur.problem_mark or erreur.context_mark
        ligne = marque.line + 1 if marque else None
        document.fautes.append(Faute(document.fichier, _explain(str(erreur)), ligne))
        return document
    except yaml.YAMLError as erreur:
        document.fautes.append(Faute(document.fichier, _explain(str(erreur))))
        return document
    if racine is not None:
        document.donnees = _convert(racine, (), document)
    return document


def _explain(probleme: str) -> str:
    """Met en français le message du lecteur YAML."""
    for fragment, explication in _EXPLICATIONS:
        if fragment in probleme:
            return f"écriture illisible : {explication}"
    propre = probleme.splitlines()[0]
    return f"écriture illisible : {propre}"


def _convert(noeud: yaml.Node, chemin: Chemin, document: Document) -> Any:  # noqa: ANN401 -- texte, liste ou tableau de clés
    """Convertit un nœud en texte, liste ou dictionnaire, en notant les lignes."""
    document.lignes.setdefault(chemin, noeud.start_mark.line + 1)
    if isinstance(noeud, yaml.ScalarNode):
        return noeud.value
    if isinstance(noeud, yaml.SequenceNode):
        return [_convert(element, (*chemin, rang), document) for rang, element in enumerate(noeud.value)]
    contenu: dict[str, Any] = {}
    premieres: dict[str, int] = {}
    for noeud_cle, noeud_valeur in noeud.value:
        ligne = noeud_cle.start_mark.line + 1
        cle = noeud_cle.value if isinstance(noeud_cle, yaml.ScalarNode) else "?"
        if cle in premieres:
            message = f"clé répétée « {cle} », déjà écrite ligne {premieres[cle]} ; gardez-en une seule"
            document.fautes.append(Faute(document.fichier, message, ligne))
            continue
        premieres[cle] = ligne
        document.lignes[*chemin, cle] = ligne
        contenu[cle] = _convert(noeud_valeur, (*chemin, cle), document)
    return contenu
