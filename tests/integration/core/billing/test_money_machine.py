"""Orders, payments, refunds, gifts and time in any order: after each step access, books and ledger say the same.

A state machine beside the product keeps the grants in a list and knows nothing else; what it expects is compared with
what the database says. `HARDSHIP_LONG=1` tries 5,000 lives instead of 40 shorter ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import ExtendSubscription, GrantSubscription
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.model import GRACE, TARIFFS
from mentorium_core.billing.reconcile import check_books
from mentorium_domain.enums import ProviderName, Tariff
from mentorium_kit import clock
from tests.fixtures.long_form import LONG
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
LIVES: Final = 5_000 if LONG else 40
DAY: Final = timedelta(days=1)
TILL: Final = Till()

steps = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(Tariff), st.sampled_from(ProviderName)),
    st.tuples(st.just("begin"), st.integers(0, 5)),
    st.tuples(st.just("settle"), st.integers(0, 5)),
    st.tuples(st.just("settle"), st.integers(0, 5)),
    st.tuples(st.just("fail"), st.integers(0, 5)),
    st.tuples(st.just("give_back"), st.integers(0, 5)),
    st.tuples(st.just("gift"), st.sampled_from(Tariff)),
    st.tuples(st.just("extend"), st.integers(1, 40)),
    st.tuples(st.just("wait"), st.integers(1, 70)),
    st.tuples(st.just("expire")),
)


@dataclass
class Grant:
    given_at: datetime
    days: int
    payment: str | None
    stretch: int
    taken_back: bool = False


@dataclass
class Life:
    """What one parent did, and what it must have come to."""

    parent_id: int
    telegram_id: int
    now: datetime
    orders: list[tuple[str, Tariff]] = field(default_factory=list)
    begun: list[tuple[str, str, Tariff]] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    paid_orders: set[str] = field(default_factory=set)
    grants: list[Grant] = field(default_factory=list)
    stretch: int = 0

    def end(self) -> datetime | None:
        """Of the present stretch of access; None where nothing of it is left, or it is over."""
        end: datetime | None = None
        for grant in self.grants:
            if grant.stretch == self.stretch and not grant.taken_back:
                end = max(grant.given_at, end or grant.given_at) + timedelta(days=grant.days)
        return end

    def give(self, days: int, payment: str | None) -> None:
        end = self.end()
        if end is None or self.now >= end + GRACE:
            self.stretch += 1
        self.grants.append(Grant(self.now, days, payment, self.stretch))

    async def do(self, step: tuple[object, ...]) -> None:
        name, *told = step
        acts: dict[object, Callable[..., Awaitable[None]]] = {
            "order": self._order, "begin": self._begin, "settle": self._settle, "fail": self._fail,
            "give_back": self._give_back, "gift": self._gift, "extend": self._extend, "wait": self._wait,
            "expire": self._expire,
        }  # fmt: skip
        await acts[name](*told)

    async def _order(self, tariff: Tariff, provider: ProviderName) -> None:
        order = await TILL.order(self.parent_id, self.now, tariff, provider)
        self.orders.append((order.public_id, tariff))

    async def _begin(self, number: int) -> None:
        if number >= len(self.orders):
            return
        public_id, tariff = self.orders[number]
        order = await TILL.get(public_id)
        if public_id not in self.paid_orders:
            self.begun.append((await TILL.begin(order, self.now), public_id, tariff))

    async def _settle(self, number: int) -> None:
        if number >= len(self.begun):
            return
        transaction, public_id, tariff = self.begun[number]
        if public_id in self.paid_orders and transaction not in self.ended:
            return  # no provider confirms a second payment of an order
        assert await TILL.settle(transaction, self.now) is (transaction not in self.ended)
        if transaction not in self.ended:
            self.ended[transaction] = "SUCCESS"
            self.paid_orders.add(public_id)
            self.give(TARIFFS[tariff].days, transaction)

    async def _fail(self, number: int) -> None:
        if number < len(self.begun):
            transaction = self.begun[number][0]
            assert await TILL.fail(transaction) is (transaction not in self.ended)
            self.ended.setdefault(transaction, "FAILED")

    async def _give_back(self, number: int) -> None:
        if number >= len(self.begun):
            return
        transaction = self.begun[number][0]
        assert await TILL.give_back(transaction, self.now) is (self.ended.get(transaction) == "SUCCESS")
        if self.ended.get(transaction) == "SUCCESS":
            self.ended[transaction] = "REFUNDED"
            for grant in self.grants:
                grant.taken_back = grant.taken_back or grant.payment == transaction

    async def _gift(self, tariff: Tariff) -> None:
        await GrantSubscription()(
            self.telegram_id, tariff, "gift", "test", self.now, request_key=uuid4().hex, despite_refund=True
        )
        self.give(TARIFFS[tariff].days, None)

    async def _extend(self, days: int) -> None:
        await ExtendSubscription()(
            self.telegram_id, days, "gift", "test", self.now, request_key=uuid4().hex, despite_refund=True
        )
        self.give(days, None)

    async def _wait(self, days: int) -> None:
        self.now += days * DAY

    async def _expire(self) -> None:
        await ExpireSubscriptions()(self.now)

    async def check(self) -> None:
        end = self.end()
        access = await _rows(
            "SELECT expires_at FROM subscriptions WHERE parent_id = :parent AND status = 'ACTIVE'", self.parent_id
        )
        over = end is None or self.now >= end + GRACE
        assert len(access) <= 1
        if not over:
            assert access == [(end,)]
        else:
            assert not access or access == [(end,)], "what is over may only wait to be expired"
        money = await _rows(
            "SELECT status, count(*) FROM payments WHERE parent_id = :parent GROUP BY 1", self.parent_id
        )
        ended = list(self.ended.values())
        expected = {status: ended.count(status) for status in ("SUCCESS", "FAILED", "REFUNDED")}
        assert {status: count for status, count in money if status != "PENDING"} == {
            status: count for status, count in expected.items() if count
        }
        assert await check_books(self.now - DAY) == {}


async def _rows(statement: str, parent_id: int) -> list[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), {"parent": parent_id})]


@settings(max_examples=LIVES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=4, max_size=14))
async def test_whatever_happens_in_whatever_order_the_books_are_right(life: list[tuple[object, ...]]) -> None:
    now = clock.now()
    lived = Life(*await new_parent(now), now)
    for step in life:
        await lived.do(step)
    await lived.check()
