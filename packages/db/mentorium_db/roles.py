"""The role the product runs as: it reads and writes rows, and can neither make nor change a table.

Operators have `mentorium roles`. Tables of later migrations open to it by themselves, whoever makes the role:
docs/DATABASE_ROLES.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db import dsn as dsns
from mentorium_kit.errors import ConfigurationError

APP_ROLE = "mentorium_bot_app"

# To select from a sequence is for backups, which ask each where it stands.
_GRANTS = f"""
    GRANT USAGE ON SCHEMA public TO {APP_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
    GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
    GRANT USAGE ON SCHEMA pgqueuer TO {APP_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgqueuer TO {APP_ROLE};
    GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA pgqueuer TO {APP_ROLE};
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {APP_ROLE};
    REVOKE UPDATE ON event_logs FROM {APP_ROLE};
"""

# Default privileges belong to whoever makes a table: that is the owner, who may be another one than makes this role.
_GRANTS_OF_LATER_TABLES = """
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public, pgqueuer
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public, pgqueuer GRANT SELECT, USAGE ON SEQUENCES TO {role};
"""
_OWNER = "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = to_regclass('alembic_version')"

_RIGHTS = text("""
    SELECT rolsuper, pg_has_role(relowner, 'MEMBER'), rolcreaterole OR rolcreatedb
    FROM pg_roles, pg_class WHERE rolname = current_user AND pg_class.oid = to_regclass('public.parents')
    """)


@dataclass(frozen=True, slots=True)
class RoleRights:
    """What a role can do in the bot's database besides reading and writing rows."""

    is_superuser: bool
    owns_tables: bool
    makes_roles_or_databases: bool


async def rights_of_session(session: AsyncSession) -> RoleRights | None:
    """Those of the role that this session is connected as; None where the database has no tables yet."""
    row = (await session.execute(_RIGHTS)).one_or_none()
    return RoleRights(*row) if row is not None else None


async def ensure_app_role(dsn: str, password: str | None) -> str:
    """Make the role, or renew its password and rights; without a password the rights alone, of a role that is there.

    Making it, or a new password, needs a superuser or CREATEROLE; the rights alone need the owner of the tables.
    Returns a sentence that says what was done. ConfigurationError where the database is not migrated.
    """
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        owner = await connection.fetchval(_OWNER)
        if owner is None:
            raise ConfigurationError("bot_database_not_migrated")
        async with connection.transaction():
            if password is not None:
                await _set_password(connection, password)
            await connection.execute(_GRANTS)
            await connection.execute(_GRANTS_OF_LATER_TABLES.format(owner=owner, role=APP_ROLE))
        what = "its rights" if password is None else "its password and rights"
        return f"role {APP_ROLE} has {what}; tables that {owner} makes later open to it by themselves"
    finally:
        await connection.close()


async def _set_password(connection: asyncpg.Connection[asyncpg.Record], password: str) -> None:
    if not await connection.fetchval("SELECT to_regrole($1) IS NOT NULL", APP_ROLE):
        await connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    literal = await connection.fetchval("SELECT quote_literal($1)", password)
    await connection.execute(f"ALTER ROLE {APP_ROLE} PASSWORD {literal}")
