// Légende cliquable : une classe touchée s'allume dans sa carte et dans le tableau jumeau ; touchée de nouveau, elle s'éteint.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const CADRE = 'iframe[src*="streamlit_folium"]';
  // Nom de la vue → classe allumée. La page récrit la légende à chaque choix : c'est ici que l'état demeure.
  const allumees = new Map();

  // La carte d'une légende est la plus proche : deux cartes côte à côte ont chacune la leur.
  function carteDe(legende) {
    for (let bloc = legende.parentElement; bloc; bloc = bloc.parentElement) {
      const cadre = bloc.querySelector(CADRE);
      if (cadre) return cadre.contentWindow?.observatoire;
    }
    return undefined;
  }

  function appliquer(legende) {
    const { vue } = legende.dataset;
    const classe = allumees.get(vue);
    legende.querySelectorAll("button[data-classe]").forEach((bouton) => {
      bouton.setAttribute("aria-pressed", String(bouton.dataset.classe === classe));
    });
    // Un rang de classe est un nombre, un état une lettre.
    const voulue = classe === undefined ? null : /^\d+$/.test(classe) ? Number(classe) : classe;
    carteDe(legende)?.allumer?.(voulue);
    document.querySelectorAll(".obs-tableau").forEach(marquer);
  }

  function marquer(tableau) {
    const classe = allumees.get(tableau.dataset.vue);
    tableau.querySelectorAll("tr[data-classe]").forEach((ligne) => {
      ligne.classList.toggle("obs-allumee", classe !== undefined && ligne.dataset.classe === classe);
    });
  }

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.(".obs-legende button[data-classe]");
    if (!bouton) return;
    const legende = bouton.closest(".obs-legende");
    const { vue } = legende.dataset;
    if (allumees.get(vue) === bouton.dataset.classe) allumees.delete(vue);
    else allumees.set(vue, bouton.dataset.classe);
    appliquer(legende);
  });

  app.surMontage(".obs-legende", (legende) => {
    // Une vue quittée s'oublie : on ne la retrouve pas à moitié éteinte.
    const presentes = new Set([...document.querySelectorAll(".obs-legende")].map((l) => l.dataset.vue));
    [...allumees.keys()].filter((vue) => !presentes.has(vue)).forEach((vue) => allumees.delete(vue));
    appliquer(legende);
  });
  app.surMontage(".obs-tableau", marquer);
})();
