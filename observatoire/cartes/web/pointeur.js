// Souris et doigt : ce qui est sous le pointeur, l'info-bulle, et le clic rendu à Python.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  // streamlit-folium rendrait le clic après 250 ms, avec des positions inutiles : on parle à Streamlit
  // directement. L'instant distingue deux clics sur le même territoire. On tient à jour ses témoins
  // pour que le prochain déplacement de la carte ne renvoie rien.
  function rendreAPython(code) {
    const jeton = `${code}|${Date.now()}`;
    obs.dernierClic = jeton;
    obs.carte.fire("observatoire:choix", { code });
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

  function lieuSous(point) {
    if (!etat.lieux.length) return null;
    let proche = null;
    for (const lieu of etat.lieux) {
      const d = Math.hypot(lieu.x - point.x, lieu.y - point.y);
      if (d <= lieu.rayon + (obs.tactile() && lieu.rayon > 4 ? 10 : 2) && (!proche || d < proche.d)) proche = { d, lieu };
    }
    return proche && proche.lieu;
  }

  function cercleSous(point) {
    for (let i = etat.cercles.length - 1; i >= 0; i--) {
      const p = obs.carte.latLngToContainerPoint(etat.cercles[i].point);
      if (Math.hypot(p.x - point.x, p.y - point.y) <= etat.cercles[i].rayon) return etat.parCode.get(etat.cercles[i].code);
    }
    return null;
  }

  obs.survoler = function (evenement) {
    const point = evenement.containerPoint;
    const lieu = lieuSous(point);
    const trace = lieu ? null : cercleSous(point) || traceSous(point);
    obs.carte.getContainer().style.cursor = lieu || (trace && !trace.voisin) ? "pointer" : "";
    if (lieu) montrerLieu(lieu, point);
    else if (trace) montrerTerritoire(trace, point);
    else obs.bulle.cacher();
  };

  obs.cliquer = function (evenement) {
    const point = evenement.containerPoint;
    const lieu = lieuSous(point);
    if (lieu) return montrerLieu(lieu, point);
    const trace = cercleSous(point) || traceSous(point);
    if (!trace || trace.voisin) return undefined;
    montrerTerritoire(trace, point);
    etat.choix = trace.code;
    obs.peindreChoix();
    return rendreAPython(trace.code);
  };

  function montrerTerritoire(trace, point) {
    const nom = trace.feature.properties.n;
    if (trace.voisin || !etat.donnees) return obs.bulle.montrer(point, nom, "", trace.voisin ? ["Hors du département"] : []);
    const [valeur, notes] = obs.lireValeur(etat, etat.rang.get(trace.code));
    return obs.bulle.montrer(point, nom, valeur, notes);
  }

  function montrerLieu(lieu, point) {
    const notes = [lieu.libelle, lieu.adresse, lieu.horaires, lieu.creux ? lieu.reserve : ""];
    obs.bulle.montrer(point, lieu.nom, "", notes.filter(Boolean));
  }
})();
