"""Ce qui se voit : états, classe allumée, image, cas limites."""

import itertools

import numpy as np
import pytest

from observatoire.cartes.valeurs import dessin_aplats

pytestmark = pytest.mark.navigateur

ETATS = {"s": "secret", "d": "non_disponible", "n": "non_significatif", "h": "hors_champ", "z": "publie", "p": "publie"}
# Pixels d'un carré autour du point d'un territoire, toutes couches réunies.
CARRE = """([code, cote]) => {
  const p = observatoire.pointDe(code), k = devicePixelRatio;
  const [x, y] = [p.x, p.y].map((v) => Math.round((v - cote / 2) * k));
  return [...observatoire.image().getContext("2d").getImageData(x, y, cote * k, cote * k).data];
}"""


def read_carre(carte, code, cote):
    """Luminance d'un carré de pixels."""
    octets = np.array(carte.read(CARRE, [code, cote]), dtype=float).reshape(-1, 4)[:, :3]
    cote = round(len(octets) ** 0.5)
    return (octets @ [0.2126, 0.7152, 0.0722]).reshape(cote, cote)


def describe_carre(gris):
    """Ce que l'œil y prend : la clarté, et combien elle varie dans chacune des quatre directions."""
    pas = {"ligne": (0, 1), "colonne": (1, 0), "descend": (1, 1), "monte": (1, -1)}
    variations = [np.abs(gris - np.roll(gris, ecart, axis=(0, 1)))[1:-1, 1:-1].mean() for ecart in pas.values()]
    return np.array([gris.mean(), *variations])


def put_etats(carte, ecrivain, portee="974"):
    """Un territoire de chaque état ; les autres dans la troisième classe."""
    codes = dict(zip(ETATS, ecrivain.codes("commune", portee)[4:], strict=False))
    valeurs = dict.fromkeys(ecrivain.codes("commune", portee), 50.0) | {codes["z"]: 0.0}
    statuts = {code: ETATS[lettre] for lettre, code in codes.items()}
    carte.put(ecrivain.write(portee=portee, valeurs=valeurs, statuts=statuts))
    return codes


@pytest.mark.parametrize(("densite", "zoom", "cote"), [(1, 9, 24), (1, 7.25, 10), (3, 7.25, 10)])
def test_states_differ_on_a_large_and_on_a_tiny_territory(open_carte, ecrivain, densite, zoom, cote):
    """À 7,25 une commune de La Réunion fait une dizaine de pixels."""
    carte = open_carte(device_scale_factor=densite)
    codes = put_etats(carte, ecrivain)
    carte.read(f"map.setView([-21.13, 55.53], {zoom}, {{animate: false}})")
    carte.wait("observatoire.etat.limites")
    carte.read("observatoire.calques.noms.remove(), observatoire.etat.limites.remove()")
    carte.settle()
    lus = {lettre: describe_carre(read_carre(carte, code, cote)) for lettre, code in codes.items()}
    ecarts = {a + b: float(np.abs(lus[a] - lus[b]).max()) for a, b in itertools.combinations(lus, 2)}
    print(densite, zoom, {k: [round(float(x)) for x in v] for k, v in lus.items()})
    assert min(ecarts.values()) >= 8, ecarts


def test_tight_pattern_is_for_small_territories_only(open_carte, ecrivain):
    carte = open_carte()
    codes = put_etats(carte, ecrivain)
    assert carte.read(f"observatoire.couleurDe('{codes['s']}')") == "secret"
    carte.read("map.setZoom(7, {animate: false})")
    carte.settle()
    assert carte.read(f"observatoire.couleurDe('{codes['s']}')") == "secret-fine"


def test_lit_class_keeps_its_colour_and_the_others_fade(open_carte, ecrivain):
    carte = open_carte()
    codes = put_etats(carte, ecrivain)
    carte.read("observatoire.calques.noms.remove()")
    autre = ecrivain.codes("commune", "974")[0]
    avant = {c: read_carre(carte, c, 12) for c in (codes["s"], codes["p"], autre)}
    carte.read("observatoire.allumer('s')")
    carte.settle()
    assert np.array_equal(read_carre(carte, codes["s"], 12), avant[codes["s"]])
    attendu = 255 + (avant[autre] - 255) * 0.25
    assert np.abs(read_carre(carte, autre, 12) - attendu).max() <= 2
    carte.read("observatoire.allumer(2)")
    carte.settle()
    assert np.array_equal(read_carre(carte, autre, 12), avant[autre])
    assert read_carre(carte, codes["s"], 12).mean() > avant[codes["s"]].mean() + 15
    carte.read("observatoire.allumer(null)")
    carte.settle()
    assert all(np.array_equal(read_carre(carte, c, 12), vu) for c, vu in avant.items())


