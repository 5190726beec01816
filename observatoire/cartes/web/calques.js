// Calques dessinés à la main par-dessus les territoires : noms, cercles, lieux.
// Une toile par calque, de la taille de la fenêtre ; elle suit la carte et se redessine à l'arrêt.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});
  const POLICE = '"Source Sans 3", "Source Sans Pro", system-ui, sans-serif';

  obs.Calque = L.Layer.extend({
    initialize(plan, dessiner) {
      this._plan = plan;
      this._dessiner = dessiner;
    },
    onAdd(carte) {
      this._toile = L.DomUtil.create("canvas", "obs-calque", carte.getPane(this._plan));
      carte.on("moveend resize viewreset", this.redessiner, this);
      carte.on("zoomstart", this._cacher, this);
      this.redessiner();
    },
    onRemove(carte) {
      carte.off("moveend resize viewreset", this.redessiner, this);
      carte.off("zoomstart", this._cacher, this);
      this._toile.remove();
    },
    _cacher() {
      this._toile.style.visibility = "hidden";
    },
    redessiner() {
      const carte = this._map;
      if (!carte) return;
      const taille = carte.getSize();
      const densite = window.devicePixelRatio || 1;
      this._toile.width = taille.x * densite;
      this._toile.height = taille.y * densite;
      this._toile.style.width = taille.x + "px";
      this._toile.style.height = taille.y + "px";
      L.DomUtil.setPosition(this._toile, carte.containerPointToLayerPoint([0, 0]));
      this._toile.style.visibility = "";
      const ctx = this._toile.getContext("2d");
      ctx.scale(densite, densite);
      this._dessiner(ctx, carte, taille);
    },
  });

  // --- Noms : les plus grands territoires d'abord, aucun ne recouvre un autre.
  // `noms` : [{texte, point: L.latLng, largeur: px disponibles, attendu}], par ordre d'importance
  obs.dessinerNoms = function (ctx, carte, taille, noms, corps) {
    ctx.font = `400 ${corps}px ${POLICE}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const poses = [];
    for (const nom of noms) {
      const p = carte.latLngToContainerPoint(nom.point);
      if (p.x < 0 || p.y < 0 || p.x > taille.x || p.y > taille.y) continue;
      const lignes = couper(ctx, nom.texte, nom.largeur);
      const demi = Math.max(...lignes.map((l) => ctx.measureText(l).width)) / 2;
      if (demi * 2 > nom.largeur * 1.35 && !nom.attendu) continue;
      const haut = (lignes.length * corps * 1.15) / 2;
      const boite = [p.x - demi - 3, p.y - haut - 2, p.x + demi + 3, p.y + haut + 2];
      if (boite[0] < 0 || boite[2] > taille.x || poses.some((b) => secroisent(b, boite))) continue;
      poses.push(boite);
      lignes.forEach((ligne, i) => {
        const y = p.y + (i - (lignes.length - 1) / 2) * corps * 1.15;
        ctx.strokeStyle = "rgba(255,255,255,0.92)";
        ctx.lineWidth = 3;
        ctx.strokeText(ligne, p.x, y);
        ctx.fillStyle = obs.ENCRE;
        ctx.fillText(ligne, p.x, y);
      });
    }
    return poses.length;
  };

  function secroisent(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  // Un nom trop long pour son territoire passe sur deux lignes, à l'espace ou au trait d'union du milieu.
  function couper(ctx, texte, largeur) {
    if (ctx.measureText(texte).width <= largeur) return [texte];
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

  // --- Cercles proportionnels : les grands dessous, la surface suit la valeur.
  // `cercles` : [{point, rayon}]
  obs.dessinerCercles = function (ctx, carte, cercles, dessin) {
    for (const c of cercles) {
      const p = carte.latLngToContainerPoint(c.point);
      ctx.beginPath();
      ctx.arc(p.x, p.y, c.rayon, 0, 2 * Math.PI);
      ctx.globalAlpha = 0.75;
      ctx.fillStyle = dessin.couleur;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.lineWidth = 1;
      ctx.strokeStyle = dessin.cerne;
      ctx.stroke();
    }
  };

  // --- Lieux : disque et lettre ; disque creux si la position est douteuse.
  obs.ENCRE_LIEU = "#0B4358";
  obs.dessinerLieux = function (ctx, carte, taille, lieux) {
    // De loin, un simple point : mille disques de 12 px cacheraient la carte.
    const petits = lieux.length > 400 && carte.getZoom() < 10;
    const rayon = petits ? 2.5 : 6;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = `600 9px ${POLICE}`;
    for (const lieu of lieux) {
      const p = carte.latLngToContainerPoint(lieu.point);
      lieu.x = p.x;
      lieu.y = p.y;
      lieu.rayon = rayon;
      if (p.x < -8 || p.y < -8 || p.x > taille.x + 8 || p.y > taille.y + 8) continue;
      ctx.beginPath();
      ctx.arc(p.x, p.y, rayon + (petits ? 1 : 2), 0, 2 * Math.PI);
      ctx.fillStyle = "#FFFFFF";
      ctx.fill();
      ctx.beginPath();
      ctx.arc(p.x, p.y, lieu.creux ? rayon - 0.75 : rayon, 0, 2 * Math.PI);
      if (lieu.creux) {
        ctx.lineWidth = 1.5;
        ctx.strokeStyle = obs.ENCRE_LIEU;
        ctx.stroke();
      } else {
        ctx.fillStyle = obs.ENCRE_LIEU;
        ctx.fill();
      }
      if (petits) continue;
      ctx.fillStyle = lieu.creux ? obs.ENCRE_LIEU : "#FFFFFF";
      ctx.fillText(lieu.lettre, p.x, p.y + 0.5);
    }
  };
})();
