"""Chaque fichier réel d'organisme : ce qui est reconnu, comparé à ce qu'on sait de lui."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from observatoire.catalogue.forme import build_fiche
from observatoire.catalogue.yaml_strict import Document, parse_yaml
from observatoire.config import RACINE_DEPOT
from observatoire.ingestion.proposition import Proposition, propose, render_declaration
from observatoire.modeles.sources import Source
from observatoire.territoires.referentiel import Referentiel

sys.path.insert(0, str(Path(__file__).parent))
from faits_attendus import ANNEXES, ATTENDUS, SANS_TABLE, Attendu

DONNEES = RACINE_DEPOT.parent / "shared" / "donnees"
FAITS = ("encodage", "entete", "colonne", "niveau", "millesime", "marques", "vide")
SEUIL = 0.9

pytestmark = [pytest.mark.reel, pytest.mark.skipif(not DONNEES.is_dir(), reason="fichiers réels absents")]


def judge(attendu: Attendu, proposition: Proposition) -> dict[str, bool]:
    """Compare les faits reconnus aux faits attendus ; un fait sans objet n'est pas jugé."""
    table = proposition.principale
    if table is None:
        return dict.fromkeys(FAITS[:6], False)
    territoire, millesime = table.territoire, table.millesime
    encodage = "latin" if proposition.encodage in {"cp1252", "latin-1"} else proposition.encodage
    entete = table.lignes_entete[-1] if table.lignes_entete else 0
    faits = {
        "encodage": encodage == attendu.encodage,
        "entete": entete == attendu.entete,
        "colonne": ("+".join(territoire.colonnes) if territoire else "") == attendu.colonne,
        "niveau": (territoire.niveau if territoire else "") == attendu.niveau,
        "marques": {m.texte for m in proposition.marques} == set(attendu.marques),
    }
    if attendu.millesime == "sans":
        faits["millesime"] = millesime is None or millesime.sans_effet
    elif attendu.millesime == "avant":
        faits["millesime"] = millesime is not None and millesime.avant == "2019"
    else:
        faits["millesime"] = millesime is not None and millesime.retenu in attendu.millesime
    if attendu.vide:
        faits["vide"] = table.vide == attendu.vide
    return faits


def test_every_file_is_in_the_table():
    presents = {str(p.relative_to(DONNEES)) for p in DONNEES.rglob("*") if p.is_file() and p.suffix not in ANNEXES}
    assert presents == {a.fichier for a in ATTENDUS} | set(SANS_TABLE)


def test_nine_facts_out_of_ten_are_right_on_real_files(referentiel: Referentiel):
    justes, juges = Counter(), Counter()
    print(f"\n{'fichier':76} " + " ".join(f"{fait:9}" for fait in FAITS))
    for attendu in ATTENDUS:
        proposition = propose(DONNEES / attendu.fichier, referentiel)
        document = parse_yaml(render_declaration(proposition), Document(attendu.fichier))
        _, fautes = build_fiche(Source, proposition.identifiant, document.donnees, document)
        assert [str(f) for f in (*document.fautes, *fautes)] == [], "l'ébauche est une déclaration valide"
        faits = judge(attendu, proposition)
        juges.update(faits.keys())
        justes.update({fait: int(juste) for fait, juste in faits.items()})
        signes = " ".join(f"{'·' if f not in faits else 'oui' if faits[f] else 'NON':9}" for f in FAITS)
        print(f"{attendu.fichier[-76:]:76} {signes}")
    total, ensemble = sum(justes.values()), sum(juges.values())
    print(" ; ".join(f"{f} {justes[f]}/{juges[f]}" for f in FAITS) + f" ; total {total}/{ensemble}")
    assert total >= SEUIL * ensemble


@pytest.mark.parametrize("fichier", SANS_TABLE)
def test_file_without_data_is_told(fichier: str, referentiel: Referentiel):
    proposition = propose(DONNEES / fichier, referentiel)
    assert proposition.refusee
    assert proposition.anomalies
    assert render_declaration(proposition) == ""
