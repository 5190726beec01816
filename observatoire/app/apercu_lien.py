"""Annonce d'un lien : titre, phrase et vignette que montre une messagerie quand on y colle une adresse.

Lire une valeur suffit à l'écrire ; rien n'est dessiné. Une adresse qui ne désigne rien s'annonce par le nom
de l'observatoire, jamais par une erreur.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.app import adresses
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.demandes import CarteDemandee

# Les bibliothèques lourdes sont importées dans les fonctions : la page d'accueil s'annonce sans elles.
ACCUEIL = (
    "Les besoins des habitants et les ressources des territoires, lus ensemble, sur la même carte, avec l'année et la "
    "source de chaque chiffre."
)
METHODE = "La définition, la formule, la source et les limites de chaque indicateur."
ANNONCE_MASQUE = (
    "Ce que l'observatoire masque pour protéger les personnes, avec un dessin, ce que cela coûte, la preuve."
)
LONGUEUR_MAX = 300
"""Une messagerie coupe au-delà."""
_LARGEUR, _HAUTEUR = "1200", "630"


@dataclass(frozen=True)
class Annonce:
    """Ce qu'on dit d'une adresse.

    Attributes:
        titre: sans le nom de l'observatoire.
        phrase: description.
        adresse: adresse durable, relative au service.
        image: vignette, relative au service ; vide s'il n'y en a pas.
    """

    titre: str = ""
    phrase: str = ACCUEIL
    adresse: str = ""
    image: str = ""


def write_balises(
    consultation: Consultation | None, chemin: str, params: Mapping[str, str], base: str, nom: str
) -> str:
    """Balises ``<title>``, ``description`` et ``og:`` d'une page.

    Args:
        consultation: publication lue ; ``None`` si rien n'est publié.
        chemin: ``/carte``, ``/territoire``, ``/methode`` ou ``/``.
        params: paramètres de l'adresse, tels que reçus.
        base: adresse publique du service (``hote.read_base``) ; vide, aucune adresse n'est écrite.
        nom: nom de l'observatoire.
    """
    annonce = Annonce()
    # Une adresse mal copiée doit ouvrir la page, qui dira ce qui ne va pas.
    with suppress(ObservatoireError, ValueError, LookupError, OSError):
        annonce = _find_annonce(consultation, chemin, params)
    return _render(annonce, base, nom)


def _find_annonce(consultation: Consultation | None, chemin: str, params: Mapping[str, str]) -> Annonce:
    page = chemin.strip("/")
    if page == "methode":
        return _announce_methode(consultation, params)
    if consultation is not None and page == "carte":
        return _announce_carte(params)
    if consultation is not None and page == "territoire":
        return _announce_territoire(consultation, params)
    return Annonce()


def _announce_carte(params: Mapping[str, str]) -> Annonce:
    from observatoire.analyse.portee import name_portee
    from observatoire.app.demandes import read_params
    from observatoire.modeles.nombres import format_periode

    carte = read_params(params)
    etat, consultation = carte.etat, carte.consultation
    montre = _resolve_montre(carte)
    nom = name_portee(consultation, etat.departement_seul)
    ou = f"{carte.maille.libelle_pluriel} {nom.du_territoire}"
    if etat.territoire:
        ou = consultation.territoires.libelle(carte.maille, etat.territoire)
    quand = format_periode(etat.periode)
    # L'adresse annoncée ne nomme la publication que si le lien collé la nommait.
    durables = {nom: v for nom, v in carte.params.items() if nom != "publication" or params.get("publication")}
    return Annonce(
        titre=f"{montre.libelle} · {quand}, {ou}",
        phrase=_write_phrase(carte) or f"{montre.libelle}, {quand} : {ou}.",
        adresse=f"carte?{urlencode(durables)}",
        image=f"{adresses.VIGNETTE[1:]}/carte.png?{urlencode(carte.params)}",
    )


def _resolve_montre(carte: CarteDemandee):  # noqa: ANN202 -- fiche d'indicateur
    from observatoire.cartes.mesures import resolve_mesure

    choisi = carte.consultation.find_indicateur(carte.etat.indicateur)
    return resolve_mesure(carte.consultation, choisi, carte.mesure, carte.maille, carte.etat.periode)


def _write_phrase(carte: CarteDemandee) -> str:
    """Phrase du territoire choisi, sinon celle du territoire couvert ; vide sans valeur publiée."""
    from observatoire.analyse.portee import find_couverte, name_portee
    from observatoire.analyse.resumes import write_resume
    from observatoire.cartes.mesures import read_references_mesure

    etat, consultation = carte.etat, carte.consultation
    choisi, montre = consultation.find_indicateur(etat.indicateur), _resolve_montre(carte)
    if etat.territoire:
        return _write_choisi(carte)
    references = read_references_mesure(consultation, choisi, montre, etat.periode, etat.departement_seul)
    couverte = find_couverte(references, etat.departement_seul)
    if couverte is None or not couverte.montrable:
        return ""
    nom = name_portee(consultation, etat.departement_seul)
    return write_resume(montre, etat.periode, nom, couverte, None, carte.maille)


def _write_choisi(carte: CarteDemandee) -> str:
    from observatoire.analyse.articles import name_territoire
    from observatoire.analyse.resumes import read_valeur_lue, write_lecture
    from observatoire.cartes.mesures import derive_nombre

    etat, consultation = carte.etat, carte.consultation
    choisi, montre = consultation.find_indicateur(etat.indicateur), _resolve_montre(carte)
    lignes = consultation.read_valeur(
        choisi if montre.id == choisi.id else montre, carte.maille, etat.periode, etat.territoire
    )
    if montre is not choisi and montre.id == choisi.id:
        lignes = derive_nombre(consultation, choisi, lignes)[1]
    # Une typologie peut avoir plusieurs lignes : la carte les dira mieux qu'une phrase.
    if len(lignes) != 1:
        return ""
    trouve = consultation.territoires.find(carte.maille, etat.territoire)
    nom = name_territoire(str(trouve.libelle), trouve.type_liaison, carte.maille)
    ligne = {str(c): v for c, v in lignes.iloc[0].items()}
    lue = read_valeur_lue(ligne, {m.code: m.libelle for m in montre.modalites})
    return write_lecture(montre, etat.periode, nom, lue)


def _announce_territoire(consultation: Consultation, params: Mapping[str, str]) -> Annonce:
    from observatoire.analyse.articles import name_territoire
    from observatoire.analyse.portrait.construction import POPULATION
    from observatoire.analyse.resumes import read_valeur_lue, write_lecture
    from observatoire.app.demandes import open_publication
    from observatoire.modeles.mailles import Maille

    voulue = params.get("publication", "")
    consultation = open_publication(voulue) if voulue else consultation
    niveau, _, code = params.get("territoire", "").partition("-")
    if niveau not in set(Maille) or code not in consultation.territoires.list_codes(Maille(niveau)):
        return Annonce()
    maille = Maille(niveau)
    trouve = consultation.territoires.find(maille, code)
    titre = str(trouve.libelle)
    if maille is Maille.COMMUNE and isinstance(trouve.code_departement, str):
        # Il y a six Saint-Denis : le département le dit.
        titre += f" ({consultation.territoires.libelle(Maille.DEPARTEMENT, trouve.code_departement)})"
    phrase = ""
    periodes = consultation.list_periodes(POPULATION, maille)
    if periodes:
        fiche = consultation.find_indicateur(POPULATION)
        lignes = consultation.read_valeur(fiche, maille, periodes[-1], code)
        nom = name_territoire(str(trouve.libelle), trouve.type_liaison, maille)
        for ligne in lignes.to_dict("records")[:1]:
            phrase = write_lecture(fiche, periodes[-1], nom, read_valeur_lue({str(c): v for c, v in ligne.items()}))
    suite = "Besoins et ressources, question par question."
    durable = {"territoire": f"{maille}-{code}"} | ({"publication": voulue} if voulue else {})
    return Annonce(titre, f"{phrase} {suite}".strip(), f"territoire?{urlencode(durable)}")


def _announce_methode(consultation: Consultation | None, params: Mapping[str, str]) -> Annonce:
    from observatoire.app.composants.methode_liens import SECRET, SECTION, TITRE_SECRET

    if params.get(SECTION) == SECRET:
        return Annonce(TITRE_SECRET, ANNONCE_MASQUE, f"methode?{urlencode({SECTION: SECRET})}")
    voulu = params.get("indicateur", "")
    fiche = consultation.catalogue.indicateurs.get(voulu) if consultation is not None else None
    if fiche is None:
        return Annonce("Méthode", METHODE, "methode")
    return Annonce(f"Méthode : {fiche.libelle}", fiche.definition, f"methode?{urlencode({'indicateur': fiche.id})}")


def _render(annonce: Annonce, base: str, nom: str) -> str:
    titre = annonce.titre or nom
    complet = f"{annonce.titre} — {nom}" if annonce.titre else nom
    phrase = _cut(annonce.phrase)
    proprietes = {"og:type": "website", "og:site_name": nom, "og:locale": "fr_FR", "og:title": titre}
    proprietes["og:description"] = phrase
    if base:
        proprietes["og:url"] = base + annonce.adresse
    if base and annonce.image:
        proprietes |= {
            "og:image": base + annonce.image,
            "og:image:type": "image/png",
            "og:image:width": _LARGEUR,
            "og:image:height": _HAUTEUR,
            "og:image:alt": phrase,
        }
    carte = "summary_large_image" if "og:image" in proprietes else "summary"
    return (
        f"<title>{escape(complet)}</title>"
        f'<meta name="description" content="{escape(phrase, quote=True)}">'
        + "".join(f'<meta property="{p}" content="{escape(v, quote=True)}">' for p, v in proprietes.items())
        + f'<meta name="twitter:card" content="{carte}">'
    )


def _cut(texte: str) -> str:
    """Texte coupé entre deux mots."""
    if len(texte) <= LONGUEUR_MAX:
        return texte
    return f"{texte[:LONGUEUR_MAX].rsplit(' ', 1)[0].rstrip(' ,;:.')} …"
