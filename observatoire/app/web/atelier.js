// Atelier : la zone de dépôt de Streamlit se dit « décorative » tout en portant un nom ; elle est un groupe.
(function () {
  "use strict";
  window.observatoireApp.surMontage("[data-testid=stFileUploaderDropzone]", (zone) => zone.setAttribute("role", "group"));
  const remonter = () => document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  // Une étape nouvelle se lit depuis son début, quel que soit le bouton qui y a mené.
  let etape = null;
  window.observatoireApp.surMontage(".atelier-tete", (tete) => {
    const nouvelle = new URL(tete.dataset.adresse, document.baseURI).searchParams.get("etape") || "";
    if (etape !== null && nouvelle !== etape) {
      const titre = tete.querySelector("h1");
      titre.tabIndex = -1;
      titre.focus({ preventScroll: true });
      // Les blocs arrivent un à un : la page ne tient en place qu'après eux.
      for (const delai of [0, 200, 600]) setTimeout(remonter, delai);
    }
    etape = nouvelle;
  });
})();
