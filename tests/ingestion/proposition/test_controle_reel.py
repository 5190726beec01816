"""Chaque fichier réel, proposé puis contrôlé avec son ébauche telle quelle : ni plantage, ni silence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from observatoire.catalogue.forme import build_fiche
from observatoire.catalogue.yaml_strict import Document, parse_yaml
from observatoire.config import RACINE_DEPOT
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.ingestion.proposition import propose, render_declaration
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.sources import Source
from observatoire.territoires.referentiel import Referentiel

sys.path.insert(0, str(Path(__file__).parent))
from faits_attendus import ATTENDUS

DONNEES = RACINE_DEPOT.parent / "shared" / "donnees"
FICHIERS = [a.fichier for a in ATTENDUS]
if not os.environ.get("OBSERVATOIRE_ESSAIS_LONGS"):
    FICHIERS = FICHIERS[::6]

pytestmark = [pytest.mark.reel, pytest.mark.skipif(not DONNEES.is_dir(), reason="fichiers réels absents")]


@pytest.mark.parametrize("fichier", FICHIERS)
def test_draft_controls_its_own_file(fichier, referentiel: Referentiel):
    chemin = DONNEES / fichier
    proposition = propose(chemin, referentiel)
    document = parse_yaml(render_declaration(proposition), Document("ebauche.yaml"))
    fiche, fautes = build_fiche(Source, proposition.identifiant, document.donnees, document)
    assert [str(f) for f in (*document.fautes, *fautes)] == []
    reconnues = proposition.principale.periode.periodes if proposition.principale.periode else ()
    periode = "" if fiche.objet.periode else reconnues[-1] if reconnues else "2020"
    rapport = read_livraison(chemin, fiche.objet, referentiel, Demande(periode=periode))
    bloquants = [a for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT]
    assert rapport.quarantaine == (), "les fichiers réels sont des agrégats ou des listes de lieux"
    # Recevable avec des valeurs, ou refusé pour des raisons dites, avec ce qu'il faut faire.
    assert rapport.lots or bloquants
    assert all(a.suggestion for a in bloquants)
    print(f"{fichier:70} {'refusé' if bloquants else 'recevable':10} {sorted({a.code for a in bloquants})}")
