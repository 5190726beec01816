"""Questions d'un portrait : par problématique, chaque besoin en face des ressources qui lui sont liées."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portrait.mesures import Dossier, build_mesure
from observatoire.analyse.portrait.modele import Ligne, Mesure, NonPublie, Question, Sujet
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, Nature, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE
from observatoire.modeles.sources import Precaution, Problematique

HORS_CHAMP = (Maille.COMMUNE_COM, Maille.COLLECTIVITE_OUTREMER)
"""Niveaux listés, mais hors du champ de tous les indicateurs."""
PORTRAIT = "portrait"
"""Problématique qui ne pose pas de question : elle situe le territoire, par ses seuls repères."""
_DEPARTEMENTS_NOMMES = 3


def build_questions(dossier: Dossier) -> tuple[Question, ...]:
    """Toutes les problématiques, dans l'ordre des menus ; celles sans aucun indicateur publié sont écartées."""
    problematiques = sorted(dossier.consultation.catalogue.problematiques.values(), key=lambda p: p.ordre)
    mesures: dict[str, Mesure] = {}
    questions = (_build_question(dossier, p, mesures) for p in problematiques)
    return tuple(q for q in questions if q.mesures or q.non_publies)


def align(besoins: Sequence[Mesure], ressources: Sequence[Mesure]) -> tuple[tuple[Ligne, ...], tuple[Mesure, ...]]:
    """Met chaque besoin en face de sa première ressource liée qui n'est pas encore placée.

    Les ressources liées qui restent rejoignent le premier besoin qui les appelle ; un besoin dont toutes
    les ressources sont placées les nomme ; les besoins sans lien viennent à la fin.

    Returns:
        Les lignes, et les ressources qu'aucun besoin n'appelle.
    """
    connues = {i: m for m in ressources for i in _ids(m)}
    lies = [(b, list(dict.fromkeys(connues[r].indicateur.id for r in _links(b) if r in connues))) for b in besoins]
    faces: dict[str, list[str]] = {b.indicateur.id: [] for b in besoins}
    placees: set[str] = set()
    for besoin, siennes in lies:
        libre = next((r for r in siennes if r not in placees), None)
        if libre:
            faces[besoin.indicateur.id].append(libre)
            placees.add(libre)
    for besoin, siennes in lies:
        restantes = [r for r in siennes if r not in placees]
        faces[besoin.indicateur.id] += restantes
        placees.update(restantes)
    lignes = [
        Ligne(
            besoin,
            tuple(connues[r] for r in faces[besoin.indicateur.id]),
            tuple(connues[r].indicateur for r in siennes if not faces[besoin.indicateur.id]),
        )
        for besoin, siennes in sorted(lies, key=lambda paire: not paire[1])
    ]
    return tuple(lignes), tuple(m for m in ressources if m.indicateur.id not in placees)


def merge_nombres(mesures: Sequence[Mesure]) -> list[Mesure]:
    """Met le nombre d'un sujet sur la ligne de sa part : même numérateur, compté une seule fois."""
    rapports = [m for m in mesures if m.indicateur.est_part or _is_equipement(m.indicateur)]
    # Une part est le premier rapport d'un nombre ; à défaut, un rapport à la population.
    rapports.sort(key=lambda m: not m.indicateur.est_part)
    places: dict[str, Mesure] = {}
    for nombre in (m for m in mesures if m.indicateur.type_mesure is TypeMesure.EFFECTIF):
        hote = next((r for r in rapports if _share_numerateur(r, nombre) and r.indicateur.id not in places), None)
        if hote:
            places[hote.indicateur.id] = nombre
    absorbes = {m.indicateur.id for m in places.values()}
    return [replace(m, nombre=places.get(m.indicateur.id)) for m in mesures if m.indicateur.id not in absorbes]


