"""Classeur d'un modèle à remplir : une feuille de saisie protégée, une feuille d'explications, des métadonnées."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from observatoire.cartes.palettes import CARTE, ENCRE, ENCRE_SECONDE, FILET, PANNEAU
from observatoire.modeles.livraisons import COLONNE_RAPPEL
from observatoire.modeles.nombres import format_date, format_periode
from observatoire.modeles.sources import Vide
from observatoire.publication.modele_fichier import CODE, LIBRE, MESURE, RAPPEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from observatoire.modeles.sources import LectureDeclaree, Source
    from observatoire.publication.modele_fichier import ColonneModele, Modele

FEUILLE, AIDE, CACHEE = "A remplir", "Lire d'abord", "Metadonnees"
ENTETE_PAR_DEFAUT = 4
"""Ligne des noms de colonnes : au-dessus, le titre, la consigne et les libellés."""
_CONSIGNE = "Remplir les cases blanches ; ne changer ni les codes, ni les noms de colonnes, ni leur ordre."
TEXTE_MAX = 250
"""Un tableur coupe l'aide d'une cellule au-delà."""
_BLOQUANT, _BLOQUANT_FOND = "8F1D1D", "FCEBEA"
_LARGEURS = {CODE: 14, RAPPEL: 34}
_INTERDITS = str.maketrans("", "", "[]:*?/\\'")
_GRAS = Font(bold=True, color=ENCRE.lstrip("#"))
_SECONDE = Font(color=ENCRE_SECONDE.lstrip("#"))
_ENTETE = PatternFill("solid", fgColor=PANNEAU.lstrip("#"))
_SAISIE = PatternFill("solid", fgColor=CARTE.lstrip("#"))
_FILET = Border(*[Side("thin", color=FILET.lstrip("#"))] * 4)
_DEVERROUILLE = Protection(locked=False)


def write_modele(modele: Modele) -> bytes:
    """Octets du classeur."""
    classeur = Workbook()
    classeur.properties.title = f"Modèle à remplir : {modele.source.libelle}"
    classeur.properties.creator = "observatoire"
    feuille: Worksheet = classeur.active
    feuille.title = name_feuille(modele.source.lecture)
    _write_saisie(feuille, modele)
    _write_aide(classeur.create_sheet(AIDE), modele, feuille.title)
    _write_metadonnees(classeur.create_sheet(CACHEE), modele)
    flux = io.BytesIO()
    classeur.save(flux)
    return flux.getvalue()


def name_feuille(lecture: LectureDeclaree) -> str:
    """Nom de la feuille de saisie : celui que la source attend, sinon « A remplir »."""
    motif = lecture.feuille or lecture.membre
    return (motif.translate(_INTERDITS).strip() or FEUILLE)[:31]


def _write_saisie(feuille: Worksheet, modele: Modele) -> None:
    lecture = modele.source.lecture
    entete = lecture.ligne_entete or ENTETE_PAR_DEFAUT
    etages = lecture.etages_entete if lecture.ligne_entete else 1
    premiere = lecture.premiere_ligne or entete + 1
    derniere = premiere + len(modele.lignes) - 1
    _write_titres(feuille, modele, entete - etages)
    for rang, colonne in enumerate(modele.colonnes, start=1):
        _write_entete(feuille, modele, colonne, rang, entete, etages)
        lettre = get_column_letter(rang)
        feuille.column_dimensions[lettre].width = _LARGEURS.get(colonne.role, max(16, min(28, len(colonne.nom) + 4)))
        _write_cellules(feuille, modele, colonne, rang, premiere)
        if colonne.role == MESURE:
            _guard(feuille, modele.source, colonne, f"{lettre}{premiere}", f"{lettre}{premiere}:{lettre}{derniere}")
    figees = sum(c.role in (CODE, RAPPEL) for c in modele.colonnes)
    feuille.freeze_panes = f"{get_column_letter(figees + 1)}{premiere}"
    # Sans mot de passe : la protection évite une maladresse, elle n'enferme personne.
    feuille.protection.sheet = True
    for permis in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(feuille.protection, permis, False)


def _write_titres(feuille: Worksheet, modele: Modele, place: int) -> None:
    """Titre et consigne, dans les lignes libres au-dessus de l'en-tête."""
    quand = f", {format_periode(modele.periode)}" if modele.periode else ""
    fictif = "FICTIF · " if modele.source.fictif else ""
    textes = (
        f"{fictif}{modele.source.libelle}{quand}",
        f"{_CONSIGNE} La feuille « {AIDE} » explique chaque colonne.",
    )
    libres = place - 1 if place > 1 else place
    for rang, texte in enumerate(textes[: max(libres, 0)], start=1):
        cellule = feuille.cell(rang, 1, texte)
        cellule.font = _GRAS if rang == 1 else _SECONDE


