"""Is everything there that the bot needs? Python, Poetry, settings, database, Redis; with --platform the contract.

`python scripts/verify_setup.py` looks at this machine and at the servers that the settings name.
`python scripts/verify_setup.py --platform` (or `make verify`) reads the platform's database, `PLATFORM_DB_URL` or
`--dsn`, as the role it names, and says line by line whether it keeps the contract `bot_api_v1`; docs/PLATFORM.md tells
what it says. Exit status: 0, 1 where something that is needed fails, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_db import dsn as dsns
from mentorium_db.platform_check import Finding, Level, check_platform
from mentorium_kit.errors import ConfigurationError, MentoriumError
from mentorium_runtime import probes
from mentorium_runtime.settings import SettingsError, load

_ROOT = Path(__file__).parent.parent
_MARKS = {Level.OK: "ok  ", Level.WARNING: "WARN", Level.FAILURE: "FAIL"}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", action="store_true", help="check the platform's database against the contract")
    parser.add_argument("--dsn", help="the platform's database, in place of PLATFORM_DB_URL")
    parser.add_argument("--quiet", action="store_true", help="print only what is wrong, and the sum")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    arguments = parser.parse_args()
    if arguments.dsn and not arguments.platform:
        parser.error("--dsn goes with --platform")
    return arguments


async def platform(dsn: str) -> AsyncIterator[Finding]:
    """What holds of the platform's database, and what does not."""
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield Finding(Level.FAILURE, "database", f"cannot be reached: {type(error).__name__}")
        return
    try:
        async for finding in check_platform(connection):
            yield finding
    except asyncpg.PostgresError as error:
        yield Finding(Level.FAILURE, "database", f"the check could not go on: {type(error).__name__}: {error}")
    finally:
        await connection.close()


async def setup() -> AsyncIterator[Finding]:
    """What holds of this machine and of the servers the settings name."""
    yield Finding(Level.OK, "python", sys.version.split()[0])
    poetry = shutil.which("poetry") or (_ROOT / ".poetry" / "bin" / "poetry").exists()
    yield Finding(
        Level.OK if poetry else Level.WARNING,
        "poetry",
        "is there" if poetry else "is missing: `make install` brings it",
    )
    try:
        settings = load(BotSettings)
    except SettingsError as error:
        for problem in error.problems:
            yield Finding(Level.FAILURE, "settings", problem)
        return
    yield Finding(Level.OK, "settings", "are complete")
    yield await _bot_database(settings)
    yield await _redis(settings)


async def _bot_database(settings: BotSettings) -> Finding:
    mentorium_db.configure(settings.database_dsn)
    try:
        await probes.check_bot_database()
        await probes.check_migrations()
    except MentoriumError as error:
        return Finding(Level.FAILURE, "database", error.code)
    finally:
        await mentorium_db.dispose()
    return Finding(Level.OK, "database", "answers and has all migrations")


async def _redis(settings: BotSettings) -> Finding:
    client = Redis.from_url(settings.redis_dsn, socket_timeout=3, socket_connect_timeout=3)
    try:
        await client.get("mentorium:probe")
    except RedisError as error:
        return Finding(Level.FAILURE, "redis", type(error).__name__)
    finally:
        await client.aclose()
    return Finding(Level.OK, "redis", "answers")


def _show(finding: Finding, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(asdict(finding)), flush=True)
    elif finding.level is not Level.OK or not arguments.quiet:
        print(f"{_MARKS[finding.level]}  {finding.subject}: {finding.text}", flush=True)


async def _run(arguments: argparse.Namespace) -> int:
    levels: Counter[Level] = Counter()
    findings = (
        platform(dsns.asyncpg_dsn(arguments.dsn or dsns.platform_from_environment())) if arguments.platform else setup()
    )
    async for finding in findings:
        levels[finding.level] += 1
        _show(finding, arguments)
    if not arguments.json:
        print(f"\n{levels[Level.OK]} hold, {levels[Level.WARNING]} warnings, {levels[Level.FAILURE]} failures.")
    return 1 if levels[Level.FAILURE] else 0


def main() -> int:
    arguments = _arguments()
    try:
        return asyncio.run(_run(arguments))
    except ConfigurationError as error:
        print(f"Give the platform's database by PLATFORM_DB_URL or --dsn ({error.code}).", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
