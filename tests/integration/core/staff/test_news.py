"""The staff hears of what was set aside, once, and of nothing that is not its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from mentorium_core.billing.stars_reconciliation import RECONCILED
from mentorium_core.mentor.crisis.commands import note_crisis
from mentorium_core.mentor.crisis.model import CrisisSign
from mentorium_core.staff.news import TellStaffNews, ask_for_news
from mentorium_db import get_session
from mentorium_domain.enums import CrisisKind, CrisisSource, Severity
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService

pytestmark = pytest.mark.usefixtures("session_factory")


@dataclass
class Room:
    """The staff's chat; it takes nothing while it is `closed`."""

    heard: list[str] = field(default_factory=list)
    closed: bool = False

    async def say(self, text: str) -> None:
        if self.closed:
            raise UnavailableError("telegram_unavailable")
        self.heard.append(text)


async def waiting_jobs() -> int:
    async with get_session() as session:
        found = await session.scalar(
            text("SELECT count(*) FROM pgqueuer.pgqueuer WHERE entrypoint = 'tell_staff_news' AND status = 'queued'")
        )
        return int(found or 0)


async def test_what_needs_a_person_is_told_once_and_the_rest_never() -> None:
    await EventLogService.log_system("update_set_aside", severity=Severity.CRITICAL, update_id=7, reason="killed")
    await EventLogService.log_system("job_held", severity=Severity.ERROR, job="refund_payment", code="payme_away")
    await EventLogService.log_system("books_disagree", severity=Severity.CRITICAL, check="paid_without_grant", rows=[3])
    await EventLogService.log_system(RECONCILED, lines=4)
    await EventLogService.log_user_action("consent", 5)
    await EventLogService.log_error("handler_failed", 5, error="KeyError")
    assert await ask_for_news()
    assert not await ask_for_news(), "the job waits already"
    assert await waiting_jobs() == 1
    room = Room()
    assert await TellStaffNews(room)() == 3
    (heard,) = room.heard
    for said in ("update_id=7", "job=refund_payment", "check=paid_without_grant"):
        assert said in heard
    for unsaid in (RECONCILED, "consent", "handler_failed"):
        assert unsaid not in heard
    assert await TellStaffNews(room)() == 0
    assert len(room.heard) == 1


async def test_a_chat_that_is_closed_is_told_when_it_is_open_again() -> None:
    await EventLogService.log_system("stars_disagree", severity=Severity.CRITICAL, booked=1)
    room = Room(closed=True)
    with pytest.raises(UnavailableError):
        await TellStaffNews(room)()
    room.closed = False
    assert await TellStaffNews(room)() == 1


async def test_a_parent_in_despair_is_told_of_without_words_and_by_a_job_of_its_own_commit() -> None:
    await note_crisis(100_000_777, "ru", CrisisSign(CrisisKind.OWN_DESPAIR, CrisisSource.LEXICON))
    assert await waiting_jobs() == 1
    room = Room()
    await TellStaffNews(room)()
    assert "100000777" in room.heard[0]


async def test_what_was_erased_meanwhile_is_not_told() -> None:
    await note_crisis(100_000_778, "ru", CrisisSign(CrisisKind.OWN_DESPAIR, CrisisSource.LEXICON))
    async with get_session() as session:
        await session.execute(text("DELETE FROM event_logs WHERE user_telegram_id = 100000778"))
    room = Room()
    assert await TellStaffNews(room)() == 0
