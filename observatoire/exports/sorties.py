"""Registre des sorties : tout ce par quoi un chiffre peut quitter l'observatoire.

Une sortie qui n'est pas ici n'existe pas pour les essais du secret, qui échouent alors : chaque route, chaque
commande, chaque bouton de téléchargement, chaque fonction d'export, chaque champ d'une charge utile y a sa place,
et l'attaquant des essais passe par chacune.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Acces(StrEnum):
    """Qui peut lire une sortie."""

    PUBLIC = "public"
    """Tout lecteur, ou quiconque reçoit une copie de la diffusion et des publications."""
    ATELIER = "atelier"
    """Qui tient l'espace de travail : la ligne de commande, l'Atelier."""
    PRODUCTEUR = "producteur"
    """Qui vient de livrer ces chiffres : on lui redit les siens, jamais ceux d'avant."""
    RESERVE = "reserve"
    """Valideurs seuls ; chaque lecture est inscrite au journal."""


@dataclass(frozen=True)
class Sortie:
    """Sortie inscrite.

    Attributes:
        id: identifiant.
        libelle: ce qu'elle est.
        cibles: ``module:fonction`` qui la produisent.
        acces: qui la lit.
        chiffree: vraie si elle peut porter un chiffre d'un indicateur.
        routes: adresses HTTP.
        commandes: commandes de la ligne de commande.
    """

    id: str
    libelle: str
    cibles: tuple[str, ...]
    acces: Acces = Acces.PUBLIC
    chiffree: bool = True
    routes: tuple[str, ...] = ()
    commandes: tuple[str, ...] = ()


_A = Acces.ATELIER
_EXPORTS, _PUBLICATION, _APP = "observatoire.exports", "observatoire.publication", "observatoire.app"

