"""Données propres à emporter, avec source et méthode."""
