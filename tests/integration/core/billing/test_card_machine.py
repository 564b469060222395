"""Cards, charges, faults, purchases, refunds, removals and time in any order: no cycle is charged twice, no card after
it was removed, no money is with us that opened nothing. `HARDSHIP_LONG=1` tries 5,000 lives instead of 20.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_plan import KeepCardRenewals
from mentorium_core.billing.card_removal import CancelReceipt, RemoveCard, end_renewal_of_card
from mentorium_core.billing.card_renewal import end_card_renewal, keep_card
from mentorium_core.billing.cards import CardFound, CardRefused, ReceiptFound, ReceiptState
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.model import FiscalTerms, OrderView
from mentorium_core.billing.reconcile import check_books
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Tariff
from mentorium_gateways.payments.payme_subscribe import fault_of
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_cards import (
    BLOCKED,
    MASKED,
    NO_MONEY,
    PROCESSING_AWAY,
    CardServerRefusalError,
    PaymeCardServer,
)
from tests.integration.core.billing.card_payer import DAY, merchant, rows
from tests.integration.core.billing.till import Till
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

LIVES: Final = 5_000 if LONG else 20
HOUR: Final = timedelta(hours=1)
_STATES: Final = {
    0: ReceiptState.NOT_PAID,
    4: ReceiptState.PAID,
    21: ReceiptState.CANCELLED,
    50: ReceiptState.CANCELLED,
}
_people: Final = itertools.count(400_000_001)

steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.sampled_from([20, 24, 26, 27, 28, 29])),
    st.tuples(st.just("tick")),
    st.tuples(st.just("tick")),
    st.tuples(st.just("live"), st.integers(1, 6)),
    st.tuples(st.just("card"), st.sampled_from([0, NO_MONEY, BLOCKED, PROCESSING_AWAY])),
    st.tuples(
        st.just("fault"),
        st.sampled_from(["receipts.create", "receipts.pay", "receipts.pay", "receipts.check", "receipts.cancel"]),
        st.sampled_from(["lost", "down"]),
    ),
    st.tuples(st.just("billing"), st.booleans()),
    st.tuples(st.just("buy")),
    st.tuples(st.just("remove")),
    st.tuples(st.just("keep")),
    st.tuples(st.just("refund")),
    st.tuples(st.just("expire")),
)


@dataclass(frozen=True, slots=True)
class DirectCards:
    """PayMe's stand-in, spoken to without a network."""

    payme: PaymeCardServer

    async def _call(self, method: str, *, changes: bool = False, **params: Any) -> Any:
        waiting = self.payme.faults.get(method, [])
        fault = waiting.pop(0) if waiting else ""
        if fault == "down":
            raise (OutcomeUnknownError if changes else UnavailableError)("payme_down")
        self.payme.calls.append((method, params))
        said: Any
        try:
            said = await self.payme.do(method, params)
        except CardServerRefusalError as refused:
            said = CardRefused(fault_of(refused.code), refused.code)
        if fault == "lost":
            raise (OutcomeUnknownError if changes else UnavailableError)("payme_lost")
        return said

    async def check_card(self, token: str) -> CardFound | CardRefused:
        said = await self._call("cards.check", token=token)
        return said if isinstance(said, CardRefused) else CardFound(MASKED, token, recurrent=True, verified=True)

    async def remove_card(self, token: str) -> CardRefused | None:
        await self._call("cards.remove", token=token)
        return None

    async def create_receipt(
        self, order: OrderView, description: str, fiscal: FiscalTerms | None = None
    ) -> str | CardRefused:
        account = {"order_id": order.public_id}
        said = await self._call("receipts.create", amount=order.amount_minor, account=account)
        return said if isinstance(said, CardRefused) else str(said["receipt"]["_id"])

    async def pay_receipt(self, receipt_id: str, token: str) -> ReceiptState | CardRefused:
        return _read(await self._call("receipts.pay", changes=True, id=receipt_id, token=token))

    async def check_receipt(self, receipt_id: str) -> ReceiptState | CardRefused:
        return _read(await self._call("receipts.check", id=receipt_id))

    async def get_receipt(self, receipt_id: str) -> ReceiptFound | CardRefused:
        raise AssertionError("no use case of these lives asks for a receipt")

    async def cancel_receipt(self, receipt_id: str) -> ReceiptState | CardRefused:
        return _read(await self._call("receipts.cancel", changes=True, id=receipt_id))


def _read(said: Any) -> ReceiptState | CardRefused:
    if isinstance(said, CardRefused):
        return said
    return _STATES.get(said["state"] if "state" in said else said["receipt"]["state"], ReceiptState.PENDING)


