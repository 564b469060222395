"""Backups of the bot's database and their restore, by PostgreSQL's own pg_dump and pg_restore (BACKUPS.md)."""
