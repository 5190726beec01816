// La carte : sa naissance, et ce qu'elle offre à la page et aux essais.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, moteurs, calques } = obs;

  // Plans superposés. Aucun ne reçoit la souris : une toile cacherait celles du dessous, et la
  // recherche du territoire visé doit les parcourir toutes (voir pointeur.js).
  const PLANS = {
    voisins: 390,
    territoires: 400,
    fins: 405,
    limites: 420,
    symboles: 430,
    choix: 440,
    noms: 450,
    lieux: 460,
  };

  obs.creerCarte = function (id) {
    obs.carte = L.map(id, {
      zoomControl: false,
      attributionControl: false,
      preferCanvas: true,
      scrollWheelZoom: false,
      dragging: !obs.tactile(),
      zoomSnap: 0.25,
      zoomDelta: 1,
      minZoom: 2,
      maxZoom: 15,
      maxBoundsViscosity: 0.6,
      fadeAnimation: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    obs.carte.setView([46.6, 2.4], 5.5);
    for (const [nom, rang] of Object.entries(PLANS)) {
      const plan = obs.carte.createPane(nom);
      plan.style.zIndex = rang;
      plan.style.pointerEvents = "none";
      moteurs[nom] = new obs.Moteur({ pane: nom, padding: 0.2 });
    }
    const boite = obs.carte.getContainer();
    boite.setAttribute("role", "region");
    boite.setAttribute("aria-label", "Carte");
    obs.poserBoutons(obs.carte);
    obs.destinations = obs.poserDestinations(obs.carte);
    obs.reglerMolette(obs.carte);
    if (obs.tactile()) obs.reglerDoigts(obs.carte);
    obs.bulle = obs.creerBulle(obs.carte);
    obs.poserCalques();
    obs.carte.on("mousemove", obs.survoler);
    obs.carte.on("mouseout movestart", () => obs.bulle.cacher());
    obs.carte.on("click", obs.cliquer);
    obs.carte.on("moveend", () => obs.chargerFins().catch(obs.avertir));
    obs.carte.on("zoomend", () => etat.couche && obs.peindre());
    new ResizeObserver(() => obs.carte.invalidateSize({ animate: false })).observe(boite);
    // Les noms se dessinent sur une toile : il faut les redessiner quand la police arrive.
    if (document.fonts) document.fonts.load('16px "Source Sans 3"').then(() => calques.noms.redessiner(), () => {});
    return obs.carte;
  };

  // --- Pour la page et pour les essais

  obs.toutVoir = function () {
    if (!etat.fond) return;
    const emprise = etat.fond.portee === "FR" ? obs.METROPOLE : etat.fond.emprise;
    // Sur un téléphone, les boutons tiennent en ligne au-dessus du territoire.
    const haut = obs.carte.getSize().x < 480 ? 60 : 12;
    obs.carte.fitBounds(emprise, { paddingTopLeft: [12, haut], paddingBottomRight: [12, 12], animate: false });
  };
  obs.nombreTerritoires = () => (etat.couche ? etat.couche.getLayers().length : 0);
  obs.nombreLieux = () => etat.lieuxVisibles;
  obs.departementsFins = () => [...etat.fins.keys()];
  obs.couleurDe = (code) => {
    const o = etat.parCode.get(code)?.options;
    return o ? o.trame || o.fillColor : null;
  };
  obs.statutDe = (code) => etat.parCode.get(code)?.lettre ?? null;
  obs.choix = () => etat.choix;
  obs.vue = () => ({ centre: obs.carte.getCenter(), zoom: obs.carte.getZoom() });
  obs.pointDe = (code) => {
    const trace = etat.parCode.get(code);
    return trace ? obs.carte.latLngToContainerPoint(obs.ancre(trace)) : null;
  };
})();
