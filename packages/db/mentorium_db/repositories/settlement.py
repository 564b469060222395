"""What a payment that comes changes, as few statements of the driver: the hot path of money.

Nothing is decided here: who calls has locked what is changed, and says what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Integer, Numeric, String
from sqlalchemy.types import TypeEngine

from mentorium_db.driver import DriverStatement, Row
from mentorium_db.models import Payment
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import (
    Currency,
    Language,
    LedgerAccount,
    LedgerEvent,
    OrderStatus,
    PaymentStatus,
    ProviderName,
    SubscriptionStatus,
    Tariff,
)
from mentorium_domain.money import amount
from mentorium_domain.payments import GrantRecord, NewGrant, PayerRecord, PaymentRecord, Shown, StandingRecord
from mentorium_kit.errors import NotFoundError

_MOMENT: Final = DateTime(timezone=True)
_GRANT: Final[Mapping[str, TypeEngine[Any]]] = {
    "parent_id": Integer(),
    "payment_id": Integer(),
    "tariff": String(),
    "days": Integer(),
    "amount_minor": BigInteger(),
    "currency": String(),
    "reason": String(),
    "granted_by": String(),
    "granted_at": _MOMENT,
    "until": _MOMENT,
    "request_key": String(),
}
_GRANT_COLUMNS: Final = ", ".join(_GRANT)
_GRANT_VALUES: Final = ", ".join(f":{name}" for name in _GRANT)
_SHOWN: Final[Mapping[str, TypeEngine[Any]]] = {
    "shown_tariff": String(),
    "shown_amount": Numeric(10, 2),
    "shown_minor": BigInteger(),
    "shown_currency": String(),
    "expires_at": _MOMENT,
}

_BEGIN: Final = DriverStatement(
    prepared(
        """
        INSERT INTO payments (parent_id, order_id, transaction_id, amount, amount_minor, currency, provider, status,
            external_ref, created_at)
        VALUES (:parent_id, :order_id, :transaction_id, :amount, :amount_minor, :currency, :provider, :status,
            :external_ref, :now) RETURNING id
        """,
        parent_id=Integer(),
        order_id=Integer(),
        transaction_id=String(),
        amount=Numeric(10, 2),
        amount_minor=BigInteger(),
        currency=String(),
        provider=String(),
        status=String(),
        external_ref=String(),
        now=_MOMENT,
    )
)
_LOCK_PARENT: Final = DriverStatement(
    prepared(
        "SELECT id, telegram_id, language FROM parents WHERE id = :parent_id FOR NO KEY UPDATE",
        parent_id=Integer(),
    )
)
_STANDING: Final = DriverStatement(
    prepared(
        """
        SELECT s.id, s.tariff, s.start_date, s.expires_at, g.id AS g_id, g.granted_at, g.tariff AS g_tariff, g.days,
            g.until, g.amount_minor, g.currency, g.reversed_at
        FROM subscriptions s LEFT JOIN subscription_grants g ON g.subscription_id = s.id
        WHERE s.parent_id = :parent_id AND s.status = :status
        ORDER BY g.granted_at, g.id
        """,
        parent_id=Integer(),
        status=String(),
    )
)
_EXPIRE: Final = DriverStatement(
    prepared(
        """
        UPDATE subscriptions SET status = :expired, auto_renew = false WHERE id = :subscription_id AND status = :active
        """,
        subscription_id=Integer(),
        expired=String(),
        active=String(),
    )
)
_OPEN: Final = DriverStatement(
    prepared(
        f"""
        WITH opened AS (
            INSERT INTO subscriptions (parent_id, tariff, amount, amount_minor, currency, status, start_date,
                expires_at, auto_renew, created_at)
            VALUES (:parent_id, :shown_tariff, :shown_amount, :shown_minor, :shown_currency, :status, :granted_at,
                :expires_at, false, :granted_at)
            RETURNING id
        )
        INSERT INTO subscription_grants (subscription_id, {_GRANT_COLUMNS})
        SELECT id, {_GRANT_VALUES} FROM opened RETURNING subscription_id
        """,  # noqa: S608 - constants of this file
        status=String(),
        **_GRANT,
        **_SHOWN,
    )
)
_EXTEND: Final = DriverStatement(
    prepared(
        f"""
        WITH shown AS (
            UPDATE subscriptions SET tariff = :shown_tariff, amount = :shown_amount, amount_minor = :shown_minor,
                currency = :shown_currency, expires_at = :expires_at
            WHERE id = :subscription_id AND status = :status
        )
        INSERT INTO subscription_grants (subscription_id, {_GRANT_COLUMNS})
        VALUES (:subscription_id, {_GRANT_VALUES}) RETURNING subscription_id
        """,  # noqa: S608 - constants of this file
        subscription_id=Integer(),
        status=String(),
        **_GRANT,
        **_SHOWN,
    )
)
_ADD_GRANT: Final = DriverStatement(
    prepared(
        f"""
        INSERT INTO subscription_grants (subscription_id, {_GRANT_COLUMNS})
        VALUES (:subscription_id, {_GRANT_VALUES}) RETURNING id
        """,  # noqa: S608 - constants of this file
        subscription_id=Integer(),
        **_GRANT,
    )
)
# What the statement itself changes it does not see: `again` is of other payments.
_SETTLE: Final = DriverStatement(
    prepared(
        """
        WITH paid AS (
            UPDATE orders SET status = :paid, paid_at = :now WHERE id = :order_id AND status = :pending
        ), booked AS (
            INSERT INTO ledger_entries (payment_id, event, provider, debit, credit, amount_minor, currency, created_at)
            VALUES (:payment_id, :event, :provider, :debit, :credit, :amount_minor, :currency, :now)
        )
        UPDATE payments SET subscription_id = :subscription_id, status = :success, paid_at = :now
        WHERE id = :payment_id
        RETURNING EXISTS (
            SELECT FROM payments other
            WHERE other.parent_id = :parent_id AND other.id <> :payment_id AND other.status = :success
                AND other.paid_at > :since
        ) AS again
        """,
        order_id=Integer(),
        paid=String(),
        pending=String(),
        payment_id=Integer(),
        parent_id=Integer(),
        subscription_id=Integer(),
        success=String(),
        event=String(),
        provider=String(),
        debit=String(),
        credit=String(),
        amount_minor=BigInteger(),
        currency=String(),
        now=_MOMENT,
        since=_MOMENT,
    )
)


class SettlementRepository:
    """Over the driver within a unit of work (`mentorium_db.get_driver`, `driver_of`)."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def begin(
        self,
        *,
        parent_id: int | None,
        order_id: int,
        transaction_id: str,
        amount_minor: int,
        currency: Currency,
        provider: ProviderName,
        external_ref: str | None,
        now: datetime,
    ) -> PaymentRecord:
        """A PENDING payment of a locked order. IntegrityError if the transaction is known already."""
        (row,) = await _BEGIN.fetch(
            self._driver,
            parent_id=parent_id,
            order_id=order_id,
            transaction_id=transaction_id,
            amount=amount(amount_minor, currency),
            amount_minor=amount_minor,
            currency=currency,
            provider=provider,
            status=PaymentStatus.PENDING,
            external_ref=external_ref,
            now=now,
        )
        return PaymentRecord(row["id"], amount_minor, currency, provider, PaymentStatus.PENDING, now)

    async def lock_parent(self, parent_id: int) -> PayerRecord:
        """As `ParentRepository.lock`."""
        row = await _LOCK_PARENT.first(self._driver, parent_id=parent_id)
        if row is None:
            raise NotFoundError("parent_unknown")
        return PayerRecord(row["id"], row["telegram_id"], Language(row["language"]))

    async def standing(self, parent_id: int) -> StandingRecord | None:
        """The ACTIVE subscription, of a locked parent; whether its time has run out is for the caller to say."""
        rows = await _STANDING.fetch(self._driver, parent_id=parent_id, status=SubscriptionStatus.ACTIVE)
        return _standing(rows) if rows else None

    async def expire(self, subscription_id: int) -> None:
        """As `SubscriptionRepository.expire`."""
        await _EXPIRE.fetch(
            self._driver,
            subscription_id=subscription_id,
            expired=SubscriptionStatus.EXPIRED,
            active=SubscriptionStatus.ACTIVE,
        )

    async def open(self, grant: NewGrant, shown: Shown) -> int:
        """A new ACTIVE subscription with this grant, made at its moment: its id.

        IntegrityError if there is one, or the request or payment has given already.
        """
        (row,) = await _OPEN.fetch(self._driver, status=SubscriptionStatus.ACTIVE, **_values(grant), **_shown(shown))
        return int(row[0])

    async def extend(self, subscription_id: int, grant: NewGrant, shown: Shown) -> None:
        """One more grant of an ACTIVE subscription, and what its grants make of it. IntegrityError as of `open`."""
        await _EXTEND.fetch(
            self._driver,
            subscription_id=subscription_id,
            status=SubscriptionStatus.ACTIVE,
            **_values(grant),
            **_shown(shown),
        )

    async def add_grant(self, subscription_id: int, grant: NewGrant) -> None:
        await _ADD_GRANT.fetch(self._driver, subscription_id=subscription_id, **_values(grant))

    async def settle(
        self,
        payment: Payment | PaymentRecord,
        *,
        order_id: int,
        parent_id: int,
        subscription_id: int,
        now: datetime,
        since: datetime,
    ) -> bool:
        """The payment is SUCCESS, its order paid if it was not, and the books say so.

        Whether another payment of this parent has come after `since`. IntegrityError if it is booked.
        """
        (row,) = await _SETTLE.fetch(
            self._driver,
            order_id=order_id,
            paid=OrderStatus.PAID,
            pending=OrderStatus.PENDING,
            payment_id=payment.id,
            parent_id=parent_id,
            subscription_id=subscription_id,
            success=PaymentStatus.SUCCESS,
            event=LedgerEvent.PAYMENT,
            provider=payment.provider,
            debit=LedgerAccount.CLEARING,
            credit=LedgerAccount.REVENUE,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            now=now,
            since=since,
        )
        return bool(row["again"])


def _values(grant: NewGrant) -> dict[str, object]:
    return {name: getattr(grant, name) for name in _GRANT}


def _shown(shown: Shown) -> dict[str, object]:
    return {
        "shown_tariff": shown.tariff,
        "shown_amount": amount(shown.amount_minor, shown.currency),
        "shown_minor": shown.amount_minor,
        "shown_currency": shown.currency,
        "expires_at": shown.expires_at,
    }


def _standing(rows: Sequence[Row]) -> StandingRecord:
    first = rows[0]
    grants = tuple(
        GrantRecord(
            id=row["g_id"],
            granted_at=row["granted_at"],
            tariff=Tariff(row["g_tariff"]),
            days=row["days"],
            until=row["until"],
            amount_minor=row["amount_minor"],
            currency=Currency(row["currency"]),
            reversed_at=row["reversed_at"],
        )
        for row in rows
        if row["g_id"] is not None
    )
    return StandingRecord(first["id"], Tariff(first["tariff"]), first["start_date"], first["expires_at"], grants)
