"""Période mesurée : une colonne, ou une année écrite dans les noms, le titre, le fichier."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.modele import Certitude, PeriodeReconnue
from observatoire.ingestion.proposition.profil import Profil

_AN = r"(?:19|20)\d{2}"
_FORMES = (
    ("AAAA-MM-JJ", rf"^{_AN}-\d{{2}}-\d{{2}}([ T].*)?$"),
    ("JJ/MM/AAAA", rf"^\d{{2}}/\d{{2}}/{_AN}$"),
    ("AAAA-MM", rf"^{_AN}-(0[1-9]|1[0-2])$"),
    ("AAAA-Tn", rf"^{_AN}[- ][TQ][1-4]$"),
    ("AAAATn", rf"^{_AN}[TQ][1-4]$"),
    ("Tn AAAA", rf"^[TQ][1-4][- ]{_AN}$"),
    ("AAAAMM", rf"^{_AN}(0[1-9]|1[0-2])$"),
    ("AAAA-AAAA", rf"^{_AN}[-/]{_AN}$"),
    ("AAAA", rf"^{_AN}(\.0+)?$"),
    ("AA", r"^\d{2}$"),
)
_PAS = {
    "AAAA-MM-JJ": "mois",
    "JJ/MM/AAAA": "mois",
    "AAAA-MM": "mois",
    "AAAAMM": "mois",
    "AAAA-Tn": "trimestre",
    "AAAATn": "trimestre",
    "Tn AAAA": "trimestre",
}
_MAXIMUM = 400
_SECONDAIRE = re.compile(r"pop|log|mill|maj|verif|creation|ouverture|labellisation|naissance|effet|_eff|fermeture")
_GEOGRAPHIQUE = re.compile(
    r"g[ée]ographi|mise en ligne|r[ée]f[ée]rentiel|\bzones?\b|unit[ée]s? urbaine|\baires?\b"
    r"|\bbassins? de vie|\btranches?\b"
    r"|calcul[ée]|\bcog\b|©|@",
    re.IGNORECASE,
)
_ANNEE = re.compile(rf"(?<!\d)({_AN})(?!\d)")
_SUFFIXE = re.compile(r"^(?P<avant>[^\d].*?)(?P<an>(?:19|20)?\d{2})$")
_PREFIXE = re.compile(r"^(?P<avant>[A-Z]{1,2})(?P<an>\d{2})(?P<apres>_.+)$")
_SEUIL_COLONNES = 0.4
_PEU = 2


def find_periode(
    profils: list[Profil], *, titre: tuple[str, ...], feuille: str, fichier: str
) -> tuple[PeriodeReconnue | None, list[str]]:
    """Cherche la période mesurée.

    Args:
        profils: colonnes de la table.
        titre: textes au-dessus de l'en-tête.
        feuille: nom de la feuille.
        fichier: nom du fichier, sans extension.

    Returns:
        La période, et ce dont on doute.
    """
    doutes: list[str] = []
    colonnes = [(p, f) for p in profils if (f := _read_forme(p))]
    principale = _pick_colonne(colonnes)
    ailleurs = _find_ailleurs(profils, titre, feuille, fichier)
    if principale is not None:
        profil, forme = principale
        autres = [p.nom for p, _ in colonnes if p.rang != profil.rang]
        if autres:
            doutes.append(f"d'autres colonnes portent des dates ou des années : {_list(autres)}.")
        periodes = _read_periodes(profil, forme)
        if forme == "AAAA-AAAA":
            doutes.append("les périodes sont des années scolaires ou des intervalles : dites quelle année les désigne.")
        if _PAS.get(forme) == "mois":
            mois = {p[5:7] for p in periodes}
            if len(mois) == 1 and len(mois & {"12", "01"}) == 1:
                doutes.append("un seul mois par an est présent : c'est la mesure de ce mois, non de l'année.")
        certitude = Certitude.A_VERIFIER if forme == "AA" else Certitude.SUR
        return PeriodeReconnue(
            periodes, profil.nom, forme, _PAS.get(forme, "annee"), "colonne", certitude=certitude
        ), doutes
    if ailleurs is None:
        doutes.append("aucune période n'est écrite dans le fichier : dites laquelle au moment du dépôt.")
    elif ailleurs.certitude is not Certitude.SUR:
        doutes.append(
            f"la période ({', '.join(ailleurs.periodes[:6])}) n'a pas de colonne ; lue ici : {ailleurs.origine}."
        )
    return ailleurs, doutes


def _read_forme(profil: Profil) -> str:
    """Forme commune à toutes les valeurs d'une colonne, ou rien."""
    if not 0 < len(profil.valeurs) <= _MAXIMUM or profil.remplies < profil.lignes * 0.5:
        return ""
    nomme = speaks_of(profil.cle, "periode")
    for forme, motif in _FORMES:
        part = profil.share(profil.match(motif))
        if part < 0.98:  # noqa: PLR2004 -- quelques notes ou totaux à part
            continue
        # Deux chiffres, ou six : un effectif y ressemble ; le nom doit le confirmer.
        if forme in {"AA", "AAAAMM", "AAAA-MM-JJ", "JJ/MM/AAAA"} and not nomme:
            return ""
        if forme == "AAAA" and not nomme and (len(profil.valeurs) > 60 or not _is_suite(profil)):  # noqa: PLR2004
            return ""
        return forme
    return ""


