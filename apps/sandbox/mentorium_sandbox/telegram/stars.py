"""What Telegram keeps of a bot's Stars: invoices, payments, and subscriptions that are charged again each period."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Json = dict[str, Any]
STARS: Final = "XTR"
FIRST_BALANCE: Final = 100_000
"""What each fake user has at the start."""
NANOSTARS: Final = 1_000_000_000
"""In a Star."""
REQUEST_NANOSTARS: Final = NANOSTARS // 10
"""What a message beyond the free rate costs where it may be paid for."""


@dataclass(slots=True)
class Invoice:
    """`place`: the id of its message, or the slug of its link. `period` in seconds; 0 for what is paid once."""

    number: int
    place: str
    title: str
    description: str
    payload: str
    currency: str
    amount: int
    period: int = 0
    paid: bool = False

    @property
    def is_link(self) -> bool:
        return not self.place.isdigit()

    def view(self) -> Json:
        """What the pay sheet shows."""
        period = {"subscription_period": self.period} if self.period else {}
        return {
            "title": self.title,
            "description": self.description,
            "currency": self.currency,
            "total_amount": self.amount,
            **period,
        }


@dataclass(slots=True)
class StarPayment:
    """Stars that went from a user to the bot. Moments in Unix time; `subscription` is the charge id of its first."""

    number: int
    charge_id: str
    provider_charge_id: str
    user_id: int
    payload: str
    amount: int
    paid_at: float
    period: int = 0
    subscription: str | None = None
    refunded_at: float | None = None


@dataclass(slots=True)
class StarSubscription:
    """Known by the charge id of its first payment; charged again at `until` (Unix time) unless somebody ended it.

    `bot_canceled`: the bot has ended it, and the user may not take it up again. `failed`: a charge did not go through.
    """

    number: int
    charge_id: str
    user_id: int
    place: str
    payload: str
    amount: int
    period: int
    until: float
    canceled: bool = False
    bot_canceled: bool = False
    failed: bool = False
    fails_next: bool = False
    over: bool = False

    @property
    def renews(self) -> bool:
        return not (self.canceled or self.bot_canceled or self.failed or self.over)

    @property
    def state(self) -> str:
        """`active`, `canceled` by the user, `canceled_by_bot`, `failed`, or `over` when its time has run out."""
        for name, holds in (
            ("failed", self.failed),
            ("over", self.over),
            ("canceled_by_bot", self.bot_canceled),
            ("canceled", self.canceled),
        ):
            if holds:
                return name
        return "active"

    def runs(self, now: datetime) -> bool:
        """Whether it is paid for at this moment, and will be charged or may be taken up again."""
        return not self.over and not self.failed and self.until > now.timestamp()

    def view(self) -> Json:
        return {
            "charge_id": self.charge_id,
            "state": self.state,
            "until": datetime.fromtimestamp(self.until, UTC).isoformat(),
            "amount": self.amount,
            "invoice_payload": self.payload,
            "fails_next": self.fails_next,
        }


@dataclass(slots=True)
class BroadcastBill:
    """Stars that went from the bot to Telegram for so many requests beyond the free rate. More are added to it until
    somebody has read of it, for a second at most. `billed_at` in Unix time.
    """

    number: int
    charge_id: str
    requests: int
    billed_at: float
    was_read: bool = False

    @property
    def nanostars(self) -> int:
        return self.requests * REQUEST_NANOSTARS


Kept = Invoice | StarPayment | StarSubscription | BroadcastBill


def _forget(_: Kept) -> None:
    """Nothing outlives the process."""


@dataclass(slots=True)
class StarLedger:
    """One bot's. `keep` is called with whatever is new or has changed."""

    keep: Callable[[Kept], None] = _forget
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, StarPayment] = field(default_factory=dict)
    subscriptions: dict[str, StarSubscription] = field(default_factory=dict)
    bills: list[BroadcastBill] = field(default_factory=list)

    def add_invoice(self, place: str | None, fields: Json, *, amount: int, period: int = 0) -> Invoice:
        """Without a `place` it gets a link of its own."""
        place = place or f"{secrets.choice('abcdefgh')}{secrets.token_urlsafe(12)}"
        title, description, payload, currency = (
            str(fields[name]) for name in ("title", "description", "payload", "currency")
        )
        number = len(self.invoices) + 1
        invoice = Invoice(number, place, title, description, payload, currency, amount, period)
        self.invoices[place] = invoice
        self.keep(invoice)
        return invoice

    def add_payment(self, user_id: int, payload: str, amount: int, now: datetime, **more: Any) -> StarPayment:
        number = len(self.payments) + 1
        charge_id, provider_id = f"stx{secrets.token_urlsafe(48)}", f"{user_id}_{number}"
        payment = StarPayment(number, charge_id, provider_id, user_id, payload, amount, now.timestamp(), **more)
        self.payments[charge_id] = payment
        self.keep(payment)
        return payment

    def add_subscription(self, first: StarPayment, invoice: Invoice) -> StarSubscription:
        subscription = StarSubscription(
            len(self.subscriptions) + 1,
            first.charge_id,
            first.user_id,
            invoice.place,
            invoice.payload,
            invoice.amount,
            invoice.period,
            first.paid_at + invoice.period,
        )
        self.subscriptions[first.charge_id] = subscription
        self.keep(subscription)
        return subscription

    def subscription_of(self, charge_id: str) -> StarSubscription | None:
        """The subscription to which this payment belongs, be it the first or a later one."""
        payment = self.payments.get(charge_id)
        return self.subscriptions.get(payment.subscription or "") if payment is not None else None

    def bill_request(self, now: datetime) -> None:
        """One that was carried out beyond the free rate."""
        moment = now.timestamp()
        if not self.bills or self.bills[-1].was_read or not 0 <= moment - self.bills[-1].billed_at < 1:
            charge_id = f"stx{secrets.token_urlsafe(48)}"
            self.bills.append(BroadcastBill(len(self.bills) + 1, charge_id, 0, moment))
        self.bills[-1].requests += 1
        self.keep(self.bills[-1])

    def can_pay_for_request(self) -> bool:
        return self.nanostars() >= REQUEST_NANOSTARS

    def nanostars(self) -> int:
        """The bot's balance."""
        paid = sum(payment.amount for payment in self.payments.values() if payment.refunded_at is None)
        return paid * NANOSTARS - sum(bill.nanostars for bill in self.bills)

    def next_due(self) -> datetime | None:
        """When a subscription is charged next, aware."""
        due = [subscription.until for subscription in self.subscriptions.values() if not subscription.over]
        return datetime.fromtimestamp(min(due), UTC) if due else None

    def due(self, now: datetime) -> list[StarSubscription]:
        """Those whose time has run out, oldest first."""
        ripe = [each for each in self.subscriptions.values() if not each.over and each.until <= now.timestamp()]
        return sorted(ripe, key=lambda each: each.until)

    def transactions(self, described: Callable[[int], Json]) -> Iterator[Json]:
        """In chronological order; a refund has the id of what it refunds. `described` gives a user's object."""
        moves: list[tuple[float, StarPayment | BroadcastBill, str]] = []
        moves += [(payment.paid_at, payment, "source") for payment in self.payments.values()]
        moves += [(each.refunded_at, each, "receiver") for each in self.payments.values() if each.refunded_at]
        moves += [(bill.billed_at, bill, "receiver") for bill in self.bills]
        for moment, payment, side in sorted(moves, key=lambda move: move[0]):
            if isinstance(payment, BroadcastBill):
                payment.was_read = True
                yield _billed(payment)
                continue
            period = {"subscription_period": payment.period} if payment.period else {}
            partner = {
                "type": "user",
                "transaction_type": "invoice_payment",
                "user": described(payment.user_id),
                "invoice_payload": payment.payload,
                **period,
            }
            yield {"id": payment.charge_id, "amount": payment.amount, "date": int(moment), side: partner}


def _billed(bill: BroadcastBill) -> Json:
    whole, nanostars = divmod(bill.nanostars, NANOSTARS)
    rest = {"nanostar_amount": nanostars} if nanostars else {}
    receiver = {"type": "telegram_api", "request_count": bill.requests}
    return {"id": bill.charge_id, "amount": whole, **rest, "date": int(bill.billed_at), "receiver": receiver}


def end_of(subscription: StarSubscription, now: datetime) -> float:
    """When the period that is paid now ends: the next after the last, from now on where that has passed."""
    period = timedelta(seconds=subscription.period).total_seconds()
    return subscription.until + period if not subscription.failed else now.timestamp() + period
