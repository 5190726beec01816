// Décodage du message de valeurs (observatoire/cartes/valeurs.py), classes et nombres en français.
(function () {
  "use strict";
  const obs = (window.observatoire = window.observatoire || {});

  // "315,,298" avec 1 décimale → [31.5, NaN, 29.8]
  function nombres(texte, decimales, combien) {
    const sortie = new Float64Array(combien).fill(NaN);
    if (!combien) return sortie;
    const echelle = 10 ** decimales;
    texte.split(",").forEach((t, i) => {
      if (t !== "") sortie[i] = Number(t) / echelle;
    });
    return sortie;
  }

  // "p3sd2" → ["p","p","p","s","d","d"]
  function statuts(texte) {
    const sortie = [];
    for (const [, lettre, fois] of texte.matchAll(/([a-z])(\d*)/g)) {
      for (let i = 0; i < (fois ? Number(fois) : 1); i++) sortie.push(lettre);
    }
    return sortie;
  }

  // "3,1,1" (écarts) → [3, 4, 5]
  function rangs(texte) {
    let rang = 0;
    return texte.split(",").map((ecart) => (rang += Number(ecart)));
  }

  obs.decoder = function (m) {
    const bornes = new Map();
    if (m.bi) {
      const concernes = rangs(m.bi);
      const inf = nombres(m.inf, m.d, concernes.length);
      const sup = nombres(m.sup, m.d, concernes.length);
      concernes.forEach((rang, i) => bornes.set(rang, [inf[i], sup[i]]));
    }
    // Les rares territoires que l'arrondi ferait changer de classe.
    const classes = new Map();
    if (m.ei) {
      const vraies = m.ec.split(",").map(Number);
      rangs(m.ei).forEach((rang, i) => classes.set(rang, vraies[i]));
    }
    return { valeurs: nombres(m.v, m.d, m.n), statuts: statuts(m.s), bornes, classes };
  };

  // Rang de classe : nombre de bornes internes dépassées.
  obs.classer = function (valeur, bornes, incluse) {
    let rang = 0;
    while (rang < bornes.length && (incluse === "superieure" ? valeur > bornes[rang] : valeur >= bornes[rang])) rang++;
    return rang;
  };

  // Ce que montre un territoire : le rang de sa classe, ou la lettre de son statut s'il n'en a pas.
  obs.lireClasse = function ({ dessin, donnees }, rang) {
    const lettre = donnees.statuts[rang];
    if (lettre === undefined || "sdnzh".includes(lettre)) return lettre ?? "d";
    const valeur = donnees.valeurs[rang];
    if (Number.isNaN(valeur)) return "d";
    if (dessin.type === "typologie") return valeur;
    if (dessin.type === "symboles") return 0;
    return donnees.classes.get(rang) ?? obs.classer(valeur, dessin.bornes, dessin.incluse);
  };

  // 2871155.4 → « 2 871 155,4 » (espaces fines insécables, vrai signe moins).
  obs.ecrireNombre = function (valeur, textes) {
    const d = textes.decimales;
    let ecrit = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: d, maximumFractionDigits: d })
      .format(Math.abs(valeur))
      .replace(/[\u00a0\u202f]/g, "\u202f");
    const nul = !/[1-9]/.test(ecrit);
    if (valeur < 0 && !nul) ecrit = "\u2212" + ecrit;
    else if (textes.signe && !nul) ecrit = "+" + ecrit;
    // En français, le pluriel commence à deux : « 1 mairie ».
    return ecrit + (Math.abs(valeur) < 2 ? textes.singulier ?? textes.unite : textes.unite);
  };

  obs.ecrireEffectif = (nombre) => obs.ecrireNombre(nombre, { decimales: 0, unite: "" });

  // Un territoire de plusieurs catégories : il n'a la couleur d'aucune.
  obs.estClasseMixte = ({ dessin }, classe) => Boolean(dessin) && dessin.type === "typologie" && classe === dessin.mixte;
  const estMixte = (etat, rang) => obs.estClasseMixte(etat, etat.donnees.valeurs[rang]);

  // Ce que dit l'info-bulle d'un territoire : [grande ligne, petites lignes].
  obs.lireValeur = function (etat, rang) {
    const { textes, dessin, donnees } = etat;
    const lettre = donnees.statuts[rang];
    const valeur = donnees.valeurs[rang];
    const mot = textes.statuts[lettre];
    const corrige = textes.corrections?.[rang];
    const bornes = donnees.bornes.get(rang);
    if (Number.isNaN(valeur)) {
      // Une valeur masquée n'a de bornes que celles que chacun déduit du publié.
      const deduit = lettre === "s" && bornes && `${majuscule(intervalle(bornes, textes))}\u00a0: ${textes.deduit}`;
      return ["", [mot && majuscule(mot), deduit, corrige].filter(Boolean)];
    }
    const grande = dessin.type === "typologie" ? dessin.libelles[valeur] || "" : obs.ecrireNombre(valeur, textes);
    const petites = [];
    if (estMixte(etat, rang) && dessin.parts[rang]) petites.push(dessin.parts[rang]);
    if (bornes) petites.push(intervalle(bornes, textes));
    if (mot) petites.push(majuscule(mot));
    if (corrige) petites.push(corrige);
    return [grande, petites];
  };

  function intervalle([inf, sup], textes) {
    const modele = Number.isNaN(sup) ? textes.minimum : Number.isNaN(inf) ? textes.maximum : textes.intervalle;
    // L'unité n'est écrite qu'une fois : « entre 28,1 et 34,9 % ».
    const sansUnite = { ...textes, unite: "", singulier: "" };
    return modele
      .replace("{inf}", obs.ecrireNombre(inf, Number.isNaN(sup) ? textes : sansUnite))
      .replace("{sup}", obs.ecrireNombre(sup, textes));
  }

  function majuscule(texte) {
    return texte.charAt(0).toUpperCase() + texte.slice(1);
  }
})();
