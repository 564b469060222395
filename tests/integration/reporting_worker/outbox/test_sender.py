"""Messages of the outbox on their way: each arrives once, in the right order, or it is known why not."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from mentorium_core.i18n import t
from mentorium_core.notifications.commands import claim_messages, mark_chat_blocked, mark_chat_open, notify
from mentorium_core.notifications.model import Permits
from mentorium_core.notifications.queries import look_at_outbox
from mentorium_db import get_session
from mentorium_db.models import Notification
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import LANES, LIFE, Lane, OutboxLook, OutboxMessage
from mentorium_gateways.telegram import SharedRateLimiter
from mentorium_kit import clock
from mentorium_reporting.outbox import sender as sender_module
from mentorium_reporting.outbox.sender import MOST_IN_FLIGHT
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker.conftest import TOKEN, Post


async def test_a_message_arrives_and_is_written_down(post: Post) -> None:
    parent = await post.parent()
    await post.tell(parent, "Salom!")
    async with post.sender():
        (row,) = await post.until_settled()
    assert post.read(parent) == ["Salom!"]
    assert (row.status, row.attempts, row.reason) == (DeliveryStatus.SENT, 1, None)
    assert row.telegram_message_id is not None
    assert row.sent_at is not None


async def test_a_fact_is_told_once(post: Post) -> None:
    parent = await post.parent()
    now = clock.now()
    week = OutboxMessage(parent, NotificationType.REPORT, "Hafta", "report:1", now, now + timedelta(hours=1))
    assert await notify([week, week]) == {"report:1"}
    assert await notify([week]) == frozenset()
    stranger = OutboxMessage(1, NotificationType.REPORT, "Hafta", "report:2", now, now + timedelta(hours=1))
    assert await notify([stranger]) == frozenset()
    async with post.sender():
        await post.until_settled()
    assert post.calls() == 1


@pytest.mark.parametrize("kind", NotificationType)
async def test_a_message_that_does_not_say_how_long_it_is_worth_sending_has_its_types_life(
    post: Post, kind: NotificationType
) -> None:
    parent = await post.parent()
    at = clock.now()
    assert await notify([OutboxMessage(parent, kind, "Salom!", "fact:1", at)])
    (row,) = await post.rows()
    assert (row.priority, row.expires_at - row.send_at) == (LANES[kind], LIFE[kind])
    post.move(LIFE[kind] + timedelta(seconds=1))
    assert await OutboxSweeper().sweep() == 1
    (row,) = await post.rows()
    assert row.status is DeliveryStatus.EXPIRED


async def test_senders_side_by_side_send_nothing_twice(post: Post) -> None:
    parents = [await post.parent() for _ in range(150)]
    for parent in parents:
        await post.tell(parent, "first")
        await post.tell(parent, "second")
    async with post.sender(), post.sender(), post.sender():
        rows = await post.until_settled(60)
    assert {row.status for row in rows} == {DeliveryStatus.SENT}
    assert [sorted(post.read(parent)) for parent in parents] == [["first", "second"]] * len(parents)
    assert post.calls() == len(rows)


async def test_one_chat_gets_one_message_a_second_in_order(post: Post) -> None:
    parent = await post.parent()
    for number in range(3):
        await post.tell(parent, f"{number}")
    began = asyncio.get_running_loop().time()
    async with post.sender(), post.sender():
        await post.until_settled()
    assert asyncio.get_running_loop().time() - began > 2.0
    assert post.read(parent) == ["0", "1", "2"]


async def test_payments_go_before_reports_before_nudges(post: Post) -> None:
    post.rate = 20.0
    kinds = [NotificationType.REMINDER, NotificationType.REPORT, NotificationType.PAYMENT]
    for kind in kinds:
        for _ in range(8):
            await post.tell(await post.parent(), kind.value, kind)
    async with post.sender():
        await post.until_settled()
    sent = [call["params"]["text"] for call in post.world.journal.read(method="sendMessage")]
    assert sent == [kind.value for kind in reversed(kinds) for _ in range(8)]


async def test_too_many_requests_silences_all_senders_and_loses_nothing(post: Post) -> None:
    post.faults.add("telegram", "status_429", match="sendMessage", times=1, retry_after=2)
    parents = [await post.parent() for _ in range(20)]
    post.rate = 27.0
    for parent in parents:
        await post.tell(parent, "Salom!")
    async with post.sender(), post.sender():
        rows = await post.until_settled()
    assert {row.status for row in rows} == {DeliveryStatus.SENT}
    assert [post.read(parent) for parent in parents] == [["Salom!"]] * 20
    calls = post.world.journal.read(method="sendMessage")
    refused = next(call for call in calls if call["status"] == 429)
    after = [call["time"] for call in calls if call["time"] > refused["time"]]
    gap = _seconds(after[-1]) - _seconds(refused["time"])
    assert gap > 1.9
    assert len(after) == 20 - (len(calls) - len(after) - 1)


async def test_a_blocked_parent_costs_one_call(post: Post) -> None:
    parent, other = await post.parent(), await post.parent()
    post.world.conversation(post.world.bot(), parent).blocked = True  # type: ignore[union-attr]
    for number in range(5):
        await post.tell(parent, f"{number}")
    await post.tell(other, "Salom!")
    async with post.sender(), post.sender():
        rows = await post.until_settled()
    mine = [row for row in rows if row.parent_telegram_id == parent]
    assert {(row.status, row.reason) for row in mine} == {(DeliveryStatus.SKIPPED, "chat_closed")}
    assert post.calls() == 2
    await post.tell(parent, "later")
    async with post.sender():
        rows = await post.until_settled()
    assert rows[5].status is DeliveryStatus.SKIPPED
    assert post.calls() == 2


async def test_who_comes_back_gets_the_last_report_and_what_is_new(post: Post) -> None:
    parent = await post.parent()
    await mark_chat_blocked(parent)
    await post.tell(parent, "old week", report_id=await post.report(parent))
    await post.tell(parent, "last week", report_id=await post.report(parent))
    await post.tell(parent, "a nudge", NotificationType.REMINDER)
    post.world.conversation(post.world.bot(), parent)
    await mark_chat_open(parent)
    await mark_chat_open(parent)
    await post.tell(parent, "new")
    async with post.sender():
        rows = await post.until_settled()
    assert post.read(parent) == ["last week", "new"]
    assert [row.status for row in rows] == [
        DeliveryStatus.SKIPPED,
        DeliveryStatus.SENT,
        DeliveryStatus.SKIPPED,
        DeliveryStatus.SENT,
    ]


async def test_who_comes_back_gets_a_report_with_its_words_and_nothing_that_was_offered(post: Post) -> None:
    """The words of a report that was offered are the newest row: they are shown with it, and hide no other."""
    parent = await post.parent()
    await mark_chat_blocked(parent)
    now = clock.now()
    for key in ("report:1", "report:1:words", "report:2", "report:2:words"):
        assert await notify([OutboxMessage(parent, NotificationType.REPORT, key, key, now, now + timedelta(hours=1))])
    async with get_session() as session:
        offered = update(Notification).where(Notification.dedup_key == "report:2")
        await session.execute(offered.values(reason="offered"))
    post.world.conversation(post.world.bot(), parent)
    await mark_chat_open(parent)
    async with post.sender():
        await post.until_settled()
    assert post.read(parent) == ["report:1", "report:1:words"]


async def test_stars_that_are_left_over_keep_nobody_waiting(post: Post) -> None:
    """Of two runs that may be paid for the older has nothing to send."""
    paid, free, nudged = await post.parent(), await post.parent(), await post.parent()
    async with get_session() as session:
        for number, period in enumerate(("2026-11-09/2026-11-15", "2026-11-16/2026-11-22")):
            told = {"id": 1001 + number, "period": period, "at": clock.now() - timedelta(days=7 - number)}
            await session.execute(text(_RUN), told)
            await session.execute(text(_PAID), told)
    await post.tell(paid, "a week")
    async with get_session() as session:
        await session.execute(update(Notification).values(run_id=1002))
    await post.tell(free, "another")
    await post.tell(nudged, "a nudge", NotificationType.REMINDER)
    assert (await look_at_outbox()).paid
    (claimed,) = await claim_messages(Lane.REPORT, 10, 0.05, "who vanished", paid=True)
    assert (claimed.telegram_id, claimed.paid) == (paid, True)
    await asyncio.sleep(0.1)
    async with post.sender():
        await post.until(lambda rows: [row.status for row in rows[1:]] == [DeliveryStatus.SENT] * 2)


async def test_claims_side_by_side_take_no_more_than_is_paid_for(post: Post) -> None:
    for _ in range(30):
        await post.tell(await post.parent(), "a week")
    told = {"id": 1001, "period": "2026-11-16/2026-11-22", "at": clock.now()}
    async with get_session() as session:
        await session.execute(text(_RUN), told)
        await session.execute(text(_PAID), told)
        await session.execute(text("UPDATE paid_broadcasts SET star_budget = 1"))
        await session.execute(update(Notification).values(run_id=1001))
    claims = await asyncio.gather(*(claim_messages(Lane.REPORT, 4, 60, f"s{n}", paid=True) for n in range(6)))
    claimed = [one.id for some in claims for one in some]
    assert len(claimed) == len(set(claimed)) <= 10
    async with get_session() as session:
        assert await session.scalar(text("SELECT taken FROM paid_broadcasts")) == len(claimed)
    left = await claim_messages(Lane.REPORT, 30, 60, "s", paid=True)
    assert len(claimed) + len(left) == 10


async def test_where_nothing_can_be_paid_for_any_more_it_goes_at_the_free_rate(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at a moment ago says that the next message is paid for; its budget is spent meanwhile."""
    parent = await post.parent()
    await post.tell(parent, "a week")

    async def look(*, children: bool = True) -> OutboxLook:
        seen = await look_at_outbox(children=children)
        return replace(seen, paid=seen.lane is Lane.REPORT)

    monkeypatch.setattr(sender_module, "look_at_outbox", look)
    async with post.sender():
        await post.until_settled()
    assert post.read(parent) == ["a week"]


