// Signes des lieux : une forme et une lettre par type, jamais la couleur seule ; creux si le lieu est douteux.
(function () {
  "use strict";
  const obs = window.observatoire;

  obs.ENCRE_LIEU = "#0B4358";
  obs.FORMES = ["disque", "carre", "losange", "triangle"];

  // Chaque forme couvre à peu près la surface d'un disque de même rayon.
  const TRACES = {
    disque: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
    carre: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
    losange: (ctx, x, y, r) => polygone(ctx, [[x, y - 1.25 * r], [x + 1.25 * r, y], [x, y + 1.25 * r], [x - 1.25 * r, y]]),
    triangle: (ctx, x, y, r) =>
      polygone(ctx, [[x, y - 1.45 * r], [x + 1.35 * r, y + 0.95 * r], [x - 1.35 * r, y + 0.95 * r]]),
  };

  function polygone(ctx, points) {
    points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
  }

  function tracer(ctx, forme, x, y, r) {
    ctx.beginPath();
    TRACES[forme](ctx, x, y, r);
  }

  // Un lieu : anneau blanc, signe plein ou creux, lettre.
  obs.dessinerLieu = function (ctx, { forme, lettre, creux, x, y, rayon }) {
    ctx.lineJoin = "miter";
    tracer(ctx, forme, x, y, rayon);
    ctx.lineWidth = 4;
    ctx.strokeStyle = "#FFFFFF";
    ctx.stroke();
    ctx.fillStyle = creux ? "#FFFFFF" : obs.ENCRE_LIEU;
    ctx.fill();
    if (creux) {
      tracer(ctx, forme, x, y, rayon - 0.75);
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = obs.ENCRE_LIEU;
      ctx.stroke();
    }
    ctx.font = `600 9px ${obs.POLICE}`;
    ctx.fillStyle = creux ? obs.ENCRE_LIEU : "#FFFFFF";
    // Le centre d'un triangle est plus bas que le milieu de sa boîte.
    ctx.fillText(lettre, x, y + (forme === "triangle" ? 1.5 : 0.5));
  };

  // Une grappe : deux cernes et un nombre. Un symbole proportionnel est coloré, un lieu seul est plein.
  obs.dessinerGrappe = function (ctx, { x, y, rayon, membres }) {
    for (const [r, fond] of [[rayon, "#FFFFFF"], [rayon - 1.5, obs.ENCRE_LIEU], [rayon - 2.5, "#FFFFFF"], [rayon - 4, obs.ENCRE_LIEU], [rayon - 5.5, "#FFFFFF"]]) {
      tracer(ctx, "disque", x, y, r);
      ctx.fillStyle = fond;
      ctx.fill();
    }
    ctx.font = `600 14px ${obs.POLICE}`;
    ctx.fillStyle = obs.ENCRE;
    ctx.fillText(String(membres.length), x, y + 0.5);
  };
})();
