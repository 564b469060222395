"""A Monday under fire: a school, its parents, and a run of reports while everything around it is killed.

Used by the tests and, at 100,000 parents, by `make soak`.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from mentorium_core.progress.period import DAY, last_finished_week
from mentorium_kit.clock import TASHKENT, start_of_day
from tests.integration.reporting_worker import chaos
from tests.integration.reporting_worker.telegram_server import FIRST_PARENT, line_of

SIBLING_EVERY = 10
"""Every tenth parent has two children."""
_SCHOOL = """
    SET session_replication_role = replica;
    INSERT INTO platform.guardian (guardian_id, full_name, locale)
    SELECT n, 'Guardian ' || n, 'uz' FROM generate_series(1, {parents}) n;
    INSERT INTO platform.student (student_id, display_name)
    SELECT n, 'Learner' || n || ' Karimov' FROM generate_series(1, {students}) n;
    INSERT INTO platform.guardian_student (guardian_id, student_id, relation)
    SELECT CASE WHEN n <= {parents} THEN n ELSE (n - {parents}) * {every} END, n, 'mother'
    FROM generate_series(1, {students}) n;
    INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions)
    SELECT n, (platform.now() AT TIME ZONE 'Asia/Tashkent')::date - day, 600 + (n * 7919 + day * 104729) % 5000, 1
    FROM generate_series(1, {students}) n, generate_series(2, 30, 3) day;
    RESET session_replication_role;
    ANALYZE;
"""
_LINKS = """
    INSERT INTO guardian_links (parent_id, guardian_id, source)
    SELECT p.id, p.telegram_id - {first} + 1, 'contact' FROM parents p;
    INSERT INTO learners (parent_id, platform_student_id, guardian_id, first_name, source)
    SELECT p.id, student_id, p.telegram_id - {first} + 1, 'Learner' || student_id, 'contact'
    FROM parents p CROSS JOIN LATERAL (
        SELECT p.telegram_id - {first} + 1 AS student_id
        UNION ALL SELECT {parents} + (p.telegram_id - {first} + 1) / {every}
        WHERE (p.telegram_id - {first} + 1) % {every} = 0
    ) children;
    ANALYZE;
"""


@asynccontextmanager
async def monday(
    folder: Path, parents: int, *, rate: float, limits: bool = False, answers_in_s: float = 0.0
) -> AsyncIterator[chaos.World]:
    """A quarter past nine on a Monday, nothing made yet; nobody is at work."""
    now = datetime.now(TASHKENT)
    next_monday = start_of_day(now.date() + DAY * (7 - now.weekday()))
    shift = next_monday + timedelta(hours=9, minutes=15) - now
    clock_file = folder / "clock"
    clock_file.write_text(str(shift.total_seconds()))
    settings = {"CLOCK_FILE": str(clock_file)}
    async with chaos.world(
        folder, parents, rate=rate, limits=limits, answers_in_s=answers_in_s, settings=settings
    ) as world:
        named = {"parents": parents, "students": students_of(parents), "every": SIBLING_EVERY, "first": FIRST_PARENT}
        for dsn, script in ((world.platform, _SCHOOL), (world.dsn, _LINKS)):
            connection = await asyncpg.connect(dsn)
            if dsn == world.platform:
                await connection.execute("UPDATE platform.clock SET shift = $1", shift)
            await connection.execute(script.format(**named))
            await connection.close()
        yield world


def students_of(parents: int) -> int:
    return parents + parents // SIBLING_EVERY


async def until_reports(world: chaos.World, enough: int, patience_s: float) -> None:
    """Until so many reports are stored. TimeoutError."""
    async with asyncio.timeout(patience_s):
        while await count(world, "report_history") < enough:
            await asyncio.sleep(0.02)


async def count(world: chaos.World, table: str) -> int:
    """0 while the database does not answer."""
    try:
        (row,) = await world.fetch(f"SELECT count(*) AS rows FROM {table}")
    except (OSError, asyncpg.PostgresError):
        return 0
    return int(row["rows"])


async def under_fire(
    world: chaos.World,
    kills: int,
    dice: random.Random,
    *,
    pause_s: tuple[float, float],
    show: Callable[[int], None] = lambda _: None,
) -> None:
    """So many kills, of whatever comes first; each victim is up again after a moment."""
    for number in range(1, kills + 1):
        await world.kill(dice.choice(chaos.VICTIMS), dice)
        show(number)
        await asyncio.sleep(dice.uniform(*pause_s))


async def until_told(world: chaos.World, reports: int, patience_s: float) -> None:
    """Until every message of the run has an end; TimeoutError where for so long nothing has moved."""
    loop, last = asyncio.get_running_loop(), Counter[str]()
    async with asyncio.timeout(patience_s) as limit:
        while True:
            try:
                states = await world.states()
            except (OSError, asyncpg.PostgresError):
                states = last  # it is starting again
            if states.total() >= reports and not states["pending"] and not states["sending"]:
                return
            if states != last:
                last = states
                limit.reschedule(loop.time() + patience_s)
            await asyncio.sleep(0.3)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the Monday came to; `problems` is empty if every promise was kept."""

    reports: int
    states: dict[str, int]
    extra: int
    cut: int
    kills: dict[str, int]
    problems: list[str]


async def judge(world: chaos.World, parents: int) -> Verdict:
    """Every entitled pair has one stored report and one outbox row, each row is sent or unknown, and no more messages
    are doubled or in doubt than were in flight when something was killed.
    """
    week = last_finished_week((datetime.now(TASHKENT) + timedelta(days=7)).date())
    rows = await world.fetch(
        "SELECT parent_telegram_id, platform_student_id, message, status, dedup_key FROM notifications"
    )
    reports = await world.fetch("SELECT parent_telegram_id, platform_student_id, report_period FROM report_history")
    entitled = await world.fetch(
        "SELECT p.telegram_id, l.platform_student_id FROM learners l JOIN parents p ON p.id = l.parent_id"
    )
    pairs = {(row["telegram_id"], row["platform_student_id"]) for row in entitled}
    stored = Counter((row["parent_telegram_id"], row["platform_student_id"]) for row in reports)
    put_out = Counter((row["parent_telegram_id"], row["platform_student_id"]) for row in rows)
    delivered = world.delivered()
    times = [delivered[line_of(row["parent_telegram_id"], row["message"])] for row in rows]
    states = Counter(row["status"] for row in rows)
    extra = sum(max(often - 1, 0) for often in times)
    problems = []
    for what, found in (("stored", stored), ("put into the outbox", put_out)):
        if set(found) != pairs or set(found.values()) != {1}:
            lost, more = len(pairs - set(found)), sum(often - 1 for often in found.values())
            problems.append(f"{lost} reports were not {what}, {more} once too often")
    if len({row["report_period"] for row in reports}) != 1:
        problems.append(f"more than the week {week.code} was reported on")
    problems += [f"{row['dedup_key']} ended {row['status']}" for row in rows if row["status"] not in _ENDS]
    silent = [row for row, often in zip(rows, times, strict=True) if not often and row["status"] != "unknown"]
    problems += [f"{row['dedup_key']} is {row['status']}, and nobody has read it" for row in silent]
    if extra > world.cut:
        problems.append(f"{extra} extra messages, {world.cut} were in flight")
    if states["unknown"] > world.cut:
        problems.append(f"{states['unknown']} unknown, {world.cut} were in flight")
    if len(pairs) != students_of(parents):
        problems.append(f"{len(pairs)} pairs are entitled")
    return Verdict(len(reports), dict(states), extra, world.cut, dict(world.kills), problems[:20])


_ENDS = frozenset({"sent", "unknown"})
