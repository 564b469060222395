"""What db and core share of orders and payments: rows as the driver reads them. Amounts are minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_domain.enums import (
    Currency,
    Language,
    OrderKind,
    OrderStatus,
    PaymentStatus,
    ProviderName,
    Tariff,
)


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as it stood when it was read."""

    id: int
    public_id: str
    parent_id: int | None
    provider: ProviderName
    kind: OrderKind
    tariff: Tariff
    days: int
    amount_minor: int
    currency: Currency
    status: OrderStatus
    refundable: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment as it stood when it was read."""

    id: int
    amount_minor: int
    currency: Currency
    provider: ProviderName
    status: PaymentStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PaymeRecord:
    """A row of `payme_transactions` as it stood when it was read. Moments are milliseconds since 1970."""

    id: int
    payme_id: str
    order_id: int
    payment_id: int
    amount_minor: int
    account: dict[str, Any]
    state: int
    reason: int | None
    payme_time: int
    create_time: int
    perform_time: int
    cancel_time: int


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """Days that were given to a subscription; taken back at `reversed_at`."""

    id: int
    granted_at: datetime
    tariff: Tariff
    days: int
    until: datetime | None
    amount_minor: int
    currency: Currency
    reversed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """The ACTIVE subscription of a parent, with all its grants in the order in which they were given."""

    id: int
    tariff: Tariff
    start_date: datetime
    expires_at: datetime
    grants: tuple[GrantRecord, ...]


@dataclass(frozen=True, slots=True)
class NewGrant:
    """Days that are to be given: who gave them and why, or which payment did. `request_key`: idempotency key."""

    parent_id: int
    tariff: Tariff
    days: int
    reason: str
    granted_by: str
    granted_at: datetime
    request_key: str | None
    payment_id: int | None = None
    amount_minor: int = 0
    currency: Currency = Currency.UZS
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PayerRecord:
    """A parent, as who tells them of a payment needs them."""

    id: int
    telegram_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class Shown:
    """What a subscription shows of its grants: tariff and sum of the one that runs, and the end of all."""

    tariff: Tariff
    amount_minor: int
    currency: Currency
    expires_at: datetime
