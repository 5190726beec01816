"""Profil d'un territoire : données, phrases et rendu."""
