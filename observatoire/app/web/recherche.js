// Recherche de territoires : se branche sur tout <div data-recherche> ; le serveur cherche, dix réponses au plus.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const ATTENTE = 120;
  const LONGUEUR = 80;
  const AUCUN = "Aucun territoire trouvé : essayez un code postal, un nom plus court, ou vérifiez l’orthographe.";
  const EN_PANNE = "La recherche n’a pas répondu. Vérifiez la connexion, puis tapez de nouveau.";
  const LOUPE =
    '<svg aria-hidden="true" width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" ' +
    'stroke-width="2"><circle cx="8.5" cy="8.5" r="5.5"/><path d="M13 13l5 5"/></svg>';
  let rang = 0;

  function creer(balise, attributs) {
    const element = document.createElement(balise);
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
    return element;
  }

  // --- Où l'on est : ses territoires passent d'abord
  function departementIci(racine) {
    const params = new URL(location.href).searchParams;
    const montre = params.get("departement");
    if (montre && montre !== "FR") return montre;
    const [, code] = /^(?:commune|arrondissement_municipal|departement)-(\w+)$/.exec(params.get("territoire") || "") || [];
    if (code) return code.slice(0, /^9[78]/.test(code) ? 3 : 2);
    return racine.dataset.departement || "";
  }

  // --- Aller au territoire choisi
  const surCarte = () => /\/carte$/.test(location.pathname);

  function cheminCarte({ maille, code, departement }) {
    if (maille === "france") return { departement: "FR", territoire: "" };
    if (maille === "departement") return { departement: code, territoire: "" };
    if (maille === "region") return { departement: "FR", maille, territoire: code };
    return departement && !maille.includes("outremer") && maille !== "commune_com"
      ? { departement, maille, territoire: code }
      : null;
  }

  // Un niveau sans donnée est une option inactive du menu : la carte n'y montrerait pas le territoire.
  function convient(maille) {
    const menu = document.querySelector('select[data-param="maille"]');
    const option = menu?.querySelector(`option[value="${CSS.escape(maille)}"]`);
    return !menu || Boolean(option && !option.disabled);
  }

  function allerA(racine, trouve) {
    const params = surCarte() || racine.dataset.vers === "carte" ? cheminCarte(trouve) : null;
    if (params && surCarte() && (!params.maille || convient(params.maille))) {
      return app.changer(params, ["page", "cherche"]);
    }
    const publication = new URL(location.href).searchParams.get("publication");
    const suite = publication ? { publication } : {};
    if (params && !surCarte()) {
      const connus = Object.entries({ ...params, ...suite }).filter(([, valeur]) => valeur);
      return app.aller(`carte?${new URLSearchParams(connus)}`);
    }
    const territoire = `${trouve.maille}-${trouve.code}`;
    return app.aller(`territoire?${new URLSearchParams({ territoire, ...suite })}`);
  }

  // --- Un champ
  function monter(racine) {
    const id = `obs-recherche-${++rang}`;
    racine.classList.add("obs-recherche");
    const etiquette = creer("label", { class: "obs-recherche-label", for: id });
    etiquette.textContent = "Chercher un territoire : commune, code postal, EPCI";
    const champ = creer("input", {
      id, type: "text", role: "combobox", placeholder: "Commune, code postal, EPCI…", maxlength: LONGUEUR,
      autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "search",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-liste`,
    });
    const liste = creer("ul", { id: `${id}-liste`, role: "listbox", "aria-label": "Territoires trouvés", hidden: "" });
    const etat = creer("p", { class: "obs-recherche-etat", role: "status" });
    racine.replaceChildren(etiquette, champ, liste, etat);
    champ.insertAdjacentHTML("afterend", LOUPE);

    let trouves = [];
    let actif = -1;
    let perime = false; // ce qui est tapé n'est plus ce que montre la liste
    let delai = 0;
    let demande = null;
    let validerEnsuite = false;

    const ouverte = () => !liste.hidden;
    function montrer(visible) {
      liste.hidden = !visible;
      champ.setAttribute("aria-expanded", String(visible));
      if (!visible) activer(-1);
    }
    function dire(texte, visible = false) {
      etat.textContent = texte;
      etat.toggleAttribute("data-visible", visible);
    }
    function fermer() {
      montrer(false);
      dire("");
    }
    function oublier() {
      clearTimeout(delai);
      demande?.abort();
      demande = null;
      validerEnsuite = false;
    }

    function activer(nouveau, { viser = true } = {}) {
      liste.children[actif]?.setAttribute("aria-selected", "false");
      actif = nouveau;
      const option = liste.children[actif];
      if (!option) return champ.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      if (viser) option.scrollIntoView({ block: "nearest" });
      return champ.setAttribute("aria-activedescendant", option.id);
    }

    function choisir(position) {
      const trouve = trouves[position];
      if (!trouve) return;
      oublier();
      trouves = [];
      champ.value = "";
      fermer();
      champ.blur();
      allerA(racine, trouve);
    }

    function afficher(reponses) {
      trouves = reponses;
      perime = false;
      actif = -1;
      liste.replaceChildren(...reponses.map((r, k) => ecrireOption(r, `${id}-${k}`)));
      montrer(reponses.length > 0);
      if (!reponses.length) return dire(AUCUN, true);
      const pluriel = reponses.length > 1 ? "s" : "";
      return dire(`${reponses.length} territoire${pluriel} proposé${pluriel}.`);
    }

    async function chercher() {
      demande?.abort();
      const mienne = (demande = new AbortController());
      const params = new URLSearchParams({ q: champ.value.slice(0, LONGUEUR) });
      const departement = departementIci(racine);
      if (departement) params.set("departement", departement);
      try {
        const reponse = await fetch(new URL(`chercher?${params}`, document.baseURI), { signal: mienne.signal });
        const corps = await reponse.json();
        if (mienne !== demande) return;
        demande = null;
        if (!reponse.ok) throw new Error(corps.erreur);
        afficher(corps.reponses);
        if (validerEnsuite) choisir(0);
      } catch (erreur) {
        if (erreur.name === "AbortError" || (demande && mienne !== demande)) return;
        demande = null;
        trouves = [];
        montrer(false);
        dire(EN_PANNE, true);
      } finally {
        if (!demande) validerEnsuite = false;
      }
    }

    champ.addEventListener("input", () => {
      oublier();
      perime = true;
      activer(-1);
      if (!champ.value.trim()) {
        trouves = [];
        return fermer();
      }
      delai = setTimeout(chercher, ATTENTE);
      return undefined;
    });

    const TOUCHES = {
      ArrowDown: () => avancer(1),
      ArrowUp: () => avancer(-1),
      Enter: valider,
      Escape: () => {
        if (ouverte() || etat.hasAttribute("data-visible")) fermer();
        else champ.value = "";
        oublier();
      },
    };
    function avancer(pas) {
      if (!trouves.length || perime) return;
      if (!ouverte()) montrer(true);
      const n = trouves.length;
      activer(actif < 0 ? (pas > 0 ? 0 : n - 1) : (actif + pas + n) % n);
    }
    // Entrée avant la réponse : elle ira au premier territoire dès qu'il sera connu.
    function valider() {
      if (!perime && trouves.length) return choisir(Math.max(actif, 0));
      if (!champ.value.trim()) return undefined;
      clearTimeout(delai);
      validerEnsuite = true;
      return chercher();
    }
    champ.addEventListener("keydown", (e) => {
      if (e.isComposing || !TOUCHES[e.key]) return;
      e.preventDefault();
      TOUCHES[e.key]();
    });

    liste.addEventListener("pointermove", (e) => {
      if (e.pointerType !== "mouse") return;
      const position = [...liste.children].indexOf(e.target.closest("[role=option]"));
      if (position >= 0 && position !== actif) activer(position, { viser: false });
    });
    // Le champ garde le curseur pendant qu'on touche la liste.
    liste.addEventListener("mousedown", (e) => e.preventDefault());
    liste.addEventListener("click", (e) => choisir([...liste.children].indexOf(e.target.closest("[role=option]"))));
    champ.addEventListener("focus", () => trouves.length && !perime && montrer(true));
    champ.addEventListener("blur", () => {
      oublier();
      fermer();
    });
  }

  function ecrireOption({ libelle, detail, note }, id) {
    const option = creer("li", { id, role: "option", "aria-selected": "false" });
    const nom = creer("span", { class: "obs-recherche-nom" });
    nom.textContent = note || libelle;
    const precision = creer("span", { class: "obs-recherche-detail" });
    precision.textContent = detail;
    option.append(nom, document.createTextNode(" "), precision);
    return option;
  }

  app.surMontage("[data-recherche]", monter);
})();
