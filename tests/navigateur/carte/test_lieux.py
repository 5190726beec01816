"""Lieux : grappes, éclatement, formes, lecture."""

import pytest

pytestmark = pytest.mark.navigateur


@pytest.fixture
def carte(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(types=["mairie", "lycee"]))
    carte.wait("observatoire.nombreLieux() === 19")
    carte.settle()
    return carte


def tailles(carte):
    return sorted(carte.read("observatoire.etat.grappes.map((g) => g.membres.length)"), reverse=True)


def find_grappe(carte, nom):
    """La grappe qui contient un lieu."""
    return carte.read(
        """(nom) => {
          const { x, y, membres } = observatoire.etat.grappes.find((g) => g.membres.some((l) => l.nom === nom));
          return { x, y, n: membres.length };
        }""",
        nom,
    )


def test_every_place_is_in_one_mark(carte):
    assert sum(tailles(carte)) == 19
    assert tailles(carte)[0] >= 5
    assert find_grappe(carte, "Lieu seul-1")["n"] == 1


def test_groups_do_not_change_when_the_map_slides(carte):
    avant = tailles(carte)
    for _ in range(5):
        carte.read("map.panBy([7, 3], {animate: false})")
        assert tailles(carte) == avant


def test_clicking_a_cluster_splits_it(carte):
    grappe = find_grappe(carte, "Lieu serre-0")
    zoom = carte.read("map.getZoom()")
    carte.page.mouse.click(grappe["x"], grappe["y"])
    assert carte.read("map.getZoom()") > zoom
    assert find_grappe(carte, "Lieu serre-0")["n"] < grappe["n"]
    assert carte.read("observatoire.choix()") is None


def test_places_at_the_same_point_are_listed(carte):
    carte.read("map.setView([-21.25, 55.75], 15, {animate: false})")
    grappe = find_grappe(carte, "Lieu meme-0")
    assert grappe["n"] == 3
    carte.page.mouse.click(grappe["x"], grappe["y"])
    assert carte.read("map.getZoom()") == 15
    lu = carte.tooltip()
    assert [nom in lu for nom in ("3 lieux", "Lieu meme-0", "Lieu meme-1", "Lieu meme-2")] == [True] * 4


def test_hover_reads_a_place_and_counts_a_cluster(carte):
    seul = find_grappe(carte, "Lieu seul-2")
    carte.page.mouse.move(seul["x"], seul["y"])
    assert [t in carte.tooltip() for t in ("Lieu seul-2", "Mairie", "1 rue du Port")] == [True] * 3
    grappe = find_grappe(carte, "Lieu serre-0")
    carte.page.mouse.move(grappe["x"], grappe["y"])
    assert f"{grappe['n']} lieux" in carte.tooltip()


def test_old_place_is_hollow_and_says_so(carte):
    vieux = find_grappe(carte, "Lieu vieux")
    carte.page.mouse.move(vieux["x"], vieux["y"])
    assert "Information ancienne, à vérifier" in carte.tooltip()
    encre = carte.read(
        """([a, b]) => [a, b].map(({x, y}) => {
          const d = observatoire.image().getContext("2d").getImageData(x - 5, y - 5, 10, 10).data;
          let n = 0;
          for (let i = 0; i < d.length; i += 4) n += d[i] === 11 && d[i + 1] === 67 && d[i + 2] === 88;
          return n;
        })""",
        [vieux, find_grappe(carte, "Lieu seul-1")],
    )
    assert encre[0] < encre[1] / 2


def test_types_have_their_own_shape_and_letter(carte):
    signes = carte.read("Object.fromEntries(observatoire.etat.lieux.map((l) => [l.libelle, [l.forme, l.lettre]]))")
    assert signes == {"Mairie": ["disque", "M"], "Lycee": ["carre", "L"]}


def test_shape_said_by_the_message_wins(open_carte, ecrivain):
    """Cacher un type ne doit pas changer la forme des autres."""
    carte = open_carte()
    message = ecrivain.write(types=["lycee"])
    message["lieux"][0]["forme"] = "triangle"
    carte.put(message)
    carte.wait("observatoire.nombreLieux() > 0")
    assert carte.read("observatoire.etat.lieux[0].forme") == "triangle"


def test_four_shapes_are_distinct(open_carte):
    """Encre de chaque signe, sans sa lettre : aucune forme n'en recouvre une autre."""
    carte = open_carte()
    masques = carte.read(
        """() => observatoire.FORMES.map((forme) => {
          const c = document.createElement("canvas");
          c.width = c.height = 32;
          const ctx = c.getContext("2d");
          ctx.scale(2, 2);
          observatoire.dessinerLieu(ctx, {forme, lettre: "", creux: false, x: 8, y: 8, rayon: 6});
          const d = ctx.getImageData(0, 0, 32, 32).data, m = [];
          for (let i = 0; i < d.length; i += 4) m.push(d[i + 3] > 128 && d[i] < 100 ? 1 : 0);
          return m;
        })"""
    )
    for i, a in enumerate(masques):
        assert 350 < sum(a) < 700, "même poids à l'œil"
        for b in masques[i + 1 :]:
            assert sum(x != y for x, y in zip(a, b, strict=True)) > 60


def test_finger_reaches_a_place(open_carte, ecrivain):
    carte = open_carte(largeur=390, hauteur=600, has_touch=True, is_mobile=True)
    carte.put(ecrivain.write(types=["mairie"]))
    carte.wait("observatoire.nombreLieux() > 0")
    carte.settle()
    seul = find_grappe(carte, "Lieu seul-1")
    carte.page.touchscreen.tap(seul["x"] + 12, seul["y"] + 6)
    carte.wait("document.querySelector('.obs-bulle.obs-visible')")
    assert "Lieu seul-1" in carte.tooltip()
