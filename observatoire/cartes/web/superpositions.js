// Superpositions : les calques de la carte, et les cercles proportionnels.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, calques } = obs;

  obs.poserCalques = function () {
    calques.symboles = new obs.Calque("symboles", (ctx) => {
      etat.cercles = calculerCercles();
      obs.dessinerCercles(ctx, obs.carte, etat.cercles, etat.dessin);
    }).addTo(obs.carte);
    // Avant les noms, qui s'écartent des lieux.
    calques.lieux = new obs.Calque("lieux", (ctx, _, taille) => obs.dessinerLieux(ctx, obs.carte, taille)).addTo(obs.carte);
    calques.noms = new obs.Calque("noms", (ctx, _, taille) => {
      obs.nomsPoses = obs.dessinerNoms(ctx, obs.carte, taille);
      obs.nomsEcrits = obs.nomsPoses.length;
    }).addTo(obs.carte);
  };

  obs.ancre = function (trace) {
    const p = trace.feature.properties.p;
    return p ? L.latLng(p) : trace.getBounds().getCenter();
  };

  function calculerCercles() {
    if (!etat.donnees || !etat.couche || etat.dessin.type !== "symboles") return [];
    const { maximum, rayon } = etat.dessin;
    const sortie = [];
    for (const [code, trace] of etat.parCode) {
      const rang = etat.rang.get(code);
      const valeur = etat.donnees.valeurs[rang];
      if (!(valeur > 0)) continue;
      const eteint = obs.estEteint(obs.lireClasse(etat, rang));
      sortie.push({ code, point: obs.ancre(trace), rayon: rayon * Math.sqrt(valeur / maximum), eteint });
    }
    return sortie.sort((a, b) => b.rayon - a.rayon);
  }
})();
