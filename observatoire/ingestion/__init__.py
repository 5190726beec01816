"""Ingestion : lire les livraisons, projeter leurs colonnes, contrôler, écrire le socle."""
