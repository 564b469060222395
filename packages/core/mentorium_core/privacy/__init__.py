"""What we hold about a parent: given to them, or erased, on their word."""
