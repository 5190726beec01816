// Plein écran : pour projeter la carte, noms agrandis et légende comprise. Échap en sort.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { calques } = obs;

  const DELAI = 1000; // entre l'annonce du navigateur et la nouvelle taille
  let agrandie = false; // sans plein écran du navigateur (iPhone) : la carte couvre la page
  let attendu = 0; // instant où le plein écran a changé : la taille suit
  let gain = 0; // zoom gagné en entrant, rendu en sortant

  obs.enPleinEcran = function () {
    return agrandie || Boolean(document.fullscreenElement) || elementDeLHote() === obs.cadre();
  };

  function elementDeLHote() {
    return obs.hote === window ? undefined : obs.hote.document.fullscreenElement;
  }

  obs.basculerPleinEcran = async function () {
    if (obs.enPleinEcran()) return sortir();
    const boite = obs.carte.getContainer();
    // Dans un cadre sans permission, c'est le cadre lui-même, dans la page, qui s'agrandit.
    for (const element of [document.fullscreenEnabled ? boite : null, obs.cadre()]) {
      try {
        if (element && element.requestFullscreen) return await element.requestFullscreen();
      } catch {
        // refusé : on essaie le suivant
      }
    }
    return couvrir(true);
  };

  function sortir() {
    if (agrandie) return couvrir(false);
    const ou = document.fullscreenElement ? document : obs.hote.document;
    return ou.exitFullscreen();
  }

  const COUVRANT = { position: "fixed", inset: "0", width: "100vw", height: "100dvh", "z-index": "1000000" };
  function couvrir(oui) {
    agrandie = oui;
    const cible = obs.cadre() || obs.carte.getContainer();
    for (const [nom, valeur] of Object.entries(COUVRANT)) {
      if (oui) cible.style.setProperty(nom, valeur, "important");
      else cible.style.removeProperty(nom);
    }
    changer();
  }

  // L'entrée et la sortie gardent le centre, et le territoire à la même place dans le cadre.
  function changer() {
    const plein = obs.enPleinEcran();
    const boite = obs.carte.getContainer();
    boite.classList.toggle("obs-plein-ecran", plein);
    const bouton = boite.querySelector(".obs-bouton-etendre");
    obs.signer(bouton, plein ? "reduire" : "etendre", plein ? "Quitter le plein écran" : "Plein écran");
    if (obs.tactile()) obs.carte.dragging[plein ? "enable" : "disable"]();
    if (!plein) obs.carte.scrollWheelZoom.disable();
    else obs.carte.scrollWheelZoom.enable();
    attendu = performance.now();
    obs.carte.invalidateSize({ animate: false });
    obs.placerCartons();
    obs.ecrireLegende();
    calques.noms.redessiner(); // après la légende, qu'ils évitent
  }

  function ajuster({ oldSize, newSize }) {
    if (performance.now() - attendu > DELAI || !oldSize.x || !oldSize.y) return;
    attendu = 0;
    const plein = obs.enPleinEcran();
    if (plein) gain = Math.floor(4 * Math.log2(Math.min(newSize.x / oldSize.x, newSize.y / oldSize.y))) / 4;
    obs.carte.setZoom(obs.carte.getZoom() + (plein ? gain : -gain), { animate: false });
  }

  obs.reglerPleinEcran = function (carte) {
    carte.on("resize", ajuster);
    document.addEventListener("fullscreenchange", changer);
    document.addEventListener("keydown", (e) => e.key === "Escape" && obs.enPleinEcran() && sortir());
    if (obs.hote === window) return;
    const suivre = () => changer();
    obs.hote.document.addEventListener("fullscreenchange", suivre);
    window.addEventListener("pagehide", () => obs.hote.document.removeEventListener("fullscreenchange", suivre));
  };
})();
