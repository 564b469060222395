"""Filling the school: the curriculum, then families, piece by piece so that a million students fit in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain

import asyncpg

from mentorium_sandbox.school import rows
from mentorium_sandbox.school.calendar import at, local_day
from mentorium_sandbox.school.copy_format import Connection, copy_lines
from mentorium_sandbox.school.curriculum import load
from mentorium_sandbox.school.curriculum_rows import load_curriculum
from mentorium_sandbox.school.demo import DEMO_FAMILIES
from mentorium_sandbox.school.family_batches import FamilyBatch, Household, SimulationPool, family_batches, households
from mentorium_sandbox.school.index_rebuild import strip
from mentorium_sandbox.school.people import families

MOST_SIMULATIONS = 5_000
_FIRST_STUDENT, _FIRST_GUARDIAN = 10_001, 50_001
_LARGE_LOAD = 20_000
_ESTABLISHED = timedelta(days=200)
# Those who come by hand get ids far above any generated one.
_FIRST_BY_HAND = 90_000_001
_THERE = """
    SELECT lived_since, lived_until, seed,
           (SELECT max(student_id) + 1 FROM platform.student WHERE student_id < $1) AS student,
           (SELECT max(guardian_id) + 1 FROM platform.guardian WHERE guardian_id < $1) AS guardian,
           (SELECT max(life_no) + 1 FROM platform.life) AS life
    FROM platform.clock FOR UPDATE
"""
Progress = Callable[[str, int, int], None]
"""Told of what is being done, how much of it is done, and how much there is to do."""


def _in_silence(what: str, done: int, of: int) -> None:
    """Nobody looks."""


async def is_seeded(dsn: str) -> bool:
    """Whether a school has been generated here before."""
    connection = await asyncpg.connect(dsn)
    try:
        return bool(await connection.fetchval("SELECT lived_until IS NOT NULL FROM platform.clock"))
    finally:
        await connection.close()


async def seed(dsn: str, *, students: int = 200, seed: int = 1, now: datetime) -> None:
    """Fill an installed, empty school: the demo families and others, `students` children in all.

    `now` is aware; the history ends there and is about sixteen weeks long. The same arguments make the same school.
    All or nothing: one transaction.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await plant(connection, students=students, seed=seed, now=now)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def plant(
    connection: Connection,
    *,
    students: int,
    seed: int,
    now: datetime,
    most_lives: int = MOST_SIMULATIONS,
    progress: Progress = _in_silence,
) -> None:
    """What `seed` does, in the caller's transaction. Children beyond `most_lives` lead lives that others lead, too."""
    curriculum = load(local_day(now))
    await load_curriculum(connection, curriculum, at(local_day(now) - _ESTABLISHED, 9))
    everyone = chain((demo.family for demo in DEMO_FAMILIES), families(seed))
    homes = households(everyone, students, _FIRST_STUDENT, _FIRST_GUARDIAN)
    await _settle(connection, homes, SimulationPool(curriculum, seed, now, 1, most_lives), students, progress)
    await _finish(connection, seed, now)


async def grow(
    connection: Connection,
    *,
    students: int,
    seed: int | None = None,
    most_lives: int = MOST_SIMULATIONS,
    progress: Progress = _in_silence,
) -> int:
    """Let further families come to a seeded school until it has `students` generated children; returns their number.

    They lived as long as those who came first. Nobody leaves: a school that is bigger already stays as it is.
    """
    there = await connection.fetchrow(_THERE, _FIRST_BY_HAND)
    if there is None or there["lived_until"] is None:
        raise LookupError("the school is not seeded")
    generated = int(there["student"]) - _FIRST_STUDENT
    if students <= generated:
        return generated
    seed = there["seed"] if seed is None else seed
    # a family's number is never above its students': beyond theirs, phones and e-mails are new
    newcomers = families(seed, first_number=generated + 1)
    homes = households(newcomers, students - generated, there["student"], there["guardian"])
    curriculum = load(local_day(there["lived_since"]))
    simulations = SimulationPool(curriculum, seed, there["lived_until"], there["life"], most_lives)
    await _settle(connection, homes, simulations, students - generated, progress)
    return students


async def _settle(
    connection: Connection, homes: Iterator[Household], simulations: SimulationPool, students: int, progress: Progress
) -> None:
    """Load them; a large number into bare tables, as keeping indexes up to date would take longer than to build."""
    tables = [table for table, _ in (*rows.PEOPLE, *rows.ACTIVITY_TABLES)]
    rebuilding = await strip(connection, tables) if students >= _LARGE_LOAD else []
    coming, done = family_batches(homes, simulations), 0
    progress("students", 0, students)
    piece = await asyncio.to_thread(next, coming, None)
    while piece is not None:
        following = asyncio.create_task(asyncio.to_thread(next, coming, None))
        await _load(connection, piece)
        done += piece.students
        progress("students", done, students)
        piece = await following
    for number, statement in enumerate(rebuilding, 1):
        await connection.execute(statement)
        progress("indexes and keys", number, len(rebuilding))


async def _load(connection: Connection, piece: FamilyBatch) -> None:
    for table, kind in (*rows.PEOPLE, *rows.ACTIVITY_TABLES):
        await copy_lines(connection, table, rows.columns_of(kind), bytes(piece.lines.get(table, b"")))


async def _finish(connection: Connection, seed: int, now: datetime) -> None:
    """Remember how far the school has lived, and start the ids of what is made by hand beyond the generated ones."""
    await connection.execute("UPDATE platform.clock SET lived_since = $1, lived_until = $1, seed = $2", now, seed)
    for table, column in (("student", "student_id"), ("guardian", "guardian_id")):
        await connection.execute(f"ALTER TABLE platform.{table} ALTER {column} RESTART WITH {_FIRST_BY_HAND}")
    for table, column in (("topic", "topic_id"), ("course", "course_id"), ("cohort", "cohort_id")):
        await _restart_after(connection, table, column)
    for table, column in (("lesson", "lesson_id"), ("test", "test_id")):
        await _restart_after(connection, table, column)


async def _restart_after(connection: Connection, table: str, column: str) -> None:
    highest = await connection.fetchval(f"SELECT coalesce(max({column}), 0) FROM platform.{table}")
    await connection.execute(f"ALTER TABLE platform.{table} ALTER {column} RESTART WITH {highest + 1}")
