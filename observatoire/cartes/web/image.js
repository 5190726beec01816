// Image de la carte telle qu'elle est à l'écran, pour l'imprimer ou la copier.
(function () {
  "use strict";
  const obs = window.observatoire;

  // Rend aussitôt une toile neuve, à la densité de l'écran : toutes les couches sur fond de papier, cartons compris.
  obs.image = function () {
    Object.values(obs.moteurs).forEach((moteur) => moteur._map && moteur.achever());
    const boite = obs.carte.getContainer();
    const cadre = boite.getBoundingClientRect();
    const densite = window.devicePixelRatio || 1;
    const toile = document.createElement("canvas");
    toile.width = Math.round(boite.clientWidth * densite);
    toile.height = Math.round(boite.clientHeight * densite);
    const ctx = toile.getContext("2d");
    ctx.fillStyle = obs.PAPIER;
    ctx.fillRect(0, 0, toile.width, toile.height);
    ctx.scale(densite, densite);
    ctx.translate(-cadre.left - boite.clientLeft, -cadre.top - boite.clientTop);
    listerToiles(boite).forEach((source) => copier(ctx, source));
    obs.dessinerNomsCartons(ctx);
    return toile;
  };

  // Les toiles dans l'ordre des plans, du dessous au dessus ; les cartons en dernier.
  function listerToiles(boite) {
    const rangDe = (source) => {
      const plan = source.closest(".leaflet-pane[style*='z-index']");
      return plan ? Number(plan.style.zIndex) : Infinity;
    };
    return [...boite.querySelectorAll(".leaflet-map-pane canvas, .obs-carton canvas")]
      .filter((source) => source.width && source.offsetParent !== null && getComputedStyle(source).visibility !== "hidden")
      .map((source) => ({ source, rang: rangDe(source) }))
      .sort((a, b) => a.rang - b.rang)
      .map(({ source }) => source);
  }

  function copier(ctx, source) {
    const { left, top, width, height } = source.getBoundingClientRect();
    if (width && height) ctx.drawImage(source, left, top, width, height);
  }
})();
