"""Ouvrir un fichier déposé : trouver sa table, et refuser ce qui décrit des personnes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from observatoire.ingestion.colonnes import Plan, guess_periode, make_plan
from observatoire.ingestion.demande import Demande
from observatoire.ingestion.grands import is_grand, reduce_grand
from observatoire.ingestion.lecteurs import choose_table, find_forme, name_table, read_apercu, read_fichier
from observatoire.ingestion.quarantaine import MotifQuarantaine, inspect_table
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.livraisons import Confidentialite
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.modeles.tables import FormeTable, Lecture, TableBrute, TableLue


@dataclass
class Ouverture:
    """Fichier ouvert.

    Attributes:
        lecture: ce que le lecteur a reconnu.
        plans: niveaux à lire.
        table: table à lire ; ``None`` si une faute arrête tout.
        anomalies: fautes de lecture, et points à regarder.
        quarantaine: motifs de refus pour données individuelles.
        lignes: lignes de données du fichier.
    """

    lecture: Lecture
    plans: list[Plan]
    table: TableLue | None = None
    anomalies: list[Anomalie] = field(default_factory=list)
    quarantaine: tuple[str, ...] = ()
    lignes: int = 0


def open_table(chemin: Path, source: Source, demande: Demande) -> Ouverture:
    """Ouvre un fichier et y trouve la table que la source déclare.

    Une donnée individuelle arrête tout : il n'en reste ni table, ni valeur.
    """
    plan = make_plan(source, demande.periode, demande.maille)
    grand = is_grand(chemin)
    lecture = (read_apercu if grand else read_fichier)(chemin, lecture=plan.lecture)
    ouverte = Ouverture(lecture, [plan], anomalies=list(lecture.anomalies))
    if any(a.gravite is Gravite.BLOQUANT for a in ouverte.anomalies):
        return ouverte
    trouvee = _find_table(lecture, plan, ouverte)
    if isinstance(trouvee, Anomalie):
        ouverte.anomalies.append(trouvee)
        return ouverte
    periode = demande.periode or guess_periode(source, trouvee.donnees.column_names)
    ouverte.plans = list(_list_plans(source, periode, demande.maille))
    if grand:
        trouvee, motifs = _reduce(chemin, ouverte, trouvee, source)
    else:
        motifs = _inspect_all(lecture, trouvee, source)
        ouverte.lignes = trouvee.donnees.num_rows
    ouverte.quarantaine = tuple(dict.fromkeys(m.texte for m in motifs if m.bloquant))
    if ouverte.quarantaine:
        ouverte.anomalies = []
        return ouverte
    # De petits effectifs sont ce qu'une convention annonce : ils n'y sont pas un point à regarder.
    attendus = {"petits_effectifs"} if demande.confidentialite is Confidentialite.CONVENTION else set()
    ouverte.anomalies += [
        Anomalie("quarantaine", Gravite.A_REGARDER, chemin.name, m.texte, colonne=m.colonne or None)
        for m in motifs
        if m.motif not in attendus
    ]
    ouverte.table = trouvee
    return ouverte


def _list_plans(source: Source, periode: str, maille: Maille | None) -> Iterator[Plan]:
    """Niveaux à lire : celui du dépôt s'il est dit, sinon tous ceux que le fichier mêle."""
    yield make_plan(source, periode, maille)
    if maille is None:
        yield from (make_plan(source, periode, n.maille) for n in source.niveaux if n.filtres)


def _find_table(lecture: Lecture, plan: Plan, ouverte: Ouverture) -> TableLue | Anomalie:
    brute = choose_table(lecture, plan.lecture)
    noms = ", ".join(f"« {t.nom} »" for t in lecture.tables if t.nom) or "aucune"
    if brute is None:
        return Anomalie(
            "table_introuvable",
            Gravite.BLOQUANT,
            lecture.fichier,
            f"aucune table à lire ne correspond à la déclaration. Tables du fichier : {noms}.",
            suggestion=f"Corrigez « lecture » (feuille, membre) dans _sources/{plan.source.id}.yaml.",
        )
    forme = find_forme(brute, plan.lecture)
    if forme is None:
        return Anomalie(
            "entete_introuvable",
            Gravite.BLOQUANT,
            lecture.fichier,
            "l'en-tête de la table n'a pas été reconnu : aucune ligne ne nomme des colonnes suivies de données.",
            suggestion=f"Écrivez « ligne_entete » dans _sources/{plan.source.id}.yaml, ou vérifiez le fichier.",
        )
    ouverte.anomalies += _tell_pied(brute, forme, lecture.fichier)
    return name_table(brute, forme)


def _tell_pied(brute: TableBrute, forme: FormeTable, fichier: str) -> list[Anomalie]:
    """Ce qui suit le tableau n'est pas lu : le dire, car un second tableau peut s'y trouver."""
    apres = int((brute.lignes > forme.derniere_ligne).sum())
    if not apres or brute.entete_connue:
        return []
    return [
        Anomalie(
            "lignes_apres_le_tableau",
            Gravite.INFORMATION,
            fichier,
            f"{apres} ligne(s) après la ligne {forme.derniere_ligne} ne sont pas lues (notes, sources, autre tableau).",
            ligne=forme.derniere_ligne + 1,
            suggestion="Si ce sont des données, écrivez « derniere_ligne » ou « ligne_entete » dans sa déclaration.",
        )
    ]


def _inspect_all(lecture: Lecture, choisie: TableLue, source: Source) -> list[MotifQuarantaine]:
    """Regarde toutes les feuilles : une feuille que l'on ne lit pas peut porter des personnes."""
    motifs = list(inspect_table(choisie, source=source))
    for brute in lecture.tables:
        if brute.nom != choisie.nom and (forme := find_forme(brute)) is not None:
            motifs += [m for m in inspect_table(name_table(brute, forme)) if m.bloquant and m.personnel]
    return motifs


def _reduce(
    chemin: Path, ouverte: Ouverture, tete: TableLue, source: Source
) -> tuple[TableLue, list[MotifQuarantaine]]:
    """Lit un gros CSV par morceaux, chacun inspecté en entier avant d'être réduit."""
    motifs: dict[tuple[str, str], MotifQuarantaine] = {}

    def inspecter(morceau: TableLue) -> None:
        ouverte.lignes += morceau.donnees.num_rows
        for motif in inspect_table(morceau, source=source):
            if motif.personnel:
                motifs.setdefault((motif.motif, motif.colonne), motif)

    table = reduce_grand(
        chemin, ouverte.plans, apercu=ouverte.lecture, tete=tete, inspecter=inspecter, anomalies=ouverte.anomalies
    )
    return table, list(motifs.values())
