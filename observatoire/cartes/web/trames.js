// Styles des territoires : trames de statut, cerne intérieur, halo ; et ce qui les dessine.
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
  // Une trame « fine », deux fois plus serrée, sert aux petits territoires : la grande n'y poserait qu'un trait, ou rien.
  const TRAMES = {
    // 6 px mesurés à travers les hachures, donc 6·√2 le long des bords de la tuile.
    secret: { cote: 6 * Math.SQRT2, fond: "#FFFFFF", dessiner: hachures },
    "secret-fine": { cote: 3 * Math.SQRT2, fond: "#FFFFFF", dessiner: hachures },
    absent: { cote: 8, fond: "#C4C4BF", dessiner: points },
    "absent-fine": { cote: 5, fond: "#C4C4BF", dessiner: points },
    mixte: { cote: 8, fond: "#E4E4E8", dessiner: bandes },
    "mixte-fine": { cote: 8, fond: "#E4E4E8", dessiner: bandes },
    fragile: { cote: 6, fond: "#F3F3F0", dessiner: lignes },
    "fragile-fine": { cote: 3, fond: "#F3F3F0", dessiner: lignes },
  };

  function hachures(ctx, c) {
    ctx.strokeStyle = "#5B5B57";
    ctx.lineWidth = c > 6 ? 1.5 : 1.2;
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
      ctx.arc(x, y, 1, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  function lignes(ctx, c) {
    ctx.strokeStyle = "#7C7C76";
    ctx.lineWidth = 1;
    ctx.beginPath();
    // Au milieu d'un pixel : à cheval sur deux, le trait pâlirait de moitié.
    const y = Math.floor(c / 2) + 0.5;
    ctx.moveTo(0, y);
    ctx.lineTo(c, y);
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

  // Remplit et trace un chemin gardé (Path2D), ou celui en cours. Options ajoutées à celles de Leaflet :
  // `trame` (nom), `cerne` {couleur, largeur, tirets, retrait}, `halo` (largeur totale).
  obs.remplir = function (ctx, o, chemin) {
    if (o.fill) {
      ctx.globalAlpha = o.fillOpacity;
      ctx.fillStyle = o.trame ? obs.motif(o.trame) : o.fillColor || o.color;
      ctx.fill(...avec(chemin, o.fillRule || "evenodd"));
    }
    if (o.cerne) cernerDedans(ctx, o.cerne, chemin);
    if (!o.stroke || !o.weight) return;
    ctx.globalAlpha = o.opacity;
    ctx.lineCap = o.lineCap || "round";
    ctx.lineJoin = o.lineJoin || "round";
    ctx.setLineDash([]);
    if (o.halo) {
      ctx.lineWidth = o.halo;
      ctx.strokeStyle = "#FFFFFF";
      ctx.stroke(...avec(chemin));
    }
    ctx.lineWidth = o.weight;
    ctx.strokeStyle = o.color;
    ctx.stroke(...avec(chemin));
  };

  const avec = (chemin, ...suite) => (chemin ? [chemin, ...suite] : suite);

  // Le trait est centré sur le contour : rogné au contour, il n'en reste que la moitié intérieure.
  // Avec un `retrait`, il s'écarte du bord, où le halo d'une limite le recouvrirait.
  function cernerDedans(ctx, { couleur, largeur, tirets, retrait = 0, fond = "#FFFFFF" }, chemin) {
    ctx.save();
    ctx.clip(...avec(chemin, "evenodd"));
    ctx.globalAlpha = 1;
    ctx.lineJoin = "round";
    ctx.setLineDash(tirets || []);
    ctx.lineWidth = 2 * (retrait + largeur);
    ctx.strokeStyle = couleur;
    ctx.stroke(...avec(chemin));
    if (retrait) {
      ctx.lineWidth = 2 * retrait;
      ctx.strokeStyle = fond;
      ctx.stroke(...avec(chemin));
    }
    ctx.restore();
  }

  const PLEIN = { fill: true, fillOpacity: 1, trame: null, cerne: null };

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
        return { ...PLEIN, fillColor: "#FFFFFF", cerne: { couleur: "#3A3F45", largeur: 1.5, retrait: 2 } };
      case "h":
        return { ...PLEIN, fillColor: obs.PAPIER, cerne: { couleur: obs.TRAIT_COMMUNE, largeur: 1, tirets: [3, 3] } };
      default:
        return { ...PLEIN, fillColor: couleur || "#FFFFFF" };
    }
  };
})();
