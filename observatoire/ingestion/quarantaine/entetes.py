"""Ce qu'annonce un nom de colonne : une nature présumée, que les valeurs confirment ou démentent."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Nature(StrEnum):
    """Nature présumée d'une colonne."""

    NIR = "nir"
    IBAN = "iban"
    PRENOM = "prenom"
    NOM = "nom"
    NOM_PERSONNE = "nom_personne"
    NOM_COMPLET = "nom_complet"
    ROLE = "role"
    DATE_NAISSANCE = "date_naissance"
    ADRESSE = "adresse"
    COURRIEL = "courriel"
    TELEPHONE = "telephone"
    ALLOCATAIRE = "allocataire"
    FRANCE_TRAVAIL = "france_travail"
    DOSSIER = "dossier"
    IDENTIFIANT_PERSONNE = "identifiant_personne"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    TERRITOIRE = "territoire"
    NOM_TERRITOIRE = "nom_territoire"
    PERIODE = "periode"
    MESURE = "mesure"
    COMPTE = "compte"
    ID_LIEU = "id_lieu"
    NOM_LIEU = "nom_lieu"
    HORAIRES = "horaires"
    SEXE = "sexe"
    AGE = "age"
    ANNEE_NAISSANCE = "annee_naissance"
    ATTRIBUT = "attribut"
    IDENTIFIANT = "identifiant"


_NUMERO = r"(?:num\w*|no|nr|n|id\w*|ref|matricule|code|cle)"
_LIEN = r"_?(?:(?:de|du|d|des|l|la|le)_)*"
_PERSONNE = (
    r"(?:usager|beneficiaire|personne|individu|indiv|enfant|patient|assure|demandeur|menage|foyer|famille|agent|salarie|"
    r"eleve|adherent|client|locataire|mineur|jeune|appelant|person|user|child|household|member|resident|ayant_droit|"
    r"stagiaire|etudiant|parent|mere|pere|victime|auteur)"
)

