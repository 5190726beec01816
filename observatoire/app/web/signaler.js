// « Signaler une erreur » emporte l'adresse de la page : on saura de quoi il s'agit.
(function () {
  "use strict";
  document.addEventListener("click", (e) => {
    const lien = e.target.closest?.("a[data-signaler]");
    if (!lien) return;
    const url = new URL(lien.href);
    const texte = `Page concernée :\n${location.href}\nPublication : ${document.querySelector(".obs-pied")?.dataset.publication}\n\nCe qui ne va pas :\n`;
    if (url.protocol === "mailto:") {
      url.search = `subject=${encodeURIComponent("Observatoire : erreur signalée")}&body=${encodeURIComponent(texte)}`;
    } else {
      url.searchParams.set("page", location.href);
    }
    lien.href = url.href;
  });
})();
