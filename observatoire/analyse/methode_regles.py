"""Règles d'un indicateur en toutes lettres : formule, agrégation, secret, seuil, dessin, classes.

Chaque phrase dit ce que le moteur fait vraiment ; elle vient de la fiche et des constantes du calcul.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.modeles.indicateurs import Agregation, Indicateur, MethodeClasses, Nature, Representation, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_unite

if TYPE_CHECKING:
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import RegleSecret

OUI_OU_NON = "oui ou non"
"""Unité d'une variable qui vaut 1 ou 0 : sa moyenne est une part."""
POPULATION = "population municipale"
_SENS = {
    -1: "Une valeur élevée signale une question à regarder ; elle ne juge personne.",
    0: "Sans jugement : une valeur élevée n'est ni bonne ni mauvaise.",
    1: "Une valeur élevée est plutôt favorable.",
}


def lower_initiale(texte: str) -> str:
    """Met un libellé au milieu d'une phrase, sans toucher à un sigle : « IRIS », mais « ménages fiscaux »."""
    return texte if texte[:2].isupper() else texte[:1].lower() + texte[1:]


def write_formule(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Formule en clair : « ménages à bas revenus ÷ ménages fiscaux × 100 »."""
    num = lower_initiale(catalogue.variable(indicateur.numerateur).libelle)
    match indicateur.type_mesure:
        case TypeMesure.EFFECTIF:
            return f"somme de{INSECABLE}: {num}{_write_facteur(indicateur)}"
        case TypeMesure.EVOLUTION:
            puissance = f"[({num}, dernière année ÷ {num}, première année) puissance (1 ÷ nombre d'années) − 1]"
            return f"{puissance}{INSECABLE}× 100"
        case TypeMesure.TYPOLOGIE:
            return f"catégorie lue dans la source{INSECABLE}: {num}"
        case TypeMesure.QUANTILE:
            return f"valeur reprise du producteur{INSECABLE}: {num}"
    return _write_rapport(catalogue, indicateur, num) + _write_facteur(indicateur)


def _write_rapport(catalogue: Catalogue, indicateur: Indicateur, num: str) -> str:
    if indicateur.denominateur is not None:
        return f"{num} ÷ {_write_denominateur(catalogue, indicateur.denominateur)}"
    poids = _write_poids(catalogue, indicateur)
    if not poids:
        return num
    if catalogue.variable(indicateur.numerateur).unite == OUI_OU_NON:
        return f"{poids} concernée ({num}) ÷ {poids} des territoires renseignés"
    return f"somme de ({num} × {poids}) ÷ somme de{INSECABLE}: {poids}"


def _write_facteur(indicateur: Indicateur) -> str:
    facteur = indicateur.multiplicateur
    if facteur == 1:
        return ""
    return f"{INSECABLE}× {format_nombre(facteur, 0 if float(facteur).is_integer() else 3)}"


def _write_denominateur(catalogue: Catalogue, variable: str) -> str:
    declaree = catalogue.variable(variable)
    libelle = lower_initiale(declaree.libelle)
    # Une superficie n'a pas de sens sans son unité ; des ménages se passent de « en ménages ».
    return f"{libelle} (en {declaree.unite})" if declaree.unite == "km²" else libelle


def _write_poids(catalogue: Catalogue, indicateur: Indicateur) -> str:
    return lower_initiale(catalogue.variable(indicateur.poids).libelle) if indicateur.poids else ""


def write_agregation(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Règle de passage d'un niveau à un niveau plus large."""
    source = catalogue.source_of(indicateur.numerateur)
    base = source.maille.libelle
    match indicateur.agregation_retenue:
        case Agregation.SOMME:
            return (
                f"Les nombres s'additionnent, depuis le niveau de la source ({base}). Un nombre n'est jamais "
                "extrapolé : s'il manque une partie du territoire, il est dit partiel."
            )
        case Agregation.RATIO_DES_SOMMES if indicateur.type_mesure is TypeMesure.EVOLUTION:
            return (
                "À chaque niveau, on additionne les effectifs de départ, puis ceux d'arrivée, et l'évolution se "
                "calcule sur ces sommes : jamais la moyenne des évolutions."
            )
        case Agregation.RATIO_DES_SOMMES:
            return (
                "À chaque niveau, on additionne ce qui est compté, on additionne ce à quoi on le rapporte, puis on "
                "divise : jamais la moyenne des taux. Seules comptent les parties où les deux sont connus."
            )
        case Agregation.MOYENNE_PONDEREE:
            poids = _write_poids(catalogue, indicateur) or POPULATION
            return (
                f"Moyenne pondérée : chaque territoire du niveau de la source ({base}) compte à proportion de "
                f"« {poids} »."
            )
        case Agregation.PARTS:
            poids = _write_poids(catalogue, indicateur) or POPULATION
            return (
                "Un territoire dont toutes les parties ont la même catégorie la porte. Sinon il est dit mixte, avec la "
                f"part de chaque catégorie ({poids}) ; jamais la plus peuplée à la place du tout."
            )
        case _:
            propres = (
                "chaque niveau montre la valeur que le producteur y publie lui-même. Un territoire dont le périmètre "
                "a changé depuis n'en a pas."
            )
            seules = f"seules les valeurs du niveau de la source ({base}) sont publiées."
            return f"Ne s'agrège pas : {propres if source.niveaux else seules}"


def write_secret(regle: RegleSecret) -> tuple[str, ...]:
    """Règle de secret : ce que fait l'observatoire, puis ce que dit le producteur."""
    if regle.mode == "C":
        debut = (
            "Effectifs exacts reçus par convention : l'observatoire masque lui-même ce qu'il faut, à tous les niveaux "
            "ensemble, et ne publie rien dont la protection ne soit prouvée."
        )
    else:
        debut = (
            "Données déjà protégées par leur producteur : une valeur masquée le reste, sans aucun chiffre ; "
            "l'observatoire n'en masque pas d'autre."
        )
    phrases = [debut, regle.reference]
    if regle.seuil:
        phrases.insert(1, f"Seuil du producteur{INSECABLE}: {format_nombre(regle.seuil)} unités.")
    if regle.arrondi:
        phrases.insert(1, f"Effectifs arrondis au multiple de {format_nombre(regle.arrondi)} par le producteur.")
    return tuple(phrases)


def write_seuil(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Seuil sous lequel une valeur est non significative ; vide si la fiche n'en déclare pas."""
    if indicateur.min_denominateur is None:
        return ""
    variable = indicateur.denominateur or indicateur.poids
    unite = catalogue.variable(variable).unite if variable else ""
    seuil = f"{format_nombre(indicateur.min_denominateur)} {unite}".strip()
    return f"Sous {seuil}, la valeur est non significative (n.s.) : dessinée à part, elle n'entre dans aucune classe."


def write_sens(indicateur: Indicateur) -> str:
    """Sens de lecture d'une valeur élevée."""
    return _SENS[indicateur.polarite]


def write_dessin(indicateur: Indicateur) -> str:
    """Façon de dessiner l'indicateur sur la carte, et de le découper en classes."""
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        noms = " ; ".join(m.libelle for m in indicateur.modalites)
        return f"Une couleur par catégorie, sans ordre{INSECABLE}: {noms}."
    if indicateur.representation_retenue is Representation.SYMBOLES:
        return (
            "Cercles de surface proportionnelle à la valeur : un nombre ne se dessine jamais en surfaces colorées, "
            "dont la couleur suivrait la taille des territoires."
        )
    return f"Surfaces colorées ({_RAMPES[indicateur.nature]}). {write_classes(indicateur)}"


_RAMPES = {
    Nature.BESOIN: "couleurs de terre, pour un besoin",
    Nature.RESSOURCE: "couleurs d'eau, pour une ressource",
    Nature.CONTEXTE: "couleurs d'ardoise, pour un contexte",
    Nature.ACCOMPAGNEMENT: "couleurs de mousse, pour un accompagnement",
}


def write_classes(indicateur: Indicateur) -> str:
    """Découpage de la légende en classes."""
    classes = indicateur.classes
    if classes.methode is MethodeClasses.FIXES and classes.bornes:
        limites = " ; ".join(_write_borne(b) for b in classes.bornes)
        return (
            f"{format_nombre(len(classes.bornes) + 1)} classes aux limites fixes, les mêmes partout et chaque année"
            f"{INSECABLE}: {limites}{_write_unite(indicateur)}."
        )
    nombre = format_nombre(classes.nombre)
    if classes.methode is MethodeClasses.FISHER_JENKS:
        return (
            f"{nombre} classes au plus, formées pour que les valeurs d'une même classe se ressemblent (Fisher-Jenks), "
            "sur les territoires de la carte affichée."
        )
    return (
        f"{nombre} classes au plus, d'à peu près autant de territoires chacune (quantiles), sur les territoires de la "
        "carte affichée : d'une carte à l'autre, les limites changent."
    )


def _write_borne(borne: float) -> str:
    return format_nombre(borne, 0 if float(borne).is_integer() else 1)


def _write_unite(indicateur: Indicateur) -> str:
    unite = format_unite(indicateur.unite, en_phrase=True)
    return f"{INSECABLE}{unite}" if unite else ""


def write_absence(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Ce que vaut un territoire absent du fichier : un vrai zéro, ou rien de connu."""
    source = catalogue.source_of(indicateur.numerateur)
    maille = Maille.COMMUNE if source.maille is Maille.RECTANGLE else source.maille
    feminin = maille in (Maille.COMMUNE, Maille.REGION)
    debut = f"Absente du fichier, une {maille.libelle}" if feminin else f"Absent du fichier, un {maille.libelle}"
    if source.zero_si_absent:
        return f"{debut} que la source couvre compte zéro."
    return f"{debut} est « non disponible », jamais à zéro."
