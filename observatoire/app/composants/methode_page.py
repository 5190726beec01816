"""Page Méthode assemblée : sommaire, fiche ouverte, liste des indicateurs, méthodes communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.analyse.methode import build_fiche_methode, list_groupes
from observatoire.analyse.partenariat import list_partenariat
from observatoire.app.composants.methode_fiche import render_fiche_methode
from observatoire.app.composants.methode_generale import render_generales
from observatoire.app.composants.methode_liens import Liens
from observatoire.app.composants.methode_liste import TOUTES, render_compte, render_filtres, render_groupe, render_titre
from observatoire.app.composants.methode_partenaires import ANCRE, TITRE, render_partenaires
from observatoire.app.composants.methode_sommaire import render_sommaire
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from observatoire.analyse.consultation import Consultation
    from observatoire.analyse.methode import GroupeMethode


def render_methode(
    consultation: Consultation, demande: Mapping[str, str], aujourdhui: date, departement: str = ""
) -> str:
    """Page entière.

    Args:
        consultation: publication ouverte.
        demande: paramètres de l'adresse (``indicateur, problematique, nature, cherche, fiches, publication``).
        aujourdhui: jour de lecture.
        departement: département de l'observatoire.

    Raises:
        AppelError: l'indicateur demandé n'existe pas.
    """
    catalogue = consultation.catalogue
    toutes = demande.get("fiches") == TOUTES
    liens = Liens(demande, departement)
    groupes = list_groupes(consultation, **liens.filtres)
    choisi = demande.get("indicateur", "")

    def render_une(identifiant: str, *, ouverte: bool) -> str:
        fiche = build_fiche_methode(consultation, identifiant, aujourdhui, departement)
        return render_fiche_methode(fiche, catalogue.glossaire, liens, ouverte=ouverte)

    def render_deplie(groupe: GroupeMethode) -> str:
        fiches = "".join(render_une(i.id, ouverte=False) for i in groupe.indicateurs)
        return f'<section aria-labelledby="p-{groupe.id}">{render_titre(groupe)}{fiches}</section>'

    liste = "".join(render_deplie(g) if toutes else render_groupe(g, liens) for g in groupes)
    nombre = len(catalogue.indicateurs)
    return (
        f'<div class="obs-methode" data-adresse="{liens.ici}">'
        f"{render_sommaire(catalogue, liens)}"
        '<div class="obs-methode-corps"><h1>Méthode</h1>'
        "<p class=obs-phrase>Comment chaque chiffre est fait, d’où il vient, et ce qu’il ne dit pas."
        f" {format_nombre(nombre)}{INSECABLE}indicateurs, tels qu’ils sont publiés.</p>"
        '<p class="obs-methode-sauts"><a href="#signes">Règles communes</a> <a href="#glossaire">Glossaire</a> '
        f'<a href="#{ANCRE}">{TITRE}</a> <a href="{liens.to_secret()}">Secret</a></p>'
        f"{render_une(choisi, ouverte=True) if choisi else ''}"
        '<section class="obs-methode-regle" aria-labelledby="indicateurs"><h2 id="indicateurs">Les indicateurs</h2>'
        f"{render_filtres(catalogue, demande)}{render_compte(groupes, liens, toutes=toutes)}"
        f'<div class="obs-methode-liste">{liste}</div></section>'
        f"{render_generales(catalogue.glossaire, consultation.publication.cog, liens)}"
        f"{render_partenaires(list_partenariat(consultation, aujourdhui))}</div></div>"
    )
