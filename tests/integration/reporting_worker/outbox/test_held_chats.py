"""A chat that is held delays no other, and however much waits, a claim reads little of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import TextClause, text

from mentorium_core.notifications.commands import claim_messages
from mentorium_core.notifications.queries import look_at_outbox
from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import notification_sql
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import Lane
from mentorium_kit import clock
from tests.fixtures.plans import pages_read, rows_read
from tests.integration.reporting_worker.conftest import FIRST_PARENT, Post

SOON_S = 10.0
"""Far less than the 60 s for which the chats below are held."""


@pytest.mark.parametrize("waiting", [NotificationType.PAYMENT, NotificationType.REPORT, NotificationType.REMINDER])
@pytest.mark.parametrize("held", [NotificationType.PAYMENT, NotificationType.REMINDER])
async def test_a_held_chat_delays_no_other_chat(post: Post, held: NotificationType, waiting: NotificationType) -> None:
    """durability 5"""
    theirs, *others = [await post.parent() for _ in range(4)]
    await post.tell(theirs, "held", held)
    assert len(await claim_messages(Lane.NUDGE, 1, 60.0, "who vanished")) == 1
    await post.tell(theirs, "waits", waiting)
    kinds = (NotificationType.PAYMENT, NotificationType.REPORT, NotificationType.REMINDER)
    for parent, kind in zip(others, kinds, strict=True):
        await post.tell(parent, "innocent", kind)
    async with post.sender():
        rows = await post.until(lambda rows: sum(row.status is DeliveryStatus.SENT for row in rows) == 3, SOON_S)
    assert {row.message for row in rows if row.status is DeliveryStatus.SENT} == {"innocent"}


async def test_a_lease_that_has_run_out_and_is_not_swept_delays_nobody(post: Post) -> None:
    """durability 5: no ticker lives, and the row of a sender that vanished stays where it is."""
    theirs, other = await post.parent(), await post.parent()
    await post.tell(theirs, "held")
    assert len(await claim_messages(Lane.NUDGE, 1, 0.0, "who vanished")) == 1
    await post.tell(theirs, "waits")
    await post.tell(other, "innocent")
    async with post.sender():
        await post.until(lambda rows: rows[-1].status is DeliveryStatus.SENT, SOON_S)


async def test_a_chat_that_telegram_wants_quiet_holds_its_other_messages(post: Post) -> None:
    """durability 13"""
    parent = await post.parent()
    await post.tell(parent, "first")
    await post.tell(parent, "second")
    await _execute(
        "UPDATE notifications SET attempts = 1, reason = 'too_many_requests',"
        " held_until = clock_timestamp() + interval '1 minute' WHERE message = 'first'"
    )
    assert await claim_messages(Lane.NUDGE, 5, 60.0, "somebody") == []


async def test_what_is_more_urgent_takes_a_permit_that_a_nudge_may_not(post: Post) -> None:
    nudge, payment = await post.parent(), await post.parent()
    await post.tell(nudge, "nudge", NotificationType.REMINDER)
    assert await claim_messages(Lane.PAYMENT, 5, 60.0, "somebody") == []
    await post.tell(payment, "payment", NotificationType.PAYMENT)
    claimed = await claim_messages(Lane.NUDGE, 5, 60.0, "somebody")
    assert [one.message for one in claimed] == ["payment", "nudge"], "one statement, across lanes"


async def test_a_hundred_thousand_waiting_messages_slow_no_claim(post: Post) -> None:
    """durability 18: a claim reads a few rows more than it takes."""
    await _fill(chats=1000, messages=100_000)
    assert await _rows_read(notification_sql.CLAIM) < 2_000
    assert await _rows_read(notification_sql.MOST_URGENT) < 100
    assert await _rows_read(notification_sql.LAG) < 100
    assert await _rows_read(notification_sql.NEXT) < 100


async def test_what_a_morning_is_still_to_bring_slows_no_look_and_no_claim(post: Post) -> None:
    """The index has 500 pages of reports that are due at nine; PostgreSQL skips them by itself only since 18."""
    await _fill(chats=1000, messages=100_000)
    await _execute("UPDATE notifications SET send_at = send_at + interval '2 hours'")
    await _execute("INSERT INTO parents (telegram_id) VALUES (1)")
    await post.tell(1, "a nudge", NotificationType.REMINDER)
    await _execute("VACUUM ANALYZE notifications", alone=True)
    for statement in ("MOST_URGENT", "NEXT", "LOAD", "CLAIM"):
        for awake in (True, False):
            assert await _pages_read(getattr(notification_sql, statement), awake=awake) < 100, statement
    assert (await look_at_outbox()).lane is Lane.NUDGE


async def test_a_chat_with_three_thousand_waiting_messages_is_read_once_a_claim(post: Post) -> None:
    """durability 18: before, each of them looked through all of them."""
    await _fill(chats=1, messages=3_000)
    await _execute(
        "UPDATE notifications SET status = 'sending', attempts = 1,"
        " held_until = clock_timestamp() + interval '1 minute' WHERE dedup_key = 'many:1'"
    )
    other = await _another_parent(post)
    await post.tell(other, "innocent", NotificationType.REMINDER)
    assert await _rows_read(notification_sql.CLAIM) < 12_000
    assert [one.message for one in await claim_messages(Lane.NUDGE, 64, 60.0, "somebody")] == ["innocent"]


async def _execute(statement: str, *, alone: bool = False) -> None:
    async with autocommit_session(writes=True) if alone else get_session() as session:
        await session.execute(text(statement))


async def _another_parent(post: Post) -> int:
    await _execute(f"INSERT INTO parents (telegram_id) VALUES ({FIRST_PARENT + 5_000_000})")
    return FIRST_PARENT + 5_000_000


async def _fill(*, chats: int, messages: int) -> None:
    async with get_session() as session:
        await session.execute(
            text("INSERT INTO parents (telegram_id) SELECT :first + n FROM generate_series(1, :chats) n"),
            {"first": FIRST_PARENT + 1_000_000, "chats": chats},
        )
        await session.execute(
            text(
                "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, priority,"
                " send_at, expires_at) SELECT :first + 1 + n % :chats, 'REPORT', 'week', 'many:' || n, 2,"
                " now() - interval '1 minute', now() + interval '1 day' FROM generate_series(1, :messages) n"
            ),
            {"first": FIRST_PARENT + 1_000_000, "chats": chats, "messages": messages},
        )
    await _execute("ANALYZE notifications, parents")


async def _rows_read(statement: TextClause, *, most: int = 64) -> int:
    return await rows_read(statement, _given(most=most))


async def _pages_read(statement: TextClause, *, awake: bool) -> int:
    return await pages_read(statement, _given(awake=awake))


def _given(*, most: int = 64, awake: bool = True) -> dict[str, Any]:
    given = {"now": clock.now(), "lane": 3, "most": most, "lease_s": 60.0, "owner": "somebody"}
    return {**given, "children": True, "awake": awake}
