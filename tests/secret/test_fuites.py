"""Fuites annexes : ni empreinte, ni taille, ni message, ni comparaison ne redit un effectif exact."""

import hashlib
import json
import re

import numpy as np
import pandas as pd
import pytest

from observatoire.errors import PublicationError, SourceError
from observatoire.ingestion.relecture import load_variables
from observatoire.modeles.livraisons import NatureDepot
from observatoire.publication.bon_a_publier import build_bon
from observatoire.publication.deposer import controler
from observatoire.publication.historique import list_livraisons, read_journal, verify_journal
from observatoire.publication.nature import guess_nature
from observatoire.publication.precedents import build_precedents, hide_exactes
from observatoire.registres.base import open_registres
from observatoire.registres.cle import NOM, read_cle
from observatoire.registres.depots import find_depot
from observatoire.store.publications import load_publication
from tests.secret.espace_exact import CONVENTION, FOYERS, SOURCE, EspaceExact, iter_public

PETITE = "97401"
"""Commune de 3 foyers, masquée."""


@pytest.fixture(scope="module")
def publie(tmp_path_factory):
    """Espace où les aides de 2024 sont publiées, masquées ; les essais ne font que le lire."""
    petit = EspaceExact(tmp_path_factory.mktemp("exact"))
    petit.depot_exact = petit.deposer_exact(FOYERS, "2024").depot
    petit.publier(petit.depot_exact.id)
    assert petit.read_publies("2024")[PETITE] is None
    return petit


@pytest.fixture
def copie(publie, tmp_path):
    """Copie de cet espace, que l'essai peut changer."""
    petit = publie.copy_to(tmp_path / "copie")
    petit.depot_exact = publie.depot_exact
    return petit


# --- Empreintes : ce qu'on publie ne permet pas d'essayer un fichier ---------------------------------


def list_essais(petit, fichier):
    """Empreintes des fichiers qu'un attaquant peut inventer : celui qu'il attend, la case masquée essayée."""
    texte = fichier.read_text("utf-8")
    for essai in range(60):
        invente = re.sub(rf"^{PETITE};3;1$", f"{PETITE};{essai};{essai // 2}", texte, flags=re.MULTILINE)
        yield essai, hashlib.sha256(invente.encode()).hexdigest()


def find_confirmes(petit, fichier):
    """Essais que confirme un texte public : l'empreinte d'un fichier inventé s'y lit, fût-ce son début."""
    publics = "\n".join(texte for _chemin, texte in iter_public(petit))
    return [essai for essai, empreinte in list_essais(petit, fichier) if empreinte[:8] in publics]


def test_attacker_cannot_confirm_a_guessed_file(publie):
    fichier = publie.base / "recus" / "foyers.csv"
    assert dict(list_essais(publie, fichier))[3] == publie.depot_exact.sha256, "l'attaquant écrit bien le vrai fichier"
    assert find_confirmes(publie, fichier) == []


def test_the_same_attack_succeeds_on_bare_fingerprints(copie):
    """L'essai peut échouer : une empreinte nue, n'importe où dans ce qui est public, suffit à l'attaquant."""
    publication = load_publication(copie.espace)
    chemin = copie.espace.publications / f"{publication.id}.json"
    signee = publication.livraisons[0].sha256
    chemin.write_text(chemin.read_text("utf-8").replace(signee, copie.depot_exact.sha256), "utf-8")
    assert find_confirmes(copie, copie.base / "recus" / "foyers.csv") == [3]


def test_key_never_leaves_the_private_side(publie):
    cle = read_cle(publie.espace.racine)
    for chemin, texte in iter_public(publie):
        assert chemin.name != NOM
        assert cle.hex() not in texte
        assert cle not in chemin.read_bytes()


def test_no_public_hash_follows_from_the_exact_file_without_the_key(copie):
    """Deux espaces pareils, fichier compris, mais de clés différentes : aucune empreinte publique n'est la même."""
    from observatoire.publication.empreinte import compute_empreinte

    actives = load_publication(copie.espace).livraisons
    with copie.au_travail():
        avant = compute_empreinte(copie.espace, actives)
        assert compute_empreinte(copie.espace, actives) == avant
        (copie.espace.racine / NOM).write_bytes(bytes(32))
        assert compute_empreinte(copie.espace, actives) != avant
    assert load_publication(copie.espace).journal["empreinte"].startswith("hmac:")


