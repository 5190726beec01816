"""Secret statistique : la porte entre le socle et la diffusion."""
