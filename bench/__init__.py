"""Mesures de vitesse, chacune à côté de ses pairs dans la même exécution (``make bench``)."""