@dataclass
class Life:
    time: ClockInHand
    payme: PaymeCardServer
    parent_id: int
    telegram_id: int
    offset: timedelta = timedelta()
    tokens: itertools.count[int] = field(default_factory=itertools.count)

    async def do(self, step: tuple[object, ...]) -> None:
        name, *told = step
        acts: dict[object, Callable[..., Awaitable[None]]] = {
            "wait": self._wait, "tick": self._tick, "live": self._live, "card": self._card, "fault": self._fault,
            "billing": self._billing, "buy": self._buy, "remove": self._remove, "keep": self._keep,
            "refund": self._refund, "expire": self._expire,
        }  # fmt: skip
        await acts[name](*told)
        if name == "remove":
            assert await self._cards_standing() == 0

    async def _wait(self, days: int) -> None:
        self.offset += days * DAY
        self.time.to(self.offset)

    async def _tick(self) -> None:
        await KeepCardRenewals()(clock.now())
        await self.work()

    async def _live(self, days: int) -> None:
        """So many days, twice a day looked at."""
        for _ in range(days * 2):
            self.offset += 12 * HOUR
            self.time.to(self.offset)
            await self._tick()

    async def _card(self, code: int) -> None:
        for token in self.payme.cards:
            self.payme.cards[token] = code

    async def _fault(self, method: str, kind: str) -> None:
        self.payme.faults.setdefault(method, []).append(kind)

    async def _billing(self, on: bool) -> None:
        self.payme.merchant = merchant if on else None

    async def _buy(self) -> None:
        await Till().buy(self.parent_id, clock.now())

    async def _remove(self) -> None:
        await end_card_renewal(self.parent_id)

    async def _keep(self) -> None:
        token = f"{self.telegram_id}-{next(self.tokens)}"
        self.payme.cards[token] = 0
        await keep_card(self.parent_id, CardFound(MASKED, token, recurrent=True, verified=True), Tariff.MONTHLY, "1")

    async def _refund(self) -> None:
        """In PayMe's cabinet."""
        paid = [one for one in self.payme.receipts.values() if one.state == 4]
        if paid and self.payme.merchant is not None:
            known = await rows("SELECT id FROM payme_transactions WHERE payme_id = :id", id=paid[-1].receipt_id)
            if known:
                await self.payme.do("receipts.cancel", {"id": paid[-1].receipt_id})

    async def _expire(self) -> None:
        await ExpireSubscriptions()(clock.now())

    async def work(self) -> None:
        cards = DirectCards(self.payme)
        for kind, payload in await rows(
            "DELETE FROM pgqueuer.pgqueuer WHERE entrypoint IN"
            " ('charge_card', 'remove_card', 'cancel_receipt', 'end_card_renewal')"
            " RETURNING entrypoint, convert_from(payload, 'UTF8')::jsonb"
        ):
            if kind == "charge_card":
                await ChargeCard(cards)(payload["attempt_id"], payload["tries"])
            elif kind == "remove_card":
                await RemoveCard(cards)(payload["token"], clock.now() + DAY)
            elif kind == "end_card_renewal":
                await end_renewal_of_card(payload["card_id"])
            else:
                self.payme.faults.clear()
                await CancelReceipt(cards)(payload["receipt_id"])

    async def _cards_standing(self) -> int:
        ((count,),) = await rows("SELECT count(*) FROM saved_cards WHERE parent_id = :id AND removed_at IS NULL",
                                 id=self.parent_id)  # fmt: skip
        return int(count)

    async def check(self) -> None:
        """In the end PayMe is well, and whatever is open has been looked into."""
        self.payme.faults.clear()
        for _ in range(3):
            self.offset += 7 * HOUR
            self.time.to(self.offset)
            await self._tick()
        orders = sorted({one.order for one in self.payme.receipts.values()})
        ((paid,),) = await rows(
            "SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id"
            " WHERE p.status = 'SUCCESS' AND o.public_id = ANY(:orders)",
            orders=orders,
        )
        assert self.payme.debits() == paid
        assert all(one.debits in {0, 1} for one in self.payme.receipts.values())
        assert await check_books(clock.now()) == {}
        await erase_data(self.telegram_id)
        await self.work()
        assert self.payme.debits() == paid
        assert self.payme.cards == {}


@settings(max_examples=LIVES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=4, max_size=12))
async def test_whatever_happens_a_cycle_is_charged_once(
    household: Household, moved: ClockInHand, life: list[tuple[object, ...]]
) -> None:
    moved.to(timedelta())
    guardian = await household.guardian("Dilnoza Karimova")
    await household.child("Aziza Karimova", guardian)
    telegram_id = next(_people)
    parent = (await register(telegram_id, guardian)).parent
    lived = Life(moved, PaymeCardServer(merchant=merchant), parent.parent_id, telegram_id)
    for step in [("buy",), ("keep",), ("wait", 27), ("tick",), *life]:
        await lived.do(step)
    await lived.check()
