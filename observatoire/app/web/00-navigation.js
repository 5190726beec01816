// L'adresse est l'état : liens et réglages la changent, la page suit sans se recharger, et « Précédent » revient.
(function () {
  "use strict";
  const app = (window.observatoireApp = window.observatoireApp || {});
  // Paramètres qu'on change sans laisser d'étape dans l'historique : on ne revient pas ligne à ligne.
  const SANS_ETAPE = new Set(["territoire", "lieux", "tri", "page", "cherche"]);
  // Dit au serveur que la demande vient d'un réglage : ce qu'il entraîne n'est pas une faute à signaler.
  const ENTRAINE = "entraine";

  // --- Éléments présents ou à venir
  const guetteurs = [];
  app.surMontage = function (selecteur, agir) {
    const vus = new WeakSet();
    const chercher = (racine) => {
      if (racine.matches?.(selecteur)) essayer(racine);
      racine.querySelectorAll?.(selecteur).forEach(essayer);
    };
    const essayer = (element) => {
      if (vus.has(element)) return;
      vus.add(element);
      agir(element);
    };
    guetteurs.push(chercher);
    chercher(document);
  };
  new MutationObserver((changements) => {
    for (const { addedNodes } of changements) {
      for (const noeud of addedNodes) {
        if (noeud.nodeType === Node.ELEMENT_NODE) guetteurs.forEach((chercher) => chercher(noeud));
      }
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  // --- Aller à une adresse de l'application
  app.aller = function (adresse, { remplacer = false } = {}) {
    const url = new URL(adresse, document.baseURI);
    const autrePage = url.pathname !== location.pathname;
    const memeEtat = !autrePage && url.search === location.search;
    history[remplacer ? "replaceState" : "pushState"]({}, "", url);
    if (memeEtat) return viser(url.hash);
    document.documentElement.toggleAttribute("data-attente", true);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    if (autrePage) {
      defileur()?.scrollTo(0, 0);
      suivrePage();
    }
    return viser(url.hash);
  };

  // Change quelques paramètres de l'adresse présente ; une valeur vide ôte le paramètre.
  app.changer = function (params, oublies = []) {
    const url = new URL(location.href);
    oublies.forEach((nom) => url.searchParams.delete(nom));
    for (const [nom, valeur] of Object.entries(params)) {
      if (valeur === "" || valeur === null) url.searchParams.delete(nom);
      else url.searchParams.set(nom, valeur);
    }
    url.hash = "";
    const discret = Object.keys(params).every((nom) => SANS_ETAPE.has(nom));
    if (!discret) url.searchParams.set(ENTRAINE, "1");
    app.aller(url, { remplacer: discret });
  };

  function viser(ancre) {
    if (!ancre || ancre === "#") return;
    const id = decodeURIComponent(ancre.slice(1));
    let reste = 60;
    const essayer = () => {
      const element = document.getElementById(id);
      if (element) {
        if (element.tagName === "DETAILS") element.open = true;
        element.scrollIntoView();
      } else if (reste--) setTimeout(essayer, 50);
    };
    essayer();
  }

  const defileur = () => document.querySelector("[data-testid=stMain]");
  const INTERNES = /^\/[a-z]*$/;
  document.addEventListener("click", (e) => {
    const lien = e.target.closest?.("a[href]");
    if (!lien || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (lien.hasAttribute("download") || lien.target === "_blank") return;
    const url = new URL(lien.getAttribute("href"), document.baseURI);
    if (url.origin !== location.origin || !INTERNES.test(url.pathname)) return;
    e.preventDefault();
    if (lien.classList.contains("obs-evitement")) return allerAuContenu();
    memoriser(lien);
    app.aller(url, { remplacer: lien.hasAttribute("data-discret") });
  });

  function allerAuContenu() {
    const titre = document.querySelector("h1");
    if (!titre) return;
    titre.tabIndex = -1;
    titre.focus();
  }

  // --- Réglages natifs
  const VALEURS = {
    checkbox: (e) => cochees(e.dataset.param),
    range: (e) => e.dataset.valeurs.split(",")[Number(e.value)],
  };
  const cochees = (nom) =>
    [...document.querySelectorAll(`input[type=checkbox][data-param="${nom}"]:checked`)].map((c) => c.value).join(",");
  const oublies = (element) => (element.dataset.oublie || "").split(",").filter(Boolean);

  document.addEventListener("change", (e) => {
    const nom = e.target.dataset?.param;
    if (!nom || e.target.tagName === "BUTTON") return;
    memoriser(e.target);
    const lire = VALEURS[e.target.type] || ((element) => element.value);
    app.changer({ [nom]: lire(e.target) }, oublies(e.target));
  });
  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.("button[data-param]");
    if (!bouton || bouton.disabled || bouton.getAttribute("aria-disabled") === "true") return;
    memoriser(bouton);
    app.changer({ [bouton.dataset.param]: bouton.dataset.valeur || "" }, oublies(bouton));
  });
  // Un champ de texte de la page s'applique en quittant le champ, par Entrée, ou après une pause.
  let attente;
  document.addEventListener("input", (e) => {
    if (e.target.type !== "search" || !e.target.dataset.param) return;
    clearTimeout(attente);
    const champ = e.target;
    attente = setTimeout(() => champ.dispatchEvent(new Event("change", { bubbles: true })), 400);
  });

  // Le bloc d'un réglage est récrit par chaque réponse : le curseur y revient.
  let repere = null;
  function memoriser(element) {
    const { param, valeur, cle } = element.dataset;
    if (cle) repere = `[data-cle="${CSS.escape(cle)}"]`;
    else if (param && element.type === "checkbox") repere = `[data-param="${param}"][value="${CSS.escape(element.value)}"]`;
    else if (param) repere = `${element.localName}[data-param="${param}"]` + (valeur ? `[data-valeur="${CSS.escape(valeur)}"]` : "");
    else repere = null;
  }
  app.surMontage("[data-param],[data-cle]", (element) => {
    if (!repere || !element.matches(repere) || document.activeElement !== document.body) return;
    element.focus({ preventScroll: true });
    if (element.type === "search") element.setSelectionRange(element.value.length, element.value.length);
  });

  // Le serveur rend l'adresse entière de ce qu'il montre : un lien copié montrera la même chose plus tard.
  app.surMontage("[data-adresse]", (element) => {
    const url = new URL(element.dataset.adresse, document.baseURI);
    if (url.pathname === location.pathname) history.replaceState(history.state, "", url.pathname + url.search + location.hash);
    document.documentElement.removeAttribute("data-attente");
  });

  // --- En-tête : page courante, menu du téléphone
  function suivrePage() {
    const ici = location.pathname;
    document.querySelectorAll(".obs-entete nav a, .obs-nom").forEach((lien) => {
      const courante = new URL(lien.href).pathname === ici;
      if (courante) lien.setAttribute("aria-current", "page");
      else lien.removeAttribute("aria-current");
    });
    replier();
  }
  const menu = () => document.querySelector(".obs-menu");
  function replier() {
    menu()?.setAttribute("aria-expanded", "false");
  }
  document.addEventListener("click", (e) => {
    if (!e.target.closest?.(".obs-menu")) return;
    menu().setAttribute("aria-expanded", String(menu().getAttribute("aria-expanded") !== "true"));
  });
  document.addEventListener("keydown", (e) => e.key === "Escape" && replier());
  addEventListener("popstate", suivrePage);

  // --- Dire : aux lecteurs d'écran, et d'un mot visible quatre secondes
  let effacement;
  app.dire = function (texte) {
    const avis = document.querySelector(".obs-avis");
    avis.textContent = texte;
    clearTimeout(effacement);
    effacement = setTimeout(() => (avis.textContent = ""), 4000);
  };
})();
