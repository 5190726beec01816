// La première image s'efface quand la page de l'application est là.
(function () {
  "use strict";
  window.observatoireApp.surMontage(".obs-pied", () => document.querySelector(".obs-premiere")?.remove());
})();
