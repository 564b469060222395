"""PayMe's calls at two processes at once: one grant, one notice, no deadlock. `HARDSHIP_LONG=1`: a hundred rounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest_asyncio

import mentorium_db
from mentorium_core.billing.reconcile import check_books
from mentorium_kit import clock
from tests.conformance.payme_client import ACCOUNT, IMPOSSIBLE, LIFE_MS, FreshOrder, Merchant, new_id, now_ms
from tests.fixtures.databases import SessionFactory
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import PaymeShop, payme_shop

ROUNDS: Final = 100 if LONG else 3


@dataclass(frozen=True, slots=True)
class TwoShops:
    """The same database behind two processes."""

    left: PaymeShop
    right: PaymeShop

    @property
    def both(self) -> tuple[Merchant, Merchant]:
        return self.left.merchant, self.right.merchant

    async def count(self, statement: str) -> int:
        return int(await self.left.database.fetchval(f"SELECT count(*) FROM {statement}"))


@pytest_asyncio.fixture
async def shops(
    session_factory: SessionFactory, bot_dsn: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[TwoShops]:
    """After each test the books are right, and neither process has met a deadlock or a mistake of ours."""
    (tmp_path / "left").mkdir()
    (tmp_path / "right").mkdir()
    async with (
        payme_shop(bot_dsn, redis_url, tmp_path / "left") as left,
        payme_shop(bot_dsn, redis_url, tmp_path / "right") as right,
    ):
        yield TwoShops(left, right)
        assert await check_books(clock.now()) == {}
        log = left.process.log.read_text() + right.process.log.read_text()
        assert not [word for word in ("payme_failed", "payme_not_answered", "Deadlock") if word in log], log[-2000:]
    await mentorium_db.dispose()


async def test_two_creates_of_one_order(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order, ids = await shops.left.new_order(), (new_id(), new_id())
        answers = await asyncio.gather(*(at.create(order, one) for at, one in zip(shops.both, ids, strict=True)))
        (lost,) = (answer for answer in answers if answer.code is not None)
        lost.refused(IMPOSSIBLE)
    assert await shops.count("payme_transactions") == await shops.count("payments") == ROUNDS


async def test_one_create_twice(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order, payme_id, moment = await shops.left.new_order(), new_id(), now_ms()
        first, second = await asyncio.gather(*(at.create(order, payme_id, moment) for at in shops.both))
        assert first.ok["state"] == 1
        assert first == second
    assert await shops.count("payments") == ROUNDS


async def test_one_id_for_two_orders(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        orders, payme_id = (await shops.left.new_order(), await shops.left.new_order()), new_id()
        answers = await asyncio.gather(
            *(at.create(order, payme_id) for at, order in zip(shops.both, orders, strict=True))
        )
        (lost,) = (answer for answer in answers if answer.code is not None)
        lost.refused(IMPOSSIBLE)
    assert await shops.count("payments") == ROUNDS


async def test_perform_twice(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        _, payme_id = await shops.left.merchant.created(await shops.left.new_order())
        first, second = await asyncio.gather(*(at.perform(payme_id) for at in shops.both))
        assert first.ok["state"] == 2
        assert first == second
    assert await shops.count("subscription_grants") == await shops.count("ledger_entries") == ROUNDS
    assert await shops.count("notifications") == ROUNDS


async def test_perform_and_cancel(shops: TwoShops) -> None:
    left, right = shops.both
    refunded = 0
    for _ in range(ROUNDS):
        _, payme_id = await left.created(await shops.left.new_order())
        performed, cancelled = await asyncio.gather(left.perform(payme_id), right.cancel(payme_id, 5))
        state = (await left.check(payme_id)).ok["state"]
        assert cancelled.ok["state"] == state
        if performed.code is None:
            assert state == -2
            refunded += 1
        else:
            performed.refused(IMPOSSIBLE)
            assert state == -1
    assert await shops.count("subscription_grants WHERE reversed_at IS NULL") == 0
    assert await shops.count("subscription_grants") == refunded
    assert await shops.count("ledger_entries") == 2 * refunded


async def test_a_refund_twice(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        _, payme_id = await shops.left.merchant.created(await shops.left.new_order())
        await shops.left.merchant.perform(payme_id)
        first, second = await asyncio.gather(*(at.cancel(payme_id, 5) for at in shops.both))
        assert first.ok["state"] == -2
        assert first == second
    assert await shops.count("ledger_entries WHERE event = 'refund'") == ROUNDS


async def test_two_orders_of_one_parent(shops: TwoShops) -> None:
    """Each gives what was paid for, each once."""
    for _ in range(ROUNDS):
        orders = [await shops.left.new_order() for _ in shops.both]
        await shops.left.database.execute(
            "UPDATE orders SET parent_id = (SELECT parent_id FROM orders WHERE public_id = $1) WHERE public_id = $2",
            *(order.order_id for order in orders),
        )
        begun = [await shops.left.merchant.created(order) for order in orders]
        answers = await asyncio.gather(
            *(at.perform(payme_id) for at, (_, payme_id) in zip(shops.both, begun, strict=True))
        )
        assert [answer.ok["state"] for answer in answers] == [2, 2]
    assert await shops.count("subscription_grants") == 2 * ROUNDS
    assert await shops.count("subscriptions WHERE expires_at > now() + interval '59 days'") == ROUNDS


async def test_who_comes_first_after_one_that_timed_out(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order, forgotten = await shops.left.merchant.created(await shops.left.new_order())
        await shops.left.database.execute(
            "UPDATE payme_transactions SET payme_time = $2 WHERE payme_id = $1", forgotten, now_ms() - LIFE_MS - 1_000
        )
        late, new = await asyncio.gather(
            shops.left.merchant.perform(forgotten), shops.right.merchant.create(order, new_id())
        )
        late.refused(IMPOSSIBLE)
        assert new.ok["state"] == 1
        standing = (await shops.left.merchant.check(forgotten)).ok
        assert (standing["state"], standing["reason"]) == (-1, 4)


async def test_an_order_that_another_provider_takes(shops: TwoShops) -> None:
    order: FreshOrder = await shops.left.new_order("CLICK")
    answers = await asyncio.gather(*(at.create(order, new_id()) for at in shops.both))
    for answer in answers:
        answer.refused(ACCOUNT)
    assert await shops.count("payments") == 0
