"""Registres vivants d'un espace : journal des gestes, dépôts reçus, zones diffusées (SQLAlchemy, SQLite par défaut)."""
