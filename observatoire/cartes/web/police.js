// La police de l'atlas. Les noms se dessinent sur une toile : une feuille de style arriverait trop tard,
// et ils resteraient en police du système.
(function () {
  "use strict";
  const obs = window.observatoire;
  const ATTENTE_MAX = 1500; // au-delà, mieux vaut des noms dans une autre police que pas de noms

  obs.POLICE = '"Source Sans 3", "Source Sans Pro", system-ui, sans-serif';
  obs.policePrete = false; // des noms peuvent s'écrire
  obs.policeArrivee = false; // et dans la bonne police

  // Le fichier est à côté de ce script : l'adresse ne dépend pas de la page qui le charge.
  const adresse = new URL("source-sans.woff2", document.currentScript.src).href;
  const police = new FontFace("Source Sans 3", `url("${adresse}") format("woff2")`, { weight: "200 900" });
  const chargee = police.load().then((prete) => {
    document.fonts.add(prete);
    obs.policeArrivee = true;
  });
  const attente = new Promise((suite) => setTimeout(suite, ATTENTE_MAX));

  // Appelle `suite` quand les noms peuvent s'écrire, et à nouveau si la police n'arrive qu'ensuite.
  obs.quandPolicePrete = function (suite) {
    const ecrire = () => {
      obs.policePrete = true;
      suite();
    };
    Promise.race([chargee, attente]).then(ecrire, ecrire);
    chargee.then(ecrire, () => {});
  };
})();