# Formes cherchées dans le nom normalisé, entouré de « _ ».
_FORMES = {
    Nature.NIR: rf"_(nir|nirpp|nss|niss|ssn)_|nir_|secu(rite)?_?soc|_{_NUMERO}{_LIEN}(secu|ss|insee_personne)_",
    Nature.IBAN: r"iban|_rib_|compte_bancaire",
    Nature.PRENOM: r"prenom|first_?name|given_?name|forename|_fname_",
    Nature.NOM_COMPLET: (
        r"nom_?(et_)?_?prenom|prenoms?_?(et_)?nom|_nom_complet|full_?name|_identite_|_etat_civil_|_nom_usager_prenom"
    ),
    Nature.NOM_PERSONNE: (
        rf"_noms?_(d_|de_|du_|de_l_)?({_PERSONNE}s?|usage|naissance|patronymique|famille|jeune_fille|marital|"
        r"epou\w+|allocataire|referent|conjoint|titulaire|assist\w+|elu|maire)_|last_?name|surname|family_?name|"
        r"_lname_|patronyme|maiden"
    ),
    Nature.NOM: r"^_(noms?|name|nom_1)_$",
    Nature.ROLE: (
        rf"^_(l_|le_|la_)?({_PERSONNE}|allocataire|referent|travailleur_social|tuteur|conjoint|responsable\w*|"
        r"assistante?_(familiale?|maternelle?|sociale?)|elu|maire|president|contact|interlocuteur|titulaire)_$"
    ),
    Nature.DATE_NAISSANCE: (
        r"_(date|dt|dte|dat|jour)_?(de_)?(la_)?nais|_(ddn|dn|dnais\w*|datnais\w*|dob)_|birth_?da(te|y)|date_of_birth|"
        r"_nee?_?(e_)?le_|_naissances?_$|_birth_"
    ),
    Nature.ANNEE_NAISSANCE: r"_(annee|an|aaaa|year|anais|annais)_?(de_|of_)?(nais|birth)|birth_?year|_anais_|_annais_",
    Nature.ADRESSE: r"adresse|_adr(_|\d)|address|_(voie|rue|street|lib_?voie|libelle_voie|nom_voie|domicile)_",
    Nature.COURRIEL: r"mail|courriel|_e?_?mel_",
    Nature.TELEPHONE: r"_tel(_|\d|eph)|phone|_portable_|_gsm_|_fax_|telephone",
    Nature.ALLOCATAIRE: (
        rf"_{_NUMERO}{_LIEN}(alloc\w*|caf)_|alloc\w*_{_NUMERO}_|_matricule(_caf)?_|_numalloc\w*_|_noalloc\w*_"
    ),
    Nature.FRANCE_TRAVAIL: (
        rf"_{_NUMERO}{_LIEN}(france_?travail|pole_?emploi|ft|pe|demandeur_d?_?emploi)_|_idpe_|_ide_|_idft_|_id_de_"
    ),
    Nature.DOSSIER: (
        r"_reference_(du_)?dossier_|"
        rf"_{_NUMERO}{_LIEN}(dossiers?|mdph|affaire|demande|instance|fiche)_|dossier_{_NUMERO}_|dossier_mdph|"
        r"_(ipp|iep|numdos\w*|nodos\w*|ndos\w*)_|case_?(id|number|no)_"
    ),
    Nature.IDENTIFIANT_PERSONNE: (
        rf"_{_NUMERO}{_LIEN}{_PERSONNE}s?_|_{_PERSONNE}_?(id|number|no|num\w*|ref)_|_(idindiv\w*|idpers\w*|pseudo\w*)_"
    ),
    Nature.LONGITUDE: (
        r"_(lon|long|lng|longitude|x|coord\w*_?x|x_?(l93|wgs84|lambert\w*|coord\w*)|est|easting)_|longitude"
    ),
    Nature.LATITUDE: r"_(lat|latitude|y|coord\w*_?y|y_?(l93|wgs84|lambert\w*|coord\w*)|nord|northing)_|latitude",
    Nature.TERRITOIRE: (
        r"codgeo|depcom|_insee_(com|dep|reg|arr)|insee_?com|_code_?(insee|geo|commune|com|dep|departement|iris|epci|reg|"
        r"region|qp|qpv|canton|secteur|zone|bassin|territoire|postal|academie)|_(insee|geo|iris|epci|qp|qpv|com|dep|reg|"
        r"dept|can|bv\w*|ze\w*|aav\w*|uu\w*|cp|codepostal|idcar\w*|idinspire|dcom|dciris|siren_(epci|membre|com)|siren|"
        r"com_(av|ap)|territoire\w*|secteur\w*|mds|utas|tas|commune|departement|region|bassin\w*|mef|academie|"
        r"canton|postcode|zip|municipality|qp\d*)_|numcom|_commune_\d{4}_|_c?odgeo|_code_$"
    ),
    Nature.NOM_TERRITOIRE: (
        r"libgeo|_lib(elle)?_?(com|commune|geo|dep|iris|epci|reg|region|qp|canton|secteur|zone|bassin|d_acheminement)|"
        r"_nom_?(de_)?(la_|l_)?(com|commune|ville|geo|dep|departement|iris|epci|quartier|region|qp|canton|secteur|zone|"
        r"bassin)|nomcom|_(commune|communes|ville|quartier|localite|departements?|regions?|territoires?|libelle|"
        r"iris|canton|epci|city|town|secteur|mds|libcom\w*|libiris|raison_sociale)_|_ncc|_nom_$|_lib_"
    ),
    Nature.PERIODE: (
        r"_(an|annee|annees|year|periode|millesime|exercice|trimestre|mois|dtreffre|rentree\w*|time_period|jour)_|"
        r"_annee_(?!nais)|^_date_$|_date_(ref|obs|situation|photo|donnees)|_rentree_scolaire_"
    ),
    Nature.COMPTE: (
        r"_(nb|nbre|nombre|nbr|effectifs?|eff|count|part|taux|tx|pct|pourcentage|total|somme|volume|indice)_"
    ),
    Nature.MESURE: (
        r"_(nb|nbre|nombre|nbr|effectifs?|eff|count|n|part|taux|tx|pct|pourcentage|total|somme|volume|indice|valeur|value|"
        r"obs_value|population|pop\w*|faits|ips|apl|score|mediane?|median|moyenne|ratio|montants?_(total|moyen|verse)\w*|"
        r"mesure|indicateur|p\d\d_\w+|c\d\d_\w+|densite|masse|foyers?|indfoy\w*|indmtt\w*|allocataires|beneficiaires|"
        r"demandeurs|naissances|deces|logements|menages|personnes|places|capacite|lits?|salaries|usagers|enfants|jeunes|mineurs|entrees|sorties)_"
    ),
    Nature.ID_LIEU: (
        r"_(uai|rne|n?u?m?_?finess\w*|fi_e[tj]|nofiness\w*|siret|id_?fs|id_?(lieu|etab\w*|structure|equipement|site|osm)|"
        r"code_?(etab\w*|bib\w*|ua|lieu)|num\w*_uai|numero_(uai|finess|siret))_"
    ),
    Nature.NOM_LIEU: (
        r"_nom_?(de_)?(la_|l_)?(etab\w*|ecole|college|lycee|lieu|structure|site|equipement|organisme|association|creche|"
        r"mat|maternite|bib\w*|mediatheque|mairie|service|residence|gare|pharmacie|centre|crous|ehpad|hopital)|_lib_fs_|"
        r"raison_sociale|denomination|enseigne|appellation|_libelle1_|nomcommercial|_etablissement_|_structure_|_lieu_"
    ),
    Nature.HORAIRES: (
        r"horaire|capacite|_(nb_)?places_|gestionnaire|_type_(etab\w*|structure|lieu|equipement)_|site_web|"
        r"_h_(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)_|opening_hours|_jours?_ouv"
    ),
    Nature.SEXE: r"_(sexe|genre|sex|gender|civilite|civ)_",
    Nature.AGE: r"_(age|ages|age_revolu|age_au\w*)_|_age_",
    Nature.ATTRIBUT: (
        r"situation|_sit_?fam|matrimonial|marital|nationalite|pays_(de_)?naissance|lieu_(de_)?naissance|profession|metier|_csp_|_pcs_|diplome|"
        r"niveau_(d_)?(etude|formation|scolaire)|statut_occupation|type_logement|enfants?_(a_)?charge|nb_enfants?|"
        r"nb_pers\w*|taille_(menage|foyer)|composition|"
        r"_(date|dt)_?(d_|de_|du_)?(l_|la_)?(entree|sortie|demande|depot|ouverture|debut|fin|decision|admission|rdv|"
        r"rendez|inscription|placement|mesure|signalement|notification|evaluation|deces|visite|accueil|entretien)|"
        r"motif|handicap|incapacite|pathologie|diagnostic|quotient|_qf_|ressources|revenus?_|salaire|_gir_|_iso_ressources|"
        r"type_(de_)?(mesure|placement|droit|aide|prestation|accueil)|orientation|langue|heure|presence|honore|absence|"
        r"montant|droit|_rdv_|_lien_|observation|commentaire|compte_rendu|_status_|_income_|education|employment"
    ),
    Nature.IDENTIFIANT: rf"^_{_NUMERO}_$|_(id|identifiant|numero|num|uuid|guid|matricule|reference|ref|cle|key)_",
}
_EXPRESSIONS = {nature: re.compile(forme) for nature, forme in _FORMES.items()}

