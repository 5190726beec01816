// Repères pour les lecteurs d'écran que Streamlit ne pose pas lui-même.
(function () {
  "use strict";
  // Le lien « Aller au contenu » a besoin d'une cible qui existe sur toutes les pages.
  window.observatoireApp.surMontage(".stMainBlockContainer", (bloc) => {
    bloc.id = "contenu";
  });
})();
