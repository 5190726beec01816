// Mettre en lumière : le territoire choisi, celui qu'on survole ou que la page montre, une classe entière.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, moteurs } = obs;

  const PALEUR = 0.25;
  const ZOOM_MONTRER = 9; // amené de loin, un territoire se montre au plus à ce zoom

  // --- Cernes : trait fort pour le choix, plus léger pour le survol

  const CHOIX = { weight: 3, halo: 7 };
  const SURVOL = { weight: 1.5, halo: 4 };
  const cernes = { choix: null, survol: null };

  function cerner(nom, code, style) {
    if (cernes[nom]) cernes[nom].remove();
    const trace = code ? etat.parCode.get(code) : null;
    cernes[nom] = trace
      ? L.polygon(trace.getLatLngs(), {
          renderer: moteurs.choix,
          pane: "choix",
          interactive: false,
          fill: false,
          smoothFactor: 0.5,
          color: obs.ENCRE,
          ...style,
        }).addTo(obs.carte)
      : null;
    if (cernes[nom]) cernes[nom].code = code;
    obs.cernerCarton(nom, code);
  }

  obs.peindreChoix = function () {
    cerner("choix", etat.choix, CHOIX);
    cernerSurvol(etat.survol || etat.montre, true);
  };

  function cernerSurvol(code, neuf) {
    if (!neuf && (cernes.survol ? cernes.survol.code : null) === code) return;
    cerner("survol", code === etat.choix ? null : code, SURVOL);
    if (cernes.survol) cernes.survol.bringToBack();
  }
  obs.codeCerne = () => (cernes.survol ? cernes.survol.code : null);

  // --- Survol : dit à la page et à l'autre carte, une fois par territoire

  obs.noterSurvol = function (code) {
    if (code) etat.montre = null;
    const nouveau = etat.survol !== code;
    etat.survol = code;
    cernerSurvol(code || etat.montre);
    if (nouveau) obs.emettre("survol", { code, groupe: etat.groupe });
  };

  obs.cesserSurvol = function () {
    obs.bulle.cacher();
    etat.montre = null;
    obs.noterSurvol(null);
  };

  // --- Montrer : ce que demande la page (une ligne du tableau) ou l'autre carte

  // Cerne un territoire et ouvre son info-bulle ; l'amène à l'écran s'il n'y est pas. `null` efface.
  // Rend faux si la carte n'a pas ce territoire.
  obs.montrer = function (code, { centrer = true } = {}) {
    const trace = code ? etat.parCode.get(code) : null;
    if (trace && centrer) obs.amener(trace);
    etat.montre = trace ? code : null;
    cernerSurvol(etat.montre);
    if (trace) obs.montrerTerritoire(trace, obs.pointDeCarton(code) || obs.carte.latLngToContainerPoint(obs.ancre(trace)));
    else obs.bulle.cacher();
    return Boolean(trace) || !code;
  };

  obs.amener = function (trace) {
    const ancre = obs.ancre(trace);
    if (obs.pointDeCarton(trace.code)) return; // visible dans son carton
    if (obs.carte.getBounds().contains(ancre)) return;
    const zoom = Math.min(ZOOM_MONTRER, obs.carte.getBoundsZoom(trace.getBounds()) - 1);
    obs.carte.setView(ancre, Math.max(obs.carte.getZoom(), zoom), { animate: false });
  };

  // --- Classe allumée : les autres territoires pâlissent

  obs.allumer = function (classe) {
    const voulue = classe === undefined ? null : classe;
    if (etat.allumee === voulue) return;
    etat.allumee = voulue;
    obs.peindre();
  };

  obs.estEteint = (classe) => etat.allumee !== null && classe !== etat.allumee;

  // Une couleur pâlie plutôt qu'une transparence : les traits qui se recouvrent ne dessinent pas de résille.
  obs.palir = function (options) {
    if (options.trame) options.fillOpacity = PALEUR;
    options.fillColor = eclaircir(options.fillColor);
    options.color = eclaircir(options.color);
    if (options.cerne) options.cerne = { ...options.cerne, couleur: eclaircir(options.cerne.couleur) };
  };

  const palies = new Map();
  function eclaircir(couleur) {
    if (!palies.has(couleur)) {
      const voie = (i) => Math.round(255 + (parseInt(couleur.slice(i, i + 2), 16) - 255) * PALEUR);
      palies.set(couleur, `rgb(${voie(1)},${voie(3)},${voie(5)})`);
    }
    return palies.get(couleur);
  }
})();