SORTIES = (
    # --- Ce qui est posé sur le disque, et peut être emporté ---------------------------------------
    Sortie("diffusion_delta", "Table Delta des observations, toutes versions", (
        "observatoire.store.diffusion:write_observations",)),
    Sortie("diffusion_copies", "Copies Parquet d'une publication, par indicateur et par territoire", (
        "observatoire.store.diffusion:write_copie",)),
    Sortie("diffusion_tables", "Territoires (et leur population), liens, lieux", (
        "observatoire.store.diffusion:write_tables",)),
    Sortie("publication_fichiers", "Publication, manifestes, catalogue figé, rapport du secret", (
        "observatoire.store.publications:save_publication", "observatoire.catalogue.fige:save_catalogue_fige")),
    Sortie("corrections_fichier", "Chiffres corrigés, à côté d'une publication", (
        "observatoire.store.corrections:write_corrections",)),
    # --- Ligne de commande ---------------------------------------------------------------------------
    Sortie("valeurs_json", "Valeurs en JSON, ou en tableau à l'écran", (
        "observatoire.cli.valeurs:valeurs", "observatoire.analyse.export_json:build_valeurs_json"),
        commandes=("valeurs",)),
    Sortie("zone_json", "Zone à la demande, faite de la seule diffusion", (
        "observatoire.analyse.zone:build_zone_json", "observatoire.cli.valeurs:valeurs")),
    Sortie("zone_exacte", "Zone à la demande, faite du socle, arrondie ; inscrite au registre", (
        "observatoire.cli.secret_zone:zone",), commandes=("secret zone",)),
    Sortie("audit", "Preuve rejouée, sans valeur", ("observatoire.cli.secret:auditer",), _A,
        commandes=("secret auditer",)),
    Sortie("explication", "Pourquoi une case est masquée", ("observatoire.cli.secret:expliquer",), Acces.RESERVE,
        commandes=("secret expliquer",)),
    Sortie("territoires_json", "Territoires et leur population, en JSON", (
        "observatoire.cli.territoires:territoires", "observatoire.analyse.export_json:build_territoires_json"),
        commandes=("territoires",)),
    Sortie("carte_fichier", "Carte en image, PDF ou page autonome", ("observatoire.cli.carte:carte",),
        commandes=("carte",)),
    Sortie("publications_json", "Publications et leurs dépôts", ("observatoire.cli.publication:lister",), _A,
        commandes=("publication lister", "publication restaurer")),
    Sortie("comparaison_json", "Différences entre deux publications", ("observatoire.cli.publication:comparer",), _A,
        commandes=("publication comparer",)),
    Sortie("journal_json", "Journal des gestes", ("observatoire.cli.publication:journal",), _A,
        commandes=("publication journal",)),
    Sortie("construction", "Compte rendu d'une construction, d'une publication, d'un retrait", (
        "observatoire.cli.construire:construire", "observatoire.cli.livraison:publier",
        "observatoire.cli.livraison:retirer"), _A,
        commandes=("construire", "livraison publier", "livraison retirer", "livraison approuver", "livraison rejeter")),
    Sortie("depots_json", "Dépôts reçus", ("observatoire.cli.livraison:lister",), _A, commandes=("livraison lister",)),
    Sortie("rapport_livraison", "Rapport du contrôle d'un fichier, rendu à qui l'a déposé", (
        "observatoire.cli.livraison:controler", "observatoire.cli.livraison:deposer"), Acces.PRODUCTEUR,
        commandes=("livraison controler", "livraison deposer")),
    Sortie("differences_json", "Ce qu'un dépôt changerait", ("observatoire.cli.livraison:differences",), _A,
        commandes=("livraison differences",)),
    Sortie("proposition", "Déclaration ébauchée d'un fichier inconnu", (
        "observatoire.cli.livraison_proposer:proposer",), _A, chiffree=False, commandes=("livraison proposer",)),
    Sortie("zonage", "Compte rendu du dépôt d'un zonage", ("observatoire.cli.livraison_zonage:zonage",), _A,
        chiffree=False, commandes=("livraison zonage",)),
    Sortie("catalogue_fautes", "Fautes du catalogue", ("observatoire.cli.verifier:verifier",), _A, chiffree=False,
        commandes=("verifier",)),
    Sortie("serveur", "Démarrage de l'application", ("observatoire.cli.app:servir",), chiffree=False,
        commandes=("app",)),
    # --- Fichiers téléchargés --------------------------------------------------------------------------
    Sortie("carte_csv", "CSV d'une carte", (f"{_EXPORTS}.csv_francais:write_csv",), routes=("/telecharger/carte.csv",)),
    Sortie("carte_xlsx", "Classeur d'une carte", (
        f"{_EXPORTS}.tableur:write_classeur", f"{_EXPORTS}.feuille:write_lignes", f"{_EXPORTS}.notice:write_notice",
        f"{_EXPORTS}.tableau:build_tableau", f"{_EXPORTS}.tableur:write_entetes"),
        routes=("/telecharger/carte.xlsx",)),
    Sortie("carte_svg", "Carte en traits : titre, phrase, légende, description", (
        "observatoire.cartes.statique:render_carte",), routes=("/telecharger/carte.svg",)),
    Sortie("carte_png", "Carte en image", ("observatoire.cartes.statique:render_carte",),
        routes=("/telecharger/carte.png",)),
    Sortie("impression", "Page à imprimer, et le PDF qu'un navigateur en fait", (
        f"{_EXPORTS}.impression:render_impression", f"{_EXPORTS}.tableau_imprime:render_tableau",
        f"{_EXPORTS}.motifs_svg:draw_motifs", f"{_EXPORTS}.impression_style:write_style"),
        routes=("/imprimer/carte",)),
    Sortie("vignette", "Image qui annonce le lien d'une carte", ("observatoire.cartes.vignette:render_vignette",),
        routes=("/vignette/carte.png",)),
    Sortie("noms_fichiers", "Nom d'un fichier téléchargé", (
        f"{_EXPORTS}.noms_fichiers:name_fichier", f"{_EXPORTS}.noms_fichiers:simplify_nom",
        f"{_APP}.telechargements:name_carte")),
    Sortie("cellules", "Texte qu'un tableur ne prendra pas pour une formule", (
        f"{_EXPORTS}.formules:neutralise",), chiffree=False),
    Sortie("modele", "Classeur à remplir par un producteur", (
        f"{_PUBLICATION}.modele_classeur:write_modele", f"{_APP}.atelier.documents:show_modele",
        "observatoire.cli.livraison_modele:modele"), _A, commandes=("livraison modele",)),
    Sortie("bon_html", "Bon à publier, en page", (
        f"{_PUBLICATION}.bon_html:render_bon", f"{_APP}.atelier.documents:show_bon",
        "observatoire.cli.livraison_bon:bon"), _A, commandes=("livraison bon",)),
    Sortie("bon_xlsx", "Bon à publier, en classeur", (f"{_PUBLICATION}.bon_classeur:write_bon",), _A),
    Sortie("fautes_xlsx", "Classeur des fautes d'un fichier, rendu à qui l'a déposé", (
        f"{_APP}.atelier.etape_verifier:show_verifier",), Acces.PRODUCTEUR),
    # --- Pages ---------------------------------------------------------------------------------------------
    Sortie("page_carte", "Charge utile de la carte, légende, phrase, tableau, fiche", (
        "observatoire.cartes.couche:build_message", f"{_APP}.pages.carte", f"{_APP}.composants.tableau:render_tableau",
        f"{_APP}.composants.fiche:render_fiche")),
    Sortie("page_territoire", "Portrait d'un territoire", (
        f"{_APP}.pages.territoire", f"{_APP}.composants.territoire_page:render_corps")),
    Sortie("page_methode", "Méthode, règles et état des données", (
        f"{_APP}.pages.methode", f"{_APP}.composants.methode_page:render_methode")),
    Sortie("page_accueil", "Accueil, et pages sans indicateur", (
        f"{_APP}.pages.accueil", f"{_APP}.pages.mentions", f"{_APP}.pages.accessibilite")),
    Sortie("page_atelier", "Atelier : rapports, différences, historique", (f"{_APP}.pages.atelier",), _A),
    Sortie("apercu_lien", "Titre, phrase et image d'un lien collé", (f"{_APP}.apercu_lien:write_balises",)),
    Sortie("premiere_image", "Carte dessinée dans la page avant l'application", (
        f"{_APP}.premiere_image:write_premiere",)),
    Sortie("recherche", "Recherche de territoires", (f"{_APP}.routes.recherche:send_recherche",),
        routes=("/chercher", "/chercher/{reste:path}")),
    Sortie("refus", "Message d'une adresse qui ne désigne rien", (f"{_APP}.reponses:refuse",),
        routes=("/telecharger", "/telecharger/{reste:path}", "/imprimer", "/imprimer/{reste:path}", "/vignette",
                "/vignette/{reste:path}")),
    Sortie("service", "État du service, logo, scripts, fonds de carte", (f"{_APP}.serveur:send_sante",),
        chiffree=False, routes=("/sante", "/logo", "/statique", "/statique-app/{nom}")),
)  # fmt: skip
"""Toutes les sorties ; une sortie nouvelle s'ajoute ici, et reçoit un lecteur dans les essais."""

