"""Cartons d'outre-mer de la carte de France."""

import pytest

pytestmark = pytest.mark.navigateur

NOMS = ["Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"]
VISIBLES = "[...document.querySelectorAll('.obs-carton')].filter((c) => c.offsetParent).map((c) => c.innerText.trim())"
# Couleurs d'un carton, par fréquence décroissante.
TEINTES = """(nom) => {
  const carton = [...document.querySelectorAll(".obs-carton")].find((c) => c.innerText.trim() === nom);
  const toile = carton.querySelector("canvas");
  const d = toile.getContext("2d").getImageData(0, 0, toile.width, toile.height).data, n = {};
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) {
    const t = "#" + [d[i], d[i + 1], d[i + 2]].map((x) => x.toString(16).padStart(2, "0")).join("").toUpperCase();
    n[t] = (n[t] || 0) + 1;
  }
  return Object.entries(n).sort((a, b) => b[1] - a[1]).map(([t]) => t);
}"""


@pytest.mark.parametrize(("largeur", "hauteur"), [(908, 600), (358, 400)])
@pytest.mark.parametrize("maille", ["commune", "departement"])
def test_five_frames_on_the_whole_view_without_covering_the_mainland(open_carte, ecrivain, maille, largeur, hauteur):
    carte = open_carte(largeur=largeur, hauteur=hauteur)
    carte.put(ecrivain.write(maille, "FR"))
    assert carte.read(VISIBLES) == NOMS
    boites = carte.read(
        """[...document.querySelectorAll(".obs-carton")].map((c) => {
          const { left, top, right, bottom } = c.getBoundingClientRect();
          return [left, top, right, bottom];
        })"""
    )
    assert all(b[0] >= 0 and b[2] <= largeur and b[3] <= hauteur for b in boites)
    # La pointe de la Bretagne et le bas de la Corse restent à découvert.
    for lat, lon in ((48.4, -5.1), (41.4, 9.2), (42.4, 3.1)):
        x, y = carte.read(f"(() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }})()")
        assert not any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boites)
    debords = carte.read(
        "[...document.querySelectorAll('.obs-carton span')].map((s) => s.scrollWidth - s.parentElement.clientWidth)"
    )
    assert max(debords) <= 0


def test_frames_wear_the_colours_of_the_map(open_carte, ecrivain):
    carte = open_carte()
    valeurs = {"971": 5.0, "972": 30.0, "973": 50.0, "974": 70.0, "976": 90.0}
    carte.put(ecrivain.write("departement", "FR", valeurs=valeurs))
    lues = [carte.read(TEINTES, nom)[0] for nom in NOMS]
    assert lues == ["#FFF3DC", "#FBCF8B", "#EE9A3E", "#C2601A", "#7A300D"]
    carte.put(ecrivain.write("departement", "FR", valeurs=valeurs | {"974": 5.0}, statuts={"976": "secret"}))
    assert carte.read(TEINTES, "La Réunion")[0] == "#FFF3DC"
    assert carte.read(TEINTES, "Mayotte")[0] == "#FFFFFF"
    carte.read("observatoire.allumer(1)")
    carte.settle()
    assert carte.read(TEINTES, "La Réunion")[0] == "#FFFCF6"
    assert carte.read(TEINTES, "Martinique")[0] == "#FBCF8B"


def test_hover_reads_and_click_goes_there_and_back(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR", valeurs={"974": 70.0}))
    carte.read("window.survols = []; addEventListener('observatoire:survol', (e) => survols.push(e.detail.code))")
    carton = carte.cadre.locator(".obs-carton", has_text="La Réunion")
    carton.locator("canvas").hover()
    assert "La Réunion" in carte.tooltip()
    assert "70,0" in carte.tooltip()
    assert carte.read("survols") == ["974"]
    carton.click()
    assert carte.read(VISIBLES) == []
    assert carte.read("map.getBounds().contains([-21.1, 55.5])")
    assert carte.read("map.getZoom()") > 8
    carte.cadre.get_by_role("button", name="Métropole").click()
    assert carte.read(VISIBLES) == NOMS
    assert carte.read("map.getBounds().contains([46.6, 2.4])")


def test_frame_is_reached_by_keyboard(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR"))
    carte.cadre.locator(".obs-carton", has_text="Guyane").focus()
    carte.page.keyboard.press("Enter")
    assert carte.read("map.getBounds().contains([4.0, -53.0])")
    assert carte.read("document.activeElement === map.getContainer()"), "le clavier reste dans la carte"


def test_no_frame_elsewhere(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR"))
    carte.put(ecrivain.write("commune", "974"))
    assert carte.read(VISIBLES) == []
    assert carte.cadre.get_by_role("button", name="Métropole").count() == 0


def test_overseas_territory_is_shown_in_its_frame(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR"))
    vue = carte.read("JSON.stringify(observatoire.vue())")
    assert carte.read("observatoire.montrer('976')")
    assert carte.read("JSON.stringify(observatoire.vue())") == vue
    assert "Mayotte" in carte.tooltip()
    boite = carte.cadre.locator(".obs-carton", has_text="Mayotte").bounding_box()
    bulle = carte.cadre.locator(".obs-bulle").bounding_box()
    assert abs(bulle["x"] - boite["x"]) < 120
    assert "#1B1F24" in carte.read(TEINTES, "Mayotte")


def test_image_keeps_the_frames_and_their_names(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR", valeurs={"974": 90.0}))
    carte.settle()
    boite = carte.cadre.locator(".obs-carton", has_text="La Réunion").bounding_box()
    teintes = carte.read(
        """({x, y, width, height}) => {
          const ctx = observatoire.image().getContext("2d");
          const lire = (y0, h) => { const s = new Set(); const d = ctx.getImageData(x, y0, width, h).data;
            for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return [...s]; };
          return [lire(y, 84), lire(y + 86, height - 88)];
        }""",
        boite,
    )
    assert 0x7A300D in teintes[0]
    assert any(t < 0x404040 for t in teintes[1]), "le nom n'est pas écrit"
