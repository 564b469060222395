"""One module a conversation; each handler calls a use case and shows its answer."""