def _write_entete(
    feuille: Worksheet, modele: Modele, colonne: ColonneModele, rang: int, entete: int, etages: int
) -> None:
    morceaux = [m.strip() for m in colonne.nom.split(" / ")] if etages > 1 else [colonne.nom]
    morceaux = [""] * (etages - len(morceaux)) + morceaux[:etages]
    for pas, texte in enumerate(morceaux):
        cellule = feuille.cell(entete - etages + 1 + pas, rang, texte or None)
        cellule.font, cellule.fill, cellule.border = _GRAS, _ENTETE, _FILET
        cellule.alignment = Alignment(vertical="center", wrap_text=True)
    feuille.cell(entete, rang).comment = Comment(describe_colonne(modele.source, colonne), "observatoire")
    libelle = entete - etages
    # Les mesures seules : une ligne qui nommerait toutes les colonnes passerait pour l'en-tête.
    if libelle >= 1 and colonne.role == MESURE:
        cellule = feuille.cell(libelle, rang, _write_libelle(colonne))
        cellule.font = _SECONDE
        cellule.alignment = Alignment(vertical="bottom", wrap_text=True)


def _write_libelle(colonne: ColonneModele) -> str:
    return f"{colonne.libelle} (en {colonne.unite})" if colonne.unite else colonne.libelle


def _write_cellules(feuille: Worksheet, modele: Modele, colonne: ColonneModele, rang: int, premiere: int) -> None:
    a_remplir = colonne.role in (MESURE, LIBRE)
    forme = "General" if colonne.role == MESURE and not colonne.en_texte else "@"
    for pas, texte in enumerate(modele.lignes[colonne.nom].tolist()):
        cellule = feuille.cell(premiere + pas, rang, None if a_remplir else texte or None)
        # Un code est un texte : « 01001 » ne perd pas son zéro.
        cellule.number_format = forme
        if a_remplir:
            cellule.protection, cellule.fill, cellule.border = _DEVERROUILLE, _SAISIE, _FILET
        else:
            cellule.fill = _ENTETE


def _guard(feuille: Worksheet, source: Source, colonne: ColonneModele, tete: str, plage: str) -> None:
    """Liste des marques permises, et rouge pour ce qui ne serait pas lu."""
    if colonne.en_texte and not colonne.choix:
        return
    permis = colonne.choix or list_marques(source)
    liste = _make_liste(permis, fermee=bool(colonne.choix))
    liste.allow_blank = liste.showInputMessage = True
    liste.promptTitle = colonne.nom[:32]
    liste.prompt = describe_colonne(source, colonne)[:TEXTE_MAX]
    liste.add(plage)
    feuille.add_data_validation(liste)
    regle = FormulaRule(
        formula=[f"AND(LEN({tete})>0,OR({','.join(_list_fautes(colonne, permis, tete))}))"],
        font=Font(bold=True, color=_BLOQUANT),
        fill=PatternFill("solid", bgColor=_BLOQUANT_FOND),
    )
    feuille.conditional_formatting.add(plage, regle)


def _make_liste(permis: tuple[str, ...], *, fermee: bool) -> DataValidation:
    """Ce qu'une case propose ; une liste ouverte n'arrête pas un nombre, et une marque s'y choisit."""
    ecrite = ",".join(permis)
    if not permis:
        nombre = DataValidation("decimal", operator="greaterThan", formula1="-1E+300", showErrorMessage=True)
        nombre.error, nombre.errorTitle = "Écrire un nombre, sans unité.", "Nombre attendu"
        return nombre
    if len(ecrite) > TEXTE_MAX or any("," in mot for mot in permis):
        # Un tableur refuse une liste plus longue ; l'aide de la case la dit, et le rouge signale le reste.
        return DataValidation()
    liste = DataValidation("list", formula1=f'"{ecrite}"', showErrorMessage=fermee)
    liste.error, liste.errorTitle = "Choisir un mot de la liste.", "Mot non prévu"
    return liste


def _list_fautes(colonne: ColonneModele, permis: tuple[str, ...], tete: str) -> Iterator[str]:
    """Formules vraies quand la case ne serait pas lue."""
    hors_liste = [f"{tete}<>{_quote(mot)}" for mot in permis]
    if colonne.choix:
        yield f"AND({','.join(hors_liste)})"
        return
    yield f"AND({','.join([f'ISNUMBER({tete})=FALSE', *hors_liste])})"
    if not colonne.negatif:
        yield f"AND(ISNUMBER({tete}),{tete}<0)"
    if colonne.maximum is not None:
        yield f"AND(ISNUMBER({tete}),{tete}>{colonne.maximum:g})"


def _quote(texte: str) -> str:
    return '"' + texte.replace('"', '""') + '"'


def list_marques(source: Source) -> tuple[str, ...]:
    """Marques que la source sait lire, dans une liste : sans virgule, qui les séparerait."""
    marques = (*source.marques_secret, *source.marques_absence, *source.marques_non_significatif)
    return tuple(dict.fromkeys(m for m in marques if m and "," not in m and '"' not in m))


