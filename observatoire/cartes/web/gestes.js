// Gestes : boutons en français, molette après un clic, deux doigts pour bouger.
(function () {
  "use strict";
  const obs = window.observatoire;

  obs.tactile = () => window.matchMedia("(pointer: coarse)").matches;

  // Dessinés plutôt qu'écrits : toutes les polices n'ont pas ces signes.
  const SIGNES = {
    plus: "M10 4v12M4 10h12",
    moins: "M4 10h12",
    maison: "M3 10.5 10 4l7 6.5M5.5 9v7.5h9V9",
    etendre: "M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4",
    reduire: "M7.5 3.5v4h-4M16.5 7.5h-4v-4M12.5 16.5v-4h4M3.5 12.5h4v4",
  };

  const BOUTONS = [
    ["plus", "Agrandir", (carte) => carte.zoomIn()],
    ["moins", "Réduire", (carte) => carte.zoomOut()],
    ["maison", "Tout voir", () => obs.toutVoir()],
    ["etendre", "Plein écran", () => obs.basculerPleinEcran()],
  ];

  obs.poserBoutons = function (carte) {
    const barre = L.control({ position: "topleft" });
    barre.onAdd = function () {
      const boite = L.DomUtil.create("div", "obs-boutons");
      for (const [signe, titre, agir] of BOUTONS) {
        const bouton = L.DomUtil.create("button", `obs-bouton obs-bouton-${signe}`, boite);
        bouton.type = "button";
        obs.signer(bouton, signe, titre);
        bouton.addEventListener("click", () => agir(carte));
      }
      obs.isoler(boite);
      return boite;
    };
    barre.addTo(carte);
  };

  // Ce qui se passe sur un bouton ne concerne pas la carte qui est dessous.
  obs.isoler = function (boite) {
    L.DomEvent.disableClickPropagation(boite);
    L.DomEvent.on(boite, "mousemove", L.DomEvent.stopPropagation);
    L.DomEvent.on(boite, "mouseenter", obs.cesserSurvol);
  };

  obs.signer = function (bouton, signe, titre) {
    bouton.title = titre;
    bouton.setAttribute("aria-label", titre);
    bouton.innerHTML = `<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="${SIGNES[signe]}"/></svg>`;
  };

  // La molette fait défiler la page tant qu'on n'a pas cliqué dans la carte ; en sortir la rend à la page.
  obs.reglerMolette = function (carte) {
    const boite = carte.getContainer();
    carte.scrollWheelZoom.disable();
    boite.addEventListener("pointerdown", () => carte.scrollWheelZoom.enable());
    boite.addEventListener("pointerleave", (e) => {
      if (e.pointerType === "mouse" && !obs.enPleinEcran()) carte.scrollWheelZoom.disable();
    });
  };

  // Au doigt : un seul fait défiler la page ; deux zooment et déplacent (le pincement de Leaflet suit les doigts).
  obs.reglerDoigts = function (carte) {
    const boite = carte.getContainer();
    const rappel = L.DomUtil.create("div", "obs-rappel", boite);
    rappel.textContent = "Deux doigts pour déplacer la carte";
    let effacement;
    boite.addEventListener(
      "touchmove",
      (e) => {
        rappel.classList.toggle("obs-visible", e.touches.length === 1 && !obs.enPleinEcran());
        clearTimeout(effacement);
        effacement = setTimeout(() => rappel.classList.remove("obs-visible"), 1200);
      },
      { passive: true },
    );
  };

  // Ce qui a manqué, dit en toutes lettres sur la carte ; vide pour l'effacer.
  obs.avis = function (texte) {
    const boite = obs.carte.getContainer();
    const avis = boite.querySelector(".obs-avis") || L.DomUtil.create("div", "obs-avis", boite);
    avis.setAttribute("role", "alert");
    if (avis.textContent !== texte) avis.textContent = texte;
    avis.classList.toggle("obs-visible", Boolean(texte));
  };
})();