def test_provided_exact_file_is_keyed_too(publie, tmp_path):
    """Un fichier exact fourni avec l'espace, sans dépôt : sa publication ne porte rien qui s'essaie."""
    from observatoire.publication.empreinte import compute_empreinte

    petit = EspaceExact(tmp_path / "fourni")
    with petit.au_travail():
        ouverte = compute_empreinte(petit.espace, [])
        assert read_cle(petit.espace.racine) is None
        petit.deliver("convention")
        exacte = compute_empreinte(petit.espace, [])
        assert read_cle(petit.espace.racine) is not None
        (petit.espace.racine / NOM).write_bytes(bytes(32))
        assert len({ouverte, exacte, compute_empreinte(petit.espace, [])}) == 3
    petit.write_fiche("demandes", (petit.espace.indicators / "habitat/demandes.yaml").read_text("utf-8").replace(
        "secret: ouverte", "secret: convention"))  # fmt: skip
    publication = petit.construire().publication
    (fiche,) = [
        m
        for m in json.loads((petit.espace.publications / f"{publication.id}.livraisons").read_text("utf-8")).values()
        if m["source"] == "local"
    ]
    assert (fiche["sha256"][:5], fiche["lignes"]) == ("hmac:", None)
    assert petit.construire().neuve is False


def test_nothing_changed_is_still_seen_and_the_journal_still_verifies(copie):
    assert copie.construire().neuve is False
    assert verify_journal(copie.espace) == ()
    with copie.au_travail():
        (depot, en_ligne), *_ = list_livraisons(copie.espace)
        assert en_ligne
        assert depot.sha256 == copie.depot_exact.sha256, "le registre, privé, garde la vraie empreinte"


def test_commands_show_no_fingerprint_size_or_row_count(publie):
    depot = publie.depot_exact
    for commande in (("publication", "lister"), ("livraison", "lister"), ("publication", "journal")):
        code, texte = publie.dire(*commande, "--json")
        assert code == 0
        assert depot.sha256[:8] not in texte, commande
        assert f'"taille": {depot.taille}' not in texte, commande
        assert "lignes_lues" not in texte, commande
        assert "lignes 2 à" not in texte, commande
    assert depot.taille > 0
    assert depot.rapport["lignes_lues"] == len(FOYERS), "le registre, privé, les garde"
    assert {x.sha256[:5] for x in read_journal(publie.espace) if x.depot == depot.id} == {"hmac:"}


def test_sheet_for_the_partner_names_the_deposit_not_its_bytes(copie):
    import datetime as dt
    import io

    from openpyxl import load_workbook

    from observatoire.publication.bon_classeur import write_bon
    from observatoire.publication.bon_html import render_bon

    depot = copie.deposer_exact(FOYERS | {"97402": 25}, "2025").depot
    with copie.au_travail():
        bon = build_bon(copie.espace, depot.id, observatoire="Essai", departement="974", jour=dt.date(2026, 1, 2))
    page = render_bon(bon)
    cellules = [
        str(c.value) for f in load_workbook(io.BytesIO(write_bon(bon))) for ligne in f.iter_rows() for c in ligne
    ]
    for texte in (page, " ".join(cellules)):
        assert f"foyers.csv, dépôt {depot.id}" in texte
        assert depot.sha256[:8] not in texte


def test_deposit_named_after_its_bytes_cannot_go_online(copie):
    """Un dépôt d'avant les empreintes à clé : son nom, public, porte le début de l'empreinte."""
    import sqlalchemy as sa

    from observatoire.registres.depots import TABLE

    depot = copie.deposer_exact(FOYERS, "2023").depot
    ancien = f"20200101-000000-{depot.sha256[:8]}"
    registres = open_registres(copie.espace)
    with registres.ecriture() as connexion:
        connexion.execute(sa.update(TABLE).where(TABLE.c.id == depot.id).values(id=ancien))
    assert find_depot(registres, ancien)
    with pytest.raises(PublicationError, match="un morceau de l'empreinte"):
        copie.publier(ancien)


