"""Buttons. Their callback data are stable handles: scripts and tests press them whatever the wording or language."""
