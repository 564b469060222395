"""Transactions of PayMe's Merchant API, with their orders. Moments are milliseconds since 1970.

By the driver (`mentorium_db.get_driver`): each call of PayMe's comes through here.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.dialects.postgresql import JSONB

from mentorium_db.driver import DriverStatement, Row
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import Currency, OrderKind, OrderStatus, PaymentStatus, ProviderName, Tariff
from mentorium_domain.payments import OrderRecord, PaymentRecord, PaymeRecord

_ORDER: Final = (
    "o.id, o.public_id, o.parent_id, o.provider, o.kind, o.tariff, o.days, o.amount_minor, o.currency, o.status,"
    " o.refundable, o.expires_at"
)
_NAMES: Final = (
    *("id", "payme_id", "order_id", "payment_id", "amount_minor", "account", "state", "reason", "payme_time"),
    *("create_time", "perform_time", "cancel_time"),
)
_OWN: Final = ", ".join(_NAMES)
_PREFIXED: Final = ", ".join(f"t.{name} AS t_{name}" for name in _NAMES)
_OPEN: Final = "state IN (1, 2)"

_PAYABLE: Final = DriverStatement(
    prepared(
        f"""
        SELECT {_ORDER}, {_PREFIXED} FROM orders o
        LEFT JOIN payme_transactions t ON t.order_id = o.id AND t.{_OPEN}
        WHERE o.public_id = :public_id
        """,  # noqa: S608 - constants of this file
        public_id=String(),
    )
)
_LOCK_ORDER: Final = DriverStatement(
    prepared(
        f"SELECT {_ORDER} FROM orders o WHERE o.public_id = :public_id FOR UPDATE",  # noqa: S608 - constants
        public_id=String(),
    )
)
# Which order a transaction belongs to never changes, so that is read unlocked; the order is read once it is locked.
_LOCK_ORDER_OF: Final = DriverStatement(
    prepared(
        f"""
        SELECT {_ORDER} FROM orders o
        WHERE o.id = (SELECT order_id FROM payme_transactions WHERE payme_id = :payme_id) FOR UPDATE
        """,  # noqa: S608 - constants of this file
        payme_id=String(),
    )
)
_GET: Final = DriverStatement(
    prepared(f"SELECT {_OWN} FROM payme_transactions WHERE payme_id = :payme_id", payme_id=String())  # noqa: S608
)
_LOCK: Final = DriverStatement(
    prepared(
        f"""
        SELECT {_PREFIXED}, p.id, p.amount_minor, p.currency, p.provider, p.status, p.created_at
        FROM payme_transactions t JOIN payments p ON p.id = t.payment_id
        WHERE t.payme_id = :payme_id FOR UPDATE OF t, p
        """,  # noqa: S608 - constants of this file
        payme_id=String(),
    )
)
_OPEN_OF_ORDER: Final = DriverStatement(
    prepared(
        f"SELECT {_OWN} FROM payme_transactions WHERE order_id = :order_id AND {_OPEN}",  # noqa: S608 - constants
        order_id=Integer(),
    )
)
_IN_THE_WAY: Final = DriverStatement(
    prepared(
        f"""
        SELECT {_OWN} FROM payme_transactions
        WHERE payme_id = :payme_id OR (order_id = :order_id AND {_OPEN}) ORDER BY id FOR UPDATE
        """,  # noqa: S608 - constants of this file
        payme_id=String(),
        order_id=Integer(),
    )
)
_ADD: Final = DriverStatement(
    prepared(
        f"""
        INSERT INTO payme_transactions
            (payme_id, order_id, payment_id, amount_minor, account, state, payme_time, create_time)
        VALUES (:payme_id, :order_id, :payment_id, :amount_minor, :account, 1, :payme_time, :create_time)
        RETURNING {_OWN}
        """,  # noqa: S608 - constants of this file
        payme_id=String(),
        order_id=Integer(),
        payment_id=Integer(),
        amount_minor=BigInteger(),
        account=JSONB(),
        payme_time=BigInteger(),
        create_time=BigInteger(),
    )
)
_PERFORM: Final = DriverStatement(
    prepared(
        f"UPDATE payme_transactions SET state = 2, perform_time = :perform_time WHERE id = :id RETURNING {_OWN}",  # noqa: S608
        id=Integer(),
        perform_time=BigInteger(),
    )
)
_CANCEL: Final = DriverStatement(
    prepared(
        f"""
        UPDATE payme_transactions SET state = :state, reason = :reason, cancel_time = :cancel_time
        WHERE id = :id RETURNING {_OWN}
        """,  # noqa: S608 - constants of this file
        id=Integer(),
        state=Integer(),
        reason=Integer(),
        cancel_time=BigInteger(),
    )
)
_SET_FISCAL: Final = {
    cancelled: DriverStatement(
        prepared(
            f"UPDATE payme_transactions SET {column} = :data WHERE id = :id",  # noqa: S608 - constants of this file
            id=Integer(),
            data=JSONB(),
        )
    )
    for cancelled, column in ((False, "fiscal_perform"), (True, "fiscal_cancel"))
}
_BETWEEN: Final = DriverStatement(
    prepared(
        f"""
        SELECT {_OWN} FROM payme_transactions WHERE payme_time BETWEEN :since AND :until ORDER BY payme_time, id
        """,  # noqa: S608 - constants of this file
        since=BigInteger(),
        until=BigInteger(),
    )
)
_CREATED_BEFORE: Final = DriverStatement(
    prepared(
        """
        SELECT payme_id FROM payme_transactions
        WHERE state = 1 AND payme_time < :payme_time ORDER BY payme_time LIMIT :most
        """,
        payme_time=BigInteger(),
        most=Integer(),
    )
)


class PaymeTransactionRepository:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def payable(self, public_id: str) -> tuple[OrderRecord | None, PaymeRecord | None]:
        """The order, and the transaction of it that is created or performed: at most one. Unlocked, of one moment."""
        row = await _PAYABLE.first(self._driver, public_id=public_id)
        if row is None:
            return None, None
        return _order(row), _prefixed(row) if row["t_id"] is not None else None

    async def lock_order(self, public_id: str) -> OrderRecord | None:
        """As stored now, and locked until the unit of work ends: before its transactions."""
        row = await _LOCK_ORDER.first(self._driver, public_id=public_id)
        return _order(row) if row is not None else None

    async def lock_order_of(self, payme_id: str) -> OrderRecord | None:
        """As `lock_order`, the order of this transaction; None where it is not known."""
        row = await _LOCK_ORDER_OF.first(self._driver, payme_id=payme_id)
        return _order(row) if row is not None else None

    async def get(self, payme_id: str) -> PaymeRecord | None:
        """As stored now, unlocked."""
        row = await _GET.first(self._driver, payme_id=payme_id)
        return _own(row) if row is not None else None

    async def open_of_order(self, order_id: int) -> PaymeRecord | None:
        """The one that is created or performed: at most one an order. Unlocked."""
        row = await _OPEN_OF_ORDER.first(self._driver, order_id=order_id)
        return _own(row) if row is not None else None

    async def lock(self, payme_id: str) -> tuple[PaymeRecord, PaymentRecord]:
        """With its payment, as stored now, locked until the unit of work ends; its order is locked before."""
        row = await _LOCK.first(self._driver, payme_id=payme_id)
        assert row is not None, "whoever locks a transaction has locked its order"
        payment = PaymentRecord(
            row["id"],
            row["amount_minor"],
            Currency(row["currency"]),
            ProviderName(row["provider"]),
            PaymentStatus(row["status"]),
            row["created_at"],
        )
        return _prefixed(row), payment

    async def lock_in_the_way(self, order_id: int, payme_id: str) -> list[PaymeRecord]:
        """Of a locked order: the one that is open, and one with this id, locked; what stands now."""
        return [_own(row) for row in await _IN_THE_WAY.fetch(self._driver, payme_id=payme_id, order_id=order_id)]

    async def add(
        self,
        payme_id: str,
        *,
        order_id: int,
        payment_id: int,
        amount_minor: int,
        account: dict[str, Any],
        payme_time: int,
        create_time: int,
    ) -> PaymeRecord:
        """In state 1. IntegrityError if the id is known, or another one of this order is open."""
        (row,) = await _ADD.fetch(
            self._driver,
            payme_id=payme_id,
            order_id=order_id,
            payment_id=payment_id,
            amount_minor=amount_minor,
            account=json.dumps(account),
            payme_time=payme_time,
            create_time=create_time,
        )
        return _own(row)

    async def perform(self, transaction_id: int, perform_time: int) -> PaymeRecord:
        (row,) = await _PERFORM.fetch(self._driver, id=transaction_id, perform_time=perform_time)
        return _own(row)

    async def cancel(self, transaction_id: int, *, state: int, reason: int | None, cancel_time: int) -> PaymeRecord:
        """`state`: -1 or -2."""
        (row,) = await _CANCEL.fetch(
            self._driver, id=transaction_id, state=state, reason=reason, cancel_time=cancel_time
        )
        return _own(row)

    async def set_fiscal(self, transaction_id: int, *, cancelled: bool, data: dict[str, Any]) -> None:
        """Of the sale, or of its cancellation: two receipts, each kept as it was told last."""
        await _SET_FISCAL[cancelled].fetch(self._driver, id=transaction_id, data=json.dumps(data))

    async def list_between(self, since: int, until: int) -> list[PaymeRecord]:
        """All that PayMe began in this time, both ends included, by its own time, the oldest first."""
        return [_own(row) for row in await _BETWEEN.fetch(self._driver, since=since, until=until)]

    async def list_created_before(self, payme_time: int, most: int) -> list[str]:
        """PayMe's ids of those that are still only created, begun before then; the oldest first."""
        return [row[0] for row in await _CREATED_BEFORE.fetch(self._driver, payme_time=payme_time, most=most)]


def _own(row: Row) -> PaymeRecord:
    return _read(row, "")


def _prefixed(row: Row) -> PaymeRecord:
    return _read(row, "t_")


def _read(row: Row, prefix: str) -> PaymeRecord:
    return PaymeRecord(**{name: row[prefix + name] for name in _NAMES})


def _order(row: Row) -> OrderRecord:
    return OrderRecord(
        id=row["id"],
        public_id=row["public_id"],
        parent_id=row["parent_id"],
        provider=ProviderName(row["provider"]),
        kind=OrderKind(row["kind"]),
        tariff=Tariff(row["tariff"]),
        days=row["days"],
        amount_minor=row["amount_minor"],
        currency=Currency(row["currency"]),
        status=OrderStatus(row["status"]),
        refundable=row["refundable"],
        expires_at=row["expires_at"],
    )
