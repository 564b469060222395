"""Sixty questions that parents ask, each with what a good answer must hold and may not hold."""
