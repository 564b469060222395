"""What payment providers send us: each protocol in a module of plain functions."""
