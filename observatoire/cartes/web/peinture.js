// Peinture : applique un message de valeurs aux territoires, aux limites et au territoire choisi.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, moteurs, calques } = obs;

  obs.poserValeurs = function (message) {
    etat.message = message;
    if (message.selection !== undefined) etat.choix = message.selection;
    obs.poserFond(message.fond);
    // Sinon la géométrie arrive encore : elle appliquera le message à son arrivée.
    if (etat.urlPeinte === message.fond.url) obs.appliquer();
    obs.carte.getContainer().setAttribute("aria-label", message.aria || "Carte");
  };

  // N'applique que ce qui a changé : choisir un territoire ne repeint pas les autres.
  obs.appliquer = function () {
    const message = etat.message;
    const nouvelles = change("valeurs", [message.fond.url, message.valeurs, message.dessin]);
    if (nouvelles) etat.donnees = obs.decoder(message.valeurs);
    Object.assign(etat, { dessin: message.dessin, textes: message.textes });
    if (nouvelles || !obs.peintures) obs.peindre();
    else obs.peindreChoix();
    if (change("lieux", message.lieux)) obs.chargerLieux(message.lieux || []);
  };

  function change(nom, partie) {
    const cle = JSON.stringify(partie);
    if (etat.cles[nom] === cle) return false;
    etat.cles[nom] = cle;
    return true;
  }

  obs.peindre = function () {
    if (!etat.couche) return;
    etat.couche.eachLayer((trace) => !trace.cache && obs.styler(trace));
    etat.fins.forEach((couche) => couche.eachLayer(obs.styler));
    moteurs.territoires.repeindre();
    if (etat.fins.size) moteurs.fins.repeindre();
    obs.peindreLimites();
    obs.peindreChoix();
    calques.symboles.redessiner();
    calques.noms.redessiner();
    // Deux images plus tard, les toiles sont peintes : l'instant que mesurent les essais.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        obs.dernierePeinture = performance.now();
        obs.peintures++;
      }),
    );
  };

  obs.styler = function (trace) {
    const rang = etat.rang.get(trace.code);
    const lettre = etat.donnees ? etat.donnees.statuts[rang] : "p";
    const style = obs.styleDe(lettre, couleurDuRang(rang));
    if (!style.trame && obs.estMixte(etat, rang)) style.trame = "mixte";
    // Le trait d'abord : de loin, il amincit aussi le cerne du style.
    const trait = traitDe(style);
    L.extend(trace.options, style, trait);
    trace.lettre = lettre;
  };

  function couleurDuRang(rang) {
    if (!etat.donnees) return "#FFFFFF";
    const valeur = etat.donnees.valeurs[rang];
    if (Number.isNaN(valeur) || etat.dessin.type === "symboles") return "#FFFFFF";
    if (etat.dessin.type === "typologie") return etat.dessin.couleurs[valeur];
    if (etat.donnees.classes.has(rang)) return etat.dessin.couleurs[etat.donnees.classes.get(rang)];
    return etat.dessin.couleurs[obs.classer(valeur, etat.dessin.bornes, etat.dessin.incluse)];
  }

  // Trait fin des communes. De loin il noircirait la carte : il prend alors la couleur du fond,
  // ce qui ferme aussi les jours que l'anticrénelage laisse entre deux voisins.
  function traitDe(style) {
    const { maille, portee } = etat.fond;
    const large = maille !== "commune" && maille !== "arrondissement_municipal";
    if (portee === "FR" && !large && obs.carte.getZoom() < 8) {
      // À cette échelle un cerne de 1,5 px remplirait la commune.
      if (style.cerne) style.cerne.largeur = 0.5;
      return { stroke: true, weight: 0.5, color: style.fillColor, opacity: 1 };
    }
    const epais = large && portee !== "FR" ? 1.2 : 0.5;
    return { stroke: true, weight: epais, color: large ? obs.TRAIT_EPCI : obs.TRAIT_COMMUNE, opacity: 1 };
  }

  const LIMITES = {
    epci: { weight: 1.2, color: obs.TRAIT_EPCI },
    departement: { weight: 2, color: obs.ENCRE, halo: 4 },
    region: { weight: 1.2, color: obs.ENCRE },
    cote: { weight: 0.8, color: obs.TRAIT_EPCI },
  };

  obs.peindreLimites = function () {
    if (!etat.limites) return;
    const { maille, portee } = etat.fond;
    const loin = portee === "FR" && obs.carte.getZoom() < 8;
    const habiller = (grossiere) => (trace) => {
      const sorte = trace.feature.properties.k;
      const style = { halo: 0, stroke: true, opacity: 1, fill: false, ...LIMITES[sorte] };
      if (loin && sorte === "departement") Object.assign(style, { weight: 0.8, color: obs.TRAIT_EPCI, halo: 0 });
      // Les limites d'EPCI sont un contexte des communes ; elles brouilleraient un autre découpage.
      if (sorte === "epci" && maille !== "commune") style.stroke = false;
      // De près, les limites fines des départements chargés remplacent les nationales, simplifiées.
      if (grossiere && etat.fins.size) style.stroke = false;
      L.extend(trace.options, style);
    };
    etat.limites.eachLayer(habiller(true));
    etat.fins.forEach((couche) => couche.limites.eachLayer(habiller(false)));
    moteurs.limites.repeindre();
  };

  // --- Territoire choisi

  let cerneChoix = null;
  obs.peindreChoix = function () {
    if (cerneChoix) cerneChoix.remove();
    cerneChoix = null;
    const trace = etat.parCode.get(etat.choix);
    if (!trace) return;
    cerneChoix = L.polygon(trace.getLatLngs(), {
      renderer: moteurs.choix,
      pane: "choix",
      interactive: false,
      fill: false,
      smoothFactor: 0.5,
      weight: 3,
      color: obs.ENCRE,
      halo: 7,
    }).addTo(obs.carte);
  };
})();
