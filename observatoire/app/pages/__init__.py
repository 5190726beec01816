"""Une page de l'application par fichier."""
