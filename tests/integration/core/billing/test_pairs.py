"""Locks in one order: every pair of use cases that touch money or a parent, against each other in two processes.

One round a pair, a hundred with `HARDSHIP_LONG=1`. Neither is a deadlock's victim, and the books are right after.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from mentorium_core.billing.card_page import OpenCardPage, make_card_link
from mentorium_core.billing.card_renewal import get_card_renewal
from mentorium_core.billing.reconcile import check_books
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_cards import payme_card_server
from tests.integration.core.billing.one_use_case import CARD, USE_CASES
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
ROUNDS: Final = 100 if LONG else 1
REFUSALS: Final = {
    "ok",
    "parent_unknown",
    "refund_under_way",
    "refund_given_lately",
    "extended_already",
    "payment_not_made",
    "payment_unknown",
}
"""What one of two may be told because the other was first; a deadlock is none of them."""
_ROOT: Final = Path(__file__).parents[4]
TILL: Final = Till()


@asynccontextmanager
async def process(dsn: str) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.core.billing.one_use_case", dsn),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    try:
        assert await started.stdout.readline() == b"ready\n"
        yield started
    finally:
        started.kill()
        await started.wait()


async def ask(one: asyncio.subprocess.Process, what: str, subject: dict[str, object], at: float, now: str) -> str:
    assert one.stdin is not None
    assert one.stdout is not None
    one.stdin.write(json.dumps({"what": what, "subject": subject, "at": at, "now": now}).encode() + b"\n")
    await one.stdin.drain()
    return (await one.stdout.readline()).decode().strip()


async def test_every_pair_that_touches_money_or_a_parent(bot_dsn: str) -> None:
    async with process(bot_dsn) as first, process(bot_dsn) as second, payme_card_server() as payme:
        payme.cards = {CARD: 0}
        for left, right in itertools.combinations_with_replacement(USE_CASES, 2):
            for _ in range(ROUNDS):
                now = clock.now()
                parent_id, telegram_id = await new_parent(now)
                subject: dict[str, object] = {"parent": parent_id, "telegram": telegram_id}
                subject["paid"] = await TILL.buy(parent_id, now)
                page = await OpenCardPage()(await make_card_link(parent_id, Tariff.MONTHLY))
                assert page is not None
                subject.update(page=page.save_token, payme=payme.url)
                for name in ("begun", "begun_too"):
                    order = await TILL.order(parent_id, now)
                    subject |= {name: await TILL.begin(order, now), "asked": order.public_id}
                at, moment = time.monotonic() + 0.005, now.isoformat()
                told = await asyncio.gather(
                    ask(first, left, subject, at, moment), ask(second, right, subject, at, moment)
                )
                assert set(told) <= REFUSALS, (left, right, told)
                if {left, right} == {"save_card", "remove_card"}:
                    assert await get_card_renewal(parent_id) is None, "whoever switches it off while a page is saved"
        assert await check_books(clock.now()) == {}
