// Un terme et son ⓘ : la définition s'ouvre à côté, au clic, au clavier ou au doigt, et tient dans l'écran.
(function () {
  "use strict";
  const MARGE = 8;
  let ouvert = null; // bouton du terme expliqué
  let bulle = null;

  function ajouter(parent, balise, texte, classe) {
    const element = document.createElement(balise);
    if (classe) element.className = classe;
    element.textContent = texte;
    parent.append(element);
    return element;
  }

  // Du texte, jamais du HTML. La bulle suit son bouton dans la page : la tabulation y mène.
  function creerBulle(bouton) {
    const boite = document.createElement("span");
    boite.className = "obs-definition";
    boite.id = "obs-definition";
    boite.setAttribute("role", "status");
    // Au-dessus de tout, quoi que fassent les blocs qui l'entourent.
    if ("popover" in boite) boite.popover = "manual";
    bouton.after(boite);
    boite.showPopover?.();
    ajouter(boite, "strong", bouton.dataset.titre);
    ajouter(boite, "span", bouton.dataset.definition);
    const lien = ajouter(boite, "a", "Glossaire");
    // Sur la page Méthode, on y reste tel quel.
    lien.href = `${document.querySelector(".obs-methode") ? "" : "methode"}#terme-${bouton.dataset.terme}`;
    const fermeture = ajouter(boite, "button", "Fermer");
    fermeture.type = "button";
    fermeture.addEventListener("click", () => fermer(true));
    return boite;
  }

  function placer() {
    if (!bulle) return;
    const mot = ouvert.getBoundingClientRect();
    const { offsetWidth: largeur, offsetHeight: hauteur } = bulle;
    const droite = document.documentElement.clientWidth - largeur - MARGE;
    const dessous = mot.bottom + MARGE;
    const dessus = mot.top - hauteur - MARGE;
    // Sous le mot s'il y a la place, au-dessus sinon ; jamais hors de l'écran.
    const haut = dessous + hauteur <= innerHeight - MARGE || dessus < MARGE ? dessous : dessus;
    bulle.style.left = `${Math.max(MARGE, Math.min(mot.left, droite))}px`;
    bulle.style.top = `${Math.max(MARGE, Math.min(haut, innerHeight - hauteur - MARGE))}px`;
  }

  function ouvrir(bouton) {
    fermer(false);
    ouvert = bouton;
    bulle = creerBulle(bouton);
    bouton.setAttribute("aria-expanded", "true");
    bouton.setAttribute("aria-controls", bulle.id);
    placer();
  }

  function fermer(rendreLeFoyer) {
    if (!ouvert) return;
    const bouton = ouvert;
    ouvert = null;
    bulle.remove();
    bulle = null;
    bouton.setAttribute("aria-expanded", "false");
    bouton.removeAttribute("aria-controls");
    if (rendreLeFoyer && bouton.isConnected) bouton.focus();
  }

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.(".obs-terme");
    if (bouton) {
      e.preventDefault();
      if (bouton === ouvert) fermer(true);
      else ouvrir(bouton);
    } else if (ouvert && !bulle.contains(e.target)) fermer(false);
    // Le lien du glossaire change de page : la définition n'y a plus sa place.
    else if (ouvert && e.target.closest?.("a")) fermer(false);
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !ouvert) return;
    e.stopPropagation();
    fermer(bulle.contains(document.activeElement) || document.activeElement === ouvert);
  });
  // Quitter la bulle par la tabulation la referme : elle ne cache pas ce qu'on lit ensuite.
  document.addEventListener("focusin", (e) => {
    if (ouvert && e.target !== ouvert && !bulle.contains(e.target)) fermer(false);
  });
  addEventListener("resize", placer);
  addEventListener("scroll", placer, true);
  // La page se récrit à chaque réglage : un terme disparu emporte sa définition.
  new MutationObserver(() => {
    if (ouvert && !ouvert.isConnected) fermer(false);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
