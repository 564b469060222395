"""A large load into tables without indexes and keys, which are built anew after it."""

from __future__ import annotations

from collections.abc import Sequence

from mentorium_sandbox.school.copy_format import Connection

# What refers to others goes first and comes back last.
_CONSTRAINTS = """
SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE contype IN ('p', 'u', 'f') AND connamespace = 'platform'::regnamespace
    AND (conrelid = ANY ($1::text[]::regclass[]) OR confrelid = ANY ($1::text[]::regclass[]))
ORDER BY contype = 'f' DESC, conrelid, oid
"""
_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index
WHERE indrelid = ANY ($1::text[]::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
ORDER BY indexrelid
"""


async def strip(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Drop indexes, keys and references of these tables; returns the statements that build them again, in order.

    To be used in a transaction: its rollback brings them back, too.
    """
    names = [f"platform.{table}" for table in tables]
    constraints = await connection.fetch(_CONSTRAINTS, names)
    indexes = await connection.fetch(_INDEXES, names)
    for row in constraints:
        await connection.execute(f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['name']}")
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['name']}")
    return [row["definition"] for row in indexes] + [
        f"ALTER TABLE {row['table']} ADD CONSTRAINT {row['name']} {row['definition']}" for row in reversed(constraints)
    ]
