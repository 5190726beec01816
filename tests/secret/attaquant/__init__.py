"""Attaquant simulé : il ne connaît que ce qui est publié, et n'emprunte aucun code au moteur du secret."""
