"""Updates in: polling, and the order within each chat."""
