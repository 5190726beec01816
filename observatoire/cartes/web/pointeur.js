// Souris, doigt et visée du clavier : ce qui est sous un point, l'info-bulle, et le choix rendu à Python.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  const LISTE_MAX = 8; // lieux nommés dans l'info-bulle d'une grappe

  // La page entend le choix et change d'adresse ; sinon, on le rend à Python.
  function rendre(code) {
    const jeton = `${code}|${Date.now()}`;
    obs.dernierClic = jeton;
    if (!obs.emettre("choix", { code })) rendreAPython(jeton);
  }

  // streamlit-folium rendrait le clic après 250 ms, avec des positions inutiles : on parle à Streamlit
  // directement. L'instant distingue deux clics sur le même territoire. On tient à jour ses témoins
  // pour que le prochain déplacement de la carte ne renvoie rien.
  function rendreAPython(jeton) {
    if (!window.Streamlit || !window.__GLOBAL_DATA__) return;
    const donnees = { last_object_clicked_tooltip: jeton };
    window.__GLOBAL_DATA__.last_object_clicked_tooltip = jeton;
    window.__GLOBAL_DATA__.previous_data = donnees;
    window.Streamlit.setComponentValue(donnees);
  }

  // Le tracé sous un point : d'abord le dernier trouvé, la souris y est presque toujours encore.
  function traceSous(point) {
    const p = obs.carte.containerPointToLayerPoint(point);
    const contient = (t) => !t.cache && t._map && t._pxBounds && t._pxBounds.contains(p) && t._containsPoint(p);
    if (etat.dernierTrace && contient(etat.dernierTrace)) return etat.dernierTrace;
    for (const couche of [...etat.fins.values(), etat.couche, etat.voisins]) {
      for (const id in couche ? couche._layers : {}) {
        if (contient(couche._layers[id])) return (etat.dernierTrace = couche._layers[id]);
      }
    }
    return null;
  }

  function cercleSous(point) {
    for (let i = etat.cercles.length - 1; i >= 0; i--) {
      const p = obs.carte.latLngToContainerPoint(etat.cercles[i].point);
      if (Math.hypot(p.x - point.x, p.y - point.y) <= etat.cercles[i].rayon) return etat.parCode.get(etat.cercles[i].code);
    }
    return null;
  }

  // Ce qui est sous un point : {grappe} de lieux, {trace} d'un territoire, ou rien.
  obs.viser = function (point, { avecLieux = true } = {}) {
    const grappe = avecLieux && obs.grappeSous(point);
    if (grappe) return { grappe };
    const trace = cercleSous(point) || traceSous(point);
    return trace ? { trace } : {};
  };

  // Montre ce qui est visé : info-bulle, cerne, et la page en est prévenue.
  obs.montrerVise = function ({ grappe, trace }, point) {
    obs.noterSurvol(trace && !trace.voisin ? trace.code : null);
    if (grappe) montrerGrappe(grappe, point);
    else if (trace) obs.montrerTerritoire(trace, point);
    else obs.bulle.cacher();
  };

  obs.survoler = function (evenement) {
    const vise = obs.viser(evenement.containerPoint);
    const agit = vise.grappe || (vise.trace && !vise.trace.voisin);
    obs.carte.getContainer().style.cursor = agit ? "pointer" : "";
    obs.montrerVise(vise, evenement.containerPoint);
  };

  obs.cliquer = (evenement) => obs.agir(obs.viser(evenement.containerPoint), evenement.containerPoint);

  // Choisir un territoire, éclater une grappe, lire un lieu.
  obs.agir = function (vise, point) {
    if (vise.grappe && vise.grappe.membres.length > 1 && obs.peutEclater(vise.grappe)) return obs.eclater(vise.grappe);
    obs.montrerVise(vise, point);
    if (!vise.trace || vise.trace.voisin) return undefined;
    etat.choix = vise.trace.code;
    obs.peindreChoix();
    return rendre(vise.trace.code);
  };

  obs.montrerTerritoire = function (trace, point) {
    const nom = trace.feature.properties.n;
    if (trace.voisin || !etat.donnees) return obs.bulle.montrer(point, nom, "", trace.voisin ? ["Hors du département"] : []);
    const [valeur, notes] = obs.lireValeur(etat, etat.rang.get(trace.code));
    return obs.bulle.montrer(point, nom, valeur, notes);
  };

  function montrerGrappe({ membres }, point) {
    if (membres.length === 1) return obs.bulle.montrer(point, membres[0].nom, "", decrire(membres[0]));
    const comptes = new Map();
    membres.forEach(({ libelle }) => comptes.set(libelle, (comptes.get(libelle) || 0) + 1));
    const types = [...comptes].map(([libelle, n]) => `${libelle} : ${n}`);
    if (obs.peutEclater({ membres }) && membres.length > LISTE_MAX) {
      return obs.bulle.montrer(point, `${membres.length} lieux`, "", types);
    }
    const noms = membres.slice(0, LISTE_MAX).map((l) => ({ titre: l.nom, texte: l.libelle }));
    const reste = membres.length - noms.length;
    const suite = reste ? [reste === 1 ? "et un autre" : `et ${reste} autres`] : [];
    return obs.bulle.montrer(point, `${membres.length} lieux`, "", [...noms, ...suite]);
  }

  const decrire = (lieu) => [lieu.libelle, lieu.adresse, lieu.horaires, lieu.creux ? lieu.reserve : ""].filter(Boolean);
})();
