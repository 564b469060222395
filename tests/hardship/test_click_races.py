"""Click's calls at two processes at once: one grant, one notice, no deadlock. `HARDSHIP_LONG=1`: a hundred rounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_asyncio

from mentorium_core.billing.reconcile import check_books
from mentorium_kit import clock
from tests.conformance.click_support import ShopOrder
from tests.fixtures.click_shop import ClickProcess, click_before, webhook_process
from tests.fixtures.databases import SessionFactory, SharedDatabase
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import WebhookProcess

ROUNDS: Final = 100 if LONG else 3
UNTIL_IT_HAS_GONE_BACK: Final = "paid_without_access"


@dataclass(frozen=True, slots=True)
class TwoShops:
    """The same database behind two processes."""

    left: ClickProcess
    right: ClickProcess

    async def count(self, statement: str) -> int:
        return int(await self.left.database.fetchval(f"SELECT count(*) FROM {statement}"))

    async def at_once(self, action: str, *forms: Mapping[str, str]) -> list[int]:
        """What each of these calls is answered, the first at one process, the second at the other, and so on."""
        shops = (self.left, self.right)
        answers: list[dict[str, Any]] = await asyncio.gather(
            *(shops[number % 2].click.send(action, form) for number, form in enumerate(forms))
        )
        return [answer["error"] for answer in answers]

    async def prepared(self, order: ShopOrder) -> dict[str, str]:
        """The Complete of an attempt that is prepared."""
        click = self.left.click
        answer = await click.prepare(order.id, order.amount)
        assert answer["error"] == 0
        ids = {name: click.last[name] for name in ("click_trans_id", "click_paydoc_id")}
        more = {**ids, "merchant_prepare_id": str(answer["merchant_prepare_id"])}
        return click.form(order.id, order.amount, "1", more=more)

    def cancelled(self, form: Mapping[str, str], error: int = -5017) -> dict[str, str]:
        """`error` is not signed."""
        return {**form, "error": str(error)}


@pytest_asyncio.fixture(scope="module")
async def processes(
    bot_database: SharedDatabase, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[WebhookProcess, WebhookProcess]]:
    folder = tmp_path_factory.mktemp("click_races")
    async with (
        webhook_process(bot_database.dsn, redis_server, folder / "left") as left,
        webhook_process(bot_database.dsn, redis_server, folder / "right") as right,
    ):
        yield left, right


@pytest_asyncio.fixture
async def shops(
    session_factory: SessionFactory, processes: tuple[WebhookProcess, WebhookProcess]
) -> AsyncIterator[TwoShops]:
    """After each test the books are right, and neither process has met a deadlock or a mistake of ours."""
    logged = [len(process.log.read_text()) for process in processes]
    async with click_before(processes[0]) as left, click_before(processes[1]) as right:
        yield TwoShops(left, right)
        assert set(await check_books(clock.now())) <= {UNTIL_IT_HAS_GONE_BACK}
    log = "".join(process.log.read_text()[start:] for process, start in zip(processes, logged, strict=True))
    assert not [word for word in ("click_not_answered", "Deadlock", "Traceback") if word in log], log[-2000:]


async def test_one_prepare_twice(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order = await shops.left.new_order()
        form = shops.left.click.form(order.id, order.amount, "0")
        first, second = await asyncio.gather(*(one.click.send("0", form) for one in (shops.left, shops.right)))
        assert first["error"] == 0
        assert first == second
    assert await shops.count("click_transactions") == await shops.count("payments") == ROUNDS


async def test_two_prepares_of_one_order(shops: TwoShops) -> None:
    """Both may be debited; which one comes first is the one that opens access."""
    for _ in range(ROUNDS):
        order = await shops.left.new_order()
        forms = [shops.left.click.form(order.id, order.amount, "0") for _ in range(2)]
        assert await shops.at_once("0", *forms) == [0, 0]
    assert await shops.count("click_transactions WHERE status = 'prepared'") == 2 * ROUNDS


async def test_one_attempt_for_two_orders(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        orders = [await shops.left.new_order() for _ in range(2)]
        first = shops.left.click.form(orders[0].id, orders[0].amount, "0")
        ids = {name: first[name] for name in ("click_trans_id", "click_paydoc_id")}
        second = shops.left.click.form(orders[1].id, orders[1].amount, "0", more=ids)
        codes = await shops.at_once("0", first, second)
        assert sorted(codes) == [-8, 0]
        assert await shops.at_once("0", first, second) == codes
    assert await shops.count("payments") == ROUNDS


async def test_one_complete_twice(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        form = await shops.prepared(await shops.left.new_order())
        assert sorted(await shops.at_once("1", form, form)) == [-4, 0]
    assert await shops.count("subscription_grants") == await shops.count("ledger_entries") == ROUNDS
    assert await shops.count("notifications") == ROUNDS


async def test_two_debits_of_one_order(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order = await shops.left.new_order()
        forms = [await shops.prepared(order) for _ in range(2)]
        assert await shops.at_once("1", *forms) == [0, 0]
        assert sorted(await shops.at_once("1", *forms)) == [-4, -4]
    assert await shops.count("subscription_grants") == ROUNDS
    assert await shops.count("click_transactions WHERE status = 'confirmed'") == ROUNDS
    assert await shops.count("click_transactions WHERE status = 'duplicate'") == ROUNDS
    assert await shops.count("ledger_entries") == 2 * ROUNDS
    assert await shops.count("pgqueuer.pgqueuer WHERE entrypoint = 'click_reversal'") == ROUNDS


async def test_complete_and_its_cancellation(shops: TwoShops) -> None:
    """Whichever is first: an order is either paid, and its reversal asked about, or free again."""
    paid = 0
    for _ in range(ROUNDS):
        order = await shops.left.new_order()
        form = await shops.prepared(order)
        completed, cancelled = await shops.at_once("1", form, shops.cancelled(form))
        assert cancelled == -9
        assert completed in {0, -9}
        paid += completed == 0
        if completed == -9:
            assert (await shops.left.click.prepare(order.id, order.amount))["error"] == 0
    assert await shops.count("subscription_grants") == paid
    assert await shops.count("click_transactions WHERE reversal_reported_at IS NOT NULL") == paid
    assert await shops.count("orders WHERE status = 'paid'") == paid


async def test_two_cancellations(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        form = shops.cancelled(await shops.prepared(await shops.left.new_order()))
        assert await shops.at_once("1", form, form) == [-9, -9]
    assert await shops.count("notifications") == ROUNDS
    assert await shops.count("event_logs WHERE event_name = 'payment_failed'") == ROUNDS


async def test_prepare_beside_the_complete_of_another_attempt(shops: TwoShops) -> None:
    for _ in range(ROUNDS):
        order = await shops.left.new_order()
        complete = await shops.prepared(order)
        prepare = shops.left.click.form(order.id, order.amount, "0")
        completed, prepared = await asyncio.gather(
            shops.left.click.send("1", complete), shops.right.click.send("0", prepare)
        )
        assert completed["error"] == 0
        assert prepared["error"] in {0, -4}
    assert await shops.count("subscription_grants") == ROUNDS


async def test_two_orders_of_one_parent_at_two_providers(shops: TwoShops) -> None:
    """Two purchases: each gives what was paid for, each once, one on top of the other."""
    for _ in range(ROUNDS):
        at_click, at_payme = await shops.left.new_order(), await shops.left.payme.new_order()
        await shops.left.database.execute(
            "UPDATE orders SET parent_id = (SELECT parent_id FROM orders WHERE public_id = $1) WHERE public_id = $2",
            at_click.id,
            at_payme.order_id,
        )
        form = await shops.prepared(at_click)
        _, payme_id = await shops.right.payme.merchant.created(at_payme)
        completed, performed = await asyncio.gather(
            shops.left.click.send("1", form), shops.right.payme.merchant.perform(payme_id)
        )
        assert completed["error"] == 0
        assert performed.ok["state"] == 2
    assert await shops.count("subscription_grants") == 2 * ROUNDS
    assert await shops.count("subscriptions WHERE expires_at > now() + interval '59 days'") == ROUNDS
    assert await shops.count("notifications") == 2 * ROUNDS


async def test_an_order_that_another_provider_takes(shops: TwoShops) -> None:
    order = await shops.left.payme.new_order()
    amount = f"{order.amount // 100}"
    forms = [shops.left.click.form(order.order_id, amount, "0") for _ in range(2)]
    assert await shops.at_once("0", *forms) == [-5, -5]
    assert await shops.count("payments") == 0
