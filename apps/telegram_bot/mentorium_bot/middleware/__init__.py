"""What happens around every handler, from outside in: dedup, log context and metrics, errors, the person, access."""
