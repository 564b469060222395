"""A report from facts: typed blocks by rules, then text in three languages and a picture."""
