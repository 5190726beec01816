// Légende du plein écran : celle de la page n'y est plus. Dessinée des mêmes couleurs et trames que la carte.
(function () {
  "use strict";
  const obs = window.observatoire;
  const { etat } = obs;

  const DECIMALES_MAX = 6;
  const STATUTS = [
    ["z", "zéro"],
    ["n", "non significatif"],
    ["s", "secret"],
    ["d", "sans donnée"],
    ["h", "sans objet"],
  ];
  const TOUJOURS = "sd"; // « secret 0 » dit que rien n'a été masqué
  // Trois cercles ronds, de surfaces assez écartées pour que l'œil les ordonne (mêmes que la légende de la page).
  const RONDS = { 5: [0.1, 1, 5], 2: [0.1, 0.5, 2], 1: [0.02, 0.2, 1] };

  obs.poserLegende = function (carte) {
    const boite = L.DomUtil.create("section", "obs-legende", carte.getContainer());
    boite.setAttribute("aria-label", "Légende");
    obs.isoler(boite);
    L.DomEvent.disableScrollPropagation(boite);
  };

  obs.ecrireLegende = function () {
    const boite = obs.carte.getContainer().querySelector(".obs-legende");
    if (!obs.enPleinEcran() || !etat.donnees) return boite.replaceChildren();
    const { titre, sous_titre: sousTitre, unite } = etat.textes;
    const tete = L.DomUtil.create("h2", "");
    tete.textContent = titre;
    const suite = L.DomUtil.create("p", "");
    suite.textContent = [sousTitre, unite.trim() && etat.dessin.type !== "typologie" ? `en ${unite.trim()}` : ""].filter(Boolean).join(" · ");
    const liste = L.DomUtil.create("ul", "");
    for (const entree of [...listerEntrees(), ...listerStatuts(), ...listerLieux()]) liste.append(ecrireEntree(entree));
    return boite.replaceChildren(tete, ...(suite.textContent ? [suite] : []), liste);
  };

  function ecrireEntree({ style, rayon, lieu, libelle, effectif }) {
    const ligne = L.DomUtil.create("li", "");
    ligne.append(lieu ? dessinerLieu(lieu) : rayon ? dessinerCercle(rayon) : dessinerCase(style), ` ${libelle}`);
    if (effectif !== undefined) L.DomUtil.create("span", "obs-note", ligne).textContent = ` ${obs.ecrireEffectif(effectif)}`;
    return ligne;
  }

  function compter() {
    const effectifs = new Map();
    for (let rang = 0; rang < etat.rang.size; rang++) {
      const classe = obs.lireClasse(etat, rang);
      effectifs.set(classe, (effectifs.get(classe) || 0) + 1);
    }
    return effectifs;
  }

  function listerEntrees() {
    const { dessin } = etat;
    const effectifs = compter();
    if (dessin.type === "symboles") return listerCercles();
    const libelles = dessin.type === "typologie" ? dessin.libelles : nommerClasses();
    return dessin.couleurs
      .map((couleur, classe) => ({
        style: { ...obs.styleDe("p", couleur), trame: dessin.type === "typologie" && classe === dessin.mixte ? "mixte" : null },
        libelle: libelles[classe],
        effectif: effectifs.get(classe) || 0,
      }))
      .filter(({ effectif }, classe) => effectif || dessin.type !== "typologie" || classe !== dessin.mixte);
  }

  function listerStatuts() {
    const effectifs = compter();
    return STATUTS.filter(([lettre]) => effectifs.get(lettre) || TOUJOURS.includes(lettre)).map(([lettre, libelle]) => ({
      style: obs.styleDe(lettre),
      libelle,
      effectif: effectifs.get(lettre) || 0,
    }));
  }

  // « 19,7 – 25 », « 25 – 30 »… tels que la page les a écrits ; sinon, de bout en bout de l'étendue montrée.
  function nommerClasses() {
    const { dessin, donnees, textes } = etat;
    if (textes.classes && textes.classes.length === dessin.couleurs.length) return textes.classes;
    let [bas, haut] = [Infinity, -Infinity];
    donnees.valeurs.forEach((v, rang) => {
      if (Number.isNaN(v) || donnees.statuts[rang] === "z" || donnees.statuts[rang] === "n") return;
      [bas, haut] = [Math.min(bas, v), Math.max(haut, v)];
    });
    if (bas > haut) return dessin.couleurs.map(() => "aucune valeur");
    const bornes = [bas, ...dessin.bornes, haut];
    let decimales = textes.decimales;
    const ecrire = (b) => obs.ecrireNombre(b, { decimales, unite: "", signe: textes.signe });
    while (decimales < DECIMALES_MAX && new Set(dessin.bornes.map(ecrire)).size < dessin.bornes.length) decimales++;
    const court = (b) => ecrire(b).replace(/,0+$/, "");
    return dessin.couleurs.map((_, i) => (bornes[i] < bornes[i + 1] ? `${court(bornes[i])} – ${court(bornes[i + 1])}` : court(bornes[i + 1])));
  }

  function listerCercles() {
    const { maximum, rayon } = etat.dessin;
    if (!(maximum > 0)) return [];
    const puissance = 10 ** Math.floor(Math.log10(maximum));
    const chiffre = [5, 2, 1].find((c) => c * puissance <= maximum);
    return RONDS[chiffre]
      .map((part) => part * puissance)
      .map((valeur) => ({
        rayon: rayon * Math.sqrt(valeur / maximum),
        libelle: obs.ecrireNombre(valeur, { ...etat.textes, decimales: valeur < 1 ? etat.textes.decimales : 0 }),
      }));
  }

  function listerLieux() {
    const types = new Map();
    etat.lieux.forEach(({ libelle, lettre, forme }) => types.set(libelle, { lettre, forme }));
    return [...types].map(([libelle, lieu]) => ({ lieu, libelle }));
  }

  // --- Dessins : par le moteur de la carte, pour être sûr qu'ils lui ressemblent

  function creerToile(largeur, hauteur) {
    const densite = window.devicePixelRatio || 1;
    const toile = L.DomUtil.create("canvas", "");
    [toile.width, toile.height] = [largeur * densite, hauteur * densite];
    toile.style.width = `${largeur}px`;
    toile.style.height = `${hauteur}px`;
    toile.setAttribute("aria-hidden", "true");
    const ctx = toile.getContext("2d");
    ctx.scale(densite, densite);
    return [toile, ctx];
  }

  function dessinerCase(style) {
    const [toile, ctx] = creerToile(28, 18);
    // Au bord : dans une case si petite, en retrait il la remplirait.
    if (style.cerne) style.cerne.retrait = 0;
    ctx.rect(0.5, 0.5, 27, 17);
    obs.remplir(ctx, { ...style, stroke: true, weight: 1, color: obs.TRAIT_COMMUNE, opacity: 1 });
    return toile;
  }

  function dessinerLieu({ lettre, forme }) {
    const [toile, ctx] = creerToile(28, 20);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    obs.dessinerLieu(ctx, { lettre, forme, creux: false, x: 14, y: 10, rayon: 6 });
    return toile;
  }

  function dessinerCercle(rayon) {
    const cote = Math.ceil(2 * rayon) + 2;
    const [toile, ctx] = creerToile(Math.max(cote, 28), cote);
    ctx.translate(Math.max(cote, 28) / 2, cote / 2);
    obs.dessinerCercle(ctx, 0, 0, rayon, etat.dessin, 1);
    return toile;
  }
})();
