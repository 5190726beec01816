// Une publication qui change sous un onglet ouvert est dite ; la page garde la sienne jusqu'à ce qu'on recharge.
(function () {
  "use strict";
  const app = window.observatoireApp;
  const PERIODE = 60_000;
  let refusee = "";

  const montree = () => document.querySelector(".obs-pied")?.dataset.publication || "";
  const ancienneVoulue = () => new URL(location.href).searchParams.has("publication");

  async function regarder() {
    if (document.hidden || !montree()) return;
    try {
      const reponse = await fetch("sante", { cache: "no-store" });
      const { publication } = await reponse.json();
      if (publication && publication !== montree() && publication !== refusee) annoncer(publication);
    } catch {
      // Le serveur est coupé : Streamlit le dit déjà.
    }
  }

  function annoncer(publication) {
    const bandeau = document.querySelector(".obs-nouvelle");
    const texte = ancienneVoulue()
      ? `Cette page montre la publication n° ${montree()}, qui n’est plus la dernière.`
      : "De nouvelles données viennent d’être publiées ; cette page montre encore les précédentes.";
    bandeau.replaceChildren(Object.assign(document.createElement("span"), { textContent: texte }));
    bandeau.append(bouton("Voir les nouvelles données", voirNouvelle), bouton("Plus tard", () => fermer(publication)));
    bandeau.hidden = false;
  }

  function bouton(texte, agir) {
    const element = Object.assign(document.createElement("button"), { type: "button", textContent: texte });
    element.addEventListener("click", agir);
    return element;
  }

  function fermer(publication) {
    refusee = publication;
    document.querySelector(".obs-nouvelle").hidden = true;
  }

  function voirNouvelle() {
    const url = new URL(location.href);
    url.searchParams.delete("publication");
    if (url.href === location.href) location.reload();
    else location.replace(url);
  }

  setInterval(regarder, PERIODE);
  addEventListener("focus", regarder);
  document.addEventListener("visibilitychange", regarder);
  app.surMontage(".obs-pied", regarder);
  app.regarderPublication = regarder;
})();
