"""What names a child is judged once more between its claim and its sending (durability 8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import text

import mentorium_db
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.identity.unlinking import unlink_child
from mentorium_core.notifications.commands import (
    claim_messages,
    mark_chat_blocked,
    mark_chat_open,
    notify,
    record_outcomes,
)
from mentorium_core.notifications.model import NotJudged
from mentorium_core.notifications.queries import outbox_load
from mentorium_core.notifications.rules import delivery_record
from mentorium_db import get_session
from mentorium_db.models import Notification
from mentorium_db.repositories import LearnerRepository, ParentRepository
from mentorium_domain.enums import DeliveryStatus, LinkSource, NotificationType
from mentorium_domain.outbox import Lane, OutboxMessage
from mentorium_kit import clock
from mentorium_reporting.outbox.picture_drawer import MOST_DRAWING
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from mentorium_sandbox import school
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.household import Household
from tests.integration.reporting_worker.conftest import Post

THE_JUDGEMENT = b"v_guardian_student"


@dataclass(frozen=True, slots=True)
class School:
    """A platform behind a proxy that can lose or hang what judges rights."""

    household: Household
    proxy: DatabaseProxy
    post: Post

    async def family(self, name: str) -> tuple[int, int, int]:
        """Telegram id, guardian and student."""
        parent = await self.post.parent()
        guardian_id = await self.household.guardian(f"Parent of {name}")
        student_id = await self.household.child(name, guardian_id)
        await self._link(parent, guardian_id, student_id, name)
        return parent, guardian_id, student_id

    @staticmethod
    async def _link(parent: int, guardian_id: int, student_id: int, name: str) -> None:
        async with get_session() as session:
            stored = await ParentRepository(session).get_by_telegram_id(parent)
            assert stored is not None
            await LearnerRepository(session).link(
                stored.id,
                guardian_id=guardian_id,
                student_id=student_id,
                first_name=name,
                last_name=None,
                source=LinkSource.CONTACT,
                now=clock.now(),
            )

    async def sibling(self, parent: int, guardian_id: int, name: str) -> int:
        """One more child of this family."""
        student_id = await self.household.child(name, guardian_id)
        await self._link(parent, guardian_id, student_id, name)
        return student_id

    async def report(
        self, parent: int, student_id: int, *, life: timedelta = timedelta(hours=1), drawn: bool = False
    ) -> None:
        """`drawn`: a picture goes with it."""
        now = clock.now()
        key = f"report:{parent}:{student_id}"
        report_id = await self.post.report(parent) if drawn else None
        told = OutboxMessage(
            parent, NotificationType.REPORT, "A week", key, now, now + life, report_id, student_id=student_id
        )
        assert await notify([told])


@pytest_asyncio.fixture
async def at_school(post: Post, platform_dsn: str) -> AsyncIterator[School]:
    async with Household.at(platform_dsn) as family, database_proxy(await school.read_only_dsn(platform_dsn)) as proxy:
        mentorium_db.configure_platform(proxy.dsn)
        yield School(family, proxy, post)
        await mentorium_db.dispose()


def fates(rows: list[Notification]) -> list[tuple[DeliveryStatus, str | None]]:
    return [(row.status, row.reason) for row in rows]


async def test_a_report_is_not_delivered_after_the_right_was_withdrawn(at_school: School) -> None:
    post = at_school.post
    ours, guardian_id, student_id = await at_school.family("Kamila")
    theirs, _, other = await at_school.family("Timur")
    await at_school.report(ours, student_id)
    await at_school.report(theirs, other)
    await at_school.household.allow(guardian_id, student_id, can_view=False)
    async with post.sender():
        rows = await post.until_settled()
    assert fates(rows) == [(DeliveryStatus.SKIPPED, "right_ended"), (DeliveryStatus.SENT, None)]
    assert (post.read(ours), post.read(theirs)) == ([], ["A week"])


async def test_under_a_report_of_a_run_stands_the_other_period(at_school: School) -> None:
    """parents E: of the same child, in the report's language."""
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id, drawn=True)
    async with get_session() as session:
        await session.execute(text("UPDATE report_history SET report_type = 'WEEKLY'"))
    async with post.sender():
        await post.until_settled()
    (stored,) = post.world.bot().conversations[parent].messages.values()
    ((button,),) = stored.view()["reply_markup"]["inline_keyboard"]
    assert (button["callback_data"], button["text"]) == (f"report:month:{student_id}", t("en", "report-month"))


async def test_reports_that_may_not_be_sent_take_no_room_from_those_that_are_drawn(at_school: School) -> None:
    post = at_school.post
    for number in range(MOST_DRAWING):
        parent, guardian_id, student_id = await at_school.family(f"Kamila{number}")
        await at_school.report(parent, student_id, drawn=True)
        await at_school.household.allow(guardian_id, student_id, can_view=False)
    theirs, _, other = await at_school.family("Timur")
    await at_school.report(theirs, other, drawn=True)
    async with post.sender():
        rows = await post.until_settled()
    assert fates(rows) == [(DeliveryStatus.SKIPPED, "right_ended")] * MOST_DRAWING + [(DeliveryStatus.SENT, None)]
    assert post.read(theirs) == ["A week"]


