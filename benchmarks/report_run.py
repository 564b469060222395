"""From due to all reports stored: `python -m benchmarks.report_run [--learners 1000 ...]`.

Starts a PostgreSQL of its own, fills a school as `benchmarks.facts` does and a bot's database with one parent a
learner, then starts Monday's run and does its jobs in one process, one after the other, as one worker with one core
would. Facts alone by bare SQL are the floor. A million learners need some 40 GB and an hour: `--learners 1000000`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

import mentorium_db
from benchmarks import facts
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.progress.period import DAY, last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.due_run import StartDueRun
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_db.migrate import upgrade
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT, start_of_day
from mentorium_observability import configure_logging
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from mentorium_sandbox import school
from mentorium_sandbox.servers.postgres import EmbeddedPostgres

SIZES = (1_000, 10_000, 100_000)
FIRST_PARENT = 700_000_000
COVERED = 0.5
"""So many parents have a subscription: their reports are whole."""
_GUARDIANS = """
    SET session_replication_role = replica;
    INSERT INTO platform.guardian (guardian_id, full_name, locale)
    SELECT n, 'Guardian ' || n, 'uz' FROM generate_series(1, {learners}) n;
    INSERT INTO platform.guardian_student (guardian_id, student_id, relation)
    SELECT n, n, 'mother' FROM generate_series(1, {learners}) n;
    RESET session_replication_role;
    ANALYZE;
"""
_PARENTS = """
    INSERT INTO parents (telegram_id, registration_completed, language)
    SELECT {first} + n, true, (ARRAY['uz', 'ru', 'en'])[1 + n % 3] FROM generate_series(1, {learners}) n;
    INSERT INTO guardian_links (parent_id, guardian_id, source)
    SELECT id, telegram_id - {first}, 'contact' FROM parents;
    INSERT INTO learners (parent_id, platform_student_id, guardian_id, first_name, source)
    SELECT id, telegram_id - {first}, telegram_id - {first}, 'Learner', 'contact' FROM parents;
    INSERT INTO subscriptions (parent_id, tariff, amount, amount_minor, start_date, expires_at)
    SELECT id, 'monthly', 99000, 9900000, now(), now() + interval '30 days' FROM parents
    WHERE id % 100 < {covered};
    ANALYZE;
"""


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    cpu: float
    peak_mb: float
    reports: int
    outbox_mb: float
    history_mb: float


async def make_all(dsn: str, platform: str, clock_file: str) -> Run:
    """From the moment at which the run is noticed to the one at which its messages may leave."""
    clock.configure(Path(clock_file))
    mentorium_db.configure(dsn)
    mentorium_db.configure_platform(platform)
    job = MakeReportsJob(MakePeriodReports(ReadFacts(), CheckAccess()))
    connection = await asyncpg.connect(dsn)
    started, cpu_before = time.perf_counter(), time.process_time()
    assert await StartDueRun(WEEKLY)(clock.now())
    while payload := await connection.fetchval(
        "DELETE FROM pgqueuer.pgqueuer WHERE id = (SELECT min(id) FROM pgqueuer.pgqueuer)"
        " RETURNING convert_from(payload, 'UTF8')"
    ):
        await job(json.loads(payload))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_before
    assert await connection.fetchval("SELECT stored_at FROM period_runs") is not None
    reports = await connection.fetchval("SELECT count(*) FROM report_history")
    assert reports <= await connection.fetchval("SELECT count(*) FROM notifications")
    outbox = await connection.fetchval("SELECT pg_total_relation_size('notifications')")
    history = await connection.fetchval("SELECT pg_total_relation_size('report_history')")
    await connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(seconds, cpu, peak, reports, outbox / 1e6, history / 1e6)


async def fill(dsn: str, platform: str, learners: int, shift: timedelta) -> None:
    await school.install(platform)
    given = {"learners": learners, "first": FIRST_PARENT, "covered": round(COVERED * 100)}
    script = Path(__file__).with_name("facts_school.sql").read_text(encoding="utf-8")
    for database, text in (
        (platform, script.replace("$learners", str(learners)) + _GUARDIANS.format(**given)),
        (dsn, _PARENTS.format(**given)),
    ):
        connection = await asyncpg.connect(database)
        if database == platform:
            await connection.execute("UPDATE platform.clock SET shift = $1", shift)
        await connection.execute(text)
        await connection.close()


async def measure(server: EmbeddedPostgres, folder: Path, learners: int) -> None:
    now = datetime.now(TASHKENT)
    shift = start_of_day(now.date() + DAY * (7 - now.weekday())) + timedelta(hours=9) - now
    clock_file = folder / "clock"
    clock_file.write_text(str(shift.total_seconds()))
    for name in ("bot", "platform"):
        await server.create_database(name)
    dsn, platform = server.dsn("bot"), server.dsn("platform")
    await upgrade(dsn)
    await fill(dsn, platform, learners, shift)
    readable = await school.read_only_dsn(platform)
    run = await in_own_process(dsn, readable, str(clock_file))
    floor = await bare_facts(readable, learners, (now + shift).date())
    for name in ("bot", "platform"):
        await server.drop_database(name)
    assert run.reports == learners
    each_ms = [seconds / learners * 1000 for seconds in (run.seconds, run.cpu, floor)]
    print(
        f"| {learners:,} | {run.seconds:,.1f} | {each_ms[0]:.2f} | {each_ms[1]:.2f} | {each_ms[2]:.2f}"
        f" | {run.peak_mb:.0f} | {run.outbox_mb:,.0f} | {run.history_mb:,.0f} |",
        flush=True,
    )


async def bare_facts(platform: str, learners: int, today: datetime | object) -> float:
    """Seconds for the facts of all of them by the bare statement, in the batches of a run."""
    read = await facts.read_by_bare_sql(platform, last_finished_week(today))  # type: ignore[arg-type]
    await read([1])
    started = time.perf_counter()
    for first in range(1, learners + 1, 250):
        await read(list(range(first, min(first + 250, learners + 1))))
    return time.perf_counter() - started


async def in_own_process(*arguments: str) -> Run:
    """So that its peak memory is its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.report_run", "--make", *arguments), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit("the run was not made")
    return Run(**json.loads(output.splitlines()[-1]))


async def run(sizes: Sequence[int], folder: Path | None) -> None:
    print("| learners | seconds | ms a learner | our CPU, ms | bare SQL, ms | peak MB | outbox MB | history MB |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as data:
        server = await EmbeddedPostgres.start(Path(data) / "postgres", durable=True)
        try:
            for learners in sizes:
                await measure(server, Path(data), learners)
        finally:
            await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where the data go")
    parser.add_argument("--make", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    configure_logging("ERROR", json_logs=True, dev_mode=False)
    if given.make:
        print(json.dumps(asdict(asyncio.run(make_all(*given.make)))))

    else:
        asyncio.run(run(given.learners, given.folder))


if __name__ == "__main__":
    main()
