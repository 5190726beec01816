// Textes que Streamlit écrit en anglais et ne laisse pas choisir : remplacés à mesure qu'ils paraissent.
(() => {
  const MOTS = {
    "App pages": "Pages",
    "Open": "Ouvrir la liste",
    "Close": "Fermer",
    "Clear": "Effacer",
    "Clear all": "Tout effacer",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "No results": "Aucun résultat",
    "No options to select": "Aucun choix",
    "Select all": "Tout choisir",
    "Connection error": "Liaison interrompue avec le serveur",
    "Connecting...": "Liaison en cours…",
    "CONNECTING": "LIAISON",
    "Running...": "Mise à jour…",
    "Please wait...": "Mise à jour…",
    "Loading...": "Chargement…",
    "Page not found": "Cette page n'existe pas",
    "Open sidebar": "Ouvrir le menu",
    "Close sidebar": "Fermer le menu",
    "Copy to clipboard": "Copier",
    "Fullscreen": "Plein écran",
  };
  const ATTRIBUTS = ["aria-label", "title", "placeholder"];
  const translateElement = (element) => {
    for (const nom of ATTRIBUTS) {
      const mot = MOTS[element.getAttribute(nom)];
      if (mot) element.setAttribute(nom, mot);
    }
  };
  const translateText = (noeud) => {
    const mot = MOTS[noeud.nodeValue.trim()];
    // Jamais dans nos textes à nous : un territoire pourrait porter un de ces mots.
    if (mot && !noeud.parentElement?.closest(".stHtml")) noeud.nodeValue = mot;
  };
  const translate = (noeud) => {
    if (noeud.nodeType === Node.TEXT_NODE) return translateText(noeud);
    if (noeud.nodeType !== Node.ELEMENT_NODE || noeud.closest(".stHtml")) return;
    translateElement(noeud);
    const parcours = document.createTreeWalker(noeud, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (parcours.nextNode()) {
      const courant = parcours.currentNode;
      if (courant.nodeType === Node.TEXT_NODE) translateText(courant);
      else translateElement(courant);
    }
  };
  new MutationObserver((changements) => {
    for (const c of changements) {
      if (c.type === "attributes") translateElement(c.target);
      else if (c.type === "characterData") translateText(c.target);
      else c.addedNodes.forEach(translate);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTS,
  });
})();
