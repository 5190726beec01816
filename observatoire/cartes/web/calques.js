// Calques dessinés à la main par-dessus les territoires : cercles, noms (noms.js), lieux (lieux.js).
// Une toile par calque, de la taille de la fenêtre ; elle suit la carte et se redessine à l'arrêt.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

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

  // --- Cercles proportionnels : les grands dessous, la surface suit la valeur.
  // `cercles` : [{point, rayon, eteint}]
  obs.dessinerCercles = function (ctx, carte, cercles, dessin) {
    for (const c of cercles) {
      const p = carte.latLngToContainerPoint(c.point);
      obs.dessinerCercle(ctx, p.x, p.y, c.rayon, dessin, c.eteint ? 0.25 : 1);
    }
  };

  obs.dessinerCercle = function (ctx, x, y, rayon, dessin, force) {
    ctx.beginPath();
    ctx.arc(x, y, rayon, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.75 * force;
    ctx.fillStyle = dessin.couleur;
    ctx.fill();
    ctx.globalAlpha = force;
    ctx.lineWidth = 1;
    ctx.strokeStyle = dessin.cerne;
    ctx.stroke();
    ctx.globalAlpha = 1;
  };
})();
