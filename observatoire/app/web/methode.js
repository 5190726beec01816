// Méthode : une fiche qui s'ouvre ou se ferme déplace la page ; l'ancre demandée est retrouvée après coup.
(function () {
  "use strict";
  window.observatoireApp.surMontage(".obs-methode", (page) => {
    const ancre = decodeURIComponent(location.hash.slice(1));
    if (ancre) page.querySelector(`[id="${CSS.escape(ancre)}"]`)?.scrollIntoView();
  });
})();