_RUN = """
    INSERT INTO period_runs (id, report_type, report_period, day, started_at, opens_at, listed_at, stored_at)
    VALUES (:id, 'WEEKLY', :period, CAST(:at AS timestamptz)::date, :at, :at, :at, :at)
"""
_PAID = """
    INSERT INTO paid_broadcasts (report_type, report_period, star_budget, reason, allowed_at)
    VALUES ('WEEKLY', :period, 10, 'a big school', :at)
"""


async def test_a_lost_answer_repeats_payments_and_nothing_else(post: Post) -> None:
    report, payment = await post.parent(), await post.parent()
    post.faults.add("telegram", "drop_response", match="sendMessage", times=3)
    await post.tell(payment, "paid 42", NotificationType.PAYMENT)
    await post.tell(report, "week")
    async with post.sender():
        rows = await post.until_settled()
    by_kind = {row.notification_type: row for row in rows}
    assert by_kind[NotificationType.REPORT].status is DeliveryStatus.UNKNOWN
    assert by_kind[NotificationType.PAYMENT].status is DeliveryStatus.UNKNOWN
    assert post.read(report) == ["week"]
    number = by_kind[NotificationType.PAYMENT].id
    assert post.read(payment) == ["paid 42", f"paid 42\n\n{t('en', 'payment-said-again', number=str(number))}"]
    assert by_kind[NotificationType.PAYMENT].repeated


