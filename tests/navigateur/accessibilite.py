"""axe-core sur une page entière, cadres compris."""

from axe_playwright_python.sync_playwright import Axe

_AXE = Axe()


def find_violations(page):
    """Règles enfreintes (toutes les règles d'axe-core, bonnes pratiques comprises), avec où et pourquoi."""
    # La page interroge ses cadres : le script doit être dans chacun d'eux.
    for cadre in page.frames:
        cadre.evaluate(_AXE.axe_script)
    reponse = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert reponse["passes"], "axe-core n'a rien contrôlé"
    return [
        f"{v['id']} ({v['impact']}) {noeud['target']} : {noeud['failureSummary'].splitlines()[-1].strip()}"
        for v in reponse["violations"]
        for noeud in v["nodes"]
    ]