def test_depositing_a_guess_does_not_confirm_it(copie):
    """Un contributeur qui dépose le fichier d'un autre n'apprend pas que c'est le bon."""
    roles = "roles:\n  - {auteur: obs-01, role: contributeur}\n  - {auteur: obs-03, role: contributeur}\n"
    (copie.espace.racine / "espace.yaml").write_text(roles, "utf-8")
    vrai = copie.deposer_exact(FOYERS, "2024", auteur="obs-03")
    faux = copie.deposer_exact(FOYERS | {PETITE: 4}, "2024", auteur="obs-03")
    assert not vrai.deja_depose
    assert (vrai.depot.nature, vrai.raison_nature) == (faux.depot.nature, faux.raison_nature)
    assert vrai.depot.id[-8:] != copie.depot_exact.id[-8:]
    # Qui l'a déposé peut se l'entendre dire.
    assert copie.deposer_exact(FOYERS, "2024", auteur="obs-01").deja_depose


# --- Messages : ce que disent une construction, une publication, une erreur ---------------------------


def test_publication_tells_faults_without_their_numbers(copie):
    rendu = copie.deposer_exact(FOYERS, "2025", seuls={PETITE: 7})
    (dite,) = [a for a in rendu.rapport.anomalies if a.code == "partie_plus_grande_que_le_tout"]
    assert "7" in dite.message, "qui dépose voit les nombres de son fichier"
    assert dite.valeur == "7"
    code, texte = copie.dire("livraison", "publier", rendu.depot.id, "--json")
    assert code == 0
    (redite,) = [a for a in json.loads(texte)["anomalies"] if "partie plus grande" in a]
    assert redite.startswith(
        "foyers.csv, ligne 2, colonne « seuls » : commune 97401, 2025 : partie plus grande que le tout. Vérifiez"
    )
    assert not re.findall(r"\d+", re.sub(r"97401|2025|ligne 2", "", redite))
    # Une reconstruction relit le fichier, et se tait de même.
    _code, texte = copie.dire("construire", "--force", "--json")
    assert [a for a in json.loads(texte)["anomalies"] if "partie plus grande" in a] == [redite]


def test_refusal_at_publication_quotes_no_value(copie):
    rendu = copie.deposer_exact(FOYERS, "2025")
    plafond = SOURCE.replace("colonne: foyers}", "colonne: foyers, maximum: 110}")
    copie.write_source(plafond)
    with pytest.raises(SourceError) as refus:
        copie.publier(rendu.depot.id)
    assert "valeur au dessus du maximum" in str(refus.value)
    assert "97407" in str(refus.value)
    assert "118" not in str(refus.value)


def test_altered_exact_file_is_said_without_its_fingerprint(copie):
    from observatoire.ingestion.fichiers import find_livraison
    from observatoire.publication.scelle import depots_dir

    scelle = depots_dir(copie.espace) / copie.depot_exact.chemin
    scelle.chmod(0o600)
    scelle.write_text("autre", "utf-8")
    with pytest.raises(SourceError, match=r"a changé depuis sa livraison\. Reprenez") as refus:
        find_livraison(copie.espace, copie.depot_exact.chemin)
    assert copie.depot_exact.sha256[:8] not in str(refus.value)
    assert hashlib.sha256(b"autre").hexdigest()[:8] not in str(refus.value)


# --- Comparaisons : contrôler un fichier n'interroge pas le socle -------------------------------------


@pytest.fixture(scope="module")
def en_ligne(publie):
    publication = load_publication(publie.espace)
    version = publication.versions["variables"]
    return load_variables(publie.espace, version=version, variables=["aides", "seuls"]).reset_index(drop=True)


def replace_valeur(variables, code, valeur):
    ici = (variables.code_territoire == code) & (variables.variable == "aides")
    assert ici.sum() == 1
    return variables.assign(valeur=variables.valeur.mask(ici, valeur))


def test_veil_keeps_what_is_published_and_nothing_else(publie, en_ligne):
    vues = hide_exactes(publie.espace, load_publication(publie.espace), en_ligne)
    aides = vues[vues.variable == "aides"].set_index("code_territoire")
    publies = publie.read_publies("2024")
    assert aides.valeur.dropna().to_dict() == {c: v for c, v in publies.items() if v is not None}
    assert aides.valeur.isna().sum() >= 2
    assert aides.borne_sup.isna().equals(aides.valeur.isna())
    assert vues[vues.variable == "seuls"].valeur.isna().all(), "aucun indicateur ne les montre"
    assert len(vues) == len(en_ligne)


