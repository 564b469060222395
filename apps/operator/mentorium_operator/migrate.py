"""`mentorium migrate`: bring the bot's database to the newest schema.

`mentorium migrate create "add my_table"` writes a new migration from what the models say and the database does not. The
database is the one `BOT_DB_URL` (or `DB_HOST` and so on) names, with an owner's rights.
"""

from __future__ import annotations

import argparse
import asyncio

import asyncpg
from alembic.util import CommandError

from mentorium_db.migrate import create, upgrade
from mentorium_kit.errors import ConfigurationError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain
from mentorium_operator.databases import owner_dsn


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("migrate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_subparsers(dest="action").add_parser("create", help="write a new migration").add_argument("message")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 and one clear line where the database cannot be reached or migrated."""
    try:
        dsn = owner_dsn()
        asyncio.run(create(dsn, arguments.message) if arguments.action == "create" else upgrade(dsn))
    except (ConfigurationError, CommandError, OSError, asyncpg.PostgresError) as error:
        return complain(f"The database could not be migrated: {type(error).__name__}: {error}", FAILURE)
    return OK
