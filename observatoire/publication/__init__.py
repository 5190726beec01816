"""Publication : construire, comparer, publier, restaurer."""
