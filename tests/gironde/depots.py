"""Observatoire de la Gironde : les fichiers réels qu'on y dépose, et l'espace qu'ils construisent."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.config import Espace
from observatoire.modeles.mailles import Maille
from observatoire.publication.brouillons import read_rapport
from observatoire.publication.deposer import deposer
from observatoire.publication.publier import publier_ensemble
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, find_depot
from observatoire.store.publications import current_id

DEPARTEMENT = "33"
REUNIE = "33008"
"""Commune de Gironde qui en a réuni une autre en 2025 (33409)."""
FILOSOFI = "insee/filosofi/"
STATISTIQUES = "insee/statistiques_locales/suroccupation_logement_"


@dataclass(frozen=True)
class Fichier:
    """Fichier déposé, avec ce que doit dire qui le dépose quand le fichier ne le dit pas."""

    source: str
    chemin: str
    periode: str | None = None
    maille: Maille | None = None


FICHIERS = (
    Fichier("cnaf_prestations_communes", "cnaf/s_ben_com_f_gironde_et_non_localises.csv"),
    Fichier("dares_demandeurs_emploi_communes", "france_travail/dares_defm_communales_gironde.csv"),
    Fichier("insee_filosofi", f"{FILOSOFI}FILO2016_DISP_COM.csv"),
    Fichier("insee_filosofi", f"{FILOSOFI}FILO2019_DISP_COM.csv"),
    Fichier("insee_filosofi", f"{FILOSOFI}FILO2019_DISP_EPCI.csv", maille=Maille.EPCI),
    Fichier("insee_filosofi", f"{FILOSOFI}FILO2019_DISP_DEP.csv", maille=Maille.DEPARTEMENT),
    Fichier("insee_filosofi", f"{FILOSOFI}FILO2019_DISP_REG.csv", maille=Maille.REGION),
    Fichier("insee_filosofi", f"{FILOSOFI}BASE_TD_FILO_DISP_IRIS_2016.csv", maille=Maille.IRIS),
    Fichier("insee_filosofi", f"{FILOSOFI}BASE_TD_FILO_DISP_IRIS_2019.csv", maille=Maille.IRIS),
    Fichier("insee_suroccupation", f"{STATISTIQUES}communes.xlsx"),
    Fichier("insee_suroccupation", f"{STATISTIQUES}departements.xlsx", maille=Maille.DEPARTEMENT),
    Fichier("insee_jeunes_non_inseres", "insee/rp/neet_dpt_2018.csv"),
    Fichier("insee_jeunes_non_inseres", "insee/rp/neet_epci_2018.csv", maille=Maille.EPCI),
    Fichier("depp_ips_colleges", "education/fr-en-ips_colleges_2022.csv"),
    Fichier("depp_ips_ecoles", "education/fr-en-ips_ecoles_2022.csv"),
    Fichier("sdes_rpls", "sdes/parc_logements_sociaux_communes_2024.csv", periode="2024"),
    Fichier("drees_apl_medecins", "drees/APL_mg_2021.xlsx", periode="2021"),
    Fichier("drees_apl_infirmieres", "drees/APL_inf_2021.xlsx", periode="2021"),
    Fichier("drees_aah", "drees/minima_sociaux_donnees_departementales.xlsx", periode="2019"),
    Fichier("anct_france_services", "anct/france_services_liste.csv", periode="2024"),
    Fichier("culture_bibliotheques", "culture/adresses-des-bibliotheques-publiques.csv", periode="2020"),
)
SOURCES = tuple(dict.fromkeys(f.source for f in FICHIERS))


@dataclass(frozen=True)
class Gironde:
    """Espace où tous les fichiers ont été déposés, puis publiés ensemble."""

    espace: Espace
    donnees: Path
    depots: dict[str, str]

    @cached_property
    def consultation(self) -> Consultation:
        """Publication en ligne."""
        return open_consultation(self.espace)

    def depot(self, chemin: str) -> Depot:
        """Dépôt d'un fichier."""
        return find_depot(open_registres(self.espace), self.depots[chemin])

    def rapport(self, chemin: str):
        """Rapport de contrôle d'un fichier déposé."""
        return read_rapport(self.espace, self.depots[chemin])


def build_gironde(commun: Path, donnees: Path) -> Gironde:
    """Dépose et publie une seule fois, même si plusieurs processus d'essai le demandent."""
    espace, liste = Espace(commun / "gironde"), commun / "gironde_depots.json"
    with (commun / "gironde.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not liste.is_file() or current_id(espace) is None:
            espace.racine.mkdir(exist_ok=True)
            (espace.racine / "espace.yaml").write_text(
                f'nom: Observatoire social de la Gironde\ndepartement: "{DEPARTEMENT}"\n', "utf-8"
            )
            liste.write_text(json.dumps(_deposit_all(espace, donnees)), "utf-8")
            _publish_all(espace, list(json.loads(liste.read_text("utf-8")).values()))
    return Gironde(espace, donnees, json.loads(liste.read_text("utf-8")))


def _deposit_all(espace: Espace, donnees: Path) -> dict[str, str]:
    depots = {}
    for f in FICHIERS:
        resultat = deposer(
            espace,
            donnees / f.chemin,
            source=f.source,
            auteur="essais",
            motif="construction de l'observatoire de la Gironde",
            periode=f.periode,
            maille=f.maille,
        )
        fautes = [str(a) for a in resultat.rapport.anomalies if a.gravite == "bloquant"]
        assert resultat.accepte, (f.chemin, fautes[:5], resultat.rapport.quarantaine)
        depots[f.chemin] = resultat.depot.id
    return depots


def _publish_all(espace: Espace, depots: list[str]) -> None:
    """Une seule reconstruction pour tous les dépôts."""
    publier_ensemble(espace, depots, auteur="essais", motif="observatoire de la Gironde")
