import re
import unicodedata

import pytest

from observatoire.app.actifs import SCRIPT, read_actif
from tests.app.dictionnaire import load_dictionnaire
from tests.app.textes_streamlit import list_textes

# Textes des scripts de Streamlit que rien, dans l'application, ne peut faire paraître.
JAMAIS_MONTRES = {
    "publier l'application chez Streamlit (bouton retiré par toolbarMode=minimal)": {
        "Deploy", "Deploy now", "Deploy on your own hardware or cloud service", "Deploy this app using...",
        "Deploy unlimited private apps with role-based sharing", "Deploy unlimited public apps",
        "Enterprise-level security, support, and fully managed infrastructure",
        "Explore and learn from Streamlit’s community and popular apps", "For community, always free",
        "For custom deployment", "For enterprise", "For personal hobbies and learning",
        "Integrate with Snowflake’s full data stack", "Other platforms",
        "Please commit the latest changes and push to GitHub to continue.",
        "Set up and maintain your own authentication, resources, and costs", "Snowflake", "Start trial",
        "Streamlit Community Cloud", "This Git tree is in a detached HEAD state.", "Unable to deploy",
        ("The app’s code is not connected to a remote GitHub repository. To deploy on Streamlit Community Cloud, "
        "please put your code in a GitHub repository and publish the current branch. Read more in"),
    },
    "filmer l'écran (menu principal retiré)": {
        "Also record audio", "COUNTDOWN", ("Due to limitations with some browsers, this feature is only supported on "
        "recent desktop versions of Chrome, Firefox, and Edge."),
        "Next steps", "Preview your video below:", "RECORDING", "SETUP", "Save video to disk",
        "Share your video with the world on Twitter, LinkedIn, YouTube, or just plain email!", "Start recording!",
        "Step 1", "Step 2", "Step 3", "This video is encoded in the", "UNSUPPORTED", "WebM format",
        ("This will record a video with the contents of your screen, so you can easily share what you're seeing with "
        "others."),
        "our documentation",
    },
    "aides aux développeurs (showErrorLinks=false, serveur hors développement)": {
        "Ask ChatGPT", "Ask Google", "Couldn't install skills", "Failed to install skills.", "Install",
        "Help agents write better apps", "Install skills", "Installing…", "Skills installed",
        "Install the official Streamlit skills so AI coding agents can build and debug your apps.",
        ("Failed to retrieve static app protos. Please confirm the id is correct and try again. Given static app id: "
        "${…}"),
    },
    "messagerie (composant que l'application ne monte pas)": {"Alien Monster", "Chat message from ${…}", "Happy"},
    "statistiques et formats d'une colonne (masqués : ils écrivent nombres et dates à l'anglaise)": {
        "25th percentile", "75th percentile", "Accounting", "Automatic", "Average", "Average length",
        "Based on sample", "Calendar", "Compact", "Count", "Distance", "Distinct", "Dollar", "Duration", "Euro",
        "Localized", "Maximum", "Maximum length", "Median", "Minimum", "Minimum length", "Percent", "Plain", "Range",
        "Scientific", "Standard deviation", "Sum", "Top values frequency chart", "Values", "Yen",
    },
    "fautes de programmation, écrites dans la console": {
        "A cell was passed with an invalid kind", "Assertion failed", "DataTransferItem is not a file",
        "Deferred download not properly configured", "Download Button", "Expected a function",
        "File is larger than ${…}", "File is smaller than ${…}", "Hell froze over", "Invariant Violation",
        "This should not happen", "Too many files",
    },
    "pareils en français": {"Alt", "Cmd+R", "Ctrl+R", "Logo", "Notifications", "OK"},
}  # fmt: skip


def test_every_streamlit_text_is_translated_or_never_shown():
    """Une nouvelle version de Streamlit qui apporte un texte fait échouer cet essai."""
    exclus = set().union(*JAMAIS_MONTRES.values())
    dictionnaire = load_dictionnaire()
    oublies = {t: f for t, f in list_textes().items() if t not in exclus and not dictionnaire.knows(t)}
    assert oublies == {}
    assert len(list_textes()) > 200, "les scripts de Streamlit ne sont plus lus"


def test_exclusions_are_still_in_streamlit():
    assert set().union(*JAMAIS_MONTRES.values()) - set(list_textes()) == set()


def test_a_translation_is_not_translated_again():
    dictionnaire = load_dictionnaire()
    mots = dictionnaire.mots()
    assert [t for t in mots.values() if t and mots.get(t, t) != t] == []
    assert [t for t in mots.values() for motif, _ in dictionnaire.motifs if re.search(motif, t) and t not in mots] == []


@pytest.mark.parametrize(("motif", "texte"), load_dictionnaire().motifs)
def test_patterns_name_groups_that_exist(motif, texte):
    groupes = re.compile(motif).groups
    assert all(int(n) <= groupes for n in re.findall(r"\$(\d)|\{\w(\d)\}", texte) for n in n if n)
    assert motif.startswith("^")
    assert motif.endswith("$")


def test_translations_are_typographically_french():
    """Apostrophe courbe, espace avant les signes doubles, points de suspension d'un seul signe."""
    for texte in load_dictionnaire().traductions():
        assert "'" not in texte
        assert "..." not in texte
        assert not re.search(r"\w[?!;:](?:\s|$)", texte), texte
        assert texte == unicodedata.normalize("NFC", texte)


def test_the_words_come_before_the_script_that_uses_them():
    script = read_actif(SCRIPT).decode()
    assert script.index("window.observatoireFrancais =") < script.index("= window.observatoireFrancais")


def test_masked_entries_are_translated_too():
    """Masquée, une ligne reste lisible dans la page."""
    dictionnaire = load_dictionnaire()
    for selecteur, mots in dictionnaire.masquer.items():
        menu = selecteur.split()[0]
        assert set(mots) <= set(dictionnaire.endroits[menu])
