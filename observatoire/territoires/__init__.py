"""Référentiel territorial : COG, appartenances, passages entre millésimes, rattachements pondérés."""
