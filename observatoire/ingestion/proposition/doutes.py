"""Ce dont on n'est pas sûr, dit en phrases qu'une personne peut trancher."""

from __future__ import annotations

from dataclasses import replace

from observatoire.ingestion.proposition.modele import (
    NIVEAUX_NON_GERES,
    Certitude,
    SensMarque,
    TableProposee,
    TerritoireReconnu,
)

_PEU = 6


def explain_doutes(
    table: TableProposee, incertain: str, periode: list[str], *, combinaisons: int, uniques: bool
) -> TableProposee:
    """Ajoute à une table les phrases de doute.

    Args:
        table: table analysée.
        incertain: autre choix possible de la colonne de territoire.
        periode: doutes sur la période.
        combinaisons: combinaisons de modalités du fichier.
        uniques: faux si des lignes partagent territoire, période et modalités.
    """
    doutes: list[tuple[str, str]] = []
    if table.territoire is None:
        doutes.append(
            (
                "territoire",
                "aucune colonne de territoire n'est reconnue : ni code, ni nom d'un niveau connu.",
            )
        )
    else:
        doutes += [("territoire", phrase) for phrase in _explain_territoire(table.territoire)]
    if incertain:
        doutes.append(("territoire", incertain))
    doutes += [("periode", phrase) for phrase in periode]
    doutes += [("millesime", phrase) for phrase in _explain_millesime(table)]
    doutes += [("marques", phrase) for phrase in _explain_marques(table)]
    if table.vide == "secret":
        doutes.append(("vide", f"une cellule vide semble dire le secret : {table.raison_vide}"))
    elif any(c.vides for c in table.numeriques()):
        doutes.append(
            ("vide", "des cellules sont vides : absente, secrète ou zéro vrai ? La donnée absente est supposée.")
        )
    if table.totaux:
        quoi = ", ".join(f"« {t} » ({n})" for t, n in list(table.totaux.items())[:_PEU])
        doutes.append(("totaux", f"des lignes sont des totaux, à ne pas lire comme des territoires : {quoi}."))
    doutes += [("variables", phrase) for phrase in _explain_variables(table, combinaisons, uniques=uniques)]
    return replace(table, doutes=tuple(doutes))


def _explain_territoire(territoire: TerritoireReconnu) -> list[str]:
    colonnes = " et ".join(f"« {c} »" for c in territoire.colonnes)
    return [*_explain_niveau(territoire, colonnes), *_explain_lignes(territoire)]


def _explain_niveau(territoire: TerritoireReconnu, colonnes: str) -> list[str]:
    phrases = []
    if territoire.maille is None:
        nom = NIVEAUX_NON_GERES.get(territoire.niveau, territoire.niveau)
        phrases.append(
            f"niveau non géré ({nom}) : {colonnes} ne se rattache à aucun niveau publié ; "
            "livrez-le comme secteur, ou agrégez avant."
        )
    if territoire.niveau == "code_postal":
        phrases.append("des codes postaux seuls ne se joignent jamais à des communes : demandez le code de commune.")
    ecritures = {
        "nom": f"aucun code : {colonnes} ne porte que des noms. Validez la table de correspondance avant tout usage ; "
        "rien n'est rapproché à peu près.",
        "zeros_perdus": f"des zéros de tête sont perdus dans {colonnes} (un tableur) ; la lecture les rend.",
        "trois_caracteres": f"{colonnes} écrit le département sur trois caractères.",
        "trois_caracteres_impots": f"{colonnes} écrit le département sur trois caractères.",
        "reparti": f"le code est réparti sur {colonnes}.",
        "code_et_nom": f"{colonnes} porte le code et le nom ; chaque valeur lue est recopiée avec son code.",
    }
    if territoire.forme in ecritures:
        phrases.append(ecritures[territoire.forme])
    return phrases


def _explain_lignes(territoire: TerritoireReconnu) -> list[str]:
    phrases = []
    if territoire.plm == "les deux":
        phrases.append("Paris, Lyon ou Marseille figurent par commune ET par arrondissement : risque de double compte.")
    elif territoire.plm == "arrondissements" and territoire.niveau == "commune":
        phrases.append("Paris, Lyon et Marseille sont par arrondissement seulement ; leurs communes seront des sommes.")
    if territoire.sans_code:
        phrases.append(f"{territoire.sans_code} ligne(s) sans code : elles sont écartées avec leur masse.")
    if territoire.meles:
        quoi = ", ".join(f"{n} ({k})" for n, k in territoire.meles.items())
        phrases.append(f"d'autres niveaux sont mêlés dans la même colonne : {quoi} ligne(s).")
    if territoire.inconnus:
        quoi = ", ".join(f"« {t} » ({n})" for t, n in list(territoire.inconnus.items())[:_PEU])
        phrases.append(f"des codes sont inconnus du référentiel : {quoi}.")
    return phrases


def _explain_millesime(table: TableProposee) -> list[str]:
    millesime = table.millesime
    if millesime is None or millesime.sans_effet:
        return []
    if millesime.avant:
        return [f"codes d'avant {millesime.avant} : beaucoup n'existaient plus cette année-là."]
    if len(millesime.cogs) > 1:
        return [f"plusieurs années du code géographique expliquent aussi bien les codes : {', '.join(millesime.cogs)}."]
    if millesime.indice and millesime.indice not in millesime.cogs:
        return [f"le fichier dit « {millesime.indice} », les codes disent {millesime.retenu}."]
    return []


def _explain_marques(table: TableProposee) -> list[str]:
    phrases = []
    for marque in table.marques:
        if marque.sens is SensMarque.INCONNU:
            phrases.append(
                f"« {marque.texte} » ({marque.nombre}) figure parmi des nombres : qu'est-ce que cela veut dire ?"
            )
        elif marque.certitude is Certitude.A_VERIFIER:
            phrases.append(
                f"« {marque.texte} » ({marque.nombre}) est lu comme {marque.sens.value} : à confirmer dans la notice."
            )
    return phrases


def _explain_variables(table: TableProposee, combinaisons: int, *, uniques: bool) -> list[str]:
    phrases = []
    if table.dimensions:
        quoi = ", ".join(f"« {d} »" for d in table.dimensions)
        phrases.append(
            f"table en long : {quoi} distinguent les lignes d'un même territoire ; ne pas les sommer sans choisir."
        )
        if combinaisons > len(table.combinaisons):
            phrases.append(
                f"{combinaisons} combinaisons de modalités existent ; {len(table.combinaisons)} sont proposées."
            )
        totaux = [c for c in table.colonnes if c.nom in table.dimensions and c.total]
        if totaux:
            quoi = ", ".join(f"« {c.nom} » (« {c.total} »)" for c in totaux)
            phrases.append(f"totaux et détails sont mêlés : {quoi}.")
    elif not uniques:
        phrases.append(
            "plusieurs lignes partagent le même territoire et la même période, sans modalité qui les distingue."
        )
    if any(c.arrondi for c in table.numeriques()):
        pas = sorted({c.arrondi for c in table.numeriques() if c.arrondi})
        phrases.append(f"des nombres sont tous multiples de {', '.join(map(str, pas))} : arrondi du producteur ?")
    return phrases
