"""The staff's chat is told of what needs a person: at least once, and of a flood in one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mentorium_core.staff.model import StaffEvent
from mentorium_core.staff.ports import StaffChat
from mentorium_core.staff.rules import staff_messages
from mentorium_db import get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import StaffNewsRepository
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_observability import get_logger

LOOKS_BACK: Final = timedelta(days=3)
"""What could not be told for so long is found in the event log alone."""
_AT_ONCE: Final = 500

logger = get_logger(__name__)


async def ask_for_news() -> bool:
    """A duty of the ticker: leave the job that tells the staff, where there is something to tell.

    Joins the open unit of work; harmless twice.
    """
    async with get_session() as session:
        if not await StaffNewsRepository(session).untold(clock.now() - LOOKS_BACK, 1):
            return False
        return await stored_jobs.enqueue(session, JobKind.TELL_STAFF_NEWS, {}, dedup_key=JobKind.TELL_STAFF_NEWS)


@dataclass(frozen=True, slots=True)
class TellStaffNews:
    """The job's part."""

    staff: StaffChat

    async def __call__(self) -> int:
        """How many events were told. UnavailableError: to be done again; what has arrived is not told again."""
        told = 0
        while events := await _untold():
            for message in staff_messages(events):
                await self.staff.say(message.text)
                async with get_session() as session:
                    await StaffNewsRepository(session).told(message.event_ids, clock.now())
                told += len(message.event_ids)
        if told:
            logger.info("staff_told", events=told)
        return told


async def _untold() -> list[StaffEvent]:
    async with get_session() as session:
        found = await StaffNewsRepository(session).untold(clock.now() - LOOKS_BACK, _AT_ONCE)
    return [StaffEvent(one.id, one.name, one.telegram_id, one.details, one.created_at) for one in found]