_PERSONNELLES = frozenset(
    {
        Nature.NIR,
        Nature.ALLOCATAIRE,
        Nature.FRANCE_TRAVAIL,
        Nature.DOSSIER,
        Nature.IDENTIFIANT_PERSONNE,
        Nature.NOM_PERSONNE,
        Nature.ROLE,
        Nature.SEXE,
        Nature.AGE,
        Nature.DATE_NAISSANCE,
    }
)
"""Natures qu'un compte n'a jamais : « nb_allocataires » n'identifie personne."""


def name_forme(nom: str) -> str:
    """Nom de colonne sans accents, casse ni ponctuation, mots joints par « _ ».

    Examples:
        >>> name_forme("N° d’Allocataire")
        'n_d_allocataire'
        >>> name_forme("dateNaissance")
        'date_naissance'
    """
    separe = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", nom.replace("°", " ").replace("º", " "))
    sans_accents = "".join(c for c in unicodedata.normalize("NFKD", separe) if not unicodedata.combining(c))
    return "_".join(re.findall(r"[a-z0-9]+", sans_accents.lower()))


def list_natures(forme: str) -> frozenset[Nature]:
    """Natures qu'annonce un nom normalisé ; un compte n'en garde aucune de personnelle.

    Examples:
        >>> sorted(map(str, list_natures("date_naissance")))
        ['date_naissance']
        >>> Nature.ALLOCATAIRE in list_natures("nb_allocataires")
        False
    """
    entoure = f"_{forme}_"
    natures = frozenset(nature for nature, expression in _EXPRESSIONS.items() if expression.search(entoure))
    return natures - _PERSONNELLES if Nature.COMPTE in natures else natures
