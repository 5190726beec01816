"""Lecteurs des pages : carte et sa charge utile, portrait, méthode, impression, bon à publier, Atelier."""

from __future__ import annotations

import datetime as dt
import io
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pandas as pd

from observatoire.analyse.etat_donnees import describe_donnees
from observatoire.analyse.portrait.releves import read_releve
from observatoire.analyse.series import build_courbe
from observatoire.app import cache
from observatoire.app.apercu_lien import write_balises
from observatoire.app.atelier import differences_html, historique_html
from observatoire.app.composants import portail
from observatoire.app.composants.courbe import render_courbe
from observatoire.app.composants.fiche import render_fiche
from observatoire.app.composants.mentions import render_mentions
from observatoire.app.composants.methode_page import render_methode
from observatoire.app.composants.tableau import Tri, order_lignes, render_tableau
from observatoire.app.composants.territoire_page import make_rendu, render_corps, render_entete
from observatoire.app.premiere_image import write_premiere
from observatoire.app.preparation import make_choix
from observatoire.app.vues_page import load_vues
from observatoire.cartes.couche import build_message
from observatoire.cartes.fond import name_fond
from observatoire.modeles.mailles import Maille
from observatoire.publication.differences import compute_differences
from observatoire.publication.historique import list_historique, list_livraisons, read_journal
from tests.secret.attaquant.sorties import FUITE, Lecture, Vue, get, parse_nombre, read_cellules, run

LETTRES = {"p": "publie", "a": "arrondi", "e": "estime", "r": "partiel", "n": "non_significatif",
           "d": "non_disponible", "h": "hors_champ", "s": "secret", "z": "publie"}  # fmt: skip


