// Cartons d'outre-mer : cinq petits cadres sur la carte de France d'ensemble. Survoler lit, toucher y va.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  const TERRITOIRES = [
    ["Guadeloupe", [[15.83, -61.82], [16.52, -61.0]]],
    ["Martinique", [[14.38, -61.24], [14.89, -60.8]]],
    ["Guyane", [[2.1, -54.62], [5.8, -51.6]]],
    ["La Réunion", [[-21.4, 55.2], [-20.86, 55.85]]],
    ["Mayotte", [[-13.01, 45.01], [-12.63, 45.31]]],
  ];
  const METROPOLE = [[41.3, -5.2], [51.1, 9.6]];
  // Place prise dans la carte, bord compris (tailles dans carte.css).
  const COLONNE = 112;
  const RANGEE = 104;
  const JEU_ZOOM = 0.6; // au-delà du zoom d'ensemble, on regarde une région : les cartons s'effacent

  let boite, retour;
  const cartons = (obs.cartons = []); // {nom, emprise, bouton, toile, entrees: Map(code → {trace, chemin, centre, petit}), cernes}

  obs.poserCartons = function (carte) {
    const barre = L.control({ position: "bottomleft" });
    barre.onAdd = function () {
      const cadre = L.DomUtil.create("div", "obs-outremer");
      boite = L.DomUtil.create("div", "obs-cartons", cadre);
      boite.setAttribute("role", "group");
      boite.setAttribute("aria-label", "Outre-mer");
      TERRITOIRES.forEach(([nom, emprise]) => cartons.push(creerCarton(nom, emprise)));
      retour = L.DomUtil.create("button", "obs-retour", cadre);
      retour.type = "button";
      retour.textContent = "Métropole";
      retour.title = "Revenir à la France entière";
      retour.addEventListener("click", () => {
        obs.toutVoir();
        carte.getContainer().focus({ preventScroll: true }); // le bouton disparaît : le clavier reste dans la carte
      });
      obs.isoler(cadre);
      return cadre;
    };
    barre.addTo(carte);
    carte.on("moveend", obs.placerCartons);
  };

  function creerCarton(nom, emprise) {
    const bouton = L.DomUtil.create("button", "obs-carton", boite);
    bouton.type = "button";
    bouton.setAttribute("aria-label", `${nom} : y aller`);
    const toile = L.DomUtil.create("canvas", "", bouton);
    L.DomUtil.create("span", "", bouton).textContent = nom;
    const carton = { nom, emprise: L.latLngBounds(emprise), bouton, toile, entrees: new Map(), cernes: {} };
    bouton.addEventListener("click", () => {
      obs.cesserSurvol();
      obs.carte.fitBounds(emprise, { animate: false, padding: [12, 12] });
      obs.carte.getContainer().focus({ preventScroll: true });
    });
    bouton.addEventListener("mousemove", (e) => survoler(carton, e));
    bouton.addEventListener("mouseleave", obs.cesserSurvol);
    return carton;
  }

  const enFrance = () => Boolean(etat.fond) && etat.fond.portee === "FR" && couvreOutremer(etat.fond.emprise);
  const couvreOutremer = ([[sud], [nord]]) => sud < 0 && nord > 41;

  // L'emprise d'ensemble d'un fond : la métropole si le fond couvre aussi l'outre-mer, montré en cartons.
  obs.empriseEnsemble = (fond) => (fond.portee === "FR" && couvreOutremer(fond.emprise) ? METROPOLE : fond.emprise);

  // Place laissée aux boutons et aux cartons : [gauche, haut, droite, bas].
  obs.margesEnsemble = function () {
    const etroit = obs.carte.getSize().x < 640;
    const haut = etroit ? 64 : 12;
    if (!enFrance()) return [12, haut, 12, 12];
    return etroit ? [8, haut, 8, RANGEE] : [COLONNE, 12, 12, 12];
  };

  obs.placerCartons = function () {
    const carte = obs.carte;
    const france = enFrance();
    const [g, h, d, b] = france ? obs.margesEnsemble() : [0, 0, 0, 0];
    const ensemble = france ? carte.getBoundsZoom(METROPOLE, false, L.point(g + d, h + b)) : 0;
    const visibles = france && carte.getZoom() <= ensemble + JEU_ZOOM && L.latLngBounds(METROPOLE).contains(carte.getCenter());
    boite.classList.toggle("obs-cache", !visibles);
    retour.classList.toggle("obs-cache", !france || visibles);
    if (visibles) obs.peindreCartons();
  };

  obs.cartonsVisibles = () => Boolean(boite) && !boite.classList.contains("obs-cache");

  // --- Lecture

  function entreeSous(carton, x, y) {
    const ctx = carton.toile.getContext("2d");
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const trouvee = [...carton.entrees.values()].find(({ chemin }) => chemin && ctx.isPointInPath(chemin, x, y, "evenodd"));
    ctx.restore();
    return trouvee;
  }

  const coinDe = (element) => {
    const boiteCarte = obs.carte.getContainer().getBoundingClientRect();
    const { left, top } = element.getBoundingClientRect();
    return L.point(left - boiteCarte.left, top - boiteCarte.top);
  };

  function survoler(carton, e) {
    const coin = carton.toile.getBoundingClientRect();
    const entree = entreeSous(carton, e.clientX - coin.left, e.clientY - coin.top);
    if (!entree) return obs.cesserSurvol();
    obs.noterSurvol(entree.trace.code);
    return obs.montrerTerritoire(entree.trace, coinDe(carton.toile).add([e.clientX - coin.left, e.clientY - coin.top]));
  }

  // Où un territoire se voit dans un carton, en pixels de la carte ; rien s'il n'y est pas.
  obs.pointDeCarton = function (code) {
    if (!obs.cartonsVisibles()) return null;
    for (const carton of cartons) {
      const entree = carton.entrees.get(code);
      if (entree && entree.centre) return coinDe(carton.toile).add(entree.centre);
    }
    return null;
  };
})();
