"""Charges of a saved card by processes that are killed, and by two at once: at most one a cycle, and none is lost.

`HARDSHIP_LONG=1`: a hundred rounds.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from mentorium_core.billing.card_renewal import end_card_renewal
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.reconcile import check_books
from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_sandbox import school
from tests.fixtures.forked import ForkedProcess, Template
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_cards import payme_card_server
from tests.integration.core.billing.card_payer import DAY, Payer, merchant, new_payer, rows
from tests.integration.core.billing.till import Till
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household

ROUNDS: Final = 100 if LONG else 2
_WORKER: Final = Template(["tests.integration.core.billing.card_worker"])
MINUTE: Final = timedelta(minutes=1)
_READY_WITHIN_S: Final = 90.0


@dataclass(frozen=True, slots=True)
class CardWorker:
    process: ForkedProcess
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def told(self) -> str:
        while line := (await self.reader.readline()).decode():
            if line.startswith(("ready", "said ")):
                return line.strip().removeprefix("said ")
        return "killed"

    def tell(self, attempt_id: int, tries: int, at: float) -> None:
        self.writer.write(f"{attempt_id} {tries} {at}\n".encode())

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def card_worker(payer: Payer, bot_dsn: str, platform_dsn: str) -> AsyncIterator[CardWorker]:
    ours, theirs = socket.socketpair()
    with theirs:
        process = await _WORKER.start(
            [bot_dsn, await school.read_only_dsn(platform_dsn), payer.payme.url, str(payer.time.file)],
            env=os.environ,
            cwd=Path.cwd(),
            output=theirs.fileno(),
            given=theirs.fileno(),
        )
    worker = CardWorker(process, *await asyncio.open_connection(sock=ours))
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            assert await worker.told() == "ready"
        yield worker
    finally:
        if process.returncode is None:
            await worker.kill()
        worker.writer.close()


@pytest_asyncio.fixture
async def payer(household: Household, moved: ClockInHand) -> AsyncIterator[Payer]:
    async with payme_card_server(merchant) as payme:
        payer = await new_payer(household, moved, payme)
        yield payer
        assert payme.debits() == await payer.paid()
        assert await check_books(clock.now()) == {}


async def due(payer: Payer, after: timedelta) -> tuple[int, int]:
    """(id, tries) of the attempt that is due at this moment; the job that was left for it is taken away."""
    payer.at(after)
    await payer.keep()
    ((attempt_id, tries),) = await rows(
        "WITH job AS (DELETE FROM pgqueuer.pgqueuer WHERE entrypoint = 'charge_card' RETURNING payload)"
        " SELECT (p ->> 'attempt_id')::bigint, (p ->> 'tries')::int"
        " FROM job, LATERAL (SELECT convert_from(payload, 'UTF8')::jsonb AS p) read"
    )
    return int(attempt_id), int(tries)


async def until_paid(payer: Payer, after: timedelta) -> None:
    """Whoever lives goes on from what stands."""
    for later in (11 * MINUTE, 25 * MINUTE, 90 * MINUTE, 160 * MINUTE):
        await payer.live(after + later)


@pytest.mark.parametrize("method", ["receipts.create", "receipts.pay"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_at_a_call_it_is_charged_once_by_whoever_lives(
    payer: Payer, bot_dsn: str, configured_platform: str, method: str, when: str
) -> None:
    await payer.live(27 * DAY)
    async with card_worker(payer, bot_dsn, configured_platform) as worker:
        moments = payer.payme.before if when == "before" else payer.payme.after
        moments[method] = worker.kill
        worker.tell(*await due(payer, 29 * DAY), 0.0)
        assert await worker.told() == "killed"
        moments.clear()
    await until_paid(payer, 29 * DAY)
    assert [status for status, *_ in await payer.attempts()] == ["paid"]
    assert (payer.payme.debits(), await payer.paid()) == (1, 1)
    assert await payer.end() == payer.ends_at + 30 * DAY


async def test_killed_at_random_moments_it_is_charged_once(
    payer: Payer, bot_dsn: str, configured_platform: str
) -> None:
    dice = random.Random(os.environ.get("HARDSHIP_SEED", "cards"))
    for cycle in range(ROUNDS):
        month = cycle * 30 * DAY
        await payer.live(month + 27 * DAY + MINUTE)
        async with card_worker(payer, bot_dsn, configured_platform) as worker:
            worker.tell(*await due(payer, month + 29 * DAY + MINUTE), 0.0)
            await asyncio.sleep(dice.uniform(0, 0.3))
            await worker.kill()
        await until_paid(payer, month + 29 * DAY + MINUTE)
        assert (payer.payme.debits(), await payer.paid()) == (cycle + 1, cycle + 1)


async def test_two_workers_at_once_charge_once(payer: Payer, bot_dsn: str, configured_platform: str) -> None:
    async with (
        card_worker(payer, bot_dsn, configured_platform) as left,
        card_worker(payer, bot_dsn, configured_platform) as right,
    ):
        for cycle in range(ROUNDS):
            month = cycle * 30 * DAY
            await payer.live(month + 27 * DAY + MINUTE)
            attempt = await due(payer, month + 29 * DAY + MINUTE)
            for worker in (left, right):
                worker.tell(*attempt, time.monotonic() + 0.2)
            said = await asyncio.gather(left.told(), right.told())
            await until_paid(payer, month + 29 * DAY + MINUTE)
            assert (payer.payme.debits(), await payer.paid()) == (cycle + 1, cycle + 1), said


async def test_a_charge_and_the_removal_of_its_card_at_once(payer: Payer) -> None:
    """Either it was paid before, or it never is: and neither waits for the other for ever."""
    dice, began = random.Random("removal"), time.monotonic()
    ends, paid = 30 * DAY, 0
    for _ in range(ROUNDS * 3):
        await payer.live(ends - 3 * DAY)
        payer.at(ends - DAY)
        await payer.keep()

        async def remove() -> int:
            await asyncio.sleep(dice.uniform(0, 0.15))
            await end_card_renewal(payer.parent_id)
            return await payer.paid()

        _, before = await asyncio.gather(payer.work(), remove())
        await until_paid(payer, ends - DAY)
        assert await payer.paid() == before, "paid before the card was removed, or not at all"
        ends, paid = ends + (before - paid) * 30 * DAY, before
        await payer.give_card()
    assert time.monotonic() - began < 300


async def _bought(payer: Payer) -> None:
    await Till().buy(payer.parent_id, clock.now())


async def _given(payer: Payer) -> None:
    await GrantSubscription()(payer.telegram_id, Tariff.MONTHLY, "gift", "test", request_key=f"g{payer.parent_id}")


async def _refunded(payer: Payer) -> None:
    ((transaction_id,),) = await rows(
        "SELECT transaction_id FROM payments WHERE parent_id = :id ORDER BY id LIMIT 1", id=payer.parent_id
    )
    await Till().give_back(transaction_id, clock.now())


OTHERS: Final[dict[str, Callable[[Payer], Awaitable[object]]]] = {
    "remove": lambda payer: end_card_renewal(payer.parent_id),
    "another card": Payer.give_card,
    "erase": lambda payer: erase_data(payer.telegram_id),
    "buy": _bought,
    "gift": _given,
    "refund": _refunded,
    "block": lambda payer: mark_chat_blocked(payer.telegram_id),
    "plan": Payer.keep,
    "expire": lambda _: ExpireSubscriptions()(clock.now() + 20 * DAY),
}


@pytest.mark.parametrize("other", OTHERS)
async def test_a_charge_and_whatever_else_touches_money_or_its_parent_at_once(
    household: Household, moved: ClockInHand, other: str
) -> None:
    """Neither is a deadlock's victim, and the books are right after."""
    dice = random.Random(other)
    async with payme_card_server(merchant) as payme:
        for number in range(ROUNDS):
            moved.to(timedelta())
            payer = await new_payer(household, moved, payme, 500_000_001 + number)
            await payer.live(27 * DAY)
            payer.at(29 * DAY)
            await payer.keep()

            async def beside(payer: Payer = payer) -> None:
                await asyncio.sleep(dice.uniform(0, 0.2))
                await OTHERS[other](payer)

            await asyncio.gather(payer.work(), beside())
            await until_paid(payer, 29 * DAY)
            orders = [one.order for one in payme.receipts.values()]
            ((paid,),) = await rows(
                "SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id"
                " WHERE p.status = 'SUCCESS' AND o.public_id = ANY(:orders)",
                orders=orders,
            )
            assert payme.debits() == paid
            assert await check_books(clock.now()) == {}
            await erase_data(payer.telegram_id)
