"""Charges, renewals, refunds, Telegram's words and repeats in any order: access and ledger are what was paid.

A life beside the product knows which charges were told and what they must have come to, and nothing else.
`HARDSHIP_LONG=1` tries 5,000 of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.model import GRACE, OrderView
from mentorium_core.billing.reconcile import check_books
from mentorium_core.billing.stars import (
    Booked,
    BookStarsCharge,
    BookStarsRefund,
    StarsCharge,
    note_subscription_update,
)
from mentorium_core.billing.stars_renewal import end_stars_renewal, resume_stars_renewal
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import OrderKind
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from tests.fixtures.long_form import LONG
from tests.integration.core.billing.stars_orders import DAY, PERIOD, books_agree, charge, ordered, refund, rows
from tests.integration.core.billing.till import new_parent
from tests.integration.core.clock_in_hand import ClockInHand

pytestmark = pytest.mark.usefixtures("session_factory")
LIVES: Final = 5_000 if LONG else 60
OTHER: Final = 999
few: Final = st.integers(0, 3)

steps = st.one_of(
    st.tuples(st.just("order"), st.sampled_from((OrderKind.ONE_OFF, OrderKind.STARS_SUBSCRIPTION))),
    st.tuples(st.just("pay"), few),
    st.tuples(st.just("pay"), few),
    st.tuples(st.just("renew"), few),
    st.tuples(st.just("repeat"), few),
    st.tuples(st.just("refund"), few),
    st.tuples(st.just("refund_first"), few),
    st.tuples(st.just("stranger"), few),
    st.tuples(st.just("word"), few, st.sampled_from(("canceled", "active", "failed"))),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("expire")),
    st.tuples(st.just("erase")),
)


@dataclass
class Told:
    """A charge that Telegram has told of; `access`: it gave some, in this stretch."""

    charge: StarsCharge
    given_at: datetime
    access: int | None
    back: bool = False


@dataclass
class Life:
    parent_id: int
    telegram_id: int
    hand: ClockInHand
    passed: timedelta = timedelta()
    erased: bool = False
    stretch: int = 0
    orders: list[OrderView] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)

    def end(self) -> datetime | None:
        end: datetime | None = None
        for one in self.told:
            if one.access == self.stretch and not one.back:
                paid = max(one.given_at, end or one.given_at) + PERIOD
                end = max(paid, one.charge.period_ends_at or paid)
        return end

    def is_over(self) -> bool:
        end = self.end()
        return end is None or clock.now() >= end + GRACE

    async def do(self, step: tuple[object, ...]) -> None:
        name, *told = step
        acts: dict[object, Callable[..., Awaitable[None]]] = {
            "order": self._order, "pay": self._pay, "renew": self._renew, "repeat": self._repeat,
            "refund": self._refund, "refund_first": self._refund_first, "stranger": self._stranger,
            "word": self._word, "switch": self._switch, "wait": self._wait, "expire": self._expire,
            "erase": self._erase,
        }  # fmt: skip
        await acts[name](*told)

    async def _order(self, kind: OrderKind) -> None:
        if not self.erased:
            self.orders.append(await ordered(self.parent_id, kind))

    def _charge(self, number: int, **changes: object) -> StarsCharge | None:
        if number >= len(self.orders):
            return None
        known = {"payer": self.telegram_id, **changes}
        return charge(self.orders[number], f"{self.telegram_id}-{len(self.told)}", **known)  # type: ignore[arg-type]

    async def _tell(self, paid: StarsCharge, *, gives: bool) -> None:
        over = self.is_over()
        before = clock.now()
        assert await BookStarsCharge()(paid) is (Booked.GIVEN if gives else Booked.RETURNING)
        if gives and over:
            self.stretch += 1
        if gives:
            ((before,),) = await rows(
                "SELECT granted_at FROM subscription_grants g JOIN payments p ON p.id = g.payment_id"
                " WHERE p.transaction_id = :charge",
                charge=paid.charge_id,
            )
        self.told.append(Told(paid, before, self.stretch if gives else None))

    async def _pay(self, number: int) -> None:
        if (paid := self._charge(number)) is not None:
            await self._tell(paid, gives=not self.erased and paid.payload not in self.begun)
            self.begun.add(paid.payload)

    async def _renew(self, number: int) -> None:
        paid = self._charge(number, period=2)
        if paid is not None and paid.period_ends_at is not None and paid.payload in self.begun:
            await self._tell(paid, gives=not self.erased)

    async def _repeat(self, number: int) -> None:
        if number < len(self.told):
            assert await BookStarsCharge()(self.told[number].charge) is Booked.KNOWN

    async def _refund(self, number: int) -> None:
        if number < len(self.told):
            one = self.told[number]
            assert await BookStarsRefund()(refund(one.charge)) is (Booked.KNOWN if one.back else Booked.RETURNED)
            one.back = True

    async def _refund_first(self, number: int) -> None:
        if (paid := self._charge(number)) is not None:
            assert await BookStarsRefund()(refund(paid)) is Booked.RETURNED
            assert await BookStarsCharge()(paid) is Booked.KNOWN
            self.told.append(Told(paid, clock.now(), None, back=True))

    async def _stranger(self, number: int) -> None:
        if (paid := self._charge(number, payer=OTHER)) is not None:
            await self._tell(paid, gives=False)

    async def _word(self, number: int, state: str) -> None:
        if number < len(self.orders):
            await note_subscription_update(self.telegram_id, self.orders[number].public_id, state)

    async def _switch(self, is_on: bool) -> None:
        switch = resume_stars_renewal if is_on else end_stars_renewal
        with suppress(NotFoundError):  # nothing is paid yet, or its period is over
            await switch(self.parent_id)

    async def _wait(self, days: int) -> None:
        self.passed += days * DAY
        self.hand.to(self.passed)

    async def _expire(self) -> None:
        await ExpireSubscriptions()(clock.now())

    async def _erase(self) -> None:
        await erase_data(self.telegram_id)
        self.erased = True

    async def check(self) -> None:
        found = await rows(
            "SELECT transaction_id, status FROM payments WHERE transaction_id LIKE :mine", mine=f"{self.telegram_id}-%"
        )
        assert dict(found) == {one.charge.charge_id: self._status(one) for one in self.told}
        access = await rows(
            "SELECT expires_at FROM subscriptions WHERE parent_id = :id AND status = 'ACTIVE'", id=self.parent_id
        )
        if self.erased:
            assert access == []
        elif self.is_over():
            assert access in ([], [(self.end(),)])
        else:
            assert access == [(self.end(),)]
        await books_agree()
        assert await check_books(clock.now()) == {}

    def _status(self, one: Told) -> str:
        if one.back:
            return "REFUNDED"
        return "SUCCESS" if one.access is not None else "PENDING"


@settings(max_examples=LIVES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=4, max_size=14))
async def test_whatever_telegram_tells_in_whatever_order_access_is_what_was_paid(
    tmp_path: Path, life: list[tuple[object, ...]]
) -> None:
    hand = ClockInHand(tmp_path / "clock")
    hand.to(timedelta())
    clock.configure(hand.file)
    try:
        lived = Life(*await new_parent(clock.now()), hand)
        for step in life:
            await lived.do(step)
        await lived.check()
    finally:
        clock.configure(None)
