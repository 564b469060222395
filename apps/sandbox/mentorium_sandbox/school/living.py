"""The generated children go on living while the days pass; what was made by hand is left alone."""

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
from mentorium_sandbox.school.copying import Connection
from mentorium_sandbox.school.curriculum import load
from mentorium_sandbox.school.life import Life
from mentorium_sandbox.school.lives import life_of

_THE_SCHOOL = 0x5C4001
_ROWS_A_STATEMENT = 10_000
_STANDING = """
    SELECT lived_since, lived_until, least(moment, activity_as_of) AS due,
           (SELECT count(*) FROM platform.life) AS lives
    FROM platform.clock, platform.present
"""
# A deed by hand stands: the generator completes what it began itself, and takes nothing back.
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


async def alone(connection: Connection) -> None:
    """Until the transaction ends nobody else, in any process, changes the school."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _THE_SCHOOL)


async def beside_others(connection: Connection) -> None:
    """Wait for whoever wants to be alone."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", _THE_SCHOOL)


class _Ahead(NamedTuple):
    next_at: datetime
    life_no: int
    life: Life


@dataclass(slots=True)
class Living:
    """Lives told so far, kept between two calls; told anew when they are not those of the database."""

    _told: tuple[datetime, datetime, int] | None = None
    _ahead: list[_Ahead] = field(default_factory=list)

    async def go_on(self, connection: Connection) -> int:
        """Put on record what has happened up to now, or up to where the feed was frozen; the number of deeds.

        The transaction must be `alone`. `updated_at` of a deed is the moment of this call, as that is when it shows.
        """
        standing = await connection.fetchrow(_STANDING)
        if standing is None or standing["lived_until"] is None or standing["due"] <= standing["lived_until"]:
            return 0
        told = (standing["lived_since"], standing["lived_until"], standing["lives"])
        if told != self._told:
            await self._tell_anew(connection, told)
        due: datetime = standing["due"]
        if self._ahead and self._ahead[0].next_at > due:
            return 0
        self._told = None  # until all of it is on record, the lives are ahead of the database
        deeds = await asyncio.to_thread(self._live, due)
        await _record(connection, deeds)
        await connection.execute("UPDATE platform.clock SET lived_until = $1", due)
        self._told = (told[0], due, told[2])
        return sum(map(len, deeds.values()))

    async def _tell_anew(self, connection: Connection, told: tuple[datetime, datetime, int]) -> None:
        lived_since, lived_until, _ = told
        stories = await connection.fetch("SELECT life_no, seed, language, anchor FROM platform.life ORDER BY life_no")
        curriculum = load(local_day(lived_since))

        def tell() -> list[_Ahead]:
            ahead = []
            for story in stories:
                life = life_of(rows.LifeStory(**dict(story)), curriculum)
                life.live(lived_until)
                ahead.append(_Ahead(life.next_at, story["life_no"], life))
            heapify(ahead)
            return ahead

        self._ahead = await asyncio.to_thread(tell)
        self._told = told

    def _live(self, until: datetime) -> dict[type[NamedTuple], list[NamedTuple]]:
        deeds: list[NamedTuple] = []
        while self._ahead and self._ahead[0].next_at <= until:
            _, life_no, life = self._ahead[0]
            deeds += life.live(until)
            heapreplace(self._ahead, _Ahead(life.next_at, life_no, life))
        return rows.latest(deeds)


async def _record(connection: Connection, deeds: dict[type[NamedTuple], list[NamedTuple]]) -> None:
    for table, kind in rows.DEEDS:
        columns = [column for column in rows.columns_of(kind) if column != "updated_at"]
        statement = f"""
            INSERT INTO platform.{table} AS known ({', '.join(columns)})
            SELECT student.{', lived.'.join(columns)}
            FROM jsonb_populate_recordset(NULL::platform.{table}, $1::jsonb) AS lived
            JOIN platform.student ON student.life_no = lived.student_id
            ORDER BY 1
            {_MEETING.get(kind, '')}
            """
        for some in _portions(deeds[kind]):
            await connection.execute(statement, json.dumps([_as_json(deed, columns) for deed in some]))


def _portions(deeds: Sequence[NamedTuple]) -> Iterable[Sequence[NamedTuple]]:
    return (deeds[first : first + _ROWS_A_STATEMENT] for first in range(0, len(deeds), _ROWS_A_STATEMENT))


def _as_json(deed: NamedTuple, columns: Sequence[str]) -> dict[str, Any]:
    return {
        column: value.isoformat() if isinstance(value, date) else value
        for column, value in zip(columns, deed, strict=False)
    }
