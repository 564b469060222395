"""What `make eval` measures: the guard against attacks and clean texts, and the mentor against questions."""
