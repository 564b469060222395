"""Pages that a browser shows: markup, style and script, without a server."""
