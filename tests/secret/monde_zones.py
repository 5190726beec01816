"""Un petit département protégé : communes, EPCI, cantons, effectifs exacts, et leur masque, gardés dans un socle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import RegleSecret, Source
from observatoire.registres.base import open_registres
from observatoire.secret.systeme import Etat
from observatoire.secret.zones import AccesZones, DemandeZone, request_zone
from observatoire.store.publications import Publication, save_publication
from observatoire.store.socle import write_protections

PERIODE = "2025"
SEUIL = 5
SYSTEME = f"caf/{PERIODE}"


def code_of(unite):
    """Code de la commune de rang ``unite``, compté de 1."""
    return f"{unite:05d}"


def build_fiche(identifiant="rsa", numerateur="foyers_rsa", **fiche):
    return Indicateur.model_validate(
        {
            "id": identifiant, "libelle": "Foyers au RSA", "libelle_court": "RSA", "unite": "foyers", "champ": "Tout",
            "definition": "Foyers bénéficiaires du RSA.", "problematiques": ["insertion"], "nature": "besoin",
            "type_mesure": "effectif", "numerateur": numerateur, "source": "caf", "mailles": ["commune", "epci"],
            "frequence": "annuelle", "polarite": 0, "secret": "convention",
            "lecture": "En {periode}, {valeur} {du_territoire}.",
        }
        | fiche
    )  # fmt: skip


def build_catalogue(variables=("foyers_rsa",), fiches=(), **declarations):
    source = Source.model_validate(
        {
            "id": "caf", "libelle": "Caisse d'essai", "producteur": "Essai", "licence": "convention",
            "rythme": "annuel", "maille": "commune", "colonne_code": "code",
            "variables": {v: {"libelle": v, "unite": "foyers"} | declarations.get(v, {}) for v in variables},
        }
    )  # fmt: skip
    regle = RegleSecret(id="convention", libelle="Convention", mode="C", seuil=SEUIL, reference="essai")
    indicateurs = {f.id: f for f in (fiches or (build_fiche(),))}
    return Catalogue(indicateurs, {"caf": source}, {}, {"convention": regle}, {})


def build_cases(valeurs, niveaux, cachees, *, variable="foyers_rsa", seuil=SEUIL, zeros_publies=True):
    """Cases d'une variable, et les communes de chacune : communes d'abord, puis les territoires."""
    codes = np.array([code_of(u) for u in range(1, len(valeurs) + 1)])
    membres = [("commune", c, [k]) for k, c in enumerate(codes)]
    membres += [(m, str(g), np.flatnonzero(groupe == g)) for m, groupe in niveaux.items() for g in np.unique(groupe)]
    table = pd.DataFrame([(m, c) for m, c, _rangs in membres], columns=["maille", "code_territoire"])
    table["unites"] = [[f"commune:{codes[k]}" for k in rangs] for _m, _c, rangs in membres]
    table["valeur"] = [float(valeurs[rangs].sum()) for _m, _c, rangs in membres]
    table["masquee"] = [(m, c) in cachees for m, c, _rangs in membres]
    primaire = table.masquee & (table.valeur > 0) & (table.valeur < seuil)
    bas = 1.0 if zeros_publies else 0.0
    return table.assign(
        systeme=SYSTEME, source="caf", variable=variable, periode=PERIODE, modalite="", seuil=seuil,
        variante=["+".join(u) for u in table.unites], unite=[u[0] if len(u) == 1 else "" for u in table.unites],
        motif=np.where(primaire, "A", np.where(table.masquee, "D", "V")),
        plafond=np.where(primaire, float(seuil), np.nan), borne_inf=np.nan, borne_sup=np.nan,
        plancher=np.where(primaire, np.maximum(bas, table.valeur - 1.0), np.nan), inf=np.minimum(bas, table.valeur),
        sup=np.inf, cout=np.log1p(table.valeur), entiere=table.valeur % 1 == 0,
        etat=np.where(primaire, Etat.SENSIBLE, Etat.LIBRE),
    )  # fmt: skip


def build_tables(*variables, liees=()):
    """Tables du socle : cases de plusieurs variables, relations entre niveaux, entre variables, compositions.

    ``liees`` : ``(total, parties)``, en chaque lieu ; une partie seule laisse un reste, jamais montré.
    """
    cases = pd.concat(variables, ignore_index=True)
    restes = []
    for total, parties in liees:
        if len(parties) == 1:
            tout, part = (cases[cases.variable == v].reset_index(drop=True) for v in (total, *parties))
            reste = tout.assign(
                variable=f"{total} - {parties[0]}", valeur=tout.valeur - part.valeur, maille="occulte", masquee=True,
                plafond=np.nan, plancher=np.nan, inf=0.0, etat=Etat.OCCULTE, lieu=tout.maille + tout.code_territoire,
            )  # fmt: skip
            restes.append(reste)
    cases = pd.concat([cases.assign(lieu=cases.maille + cases.code_territoire), *restes], ignore_index=True)
    cases = cases.assign(rang=np.arange(len(cases)))
    termes, relation = [], 0
    for _variable, siennes in cases[cases.maille != "occulte"].groupby("variable", sort=False):
        communes = siennes[siennes.maille == "commune"].set_index("unite").rang
        for ligne in siennes[siennes.maille != "commune"].itertuples():
            termes += [(relation, communes[u], 1.0) for u in ligne.unites] + [(relation, ligne.rang, -1.0)]
            relation += 1
    for total, parties in liees:
        noms = [*parties, *([f"{total} - {parties[0]}"] if len(parties) == 1 else [])]
        for _lieu, ici in cases[cases.variable.isin([total, *noms])].groupby("lieu"):
            rangs = ici.set_index("variable").rang
            termes += [(relation, rangs[n], 1.0) for n in noms] + [(relation, rangs[total], -1.0)]
            relation += 1
    relations = pd.DataFrame(termes, columns=["relation", "rang", "coefficient"]).assign(systeme=SYSTEME)
    cle = ["maille", "code_territoire", "variante"]
    compositions = cases[cases.maille != "occulte"].drop_duplicates(cle)[[*cle, "unites"]]
    return {"cases": cases.drop(columns=["unites", "lieu"]), "relations": relations, "compositions": compositions}


class MondeZones:
    """Espace de poche dont le socle garde des publications protégées."""

    def __init__(self, dossier, habitants, tables, catalogue=None):
        self.espace = Espace(dossier)
        self.registres = open_registres(self.espace)
        self.habitants = pd.Series(
            np.asarray(habitants, dtype=float), index=[code_of(u) for u in range(1, len(habitants) + 1)]
        )
        self.catalogue = catalogue or build_catalogue()
        self._acces = {}
        self.publier("p1", tables)

    def publier(self, publication, tables):
        write_protections(self.espace, publication, tables, {})
        save_publication(self.espace, Publication(publication, "2026-01-01T00:00:00+00:00", "2026", "", "x", ""))
        self.publication = publication

    def demander(self, unites, *, auteur="obs-01", indicateur="rsa"):
        """Demande une zone donnée par ses rangs, de 1 à n."""
        cle = (self.publication, id(self.catalogue))
        if cle not in self._acces:
            self._acces[cle] = AccesZones(self.espace, self.registres, self.catalogue, self.publication, self.habitants)
        fiche = self.catalogue.indicateurs[indicateur]
        codes = tuple(sorted({code_of(u) for u in unites}))
        return request_zone(self._acces[cle], DemandeZone(fiche, PERIODE, codes, auteur, "valideur"))


def draw_departement(graine, nombre=60, epci=6, cantons=4):
    """Effectifs, habitants et niveaux tirés au sort, et un masque qui tient ses promesses.

    Dans chaque EPCI où une commune est sous le seuil, d'autres sont masquées jusqu'à ce que ce que l'on sait de
    leur somme laisse la place au seuil ; un canton n'est publié que s'il ne touche aucune commune masquée.
    """
    hasard = np.random.default_rng(graine)
    habitants = np.round(hasard.lognormal(6.8, 1.0, nombre)) + 50
    valeurs = hasard.poisson(habitants * 0.012).astype(float)
    niveaux = {
        "epci": np.array([f"E{k}" for k in np.sort(hasard.integers(0, epci, nombre))]),
        "canton_ville": np.array([f"C{k}" for k in hasard.integers(0, cantons, nombre)]),
        "departement": np.repeat("01", nombre),
    }
    masquees = (valeurs > 0) & (valeurs < SEUIL)
    for groupe in np.unique(niveaux["epci"]):
        dedans = np.flatnonzero(niveaux["epci"] == groupe)
        candidates = [u for u in dedans[np.argsort(valeurs[dedans])] if valeurs[u] >= SEUIL]
        while masquees[dedans].any() and candidates and not _is_large(valeurs[dedans][masquees[dedans]]):
            masquees[candidates.pop(0)] = True
    cachees = {("commune", code_of(u + 1)) for u in np.flatnonzero(masquees)}
    cachees |= {("canton_ville", str(c)) for c in np.unique(niveaux["canton_ville"][masquees])}
    return valeurs, habitants, niveaux, cachees


def _is_large(valeurs):
    return len(valeurs) > 1 and valeurs.sum() - (len(valeurs) - 1) >= SEUIL
