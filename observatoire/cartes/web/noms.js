// Noms des territoires : les plus peuplés d'abord, aucun ne recouvre un autre nom ni un lieu.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  const CORPS = 14;
  const CORPS_PROJETE = 20; // plein écran : pour être lu du fond de la salle
  const CORPS_TELEPHONE = 16; // plein écran d'un téléphone : plus grand, il n'y tiendrait que trois noms
  const INTERLIGNE = 1.15;
  const ECART = 11; // d'un nom au lieu qu'il évite
  const LETTRE = 6.6; // largeur moyenne d'une lettre
  const DEBORD = 1.35; // un nom plus large que son territoire désignerait le voisin
  // Noms écrits même s'ils débordent de leur commune (Grenoble est plus étroite que son nom).
  const NOMS_ATTENDUS = 10;
  const PLACE_D_UN_ATTENDU = 20000; // px² de carte pour chacun : de loin, dix noms cacheraient le département
  const ILES_MAX = 400; // au-delà, chercher qui n'a pas de voisin serait trop long

  obs.corpsNoms = function () {
    if (!obs.enPleinEcran()) return CORPS;
    return obs.carte.getSize().x < 640 ? CORPS_TELEPHONE : CORPS_PROJETE;
  };

  obs.dessinerNoms = function (ctx, carte, taille) {
    if (!obs.policePrete) return [];
    const corps = obs.corpsNoms();
    ctx.font = `400 ${corps}px ${obs.POLICE}`;
    preparerMesures(corps);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const obstacles = listerObstacles(carte.getContainer());
    const ecrits = [];
    for (const nom of choisirNoms()) {
      const place = placer(ctx, carte.latLngToContainerPoint(nom.point), nom, corps, taille, obstacles);
      if (!place) continue;
      obstacles.push(place.boite);
      ecrire(ctx, place, corps);
      ecrits.push(nom.texte);
    }
    return ecrits;
  };

  // Lieux, boutons, cartons, légende du plein écran : un nom à moitié caché ne se lit pas.
  function listerObstacles(boite) {
    const coin = boite.getBoundingClientRect();
    const lieux = etat.grappes.map(({ x, y, rayon }) => [x - rayon, y - rayon, x + rayon, y + rayon]);
    const poses = [...boite.querySelectorAll(".obs-boutons, .obs-outremer, .obs-legende")].map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return [left - coin.left, top - coin.top, right - coin.left, bottom - coin.top];
    });
    return [...lieux, ...poses.filter(([gauche, haut, droite, bas]) => droite > gauche && bas > haut)];
  }

  // Largeur d'un texte, gardée : la mesurer coûte plus cher que tout le placement.
  const largeurs = new Map();
  let mesureesPour = "";
  function mesurer(ctx, texte) {
    if (!largeurs.has(texte)) largeurs.set(texte, ctx.measureText(texte).width);
    return largeurs.get(texte);
  }
  function preparerMesures(corps) {
    const pour = `${corps} ${obs.policeArrivee}`;
    if (pour !== mesureesPour) largeurs.clear();
    mesureesPour = pour;
  }

  function placer(ctx, p, nom, corps, taille, obstacles) {
    if (p.x < 0 || p.y < 0 || p.x > taille.x || p.y > taille.y) return null;
    const lignes = couper(ctx, nom.texte, nom.largeur);
    const demi = Math.max(...lignes.map((l) => mesurer(ctx, l))) / 2;
    if (demi * 2 > nom.largeur * DEBORD && !nom.attendu) return null;
    const haut = (lignes.length * corps * INTERLIGNE) / 2;
    // Sur son point, sinon au-dessous ou au-dessus : la mairie est souvent au milieu de la commune.
    const ecarts = [[0, 0], [0, haut + ECART], [0, -haut - ECART]];
    if (nom.attendu) ecarts.push([demi + ECART, 0], [-demi - ECART, 0]);
    for (const [dx, dy] of ecarts) {
      const [x, y] = [p.x + dx, p.y + dy];
      const boite = [x - demi - 3, y - haut - 2, x + demi + 3, y + haut + 2];
      const dedans = boite[0] >= 0 && boite[1] >= 0 && boite[2] <= taille.x && boite[3] <= taille.y;
      if (dedans && !obstacles.some((b) => secroisent(b, boite))) return { lignes, x, y, boite };
    }
    return null;
  }

  function ecrire(ctx, { lignes, x, y }, corps) {
    ctx.strokeStyle = "rgba(255,255,255,0.95)";
    ctx.lineWidth = 4;
    ctx.fillStyle = obs.ENCRE;
    lignes.forEach((ligne, i) => {
      const ici = y + (i - (lignes.length - 1) / 2) * corps * INTERLIGNE;
      ctx.strokeText(ligne, x, ici);
      ctx.fillText(ligne, x, ici);
    });
  }

  function secroisent(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  // Un nom trop long pour son territoire passe sur deux lignes, à l'espace ou au trait d'union du milieu.
  function couper(ctx, texte, largeur) {
    if (mesurer(ctx, texte) <= largeur) return [texte];
    let meilleur = null;
    for (let i = 1; i < texte.length - 1; i++) {
      if (texte[i] !== " " && texte[i] !== "-") continue;
      const ecart = Math.abs(i - texte.length / 2);
      if (!meilleur || ecart < meilleur.ecart) meilleur = { i, ecart };
    }
    if (!meilleur) return [texte];
    const fin = texte[meilleur.i] === "-" ? meilleur.i + 1 : meilleur.i;
    return [texte.slice(0, fin), texte.slice(meilleur.i + 1)];
  }

  // [{texte, point: L.latLng, largeur: px disponibles, attendu}], par ordre d'importance
  function choisirNoms() {
    if (!etat.couche) return [];
    const communes = etat.peint.maille === "commune";
    if (communes && etat.peint.portee === "FR" && obs.carte.getZoom() < obs.ZOOM_FIN) return [];
    const vue = obs.carte.getBounds();
    const noms = [];
    for (const trace of etat.parCode.values()) {
      if (!trace._pxBounds || !trace._parts || !trace._parts.length) continue;
      const point = obs.ancre(trace);
      if (!vue.contains(point)) continue;
      const largeur = trace._pxBounds.max.x - trace._pxBounds.min.x;
      noms.push({ trace, texte: abreger(trace.feature.properties.n), point, largeur, habitants: trace.feature.properties.h || 0 });
    }
    // Les plus peuplées d'abord : un nom de ville, attendu, passe avant celui d'une vaste commune.
    noms.sort((a, b) => b.habitants - a.habitants || b.largeur - a.largeur);
    noms.slice(0, compterAttendus()).forEach((nom) => (nom.attendu = nom.habitants > 0));
    noms.forEach((nom) => (nom.attendu = nom.attendu || nom.trace.code === etat.choix));
    if (noms.length <= ILES_MAX) noms.forEach((nom) => (nom.attendu = nom.attendu || estIle(nom, noms)));
    return noms;
  }

  // « Paris 16e Arrondissement » : dans Paris, « 16e » suffit.
  const abreger = (nom) => nom.replace(/^.* (\d+(?:er|e)) arrondissement$/i, "$1");

  function compterAttendus() {
    const [so, ne] = etat.peint.emprise.map((coin) => obs.carte.project(coin));
    return Math.min(NOMS_ATTENDUS, Math.floor(((ne.x - so.x) * (so.y - ne.y)) / PLACE_D_UN_ATTENDU));
  }

  // Sans voisin sous son nom, un territoire plus étroit que lui peut le porter : l'Île-de-Sein, l'Île-d'Yeu.
  function estIle(nom, noms) {
    const { min, max } = nom.trace._pxBounds;
    const cx = (min.x + max.x) / 2;
    const demi = Math.max((max.x - min.x) / 2, (nom.texte.length * LETTRE) / 2);
    const autour = L.bounds([cx - demi, min.y - 4], [cx + demi, max.y + 4]);
    return !noms.some((autre) => autre !== nom && autre.trace._pxBounds.intersects(autour));
  }
})();