def _is_suite(profil: Profil) -> bool:
    """Peu d'années différentes, proches les unes des autres, répétées sur beaucoup de lignes."""
    annees = np.array([int(t[:4]) for t in profil.textes if t[:4].isdigit()])
    return bool(len(annees) and annees.max() - annees.min() <= 60 and profil.remplies > _PEU * len(annees))  # noqa: PLR2004


def _pick_colonne(colonnes: list[tuple[Profil, str]]) -> tuple[Profil, str] | None:
    def rang(couple: tuple[Profil, str]) -> tuple[bool, bool, int]:
        profil, _ = couple
        return (_SECONDAIRE.search(profil.cle) is not None, not speaks_of(profil.cle, "periode"), profil.rang)

    choisie = min(colonnes, key=rang, default=None)
    if choisie is None or _SECONDAIRE.search(choisie[0].cle):
        return None
    return choisie


def _read_periodes(profil: Profil, forme: str) -> tuple[str, ...]:
    textes = profil.textes
    if forme == "AA":
        textes = [f"20{t}" if int(t) < 70 else f"19{t}" for t in textes if t.isdigit()]  # noqa: PLR2004
    elif forme == "AAAA":
        textes = [t[:4] for t in textes]
    elif forme == "AAAA-MM-JJ":
        textes = [t[:7] for t in textes]
    elif forme == "JJ/MM/AAAA":
        textes = [f"{t[6:10]}-{t[3:5]}" for t in textes]
    elif forme == "AAAAMM":
        textes = [f"{t[:4]}-{t[4:]}" for t in textes]
    elif forme == "Tn AAAA":
        textes = [f"{t[-4:]}-T{t[1]}" for t in textes]
    elif forme in {"AAAA-Tn", "AAAATn"}:
        textes = [f"{t[:4]}-T{t[-1]}" for t in textes]
    elif forme == "AAAA-AAAA":
        textes = [t[:4] for t in textes]
    motif = re.compile(rf"^{_AN}")
    return tuple(sorted({t for t in textes if motif.match(t)}))


