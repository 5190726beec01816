// Échanges avec la page qui contient la carte, et par elle avec l'autre carte de la page.
// Des évènements sur la fenêtre de la page : deux onglets ne se mêlent pas, et la page écoute sans rien savoir de la carte.
(function () {
  "use strict";
  const obs = window.observatoire;

  function trouverHote() {
    try {
      return window.parent.document ? window.parent : window;
    } catch {
      return window; // carte placée dans une page d'un autre site
    }
  }
  obs.hote = trouverHote();

  // Le cadre de cette carte dans la page, s'il y en a un.
  obs.cadre = function () {
    try {
      return window.frameElement;
    } catch {
      return null;
    }
  };

  // Rend vrai si la page s'en est chargée (`preventDefault`).
  obs.emettre = function (nom, detail) {
    const options = { detail: { ...detail, carte: obs.identite }, cancelable: true };
    return !obs.hote.dispatchEvent(new obs.hote.CustomEvent(`observatoire:${nom}`, options));
  };

  // N'entend pas ses propres messages ; cesse d'écouter quand la carte quitte la page.
  obs.ecouter = function (nom, suite) {
    const entendre = (e) => e.detail.carte !== obs.identite && suite(e.detail);
    obs.hote.addEventListener(`observatoire:${nom}`, entendre);
    window.addEventListener("pagehide", () => obs.hote.removeEventListener(`observatoire:${nom}`, entendre));
  };
})();
