"""The outbox at work: senders that claim messages and carry them, and the sweeper for what time alone does."""
