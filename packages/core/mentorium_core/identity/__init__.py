"""Linking a Telegram user to a guardian of the platform, consent, and rights that are asked again at every use."""
