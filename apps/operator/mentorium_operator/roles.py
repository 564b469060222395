"""`mentorium roles < password`: the database role that the product runs as.

Makes it, or gives it a new password and its rights, in the migrated database that `BOT_DB_URL` (or `DB_HOST` and so on)
names. That takes a superuser's address, or one with CREATEROLE that is a member of the tables' owner. At a terminal the
password is asked for. `--rights` renews the rights alone, as the tables' owner. docs/DATABASE_ROLES.md tells more.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from getpass import getpass

from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_db.sqlstates import DRIVER_ERRORS
from mentorium_kit.errors import MentoriumError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain, failed_by_database
from mentorium_operator.databases import owner_dsn


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("roles", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rights", action="store_true", help="renew the rights of the role that is there, nothing else"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Says what was done, or in one clear line why it cannot be. Exit status 1: database away; 2: wrong setting."""
    password = None if arguments.rights else _password()
    if password == "":
        return complain("Give the role's password on standard input.", FAILURE)
    try:
        sys.stderr.write(f"{asyncio.run(ensure_app_role(owner_dsn(), password))}\n")
    except (MentoriumError, OSError, *DRIVER_ERRORS) as error:
        return failed_by_database(error, f"The role {APP_ROLE} could not be made")
    return OK


def _password() -> str:
    return (getpass(f"Password for {APP_ROLE}: ") if sys.stdin.isatty() else sys.stdin.read()).strip()
