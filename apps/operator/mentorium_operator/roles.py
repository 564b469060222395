"""`mentorium roles < password`: the database role that the product runs as.

Makes it, or gives it a new password and its rights, in the migrated database that `BOT_DB_URL` (or `DB_HOST` and so on)
names with an owner's rights.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_db.sqlstates import DRIVER_ERRORS
from mentorium_kit.errors import MentoriumError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain, failed_by_database
from mentorium_operator.databases import owner_dsn


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("roles", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """One clear line where it cannot be done. Exit status 1 with the database away, 2 for a wrong setting."""
    password = sys.stdin.read().strip()
    if not password:
        return complain("Give the role's password on standard input.", FAILURE)
    try:
        asyncio.run(ensure_app_role(owner_dsn(), password))
    except (MentoriumError, OSError, *DRIVER_ERRORS) as error:
        return failed_by_database(error, f"The role {APP_ROLE} could not be made")
    return OK
