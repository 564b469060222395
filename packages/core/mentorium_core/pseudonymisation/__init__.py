"""What may be said, and with which names."""
