"""The role the product runs as: it reads and writes rows, and can neither make nor change a table.

Operators have `mentorium roles`. Tables of later migrations open to it by themselves.
"""

from __future__ import annotations

import asyncpg

from mentorium_db import dsn as dsns

APP_ROLE = "mentorium_bot_app"

_GRANTS = f"""
    GRANT USAGE ON SCHEMA public TO {APP_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
    GRANT USAGE ON SCHEMA pgqueuer TO {APP_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgqueuer TO {APP_ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgqueuer TO {APP_ROLE};
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {APP_ROLE};
    REVOKE UPDATE ON event_logs FROM {APP_ROLE};
"""

# Default privileges belong to whoever makes a table: that is the owner, who may be another one than makes this role.
_GRANTS_OF_LATER_TABLES = """
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""
_OWNER = "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = to_regclass('alembic_version')"


async def ensure_app_role(dsn: str, password: str) -> None:
    """Make the role, or renew its password and rights. `dsn` may make roles; the database is migrated."""
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        async with connection.transaction():
            if not await connection.fetchval("SELECT to_regrole($1) IS NOT NULL", APP_ROLE):
                await connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
            literal = await connection.fetchval("SELECT quote_literal($1)", password)
            await connection.execute(f"ALTER ROLE {APP_ROLE} PASSWORD {literal}")
            await connection.execute(_GRANTS)
            owner = await connection.fetchval(_OWNER)
            await connection.execute(_GRANTS_OF_LATER_TABLES.format(owner=owner, role=APP_ROLE))
    finally:
        await connection.close()
