"""Lecteurs : ce que l'attaquant tire de chaque sortie inscrite (``observatoire.exports.sorties``)."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
from deltalake import DeltaTable
from PIL import Image
from starlette.testclient import TestClient

from observatoire.analyse.consultation import Consultation
from observatoire.cli.principal import main
from observatoire.config import Espace
from observatoire.store.publications import list_publications

CHIFFRES = ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")
CLE = ["indicateur", "maille", "periode", "code_territoire"]
FUITE = "FUITE"
"""Mot par lequel un lecteur signale lui-même un chiffre qui ne devrait pas être là."""
STATUTS_CLAIRS = {"secret statistique": "secret"}


@dataclass
class Vue:
    """Ce que l'attaquant demande : une carte d'une publication, par les voies ordinaires.

    Attributes:
        dossier: où poser les fichiers qu'il reçoit.
        zones: réunions de communes à demander.
        brouillon: dépôt en attente, pour ce qui se lit avant de publier.
        comptes_rendus: ce que les constructions et les dépôts ont dit.
    """

    consultation: Consultation
    client: TestClient
    indicateur: str
    maille: str
    periode: str
    departement: str
    territoire: str
    dossier: Path
    zones: tuple[tuple[str, ...], ...] = ()
    brouillon: str = ""
    comptes_rendus: tuple[str, ...] = ()

    @property
    def espace(self) -> Espace:
        """Espace lu."""
        return self.consultation.espace

    @property
    def publication(self) -> str:
        """Publication lue."""
        return self.consultation.publication.id

    @property
    def params(self) -> dict[str, str]:
        """Adresse de la carte."""
        return {"indicateur": self.indicateur, "maille": self.maille, "periode": self.periode,
                "departement": self.departement, "publication": self.publication}  # fmt: skip

    @property
    def cle(self) -> dict[str, str]:
        """Ce que porte chaque ligne d'un fait lu sur cette carte."""
        return {"indicateur": self.indicateur, "maille": self.maille, "periode": self.periode}


@dataclass
class Lecture:
    """Ce qu'une sortie a dit.

    Attributes:
        faits: lignes lues (``CLE`` et une partie de ``CHIFFRES``, ``statut``) ; ``None`` pour un texte.
        textes: tout ce qui peut s'y lire autrement.
        decimales: chiffres après la virgule des nombres lus ; ``None`` s'ils sont entiers dans la sortie.
        zones: sommes de communes dont la sortie dit l'intervalle : codes, minimum, maximum.
    """

    faits: pd.DataFrame | None = None
    textes: list[str] = field(default_factory=list)
    decimales: int | None = None
    zones: list[tuple[tuple[str, ...], float, float]] = field(default_factory=list)


def run(vue: Vue, *arguments: str) -> str:
    """Joue une commande et rend ce qu'elle a écrit, fautes comprises."""
    sortie = io.StringIO()
    with contextlib.redirect_stdout(sortie), contextlib.redirect_stderr(sortie), contextlib.suppress(SystemExit):
        main(["--racine", str(vue.espace.racine), *arguments])
    return sortie.getvalue()


def get(vue: Vue, chemin: str, **params: str):
    """Réponse du serveur."""
    return vue.client.get(chemin, params=vue.params | params)


# --- Le disque -------------------------------------------------------------------------------------


def lire_delta(vue: Vue) -> Lecture:
    """Toutes les versions de la table, pas seulement celles qu'une publication épingle."""
    table = DeltaTable(vue.espace.diffusion / "observations")
    epinglee = vue.consultation.publication.versions["observations"]
    autres = []
    for version in range(table.version() + 1):
        lue = DeltaTable(vue.espace.diffusion / "observations", version=version).to_pandas()
        if version == epinglee:
            faits = lue
        else:
            autres += [f"{FUITE} : version {version}, {i}" for i in lue.indicateur[_is_chiffree(lue)].unique()]
    return Lecture(faits, [*autres, json.dumps(table.history(), default=str)])


def _is_chiffree(lue: pd.DataFrame) -> pd.Series:
    return (lue.statut == "secret") & lue[["valeur", "numerateur", "denominateur"]].notna().any(axis=1)


