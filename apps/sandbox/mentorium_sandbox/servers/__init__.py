"""Real servers from wheels: PostgreSQL and a server of the Redis protocol, on 127.0.0.1 only."""
