// « Mon territoire » : retenu par ce navigateur seul, sans traceur ni compte ; rien n'en part vers le serveur.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const CLE = "observatoire.territoire";

  const lire = () => {
    try {
      return JSON.parse(localStorage.getItem(CLE));
    } catch {
      return null; // navigation privée, ou contenu abîmé
    }
  };
  const ecrire = (territoire) => {
    try {
      if (territoire) localStorage.setItem(CLE, JSON.stringify(territoire));
      else localStorage.removeItem(CLE);
      return true;
    } catch {
      return false;
    }
  };

  function afficher() {
    const mien = lire();
    document.querySelectorAll("[data-mon-territoire]").forEach((lien) => {
      lien.hidden = !mien;
      if (!mien) return;
      lien.href = `territoire?territoire=${encodeURIComponent(mien.code)}`;
      lien.title = mien.nom;
      lien.setAttribute("aria-label", `Mon territoire : ${mien.nom}`);
    });
    document.querySelectorAll("[data-retenir]").forEach(habiller);
  }

  function habiller(bouton) {
    const retenu = lire()?.code === bouton.dataset.retenir;
    bouton.setAttribute("aria-pressed", String(retenu));
    bouton.textContent = retenu ? "★ Mon territoire" : "☆ En faire mon territoire";
  }

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.("[data-retenir]");
    if (!bouton) return;
    const { retenir: code, nom } = bouton.dataset;
    const deja = lire()?.code === code;
    const fait = ecrire(deja ? null : { code, nom });
    afficher();
    app.dire(!fait ? "Ce navigateur ne permet pas de retenir un territoire." : deja ? "Territoire oublié." : `${nom} est votre territoire.`);
  });
  app.surMontage("[data-mon-territoire]", afficher);
  app.surMontage("[data-retenir]", habiller);
})();
