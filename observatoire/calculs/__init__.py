"""Calculs : des variables du socle aux indicateurs, à toutes les mailles."""
