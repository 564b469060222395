"""What happened to a child between two reports, or did not: read from the platform, and told once."""
