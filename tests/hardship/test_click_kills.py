"""The webhook app killed at random moments while Click repeats: money received is access given, and nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from mentorium_core.billing.reconcile import check_books
from mentorium_kit import clock
from tests.conformance.click_support import ShopOrder
from tests.fixtures.click_shop import ClickProcess, click_before, webhook_process
from tests.hardship.killing import PAYMENTS, REPEATS_AFTER_S, killed_now_and_then, new_seed, pay_all

LIVES: Final = (1, 40)
_COME_AGAIN: Final = -7
_PAID: Final = {0, -4}


@dataclass(slots=True)
class Click:
    """It repeats a call, with the same form, until somebody answers; what it has heard is what it believes."""

    shop: ClickProcess
    dice: random.Random
    debited: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    repeated: int = 0
    answered: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """One for each answer."""

    async def pay(self, order: ShopOrder) -> None:
        """Most pay; some give up; some pay from two telephones at once, and some after they have given up."""
        fate = self.dice.random()
        if fate < 0.7:
            await self._attempt(order)
        elif fate < 0.8:
            await self._attempt(order, error=-5017)
        elif fate < 0.9:
            await asyncio.gather(self._attempt(order), self._attempt(order))
        else:
            await self._attempt(order, error=-5017)
            await self._attempt(order)

    async def _attempt(self, order: ShopOrder, *, error: int = 0) -> None:
        form = self.shop.click.form(order.id, order.amount, "0")
        prepared = await self._call("0", form)
        if prepared["error"] == -4:  # the other telephone was quicker
            return
        assert prepared["error"] == 0, prepared
        ids = {name: form[name] for name in ("click_trans_id", "click_paydoc_id")}
        more = {**ids, "merchant_prepare_id": str(prepared["merchant_prepare_id"])}
        answer = await self._call("1", self.shop.click.form(order.id, order.amount, "1", error=error, more=more))
        if error:
            assert answer["error"] == -9, answer
            self.given_up += 1
        else:
            assert answer["error"] in _PAID, answer
            self.debited[order.id] += 1

    async def _call(self, action: str, form: dict[str, str]) -> dict[str, Any]:
        while True:
            try:
                answer = await self.shop.click.send(action, form)
            except httpx.TransportError:
                self.repeated += 1
            else:
                self.answered.release()
                if answer["error"] != _COME_AGAIN:
                    return answer
            await asyncio.sleep(REPEATS_AFTER_S)


@pytest.mark.usefixtures("session_factory")
async def test_whenever_it_is_killed_what_click_has_debited_is_given_once(
    bot_dsn: str, redis_url: str, tmp_path: Path
) -> None:
    seed = new_seed()
    dice = random.Random(seed)
    async with webhook_process(bot_dsn, redis_url, tmp_path / "shop") as process, click_before(process) as shop:
        click = Click(shop, dice)
        orders = [await shop.new_order() for _ in range(PAYMENTS)]
        async with killed_now_and_then(process, dice, click.answered, LIVES) as kills:
            await pay_all(orders, click.pay)
        told = f"seed {seed}: {kills.count} kills, {click.repeated} calls repeated"
        assert kills.count > 3, told
        assert click.repeated > 0, told
        await the_books_are_right(click, told)


async def the_books_are_right(click: Click, told: str) -> None:
    """Each order that Click has debited has opened access once, and what it has debited twice is to go back."""
    database = click.shop.database
    debits, surplus = click.debited.total(), click.debited.total() - len(click.debited)

    async def count(statement: str) -> int:
        return int(await database.fetchval(f"SELECT count(*) FROM {statement}"))

    paid = {row["public_id"] for row in await database.fetch("SELECT public_id FROM orders WHERE status = 'paid'")}
    assert paid == set(click.debited), told
    assert await count("subscription_grants WHERE reversed_at IS NULL") == len(click.debited), told
    assert await count("notifications WHERE dedup_key LIKE 'payment:received:%'") == len(click.debited), told
    assert await count("click_transactions WHERE status = 'confirmed'") == len(click.debited), told
    assert await count("click_transactions WHERE status = 'duplicate'") == surplus, told
    assert await count("pgqueuer.pgqueuer WHERE entrypoint = 'click_reversal'") == surplus, told
    assert await count("pgqueuer.pgqueuer WHERE entrypoint = 'click_receipt'") == len(click.debited), told
    assert await count("click_transactions WHERE status = 'cancelled'") == click.given_up, told
    assert await count("ledger_entries WHERE event = 'payment'") == debits, told
    wrong = await check_books(clock.now())
    assert set(wrong) <= {"paid_without_access"}, (told, wrong)
    assert len(wrong.get("paid_without_access", ())) == min(surplus, 20), told
