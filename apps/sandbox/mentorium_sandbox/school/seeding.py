"""Filling the school: the curriculum, then families, chunk by chunk so that a million students fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, count, islice
from random import Random
from typing import NamedTuple

import asyncpg

from mentorium_sandbox.school import rows
from mentorium_sandbox.school.calendar import HISTORY_WEEKS, WEEK, at, local_day, monday_of
from mentorium_sandbox.school.curriculum import Curriculum, load
from mentorium_sandbox.school.demo import DEMO_FAMILIES, Script
from mentorium_sandbox.school.life import Life, Pupil
from mentorium_sandbox.school.loading import Connection, copy_rows, load_curriculum
from mentorium_sandbox.school.people import Adult, Child, Family, families

_FIRST_STUDENT, _FIRST_GUARDIAN = 10_001, 50_001
_FAMILIES_A_CHUNK = 400
_BEGINNERS = 0.7
_ESTABLISHED = timedelta(days=200)
# Those who come by hand get ids far above any generated one.
_FIRST_BY_HAND = 90_000_001
_NEXT_IDS = """
    SELECT (SELECT max(student_id) + 1 FROM platform.student WHERE student_id < $1),
           (SELECT max(guardian_id) + 1 FROM platform.guardian WHERE guardian_id < $1)
"""


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
    curriculum = load(local_day(now))
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await load_curriculum(connection, curriculum, at(local_day(now) - _ESTABLISHED, 9))
            everyone = chain(
                ((demo.family, demo.scripts) for demo in DEMO_FAMILIES), ((family, ()) for family in families(seed))
            )
            households = _households(everyone, students, _FIRST_STUDENT, _FIRST_GUARDIAN)
            await _settle(connection, households, curriculum, seed, now)
            await _finish(connection, seed, now)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def grow(connection: Connection, *, students: int, seed: int | None = None) -> int:
    """Let further families come to a seeded school until it has `students` generated children; returns their number.

    They lived as long as those who came first. Nobody leaves: a school that is bigger already stays as it is.
    """
    now, first_seed = await _row(connection, "SELECT lived_until, seed FROM platform.clock FOR UPDATE")
    student, guardian = await _row(connection, _NEXT_IDS, _FIRST_BY_HAND)
    there = int(student) - _FIRST_STUDENT
    seed = first_seed if seed is None else seed
    # a family's number is never above its students': beyond theirs, phones and e-mails are new
    newcomers = ((family, ()) for family in families(seed, first_number=there + 1))
    households = _households(newcomers, students - there, student, guardian)
    await _settle(connection, households, load(local_day(now)), seed, now)
    return max(there, students)


async def _row(connection: Connection, query: str, *arguments: object) -> asyncpg.Record:
    row = await connection.fetchrow(query, *arguments)
    if row is None:
        raise LookupError("the school is not seeded")
    return row


async def _settle(
    connection: Connection, households: Iterator[_Household], curriculum: Curriculum, seed: int, now: datetime
) -> None:
    while chunk := list(islice(households, _FAMILIES_A_CHUNK)):
        await copy_rows(connection, chain.from_iterable(_family_rows(home, curriculum, seed, now) for home in chunk))


class _Household(NamedTuple):
    family: Family
    scripts: tuple[Script | None, ...]
    first_student: int
    first_guardian: int


def _households(
    everyone: Iterable[tuple[Family, tuple[Script, ...]]], students: int, student: int, guardian: int
) -> Iterator[_Household]:
    """Households of `students` children in all, ids from `student` and `guardian` on; the last family may be cut."""
    end = student + students
    for family, scripts in everyone:
        left = end - student
        if left <= 0:
            return
        kept = Family(family.language, family.adults, family.children[:left])
        yield _Household(kept, scripts or (None,) * len(kept.children), student, guardian)
        student += len(kept.children)
        guardian += len(kept.adults)


def _family_rows(home: _Household, curriculum: Curriculum, seed: int, now: datetime) -> Iterator[NamedTuple]:
    anchor = local_day(now)
    oldest = now
    pupils = []
    for child, script, student_id in zip(home.family.children, home.scripts, count(home.first_student)):
        rng = Random(f"{seed}/pupil/{student_id}")
        pupil = _pupil(student_id, home.family.language, script, anchor, rng, len(curriculum.courses))
        oldest = min(oldest, at(pupil.joined, 9))
        pupils.append(student_id)
        yield _student(student_id, child, at(pupil.joined, 9), anchor)
        yield from Life(pupil, curriculum, rng).live(now)
    for place, (adult, guardian_id) in enumerate(zip(home.family.adults, count(home.first_guardian))):
        yield _guardian(guardian_id, adult, home.family.language, oldest)
        for student_id in pupils:
            primary = place == 0
            yield rows.GuardianStudent(guardian_id, student_id, adult.relation, primary, True, primary, oldest, oldest)


def _pupil(student_id: int, language: str, script: Script | None, anchor: date, rng: Random, courses: int) -> Pupil:
    if script is not None:
        joined = monday_of(anchor) - script.joined_weeks_ago * WEEK
        return Pupil(student_id, language, joined, anchor, script.first_course, script)
    joined = anchor - timedelta(days=rng.randint(3, HISTORY_WEEKS * 7))
    first_course = 0 if rng.random() < _BEGINNERS else rng.randrange(courses)
    return Pupil(student_id, language, joined, anchor, first_course)


def _student(student_id: int, child: Child, joined: datetime, anchor: date) -> rows.Student:
    number = student_id - _FIRST_STUDENT + 1
    return rows.Student(student_id, child.display_name, anchor.year - child.age, number, joined, joined)


def _guardian(guardian_id: int, adult: Adult, locale: str, since: datetime) -> rows.Guardian:
    return rows.Guardian(
        guardian_id,
        adult.full_name,
        adult.email,
        adult.verified and adult.email is not None,
        adult.phone,
        adult.verified and adult.phone is not None,
        locale,
        since,
    )


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
