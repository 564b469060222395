"""The role that the bot is given: it reads the views, and can do and see nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA, VIEWS
from mentorium_db.platform_check.finding import Finding, failure, ok, warning
from mentorium_db.session import PlatformConnection

AnyConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PlatformConnection"
_OURS = "nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_'"

_POWERS = """
    SELECT rolsuper AS superuser, rolcreatedb AS createdb, rolcreaterole AS createrole,
           rolreplication AS replication, rolbypassrls AS bypassrls,
           EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS member
    FROM pg_roles WHERE rolname = current_user
"""
_WRITABLE = f"""
    SELECT format('%I.%I', nspname, relname)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE {_OURS} AND relkind IN ('r', 'v', 'm', 'f', 'p')
        AND (has_table_privilege(pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
             OR has_any_column_privilege(pg_class.oid, 'INSERT, UPDATE'))
    ORDER BY 1
"""
_READABLE_BESIDES = f"""
    SELECT format('%I.%I', nspname, relname)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE {_OURS} AND relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT (nspname = $1 AND relname = ANY($2))
        AND has_schema_privilege(pg_namespace.oid, 'USAGE')
        AND has_any_column_privilege(pg_class.oid, 'SELECT')
    ORDER BY 1
"""
_MAY_CREATE = f"""
    SELECT format('schema %I', nspname) FROM pg_namespace
    WHERE {_OURS} AND has_schema_privilege(oid, 'CREATE')
    UNION ALL
    SELECT format('database %I', datname) FROM pg_database
    WHERE datname = current_database() AND has_database_privilege(oid, $1)
"""
_TRUSTED_FUNCTIONS = f"""
    SELECT format('%I.%I', nspname, proname)
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE {_OURS} AND prosecdef AND has_schema_privilege(pg_namespace.oid, 'USAGE')
        AND has_function_privilege(pg_proc.oid, 'EXECUTE')
    ORDER BY 1
"""


async def check_role(connection: asyncpg.Connection[asyncpg.Record]) -> AsyncIterator[Finding]:
    """Asked as the role itself: what it was connected with is what is judged."""
    yield _none(await _powers(connection), "has no powers and is member of no other role")
    yield _none(await _named(connection, _WRITABLE), "cannot write")
    views = [view.name for view in VIEWS]
    yield _none(await _named(connection, _READABLE_BESIDES, SCHEMA, views), "sees nothing else")
    yield _none(await _named(connection, _MAY_CREATE, "CREATE, TEMPORARY"), "can create nothing")
    yield _none(await _named(connection, _TRUSTED_FUNCTIONS), "borrows nobody's rights")
    if await connection.fetchval("SHOW default_transaction_read_only") != "on":
        yield failure(
            "role", "default_transaction_read_only is off; ALTER ROLE ... SET default_transaction_read_only = on"
        )
    else:
        yield ok("role", "default_transaction_read_only is on")
    if await connection.fetchval("SHOW statement_timeout") == "0":
        yield warning("role", "has no statement_timeout; 30s is a good one")
    else:
        yield ok("role", "has a statement_timeout")


async def more_than_reading(connection: AnyConnection) -> list[str]:
    """What this role can do to the platform besides reading: its powers, what it may write, where it may create.

    What a role of which it is a member may do is asked here, too. Temporary tables of its own harm nobody.
    """
    return [
        *(power for power in await _powers(connection) if power != "member"),
        *await _named(connection, _WRITABLE),
        *await _named(connection, _MAY_CREATE, "CREATE"),
    ]


async def _powers(connection: AnyConnection) -> list[str]:
    held = await connection.fetchrow(_POWERS)
    assert held is not None, "one is connected as a role"
    return [name for name, value in held.items() if value]


async def _named(connection: AnyConnection, question: str, *values: object) -> list[str]:
    return [row[0] for row in await connection.fetch(question, *values)]


def _none(found: list[str], rule: str) -> Finding:
    if not found:
        return ok("role", rule)
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return failure("role", f"{rule}: but for {', '.join(found[:3])}{more}")
