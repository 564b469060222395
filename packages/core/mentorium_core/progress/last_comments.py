"""The last comment that a teacher has written about a child."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from mentorium_core.i18n import one_line
from mentorium_db.repositories.platform import PlatformRepository, Row
from mentorium_db.session import platform_connection
from mentorium_domain.language import TITLE_COLUMNS, Titles
from mentorium_kit.clock import local_day


@dataclass(frozen=True, slots=True)
class LastComment:
    """A teacher's words as they stand; `day` is the Tashkent day on which they were written."""

    author: str | None
    body: str
    day: date
    course: Titles | None


async def list_last_comments(student_ids: Collection[int]) -> dict[int, LastComment]:
    """By student id, whatever the age of the comment; a learner about whom nothing has been written is left out.

    UnavailableError if the platform does not answer or breaks its contract.
    """
    async with platform_connection() as connection:
        platform = PlatformRepository(connection)
        rows = await platform.last_comments(student_ids, await platform.missing_views())
    return {row["student_id"]: _comment(row) for row in rows if one_line(row["body"] or "")}


def _comment(row: Row) -> LastComment:
    titles = [row[column] for column in TITLE_COLUMNS]
    return LastComment(
        author=row["author_name"],
        body=row["body"],
        day=local_day(row["created_at"]),
        course=Titles(*titles) if any(titles) else None,
    )