async def test_a_report_whose_sender_vanished_reads_as_it_was(post: Post) -> None:
    parent = await post.parent()
    await post.tell(parent, "week")
    async with get_session() as session:
        await session.execute(update(Notification).values(repeated=True))
    async with post.sender():
        await post.until_settled()
    assert post.read(parent) == ["week"]


async def test_what_did_not_arrive_is_tried_again(post: Post) -> None:
    parent = await post.parent()
    post.faults.add("telegram", "status_500", match="sendMessage", times=2)
    await post.tell(parent, "week")
    async with post.sender():
        (row,) = await post.until_settled()
    assert (row.status, row.attempts) == (DeliveryStatus.SENT, 3)
    assert post.read(parent) == ["week"]


async def test_an_outage_costs_no_more_than_what_was_in_flight(post: Post) -> None:
    parents = [await post.parent() for _ in range(200)]
    for parent in parents:
        await post.tell(parent, "week")
    post.rate = 100.0
    async with post.sender() as sender:
        async with asyncio.timeout(HANGS_AFTER_S):
            while not post.calls():  # the stand-in's journal, not the rows: those take long to read, and it ends in 2 s
                await asyncio.sleep(0.005)
            post.faults.add("telegram", "down")
            while not sender.waits:
                await asyncio.sleep(0.02)
        counts = Counter(row.status for row in await post.rows())
        assert counts[DeliveryStatus.UNKNOWN] <= MOST_IN_FLIGHT
        assert counts[DeliveryStatus.PENDING] > 0
        post.faults.clear()
        rows = await post.until_settled()
    in_doubt = Counter(row.status for row in rows)[DeliveryStatus.UNKNOWN]
    assert in_doubt <= MOST_IN_FLIGHT
    assert Counter(len(post.read(parent)) for parent in parents)[1] >= len(parents) - in_doubt