def lire_copies(vue: Vue) -> Lecture:
    """Copie par indicateur et copie par territoire, colonnes et statistiques de fichier comprises."""
    dossier = vue.espace.diffusion / "copies" / vue.publication
    faits = [pd.read_parquet(f) for d in ("par_indicateur", "par_territoire") for f in sorted((dossier / d).glob("*"))]
    chemins = [f.name for f in dossier.rglob("*")]
    # Les bornes d'un groupe de lignes sont écrites dans l'entête du fichier.
    statistiques = [str(pq.ParquetFile(f).metadata.to_dict()) for f in sorted(dossier.glob("par_indicateur/i_*"))[:3]]
    return Lecture(pd.concat(faits, ignore_index=True), [*chemins, *_tell_statistiques(statistiques)])


def _tell_statistiques(textes: list[str]) -> list[str]:
    return [t for t in textes if "'min'" in t]


def lire_tables(vue: Vue) -> Lecture:
    """Territoires, liens, lieux."""
    dossier = vue.espace.diffusion / "copies" / vue.publication
    return Lecture(textes=[pd.read_parquet(f).to_csv() for f in sorted(dossier.glob("*.parquet"))])


def lire_publication(vue: Vue) -> Lecture:
    """Tout fichier de texte posé à côté des publications."""
    textes = []
    for chemin in sorted(vue.espace.publications.rglob("*")):
        if chemin.is_file() and chemin.suffix != ".corrections":
            with contextlib.suppress(UnicodeDecodeError):
                textes.append(chemin.read_text("utf-8"))
    return Lecture(textes=textes)


def lire_corrections(vue: Vue) -> Lecture:
    """Nouveaux chiffres corrigés ; les anciens doivent avoir été publiés par une publication d'avant."""
    chemin = vue.espace.publications / f"{vue.publication}.corrections"
    if not chemin.is_file():
        return Lecture(pd.DataFrame(columns=[*CLE, "valeur"]))
    table = pd.read_parquet(chemin)
    return Lecture(table.assign(valeur=table.nouvelle)[[*CLE, "valeur"]], [table.motif.str.cat(sep=" ")])


# --- La ligne de commande -----------------------------------------------------------------------------


def lire_valeurs(vue: Vue) -> Lecture:
    """JSON et tableau de l'écran."""
    commande = ("valeurs", "-i", vue.indicateur, "-m", vue.maille, "-p", vue.periode, "-d", vue.departement,
                "--publication", vue.publication)  # fmt: skip
    brut = run(vue, *commande, "--json")
    faits = pd.DataFrame(json.loads(brut)["valeurs"]).assign(**vue.cle)
    return Lecture(faits, [brut, run(vue, *commande)])


def lire_zone(vue: Vue) -> Lecture:
    """Zones faites de la diffusion : un nombre, ou l'intervalle que chacun en déduit."""
    textes, zones = [], []
    for codes in vue.zones:
        brut = run(vue, "valeurs", "-i", vue.indicateur, "-p", vue.periode, "--zone", ",".join(codes), "--json",
                   "--publication", vue.publication)  # fmt: skip
        textes.append(brut)
        if brut.startswith("{"):
            lue = json.loads(brut)["valeur"]
            bas, haut = (lue["valeur"] if lue["valeur"] is not None else lue[b] for b in ("borne_inf", "borne_sup"))
            zones.append((codes, *(np.nan if b is None else float(b) for b in (bas, haut))))
    return Lecture(textes=textes, zones=zones)


def lire_zone_exacte(vue: Vue) -> Lecture:
    """Zones faites du socle : accordées, elles disent leur somme à deux unités près."""
    textes, zones = [], []
    courante = list_publications(vue.espace)[-1] == vue.publication
    for codes in vue.zones if courante else ():
        brut = run(
            vue, "secret", "zone", vue.indicateur, "--zone", ",".join(codes), "-p", vue.periode,
            "--auteur", "essais", "--json",
        )  # fmt: skip
        textes.append(brut)
        lue = json.loads(brut) if brut.startswith("{") else {"numerateur": None}
        if lue["numerateur"] is not None:
            ecart = lue["arrondi"] // 2
            zones.append((codes, lue["numerateur"] - ecart, lue["numerateur"] + ecart))
    return Lecture(textes=textes, zones=zones)


def lire_audit(vue: Vue) -> Lecture:
    """Preuve rejouée : des comptes de cases, aucune valeur."""
    return Lecture(textes=[run(vue, "secret", "auditer", "--publication", vue.publication, "--json")])


