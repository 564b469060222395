"""Taking in the platform's change feeds: each fact once, whoever is killed, however late a row shows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mentorium_core.alerts.model import OVERLAP, FeedFact
from mentorium_core.alerts.rules import feed_alert, settled
from mentorium_core.i18n import one_line
from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import AlertRepository
from mentorium_db.repositories.platform import PlatformRepository, Row
from mentorium_db.repositories.platform_feeds import FEEDS, PlatformFeedRepository
from mentorium_db.session import platform_connection
from mentorium_domain.alerts import FeedPosition, NewAlert
from mentorium_domain.enums import AlertKind
from mentorium_domain.language import TITLE_COLUMNS, Titles
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger

KINDS: Final[Mapping[str, AlertKind]] = {
    "awards": AlertKind.AWARD,
    "courses": AlertKind.COURSE_FINISHED,
    "tests": AlertKind.FULL_SCORE,
    "comments": AlertKind.COMMENT,
}
"""What the rows of each feed that matter are told as."""
A_PAGE: Final = 500
LONGEST_S: Final = 10.0
"""All feeds together are read for no longer at a time; they go on where they were the next time."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadFeeds:
    """`page`: how many rows are read and committed at a time."""

    page: int = A_PAGE

    async def __call__(self) -> bool:
        """Read every feed to its end; whether all were. A feed without its view, or whose view breaks the contract, is
        left out.

        UnavailableError if platform or our database do not answer. What has been committed by then is known.
        """
        async with autocommit_session() as session:
            cursors = await AlertRepository(session).cursors()
        async with platform_connection() as connection:
            platform = PlatformRepository(connection)
            missing, db_now = await platform.missing_views(), (await platform.meta()).db_now
        ended, begun = True, time.monotonic()
        for feed, (view, _, _) in FEEDS.items():
            if view in missing:
                continue
            try:
                ended &= await self._read(feed, cursors.get(feed), db_now, missing, begun)
            except UnavailableError as error:
                if error.code != "platform_contract_broken":
                    raise
                logger.warning("feed_not_read", feed=feed, reason=error.context.get("reason"))
        return ended

    async def _read(
        self, feed: str, cursor: FeedPosition | None, db_now: datetime, missing: frozenset[str], begun: float
    ) -> bool:
        """Page by page behind the cursor. A feed that has none yet begins now: what was always there is no news.

        `db_now`: the platform's time before the first row is read.
        """
        position = cursor or FeedPosition(db_now - OVERLAP, 0)
        while time.monotonic() - begun < LONGEST_S:
            async with platform_connection() as connection:
                rows = await PlatformFeedRepository(connection).page(feed, position, self.page, missing)
            if rows:
                position = FeedPosition(rows[-1]["updated_at"], rows[-1]["id"])
            if rows or cursor is None:
                await _take_in(feed, rows, settled(db_now, position))
            if len(rows) < self.page:
                return True
        return False


async def _take_in(feed: str, rows: Sequence[Row], reached: FeedPosition) -> None:
    """What these rows say, and the cursor behind them, in one commit."""
    now = clock.now()
    facts = [_fact(feed, row) for row in rows if row["matters"] and row["happened_at"] is not None]
    alerts: list[NewAlert] = [alert for fact in facts if (alert := feed_alert(KINDS[feed], fact, now)) is not None]
    async with get_session() as session:
        repository = AlertRepository(session)
        new = await repository.add(alerts, now)
        await repository.advance(feed, reached, now)
    if new:
        logger.info("alerts_found", feed=feed, count=len(new))


def _fact(feed: str, row: Row) -> FeedFact:
    said: dict[str, Any] = {"id": row["id"], "student_id": row["student_id"], "happened_at": row["happened_at"]}
    if feed == "comments":
        return FeedFact(**said, author=row["author_name"], body=one_line(row["body"] or ""))
    subject = {"courses": "course_id", "tests": "test_id"}.get(feed)
    return FeedFact(**said, titles=titles_of(row), subject=row[subject] if subject else None)


def titles_of(row: Row) -> Titles:
    """The titles on one line each; what shows nothing is absent."""
    return Titles(*(one_line(row[column] or "") or None for column in TITLE_COLUMNS))
