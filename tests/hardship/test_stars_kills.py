"""Webhook app and bot killed at random moments while Telegram repeats: Stars received are access given, once."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from mentorium_core.billing.reconcile import check_books
from mentorium_core.inbox.commands import requeue
from mentorium_kit import clock
from tests.conformance.stars_telegram import (
    CHECKOUT_ANSWERED_WITHIN_S,
    CheckoutAnswer,
    Json,
    Kind,
    StarsOrder,
    asked,
    new_charge_id,
    period,
    read_answer,
    told,
)
from tests.fixtures.long_form import LONG
from tests.fixtures.patience import HANGS_AFTER_S
from tests.fixtures.stars_orders import stars_order
from tests.fixtures.stars_shop import StarsShop, stars_shop
from tests.hardship.killing import PAYMENTS, REPEATS_AFTER_S, killed_now_and_then, new_seed, pay_all

TAKEN: Final = (5, 400) if LONG else (80, 160)
HANDLED: Final = (5, 150) if LONG else (30, 60)
"""So many updates are taken by a webhook app, and so many questions answered by a bot, before it is killed."""


@dataclass(slots=True)
class Telegram:
    """It repeats an update until it is taken, and some that were; what it has been paid is what it believes."""

    shop: StarsShop
    dice: random.Random
    charges: dict[str, str] = field(default_factory=dict)
    """Each charge, and the order that it is of."""
    given_back: set[str] = field(default_factory=set)
    repeated: int = 0
    asked_again: int = 0
    renewing: set[str] = field(default_factory=set)
    """Orders of a subscription."""
    taken: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    answered: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def pay(self, order: StarsOrder) -> None:
        """Most pay once; some subscribe and are charged again; some are charged twice; some have their Stars back."""
        await self._until_let_in(order)
        fate, began = self.dice.random(), int(time.time())
        renews = order.payload in self.renewing
        first = await self._charge(order, period(1, began) if renews else {})
        if fate < 0.3 and renews:
            await self._charge(order, period(2, began))
        if fate > 0.8:
            self.given_back.add(first)
            await self._deliver(told("refunded_payment", order, first))

    async def new_orders(self) -> list[StarsOrder]:
        kinds: list[Kind] = self.dice.choices(("one_off", "subscription"), k=PAYMENTS)
        orders = [await stars_order(self.shop.database, kind) for kind in kinds]
        self.renewing = {one.payload for one, kind in zip(orders, kinds, strict=True) if kind == "subscription"}
        return orders

    async def _until_let_in(self, order: StarsOrder) -> None:
        """Who is not answered in time presses again, which is another question."""
        while True:
            try:
                answer = await self._ask(order)
            except TimeoutError:
                self.asked_again += 1
                continue
            self.answered.release()
            assert answer.ok, answer.problem
            return

    async def _ask(self, order: StarsOrder) -> CheckoutAnswer:
        api, query_id = self.shop.telegram.api, str(self.dice.getrandbits(62))
        await self._deliver(asked(order, query_id))
        await api.until(lambda: query_id in api.answered, CHECKOUT_ANSWERED_WITHIN_S)
        return read_answer(api.answered[query_id])

    async def _charge(self, order: StarsOrder, more: Json) -> str:
        charge_id = new_charge_id()
        self.charges[charge_id] = order.payload
        update = told("successful_payment", order, charge_id, **more)
        await self._deliver(update)
        if self.dice.random() < 0.2:
            await self._deliver(update)
        return charge_id

    async def _deliver(self, update: dict[str, Any]) -> None:
        while True:
            try:
                answer = await self.shop.telegram.post(update)
            except httpx.TransportError:
                self.repeated += 1
            else:
                self.taken.release()
                if answer.is_success:
                    return
            await asyncio.sleep(REPEATS_AFTER_S)


@pytest.mark.usefixtures("session_factory")
async def test_whoever_is_killed_what_was_paid_in_stars_is_given_once(
    bot_dsn: str, redis_url: str, tmp_path: Path
) -> None:
    seed = new_seed()
    dice = random.Random(seed)
    async with stars_shop(bot_dsn, redis_url, tmp_path) as shop:
        telegram = Telegram(shop, dice)
        orders = await telegram.new_orders()
        async with (
            killed_now_and_then(shop.webhook, dice, telegram.taken, TAKEN) as webhook_kills,
            killed_now_and_then(shop.bot, dice, telegram.answered, HANDLED) as bot_kills,
        ):
            await pay_all(orders, telegram.pay)
        kills = f"{webhook_kills.count} kills of the webhook app, {bot_kills.count} of the bot"
        said = (
            f"seed {seed}: {kills}, {telegram.repeated} updates repeated, {telegram.asked_again} questions asked again"
        )
        assert webhook_kills.count > 0 < bot_kills.count, said
        await everything_is_handled(shop)
        await the_books_are_right(telegram, said)


async def everything_is_handled(shop: StarsShop) -> None:
    """What three kills have hit is set aside, and handed back as an operator does."""
    async with asyncio.timeout(HANGS_AFTER_S):
        while rows := await shop.database.fetch("SELECT update_id, status FROM inbox WHERE status <> 'ended'"):
            if dead := [row["update_id"] for row in rows if row["status"] == "set_aside"]:
                await requeue(dead)
            await asyncio.sleep(0.05)


async def the_books_are_right(telegram: Telegram, said: str) -> None:
    """Each charge is in the books once, has given once, and what went back has been taken back."""
    database, given_back = telegram.shop.database, len(telegram.given_back)
    rows = await database.fetch(
        "SELECT p.transaction_id, p.status, o.public_id FROM payments p JOIN orders o ON o.id = p.order_id"
    )
    expected = {
        charge_id: ("REFUNDED" if charge_id in telegram.given_back else "SUCCESS", order)
        for charge_id, order in telegram.charges.items()
    }
    assert {row["transaction_id"]: (row["status"], row["public_id"]) for row in rows} == expected, said
    assert len(rows) == len(expected), said
    grants = await database.fetchrow("SELECT count(*), count(reversed_at) FROM subscription_grants")
    assert grants is not None
    assert tuple(grants) == (len(expected), given_back), said
    booked = await database.fetchrow(
        "SELECT count(*) FILTER (WHERE event = 'payment'), count(*) FILTER (WHERE event = 'refund') FROM ledger_entries"
    )
    assert booked is not None
    assert tuple(booked) == (len(expected), given_back), said
    received = await database.fetchval("SELECT count(*) FROM notifications WHERE dedup_key LIKE 'payment:received:%'")
    assert received == len(expected), said
    assert await check_books(clock.now()) == {}, said
