import re
from collections import defaultdict

from observatoire.app.actifs import DOSSIER


def test_a_class_is_defined_in_one_sheet_only():
    """Deux pages qui nomment pareil deux choses se défigurent l'une l'autre : toutes les feuilles sont réunies."""
    feuilles = defaultdict(set)
    for feuille in DOSSIER.glob("*.css"):
        for classe in re.findall(r"^(\.obs-[\w-]+) \{", feuille.read_text("utf-8"), re.MULTILINE):
            feuilles[classe].add(feuille.name)
    assert len(feuilles) > 50
    assert {classe: noms for classe, noms in feuilles.items() if len(noms) > 1} == {}
