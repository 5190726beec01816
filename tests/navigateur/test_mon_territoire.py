"""« Mon territoire » : retenu par ce navigateur, sans cookie, sans rien envoyer."""

import pytest

pytestmark = pytest.mark.navigateur


def test_remembered_after_a_reload_and_forgotten_on_demand(open_onglet):
    onglet = open_onglet(neuf=True)
    onglet.open("/territoire?territoire=commune-97421")
    page = onglet.page
    mien = page.locator(".obs-entete [data-mon-territoire]")
    assert not mien.is_visible()
    avant = list(onglet.demandes)
    page.get_by_role("button", name="En faire mon territoire").click()
    mien.wait_for()
    assert onglet.demandes == avant, "retenir un territoire a fait une demande"
    page.reload()
    page.wait_for_selector(".obs-pied")
    mien.wait_for()
    assert page.get_by_role("button", name="Mon territoire").get_attribute("aria-pressed") == "true"
    onglet.open("/methode")
    mien.click()
    onglet.wait_title("Salazie")
    # Streamlit pose un seul cookie, contre les demandes forgées ; il ne sait rien du visiteur.
    cookies = {c["name"] for c in page.context.cookies()}
    assert cookies <= {"_streamlit_xsrf"}, cookies
    page.get_by_role("button", name="Mon territoire").click()
    onglet.wait("() => document.querySelector('.obs-entete [data-mon-territoire]').hidden")
    assert page.evaluate("localStorage.getItem('observatoire.territoire')") is None
