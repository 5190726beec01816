"""Types de mesure, intervalles et programmation linéaire : calculs purs, sans entrée ni sortie."""