def test_lit_class_is_forgotten_with_the_indicator(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write())
    carte.read("observatoire.allumer(2)")
    carte.put(ecrivain.write(valeurs={"97411": 12.0}))
    assert carte.read("observatoire.etat.allumee") is None


def test_other_publication_replaces_everything(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(publication="a"))
    peintures = carte.read("observatoire.peintures")
    carte.put(ecrivain.write(publication="a"))
    assert carte.read("observatoire.peintures") == peintures
    carte.put(ecrivain.write(publication="b"))
    assert carte.read("observatoire.peintures") > peintures


def test_context_follows_its_address_not_the_territory(open_carte, ecrivain):
    """La même portée d'une autre publication a d'autres limites."""
    carte = open_carte()
    message = ecrivain.write(publication="a")
    carte.put(message)
    carte.wait("observatoire.etat.limites")
    carte.read("window.anciennes = observatoire.etat.limites")
    nouveau = message | {
        "publication": "b",
        "fond": message["fond"] | {"limites": message["fond"]["limites"] + "?autre"},
    }
    carte.put(nouveau)
    carte.wait("observatoire.etat.limites && observatoire.etat.limites !== window.anciennes")


def test_change_never_shows_a_blank(open_carte, ecrivain):
    """À chaque image d'écran, un territoire a l'ancienne couleur ou la nouvelle."""
    carte = open_carte()
    carte.put(ecrivain.write(valeurs={"97411": 50.0}))
    vues = carte.read(
        """(messages) => new Promise((fini) => {
          const toile = map.getPane("territoires").querySelector("canvas"), vues = new Set();
          const cadre = toile.getBoundingClientRect(), p = observatoire.pointDe("97411");
          let restant = 40;
          (function voir() {
            const d = toile.getContext("2d").getImageData(p.x - cadre.left + 10, p.y - cadre.top + 20, 1, 1).data;
            vues.add([...d].join());
            if (restant % 10 === 0) observatoire.poserValeurs(messages[(restant / 10) % 2]);
            if (restant--) requestAnimationFrame(voir);
            else fini([...vues]);
          })();
        })""",
        [ecrivain.write(valeurs={"97411": v}) for v in (90.0, 10.0)],
    )
    assert set(vues) == {"238,154,62,255", "122,48,13,255", "255,243,220,255"}


def test_values_of_another_ground_are_refused_and_said(open_page, ecrivain):
    page = open_page()
    page.wait_for_function("window.observatoire?.carte")
    message = ecrivain.write()
    message["valeurs"] = message["valeurs"] | {"n": 23}
    page.evaluate("console.error = (t) => (window.dit = t)")
    page.evaluate("(m) => observatoire.poserValeurs(m)", message)
    page.wait_for_function("window.dit")
    assert "23 valeurs pour 24 territoires" in page.evaluate("window.dit")
    assert "Recharger la page" in page.inner_text(".obs-avis.obs-visible")
    assert page.evaluate("observatoire.etat.donnees") is None


@pytest.mark.parametrize("densite", [1, 2])
def test_image_holds_every_layer(open_carte, ecrivain, densite):
    carte = open_carte(device_scale_factor=densite)
    carte.put(ecrivain.write(types=["mairie"]))
    carte.wait("observatoire.etat.limites && observatoire.nombreLieux() > 0")
    carte.settle()
    lu = carte.read(
        """() => {
          const t = observatoire.image(), ctx = t.getContext("2d"), k = devicePixelRatio;
          const teintes = new Set();
          const d = ctx.getImageData(0, 0, t.width, t.height).data;
          for (let i = 0; i < d.length; i += 4) teintes.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
          return {canvas: t instanceof HTMLCanvasElement, l: t.width, h: t.height,
                  l0: map.getContainer().clientWidth * k, h0: map.getContainer().clientHeight * k,
                  coin: [...ctx.getImageData(t.width - 3, 3, 1, 1).data], teintes: [...teintes]};
        }"""
    )
    assert lu["canvas"]
    assert (lu["l"], lu["h"]) == (lu["l0"], lu["h0"])
    assert lu["coin"] == [250, 249, 246, 255]
    # Classes, limite du département, encre des lieux.
    assert {0xFFF3DC, 0xFBCF8B, 0xEE9A3E, 0xC2601A, 0x7A300D, 0x1B1F24, 0x0B4358} <= set(lu["teintes"])


