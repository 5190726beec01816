"""Fonds, valeurs, légendes et palettes des cartes."""
