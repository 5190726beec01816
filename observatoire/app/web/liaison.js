// Dit quand le serveur ne répond plus : sans cela, un choix resterait sans effet et sans explication.
(function () {
  "use strict";
  const ETAT = "data-test-connection-state";
  const PATIENCE = 2000;
  let avis, attente;

  function montrer() {
    avis ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "obs-liaison" }));
    avis.setAttribute("role", "status");
    avis.textContent =
      "Liaison interrompue avec le serveur : les choix ne répondent plus. La page réessaie d’elle-même et reprendra là où elle en est.";
  }
  function cacher() {
    clearTimeout(attente);
    attente = undefined;
    if (avis) avis.textContent = "";
  }

  window.observatoireApp.surMontage(".stApp", (app) => {
    let dejaLie = false;
    const suivre = () => {
      const lie = app.getAttribute(ETAT) === "CONNECTED";
      dejaLie ||= lie;
      if (lie) cacher();
      else if (dejaLie) attente ??= setTimeout(montrer, PATIENCE);
    };
    new MutationObserver(suivre).observe(app, { attributes: true, attributeFilter: [ETAT] });
    suivre();
  });
})();