def test_what_a_control_compares_with_does_not_depend_on_a_masked_value(publie, en_ligne):
    publication = load_publication(publie.espace)
    from observatoire.publication.actifs import list_actives, load_catalogue_actif

    with publie.au_travail():
        source = load_catalogue_actif(publie.espace, list_actives(publie.espace)).sources["aides"]

    def compare(variables):
        precedents = build_precedents(variables, source, "2025", None)
        return {cle: (p.periode, list(p.codes), p.valeurs.tobytes()) for cle, p in precedents.items()}

    autres = [replace_valeur(en_ligne, PETITE, v) for v in (1.0, 2.0, 4.0, 60.0)]
    voilees = [compare(hide_exactes(publie.espace, publication, v)) for v in (en_ligne, *autres)]
    assert all(v == voilees[0] for v in voilees)
    # Sans le voile, chacune se distinguerait.
    assert len({str(compare(v)) for v in (en_ligne, *autres)}) == 5


def test_guessed_nature_does_not_tell_a_right_guess(publie, en_ligne):
    publication = load_publication(publie.espace)
    gabarit = en_ligne[(en_ligne.code_territoire == PETITE) & (en_ligne.variable == "aides")]
    essais = [gabarit.assign(valeur=v) for v in (3.0, 4.0)]
    lots = (("2024", "commune"),)
    vues = hide_exactes(publie.espace, publication, en_ligne)
    juste, fausse = (guess_nature(lots, vues, e) for e in essais)
    assert juste == fausse
    assert juste.nature is NatureDepot.CORRIGE
    nues = [guess_nature(lots, en_ligne, e) for e in essais]
    assert nues[0] != nues[1], "sans le voile, le bon nombre se reconnaîtrait"


def test_jump_cites_published_values_only(publie):
    """Deux communes sautent : celle qui est publiée est comparée, celle qui est masquée ne l'est pas."""
    montree = next(c for c, v in publie.read_publies("2024").items() if v is not None and v > 20)
    with publie.au_travail():
        fichier = publie.write_foyers(FOYERS | {PETITE: 5000, montree: 7000}, nom="sauts.csv")
        rapport = controler(
            publie.espace, fichier, source="aides", periode="2025", cog="2026", confidentialite=CONVENTION
        )
    (saut,) = [a for a in rapport.anomalies if a.code == "saut" and a.colonne == "foyers"]
    assert f"commune {montree}, 2025 : {FOYERS[montree]} en 2024" in saut.message


@pytest.mark.parametrize("regime", ["ouverte", "convention_protegee"])
def test_another_regime_opens_no_door_on_the_base(publie, regime):
    """Dire son fichier « ouvert » ne fait pas comparer au socle exact de la source."""
    from observatoire.modeles.livraisons import Confidentialite

    with publie.au_travail():
        dits = []
        for essai in (15, 5000):
            fichier = publie.write_foyers({PETITE: essai}, nom="essai.csv")
            rapport = controler(
                publie.espace, fichier, source="aides", periode="2025", cog="2026",
                confidentialite=Confidentialite(regime),
            )  # fmt: skip
            dits.append({a.code for a in rapport.anomalies})
    assert dits[0] == dits[1]
    assert "saut" not in dits[0]


# --- Corrections ---------------------------------------------------------------------------------------


def test_masks_and_bounds_leave_no_exact_number_in_public(publie):
    """Ni la valeur, ni son numérateur d'une case masquée ne sont dans une copie."""
    publies = publie.read_publies("2024")
    caches = {c for c, v in publies.items() if v is None}
    dossier = publie.espace.diffusion / "copies" / load_publication(publie.espace).id
    for chemin in dossier.rglob("*.parquet"):
        table = pd.read_parquet(chemin)
        if "numerateur" not in table or "aides" not in set(table.get("indicateur", ())):
            continue
        siennes = table[(table.indicateur == "aides") & (table.maille == "commune")]
        cachees = siennes[siennes.code_territoire.isin(caches)]
        assert np.isnan(cachees[["valeur", "numerateur", "denominateur"]].to_numpy(dtype=float)).all()
