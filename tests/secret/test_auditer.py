"""Auditer et expliquer : la preuve rejouée voit toute altération, et ne dit aucune valeur."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from observatoire.errors import PublicationError
from observatoire.publication.secret import auditer, expliquer
from observatoire.secret.auditer import DECIMALES, find_montrees
from observatoire.store.publications import list_publications, load_publication
from observatoire.store.socle import protections_dir, read_protections
from tests.secret.espace_exact import FOYERS as DEUX_PETITES
from tests.secret.espace_exact import EspaceExact

PETITE = "97401"
FOYERS = DEUX_PETITES | {"97413": 33}
"""Une seule commune sous le seuil : sans une voisine masquée, le département la rendrait."""


@pytest.fixture(scope="module")
def publie(tmp_path_factory):
    """Espace où les aides de 2024 sont publiées, masquées ; les essais ne font que le lire."""
    petit = EspaceExact(tmp_path_factory.mktemp("auditer"))
    petit.publier(petit.deposer_exact(FOYERS, "2024").depot.id)
    return petit


@pytest.fixture
def copie(publie, tmp_path):
    """Copie de cet espace, que l'essai peut changer."""
    return publie.copy_to(tmp_path / "copie")


def audite(petit, publication=None):
    return auditer(petit.espace, publication, lambda _etape: None)


def read_cases(petit) -> pd.DataFrame:
    return read_protections(petit.espace, load_publication(petit.espace).id)


def change_cases(petit, change) -> None:
    """Récrit la table privée."""
    cases = read_cases(petit)
    change(cases)
    cases.to_parquet(protections_dir(petit.espace, load_publication(petit.espace).id) / "cases.parquet")


def find_case(cases, motif) -> int:
    """Première case d'une commune, masquée pour ce motif, dont l'indicateur est montré."""
    ici = cases[(cases.motif == motif) & (cases.maille == "commune") & (cases.variable == "aides")]
    return int(ici.index[0])


# --- Rejouer la preuve ------------------------------------------------------------------------------


def test_publication_intacte_holds(publie):
    audit = audite(publie)
    assert audit.tient
    assert audit.ecarts == ()
    (systeme,) = audit.systemes
    assert (systeme.source, systeme.periode, systeme.fautes, systeme.incoherence) == ("aides", "2024", 0, "")
    assert 1 < systeme.masquees < systeme.cases
    cases = read_cases(publie)
    assert systeme.masquees == int((cases.masquee & (cases.maille != "occulte")).sum())


@pytest.mark.parametrize("motif", ["A", "D"])
def test_une_case_rendue_breaks_the_proof(copie, motif):
    def publish(cases):
        cases.loc[find_case(cases, motif), "masquee"] = False

    change_cases(copie, publish)
    audit = audite(copie)
    assert not audit.tient
    assert audit.systemes[0].fautes > 0


def test_une_valeur_changee_is_an_incoherence_told_without_numbers(copie):
    change_cases(copie, lambda cases: cases.loc.__setitem__((find_case(cases, "A"), "valeur"), 4.0))
    (systeme,) = audite(copie).systemes
    assert systeme.fautes > 0
    assert "relations" in systeme.incoherence
    assert not re.search(r"\d", systeme.incoherence)


def test_deux_valeurs_echangees_no_longer_are_those_of_the_socle(copie):
    def swap(cases):
        # Leur somme ne change pas : aucune relation ne le voit.
        ici = cases[(cases.variable == "aides") & (cases.maille == "commune") & (cases.valeur > 60) & ~cases.masquee]
        assert len(ici) >= 2
        un, autre = ici.index[:2]
        for colonne in ("valeur", "etat", "cout"):
            cases.loc[[un, autre], colonne] = cases.loc[[autre, un], colonne].to_numpy()

    change_cases(copie, swap)
    assert not audite(copie).tient


def test_bornes_dites_plus_larges_than_the_truth_are_caught(copie):
    def widen(cases):
        cases.loc[find_case(cases, "A"), "borne_sup"] += 10.0

    change_cases(copie, widen)
    assert audite(copie).systemes[0].fautes == 1