async def test_a_missed_report_is_judged_when_the_chat_is_open_again(at_school: School) -> None:
    post = at_school.post
    parent, guardian_id, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id)
    await mark_chat_blocked(parent)
    await at_school.household.allow(guardian_id, student_id, can_view=False)
    await mark_chat_open(parent)
    async with post.sender():
        rows = await post.until_settled()
    assert fates(rows) == [(DeliveryStatus.SKIPPED, "right_ended")]
    await mark_chat_blocked(parent)
    await mark_chat_open(parent)
    assert fates(await post.rows()) == [(DeliveryStatus.SKIPPED, "right_ended")], "it is never revived"
    assert post.read(parent) == []


async def test_a_message_about_a_child_that_is_linked_no_more_is_not_sent(at_school: School) -> None:
    """Also where it was put in after the link had ended."""
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    view = await find_parent(parent)
    assert view is not None
    await at_school.report(parent, student_id)
    await unlink_child(view, student_id)
    assert await post.rows() == []
    await at_school.report(parent, student_id)
    async with post.sender():
        rows = await post.until_settled()
    assert fates(rows) == [(DeliveryStatus.SKIPPED, "right_ended")]


async def test_while_the_platform_is_away_what_names_a_child_waits_and_all_else_goes_out(at_school: School) -> None:
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id)
    at_school.proxy.lose_answer_to = THE_JUDGEMENT
    async with post.sender() as sender:
        async with asyncio.timeout(HANGS_AFTER_S):
            while not sender.waits_for_platform:
                await asyncio.sleep(0.02)
        (row,) = await post.until(lambda rows: rows[0].status is DeliveryStatus.PENDING)
        assert (row.attempts, row.reason) == (0, "platform_away"), "no try is counted"
        assert (await outbox_load(children=False)).due == 0
        await post.tell(parent, "Paid", NotificationType.PAYMENT)
        await post.until(lambda rows: rows[1].status is DeliveryStatus.SENT)
        assert post.read(parent) == ["Paid"]
        at_school.proxy.lose_answer_to = None
        report, _ = await post.until_settled(60)
    assert (report.status, report.attempts) == (DeliveryStatus.SENT, 1)
    assert post.read(parent) == ["Paid", "A week"]


async def test_a_platform_that_hangs_keeps_nothing_else(at_school: School) -> None:
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id)
    at_school.proxy.lose_answer_to, at_school.proxy.hang = THE_JUDGEMENT, True
    async with post.sender():
        await asyncio.wait_for(at_school.proxy.lost.wait(), HANGS_AFTER_S)
        await post.tell(await post.parent(), "Paid", NotificationType.PAYMENT)
        rows = await post.until(lambda rows: rows[1].status is DeliveryStatus.SENT, 5)
        assert rows[0].status is DeliveryStatus.SENDING, "it is being judged still"
        at_school.proxy.lose_answer_to = None
    row, _ = await post.rows()
    assert row.status in {DeliveryStatus.PENDING, DeliveryStatus.SENT}


async def test_what_waits_for_the_platform_expires_in_its_time(at_school: School) -> None:
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id, life=timedelta(minutes=30))
    at_school.proxy.lose_answer_to = THE_JUDGEMENT
    async with post.sender() as sender:
        async with asyncio.timeout(HANGS_AFTER_S):
            while not sender.waits_for_platform:
                await asyncio.sleep(0.02)
        await post.until(lambda rows: rows[0].status is DeliveryStatus.PENDING)
        post.move(timedelta(minutes=31))
        assert await OutboxSweeper().expired() == 1
    assert [row.status for row in await post.rows()] == [DeliveryStatus.EXPIRED]


async def test_a_late_word_that_it_was_not_judged_undoes_no_later_claim(at_school: School) -> None:
    """The answer to its commit was lost, it is written once more, and meanwhile the message was claimed again."""
    post = at_school.post
    parent, _, student_id = await at_school.family("Kamila")
    await at_school.report(parent, student_id)
    (first,) = await claim_messages(Lane.REPORT, 1, 60.0, "me")
    given_back = delivery_record(first, NotJudged(0.0), 0.0)
    assert await record_outcomes([given_back]) == {first.id}
    (second,) = await claim_messages(Lane.REPORT, 1, 60.0, "me")
    assert second.attempt == first.attempt
    assert await record_outcomes([given_back]) == frozenset()
    (row,) = await post.rows()
    assert (row.status, row.attempts) == (DeliveryStatus.SENDING, 1)
