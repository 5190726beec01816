// Clavier : une visée au centre, les flèches déplacent la carte dessous, et ce qui est visé est annoncé.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  const PAS = 60; // px par appui ; Maj : trois fois plus
  const MARGE_LIEU = 8; // px autour de la visée
  const ATTENTE_ANNONCE = 250; // une touche tenue n'annonce qu'à l'arrêt

  const MODE_EMPLOI =
    "Flèches : déplacer la carte. Plus et moins : agrandir, réduire. Entrée : choisir ce qui est sous la visée. " +
    "Début : tout voir. Le tableau de la page donne les mêmes valeurs.";

  const FLECHES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const TOUCHES = {
    "+": () => agrandir(1),
    "=": () => agrandir(1),
    "-": () => agrandir(-1),
    "\u2212": () => agrandir(-1),
    Home: () => obs.toutVoir(),
  };

  let annonce, minuteur, dejaLue;

  obs.reglerClavier = function (carte) {
    const boite = carte.getContainer();
    // Les flèches vont à la carte, non au curseur du lecteur d'écran.
    boite.setAttribute("role", "application");
    boite.setAttribute("aria-roledescription", "carte");
    boite.tabIndex = 0;
    const emploi = L.DomUtil.create("p", "obs-lu", boite);
    emploi.id = "obs-mode-emploi";
    emploi.textContent = MODE_EMPLOI;
    boite.setAttribute("aria-describedby", emploi.id);
    annonce = L.DomUtil.create("p", "obs-lu obs-annonce", boite);
    annonce.setAttribute("aria-live", "polite");
    L.DomUtil.create("div", "obs-visee", boite).setAttribute("aria-hidden", "true");

    boite.addEventListener("keydown", (e) => e.target === boite && presser(e));
    boite.addEventListener("focus", () => boite.matches(":focus-visible") && montrerVisee(true));
    boite.addEventListener("blur", () => montrerVisee(false));
    boite.addEventListener("pointerdown", () => montrerVisee(false));
  };

  // `titre` : nom du cadre, sans quoi un lecteur d'écran lirait celui du composant.
  obs.nommer = function (texte, titre) {
    obs.carte.getContainer().setAttribute("aria-label", texte);
    const cadre = obs.cadre();
    if (cadre) cadre.setAttribute("aria-label", titre ? `Carte : ${titre}` : "Carte");
  };

  function presser(e) {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const fleche = FLECHES[e.key];
    if (fleche) deplacer(fleche, e.shiftKey ? 3 * PAS : PAS);
    else if (TOUCHES[e.key]) TOUCHES[e.key]();
    else if (e.key === "Enter" || e.key === " ") choisir();
    else if (e.key === "Escape") return obs.cesserSurvol();
    else return undefined;
    e.preventDefault();
    montrerVisee(true);
    return viser();
  }

  const deplacer = ([x, y], pas) => obs.carte.panBy([x * pas, y * pas], { animate: false });
  const agrandir = (sens) => obs.carte.setZoom(obs.carte.getZoom() + sens, { animate: false });
  const centre = () => obs.carte.getSize().divideBy(2);

  function montrerVisee(visible) {
    obs.carte.getContainer().classList.toggle("obs-au-clavier", visible);
    if (visible) viser();
    else obs.cesserSurvol();
  }

  const sousVisee = () => {
    const grappe = obs.grappeSous(centre(), MARGE_LIEU);
    return grappe ? { grappe } : obs.viser(centre(), { avecLieux: false });
  };

  function viser() {
    const vise = sousVisee();
    obs.montrerVise(vise, centre());
    clearTimeout(minuteur);
    minuteur = setTimeout(() => annoncer(obs.bulle.estVisible() ? obs.bulle.lire() : "Aucun territoire sous la visée"), ATTENTE_ANNONCE);
  }

  function annoncer(texte) {
    if (annonce.textContent !== texte) annonce.textContent = texte;
  }

  // Entrée sur un lieu le lit ; une seconde fois, au même endroit, choisit le territoire qui est dessous.
  function choisir() {
    let vise = sousVisee();
    const lieu = vise.grappe && vise.grappe.membres[0];
    if (lieu && dejaLue === lieu && !(vise.grappe.membres.length > 1 && obs.peutEclater(vise.grappe))) {
      vise = obs.viser(centre(), { avecLieux: false });
    }
    dejaLue = lieu;
    obs.agir(vise, centre());
    if (vise.trace && !vise.trace.voisin) annoncer(`${vise.trace.feature.properties.n} : territoire choisi`);
  }
})();
