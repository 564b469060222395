"""Tariffs, access without payment, and the one rule of who may see what."""
