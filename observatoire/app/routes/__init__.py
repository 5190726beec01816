"""Adresses servies à côté des pages ; chaque module déclare ``ROUTES``."""
