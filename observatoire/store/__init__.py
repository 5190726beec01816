"""Magasins : socle confidentiel, diffusion publiable, publications."""
