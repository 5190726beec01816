"""Changer une ligne d'une déclaration YAML en gardant le reste, commentaires compris."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from observatoire.catalogue.yaml_strict import ChargeurStrict, Document, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIMPLE = re.compile(r"[A-Za-zÀ-ÿ_][\wÀ-ÿ.'’ ()/-]*")
_RETRAIT = "  "


def write_scalaire(texte: str) -> str:
    """Texte tel qu'il s'écrit dans une fiche : entre guillemets dès qu'il pourrait se lire autrement.

    Examples:
        >>> write_scalaire("DISP_MED"), write_scalaire("01004"), write_scalaire("a: b")
        ('DISP_MED', '"01004"', '"a: b"')
    """
    simple = _SIMPLE.fullmatch(texte) and texte == texte.strip() and texte.lower() not in _RESERVES
    return texte if simple else json.dumps(texte, ensure_ascii=False)


_RESERVES = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def set_value(texte: str, chemin: Sequence[str], valeur: str) -> str:
    """Pose un texte à un chemin de clés ; crée ce qui manque.

    Args:
        texte: fiche YAML.
        chemin: clés, de la racine à la valeur (« codes_corriges », « 97499 »).
        valeur: texte à poser.

    Returns:
        La fiche changée ; récrite d'un bloc, sans ses commentaires, si elle ne se laisse pas retoucher.
    """
    voulu = _load(texte)
    _put(voulu, chemin, valeur)
    return _check(_edit(texte, chemin, write_scalaire(valeur)), voulu)


def add_item(texte: str, cle: str, valeurs: Sequence[str]) -> str:
    """Ajoute des textes à une liste de premier niveau ; ceux qui y sont déjà ne sont pas répétés."""
    voulu = _load(texte)
    presents = list(voulu.get(cle) or [])
    nouveaux = [v for v in dict.fromkeys(valeurs) if v not in presents]
    if not nouveaux:
        return texte
    voulu[cle] = presents + nouveaux
    liste = "[" + ", ".join(write_scalaire(v) for v in voulu[cle]) + "]"
    return _check(_edit(texte, (cle,), liste), voulu)


def _load(texte: str) -> dict[str, Any]:
    donnees = parse_yaml(texte, Document("")).donnees
    return donnees if isinstance(donnees, dict) else {}


def _put(donnees: dict[str, Any], chemin: Sequence[str], valeur: str) -> None:
    for cle in chemin[:-1]:
        if not isinstance(donnees.get(cle), dict):
            donnees[cle] = {}
        donnees = donnees[cle]
    donnees[chemin[-1]] = valeur


def _check(retouche: str | None, voulu: dict[str, Any]) -> str:
    """La retouche si elle dit ce qu'on voulait ; sinon la fiche récrite."""
    if retouche is not None:
        document = parse_yaml(retouche, Document(""))
        if not document.fautes and document.donnees == voulu:
            return retouche
    return yaml.safe_dump(voulu, allow_unicode=True, sort_keys=False, width=110)


def _edit(texte: str, chemin: Sequence[str], ecrit: str) -> str | None:
    """Retouche le texte à la place exacte ; ``None`` si la fiche n'a pas la forme attendue."""
    try:
        noeud = ChargeurStrict(texte).get_single_node()
    except yaml.YAMLError:
        return None
    reste = list(chemin)
    while reste:
        if not isinstance(noeud, yaml.MappingNode):
            return None
        enfant = next((v for c, v in noeud.value if c.value == reste[0]), None)
        if enfant is None or (len(reste) > 1 and not isinstance(enfant, yaml.MappingNode)):
            return None if enfant is not None and enfant.value else _insert(texte, noeud, reste, ecrit, enfant)
        noeud = enfant
        reste.pop(0)
    return texte[: noeud.start_mark.index] + ecrit + texte[_end_of(texte, noeud) :]


def _insert(texte: str, parent: yaml.MappingNode, reste: list[str], ecrit: str, vide: yaml.Node | None) -> str | None:
    if vide is not None:
        return None
    if parent.flow_style:
        fin = parent.end_mark.index - 1
        separateur = ", " if parent.value else ""
        corps = ecrit
        for cle in reversed(reste[1:]):
            corps = "{" + f"{write_scalaire(cle)}: {corps}" + "}"
        return f"{texte[:fin].rstrip()}{separateur}{write_scalaire(reste[0])}: {corps}{texte[fin:]}"
    colonne = parent.value[0][0].start_mark.column if parent.value else 0
    lignes = [
        " " * colonne + _RETRAIT * rang + write_scalaire(cle) + (":" if rang < len(reste) - 1 else f": {ecrit}")
        for rang, cle in enumerate(reste)
    ]
    fin = _end_of(texte, parent)
    avant, apres = texte[:fin].rstrip("\n"), texte[fin:].removeprefix("\n")
    # Les lignes blanches qui suivaient restent après l'ajout.
    return avant + "\n" + "\n".join(lignes) + "\n" + apres


def _end_of(texte: str, noeud: yaml.Node) -> int:
    """Fin du dernier caractère utile d'un nœud : un bloc YAML s'étend sinon jusqu'à la clé suivante."""
    if isinstance(noeud, yaml.ScalarNode) or noeud.flow_style:
        return noeud.end_mark.index
    dernier = noeud
    while not isinstance(dernier, yaml.ScalarNode) and dernier.value and not dernier.flow_style:
        dernier = dernier.value[-1][1] if isinstance(dernier, yaml.MappingNode) else dernier.value[-1]
    fin = dernier.end_mark.index
    if isinstance(dernier, yaml.ScalarNode) and dernier.style in {"|", ">"}:
        return fin
    # Un commentaire en bout de ligne appartient à cette ligne.
    bout = texte.find("\n", fin)
    return len(texte) if bout < 0 else bout
