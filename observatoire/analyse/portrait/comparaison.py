"""Comparaison d'une valeur à celle d'une référence, en mots neutres et justes.

« Non significatif » (trop peu de cas pour conclure) et « non différent de la référence » (un résultat)
sont deux choses : elles ont deux phrases.
"""

from __future__ import annotations

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.portrait.modele import Comparaison, Sens, TerritoireReference
from observatoire.analyse.resumes import ValeurLue, format_valeur_lue
from observatoire.catalogue.proches import normalise
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.nombres import INSECABLE, compute_decimales, format_ecart, format_periode, round_comme_ecrit
from observatoire.modeles.statuts import Statut

_VOYELLES = frozenset("aeiou")


def compare(
    indicateur: Indicateur, periode: str, lue: ValeurLue, reference: TerritoireReference, la: ValeurLue | None
) -> Comparaison | None:
    """Compare une valeur à celle d'une référence, de la même période.

    Args:
        indicateur: fiche.
        periode: période des deux valeurs.
        lue: valeur du territoire.
        reference: territoire auquel on compare.
        la: sa valeur ; ``None`` si elle n'est pas publiée.

    Returns:
        ``None`` pour une catégorie : elle ne se compare pas à celles d'un ensemble.
    """
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return None
    if indicateur.type_mesure is TypeMesure.EFFECTIF:
        # Un nombre ne se compare pas à celui d'un ensemble plus grand : il se lit à côté, sans phrase.
        return Comparaison(reference, la, Sens.SANS_OBJET, "")
    sens, phrase = _conclude(indicateur, periode, lue, reference.nom, la)
    return Comparaison(reference, la, sens, phrase)


def shorten_unite(unite: str) -> str:
    """Unité qui tient au nombre (« % », « € ») ; vide pour celle qui ne se dit qu'une fois."""
    return unite[:1] if unite.startswith(("%", "€")) else ""


def _conclude(
    indicateur: Indicateur, periode: str, lue: ValeurLue, nom: NomTerritoire, la: ValeurLue | None
) -> tuple[Sens, str]:
    sujet = nom.territoire[0].upper() + nom.territoire[1:]
    if la is None or not la.montrable:
        motif = Statut(la.statut).libelle if la is not None else f"pas de valeur publiée, {format_periode(periode)}"
        motif = f"{motif[0].lower()}{motif[1:]}"
        return Sens.SANS_VALEUR, f"{sujet}{INSECABLE}: {motif}." if lue.montrable else ""
    # La valeur du territoire, juste au-dessus, dit déjà l'unité longue : la redire deux fois noierait les nombres.
    valeur = format_valeur_lue(indicateur.model_copy(update={"unite": shorten_unite(indicateur.unite)}), la)
    valeur += ", estimé" if Statut(la.statut) is Statut.ESTIME else ""
    if not lue.montrable or Statut.NON_SIGNIFICATIF in {lue.statut, la.statut}:
        suite = " Trop peu de cas pour comparer." if lue.montrable else ""
        return Sens.SANS_CONCLUSION, f"{sujet}{INSECABLE}: {valeur}.{suite}"
    if _overlap(lue, la):
        return Sens.NON_DIFFERENT, f"Non différent {_of(nom)} ({valeur}), compte tenu de l'estimation."
    return _measure(indicateur, lue, nom, la, valeur)


def _measure(
    indicateur: Indicateur, lue: ValeurLue, nom: NomTerritoire, la: ValeurLue, valeur: str
) -> tuple[Sens, str]:
    """Plus, moins ou proche : l'écart est celui des nombres écrits, le lecteur le retrouve par une soustraction."""
    decimales = min(compute_decimales(indicateur.decimales, v.denominateur) for v in (lue, la))
    ici, ailleurs = (round_comme_ecrit(v.valeur or 0.0, decimales) for v in (lue, la))
    sous_l_arrondi = abs((lue.valeur or 0.0) - (la.valeur or 0.0)) < 0.5 * 10**-decimales
    if ici == ailleurs or sous_l_arrondi:
        return Sens.PROCHE, f"Proche {_of(nom)} ({valeur})."
    sens, mot = (Sens.PLUS, "Plus élevé") if ici > ailleurs else (Sens.MOINS, "Moins élevé")
    ecart = _write_ecart(indicateur, ici - ailleurs, decimales)
    return sens, f"{mot} {_than(nom)} ({valeur}){INSECABLE}: {ecart}."


def _write_ecart(indicateur: Indicateur, ecart: float, decimales: int) -> str:
    """Écart signé ; celui de pourcentages est en points."""
    if indicateur.unite.startswith("%"):
        return format_ecart(ecart, "%", decimales) + indicateur.unite[1:].rstrip(".")
    return format_ecart(ecart, shorten_unite(indicateur.unite), decimales)


def _overlap(lue: ValeurLue, la: ValeurLue) -> bool:
    """Vrai si l'intervalle d'estimation du territoire et celui de la référence se recoupent."""
    bornes = (lue.borne_inf, lue.borne_sup, la.borne_inf, la.borne_sup)
    if None in bornes or (lue.borne_inf == lue.borne_sup and la.borne_inf == la.borne_sup):
        return False
    bas, haut, la_bas, la_haut = (float(b or 0.0) for b in bornes)
    return bas <= la_haut and la_bas <= haut


def _than(nom: NomTerritoire) -> str:
    """« que la Gironde », « qu'Amiens »."""
    elide = normalise(nom.territoire)[:1] in _VOYELLES
    return f"qu'{nom.territoire}" if elide else f"que {nom.territoire}"


def _of(nom: NomTerritoire) -> str:
    """« de la France » : on est proche de la France, mais les communes sont « de France »."""
    return f"de {nom.territoire}" if nom.territoire.startswith(("la ", "l'")) else nom.du_territoire