def _find_ailleurs(profils: list[Profil], titre: tuple[str, ...], feuille: str, fichier: str) -> PeriodeReconnue | None:
    """Année dans les noms de colonnes, puis le titre, la feuille et le nom du fichier."""
    en_colonnes = [p for p in profils if re.fullmatch(rf"{_AN}(\.0+)?", p.nom)]
    if len(en_colonnes) >= _PEU:
        annees = tuple(sorted({p.nom[:4] for p in en_colonnes}))
        gabarits = {p.nom: "{aaaa}" for p in en_colonnes}
        return PeriodeReconnue(
            annees, origine="noms des colonnes", gabarits=gabarits, en_colonnes=True, certitude=Certitude.PROBABLE
        )
    suffixe = _find_suffixe(profils)
    if suffixe is not None:
        return suffixe
    # Le premier titre qui ne dit qu'une année : les suivants décrivent souvent les colonnes.
    par_titre = (_years([t]) for t in titre if not _GEOGRAPHIQUE.search(t))
    dans_titres: set[str] = next((annees for annees in par_titre if len(annees) == 1), set())
    dans_noms = _find_dans_noms(profils)
    dans_feuille, dans_fichier = _years([feuille]), _years([re.sub(r"[_\-.]", " ", fichier)])
    for trouvees, origine in (
        (dans_noms, "nom d'une colonne"),
        (dans_feuille, "nom de la feuille"),
        (dans_titres, "titre"),
        (dans_fichier, "nom du fichier"),
    ):
        if len(trouvees) == 1 or (trouvees and origine == "nom du fichier"):
            return PeriodeReconnue(tuple(sorted(trouvees)), origine=origine, certitude=Certitude.A_VERIFIER)
    return None


def _find_dans_noms(profils: list[Profil]) -> set[str]:
    """Années écrites dans les noms des colonnes de nombres, si c'est l'usage du fichier."""
    mesures = [p for p in profils if p.remplies and p.part_nombres > 0.3 and not p.a_zero_de_tete]  # noqa: PLR2004
    datees = [p.nom for p in mesures if _ANNEE.search(p.nom) and not _GEOGRAPHIQUE.search(p.nom)]
    return _years(datees) if len(datees) >= _SEUIL_COLONNES * len(mesures) else set()


def _years(textes: list[str]) -> set[str]:
    return {annee for texte in textes for annee in _ANNEE.findall(texte)}


def _find_suffixe(profils: list[Profil]) -> PeriodeReconnue | None:
    """Année sur deux ou quatre chiffres à la fin (« Q219 ») ou au début (« P16_POP ») de beaucoup de noms."""
    votes: Counter[str] = Counter()
    trouves: dict[str, dict[str, str]] = {}
    for profil in profils:
        for motif in (_PREFIXE, _SUFFIXE):
            lu = motif.match(profil.nom)
            if lu is None:
                continue
            chiffres = lu["an"]
            if motif is _SUFFIXE and len(chiffres) == 4 and lu["avant"][-1].isalnum():  # noqa: PLR2004
                # « S80S2019 » : le nom peut finir par « 20 », l'année est toujours les deux derniers chiffres.
                chiffres = chiffres[-2:]
            fin = profil.nom[len(lu["avant"]) + len(lu["an"]) :]
            debut = profil.nom[: len(profil.nom) - len(fin) - len(chiffres)]
            jeton = "{aaaa}" if len(chiffres) == 4 else "{aa}"  # noqa: PLR2004
            annee = chiffres if len(chiffres) == 4 else f"20{chiffres}"  # noqa: PLR2004
            votes[annee] += 1
            trouves.setdefault(annee, {})[profil.nom] = f"{debut}{jeton}{fin}"
            break
    if not votes:
        return None
    annee, nombre = votes.most_common(1)[0]
    mesures = sum(1 for p in profils if p.remplies and p.part_nombres > 0.5)  # noqa: PLR2004
    if nombre < max(3, _SEUIL_COLONNES * mesures) or not 1990 <= int(annee) <= 2049:  # noqa: PLR2004
        return None
    return PeriodeReconnue((annee,), origine="noms des colonnes", gabarits=trouves[annee], certitude=Certitude.PROBABLE)


def _list(noms: list[str]) -> str:
    return ", ".join(f"« {nom} »" for nom in noms[:5])
