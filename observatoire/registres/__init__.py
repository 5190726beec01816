"""Registres vivants : journal, partenariat, diffusions."""
