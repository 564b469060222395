"""The generated children live on while the clock moves: step by step or at once, in any process, beside handwork."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import asyncpg
import pytest
import pytest_asyncio

from mentorium_sandbox import school
from mentorium_sandbox.school import School, calendar, curriculum, rows, seeding, simulation_replay
from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.conftest import NOW
from tests.fixtures.servers import PostgresServer

_ON_RECORD = {
    "v_enrollment": "student_id, course_id, status, enrolled_at, started_at, completed_at",
    "v_lesson_progress": "student_id, lesson_id, status, percent, started_at, completed_at",
    "v_test_attempt": "student_id, test_id, attempt_no, status, started_at, submitted_at, graded_at, score",
    "v_activity_day": "student_id, day, active_seconds, sessions",
    "v_achievement": "student_id, code, course_id, earned_at",
    "v_teacher_comment": "student_id, course_id, body, created_at",
}


@dataclass(slots=True)
class Hands:
    """A clock that the test turns."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def hands() -> Hands:
    return Hands(NOW)


@pytest.fixture
def living(small_school: str, hands: Hands) -> School:
    return School("key", hands.now, small_school)


@pytest_asyncio.fixture
async def seen(small_school: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(await school.read_only_dsn(small_school))
    yield connection
    await connection.close()


async def _record(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        view: [
            tuple(row) for row in await connection.fetch(f"SELECT {columns} FROM bot_api_v1.{view} ORDER BY 1, 2, 3, 4")
        ]
        for view, columns in _ON_RECORD.items()
    }


async def test_days_that_pass_bring_new_deeds(living: School, hands: Hands, seen: Connection) -> None:
    before = await _record(seen)
    hands.moment += timedelta(days=30)
    await living.advance_school()
    after = await _record(seen)
    assert all(
        len(after[view]) > len(before[view]) for view in ("v_lesson_progress", "v_test_attempt", "v_activity_day")
    )
    newest = await seen.fetchval("SELECT max(day) FROM bot_api_v1.v_activity_day")
    assert hands.moment.date() - timedelta(days=3) <= newest <= hands.moment.date()
    assert await seen.fetchval(
        "SELECT activity_as_of = db_now AND abs(extract(epoch FROM db_now - $1)) < 30 FROM bot_api_v1.v_meta",
        hands.moment,
    )


def test_a_month_that_passes_is_worth_reading() -> None:
    """Good weeks and bad ones, retakes that go better, work handed in late and work that never comes, comments."""
    told = _five_weeks_of(range(1, 45))
    due = {test.test_id: test.due_at for course in curriculum.load(NOW.date()).courses for test in course.challenges}
    handed_in = [(row.submitted_at, due[row.test_id]) for row in told[rows.TestAttempt] if due.get(row.test_id)]
    assert any(submitted > date for submitted, date in handed_in)
    assert any(submitted < date for submitted, date in handed_in)
    scores = {(row.life_no, row.test_id, row.attempt_no): row.score for row in told[rows.TestAttempt]}
    better = [scores.get((life, test, 1), score) < score for (life, test, n), score in scores.items() if n == 2]
    assert sum(better) > len(better) / 2 > 0
    weeks: dict[int, dict[date, int]] = {}
    for day in told[rows.ActivityDay]:
        of_child, monday = weeks.setdefault(day.life_no, {}), calendar.monday_of(day.day)
        of_child[monday] = of_child.get(monday, 0) + day.active_seconds
    for life_no in range(1, 5):
        assert max(weeks[life_no].values()) > 1.5 * min(weeks[life_no].values()), "a demo child's weeks are all alike"
    assert len({row.body for row in told[rows.TeacherComment]}) > 8


def test_school_holidays_are_quiet() -> None:
    told = _five_weeks_of(range(1, 200))
    seconds = {True: 0, False: 0}
    days = {True: 4, False: 31}
    for day in told[rows.ActivityDay]:
        seconds[calendar.is_school_holiday(day.day)] += day.active_seconds
    assert seconds[True] / days[True] < 0.6 * seconds[False] / days[False]
    assert not any(calendar.is_public_holiday(day.day) for day in told[rows.ActivityDay] if day.life_no > 4)


def _five_weeks_of(lives: range) -> dict[type[NamedTuple], list[Any]]:
    """What comes on record from the end of November to the end of the year."""
    taught = curriculum.load(NOW.date())
    ahead: list[NamedTuple] = []
    for number in lives:
        life = simulation_replay.new_simulation(rows.SimulationSeed(number, 1, "ru", NOW.date()), taught)
        life.run_until(calendar.at(date(2026, 11, 27), 0))
        ahead += life.run_until(calendar.at(date(2027, 1, 1), 0))
    return rows.latest(ahead)


async def test_many_steps_and_many_sandboxes_make_what_one_step_makes(
    postgres_server: PostgresServer, small_template: str, living: School, hands: Hands, seen: Connection
) -> None:
    at_once = await postgres_server.create("at_once", small_template)
    target = NOW + timedelta(days=21)
    await School("key", lambda: target, at_once).advance_school()
    rng = Random(3)
    while hands.moment < target:
        hands.moment = min(target, hands.moment + timedelta(minutes=rng.randint(1, 2000)))
        restarted = School("key", hands.now, living.dsn)
        await (living if rng.random() < 0.7 else restarted).advance_school()
    connection = await asyncpg.connect(at_once)
    assert await _record(seen) == await _record(connection)
    await connection.close()
    await postgres_server.drop(at_once)


async def test_a_school_that_lived_on_is_the_one_that_would_have_been_made_later(
    living: School, hands: Hands, seen: Connection
) -> None:
    """The life itself, told to a later day, says what the tables hold."""
    hands.moment += timedelta(days=10)
    await living.advance_school()
    story = rows.SimulationSeed(6, 1, "uz", NOW.date())
    language = await _language_of(living, story.life_no)
    life = simulation_replay.new_simulation(story._replace(language=language), curriculum.load(NOW.date()))
    told = rows.latest(life.run_until(hands.moment))
    kept = await seen.fetch(
        "SELECT day, active_seconds FROM bot_api_v1.v_activity_day WHERE student_id = 10006 ORDER BY day"
    )
    assert [tuple(row) for row in kept] == sorted((row[1], row[2]) for row in told[rows.ActivityDay])


async def _language_of(living: School, life_no: int) -> str:
    async with living.open() as connection:
        language: str = await connection.fetchval("SELECT language FROM platform.life WHERE life_no = $1", life_no)
        return language


async def test_nothing_due_changes_nothing(living: School, hands: Hands, seen: Connection) -> None:
    hands.moment += timedelta(days=2)
    await living.advance_school()
    before = await _record(seen)
    for _ in range(3):
        await living.advance_school()
    assert await _record(seen) == before


async def test_calls_at_the_same_moment_bring_each_deed_once(living: School, hands: Hands, seen: Connection) -> None:
    hands.moment += timedelta(days=14)
    other = School("key", hands.now, living.dsn)
    await asyncio.gather(*(some.advance_school() for some in (living, other, living, other)))
    once = await _record(seen)
    assert len(once["v_achievement"]) == len(set(once["v_achievement"]))
    assert len(once["v_teacher_comment"]) == len(set(once["v_teacher_comment"]))


@pytest.mark.own_databases
async def test_a_call_that_fails_loses_nothing(
    postgres_server: PostgresServer, small_template: str, living: School, hands: Hands, seen: Connection
) -> None:
    unharmed = await postgres_server.create("unharmed", small_template)
    hands.moment += timedelta(days=7)
    await School("key", hands.now, unharmed).advance_school()
    async with living.open() as connection:
        await connection.execute("ALTER TABLE platform.award RENAME TO elsewhere")
    with pytest.raises(asyncpg.UndefinedTableError):
        await living.advance_school()
    async with living.open() as connection:
        await connection.execute("ALTER TABLE platform.elsewhere RENAME TO award")
    await living.advance_school()
    connection = await asyncpg.connect(unharmed)
    assert await _record(seen) == await _record(connection)
    await connection.close()
    await postgres_server.drop(unharmed)


async def test_what_was_made_by_hand_is_left_alone(living: School, hands: Hands, seen: Connection) -> None:
    async with living.open() as connection:
        student_id = await connection.fetchval(
            "INSERT INTO platform.student (display_name) VALUES ('By hand') RETURNING student_id"
        )
        await connection.execute(
            "INSERT INTO platform.enrollment (student_id, course_id, status) VALUES ($1, 1, 'active')", student_id
        )
    materials = await seen.fetch("SELECT * FROM bot_api_v1.v_new_material WHERE course_id = 1 ORDER BY lesson_id")
    hands.moment += timedelta(days=60)
    await living.advance_school()
    for view in ("v_lesson_progress", "v_test_attempt", "v_activity_day", "v_achievement", "v_teacher_comment"):
        assert await seen.fetchval(f"SELECT count(*) FROM bot_api_v1.{view} WHERE student_id = $1", student_id) == 0
    enrolled = await seen.fetch(
        "SELECT course_id, status FROM bot_api_v1.v_enrollment WHERE student_id = $1", student_id
    )
    assert [tuple(row) for row in enrolled] == [(1, "active")]
    query = "SELECT * FROM bot_api_v1.v_new_material WHERE course_id = 1 ORDER BY lesson_id"
    assert await seen.fetch(query) == materials


async def test_a_deed_by_hand_on_a_generated_child_stands(living: School, hands: Hands, seen: Connection) -> None:
    async with living.open() as connection:
        await connection.execute("""
            INSERT INTO platform.lesson_progress (student_id, lesson_id, course_id, status, percent, completed_at)
            SELECT 10001, lesson_id, course_id, 'completed', 100, platform.now() FROM platform.lesson
            ON CONFLICT (student_id, lesson_id) DO UPDATE
            SET status = 'completed', percent = 100, completed_at = excluded.completed_at
            WHERE lesson_progress.status <> 'completed'
            """)
    query = "SELECT * FROM bot_api_v1.v_lesson_progress WHERE student_id = 10001 ORDER BY lesson_id"
    before = await seen.fetch(query)
    hands.moment += timedelta(days=45)
    await living.advance_school()
    assert await seen.fetch(query) == before


async def test_a_frozen_feed_brings_nothing_until_it_flows(living: School, hands: Hands, seen: Connection) -> None:
    async with living.open() as connection:
        await connection.execute("UPDATE platform.clock SET feed_frozen_at = $1", NOW - timedelta(hours=3))
    before = await _record(seen)
    hands.moment += timedelta(days=5)
    await living.advance_school()
    assert await _record(seen) == before
    assert await seen.fetchval("SELECT activity_as_of FROM bot_api_v1.v_meta") == NOW - timedelta(hours=3)
    async with living.open() as connection:
        await connection.execute("UPDATE platform.clock SET feed_frozen_at = NULL")
    await living.advance_school()
    assert len((await _record(seen))["v_activity_day"]) > len(before["v_activity_day"])


async def test_newcomers_live_on_like_the_others(living: School, hands: Hands, seen: Connection) -> None:
    hands.moment += timedelta(days=3)
    await living.advance_school()
    async with living.open(exclusively=True) as connection:
        await seeding.grow(connection, students=30, seed=9)
    hands.moment += timedelta(days=12)
    await living.advance_school()
    learned = await seen.fetchval(
        "SELECT count(DISTINCT student_id) FROM bot_api_v1.v_activity_day WHERE student_id > 10008 AND day > $1",
        NOW.date() + timedelta(days=4),
    )
    assert learned > 10


async def test_rows_show_as_changed_when_they_came(living: School, hands: Hands, seen: Connection) -> None:
    """A feed that follows `updated_at` misses nothing, whenever that itself happened."""
    hands.moment += timedelta(days=6)
    async with living.open() as connection:
        cursor = await connection.fetchval("SELECT platform.now()")
    await living.advance_school()
    for view, column in (
        ("v_lesson_progress", "completed_at"),
        ("v_test_attempt", "graded_at"),
        ("v_achievement", "earned_at"),
    ):
        missed = f"SELECT count(*) FROM bot_api_v1.{view} WHERE {column} > $1 AND updated_at < $2"
        assert await seen.fetchval(missed, NOW, cursor - timedelta(minutes=2)) == 0


def test_a_life_is_the_same_however_often_it_is_looked_at() -> None:
    taught = curriculum.load(NOW.date())
    for number in range(5, 45):
        story = rows.SimulationSeed(number, 4, "ru", NOW.date())
        at_once, in_steps = simulation_replay.new_simulation(story, taught), simulation_replay.new_simulation(
            story, taught
        )
        rng, moment, activity = Random(number), calendar.at(NOW.date() - timedelta(weeks=20), 0), []
        while moment < NOW + timedelta(weeks=10):
            moment += timedelta(minutes=rng.randint(1, 5000))
            too_early = in_steps.next_at > moment
            happened = in_steps.run_until(moment)
            assert not (too_early and happened)
            activity += happened
        assert at_once.run_until(moment) == activity
        assert in_steps.next_at > moment
