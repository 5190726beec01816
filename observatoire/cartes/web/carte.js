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
      keyboard: false, // voir clavier.js
      preferCanvas: true,
      scrollWheelZoom: false,
      dragging: !obs.tactile(),
      inertia: false, // rien ne bouge une fois la carte lâchée
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
    obs.reglerClavier(obs.carte);
    obs.nommer("Carte");
    obs.poserBoutons(obs.carte);
    obs.poserCartons(obs.carte);
    obs.poserLegende(obs.carte);
    obs.reglerPleinEcran(obs.carte);
    obs.reglerSynchro(obs.carte);
    obs.reglerMolette(obs.carte);
    if (obs.tactile()) obs.reglerDoigts(obs.carte);
    obs.bulle = obs.creerBulle(obs.carte);
    obs.poserCalques();
    obs.carte.on("mousemove", obs.survoler);
    obs.carte.on("mouseout movestart", obs.cesserSurvol);
    obs.carte.on("click", obs.cliquer);
    obs.carte.on("moveend", suivreLaVue);
    new ResizeObserver(() => obs.carte.invalidateSize({ animate: false })).observe(boite);
    obs.quandPolicePrete(() => calques.noms.redessiner());
    return obs.carte;
  };

  function suivreLaVue() {
    obs.chargerFins().catch(obs.avertir);
    // Traits et trames dépendent du zoom ; à ce moment les tracés sont à leur nouvelle taille.
    if (etat.couche && etat.zoomPeint !== obs.carte.getZoom()) obs.peindre();
  }

  // --- Pour la page et pour les essais

  obs.toutVoir = function () {
    if (!etat.fond) return;
    const [gauche, haut, droite, bas] = obs.margesEnsemble();
    obs.carte.fitBounds(obs.empriseEnsemble(etat.fond), {
      paddingTopLeft: [gauche, haut],
      paddingBottomRight: [droite, bas],
      animate: false,
    });
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
