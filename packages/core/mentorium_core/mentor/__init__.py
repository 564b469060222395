"""The conversation with the mentor: read-only tools over this parent's own children, and no name in what is sent."""
