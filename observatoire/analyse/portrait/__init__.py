"""Portrait : tout ce qu'un territoire a de publié, besoins et ressources en regard, sans mise en page."""

from __future__ import annotations

from observatoire.analyse.portrait.construction import build_portrait, choose_portee
from observatoire.analyse.portrait.lieux import count_par_commune
from observatoire.analyse.portrait.modele import Portrait

__all__ = ["Portrait", "build_portrait", "choose_portee", "count_par_commune"]
