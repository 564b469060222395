"""The check of the platform over schools of any size: `python -m benchmarks.verify [--students 3 200 100000]`.

Starts a PostgreSQL of its own, fills a school that keeps the contract and runs `mentorium verify --platform` on it as
the reader. Exit status 1 where a school is failed at something. The floor is one count(*) of each view, in one session.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.school import counted, fill
from mentorium_db.platform_check.contract import SCHEMA, VIEWS
from mentorium_sandbox import school
from mentorium_sandbox.servers.postgres import EmbeddedPostgres

SIZES: Final = (3, 200, 100_000)


async def verify(dsn: str) -> tuple[float, int, str]:
    """Seconds, the exit status and the last line."""
    started = time.perf_counter()
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_operator", "verify", "--platform", "--quiet", "--dsn", dsn),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await command.communicate()
    sys.stderr.write(output.decode())
    return time.perf_counter() - started, command.returncode or 0, output.decode().strip().splitlines()[-1]


async def count_all(dsn: str) -> float:
    connection = await asyncpg.connect(dsn)
    started = time.perf_counter()
    for view in VIEWS:
        await connection.fetchval(f"SELECT count(*) FROM {SCHEMA}.{view.name}", timeout=600)
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds


async def measure(server: EmbeddedPostgres, students: int) -> bool:
    await server.create_database("school")
    owner = server.dsn("school")
    await fill(owner, students)
    rows, _ = await counted(owner)
    reader = await school.read_only_dsn(owner)
    seconds, status, said = await verify(reader)
    floor = await count_all(reader)
    await server.drop_database("school")
    print(f"| {students:,} | {rows:,} | {seconds:.1f} | {floor:.1f} | {said} |", flush=True)
    return status == 0


async def run(sizes: Sequence[int]) -> int:
    print("| students | rows | verify, s | counting, s | it says |")
    print("|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as data:
        server = await EmbeddedPostgres.start(Path(data), durable=False)
        try:
            kept = [await measure(server, students) for students in sizes]
        finally:
            await server.stop()
    return 0 if all(kept) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    os.environ.pop("PLATFORM_DB_URL", None)
    return asyncio.run(run(options.students))


if __name__ == "__main__":
    sys.exit(main())
