"""Paid at Click's till, with its bad days: what the worker settles with Click afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.fixtures.patience import HANGS_AFTER_S

_REVERSED = -9


async def newcomer(sandbox: Sandbox, language: str) -> FakeParent:
    parent = await sandbox.parent(language)
    await parent.register(await sandbox.child("Aziza", "Karimova"), tariff=None)
    return parent


async def checkout(parent: FakeParent) -> str:
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:click:monthly")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    return str(button["url"])


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while not await condition():
            await asyncio.sleep(0.3)


async def payments_of(sandbox: Sandbox, parent: FakeParent) -> list[str]:
    rows = await sandbox.rows(
        "SELECT y.status FROM payments y JOIN parents p ON p.id = y.parent_id WHERE p.telegram_id = $1 ORDER BY y.id",
        parent.id,
    )
    return [str(row["status"]) for row in rows]


async def at_the_till(sandbox: Sandbox, link: str) -> list[Any]:
    told = (await sandbox.call("GET", "click/payments"))["payments"]
    return [payment for payment in told if payment["merchant_trans_id"] in link]


@pytest.mark.parametrize("outcome", ["ok", "lost_answer"])
async def test_the_fiscal_receipt_reaches_whoever_paid(sandbox: Sandbox, outcome: str) -> None:
    parent = await newcomer(sandbox, "uz")
    link = await checkout(parent)
    await sandbox.pay_at_click(link, outcome)

    async def has_come() -> bool:
        said = [message.get("text_plain") or "" for message in await parent.messages()]
        return any("https://ofd.soliq.uz/" in words for words in said)

    await until(has_come)
    assert await payments_of(sandbox, parent) == ["SUCCESS"]
    (payment,) = await at_the_till(sandbox, link)
    assert payment["receipt"]["received_card"] == 9_900_000


async def test_paid_twice_is_given_once_and_the_second_goes_back(sandbox: Sandbox) -> None:
    parent = await newcomer(sandbox, "ru")
    link = await checkout(parent)
    await sandbox.pay_at_click(link, "twice")

    async def has_gone_back() -> bool:
        return await payments_of(sandbox, parent) == ["SUCCESS", "REFUNDED"]

    await until(has_gone_back)
    assert [payment["payment_status"] for payment in await at_the_till(sandbox, link)] == [2, _REVERSED]
    (days,) = await sandbox.rows(
        "SELECT sum(g.days)::int AS sum FROM subscription_grants g JOIN parents p ON p.id = g.parent_id"
        " WHERE p.telegram_id = $1 AND g.reversed_at IS NULL",
        parent.id,
    )
    assert days["sum"] == 30


async def test_what_click_takes_back_after_all_takes_access_back_once_click_confirms_it(sandbox: Sandbox) -> None:
    parent = await newcomer(sandbox, "en")
    await sandbox.pay_at_click(await checkout(parent), "cancel_after")

    async def is_taken_back() -> bool:
        return await payments_of(sandbox, parent) == ["REFUNDED"]

    await until(is_taken_back)
    (ended,) = await sandbox.rows(
        "SELECT s.status, s.end_reason FROM subscriptions s JOIN parents p ON p.id = s.parent_id"
        " WHERE p.telegram_id = $1",
        parent.id,
    )
    assert tuple(ended) == ("CANCELLED", "refund")
