"""Où prendre les fichiers : dossiers, INSEE, portails ouverts."""
