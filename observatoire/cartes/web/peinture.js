// Peinture : applique un message de valeurs aux territoires et aux limites.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, moteurs, calques } = obs;

  obs.PETIT = 14; // px : plus étroit, un territoire prend une trame serrée

  obs.poserValeurs = function (message) {
    etat.message = message;
    obs.rejoindre(message.groupe || "");
    obs.suivreChoixDeLaPage(message.cle || "");
    if (message.selection !== undefined) etat.choix = message.selection;
    obs.poserFond(message.fond);
    // Sinon la géométrie arrive encore : elle appliquera le message à son arrivée.
    if (etat.urlPeinte === message.fond.url) obs.appliquer();
    obs.nommer(message.aria || "Carte", message.textes.titre);
  };

  // N'applique que ce qui a changé : choisir un territoire ne repeint pas les autres.
  obs.appliquer = function () {
    const message = etat.message;
    const { publication, fond, valeurs, dessin, textes } = message;
    // La publication est dans la clé : une autre remplace tout, même des valeurs identiques.
    const nouvelles = change("valeurs", [publication, fond.url, valeurs, dessin]);
    if (nouvelles) {
      if (valeurs.n !== etat.rang.size) {
        return obs.avertir(new Error(`${valeurs.n} valeurs pour ${etat.rang.size} territoires : recharger la page.`));
      }
      etat.donnees = obs.decoder(valeurs);
      etat.allumee = null; // les classes ont changé de sens
    }
    Object.assign(etat, { dessin, textes });
    if (nouvelles || !obs.peintures) obs.peindre();
    else obs.peindreChoix();
    obs.ecrireLegende();
    if (change("lieux", [publication, message.lieux])) obs.chargerLieux(message.lieux || []);
    return undefined;
  };

  function change(nom, partie) {
    const cle = JSON.stringify(partie);
    if (etat.cles[nom] === cle) return false;
    etat.cles[nom] = cle;
    return true;
  }

  obs.peindre = function () {
    if (!etat.couche) return;
    etat.zoomPeint = obs.carte.getZoom();
    styles.clear();
    etat.couche.eachLayer((trace) => !trace.cache && obs.styler(trace));
    etat.fins.forEach((couche) => couche.eachLayer(obs.styler));
    moteurs.territoires.repeindre();
    if (etat.fins.size) moteurs.fins.repeindre();
    obs.peindreLimites();
    obs.peindreChoix();
    calques.symboles.redessiner();
    calques.noms.redessiner();
    obs.peindreCartons();
    // Deux images plus tard, les toiles sont peintes : l'instant que mesurent les essais.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        obs.dernierePeinture = performance.now();
        obs.peintures++;
      }),
    );
  };

  // Les tracés de même classe partagent les mêmes options : 35 000 communes n'en font qu'une dizaine,
  // et le moteur y reconnaît ce qui se peint par lots.
  const styles = new Map();

  obs.styler = function (trace) {
    trace.ordinaires = trace.ordinaires || trace.options;
    trace.options = partager(classeDe(trace.code), estPetit(trace), trace.ordinaires);
    trace.lettre = etat.donnees ? etat.donnees.statuts[etat.rang.get(trace.code)] : "p";
  };

  // Le même dessin, hors de la carte ; `petit` : trop étroit pour une trame large ou un cerne épais.
  obs.stylePour = (code, petit) => partager(classeDe(code), petit, {});

  const classeDe = (code) => (etat.donnees ? obs.lireClasse(etat, etat.rang.get(code)) : null);

  const CERNE_DISCRET = { couleur: "#747C85", largeur: 1, retrait: 0.5 };
  const PART_DE_ZEROS = 1 / 3;
  function zerosNombreux() {
    const { statuts } = etat.donnees;
    return statuts.filter((lettre) => lettre === "z").length > PART_DE_ZEROS * statuts.length;
  }

  function partager(classe, petit, ordinaires) {
    const cle = `${classe} ${petit} ${ordinaires.pane}`;
    if (!styles.has(cle)) styles.set(cle, { ...ordinaires, ...composer(classe, petit) });
    return styles.get(cle);
  }

  function composer(classe, petit) {
    const style = obs.styleDe(classe, couleurDe(classe));
    if (obs.estClasseMixte(etat, classe)) style.trame = "mixte";
    if (petit && style.trame) style.trame += "-fine";
    // Quand presque tous sont à zéro, des cernes pleins noirciraient la carte : ils s'affinent.
    if (style.cerne && classe === "z" && zerosNombreux()) Object.assign(style.cerne, CERNE_DISCRET);
    if (petit && style.cerne) Object.assign(style.cerne, { largeur: 1, retrait: 0 });
    // Le trait ensuite : de loin, il amincit encore le cerne.
    Object.assign(style, traitDe(style));
    if (obs.estEteint(classe)) obs.palir(style);
    return style;
  }

  function couleurDe(classe) {
    const { dessin } = etat;
    return classe === null || !dessin || dessin.type === "symboles" ? "#FFFFFF" : dessin.couleurs[classe];
  }

  function estPetit(trace) {
    const boite = trace._pxBounds;
    if (!boite || !boite.min) return false;
    return Math.min(boite.max.x - boite.min.x, boite.max.y - boite.min.y) < obs.PETIT;
  }

  // Trait fin des communes. De loin il noircirait la carte : il prend alors la couleur du fond,
  // ce qui ferme aussi les jours que l'anticrénelage laisse entre deux voisins.
  function traitDe(style) {
    const { maille, portee } = etat.peint;
    const large = maille !== "commune" && maille !== "arrondissement_municipal";
    if (portee === "FR" && !large && obs.carte.getZoom() < 8) {
      // À cette échelle un cerne de 1,5 px remplirait la commune.
      if (style.cerne) Object.assign(style.cerne, { largeur: 0.5, retrait: 0 });
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
    if (!etat.limites || !etat.peint) return;
    const { maille, portee } = etat.peint;
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
})();
