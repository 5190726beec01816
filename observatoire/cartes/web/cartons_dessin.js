// Dessin des cartons d'outre-mer, des mêmes couleurs, trames et symboles que la carte.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, cartons } = obs;

  const MARGE = 4;

  obs.peindreCartons = function () {
    if (!obs.cartonsVisibles() || !etat.couche) return;
    if (cartons.couche !== etat.couche) repartir();
    cartons.forEach(peindre);
  };

  // Une fois par géométrie : quels tracés vont dans quel carton.
  function repartir() {
    cartons.couche = etat.couche;
    cartons.forEach((carton) => Object.assign(carton, { entrees: new Map(), rivage: null }));
    etat.couche.eachLayer((trace) => {
      const centre = trace.getBounds().getCenter();
      const carton = cartons.find(({ emprise }) => emprise.contains(centre));
      if (carton) carton.entrees.set(trace.code, { trace, chemin: null });
    });
  }

  // Plan d'un carton : Mercator, comme la carte, à l'échelle du cadre.
  function projeter({ emprise, toile }) {
    const { clientWidth: l, clientHeight: h } = toile;
    const zoom = 8;
    const no = obs.carte.project(emprise.getNorthWest(), zoom);
    const se = obs.carte.project(emprise.getSouthEast(), zoom);
    const echelle = Math.min((l - 2 * MARGE) / (se.x - no.x), (h - 2 * MARGE) / (se.y - no.y));
    const milieu = no.add(se).divideBy(2);
    return (point) => obs.carte.project(point, zoom).subtract(milieu).multiplyBy(echelle).add([l / 2, h / 2]);
  }

  // La toile à la bonne taille et vide, les tracés projetés pour elle.
  function preparer(carton) {
    const { toile } = carton;
    const densite = window.devicePixelRatio || 1;
    const largeur = Math.round(toile.clientWidth * densite);
    const ctx = toile.getContext("2d");
    if (toile.width !== largeur || !carton.rivage) {
      toile.width = largeur;
      toile.height = Math.round(toile.clientHeight * densite);
      ctx.scale(densite, densite);
      const versToile = projeter(carton);
      carton.rivage = new Path2D();
      for (const entree of carton.entrees.values()) {
        tracer(entree, versToile);
        carton.rivage.addPath(entree.chemin);
      }
    }
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
    ctx.clearRect(0, 0, toile.clientWidth, toile.clientHeight);
    return ctx;
  }

  function tracer(entree, versToile) {
    entree.chemin = new Path2D();
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const anneau of listerAnneaux(entree.trace.getLatLngs())) {
      anneau.forEach((sommet, i) => {
        const p = versToile(sommet);
        [minX, minY, maxX, maxY] = [Math.min(minX, p.x), Math.min(minY, p.y), Math.max(maxX, p.x), Math.max(maxY, p.y)];
        if (i) entree.chemin.lineTo(p.x, p.y);
        else entree.chemin.moveTo(p.x, p.y);
      });
      entree.chemin.closePath();
    }
    entree.petit = Math.min(maxX - minX, maxY - minY) < obs.PETIT;
    entree.centre = versToile(obs.ancre(entree.trace));
  }

  const listerAnneaux = (points) => (Array.isArray(points[0]) ? points.flatMap(listerAnneaux) : [points]);

  function peindre(carton) {
    const { toile, entrees } = carton;
    const ctx = preparer(carton);
    // Le rivage d'abord : sans lui, une classe claire se perdrait sur le papier.
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = obs.TRAIT_EPCI;
    ctx.stroke(carton.rivage);
    for (const entree of entrees.values()) {
      obs.remplir(ctx, obs.stylePour(entree.trace.code, entree.petit), entree.chemin);
    }
    for (const { code, rayon, eteint } of etat.cercles) {
      const entree = entrees.get(code);
      if (entree) obs.dessinerCercle(ctx, entree.centre.x, entree.centre.y, rayon, etat.dessin, eteint ? 0.25 : 1);
    }
    for (const nom of ["survol", "choix"]) {
      const entree = entrees.get(carton.cernes[nom]);
      if (entree) cerner(ctx, entree.chemin, nom === "choix" ? 2.5 : 1.5);
    }
  }

  function cerner(ctx, chemin, largeur) {
    for (const [epaisseur, couleur] of [[largeur + 3, "#FFFFFF"], [largeur, obs.ENCRE]]) {
      ctx.lineWidth = epaisseur;
      ctx.strokeStyle = couleur;
      ctx.stroke(chemin);
    }
  }

  obs.cernerCarton = function (nom, code) {
    for (const carton of cartons) {
      if (carton.cernes[nom] === code) continue;
      const change = carton.entrees.has(code) || carton.entrees.has(carton.cernes[nom]);
      carton.cernes[nom] = code;
      if (change && obs.cartonsVisibles()) peindre(carton);
    }
  };

  // Les noms sous les cartons, pour l'image (le reste y est déjà en toiles).
  obs.dessinerNomsCartons = function (ctx) {
    if (!obs.cartonsVisibles()) return;
    ctx.font = getComputedStyle(cartons[0].bouton).font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const { bouton, nom } of cartons) {
      const { left, top, width, height } = bouton.getBoundingClientRect();
      ctx.lineWidth = 1;
      ctx.strokeStyle = "#D9D5CC";
      ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
      const texte = bouton.querySelector("span").getBoundingClientRect();
      ctx.fillStyle = obs.ENCRE;
      ctx.fillText(nom, texte.left + texte.width / 2, texte.top + texte.height / 2);
    }
  };
})();
