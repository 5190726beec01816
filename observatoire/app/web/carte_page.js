// La carte et la page se répondent : un clic sur la carte change l'adresse, le survol marque la ligne du tableau.
(function () {
  "use strict";
  const app = window.observatoireApp;

  addEventListener("observatoire:choix", (e) => {
    e.preventDefault(); // l'adresse suffit : la carte n'a pas à relancer la page elle-même
    app.changer({ territoire: e.detail.code || "" });
  });

  let marquee = null;
  addEventListener("observatoire:survol", ({ detail }) => {
    marquee?.classList.remove("obs-survolee");
    marquee = detail.code && document.querySelector(`.obs-tableau tr[data-code="${CSS.escape(detail.code)}"]`);
    marquee?.classList.add("obs-survolee");
  });

  // Du tableau vers la carte : la ligne survolée ou visée par le clavier montre son territoire.
  const cartes = () =>
    [...document.querySelectorAll('iframe[src*="streamlit_folium"]')].map((c) => c.contentWindow?.observatoire);
  function montrer(e) {
    const ligne = e.target.closest?.(".obs-tableau tr[data-code]");
    cartes().forEach((carte) => carte?.montrer?.(ligne ? ligne.dataset.code : null, { centrer: false }));
  }
  document.addEventListener("mouseover", (e) => e.target.closest?.(".obs-tableau") && montrer(e));
  document.addEventListener("mouseout", (e) => {
    if (e.target.closest?.(".obs-tableau") && !e.relatedTarget?.closest?.(".obs-tableau")) montrer({ target: document.body });
  });
})();
