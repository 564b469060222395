"""Filling a school against bare COPY: `python -m benchmarks.school [--students 10000 ...]`.

Starts a PostgreSQL of its own, durable as a sandbox's is, and fills a school by the operator command, in a process of
its own so that its peak memory is its own. The floor is the same number of narrow rows by asyncpg's binary COPY into
one table without a key: nothing is made up, nothing is indexed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path

import asyncpg

from mentorium_sandbox.servers.postgres import EmbeddedPostgres

SIZES = (10_000, 100_000, 1_000_000)
_TABLES = (
    *("student", "guardian", "guardian_student", "enrollment", "lesson_progress", "test_attempt"),
    *("activity_day", "award", "teacher_comment"),
)
_PORTION = 100_000


async def fill(dsn: str, students: int) -> tuple[float, float]:
    """Seconds, and the peak memory in MB that the command tells of itself."""
    started = time.perf_counter()
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_sandbox.school", "--students", str(students), "--dsn", dsn),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await command.communicate()
    peak = re.search(r"peak memory (\d+) MB", output.decode())
    if command.returncode or peak is None:
        raise SystemExit("the school was not filled")
    return time.perf_counter() - started, float(peak[1])


async def copy_bare(dsn: str, rows: int) -> float:
    """Seconds for so many rows, one statement for each portion, in one transaction."""
    connection = await asyncpg.connect(dsn)
    row = (10_001, date(2026, 11, 23), 2_400, 1, datetime(2026, 11, 23, 17, 30, tzinfo=UTC))
    await connection.execute(
        "CREATE TABLE bare (student bigint, day date, seconds integer, sessions integer, at timestamptz)"
    )
    started = time.perf_counter()
    async with connection.transaction():
        for portion in _portions(rows):
            await connection.copy_records_to_table("bare", records=repeat(row, portion))
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds


def _portions(rows: int) -> Iterator[int]:
    yield from repeat(_PORTION, rows // _PORTION)
    if rest := rows % _PORTION:
        yield rest


async def counted(dsn: str) -> tuple[int, float]:
    """Rows of the school, and the size of its database in GB."""
    connection = await asyncpg.connect(dsn)
    rows = sum([await connection.fetchval(f"SELECT count(*) FROM platform.{table}") for table in _TABLES])
    size = await connection.fetchval("SELECT pg_database_size(current_database())")
    await connection.close()
    return rows, size / 1e9


async def measure(server: EmbeddedPostgres, students: int) -> None:
    await server.create_database("school")
    seconds, peak_mb = await fill(server.dsn("school"), students)
    rows, size_gb = await counted(server.dsn("school"))
    await server.drop_database("school")
    await server.create_database("floor")
    floor = await copy_bare(server.dsn("floor"), rows)
    await server.drop_database("floor")
    print(
        f"| {students:,} | {rows / 1e6:.2f} M | {size_gb:.2f} | {seconds:,.0f} | {rows / seconds / 1e3:,.0f} k"
        f" | {peak_mb:.0f} | {floor:,.1f} | {seconds / floor:.1f} |",
        flush=True,
    )


async def run(sizes: Sequence[int], folder: Path | None) -> None:
    print("| students | rows | GB | seconds | rows/s | peak MB | bare COPY, s | ratio |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as data:
        server = await EmbeddedPostgres.start(Path(data), durable=True)
        try:
            for students in sizes:
                await measure(server, students)
        finally:
            await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where the data go; a million students need 20 GB for a while")
    options = parser.parse_args()
    os.environ.pop("PLATFORM_DB_URL", None)
    asyncio.run(run(options.students, options.folder))


if __name__ == "__main__":
    main()
