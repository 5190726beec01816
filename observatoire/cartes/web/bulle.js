// Info-bulle unique, qui suit la souris et reste dans le cadre.
(function () {
  "use strict";
  const obs = window.observatoire;
  const MARGE = 14;

  obs.creerBulle = function (carte) {
    const boite = carte.getContainer();
    const bulle = L.DomUtil.create("div", "obs-bulle", boite);
    // Vue seulement : au clavier, le même texte est annoncé (clavier.js).
    bulle.setAttribute("aria-hidden", "true");
    return {
      // `notes` : des textes, ou {titre, texte} pour une liste de lieux.
      montrer(point, titre, valeur, notes) {
        bulle.replaceChildren();
        ajouter(bulle, "strong", titre);
        if (valeur) ajouter(bulle, "span", valeur, "obs-valeur");
        for (const note of notes) {
          if (typeof note === "string") ajouter(bulle, "span", note, "obs-note");
          else ajouter(bulle, "span", note.titre, "obs-entree"), note.texte && ajouter(bulle, "span", note.texte, "obs-note");
        }
        bulle.classList.add("obs-visible");
        placer(point);
      },
      cacher() {
        bulle.classList.remove("obs-visible");
      },
      estVisible: () => bulle.classList.contains("obs-visible"),
      lire: () => [...bulle.children].map((e) => e.textContent).join(", "),
    };

    function placer(point) {
      const { offsetWidth: l, offsetHeight: h } = bulle;
      const x = point.x + MARGE + l > boite.clientWidth ? point.x - l - MARGE : point.x + MARGE;
      const y = point.y + MARGE + h > boite.clientHeight ? point.y - h - MARGE : point.y + MARGE;
      // Si elle ne tient d'aucun côté, elle reste au moins entière dans le cadre.
      const dans = (v, max) => Math.max(4, Math.min(v, max - 4));
      bulle.style.transform = `translate(${dans(x, boite.clientWidth - l)}px, ${dans(y, boite.clientHeight - h)}px)`;
    }
  };

  // Du texte, jamais du HTML : un libellé ne peut rien exécuter.
  function ajouter(parent, balise, texte, classe) {
    const element = L.DomUtil.create(balise, classe || "", parent);
    element.textContent = texte;
  }
})();
