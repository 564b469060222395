"""Children made by hand: enrolling them, and giving a guardian the right to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copy_format import Connection

_AGE = 12
_COURSE_LASTS = timedelta(weeks=20)


class UnknownError(LookupError):
    """Something that a control call names is not there."""


class ConflictError(ValueError):
    """What a control call asks for contradicts what is there."""


@dataclass(frozen=True, slots=True)
class GuardianEntry:
    """As the caller described the guardian; the e-mail in lower case, the phone in E.164."""

    full_name: str
    email: str | None
    phone: str | None
    locale: str


async def add_student(
    connection: Connection, name: str, entry: GuardianEntry, courses: Sequence[str], now: datetime
) -> tuple[int, int]:
    """Make the child, its enrolments (none named: the first course) and its guardian; returns student and guardian id.

    Raises UnknownError for a course, ConflictError where e-mail and phone belong to two guardians.
    """
    guardian_id = await _guardian(connection, entry)
    student_id: int = await connection.fetchval(
        "INSERT INTO platform.student (display_name, birth_year, created_at) "
        "VALUES ($1, $2, $3) RETURNING student_id",
        name,
        local_day(now).year - _AGE,
        now,
    )
    await _link(connection, guardian_id, student_id, now, primary=True)
    for course_id in [await course_by_slug(connection, slug) for slug in courses] or [await _first_course(connection)]:
        await enrol(connection, student_id, course_id, "active", now)
    return student_id, guardian_id


async def add_guardian(
    connection: Connection, student_id: int, entry: GuardianEntry, courses: Sequence[str], now: datetime
) -> int:
    """Give a child who is there one more guardian, who may view it, and further courses; returns the guardian's id.

    Raises UnknownError for the child or a course, ConflictError as `add_student` does.
    """
    if not await connection.fetchval("SELECT 1 FROM platform.student WHERE student_id = $1 FOR UPDATE", student_id):
        raise UnknownError(f"there is no student {student_id}")
    guardian_id = await _guardian(connection, entry)
    linked = await connection.fetchval(
        "SELECT 1 FROM platform.guardian_student WHERE guardian_id = $1 AND student_id = $2 AND valid_to IS NULL",
        guardian_id,
        student_id,
    )
    if not linked:
        await _link(connection, guardian_id, student_id, now, primary=False)
    for course_id in [await course_by_slug(connection, slug) for slug in courses]:
        if not await _is_enrolled(connection, student_id, course_id):
            await enrol(connection, student_id, course_id, "active", now)
    return guardian_id


async def _is_enrolled(connection: Connection, student_id: int, course_id: int) -> bool:
    query = "SELECT EXISTS (SELECT FROM platform.enrollment WHERE student_id = $1 AND course_id = $2)"
    return bool(await connection.fetchval(query, student_id, course_id))


async def _link(connection: Connection, guardian_id: int, student_id: int, now: datetime, *, primary: bool) -> None:
    await connection.execute(
        "INSERT INTO platform.guardian_student (guardian_id, student_id, relation, is_primary, valid_from) "
        "VALUES ($1, $2, 'guardian', $3, $4)",
        guardian_id,
        student_id,
        primary,
        now,
    )


async def enrol(connection: Connection, student_id: int, course_id: int, status: str, moment: datetime) -> int:
    """Enrol, or change the status of an enrolment; returns its id."""
    completed = moment if status == "completed" else None
    enrollment_id: int = await connection.fetchval(
        """
        INSERT INTO platform.enrollment
            (student_id, course_id, cohort_id, status, enrolled_at, completed_at, due_on)
        VALUES ($1, $2, (SELECT min(cohort_id) FROM platform.cohort WHERE course_id = $2), $3, $4, $5, $6)
        ON CONFLICT (student_id, course_id) DO UPDATE
        SET status = excluded.status,
            completed_at = CASE WHEN excluded.completed_at IS NOT NULL
                           THEN coalesce(enrollment.completed_at, excluded.completed_at) END
        RETURNING enrollment_id
        """,
        student_id,
        course_id,
        status,
        moment,
        completed,
        local_day(moment) + _COURSE_LASTS,
    )
    return enrollment_id


async def course_by_slug(connection: Connection, slug: str) -> int:
    course_id: int | None = await connection.fetchval("SELECT course_id FROM platform.course WHERE slug = $1", slug)
    if course_id is None:
        raise UnknownError(f"no course has the slug {slug!r}")
    return course_id


async def set_rights(connection: Connection, guardian_id: int, student_id: int, can_view: bool) -> None:
    """Let the guardian see the child or no longer; raises UnknownError where the two are not linked."""
    changed = await connection.fetch(
        "UPDATE platform.guardian_student SET can_view_progress = $3 "
        "WHERE guardian_id = $1 AND student_id = $2 AND valid_to IS NULL RETURNING 1",
        guardian_id,
        student_id,
        can_view,
    )
    if not changed:
        raise UnknownError(f"guardian {guardian_id} is not linked with student {student_id}")


async def _first_course(connection: Connection) -> int:
    course_id: int | None = await connection.fetchval("SELECT min(course_id) FROM platform.course")
    if course_id is None:
        raise UnknownError("the school teaches no course yet")
    return course_id


async def _guardian(connection: Connection, entry: GuardianEntry) -> int:
    """The guardian with this e-mail or phone, else a new one; what was missing of the two is added."""
    known = await connection.fetch(
        "SELECT guardian_id FROM platform.guardian WHERE email = $1 OR phone_e164 = $2", entry.email, entry.phone
    )
    if len(known) > 1:
        raise ConflictError("the e-mail and the phone belong to different guardians")
    if not known:
        guardian_id: int = await connection.fetchval(
            """
            INSERT INTO platform.guardian
                (full_name, email, email_verified, phone_e164, phone_verified, locale)
            VALUES ($1, $2::text, $2::text IS NOT NULL, $3::text, $3::text IS NOT NULL, $4)
            RETURNING guardian_id
            """,
            entry.full_name,
            entry.email,
            entry.phone,
            entry.locale,
        )
        return guardian_id
    await connection.execute(
        """
        UPDATE platform.guardian
        SET email = coalesce(email, $2), email_verified = email_verified OR $2::text IS NOT NULL,
            phone_e164 = coalesce(phone_e164, $3), phone_verified = phone_verified OR $3::text IS NOT NULL
        WHERE guardian_id = $1
        """,
        known[0]["guardian_id"],
        entry.email,
        entry.phone,
    )
    return int(known[0]["guardian_id"])
