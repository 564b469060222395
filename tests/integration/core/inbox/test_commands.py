"""The inbox on the real database: stored once, in the order of each chat, set aside after three deaths, forgotten."""

from __future__ import annotations

import asyncio
import contextvars
import time

import pytest
from sqlalchemy import text

from mentorium_core.inbox import commands as inbox
from mentorium_core.inbox.queries import inbox_load, list_set_aside
from mentorium_db import get_session
from mentorium_domain.inbox import InboxLane, IncomingUpdate

pytestmark = pytest.mark.usefixtures("session_factory")

BOT, HERE, THERE = 42, "here:1:a", "there:1:b"


def update(update_id: int, chat: int = 7, lane: InboxLane = InboxLane.ORDINARY) -> IncomingUpdate:
    return IncomingUpdate(update_id, lane, chat, chat, "message", "{}")


async def take(owner: str = HERE, most: int = 10, after: int = -(2**62)) -> list[int]:
    return [one.update_id for one in await inbox.take(BOT, InboxLane.ORDINARY, most, after=after, owner=owner)]


async def sql(statement: str) -> None:
    async with get_session() as session:
        await session.execute(text(statement))


async def let_leases_lapse_soon() -> None:
    await sql("UPDATE inbox SET lease_until = clock_timestamp() + interval '9 seconds' WHERE status = 'taken'")


async def let_leases_lapse() -> None:
    await sql("UPDATE inbox SET lease_until = clock_timestamp() - interval '1 second' WHERE status = 'taken'")


async def test_one_of_each_chat_is_in_hand_at_a_time_whoever_asks() -> None:
    taken, waiting = await inbox.store_and_take(BOT, [update(1), update(2), update(3, chat=8)], HERE)
    assert ([one.update_id for one in taken], waiting) == ([1, 3], 1)
    assert await take(THERE) == []
    assert (await inbox.store_and_take(BOT, [update(1), update(2)], HERE)) == ([], 0), "what comes again is one update"
    assert await inbox.end(BOT, [1], HERE) == {1}
    assert await take(THERE) == [2]
    assert await inbox.end(BOT, [2], HERE) == set(), "who does not hold it changes nothing"


async def test_two_processes_that_store_at_once_lose_nothing_and_take_nothing_twice() -> None:
    batches = [
        inbox.store_and_take(BOT, [update(number, chat=number % 5) for number in range(100)], owner)
        for owner in (HERE, THERE)
    ]
    taken = [one.update_id for got, _ in await asyncio.gather(*batches) for one in got]
    assert len(taken) == len(set(taken))
    done = list(taken)
    for owner in (HERE, THERE):
        await inbox.end(BOT, taken, owner)
    while found := await take(HERE):
        done += found
        await inbox.end(BOT, found, HERE)
    assert sorted(done) == list(range(100))
    by_chat = [[number for number in done if number % 5 == chat] for chat in range(5)]
    assert all(numbers == sorted(numbers) for numbers in by_chat)


async def test_three_deaths_set_an_update_aside_and_an_operator_may_requeue_it() -> None:
    await inbox.store_and_take(BOT, [update(1), update(2)], HERE)
    for _ in range(2):
        await let_leases_lapse()
        assert await inbox.bury_dead(BOT) == []
        assert await take(THERE) == [1]
    await let_leases_lapse()
    assert [one.update_id for one in await inbox.bury_dead(BOT)] == [1]
    assert await take(THERE) == [2], "the chat goes on"
    (aside,) = await list_set_aside()
    assert (aside.update_id, aside.tries, aside.reason) == (1, 3, inbox.KILLED)
    assert await inbox.requeue([1, 99]) == [1]
    await inbox.end(BOT, [2], THERE)
    assert await take(THERE) == [1]


async def test_what_is_given_back_waits_and_its_try_does_not_count() -> None:
    await inbox.store_and_take(BOT, [update(1)], HERE)
    await inbox.give_back(BOT, 1, HERE, hold_s=60, reason="bot_db_read_only")
    assert await take() == []
    await sql("UPDATE inbox SET held_until = clock_timestamp()")
    (again,) = await inbox.take(BOT, InboxLane.ORDINARY, 10, after=-(2**62), owner=HERE)
    assert again.tries == 1


async def in_doubt(owner: str) -> list[bool]:
    taken = await inbox.take(BOT, InboxLane.ORDINARY, 10, after=-(2**62), owner=owner)
    return [one.answer_in_doubt for one in taken]


async def test_whoever_takes_over_what_was_about_to_be_answered_knows_it() -> None:
    await inbox.store_and_take(BOT, [update(1), update(2, chat=8)], HERE)
    assert await inbox.begin_answers(BOT, [1], THERE) == set(), "it is another's to answer"
    assert await inbox.begin_answers(BOT, [1, 99], HERE) == {1}
    await let_leases_lapse()
    assert await in_doubt(THERE) == [True, False]
    await inbox.release(BOT, [1, 2], THERE, in_doubt=True)
    assert await in_doubt(HERE) == [True, True], "cut short while it was answered"
    await inbox.give_back(BOT, 1, HERE, hold_s=0, reason="telegram_unavailable")
    assert await in_doubt(THERE) == [False], "Telegram has certainly not taken it"


