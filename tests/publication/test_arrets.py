"""Coupures : ``kill -9`` à n'importe quel moment d'un dépôt, d'une publication, d'une restauration.

L'espace se rouvre toujours sur une publication entière, l'ancienne ou la nouvelle ; ce qui est scellé est
intact ; le journal se vérifie ; l'écrivain suivant passe.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter

import pandas as pd
import pytest

from observatoire.publication.historique import list_livraisons, verify_journal
from observatoire.publication.reprise import ecrivain
from observatoire.publication.scelle import EN_COURS, compute_sha256, depots_dir
from observatoire.publication.verrou import read_occupant
from observatoire.registres.base import open_registres
from observatoire.registres.depots import StatutDepot, find_depot
from observatoire.store.publications import current_id, list_publications, load_publication
from tests.publication.ecrivain import Ecrivain
from tests.publication.petit_espace import AIDES

LONGS = bool(os.environ.get("OBSERVATOIRE_ESSAIS_LONGS"))
PERIODES = ("2021", "2022", "2023", "2024")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL et fork n'existent pas sur ce système")


@pytest.fixture
def petit(petit_livre):
    return petit_livre


@pytest.fixture
def ecrivain_tue(petit):
    ecrivain_tue = Ecrivain(petit.base)
    yield ecrivain_tue
    ecrivain_tue.close()


def check_whole(petit):
    """La publication courante est entière : ses valeurs sont celles de ses dépôts, partout où on les lit."""
    publication = load_publication(petit.espace)
    attendues = {periode: {} for periode in PERIODES}
    for active in publication.livraisons:
        fichier = pd.read_csv(depots_dir(petit.espace) / active.fichier, sep=";", dtype=str)
        ((periode, _maille),) = active.lots
        nouvelles = dict(zip(fichier.commune, fichier.foyers, strict=True))
        attendues[periode] = nouvelles if active.nature in {"nouvelle", "remplace"} else attendues[periode] | nouvelles
    dossier = petit.espace.diffusion / "copies" / publication.id
    par_territoire = [pd.read_parquet(p) for p in sorted((dossier / "par_territoire").glob("974*"))]
    fichier = dossier / "par_indicateur" / "aides.parquet"
    assert fichier.is_file() is bool(publication.livraisons)
    par_indicateur = [pd.read_parquet(fichier)] if fichier.is_file() else []
    for lues in (*par_indicateur, pd.concat(par_territoire)):
        siennes = lues[(lues.indicateur == "aides") & (lues.maille == "commune")]
        trouvees = {
            (p, c): (None if pd.isna(v) else v, s)
            for p, c, v, s in siennes[["periode", "code_territoire", "valeur", "statut"]].itertuples(index=False)
        }
        for periode, valeurs in attendues.items():
            for code, texte in valeurs.items():
                statut = {"s": "secret", "nd": "non_disponible"}.get(texte, "publie")
                valeur = float(texte) if statut == "publie" else None
                absente = (None, "non_disponible")
                assert trouvees.pop((periode, code), absente) == (valeur, statut), (publication.id, periode, code)
        assert not [cle for cle, (valeur, _) in trouvees.items() if valeur is not None], publication.id
    assert publication.indicateurs.get("aides", {}).get("commune", []) == sorted(p for p, v in attendues.items() if v)
    for nom in ("territoires", "liens", "ressources"):
        assert (dossier / f"{nom}.parquet").is_file()
    # Et l'application l'ouvre.
    assert bool(petit.read_aides("2023")) is bool(attendues["2023"])


def check_sealed(petit):
    """Chaque dépôt inscrit a ses octets ; chaque dossier scellé est entier."""
    for depot, _en_ligne in list_livraisons(petit.espace):
        if depot.statut not in {StatutDepot.REFUSE, StatutDepot.DEPOSE}:
            assert compute_sha256(depots_dir(petit.espace) / depot.chemin) == depot.sha256
    for dossier in (depots_dir(petit.espace) / "aides").iterdir():
        depot = find_depot(open_registres(petit.espace), dossier.name)
        assert compute_sha256(dossier / depot.fichier) == depot.sha256
        assert (dossier / depot.fichier).with_suffix(".livraison.yaml").is_file()


def check_after(petit, avant, geste):
    """Ce qui doit être vrai après une coupure, avant et après le passage de l'écrivain suivant."""
    espace = petit.espace
    publications, courante = avant
    neuves = set(list_publications(espace)) - set(publications)
    assert len(neuves) <= 1
    if geste == "deposer":
        assert current_id(espace) == courante
    elif geste == "publier":
        assert current_id(espace) in {courante, *neuves}
    check_whole(petit)
    check_sealed(petit)
    assert verify_journal(espace) == ()
    assert read_occupant(espace) is None
    interrompus = [d.id for d, _ in list_livraisons(espace) if d.statut is StatutDepot.DEPOSE]
    with ecrivain(espace, auteur="obs-03", geste="reprise"):
        pass
    assert verify_journal(espace) == ()
    assert not (depots_dir(espace) / EN_COURS).exists()
    etats = {d.id: (d.statut, en_ligne) for d, en_ligne in list_livraisons(espace)}
    assert all(statut is not StatutDepot.DEPOSE for statut, _ in etats.values())
    assert {d for d, (_, en_ligne) in etats.items() if en_ligne} == {
        d for d, (statut, _) in etats.items() if statut is StatutDepot.PUBLIE
    }
    check_whole(petit)
    check_sealed(petit)
    return bool(interrompus), bool(neuves)


