"""Messages to parents: the outbox, who sends next, and what became of each."""
