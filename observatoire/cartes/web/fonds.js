// Géométries : chargées une fois par adresse, posées sur la carte avec leur contexte.
// De près, la carte de France remplace ses communes simplifiées par celles, fines, des départements en vue.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, moteurs, calques } = obs;

  const MAX_FINS = 10; // départements fins à la fois

  const cache = new Map();
  obs.charger = function (url) {
    if (!cache.has(url)) {
      obs.chargements++;
      const promesse = fetch(url).then((r) => {
        if (!r.ok) throw new Error(`Fond de carte introuvable (${r.status}) : ${url}`);
        return r.json();
      });
      promesse.catch(() => cache.delete(url));
      cache.set(url, promesse);
    }
    return cache.get(url);
  };

  obs.poserFond = function (fond) {
    const ancien = etat.fond;
    etat.fond = fond;
    if (!ancien || ancien.portee !== fond.portee) obs.cadrer();
    for (const sorte of CONTEXTE) {
      // Par adresse : la même portée d'une autre publication a d'autres limites.
      if (!ancien || ancien[sorte] !== fond[sorte]) poserContexte(fond, sorte);
    }
    if (ancien && ancien.url === fond.url) return;
    obs.placerCartons();
    obs.carte.getContainer().classList.add("obs-attente");
    if (fond.attente && !cache.has(fond.url)) poserAttente(fond);
    obs.charger(fond.url).then(
      (donnees) => etat.fond.url === fond.url && poserTerritoires(donnees),
      (erreur) => obs.avertir(erreur),
    );
  };

  function poserTerritoires(donnees) {
    obs.avis("");
    retirer("couche");
    retirer("attente");
    etat.fins.forEach((couche) => [couche.limites, couche].forEach((c) => c.remove()));
    etat.fins.clear();
    etat.peint = etat.fond;
    etat.urlPeinte = etat.fond.url;
    etat.cles.valeurs = null; // des tracés neufs sont à peindre, même si les valeurs n'ont pas changé
    etat.parCode = new Map();
    etat.rang = new Map(donnees.features.map((f, rang) => [f.id, rang]));
    etat.dernierTrace = null;
    etat.survol = etat.montre = null;
    obs.bulle.cacher();
    etat.couche = obs.creerTerritoires(donnees, "territoires").addTo(obs.carte);
    obs.carte.getContainer().classList.remove("obs-attente");
    if (etat.message) obs.appliquer();
    else obs.peindre();
    obs.chargerFins().catch(obs.avertir);
  }

  obs.creerTerritoires = function (donnees, plan) {
    return L.geoJSON(donnees, {
      renderer: moteurs[plan],
      pane: plan,
      interactive: false,
      smoothFactor: plan === "territoires" && etat.fond.portee === "FR" ? 1 : 0.5,
      style: () => ({ weight: 0, fillColor: "#FFFFFF", fillOpacity: 1 }),
      onEachFeature: (entite, trace) => {
        trace.code = entite.id;
        etat.parCode.set(entite.id, trace);
      },
    });
  };

  // Voisins et limites : le même contexte pour tous les niveaux d'une même portée.
  const CONTEXTE = ["voisins", "limites"];
  function poserContexte(fond, sorte) {
    retirer(sorte);
    if (!fond[sorte]) return;
    obs.charger(fond[sorte]).then((donnees) => {
      if (etat.fond[sorte] !== fond[sorte]) return;
      retirer(sorte);
      etat[sorte] = (sorte === "voisins" ? creerVoisins(donnees) : obs.creerLimites(donnees)).addTo(obs.carte);
      if (sorte === "limites") obs.peindreLimites();
    }, obs.avertir);
  }

  function creerVoisins(donnees) {
    return L.geoJSON(donnees, {
      renderer: moteurs.voisins,
      pane: "voisins",
      interactive: false,
      style: { weight: 0.5, color: "#B9B4A9", fillColor: "#F1EFEA", fillOpacity: 1 },
      onEachFeature: (entite, trace) => (trace.voisin = true),
    });
  }

  obs.creerLimites = function (donnees) {
    return L.geoJSON(donnees, {
      renderer: moteurs.limites,
      pane: "limites",
      interactive: false,
      style: { fill: false },
    });
  };

  // En attendant les 35 000 communes : les EPCI, en simple trait.
  function poserAttente(fond) {
    obs.charger(fond.attente).then((donnees) => {
      if (etat.fond.url !== fond.url || etat.urlPeinte === fond.url) return;
      retirer("attente");
      etat.attente = L.geoJSON(donnees, {
        renderer: moteurs.voisins,
        pane: "voisins",
        interactive: false,
        style: { weight: 0.5, color: "#B9B4A9", fillColor: "#FFFFFF", fillOpacity: 1 },
      }).addTo(obs.carte);
    }, obs.avertir);
  }

  function retirer(nom) {
    if (etat[nom]) etat[nom].remove();
    etat[nom] = null;
  }

  obs.avertir = function (erreur) {
    obs.carte.getContainer().classList.remove("obs-attente");
    obs.avis("La carte n’a pas pu se charger en entier. Recharger la page ; le tableau reste juste.");
    console.error(erreur.message);
  };

  // --- Communes fines de la carte de France

  obs.chargerFins = async function () {
    const fond = etat.fond;
    if (!fond || !fond.fins || etat.urlPeinte !== fond.url) return;
    const sommaire = await obs.charger(fond.fins); // gardé : n'est demandé qu'une fois
    if (etat.urlPeinte !== fond.url) return;
    const vue = obs.carte.getBounds();
    const voulus =
      obs.carte.getZoom() < obs.ZOOM_FIN
        ? []
        : Object.keys(sommaire)
            .filter((d) => vue.intersects(sommaire[d].emprise))
            .slice(0, MAX_FINS);
    for (const departement of etat.fins.keys()) {
      if (!voulus.includes(departement)) retirerFin(departement);
    }
    for (const departement of voulus) {
      if (etat.fins.has(departement)) continue;
      const { fichier, limites } = sommaire[departement];
      const [donnees, lignes] = await Promise.all([fichier, limites].map((f) => obs.charger(fond.prefixe + f)));
      if (etat.urlPeinte !== fond.url || obs.carte.getZoom() < obs.ZOOM_FIN) return;
      if (!etat.fins.has(departement)) poserFin(departement, donnees, lignes);
    }
    obs.peindreLimites();
    calques.noms.redessiner();
  };

  function poserFin(departement, donnees, lignes) {
    etat.couche.eachLayer((trace) => trace.feature.properties.d === departement && cacherGrossier(trace));
    const couche = obs.creerTerritoires(donnees, "fins").addTo(obs.carte);
    couche.limites = obs.creerLimites(lignes).addTo(obs.carte);
    etat.fins.set(departement, couche);
    couche.eachLayer(obs.styler);
    moteurs.fins.repeindre();
    moteurs.territoires.repeindre();
    obs.peindreChoix();
  }

  function retirerFin(departement) {
    etat.fins.get(departement).limites.remove();
    etat.fins.get(departement).remove();
    etat.fins.delete(departement);
    etat.couche.eachLayer((trace) => {
      if (trace.feature.properties.d !== departement) return;
      trace.cache = false;
      etat.parCode.set(trace.code, trace);
      obs.styler(trace);
    });
    moteurs.territoires.repeindre();
  }

  function cacherGrossier(trace) {
    trace.cache = true;
    trace.options = { ...trace.options, fill: false, stroke: false, cerne: null, trame: null };
  }
})();
