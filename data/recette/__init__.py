"""La recette : reconstruit, depuis des paquets publics, toutes les données livrées.

Usage, à la racine du dépôt : ``python -m data.recette [--telechargements DOSSIER]``.
Dépendance de développement seule : ``dbfread`` (lecture du carroyage de l'Insee).
"""
