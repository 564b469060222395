"""Messages that an operator lets be paid for, and a Telegram that takes them so, or does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_core.notifications.commands import claim_messages, notify, record_outcomes
from mentorium_core.notifications.model import Delivered, NotJudged, NotTaken, Outcome, PaymentRefused, Postponed
from mentorium_core.notifications.queries import look_at_outbox
from mentorium_core.notifications.rules import delivery_record
from mentorium_db import get_session
from mentorium_db.repositories import PaidBroadcastRepository, ReportRunRepository
from mentorium_db.tables.report_runs import PaidBroadcast
from mentorium_domain.enums import DeliveryStatus, NotificationType, ReportType
from mentorium_domain.outbox import ClaimedMessage, Lane, OutboxMessage
from mentorium_kit import clock
from mentorium_reporting.outbox.payment_watch import PaymentWatch
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.rate_limiter import RateLimiter
from tests.integration.reporting_worker.conftest import Post

WEEK = "2026-11-16/2026-11-22"


async def paid_run(parents: list[int], texts: list[str], stars: int = 5) -> None:
    """A week's run, a message each, that may be paid for."""
    now, kind = clock.now(), NotificationType.REPORT
    async with get_session() as session:
        run_id = await ReportRunRepository(session).start(ReportType.WEEKLY, WEEK, clock.local_day(now), now, now)
        await PaidBroadcastRepository(session).allow(ReportType.WEEKLY, WEEK, stars, "a big school", now)
    until = now + timedelta(hours=1)
    await notify(
        [
            OutboxMessage(one, kind, words, f"paid:{one}", now, until, run_id=run_id)
            for one, words in zip(parents, texts, strict=True)
        ]
    )


async def what_became_of_paying() -> tuple[PaidBroadcast, list[str]]:
    """The run's budget, and how grave it was to whoever was told that its payment is refused."""
    async with get_session() as session:
        told = await session.scalars(
            text("SELECT severity FROM event_logs WHERE event_name = 'paid_broadcast_refused'")
        )
        broadcast = await PaidBroadcastRepository(session).find(ReportType.WEEKLY, WEEK)
    assert broadcast is not None
    return broadcast, list(told)


def refuse_paid(_: RateLimiter, *__: object, paid: bool = False) -> int | None:
    if paid:
        raise bad_request("not enough Stars")
    return None


def only_the_free_rate(_: RateLimiter, *__: object, paid: bool = False) -> int | None:
    return 1 if paid else None


@pytest.mark.parametrize("answer", [refuse_paid, only_the_free_rate])
async def test_what_is_not_taken_as_paid_for_goes_at_the_free_rate_and_a_person_is_told(
    post: Post, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., int | None]
) -> None:
    """No Stars are left, or the switch at BotFather is off: an error, or too many requests, whatever is paid for."""
    monkeypatch.setattr(RateLimiter, "retry_after", answer)
    parents = [await post.parent() for _ in range(3)]
    await paid_run(parents, ["week"] * 3)
    async with post.sender():
        rows = await post.until_settled()
    assert {row.status for row in rows} == {DeliveryStatus.SENT}
    assert [post.read(parent) for parent in parents] == [["week"]] * 3
    broadcast, told = await what_became_of_paying()
    assert told == ["CRITICAL"], "once"
    assert broadcast.stopped_at is not None


async def test_a_message_that_is_itself_at_fault_stops_no_payment(post: Post) -> None:
    parents = [await post.parent() for _ in range(8)]
    await paid_run(parents, ["week", "x" * 5000, *["week"] * 6])
    async with post.sender():
        rows = await post.until_settled()
    assert [row.status for row in rows] == [
        DeliveryStatus.FAILED if row.parent_telegram_id == parents[1] else DeliveryStatus.SENT for row in rows
    ]
    broadcast, told = await what_became_of_paying()
    assert (broadcast.stopped_at, told) == (None, [])
    assert broadcast.taken == 8, "what was not taken as paid for is not paid for again"


async def test_a_flood_in_a_run_that_is_paid_for_stops_no_payment() -> None:
    """All that is under way is told to wait, once in a while; where more has to wait than arrives, nobody is paid."""
    watch, now = PaymentWatch(), clock.now()
    week = ClaimedMessage(7, 1, 700_000_001, NotificationType.REPORT, "week", now, repeated=False, paid=True)
    flood: list[Outcome] = [*[Delivered(1)] * 500, *[Postponed(1.0)] * 64]
    for outcome in flood * 3:
        assert not await watch.learn(week, outcome)


async def _due_at_once() -> None:
    async with get_session() as session:
        await session.execute(text("UPDATE notifications SET held_until = now() - interval '1 minute'"))


@pytest.mark.parametrize("outcome", [Postponed(1.0), NotTaken("network"), NotJudged(1.0)])
async def test_what_was_not_taken_as_paid_for_is_never_paid_for_whatever_became_of_it_since(
    post: Post, outcome: Outcome
) -> None:
    await paid_run([await post.parent()], ["week"])
    (paid,) = await claim_messages(Lane.REPORT, 1, 60.0, "a", paid=True)
    assert await record_outcomes([delivery_record(paid, PaymentRefused("no Stars"), 0.0)]) == {paid.id}
    await _due_at_once()
    (free,) = await claim_messages(Lane.REPORT, 1, 60.0, "a")
    assert await record_outcomes([delivery_record(free, outcome, 0.0)]) == {free.id}
    await _due_at_once()
    assert await claim_messages(Lane.REPORT, 1, 60.0, "a", paid=True) == []
    look = await look_at_outbox()
    assert (look.lane, look.paid) == (Lane.REPORT, False)
    assert [one.id for one in await claim_messages(Lane.REPORT, 1, 60.0, "a")] == [paid.id]
    broadcast, _ = await what_became_of_paying()
    assert broadcast.taken == 1


async def test_what_a_release_before_has_written_of_a_refused_payment_is_kept(post: Post) -> None:
    await paid_run([await post.parent()], ["week"])
    async with get_session() as session:
        await session.execute(text("UPDATE notifications SET reason = 'payment_refused'"))
    assert await claim_messages(Lane.REPORT, 1, 60.0, "a", paid=True) == []
    (free,) = await claim_messages(Lane.REPORT, 1, 60.0, "a")
    await record_outcomes([delivery_record(free, Postponed(1.0), 0.0)])
    await _due_at_once()
    assert await claim_messages(Lane.REPORT, 1, 60.0, "a", paid=True) == []
