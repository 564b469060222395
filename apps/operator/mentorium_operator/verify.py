"""`mentorium verify`: is everything there that the product needs? As `doctor` has it, and Poetry.

`mentorium verify --platform` (or `make verify`) reads the platform's database, `PLATFORM_DB_URL` or `--dsn`, as the
role it names, and says line by line whether it keeps the contract `bot_api_v1`; docs/PLATFORM.md tells what it says.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator

import asyncpg

from mentorium_db import dsn as dsns
from mentorium_db.platform_check import Finding, check_platform
from mentorium_db.platform_check.finding import failure
from mentorium_db.sqlstates import DRIVER_ERRORS, classified_from_outside
from mentorium_kit.errors import ConfigurationError
from mentorium_operator import checks, doctor, findings, machine
from mentorium_operator.command_line import MISUSE, Subparsers, complain, explained
from mentorium_runtime.settings import PlatformSettings, SettingsError, load, secret_value


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", action="store_true", help="check the platform's database against the contract")
    parser.add_argument("--dsn", help="the platform's database, in place of PLATFORM_DB_URL")
    findings.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where something that is needed fails, 2 where the platform's database is not named."""
    if arguments.dsn and not arguments.platform:
        return complain("--dsn goes with --platform", MISUSE)
    if not arguments.platform:
        return asyncio.run(findings.show(_machine(), arguments))
    try:
        dsn = dsns.asyncpg_dsn(arguments.dsn or secret_value(load(PlatformSettings).platform_db_url))
    except ConfigurationError as error:
        why = "; ".join(error.problems) if isinstance(error, SettingsError) else error.code
        return complain(f"Give the platform's database by PLATFORM_DB_URL or --dsn ({why}).", MISUSE)
    return asyncio.run(findings.show(_platform(dsn), arguments))


async def _platform(dsn: str) -> AsyncIterator[Finding]:
    """What holds of the platform's database, and what does not."""
    try:
        connection = await asyncpg.connect(dsn, timeout=checks.PATIENCE_S)
    except (OSError, *DRIVER_ERRORS) as error:
        refused = classified_from_outside("platform_db", error)
        why = explained(refused) if refused and refused.code == "platform_db_refused" else type(error).__name__
        yield failure("database", f"cannot be reached: {why}")
        return
    try:
        async for finding in check_platform(connection):
            yield finding
    except DRIVER_ERRORS as error:
        yield failure("database", f"the check could not go on: {type(error).__name__}: {error}")
    finally:
        await connection.close()


async def _machine() -> AsyncIterator[Finding]:
    """What holds of this machine, the settings and the servers they name."""
    yield machine.poetry()
    async for finding in doctor.examine(servers_too=True):
        yield finding