async def test_what_telegram_will_never_take_fails_once(post: Post) -> None:
    parent = await post.parent()
    await post.tell(parent, "x" * 5000)
    async with post.sender():
        (row,) = await post.until_settled()
    assert row.status is DeliveryStatus.FAILED
    assert "too long" in (row.reason or "")
    assert post.calls() == 1


async def test_nothing_goes_out_early_or_late(post: Post) -> None:
    early, late = await post.parent(), await post.parent()
    await post.tell(early, "tomorrow", after=timedelta(days=1), life=timedelta(days=1))
    await post.tell(late, "yesterday", after=timedelta(days=-2), life=timedelta(days=1))
    assert await OutboxSweeper().sweep() == 1
    async with post.sender():
        rows = await post.until(lambda rows: rows[1].status is DeliveryStatus.EXPIRED)
        assert rows[0].status is DeliveryStatus.PENDING
        assert post.calls() == 0
        post.move(timedelta(days=1, minutes=1))
        await post.until_settled()
    assert (post.read(early), post.read(late)) == (["tomorrow"], [])
    assert await OutboxSweeper().sweep() == 0


async def test_a_claim_of_one_who_vanished_is_sent_again(post: Post) -> None:
    report, payment = await post.parent(), await post.parent()
    await post.tell(report, "week")
    await post.tell(payment, "paid 42", NotificationType.PAYMENT)
    for lane in (Lane.PAYMENT, Lane.REPORT):
        (claimed,) = await claim_messages(lane, 1, 0.05, "somebody")
        assert claimed.attempt == 1
    await asyncio.sleep(0.06)  # the lease is the database's: no event announces its end
    assert await OutboxSweeper().sweep() == 2
    async with post.sender():
        rows = await post.until_settled()
    assert [(row.status, row.repeated) for row in rows] == [(DeliveryStatus.SENT, False), (DeliveryStatus.SENT, True)]
    assert post.calls() == 2


async def test_a_sender_finishes_what_it_has_begun(post: Post) -> None:
    parents = [await post.parent() for _ in range(60)]
    for parent in parents:
        await post.tell(parent, "Salom!")
    async with post.sender():
        await post.until(lambda rows: any(row.status is DeliveryStatus.SENT for row in rows))
    counts = Counter(row.status for row in await post.rows())
    assert set(counts) <= {DeliveryStatus.SENT, DeliveryStatus.PENDING}
    assert counts[DeliveryStatus.SENT] == post.calls()


class FailsOnce(SharedRateLimiter):
    """A limiter that fails in a way nobody foresaw, once."""

    failed = False

    async def take(self, lane: Lane, most: int, *, paid: bool = False) -> Permits:
        if not self.failed:
            self.failed = True
            raise RuntimeError
        return await super().take(lane, most, paid=paid)


async def test_a_sender_that_has_failed_can_be_run_again(post: Post) -> None:
    parent = await post.parent()
    await post.tell(parent, "week")
    async with post.sender(FailsOnce(post.redis, 27), fails=RuntimeError):
        (row,) = await post.until_settled()
    assert (row.status, post.read(parent)) == (DeliveryStatus.SENT, ["week"])


async def test_no_token_stands_in_a_reason(post: Post) -> None:
    parent = await post.parent()
    post.faults.add("telegram", "down", times=1)
    await post.tell(parent, "week")
    async with post.sender(SharedRateLimiter(post.redis, 27)):
        (row,) = await post.until_settled()
    assert TOKEN not in str(row.reason)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
