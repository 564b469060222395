"""Facts of whole schools against the bare SQL: `python -m benchmarks.facts [--learners 1000 ...]`.

Starts a PostgreSQL of its own, fills a school and reads all its learners in batches of 5,000: by `ReadFacts`, and by
the same statement over bare asyncpg with the rows thrown away. Each reader is a process of its own, so that its peak
memory is its own; they take turns, and the ratio is the median of what each pair has: the machine's speed changes by
half from one minute to the next, and hardly within a pair.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import asyncpg

import mentorium_db
from mentorium_core.progress.model import Period, last_finished_month, last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_db.repositories.platform import facts_statement
from mentorium_kit import clock
from mentorium_kit.garbage import spare_what_was_loaded
from mentorium_sandbox import school
from mentorium_sandbox.servers.postgres import EmbeddedPostgres

SIZES = (1_000, 10_000, 100_000)
BATCH = 5_000
FEWEST_ROUNDS, LEARNERS_READ = 7, 25_000
"""A round of few learners is short, and a neighbour on the machine spoils it: so there are more of them."""
PERIODS: dict[str, Callable[[], Period]] = {
    "week": lambda: last_finished_week(clock.today()),
    "month": lambda: last_finished_month(clock.today()),
}
BARE_SETTINGS = {"plan_cache_mode": "force_custom_plan", "jit": "off", "work_mem": "64MB"}
ReadBatch: TypeAlias = Callable[[Sequence[int]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Reading:
    seconds: float
    peak_mb: float


async def read_by_facts(dsn: str, period: Period) -> ReadBatch:
    mentorium_db.configure_platform(dsn)
    read_facts = ReadFacts()

    async def read(student_ids: Sequence[int]) -> int:
        return len(await read_facts(student_ids, period))

    return read


async def read_by_bare_sql(dsn: str, period: Period) -> ReadBatch:
    connection = await asyncpg.connect(dsn, server_settings=BARE_SETTINGS)
    before, day = period.previous(), timedelta(days=1)
    bounds = (period.first_day, period.last_day + day, before.first_day, before.last_day + day)

    async def read(student_ids: Sequence[int]) -> int:
        return len(await connection.fetch(facts_statement(frozenset()), student_ids, *bounds))

    return read


READERS = {"facts": read_by_facts, "bare": read_by_bare_sql}


async def read_school(reader: str, dsn: str, period: Period, learners: int) -> Reading:
    read = await READERS[reader](dsn, period)
    await read([1])
    spare_what_was_loaded()  # as each of our processes does
    started = time.perf_counter()
    for first in range(1, learners + 1, BATCH):
        student_ids = range(first, min(first + BATCH, learners + 1))
        assert await read(list(student_ids)) == len(student_ids)
    seconds = time.perf_counter() - started
    return Reading(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


async def in_own_process(reader: str, dsn: str, period: str, learners: int) -> Reading:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.facts", "--reader", reader, "--dsn", dsn, "--period", period, "--learners", str(learners)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"the reader {reader} failed")
    return Reading(**json.loads(output))


async def compare(dsn: str, period: str, learners: int) -> None:
    rounds: dict[str, list[Reading]] = {reader: [] for reader in READERS}
    for _ in range(max(FEWEST_ROUNDS, LEARNERS_READ // learners)):
        for reader, readings in rounds.items():
            readings.append(await in_own_process(reader, dsn, period, learners))
    seconds = {
        reader: statistics.median(reading.seconds for reading in readings) for reader, readings in rounds.items()
    }
    pairs = zip(rounds["facts"], rounds["bare"], strict=True)
    ratio = statistics.median(facts.seconds / bare.seconds for facts, bare in pairs)
    peak = {reader: max(reading.peak_mb for reading in readings) for reader, readings in rounds.items()}
    each_ms = {reader: total / learners * 1000 for reader, total in seconds.items()}
    print(
        f"| {learners:,} | {period} | {each_ms['facts']:.3f} | {each_ms['bare']:.3f}"
        f" | {ratio:.2f} | {peak['facts']:.0f} | {peak['bare']:.0f} |",
        flush=True,
    )


async def fill(dsn: str, learners: int) -> None:
    await school.install(dsn)
    script = Path(__file__).with_name("facts_school.sql").read_text(encoding="utf-8")
    connection = await asyncpg.connect(dsn)
    await connection.execute(script.replace("$learners", str(learners)))
    await connection.close()


async def run(sizes: Sequence[int], periods: Sequence[str]) -> None:
    print(
        "| learners | period | facts, ms a learner | bare SQL, ms a learner | ratio | facts, peak MB | bare, peak MB |"
    )
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        server = await EmbeddedPostgres.start(Path(folder), durable=False)
        try:
            for learners in sizes:
                name = f"school_{learners}"
                await server.create_database(name)
                await fill(server.dsn(name), learners)
                for period in periods:
                    await compare(await school.read_only_dsn(server.dsn(name)), period, learners)
                await server.drop_database(name)
        finally:
            await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=SIZES)
    parser.add_argument("--period", choices=PERIODS, action="append")
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--dsn", help=argparse.SUPPRESS)
    options = parser.parse_args()
    periods = options.period or list(PERIODS)
    if options.reader:
        reading = asyncio.run(read_school(options.reader, options.dsn, PERIODS[periods[0]](), options.learners[0]))
        print(json.dumps(asdict(reading)))
    else:
        asyncio.run(run(options.learners, periods))


if __name__ == "__main__":
    main()
