// Moteur de dessin : celui de Leaflet, qui apprend les trames et peint par lots.
(function () {
  "use strict";
  const obs = window.observatoire;

  const TAILLE_LOT = 64;
  // Un territoire uni : trait de la couleur du fond (ou du motif), sans cerne ni halo.
  const estUni = (o) =>
    o.fill && o.stroke && !o.cerne && !o.halo && o.color === o.fillColor;

  obs.Moteur = L.Canvas.extend({
    _fillStroke(ctx, chemin) {
      obs.remplir(ctx, chemin.options);
    },

    // Tout repeindre : les territoires unis de même couleur se tracent par lots, deux fois plus vite
    // qu'un par un (au-delà d'une centaine le chemin devient trop long à remplir).
    _draw() {
      this._lots = this._redrawBounds ? null : new Map();
      L.Canvas.prototype._draw.call(this);
      if (this._lots) this._lots.forEach((lot) => this._tracerLot(lot));
      this._lots = null;
    },

    _updatePoly(chemin, ferme) {
      if (!this._lots || !ferme || !estUni(chemin.options)) {
        L.Canvas.prototype._updatePoly.call(this, chemin, ferme);
        return;
      }
      // Les tracés de même dessin partagent leurs options (peinture.js).
      if (!this._lots.has(chemin.options)) this._lots.set(chemin.options, []);
      const lot = this._lots.get(chemin.options);
      lot.push(chemin);
      if (lot.length >= TAILLE_LOT) this._tracerLot(lot);
    },

    _tracerLot(lot) {
      if (!lot.length) return;
      const ctx = this._ctx;
      ctx.beginPath();
      for (const chemin of lot) {
        for (const anneau of chemin._parts) {
          anneau.forEach((p, i) => (i ? ctx.lineTo(p.x, p.y) : ctx.moveTo(p.x, p.y)));
          ctx.closePath();
        }
      }
      this._fillStroke(ctx, lot[0]);
      lot.length = 0;
    },

    // Peindre tout de suite ce qui est demandé (une image à copier n'attend pas la prochaine image d'écran).
    achever() {
      if (!this._redrawRequest) return;
      L.Util.cancelAnimFrame(this._redrawRequest);
      this._redraw();
    },

    // Repeindre tout en une fois, plutôt qu'une demande par territoire.
    repeindre() {
      this._redrawBounds = null;
      this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this);
    },
  });
})();
