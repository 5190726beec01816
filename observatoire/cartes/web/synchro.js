// Deux cartes côte à côte : même groupe, même vue, même territoire survolé.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  let suit = false; // en train d'imiter l'autre carte : la lui redire ferait trembler les deux
  let connue = null; // dernière vue de l'autre carte

  etat.groupe = "";

  const duGroupe = (detail) => etat.groupe && detail.groupe === etat.groupe;

  // Entrer dans un groupe (ou en sortir : groupe vide). La nouvelle venue prend la vue des autres.
  obs.rejoindre = function (groupe) {
    if (groupe === etat.groupe) return;
    etat.groupe = groupe;
    connue = null;
    if (groupe) obs.emettre("bonjour", { groupe });
  };

  // Premier cadrage d'une portée : la vue du groupe s'il regarde déjà le même territoire, sinon tout.
  obs.cadrer = function () {
    if (etat.groupe && connue && connue.portee === etat.fond.portee) imiter(connue);
    else obs.toutVoir();
  };

  function imiter({ lat, lng, zoom, fini }) {
    const { carte } = obs;
    suit = true;
    if (zoom !== carte.getZoom()) carte.setView([lat, lng], zoom, { animate: false });
    else {
      // Comme un glissement à la souris : les toiles ne se repeignent qu'à l'arrivée.
      const ecart = carte.latLngToContainerPoint([lat, lng]).subtract(carte.getSize().divideBy(2)).round();
      if (ecart.x || ecart.y) {
        carte._rawPanBy(ecart);
        carte.fire("movestart").fire("move");
      }
      if (fini) carte.fire("moveend");
    }
    suit = false;
  }

  function direVue(fini) {
    if (suit || !etat.groupe || !etat.fond) return;
    const vue = { ...obs.carte.getCenter(), zoom: obs.carte.getZoom(), fini };
    obs.emettre("vue", { ...vue, groupe: etat.groupe, portee: etat.fond.portee });
  }

  obs.reglerSynchro = function (carte) {
    carte.on("move", () => direVue(false));
    carte.on("moveend", () => direVue(true));
    obs.ecouter("vue", (vue) => {
      if (!duGroupe(vue)) return;
      connue = vue;
      if (etat.fond && etat.fond.portee === vue.portee) imiter(vue);
    });
    obs.ecouter("bonjour", (detail) => duGroupe(detail) && direVue(true));
    obs.ecouter("survol", (detail) => duGroupe(detail) && obs.montrer(detail.code, { centrer: false }));
  };
})();
