"""Atelier : déposer, contrôler, comparer, publier, restaurer ; importé seulement quand il est ouvert."""
