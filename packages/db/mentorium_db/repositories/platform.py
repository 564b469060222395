"""The platform as its contract shows it: sixteen views in `bot_api_v1`, read and never written."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any, Final, TypeAlias

import asyncpg

from mentorium_db.session import PlatformConnection
from mentorium_domain.language import TITLE_COLUMNS
from mentorium_kit.errors import UnavailableError

Row: TypeAlias = asyncpg.Record
PlatformSession: TypeAlias = "PlatformConnection | asyncpg.Connection[Row]"

REQUIRED_VIEWS = frozenset({"v_meta", "v_student", "v_guardian", "v_guardian_student"})

_TITLES = dict.fromkeys(TITLE_COLUMNS, "text")
_TITLES_OF = re.compile(r"\{(\w+\.)?titles\}")
_SANE = re.compile(r"\{sane:([\w.]+)\}")
_SANE_AS_SQL = r"CASE WHEN \1 >= '2000-01-01 00:00+05' AND \1 < '2101-01-01 00:00+05' THEN \1 END"
"""The contract: a date or time outside 2000 to 2100, infinity among them, counts as absent wherever it stands."""
_FAMILY: Final = 16
"""So many guardians or learners are a family's at most; more are a batch."""
_AS_BEFORE: Final = "RESET plan_cache_mode"
_ODD_VALUE: Final = (asyncpg.DataError, OverflowError, ValueError)
"""What a statement cannot compute with; the last two: a date that Python has not."""
# What the facts need of each view that a platform may leave unpublished.
OPTIONAL_VIEWS: dict[str, dict[str, str]] = {
    "v_activity_day": {"student_id": "bigint", "day": "date", "active_seconds": "integer"},
    "v_enrollment": {
        "enrollment_id": "bigint",
        "student_id": "bigint",
        "course_id": "bigint",
        "status": "text",
        "enrolled_at": "timestamptz",
        "completed_at": "timestamptz",
        "due_on": "date",
    },
    "v_course": {"course_id": "bigint", "slug": "text", **_TITLES, "required_lessons": "integer"},
    "v_lesson": {
        "lesson_id": "bigint",
        "course_id": "bigint",
        "position": "integer",
        **_TITLES,
        "is_required": "boolean",
        "published_at": "timestamptz",
    },
    "v_lesson_progress": {
        "student_id": "bigint",
        "lesson_id": "bigint",
        "course_id": "bigint",
        "status": "text",
        "completed_at": "timestamptz",
    },
    "v_topic": {"topic_id": "bigint", "code": "text", **_TITLES},
    "v_test": {
        "test_id": "bigint",
        "course_id": "bigint",
        "topic_id": "bigint",
        **_TITLES,
        "max_score": "numeric",
        "pass_score": "numeric",
        "due_at": "timestamptz",
    },
    "v_test_attempt": {
        "attempt_id": "bigint",
        "test_id": "bigint",
        "student_id": "bigint",
        "topic_id": "bigint",
        "submitted_at": "timestamptz",
        "graded_at": "timestamptz",
        "score": "numeric",
        "max_score": "numeric",
        "status": "text",
    },
    "v_achievement": {
        "award_id": "bigint",
        "student_id": "bigint",
        "code": "text",
        "kind": "text",
        **_TITLES,
        "earned_at": "timestamptz",
    },
    "v_teacher_comment": {
        "comment_id": "bigint",
        "student_id": "bigint",
        "course_id": "bigint",
        "author_name": "text",
        "body": "text",
        "created_at": "timestamptz",
    },
    "v_new_material": {"lesson_id": "bigint", "course_id": "bigint", **_TITLES, "published_at": "timestamptz"},
}
# Without attempts every test would look overdue, without progress every lesson would look undone.
_MISLEADING_WITHOUT = {"v_test": "v_test_attempt", "v_lesson": "v_lesson_progress"}

_LAST_COMMENTS = """
    SELECT DISTINCT ON (comment.student_id)
           comment.student_id, author_name, body, created_at, {course.titles}
    FROM bot_api_v1.v_teacher_comment AS comment
    LEFT JOIN bot_api_v1.v_course AS course USING (course_id)
    WHERE comment.student_id = ANY($1) AND created_at <= (SELECT db_now FROM bot_api_v1.v_meta)
        AND created_at >= timestamptz '2000-01-01 00:00+05'
    ORDER BY comment.student_id, created_at DESC, comment_id DESC
    """
_GUARDIAN = (
    "SELECT guardian_id, coalesce(full_name, '') AS full_name, phone_e164, locale, status FROM bot_api_v1.v_guardian"
)

