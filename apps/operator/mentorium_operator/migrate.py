"""`mentorium migrate`: bring the bot's database to the newest schema.

`mentorium migrate create "add my_table"` writes a new migration from what the models say and the database does not. The
database is the one `BOT_DB_URL` (or `DB_HOST` and so on) names, with an owner's rights.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from alembic.util import CommandError

from mentorium_db.migrate import create, upgrade
from mentorium_db.sqlstates import DRIVER_ERRORS
from mentorium_kit.errors import MentoriumError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain, failed_by_database
from mentorium_operator.databases import owner_dsn


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("migrate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_subparsers(dest="action").add_parser("create", help="write a new migration").add_argument("message")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Says what was done, or in one clear line why it cannot be. Exit status 1: database away; 2: wrong setting."""
    try:
        dsn = owner_dsn()
        if arguments.action == "create":
            asyncio.run(create(dsn, arguments.message))
        else:
            _tell(asyncio.run(upgrade(dsn, tell=_tell)))
    except CommandError as error:
        return complain(f"The database could not be migrated: {error}", FAILURE)
    except (MentoriumError, OSError, *DRIVER_ERRORS) as error:
        return failed_by_database(error, "The database could not be migrated")
    return OK


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
