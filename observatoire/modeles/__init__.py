"""Vocabulaire de l'observatoire, sans entrée ni sortie."""