def _build_question(dossier: Dossier, problematique: Problematique, mesures: dict[str, Mesure]) -> Question:
    consultation, sujet = dossier.consultation, dossier.sujet
    tous = _list_indicateurs(consultation.catalogue, problematique.id)
    raisons = {i.id: _find_raison(consultation, sujet, i) for i in tous if i.id not in dossier.releve.lues}
    montres = [i for i in tous if not raisons.get(i.id)]
    for indicateur in montres:
        if indicateur.id not in mesures:
            mesures[indicateur.id] = build_mesure(dossier, indicateur)
    lues = merge_nombres([mesures[i.id] for i in montres])
    lignes, autres = align(
        [m for m in lues if m.indicateur.nature is Nature.BESOIN],
        [m for m in lues if m.indicateur.nature is Nature.RESSOURCE],
    )
    return Question(
        problematique.id,
        problematique.libelle,
        problematique.description,
        lignes,
        autres,
        tuple(m for m in lues if m.indicateur.nature not in {Nature.BESOIN, Nature.RESSOURCE}),
        tuple(NonPublie(i, raisons[i.id]) for i in tous if raisons.get(i.id)),
        tuple(_list_precautions(consultation.catalogue, montres)),
    )


def _list_indicateurs(catalogue: Catalogue, problematique: str) -> list[Indicateur]:
    """Indicateurs d'une problématique et ressources que ses besoins appellent, même rangées ailleurs."""
    siens = catalogue.by_problematique(problematique)
    if problematique == PORTRAIT:
        reperes = [i for i in siens if i.nature not in {Nature.BESOIN, Nature.RESSOURCE}]
        # Combien d'habitants, avant leurs parts et leur densité.
        return sorted(reperes, key=lambda i: i.type_mesure is not TypeMesure.EFFECTIF)
    connus = {i.id for i in siens}
    appelees = (r for i in siens if i.nature is Nature.BESOIN for r in i.ressources_liees)
    autres = [catalogue.indicateurs[r] for r in dict.fromkeys(appelees) if r not in connus]
    return siens + [i for i in autres if i.nature is Nature.RESSOURCE]


def _find_raison(consultation: Consultation, sujet: Sujet, indicateur: Indicateur) -> str:
    """Pourquoi un indicateur n'a aucune observation ici ; vide s'il devrait en avoir une."""
    niveaux = consultation.list_mailles(indicateur.id)
    source = consultation.catalogue.sources[indicateur.source]
    if not niveaux:
        return "absent de cette publication"
    if sujet.maille in HORS_CHAMP:
        return "la source s'arrête à la métropole et aux départements d'outre-mer"
    if source.departements and not set(sujet.departements) <= set(source.departements):
        return f"la source ne couvre que {_write_departements(consultation, source.departements)}"
    if sujet.maille not in niveaux:
        return f"niveau le plus fin publié{INSECABLE}: {niveaux[0].libelle} ({source.producteur}, {source.libelle})"
    return ""


def _write_departements(consultation: Consultation, codes: Sequence[str]) -> str:
    if len(codes) > _DEPARTEMENTS_NOMMES:
        return f"{len(codes)} départements"
    noms = consultation.territoires.departements().set_index("code").libelle
    return ", ".join(str(noms.get(c, c)) for c in codes)


def _list_precautions(catalogue: Catalogue, indicateurs: Iterable[Indicateur]) -> list[Precaution]:
    sources = catalogue.sources
    citees = dict.fromkeys(p for i in indicateurs for p in (*i.precautions, *sources[i.source].precautions))
    return [catalogue.precautions[p] for p in citees]


def _share_numerateur(rapport: Mesure, nombre: Mesure) -> bool:
    a, b = rapport.indicateur, nombre.indicateur
    return a.numerateur == b.numerateur and a.nature is b.nature and rapport.periode == nombre.periode


def _is_equipement(indicateur: Indicateur) -> bool:
    """Vrai pour « 7 lycées pour 1 000 jeunes » : le nombre y est celui des lieux, pas celui des habitants."""
    return indicateur.nature is Nature.RESSOURCE and indicateur.type_mesure is TypeMesure.RATIO


def _ids(mesure: Mesure) -> list[str]:
    return [mesure.indicateur.id, *([mesure.nombre.indicateur.id] if mesure.nombre else [])]


def _links(mesure: Mesure) -> tuple[str, ...]:
    """Ressources liées à un besoin, et à son nombre."""
    nombre = mesure.nombre.indicateur.ressources_liees if mesure.nombre else ()
    return (*mesure.indicateur.ressources_liees, *nombre)