class Tableau(HTMLParser):
    """Cellules d'un tableau HTML, ligne par ligne, et tout le texte de la page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lignes: list[list[str]] = []
        self.textes: list[str] = []
        self._cellule: list[str] | None = None
        self._muet = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._muet += tag in {"style", "script"}
        if tag == "tr":
            self.lignes.append([])
        elif tag in {"td", "th"}:
            self._cellule = []
        self.textes += [v for nom, v in attrs if v and nom in {"title", "aria-label", "content", "alt", "data-copier"}]

    def handle_endtag(self, tag: str) -> None:
        self._muet -= tag in {"style", "script"}
        if tag in {"td", "th"} and self._cellule is not None and self.lignes:
            self.lignes[-1].append("".join(self._cellule).strip())
            self._cellule = None

    def handle_data(self, data: str) -> None:
        if self._cellule is not None:
            self._cellule.append(data)
        if not self._muet:
            self.textes.append(data)


def read_tableau(html: str, vue: Vue, entete: str = "") -> pd.DataFrame:
    """Faits d'un tableau de page : un nom de territoire, puis sa valeur, puis « n sur N » s'il y en a.

    Un nom porté par deux territoires est laissé de côté.
    """
    noms = _list_noms(vue)
    lignes = []
    for cellules in Tableau(html).lignes:
        if len(cellules) < 2 or cellules[0] not in noms:
            continue
        valeur, signe = _split_signe(cellules[1])
        intervalle = next((c for c in cellules[2:] if " – " in c), "")
        bornes = [parse_nombre(t) for t in intervalle.split(" – ")] if intervalle else [np.nan, np.nan]
        lignes.append((noms[cellules[0]], valeur, *bornes, "secret" if signe == "s" else ""))
    colonnes = ["code_territoire", "valeur", "borne_inf", "borne_sup", "statut"]
    return pd.DataFrame(lignes, columns=colonnes).assign(**vue.cle)


def _split_signe(texte: str) -> tuple[float, str]:
    nombre = re.match(r"[-\d\u202f\u00a0 ,]+", texte)
    valeur = parse_nombre(nombre.group()) if nombre else np.nan
    return valeur, texte[nombre.end() :].strip() if nombre else texte.strip()


def _list_noms(vue: Vue) -> dict[str, str]:
    territoires = vue.consultation.territoires.list_territoires(Maille(vue.maille), vue.departement)
    uniques = territoires.drop_duplicates("libelle", keep=False)
    return dict(zip(uniques.libelle, uniques.code, strict=True))


def read_message(message: dict, codes: tuple[str, ...], vue: Vue) -> pd.DataFrame:
    """Décode la charge utile de la carte, comme le navigateur."""
    codees = message["valeurs"]
    echelle = 10 ** codees["d"]
    valeurs = [float(t) / echelle if t else np.nan for t in codees["v"].split(",")]
    lettres = [s for s, n in re.findall(r"([a-z])(\d*)", codees["s"]) for _ in range(int(n or 1))]
    faits = pd.DataFrame({"code_territoire": codes, "valeur": valeurs, "statut": [LETTRES[x] for x in lettres]})
    for nom, cle in (("borne_inf", "inf"), ("borne_sup", "sup")):
        faits[nom] = np.nan
        if "bi" in codees:
            rangs = np.cumsum([int(t) for t in codees["bi"].split(",")])
            faits.loc[rangs, nom] = [float(t) / echelle if t else np.nan for t in codees[cle].split(",")]
    return faits.assign(**vue.cle)


def lire_page_carte(vue: Vue) -> Lecture:
    """Charge utile, légende, phrase, tableau trié de toutes les façons, fiche, courbe, première image."""
    consultation = vue.consultation
    etat = make_choix(consultation).resolve(vue.params | {"territoire": vue.territoire}, vue.departement)
    voulue = load_vues(consultation, etat).premiere
    assert (etat.indicateur, etat.maille, etat.periode) == (vue.indicateur, vue.maille, vue.periode)
    textes = [voulue.resume, voulue.legende, voulue.source_html]
    fiche = consultation.find_indicateur(vue.indicateur)
    noms = cache.get_ordre_noms(consultation, etat.maille, etat.departement)
    for tri in Tri:
        ordre = order_lignes(voulue.valeurs, noms, tri)
        page = render_tableau(voulue.valeurs, ordre, fiche, maille=Maille(vue.maille), legende="Essai")
        textes.append(page.html)
        textes += _check_ordre(
            voulue.valeurs.iloc[ordre], voulue.valeurs.iloc[order_lignes(voulue.valeurs, noms, Tri.NOM)]
        )
    textes.append(render_fiche(consultation, voulue, vue.territoire))
    releve = read_releve(consultation, Maille(vue.maille), vue.territoire).series(vue.indicateur)
    courbe = build_courbe(fiche, [("Essai", releve)])
    textes.append(render_courbe(courbe, "essai") if courbe else "")
    if not voulue.message:
        return Lecture(textes=textes)
    fond = cache.get_fonds(consultation)[name_fond(vue.maille, vue.departement)]
    message = build_message(**voulue.message)
    return Lecture(read_message(message, fond.codes, vue), textes, decimales=message["valeurs"]["d"])


def _check_ordre(triees: pd.DataFrame, par_nom: pd.DataFrame) -> list[str]:
    """Un tri par valeur ne doit rien dire des masquées : elles se suivent dans l'ordre des noms."""
    voulues, lues = (t.code_territoire[t.statut == "secret"].tolist() for t in (par_nom, triees))
    return [] if lues in (voulues, voulues[::-1]) else [f"{FUITE} : l'ordre du tableau range les cases masquées"]


def lire_impression(vue: Vue) -> Lecture:
    """Page à imprimer : tableau, légende, description."""
    html = get(vue, "/imprimer/carte").text
    # Une part faite de peu de personnes s'y écrit sans décimale.
    return Lecture(read_tableau(html, vue), [*Tableau(html).textes], decimales=0)


def lire_page_territoire(vue: Vue) -> Lecture:
    """Portrait entier d'un territoire."""
    portrait = cache.get_portrait(vue.consultation, vue.maille, vue.territoire, ("", ""))
    rendu = make_rendu(vue.consultation, portrait, vue.publication)
    return Lecture(textes=[render_entete(rendu, ""), *render_corps(rendu)])