def test_un_nombre_masque_dans_la_diffusion_is_caught(copie):
    publication = load_publication(copie.espace)
    chemin = copie.espace.diffusion / "copies" / publication.id / "par_indicateur" / "aides.parquet"
    lues = pd.read_parquet(chemin)
    ici = (lues.maille == "commune") & (lues.code_territoire == PETITE)
    assert lues.valeur[ici].isna().all()
    lues.loc[ici, ["valeur", "numerateur"]] = 3.0
    lues.to_parquet(chemin, index=False)
    audit = audite(copie)
    assert not audit.tient
    (ecart,) = audit.ecarts
    assert "aides, communes, 2024" in ecart
    assert "masqués (1)" in ecart
    assert all(s.fautes == 0 for s in audit.systemes)


def test_montrees_are_found_by_value_not_only_by_place(publie):
    """Un nombre permis à sa place passe ; un autre, fût-il voisin d'un millionième, non."""
    cases = read_cases(publie)
    montree = cases[~cases.masquee & (cases.maille == "commune") & (cases.variable == "aides")].iloc[0]
    nombres = pd.DataFrame([montree] * 4)[["variable", "periode", "maille", "code_territoire", "modalite"]]
    nombres["nombre"] = montree.valeur + np.array([0.0, 1.0, 10.0**-DECIMALES, np.nan])
    trouvees = find_montrees(publie.espace, load_publication(publie.espace).id, nombres)
    assert trouvees.tolist() == [False, True, True, False]
    ailleurs = nombres.assign(code_territoire="99999")
    assert not find_montrees(publie.espace, load_publication(publie.espace).id, ailleurs).any()


def test_sans_socle_the_proof_cannot_be_replayed(copie):
    shutil.rmtree(copie.espace.socle)
    with pytest.raises(PublicationError, match="n'est pas sur cette machine"):
        audite(copie)


def test_publication_ouverte_has_nothing_to_prove(publie):
    audit = audite(publie, list_publications(publie.espace)[0])
    assert audit.tient
    assert audit.systemes == ()


# --- Expliquer --------------------------------------------------------------------------------------


def test_petit_nombre_is_explained_by_its_rule(publie):
    dite = expliquer(publie.espace, f"aides:commune:{PETITE}:2024", auteur="obs-02")
    assert dite.masquee
    (motif,) = dite.motifs
    assert (motif.code, motif.role, motif.protegees) == ("A", "numérateur", ())
    assert "de 1 à 4" in motif.texte
    assert motif.borne_inf <= FOYERS[PETITE] - 1
    assert motif.borne_sup is None or motif.borne_sup >= 5
    assert "5 au moins" in motif.promesse
    assert dite.reference == "Effectifs exacts."


def test_voisine_names_what_it_protects(publie):
    case = read_cases(publie).loc[find_case(read_cases(publie), "D")]
    dite = expliquer(publie.espace, f"aides:commune:{case.code_territoire}:2024", auteur="obs-02")
    (motif,) = dite.motifs
    assert motif.code == "D"
    assert motif.protegees
    noms = " ".join(motif.protegees)
    assert "Les Avirons" in noms
    assert not re.search(r"\d", noms)


def test_case_publiee_says_so(publie):
    code = next(c for c, v in publie.read_publies("2024").items() if v is not None and v > 0)
    dite = expliquer(publie.espace, f"aides:commune:{code}:2024", auteur="obs-02")
    assert dite.publiee
    assert [m.code for m in dite.motifs] == ["V"]
    assert dite.motifs[0].borne_sup is None


def test_explication_never_gives_the_number(publie):
    """Ni la valeur, ni le plancher promis, qui la donnerait à un près."""
    for code, valeur in FOYERS.items():
        dite = expliquer(publie.espace, f"aides:commune:{code}:2024", auteur="obs-02")
        if not dite.masquee or valeur < 10:
            continue
        texte = json.dumps([m.__dict__ for m in dite.motifs], ensure_ascii=False)
        nombres = {int(float(n)) for n in re.findall(r"\d+(?:\.\d+)?", re.sub(r"974\d\d|2024", "", texte))}
        assert not {valeur, valeur - 1} & nombres, (code, texte)