_RIGHTS = """
    SELECT DISTINCT guardian_id, student_id, coalesce(student.display_name, '') AS display_name
    FROM bot_api_v1.v_guardian_student AS link
    CROSS JOIN (SELECT db_now FROM bot_api_v1.v_meta) AS meta
    JOIN bot_api_v1.v_guardian AS guardian USING (guardian_id)
    JOIN bot_api_v1.v_student AS student USING (student_id)
    WHERE link.guardian_id = ANY($1) AND link.can_view_progress
        AND link.valid_from <= db_now AND (link.valid_to IS NULL OR link.valid_to > db_now)
        AND guardian.status = 'active' AND student.status = 'active'
    """
_RIGHTS_AND_NAMES = f"""
    SELECT rights.*, NULL AS full_name FROM ({_RIGHTS}) AS rights
    UNION ALL
    SELECT guardian_id, NULL, NULL, coalesce(full_name, '') FROM bot_api_v1.v_guardian WHERE guardian_id = ANY($1)
    ORDER BY 1, 2
    """  # noqa: S608 - constants of this file


@dataclass(frozen=True, slots=True)
class PlatformMeta:
    contract_major: int
    contract_minor: int
    day_tz: str
    db_now: datetime
    activity_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Guardian:
    guardian_id: int
    full_name: str
    phone_e164: str | None
    locale: str
    status: str


@dataclass(frozen=True, slots=True)
class GuardedStudent:
    """A guardian's right, standing now, to see this student's progress."""

    guardian_id: int
    student_id: int
    display_name: str


class PlatformValueError(UnavailableError):
    """Some row of the platform holds a value that cannot be computed with, or does not fit any type of ours."""


class PlatformRepository:
    """Reads over one connection. UnavailableError `platform_contract_broken` where the database breaks the contract,
    PlatformValueError among them.
    """

    def __init__(self, connection: PlatformSession) -> None:
        self._connection = connection

    async def meta(self) -> PlatformMeta:
        """Version of the contract, the platform's clock and the age of its data (aware datetimes)."""
        rows = await self._fetch(written_out("""
            SELECT contract_major, contract_minor, day_tz, {sane:db_now} AS db_now,
                {sane:activity_as_of} AS activity_as_of
            FROM bot_api_v1.v_meta
            """))
        if len(rows) != 1:
            raise UnavailableError("platform_contract_broken", reason="v_meta is not one row")
        if rows[0]["db_now"] is None:
            raise UnavailableError("platform_contract_broken", reason="v_meta.db_now is no time")
        return PlatformMeta(**dict(rows[0]))

    async def missing_views(self) -> frozenset[str]:
        """The optional views that are not there, not readable or lack a column we need; reads the catalogue only."""
        rows = await self._fetch("""
            SELECT relation.relname AS view, array_agg(attribute.attname::text) AS columns
            FROM pg_class AS relation
            JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum > 0
            WHERE relation.relnamespace = to_regnamespace('bot_api_v1') AND NOT attribute.attisdropped
                AND has_schema_privilege(relation.relnamespace, 'USAGE')
                AND has_table_privilege(relation.oid, 'SELECT')
            GROUP BY relation.relname
            """)
        published = {row["view"]: set(row["columns"]) for row in rows}
        if lacking := REQUIRED_VIEWS - published.keys():
            raise UnavailableError("platform_contract_broken", missing=",".join(sorted(lacking)))
        return frozenset(
            view for view, columns in OPTIONAL_VIEWS.items() if not columns.keys() <= published.get(view, set())
        )

    async def guardian_by_id(self, guardian_id: int) -> Guardian | None:
        """The guardian, whatever the status."""
        rows = await self._fetch(f"{_GUARDIAN} WHERE guardian_id = $1", guardian_id)
        return Guardian(**dict(rows[0])) if rows else None

    async def guardians_by_ids(self, guardian_ids: Collection[int]) -> list[Guardian]:
        """The guardians by their ids, whatever the status."""
        rows = await self._fetch(f"{_GUARDIAN} WHERE guardian_id = ANY($1) ORDER BY guardian_id", list(guardian_ids))
        return [Guardian(**dict(row)) for row in rows]

    async def guardians_by_verified_phone(self, phone_e164: str) -> list[Guardian]:
        """Active guardians whose verified phone this is; more than one where adults share a phone."""
        rows = await self._fetch(
            f"{_GUARDIAN} WHERE phone_e164 = $1 AND phone_verified AND status = 'active' ORDER BY guardian_id",
            phone_e164,
        )
        return [Guardian(**dict(row)) for row in rows]

    async def guardians_by_verified_email(self, email: str) -> list[Guardian]:
        """Active guardians whose verified address (in small letters) this is."""
        rows = await self._fetch(
            f"{_GUARDIAN} WHERE email = $1 AND email_verified AND status = 'active' ORDER BY guardian_id", email
        )
        return [Guardian(**dict(row)) for row in rows]

    async def verified_emails(self, guardian_ids: Collection[int]) -> list[str]:
        """The addresses that these guardians have verified, of those who are active, by guardian."""
        rows = await self._fetch(
            "SELECT email FROM bot_api_v1.v_guardian WHERE guardian_id = ANY($1) AND email_verified"
            " AND status = 'active' AND email IS NOT NULL ORDER BY guardian_id",
            list(guardian_ids),
        )
        return [row["email"] for row in rows]

    async def students_of_guardians(self, guardian_ids: Collection[int]) -> list[GuardedStudent]:
        """Whose progress these guardians may see at this moment, by guardian, then student."""
        rows = await self._fetch(f"{_RIGHTS} ORDER BY guardian_id, student_id", list(guardian_ids))
        if guardian_ids and not rows:
            await self.meta()  # without a clock nobody sees a child, and that is an outage
        return [GuardedStudent(**dict(row)) for row in rows]

    async def rights_and_names(self, guardian_ids: Collection[int]) -> tuple[list[GuardedStudent], dict[int, str]]:
        """As `students_of_guardians`, and what the guardians are called, whatever their status: by one statement."""
        rights: list[GuardedStudent] = []
        names: dict[int, str] = {}
        for guardian_id, student_id, display_name, full_name in await self._fetch(
            _RIGHTS_AND_NAMES, list(guardian_ids)
        ):
            if student_id is None:
                names[guardian_id] = full_name
            else:
                rights.append(GuardedStudent(guardian_id, student_id, display_name))
        if guardian_ids and not rights:
            await self.meta()
        return rights, names

    async def facts(
        self,
        student_ids: Sequence[int],
        period: tuple[date, date],
        before: tuple[date, date],
        missing_views: frozenset[str] = frozenset(),
    ) -> list[Row]:
        """One row a learner by one statement for the whole batch; unknown learners have none.

        `period` and the one to compare with, `before`, are first and last Tashkent days. `platform_facts.sql` tells the
        columns; its JSON lists come as text, null where empty.
        """
        day = timedelta(days=1)
        return await self._fetch(
            facts_statement(missing_views),
            list(student_ids),
            period[0],
            period[1] + day,
            before[0],
            before[1] + day,
        )

    async def last_comments(
        self, student_ids: Collection[int], missing_views: frozenset[str] = frozenset()
    ) -> list[Row]:
        """The newest comment about each learner, with its course's titles; no row where nothing has been written."""
        return await self._fetch(written_out(_LAST_COMMENTS, missing_views), list(student_ids))

    async def _fetch(self, statement: str, *arguments: Any) -> list[Row]:
        try:
            return await fetch_planned(self._connection, statement, *arguments)
        except (asyncpg.SyntaxOrAccessError, asyncpg.CardinalityViolationError) as error:  # the second: of v_meta
            raise UnavailableError("platform_contract_broken", reason=type(error).__name__) from error
        except _ODD_VALUE as error:
            raise PlatformValueError("platform_contract_broken", reason=type(error).__name__) from error