def test_image_does_not_wait_for_the_next_frame(open_carte, ecrivain):
    """Un message vient de partir : l'image prise dans la même tâche montre déjà les nouvelles valeurs."""
    carte = open_carte()
    carte.put(ecrivain.write())
    couleur = carte.read(
        """(m) => {
          observatoire.poserValeurs(m);
          const p = observatoire.pointDe("97411");
          return [...observatoire.image().getContext("2d").getImageData(p.x + 12, p.y + 20, 1, 1).data].slice(0, 3);
        }""",
        ecrivain.write(valeurs={"97411": 99.0}),
    )
    assert couleur == [0x7A, 0x30, 0x0D]


def test_names_are_written_again_when_the_font_comes_late(open_page, ecrivain):
    page = open_page()
    attente = []

    def hold(route):
        attente.append(route)

    page.route("**/source-sans.woff2", hold)
    page.reload(wait_until="commit")
    page.wait_for_function("window.observatoire?.carte")
    page.evaluate("(m) => observatoire.poserValeurs(m)", ecrivain.write())
    page.wait_for_function("observatoire.nomsEcrits > 10")  # des noms quand même, dans la police du système
    assert not page.evaluate("[...document.fonts].some((f) => f.family.includes('Source Sans 3'))")
    page.evaluate("window.avant = observatoire.nomsPoses")
    attente[0].continue_()
    page.wait_for_function("observatoire.nomsPoses !== window.avant")
    assert page.evaluate("[...document.fonts].map((f) => [f.family.replaceAll('\"', ''), f.status])") == [
        ["Source Sans 3", "loaded"]
    ]


def test_names_never_overlap_nor_cover_a_place(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(types=["mairie"]))
    boites = carte.read(
        """() => {
          const boites = [];
          const proto = CanvasRenderingContext2D.prototype, ecrire = proto.fillText;
          proto.fillText = function (t, x, y) {
            const l = this.measureText(t).width / 2;
            boites.push([t, x - l, y - 6, x + l, y + 6]);
            return ecrire.call(this, t, x, y);
          };
          observatoire.calques.noms.redessiner();
          proto.fillText = ecrire;
          for (const { x, y, rayon: r } of observatoire.etat.grappes) boites.push(["lieu", x - r, y - r, x + r, y + r]);
          return boites;
        }"""
    )
    noms = [b for b in boites if b[0] != "lieu"]
    assert len(noms) > 10
    for a, b in itertools.combinations(boites, 2):
        if a[0] == b[0] == "lieu":
            continue
        croisent = a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
        assert not croisent, (a, b)


# --- Cas limites


def test_chosen_territory_absent_from_the_ground(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(selection="99999"))
    assert carte.read("observatoire.choix()") == "99999"
    assert carte.read("observatoire.nombreTerritoires()") == 24
    assert carte.read("observatoire.montrer('99999')") is False
    carte.put(ecrivain.write(selection="97411"))
    carte.read("map.panBy([30, 0], {animate: false})")


def test_single_class(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(dessin=dessin_aplats(["#EE9A3E"], []), bornes=()))
    codes = ecrivain.codes("commune", "974")
    assert {carte.read(f"observatoire.couleurDe('{c}')") for c in codes} == {"#EE9A3E"}


def test_one_commune_with_data(open_carte, ecrivain):
    carte = open_carte()
    codes = ecrivain.codes("commune", "974")
    carte.put(
        ecrivain.write(statuts=dict.fromkeys(codes, "non_disponible") | {"97411": "publie"}, valeurs={"97411": 50.0})
    )
    couleurs = {c: carte.read(f"observatoire.couleurDe('{c}')") for c in codes}
    assert couleurs.pop("97411") == "#EE9A3E"
    assert set(couleurs.values()) == {"absent"}


@pytest.mark.parametrize(
    ("maille", "portee", "nom"),
    [
        ("arrondissement_municipal", "75", "15e"),
        ("commune", "75", "Paris"),
        ("commune", "976", "Mamoudzou"),
        ("commune", "29", "Brest"),
        ("commune", "29", "Île-de-Sein"),
    ],
)
@pytest.mark.parametrize(("largeur", "hauteur"), [(908, 600), (358, 400)])
def test_whole_view_fits_and_names_it(open_carte, ecrivain, maille, portee, nom, largeur, hauteur):
    carte = open_carte(largeur=largeur, hauteur=hauteur)
    carte.put(ecrivain.write(maille, portee))
    carte.wait("observatoire.nomsEcrits > 0")
    dans, marge = carte.read(
        """() => {
          const e = L.latLngBounds(observatoire.etat.fond.emprise), v = map.getBounds();
          const z = map.getBoundsZoom(e);
          return [v.contains(e), z - map.getZoom()];
        }"""
    )
    assert dans
    assert marge <= 0.5, "le territoire pourrait être montré plus grand"
    if largeur == 908:
        assert nom in carte.read("observatoire.nomsPoses")
