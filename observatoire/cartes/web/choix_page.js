// Le territoire choisi, tel que la page le dit : `<span class="obs-choix" data-carte="…" data-code="97411">`.
// Il vient de l'adresse (lien, recherche, retour arrière) et change sans que les valeurs soient renvoyées.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;
  const DELAI_OUBLI = 400; // la page se redessine : l'élément peut manquer un instant

  let cle = "";
  let dernier = null; // dernier code dit par la page ; `null` : elle n'a rien dit
  let oubli = null;

  obs.suivreChoixDeLaPage = function (nouvelleCle) {
    if (!nouvelleCle || nouvelleCle === cle) return;
    const premiere = !cle;
    cle = nouvelleCle;
    lire();
    if (!premiere || obs.hote === window) return;
    const guetteur = new obs.hote.MutationObserver(lire);
    guetteur.observe(obs.hote.document.body, { childList: true, subtree: true, attributeFilter: ["data-code"] });
    window.addEventListener("pagehide", () => guetteur.disconnect());
  };

  function lire() {
    const element = obs.hote.document.querySelector(`.obs-choix[data-carte="${CSS.escape(cle)}"]`);
    clearTimeout(oubli);
    if (element) appliquer(element.dataset.code || "");
    else if (dernier) oubli = setTimeout(() => appliquer(""), DELAI_OUBLI);
  }

  function appliquer(code) {
    if (code === dernier) return;
    dernier = code;
    obs.choisir(code || null);
  }

  // Choisit un territoire sans rien rendre à la page ; l'amène à l'écran s'il n'y est pas.
  obs.choisir = function (code) {
    if (etat.choix === code) return;
    etat.choix = code;
    if (!etat.couche) return; // peint et amené avec la géométrie
    obs.peindreChoix();
    obs.calques.noms.redessiner();
    const trace = etat.parCode.get(code);
    if (trace) obs.amener(trace);
  };
})();
