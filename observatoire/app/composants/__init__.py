"""Morceaux d'écran partagés par plusieurs pages."""
