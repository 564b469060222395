"""What bot, webhook app and worker cost while nothing happens: statements and transactions a second, memory, start.

Each runs alone in its turn, so that what PostgreSQL counts is its own. `python -m benchmarks.idle [--seconds 60]`
prints the rows of the table in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.cpu import cpu_seconds
from mentorium_sandbox.servers.process import free_port
from tests.integration.reporting_worker import chaos

_SETTLE_S: Final = 8.0
_START_PATIENCE_S: Final = 120.0
_APPS: Final = {
    "bot": ("mentorium_bot.main", "BOT_HEALTH_PORT"),
    "webhook app": ("mentorium_bot.webhook_app", "WEBHOOK_PORT"),
    "worker": ("mentorium_reporting.main", "WORKER_HEALTH_PORT"),
}
_OTHERS: Final = {
    "BOT_OPENAI_API_KEY": "sk-nobody-is-asked",
    "PLATFORM_LINK_KEY": "a key of thirty-two letters or more",
    "WORKER_ROLES": "ticker,jobs,sender",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What PostgreSQL has counted of the bot's database."""

    statements: int
    commits: int
    rollbacks: int


async def counted(connection: asyncpg.Connection[asyncpg.Record]) -> Counted:
    """So far."""
    row = await connection.fetchrow(
        "SELECT (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
        " WHERE d.datname = 'bot') AS statements, xact_commit, xact_rollback"
        " FROM pg_stat_database WHERE datname = 'bot'"
    )
    assert row is not None
    return Counted(int(row["statements"]), row["xact_commit"], row["xact_rollback"])


def pss_mb(pid: int) -> float:
    """Proportional set size (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


async def until_ready(port: int) -> None:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    async with asyncio.timeout(_START_PATIENCE_S):
        while not await asyncio.to_thread(ready):
            await asyncio.sleep(0.1)


async def measure(world: chaos.World, name: str, seconds: float, folder: Path) -> str:
    """One line of the table."""
    module, variable = _APPS[name]
    port = free_port()
    given = {**world.processes["worker"].environment, **_OTHERS, variable: str(port)}
    process = chaos.Process([sys.executable, "-m", module], given, folder / f"{name}.log")
    began = time.perf_counter()
    await process.start()
    try:
        await until_ready(port)
        started_s, started_cpu = time.perf_counter() - began, cpu_seconds(process.pid)
        await asyncio.sleep(_SETTLE_S)
        # another database: what this connection does is not counted among the bot's
        connection = await asyncpg.connect(world.postgres.dsn("postgres"))
        before, cpu = await counted(connection), cpu_seconds(process.pid)
        await asyncio.sleep(seconds)
        after, used = await counted(connection), cpu_seconds(process.pid) - cpu
        await connection.close()
        statements = (after.statements - before.statements) / seconds
        transactions = (after.commits - before.commits) / seconds
        rollbacks = after.rollbacks - before.rollbacks
        return (
            f"| {name} | {statements:.1f} | {transactions:.1f} | {rollbacks} | {pss_mb(process.pid):.0f} |"
            f" {used / seconds * 100:.1f} % | {started_s:.1f} | {started_cpu:.1f} |"
        )
    finally:
        await process.stop()


async def prepare(world: chaos.World) -> None:
    """Have PostgreSQL count statements."""
    connection = await asyncpg.connect(world.postgres.dsn("postgres"))
    await connection.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    await connection.close()
    await world.postgres.halt()
    await world.postgres.start_again()
    connection = await asyncpg.connect(world.postgres.dsn("postgres"))
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    await connection.close()


async def show_statements(world: chaos.World, seconds: float) -> None:
    connection = await asyncpg.connect(world.postgres.dsn("postgres"))
    rows = await connection.fetch(
        "SELECT calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query FROM pg_stat_statements s"
        " JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = 'bot' ORDER BY calls DESC LIMIT 25"
    )
    await connection.close()
    for row in rows:
        print(f"    {row['calls'] / seconds:6.2f}/s {row['query']}")


async def run(seconds: float, names: list[str], *, statements: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with chaos.world(Path(folder), 10, rate=27.0, lease_s=120.0) as world:
            await prepare(world)
            for name in names:
                if statements:
                    connection = await asyncpg.connect(world.postgres.dsn("postgres"))
                    await connection.execute("SELECT pg_stat_statements_reset()")
                    await connection.close()
                print(await measure(world, name, seconds, Path(folder)), flush=True)
                if statements:
                    await show_statements(world, seconds + _SETTLE_S)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*_APPS, []], default=[])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--statements", action="store_true", help="which ones they are")
    given = parser.parse_args()
    asyncio.run(run(given.seconds, given.names or list(_APPS), statements=given.statements))


if __name__ == "__main__":
    main()
