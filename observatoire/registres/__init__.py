"""Registres vivants d'un espace : journal des gestes, dépôts reçus (SQLAlchemy, SQLite par défaut)."""