async def fetch_planned(connection: PlatformSession, statement: str, *arguments: Any) -> list[Row]:
    """The rows. About one family the server may keep a plan: to make one costs it more than to answer.

    For a batch, which the first argument tells, it plans anew each time: what suits five people does not suit five
    thousand, and a plan that is kept reckons with ten. After an odd value the connection may be asked on, and so is as
    it was; after any other failure that is left to the pool's reset.
    """
    if not (arguments and isinstance(arguments[0], list) and len(arguments[0]) > _FAMILY):
        return await connection.fetch(statement, *arguments)
    await connection.execute("SET plan_cache_mode = force_custom_plan")
    try:
        rows = await connection.fetch(statement, *arguments)
    except _ODD_VALUE:
        await connection.execute(_AS_BEFORE)
        raise
    await connection.execute(_AS_BEFORE)
    return rows


@functools.cache
def facts_statement(missing_views: frozenset[str]) -> str:
    """The facts statement without the views that are missing: an empty relation stands in for each."""
    statement = resources.files(__package__).joinpath("platform_facts.sql").read_text(encoding="utf-8")
    misleading = {view for view, needed in _MISLEADING_WITHOUT.items() if needed in missing_views}
    return written_out(statement, missing_views | misleading)


def written_out(statement: str, missing_views: Collection[str] = ()) -> str:
    """The statement with the columns of its titles, what makes moments sane, and empty relations for missing views."""
    statement = _SANE.sub(_SANE_AS_SQL, _TITLES_OF.sub(_title_columns, statement))
    for view in missing_views:
        columns = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in OPTIONAL_VIEWS[view].items())
        statement = statement.replace(f"bot_api_v1.{view} AS", f"(SELECT {columns} WHERE false) AS")
    return statement


def _title_columns(place: re.Match[str]) -> str:
    return ", ".join(f"{place[1] or ''}{column}" for column in TITLE_COLUMNS)
