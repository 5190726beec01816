// État partagé par les fichiers de la carte : ce qui est chargé, ce qui est montré.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

  obs.ZOOM_FIN = 9; // à partir d'ici, la carte de France charge les communes fines
  obs.moteurs = {}; // moteur de dessin de chaque plan
  obs.calques = {}; // noms, symboles, lieux
  obs.carte = null;

  obs.etat = {
    fond: null, // description reçue
    message: null, // dernier message de valeurs
    cles: {}, // empreinte de chaque partie déjà appliquée
    donnees: null, // valeurs décodées
    rang: new Map(), // code → rang des valeurs
    couche: null, // territoires
    parCode: new Map(), // code → tracé le plus fin à l'écran
    fins: new Map(), // département → couche fine
    sommaireFins: null,
    voisins: null,
    limites: null,
    attente: null,
    urlPeinte: "", // géométrie à l'écran
    choix: null, // code choisi
    lieux: [], // lieux à l'écran
    lieuxVisibles: 0,
    cercles: [], // symboles proportionnels à l'écran
    dernierTrace: null, // dernier tracé trouvé sous la souris
  };

  // Compteurs lus par les essais.
  obs.dernierePeinture = 0;
  obs.peintures = 0;
  obs.chargements = 0;
})();
