"""Advances the simulation of the generated children to a moment; what was made by hand is left alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heapify, heapreplace
from typing import Any, NamedTuple

from mentorium_sandbox.school import rows
from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.school.curriculum import load
from mentorium_sandbox.school.simulation_replay import new_simulation
from mentorium_sandbox.school.student_simulation import StudentSimulation

_THE_SCHOOL = 0x5C4001
_ROWS_A_STATEMENT = 10_000
_STANDING = """
    SELECT lived_since, lived_until, least(moment, activity_as_of) AS due,
           (SELECT count(*) FROM platform.life) AS lives
    FROM platform.clock, platform.present
"""
# Activity by hand stands: the generator completes what it began itself, and takes nothing back.
_MEETING: dict[type[NamedTuple], str] = {
    rows.Enrollment: """
        ON CONFLICT (student_id, course_id) DO UPDATE
        SET status = excluded.status, completed_at = excluded.completed_at,
            started_at = coalesce(known.started_at, excluded.started_at)
        WHERE known.status <> 'completed'
        """,
    rows.LessonProgress: """
        ON CONFLICT (student_id, lesson_id) DO UPDATE
        SET status = excluded.status, percent = excluded.percent, completed_at = excluded.completed_at
        WHERE known.status <> 'completed'
        """,
    rows.TestAttempt: """
        ON CONFLICT (student_id, test_id, attempt_no) DO UPDATE
        SET status = excluded.status, graded_at = excluded.graded_at, score = excluded.score
        WHERE known.status = 'submitted' AND excluded.status = 'graded' AND known.max_score = excluded.max_score
        """,
    rows.ActivityDay: """
        ON CONFLICT (student_id, day) DO UPDATE
        SET active_seconds = excluded.active_seconds, sessions = greatest(known.sessions, excluded.sessions)
        WHERE known.active_seconds < excluded.active_seconds
        """,
}


async def lock_school(connection: Connection) -> None:
    """Until the transaction ends nobody else, in any process, changes the school."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _THE_SCHOOL)


async def lock_school_shared(connection: Connection) -> None:
    """Wait for whoever wants to be alone."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", _THE_SCHOOL)


class _Upcoming(NamedTuple):
    next_at: datetime
    life_no: int
    simulation: StudentSimulation


@dataclass(slots=True)
class SimulationAdvancer:
    """The simulations as far as they have run, kept between two calls; replayed when the database has others."""

    _recorded: tuple[datetime, datetime, int] | None = None
    _ahead: list[_Upcoming] = field(default_factory=list)

    async def advance(self, connection: Connection) -> int:
        """Put on record what has happened up to now, or up to where the feed was frozen; the number of rows.

        The transaction must hold `lock_school`. `updated_at` of a row is the moment of this call, when it shows.
        """
        standing = await connection.fetchrow(_STANDING)
        if standing is None or standing["lived_until"] is None or standing["due"] <= standing["lived_until"]:
            return 0
        told = (standing["lived_since"], standing["lived_until"], standing["lives"])
        if told != self._recorded:
            await self._replay(connection, told)
        due: datetime = standing["due"]
        if self._ahead and self._ahead[0].next_at > due:
            return 0
        self._recorded = None  # until all of it is on record, the simulations are ahead of the database
        activity = await asyncio.to_thread(self._run, due)
        await _record(connection, activity)
        await connection.execute("UPDATE platform.clock SET lived_until = $1", due)
        self._recorded = (told[0], due, told[2])
        return sum(map(len, activity.values()))

    async def _replay(self, connection: Connection, told: tuple[datetime, datetime, int]) -> None:
        lived_since, lived_until, _ = told
        stories = await connection.fetch("SELECT life_no, seed, language, anchor FROM platform.life ORDER BY life_no")
        curriculum = load(local_day(lived_since))

        def replay() -> list[_Upcoming]:
            ahead = []
            for story in stories:
                simulation = new_simulation(rows.SimulationSeed(**dict(story)), curriculum)
                simulation.run_until(lived_until)
                ahead.append(_Upcoming(simulation.next_at, story["life_no"], simulation))
            heapify(ahead)
            return ahead

        self._ahead = await asyncio.to_thread(replay)
        self._recorded = told

    def _run(self, until: datetime) -> dict[type[NamedTuple], list[NamedTuple]]:
        activity: list[NamedTuple] = []
        while self._ahead and self._ahead[0].next_at <= until:
            _, life_no, simulation = self._ahead[0]
            activity += simulation.run_until(until)
            heapreplace(self._ahead, _Upcoming(simulation.next_at, life_no, simulation))
        return rows.latest(activity)


async def _record(connection: Connection, activity: dict[type[NamedTuple], list[NamedTuple]]) -> None:
    for table, kind in rows.ACTIVITY_TABLES:
        columns = [column for column in rows.columns_of(kind) if column != "updated_at"]
        statement = f"""
            INSERT INTO platform.{table} AS known ({', '.join(columns)})
            SELECT student.{', lived.'.join(columns)}
            FROM jsonb_populate_recordset(NULL::platform.{table}, $1::jsonb) AS lived
            JOIN platform.student ON student.life_no = lived.student_id
            ORDER BY 1
            {_MEETING.get(kind, '')}
            """
        for some in _portions(activity[kind]):
            await connection.execute(statement, json.dumps([_as_json(row, columns) for row in some]))


def _portions(activity: Sequence[NamedTuple]) -> Iterable[Sequence[NamedTuple]]:
    return (activity[first : first + _ROWS_A_STATEMENT] for first in range(0, len(activity), _ROWS_A_STATEMENT))


def _as_json(row: NamedTuple, columns: Sequence[str]) -> dict[str, Any]:
    return {
        column: value.isoformat() if isinstance(value, date) else value
        for column, value in zip(columns, row, strict=False)
    }
