"""Words of despair: what they are known by, and what is answered without a model in between."""
