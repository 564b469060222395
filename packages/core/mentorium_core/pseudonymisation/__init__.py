"""Pseudonymisation: names become tokens before anything is sent to a model, and tokens become names again."""