def choose(petit, hasard, rang):
    """Un geste : déposer un fichier neuf, publier un brouillon, ou restaurer."""
    valeurs = {code: str(hasard.randrange(1000)) for code in AIDES}
    fichier = str(petit.write_aides(valeurs, f"aides {rang}.csv"))
    match hasard.choices(["deposer", "publier", "restaurer"], [45, 45, 10])[0]:
        case "deposer":
            return {"geste": "deposer", "fichier": fichier, "periode": hasard.choice(PERIODES)}
        case "publier":
            brouillons = [d.id for d, _ in list_livraisons(petit.espace) if d.statut is StatutDepot.BROUILLON]
            depot = (
                hasard.choice(brouillons) if brouillons else petit.deposer(valeurs, hasard.choice(PERIODES)).depot.id
            )
            return {"geste": "publier", "depot": depot}
        case _:
            return {"geste": "restaurer", "publication": hasard.choice(list_publications(petit.espace)[-3:])}


def prune(petit, garde=4):
    """Ôte les copies des plus vieilles publications : deux cents essais rempliraient le disque."""
    garder = {current_id(petit.espace), *list_publications(petit.espace)[-garde:]}
    for dossier in (petit.espace.diffusion / "copies").iterdir():
        if dossier.name not in garder:
            shutil.rmtree(dossier)
            (petit.espace.publications / f"{dossier.name}.json").unlink(missing_ok=True)


ETAPES_DES_GESTES = {"deposer": 4, "publier": 10, "restaurer": 0}
"""Étapes que chaque geste annonce, dans le petit espace."""


def run_essais(petit, ecrivain_tue, nombre, graine):
    """Tue ``nombre`` gestes, à une étape tirée au sort puis après un délai de toute grandeur (0,1 ms à 1 s)."""
    hasard = random.Random(graine)
    compte = Counter()
    while compte["tués"] < nombre:
        demande = choose(petit, hasard, compte["gestes"])
        geste = demande["geste"]
        avant = list_publications(petit.espace), current_id(petit.espace)
        etape, delai = hasard.randint(0, ETAPES_DES_GESTES[geste]), 10 ** hasard.uniform(-4, 0)
        fin, vues = ecrivain_tue.lance(demande, etape, delai)
        assert fin in {0, -signal.SIGKILL}, "le geste a échoué de lui-même : voir sa trace plus haut"
        interrompu, ecrite = check_after(petit, avant, geste)
        compte["gestes"] += 1
        if fin:
            compte["tués"] += 1
            compte[f"{geste} : {vues[-1] if vues else 'début'}"] += 1
            compte["dépôts commencés, repris ou abandonnés"] += interrompu
            compte["tués une fois la publication écrite"] += ecrite
        prune(petit)
    return compte


ETAPES = [
    # geste, dernier pas fait (ou premier pas manqué) avant la mort, ce qu'il en reste
    ("deposer", "avant:observatoire.publication.deposer:prepare_scelle", "rien"),
    ("deposer", "apres:observatoire.publication.deposer:prepare_scelle", "rien"),
    ("deposer", "avant:observatoire.publication.deposer:write_brouillon", "refuse"),
    ("deposer", "apres:observatoire.publication.deposer:write_brouillon", "refuse"),
    ("deposer", "apres:observatoire.publication.deposer:seal", "brouillon"),
    ("publier", "avant:observatoire.publication.construire:save_publication", "ancienne"),
    ("publier", "apres:observatoire.publication.construire:save_publication", "ancienne"),
    ("publier", "apres:observatoire.publication.construire:switch_publication", "neuve"),
    ("publier", "avant:observatoire.publication.reprise:write_tete", "neuve"),
    ("restaurer", "apres:observatoire.publication.historique:switch_publication", "ancienne"),
]
"""Morts à un pas précis : les instants que le hasard vise mal, l'un après l'autre."""


def test_killed_at_each_step_leaves_what_is_expected(petit, ecrivain_tue):
    espace = petit.espace
    for rang, (geste, mort, attendu) in enumerate(ETAPES):
        avant = list_publications(espace), current_id(espace)
        demande = {"geste": geste, "mort": mort}
        if geste == "deposer":
            valeurs = dict.fromkeys(AIDES, str(100 + rang))
            demande |= {"fichier": str(petit.write_aides(valeurs, f"aides {rang}.csv")), "periode": "2022"}
        elif geste == "publier":
            demande["depot"] = petit.deposer(dict.fromkeys(AIDES, str(200 + rang)), "2021").depot.id
        else:
            demande["publication"] = list_publications(espace)[-2]
        connus = {d.id for d, _ in list_livraisons(espace)}
        fin, _vues = ecrivain_tue.lance(demande)
        assert fin == -signal.SIGKILL, mort
        interrompu, _neuve = check_after(petit, avant, geste)
        etapes = [str(d.statut) for d, _ in list_livraisons(espace) if d.id not in connus]
        if geste == "deposer":
            assert etapes == ([] if attendu == "rien" else [attendu]), mort
            assert interrompu is (attendu != "rien"), mort
        elif geste == "publier":
            assert (current_id(espace) == avant[1]) is (attendu == "ancienne"), mort
        else:
            assert current_id(espace) == demande["publication"]


def test_killed_anywhere_the_space_reopens_whole(petit, ecrivain_tue):
    compte = run_essais(petit, ecrivain_tue, 8, graine=20260312)
    print(dict(compte))
    assert compte["tués"] == 8


@pytest.mark.lent
@pytest.mark.skipif(not LONGS, reason="200 coupures : OBSERVATOIRE_ESSAIS_LONGS=1")
def test_killed_two_hundred_times(petit, ecrivain_tue):
    compte = run_essais(petit, ecrivain_tue, 200, graine=4)
    print(dict(compte))
    assert compte["tués"] == 200
