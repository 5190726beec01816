"""Proposition : reconnaître un fichier inconnu et ébaucher la déclaration de sa source."""

from observatoire.ingestion.proposition.declaration import render_declaration
from observatoire.ingestion.proposition.modele import Proposition, TableProposee
from observatoire.ingestion.proposition.proposer import propose

__all__ = ["Proposition", "TableProposee", "propose", "render_declaration"]