def lire_explication(vue: Vue) -> Lecture:
    """Explication d'une case, réservée ; un contributeur sans rôle n'en a rien."""
    cellule = f"{vue.indicateur}:{vue.maille}:{vue.territoire}:{vue.periode}"
    return Lecture(textes=[run(vue, "secret", "expliquer", cellule, "--auteur", "essais", "--json")])


def lire_territoires(vue: Vue) -> Lecture:
    """Territoires d'un département."""
    return Lecture(textes=[run(vue, "territoires", "-d", vue.departement, "--json")])


def lire_carte_fichier(vue: Vue) -> Lecture:
    """Image en traits et page autonome de la ligne de commande."""
    textes = []
    for genre in ("svg", "html"):
        chemin = vue.dossier / f"carte.{genre}"
        dit = run(vue, "carte", vue.indicateur, "-m", vue.maille, "-p", vue.periode, "-d", vue.departement,
                  "--publication", vue.publication, "-o", str(chemin))  # fmt: skip
        textes += [dit, *read_textes(chemin.read_text("utf-8"))]
    return Lecture(textes=textes)


def lire_publications(vue: Vue) -> Lecture:
    """Liste des publications."""
    return Lecture(textes=[run(vue, "publication", "lister", "--json"), run(vue, "publication", "lister")])


def lire_comparaison(vue: Vue) -> Lecture:
    """Différences entre la première publication et celle-ci."""
    premiere = list_publications(vue.espace)[0]
    brut = run(vue, "publication", "comparer", premiere, vue.publication, "--limite", "0", "--json")
    lignes = pd.DataFrame(json.loads(brut)["lignes"], columns=[*CLE, "apres", "statut_apres"])
    return Lecture(lignes.rename(columns={"apres": "valeur", "statut_apres": "statut"}), [brut])


def lire_journal(vue: Vue) -> Lecture:
    """Journal entier."""
    return Lecture(textes=[run(vue, "publication", "journal", "--derniers", "0", "--json")])


def lire_construction(vue: Vue) -> Lecture:
    """Ce que les constructions ont rendu : leurs anomalies, leurs messages."""
    return Lecture(textes=list(vue.comptes_rendus))


def lire_depots(vue: Vue) -> Lecture:
    """Liste des dépôts."""
    return Lecture(textes=[run(vue, "livraison", "lister", "--json"), run(vue, "livraison", "lister")])


def lire_differences(vue: Vue) -> Lecture:
    """Ce qu'un brouillon changerait : rien de ce qu'il cache encore."""
    if not vue.brouillon:
        return Lecture()
    brut = run(vue, "livraison", "differences", vue.brouillon, "--limite", "0", "--json")
    return Lecture(textes=[brut, *_check_lignes(json.loads(brut)["lignes"])])


def _check_lignes(lignes: list[dict]) -> list[str]:
    fautives = [x for x in lignes if x["statut_apres"] == "secret" and x["apres"] is not None]
    return [f"{FUITE} : {x['indicateur']} {x['code_territoire']}" for x in fautives]


def lire_zonage(vue: Vue) -> Lecture:
    """Compte rendu d'un zonage : des codes, aucun chiffre."""
    return Lecture(textes=[run(vue, "livraison", "zonage", str(vue.dossier / "rien.csv"), "--niveau", "secteur")])


def lire_verifier(vue: Vue) -> Lecture:
    """Fautes du catalogue."""
    return Lecture(textes=[run(vue, "verifier", "--json")])


def lire_aide(vue: Vue) -> Lecture:
    """Une commande qui n'a pas de donnée à dire : son aide."""
    return Lecture(textes=[run(vue, "app", "--help"), run(vue, "livraison", "proposer", "--help")])


def lire_modele(vue: Vue) -> Lecture:
    """Classeur envoyé au producteur : des codes, des cases vides."""
    chemin = vue.dossier / "modele.xlsx"
    source = vue.consultation.find_indicateur(vue.indicateur).source
    dit = run(vue, "livraison", "modele", source, "-o", str(chemin), "-p", vue.periode, "-d", vue.departement)
    return Lecture(textes=[dit, *read_cellules(chemin.read_bytes())])


# --- Les téléchargements ---------------------------------------------------------------------------------


