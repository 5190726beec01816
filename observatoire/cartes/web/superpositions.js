// Superpositions : quels noms, quels cercles et quels lieux vont sur les calques.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, calques } = obs;
  // Noms écrits même s'ils débordent de leur commune (Grenoble est plus étroite que son nom).
  obs.NOMS_ATTENDUS = 10;

  obs.poserCalques = function () {
    calques.symboles = new obs.Calque("symboles", (ctx) => {
      etat.cercles = calculerCercles();
      obs.dessinerCercles(ctx, obs.carte, etat.cercles, etat.dessin);
    }).addTo(obs.carte);
    calques.noms = new obs.Calque("noms", (ctx, _, taille) => {
      const corps = document.fullscreenElement ? 20 : 13;
      obs.nomsEcrits = obs.dessinerNoms(ctx, obs.carte, taille, calculerNoms(), corps);
    }).addTo(obs.carte);
    calques.lieux = new obs.Calque("lieux", (ctx, _, taille) => {
      obs.dessinerLieux(ctx, obs.carte, taille, etat.lieux);
      etat.lieuxVisibles = etat.lieux.length;
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
      const valeur = etat.donnees.valeurs[etat.rang.get(code)];
      if (valeur > 0) sortie.push({ code, point: obs.ancre(trace), rayon: rayon * Math.sqrt(valeur / maximum) });
    }
    return sortie.sort((a, b) => b.rayon - a.rayon);
  }

  function calculerNoms() {
    if (!etat.couche) return [];
    const communes = etat.fond.maille === "commune";
    if (communes && etat.fond.portee === "FR" && obs.carte.getZoom() < obs.ZOOM_FIN) return [];
    const vue = obs.carte.getBounds();
    const sortie = [];
    for (const trace of etat.parCode.values()) {
      if (!trace._pxBounds || !trace._parts || !trace._parts.length) continue;
      const point = obs.ancre(trace);
      if (!vue.contains(point)) continue;
      const largeur = trace._pxBounds.max.x - trace._pxBounds.min.x;
      sortie.push({ texte: trace.feature.properties.n, point, largeur, habitants: trace.feature.properties.h || 0 });
    }
    // Les plus peuplées d'abord : un nom de ville, attendu, passe avant celui d'une vaste commune.
    sortie.sort((a, b) => b.habitants - a.habitants || b.largeur - a.largeur);
    sortie.slice(0, obs.NOMS_ATTENDUS).forEach((nom) => (nom.attendu = nom.habitants > 0));
    return sortie;
  }

  // --- Lieux

  obs.chargerLieux = async function (demandes) {
    const fichiers = await Promise.all(demandes.map((d) => obs.charger(d.url).catch((e) => (obs.avertir(e), null))));
    if (etat.message.lieux !== demandes && JSON.stringify(etat.message.lieux || []) !== JSON.stringify(demandes)) return;
    etat.lieux = fichiers.flatMap((fichier, i) =>
      fichier
        ? fichier.lieux.map(([id, nom, lon, lat, commune, creux, adresse, horaires]) => ({
            id,
            nom,
            point: L.latLng(lat, lon),
            commune,
            creux: Boolean(creux),
            reserve: creux === 2 ? "Information ancienne, à vérifier" : "Position approximative",
            adresse,
            horaires,
            lettre: demandes[i].lettre,
            libelle: demandes[i].libelle,
          }))
        : [],
    );
    calques.lieux.redessiner();
  };
})();
