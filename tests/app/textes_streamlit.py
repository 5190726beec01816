"""Textes que l'interface de Streamlit peut montrer, tirés de ses scripts installés."""

import re
from functools import cache
from pathlib import Path

import streamlit

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
# Composants que l'application ne monte pas : graphiques, son, image animée, messagerie.
NON_MONTES = (
    "Audio", "CameraInput", "ChatInput", "Video", "useWaveform", "wavesurfer", "record", "PlotlyChart", "DeckGl",
    "EChart", "GraphViz", "ArrowVega", "embed", "vega", "Mermaid", "mermaid", "Json", "reactJsonView", "Metric",
    "BidiComponent", "ComponentInstance", "UriUtil", "StreamlitSyntax",
)  # fmt: skip
COMPOSANTS = re.compile(
    r"^(Base|Button|Checkbox|ColorPicker|DataFrame|Date|Download|DynamicIcon|ErrorElement|Feedback|FileUploader|"
    r"InputInstructions|LinkButton|MenuButton|Multiselect|NumberInput|Page|Progress|Radio|Selectbox|Slider|Spinner|"
    r"StreamlitMarkdown|Table|TextArea|TextInput|TextField|TimeInput|Toast|Toolbar|Tooltip|WidgetLabel|index\.D|"
    r"useCopy|utils\.D|withFull)"
)
_CLE = re.compile(
    r"(?:\b(?:children|label|title|placeholder|alt|tooltip|text|content|message|errorMessage|copyLabel|copiedLabel|"
    r"help|description|defaultMessage|caption)|[\"']aria-label[\"'])\s*:"
)
_LITTERAL = re.compile(r"`((?:\\.|\$\{[^{}`]*\}|[^`\\$]|\$(?!\{))*)`|\"((?:\\.|[^\"\\])*)\"")
_JOURNAL = re.compile(r"(?:Error|\.(?:error|warn|info|debug|log|trace)|ToHost|throw \w+|invariant)\([^()]{0,60}$")
_PHRASE = re.compile(r"^[A-Z][\w’'-]*(?:[ ,;:][^<>{}=|]*)$")


@cache
def list_textes():
    """Textes montrables et le fichier qui les porte ; ``${…}`` marque ce qui y sera placé."""
    trouves = {}
    for script in sorted(SCRIPTS.glob("*.js")):
        if COMPOSANTS.match(script.name) and not script.name.startswith(NON_MONTES):
            contenu = script.read_text("utf-8")
            for texte in [*_after_keys(contenu), *_sentences(contenu)]:
                if _is_readable(texte):
                    trouves.setdefault(re.sub(r"\$\{[^{}]*\}", "${…}", texte).strip(), script.name)
    return trouves


def _after_keys(contenu):
    """Textes donnés à une propriété visible, y compris par un choix ``a ? b : c`` ou une suite ``[a, b]``."""
    for cle in _CLE.finditer(contenu):
        yield from _literals(contenu, cle.end())


def _literals(contenu, debut):
    profondeur, i = 0, debut
    while i < min(len(contenu), debut + 600):
        litteral = _LITTERAL.match(contenu, i)
        if litteral:
            yield litteral.group(1) if litteral.group(1) is not None else litteral.group(2)
            i = litteral.end()
            continue
        signe = contenu[i]
        if signe in "({":
            i = _skip(contenu, i)
            continue
        profondeur += (signe == "[") - (signe == "]")
        if profondeur < 0 or signe in ")}" or (signe in ",;" and profondeur == 0):
            return
        i += 1


def _skip(contenu, debut):
    """Indice après la parenthèse ou l'accolade qui s'ouvre : ses propriétés visibles sont lues à part."""
    profondeur = 0
    for i in range(debut, min(len(contenu), debut + 20_000)):
        profondeur += (contenu[i] in "({") - (contenu[i] in ")}")
        if profondeur == 0:
            return i + 1
    return debut + 20_000


def _sentences(contenu):
    """Phrases de plusieurs mots, où qu'elles soient, sauf celles du journal du navigateur."""
    for litteral in _LITTERAL.finditer(contenu):
        texte = litteral.group(1) if litteral.group(1) is not None else litteral.group(2)
        if _PHRASE.match(texte) and not _JOURNAL.search(contenu[max(0, litteral.start() - 90) : litteral.start()]):
            yield texte


def _is_readable(texte):
    nu = re.sub(r"\$\{[^{}]*\}", "", texte)
    return (
        len(re.findall(r"[A-Za-z]", nu)) > 1
        and len(texte) < 300
        and not re.search(
            r"[{}=<>\\#]|://|\w\.\w|^\W*$|^:|^[a-z]+[A-Z]|^[a-z-]+$|_|\d(?:ms|rem|px|em|%)|^M\d|^[,|]|\w,\w|\(data-|nbsp",
            nu,
        )
    )