async def test_what_an_operator_requeues_is_answered_anew() -> None:
    await inbox.store_and_take(BOT, [update(1)], HERE)
    await inbox.begin_answers(BOT, [1], HERE)
    await sql("UPDATE inbox SET status = 'set_aside', owner = NULL, lease_until = NULL")
    await inbox.requeue([1])
    assert await in_doubt(HERE) == [False]


async def test_what_comes_late_with_a_lower_id_waits_for_what_is_in_hand_and_holds_up_no_other_chat() -> None:
    await inbox.store_and_take(BOT, [update(6)], HERE)
    await inbox.store_and_take(BOT, [update(5)], HERE)
    await inbox.store(BOT, update(9, chat=8))
    assert await take(THERE) == [9]
    await let_leases_lapse()
    assert await take(THERE) == [6, 9], "and what a dead process had in hand is taken over"
    assert await inbox.end(BOT, [6], THERE) == {6}
    assert await take(HERE) == [5]


async def test_who_is_forgotten_has_nothing_waiting_and_their_request_is_still_in_hand() -> None:
    await inbox.store_and_take(BOT, [update(1), update(2), update(3, chat=8)], HERE)
    await sql("UPDATE inbox SET status = 'set_aside', owner = NULL, lease_until = NULL WHERE update_id = 1")
    assert await take(HERE) == [2]
    await inbox.store(BOT, update(4))
    assert await inbox.forget_updates_of(7) == 2
    await inbox.give_back(BOT, 2, HERE, hold_s=0, reason="bot_db_outcome_unknown")
    assert await take(HERE) == [2], "whoever asked is told so, also at the second attempt"
    assert await inbox.end(BOT, [2], HERE) == {2}
    async with get_session() as session:
        left = await session.scalars(text("SELECT update_id FROM inbox WHERE content IS NOT NULL"))
        assert left.all() == [3]


async def test_payments_do_not_wait_behind_anything_else_of_their_chat() -> None:
    taken, waiting = await inbox.store_and_take(BOT, [update(1), update(2, lane=InboxLane.PAYMENT)], HERE)
    assert ([one.update_id for one in taken], waiting) == ([1, 2], 0)


async def test_a_heartbeat_waits_for_nobody_who_marks_answers() -> None:
    """Each of them holds many rows: were both to wait, the one for the other, an answer would wait with them."""
    await inbox.store_and_take(BOT, [update(1), update(2, chat=8)], HERE)
    await let_leases_lapse_soon()
    async with get_session() as marking:
        await marking.execute(text("UPDATE inbox SET answer_in_doubt = true WHERE update_id = 1"))
        async with asyncio.timeout(20):
            await asyncio.create_task(inbox.heartbeat(BOT, [1, 2], HERE), context=contextvars.Context())
    async with get_session() as session:
        kept = await session.scalars(
            text("SELECT update_id FROM inbox WHERE lease_until > clock_timestamp() + interval '10 seconds'")
        )
        assert kept.all() == [2], "the other's turn is the next"


async def test_a_heartbeat_keeps_a_claim_and_a_predecessor_at_the_same_place_is_dead() -> None:
    await inbox.store_and_take(BOT, [update(1)], HERE)
    await let_leases_lapse()
    await inbox.heartbeat(BOT, [1], HERE)
    assert await take(HERE) == [1], "what has lapsed is not kept"
    await sql("UPDATE inbox SET lease_until = clock_timestamp() + interval '1 second'")
    await inbox.heartbeat(BOT, [2], HERE)
    await inbox.heartbeat(BOT, [1], THERE)
    async with get_session() as session:
        left = text("SELECT lease_until < clock_timestamp() + interval '2 seconds' FROM inbox")
        assert await session.scalar(left), "neither another update nor another owner keeps it"
    await inbox.heartbeat(BOT, [1], HERE)
    async with get_session() as session:
        assert not await session.scalar(left)
    assert await inbox.release_predecessors("here:1:c") == 1
    assert await take("here:1:c") == [1]


async def test_a_hundred_thousand_that_wait_slow_no_claim() -> None:
    """After a quiet time, too: a plan that was kept from then would compare each that waits with each that is taken."""
    for _ in range(10):
        assert await take() == []
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO inbox (bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content)"
                " SELECT 42, i, 2, 'waiting', CASE WHEN i % 2 = 0 THEN 1 ELSE i END, 1, 'message', '{}'"
                " FROM generate_series(1, 100000) i"
            )
        )
    began = time.perf_counter()
    assert len(await take(most=256)) == 256
    assert time.perf_counter() - began < 1.0, "one look at each chat, not at each update"
    assert (await inbox_load()).taken <= 256


async def test_a_payment_that_is_not_booked_outlives_its_senders_data_and_a_checkout_does_not() -> None:
    paid = IncomingUpdate(1, InboxLane.PAYMENT, 7, 7, "message", "{}")
    asks = IncomingUpdate(2, InboxLane.PAYMENT, 7, 7, "pre_checkout_query", "{}")
    for one in (paid, asks, update(3)):
        await inbox.store(BOT, one)
    assert await inbox.forget_updates_of(7) == 2
    async with get_session() as session:
        rows = await session.execute(text("SELECT update_id, status FROM inbox ORDER BY 1"))
    assert [tuple(row) for row in rows] == [(1, "waiting"), (2, "ended"), (3, "ended")]
