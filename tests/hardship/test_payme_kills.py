"""The webhook app killed at random moments while PayMe repeats: money received is access given, and nothing twice."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from mentorium_core.billing.reconcile import check_books
from mentorium_kit import clock
from tests.conformance.payme_client import FreshOrder, PaymeAnswer, new_id, now_ms
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import PaymeShop, payme_shop
from tests.hardship.killing import PAYMENTS, REPEATS_AFTER_S, killed_now_and_then, new_seed, pay_all

LIVES: Final = (1, 300) if LONG else (1, 60)
SYSTEM_ERROR: Final = -32400


@dataclass(slots=True)
class Payme:
    """It repeats a call, with the same body, until somebody answers; what it has heard is what it believes."""

    shop: PaymeShop
    dice: random.Random
    states: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    answered: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """One for each answer."""

    async def pay(self, order: FreshOrder) -> None:
        """Most pay; some change their minds before, some are given their money back after."""
        payme_id, moment = new_id(), now_ms()
        params = {"id": payme_id, "time": moment, "amount": order.amount, "account": {"order_id": order.order_id}}
        created = await self._call("CreateTransaction", params)
        self.states[payme_id] = created.ok["state"]
        fate = self.dice.random()
        if fate < 0.9:
            self.states[payme_id] = (await self._call("PerformTransaction", {"id": payme_id})).ok["state"]
        if fate > 0.8:
            self.states[payme_id] = (await self._call("CancelTransaction", {"id": payme_id, "reason": 5})).ok["state"]

    async def _call(self, method: str, params: dict[str, Any]) -> PaymeAnswer:
        while True:
            try:
                answer = await self.shop.merchant.call(method, params)
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(REPEATS_AFTER_S)
                continue
            self.answered.release()
            if answer.code != SYSTEM_ERROR:
                return answer
            await asyncio.sleep(REPEATS_AFTER_S)


@pytest.mark.usefixtures("session_factory")
async def test_what_was_paid_is_given_though_the_webhook_dies(bot_dsn: str, redis_url: str, tmp_path: Path) -> None:
    seed = new_seed()
    dice = random.Random(seed)
    async with payme_shop(bot_dsn, redis_url, tmp_path) as shop:
        payme = Payme(shop, dice)
        orders = [await shop.new_order() for _ in range(PAYMENTS)]
        async with killed_now_and_then(shop.process, dice, payme.answered, LIVES) as kills:
            await pay_all(orders, payme.pay)
        told = f"seed {seed}: {kills.count} kills, {payme.repeated} calls repeated"
        assert kills.count >= 3, told
        await judge(shop, payme, told)


async def judge(shop: PaymeShop, payme: Payme, told: str) -> None:
    """What PayMe believes is what stands, in each of our books."""
    rows = await shop.database.fetch("SELECT payme_id, state FROM payme_transactions")
    assert {row["payme_id"]: row["state"] for row in rows} == payme.states, told
    paid, refunded = (sum(state == wanted for state in payme.states.values()) for wanted in (2, -2))
    grants = await shop.database.fetchrow("SELECT count(*), count(reversed_at) FROM subscription_grants")
    assert grants is not None
    assert tuple(grants) == (paid + refunded, refunded), told
    booked = await shop.database.fetchrow(
        "SELECT count(*) FILTER (WHERE event = 'payment'), count(*) FILTER (WHERE event = 'refund') FROM ledger_entries"
    )
    assert booked is not None
    assert tuple(booked) == (paid + refunded, refunded), told
    received = await shop.database.fetchval("SELECT count(*) FROM notifications WHERE dedup_key LIKE '%received%'")
    assert received == paid + refunded, told
    assert await check_books(clock.now()) == {}, told
