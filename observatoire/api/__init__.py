"""Routes HTTP lues par les partenaires."""
