"""What the worker does when a moment has come or a job is stored: each a thin way to a use case."""
