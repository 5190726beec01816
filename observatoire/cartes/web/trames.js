// Trames de statut, et le moteur de dessin qui sait s'en servir.
// Leaflet remplit d'une couleur ; on y ajoute trames, cerne intérieur et halo, sans plus.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

  // Couleurs de l'atlas (APPARENCE §4).
  const ENCRE = "#1B1F24";
  obs.TRAIT_COMMUNE = "#6B7178";
  obs.TRAIT_EPCI = "#3B424A";
  obs.ENCRE = ENCRE;
  obs.PAPIER = "#FAF9F6";

  // Chaque trame : le côté de sa tuile (px), son fond, et ce qu'on y dessine.
  const TRAMES = {
    // 6 px mesurés à travers les hachures, donc 6·√2 le long des bords de la tuile.
    secret: { cote: 6 * Math.SQRT2, fond: "#FFFFFF", dessiner: hachures },
    absent: { cote: 8, fond: "#C4C4BF", dessiner: points },
    mixte: { cote: 8, fond: "#E4E4E8", dessiner: bandes },
    fragile: { cote: 6, fond: "#F3F3F0", dessiner: lignes },
  };

  function hachures(ctx, c) {
    ctx.strokeStyle = "#5B5B57";
    ctx.lineWidth = 1.5;
    ctx.lineCap = "square";
    ctx.beginPath();
    for (const d of [-c, 0, c]) {
      ctx.moveTo(d - 2, c + 2);
      ctx.lineTo(d + c + 2, -2);
    }
    ctx.stroke();
  }

  function points(ctx, c) {
    ctx.fillStyle = "#5B5B57";
    for (const [x, y] of [[c / 4, c / 4], [(3 * c) / 4, (3 * c) / 4]]) {
      ctx.beginPath();
      ctx.arc(x, y, 0.85, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  function lignes(ctx, c) {
    ctx.strokeStyle = "#7C7C76";
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(0, c / 2);
    ctx.lineTo(c, c / 2);
    ctx.stroke();
  }

  function bandes(ctx, c) {
    ctx.fillStyle = "#66666E";
    ctx.fillRect(3, 0, 2, c);
  }

  const motifs = {};
  function creerMotif(nom) {
    const { cote, fond, dessiner } = TRAMES[nom];
    // Une tuile d'un nombre entier de pixels, assez fine pour un écran dense.
    const pixels = Math.round(cote * 4);
    const toile = document.createElement("canvas");
    toile.width = toile.height = pixels;
    const ctx = toile.getContext("2d");
    ctx.scale(pixels / cote, pixels / cote);
    ctx.fillStyle = fond;
    ctx.fillRect(0, 0, cote, cote);
    dessiner(ctx, cote);
    const motif = ctx.createPattern(toile, "repeat");
    motif.setTransform(new DOMMatrix().scale(cote / pixels));
    return motif;
  }
  obs.motif = (nom) => motifs[nom] || (motifs[nom] = creerMotif(nom));

  const TAILLE_LOT = 64;
  // Un territoire uni : trait de la couleur du fond (ou du motif), sans cerne ni halo.
  const estUni = (o) =>
    o.fill && o.stroke && !o.cerne && !o.halo && !(o._dashArray || []).length && o.color === o.fillColor;

  // Options de tracé ajoutées : `trame` (nom), `cerne` {couleur, largeur}, `halo` (largeur totale).
  obs.Moteur = L.Canvas.extend({
    _fillStroke(ctx, chemin) {
      const o = chemin.options;
      if (o.fill) {
        ctx.globalAlpha = o.fillOpacity;
        ctx.fillStyle = o.trame ? obs.motif(o.trame) : o.fillColor || o.color;
        ctx.fill(o.fillRule || "evenodd");
      }
      if (o.cerne) this._cernerDedans(ctx, o.cerne);
      if (!o.stroke || !o.weight) return;
      ctx.globalAlpha = o.opacity;
      ctx.lineCap = o.lineCap;
      ctx.lineJoin = o.lineJoin;
      if (ctx.setLineDash) ctx.setLineDash((o._dashArray) || []);
      if (o.halo) {
        ctx.lineWidth = o.halo;
        ctx.strokeStyle = "#FFFFFF";
        ctx.stroke();
      }
      ctx.lineWidth = o.weight;
      ctx.strokeStyle = o.color;
      ctx.stroke();
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
      const { fillColor, trame, weight } = chemin.options;
      const cle = `${trame || fillColor} ${weight}`;
      if (!this._lots.has(cle)) this._lots.set(cle, []);
      const lot = this._lots.get(cle);
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

    // Le trait est centré sur le contour : rogné au contour, il n'en reste que la moitié intérieure.
    _cernerDedans(ctx, cerne) {
      ctx.save();
      ctx.clip("evenodd");
      ctx.globalAlpha = 1;
      ctx.setLineDash([]);
      ctx.lineWidth = 2 * cerne.largeur;
      ctx.strokeStyle = cerne.couleur;
      ctx.stroke();
      ctx.restore();
    },

    // Repeindre tout en une fois, plutôt qu'une demande par territoire.
    repeindre() {
      this._redrawBounds = null;
      this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this);
    },
  });

  const PLEIN = { fill: true, fillOpacity: 1, trame: null, cerne: null, dashArray: null, _dashArray: null };

  // Style d'un territoire d'après sa lettre de statut ; `couleur` ne sert qu'aux valeurs montrées.
  obs.styleDe = function (lettre, couleur) {
    switch (lettre) {
      case "s":
        return { ...PLEIN, trame: "secret", fillColor: "#FFFFFF" };
      case "d":
        return { ...PLEIN, trame: "absent", fillColor: "#C4C4BF" };
      case "n":
        return { ...PLEIN, trame: "fragile", fillColor: "#F3F3F0" };
      case "z":
        return { ...PLEIN, fillColor: "#FFFFFF", cerne: { couleur: "#3A3F45", largeur: 1.5 } };
      case "h":
        return { ...PLEIN, fillColor: obs.PAPIER, dashArray: "3 3", _dashArray: [3, 3] };
      default:
        return { ...PLEIN, fillColor: couleur || "#FFFFFF" };
    }
  };
})();