def lire_page_methode(vue: Vue) -> Lecture:
    """Méthode générale, et celle de l'indicateur."""
    jour = dt.datetime.now(dt.UTC).date()
    demandes = ({}, {"indicateur": vue.indicateur}, {"page": "secret"})
    textes = [str(render_methode(vue.consultation, d, jour, vue.departement)) for d in demandes]
    return Lecture(textes=textes)


def lire_page_accueil(vue: Vue) -> Lecture:
    """Accueil et mentions."""
    donnees = describe_donnees(vue.consultation)
    sources = vue.consultation.catalogue.sources.values()
    glossaire = vue.consultation.catalogue.glossaire
    return Lecture(textes=[
        portail.render_donnees(donnees, glossaire), portail.render_sources(donnees),
        portail.render_problematiques(donnees, vue.departement, glossaire),
        render_mentions(cache.get_reglages(), sources, vue.publication),
    ])  # fmt: skip


def lire_apercu(vue: Vue) -> Lecture:
    """Annonce du lien d'une carte et d'un portrait."""
    adresses = (
        ("/carte", vue.params), ("/carte", vue.params | {"territoire": vue.territoire}),
        ("/territoire", {"territoire": f"{vue.maille}-{vue.territoire}"}), ("/methode", vue.params),
    )  # fmt: skip
    return Lecture(textes=[
        unescape(write_balises(vue.consultation, chemin, params, "https://exemple.fr/", "Essai"))
        for chemin, params in adresses
    ])  # fmt: skip


def lire_premiere(vue: Vue) -> Lecture:
    """Carte dessinée d'avance dans la page : titre, phrase, légende."""
    return Lecture(textes=Tableau(write_premiere("/carte", vue.params)).textes)


def lire_bon_html(vue: Vue) -> Lecture:
    """Bon à publier d'un brouillon, en page."""
    if not vue.brouillon:
        return Lecture()
    chemin = vue.dossier / "bon.html"
    run(vue, "livraison", "bon", vue.brouillon, "-o", str(chemin), "-d", vue.departement)
    return Lecture(textes=Tableau(chemin.read_text("utf-8")).textes)


def lire_bon_xlsx(vue: Vue) -> Lecture:
    """Bon à publier d'un brouillon, en classeur : aucune ligne masquée n'y a de nombre."""
    if not vue.brouillon:
        return Lecture()
    chemin = vue.dossier / "bon.xlsx"
    run(vue, "livraison", "bon", vue.brouillon, "-o", str(chemin), "-d", vue.departement)
    feuille = openpyxl.load_workbook(io.BytesIO(chemin.read_bytes()))["Valeurs"]
    entete, *lignes = feuille.iter_rows(values_only=True)
    table = pd.DataFrame(lignes, columns=entete)
    masquees = table[table.statut == "secret statistique"]
    fautes = [f"{FUITE} : {nom}" for nom in masquees.code[masquees[["valeur", "nombre", "sur"]].notna().any(axis=1)]]
    return Lecture(textes=[*fautes, *read_cellules(chemin.read_bytes())])


def lire_page_atelier(vue: Vue) -> Lecture:
    """Différences d'un brouillon, publications, dépôts, journal, tels que l'Atelier les écrit."""
    espace, catalogue = vue.espace, vue.consultation.catalogue
    textes = [
        historique_html.render_publications(list_historique(espace), peut_restaurer=True),
        historique_html.render_depots(list_livraisons(espace), catalogue.sources),
        historique_html.render_journal(read_journal(espace)),
    ]
    if vue.brouillon:
        differences = compute_differences(espace, vue.brouillon)
        textes += [
            differences_html.render_changements(differences, catalogue, vue.consultation),
            differences_html.render_cles(differences), differences_html.write_phrase(differences),
            differences_html.render_profils(differences, vue.consultation),
        ]  # fmt: skip
    return Lecture(textes=textes)
