"""Where a person stands in a conversation that takes several steps."""
