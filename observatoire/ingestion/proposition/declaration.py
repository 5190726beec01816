"""Ébauche de la déclaration d'une source, en YAML commenté que la personne corrige."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from observatoire.ingestion.proposition.ecriture_yaml import write_commentaire, write_liste, write_table, write_texte
from observatoire.ingestion.proposition.modele import (
    NIVEAUX_NON_GERES,
    Proposition,
    SensMarque,
    TableProposee,
    TerritoireReconnu,
)
from observatoire.ingestion.proposition.producteurs import guess_producteur
from observatoire.ingestion.proposition.variables import VariableProposee, propose_variables
from observatoire.modeles.mailles import Maille

_A_COMPLETER = "À compléter"
_ENCODAGES = {"utf-8-sig": "utf-8", "utf-8": "utf-8", "cp1252": "cp1252", "latin-1": "latin-1"}
_CLASSEURS = ("xlsx", "xls", "ods", "gpkg")
_PERIODES_MAXIMUM = 12
_ANNEES_IGNOREES = ("19[0-9][0-9]", "20[0-9][0-9]")
_AN = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def render_declaration(proposition: Proposition) -> str:
    """Écrit l'ébauche de ``_sources/<identifiant>.yaml``.

    Args:
        proposition: ce qui est reconnu dans un fichier.

    Returns:
        Le YAML, conforme au modèle de source ; vide si le fichier est refusé.
    """
    table = proposition.principale
    if table is None:
        return ""
    lignes = [
        "# yaml-language-server: $schema=../_schema/source.schema.json",
        *write_commentaire(f"Ébauche tirée de « {proposition.fichier} »."),
        *write_commentaire("Relisez chaque ligne, retirez les commentaires traités, puis « observatoire verifier »."),
    ]
    for phrase in _general(proposition, table):
        lignes += write_commentaire(phrase, verifier=True)
    lignes += [*_identity(proposition, table), *_territory(table), *_reading(proposition, table)]
    lignes += [*_vintage(table), *_period(table), *_filters(table), *_marks(proposition, table)]
    variables = propose_variables(table, proposition.identifiant)
    lignes += [*_ignored(table, variables), *_render_variables(table, variables)]
    lignes += _render_ressource(proposition, table)
    return "\n".join(lignes) + "\n"


def _general(proposition: Proposition, table: TableProposee) -> Iterator[str]:
    dits = {phrase for _, phrase in table.doutes}
    yield from (phrase for phrase in proposition.doutes if phrase not in dits)
    for anomalie in proposition.anomalies:
        yield anomalie.message


def _identity(proposition: Proposition, table: TableProposee) -> Iterator[str]:
    titre = next((t for t in table.titre if len(t) > 12), "")  # noqa: PLR2004 -- un mot seul n'est pas un titre
    libelle = re.sub(r"\s+", " ", titre).strip()[:120] or proposition.identifiant.replace("_", " ").capitalize()
    yield from write_commentaire("le nom de la source, tel qu'affiché sous une carte.", verifier=True)
    yield f"libelle: {write_texte(libelle if len(libelle) > 2 else _A_COMPLETER)}"  # noqa: PLR2004
    producteur = guess_producteur((*table.titre, proposition.fichier))
    if not producteur:
        yield from write_commentaire("l'organisme qui produit la donnée.", verifier=True)
    yield f"producteur: {write_texte(producteur or _A_COMPLETER)}"
    yield from write_commentaire("la licence, ou la convention, et le rythme de parution.", verifier=True)
    yield f"licence: {write_texte(_A_COMPLETER)}"
    yield f"rythme: {write_texte(_A_COMPLETER)}"


def _territory(table: TableProposee) -> Iterator[str]:
    for phrase in table.doutes_sur("territoire"):
        yield from write_commentaire(phrase, verifier=True)
    territoire = table.territoire
    if territoire is None:
        yield f"maille: {Maille.COMMUNE.value}"
        yield f"colonne_code: {write_texte(_A_COMPLETER)}"
        return
    maille = territoire.maille or Maille.SECTEUR
    gere = "" if territoire.maille else f"  # {NIVEAUX_NON_GERES.get(territoire.niveau, territoire.niveau)}"
    yield f"maille: {maille.value}{gere}"
    yield f"colonne_code: {write_texte(territoire.colonnes[-1])}"
    if territoire.parties:
        yield "code_parties:"
        for partie in territoire.parties:
            morceaux: dict[str, str | int] = {"colonne": partie.colonne}
            morceaux |= {"debut": partie.debut} if partie.debut else {}
            morceaux |= {"fin": partie.fin} if partie.fin is not None else {}
            morceaux |= {"largeur": partie.largeur} if partie.largeur else {}
            yield f"  - {write_table(morceaux)}"
    yield from _codes(table, territoire)
    if territoire.niveaux:
        yield from write_commentaire("Niveaux publiés par le producteur lui-même, lus par la même colonne.")
        yield "niveaux:"
        for autre, filtres in territoire.niveaux.items():
            suite = ", codes_ignores: {FM: France métropolitaine}" if autre is Maille.FRANCE else ""
            yield f"  - {{maille: {autre.value}, filtres: {write_table(filtres)}{suite}}}"


def _codes(table: TableProposee, territoire: TerritoireReconnu) -> Iterator[str]:
    """Champ, codes recopiés ou corrigés, lignes écartées."""
    if territoire.departements:
        yield from write_commentaire("Champ tiré des codes présents ; retirez la ligne si la source couvre plus large.")
        yield f"departements: {write_liste(territoire.departements)}"
    if territoire.noms:
        yield "codes_corriges:"
        yield from (f"  {write_texte(lu)}: {write_texte(code)}" for lu, code in territoire.noms.items())
    elif territoire.corriges:
        yield f"codes_corriges: {write_table(territoire.corriges)}"
    ignores = dict.fromkeys(table.totaux, "ligne de total") | (
        {"(vide)": "ligne sans code"} if territoire.sans_code else {}
    )
    if ignores:
        for phrase in table.doutes_sur("totaux"):
            yield from write_commentaire(phrase, verifier=True)
        yield "codes_ignores:"
        yield from (f"  {write_texte(lu)}: {raison}" for lu, raison in ignores.items())
    if territoire.inconnus:
        yield from write_commentaire("Chaque code inconnu se corrige (codes_corriges) ou s'écarte en disant pourquoi :")
        yield from (f"#   {write_texte(lu)}: raison à dire" for lu in territoire.inconnus)


def _reading(proposition: Proposition, table: TableProposee) -> Iterator[str]:
    lecture: dict[str, str | int] = {}
    if proposition.encodage and proposition.format in {"csv", "zip"}:
        lecture["encodage"] = _ENCODAGES.get(proposition.encodage, "")
        lecture["separateur"] = proposition.separateur
    membre, _, feuille = table.nom.rpartition(" › ")
    if proposition.format == "zip":
        membre = membre or feuille
        feuille = feuille if " › " in table.nom else ""
        lecture["membre"] = _generalise(membre)
    if proposition.format in _CLASSEURS or (proposition.format == "zip" and feuille):
        lecture["feuille"] = _generalise(feuille)
    if table.lignes_entete and table.lignes_entete[-1] > 1:
        lecture["ligne_entete"] = table.lignes_entete[-1]
    if len(table.lignes_entete) > 1:
        lecture["etages_entete"] = len(table.lignes_entete)
    lecture = {k: v for k, v in lecture.items() if v}
    if lecture:
        yield f"lecture: {write_table(lecture)}"


def _generalise(nom: str) -> str:
    """Remplace l'année par « * » : la feuille ou le membre de l'an prochain se lira aussi."""
    general = _AN.sub("*", nom.strip())
    # Une feuille nommée « 2020 » : « * » les désignerait toutes.
    return general if general.strip("* ") else nom.strip()


def _vintage(table: TableProposee) -> Iterator[str]:
    for phrase in table.doutes_sur("millesime"):
        yield from write_commentaire(phrase, verifier=True)
    millesime, periode = table.millesime, table.periode
    if millesime is None or millesime.sans_effet or not millesime.retenu:
        return
    periodes = periode.periodes[:_PERIODES_MAXIMUM] if periode else ()
    if not periodes:
        yield from write_commentaire(f"Codes du code officiel géographique {millesime.retenu} ; à dire par période :")
        yield from write_commentaire(f'millesimes: {{"AAAA": {{cog: "{millesime.retenu}"}}}}')
        return
    yield "millesimes:"
    for valeur in periodes:
        yield f'  {write_texte(valeur)}: {{cog: "{millesime.retenu}"}}'


def _period(table: TableProposee) -> Iterator[str]:
    for phrase in table.doutes_sur("periode"):
        yield from write_commentaire(phrase, verifier=True)
    periode = table.periode
    if periode is None:
        return
    if periode.colonne:
        if len(periode.periodes) == 1:
            yield from write_commentaire(f"Le fichier ne contient que {periode.periodes[0]}.")
        yield f"periode: {write_table({'colonne': periode.colonne, 'forme': periode.forme, 'pas': periode.pas})}"
    elif periode.periodes:
        yield from write_commentaire(
            f"Période lue ({periode.origine}) : {', '.join(periode.periodes[:_PERIODES_MAXIMUM])}."
        )


def _ignored(table: TableProposee, variables: tuple[VariableProposee, ...]) -> Iterator[str]:
    """Colonnes qu'aucune ligne de l'ébauche ne lit : une colonne nouvelle arrêtera ainsi la livraison."""
    lues = {v.lue for v in variables} | {cle for v in variables for cle in v.ou} | set(table.filtres)
    lues |= set(table.territoire.colonnes) if table.territoire else set()
    lues |= {table.periode.colonne} if table.periode else set()
    if has_ressource(table) and table.lieux is not None:
        lues |= set(dataclasses.astuple(table.lieux))
    restantes = [c.nom for c in table.colonnes if c.nom not in lues]
    if table.periode is not None and table.periode.en_colonnes:
        gabarits = table.periode.gabarits
        restantes = [*(r for r in restantes if r not in gabarits), *_ANNEES_IGNOREES]
    if restantes:
        yield from write_commentaire("Colonnes présentes qui ne sont pas lues : des libellés, des niveaux plus larges…")
        noms = (r if r in _ANNEES_IGNOREES else r.replace("[", "[[]") for r in restantes)
        yield f"colonnes_ignorees: {write_liste(noms)}"


def has_ressource(table: TableProposee) -> bool:
    """Dit si la table est celle de lieux rattachés à des communes.

    Args:
        table: table analysée.
    """
    territoire = table.territoire
    return table.lieux is not None and territoire is not None and territoire.maille is Maille.COMMUNE


def _filters(table: TableProposee) -> Iterator[str]:
    if table.filtres:
        yield f"filtres: {write_table(table.filtres)}"


def _marks(proposition: Proposition, table: TableProposee) -> Iterator[str]:
    par_sens: dict[SensMarque, list[str]] = {}
    for marque in proposition.marques:
        par_sens.setdefault(marque.sens, []).append(marque.texte)
    for phrase in table.doutes_sur("marques"):
        yield from write_commentaire(phrase, verifier=True)
    for sens, cle in (
        (SensMarque.SECRET, "marques_secret"),
        (SensMarque.ABSENCE, "marques_absence"),
        (SensMarque.NON_SIGNIFICATIF, "marques_non_significatif"),
    ):
        if sens in par_sens:
            yield f"{cle}: {write_liste(par_sens[sens])}"
    for phrase in table.doutes_sur("vide"):
        yield from write_commentaire(phrase, verifier=True)
    if any(c.vides for c in table.numeriques()):
        yield f"vide: {table.vide}"


def _render_variables(table: TableProposee, variables: tuple[VariableProposee, ...]) -> list[str]:
    lignes = []
    for phrase in table.doutes_sur("variables"):
        lignes += write_commentaire(phrase, verifier=True)
    lignes.append("variables:")
    for variable in variables:
        if not variable.identifiant:
            continue
        lignes += _render_variable(variable)
    return lignes


def _render_variable(variable: VariableProposee) -> list[str]:
    lignes = [f"  {variable.identifiant}:", f"    libelle: {write_texte(variable.libelle)}"]
    for phrase in variable.doutes:
        lignes += write_commentaire(phrase, 4, verifier=True)
    lignes.append(f"    unite: {write_texte(variable.unite)}")
    if variable.colonne:
        lignes.append(f"    colonne: {write_texte(variable.colonne)}")
    if variable.agregat:
        lignes.append(f"    agregat: {variable.agregat}")
    if not variable.additive:
        lignes.append("    additive: false")
    if variable.arrondi:
        lignes.append(f"    arrondi: {variable.arrondi}")
    if variable.negatif:
        lignes.append("    negatif: true")
    if variable.ou:
        lignes.append(f"    ou: {write_table({k: (v,) for k, v in variable.ou.items()})}")
    return lignes


def _render_ressource(proposition: Proposition, table: TableProposee) -> list[str]:
    lieux, territoire = table.lieux, table.territoire
    if lieux is None or territoire is None or not has_ressource(table):
        return []
    nom = proposition.identifiant
    lignes = [
        *write_commentaire(
            "chaque ligne est un lieu : dites ce qu'il est, et les problématiques qu'il sert.", verifier=True
        )
    ]
    lignes += [
        "ressource:",
        f"  type: {nom}",
        "  libelle: lieu",
        "  libelle_pluriel: lieux",
        f"  lettre: {nom[0].upper()}",
    ]
    lignes.append("  problematiques: [insertion_pauvrete]")
    if not lieux.colonne_id:
        lignes += write_commentaire(
            "aucune colonne d'identifiant unique n'est reconnue ; le nom en tient lieu.", 2, verifier=True
        )
    for cle, colonne in (
        ("colonne_id", lieux.colonne_id or lieux.colonne_nom),
        ("colonne_nom", lieux.colonne_nom),
        ("colonne_code_commune", territoire.colonnes[-1]),
        ("colonne_adresse", lieux.colonne_adresse),
        ("colonne_longitude", lieux.colonne_longitude),
        ("colonne_latitude", lieux.colonne_latitude),
        ("colonne_position", "" if lieux.colonne_longitude else lieux.colonne_position),
    ):
        if colonne:
            lignes.append(f"  {cle}: {write_texte(colonne)}")
    return lignes
