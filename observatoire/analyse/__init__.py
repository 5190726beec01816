"""Analyse : lire une publication, situer un territoire, résumer une carte."""
