// Territoire : sur un téléphone, seule la première problématique est dépliée ; à l'impression, toutes le sont.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const ETROIT = matchMedia("(max-width: 640px)");
  const QUESTION = "details.obs-question";

  app.surMontage(QUESTION, (question) => {
    if (ETROIT.matches && document.querySelector(QUESTION) !== question) question.open = false;
  });

  app.surMontage("details.obs-evolution", (evolution) => {
    if (ETROIT.matches) evolution.open = false;
  });

  // Une ancre mène dans une problématique repliée : elle se déplie d'abord.
  const deplier = (ancre) => {
    const cible = ancre.length > 1 && document.getElementById(decodeURIComponent(ancre.slice(1)));
    if (cible) cible.closest(QUESTION)?.setAttribute("open", "");
  };
  document.addEventListener("click", (e) => {
    const lien = e.target.closest?.('a[href^="#"]');
    if (lien) deplier(lien.getAttribute("href"));
  }, true);
  addEventListener("popstate", () => deplier(location.hash));

  let replies = [];
  addEventListener("beforeprint", () => {
    replies = [...document.querySelectorAll(`${QUESTION}:not([open])`)];
    replies.forEach((question) => (question.open = true));
  });
  addEventListener("afterprint", () => replies.forEach((question) => (question.open = false)));
})();