CHAMPS = MappingProxyType({
    "observations": frozenset({
        "indicateur", "maille", "code_territoire", "periode", "modalite", "cog", "valeur", "borne_inf", "borne_sup",
        "numerateur", "denominateur", "periode_denominateur", "statut", "marques", "couverture",
    }),
    "territoires": frozenset({
        "maille", "code", "cog", "libelle", "type_liaison", "nature", "zone", "code_departement", "chef_lieu",
        "population",
    }),
    "corrections": frozenset({
        "indicateur", "maille", "code_territoire", "periode", "modalite", "ancienne", "statut_ancien", "nouvelle",
        "corrigee_le", "publication", "depot", "motif",
    }),
    "publication": frozenset({
        "id", "date", "cog", "empreinte", "auteur", "motif", "versions", "fonds", "catalogue", "indicateurs",
        "livraisons", "en_attente", "journal",
    }),
    "livraison_active": frozenset({"depot", "source", "fichier", "sha256", "nature", "lots", "cog"}),
    "manifeste": frozenset({
        "source", "fichier", "producteur", "titre", "licence", "url", "millesime", "millesime_geographique",
        "date_extraction", "sha256", "confidentialite", "lignes", "paquets", "notes",
    }),
    "valeurs_json": frozenset({
        "code_territoire", "libelle", "modalite", "valeur", "borne_inf", "borne_sup", "statut", "marques",
        "couverture", "numerateur", "denominateur", "periode_denominateur", "correction",
    }),
    "valeurs_meta": frozenset({
        "indicateur", "libelle", "definition", "unite", "nature", "type_mesure", "polarite", "maille", "departement",
        "periode", "periodes", "cog", "source", "attente_mois", "precautions", "publication", "date_publication",
    }),
    "csv": frozenset({
        "code", "territoire", "categorie", "valeur", "borne_inf", "borne_sup", "numerateur", "denominateur", "statut",
        "couverture", "correction", "indicateur", "unite", "periode", "source", "publication",
    }),
    "classeur": frozenset({
        "code", "territoire", "categorie", "valeur", "borne_inf", "borne_sup", "nombre", "sur", "statut", "remarque",
    }),
    "carte": frozenset({
        "fond", "valeurs", "dessin", "textes", "lieux", "aria", "publication", "selection",
    }),
    "carte_valeurs": frozenset({"n", "d", "v", "s", "bi", "inf", "sup", "ei", "ec"}),
    "carte_dessin": frozenset({
        "type", "couleurs", "bornes", "incluse", "couleur", "cerne", "maximum", "rayon", "libelles", "mixte", "parts",
    }),
})  # fmt: skip
"""Champs de chaque charge utile ; un champ nouveau s'ajoute ici après qu'on a dit qui peut le lire."""


def list_ids() -> list[str]:
    """Identifiants inscrits."""
    return [s.id for s in SORTIES]
