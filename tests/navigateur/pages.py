"""Pages de l'application, et de quoi ouvrir tout ce qui s'y ouvre."""

REUNION = "/carte?indicateur=part_menages_bas_revenus&departement=974&maille=commune"
TERRITOIRE = "/territoire?territoire=commune-97411"
PAGES = {
    "accueil": "/",
    "carte": REUNION,
    "deux-cartes": f"{REUNION}&comparer=indicateur:mairies_10000_hab",
    "territoire": TERRITOIRE,
    "territoire-choix": "/territoire",
    "methode": "/methode",
    "methode-fiche": "/methode?indicateur=part_menages_bas_revenus",
    "mentions": "/mentions",
    "accessibilite": "/accessibilite",
}
AVEC_CARTE = {"carte": 1, "deux-cartes": 2}


def open_page(onglet, nom):
    """Ouvre une page, cartes peintes."""
    onglet.open(PAGES[nom])
    for rang in range(AVEC_CARTE.get(nom, 0)):
        onglet.wait_drawn(24, rang=rang)


def unfold(page):
    """Déplie tout ce qui se replie, et ouvre une définition."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    terme = page.locator(".obs-terme:visible").first
    if terme.count():
        terme.click()
        page.locator(".obs-definition").wait_for()
