// État partagé par les fichiers de la carte : ce qui est chargé, ce qui est montré.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

  obs.ZOOM_FIN = 9; // à partir d'ici, la carte de France charge les communes fines
  obs.identite = Math.random().toString(36).slice(2); // distingue deux cartes d'une même page
  obs.moteurs = {}; // moteur de dessin de chaque plan
  obs.calques = {}; // noms, symboles, lieux
  obs.carte = null;

  obs.etat = {
    fond: null, // description reçue
    peint: null, // description de ce qui est à l'écran (l'ancienne, tant que la nouvelle se charge)
    message: null, // dernier message de valeurs
    cles: {}, // empreinte de chaque partie déjà appliquée
    donnees: null, // valeurs décodées
    rang: new Map(), // code → rang des valeurs
    couche: null, // territoires
    parCode: new Map(), // code → tracé le plus fin à l'écran
    fins: new Map(), // département → couche fine
    voisins: null,
    limites: null,
    attente: null,
    urlPeinte: "", // géométrie à l'écran
    zoomPeint: null, // zoom pour lequel traits et trames ont été choisis
    choix: null, // code choisi
    survol: null, // code sous la souris, le doigt ou la visée
    montre: null, // code montré par la page ou par l'autre carte
    allumee: null, // classe allumée : un rang, ou une lettre de statut
    lieux: [], // lieux demandés
    grappes: [], // lieux à l'écran, seuls ou groupés
    lieuxVisibles: 0,
    cercles: [], // symboles proportionnels à l'écran
    dernierTrace: null, // dernier tracé trouvé sous la souris
  };

  // Compteurs lus par les essais.
  obs.dernierePeinture = 0;
  obs.peintures = 0;
  obs.chargements = 0;
})();
