// Copier, partager, copier l'image, fermer un menu : les gestes qu'on fait sans y penser.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const CADRE = 'iframe[src*="streamlit_folium"]';
  const absolue = (lien) => new URL(lien || location.href, document.baseURI).href;

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.("[data-copier],[data-partager],[data-copier-image],[data-imprimer]");
    if (!bouton) return;
    const { copier: texte, lien } = bouton.dataset;
    if (texte !== undefined) copier(`${texte}\n${absolue(lien)}`, "Copié : la phrase, la source et le lien.");
    else if (bouton.hasAttribute("data-partager")) partager(absolue(lien));
    else if (bouton.hasAttribute("data-imprimer")) print();
    else copierImage();
    bouton.closest("details")?.removeAttribute("open");
  });

  async function copier(texte, annonce) {
    try {
      await navigator.clipboard.writeText(texte);
      app.dire(annonce);
    } catch {
      // Hors connexion sûre (http), le presse-papiers moderne est fermé : l'ancien geste reste.
      app.dire(copierAutrement(texte) ? annonce : "Le navigateur a refusé la copie : sélectionner le texte à la main.");
    }
  }

  function copierAutrement(texte) {
    const zone = document.createElement("textarea");
    zone.value = texte;
    zone.style.cssText = "position:fixed;opacity:0";
    document.body.append(zone);
    zone.select();
    const fait = document.execCommand("copy");
    zone.remove();
    return fait;
  }

  async function partager(url) {
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      try {
        return await navigator.share({ title: document.title, url });
      } catch (erreur) {
        if (erreur.name === "AbortError") return undefined;
      }
    }
    return copier(url, "Lien copié : il montrera toujours cette page et ces nombres.");
  }

  async function copierImage() {
    const toile = document.querySelector(CADRE)?.contentWindow?.observatoire?.image?.();
    if (!toile) return app.dire("La carte n’est pas encore dessinée.");
    try {
      const image = await new Promise((fini) => toile.toBlob(fini, "image/png"));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": image })]);
      return app.dire("Image copiée.");
    } catch {
      return app.dire("Le navigateur a refusé la copie de l’image : employer Exporter, Image (PNG).");
    }
  }

  // Un menu ouvert se ferme d'un clic ailleurs, ou par Échap (le curseur revient sur son bouton).
  const MENU = "details.obs-menu-actions[open]";
  document.addEventListener("click", (e) => {
    document.querySelectorAll(MENU).forEach((menu) => menu.contains(e.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (e) => {
    const menu = e.key === "Escape" && document.querySelector(MENU);
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
})();
