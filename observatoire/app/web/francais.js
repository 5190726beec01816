// Remplace à mesure qu'ils paraissent les textes anglais de Streamlit (voir francais-mots.js), et lui fait
// écrire nombres et dates à la française quel que soit le navigateur.
(function () {
  "use strict";
  const { partout, attributs, endroits, masquer, motifs } = window.observatoireFrancais;
  const ATTRIBUTS = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"];
  // Nos textes à nous : un territoire pourrait porter un de ces mots.
  const A_NOUS = ".stHtml, .obs-entete, .obs-avis, .obs-nouvelle, script, style, [translate=no]";

  // Les calendriers de Streamlit demandent sa langue au navigateur, pas à la page.
  Object.defineProperty(navigator, "language", { get: () => "fr-FR" });
  Object.defineProperty(navigator, "languages", { get: () => ["fr-FR", "fr"] });
  window[Symbol.for("react-aria.i18n.locale")] = "fr-FR";

  const regles = motifs.map(([motif, texte]) => [new RegExp(motif), texte]);
  const places = Object.entries(endroits);
  // Ce qui n'est pas à traduire est retenu : React récrit souvent les mêmes textes.
  const connus = new Map();

  // « {n1} » : le premier groupe est un nombre anglais ; « {m1} » : un nom de mois anglais ;
  // « {t1} » : un texte à traduire lui aussi.
  const MOIS = "January February March April May June July August September October November December".split(" ");
  const nommerMois = (nom) =>
    MOIS.includes(nom) ? new Date(2000, MOIS.indexOf(nom)).toLocaleDateString("fr-FR", { month: "long" }) : nom;
  const completer = (texte, groupes) =>
    texte
      .replace(/\{n(\d)\}/g, (_, rang) => Number(groupes[rang]).toLocaleString("fr-FR"))
      .replace(/\{m(\d)\}/g, (_, rang) => nommerMois(groupes[rang]))
      .replace(/\{t(\d)\}/g, (_, rang) => chercher(groupes[rang]) ?? groupes[rang])
      .replace(/\$(\d)/g, (_, rang) => groupes[rang] ?? "")
      .trimEnd();

  function suivreRegles(texte) {
    for (const [motif, traduction] of regles) {
      const groupes = motif.exec(texte);
      if (groupes) return completer(traduction, groupes);
    }
    return undefined;
  }

  function chercher(texte) {
    if (connus.has(texte)) return connus.get(texte);
    let trouve = Object.hasOwn(partout, texte) ? partout[texte] : undefined;
    if (trouve === undefined && texte.length < 400) trouve = suivreRegles(texte);
    if (connus.size > 3000) connus.clear();
    connus.set(texte, trouve);
    return trouve;
  }

  function chercherIci(texte, element) {
    for (const [selecteur, mots] of places) {
      if (Object.hasOwn(mots, texte) && element?.closest(selecteur)) return mots[texte];
    }
    return undefined;
  }

  // Statistiques et formats des colonnes écrivent nombres et dates à l'anglaise : on ne les propose pas.
  function cacher(texte, element) {
    for (const [selecteur, mots] of Object.entries(masquer)) {
      const ligne = mots.includes(texte) && element?.closest(selecteur);
      if (ligne) ligne.style.display = "none";
    }
  }

  function traduireTexte(noeud) {
    const brut = noeud.nodeValue;
    const texte = brut.trim();
    if (texte.length < 2) return;
    cacher(texte, noeud.parentElement);
    const mot = chercherIci(texte, noeud.parentElement) ?? chercher(texte);
    if (mot === undefined || mot === texte) return;
    // Les blancs d'origine séparent de ce qui suit.
    noeud.nodeValue = brut.match(/^\s*/)[0] + mot + brut.match(/\s*$/)[0];
  }

  function traduireAttributs(element) {
    for (const nom of ATTRIBUTS) {
      const valeur = element.getAttribute(nom)?.trim();
      if (!valeur) continue;
      const ici = Object.hasOwn(attributs, valeur) ? attributs[valeur] : undefined;
      const mot = ici ?? chercherIci(valeur, element) ?? chercher(valeur);
      if (mot !== undefined && mot !== valeur) element.setAttribute(nom, mot);
    }
  }

  const passer = (noeud) => noeud.nodeType === Node.ELEMENT_NODE && noeud.matches(A_NOUS);
  const filtre = (noeud) => (passer(noeud) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const estANous = (noeud) => (noeud.nodeType === Node.ELEMENT_NODE ? noeud : noeud.parentElement)?.closest(A_NOUS);

  function traduire(noeud) {
    if (!noeud.isConnected || estANous(noeud)) return;
    if (noeud.nodeType === Node.TEXT_NODE) return void traduireTexte(noeud);
    if (noeud.nodeType !== Node.ELEMENT_NODE) return;
    traduireAttributs(noeud);
    const parcours = document.createTreeWalker(noeud, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, filtre);
    while (parcours.nextNode()) {
      const courant = parcours.currentNode;
      if (courant.nodeType === Node.TEXT_NODE) traduireTexte(courant);
      else traduireAttributs(courant);
    }
  }

  new MutationObserver((changements) => {
    for (const { type, target, addedNodes } of changements) {
      if (type === "childList") addedNodes.forEach(traduire);
      else if (estANous(target)) continue;
      else if (type === "attributes") traduireAttributs(target);
      else traduireTexte(target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTS,
  });
})();
