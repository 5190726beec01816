"""Observatoire social territorial : besoins et ressources des territoires, à égalité."""

__version__ = "0.1.0"