def describe_colonne(source: Source, colonne: ColonneModele) -> str:
    """Ce qu'une colonne attend, en une ou deux phrases."""
    if colonne.role == RAPPEL:
        return f"{colonne.libelle}."
    if colonne.role == CODE:
        return "Code officiel du territoire, déjà rempli : ne pas le changer."
    if colonne.role != MESURE:
        return f"{colonne.libelle}."
    if colonne.en_texte:
        attendu = f"Choisir : {', '.join(colonne.choix)}." if colonne.choix else "Un mot."
    else:
        attendu = f"Un nombre, en {colonne.unite}."
    return " ".join(filter(None, (f"{colonne.libelle}.", attendu, _describe_marques(source))))


def _describe_marques(source: Source) -> str:
    dits = (
        ("secret", source.marques_secret[:1]),
        ("donnée absente", source.marques_absence[:1]),
        ("trop peu de cas", source.marques_non_significatif[:1]),
    )
    texte = ", ".join(f"« {marques[0]} » pour {sens}" for sens, marques in dits if marques)
    return f"Sinon {texte}." if texte else ""


def _write_aide(feuille: Worksheet, modele: Modele, saisie: str) -> None:
    feuille.column_dimensions["A"].width, feuille.column_dimensions["B"].width = 30, 100
    for rang, (titre, texte) in enumerate(_list_explications(modele, saisie), start=1):
        gauche, droite = feuille.cell(rang, 1, titre), feuille.cell(rang, 2, texte)
        gauche.font = _GRAS
        gauche.alignment = droite.alignment = Alignment(vertical="top", wrap_text=True)
    feuille.protection.sheet = True


def _list_explications(modele: Modele, saisie: str) -> Iterator[tuple[str, str]]:
    source, qui = modele.source, modele.observatoire or "l'observatoire"
    if source.fictif:
        yield "FICTIF", "Données fictives d'exercice : rien ici ne décrit un vrai territoire."
    yield (
        "Ce classeur",
        (
            f"{source.libelle}, demandé par {qui}. Remplir la feuille « {saisie} », "
            "enregistrer, renvoyer le fichier : il est relu sans retouche."
        ),
    )
    yield (
        "Période",
        format_periode(modele.periode) if modele.periode else "celle que vous direz en renvoyant le fichier",
    )
    yield "Modèle du", format_date(modele.jour)
    yield "Rythme attendu", source.rythme
    yield (
        "Territoires",
        (
            f"{len(modele.lignes)} lignes, {modele.maille.libelle_pluriel}, "
            f"codes officiels au 1er janvier {modele.cog}. "
            "Ne pas ajouter ni retirer de ligne : un territoire sans donnée garde sa ligne, avec sa marque."
        ),
    )
    for colonne in modele.colonnes:
        if colonne.nom != COLONNE_RAPPEL:
            yield colonne.nom, describe_colonne(source, colonne)
    yield from _list_regles_de_calcul(source)
    yield "Secret", _write_secret(source)
    for regle in modele.regles:
        yield "Règle appliquée", regle
    yield "Absence", _write_absence(source)
    yield "Zéro", "Un zéro veut dire : on a compté, et il n'y en a aucun. Une case vide n'est jamais un zéro."
    yield (
        "Jamais ici",
        "Ni nom, ni date de naissance, ni numéro de dossier : un fichier qui en porte est refusé entier.",
    )
    yield "À qui écrire", source.partenariat.contact or "au service d'observation qui vous envoie ce modèle"
    yield "Licence", source.licence


def _list_regles_de_calcul(source: Source) -> Iterator[tuple[str, str]]:
    """Ce que le contrôle vérifiera d'une colonne à l'autre."""
    libelles = {nom: v.libelle for nom, v in source.variables.items()}
    for variable in source.variables.values():
        for parties in variable.decoupages:
            yield "Vérifié", f"{variable.libelle} : somme de {', '.join(libelles[v] for v in parties)}."
        if variable.au_plus:
            yield "Vérifié", f"{variable.libelle} : au plus {libelles[variable.au_plus]}."


def _write_secret(source: Source) -> str:
    if source.marques_secret:
        return (
            f"Là où trop peu de personnes sont concernées, écrire « {source.marques_secret[0]} » à la place du nombre, "
            "selon votre règle : le nombre n'a pas à nous parvenir."
        )
    return "Aucune marque de secret n'est prévue pour cette source : demandez avant de masquer une valeur."


def _write_absence(source: Source) -> str:
    vides = {
        Vide.ABSENT: "une donnée absente",
        Vide.SECRET: "une valeur masquée",
        Vide.ZERO: "un zéro (cette source le déclare)",
    }
    vide = f"Une case vide dit {vides[source.vide]}."
    return f"Écrire « {source.marques_absence[0]} ». {vide}" if source.marques_absence else vide


def _write_metadonnees(feuille: Worksheet, modele: Modele) -> None:
    """De quoi reconnaître le modèle à son retour ; rien qui désigne une personne."""
    lignes = {
        "source": modele.source.id,
        "periode": modele.periode,
        "maille": str(modele.maille),
        "cog": modele.cog,
        "departement": modele.departement,
        "lignes": str(len(modele.lignes)),
        "modele_du": modele.jour.isoformat(),
        "fictif": "oui" if modele.source.fictif else "non",
    }
    for ligne in lignes.items():
        feuille.append(ligne)
    feuille.sheet_state = "hidden"
