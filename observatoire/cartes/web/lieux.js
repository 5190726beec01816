// Lieux : chargés par type, groupés quand ils se toucheraient à l'écran, dessinés sur leur calque.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat, calques } = obs;

  const RAYON = 6;
  const ECART = 34; // px : plus proches, deux lieux font une grappe
  const ECART_PRES = 17; // de près, on ne groupe plus que ce qui se recouvre
  const ZOOM_PRES = 12;
  const MEME_POINT = 6; // px au zoom le plus fort : rien ne les séparera

  obs.chargerLieux = async function (demandes) {
    const fichiers = await Promise.all(demandes.map((d) => obs.charger(d.url).catch((e) => (obs.avertir(e), null))));
    if (JSON.stringify(etat.message.lieux || []) !== JSON.stringify(demandes)) return;
    etat.lieux = fichiers.flatMap((fichier, rang) => (fichier ? fichier.lieux.map((l) => lire(l, demandes[rang], rang)) : []));
    calques.lieux.redessiner();
    calques.noms.redessiner(); // les noms s'écartent des lieux
    obs.ecrireLegende();
  };

  function lire([id, nom, lon, lat, commune, creux, adresse, horaires], { lettre, libelle, forme }, rang) {
    return {
      id,
      nom,
      point: L.latLng(lat, lon),
      commune,
      creux: Boolean(creux),
      reserve: creux === 2 ? "Information ancienne, à vérifier" : "Position approximative",
      adresse,
      horaires,
      lettre,
      libelle,
      forme: forme || obs.FORMES[rang % obs.FORMES.length],
    };
  }

  obs.dessinerLieux = function (ctx, carte, taille) {
    etat.grappes = grouper(carte, taille);
    etat.lieuxVisibles = etat.lieux.length;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const grappe of etat.grappes) {
      if (grappe.membres.length > 1) obs.dessinerGrappe(ctx, grappe);
      else obs.dessinerLieu(ctx, { ...grappe.membres[0], ...grappe });
    }
  };

  // Les lieux de l'écran, seuls ou en grappes : [{x, y, rayon, membres}]. Une grappe prend autour de son
  // premier lieu, dans l'ordre du fichier : les mêmes groupes reviennent quand la carte glisse.
  function grouper(carte, taille) {
    const ecart = carte.getZoom() < ZOOM_PRES ? ECART : ECART_PRES;
    const origine = carte.getPixelOrigin().subtract(carte._getMapPanePos());
    const cases = new Map();
    const grappes = [];
    for (const lieu of etat.lieux) {
      const monde = carte.project(lieu.point);
      const [i, j] = [Math.floor(monde.x / ecart), Math.floor(monde.y / ecart)];
      const hote = chercher(cases, i, j, monde, ecart);
      if (hote) {
        hote.membres.push(lieu);
        hote.somme = hote.somme.add(monde);
        continue;
      }
      const neuve = { monde, somme: monde, membres: [lieu] };
      grappes.push(neuve);
      const cle = `${i} ${j}`;
      if (!cases.has(cle)) cases.set(cle, []);
      cases.get(cle).push(neuve);
    }
    return grappes
      .map(({ somme, membres }) => {
        const { x, y } = somme.divideBy(membres.length).subtract(origine);
        return { x, y, membres, rayon: rayonDe(membres.length) };
      })
      .filter(({ x, y, rayon }) => x > -rayon && y > -rayon && x < taille.x + rayon && y < taille.y + rayon);
  }

  function chercher(cases, i, j, monde, ecart) {
    for (let di = -1; di <= 1; di++) {
      for (let dj = -1; dj <= 1; dj++) {
        const proche = (cases.get(`${i + di} ${j + dj}`) || []).find((g) => g.monde.distanceTo(monde) < ecart);
        if (proche) return proche;
      }
    }
    return null;
  }

  // Trois tailles seulement : la surface d'une grappe n'est pas une donnée.
  function rayonDe(nombre) {
    return nombre === 1 ? RAYON : nombre < 10 ? 14 : nombre < 100 ? 17 : 21;
  }

  // La grappe (ou le lieu seul) sous un point, la plus proche d'abord ; au doigt, la cible s'élargit.
  obs.grappeSous = function (point, marge = obs.tactile() ? 12 : 2) {
    let proche = null;
    for (const grappe of etat.grappes) {
      const d = Math.hypot(grappe.x - point.x, grappe.y - point.y) - grappe.rayon;
      if (d <= marge && (!proche || d < proche.d)) proche = { d, grappe };
    }
    return proche && proche.grappe;
  };

  // Vrai si agrandir la carte séparera ces lieux.
  obs.peutEclater = function ({ membres }) {
    const maximum = obs.carte.getMaxZoom();
    if (obs.carte.getZoom() >= maximum) return false;
    const vrais = membres.map((l) => obs.carte.project(l.point, maximum));
    return vrais.some((p) => p.distanceTo(vrais[0]) > MEME_POINT);
  };

  obs.eclater = function ({ membres }) {
    const emprise = L.latLngBounds(membres.map((l) => l.point));
    const zoom = Math.min(obs.carte.getMaxZoom(), obs.carte.getBoundsZoom(emprise, false, L.point(80, 80)));
    obs.carte.setView(emprise.getCenter(), Math.max(zoom, obs.carte.getZoom() + 1), { animate: false });
  };
})();
