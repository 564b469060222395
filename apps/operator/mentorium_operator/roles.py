"""`mentorium roles < password`: the database role that the product runs as.

Makes it, or gives it a new password and its rights, in the migrated database that `BOT_DB_URL` (or `DB_HOST` and so on)
names with an owner's rights.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

import asyncpg

from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_kit.errors import ConfigurationError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain
from mentorium_operator.databases import owner_dsn


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("roles", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Exit status 1 and one clear line where the role could not be made."""
    password = sys.stdin.read().strip()
    if not password:
        return complain("Give the role's password on standard input.", FAILURE)
    try:
        asyncio.run(ensure_app_role(owner_dsn(), password))
    except (ConfigurationError, OSError, asyncpg.PostgresError) as error:
        return complain(f"The role {APP_ROLE} could not be made: {type(error).__name__}: {error}", FAILURE)
    return OK
