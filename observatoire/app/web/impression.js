// À l'impression, la carte devient une image, et la page dit son adresse.
(function () {
  "use strict";
  const CADRE = 'iframe[src*="streamlit_folium"]';
  const ajouts = [];

  // Une toile copiée d'un coup : une image chargée plus tard manquerait sur la feuille.
  function copier(cadre) {
    const source = cadre.contentWindow?.observatoire?.image?.();
    if (!source) return;
    const copie = document.createElement("canvas");
    copie.width = source.width;
    copie.height = source.height;
    copie.className = "obs-imprime";
    copie.getContext("2d").drawImage(source, 0, 0);
    cadre.after(copie);
    ajouts.push(copie);
  }

  addEventListener("beforeprint", () => {
    document.querySelectorAll(CADRE).forEach(copier);
    const pied = document.querySelector(".obs-pied");
    if (!pied) return;
    const url = new URL(location.href);
    if (pied.dataset.publication) url.searchParams.set("publication", pied.dataset.publication);
    const lien = Object.assign(document.createElement("p"), { className: "obs-imprime", textContent: url.href });
    pied.after(lien);
    ajouts.push(lien);
  });
  addEventListener("afterprint", () => ajouts.splice(0).forEach((element) => element.remove()));
})();
