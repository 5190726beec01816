// Gestes : boutons en français, molette après un clic, deux doigts pour bouger, info-bulle.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

  obs.tactile = () => window.matchMedia("(pointer: coarse)").matches;

  const BOUTONS = [
    ["+", "Agrandir", (carte) => carte.zoomIn()],
    ["\u2212", "Réduire", (carte) => carte.zoomOut()],
    ["\u2302", "Tout voir", () => obs.toutVoir()],
  ];

  obs.poserBoutons = function (carte) {
    const barre = L.control({ position: "topleft" });
    barre.onAdd = function () {
      const boite = L.DomUtil.create("div", "obs-boutons");
      for (const [signe, titre, agir] of BOUTONS) {
        const bouton = L.DomUtil.create("button", "obs-bouton", boite);
        bouton.type = "button";
        bouton.textContent = signe;
        bouton.title = titre;
        bouton.setAttribute("aria-label", titre);
        bouton.addEventListener("click", () => agir(carte));
      }
      L.DomEvent.disableClickPropagation(boite);
      return boite;
    };
    barre.addTo(carte);
  };

  // Sur la France entière, aller d'un bout à l'autre de la République en un geste.
  const DESTINATIONS = [
    ["Métropole", [[41.3, -5.2], [51.1, 9.6]]],
    ["Guadeloupe", [[15.83, -61.81], [16.52, -61.0]]],
    ["Martinique", [[14.38, -61.24], [14.88, -60.8]]],
    ["Guyane", [[2.1, -54.6], [5.8, -51.6]]],
    ["La Réunion", [[-21.39, 55.21], [-20.87, 55.84]]],
    ["Mayotte", [[-13.01, 45.01], [-12.63, 45.3]]],
  ];
  obs.METROPOLE = DESTINATIONS[0][1];

  obs.poserDestinations = function (carte) {
    const barre = L.control({ position: "bottomleft" });
    barre.onAdd = function () {
      const boite = L.DomUtil.create("div", "obs-destinations");
      boite.setAttribute("role", "group");
      boite.setAttribute("aria-label", "Aller à");
      for (const [nom, emprise] of DESTINATIONS) {
        const bouton = L.DomUtil.create("button", "obs-destination", boite);
        bouton.type = "button";
        bouton.textContent = nom;
        bouton.addEventListener("click", () => carte.fitBounds(emprise, { animate: false }));
      }
      L.DomEvent.disableClickPropagation(boite);
      return boite;
    };
    return barre;
  };

  // La molette fait défiler la page tant qu'on n'a pas cliqué dans la carte ; en sortir la rend à la page.
  obs.reglerMolette = function (carte) {
    const boite = carte.getContainer();
    carte.scrollWheelZoom.disable();
    boite.addEventListener("pointerdown", () => carte.scrollWheelZoom.enable());
    boite.addEventListener("pointerleave", (e) => {
      if (e.pointerType === "mouse") carte.scrollWheelZoom.disable();
    });
  };

  // Au doigt : un seul fait défiler la page ; deux zooment et déplacent (le pincement de Leaflet suit les doigts).
  obs.reglerDoigts = function (carte) {
    const boite = carte.getContainer();
    const avis = L.DomUtil.create("div", "obs-avis", boite);
    avis.textContent = "Deux doigts pour déplacer la carte";
    let effacement;
    boite.addEventListener(
      "touchmove",
      (e) => {
        avis.classList.toggle("obs-visible", e.touches.length === 1);
        clearTimeout(effacement);
        effacement = setTimeout(() => avis.classList.remove("obs-visible"), 1200);
      },
      { passive: true },
    );
  };

  // Info-bulle unique, qui suit la souris et reste dans le cadre. `lignes` : [titre, valeur, ...notes].
  obs.creerBulle = function (carte) {
    const boite = carte.getContainer();
    const bulle = L.DomUtil.create("div", "obs-bulle", boite);
    bulle.setAttribute("role", "status");
    return {
      montrer(point, titre, valeur, notes) {
        bulle.replaceChildren();
        ajouter(bulle, "strong", titre);
        if (valeur) ajouter(bulle, "span", valeur, "obs-valeur");
        notes.forEach((note) => ajouter(bulle, "span", note, "obs-note"));
        bulle.classList.add("obs-visible");
        const { offsetWidth: l, offsetHeight: h } = bulle;
        const x = point.x + 14 + l > boite.clientWidth ? point.x - l - 14 : point.x + 14;
        const y = point.y + 14 + h > boite.clientHeight ? point.y - h - 14 : point.y + 14;
        bulle.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
      },
      cacher() {
        bulle.classList.remove("obs-visible");
      },
    };
  };

  // Du texte, jamais du HTML : un libellé ne peut rien exécuter.
  function ajouter(parent, balise, texte, classe) {
    const element = L.DomUtil.create(balise, classe || "", parent);
    element.textContent = texte;
  }
})();