def lire_csv(vue: Vue) -> Lecture:
    """CSV français."""
    texte = get(vue, "/telecharger/carte.csv").content.decode("utf-8-sig")
    lignes = pd.DataFrame(csv.DictReader(io.StringIO(texte), delimiter=";"))
    faits = lignes.rename(columns={"code": "code_territoire"}).assign(**vue.cle)
    for nom in CHIFFRES:
        faits[nom] = [parse_nombre(t) for t in faits[nom]]
    return Lecture(faits, [texte], decimales=6)


def lire_xlsx(vue: Vue) -> Lecture:
    """Classeur : feuille de valeurs, notice, propriétés."""
    contenu = get(vue, "/telecharger/carte.xlsx").content
    feuille = openpyxl.load_workbook(io.BytesIO(contenu))["Valeurs"]
    entete, *lignes = feuille.iter_rows(values_only=True)
    noms = {"code": "code_territoire", "intervalle : de": "borne_inf", "intervalle : à": "borne_sup",
            "nombre": "numerateur", "sur": "denominateur"}  # fmt: skip
    faits = pd.DataFrame(lignes, columns=["valeur" if t.startswith("valeur") else noms.get(t, t) for t in entete])
    faits = faits.assign(**vue.cle, statut=faits.statut.map(lambda s: STATUTS_CLAIRS.get(s, "")))
    return Lecture(faits, read_cellules(contenu))


def read_cellules(contenu: bytes) -> list[str]:
    """Toutes les cellules d'un classeur, notes comprises."""
    classeur = openpyxl.load_workbook(io.BytesIO(contenu))
    cellules = (c for feuille in classeur for ligne in feuille.iter_rows() for c in ligne)
    return [f"{c.value} {c.comment.text if c.comment else ''}" for c in cellules if c.value is not None]


def lire_svg(vue: Vue) -> Lecture:
    """Carte en traits."""
    return Lecture(textes=read_textes(get(vue, "/telecharger/carte.svg").text))


def lire_png(vue: Vue) -> Lecture:
    """Image : ce que son fichier dit en texte."""
    return _read_image(get(vue, "/telecharger/carte.png"))


def lire_vignette(vue: Vue) -> Lecture:
    """Vignette d'un lien."""
    return _read_image(get(vue, "/vignette/carte.png"))


def _read_image(reponse) -> Lecture:
    image = Image.open(io.BytesIO(reponse.content))
    return Lecture(textes=[str(image.info), str(dict(reponse.headers))])


def lire_noms(vue: Vue) -> Lecture:
    """Noms des fichiers proposés."""
    reponses = [get(vue, f"/telecharger/carte.{g}", territoire=vue.territoire) for g in ("csv", "xlsx", "svg")]
    return Lecture(textes=[r.headers["content-disposition"] for r in reponses])


def lire_refus(vue: Vue) -> Lecture:
    """Messages des adresses fausses."""
    fausses = ({"periode": "1999"}, {"territoire": "00000"}, {"maille": "iris"}, {"mesure": "nombre"})
    textes = [get(vue, "/telecharger/carte.csv", **faux).text for faux in fausses]
    return Lecture(textes=[t for t in textes if "impossible" in t])


def lire_service(vue: Vue) -> Lecture:
    """État du service."""
    return Lecture(textes=[vue.client.get("/sante").text, str(dict(vue.client.get("/sante").headers))])


def lire_recherche(vue: Vue) -> Lecture:
    """Recherche de territoires."""
    return Lecture(textes=[get(vue, "/chercher", q=q).text for q in ("saint", vue.territoire)])


def read_textes(page: str) -> list[str]:
    """Tout ce qui se lit dans une page ou un dessin, tracés et feuilles de style à part."""
    sans_traces = re.sub(r'\s(?:d|points|transform|viewBox|style|id|href)="[^"]*"', "", page)
    sans_style = re.sub(r"<(style|script)\b.*?</\1>", "", sans_traces, flags=re.DOTALL)
    return [unescape(t) for t in re.split(r"<[^>]*?>", sans_style) if t.strip()] + re.findall(
        r'(?:title|aria-label|content|alt|data-[a-z]+)="([^"]*)"', sans_style
    )


def parse_nombre(texte: object) -> float:
    """Nombre écrit à la française ; ``nan`` pour tout autre texte."""
    propre = str(texte).replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        return float(propre)
    except ValueError:
        return np.nan
